"""A merge whose driver could not run: git leaves ours without a marker, and only its index knows of theirs."""

from __future__ import annotations

import json
import shlex

import pytest
from tests.commands.branches import FILE, age, branch, journey, on_main, stage
from tests.commands.conftest import JOURNEY

pytestmark = pytest.mark.slow

PAYING = "/stages/paying/description"
GONE = "/nowhere/python -P -m twinpage merge --driver %O %A %B %P %L"


def both(*changes):
    def change(vault):
        for each in changes:
            each(vault)

    return change


def undriven(team, theirs, ours, *words, code=1):
    branch(team, "topic", theirs)
    on_main(team, ours)
    team.git("config", "merge.twinpage.driver", GONE)
    team.git(*(words or ("merge", "--no-edit", "topic")), code=code)
    age(team)
    assert "<<<<<<<" not in team.vault.text(FILE) + team.vault.text(team.vault.note(JOURNEY))


def remarks(text):
    """Text of the note's own, at its end."""

    def change(vault):
        note = vault.note(JOURNEY)
        lead = "- " if vault.dialect == "logseq" else ""
        vault.put(note, vault.text(note).rstrip("\n") + f"\n{lead}{text}\n")

    return change


def told(team, name):
    team.run(*name.split(), "--output-format", "json", code=None)
    return json.loads(team.out)


THEIRS = both(stage("paying", description="Of topic."), stage("whistle", emotion=-2), remarks("A remark of topic."))
OURS = stage("paying", description="Of main.")


@pytest.mark.parametrize(
    "how", [("merge", "--no-edit", "topic"), ("cherry-pick", "topic"), ("merge", "--squash", "topic")]
)
def test_both_versions_are_told_though_no_file_says_so(team, how):
    undriven(team, THEIRS, OURS, *how)
    assert told(team, "status")["conflicts"] == [JOURNEY]
    assert [one["pointer"] for one in told(team, "sync")["conflicts"]] == [PAYING]
    (one,) = told(team, "conflicts")["conflicts"]
    assert (one["pointer"], one["mine"], one["other"]) == (PAYING, "Of main.", "Of topic.")
    team.run("sync", code=1)


@pytest.mark.parametrize(("side", "kept"), [("ours", "Of main."), ("theirs", "Of topic.")])
def test_resolve_merges_as_the_driver_would_have(team, side, kept):
    undriven(team, THEIRS, OURS)
    team.run("resolve", JOURNEY, "--take", side)
    by_id = {one["id"]: one for one in team.vault.value(JOURNEY)["stages"]}
    assert by_id["paying"]["description"] == kept
    assert by_id["whistle"]["emotion"] == -2
    note = team.vault.text(team.vault.note(JOURNEY))
    assert kept in note
    assert "A remark of topic." in note
    over(team)
    team.git("add", "-A")
    over(team)


def over(team):
    """Decided, though git may still wait for it."""
    team.vault.settle()
    assert told(team, "status")["conflicts"] == []
    assert not told(team, "conflicts")["conflicts"]


def test_ours_is_taken_though_no_byte_changes(team):
    undriven(team, stage("paying", description="Of topic."), OURS)
    team.run("resolve", JOURNEY, "--take", "ours")
    assert "Of topic." not in team.vault.text(FILE)
    over(team)


def test_nothing_clashes_and_yet_theirs_is_missing(team):
    undriven(team, both(stage("whistle", emotion=-2), remarks("A remark of topic.")), OURS)
    assert told(team, "status")["held"] == [JOURNEY]
    assert [one["artifact"] for one in told(team, "sync")["held"]] == [JOURNEY]
    (left,) = told(team, "conflicts")["undone"]
    assert left["artifact"] == JOURNEY
    team.run("conflicts", code=1)
    assert "--take ours" in team.said
    team.run("resolve", JOURNEY, "--take", "ours")
    assert team.vault.value(JOURNEY)["stages"][0]["emotion"] == -2
    assert "A remark of topic." in team.vault.text(team.vault.note(JOURNEY))
    over(team)


def test_one_field_first_leaves_the_other_open(team):
    theirs = both(stage("paying", description="Of topic."), journey(goal="Goal of topic."))
    undriven(team, theirs, both(OURS, journey(goal="Goal of main.")))
    team.run("resolve", JOURNEY, "--field", f"{PAYING}=theirs", code=1)
    assert [one["pointer"] for one in told(team, "conflicts")["conflicts"]] == ["/goal"]
    team.run("resolve", JOURNEY, "--take", "ours")
    assert team.vault.value(JOURNEY)["goal"] == "Goal of main."
    over(team)


def test_what_is_edited_meanwhile_counts_as_ours(team):
    undriven(team, THEIRS, OURS)
    team.vault.edit(team.vault.note(JOURNEY), "Of main.", "Of main, later.")
    team.run("sync", code=1)
    (one,) = told(team, "conflicts")["conflicts"]
    assert (one["mine"], one["other"]) == ("Of main, later.", "Of topic.")


def test_both_made_the_same_artifact(team):
    """There is no base."""

    def makes(text):
        return lambda vault: vault.artifact("topics/rye", kind="topic", name="Rye", body=text)

    branch(team, "topic", makes("Of topic."))
    on_main(team, makes("Of main."))
    team.git("config", "merge.twinpage.driver", GONE)
    team.git("merge", "--no-edit", "topic", code=1)
    age(team)
    (one,) = told(team, "conflicts")["conflicts"]
    assert (one["artifact"], one["mine"], one["other"]) == ("topics/rye", "Of main.", "Of topic.")


def test_decided_by_hand_after_the_driver_is_no_conflict(team):
    """It ran, so ours stands there because somebody chose it."""
    branch(team, "topic", stage("paying", description="Of topic."))
    on_main(team, OURS)
    team.git("merge", "--no-edit", "topic", code=1)
    team.git("checkout", "--ours", "--", ".")
    age(team)
    over(team)


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_an_artifact_that_one_branch_removed_is_told_by_all(team, side):
    def remove(vault):
        vault.remove(vault.note(JOURNEY))
        vault.remove(FILE)

    branch(team, "topic", remove)
    on_main(team, journey(goal="Of main."))
    team.git("merge", "--no-edit", "topic", code=1)
    age(team)
    assert told(team, "status")["conflicts"] == [JOURNEY]
    assert [one["pointer"] for one in told(team, "sync")["conflicts"]] == [""]
    team.run("resolve", JOURNEY, "--take", side)
    over(team)


def test_check_tells_of_it_without_failing(team):
    undriven(team, THEIRS, OURS)
    team.run("check")
    assert f"git waits for {team.vault.note(JOURNEY)} and {FILE}" in team.said
    assert "twinpage conflicts" in team.said
    team.run("check", "--output-format", "json")
    json.loads(team.out)
    team.git("add", "-A")
    team.run("check")
    assert "git waits" not in team.said


def test_no_git_is_asked_where_nothing_is_merged(team, monkeypatch):
    team.run("check")
    monkeypatch.setenv("PATH", "/nowhere")
    team.run("check")
    team.run("sync")
    assert "git" not in team.said


def test_a_git_that_does_not_note_what_it_left(team):
    """Before 2.34: then a twin counts while it is just as ours."""
    undriven(team, THEIRS, OURS)
    (team.top / ".git" / "AUTO_MERGE").unlink()
    assert told(team, "status")["conflicts"] == [JOURNEY]
    team.run("resolve", JOURNEY, "--take", "ours")
    over(team)


def test_what_is_decided_and_not_staged_is_told_as_that(team):
    branch(team, "topic", stage("paying", description="Of topic."))
    on_main(team, OURS)
    team.git("merge", "--no-edit", "topic", code=1)
    age(team)
    team.git("add", "-A")
    team.run("check", "--staged", code=1)
    assert "--take ours" in team.said
    team.run("resolve", JOURNEY, "--take", "theirs")
    team.run("check", "--staged", code=1)
    assert "TP901" in team.said
    assert "--take ours" not in team.said
    command = next(part for part in team.said.split("`") if part.startswith("git "))
    team.git(*shlex.split(command)[1:])
    team.run("check", "--staged")
