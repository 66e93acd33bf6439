"""What random walks and refused calls found, each as small as it can be told."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3

import pytest

from twinpage.commands import resolve
from twinpage.edge.disk import Disk
from twinpage.errors import NotRead, NotWritten
from twinpage.workspace import handover
from twinpage.workspace.carrying.passes import run_on
from twinpage.workspace.flagging.flags import take_flags
from twinpage.workspace.look import look

CASE, BAKER, JOURNEY, TOPIC = "harbour", "harbour/profiles/skipper", "harbour/journeys/morning-run", "topics/sourdough"
NOTE, TYPE = "Journeys/Morning run.md", "artifact-types/profile-id/journey"


def trash(vault):
    home = vault.root / ".twinpage/trash"
    return "".join(path.read_text() for path in sorted(home.rglob("*")) if path.is_file())


def checked_out(vault, files):
    """The files of an earlier moment, and no others, as git puts them there."""
    for path in vault.files():
        if path not in files:
            vault.remove(path)
    for path, (data, _, _) in files.items():
        vault.put(path, data)


def without_id(vault, artifact, path):
    mark = "artifact-id:: " if vault.dialect == "logseq" else "artifact-id: "
    vault.edit(path, f"{mark}{artifact}\n", "")


def example(vault, **fields):
    vault.artifact(
        TYPE, kind="artifact-type", name="Journey", format="text", **{"metamodel-id": "profile-(id)/journey"}, **fields
    )


def another_journey(vault):
    stages = [{"id": "dusk", "name": "Dusk"}]
    vault.artifact("harbour/journeys/evening", kind="journey", name="Evening", case=CASE, profile=BAKER, stages=stages)


class TestCheckout:
    def test_a_note_that_was_another_artifact_meanwhile(self, vault):
        before = vault.files()
        vault.edit("Topics/Sourdough.md", f"{TOPIC}\n", f"{TOPIC}-2\n")
        assert vault.sync().exit_code == 1
        assert (vault.root / vault.file("topics/sourdough-2")).exists()
        checked_out(vault, before)
        outcome = vault.settle()
        assert (outcome.changes, outcome.held) == ((), ())
        assert "topics/sourdough-2" in trash(vault)

    def test_stages_that_others_replaced_meanwhile(self, vault):
        before = vault.files()
        stages = vault.value(JOURNEY)["stages"]
        vault.change(JOURNEY, stages=[{"id": "bell", "name": "Whistle", "description": "Rung."}, stages[1]])
        vault.settle()
        checked_out(vault, before)
        outcome = vault.settle()
        assert (outcome.changes, outcome.conflicts) == ((), ())


class TestNothingIsLost:
    def test_a_copy_that_takes_the_place_of_its_note(self, vault):
        """What only the note said that is gone is in the trash, as it is when no copy stays."""
        vault.put("Copy.md", vault.text("Topics/Sourdough.md"))
        own = "\n- my own remark\n" if vault.dialect == "logseq" else "\n## Mine\nmy own remark\n"
        vault.put("Topics/Sourdough.md", vault.text("Topics/Sourdough.md") + own)
        vault.sync()
        vault.remove("Topics/Sourdough.md")
        vault.sync()
        assert vault.note(TOPIC) == "Copy.md"
        assert "my own remark" in trash(vault)

    def test_a_note_that_was_only_moved_needs_no_trash(self, vault):
        (vault.root / "Topics/Sourdough.md").rename(vault.root / "Elsewhere.md")
        vault.settle()
        assert trash(vault) == ""

    def test_a_file_that_goes_while_a_conflict_is_open(self, vault):
        """What it said stands in the note's box alone, and the box goes."""
        vault.edit("Topics/Sourdough.md", "a week", "a month")
        vault.change(TOPIC, body="It keeps for a year.")
        assert vault.sync().exit_code == 1
        vault.remove(vault.file(TOPIC))
        vault.settle()
        assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."
        assert "a year" in trash(vault)

    def test_what_a_conflict_tells_of_a_note_that_a_copy_replaced_while_nothing_is_remembered(self, vault):
        note = "Topics/Sourdough.md"
        copy = vault.text(note)
        vault.edit(note, "a week", "a month")
        vault.change(TOPIC, body="It keeps for a year.")
        assert vault.sync().exit_code == 1
        vault.put("Copy.md", copy)
        vault.remove(note)
        (vault.root / ".twinpage/state.db").unlink()
        vault.sync()
        everywhere = trash(vault) + "".join(data.decode() for data, _, _ in vault.files().values())
        assert "a month" in everywhere


class TestInOnePass:
    def test_a_note_that_waits_for_one_that_this_pass_makes(self, vault):
        shutil.rmtree(vault.root / ".twinpage")
        vault.remove("Cases/Harbour Bakery.md")
        without_id(vault, BAKER, "Profiles/Skipper.md")
        vault.sync()
        before = vault.files()
        assert vault.sync().changes == ()
        assert vault.files() == before

    def test_examples_of_a_type_that_gets_its_file_from_its_note(self, vault):
        example(vault)
        vault.settle()
        shutil.rmtree(vault.root / ".twinpage")
        vault.remove(vault.file(TYPE))
        another_journey(vault)
        vault.sync()
        assert "Evening" in vault.text("Artifact types/Journey.md")
        vault.assert_still()

    def test_conflicts_are_told_in_the_order_of_their_artifacts(self, vault):
        vault.edit("Topics/Sourdough.md", "a week", "a month")
        vault.change(TOPIC, body="It keeps for a year.")
        vault.remove("Cases/Harbour Bakery.md")
        vault.change(CASE, summary="Bread by boat.")
        first, again = vault.sync(), vault.sync()
        assert [one.artifact for one in first.conflicts] == [CASE, TOPIC]
        assert again.conflicts == first.conflicts


class TestHeld:
    def test_a_note_by_hand_that_waits_is_told_each_time(self, vault, monkeypatch):
        text = "artifact-kind:: profile\n" if vault.dialect == "logseq" else "---\nartifact-kind: profile\n---\n"
        vault.put("Sailor.md", text)
        first = vault.sync()
        assert [one.path for one in first.held] == ["Sailor.md"]
        monkeypatch.setattr(Disk, "trusted", staticmethod(lambda stat: stat))  # as if all files had rested
        for _ in range(3):
            again = vault.sync()
            assert (again.held, again.exit_code) == (first.held, 1)

    def test_the_order_of_stages_is_decided_where_no_base_is_known(self, vault):
        shutil.rmtree(vault.root / ".twinpage")
        vault.edit(NOTE, "coins", "chits")
        vault.change(JOURNEY, stages=vault.value(JOURNEY)["stages"][::-1])
        assert "/stages" in {one.pointer for one in vault.sync().conflicts}
        fields = (("/stages", "note"),)
        resolve.run(vault=vault.root, artifact=JOURNEY, take="", fields=fields, edit=False, terminal=vault.terminal)
        assert {one.pointer for one in vault.sync().conflicts} == {"/stages/paying"}
        assert [stage["id"] for stage in vault.value(JOURNEY)["stages"]] == ["whistle", "paying"]

    def test_who_shows_a_journey_whose_profile_is_in_conflict(self, vault):
        """It still is the journey of the profile that its artifact file names."""
        vault.artifact("harbour/profiles/cook", kind="profile", name="Cook", case=CASE)
        vault.settle()
        shutil.rmtree(vault.root / ".twinpage")
        vault.change(JOURNEY, profile="harbour/profiles/cook")
        vault.sync()
        (vault.root / NOTE).rename(vault.root / "Journeys/Run.md")
        vault.sync()
        before = vault.files()
        assert vault.sync().changes == ()
        assert vault.files() == before


def test_an_embed_waits_for_the_one_who_types(vault):
    vault.put("Profiles/Skipper.md", vault.text("Profiles/Skipper.md") + "\n", new=True)
    another_journey(vault)
    assert vault.sync().exit_code == 0
    assert "Evening" in vault.text("Profiles/Skipper.md")
    vault.assert_still()


@pytest.mark.parametrize("off", [False, True])
def test_embeds_do_not_depend_on_the_rule_about_them(vault, off):
    rules = '[rules]\nTP510 = "off"\n' if off else ""
    vault.put("twinpage.toml", f'dialect = "{vault.dialect}"\n{rules}')
    example(vault)
    vault.settle()
    another_journey(vault)
    vault.settle()
    for path in ("Artifact types/Journey.md", "Profiles/Skipper.md"):
        assert "Evening" in vault.text(path)


class TestRefused:
    def test_an_embed_is_tried_again(self, vault, monkeypatch):
        another_journey(vault)
        real = os.replace

        def refuse(source, target):
            if str(target).endswith("Skipper.md"):
                raise OSError(errno.ENOSPC, "No space left on device")
            real(source, target)

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", refuse)
            assert vault.sync().exit_code == 2
        vault.settle()
        assert "Evening" in vault.text("Profiles/Skipper.md")

    @pytest.mark.parametrize("code", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL])
    def test_a_state_that_cannot_be_read_now_is_not_set_aside(self, vault, monkeypatch, code):
        def refuse(state, key):
            error = sqlite3.OperationalError("not now")
            error.sqlite_errorcode = code
            raise error

        with monkeypatch.context() as patch:
            patch.setattr("twinpage.edge.states.state._recalled", refuse)
            with pytest.raises(NotWritten, match=r"another program is using it|the disk "):
                vault.sync()
        assert not (vault.root / ".twinpage/state.db.set-aside").exists()
        vault.remove("Topics/Sourdough.md")
        vault.settle()
        assert not (vault.root / vault.file(TOPIC)).exists()  # its base is still known

    def test_a_state_that_fails_while_it_is_looked_at(self, vault, monkeypatch):
        ws = vault.open()
        ws.state.close()

        class Failing:
            in_transaction = False

            def execute(self, query, values):
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode = sqlite3.SQLITE_IOERR
                raise error

        monkeypatch.setattr(ws.state, "_db", Failing())
        with pytest.raises(NotRead, match="the disk reported an error"):
            ws.in_step()


class TestWhatAnotherCommandSawFirst:
    """Flags are brought up to date by ``check``, too; what it saw is still to be carried over."""

    @pytest.fixture
    def came_back(self, vault):
        """Both twins of a second journey come back, as by a checkout, and a profile is to show it."""
        second = "harbour/journeys/night-run"
        vault.write(second, {**vault.value(JOURNEY), "id": second, "name": "Night run"})
        vault.settle()
        texts = {path: vault.text(path) for path in (vault.file(second), vault.note(second))}
        assert "[[Night run]]" in vault.text("Profiles/Skipper.md")
        for path in texts:
            vault.remove(path)
        vault.settle()
        assert "[[Night run]]" not in vault.text("Profiles/Skipper.md")
        for path, text in texts.items():
            vault.put(path, text)

    def test_an_embed_is_inserted_by_the_next_pass(self, vault, came_back):
        for _ in range(2):  # a second look finds nothing, and takes nothing back of what the first one left
            ws = vault.open()
            take_flags(ws)
            ws.close()
        vault.sync(dry_run=True)
        vault.settle()
        assert "[[Night run]]" in vault.text("Profiles/Skipper.md")

    def test_also_when_a_decision_about_something_else_comes_between(self, vault, came_back):
        ws = vault.open()
        take_flags(ws)
        run_on(ws, TOPIC, lambda ws, twin, decision: (twin, decision))
        ws.close()
        vault.settle()
        assert "[[Night run]]" in vault.text("Profiles/Skipper.md")

    def test_what_is_looked_at_bit_by_bit_is_carried_over_like_the_rest(self, vault, came_back, monkeypatch):
        monkeypatch.setattr(handover, "AT_ONCE", 1)
        vault.edit("Topics/Sourdough.md", "a week", "a month")
        gone = vault.text(vault.file(BAKER))
        vault.remove(vault.file(BAKER))
        ws = vault.open()
        handover.look_ahead(ws)
        with ws.state.transaction():
            assert look(ws).nothing
        ws.close()
        vault.put(vault.file(BAKER), gone)
        vault.settle()
        assert "[[Night run]]" in vault.text("Profiles/Skipper.md")
        assert "a month" in vault.text(vault.file(TOPIC))


def test_a_copy_of_a_note_takes_its_place_when_the_file_is_removed(vault):
    vault.put("Copy.md", vault.text("Topics/Sourdough.md"))
    vault.sync()
    vault.remove(vault.file(TOPIC))
    vault.settle()
    assert "Topics/Sourdough.md" not in vault.files()
    assert vault.value(TOPIC)["name"] == "Copy"
    assert vault.note(TOPIC) == "Copy.md"


class TestEditedRightAfterABranchWasSwitched:
    """No pass came between: what is remembered is what the other branch says."""

    NOTE = "Topics/Sourdough.md"

    @pytest.fixture
    def switched(self, vault):
        vault.commit_all()
        vault.git("branch", "-m", "main")
        vault.git("switch", "-qc", "side")
        vault.edit(self.NOTE, "a week at sea", "a month at sea")
        vault.settle()
        vault.commit_all()
        vault.settle()
        vault.git("switch", "-q", "main")
        for path in (self.NOTE, vault.file(TOPIC)):
            vault.age(path)

    def test_one_side_is_no_conflict(self, vault, switched):
        vault.change(TOPIC, body="It keeps for a week at most.")
        vault.settle()
        assert "It keeps for a week at most." in vault.text(self.NOTE)

    def test_also_where_git_wrote_the_note_a_moment_ago(self, vault, switched):
        vault.put(self.NOTE, vault.text(self.NOTE), new=True)
        self.test_one_side_is_no_conflict(vault, None)

    def test_so_of_the_note(self, vault, switched):
        vault.edit(self.NOTE, "a week at sea", "a week at most")
        vault.settle()
        assert vault.value(TOPIC)["body"] == "It keeps for a week at most."

    def test_a_note_that_moved_is_found_where_it_was(self, vault):
        vault.commit_all()
        vault.git("branch", "-m", "main")
        vault.git("switch", "-qc", "side")
        vault.remove(self.NOTE)
        vault.remove(vault.file(TOPIC))
        vault.settle()
        vault.commit_all()
        vault.git("switch", "-q", "main")
        (vault.root / "Moved").mkdir()
        (vault.root / self.NOTE).rename(vault.root / "Moved/Dough.md")
        for path in ("Moved/Dough.md", vault.file(TOPIC)):
            vault.age(path)
        vault.settle()
        assert vault.value(TOPIC)["name"] == "Dough"

    def test_both_sides_are_one(self, vault, switched):
        vault.edit(self.NOTE, "a week at sea", "a week at most")
        vault.change(TOPIC, body="It keeps for a week at least.")
        assert [one.pointer for one in vault.sync().conflicts] == ["/body"]

    def test_an_edit_that_was_taken_back_is_one_where_no_branch_was_switched(self, vault):
        vault.commit_all()
        vault.settle()
        vault.edit(self.NOTE, "a week at sea", "a month at sea")
        vault.settle()
        vault.edit(self.NOTE, "a month at sea", "a week at sea")
        vault.change(TOPIC, body="It keeps for a year at sea.")
        assert [one.pointer for one in vault.sync().conflicts] == ["/body"]


def test_what_no_note_can_say_is_no_difference_wherever_the_state_is_new(vault):
    """Control characters and outer blanks in the file's texts: in a clone they were a conflict."""
    for artifact in vault.VALUES:
        vault.artifact(artifact)
    vault.settle()
    value = json.loads(vault.text(vault.file(JOURNEY)))
    value["goal"] = "  To \x1b be\x07 there.  "
    value["stages"][0]["pains"] = ["Rain \x00on the way  ", "Fog\x85"]
    vault.put(vault.file(JOURNEY), json.dumps(value, ensure_ascii=True, indent=2) + "\n")
    vault.settle()
    assert "\x1b" not in vault.text(NOTE)
    before = vault.files()
    shutil.rmtree(vault.root / ".twinpage")
    assert vault.settle().conflicts == ()
    assert vault.files() == before
    vault.edit(NOTE, "be there.", "be here.")
    assert vault.settle().conflicts == ()
    assert json.loads(vault.text(vault.file(JOURNEY)))["goal"] == "To  be here."
    assert "Rain on the way" in vault.text(NOTE)
