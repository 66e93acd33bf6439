"""Removing with both twins, and bringing back."""

from __future__ import annotations

import re

import pytest

from twinpage.commands import new, remove, restore
from twinpage.commands.sync import code_after
from twinpage.errors import AlreadyThere, UnknownWord, Usage
from twinpage.model.outcome import HeldTwin, OpenConflict, SyncOutcome

CASE, TOPIC, JOURNEY, BAKER = "harbour", "topics/sourdough", "harbour/journeys/morning-run", "harbour/profiles/skipper"
NOTE = "Topics/Sourdough.md"


SHOWN = "Profiles/Skipper.md"


def bring_back(vault, artifact=TOPIC, with_parts=False):
    return restore.run(vault=vault.root, artifact=artifact, terminal=vault.terminal, with_parts=with_parts)


def take_away(vault, artifact=TOPIC, with_parts=False):
    return remove.run(vault=vault.root, artifact=artifact, with_parts=with_parts, terminal=vault.terminal)


@pytest.mark.parametrize("what", ["note", "file", "both"])
def test_what_a_pass_took_comes_back(vault, what):
    vault.put(NOTE, vault.text(NOTE) + "\n%% private %%\n")
    vault.settle()
    before = {path: data for path, (data, *_) in vault.files().items()}
    if what != "file":
        vault.remove(NOTE)
    if what != "note":
        vault.remove(vault.file(TOPIC))
    vault.settle()
    assert NOTE not in vault.files()
    assert vault.file(TOPIC) not in vault.files()
    assert bring_back(vault) == 0
    assert {path: data for path, (data, *_) in vault.files().items()} == before
    vault.settle()


def test_removed_by_name(vault):
    before = {path: data for path, (data, *_) in vault.files().items()}
    assert take_away(vault) == 0
    assert f"trashed {NOTE}" in vault.out.getvalue()
    assert not {NOTE, vault.file(TOPIC)} & set(vault.files())
    vault.assert_still()
    assert bring_back(vault) == 0
    assert {path: data for path, (data, *_) in vault.files().items()} == before
    vault.settle()


def test_who_still_names_what_went_is_told(vault):
    assert take_away(vault, "harbour/segments/boats") == 0
    assert "1 artifact still names what went: harbour/profiles/skipper. Let it name another" in vault.err.getvalue()
    assert take_away(vault, TOPIC) == 0
    assert "still names" not in vault.err.getvalue()
    with_parts = take_away(vault, CASE, with_parts=True)
    assert with_parts == 0
    assert "still name" not in vault.err.getvalue()


def test_a_journey_and_what_shows_it(vault):
    profile = vault.text("Profiles/Skipper.md")
    assert take_away(vault, JOURNEY) == 0
    assert "Morning run" not in vault.text("Profiles/Skipper.md")
    vault.assert_still()
    assert bring_back(vault, JOURNEY) == 0
    vault.settle()
    assert "Morning run" in vault.text("Profiles/Skipper.md")
    assert vault.text("Profiles/Skipper.md").count("\n") >= profile.count("\n")


def test_a_case_with_its_parts(vault):
    with pytest.raises(Usage, match="--with-parts"):
        take_away(vault, CASE)
    before = {path: data for path, (data, *_) in vault.files().items()}
    assert take_away(vault, CASE, with_parts=True) == 0
    assert vault.notes() == [NOTE]
    assert [path for path in vault.files() if path.startswith("artifacts")] == [vault.file(TOPIC)]
    vault.assert_still()
    for artifact in (CASE, "harbour/segments/boats", BAKER, JOURNEY, "harbour/sales-strategies/quay"):
        bring_back(vault, artifact)
    vault.sync()
    assert {path: data for path, (data, *_) in vault.files().items()} == before


def test_a_case_comes_back_with_its_parts_but_over_nothing(vault):
    before = {path: data for path, (data, *_) in vault.files().items()}
    vault.remove(vault.file("harbour/sales-strategies/quay"))
    vault.settle()  # this one went by itself, earlier
    take_away(vault, CASE, with_parts=True)
    assert "restore harbour --with-parts" in vault.err.getvalue()
    vault.put(SHOWN, "Somebody else's words.\n")
    assert bring_back(vault, CASE, with_parts=True) == 2
    assert vault.text(SHOWN) == "Somebody else's words.\n"
    vault.remove(SHOWN)
    assert bring_back(vault, CASE, with_parts=True) == 0
    vault.sync()
    assert {path: data for path, (data, *_) in vault.files().items()} == before


def test_parts_of_nothing(vault):
    with pytest.raises(Usage, match="needs the ID of a case"):
        bring_back(vault, "", with_parts=True)


def test_what_was_edited_and_not_yet_synced_goes_as_it_is(vault):
    vault.edit(NOTE, "a week", "a month")
    take_away(vault)
    bring_back(vault)
    assert "a month" in vault.text(NOTE)


def test_a_note_in_another_unicode_form_goes_too(vault):
    import os
    import unicodedata

    os.rename(vault.root / NOTE, vault.root / unicodedata.normalize("NFD", "Topics/Sourdöugh.md"))
    vault.settle()
    assert take_away(vault) == 0
    assert os.listdir(vault.root / "Topics") == []


def test_what_is_there_again_is_not_covered(vault):
    take_away(vault)
    vault.put(NOTE, "something else\n")
    with pytest.raises(AlreadyThere):
        bring_back(vault)
    assert vault.text(NOTE) == "something else\n"
    assert vault.file(TOPIC) not in vault.files()


@pytest.mark.parametrize("lost", ["file", "note"])
def test_what_went_since_the_last_pass_is_kept_before_an_older_version_takes_its_place(vault, lost):
    take_away(vault)
    bring_back(vault)
    if lost == "file":
        vault.change(TOPIC, extras={"source": "of the newer file"})
    else:
        own = "\n- of the newer note" if vault.dialect == "logseq" else "\n%% of the newer note %%\n"
        vault.put(NOTE, vault.text(NOTE) + own)
    vault.settle()
    vault.remove(vault.file(TOPIC) if lost == "file" else NOTE)
    assert bring_back(vault) == 0
    kept = [path.read_text() for path in (vault.root / ".twinpage/trash").rglob("*") if path.is_file()]
    assert any(f"of the newer {lost}" in text for text in kept)


def test_back_twice(vault):
    take_away(vault)
    assert bring_back(vault) == 0
    assert bring_back(vault) == 0
    assert "back already" in vault.out.getvalue()


def test_a_list(vault):
    assert bring_back(vault, "") == 0
    assert "empty" in vault.out.getvalue()
    take_away(vault)
    bring_back(vault, "")
    assert TOPIC in vault.out.getvalue()
    assert NOTE in vault.out.getvalue()
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d  topics/", vault.out.getvalue()), "as `trash` tells it"


def test_unknown_names(vault):
    with pytest.raises(UnknownWord):
        take_away(vault, "topics/sourdoug")
    with pytest.raises(UnknownWord):
        bring_back(vault, "topics/nothing")
    vault.assert_still()


def test_a_removal_that_the_system_refuses_keeps_the_rest(vault):
    (vault.root / NOTE).chmod(0o444)
    before = vault.text(NOTE)
    with pytest.raises(Exception, match="could not be written"):
        take_away(vault)
    assert vault.text(NOTE) == before
    (vault.root / NOTE).chmod(0o644)
    vault.sync()
    everywhere = [path.read_text() for path in vault.root.rglob("*sourdough.json")]
    assert any("a week at sea" in text for text in everywhere)


@pytest.fixture
def torn(vault):
    """A journey is in conflict."""
    vault.edit("Journeys/Morning run.md", "Bread against coins", "Bread against shells")
    journey = vault.value(JOURNEY)
    journey["stages"][1]["description"] = "Bread against songs."
    vault.change(JOURNEY, stages=journey["stages"])
    assert vault.sync().exit_code == 1
    return vault


def test_what_waits_elsewhere_is_no_failure_of_these_commands(torn):
    assert take_away(torn) == 0
    assert bring_back(torn) == 0
    assert new.run(vault=torn.root, kind="topic", name="Rye", case="", target="", terminal=torn.terminal) == 0
    assert "conflict" not in torn.err.getvalue()


def test_what_waits_for_the_artifact_itself_is_told(vault):
    clash = OpenConflict(JOURNEY, vault.file(JOURNEY), "", "/goal", None, None, "Bread.", "note")
    held = HeldTwin(TOPIC, NOTE, "Its fence is never closed; close it.", 7)
    outcome = SyncOutcome(conflicts=(clash,), held=(held,))
    assert code_after(outcome, vault.terminal, (BAKER,)) == 0
    assert vault.err.getvalue() == ""
    assert code_after(outcome, vault.terminal, (TOPIC, JOURNEY)) == 1
    assert vault.err.getvalue() == (
        f"held {NOTE}:7 Its fence is never closed; close it.\n"
        f"{JOURNEY} has an open conflict: `twinpage conflicts` shows both sides and how to end it.\n"
    )
    assert code_after(SyncOutcome(not_written=("It could not be written; mend that.",)), vault.terminal, ()) == 2
    assert vault.err.getvalue().endswith("It could not be written; mend that.\n")


@pytest.mark.parametrize("twin", ["note", "file"])
def test_what_it_names_was_renamed_meanwhile(vault, twin):
    """Its links lead to the same notes as before, whatever these are called by now."""
    note = vault.note(JOURNEY)
    vault.remove(note if twin == "note" else vault.file(JOURNEY))
    vault.settle()
    (vault.root / SHOWN).rename(vault.root / "Profiles/Captain.md")
    vault.age("Profiles/Captain.md")
    vault.settle()
    assert bring_back(vault, JOURNEY) == 0
    assert "[[Captain]]" in vault.text(note)
    assert vault.value(JOURNEY)["profile"] == BAKER
    vault.settle()
