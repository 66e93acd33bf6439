"""A branch on which somebody changed a note and never carried it over: no merge takes a side of it in silence."""

from __future__ import annotations

import pytest
from tests.commands.branches import FILE, age, in_step, journey, merge, on_main
from tests.commands.conftest import JOURNEY

pytestmark = pytest.mark.slow

WAS, OURS, THEIRS = "Warm bread before the tide turns.", "Warm rolls of ours.", "Warm cake, as theirs have it."


def says(new):
    """The note alone says something else."""

    def change(vault):
        note = vault.note(JOURNEY)
        vault.edit(note, WAS, new)

    return change


def says_both(new):
    return journey(goal=f"{new}\n\nNobody waits on deck.")


def diverged(team, ours, theirs):
    """One commit on each branch; what is to be carried over was, what is not was not."""
    team.git("checkout", "-q", "-b", "topic")
    for change, checkout in ((theirs, "main"), (ours, "")):
        if change in CARRIED:
            on_main(team, change)
        else:
            change(team.vault)
            age(team)
            team.commit()
        if checkout:
            team.git("checkout", "-q", checkout)
            age(team)
            team.vault.settle()


CARRIED = []
SIDES = {"theirs": (True, False), "ours": (False, True), "both": (False, False)}


@pytest.fixture(params=SIDES)
def merged(request, team):
    """A merge in which these sides were not carried over."""
    CARRIED.clear()
    changes = []
    for carried, text in zip(SIDES[request.param], (OURS, THEIRS), strict=True):
        changes.append(says_both(text) if carried else says(text))
        if carried:
            CARRIED.append(changes[-1])
    diverged(team, *changes)
    merge(team, code=1)
    return team


@pytest.mark.parametrize("synced", [False, True])
@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_it_is_listed_and_resolve_ends_it(merged, side, synced):
    team = merged
    team.run("check", code=1)
    assert "TP901" in team.said or "TP001" in team.said
    if synced:
        for _ in range(2):
            assert team.vault.sync().exit_code == 1
            age(team)
    team.run("conflicts", code=1)
    assert OURS in team.said
    assert THEIRS in team.said
    team.run("resolve", JOURNEY, "--take", side)
    kept, left = (OURS, THEIRS) if side == "ours" else (THEIRS, OURS)
    for text in (team.vault.text(FILE), team.vault.text(team.vault.note(JOURNEY))):
        assert kept in text
        assert left not in text
    age(team)
    team.run("conflicts")
    in_step(team)
    team.commit()


def test_staged_as_it_is_it_is_held_until_somebody_mends_the_note(merged):
    team = merged
    team.git("add", "-A")
    team.run("check", "--staged", code=1)
    assert "TP901" in team.said or "TP001" in team.said
    for _ in range(2):
        assert team.vault.sync().exit_code == 1
        age(team)
        assert OURS in team.vault.text(team.vault.note(JOURNEY))
        assert THEIRS in team.vault.text(team.vault.note(JOURNEY))
    team.run("conflicts", code=1)


@pytest.mark.parametrize("synced", [False, True])
def test_decided_by_hand_in_the_file_the_box_goes_by_itself(team, synced):
    both = says_both(OURS), says_both(THEIRS)
    CARRIED[:] = both
    diverged(team, *both)
    value = merge(team, code=1)
    if synced:
        team.vault.sync()
        age(team)
    del value["conflicts"]
    team.vault.write(JOURNEY, value)
    age(team)
    assert team.vault.sync().exit_code == 0
    age(team)
    note = team.vault.text(team.vault.note(JOURNEY))
    assert "twinpage conflict" not in note
    # What nobody here has written stays: it may be somebody's own line.
    assert (THEIRS in note) == (not synced)
    team.run("conflicts")
    in_step(team)
