"""What is said of a merge: names instead of pointers, who removed what, and whose side is whose in a rebase."""

from __future__ import annotations

import pytest
from tests.commands.branches import FILE, age, branch, journey, merge, on_main, stage, stages
from tests.commands.conftest import JOURNEY

pytestmark = pytest.mark.slow

EDITS = stage("paying", description="Coins in a tin.")
REMOVES = stages(lambda all_: [one for one in all_ if one["id"] != "paying"])


def test_the_driver_and_diff_name_the_field(team):
    branch(team, "topic", stage("paying", description="Bread on trust."))
    on_main(team, EDITS)
    merge(team, code=1)
    assert "both changed description of stage Handing over. Both versions are kept" in team.said
    assert "/stages" not in team.said
    team.run("diff")
    assert "conflict *description of stage Handing over* added" in team.said


@pytest.mark.parametrize("remover", ["ours", "theirs"])
def test_a_removal_is_called_a_removal(team, remover):
    changes = (REMOVES, EDITS) if remover == "theirs" else (EDITS, REMOVES)
    branch(team, "topic", changes[0])
    on_main(team, changes[1])
    merge(team, code=1)
    editor = "ours" if remover == "theirs" else "theirs"
    assert f"{remover} removed stage Handing over, which {editor} changed" in team.said
    assert "both" not in team.said.replace("`", " ").split("Both versions")[0].rpartition(": ")[2]
    team.run("check", code=1)
    assert "One of the two branches of Morning run removed stage Handing over, and the other changed it." in team.said
    versions = []
    for name, revision in (("base", "main~1"), ("ours", "main"), ("theirs", "topic")):
        versions.append(team.home / f"{name}.json")
        versions[-1].write_text(team.git("show", f"{revision}:{FILE}"), encoding="utf-8")
    team.run("merge", *map(str, versions), "--output", str(team.home / "merged"), code=1)
    assert f"{remover} removed stage Handing over, which {editor} changed" in team.said
    assert "as one side has it. Write there what is right, and remove its entry in `conflicts`." in team.said


@pytest.mark.parametrize("remover", ["ours", "theirs"])
def test_of_an_artifact_that_one_branch_removed_only_the_change_is_shown(team, remover):
    def remove(vault):
        vault.remove(vault.note(JOURNEY))
        vault.remove(FILE)

    def edit(vault):
        journey(goal="Warm rolls.")(vault)
        EDITS(vault)
        stages(lambda all_: [*all_, {"id": "wave", "name": "Wave"}])(vault)

    branch(team, "topic", *([edit] if remover == "ours" else [remove]))
    on_main(team, *([remove] if remover == "ours" else [edit]))
    team.git("merge", "--no-edit", "topic", code=1)
    age(team)
    team.run("conflicts", code=1)
    editor = "ours" if remover == "theirs" else "theirs"
    assert f"Removed by {remover}; changed since by {editor}:" in team.said
    assert "- goal reworded" in team.said
    assert "Warm rolls." in team.said
    assert "- *Handing over* reworded" in team.said
    assert "- stage *Wave* added after *Handing over*" in team.said
    assert "Whistle" not in team.said
    assert "Editing both sides" not in team.said
    first, second = ("removes", "keeps") if remover == "theirs" else ("keeps", "removes")
    assert f"the first {first} it, the second {second} it:" in team.said


def test_of_a_note_that_is_gone_only_the_change_is_shown(team):
    team.vault.remove(team.vault.note(JOURNEY))
    journey(goal="Warm rolls.")(team.vault)
    team.vault.sync()
    team.run("conflicts", code=1)
    assert "Its note is gone; its artifact file was changed since:" in team.said
    assert "- goal reworded" in team.said
    assert "Whistle" not in team.said
    assert "the first removes it, the second keeps it:" in team.said


def test_a_commit_without_a_branch_is_told_by_its_first_digits(team):
    branch(team, "topic", journey(goal="Of topic."))
    on_main(team, journey(goal="Of main."))
    commit = team.git("rev-parse", "topic").strip()
    value = merge(team, "merge", "--no-edit", commit, code=1)
    assert [left["from"] for left in value["conflicts"]] == [f"theirs {commit[:12]}"]


def test_in_a_rebase_theirs_is_what_is_rebased(team):
    branch(team, "topic", journey(goal="Of topic."))
    on_main(team, journey(goal="Of main."))
    team.git("checkout", "-q", "topic")
    value = merge(team, "rebase", "main", code=1)
    assert "Theirs are the commits being rebased, ours is what they go onto." in team.said
    (left,) = value["conflicts"]
    assert left["from"] == "theirs topic (rebased)"
    note = team.vault.text(team.vault.note(JOURNEY))
    assert "The rebased commit of `topic` says:" in note
    assert "The other branch" not in note
    team.vault.sync()
    assert team.vault.text(team.vault.note(JOURNEY)) == note
    team.run("conflicts", code=1)
    assert "theirs (rebased topic)" in team.said
    assert "ours (rebased onto)" in team.said
    team.run("resolve", JOURNEY, "--take", "theirs")
    assert "rebased" not in team.vault.text(team.vault.note(JOURNEY))
    assert team.vault.value(JOURNEY)["goal"] == "Of topic."
