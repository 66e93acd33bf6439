"""git merges twins by what they say: each row of what the driver promises, in real repositories and both dialects."""

from __future__ import annotations

import json
import os
import sys

import pytest
from tests.commands.branches import FILE, age, branch, in_step, journey, merge, on_main, stage, stages, touchpoints
from tests.commands.conftest import JOURNEY, SYNC

from twinpage.commands import rename
from twinpage.core.hooks.hook_script import Program

pytestmark = pytest.mark.slow


def by_id(value):
    return {one["id"]: one for one in value["stages"]}


CLEAN = {
    "different fields": (journey(goal="Warm rolls."), journey(last_reviewed="2026-04-01")),
    "different stages": (stage("whistle", description="A bell rings."), stage("paying", description="Coins in a tin.")),
    "fields of one stage": (stage("paying", description="Coins in a tin."), stage("paying", emotion=2)),
    "touchpoints": (
        touchpoints(lambda all_: [{**all_[0], "experience": -1}, *all_[1:]]),
        touchpoints(lambda all_: [*all_, {"id": "lamp", "name": "Lamp"}]),
    ),
    "order and edit": (
        stages(lambda all_: [all_[1], {**all_[0], "emotion": -1}]),
        stage("paying", description="Coins in a tin."),
    ),
    "paragraphs": (
        journey(goal="Warm bread at dawn.\n\nNobody waits on deck."),
        journey(goal="Warm bread before the tide turns.\n\nNobody stands on deck."),
    ),
}


@pytest.mark.parametrize("row", CLEAN)
def test_what_both_changed_apart_stays(team, row):
    theirs, ours = CLEAN[row]
    branch(team, "topic", theirs)
    on_main(team, ours)
    value = merge(team)
    if row == "order and edit":
        # (an order alone keeps the size of the file, and git overlooks that where times are set back)
        assert [one["id"] for one in value["stages"]] == ["paying", "whistle"]
        assert by_id(value)["paying"]["description"] == "Coins in a tin."
    if row.startswith(("different", "fields")):
        for change in (theirs, ours):
            change(team.vault)  # it is there already
            assert team.vault.value(JOURNEY) == value
    if row == "paragraphs":
        assert value["goal"] == "Warm bread at dawn.\n\nNobody stands on deck."
    if row == "touchpoints":
        assert value["stages"][0]["touchpoints"] == [
            {"id": "horn", "name": "Horn", "experience": -1},
            {"id": "flag", "name": "Flag"},
            {"id": "lamp", "name": "Lamp"},
        ]
    assert "conflicts" not in value
    age(team)
    in_step(team)


@pytest.mark.parametrize("turned", [False, True])
def test_what_one_branch_renamed_and_the_other_edited_is_both(team, turned):
    new = f"{JOURNEY}-at-dawn"
    changes = [stage("paying", description="Coins in a tin."), lambda vault: renamed(vault, new)]
    theirs, ours = reversed(changes) if turned else changes
    branch(team, "topic", theirs)
    on_main(team, ours)
    team.git("merge", "--no-edit", "topic")
    age(team)
    value = team.vault.value(new)
    assert (value["id"], by_id(value)["paying"]["description"]) == (new, "Coins in a tin.")
    assert FILE not in team.vault.files()
    team.vault.settle()
    assert "Coins in a tin." in team.vault.text(team.vault.note(new))


def test_embeds_that_both_branches_add_to_one_list_are_no_doubt(team):
    def adds(name):
        stages = [{"id": "one", "name": "One", "description": "Ropes."}]
        fields = {"kind": "journey", "case": "harbour", "profile": "harbour/profiles/skipper", "stages": stages}
        return lambda vault: vault.artifact(f"harbour/journeys/{name.lower()}", name=name, **fields)

    branch(team, "topic", adds("Dusk"))
    on_main(team, adds("Noon"))
    team.git("merge", "--no-edit", "topic")
    age(team)
    shown = team.vault.text(team.vault.note("harbour/profiles/skipper"))
    assert all(f"[[{name}]]" in shown for name in ("Dusk", "Noon", "Morning run"))
    in_step(team)


def renamed(vault, new):
    assert rename.run(vault=vault.root, artifact=JOURNEY, new_id=new, dry_run=False, terminal=vault.terminal) == 0


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_the_same_field_has_both_versions_to_choose_from(team, side):
    branch(team, "topic", stage("paying", description="Coins in a tin."))
    on_main(team, stage("paying", description="Paid by card."))
    value = merge(team, code=1)
    assert by_id(value)["paying"]["description"] == "Paid by card."
    (left,) = value["conflicts"]
    assert left["pointer"] == "/stages/paying/description"
    assert (left["other"], left["from"]) == ("Coins in a tin.", "theirs topic")
    note = team.vault.text(team.vault.note(JOURNEY))
    assert "Coins in a tin." in note
    assert "Paid by card." in note
    assert "twinpage conflict" in note
    team.run("check", code=1)
    assert "TP901" in team.said
    team.run("conflicts", code=1)
    assert "Coins in a tin." in team.said
    chosen_and_over(team, side, "Paid by card.", "Coins in a tin.")


def chosen_and_over(team, side, ours, theirs):
    team.vault.sync()
    age(team)
    team.run("resolve", JOURNEY, "--take", side)
    assert "git add" in team.said or "git -C" in team.said
    team.run("conflicts")
    kept, left = (ours, theirs) if side == "ours" else (theirs, ours)
    for text in (team.vault.text(FILE), team.vault.text(team.vault.note(JOURNEY))):
        assert kept in text
        assert left not in text
        assert "conflict" not in text
    age(team)
    in_step(team)
    team.commit()


@pytest.mark.parametrize("side", ["ours", "theirs"])
@pytest.mark.parametrize("remover", ["ours", "theirs"])
def test_deletion_against_an_edit_keeps_the_edit_and_says_so(team, remover, side):
    remove = stages(lambda all_: all_[:1])
    edit = stage("paying", description="Coins in a tin.")
    branch(team, "topic", remove if remover == "theirs" else edit)
    on_main(team, remove if remover == "ours" else edit)
    value = merge(team, code=1)
    assert by_id(value)["paying"]["description"] == "Coins in a tin."
    assert [left["pointer"] for left in value["conflicts"]] == ["/stages/paying"]
    assert "Coins in a tin." in team.vault.text(team.vault.note(JOURNEY))
    age(team)
    team.run("resolve", JOURNEY, "--take", side)
    team.run("conflicts")
    assert ("paying" in by_id(team.vault.value(JOURNEY))) == (side != remover)
    age(team)
    in_step(team)


def test_one_new_id_with_different_content_is_a_conflict_there(team):
    new = {"id": "mooring", "name": "Mooring"}
    branch(team, "topic", stages(lambda all_: [*all_, {**new, "description": "A rope."}]))
    on_main(team, stages(lambda all_: [*all_, {**new, "description": "An anchor."}]))
    value = merge(team, code=1)
    assert value["conflicts"]
    assert all(left["pointer"].startswith("/stages/mooring") for left in value["conflicts"])
    assert "An anchor." in json.dumps(by_id(value)["mooring"])
    assert "A rope." in json.dumps(value["conflicts"])


def test_both_added_the_artifact(team):
    other = "harbour/journeys/evening-run"

    def added(goal):
        return lambda vault: vault.artifact(other, **{**vault.VALUES[JOURNEY], "name": "Evening run", "goal": goal})

    branch(team, "topic", added("Rolls."))
    on_main(team, added("Cake."))
    merge(team, code=1)
    value = team.vault.value(other)
    assert value["goal"] == "Cake."
    assert [(left["pointer"], left["other"]) for left in value["conflicts"]] == [("/goal", "Rolls.")]
    assert "<<<<<<<" not in team.vault.text(team.vault.note(other))


def test_both_added_it_with_stages_that_are_much_alike(team):
    """Neither is the other, renamed, however alike what they hold is."""
    made = "harbour/journeys/evening-run"

    def added(word):
        stages = [{"id": word, "name": word.title(), "description": f"Text {word}"}, {"id": "last", "name": "Last"}]
        profile = {"profile": "harbour/profiles/skipper", "case": "harbour"}
        return lambda vault: vault.artifact(made, kind="journey", name="Evening run", stages=stages, **profile)

    branch(team, "topic", added("one"))
    on_main(team, added("two"))
    merge(team)
    assert {stage["id"]: stage.get("description") for stage in team.vault.value(made)["stages"]} == {
        "one": "Text one",
        "two": "Text two",
        "last": None,
    }
    team.vault.settle()
    assert "twinpage conflict" not in team.vault.text(team.vault.note(made))


def test_rebase_says_who_is_who(team):
    branch(team, "topic", journey(goal="Of topic."))
    on_main(team, journey(goal="Of main."))
    team.git("checkout", "-q", "topic")
    value = merge(team, "rebase", "main", code=1)
    (left,) = value["conflicts"]
    assert (value["goal"], left["other"], left["from"]) == ("Of main.", "Of topic.", "theirs topic (rebased)")


@pytest.mark.parametrize("how", ["cherry-pick", "revert", "stash"])
def test_other_ways_to_merge(team, how):
    branch(team, "topic", journey(goal="Of topic."))
    if how == "revert":
        on_main(team, journey(goal="Of topic."), journey(goal="Of main."))
        value = merge(team, "revert", "--no-edit", "HEAD~1", code=1)
        other = team.vault.VALUES[JOURNEY]["goal"]
    elif how == "cherry-pick":
        on_main(team, journey(goal="Of main."))
        value = merge(team, "cherry-pick", "topic", code=1)
        other = "Of topic."
    else:
        team.vault.change(JOURNEY, goal="Of the stash.")
        team.git("stash")
        on_main(team, journey(goal="Of main."))
        value = merge(team, "stash", "pop", code=1)
        other = "Of the stash."
    (left,) = value["conflicts"]
    assert (value["goal"], left["other"]) == ("Of main.", other)
    assert left["from"].startswith("theirs")


def test_own_text_of_both_branches_stays(team):
    def says(text):
        def change(vault):
            note = vault.note(JOURNEY)
            begin = "- " if vault.dialect == "logseq" else "## Mine\n"
            vault.put(note, f"{vault.text(note).rstrip()}\n{begin}{text}\n")

        return change

    branch(team, "topic", says("A remark of theirs."), stage("whistle", emotion=2))
    on_main(team, says("A remark of ours."), stage("paying", emotion=1))
    value = merge(team, code=1)
    assert "both branches changed text of the note's own at one place; both are there now, ours first." in team.said
    assert "Look at it, mend what is wrong, then stage it with `git add`." in team.said
    team.run("conflicts")
    waits = f"git waits for {team.vault.note(JOURNEY)}: look whether it is merged as it should be"
    assert f"No conflicts.\n\n{waits}" in team.said
    assert "conflicts" not in value
    text = team.vault.text(team.vault.note(JOURNEY))
    assert 0 < text.index("A remark of ours.") < text.index("A remark of theirs.")
    in_step(team)


def test_a_result_against_the_schema_is_never_clean(team):
    def renamed(name):
        return lambda vault: vault.put(FILE, vault.text(FILE).replace('"name": "Whistle"', f'"{name}": "Whistle"'))

    team.git("checkout", "-q", "-b", "topic")
    renamed("naming")(team.vault)
    team.commit()
    team.git("checkout", "-q", "main")
    age(team)
    on_main(team, journey(goal="Of main."))
    merge(team, code=1)
    assert "against its schema" in team.said


@pytest.mark.parametrize("what", ["settings", "json", "kill", "unset", "gone", "lost"])
def test_whatever_happens_no_side_is_taken_in_silence(team, what, monkeypatch, tmp_path):
    branch(team, "topic", journey(goal="Of topic."))
    on_main(team, journey(goal="Of main."))
    if what == "settings":
        team.vault.put("twinpage.toml", "dialect = [broken\n")
    elif what == "json":
        team.git("checkout", "-q", "topic")
        team.vault.put(FILE, team.vault.text(FILE).replace('"name": "Morning run",', '"name": "Morning run"'))
        team.commit()
        team.git("checkout", "-q", "main")
    elif what == "kill":
        (team.home / "sitecustomize.py").write_text(KILL, encoding="utf-8")
        os.environ["PYTHONPATH"] = f"{team.home}{os.pathsep}{SYNC}"
    elif what == "unset":
        team.git("config", "--unset", "merge.twinpage.driver")
    else:
        without_twinpage(team, monkeypatch, tmp_path / "it's 100% $HOME" / "python", is_there=what == "lost")
    try:
        team.git("merge", "--no-edit", "topic", code=1)
    finally:
        os.environ["PYTHONPATH"] = str(SYNC)
    told = team.said.count("was merged by its lines only, since there is no twinpage to run")
    assert told == (2 if what in ("gone", "lost") else 0)
    assert "Traceback" not in team.said
    note = team.vault.text(next(path for path in team.vault.notes() if "Morning run" in path))
    assert ("<<<<<<<" in note) == (what != "json")
    assert "Of topic." in note
    file = team.vault.text(FILE)
    assert ("<<<<<<<" in file) == (what != "settings")
    assert "Of topic." in file
    assert not list(team.top.glob(".merge_file_*"))


def without_twinpage(team, monkeypatch, python, is_there):
    """The Python that the driver was installed with is gone, or is there and has lost twinpage."""
    team.git("config", "merge.twinpage.driver", Program(str(python), "").driver)
    monkeypatch.setenv("PATH", os.pathsep.join(["/usr/bin", "/bin"]))
    if is_there:
        python.parent.mkdir()
        python.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n', encoding="utf-8")
        python.chmod(0o755)


def test_then_the_twinpage_on_the_path_merges(team, monkeypatch, tmp_path):
    branch(team, "topic", stage("whistle", description="A bell rings."))
    on_main(team, stage("paying", description="Coins in a tin."))
    without_twinpage(team, monkeypatch, tmp_path / "gone", is_there=False)
    program = tmp_path / "bin" / "twinpage"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m twinpage "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(program.parent), "/usr/bin", "/bin"]))
    value = merge(team)
    assert [one["description"] for one in value["stages"]] == ["A bell rings.", "Coins in a tin."]
    in_step(team)


KILL = """
import os, signal, sys

class Killer:
    def find_spec(self, name, path=None, target=None):
        if name == "twinpage.core.merging.three_way":
            os.kill(os.getpid(), signal.SIGKILL)
sys.meta_path.insert(0, Killer())
"""


def test_what_is_no_twin_is_merged_as_git_does(team):
    def writes(text):
        def change(vault):
            vault.put("Diary.md", text)
            vault.put("data.json", json.dumps({"one": text}))

        return change

    on_main(team, writes("One.\n\nTwo.\n"))
    branch(team, "topic", writes("One.\n\nTwo and a half.\n"))
    on_main(team, writes("One.\n\nThree.\n"))
    team.git("merge", "--no-edit", "topic", code=1)
    assert "<<<<<<< ours\nThree.\n=======\nTwo and a half.\n>>>>>>> topic\n" in team.vault.text("Diary.md")


def test_one_branch_removed_the_artifact(team):
    def remove(vault):
        vault.remove(vault.note(JOURNEY))
        vault.remove(FILE)

    branch(team, "topic", remove)
    on_main(team, journey(goal="Of main."))
    merge(team, code=1)
    team.run("conflicts", code=1)
    assert JOURNEY in team.said
    team.run("resolve", JOURNEY, "--take", "theirs")
    assert not (team.top / FILE).exists()


@pytest.mark.parametrize("which", ["note", "file"])
def test_line_ends_stay(team, which):
    path = team.vault.note(JOURNEY) if which == "note" else FILE
    team.git("config", "core.autocrlf", "false")
    team.vault.put(path, team.vault.text(path).replace("\n", "\r\n"))
    team.commit()

    def put(old, new):
        def change(vault):
            vault.put(path, vault.text(path).replace(old, new))

        return change

    branch(team, "topic", put("Bread against coins.", "Bread against tins."))
    on_main(team, put("The bakery boat is heard.", "The boat is heard."))
    merge(team)
    text = team.vault.text(path)
    assert "Bread against tins." in text
    assert "The boat is heard." in text
    assert text.count("\n") == text.count("\r\n")


def test_notes_that_nobody_carried_over_keep_both_versions(team):
    """The file knows nothing of it, so nothing but git's markers in the note keeps both versions."""

    def says(new):
        def change():
            note = team.vault.note(JOURNEY)
            team.vault.put(note, team.vault.text(note).replace("Bread against coins.", new))
            team.commit()

        return change

    team.git("checkout", "-q", "-b", "topic")
    says("Bread against tins and more.")()
    team.git("checkout", "-q", "main")
    age(team)
    says("Bread on trust.")()
    merge(team, code=1)
    for _ in range(2):
        team.vault.sync()
        age(team)
        assert "Bread against tins and more." in team.vault.text(team.vault.note(JOURNEY))
        team.run("conflicts", code=1)
    team.run("check", code=1)
    assert "TP001" in team.said
