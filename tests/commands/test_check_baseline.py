"""A vault with a baseline fails only on what is new: in the working tree, in the index, and after merges by git."""

from __future__ import annotations

import json

import pytest

from twinpage.cli import run as twinpage

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
    assert "accepted in twinpage.baseline." in told
    assert "\tTP301\tharbour/profiles/cook" in vault.text(BASELINE)
    first = vault.text(BASELINE)
    assert check("--fail-on", "info")[0] == 0
    without_journey(vault, "pilot")
    code, told, _ = check("--fail-on", "warning")
    assert code == 1
    assert "profiles/pilot" in told
    assert "profiles/cook" not in told
    assert vault.text(BASELINE) == first


def test_what_is_fixed_is_told_and_pruned(vault, check):
    without_journey(vault, "cook")
    check("--write-baseline")
    (vault.root / "artifacts/harbour/profiles/cook.json").unlink()
    _, told, _ = check()
    assert "fixed; `twinpage check --write-baseline` takes them out:" in told
    assert "TP301 harbour/profiles/cook" in told
    _, told, _ = check("--write-baseline")
    assert "gone from twinpage.baseline:" in told
    assert "cook" not in vault.text(BASELINE)
    assert "fixed" not in check()[1]


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
    code, _, remarks = check("--write-baseline", *more)
    assert code == 2
    assert "leave out PATHS" in remarks
    assert not (vault.root / BASELINE).exists()


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
