"""What a pass does to a real vault, in both dialects; after each, another pass has nothing to do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time

import pytest

from twinpage.commands import check
from twinpage.commands import sync as sync_command
from twinpage.edge import clock
from twinpage.workspace.ground import open_ground

CASE, SEGMENT, BAKER = "harbour", "harbour/segments/boats", "harbour/profiles/skipper"
JOURNEY, STRATEGY = "harbour/journeys/morning-run", "harbour/sales-strategies/quay"
TOPIC = "topics/sourdough"


def actions(outcome):
    return {change.path: change.action for change in outcome.changes}


def reasons(outcome):
    return " ".join(held.because for held in outcome.held)


def property_line(vault, key, value):
    return f"{key}:: {value}\n" if vault.dialect == "logseq" else f"{key}: {value}\n"


def private(vault):
    """Remarks of a note's owner, which no twin may touch: (where it goes, its text)."""
    if vault.dialect == "logseq":
        return "\n- #todo call the   harbour master\n  id:: 64f0\n\t- {{query (todo now)}}\n"
    return "\n## My own\n\n* call the   harbour master %%soon%%\n\n| a |\n|--|\n"


class TestFirstPass:
    def test_notes_are_made_and_nothing_else(self, empty, clock_of_test):
        for artifact in (CASE, SEGMENT, BAKER, JOURNEY, STRATEGY, TOPIC):
            empty.artifact(artifact)
        before = empty.files()
        outcome = empty.sync()
        assert outcome.exit_code == 0
        assert set(actions(outcome).values()) == {"created"}
        assert empty.notes() == [
            "Cases/Harbour Bakery.md",
            "Journeys/Morning run.md",
            "Profiles/Skipper.md",
            "Sales strategies/Win the quay.md",
            "Segments/Boats on the quay.md",
            "Topics/Sourdough.md",
        ]
        assert {path: empty.files()[path] for path in before} == before
        assert clock_of_test.slept == []
        empty.assert_still()

    def test_links_lead_to_titles(self, vault):
        assert "[[Skipper]]" in vault.text("Journeys/Morning run.md")
        assert "[[Harbour Bakery]]" in vault.text("Profiles/Skipper.md")

    def test_the_profile_shows_its_journey_and_strategy(self, vault):
        embed = "{{{{embed [[{}]]}}}}" if vault.dialect == "logseq" else "![[{}]]"
        note = vault.text("Profiles/Skipper.md")
        assert embed.format("Morning run") in note
        assert embed.format("Win the quay") in note

    def test_a_title_that_is_taken(self, empty):
        empty.put("Diary/skipper.md", "captain's log\n")
        for artifact in (CASE, SEGMENT, BAKER):
            empty.artifact(artifact)
        empty.settle()
        assert empty.text("Diary/skipper.md") == "captain's log\n"
        assert empty.note(BAKER) == "Profiles/Skipper (Harbour Bakery).md"
        assert property_line(empty, "name", "Skipper") in empty.text(empty.note(BAKER))

    def test_an_ordinary_note_is_left_alone(self, vault):
        vault.put("Diary.md", "- nothing\n\r\n\tmixed   \n")
        vault.settle()
        assert vault.text("Diary.md") == "- nothing\n\r\n\tmixed   \n"


class TestOneSide:
    def test_the_note_changed(self, vault):
        vault.edit("Journeys/Morning run.md", "Bread against coins.", "Bread against *two* coins.")
        outcome = vault.settle()
        assert actions(outcome) == {vault.file(JOURNEY): "updated"}
        assert vault.value(JOURNEY)["stages"][1]["description"] == "Bread against *two* coins."
        assert vault.value(BAKER)["extras"] == {"source": "logbook"}

    def test_the_file_changed_and_private_text_stays(self, vault):
        own = private(vault)
        vault.put("Journeys/Morning run.md", vault.text("Journeys/Morning run.md") + own)
        vault.settle()
        value = vault.value(JOURNEY)
        value["stages"][0]["emotion"] = 2
        value["goal"] = "Warm bread."
        vault.write(JOURNEY, value)
        before = vault.text("Journeys/Morning run.md")
        outcome = vault.settle()
        assert actions(outcome) == {"Journeys/Morning run.md": "updated"}
        after = vault.text("Journeys/Morning run.md")
        assert own in after
        assert "Warm bread.\n" in after
        assert "Nobody waits on deck." not in after
        assert after.count("\n") <= before.count("\n")

    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no mark", "byte order mark"])
    def test_line_ends_and_marks_are_kept(self, vault, mark):
        note = "Journeys/Morning run.md"
        data = mark + vault.text(note).replace("\n", "\r\n").encode()
        vault.put(note, data)
        assert vault.settle().changes == ()
        value = vault.value(JOURNEY)
        value["stages"].append({"id": "wave", "name": "Waving", "description": "Until tomorrow.\n\nOr not."})
        value["goal"] = "Bread.\n\nAnd cake."
        value["last-reviewed"] = "2026-05-01"
        vault.write(JOURNEY, value)
        vault.settle()
        after = (vault.root / note).read_bytes()
        assert after.startswith(mark)
        assert b"Or not." in after
        assert after.count(b"\n") == after.count(b"\r\n")

    def test_only_hidden_fields_changed(self, vault):
        vault.change(BAKER, extras={"source": "harbour master"})
        assert vault.settle().changes == ()
        vault.edit("Profiles/Skipper.md", "[[Boats on the quay]]", "[[Boats on the quay|boats]]")
        vault.settle()
        assert vault.value(BAKER)["extras"] == {"source": "harbour master"}

    def test_an_artifact_file_in_another_form_is_not_rewritten(self, vault):
        vault.put(vault.file(TOPIC), json.dumps(vault.value(TOPIC)))
        assert vault.settle().changes == ()

    def test_a_new_item_in_each(self, vault):
        value = vault.value(JOURNEY)
        value["stages"].append({"id": "wave", "name": "Waving", "description": "Until tomorrow."})
        vault.write(JOURNEY, value)
        vault.settle()
        assert "### Waving" in vault.text("Journeys/Morning run.md")
        heading = "- ### Free roll" if vault.dialect == "logseq" else "### Free roll"
        new = heading.replace("Free roll", "Tide table")
        strategies = "Sales strategies/Win the quay.md"
        body = "\t" + new + "\n\t\t- Printed on the bag.\n" if vault.dialect == "logseq" else new + "\nPrinted.\n\n"
        text = vault.text(strategies)
        at = text.index("\t" + heading if vault.dialect == "logseq" else heading)
        vault.put(strategies, text[:at] + body + text[at:])
        vault.settle()
        assert [item["id"] for item in vault.value(STRATEGY)["items"]] == ["tide-table", "free-roll"]

    def test_an_item_that_the_file_removed_leaves_what_was_private(self, vault):
        note = "Journeys/Morning run.md"
        text = vault.text(note)
        if vault.dialect == "logseq":
            more = "\t\t- Bread against coins.\n\t\t- Pains\n\t\t\t- Wet coins\n\t\t- TODO ask Bo\n"
            vault.put(note, text.replace("\t\t- Bread against coins.\n", more))
        else:
            vault.put(note, text.replace("- Moment of truth: yes\n", "- Moment of truth: yes\n\nask Bo about change\n"))
        first = vault.sync()
        assert first.exit_code == 0
        assert "ask Bo" not in str(vault.value(JOURNEY))
        value = vault.value(JOURNEY)
        value["stages"] = value["stages"][:1]
        vault.write(JOURNEY, value)
        vault.settle()
        before, _, kept = vault.text(note).partition("Kept")
        assert "Handing over" not in before
        assert "ask Bo" in kept

    def test_the_name(self, vault):
        vault.change(TOPIC, name="Sour bread")
        vault.settle()
        assert "Topics/Sourdough.md" in vault.files()
        assert property_line(vault, "name", "Sour bread") in vault.text("Topics/Sourdough.md")
        vault.change(TOPIC, name="Sourdough")
        vault.settle()
        assert vault.value(TOPIC)["name"] == "Sourdough"

    def test_a_note_that_is_renamed_and_moved_in_the_app(self, vault):
        os.rename(vault.root / "Topics/Sourdough.md", vault.root / "Sour Bread.md")
        outcome = vault.settle()
        assert actions(outcome) == {vault.file(TOPIC): "updated"}
        assert vault.value(TOPIC)["name"] == "Sour Bread"
        assert vault.note(TOPIC) == "Sour Bread.md"

    def test_a_renamed_note_with_its_links(self, vault):
        os.rename(vault.root / "Profiles/Skipper.md", vault.root / "Profiles/Captain.md")
        for path in ("Journeys/Morning run.md", "Sales strategies/Win the quay.md"):
            vault.edit(path, "[[Skipper]]", "[[Captain]]")
        outcome = vault.settle()
        assert actions(outcome) == {vault.file(BAKER): "updated"}
        assert vault.value(JOURNEY)["profile"] == BAKER

    def test_a_note_that_only_moves(self, vault):
        (vault.root / "Deep/er").mkdir(parents=True)
        os.rename(vault.root / "Topics/Sourdough.md", vault.root / "Deep/er/Sourdough.md")
        assert vault.settle().changes == ()
        vault.change(TOPIC, body="It keeps for a month.")
        assert actions(vault.settle()) == {"Deep/er/Sourdough.md": "updated"}


class TestBothSides:
    def test_other_fields_merge(self, vault):
        vault.edit("Journeys/Morning run.md", "Nobody waits on deck.", "Nobody waits in the rain.")
        vault.change(JOURNEY, last_reviewed="2026-04-01")
        outcome = vault.settle()
        assert set(actions(outcome).values()) == {"merged"}
        assert vault.value(JOURNEY)["goal"].endswith("in the rain.")
        assert vault.value(JOURNEY)["last-reviewed"] == "2026-04-01"
        assert "2026-04-01" in vault.text("Journeys/Morning run.md")

    def test_paragraphs_of_one_text_merge(self, vault):
        vault.edit("Journeys/Morning run.md", "Nobody waits on deck.", "Nobody waits in the rain.")
        vault.change(JOURNEY, goal="Hot bread before the tide turns.\n\nNobody waits on deck.")
        vault.settle()
        expected = "Hot bread before the tide turns.\n\nNobody waits in the rain."
        assert vault.value(JOURNEY)["goal"] == expected
        assert "Hot bread before the tide turns." in vault.text("Journeys/Morning run.md")

    def test_the_same_edit_on_both_sides(self, vault):
        vault.edit("Topics/Sourdough.md", "a week at sea", "a month at sea")
        vault.change(TOPIC, body="It keeps for a month at sea.")
        assert vault.settle().changes == ()
        vault.edit("Topics/Sourdough.md", "a month at sea", "a year at sea")
        assert actions(vault.settle()) == {vault.file(TOPIC): "updated"}

    def test_the_same_field_is_a_conflict_in_both(self, vault):
        note = "Topics/Sourdough.md"
        vault.edit(note, "a week at sea", "a month at sea")
        vault.change(TOPIC, body="It keeps for a year at sea.", aliases=["Levain"])
        outcome = vault.sync()
        assert outcome.exit_code == 1
        (found,) = outcome.conflicts
        assert (found.artifact, found.pointer, found.from_) == (TOPIC, "/body", "note")
        value = vault.value(TOPIC)
        assert value["body"] == "It keeps for a year at sea."
        assert value["conflicts"] == [
            {
                "pointer": "/body",
                "base": "It keeps for a week at sea.",
                "other": "It keeps for a month at sea.",
                "from": "note",
            }
        ]
        text = vault.text(note)
        assert "It keeps for a month at sea." in text
        assert "It keeps for a year at sea." in text
        assert "Levain" in text
        assert "twinpage conflict: " in text
        again = vault.assert_still()
        assert again.exit_code == 1
        assert again.conflicts == outcome.conflicts

    def test_editing_the_note_to_agree_ends_a_conflict(self, vault):
        note = "Topics/Sourdough.md"
        before = vault.text(note)
        self.test_the_same_field_is_a_conflict_in_both(vault)
        place = "- It keeps for a month at sea." if vault.dialect == "logseq" else "\nIt keeps for a month at sea."
        vault.edit(note, place, place.replace("month", "year"))
        vault.settle()
        assert "conflicts" not in vault.value(TOPIC)
        assert "twinpage conflict" not in vault.text(note)
        for line in before.replace("week", "year").split("\n"):
            assert line in vault.text(note)
        assert vault.text(note).count("\n") <= before.count("\n") + 2

    def test_editing_the_file_to_agree_ends_a_conflict(self, vault):
        self.test_the_same_field_is_a_conflict_in_both(vault)
        vault.change(TOPIC, body="It keeps for a month at sea.")
        vault.settle()
        assert "conflicts" not in vault.value(TOPIC)
        assert "twinpage conflict" not in vault.text("Topics/Sourdough.md")

    def test_a_conflict_does_not_stop_the_rest(self, vault):
        self.test_the_same_field_is_a_conflict_in_both(vault)
        vault.change(TOPIC, tags=["dough"])
        vault.edit("Journeys/Morning run.md", "Bread against coins.", "Bread against chits.")
        outcome = vault.sync()
        assert outcome.exit_code == 1
        assert "dough" in vault.text("Topics/Sourdough.md")
        assert vault.value(JOURNEY)["stages"][1]["description"] == "Bread against chits."
        vault.assert_still()


class TestGone:
    def test_a_note_that_is_gone_is_looked_at_twice(self, vault, clock_of_test):
        before = vault.text(vault.file(TOPIC))
        vault.remove("Topics/Sourdough.md")
        outcome = vault.settle()
        assert clock_of_test.slept == [pytest.approx(2.5)]
        assert actions(outcome) == {vault.file(TOPIC): "trashed"}
        assert vault.file(TOPIC) not in vault.files()
        (kept,) = (vault.root / ".twinpage/trash").glob("*/files")
        assert (kept / vault.file(TOPIC)).read_text() == before
        assert "It keeps for a week at sea." in (kept / "Topics/Sourdough.md").read_text()

    def test_a_note_that_comes_back_in_time(self, vault, clock_of_test, monkeypatch):
        text = vault.text("Topics/Sourdough.md")
        vault.remove("Topics/Sourdough.md")

        def sleep(seconds):
            clock_of_test.sleep(seconds)
            vault.put("Topics/Sourdough.md", text.replace("week", "month"))

        monkeypatch.setattr(clock, "sleep", sleep)
        outcome = vault.sync()
        assert outcome.exit_code == 0
        assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."

    def test_a_conflict_over_what_is_gone_stays_one_in_a_third_look(self, vault, clock_of_test, monkeypatch):
        at = vault.text("Sales strategies/Win the quay.md").index("- ## " if vault.dialect == "logseq" else "## ")
        vault.put("Sales strategies/Win the quay.md", vault.text("Sales strategies/Win the quay.md")[:at])
        vault.change(STRATEGY, items=[{"id": "free-roll", "name": "Free roll", "description": "Two for each."}])

        def sleep(seconds):
            clock_of_test.sleep(seconds)
            (vault.root / "Topics/Sourdough.md").unlink(missing_ok=True)  # something else is to be looked at twice

        monkeypatch.setattr(clock, "sleep", sleep)
        outcome = vault.sync()
        assert actions(outcome)[vault.file(TOPIC)] == "trashed"
        assert [(one.artifact, one.other) for one in outcome.conflicts] == [(STRATEGY, None)]
        assert STRATEGY not in [one.artifact for one in outcome.held]

    def test_a_file_that_is_gone(self, vault):
        before = vault.text("Topics/Sourdough.md")
        vault.remove(vault.file(TOPIC))
        outcome = vault.settle()
        assert actions(outcome) == {"Topics/Sourdough.md": "trashed"}
        (kept,) = (vault.root / ".twinpage/trash").glob("*/files")
        assert (kept / "Topics/Sourdough.md").read_text() == before

    def test_a_file_that_is_gone_while_its_note_was_edited(self, vault):
        vault.remove(vault.file(BAKER))
        section = "\n- ## Description\n\t- Old hand.\n" if vault.dialect == "logseq" else "## Description\nOld hand.\n"
        vault.put("Profiles/Skipper.md", vault.text("Profiles/Skipper.md") + section)
        outcome = vault.settle()
        assert actions(outcome) == {vault.file(BAKER): "created"}
        said = f"it was removed, but its note has changed since; `twinpage remove {BAKER}` removes both"
        assert [change.because for change in outcome.changes] == [said]
        assert vault.value(BAKER)["description"] == "Old hand."
        assert vault.value(BAKER)["extras"] == {"source": "logbook"}

    @pytest.mark.parametrize("text", ["", "\n", "  \n\n"])
    def test_an_emptied_note(self, vault, text):
        vault.put("Topics/Sourdough.md", text)
        outcome = vault.sync()
        assert outcome.exit_code == 0
        assert actions(outcome) == {vault.file(TOPIC): "trashed"}
        assert vault.text("Topics/Sourdough.md") == text
        vault.assert_still()

    @pytest.mark.parametrize("how", ["gone", "emptied"])
    def test_a_note_that_is_gone_while_its_file_changed(self, vault, how):
        if how == "gone":
            vault.remove("Topics/Sourdough.md")
        else:
            vault.put("Topics/Sourdough.md", "")
        vault.change(TOPIC, body="It keeps for a year.")
        outcome = vault.sync()
        assert outcome.exit_code == 1
        (found,) = outcome.conflicts
        assert (found.pointer, found.other) == ("", None)
        (entry,) = vault.value(TOPIC)["conflicts"]
        assert (entry["pointer"], entry["other"], entry["from"]) == ("", None, "note")
        assert vault.value(TOPIC)["body"] == "It keeps for a year."
        assert how == "gone" or vault.text("Topics/Sourdough.md") == ""
        assert vault.assert_still().exit_code == 1

    def test_an_emptied_profile_gets_no_embeds(self, vault):
        vault.put("Profiles/Skipper.md", "")
        vault.change(BAKER, description="Old hand.")
        vault.sync()
        assert vault.text("Profiles/Skipper.md") == ""
        vault.assert_still()

    def test_both_gone(self, vault):
        vault.remove("Topics/Sourdough.md")
        vault.remove(vault.file(TOPIC))
        assert vault.settle().changes == ()
        (kept,) = (vault.root / ".twinpage/trash").glob("*/files")
        assert "It keeps for a week at sea." in (kept / "Topics/Sourdough.md").read_text()
        assert "It keeps for a week at sea." in (kept / vault.file(TOPIC)).read_text()

    def test_all_items_of_a_list_gone(self, vault, clock_of_test):
        text = vault.text("Sales strategies/Win the quay.md")
        at = text.index("- ## Strategies" if vault.dialect == "logseq" else "## Strategies")
        vault.put("Sales strategies/Win the quay.md", text[:at])
        vault.settle()
        assert clock_of_test.slept == [pytest.approx(2.5)]
        assert "items" not in vault.value(STRATEGY)

    def test_an_excluded_note_is_not_gone(self, vault):
        vault.put("twinpage.toml", vault.text("twinpage.toml") + 'exclude = ["Topics/"]\n')
        outcome = vault.sync()
        assert vault.file(TOPIC) in vault.files()
        assert outcome.exit_code == 1
        assert "Topics/Sourdough.md" in reasons(outcome)
        vault.assert_still()
        vault.put("twinpage.toml", f'dialect = "{vault.dialect}"\n')
        assert vault.settle().changes == ()

    def test_many_removals_wait_for_a_word(self, vault):
        for number in range(8):
            vault.artifact(f"topics/t{number}", kind="topic", name=f"Topic {number}", body="Text.")
        vault.settle()
        shutil.rmtree(vault.root / "Topics")
        before = vault.files()
        outcome = vault.sync()
        assert outcome.exit_code == 1
        assert len(outcome.held) == 9
        assert "--allow-mass-delete" in reasons(outcome)
        assert vault.files() == before
        assert vault.assert_still().exit_code == 1
        outcome = vault.sync(allow_mass_delete=True)
        assert outcome.exit_code == 0
        assert set(actions(outcome).values()) == {"trashed"}
        vault.assert_still()

    def test_few_removals_do_not(self, vault):
        for number in range(4):
            vault.artifact(f"topics/t{number}", kind="topic", name=f"Topic {number}", body="Text.")
        vault.settle()
        for number in range(4):
            vault.remove(f"Topics/Topic {number}.md")
        assert len(vault.settle().changes) == 4


class TestHeld:
    def held(self, vault, path, *words):
        """Nothing is carried over, and the sentence names the place."""
        before = vault.files()
        outcome = vault.sync()
        assert outcome.exit_code == 1
        assert vault.files() == before
        (held,) = outcome.held
        assert held.path == path
        for word in words:
            assert word in held.because, held
        vault.assert_still()
        return held

    def test_a_heading_that_is_lost(self, vault):
        note = "Journeys/Morning run.md"
        good = vault.text(note)
        vault.edit(note, "## Stages", "## Steps")
        held = self.held(vault, note, "Stages")
        assert vault.text(note).split("\n")[held.line - 1].strip("-# \t") != ""
        vault.change(JOURNEY, last_reviewed="2026-05-01")
        self.held(vault, note)
        vault.put(note, good)
        vault.settle()
        assert "2026-05-01" in vault.text(note)

    def test_a_half_typed_item(self, vault):
        note = "Journeys/Morning run.md"
        vault.edit(note, "### Handing over", "#### Handing over")
        before = vault.value(JOURNEY)
        vault.sync()
        assert vault.value(JOURNEY) == before
        vault.assert_still()

    def test_a_fence_that_is_never_closed(self, vault):
        note = "Topics/Sourdough.md"
        fence = "\n\t- ```\n" if vault.dialect == "logseq" else "```\n"
        vault.put(note, vault.text(note) + fence)
        held = self.held(vault, note)
        assert "```" in vault.text(note).split("\n")[held.line - 1]

    def test_a_value_that_the_schema_refuses(self, vault):
        note = "Journeys/Morning run.md"
        line = ("emotion:: 1", "emotion:: 9") if vault.dialect == "logseq" else ("- Emotion: 1", "- Emotion: 9")
        vault.edit(note, *line)
        held = self.held(vault, note, "-2 to 2")
        assert line[1] in vault.text(note).split("\n")[held.line - 1]

    def test_a_file_that_the_schema_refuses(self, vault):
        vault.put(vault.file(TOPIC), vault.text(vault.file(TOPIC)).replace('"name": "Sourdough"', '"name": 5'))
        held = self.held(vault, vault.file(TOPIC))
        assert '"name"' in vault.text(vault.file(TOPIC)).split("\n")[held.line - 1]

    @pytest.mark.parametrize("text", ["", "{", "[]", "<<<<<<< ours\n{}\n=======\n[]\n>>>>>>> theirs\n", "\xff", "null"])
    def test_a_file_that_cannot_be_read(self, vault, text):
        vault.put(vault.file(TOPIC), text.encode("latin-1"))
        vault.edit("Topics/Sourdough.md", "a week", "a month")
        self.held(vault, vault.file(TOPIC))

    @pytest.mark.parametrize("data", [b"\xff\xfe", b"\ncut in t\xc3"])
    def test_a_note_that_is_not_utf_8(self, vault, data):
        vault.put("Topics/Sourdough.md", vault.text("Topics/Sourdough.md").encode() + data)
        vault.change(TOPIC, body="It keeps for a year.")
        self.held(vault, "Topics/Sourdough.md", "UTF-8")

    def test_properties_that_never_end(self, vault):
        if vault.dialect == "logseq":
            pytest.skip("Logseq's properties have no end to lose")
        vault.put("Topics/Sourdough.md", "---\nartifact-id: topics/sourdough\nbody")
        vault.change(TOPIC, body="It keeps for a year.")
        self.held(vault, "Topics/Sourdough.md", "never end")

    def test_a_note_that_lost_its_id(self, vault):
        note = "Topics/Sourdough.md"
        vault.edit(note, property_line(vault, "artifact-id", TOPIC), "")
        vault.edit(note, property_line(vault, "artifact-kind", "topic"), "")
        self.held(vault, note, "artifact-id")

    def test_a_dangling_link_holds_its_field_only(self, vault):
        note = "Journeys/Morning run.md"
        vault.edit(note, "[[Skipper]]", "[[Skippper]]")
        vault.edit(note, "Bread against coins.", "Bread against chits.")
        for _ in range(2):  # it stays told for as long as the link leads nowhere
            outcome = vault.sync()
            assert [(one.path, one.pointers) for one in outcome.held] == [(note, ("/profile",))]
            assert outcome.exit_code == 1
        assert vault.value(JOURNEY)["profile"] == BAKER
        assert vault.value(JOURNEY)["stages"][1]["description"] == "Bread against chits."
        assert "[[Skippper]]" in vault.text(note)
        vault.assert_still()
        vault.change(JOURNEY, last_reviewed="2026-06-01")
        vault.sync()
        assert "[[Skippper]]" in vault.text(note)
        assert "2026-06-01" in vault.text(note)
        vault.edit(note, "[[Skippper]]", "[[Skipper]]")
        vault.settle()

    def test_nothing_shows_what_is_held(self, vault):
        """An embed of a note that does not come would make an empty one as soon as somebody clicks on it."""
        stages = [{"id": "dusk", "name": "Dusk", "emotion": 9}]
        named = {"kind": "journey", "name": "Evening", "case": CASE, "profile": BAKER}
        vault.artifact("harbour/journeys/evening", **named, stages=stages)
        self.held(vault, vault.file("harbour/journeys/evening"), "-2 to 2")
        vault.artifact("harbour/journeys/evening", **named, stages=[{"id": "dusk", "name": "Dusk"}])
        vault.settle()
        assert "Evening" in vault.text("Profiles/Skipper.md")

    def test_of_an_unknown_kind(self, vault):
        vault.put("artifacts/odd.json", '{"kind": "riddle", "id": "odd", "schema": "riddle/1.0"}\n')
        self.held(vault, "artifacts/odd.json", "kind")
        vault.remove("artifacts/odd.json")
        vault.put("Odd.md", property_line(vault, "artifact-kind", "riddle").join(["---\n", "---\n"]))
        vault.sync()
        assert not (vault.root / "artifacts/odd.json").exists()
        vault.assert_still()

    def test_a_file_that_is_not_where_its_id_says(self, vault):
        os.rename(vault.root / vault.file(TOPIC), vault.root / "artifacts/topics/rye.json")
        before = vault.files()
        assert vault.sync().exit_code == 1
        assert vault.files() == before

    def test_one_broken_twin_stops_no_other(self, vault):
        vault.put(vault.file(TOPIC), "{")
        vault.put("Profiles/Skipper.md", b"\xff\xff")
        os.mkfifo(vault.root / "Pipe.md")
        os.mkfifo(vault.root / "artifacts/pipe.json")
        vault.change(JOURNEY, last_reviewed="2026-05-01")
        vault.sync()
        assert "2026-05-01" in vault.text("Journeys/Morning run.md")
        os.remove(vault.root / "Pipe.md")
        os.remove(vault.root / "artifacts/pipe.json")


class TestTwoOfOneId:
    def test_the_known_note_stays_the_twin(self, vault):
        note = "Topics/Sourdough.md"
        vault.put("Copy.md", vault.text(note).replace("a week", "a day"))
        before = vault.files()
        outcome = vault.sync()
        assert outcome.changes == ()
        assert vault.files() == before
        vault.edit(note, "a week", "a month")
        assert actions(vault.sync()) == {vault.file(TOPIC): "updated"}
        assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."

    def test_nobody_knows_which(self, vault):
        note = "Topics/Sourdough.md"
        vault.put("Copy.md", vault.text(note).replace("a week", "a day"))
        shutil.rmtree(vault.root / ".twinpage")
        before = vault.files()
        outcome = vault.sync()
        assert outcome.exit_code == 1
        assert vault.files() == before
        assert "Copy.md" in reasons(outcome)
        vault.remove("Copy.md")
        assert vault.settle().changes == ()

    def test_the_known_one_goes_and_the_copy_stays(self, vault):
        note = "Topics/Sourdough.md"
        vault.put("Copy.md", vault.text(note))
        vault.sync()
        vault.remove(note)
        outcome = vault.sync()
        assert vault.file(TOPIC) in vault.files()
        assert vault.note(TOPIC) == "Copy.md"
        assert outcome.exit_code == 0


class TestHandwritten:
    def handwritten(self, vault, key="topic", extra=""):
        lines = property_line(vault, "artifact-kind", key) + extra
        if vault.dialect == "logseq":
            return lines + "\n- ## Text\n\t- Dark and dense.\n"
        return f"---\n{lines}---\n## Text\nDark and dense.\n"

    def test_it_gets_an_id_and_a_file(self, vault):
        vault.put("Rye Bread.md", self.handwritten(vault))
        outcome = vault.settle()
        assert actions(outcome) == {"Rye Bread.md": "updated", "artifacts/topics/rye-bread.json": "created"}
        value = vault.value("topics/rye-bread")
        assert (value["name"], value["body"]) == ("Rye Bread", "Dark and dense.")
        assert vault.note("topics/rye-bread") == "Rye Bread.md"

    def test_an_id_that_is_taken(self, vault):
        vault.put("Other/Sourdough!.md", self.handwritten(vault))
        vault.settle()
        assert vault.value("topics/sourdough-2")["name"] == "Sourdough!"

    def test_what_lacks_its_case_waits_for_it(self, vault):
        vault.put("Deckhand.md", self.handwritten(vault, "segment"))
        outcome = vault.sync()
        assert outcome.exit_code == 1
        assert "case" in reasons(outcome)
        vault.assert_still()

    def test_a_note_with_an_id_of_its_own(self, vault):
        vault.put("Rye.md", self.handwritten(vault, "topic", property_line(vault, "artifact-id", "topics/rye")))
        assert actions(vault.settle()) == {"artifacts/topics/rye.json": "created"}

    def test_a_slip_in_the_id_makes_no_second_artifact(self, vault):
        note = vault.note(TOPIC)
        vault.edit(note, "artifact-id", "rtifact-id")
        slipped = vault.text(note)
        files = set(vault.files())
        assert "Put back" in reasons(vault.sync())
        assert (vault.text(note), set(vault.files())) == (slipped, files)
        vault.edit(note, "rtifact-id", "artifact-id")
        vault.settle()

    def test_a_hostile_id_is_told_where_it_stands_and_forgotten_once_it_is_gone(self, vault):
        vault.put("artifacts/evil.json", json.dumps({"kind": "case", "id": "../../../tmp/evil", "name": "Evil"}))
        vault.put("Rye.md", self.handwritten(vault, "topic", property_line(vault, "artifact-id", "../../evil")))
        outcome = vault.sync()
        assert {held.path for held in outcome.held} == {"artifacts/evil.json", "Rye.md"}
        assert "That is no id" in reasons(outcome)
        vault.remove("artifacts/evil.json")
        vault.remove("Rye.md")
        vault.settle()

    def test_what_is_too_much_for_a_file_is_flagged_as_it_is_held(self, vault):
        vault.put("Rye.md", self.handwritten(vault).replace("Dark and dense.", "Dark and dense. " * 600_000))
        assert "8 MB" in reasons(vault.sync())
        assert "error TP001 This says more than the 8 MB" in self.checked(vault)
        assert "It gets one once what else is flagged here is mended" in self.checked(vault)

    def checked(self, vault):
        check.run(
            vault=vault.root,
            paths=(),
            fix=False,
            output_format="text",
            fail_on=None,
            statistics=False,
            terminal=vault.terminal,
        )
        return vault.out.getvalue()

    @pytest.mark.parametrize(
        "artifact", ["../../evil", "/etc/evil", "a//b", "Topics/Rye", "topics/..", ".git/x", "con"]
    )
    def test_a_hostile_id_writes_nothing_anywhere(self, vault, artifact):
        vault.put("Rye.md", self.handwritten(vault, "topic", property_line(vault, "artifact-id", artifact)))
        before = vault.files()
        beside = sorted(vault.root.parent.iterdir())
        vault.sync()
        if artifact != "con":
            assert vault.files() == before
        assert sorted(vault.root.parent.iterdir()) == beside
        vault.assert_still()

    def notes_that_name_one_another(self, vault):
        link = "[[Pond]]" if vault.dialect == "logseq" else '"[[Pond]]"'
        vault.put("Pond.md", self.handwritten(vault, "case").replace("## Text", "## Summary"))
        for name, kind in (("Ducks", "segment"), ("Drake", "profile")):
            vault.put(f"{name}.md", self.handwritten(vault, kind, property_line(vault, "case", link)))

    def test_before_the_first_sync_check_says_what_is_true(self, vault):
        self.notes_that_name_one_another(vault)
        vault.edit("Drake.md", "[[Pond]]" if vault.dialect == "logseq" else '"[[Pond]]"', "Pond")
        said = self.checked(vault)
        assert "no such note" not in said
        assert "Add the property" not in said
        assert 'names the case "Pond", whose note is no artifact yet. Run `twinpage sync`' in said
        assert 'names the case "Pond", but not as a link. Write it as [[Pond]].' in said

    def test_a_name_that_is_no_link_is_told_where_it_stands(self, vault):
        self.notes_that_name_one_another(vault)
        vault.edit("Drake.md", "[[Pond]]" if vault.dialect == "logseq" else '"[[Pond]]"', "Pond")
        outcome = vault.sync()
        assert "correct the link" in reasons(outcome)
        vault.assert_still()

    def test_what_twinpage_wrote_itself_is_not_waited_for(self, vault, clock_of_test):
        self.notes_that_name_one_another(vault)
        link = "[[Drake]]" if vault.dialect == "logseq" else '"[[Drake]]"'
        lines = property_line(vault, "profile", link) + property_line(vault, "case", link.replace("Drake", "Pond"))
        text = self.handwritten(vault, "journey", lines)
        vault.put("Crossing.md", text.replace("## Text", "## Stages").replace("Dark and dense.", "### Dark"))
        clock_of_test.slept.clear()
        vault.settle()
        assert "![[Crossing]]" in vault.text("Drake.md") or "{{embed [[Crossing]]}}" in vault.text("Drake.md")
        assert clock_of_test.slept == []


class TestStateIsLost:
    def lose(self, vault):
        shutil.rmtree(vault.root / ".twinpage")

    @pytest.mark.parametrize("git", [True, False])
    def test_a_fresh_clone_is_in_step(self, vault, git):
        if git:
            vault.commit_all()
        self.lose(vault)
        before = vault.files()
        outcome = vault.sync()
        assert (outcome.exit_code, outcome.changes) == (0, ())
        assert vault.files() == before
        vault.edit("Topics/Sourdough.md", "a week", "a month")
        assert actions(vault.settle()) == {vault.file(TOPIC): "updated"}

    def test_git_knows_the_base(self, vault):
        vault.commit_all()
        self.lose(vault)
        vault.edit("Topics/Sourdough.md", "a week", "a month")
        vault.change(JOURNEY, goal="Bread.")
        outcome = vault.settle()
        assert actions(outcome) == {vault.file(TOPIC): "updated", "Journeys/Morning run.md": "updated"}
        assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."

    def test_what_a_note_lacks_without_a_base_is_not_removed(self, vault):
        vault.commit_all()
        self.lose(vault)
        text = vault.text("Journeys/Morning run.md")
        at = text.index("- ## KPIs" if vault.dialect == "logseq" else "## KPIs")
        vault.put("Journeys/Morning run.md", text[:at])
        assert vault.settle().changes == ()
        assert "kpis" in vault.value(JOURNEY)

    def test_nobody_knows_the_base(self, vault):
        self.lose(vault)
        vault.edit("Topics/Sourdough.md", "a week", "a month")
        outcome = vault.sync()
        assert outcome.exit_code == 1
        (found,) = outcome.conflicts
        assert (found.pointer, found.base) == ("/body", None)
        assert vault.value(TOPIC)["body"] == "It keeps for a week at sea."
        assert vault.assert_still().exit_code == 1

    def test_a_renamed_item_is_known_again_while_its_conflict_is_open(self, vault):
        self.lose(vault)
        note = "Journeys/Morning run.md"
        vault.put(note, vault.text(note).replace("Whistle", "Hooter").replace("is heard", "is near"))
        outcome = vault.sync()
        assert {found.pointer for found in outcome.conflicts} >= {"/stages/whistle/name"}
        assert vault.assert_still().conflicts == outcome.conflicts

    def test_what_an_open_conflict_told_of_a_note_that_nobody_remembers_is_kept(self, vault):
        vault.edit("Topics/Sourdough.md", "a week", "a month")
        vault.change(TOPIC, body="It keeps for a year.")
        vault.sync()
        vault.remove("Topics/Sourdough.md")
        self.lose(vault)
        vault.settle()
        assert "It keeps for a year." in vault.text("Topics/Sourdough.md")
        (kept,) = (vault.root / ".twinpage/trash").glob("*/files")
        assert "a month" in (kept / vault.file(TOPIC)).read_text()

    def test_a_removal_that_nobody_remembers_is_undone(self, vault):
        self.lose(vault)
        vault.remove("Topics/Sourdough.md")
        outcome = vault.settle()
        assert actions(outcome) == {"Topics/Sourdough.md": "created"}

    def test_a_corrupt_state(self, vault):
        vault.put(".twinpage/state.db", b"no database at all" * 100)
        before = vault.files()
        outcome = vault.sync()
        assert (outcome.exit_code, outcome.changes) == (0, ())
        assert vault.files() == before
        assert "made anew" in vault.err.getvalue()


class TestEmbeds:
    def example(self, vault):
        vault.artifact(
            "artifact-types/profile-id/journey",
            kind="artifact-type",
            name="Journey",
            format="text",
            **{"metamodel-id": "profile-(id)/journey"},
        )

    def embed(self, vault, title):
        return f"{{{{embed [[{title}]]}}}}" if vault.dialect == "logseq" else f"![[{title}]]"

    def test_examples_are_added_once(self, vault):
        self.example(vault)
        vault.settle()
        note = vault.note("artifact-types/profile-id/journey")
        assert vault.text(note).count(self.embed(vault, "Morning run")) == 1

    def test_a_new_partner_is_shown_and_one_that_is_gone_is_not(self, vault):
        own = private(vault)
        vault.put("Profiles/Skipper.md", vault.text("Profiles/Skipper.md") + own)
        vault.settle()
        vault.artifact(
            "harbour/journeys/evening", kind="journey", name="Evening", case=CASE, profile=BAKER, stages=[
                {"id": "dusk", "name": "Dusk"}
            ]
        )  # fmt: skip
        vault.settle()
        assert vault.text("Profiles/Skipper.md").count(self.embed(vault, "Evening")) == 1
        vault.remove(vault.file("harbour/journeys/evening"))
        vault.settle()
        assert self.embed(vault, "Evening") not in vault.text("Profiles/Skipper.md")
        assert self.embed(vault, "Morning run") in vault.text("Profiles/Skipper.md")
        assert own in vault.text("Profiles/Skipper.md")

    def test_an_embed_that_somebody_removed_comes_back_and_one_of_theirs_stays(self, vault):
        vault.put("Diary.md", "log\n")
        line = self.embed(vault, "Morning run")
        vault.edit("Profiles/Skipper.md", line, line + " " + self.embed(vault, "Diary"))
        vault.settle()
        assert self.embed(vault, "Diary") in vault.text("Profiles/Skipper.md")

    def test_any_form_of_embed_counts(self, vault):
        other = "![[Journeys/Morning run|run]]" if vault.dialect == "obsidian" else "{{embed  [[morning run]]}}"
        vault.edit("Profiles/Skipper.md", self.embed(vault, "Morning run"), other)
        assert vault.settle().changes == ()


class TestTyping:
    def test_a_note_that_was_just_saved_is_not_written_at_once(self, vault, clock_of_test):
        note = "Journeys/Morning run.md"
        vault.put(note, vault.text(note).replace("coins", "chits"), new=True)
        vault.change(JOURNEY, last_reviewed="2026-05-01")
        outcome = vault.sync()
        assert outcome.exit_code == 0
        assert sum(clock_of_test.slept) == pytest.approx(3.0, abs=0.5)
        assert note in vault.err.getvalue()
        assert "2026-05-01" in vault.text(note)
        assert vault.value(JOURNEY)["stages"][1]["description"] == "Bread against chits."
        vault.assert_still()

    def test_reading_it_need_not_wait(self, vault, clock_of_test):
        note = "Journeys/Morning run.md"
        vault.put(note, vault.text(note).replace("coins", "chits"), new=True)
        assert vault.settle().exit_code == 0
        assert clock_of_test.slept == []

    def test_bytes_of_ours_need_no_waiting(self, vault, clock_of_test):
        for day in ("2026-05-01", "2026-05-02"):
            vault.change(JOURNEY, last_reviewed=day)
            assert vault.sync().exit_code == 0
        assert clock_of_test.slept == []

    def test_somebody_who_never_stops_typing_is_never_written_over(self, vault, clock_of_test, monkeypatch):
        note = "Journeys/Morning run.md"
        text = vault.text(note)
        typed = []

        def type_on(seconds):
            typed.append(f"{seconds}")
            clock_of_test.sleep(seconds)
            vault.put(note, text.replace("coins", f"coins {len(typed)}"))
            now = clock.now_ns() / 1e9
            os.utime(vault.root / note, (now, now))

        type_on(0)
        monkeypatch.setattr(clock, "sleep", type_on)
        vault.change(JOURNEY, last_reviewed="2026-05-01")
        outcome = vault.sync()
        assert outcome.exit_code == 1
        assert "2026-05-01" not in vault.text(note)
        assert f"coins {len(typed)}" in vault.text(note)

    def test_for_real(self, tmp_path, monkeypatch, vault):
        monkeypatch.setattr(clock, "sleep", time.sleep)
        monkeypatch.setattr(clock, "now_ns", time.time_ns)
        if vault.dialect == "logseq":
            return
        note = "Journeys/Morning run.md"
        vault.put(note, vault.text(note).replace("coins", "chits"), new=True)
        vault.change(JOURNEY, last_reviewed="2026-05-01")
        begun = time.monotonic()
        assert vault.sync().exit_code == 0
        assert 2 < time.monotonic() - begun < 6
        assert "2026-05-01" in vault.text(note)


class TestDryRun:
    def test_it_tells_and_writes_nothing(self, vault):
        vault.edit("Topics/Sourdough.md", "a week", "a month")
        vault.change(JOURNEY, last_reviewed="2026-05-01")
        vault.artifact("topics/rye", kind="topic", name="Rye")
        before = vault.files()
        planned = vault.sync(dry_run=True)
        assert vault.files() == before
        assert planned.planned
        again = vault.sync(dry_run=True)
        assert again.changes == planned.changes
        done = vault.settle()
        assert actions(done) == actions(planned)

    def test_a_removal_is_planned_too(self, vault):
        vault.remove("Topics/Sourdough.md")
        before = vault.files()
        vault.sync(dry_run=True)
        assert vault.files() == before


class TestCommand:
    def run(self, vault, output_format="text", **options):
        named = {"dry_run": False, "allow_mass_delete": False, **options}
        return sync_command.run(vault=vault.root, output_format=output_format, terminal=vault.terminal, **named)

    def test_in_words(self, vault):
        vault.edit("Topics/Sourdough.md", "a week", "a month")
        assert self.run(vault) == 0
        assert vault.file(TOPIC) in vault.out.getvalue()
        assert self.run(vault) == 0

    def test_as_json(self, vault):
        vault.edit("Topics/Sourdough.md", "a week", "a month")
        vault.put(vault.file(STRATEGY), "{")
        assert self.run(vault, "json") == 1
        told = json.loads(vault.out.getvalue())
        assert told["format"] == 1
        assert told["changes"] == [
            {"path": vault.file(TOPIC), "action": "updated", "artifact": TOPIC, "because": "the note changed"}
        ]
        assert told["held"][0]["path"] == vault.file(STRATEGY)

    def test_what_the_system_refuses_is_exit_code_2(self, vault):
        (vault.root / vault.file(TOPIC)).chmod(0o444)
        vault.edit("Topics/Sourdough.md", "a week", "a month")
        vault.edit("Journeys/Morning run.md", "coins", "chits")
        assert self.run(vault) == 2
        assert vault.file(TOPIC) in vault.err.getvalue()
        assert vault.value(JOURNEY)["stages"][1]["description"] == "Bread against chits."
        (vault.root / vault.file(TOPIC)).chmod(0o644)
        assert self.run(vault) == 0
        assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."


def test_after_another_branch_was_checked_out_only_the_note_counts_as_changed(vault):
    """What is remembered is of the branch from before: git's checkout is nobody's change."""
    vault.commit_all()
    vault.git("branch", "-m", "main")
    vault.git("checkout", "-qb", "side")
    vault.change(JOURNEY, goal="Of the side.")
    vault.settle()
    vault.commit_all()
    vault.git("checkout", "-q", "main")
    vault.edit("Journeys/Morning run.md", "Bread against coins.", "Bread against shells.")
    (change,) = vault.sync().changes
    assert (change.action, change.because) == ("updated", "the note changed")


def test_what_a_killed_process_left_half_written_goes_though_nothing_changed(vault):
    vault.sync()
    time.sleep(0.1)  # what was changed just now is not trusted
    vault.sync()
    ground = open_ground(vault.root)
    assert ground.in_step()
    ground.close()
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = vault.root / f".twinpage/tmp/{dead.pid}-1-abcdef-old-since-1"
    left.write_text("as it was before", encoding="utf-8")
    vault.sync()
    assert not left.exists()
