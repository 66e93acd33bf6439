"""What somebody does in a vault under watch, one thing after the other; for ``story.py``."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import watched
from day_vault import ID, notes_of, text_of
from story_ledger import Ledger
from watched import Watched

END_OF_SENTENCE = re.compile(r"(?<=[a-z]{4})\.(?=\n)")
SLOW_HOOK = """\
repos:
- repo: local
  hooks:
  - {id: slow, name: slow, entry: sleep 2, language: system, pass_filenames: false, always_run: true}
"""
MOST_KILLED = 1_000
"""Artifact files that change at once before the watch is killed."""
LONGEST = 300.0


class Story:
    """``broken`` has a sentence for each thing that is not as it must be."""

    def __init__(self, vault: Path) -> None:
        self.vault = vault
        self.ledger = Ledger(vault)
        self.broken: list[str] = []
        self.watch: Watched = None  # type: ignore[assignment]  # each part of the story has its own
        self._by_id = {found[1]: path for path in notes_of(vault) if (found := ID.search(text_of(path)))}
        self._left = {kind: [name for name in sorted(self._by_id) if f"/{kind}/" in name] for kind in KINDS}
        self._words = 0

    def until_the_kill(self) -> list[Callable[[], None]]:
        return [
            *(
                self.edits_both_sides,
                self.renames_by_command,
                self.renames_a_note_in_the_app,
                self.deletes_and_restores,
            ),
            *(self.deletes_and_undoes_at_once, self.edits_on_a_branch, self.goes_to_and_fro_between_branches),
            *(self.commits_half_through_pre_commit, self.edits_both_twins_at_once, self.decides),
        ]

    def play(self, step: Callable[[], None], quiet: float = 7.0) -> None:
        """Do one thing, wait until the watch has nothing more to do, and look at every file."""
        name = step.__name__.replace("_", " ")
        begun = time.monotonic()
        seen = len(self.watch.events)
        step()
        self.expect(self.watch.quiet(quiet, LONGEST), f"after {name} the watch does not come to rest")
        took = time.monotonic() - begun - quiet
        changed, alone = self.ledger.look(name)
        print(f"{name:36} {took:6.1f} s  {changed:6} files changed, {alone:6} of them by twinpage", flush=True)
        for _, event in self.watch.events[seen:]:
            if event["event"] in ("refused", "conflict", "agreed", "held"):
                print(f"    {event['event']}: {event.get('sentence', '')}", flush=True)
            self.expect(event["event"] != "refused", f"{name}: {event.get('sentence')}")

    def expect(self, holds: object, sentence: str) -> None:
        if not holds:
            self.broken.append(sentence)

    # ------------------------------------------------------------------ the steps

    def edits_both_sides(self) -> None:
        for _ in range(6):
            self._types(self._note(self._next("journeys")))
            time.sleep(0.2)
        self._renames_in_file(self._next("profiles"), " Anew")

    def renames_by_command(self) -> None:
        was = self._next("profiles")
        self._command("rename", was, f"{was}-anew")
        self.expect(not self._file(was).exists(), f"{was} is still there under its old id")

    def renames_a_note_in_the_app(self) -> None:
        artifact = self._next("segments")
        note = self._note(artifact)
        moved = note.with_name(f"{note.stem} Moved.md")
        note.rename(moved)
        self._by_id[artifact] = moved
        self.ledger.by_hand(note)
        self.ledger.by_hand(moved)
        self.watch.quiet(6, LONGEST)
        self.expect(self._value(artifact)["name"].endswith(" Moved"), f"{artifact} did not follow its note's new name")

    def deletes_and_restores(self) -> None:
        artifact = self._next("journeys")
        self._types(self._note(artifact))
        self.watch.quiet(5, LONGEST)
        note, file = self._note(artifact), self._file(artifact)
        was = note.read_bytes(), file.read_bytes()
        note.unlink()
        self.ledger.by_hand(note)
        self.watch.quiet(7, LONGEST)
        self.expect(not file.exists(), f"the file of {artifact} stays although its note is gone")
        self._command("restore", artifact)
        self.expect((note.read_bytes(), file.read_bytes()) == was, f"{artifact} came back other than it was")

    def deletes_and_undoes_at_once(self) -> None:
        artifact = self._next("journeys")
        note = self._note(artifact)
        data = note.read_bytes()
        note.unlink()
        time.sleep(1)
        note.write_bytes(data)
        self.ledger.by_hand(note)
        self.watch.quiet(6, LONGEST)
        self.expect(self._file(artifact).exists(), f"{artifact} was thrown away although its note came back")

    def edits_on_a_branch(self) -> None:
        watched.commit(self.vault, "work")
        watched.git(self.vault, "checkout", "-q", "-b", "other")
        for _ in range(5):
            self._types(self._note(self._next("sales-strategies")))
        self.watch.quiet(6, LONGEST)
        watched.commit(self.vault, "on the other branch")

    def goes_to_and_fro_between_branches(self) -> None:
        for branch in ("main", "other", "main"):
            with self.ledger.by_git():
                watched.git(self.vault, "checkout", "-q", branch)
            self.watch.quiet(5, LONGEST)
        with self.ledger.by_git():
            watched.git(self.vault, "merge", "-q", "--no-edit", "other")

    def commits_half_through_pre_commit(self) -> None:
        (self.vault / ".pre-commit-config.yaml").write_text(SLOW_HOOK, encoding="utf-8")
        self.ledger.by_hand(self.vault / ".pre-commit-config.yaml")
        watched.must(self.vault, sys.executable, "-m", "pre_commit", "install")
        staged, unstaged = self._next("journeys"), self._next("journeys")
        word = self._types(self._note(staged))
        other = self._types(self._note(unstaged))
        self.watch.quiet(6, LONGEST)
        paths = (self._note(staged), self._file(staged), self.vault / ".pre-commit-config.yaml")
        watched.git(self.vault, "add", *(str(path.relative_to(self.vault)) for path in paths))
        with self.ledger.by_git():
            watched.git(self.vault, "commit", "-q", "-m", "half")
        committed = watched.git(self.vault, "show", "HEAD")
        self.expect(word in committed, "what was staged is not in the commit")
        self.expect(other not in committed, "what was not staged is in the commit")
        self.watch.quiet(6, LONGEST)
        both = all(other in text_of(path) for path in (self._note(unstaged), self._file(unstaged)))
        self.expect(both, "what was not staged is no longer in both twins")

    def edits_both_twins_at_once(self) -> None:
        self._disputed = artifact = self._next("journeys")
        note, file = self._note(artifact), self._file(artifact)
        stage = self._value(artifact)["stages"][0]["description"]
        old = re.findall(r"[a-z]{4,}(?=\.)", stage)[-1] + "."
        for path, word in ((file, self._word()), (note, self._word())):
            text = path.read_text(encoding="utf-8")
            at = text.index(old, text.index(stage.split(".")[0]) if path == note else text.index('"stages"'))
            path.write_text(f"{text[:at]}{word}{text[at + len(old) - 1 :]}", encoding="utf-8", newline="")
            self.ledger.by_hand(path)
        self.watch.quiet(7, LONGEST)
        shown = self._command("conflicts", code=1)
        self.expect(all(word in shown for word in self.ledger.typed[-2:]), f"`conflicts` shows not both: {shown[:300]}")
        self.expect(any(event["event"] == "conflict" for _, event in self.watch.events), "no conflict was told")

    def decides(self) -> None:
        self._command("resolve", self._disputed, "--take", "note")
        chosen = self.ledger.typed[-1]
        both = all(chosen in text_of(path) for path in (self._note(self._disputed), self._file(self._disputed)))
        self.expect(both, "the twin that was decided for is not in both")

    def is_killed_amid_work(self) -> None:
        """Many files change at once; the watch ends without a word once it has written some notes."""
        with self.ledger.by_git():
            watched.git(self.vault, "checkout", "-q", "-b", "many")
        for artifact in sorted(self._by_id)[:MOST_KILLED]:
            if self._file(artifact).exists():
                self._renames_in_file(artifact, " Killed")
        end = time.monotonic() + LONGEST
        while self.ledger.news().count("updated") < 100 and time.monotonic() < end:
            time.sleep(0.2)
        self.watch.process.kill()
        self.watch.process.wait()
        changed, alone = self.ledger.look("killed")
        print(
            f"{'is killed amid work':36} {'':8}  {changed:6} files changed, {alone:6} of them by twinpage", flush=True
        )
        self.expect(alone, "the watch was killed before it had written anything")

    def goes_on(self) -> None:
        """A new watch finishes what the killed one began, and says that it was killed."""
        self.watch.quiet(15, LONGEST)
        self.expect("cut short" in self.ledger.news(), "the log does not say that a process was killed")
        for artifact in sorted(self._by_id)[:MOST_KILLED]:
            name = self._value(artifact).get("name", "") if self._file(artifact).exists() else ""
            note = self._note(artifact)
            follows = not name.endswith(" Killed") or " Killed" in note.name or " Killed" in text_of(note)
            self.expect(follows, f"the note of {artifact} did not follow")

    def after(self) -> None:
        """Nothing is left to do, and nothing was lost."""
        done = watched.twinpage(self.vault, "sync", "--output-format", "json")
        changes = json.loads(done.stdout)["changes"] if done.stdout else [done.stderr]
        self.expect(done.returncode == 0 and not changes, f"a sync afterwards: {done.returncode}, {changes[:3]}")
        self.broken += [f"{word} was typed and stands nowhere" for word in self.ledger.lost()]
        self.broken += self.ledger.unexplained

    # ------------------------------------------------------------------ how

    def _next(self, kind: str) -> str:
        """An artifact of this kind that nothing has happened to yet."""
        return self._left[kind].pop(len(self._left[kind]) // 2)

    def _note(self, artifact: str) -> Path:
        return self._by_id[artifact]

    def _file(self, artifact: str) -> Path:
        return self.vault / "artifacts" / f"{artifact}.json"

    def _value(self, artifact: str) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self._file(artifact).read_bytes())
        return value

    def _word(self) -> str:
        self._words += 1
        self.ledger.typed.append(f"w{self._words}x")
        return self.ledger.typed[-1]

    def _types(self, note: Path) -> str:
        """A new word at the end of a sentence amid a note."""
        text, word = note.read_text(encoding="utf-8"), self._word()
        ends = [found.start() for found in END_OF_SENTENCE.finditer(text)]
        at = ends[len(ends) // 2]
        note.write_text(f"{text[:at]} {word}{text[at:]}", encoding="utf-8", newline="")
        self.ledger.by_hand(note)
        return word

    def _renames_in_file(self, artifact: str, more: str) -> None:
        file, value = self._file(artifact), self._value(artifact)
        value["name"] += more
        file.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="")
        self.ledger.by_hand(file)

    def _command(self, *words: str, code: int = 0) -> str:
        done = watched.twinpage(self.vault, *words)
        said = done.stdout + done.stderr
        self.expect(done.returncode == code, f"`{' '.join(words)}` ended with {done.returncode}: {said.strip()[:300]}")
        return said


KINDS = ("profiles", "segments", "journeys", "sales-strategies")
