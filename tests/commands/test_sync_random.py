"""Two people work at random on both sides of a vault, with crashes and passes between: nothing typed is ever lost."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from twinpage.commands import resolve, restore
from twinpage.core import conflicts
from twinpage.edge.disk import Disk
from twinpage.edge.state import State
from twinpage.errors import AlreadyThere
from twinpage.workspace.flags import all_flags, take_flags

WORD = re.compile(r"w\d+x")
"""Every word that somebody types is one of these, and no two are alike."""
ID = re.compile(r"artifact-id::? ([^\n]+)\n")
PLACES = ("write", "remove", "put_base", "put_files")
"""Where a pass crashes, before or after."""
PICK = st.integers(0, 10**6)


class Crash(BaseException):
    """The process is no more."""


def words(text):
    return set(WORD.findall(text))


class Machine(RuleBasedStateMachine):
    """Each rule is what one person does on one side; the words that they take away on purpose are owed no longer."""

    make_vault = None
    dialect = ""
    home = None
    number = 0

    def __init__(self):
        super().__init__()
        type(self).number += 1
        self.vault = self.make_vault(self.home / str(self.number), self.dialect)
        self.count = 0
        self.owed = set()
        self.private = {}
        for artifact in ("harbour", "harbour/profiles/skipper"):
            self.vault.artifact(artifact, segment=None) if "skipper" in artifact else self.vault.artifact(artifact)
        self.vault.artifact("topics/rye", kind="topic", name="Rye", body=f"{self.word()} a.\n\n{self.word()} b.")
        stages = [
            {"id": name, "name": name.title(), "description": self.word(), "thoughts": [self.word(), self.word()]}
            for name in ("one", "two", "three")
        ]
        parts = {"case": "harbour", "profile": "harbour/profiles/skipper", "goal": self.word(), "stages": stages}
        self.vault.artifact("harbour/journeys/run", kind="journey", name="Run", **parts)
        assert self.vault.sync().exit_code == 0

    def teardown(self):
        shutil.rmtree(self.vault.root)

    # ------------------------------------------------------------------ what there is

    def word(self):
        self.count += 1
        self.owed.add(f"w{self.count}x")
        return f"w{self.count}x"

    def notes(self):
        """Path -> id of the notes that claim one."""
        found = {}
        for path in self.vault.notes():
            claim = ID.search(self.vault.text(path))
            if claim:
                found[path] = claim[1].strip()
        return found

    def artifacts(self):
        return [path for path in sorted(self.vault.files()) if path.startswith("artifacts/") and path.endswith(".json")]

    def everything(self):
        """All that a person could still find: notes, files with their conflicts, the trash."""
        texts = [data.decode("utf-8") for data, _, _ in self.vault.files().values()]
        trash = self.vault.root / ".twinpage/trash"
        return texts + [path.read_text() for path in sorted(trash.rglob("*")) if path.is_file()]

    def there(self):
        return words("\n".join([*self.everything(), *self.vault.files()]))

    def one(self, choices, pick):
        return sorted(choices)[pick % len(choices)] if choices else None

    def known(self):
        ws = self.vault.open()
        found = list(ws.state.base_notes())
        ws.close()
        return found

    def remembered(self, artifact):
        ws = self.vault.open()
        base = ws.state.base(artifact)
        text = (ws.state.last_note(artifact) or "") + (json.dumps(base.value) if base else "")
        ws.close()
        return text

    def take_away(self, gone, *kept):
        """Somebody removes this text; what a pass has seen of it must still come back."""
        self.owed -= words(gone) - words("".join(kept))
        self.private = {
            mark: text for mark, text in self.private.items() if text not in gone or any(text in k for k in kept)
        }

    # ------------------------------------------------------------------ edits of notes

    @rule(pick=PICK, which=PICK)
    def edit_a_word_in_a_note(self, pick, which):
        path = self.one(self.notes(), pick)
        if path is None:
            return
        text = self.vault.text(path)
        plain = conflicts.remove(text, self.dialect)
        old = self.one({word for word in words(plain) if text.count(word) == 1}, which)
        if old is None:
            return
        new = self.word()
        self.owed.discard(old)
        self.private = {mark: chunk.replace(old, new) for mark, chunk in self.private.items()}
        self.vault.put(path, text.replace(old, new))

    @rule(pick=PICK, which=PICK)
    def add_a_paragraph_to_a_note(self, pick, which):
        path = self.one(self.notes(), pick)
        if path is None:
            return
        text = self.vault.text(path)
        old = self.one({word for word in words(conflicts.remove(text, self.dialect)) if text.count(word) == 1}, which)
        if old is None or any(old in chunk for chunk in self.private.values()):
            return
        start = text.rfind("\n", 0, text.index(old)) + 1
        line = text[start:].partition("\n")[0]
        if line.lstrip("-\t ")[:1] == "#":
            return
        more = line.replace(old, self.word())
        between = "\n\n" if self.dialect == "obsidian" and not line.lstrip().startswith("-") else "\n"
        self.vault.put(path, text.replace(line, line + between + more, 1))

    @rule(pick=PICK)
    def add_a_private_remark(self, pick):
        path = self.one(self.notes(), pick)
        if path is None:
            return
        word = self.word()
        if self.dialect == "logseq":
            chunk = f"\n- my   own {word} #todo\n  collapsed:: true\n\t- deeper *{word}*"
        else:
            chunk = f"\n## My own {word}\n* odd   spacing %%{word}%%\n\n\t| a |\n"
        self.private[word] = chunk
        self.vault.put(path, self.vault.text(path) + chunk)

    @rule(pick=PICK)
    def add_a_stage_in_the_note(self, pick):
        path = self.one([path for path in self.notes() if "### " in self.vault.text(path)], pick)
        if path is None:
            return
        text = self.vault.text(path)
        mark = "\n\t- ### " if self.dialect == "logseq" else "\n### "
        if mark not in text:
            return
        body = "\n\t\t- " if self.dialect == "logseq" else "\n"
        at = text.index(mark)
        self.vault.put(path, f"{text[:at]}{mark}Stage {self.word()}{body}{self.word()}{text[at:]}")

    @rule(pick=PICK)
    def remove_a_stage_from_the_note(self, pick):
        path = self.one([path for path in self.notes() if "### " in self.vault.text(path)], pick)
        if path is None:
            return
        text = self.vault.text(path)
        pattern = (
            r"\n\t- ### [^\n]*(?:\n(?!\t?- )[^\n]*)*" if self.dialect == "logseq" else r"\n### [^\n]*(?:\n(?!#)[^\n]*)*"
        )
        spans = list(re.finditer(pattern, text))
        if not spans:
            return
        span = spans[pick % len(spans)]
        self.take_away(span[0])
        self.vault.put(path, text[: span.start()] + text[span.end() :])

    @rule(pick=PICK)
    def rename_a_note(self, pick):
        path = self.one(self.notes(), pick)
        if path is None or self.vault.text(path).count("artifact-kind") != 1:
            return
        self.owed -= words(path)
        os.rename(self.vault.root / path, self.vault.root / f"Moved {self.word()}.md")

    @rule(pick=PICK, empty=st.booleans())
    def lose_a_note(self, pick, empty):
        path = self.one(self.notes(), pick)
        if path is None:
            return
        artifact = self.notes()[path]
        file = self.vault.root / self.vault.file(artifact)
        kept = file.read_text() if file.exists() else ""
        self.take_away(self.vault.text(path) + path, self.remembered(artifact), kept)
        if empty:
            self.vault.put(path, "")
        else:
            self.vault.remove(path)

    @rule(pick=PICK, kind=st.sampled_from(["fence", "heading", "link", "id"]))
    def break_or_mend_a_note(self, pick, kind):
        path = self.one(self.notes() if kind != "id" else self.vault.notes(), pick)
        if path is None:
            return
        text = self.vault.text(path)
        good, bad = {
            "fence": ("", "\n- ```" if self.dialect == "logseq" else "\n```\n"),
            "heading": ("## Stages", "## Steps taken"),
            "link": ("[[Skipper", "[[Skippper"),
            "id": ("artifact-id:", "artifact_idd:"),
        }[kind]
        if bad in text:
            self.vault.put(path, text.replace(bad, good, 1))
        elif good == "":
            self.vault.put(path, text + bad)
        else:
            self.vault.put(path, text.replace(good, bad, 1))

    @rule()
    def write_a_note_by_hand(self):
        if len(self.artifacts()) > 7:
            return
        word = self.word()
        if self.dialect == "logseq":
            text = f"artifact-kind:: topic\n\n- ## Text\n\t- {word}"
        else:
            text = f"---\nartifact-kind: topic\n---\n## Text\n{word}\n"
        self.vault.put(f"Hand {self.word()}.md", text)

    # ------------------------------------------------------------------ edits of artifact files

    def value(self, path):
        try:
            return json.loads(self.vault.text(path))
        except ValueError:
            return None

    @rule(pick=PICK, which=PICK)
    def edit_a_word_in_a_file(self, pick, which):
        path = self.one(self.artifacts(), pick)
        if path is None:
            return
        text, value = self.vault.text(path), self.value(path)
        if value is None:
            return
        said = words(json.dumps({name: part for name, part in value.items() if name not in ("id", "conflicts")}))
        old = self.one({word for word in said if text.count(word) == 1}, which)
        if old is None:
            return
        self.owed.discard(old)
        self.vault.put(path, text.replace(old, self.word()))

    @rule(pick=PICK, what=st.sampled_from(["add", "remove", "reverse", "tags", "extras", "goal"]))
    def edit_a_file(self, pick, what):
        path = self.one(self.artifacts(), pick)
        value = self.value(path) if path else None
        if value is None or "conflicts" in value:
            return
        before = json.dumps(value)
        stages = value.get("stages")
        if what == "add" and stages:
            word = self.word()
            stages.insert(
                pick % (len(stages) + 1), {"id": f"s-{word}", "name": f"Stage {word}", "pains": [self.word()]}
            )
        elif what == "remove" and stages and len(stages) > 1:
            stages.pop(pick % len(stages))
        elif what == "reverse" and stages:
            stages.reverse()
        elif what == "tags":
            value["tags"] = [*value.get("tags", []), self.word()]
        elif what == "extras":
            value["extras"] = {"note": self.word()}
        elif what == "goal" and "goal" in value:
            del value["goal"]
        self.owed -= words(before) - words(json.dumps(value))
        self.vault.write(path[10:-5], value)

    @rule(pick=PICK)
    def lose_a_file(self, pick):
        path = self.one(self.artifacts(), pick)
        if path is None:
            return
        artifact = path[10:-5]
        notes = "".join(self.vault.text(note) for note, claimed in self.notes().items() if claimed == artifact)
        self.take_away(self.vault.text(path), self.remembered(artifact), notes)
        self.vault.remove(path)

    @rule(pick=PICK)
    def break_or_mend_a_file(self, pick):
        path = self.one(self.artifacts(), pick)
        if path is not None:
            text = self.vault.text(path)
            self.vault.put(path, text[1:] if text.startswith("{{") else "{" + text)

    # ------------------------------------------------------------------ passes

    def sync(self):
        outcome = self.vault.sync()
        for path in self.vault.notes():
            self.vault.age(path)
        return outcome

    @rule(more=st.booleans())
    def another_pass(self, more):
        self.a_pass()

    @rule()
    def a_pass(self):
        outcome = self.sync()
        assert outcome.not_written == ()
        again = self.vault.assert_still()
        assert (again.held, again.conflicts) == (outcome.held, outcome.conflicts)
        if not outcome.held and not outcome.conflicts:
            self.both_sides_agree()

    def both_sides_agree(self):
        ws = self.vault.open(keep_state=False)
        ws.forget_state()
        broken = take_flags(ws)
        apart = [flag for flag in all_flags(ws) if flag.code in ("TP501", "TP901", "TP001", "TP521")]
        ws.close()
        assert (broken, apart) == ((), [])

    @rule(
        place=st.sampled_from(["write", "remove", "put_base", "put_files"]), nth=st.integers(0, 4), late=st.booleans()
    )
    def a_pass_that_crashes(self, place, nth, late):
        owner = Disk if place in ("write", "remove") else State
        real = getattr(owner, place)
        left = [nth]

        def crash(*arguments, **named):
            left[0] -= 1
            if left[0] < 0 and not late:
                raise Crash
            told = real(*arguments, **named)
            if left[0] < 0:
                raise Crash
            return told

        setattr(owner, place, crash)
        try:
            self.vault.sync()
        except Crash:
            pass
        finally:
            setattr(owner, place, real)
        for path in self.vault.notes():
            self.vault.age(path)

    @rule(pick=PICK, side=st.sampled_from(["note", "file"]))
    def resolve(self, pick, side):
        outcome = self.sync()
        found = self.one({conflict.artifact for conflict in outcome.conflicts}, pick)
        if found is None:
            return
        for conflict in outcome.conflicts:
            if conflict.artifact == found:
                told = json.dumps([conflict.base, conflict.mine, conflict.other])
                self.owed -= words(told)
        root, terminal = self.vault.root, self.vault.terminal
        resolve.run(vault=root, artifact=found, take=side, fields=(), edit=False, terminal=terminal)

    @precondition(lambda self: (self.vault.root / ".twinpage/trash").exists())
    @rule(pick=PICK)
    def bring_back(self, pick):
        bundles = sorted((self.vault.root / ".twinpage/trash").glob("*/trash.json"))
        if not bundles:
            return
        artifact = json.loads(bundles[pick % len(bundles)].read_text())["artifact"]
        with contextlib.suppress(AlreadyThere):
            restore.run(vault=self.vault.root, artifact=artifact, terminal=self.vault.terminal)

    @rule()
    def lose_the_state(self):
        (self.vault.root / ".twinpage/state.db").unlink(missing_ok=True)
        self.owed &= self.there()  # of a note that went since the last pass, nobody else knew the text
        everything = self.everything()
        self.private = {mark: text for mark, text in self.private.items() if any(text in other for other in everything)}

    # ------------------------------------------------------------------ what always holds

    @invariant()
    def no_word_is_lost(self):
        lost = self.owed - self.there()
        if lost:  # a note that went since the last pass: the next one brings what is remembered of it to the trash
            lost -= words("".join(self.remembered(artifact) for artifact in self.known()))
        assert not lost, f"lost: {sorted(lost)}"

    @invariant()
    def private_text_stays_as_it_was(self):
        everything = self.everything()
        for chunk in self.private.values():
            if not any(chunk in text for text in everything):
                assert any(chunk in self.remembered(artifact) for artifact in self.known()), f"changed: {chunk!r}"


@pytest.mark.parametrize("dialect", ["obsidian", "logseq"])
def test_nothing_is_lost(dialect, make_vault, tmp_path):
    machine = type("Random", (Machine,), {"make_vault": staticmethod(make_vault), "dialect": dialect, "home": tmp_path})
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    amount = int(os.environ.get("TWINPAGE_RANDOM", "14"))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=amount,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=checks,
            derandomize="TWINPAGE_RANDOM" not in os.environ,
            database=None,
            phases=[Phase.generate],
            print_blob=False,
        ),
    )
