"""``twinpage rename``: file, note, references in both twins, all or nothing."""

from __future__ import annotations

import errno
import json
import os
from itertools import chain

import pytest

from twinpage.commands import check, restore
from twinpage.commands import rename as command
from twinpage.core.flags.baseline import accept
from twinpage.edge import journal as journal_file
from twinpage.edge.states.state import State
from twinpage.errors import NotInStep, NotRenamed, NotWritten, TwinpageError, UnknownWord, Usage
from twinpage.model.flag import BASELINE
from twinpage.workspace.carrying.passes import run_pass
from twinpage.workspace.flagging.flags import all_flags, take_flags
from twinpage.workspace.ground import open_ground
from twinpage.workspace.remembered import flags_and_examples
from twinpage.workspace.rename import renaming
from twinpage.workspace.revisions.accepting import read_baseline

pytestmark = pytest.mark.slow

CASE, SKIPPER, JOURNEY = "harbour", "harbour/profiles/skipper", "harbour/journeys/morning-run"
STRATEGY, TOPIC = "harbour/sales-strategies/quay", "topics/sourdough"
CAPTAIN = "harbour/profiles/captain"
SKIPPER_NOTE, JOURNEY_NOTE = "Profiles/Skipper.md", "Journeys/Morning run.md"


def rename(vault, old, new, dry_run=False):
    terminal = vault.terminal
    code = command.run(vault=vault.root, artifact=old, new_id=new, dry_run=dry_run, terminal=terminal)
    return code, vault.out.getvalue().splitlines(), vault.err.getvalue()


def run_pass_once(vault):
    """As a watch does: what is gone is looked at again later."""
    ws = vault.open()
    try:
        return run_pass(ws)
    finally:
        ws.close()


def flags(vault):
    """All flags without what names files and ids."""
    ws = vault.open()
    try:
        take_flags(ws)
        return sorted((flag.code, flag.pointer) for flag in all_flags(ws))
    finally:
        ws.close()


def accepted(vault, write=False):
    """The flags that the baseline accepts, all of which must be there: by code and artifact."""
    given = {"paths": (), "fix": False, "output_format": "json", "fail_on": "info", "statistics": False}
    assert check.run(vault=vault.root, terminal=vault.terminal, accept_all=write, **given) == 0
    assert json.loads(vault.out.getvalue())["flags"] == []
    ground = open_ground(vault.root)
    try:
        found = read_baseline(ground)
        flags = [*chain(*flags_and_examples(ground.state))]
    finally:
        ground.close()
    return sorted((flag.code, flag.artifact) for flag in accept(found.entries, flags).accepted)


def bytes_of(vault):
    return {path: data for path, (data, _, _) in vault.files().items()}


def refused(vault, old, new, match, error=Usage):
    before = vault.files()
    with pytest.raises(error, match=match):
        rename(vault, old, new)
    assert vault.files() == before
    assert not journal_file.exists(vault.root)


def with_plain_id(vault, note=JOURNEY_NOTE, title="Skipper", artifact=SKIPPER):
    """The note names the profile by its id instead of by a link."""
    link = f"[[{title}]]" if vault.dialect == "logseq" else f'"[[{title}]]"'
    vault.edit(note, link, artifact)
    assert vault.sync().exit_code == 0
    vault.age(note)


class TestAnArtifact:
    @pytest.mark.parametrize("seen", [False, True])
    def test_what_named_it_and_went_meanwhile_did_not_change_by_that(self, vault, seen):
        vault.remove(vault.file(JOURNEY))
        if seen:
            assert run_pass_once(vault).tally.waiting
        assert rename(vault, SKIPPER, CAPTAIN)[0] == 0
        vault.sync()
        assert not {JOURNEY_NOTE, vault.file(JOURNEY)} & vault.files().keys()
        kept = [path.name for path in (vault.root / ".twinpage/trash").glob("*/files/**/*") if path.is_file()]
        assert sorted(kept) == ["Morning run.md", "morning-run.json"]

    def test_what_named_it_went_and_comes_back_as_it_was(self, vault):
        file, note = vault.text(vault.file(JOURNEY)), vault.text(JOURNEY_NOTE)
        vault.remove(vault.file(JOURNEY))
        ws = vault.open()
        renaming.rename(ws, SKIPPER, CAPTAIN, lambda sentence: None)
        ws.close()
        vault.put(vault.file(JOURNEY), file, new=True)
        vault.settle()
        assert vault.value(JOURNEY)["profile"] == CAPTAIN
        assert vault.text(JOURNEY_NOTE) == note

    def test_moves_with_everything_that_names_it(self, vault):
        with_plain_id(vault)
        before = flags(vault)
        note = vault.text("Sales strategies/Win the quay.md")
        code, lines, remarks = rename(vault, SKIPPER, CAPTAIN)
        assert (code, remarks) == (0, "")
        assert sorted(lines) == [
            f"moved artifacts/{SKIPPER}.json to artifacts/{CAPTAIN}.json",
            f"updated {JOURNEY_NOTE}",
            f"updated {SKIPPER_NOTE}",
            f"updated artifacts/{JOURNEY}.json",
            f"updated artifacts/{STRATEGY}.json",
        ]
        assert not (vault.root / vault.file(SKIPPER)).exists()
        assert vault.value(CAPTAIN)["id"] == CAPTAIN
        assert vault.value(CAPTAIN)["extras"] == {"source": "logbook"}
        assert vault.value(JOURNEY)["profile"] == vault.value(STRATEGY)["profile"] == CAPTAIN
        assert vault.says(SKIPPER_NOTE, CAPTAIN)
        assert SKIPPER not in vault.text(JOURNEY_NOTE)
        assert CAPTAIN in vault.text(JOURNEY_NOTE)
        assert vault.text("Sales strategies/Win the quay.md") == note, "a link leads to the title, which stays"
        assert flags(vault) == before
        vault.assert_still()

    def test_tells_each_file_once(self, vault):
        before = bytes_of(vault)
        _, lines, _ = rename(vault, SKIPPER, CAPTAIN)
        after = bytes_of(vault)
        changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        told = " ".join(lines)
        assert all(path in told for path in changed)
        assert len(lines) == len(changed) - 1, "the move is one line"

    def test_dry_run(self, vault):
        before = vault.files()
        code, lines, remarks = rename(vault, SKIPPER, CAPTAIN, dry_run=True)
        assert code == 0
        assert f"would move artifacts/{SKIPPER}.json to artifacts/{CAPTAIN}.json" in lines
        assert "Nothing was written" in remarks
        assert vault.files() == before
        vault.assert_still()

    def test_private_bytes_stay(self, vault):
        own = f"\n- my own {SKIPPER}  %%x%%\n" if vault.dialect == "logseq" else f"\n## Mine\r\n* my {SKIPPER} \n"
        vault.put(JOURNEY_NOTE, vault.text(JOURNEY_NOTE) + own)
        with_plain_id(vault)
        before = vault.text(JOURNEY_NOTE)
        rename(vault, SKIPPER, CAPTAIN)
        assert vault.text(JOURNEY_NOTE) == before.replace(SKIPPER, CAPTAIN, 1)
        assert own in vault.text(JOURNEY_NOTE)

    def test_to_another_case(self, vault):
        vault.artifact("quay", kind="case", name="Quay Kiosk", summary="Buns.")
        vault.settle()
        for path in vault.notes():
            vault.age(path)
        planned = rename(vault, SKIPPER, "quay/profiles/skipper", dry_run=True)[2]
        assert "quay/profiles/skipper would belong to the case quay: its field `case` says so." in planned
        code, _, remarks = rename(vault, SKIPPER, "quay/profiles/skipper")
        assert code == 0
        assert "quay/profiles/skipper belongs to the case quay now: its field `case` says so." in remarks
        segment = "harbour/segments/boats"
        assert f"Of harbour these name it, or it names them: {JOURNEY}, {STRATEGY} and {segment}." in remarks
        assert vault.value("quay/profiles/skipper")["case"] == "quay"
        assert "[[Quay Kiosk]]" in vault.text(SKIPPER_NOTE)
        assert vault.value(JOURNEY)["profile"] == "quay/profiles/skipper"
        vault.assert_still()

    def test_to_another_case_that_is_written_by_its_id(self, vault):
        vault.artifact("quay", kind="case", name="Quay Kiosk", summary="Buns.")
        vault.settle()
        with_plain_id(vault, SKIPPER_NOTE, "Harbour Bakery", CASE)
        assert rename(vault, SKIPPER, "quay/profiles/skipper")[0] == 0
        line = "case:: quay\n" if vault.dialect == "logseq" else "case: quay\n"
        assert line in vault.text(SKIPPER_NOTE)
        assert vault.value("quay/profiles/skipper")["case"] == "quay"
        vault.assert_still()

    def test_of_which_flags_are_accepted(self, vault):
        for slug in ("cook", "cooky"):
            given = {"kind": "profile", "name": f"Profile {slug}", "case": CASE, "segment": "harbour/segments/boats"}
            vault.artifact(f"harbour/profiles/{slug}", **given)
        vault.settle()
        for path in vault.notes():
            vault.age(path)
        before = accepted(vault, write=True)
        assert ("TP301", "harbour/profiles/cook") in before
        comment = "# till autumn\r\n0123456789abcdef\tTP301\tharbour/profiles/cook\tof nobody\n"
        vault.put(BASELINE, vault.text(BASELINE) + comment)
        assert f"updated {BASELINE}" in rename(vault, "harbour/profiles/cook", "harbour/profiles/baker")[1]
        now = accepted(vault)
        assert now == sorted(
            (code, who.replace("profiles/cook", "profiles/baker") if who == "harbour/profiles/cook" else who)
            for code, who in before
        )
        assert vault.text(BASELINE).endswith(comment)
        rename(vault, "harbour/profiles/baker", "harbour/profiles/cook")
        assert accepted(vault) == before
        rename(vault, CASE, "quay")
        assert [who for _, who in accepted(vault)] == [who.replace("harbour", "quay", 1) for _, who in before]
        vault.assert_still()

    def test_of_which_no_flag_is_accepted(self, vault):
        accepted(vault, write=True)
        before = vault.text(BASELINE)
        assert f"updated {BASELINE}" not in rename(vault, TOPIC, "topics/leaven")[1]
        assert vault.text(BASELINE) == before

    def test_and_back(self, vault):
        before = bytes_of(vault)
        rename(vault, SKIPPER, CAPTAIN)
        assert rename(vault, CAPTAIN, SKIPPER)[0] == 0
        assert bytes_of(vault) == before
        vault.assert_still()

    def test_edits_go_on_both_ways(self, vault):
        rename(vault, JOURNEY, "harbour/journeys/dawn")
        vault.edit(JOURNEY_NOTE, "coins", "chits")
        vault.change("harbour/journeys/dawn", **{"last-reviewed": "2026-05-01"})
        assert vault.sync().exit_code == 0
        assert "chits" in json.dumps(vault.value("harbour/journeys/dawn"))
        assert "2026-05-01" in vault.text(JOURNEY_NOTE)

    def test_of_which_the_settings_silence_a_flag(self, vault):
        ignore = f'[[ignore]]\ncode = "TP305"\nartifact = "{SKIPPER}"\nreason = "later"\n'
        vault.put("twinpage.toml", vault.text("twinpage.toml") + ignore)
        vault.sync()
        assert f"write {CAPTAIN} in that [[ignore]]" in rename(vault, SKIPPER, CAPTAIN)[2]


class TestACase:
    def test_takes_its_parts_along(self, vault):
        before = flags(vault)
        texts = {path: vault.text(path) for path in vault.notes()}
        assert rename(vault, CASE, "quay")[0] == 0
        files = [path for path in vault.files() if path.startswith("artifacts/")]
        assert not [path for path in files if "harbour" in path]
        assert len(files) == 6
        assert vault.value("quay/journeys/morning-run")["profile"] == "quay/profiles/skipper"
        assert vault.value("quay/profiles/skipper")["case"] == "quay"
        assert not (vault.root / "artifacts/harbour").exists()
        for path, text in texts.items():
            mark = "artifact-id:: " if vault.dialect == "logseq" else "artifact-id: "
            assert vault.text(path) == text.replace(f"{mark}harbour", f"{mark}quay")
        assert flags(vault) == before
        vault.assert_still()

    def test_to_a_longer_name(self, vault):
        rename(vault, CASE, "harbour-bakery")
        assert vault.value("harbour-bakery/profiles/skipper")["case"] == "harbour-bakery"
        vault.assert_still()

    def test_whose_parts_name_it_by_id(self, vault):
        with_plain_id(vault, SKIPPER_NOTE, "Harbour Bakery", CASE)
        rename(vault, CASE, "quay")
        line = "case:: quay\n" if vault.dialect == "logseq" else "case: quay\n"
        assert line in vault.text(SKIPPER_NOTE)
        vault.assert_still()


class TestIsRefused:
    @pytest.mark.parametrize(
        ("new", "match"),
        [
            (SKIPPER, "this id already"),
            ("harbour/profiles/Captain", "is no id"),
            ("harbour/journeys/captain", "look like"),
            ("captain", "look like"),
            ("../harbour/profiles/x", "is no id"),
            ("harbour//x", "is no id"),
            ("", "is no id"),
        ],
    )
    def test_for_an_id_of_no_good_form(self, vault, new, match):
        refused(vault, SKIPPER, new, match)

    def test_for_what_is_not_there(self, vault):
        refused(vault, "harbour/profiles/skiper", CAPTAIN, "did you mean `harbour/profiles/skipper`", UnknownWord)
        refused(vault, SKIPPER, "tavern/profiles/skipper", "no case", UnknownWord)

    def test_for_an_id_that_is_taken(self, vault):
        vault.artifact(CAPTAIN, kind="profile", name="Captain", case=CASE)
        refused(vault, SKIPPER, CAPTAIN, "says already")
        vault.sync()
        refused(vault, SKIPPER, CAPTAIN, "says already")

    def test_for_a_reserved_case(self, vault):
        refused(vault, CASE, "topics", "is no id")

    def test_for_a_file_that_differs_in_its_letters(self, vault):
        vault.put("artifacts/harbour/profiles/Captain.json", "{}\n")
        refused(vault, SKIPPER, CAPTAIN, "form of its letters")

    def test_for_a_folder_that_differs_in_its_letters(self, vault):
        vault.put("artifacts/Quay/read.me", "x")
        refused(vault, CASE, "quay", "form of its letters")

    def test_but_what_was_typed_a_moment_ago_is_carried_over_first(self, vault):
        vault.edit(JOURNEY_NOTE, "coins", "chits")
        code, _, said = rename(vault, SKIPPER, CAPTAIN)
        assert (code, vault.value(JOURNEY)["profile"]) == (0, CAPTAIN)
        assert vault.value(JOURNEY)["stages"][1]["description"] == "Bread against chits."
        assert "brought into step: 1 file written" in said
        vault.assert_still()

    def test_a_plan_for_what_is_not_in_step(self, vault):
        vault.edit(JOURNEY_NOTE, "coins", "chits")
        before = vault.files()
        with pytest.raises(NotInStep, match="Run `twinpage sync`"):
            rename(vault, SKIPPER, CAPTAIN, dry_run=True)
        assert vault.files() == before

    def test_while_there_is_a_conflict(self, vault):
        vault.edit(JOURNEY_NOTE, "coins", "chits")
        value = vault.value(JOURNEY)
        value["stages"][1]["description"] = "Bread against gold."
        vault.write(JOURNEY, value)
        assert vault.sync().exit_code == 1
        refused(vault, SKIPPER, CAPTAIN, f"twinpage resolve {JOURNEY}")

    def test_while_something_is_held(self, vault):
        vault.put(vault.file(STRATEGY), "{")
        vault.sync()
        refused(vault, SKIPPER, CAPTAIN, "is held|not in step")

    def test_while_two_notes_claim_it(self, vault):
        vault.put("Copy.md", vault.text(SKIPPER_NOTE))
        refused(vault, SKIPPER, CAPTAIN, "both say")

    def test_while_a_new_note_names_it(self, vault):
        props = f"artifact-kind:: journey\nprofile:: {SKIPPER}\n" if vault.dialect == "logseq" else ""
        text = props or f"---\nartifact-kind: journey\nprofile: {SKIPPER}\n---\n"
        vault.put("New.md", text)
        refused(vault, SKIPPER, CAPTAIN, "New.md is new")

    def test_but_not_before_the_first_sync(self, vault):
        (vault.root / ".twinpage/state.db").unlink()
        assert rename(vault, SKIPPER, CAPTAIN)[0] == 0
        assert vault.value(JOURNEY)["profile"] == CAPTAIN
        vault.assert_still()

    def test_but_not_for_what_has_nothing_to_do_with_it(self, vault):
        vault.put("artifacts/topics/rye.json", "{")
        vault.edit("Topics/Sourdough.md", "a week", "a month")
        assert rename(vault, SKIPPER, CAPTAIN)[0] == 0
        assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."


class TestANoteBeingTypedIn:
    def test_is_waited_for(self, vault, clock_of_test):
        vault.put(SKIPPER_NOTE, vault.text(SKIPPER_NOTE) + "\n", new=True)
        vault.sync()
        code, _, remarks = rename(vault, SKIPPER, CAPTAIN)
        assert code == 0
        assert f"for {SKIPPER_NOTE}" in remarks
        assert clock_of_test.slept
        assert vault.says(SKIPPER_NOTE, CAPTAIN)


class TestRefusedByTheSystem:
    @pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO])
    @pytest.mark.parametrize("call", ["open", "replace", "link"])
    def test_at_any_write(self, vault, monkeypatch, call, number):
        with_plain_id(vault)
        before = bytes_of(vault)
        for nth in range(1, 30):
            real, seen = getattr(os, call), []

            def refuse(*values, real=real, seen=seen, nth=nth, **named):
                if call == "open" and not values[1] & os.O_EXCL:
                    return real(*values, **named)
                seen.append(values)
                if len(seen) == nth:
                    raise OSError(number, os.strerror(number))
                return real(*values, **named)

            with monkeypatch.context() as patch:
                patch.setattr(os, call, refuse)
                try:
                    code, told = rename(vault, SKIPPER, CAPTAIN)[0], ""
                except TwinpageError as error:
                    code, told = 2, str(error)
            assert not told or "stays as it was" in told
            if len(seen) < nth:
                break
            assert vault.sync().exit_code == 0
            assert not journal_file.exists(vault.root)
            if not (vault.root / vault.file(SKIPPER)).exists():
                assert vault.value(JOURNEY)["profile"] == CAPTAIN
                assert rename(vault, CAPTAIN, SKIPPER)[0] == 0
            assert bytes_of(vault) == before, (call, nth)
            vault.assert_still()
        assert code == 0
        assert nth > (1 if call == "link" else 3)

    def test_for_good_after_the_first_writes(self, vault, monkeypatch):
        """Nothing can be taken back either: the next command settles it."""
        real, seen = os.replace, []

        def refuse(source, target):
            if ".twinpage" not in str(target):
                seen.append(target)
                if len(seen) > 1:
                    raise OSError(errno.ENOSPC, "No space left on device")
            real(source, target)

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", refuse)
            with pytest.raises(NotRenamed, match="`twinpage sync` settles it"):
                rename(vault, SKIPPER, CAPTAIN)
        assert vault.sync().exit_code == 0
        assert "is finished now" in vault.err.getvalue()
        assert vault.value(JOURNEY)["profile"] == CAPTAIN
        vault.assert_still()

    def test_a_read_only_note(self, vault):
        (vault.root / SKIPPER_NOTE).chmod(0o444)
        before = bytes_of(vault)
        with pytest.raises(NotRenamed, match="every file is as it was"):
            rename(vault, SKIPPER, CAPTAIN)
        assert bytes_of(vault) == before
        assert not journal_file.exists(vault.root)
        vault.assert_still()

    def test_a_state_that_cannot_be_kept(self, vault, monkeypatch):
        import sqlite3

        def refuse(state, *values):
            raise sqlite3.OperationalError("database or disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(State, "put_base", refuse)
            with pytest.raises(NotWritten, match="full"):
                rename(vault, SKIPPER, CAPTAIN)
        assert vault.sync().exit_code == 0
        assert vault.value(JOURNEY)["profile"] == CAPTAIN
        vault.assert_still()

    def test_somebody_saves_in_the_middle(self, vault, monkeypatch):
        before = bytes_of(vault)
        real, saved = os.replace, []

        def save_first(source, target):
            if str(target).endswith(SKIPPER_NOTE) and not saved:
                saved.append(target)
                vault.put(vault.file(JOURNEY), vault.text(vault.file(JOURNEY)) + "\n")
            return real(source, target)

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", save_first)
            with pytest.raises(NotRenamed, match="changed while"):
                rename(vault, SKIPPER, CAPTAIN)
        assert bytes_of(vault) == {**before, vault.file(JOURNEY): before[vault.file(JOURNEY)] + b"\n"}
        assert not journal_file.exists(vault.root)


def cut_short(vault, monkeypatch, after):
    """A rename that ends, as by a crash, after so many steps; its journal stays."""
    from twinpage.workspace.rename import recovery as module

    real, seen = module.do, []

    class Killed(BaseException):
        pass

    def do(disk, step, journal):
        if len(seen) == after:
            raise Killed
        seen.append(step.path)
        real(disk, step, journal)

    with monkeypatch.context() as patch:
        patch.setattr(module, "do", do)
        with pytest.raises(Killed):
            rename(vault, SKIPPER, CAPTAIN)
    assert journal_file.exists(vault.root)
    return seen


class TestAfterACrash:
    @pytest.mark.parametrize("after", range(5))
    def test_what_is_accepted_stays_accepted(self, vault, monkeypatch, after):
        before = accepted(vault, write=True)
        assert SKIPPER in [who for _, who in before]
        cut_short(vault, monkeypatch, after)
        assert vault.sync().exit_code == 0
        assert accepted(vault) == sorted((code, CAPTAIN if who == SKIPPER else who) for code, who in before)

    @pytest.mark.parametrize("after", range(4))
    def test_it_is_finished_and_told(self, vault, monkeypatch, after):
        cut_short(vault, monkeypatch, after)
        assert vault.sync().exit_code == 0
        assert "is finished now" in vault.err.getvalue()
        assert vault.value(JOURNEY)["profile"] == CAPTAIN
        assert not journal_file.exists(vault.root)
        vault.assert_still()

    def test_a_dry_run_leaves_it(self, vault, monkeypatch):
        cut_short(vault, monkeypatch, 2)
        before = vault.files()
        vault.sync(dry_run=True)
        assert vault.files() == before
        with pytest.raises(Usage, match="cut short"):
            rename(vault, JOURNEY, "harbour/journeys/x", dry_run=True)
        assert journal_file.exists(vault.root)

    def test_what_was_edited_before_its_turn_is_kept_and_the_rest_taken_back(self, vault, monkeypatch):
        before = bytes_of(vault)
        cut_short(vault, monkeypatch, 1)
        vault.put(SKIPPER_NOTE, vault.text(SKIPPER_NOTE) + "\n")
        vault.edit(vault.file(JOURNEY), "Nobody waits on deck.", "Nobody waits below.")
        assert vault.sync().exit_code == 0
        assert "taken back" in vault.err.getvalue()
        assert (vault.root / vault.file(SKIPPER)).read_bytes() == before[vault.file(SKIPPER)]
        assert not (vault.root / vault.file(CAPTAIN)).exists()
        assert "Nobody waits below." in vault.text(JOURNEY_NOTE)
        assert rename(vault, SKIPPER, CAPTAIN)[0] == 0
        vault.assert_still()

    def test_what_was_edited_after_its_turn_is_kept_and_the_rest_done(self, vault, monkeypatch):
        seen = cut_short(vault, monkeypatch, 4)
        assert vault.file(JOURNEY) in seen
        vault.edit(vault.file(JOURNEY), "Nobody waits on deck.", "Nobody waits below.")
        assert vault.sync().exit_code == 0
        assert "is finished now" in vault.err.getvalue()
        assert "Nobody waits below." in vault.text(JOURNEY_NOTE)
        assert vault.value(JOURNEY)["profile"] == CAPTAIN
        assert not (vault.root / vault.file(SKIPPER)).exists()
        vault.assert_still()

    @pytest.mark.parametrize(
        "change",
        [
            lambda told: "{",
            lambda told: "[]",
            lambda told: [],
            lambda told: {**told, "home": "elsewhere\n/vault"},
            lambda told: {**told, "format": 9},
            lambda told: {**told, "renames": {SKIPPER: SKIPPER}},
            lambda told: {**told, "steps": [{**told["steps"][0], "after": "0" * 32}]},
            lambda told: {**told, "steps": [{**told["steps"][0], "path": "../out.md"}]},
            lambda told: {**told, "steps": [{**told["steps"][0], "path": "/etc/x.md"}]},
            lambda told: {**told, "steps": [{**told["steps"][0], "path": ".obsidian/x.md"}]},
            lambda told: {**told, "steps": [{**told["steps"][0], "path": "artifacts/A.json"}]},
            lambda told: {**told, "steps": [{**told["steps"][0], "path": "twinpage.toml"}]},
            lambda told: {**told, "steps": [{**told["steps"][0], "path": "out/x.md"}]},
        ],
    )
    def test_a_journal_that_cannot_be_trusted_is_set_aside(self, vault, monkeypatch, tmp_path, change):
        cut_short(vault, monkeypatch, 0)
        (tmp_path / "elsewhere").mkdir()
        (vault.root / "out").symlink_to(tmp_path / "elsewhere")
        place = vault.root / journal_file.PATH
        place.write_text(json.dumps(change(json.loads(place.read_text()))))
        before = bytes_of(vault)
        vault.sync()
        assert "is not followed" in vault.err.getvalue()
        assert bytes_of(vault) == before
        assert list((tmp_path / "elsewhere").iterdir()) == []
        assert not journal_file.exists(vault.root)
        assert (vault.root / journal_file.ASIDE).exists()

    def test_a_journal_that_is_a_link(self, vault, tmp_path):
        (tmp_path / "j.json").write_text("{}")
        (vault.root / journal_file.PATH).symlink_to(tmp_path / "j.json")
        vault.sync()
        assert "is not followed" in vault.err.getvalue()
        assert (tmp_path / "j.json").read_text() == "{}"
        assert vault.sync().exit_code == 0


def restored(vault, artifact):
    code = restore.run(vault=vault.root, artifact=artifact, terminal=vault.terminal)
    return code, vault.out.getvalue()


class TestWhatComesBackFromTheTrash:
    def test_names_a_renamed_artifact_by_its_id_of_today(self, vault):
        with_plain_id(vault)
        vault.remove(JOURNEY_NOTE)
        vault.settle()
        rename(vault, SKIPPER, CAPTAIN)
        assert restored(vault, JOURNEY)[0] == 0
        assert vault.value(JOURNEY)["profile"] == CAPTAIN
        assert CAPTAIN in vault.text(JOURNEY_NOTE)
        vault.assert_still()

    @pytest.mark.parametrize("name", [JOURNEY, "quay/journeys/morning-run"])
    def test_of_a_case_that_was_renamed(self, vault, name):
        vault.remove(JOURNEY_NOTE)
        vault.settle()
        rename(vault, CASE, "quay")
        code, told = restored(vault, name)
        assert code == 0
        assert "restored artifacts/quay/journeys/morning-run.json" in told
        assert vault.value("quay/journeys/morning-run")["case"] == "quay"
        assert vault.says(JOURNEY_NOTE, "quay/journeys/morning-run")
        assert not (vault.root / vault.file(JOURNEY)).exists()
        vault.assert_still()

    def test_after_there_and_back_is_as_it_was(self, vault):
        before = bytes_of(vault)
        vault.remove(JOURNEY_NOTE)
        vault.settle()
        rename(vault, SKIPPER, CAPTAIN)
        rename(vault, CAPTAIN, SKIPPER)
        assert restored(vault, JOURNEY)[0] == 0
        assert bytes_of(vault)[vault.file(JOURNEY)] == before[vault.file(JOURNEY)]
        vault.assert_still()

    def test_removed_after_its_rename(self, vault):
        rename(vault, JOURNEY, "harbour/journeys/dawn")
        vault.age(JOURNEY_NOTE)
        vault.remove(JOURNEY_NOTE)
        vault.settle()
        assert restored(vault, "harbour/journeys/dawn")[0] == 0
        assert vault.value("harbour/journeys/dawn")["profile"] == SKIPPER
        vault.assert_still()
