"""Hooks at work in real repositories: what git refuses, what it lets through, and when it tells to sync."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from twinpage.core.hooks.hook_script import Program
from twinpage.edge.lock import watcher_role

pytestmark = pytest.mark.slow

SEGMENT, PROFILE = "harbour/segments/boats", "harbour/profiles/skipper"
JOURNEY, TOPIC = "harbour/journeys/morning-run", "topics/sourdough"


def test_linked_work_trees_share_hooks_and_each_checks_itself(clone: Any, tmp_path: Path) -> None:
    linked = tmp_path / "linked tree"
    clone.git("worktree", "add", "-q", "-b", "side", str(linked))
    clone.run("hooks", "install", root=linked)
    assert (linked / ".git").is_file()
    assert clone.hook("pre-commit").is_file()
    assert (linked / ".gitattributes").is_file()
    clone.run("hooks", "install")
    path = linked / clone.vault.file(JOURNEY)
    path.write_text(path.read_text(encoding="utf-8").replace('"name": "Whistle",', '"naming": "Whistle",'))
    clone.git("add", "-A", folder=linked)
    clone.git("commit", "-qm", "bad", folder=linked, code=1)
    clone.vault.edit(clone.vault.note(TOPIC), "a week", "two weeks")
    clone.vault.settle()
    clone.commit()
    clone.run("hooks", "uninstall", root=linked)
    assert not clone.hook("pre-commit").exists()


def test_a_broken_model_is_refused_with_its_line_and_a_good_one_passes(clone: Any) -> None:
    clone.run("hooks", "install")
    clone.commit()
    clone.breaks()
    clone.commit(code=1)
    line = 1 + clone.vault.text(clone.vault.file(JOURNEY)).split('"naming"')[0].count("\n")
    assert f"{clone.vault.file(JOURNEY)}:{line}" in clone.said
    clone.git("commit", "-qm", "forced", "--no-verify")
    clone.git("reset", "-q", "--hard", "HEAD^")
    clone.vault.edit(clone.vault.note(TOPIC), "a week", "two weeks")
    clone.commit(code=1)  # TP501: the file does not say it
    assert "TP501" in clone.said
    clone.vault.settle()
    clone.commit()
    assert clone.said == ""


def test_what_is_staged_counts_not_what_lies_there(clone: Any) -> None:
    clone.run("hooks", "install")
    clone.commit()
    good = clone.vault.text(clone.vault.file(JOURNEY))
    clone.breaks()
    clone.git("add", "-A")
    clone.vault.put(clone.vault.file(JOURNEY), good)  # mended in the folder, not in the commit
    clone.git("commit", "-qm", "bad", code=1)
    clone.git("commit", "-qam", "good", "--allow-empty")
    clone.breaks()
    clone.vault.put("Remark.md", "mine\n")
    clone.git("add", "Remark.md")
    clone.git("commit", "-qm", "only the remark")
    clone.git("commit", "-qm", "bad", "--", clone.vault.file(JOURNEY), code=1)
    clone.git("commit", "-qam", "bad", code=1)


def test_a_merge_that_breaks_the_model_is_refused(clone: Any) -> None:
    clone.run("hooks", "install")
    clone.commit()
    # One branch takes a segment away with all that is in it, the other puts a profile into it. Each is sound.
    clone.git("checkout", "-qb", "side")
    clone.vault.artifact("harbour/profiles/cook", kind="profile", name="Cook", case="harbour", segment=SEGMENT)
    clone.vault.settle()
    clone.commit()
    clone.git("checkout", "-q", "main")
    clone.vault.settle()
    for artifact in (SEGMENT, PROFILE, JOURNEY, "harbour/sales-strategies/quay"):
        note = clone.vault.note(artifact)
        clone.vault.remove(clone.vault.file(artifact))
        clone.vault.remove(note)
    clone.vault.settle()
    clone.commit()
    clone.git("merge", "-q", "--no-edit", "side", code=1)
    assert "TP201" in clone.said


def test_each_vault_of_a_repository_is_checked_once_it_is_installed(nested_clone: Any) -> None:
    other = nested_clone.another("other")
    nested_clone.commit()
    nested_clone.run("hooks", "install")
    nested_clone.commit()
    nested_clone.breaks(other)
    nested_clone.commit()  # nobody installed anything there
    nested_clone.run("hooks", "install", root=other.root)
    nested_clone.commit(code=1)
    assert nested_clone.said.startswith("In other:\n")
    other.edit(other.file(JOURNEY), '"naming"', '"name"')
    nested_clone.breaks()
    nested_clone.commit(code=1)
    nested_clone.run("hooks", "uninstall")
    assert "stay for other" in nested_clone.said
    nested_clone.commit()
    nested_clone.breaks(other)
    nested_clone.commit(code=1)
    shutil.rmtree(other.root)
    nested_clone.commit()  # what is no longer there is passed over


@pytest.mark.parametrize("how", ["staged", "on the disk only"])
def test_a_vault_without_its_settings_is_checked(nested_clone: Any, how: str) -> None:
    clone, vault = nested_clone, nested_clone.vault
    (vault.root / (".obsidian" if vault.dialect == "obsidian" else "logseq")).mkdir()
    vault.put(".obsidian/app.json" if vault.dialect == "obsidian" else "logseq/config.edn", "{}")
    (clone.top / "twinpage.toml").write_text("", encoding="utf-8")  # around it is another vault, which has nothing
    clone.run("hooks", "install")
    clone.commit()
    settings = vault.root / "twinpage.toml"
    settings.unlink()
    if how == "staged":
        clone.git("commit", "-qam", "the model is sound")
    clone.breaks()
    clone.git("add", "--", vault.file(JOURNEY), folder=vault.root)
    clone.git("commit", "-qm", "bad", code=1)
    assert f"{vault.file(JOURNEY)}:" in clone.said
    clone.git("rm", "-rq", "--cached", "artifacts", folder=vault.root)
    if how == "staged":
        clone.git("commit", "-qm", "without a vault")
        assert clone.said == ""


def test_a_branch_without_a_vault_is_free(clone: Any) -> None:
    clone.run("hooks", "install")
    clone.commit()
    clone.breaks()
    clone.git("checkout", "-q", "--orphan", "gh-pages")
    clone.git("rm", "-rqf", "--cached", ".")
    (clone.top / "index.html").write_text("hello", encoding="utf-8")
    clone.git("add", "index.html")
    clone.git("commit", "-qm", "pages")
    assert clone.said == ""
    clone.git("add", "-A")
    clone.git("commit", "-qm", "bad", code=1)


def test_a_program_with_a_bare_path_commits_as_well(
    clone: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Programs with windows get no PATH from a shell. git adds its own folder."""
    python = tmp_path / 'it\'s a "$HOME" 100%\nfolder' / "python"
    python.parent.mkdir()
    asked = tmp_path / "asked"
    python.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >>{asked}\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    clone.run("hooks", "install", "--diff")
    git = shutil.which("git")
    assert git is not None
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    for words, code in ((["add", "-A"], 0), (["commit", "-qm", "good"], 0)):
        assert subprocess.run([git, *words], cwd=clone.top, check=False).returncode == code
    clone.breaks()
    assert subprocess.run([git, "commit", "-qam", "bad"], cwd=clone.top, check=False).returncode == 1
    subprocess.run([git, "diff", "HEAD"], cwd=clone.top, check=False, capture_output=True)
    said = asked.read_text(encoding="utf-8").split("\n")
    assert said[:2] == ["-P -m twinpage check --staged --vault ./."] * 2
    assert said[2].startswith("-P -m twinpage textconv ")


def test_git_calls_the_driver_for_notes_and_files_whatever_their_names(
    clone: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    python, asked = tmp_path / "it's 100% $HOME" / "python", tmp_path / "asked"
    python.parent.mkdir()
    # It keeps the last word but one, which is the path, and merges by taking their side.
    python.write_text(f'#!/bin/sh\nprintf "%s\\0" "$@" >>{asked}\ncp "$8" "$7"\n', encoding="utf-8")
    python.chmod(0o755)
    odd = "artifacts/x/a 'b' $c\n\"d\".json"
    (clone.top / "artifacts" / "x").mkdir()
    (clone.top / odd).write_text("1\n", encoding="utf-8")
    monkeypatch.setattr(sys, "executable", str(python))
    clone.run("hooks", "install")
    clone.git("config", "core.hooksPath", os.devnull)
    clone.commit()
    note = clone.vault.note(TOPIC)
    for branch, text in (("side", "theirs\n"), ("main", "ours, longer\n")):
        clone.git("checkout", "-q", "-B", branch, "main")
        for path in (odd, note):
            (clone.top / path).write_text(text, encoding="utf-8")
        clone.git("add", "-A")
        clone.git("commit", "-qnm", branch)
    clone.git("merge", "-q", "--no-edit", "side")
    assert [(clone.top / path).read_text(encoding="utf-8") for path in (odd, note)] == ["theirs\n"] * 2
    words = asked.read_text(encoding="utf-8").split("\0")
    calls = [words[at : at + 10] for at in range(0, len(words) - 1, 10)]
    assert all(call[:5] == ["-P", "-m", "twinpage", "merge", "--driver"] for call in calls)
    assert sorted(call[8] for call in calls) == sorted([odd, note])
    assert {call[9] for call in calls} == {"7"}


def test_git_diff_shows_words_and_plain_lines_where_no_twinpage_runs(
    clone: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clone.run("hooks", "install", "--diff")
    clone.vault.edit(clone.vault.file(TOPIC), "a week", "two weeks")
    words = clone.git("diff", "--", "artifacts")
    assert "+body: It keeps for two weeks at sea." in words
    python = tmp_path / "it's 100% $HOME" / "python"
    clone.git("config", "diff.twinpage.textconv", Program(str(python), "").textconv)
    monkeypatch.setenv("PATH", os.pathsep.join(["/usr/bin", "/bin"]))
    plain = clone.git("diff", "--no-textconv", "--", "artifacts")
    assert clone.git("diff", "--", "artifacts") == clone.said == plain
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    assert clone.git("diff", "--", "artifacts") == clone.said == plain
    assert plain not in ("", words)


def test_the_vault_cannot_slip_a_program_under_the_hook(clone: Any) -> None:
    clone.run("hooks", "install")
    for name in ("twinpage", "typer", "json"):
        (clone.top / f"{name}.py").write_text(f"open({str(clone.home / 'ran')!r}, 'w')\n", encoding="utf-8")
    clone.commit()
    assert not (clone.home / "ran").exists()


def test_a_hint_after_checkout_and_merge_only_when_twins_differ(clone: Any) -> None:
    clone.run("hooks", "install")
    clone.commit()
    clone.vault.settle()
    clone.git("checkout", "-qb", "side")
    note = clone.vault.note(TOPIC)
    clone.vault.edit(note, "a week", "two weeks")
    clone.git("add", "-A")
    clone.git("commit", "-qnm", "only the note")
    clone.vault.settle()
    clone.git("add", "-A")
    clone.git("commit", "-qnm", "the file, too")
    clone.git("checkout", "-q", "main")
    assert clone.said == ""  # both twins went back
    clone.git("checkout", "-q", "side^")
    assert clone.said == "twinpage: 1 note differs from its artifact file now; run `twinpage sync`.\n"
    clone.git("checkout", "-q", "main")
    clone.git("merge", "-q", "side^", code=0)
    assert "1 note differs" in clone.said
    clone.git("checkout", "-q", "-b", "another")
    assert clone.said == ""  # nothing changed


def test_a_checkout_that_changes_nothing_in_the_vault_is_not_looked_into(nested_clone: Any) -> None:
    nested_clone.run("hooks", "install")
    nested_clone.commit()
    nested_clone.git("checkout", "-qb", "side")
    (nested_clone.top / "code").write_text("", encoding="utf-8")
    nested_clone.commit()
    note = nested_clone.vault.note(JOURNEY)
    nested_clone.vault.edit(note, "Heads come up", "All heads come up")
    nested_clone.git("checkout", "-q", "main")
    assert nested_clone.said == ""
    nested_clone.git("commit", "-qnam", "the note")
    nested_clone.git("checkout", "-q", "side")
    nested_clone.git("checkout", "-q", "main")
    assert "1 note differs" in nested_clone.said


def test_a_hint_is_silent_where_nobody_has_synced_or_a_watcher_follows(clone: Any) -> None:
    clone.vault.edit(clone.vault.note(TOPIC), "a week", "two weeks")
    clone.run("hooks", "hint")
    assert "1 note differs" in clone.said
    with watcher_role(clone.vault.root):
        clone.run("hooks", "hint")
    assert clone.said == ""
    clone.vault.put("twinpage.toml", "dialekt = 1\n")
    clone.run("hooks", "hint")
    assert clone.said == ""  # `sync` tells
    clone.vault.put("twinpage.toml", "")
    shutil.rmtree(clone.vault.root / ".twinpage")
    clone.run("hooks", "hint")
    assert clone.said == ""


def test_a_conflict_that_a_rebase_committed_is_told(clone: Any) -> None:
    """git asks no hook whether to commit there."""
    clone.run("hooks", "install")
    clone.commit()
    clone.git("checkout", "-qb", "side")
    for name, text in (("side", "It keeps a week at home."), ("main", "It keeps for years.")):
        clone.git("checkout", "-q", name)
        clone.vault.sync()
        clone.vault.change(TOPIC, body=text)
        clone.vault.settle()
        clone.commit()
    clone.git("rebase", "main", "side", code=1)
    clone.git("add", "-A")
    clone.git("rebase", "--continue")
    told = f"twinpage: 1 artifact has an open conflict ({TOPIC}); `twinpage conflicts` shows how to end it."
    assert told in clone.said
    assert "twinpage sync" not in clone.said
    clone.git("checkout", "-q", "main")
    clone.git("merge", "-q", "--ff-only", "side")
    assert told in clone.said
    assert "twinpage sync" not in clone.said
    clone.git("commit", "-q", "--amend", "--no-verify", "-m", "again")
    assert clone.said == ""
