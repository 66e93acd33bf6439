"""A vault with a baseline fails only on what is new: in the working tree, in the index, and after merges by git."""

from __future__ import annotations

import json
import re

import pytest
from tests.commands.conftest import JOURNEY

from twinpage.cli import run as twinpage
from twinpage.model.flag import Flag

BASELINE = "twinpage.baseline"


@pytest.fixture
def check(vault, capsys):
    """Run check as a person does: (exit code, stdout, stderr)."""

    def run(*words, root=None):
        capsys.readouterr()
        code = twinpage(["check", "--vault", str(root or vault.root), *words])
        return code, *capsys.readouterr()

    return run


def without_journey(vault, slug):
    """A profile that lacks its journey and its strategy, which are two warnings."""
    value = {"kind": "profile", "name": f"Profile {slug}", "case": "harbour", "segment": "harbour/segments/boats"}
    vault.artifact(f"harbour/profiles/{slug}", **value)


def test_an_old_vault_starts_clean_and_fails_on_what_is_new(vault, check):
    without_journey(vault, "cook")
    code, before, _ = check("--fail-on", "warning")
    assert code == 1
    assert "harbour/profiles/cook" in before
    code, told, _ = check("--fail-on", "info", "--write-baseline")
    assert code == 0
    assert "accepted in twinpage.baseline, " in told
    assert "\tTP301\tharbour/profiles/cook" in vault.text(BASELINE)
    first = vault.text(BASELINE)
    assert check("--fail-on", "info")[0] == 0
    without_journey(vault, "pilot")
    code, told, _ = check("--fail-on", "warning")
    assert code == 1
    assert "profiles/pilot" in told
    assert "profiles/cook" not in told
    assert vault.text(BASELINE) == first


def test_what_is_fixed_is_told_and_taken_out_alone(vault, check):
    without_journey(vault, "cook")
    without_journey(vault, "mate")
    check("--write-baseline")
    vault.put(BASELINE, vault.text(BASELINE) + "# till autumn\n")
    (vault.root / "artifacts/harbour/profiles/cook.json").unlink()
    without_journey(vault, "pilot")
    _, told, _ = check()
    assert "fixed; `twinpage check --prune-baseline` takes them out:" in told
    assert "TP301 harbour/profiles/cook" in told
    code, told, _ = check("--prune-baseline", "--fail-on", "warning")
    assert code == 1, "what is new stays new"
    assert "gone from twinpage.baseline:" in told
    assert "TP301 Profile pilot" in told
    kept = vault.text(BASELINE)
    assert "cook" not in kept
    assert "pilot" not in kept
    assert "\tTP301\tharbour/profiles/mate\n" in kept
    assert "# till autumn\n" in kept
    assert "fixed" not in check()[1]
    check("--prune-baseline")
    assert vault.text(BASELINE) == kept


def test_accepting_tells_what_is_new_and_what_is_taken_out(vault, check):
    without_journey(vault, "cook")
    _, told, _ = check("--write-baseline")
    before = int(re.search(r"^(\d+) accepted in twinpage.baseline, \1 of them new:$", told, re.MULTILINE)[1])
    (vault.root / "artifacts/harbour/profiles/cook.json").unlink()
    without_journey(vault, "pilot")
    _, told, _ = check("--write-baseline")
    new = int(re.search(rf"^{before} accepted in twinpage.baseline, (\d) of them new:$", told, re.MULTILINE)[1])
    assert "\n  TP301 harbour/profiles/pilot\n" in told
    assert f"{new} accepted flags are fixed; gone from twinpage.baseline:" in told
    assert "\n  TP301 harbour/profiles/cook\n" in told
    assert "Commit" not in told, "there is no git here"
    assert f"{before} accepted in twinpage.baseline, none of them new." in check("--write-baseline")[1]
    assert f"\n{before} accepted in twinpage.baseline.\n" in check()[1]


def test_nothing_to_prune_is_told_and_nothing_is_made(vault, check):
    without_journey(vault, "cook")
    code, told, remarks = check("--prune-baseline")
    assert code == 0
    assert "TP301" in told
    assert "no twinpage.baseline" in remarks
    assert not (vault.root / BASELINE).exists()


def test_twins_that_differ_are_never_accepted(clone):
    note = clone.vault.note(JOURNEY)
    clone.vault.edit(note, "before the tide turns", "before the gulls come back")
    clone.run("check", "--write-baseline", code=1)
    assert "1 flag is not accepted: TP501 never is. `twinpage sync` " in clone.said
    assert "TP501" not in clone.vault.text(BASELINE)
    line = Flag("TP501", "", "error", note, 1, 1, JOURNEY, "", "", "").fingerprint
    clone.vault.put(BASELINE, f"{line}\tTP501\t{JOURNEY}\n")
    clone.git("add", "-A")
    clone.run("check", "--staged", code=1)
    assert "twinpage.baseline:1: TP501 is never accepted" in clone.said
    assert "fixed" not in clone.said
    clone.run("check", "--prune-baseline", code=1)
    assert "TP501" not in clone.vault.text(BASELINE)


def test_a_baseline_that_git_lacks_is_to_be_committed(clone):
    without_journey(clone.vault, "cook")
    hint = "Commit twinpage.baseline: "
    for _ in ("written", "as it was"):
        clone.run("check", "--write-baseline")
        assert hint in clone.said
    clone.commit()
    clone.run("check", "--write-baseline")
    assert hint not in clone.said
    (clone.vault.root / "artifacts/harbour/profiles/cook.json").unlink()
    clone.run("check", "--prune-baseline")
    assert hint in clone.said
    clone.run("check")
    assert hint not in clone.said


def test_writing_twice_writes_once(vault, check):
    without_journey(vault, "cook")
    check("--write-baseline")
    place = vault.root / BASELINE
    before = place.stat().st_mtime_ns, place.stat().st_ino
    check("--write-baseline")
    assert (place.stat().st_mtime_ns, place.stat().st_ino) == before


def test_lines_that_cannot_be_read_are_told_with_file_and_line(vault, check):
    without_journey(vault, "cook")
    check("--write-baseline")
    number = vault.text(BASELINE).count("\n") + 1
    vault.put(BASELINE, vault.text(BASELINE) + "TP301 is fine\n")
    code, _, remarks = check("--fail-on", "info")
    assert code == 0
    assert f"twinpage.baseline:{number}: " in remarks


def test_a_baseline_that_cannot_be_written_is_told_in_a_sentence(vault, check):
    without_journey(vault, "cook")
    (vault.root / BASELINE).mkdir()
    code, _, remarks = check("--write-baseline")
    assert code == 2
    assert BASELINE in remarks
    assert "Traceback" not in remarks


def test_a_baseline_that_is_a_link_out_of_the_vault_is_not_followed(vault, check, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("mine", encoding="utf-8")
    (vault.root / BASELINE).symlink_to(outside)
    without_journey(vault, "cook")
    code, _, remarks = check("--write-baseline")
    assert (code, outside.read_text(encoding="utf-8")) == (2, "mine")
    assert BASELINE in remarks


@pytest.mark.parametrize("more", [["artifacts"], ["--staged"], ["--rev", "HEAD"], ["--base", "HEAD"]])
def test_only_the_whole_working_tree_can_be_accepted(vault, check, more):
    if more == ["artifacts"]:
        more = [str(vault.root / "artifacts")]
    for task in ("--write-baseline", "--prune-baseline"):
        code, _, remarks = check(task, *more)
        assert code == 2
        assert f"{task} " in remarks
        assert "leave out PATHS" in remarks
        assert not (vault.root / BASELINE).exists()


def test_accepting_and_only_pruning_are_two_things(check):
    code, _, remarks = check("--write-baseline", "--prune-baseline")
    assert code == 2
    assert "give one of them" in remarks


def test_the_index_has_a_baseline_of_its_own(clone):
    without_journey(clone.vault, "cook")
    clone.git("add", "-A")
    clone.run("check", "--staged", "--fail-on", "warning", code=1)
    clone.run("check", "--write-baseline")
    clone.run("check", "--staged", "--fail-on", "warning", code=1)
    clone.git("add", BASELINE)
    clone.run("check", "--staged", "--fail-on", "warning", code=0)
    clone.commit()
    clone.run("check", "--rev", "HEAD", "--fail-on", "warning", code=0)
    clone.run("check", "--rev", "HEAD", "--base", "HEAD^", "--fail-on", "warning", code=0)
    assert "resolved" in clone.said


def test_two_branches_that_each_accept_something_are_merged_by_git(clone):
    """On both it is there for the first time, and nobody installed anything."""
    for branch in ("one", "two"):
        clone.git("checkout", "-q", "-b", branch, "main")
        without_journey(clone.vault, f"pilot-{branch}")
        clone.run("check", "--write-baseline")
        clone.commit()
    clone.git("merge", "-q", "--no-edit", "one")
    clone.run("check", "--fail-on", "warning", code=0)
    text = clone.vault.text(BASELINE)
    assert "pilot-one" in text
    assert "pilot-two" in text
    assert "<<<" not in text
    without_journey(clone.vault, "new")
    clone.run("check", "--fail-on", "warning", code=1)


def test_paths_of_a_vault_in_a_folder_are_those_of_the_repository(nested_clone):
    without_journey(nested_clone.vault, "cook")
    nested_clone.run("check", "--output-format", "sarif")
    results = json.loads(nested_clone.said)["runs"][0]["results"]
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results}
    assert uris
    assert all(uri.startswith("my%20%24HOME%20vault") for uri in uris)
    nested_clone.run("check", "--output-format", "github")
    assert 'file=my $HOME vault\'s "best" `id`;%0A& %25P é/' in nested_clone.said
    nested_clone.run("check")
    assert "my $HOME" not in nested_clone.said
