"""A real ``twinpage watch`` beside a real git and a real pre-commit: the user's text is synced, once, and nothing else.

One watcher serves many scenarios of one kind; between them nothing is awaited but what has to come. That the watcher
has looked at what git did is known by a canary: a twin that git ignores, edited after git's work.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

SYNC = Path(__file__).resolve().parents[2] / "sync"
CASE, JOURNEY, STRATEGY, TOPIC = (
    "harbour",
    "harbour/journeys/morning-run",
    "harbour/sales-strategies/quay",
    "topics/sourdough",
)
PROFILE, CANARY = "harbour/profiles/skipper", "topics/canary"
WORDS = {
    CASE: "Bread for boats, by water.",
    JOURNEY: "Warm bread before the tide turns.",
    STRATEGY: "One for each new boat.",
    TOPIC: "It keeps for a week at sea.",
}
"""Words that stand once in the note and once in the artifact file."""
DEADLINE = 20.0


def until(met: Callable[[], Any], what: Callable[[], object] = lambda: "") -> None:
    """Poll until it is so."""
    end = time.monotonic() + DEADLINE
    while not met():
        assert time.monotonic() < end, f"still not so after {DEADLINE:.0f} s: {what()}"
        time.sleep(0.03)


class Desk:
    """A vault in a repository, what a person does there, and a watcher beside it."""

    def __init__(self, vault: Any, tmp_path: Path) -> None:
        self.vault = vault
        self.root: Path = vault.root
        self.tmp_path = tmp_path
        self.events: list[dict[str, Any]] = []
        self.ticks = 0
        self.mark = 0
        self.known = dict(WORDS)

    # ------------------------------------------------------------------ git

    def git(self, *words: str, ok: bool = True, folder: Path | None = None) -> bytes:
        done = subprocess.run(
            ["git", *words], cwd=folder or self.root, capture_output=True, env=self.environment(), check=False
        )
        assert not ok or done.returncode == 0, (words, done.stdout, done.stderr)
        assert ok or done.returncode != 0, (words, done.stdout)
        return done.stdout

    def environment(self) -> dict[str, str]:
        identity = {
            f"GIT_{who}_{part}": f"test{at}"
            for who in ("AUTHOR", "COMMITTER")
            for part, at in (("NAME", ""), ("EMAIL", "@example.org"))
        }
        return {
            **os.environ,
            **identity,
            "HOME": str(self.tmp_path),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_EDITOR": "true",
            "PRE_COMMIT_HOME": str(self.tmp_path / "pre-commit"),
            "PYTHONPATH": str(SYNC),
            "PYTHONUTF8": "1",
        }

    def begin(self, top: Path | None = None) -> None:
        """All that is there is committed; the canary is nobody's."""
        self.with_canary()
        self.git("init", "-q", "-b", "main", folder=top or self.root)
        (self.root / ".gitignore").write_text(f".twinpage/\n{self.vault.file(CANARY)}\n{self.vault.note(CANARY)}\n")
        self.git("add", "-A", folder=top)
        self.git("commit", "-qm", "all", folder=top)

    def with_canary(self) -> None:
        if not (self.root / self.vault.file(CANARY)).exists():
            self.vault.artifact(CANARY, kind="topic", name="Canary", body="Tick 0.")
            self.vault.settle()

    def dirty(self) -> list[str]:
        return [line for line in self.git("status", "--porcelain").decode().split("\n") if line]

    def commit(self, message: str = "change") -> None:
        self.git("commit", "-qnam", message)

    # ------------------------------------------------------------------ files

    def paths(self, *artifacts: str) -> list[str]:
        return [path for artifact in artifacts for path in (self.vault.note(artifact), self.vault.file(artifact))]

    def bytes(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def both(self, artifact: str) -> list[bytes]:
        return [self.bytes(path) for path in self.paths(artifact)]

    def save(self, path: str, text: bytes) -> None:
        (self.root / path).write_bytes(text)

    def type(self, artifact: str, words: str, side: int = 0) -> bytes:
        """Change the words of a note, or with ``side`` 1 of an artifact file; what was saved."""
        path = self.paths(artifact)[side]
        before = self.bytes(path)
        old = self.known[artifact].encode()
        assert before.count(old) == 1, (path, old, before)
        self.save(path, before.replace(old, words.encode()))
        self.known[artifact] = words
        return self.bytes(path)

    def say(self, artifact: str, words: str) -> bool:
        """Both twins say this."""
        return all(text.count(words.encode()) == 1 for text in self.both(artifact))

    def synced(self, words: Mapping[str, str]) -> None:
        """Type into notes, and wait until the artifact files say it too; the notes stay as they were typed."""
        typed = {artifact: self.type(artifact, new) for artifact, new in words.items()}
        until(lambda: len(self.changes()) >= len(words), lambda: self.events[-5:])
        assert all(self.say(artifact, new) for artifact, new in words.items())
        assert {artifact: self.both(artifact)[0] for artifact in words} == typed
        self.expect(*(self.vault.file(artifact) for artifact in words))

    # ------------------------------------------------------------------ the watcher

    @contextmanager
    def watching(self, **environment: str) -> Iterator[None]:
        command = [sys.executable, "-m", "twinpage", "watch", "--vault", str(self.root), "--output-format", "jsonl"]
        errors = self.tmp_path / "errors.txt"
        with (
            errors.open("wb") as said,
            subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=said,
                env={**self.environment(), **environment},
                cwd=self.tmp_path,
            ) as process,
        ):
            assert process.stdout is not None
            thread = threading.Thread(target=self._listen, args=(process.stdout,), daemon=True)
            thread.start()
            try:
                until(lambda: self.told("started") or process.poll() is not None, errors.read_text)
                self.mark = len(self.events)
                yield
                assert process.poll() is None
            finally:
                process.send_signal(signal.SIGTERM)
                thread.join(DEADLINE)
                process.wait(DEADLINE)
        assert process.returncode == 0
        assert errors.read_text() == ""
        assert not self.told("refused") + self.told("remark")

    def _listen(self, lines: Any) -> None:
        for line in lines:
            self.events.append(json.loads(line))

    def told(self, what: str) -> list[dict[str, Any]]:
        return [event for event in list(self.events)[self.mark :] if event["event"] == what]

    def changes(self) -> list[dict[str, Any]]:
        return [event for event in self.told("change") if event["artifact"] != CANARY]

    def expect(self, *paths: str) -> None:
        """Exactly these files were written since the last time, each once."""
        assert sorted(event["path"] for event in self.changes()) == sorted(paths), self.events[self.mark :]
        self.mark = len(self.events)

    def looked(self) -> None:
        """Wait until the watcher has looked at all that happened before."""
        self.ticks += 1
        note, file = self.paths(CANARY)
        old, new = (f"Tick {number}.".encode() for number in (self.ticks - 1, self.ticks))
        self.save(note, self.bytes(note).replace(old, new))
        until(lambda: new in self.bytes(file), lambda: self.events[-5:])
        number = self.ticks
        until(
            lambda: (
                sum(
                    event.get("path") == self.vault.file(CANARY) and event["event"] == "change"
                    for event in list(self.events)
                )
                >= number
            )
        )

    def untouched(self, work: Callable[[], object], *artifacts: str) -> None:
        """git does its work, and afterwards the watcher writes nothing to these twins."""
        work()
        before = {path: self.stamp(path) for path in self.paths(*artifacts)}
        self.looked()
        assert {path: self.stamp(path) for path in self.paths(*artifacts)} == before
        self.expect()

    def stamp(self, path: str) -> tuple[bytes, int, int]:
        info = (self.root / path).stat()
        return self.bytes(path), info.st_mtime_ns, info.st_ino


class Mate:
    """Somebody else with a clone, without twinpage; what is committed there arrives at the desk as a branch."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.root = desk.tmp_path / "mate"
        desk.git("clone", "-q", str(desk.root), str(self.root))

    def branch(self, name: str, start: str = "main") -> None:
        self.git("fetch", "-q")
        self.git("checkout", "-q", "-B", name, f"origin/{start}")

    def git(self, *words: str) -> None:
        self.desk.git(*words, folder=self.root)

    def change(self, artifact: str, words: str, *sides: int) -> None:
        """New words in the note (0), the artifact file (1) or both; committed and handed in."""
        for side in sides or (0, 1):
            place = self.root / self.desk.paths(artifact)[side]
            text = place.read_bytes()
            assert text.count(self.desk.known[artifact].encode()) == 1
            place.write_bytes(text.replace(self.desk.known[artifact].encode(), words.encode()))

    def hand_in(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", "by a mate")
        self.git("push", "-q", "-f", "origin", "HEAD")


@pytest.fixture
def desk(vault: Any, tmp_path: Path) -> Desk:
    return Desk(vault, tmp_path)


@pytest.mark.parametrize("dialect", ["obsidian"])
def test_branches(desk: Desk) -> None:
    desk.begin()
    mate = Mate(desk)
    three = CASE, JOURNEY, STRATEGY
    with desk.watching():
        mains = {artifact: desk.both(artifact) for artifact in three}
        desk.git("checkout", "-qb", "other")
        desk.synced({artifact: f"Other words of {artifact}." for artifact in three})
        desk.commit()
        others = {artifact: desk.both(artifact) for artifact in three}

        # Both twins of several artifacts differ: nothing is to be done, in either direction.
        for branch, there in [("main", mains), ("other", others), ("main", mains)]:
            desk.untouched(lambda branch=branch: desk.git("checkout", "-q", branch), *three)
            assert {artifact: desk.both(artifact) for artifact in three} == there
            assert desk.dirty() == []

        # Only artifact files differ: the notes follow, once, and go back to what they were, byte for byte.
        desk.known = dict(WORDS)
        mate.branch("files")
        for artifact in three:
            mate.change(artifact, f"By file of {artifact}.", 1)
        mate.hand_in()
        notes = [desk.vault.note(artifact) for artifact in three]
        desk.git("checkout", "-q", "files")
        until(lambda: len(desk.changes()) == 3, lambda: desk.events[-5:])
        assert all(desk.say(artifact, f"By file of {artifact}.") for artifact in three)
        desk.looked()
        desk.expect(*notes)
        desk.git("checkout", "-q", "main")
        until(lambda: len(desk.changes()) == 3, lambda: desk.events[-5:])
        desk.looked()
        desk.expect(*notes)
        assert {artifact: desk.both(artifact) for artifact in three} == mains
        assert desk.dirty() == []
    desk.vault.assert_still()


@pytest.mark.parametrize("dialect", ["logseq"])
def test_flags_and_embeds_follow_a_branch(desk: Desk) -> None:
    """On a mate's branch a profile has no journey, and its note still shows one."""
    desk.begin()
    mate = Mate(desk)
    mate.branch("bare")
    for path in desk.paths(JOURNEY):
        (mate.root / path).unlink()
    mate.hand_in()

    def flags() -> list[str]:
        return [event["event"] for event in list(desk.events) if event.get("code") == "TP301"]

    with desk.watching():
        before = desk.both(JOURNEY)
        desk.git("checkout", "-q", "bare")
        until(lambda: flags() == ["flag"], lambda: desk.events[-5:])
        desk.expect(desk.vault.note(PROFILE))
        desk.git("checkout", "-q", "main")
        until(lambda: flags() == ["flag", "flag-gone"], lambda: desk.events[-5:])
        desk.expect(desk.vault.note(PROFILE))
        assert desk.both(JOURNEY) == before
        assert desk.dirty() == []
    desk.vault.assert_still()


@pytest.mark.parametrize("dialect", ["obsidian"])
def test_a_branch_that_has_only_the_artifact_file(desk: Desk) -> None:
    """git takes the note away; that is nobody's wish to remove the artifact."""
    desk.begin()
    mate = Mate(desk)
    mate.branch("early")
    note, file = desk.paths(TOPIC)
    (mate.root / note).unlink()
    mate.hand_in()
    rye = "topics/rye"
    desk.vault.artifact(rye, kind="topic", name="Rye")
    desk.vault.settle()
    desk.git("add", desk.vault.file(rye))
    desk.commit()
    with desk.watching():
        before, ryes = desk.both(TOPIC), desk.both(rye)
        desk.git("checkout", "-q", "early")
        until(lambda: len(desk.told("waiting")) == 2, lambda: desk.events[-5:])
        said = {event["artifact"]: event["sentence"] for event in desk.told("waiting")}
        assert said[TOPIC].startswith("git took its note away, so its artifact file stays")
        assert said[rye].startswith("git took its artifact file away, so its note stays")
        assert desk.bytes(file) == before[1]
        desk.untouched(lambda: desk.git("checkout", "-q", "main"), TOPIC, rye)
        assert desk.both(TOPIC) == before
        # So does a stash of what is not in git yet.
        desk.git("stash", "-qu")
        until(lambda: desk.told("waiting"), lambda: desk.events[-5:])
        assert desk.bytes(desk.vault.file(rye)) == ryes[1]
        desk.untouched(lambda: desk.git("stash", "pop", "-q"), rye)
        assert desk.both(rye) == ryes
        # What a person removes is removed.
        (desk.root / note).unlink()
        until(desk.changes, lambda: desk.events[-5:])
        assert not (desk.root / file).exists()
        desk.expect(file)
    desk.vault.assert_still()


@pytest.mark.parametrize("dialect", ["logseq"])
def test_merges(desk: Desk) -> None:
    desk.begin()
    mate = Mate(desk)
    for name, artifact in [("clean", CASE), ("clash", JOURNEY), ("aborted", STRATEGY)]:
        mate.branch(name)
        mate.change(artifact, f"Words of {name}.")
        mate.hand_in()
    with desk.watching():
        desk.synced({TOPIC: "It keeps for two weeks."})
        desk.commit()
        desk.untouched(lambda: desk.git("merge", "-q", "clean"), CASE)
        assert desk.say(CASE, "Words of clean.")

        desk.synced({JOURNEY: "Words of main.", STRATEGY: "Words of main, too."})
        desk.commit()
        mains = desk.both(JOURNEY)
        desk.git("merge", "-q", "clash", ok=False)
        assert all(b"<<<<<<<" in text for text in desk.both(JOURNEY))
        until(lambda: desk.told("resting"))
        assert "in the middle of a merge" in desk.told("resting")[0]["sentence"]
        # Other work goes on meanwhile, and is carried over when the merge is done.
        typed = desk.type(TOPIC, "It keeps for three weeks.")
        note, file = desk.paths(JOURNEY)
        desk.git("checkout", "-q", "--ours", note, file)
        words = mains[0].replace(b"Words of main.", b"Words of both.")
        desk.save(note, words)
        desk.git("add", note, file)
        assert desk.changes() == []
        desk.git("commit", "-qm", "merged")
        until(lambda: desk.say(JOURNEY, "Words of both."), lambda: desk.events[-5:])
        assert desk.bytes(note) == words
        assert desk.both(TOPIC)[0] == typed
        until(lambda: len(desk.changes()) == 2)
        assert [event["event"] for event in desk.events if event["event"] in ("resting", "going-on")][-2:] == [
            "resting",
            "going-on",
        ]
        desk.looked()
        desk.expect(file, desk.vault.file(TOPIC))
        desk.commit()

        before = desk.both(STRATEGY)
        desk.git("merge", "-q", "aborted", ok=False)
        until(lambda: desk.told("resting"))
        desk.untouched(lambda: desk.git("merge", "--abort"), *WORDS)
        assert desk.both(STRATEGY) == before
        assert desk.dirty() == []
    desk.vault.assert_still()


@pytest.mark.parametrize("dialect", ["obsidian"])
def test_rebases_cherry_picks_and_stashes(desk: Desk) -> None:
    desk.begin()
    mate = Mate(desk)
    mate.branch("side")
    mate.change(JOURNEY, "Words of side.")
    mate.hand_in()
    mate.branch("pick")
    mate.change(CASE, "Words to pick.")
    mate.hand_in()
    with desk.watching():
        # A rebase stops at a conflict: aborted, and then gone through with.
        desk.synced({JOURNEY: "Words of main."})
        desk.commit()
        mains = desk.both(JOURNEY)
        desk.git("rebase", "-q", "side", ok=False)
        until(lambda: desk.told("resting"))
        assert "in the middle of a rebase" in desk.told("resting")[0]["sentence"]
        desk.untouched(lambda: desk.git("rebase", "--abort"), *WORDS)
        assert desk.both(JOURNEY) == mains
        desk.git("rebase", "-q", "side", ok=False)
        until(lambda: desk.told("resting"))
        for path, text in zip(desk.paths(JOURNEY), mains, strict=True):
            desk.save(path, text.replace(b"Words of main.", b"Words of both."))
        desk.git("add", *desk.paths(JOURNEY))
        desk.untouched(lambda: desk.git("rebase", "--continue"), *WORDS)
        assert desk.say(JOURNEY, "Words of both.")
        assert desk.dirty() == []
        desk.known[JOURNEY] = "Words of both."

        # Cherry-picks, a clean one and one with a conflict.
        desk.untouched(lambda: desk.git("cherry-pick", "pick"), *WORDS)
        assert desk.say(CASE, "Words to pick.")
        before = desk.both(JOURNEY)
        desk.git("cherry-pick", "side", ok=False)
        desk.git("cherry-pick", "--skip")
        desk.untouched(lambda: None, *WORDS)
        assert desk.both(JOURNEY) == before

        # What was typed and synced is put aside and comes back.
        desk.synced({STRATEGY: "Two for each new boat."})
        typed = desk.both(STRATEGY)
        desk.untouched(lambda: desk.git("stash", "-q"), *WORDS)
        assert desk.say(STRATEGY, WORDS[STRATEGY])
        desk.untouched(lambda: desk.git("stash", "pop", "-q"), *WORDS)
        assert desk.both(STRATEGY) == typed
        desk.git("stash", "-q")
        desk.untouched(lambda: desk.git("stash", "pop", "-q"), *WORDS)
        assert desk.both(STRATEGY) == typed

        # A pull brings an artifact without a note, and a file that is newer than its note.
        desk.commit()
        mate.branch("news")
        mate.change(TOPIC, "It keeps for a month.", 1)
        rye = mate.root / desk.vault.file("topics/rye")
        rye.write_bytes(
            (mate.root / desk.vault.file(TOPIC)).read_bytes().replace(b"ourdough", b"ye").replace(b"sye", b"rye")
        )
        mate.hand_in()
        desk.git("pull", "-q", "--ff-only", str(mate.root), "news")
        until(lambda: len(desk.changes()) == 2, lambda: desk.events[-5:])
        assert desk.say(TOPIC, "It keeps for a month.")
        assert desk.say("topics/rye", "It keeps for a month.")
        desk.looked()
        desk.expect(desk.vault.note(TOPIC), desk.vault.note("topics/rye"))
    desk.vault.assert_still()


HOOK = """\
import pathlib, shutil, sys, time
root, seen, *paths = map(pathlib.Path, sys.argv[1:])
for number in ("1", "2"):
    for path in paths:
        (seen / number / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, seen / number / path)
    time.sleep(2 if number == "1" else 0)
sys.exit((seen / "fail").exists())
"""


class Hooks:
    """The real pre-commit with one hook that takes two seconds and notes what it saw at its beginning and end."""

    def __init__(self, desk: Desk, top: Path | None = None, artifacts: Iterable[str] = WORDS) -> None:
        self.desk = desk
        self.artifacts = tuple(artifacts)
        top = top or desk.root
        self.seen = desk.tmp_path / "seen"
        self.seen.mkdir()
        script = desk.tmp_path / "hook.py"
        script.write_text(HOOK)
        words = [sys.executable, str(script), str(desk.root), str(self.seen), *desk.paths(*self.artifacts)]
        hook = {"id": "slow", "name": "slow", "language": "system", "always_run": True, "pass_filenames": False}
        hook["entry"] = " ".join(f"'{word}'" for word in words)
        config = {"repos": [{"repo": "local", "hooks": [hook]}]}
        (top / ".pre-commit-config.yaml").write_text(json.dumps(config))
        desk.git("add", "-A", folder=top)
        desk.git("commit", "-qm", "hooks")
        command = [sys.executable, "-m", "pre_commit", "install"]
        subprocess.run(command, cwd=top, env=desk.environment(), check=True, capture_output=True)

    def commit(self, fail: bool = False) -> None:
        """git runs the hook, which sees what is staged, and commits just that, or nothing when it fails."""
        paths = self.desk.paths(*self.artifacts)
        staged = {path: self.desk.git("show", f":./{path}") for path in paths}
        if fail:
            (self.seen / "fail").touch()
        head = self.desk.git("rev-parse", "HEAD")
        self.desk.git("commit", "-qm", "change", ok=not fail)
        for number in ("1", "2"):
            assert {path: (self.seen / number / path).read_bytes() for path in paths} == staged
        if fail:
            assert self.desk.git("rev-parse", "HEAD") == head
        else:
            assert {path: self.desk.git("show", f"HEAD:./{path}") for path in paths} == staged
        shutil.rmtree(self.seen)
        self.seen.mkdir()


@pytest.mark.parametrize(
    ("dialect", "knows"), [("obsidian", True), ("logseq", True), ("logseq", False)], ids=["patch-1", "patch-2", "index"]
)
def test_pre_commit_with_unstaged_changes(desk: Desk, knows: bool) -> None:
    """Without knowing where pre-commit keeps its patches, the watcher sees that files are as git's index has them."""
    desk.begin()
    hooks = Hooks(desk)
    elsewhere = {} if knows else {"PRE_COMMIT_HOME": str(desk.tmp_path / "elsewhere")}
    with desk.watching(**elsewhere):
        for fail in (False, True) if desk.vault.dialect == "obsidian" else (False,):
            turn = f"turn {fail:d}"
            # One artifact is staged not at all, of one the note, of one the file, and of one an earlier version.
            desk.synced({TOPIC: f"Staged at first, {turn}."})
            desk.git("add", *desk.paths(TOPIC))
            desk.synced({artifact: f"New words of {artifact}, {turn}." for artifact in WORDS})
            desk.git("add", desk.vault.note(JOURNEY), desk.vault.file(STRATEGY))
            typed = {artifact: desk.both(artifact) for artifact in WORDS}
            codes = sorted(line[:2] for line in desk.dirty())
            assert codes == [" M"] * 4 + ["M "] * 2 + ["MM"] * 2
            hooks.commit(fail)
            desk.looked()
            assert {artifact: desk.both(artifact) for artifact in WORDS} == typed
            desk.expect()
            desk.git("add", "-A")
            desk.git("commit", "-qnm", "the rest")

        # Typed, and committed at once: pre-commit takes it away before the watcher carried it over.
        desk.type(STRATEGY, "Staged words.")
        desk.git("add", desk.vault.note(STRATEGY))
        typed = {artifact: desk.type(artifact, f"Hasty words of {artifact}.") for artifact in (TOPIC, STRATEGY)}
        hooks.commit()
        until(
            lambda: all(desk.say(artifact, f"Hasty words of {artifact}.") for artifact in typed),
            lambda: desk.events[-9:],
        )
        assert {artifact: desk.both(artifact)[0] for artifact in typed} == typed
        desk.looked()
        # What was written before pre-commit put the notes aside, it put aside, too: that is written once more.
        written = [event["path"] for event in desk.changes()]
        assert set(written) == {desk.vault.file(artifact) for artifact in typed}, desk.events[desk.mark :]
        assert len(written) <= 2 * len(typed)
        desk.mark = len(desk.events)
    desk.vault.assert_still()


@pytest.fixture
def inside(tmp_path: Path, make_vault: Any, dialect: str) -> Desk:
    """A vault in a folder of a repository."""
    vault = make_vault(tmp_path / "work" / "models" / "vault", dialect)
    for artifact in (CASE, TOPIC):
        vault.artifact(artifact)
    vault.settle()
    return Desk(vault, tmp_path)


@pytest.mark.parametrize("dialect", ["logseq"])
def test_a_linked_work_tree_and_a_vault_in_its_folder(inside: Desk, make_vault: Any, tmp_path: Path) -> None:
    inside.begin(tmp_path / "work")
    inside.git("worktree", "add", "-q", "-b", "linked", str(tmp_path / "linked"))
    vault = make_vault(tmp_path / "linked" / "models" / "other", "logseq")
    vault.root.rename(tmp_path / "aside")
    vault.root = tmp_path / "linked" / "models" / "vault"
    linked = Desk(vault, tmp_path)
    linked.with_canary()
    hooks = Hooks(linked, tmp_path / "linked", (TOPIC, CASE))
    with linked.watching():
        linked.synced({TOPIC: "Linked words.", CASE: "Linked words, too."})
        linked.git("add", vault.note(TOPIC))
        typed = linked.both(TOPIC), linked.both(CASE)
        hooks.commit()
        linked.untouched(lambda: None, TOPIC, CASE)
        assert (linked.both(TOPIC), linked.both(CASE)) == typed
        linked.commit()

        inside.known[TOPIC] = "Other words."
        for path in inside.paths(TOPIC):
            inside.save(path, inside.bytes(path).replace(WORDS[TOPIC].encode(), b"Other words."))
        inside.commit()
        linked.git("merge", "-q", "main", ok=False)
        until(lambda: linked.told("resting"))
        linked.untouched(lambda: linked.git("merge", "--abort"), TOPIC, CASE)
        assert (linked.both(TOPIC), linked.both(CASE)) == typed
    vault.assert_still()


@pytest.mark.parametrize("dialect", ["obsidian"])
def test_a_repository_that_is_made_while_somebody_watches(inside: Desk, tmp_path: Path) -> None:
    vault = inside.vault
    inside.with_canary()
    with inside.watching():
        inside.synced({TOPIC: "Words before git."})
        inside.begin(tmp_path / "work")
        hooks = Hooks(inside, tmp_path / "work", (TOPIC, CASE))
        inside.synced({TOPIC: "Words with git.", CASE: "More words with git."})
        inside.git("add", vault.file(TOPIC))
        typed = inside.both(TOPIC), inside.both(CASE)
        hooks.commit()
        inside.untouched(lambda: None, TOPIC, CASE)
        assert (inside.both(TOPIC), inside.both(CASE)) == typed
        # A git that died left its lock: a minute later nobody waits for it.
        lock = tmp_path / "work" / ".git" / "index.lock"
        lock.touch()
        inside.type(TOPIC, "Words beside a lock.")
        until(lambda: inside.told("resting"))
        assert inside.changes() == []
        old = time.time() - 61
        os.utime(lock, (old, old))
        until(lambda: inside.say(TOPIC, "Words beside a lock."))
        inside.looked()
        inside.expect(vault.file(TOPIC))
    vault.assert_still()
