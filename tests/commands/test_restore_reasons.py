"""Everything that can be put away comes back: both twins, with the words that were lost, and in step."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from twinpage.commands import remove, resolve, restore
from twinpage.errors import AlreadyThere, Usage

BAKER, JOURNEY, STRATEGY = "harbour/profiles/skipper", "harbour/journeys/morning-run", "harbour/sales-strategies/quay"
TOPIC = "topics/sourdough"
NOTE, ROUTE, QUAY = "Topics/Sourdough.md", "Journeys/Morning run.md", "Sales strategies/Win the quay.md"
FILE = f"artifacts/{TOPIC}.json"
PRIVATE = "Only the note says this."


def bring_back(vault, word):
    return restore.run(vault=vault.root, artifact=word, terminal=vault.terminal)


def take_away(vault, artifact, with_parts=False):
    return remove.run(vault=vault.root, artifact=artifact, with_parts=with_parts, terminal=vault.terminal)


def take(vault, artifact, side):
    given = {"take": side, "fields": (), "edit": False, "terminal": vault.terminal}
    return resolve.run(vault=vault.root, artifact=artifact, **given)


def told(vault):
    """Artifact, reason and files of all that was put away, oldest first."""
    records = [json.loads(path.read_text()) for path in sorted((vault.root / ".twinpage/trash").glob("*/trash.json"))]
    return [(one["artifact"], one["because"], sorted(one["files"])) for one in records]


def contents(vault):
    return {path: data for path, (data, *_) in vault.files().items()}


def age_all(vault):
    for path in vault.notes():
        vault.age(path)


@pytest.fixture
def private(vault):
    """The bakery with a remark in each note that only the note has."""
    remark = f"- ## My remarks\n\t- {PRIVATE}" if vault.dialect == "logseq" else f"## My remarks\n{PRIVATE}"
    for path in (NOTE, ROUTE, QUAY):
        vault.put(path, f"{vault.text(path).rstrip()}\n{remark}\n")
    vault.settle()
    age_all(vault)
    return vault


def remove_note(vault):
    vault.remove(NOTE)
    return "its note was removed"


def remove_file(vault):
    vault.remove(FILE)
    return "its artifact file was removed"


def remove_both(vault):
    vault.remove(NOTE)
    vault.remove(FILE)
    return "both twins were removed"


def empty_note(vault):
    vault.put(NOTE, " \n")
    return "its note was emptied"


@pytest.mark.parametrize("how", [remove_note, remove_file, remove_both, empty_note])
def test_what_went_in_a_pass(private, how):
    before = contents(private)
    because = how(private)
    private.settle()
    assert told(private) == [(TOPIC, because, sorted([NOTE, FILE]))]
    assert bring_back(private, TOPIC) == 0
    assert contents(private) == before
    private.settle()
    assert bring_back(private, TOPIC) == 0
    assert "back already" in private.out.getvalue()
    assert contents(private) == before


def test_a_note_that_moved_before_its_file_went_comes_back_once(private):
    (private.root / "Elsewhere").mkdir()
    os.rename(private.root / NOTE, private.root / "Elsewhere/Sourdough.md")
    private.remove(FILE)
    private.settle()
    assert told(private) == [(TOPIC, "its artifact file was removed", sorted(["Elsewhere/Sourdough.md", FILE]))]
    assert bring_back(private, TOPIC) == 0
    assert private.note(TOPIC) == "Elsewhere/Sourdough.md"
    private.settle()


def test_removed_by_name_with_an_edit_that_no_pass_saw(private):
    private.edit(NOTE, "a week", "a month")
    assert take_away(private, TOPIC) == 0
    assert told(private) == [(TOPIC, "it was removed with `twinpage remove`", sorted([NOTE, FILE]))]
    assert bring_back(private, TOPIC) == 0
    assert private.value(TOPIC)["body"] == "It keeps for a month at sea."
    assert PRIVATE in private.text(NOTE)
    private.settle()


@pytest.mark.parametrize("gone", [NOTE, FILE])
def test_removed_by_name_when_one_twin_is_gone_already(private, gone):
    before = contents(private)
    private.remove(gone)
    assert take_away(private, TOPIC) == 0
    assert told(private) == [(TOPIC, "it was removed with `twinpage remove`", sorted([NOTE, FILE]))]
    assert bring_back(private, TOPIC) == 0
    assert contents(private) == before
    private.settle()


def test_removals_in_bulk(vault):
    for number in range(8):
        vault.artifact(f"topics/t{number}", kind="topic", name=f"Topic {number}", body="Text.")
    vault.settle()
    before = contents(vault)
    shutil.rmtree(vault.root / "Topics")
    vault.sync(allow_mass_delete=True)
    assert len(told(vault)) == 9
    for artifact in [TOPIC, *(f"topics/t{number}" for number in range(8))]:
        assert bring_back(vault, artifact) == 0
    assert contents(vault) == before
    vault.settle()


def test_an_item_that_the_file_lost(private):
    before = private.text(ROUTE)
    private.change(JOURNEY, stages=private.value(JOURNEY)["stages"][:1])
    private.settle()
    assert told(private) == [(JOURNEY, "as it was before items left its note", [ROUTE])]
    age_all(private)
    assert bring_back(private, JOURNEY) == 0
    assert private.text(ROUTE) == before
    assert [stage["id"] for stage in private.value(JOURNEY)["stages"]] == ["whistle", "paying"]
    private.settle()
    assert bring_back(private, JOURNEY) == 0
    assert "back already" in private.out.getvalue()
    assert ".twinpage/trash/" in private.out.getvalue()
    assert private.text(ROUTE) == before


def test_an_item_that_the_note_lost(vault):
    before = vault.value(JOURNEY)
    text = vault.text(ROUTE)
    start, end = text.index("### Handing over"), text.index("## KPIs")
    mark = len("\t- ") if vault.dialect == "logseq" else 0
    vault.put(ROUTE, text[: start - mark] + text[end - (2 if mark else 0) :])
    vault.settle()
    assert len(vault.value(JOURNEY)["stages"]) == 1
    assert told(vault) == [(JOURNEY, "as it was before items left its artifact file", [vault.file(JOURNEY)])]
    assert bring_back(vault, JOURNEY) == 0
    assert vault.value(JOURNEY) == before
    assert "Bread against coins." in vault.text(ROUTE)
    vault.settle()


def test_all_items_that_the_note_lost(vault):
    text = vault.text(QUAY)
    at = text.index("- ## Strategies" if vault.dialect == "logseq" else "## Strategies")
    before = vault.value(STRATEGY)
    vault.put(QUAY, text[:at])
    vault.settle()
    assert "items" not in vault.value(STRATEGY)
    assert bring_back(vault, STRATEGY) == 0
    assert vault.value(STRATEGY) == before
    assert "One for each new boat." in vault.text(QUAY)
    vault.settle()


def test_items_that_both_lost_in_one_pass(vault):
    value = vault.value(JOURNEY)
    value["stages"].append({"id": "sailing", "name": "Sailing", "description": "Off they go."})
    vault.write(JOURNEY, value)
    vault.settle()
    age_all(vault)
    vault.write(JOURNEY, {**value, "stages": value["stages"][:2]})
    text = vault.text(ROUTE)
    start, end = text.index("### Handing over"), text.index("### Sailing")
    vault.put(ROUTE, text[:start] + text[end:])
    vault.settle()
    assert [stage["id"] for stage in vault.value(JOURNEY)["stages"]] == ["whistle"]
    age_all(vault)
    assert bring_back(vault, JOURNEY) == 0
    assert {stage["id"] for stage in vault.value(JOURNEY)["stages"]} == {"whistle", "paying", "sailing"}
    vault.settle()


@pytest.mark.parametrize("side", ["note", "file"])
def test_what_a_decision_gave_up(private, side):
    private.edit(NOTE, "a week", "a month")
    private.change(TOPIC, body="It keeps for a year at sea.")
    private.sync()
    private.age(NOTE)
    assert take(private, TOPIC, side) == 0
    private.age(NOTE)
    assert told(private) == [(TOPIC, "as it was before a conflict was decided", sorted([NOTE, FILE]))]
    assert bring_back(private, TOPIC) == 0
    lost = "a year" if side == "note" else "a month"
    assert private.value(TOPIC)["body"] == f"It keeps for {lost} at sea."
    assert lost in private.text(NOTE)
    assert "conflict" not in private.text(NOTE) + private.text(FILE)
    assert PRIVATE in private.text(NOTE)
    private.settle()


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_what_a_decision_about_a_merge_of_git_gave_up(vault, side):
    vault.change(TOPIC, conflicts=[{"pointer": "/body", "base": "Old.", "other": "Of the branch.", "from": "theirs x"}])
    vault.sync()
    vault.age(NOTE)
    assert take(vault, TOPIC, side) == 0
    assert told(vault)[-1] == (TOPIC, "as it was before a conflict was decided", sorted([NOTE, FILE]))
    kept = "".join(path.read_text() for path in (vault.root / ".twinpage/trash").rglob("*.json"))
    assert "Of the branch." in kept
    assert "a week at sea" in kept


@pytest.mark.parametrize("told_of", [True, False])
@pytest.mark.parametrize("how", [remove_note, empty_note])
def test_a_note_written_anew_comes_back_with_what_was_decided(private, how, told_of):
    before = private.text(NOTE)
    how(private)
    private.change(TOPIC, body="It keeps for a year.")
    if told_of:
        assert private.sync().exit_code == 1
    assert take(private, TOPIC, "file") == 0
    file = private.text(FILE)
    assert told(private)[-1][:2] == (TOPIC, "its note was gone and is written anew")
    private.age(NOTE)
    assert bring_back(private, TOPIC) == 0
    assert private.out.getvalue() == f"restored {NOTE}\n"
    assert private.text(NOTE) == before.replace("It keeps for a week at sea.", "It keeps for a year.")
    assert private.text(FILE) == file
    private.settle()
    assert private.text(FILE) == file


def test_a_note_of_items_written_anew_comes_back_with_what_was_decided(private):
    bullet = "\t\t- " if private.dialect == "logseq" else ""
    private.edit(ROUTE, f"{bullet}Bread against coins.", f"{bullet}Bread against coins.\n\n{bullet}%% ask her %%")
    private.settle()
    private.age(ROUTE)
    private.remove(ROUTE)
    stages = private.value(JOURNEY)["stages"]
    private.change(JOURNEY, goal="File goal.", stages=[stages[1], {**stages[0], "name": "Whistling"}])
    private.sync()
    assert take(private, JOURNEY, "file") == 0
    file = private.text(f"artifacts/{JOURNEY}.json")
    private.age(ROUTE)
    assert bring_back(private, JOURNEY) == 0
    assert private.text(f"artifacts/{JOURNEY}.json") == file
    assert {"File goal.", PRIVATE} <= {line.strip("\t- ") for line in private.text(ROUTE).split("\n")}
    assert "%% ask her %%" in private.text(ROUTE)
    private.settle()
    assert private.text(f"artifacts/{JOURNEY}.json") == file


def test_a_note_that_was_not_taken(private):
    private.remove(NOTE)
    private.change(TOPIC, body="It keeps for a year.")
    private.sync()
    assert take(private, TOPIC, "note") == 0
    assert bring_back(private, TOPIC) == 0
    assert private.value(TOPIC)["body"] == "It keeps for a year."
    assert "conflicts" not in private.value(TOPIC)
    assert "It keeps for a year." in private.text(NOTE)
    assert PRIVATE in private.text(NOTE)
    private.settle()


def test_what_a_restore_covers_comes_back_by_its_own_name(private):
    private.change(JOURNEY, stages=private.value(JOURNEY)["stages"][:1])
    private.settle()
    covered = private.text(ROUTE)
    age_all(private)
    bring_back(private, JOURNEY)
    age_all(private)
    (undo,) = [one for one in told(private) if "restore" in one[1]]
    assert undo == (JOURNEY, "as it was before `twinpage restore`", [ROUTE])
    name = sorted(path.name for path in (private.root / ".twinpage/trash").iterdir())[-1]
    bring_back(private, "")
    assert f"`twinpage restore {name}`" in private.out.getvalue()
    assert bring_back(private, name) == 0
    assert private.text(ROUTE) == covered
    private.settle()


@pytest.mark.parametrize("back", [NOTE, FILE])
def test_the_other_twin_is_still_there(private, back):
    """One twin was brought back by hand, and the other is nowhere."""
    before = contents(private)
    private.remove(NOTE)
    private.settle()
    private.put(back, before[back])
    assert bring_back(private, TOPIC) == 0
    assert contents(private) == before
    private.settle()


def test_only_one_twin_is_kept(private):
    before = contents(private)
    private.remove(NOTE)
    private.settle()
    (kept,) = (private.root / ".twinpage/trash").glob(f"*/files/{NOTE}")
    kept.unlink()
    assert bring_back(private, TOPIC) == 0
    assert f"{NOTE} is no longer in the trash" in private.err.getvalue()
    assert contents(private)[FILE] == before[FILE]
    assert "a week at sea" in private.text(private.note(TOPIC))
    private.settle()


def test_a_note_that_came_back_elsewhere_gets_no_double(private):
    text = private.text(NOTE)
    private.remove(NOTE)
    private.settle()
    private.put("Elsewhere/Sourdough.md", text)
    assert bring_back(private, TOPIC) == 0
    assert private.note(TOPIC) == "Elsewhere/Sourdough.md"
    private.settle()


def test_a_note_that_came_back_elsewhere_with_other_words_is_not_covered(private):
    private.remove(NOTE)
    private.settle()
    text = next((private.root / ".twinpage/trash").glob(f"*/files/{NOTE}")).read_text()
    private.put("Elsewhere/Sourdough.md", text.replace("a week", "a day"))
    before = contents(private)
    with pytest.raises(AlreadyThere, match=r"Elsewhere/Sourdough\.md"):
        bring_back(private, TOPIC)
    assert contents(private) == before
    assert ".twinpage/trash/" in private.err.getvalue()


def test_a_folder_where_the_note_was(private):
    private.remove(NOTE)
    private.settle()
    (private.root / NOTE).mkdir()
    with pytest.raises(AlreadyThere):
        bring_back(private, TOPIC)
    assert FILE not in private.files()


def test_a_crash_between_the_two_files(private, monkeypatch):
    before = contents(private)
    take_away(private, TOPIC)
    ws = private.open()
    real, calls = type(ws.disk).write, []
    ws.close()

    def write(disk, path, data, expects, deed):
        calls.append(path)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(disk, path, data, expects, deed)

    monkeypatch.setattr(type(ws.disk), "write", write)
    with pytest.raises(KeyboardInterrupt):
        bring_back(private, TOPIC)
    monkeypatch.undo()
    assert bring_back(private, TOPIC) == 0
    assert contents(private) == before


@pytest.mark.parametrize("record", ["", "{", "[]", '{"artifact": 1}'])
def test_a_removal_whose_record_is_damaged(private, record):
    private.remove(NOTE)
    private.settle()
    (folder,) = (private.root / ".twinpage/trash").iterdir()
    (folder / "trash.json").write_text(record)
    with pytest.raises(Usage, match="by hand"):
        bring_back(private, folder.name)
    assert bring_back(private, "") == 0
    assert "The trash is empty." in private.out.getvalue()
