"""The Flags note in a vault: when it is written, when it is left alone, and what people may do with it."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from twinpage.commands import check, resolve
from twinpage.commands import sync as sync_command
from twinpage.core.flags.flags_note import is_generated
from twinpage.dialects import DIALECTS
from twinpage.edge import reminders
from twinpage.edge.disk import Disk
from twinpage.edge.trash import Trash
from twinpage.errors import LockHeld
from twinpage.model.edit import digest
from twinpage.workspace.flagging.flags_note import UNWANTED, write_flags_note
from twinpage.workspace.ground import open_ground
from twinpage.workspace.remembered import flags_and_examples

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from tests.commands.conftest import Clock, Vault
else:
    Clock = Vault = Any

PROFILE, JOURNEY, STRATEGY = "harbour/profiles/skipper", "harbour/journeys/morning-run", "harbour/sales-strategies/quay"
TOPIC = "topics/sourdough"


def settings(vault: Vault, on: bool | None = True, more: str = "") -> None:
    said = "" if on is None else f"flags-note = {str(on).lower()}\n"
    vault.put("twinpage.toml", f'dialect = "{vault.dialect}"\n{said}{more}')


def place(vault: Vault, title: str = "Flags") -> str:
    return f"pages/{title}.md" if vault.dialect == "logseq" else f"{title}.md"


def is_there(vault: Vault, title: str = "Flags") -> bool:
    return (vault.root / place(vault, title)).is_file()


def told(vault: Vault, title: str = "Flags") -> str:
    text = vault.text(place(vault, title))
    assert is_generated(DIALECTS[vault.dialect].parse(place(vault, title), text))
    return text


def change_flags(vault: Vault, name: str = "Sourdough (short)") -> None:
    """Something else is to be told: an artifact without any text."""
    vault.artifact("harbour/profiles/cook", kind="profile", name=name, case="harbour", segment="harbour/segments/boats")


def kept(vault: Vault) -> list[bytes]:
    """What lies in the trash of the Flags note, newest first."""
    bundles = Trash(Disk(vault.root)).bundles()
    return [bundle.read(path) for bundle in bundles for path in bundle.files if "Flags" in path]


@pytest.fixture
def noted(vault: Vault) -> Vault:
    """The bakery with its Flags note."""
    settings(vault)
    assert vault.sync().exit_code == 0
    assert is_there(vault)
    return vault


# ---------------------------------------------------------------------- when it is written


def test_it_is_made_where_the_settings_say_so_and_nowhere_else(vault: Vault) -> None:
    for on in (None, False):
        settings(vault, on)
        vault.sync()
        assert not is_there(vault)
    settings(vault, True)
    outcome = vault.sync()
    assert outcome.changes == ()
    assert outcome.exit_code == 0
    assert "artifacts" in told(vault)


def test_a_second_sync_writes_nothing_and_the_fast_path_holds_at_once(vault: Vault) -> None:
    time.sleep(0.06)  # only files that rested are trusted by their times
    settings(vault)
    vault.sync()
    ground = open_ground(vault.root)
    assert ground.in_step()
    ground.close()
    vault.assert_still()
    change_flags(vault)
    vault.sync()
    vault.assert_still()


def test_all_that_check_tells_is_in_it(noted: Vault) -> None:
    change_flags(noted)
    noted.sync()
    ws = noted.open()
    own, examples = flags_and_examples(ws.state)
    ws.close()
    assert len(own + examples) > 3
    text = told(noted)
    assert all(f"({flag.code})" in text for flag in own + examples)
    assert text.count("**warning** ") == sum(flag.severity == "warning" for flag in own + examples)
    assert "[[Sourdough (short)]]" in text


def test_every_link_leads_to_the_note_that_it_means(noted: Vault) -> None:
    change_flags(noted)
    noted.sync()
    ws = noted.open()
    page = ws.page(place(noted))
    assert page is not None
    assert page.problems == ()
    assert page.links
    assert not any(link.embed for link in page.links)
    for link in page.links:
        assert ws.vault.resolve(link.target)
    ws.close()


def test_what_changes_nothing_in_it_leaves_it_alone(noted: Vault) -> None:
    before = noted.files()[place(noted)]
    noted.change(TOPIC, body="It keeps for two weeks at sea.")
    noted.sync()
    note = noted.note(TOPIC)
    noted.put(note, noted.text(note) + ("\n- mine" if noted.dialect == "logseq" else "\nmine\n"))
    noted.sync()
    assert noted.files()[place(noted)] == before


def test_it_goes_with_the_flags(noted: Vault) -> None:
    assert "TP301" not in told(noted)
    change_flags(noted)
    noted.sync()
    assert "TP301" in told(noted)
    noted.artifact(
        "harbour/journeys/cook", kind="journey", name="Cooking", case="harbour", profile="harbour/profiles/cook",
        stages=[{"id": word, "name": word, "description": "x"} for word in "abc"],
    )  # fmt: skip
    noted.sync()
    assert "TP301" not in told(noted)
    assert kept(noted) == []


def test_a_new_name_of_a_note_is_linked(noted: Vault) -> None:
    change_flags(noted)
    noted.sync()
    old = noted.note("harbour/profiles/cook")
    new = f"{old.rpartition('/')[0]}/Ship's cook.md"
    os.rename(noted.root / old, noted.root / new)
    noted.sync()
    assert "[[Ship's cook]]" in told(noted)


def test_json_tells_no_change_of_it(vault: Vault) -> None:
    settings(vault)
    terminal = vault.terminal
    code = sync_command.run(
        vault=vault.root, dry_run=False, allow_mass_delete=False, output_format="json", terminal=terminal
    )
    assert code == 0
    assert is_there(vault)
    assert json.loads(vault.out.getvalue())["changes"] == []


def test_a_dry_run_and_check_write_none(vault: Vault) -> None:
    settings(vault)
    vault.sync(dry_run=True)
    vault.sync(dry_run=True, flags_note=True)
    check.run(
        vault=vault.root, paths=(), fix=False, output_format="text", fail_on=None, statistics=False,
        terminal=vault.terminal,
    )  # fmt: skip
    assert not is_there(vault)
    vault.sync()
    assert is_there(vault)


def test_what_check_saw_first_is_written_by_the_next_sync(noted: Vault) -> None:
    noted.put("artifacts/stray.txt", "x")
    check.run(
        vault=noted.root, paths=(), fix=False, output_format="text", fail_on=None, statistics=False,
        terminal=noted.terminal,
    )  # fmt: skip
    noted.sync()
    assert "artifacts/stray.txt" in told(noted)


def test_an_end_of_a_conflict_is_told_by_the_next_sync(noted: Vault) -> None:
    noted.edit(noted.note(TOPIC), "a week at sea", "a day at sea")
    noted.change(TOPIC, body="It keeps for a month at sea.")
    assert noted.sync().exit_code == 1
    assert "TP901" in told(noted)
    resolve.run(vault=noted.root, artifact=TOPIC, take="note", fields=(), edit=False, terminal=noted.terminal)
    noted.sync()
    assert "TP901" not in told(noted)


def test_the_same_vault_gives_the_same_note(noted: Vault, make_vault: type[Vault], tmp_path: Path) -> None:
    change_flags(noted)
    noted.sync()
    other = make_vault(tmp_path / "other", noted.dialect)
    settings(other)
    shutil.copytree(noted.root / "artifacts", other.root / "artifacts")
    other.sync()
    assert told(other) == told(noted)


# ---------------------------------------------------------------------- what people do with it


def test_removed_it_stays_away_until_asked_for(noted: Vault) -> None:
    noted.remove(place(noted))
    noted.settle()
    change_flags(noted)
    noted.settle()
    assert not is_there(noted)
    shutil.move(noted.root / ".twinpage" / "state.db", noted.root / "old")  # a lost state does not bring it back
    noted.settle()
    assert not is_there(noted)
    noted.sync(flags_note=True)
    assert is_there(noted)
    assert place(noted) in noted.err.getvalue()
    noted.assert_still()
    change_flags(noted, "Another")
    noted.sync()
    assert "Another has" in told(noted)


def test_turned_off_it_stays_as_it_is_and_turned_on_again_it_is_asked_for(noted: Vault) -> None:
    before = told(noted)
    settings(noted, False)
    change_flags(noted)
    noted.settle()
    assert told(noted) == before
    noted.remove(place(noted))
    noted.settle()
    settings(noted, True)
    noted.settle()
    assert is_there(noted)


def test_removed_before_it_was_turned_off_it_comes_back_with_the_setting(noted: Vault) -> None:
    noted.remove(place(noted))
    noted.settle()
    for on in (False, True):
        assert not is_there(noted)
        settings(noted, on)
        noted.settle()
    assert is_there(noted)


def test_asked_for_it_is_made_once_where_it_is_off(vault: Vault) -> None:
    vault.sync(flags_note=True)
    assert is_there(vault)
    assert "flags-note is off" in vault.err.getvalue()
    before = told(vault)
    change_flags(vault)
    vault.settle()
    assert told(vault) == before
    vault.sync(flags_note=True)
    assert told(vault) != before


def test_brought_back_it_is_kept_up_to_date_again(noted: Vault) -> None:
    text = told(noted)
    noted.remove(place(noted))
    noted.settle()
    noted.put(place(noted), text)
    change_flags(noted)
    noted.settle()
    assert "TP301" in told(noted)
    assert not reminders.is_reminded(noted.root, UNWANTED)


def test_moved_it_is_found_again(noted: Vault) -> None:
    (noted.root / "Desk").mkdir()
    os.rename(noted.root / place(noted), noted.root / "Desk" / "To do.md")
    noted.settle()
    assert not is_there(noted)
    change_flags(noted)
    noted.settle()
    assert not is_there(noted)
    assert "TP301" in noted.text("Desk/To do.md")


def test_moved_and_written_into_it_is_found_too(noted: Vault) -> None:
    (noted.root / "Desk").mkdir()
    text = told(noted) + "\n- mine"
    noted.remove(place(noted))
    noted.put("Desk/To do.md", text)
    noted.settle()
    change_flags(noted)
    noted.settle()
    assert not is_there(noted)
    assert "TP301" in noted.text("Desk/To do.md")
    assert "- mine" not in noted.text("Desk/To do.md")


def test_what_somebody_wrote_in_it_stays_while_it_can_and_then_is_in_the_trash(noted: Vault) -> None:
    edited = told(noted) + "\n- done on Monday"
    noted.put(place(noted), edited)
    noted.settle()
    assert told(noted) == edited
    change_flags(noted)
    noted.settle()
    assert "Monday" not in told(noted)
    assert kept(noted) == [edited.encode()]


def test_made_where_git_does_not_ignore_it_the_line_to_add_is_told(vault: Vault) -> None:
    vault.commit_all()
    line = f"git does not ignore {place(vault)}, which is made anew on each machine; add this line to .gitignore: /"
    vault.sync(flags_note=True)
    assert f"{line}{place(vault)}\n" in vault.err.getvalue()
    assert vault.text(".gitignore") == ".twinpage/\n"
    vault.sync(flags_note=True)
    assert line in vault.err.getvalue()
    settings(vault)
    change_flags(vault)
    vault.sync()
    assert line not in vault.err.getvalue()
    vault.put(".gitignore", f".twinpage/\n/{place(vault)}\n")
    vault.sync(flags_note=True)
    assert line not in vault.err.getvalue()


def test_made_because_the_settings_want_it_the_line_to_add_is_told_once(vault: Vault) -> None:
    vault.commit_all()
    settings(vault)
    vault.sync()
    assert f"add this line to .gitignore: /{place(vault)}\n" in vault.err.getvalue()
    change_flags(vault)
    vault.sync()
    assert vault.err.getvalue() == ""


def test_asked_for_it_is_as_it_should_be(noted: Vault) -> None:
    before = told(noted)
    noted.put(place(noted), before + "\n- mine")
    noted.sync(flags_note=True)
    assert told(noted) == before
    assert kept(noted) == [(before + "\n- mine").encode()]


def test_nobody_s_typing_is_cut_off(noted: Vault, clock_of_test: Clock) -> None:
    change_flags(noted)
    noted.put(place(noted), told(noted) + "\n- typing", new=True)
    noted.sync()
    assert sum(clock_of_test.slept) == pytest.approx(3, abs=0.5)
    assert "Flags note: somebody may be typing" in noted.err.getvalue()
    assert "typing" not in told(noted)
    assert b"typing" in kept(noted)[0]


def test_a_watcher_need_not_wait_within(noted: Vault, clock_of_test: Clock) -> None:
    noted.put("artifacts/stray.txt", "x")
    check.run(
        vault=noted.root, paths=(), fix=False, output_format="text", fail_on=None, statistics=False,
        terminal=noted.terminal,
    )  # fmt: skip
    noted.put(place(noted), told(noted) + "\n- typing", new=True)
    ws = noted.open()
    done = write_flags_note(ws)
    ws.close()
    assert 0 < done.seconds <= 3
    assert clock_of_test.slept == []
    assert "typing" in told(noted)


def test_who_takes_the_mark_out_keeps_the_note(noted: Vault) -> None:
    own = "- mine" if noted.dialect == "logseq" else "mine\n"
    noted.put(place(noted), own)
    change_flags(noted)
    noted.settle()
    assert noted.text(place(noted)) == own
    assert not is_there(noted, "Flags (twinpage)")
    noted.sync(flags_note=True)
    assert noted.text(place(noted)) == own
    assert "TP301" in told(noted, "Flags (twinpage)")


# ---------------------------------------------------------------------- its title


@pytest.mark.parametrize("path", ["Flags.md", "Own/flags.md"])
def test_a_note_of_somebody_s_own_keeps_the_title(vault: Vault, path: str) -> None:
    path = place(vault) if path == "Flags.md" else path
    vault.put(path, "- mine")
    settings(vault)
    vault.settle()
    assert vault.text(path) == "- mine"
    assert told(vault, "Flags (twinpage)")
    assert not is_there(vault) or path == place(vault)


def test_both_titles_taken(vault: Vault) -> None:
    for title in ("Flags", "Flags (twinpage)"):
        vault.put(place(vault, title), "- mine")
    settings(vault)
    vault.settle()
    assert told(vault, "Flags (twinpage 2)")


def test_an_artifact_called_flags_finds_another_title(noted: Vault) -> None:
    noted.artifact("topics/flags", kind="topic", name="Flags", body="On ships.")
    noted.settle()
    assert told(noted)
    assert noted.note("topics/flags").endswith("/Flags (topic).md")


def test_it_goes_out_of_the_way_of_a_note_that_comes_with_its_title(noted: Vault) -> None:
    """As git brings one."""
    form = (
        "artifact-id:: {}\nartifact-kind:: {}\n\n"
        if noted.dialect == "logseq"
        else "---\nartifact-id: {}\nartifact-kind: {}\n---\n"
    )
    noted.artifact("topics/flags", kind="topic", name="Flags")
    noted.put("Topics/Flags.md", form.format("topics/flags", "topic"))
    noted.artifact("harbour/segments/flags", kind="segment", name="Flags in the wind", case="harbour")
    noted.sync()
    assert not is_there(noted)
    assert told(noted, "Flags (twinpage)")
    noted.settle()
    ws = noted.open()
    assert ws.vault.resolve("Flags") == "topics/flags"
    ws.close()
    assert told(noted, "Flags (twinpage)")


def test_a_link_by_its_title_leads_to_the_artifact_in_the_very_pass(noted: Vault) -> None:
    profile = noted.note(PROFILE)
    noted.put(
        "Segments/Flags.md", noted.text(noted.note("harbour/segments/boats")).replace("segments/boats", "segments/f")
    )
    noted.artifact("harbour/segments/f", kind="segment", name="Flags", case="harbour")
    noted.edit(profile, "[[Boats on the quay]]", "[[Flags]]")
    outcome = noted.sync()
    assert not [held for held in outcome.held if held.artifact == PROFILE]
    assert noted.value(PROFILE)["segment"] == "harbour/segments/f"


def test_whoever_embedded_it_before_it_was_there_is_told_that_it_is(vault: Vault) -> None:
    embed = "\n- {{embed [[Flags]]}}" if vault.dialect == "logseq" else "\n![[Flags]]\n"
    note = vault.note(TOPIC)
    vault.put(note, vault.text(note) + embed)
    vault.sync()
    settings(vault)
    vault.sync()
    vault.sync()
    assert "TP511" not in told(vault)
    vault.assert_still()


# ---------------------------------------------------------------------- where it cannot be written


def refusal(vault: Vault) -> str:
    change_flags(vault)
    outcome = vault.sync()
    assert outcome.exit_code == 2
    (sentence,) = outcome.not_written
    assert vault.sync().exit_code == 2, "it is tried again, and told again"
    return sentence


def test_a_folder_in_the_way(vault: Vault) -> None:
    (vault.root / place(vault)).mkdir(parents=True)
    settings(vault)
    assert place(vault) in refusal(vault)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_out_of_the_vault(vault: Vault, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("outside", encoding="utf-8")
    (vault.root / place(vault)).parent.mkdir(exist_ok=True)
    (vault.root / place(vault)).symlink_to(outside)
    settings(vault)
    assert "leads out of the vault" in refusal(vault)
    assert outside.read_text(encoding="utf-8") == "outside"


def test_a_read_only_note(noted: Vault) -> None:
    before = told(noted)
    (noted.root / place(noted)).chmod(0o444)
    assert "read-only" in refusal(noted) or "may not write" in refusal(noted)
    assert told(noted) == before
    (noted.root / place(noted)).chmod(0o644)
    noted.settle()
    assert "TP301" in told(noted)


def test_a_vault_in_which_somebody_else_writes(noted: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    change_flags(noted)

    def held(root: Path) -> Any:
        raise LockHeld("Another twinpage")

    with monkeypatch.context() as patched:
        patched.setattr("twinpage.workspace.flagging.flags_note.write_lock", held)
        outcome = noted.sync()
    assert outcome.changes, "what the pass did is told"
    assert "Another twinpage is writing" in outcome.not_written[0]
    noted.sync()
    assert "TP301" in told(noted)


def test_an_excluded_place_is_left_alone(vault: Vault) -> None:
    settings(vault, True, f'exclude = ["{place(vault)}"]\n')
    vault.settle()
    assert not is_there(vault)
    outcome = vault.sync(flags_note=True)
    assert "excludes" in outcome.not_written[0]
    assert not is_there(vault)


# ---------------------------------------------------------------------- lost states, crashes


def test_without_its_state_the_same_note_stands(noted: Vault) -> None:
    before = noted.files()[place(noted)]
    shutil.rmtree(noted.root / ".twinpage")
    noted.settle()
    assert noted.files()[place(noted)] == before
    assert kept(noted) == []


def test_without_its_state_another_text_goes_to_the_trash_first(noted: Vault) -> None:
    edited = told(noted) + "\n- mine"
    noted.put(place(noted), edited)
    shutil.rmtree(noted.root / ".twinpage")
    noted.settle()
    assert kept(noted) == [edited.encode()]


def test_killed_between_the_note_and_the_state_it_continues(noted: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    change_flags(noted)
    with monkeypatch.context() as patched:
        patched.setattr("twinpage.workspace.flagging.flags_note.facts_of", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            noted.sync()
    after = told(noted)
    assert "TP301" in after
    noted.settle()
    assert told(noted) == after
    assert kept(noted) == []


def test_a_change_at_this_moment_is_not_written_over(noted: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    change_flags(noted)
    written = Disk.write

    def write(disk: Disk, path: str, data: bytes, expects: str | None, deed: str) -> Any:
        if path == place(noted) and expects is not None and b"meanwhile" not in (noted.root / path).read_bytes():
            noted.put(path, told(noted) + "\n- meanwhile")
        return written(disk, path, data, expects, deed)

    monkeypatch.setattr(Disk, "write", write)
    noted.sync()
    assert any(b"meanwhile" in data for data in kept(noted)) or "meanwhile" in told(noted)


def test_it_is_no_artifact_whatever_is_in_it(noted: Vault) -> None:
    odd = "artifact-id:: harbour artifact-kind: case `[[x]] {{embed [[y]]}} %% <!-- ```"
    noted.artifact("harbour/profiles/odd", kind="profile", name=odd, case="harbour", segment="harbour/segments/boats")
    noted.artifact("harbour/profiles/[[odd]]", kind="profile", name=odd, case="harbour")
    noted.sync()
    noted.sync()
    noted.assert_still()
    ws = noted.open()
    facts = ws.state.file(place(noted))
    assert facts is not None
    assert (facts.artifact, facts.kind, facts.condition) == ("", "", "")
    assert facts.digest == digest(told(noted).encode())
    page = ws.page(place(noted))
    assert page is not None
    assert all(ws.vault.page(link.target) for link in page.links)
    ws.close()
