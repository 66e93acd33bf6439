"""Random changes on two branches, merged by git and ended by somebody: every word is still somewhere."""

from __future__ import annotations

import json
import random
import subprocess
from contextlib import suppress

import pytest

from twinpage.commands import conflicts, resolve

JOURNEY = "harbour/journeys/morning-run"
NOTE, FILE = "Journeys/Morning run.md", f"artifacts/{JOURNEY}.json"
SEEDS = range(12)


class Branch:
    """Somebody who changes the journey on one branch, with words that nobody else uses."""

    def __init__(self, vault, name, rng):
        self.vault, self.name, self.rng = vault, name, rng
        self.words = []

    def word(self):
        self.words.append(f"{self.name}{len(self.words)}x")
        return self.words[-1]

    def work(self, steps):
        for _ in range(steps):
            value = self.vault.value(JOURNEY)
            getattr(
                self, self.rng.choice(["goal", "describe", "add", "drop", "rename", "move", "remark", "remark_in"])
            )(value)
            for path in self.vault.notes():
                self.vault.age(path)
            self.vault.settle()
        self.vault.git("add", "-A")
        self.vault.git("commit", "-qm", self.name, "--allow-empty")

    def write(self, value):
        self.vault.write(JOURNEY, value)

    def goal(self, value):
        paragraphs = value.get("goal", "").split("\n\n")
        at = self.rng.randrange(len(paragraphs) + 1)
        paragraphs[at : at + self.rng.randrange(2)] = [f"Goal of {self.word()}."]
        self.write({**value, "goal": "\n\n".join(filter(None, paragraphs))})

    def describe(self, value):
        stage = self.rng.choice(value["stages"])
        stage["description"] = f"It is {self.word()}.\n\nAnd {self.word()}."
        stage["emotion"] = self.rng.randrange(-2, 3)
        self.write(value)

    def add(self, value):
        name = self.rng.choice(["Waving", "Singing", "Resting"])
        if all(stage["id"] != name.lower() for stage in value["stages"]):
            new = {"id": name.lower(), "name": name, "description": f"Text {self.word()}."}
            value["stages"].insert(self.rng.randrange(len(value["stages"]) + 1), new)
            self.write(value)

    def drop(self, value):
        if len(value["stages"]) > 1:
            value["stages"].pop(self.rng.randrange(len(value["stages"])))
            self.write(value)

    def rename(self, value):
        self.rng.choice(value["stages"])["name"] = f"Stage {self.word()}"
        self.write(value)

    def move(self, value):
        self.rng.shuffle(value["stages"])
        self.write(value)

    def remark(self, value):
        lead = "- " if self.vault.dialect == "logseq" else ""
        self.vault.put(NOTE, self.vault.text(NOTE).rstrip("\n") + f"\n{lead}Remark {self.word()}\n")

    def remark_in(self, value):
        """A line of the note's own in the middle: after some line that is a stage's heading."""
        lines = self.vault.text(NOTE).split("\n")
        at = self.rng.choice(
            [k for k, line in enumerate(lines) if "# Stage" in line or "Whistle" in line] or [len(lines)]
        )
        comment = f"<!-- {self.word()} -->" if self.vault.dialect == "obsidian" else f"  <!-- {self.word()} -->"
        self.vault.put(NOTE, "\n".join([*lines[: at + 1], comment, *lines[at + 1 :]]))


def everywhere(vault):
    texts = [vault.text(path) for path in (NOTE, FILE)]
    texts += [path.read_text(encoding="utf-8") for path in (vault.root / ".twinpage/trash").glob("*/files/**/*.*")]
    return "\n".join(texts)


def decide(vault, rng):
    """One way after the other, until nothing is open."""
    for _ in range(8):
        conflicts.run(vault=vault.root, output_format="json", terminal=vault.terminal)
        told = json.loads(vault.out.getvalue())
        assert told["held"] == [], told
        if not told["conflicts"] and not told["undone"]:
            return
        options = {"take": rng.choice(["ours", "theirs"]), "fields": ()}
        if told["conflicts"] and rng.random() < 0.5:
            one = rng.choice(told["conflicts"])
            sides = ["note", "file"] if one["from"] == "note" else ["ours", "theirs"]
            options = {"take": "", "fields": ((one["pointer"], rng.choice(sides)),)}
        resolve.run(vault=vault.root, artifact=JOURNEY, edit=False, terminal=vault.terminal, **options)
        for path in vault.notes():
            vault.age(path)
    raise AssertionError(told)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost(vault, seed):
    rng = random.Random(seed)
    vault.commit_all()
    vault.git("config", "merge.conflictStyle", rng.choice(["merge", "diff3", "zdiff3"]))
    vault.git("branch", "-m", "trunk")
    vault.git("checkout", "-qb", "feature")
    theirs = Branch(vault, "their", rng)
    theirs.work(rng.randrange(1, 5))
    vault.git("checkout", "-q", "trunk")
    for path in vault.notes():
        vault.age(path)
    vault.settle()
    ours = Branch(vault, "our", rng)
    ours.work(rng.randrange(1, 5))
    kept = everywhere(vault)
    with suppress(subprocess.CalledProcessError):
        vault.git("merge", "-q", "feature")
    kept += vault.text(NOTE) + vault.text(FILE)
    for path in vault.notes():
        vault.age(path)
    vault.sync()
    decide(vault, rng)
    vault.settle()
    assert not any(mark in vault.text(path) for path in (NOTE, FILE) for mark in ("<<<<<<<", ">>>>>>>"))
    after = everywhere(vault)
    assert [word for word in ours.words + theirs.words if word in kept and word not in after] == []
    ws = vault.open()
    assert not any(ws.state.subjects_with(code) for code in ("TP001", "TP501", "TP901"))
    ws.close()
