"""Two branches of the bakery and their merge: what tests of the merge driver share."""

from __future__ import annotations

import sys

from tests.commands.conftest import JOURNEY

from twinpage.core.hooks.hook_script import Program

FILE = f"artifacts/{JOURNEY}.json"
DRIVER = Program(sys.executable, "").driver


def drive(team, folder=""):
    """Let git merge by the driver, in the vault in this folder of the repository."""
    attributes = "artifacts/**/*.json merge=twinpage\n*.md merge=twinpage\n"
    (team.top / folder / ".gitattributes").write_text(attributes, encoding="utf-8")
    team.git("config", "merge.twinpage.driver", DRIVER)
    team.commit()


def branch(team, name, *changes):
    """Each change of a file in a commit of its own on a new branch, carried over to the note."""
    team.git("checkout", "-q", "-b", name, "main")
    for change in changes:
        change(team.vault)
        age(team)
        assert team.vault.sync().exit_code in (0, 1)
        team.commit()
    team.git("checkout", "-q", "main")
    age(team)
    team.vault.settle()


def on_main(team, *changes):
    for change in changes:
        change(team.vault)
        age(team)
        assert team.vault.sync().exit_code == 0
        team.commit()


def age(team):
    for path in team.vault.files():
        team.vault.age(path)


def stage(name, **fields):
    def change(vault):
        value = vault.value(JOURNEY)
        for one in value["stages"]:
            if one["id"] == name:
                one.update(fields)
        vault.write(JOURNEY, value)

    return change


def journey(**fields):
    return lambda vault: vault.change(JOURNEY, **fields)


def stages(make):
    return lambda vault: vault.change(JOURNEY, stages=make(vault.value(JOURNEY)["stages"]))


def touchpoints(make):
    def change(vault):
        value = vault.value(JOURNEY)
        value["stages"][0]["touchpoints"] = make(value["stages"][0]["touchpoints"])
        vault.write(JOURNEY, value)

    return change


def merge(team, *words, code=0):
    team.git(*(words or ("merge", "--no-edit", "topic")), code=code)
    age(team)
    return team.vault.value(JOURNEY)


def in_step(team):
    """What git merged is the same in both twins."""
    team.vault.settle()
    assert "<<<<<<<" not in team.vault.text(team.vault.note(JOURNEY)) + team.vault.text(FILE)
