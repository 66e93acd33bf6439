"""Hooks in real repositories: what git does with them, what stays as it is, and that nothing is left of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from twinpage.cli import run as twinpage
from twinpage.core.hooks.hook_script import CHECKS, HOOKS, is_ours
from twinpage.workspace.git.uniting import let_git_unite


@pytest.fixture
def clone(bare_clone: Any) -> Any:
    """What is installed does not depend on what the vault holds."""
    return bare_clone


# ---------------------------------------------------------------------- install and uninstall


def test_installed_twice_is_installed_once_and_uninstalled_leaves_nothing(clone: Any) -> None:
    before = clone.set_up()
    clone.run("hooks", "install", "--diff")
    after = clone.set_up()
    assert {name for name in HOOKS if is_ours(clone.hook(name).read_text())} == set(HOOKS)
    assert all(os.access(clone.hook(name), os.X_OK) for name in HOOKS)
    clone.run("hooks", "install", "--diff")
    clone.run("hooks", "install")  # a plain one does not take readable diffs away
    assert clone.set_up() == after
    clone.run("hooks", "uninstall")
    assert clone.set_up() == before
    clone.run("hooks", "uninstall")
    assert "Nothing of twinpage is installed" in clone.said
    assert clone.set_up() == before


def test_what_people_wrote_beside_it_is_there_byte_for_byte(clone: Any) -> None:
    attributes = clone.vault.root / ".gitattributes"
    attributes.write_bytes("\ufeff* text=auto\r\nMine/*.md -diff".encode())
    clone.git("config", "merge.twinpage.recursive", "binary")
    clone.git("config", "alias.x", "status")
    clone.hook("pre-push").write_text("#!/bin/sh\n", encoding="utf-8")
    before = clone.set_up()
    clone.run("hooks", "install", "--diff")
    text = attributes.read_bytes()
    assert text.startswith("\ufeff# twinpage".encode())
    assert text.endswith(b"* text=auto\r\nMine/*.md -diff")
    assert text.count(b"\n") == text.count(b"\r\n")
    assert clone.git("check-attr", "merge", "diff", "text", "--", "artifacts/x.json", "a/b.md").split("\n")[:-1] == [
        "artifacts/x.json: merge: twinpage",
        "artifacts/x.json: diff: twinpage",
        "artifacts/x.json: text: auto",
        "a/b.md: merge: twinpage",
        "a/b.md: diff: unspecified",
        "a/b.md: text: auto",
    ]
    clone.run("hooks", "uninstall")
    assert clone.set_up() == before


def test_a_line_that_somebody_put_between_ours_stays(clone: Any) -> None:
    clone.run("hooks", "install")
    attributes = clone.vault.root / ".gitattributes"
    text = attributes.read_text(encoding="utf-8")
    attributes.write_text(text.replace("# twinpage: end", "*.png binary\n# twinpage: end"), encoding="utf-8")
    clone.run("hooks", "install")
    clone.run("hooks", "uninstall")
    assert attributes.read_text(encoding="utf-8") == "*.png binary\n"


def test_other_attributes_stay_in_force_and_are_told(clone: Any) -> None:
    (clone.vault.root / ".gitattributes").write_text("*.md merge=union\n", encoding="utf-8")
    clone.run("hooks", "install", code=1)
    assert "merge=union of *.md" in clone.said
    assert clone.git("check-attr", "merge", "--", "a.md") == "a.md: merge: union\n"
    assert clone.git("check-attr", "merge", "--", "artifacts/a.json") == "artifacts/a.json: merge: twinpage\n"
    clone.run("hooks", "uninstall")
    assert (clone.vault.root / ".gitattributes").read_text(encoding="utf-8") == "*.md merge=union\n"


def test_attributes_that_are_a_folder_are_told(clone: Any) -> None:
    (clone.vault.root / ".gitattributes").mkdir()
    clone.run("hooks", "install", code=1)
    assert "is no plain file" in clone.said
    clone.run("hooks", "uninstall")
    clone.run("doctor")


def test_attributes_that_are_a_link_are_told_and_left(clone: Any, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("", encoding="utf-8")
    (clone.vault.root / ".gitattributes").symlink_to(tmp_path / "mine")
    clone.run("hooks", "install", code=1)
    assert "is no plain file" in clone.said
    assert (tmp_path / "mine").read_text(encoding="utf-8") == ""


def test_a_merge_driver_of_somebody_else_stays(clone: Any) -> None:
    clone.git("config", "merge.twinpage.driver", "my-own %A")
    before = (clone.top / ".git" / "config").read_bytes()
    clone.run("hooks", "install", code=1)
    assert "my-own %A" in clone.said
    assert clone.git("config", "merge.twinpage.driver") == "my-own %A\n"
    clone.run("hooks", "uninstall")
    assert (clone.top / ".git" / "config").read_bytes() == before


def test_what_was_cut_short_is_ended_by_the_next_run(clone: Any) -> None:
    before = clone.set_up()
    lock = clone.top / ".git" / "config.lock"
    lock.touch()
    clone.run("hooks", "install", "--diff", code=2)
    assert "The configuration of this git repository could not be written" in clone.said
    assert clone.set_up() == before
    lock.unlink()
    clone.run("hooks", "install", "--diff")
    after = clone.set_up()
    lock.touch()
    clone.run("hooks", "uninstall", code=2)
    lock.unlink()
    clone.run("hooks", "install", "--diff")
    assert clone.set_up() == after
    lock.touch()
    clone.run("hooks", "uninstall", code=2)
    lock.unlink()
    clone.run("hooks", "uninstall")
    assert clone.set_up() == before


def test_outside_git_it_says_what_to_do(empty: Any, make_clone: Any) -> None:
    clone = make_clone(empty.root, empty)
    for words in (("hooks", "install"), ("hooks", "uninstall")):
        clone.run(*words, code=2)
        assert "lies in no git repository; `git init` makes one." in clone.said


# ---------------------------------------------------------------------- hooks of others


FOREIGN = {
    "plain": ("#!/bin/sh\nexit 0\n", "check --staged --vault ./. || exit 1"),
    "pre-commit": (
        "#!/usr/bin/env bash\n# File generated by pre-commit: https://pre-commit.com\nexit 0\n",
        ".pre-commit-config.yaml",
    ),
    "lefthook": ('#!/bin/sh\ncall_lefthook run "pre-commit" "$@"\n', "lefthook.yml"),
    "husky": ('#!/usr/bin/env sh\n. "${0%/*}/husky.sh"\n', ".husky/pre-commit"),
}


@pytest.mark.parametrize("whose", FOREIGN)
def test_a_foreign_hook_is_never_overwritten_and_chaining_is_told(clone: Any, whose: str) -> None:
    text, told = FOREIGN[whose]
    clone.hook("pre-commit").write_text(text, encoding="utf-8")
    before = clone.set_up()
    clone.run("hooks", "install", code=1)
    assert told in clone.said
    assert clone.hook("pre-commit").read_text(encoding="utf-8") == text
    assert is_ours(clone.hook("pre-merge-commit").read_text())
    clone.run("hooks", "uninstall")
    assert clone.set_up() == before


@pytest.mark.parametrize("odd", ["folder", "dangling link", "link to ours"])
def test_what_is_no_plain_file_is_foreign(clone: Any, odd: str) -> None:
    place = clone.hook("pre-commit")
    if odd == "folder":
        place.mkdir()
    else:
        place.symlink_to("nowhere" if odd == "dangling link" else "pre-merge-commit")
    clone.run("hooks", "install", code=1)
    assert place.is_dir() or place.is_symlink()
    clone.run("hooks", "uninstall")
    assert place.is_dir() or place.is_symlink()


def test_a_hook_of_ours_that_was_changed_is_no_longer_ours(clone: Any) -> None:
    clone.run("hooks", "install")
    with open(clone.hook("pre-commit"), "a", encoding="utf-8") as hook:
        hook.write("exit 0\n")
    changed = clone.hook("pre-commit").read_bytes()
    clone.run("hooks", "install", code=1)
    assert "until somebody changed it" in clone.said
    clone.run("hooks", "uninstall")
    assert clone.hook("pre-commit").read_bytes() == changed


def test_an_older_hook_of_ours_is_made_anew_and_can_be_run_again(clone: Any) -> None:
    import hashlib

    old = "python=/gone/python\nexit 7\n"
    mark = f"#!/bin/sh\n# twinpage hook {hashlib.sha256(old.encode()).hexdigest()}\n"
    clone.hook("pre-commit").write_text(mark + old, encoding="utf-8")
    clone.hook("pre-commit").chmod(0o644)
    clone.run("hooks", "install")
    assert "exit 7" not in clone.hook("pre-commit").read_text(encoding="utf-8")
    assert os.access(clone.hook("pre-commit"), os.X_OK)


# ---------------------------------------------------------------------- where hooks lie


def test_hooks_path_in_the_work_tree_is_respected(clone: Any) -> None:
    clone.git("config", "core.hooksPath", ".githooks")
    clone.run("hooks", "install")
    assert "  .githooks can be committed; " in clone.said
    assert is_ours((clone.top / ".githooks" / "pre-commit").read_text())
    assert not clone.hook("pre-commit").exists()
    clone.run("hooks", "uninstall")
    assert list((clone.top / ".githooks").iterdir()) == []


@pytest.mark.parametrize("first", ["", "my hooks/deep"])
def test_uninstall_finds_the_hooks_wherever_they_were_put(clone: Any, first: str) -> None:
    """Another program names another folder meanwhile, or takes its name away."""
    others = (clone.top / ".git" / "hooks", clone.top / "my hooks" / "deep")
    if first:
        clone.git("config", "core.hooksPath", first)
    before = clone.set_up()
    clone.run("hooks", "install")
    clone.git("config", "core.hooksPath", "my hooks/deep")
    if first:
        clone.git("config", "--unset", "core.hooksPath")
    assert is_ours((others[bool(first)] / "pre-commit").read_text())
    clone.run("hooks", "uninstall")
    assert "Took away pre-commit, pre-merge-commit, post-checkout, post-merge" in clone.said
    assert not any(place.exists() for name in HOOKS for place in (folder / name for folder in others))
    clone.git("config", "core.hooksPath", first) if first else clone.git("config", "--unset", "core.hooksPath")
    assert clone.set_up() == before


def test_hooks_in_both_folders_know_of_the_vaults_that_are_left(nested_clone: Any) -> None:
    other = nested_clone.another("other")
    for root in (nested_clone.vault.root, other.root):
        nested_clone.run("hooks", "install", root=root)
    nested_clone.git("config", "core.hooksPath", ".githooks")
    nested_clone.run("hooks", "install")
    nested_clone.run("hooks", "uninstall")
    texts = [(nested_clone.top / folder / "pre-commit").read_text() for folder in (".git/hooks", ".githooks")]
    assert texts[0] == texts[1]
    assert "for vault in ./other; do" in texts[0]
    nested_clone.run("hooks", "uninstall", root=other.root)
    assert list((nested_clone.top / ".githooks").iterdir()) == []
    assert not nested_clone.hook("pre-commit").exists()


def test_an_empty_hooks_path_is_the_top_of_the_disk(clone: Any) -> None:
    """So git has it; nobody means it."""
    clone.git("config", "core.hooksPath", "")
    clone.run("hooks", "install", code=1)
    assert "git runs those of / here (.git/config says core.hooksPath)" in clone.said
    assert not (clone.top / "pre-commit").exists()
    line = next(line for line in clone.said.split("\n") if "git config --local" in line)
    subprocess.run(["sh", "-c", line], cwd=clone.top, check=True)
    clone.run("hooks", "install")
    assert is_ours(clone.hook("pre-commit").read_text())


def test_a_folder_that_git_ignores_is_not_said_to_be_committed(clone: Any) -> None:
    folder = clone.top / ".husky" / "_"
    folder.mkdir(parents=True)
    (folder / ".gitignore").write_text("*", encoding="utf-8")
    clone.git("config", "core.hooksPath", ".husky/_")
    clone.run("hooks", "install")
    assert f"Hooks in {folder}: pre-commit" in clone.said
    assert "can be committed" not in clone.said


def test_no_sentence_of_the_help_is_cut(clone: Any) -> None:
    assert twinpage(["hooks", "--help"]) == 0
    assert "..." not in clone.capsys.readouterr().out.replace("[ARGS]...", "")


def test_a_hooks_folder_that_repositories_share_is_not_written(clone: Any) -> None:
    shared = clone.home / "shared hooks"
    shared.mkdir()
    clone.git("config", "--global", "core.hooksPath", "~/shared hooks")
    clone.run("hooks", "install", code=1)
    assert f"git runs those of {shared} here" in clone.said
    assert ".gitconfig" in clone.said
    assert list(shared.iterdir()) == []
    assert not clone.hook("pre-commit").exists()
    line = next(line for line in clone.said.split("\n") if "git config --local" in line)
    (clone.top / "deep").mkdir()
    subprocess.run(["sh", "-c", line], cwd=clone.top / "deep", check=True)
    clone.run("hooks", "install")
    assert is_ours(clone.hook("pre-commit").read_text())


def test_a_hooks_folder_that_is_a_link_elsewhere_is_not_written(clone: Any) -> None:
    shared = clone.home / "shared"
    shared.mkdir()
    folder = clone.top / ".git" / "hooks"
    shutil.rmtree(folder)
    folder.symlink_to(shared)
    clone.run("hooks", "install", code=1)
    assert f"{folder} is a link" in clone.said
    assert list(shared.iterdir()) == []


def test_a_submodule_has_hooks_of_its_own(clone: Any, make_clone: Any, tmp_path: Path) -> None:
    outer = make_clone(tmp_path / "outer", clone.vault)
    outer.top.mkdir()
    outer.git("init", "-q")
    outer.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(clone.top), "inner vault")
    outer.run("hooks", "install", root=outer.top / "inner vault")
    assert not outer.hook("pre-commit").exists()
    assert is_ours((outer.top / ".git" / "modules" / "inner vault" / "hooks" / "pre-commit").read_text())


# ---------------------------------------------------------------------- another Python


def test_when_its_python_is_gone_it_refuses_and_says_what_to_do(clone: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    clone.run("hooks", "install")
    for name in HOOKS:
        text = clone.hook(name).read_text(encoding="utf-8")
        clone.hook(name).write_text(text.replace(f"python={sys.executable}", "python='/it is/gone'"), encoding="utf-8")
    monkeypatch.setenv("PATH", os.pathsep.join(["/usr/bin", "/bin"]))
    clone.commit(code=1)
    assert "Nothing was checked, so nothing is committed" in clone.said
    assert "python -m twinpage hooks install" in clone.said
    clone.git("commit", "-qm", "forced", "--no-verify")
    clone.git("checkout", "-q", "HEAD^")  # a hint does not stand in the way
    assert "the twinpage of this hook is gone (/it is/gone)" in clone.said


def test_then_the_twinpage_on_the_path_does_it(clone: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clone.run("hooks", "install")
    text = clone.hook("pre-commit").read_text(encoding="utf-8")
    clone.hook("pre-commit").write_text(text.replace("package=", "package=/gone"), encoding="utf-8")
    stand_in = tmp_path / "bin" / "twinpage"
    stand_in.parent.mkdir()
    stand_in.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{tmp_path}/asked\n', encoding="utf-8")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(stand_in.parent), "/usr/bin", "/bin"]))
    clone.commit()
    assert (tmp_path / "asked").read_text().split("\n")[:-1] == ["check", "--staged", "--vault", "./."]


@pytest.mark.parametrize("shell", ["sh", "dash", "bash --posix", "busybox sh"])
def test_the_scripts_are_plain_posix_shell(nested_clone: Any, shell: str) -> None:
    if shutil.which(shell.split(" ")[0]) is None:
        pytest.skip(f"no {shell} here")
    nested_clone.run("hooks", "install")
    for name in HOOKS:
        subprocess.run([*shell.split(" "), "-n", str(nested_clone.hook(name))], check=True)


def test_every_hook_that_checks_is_the_same(clone: Any) -> None:
    clone.run("hooks", "install")
    assert len({clone.hook(name).read_bytes() for name in CHECKS}) == 1


def test_lines_that_a_sign_off_wrote_are_not_doubled_and_stay(clone: Any) -> None:
    let_git_unite(clone.vault.root)
    before = (clone.top / ".gitattributes").read_bytes()
    clone.run("hooks", "install")
    assert (clone.top / ".gitattributes").read_bytes().count(b"merge=union") == 2
    assert let_git_unite(clone.vault.root) == ""
    clone.run("hooks", "uninstall")
    assert (clone.top / ".gitattributes").read_bytes() == before


def test_lines_that_lie_in_gits_index_only_are_written_anew(clone: Any) -> None:
    clone.run("hooks", "install")
    clone.commit()
    installed = clone.set_up()
    clone.run("hooks", "uninstall")
    assert not (clone.vault.root / ".gitattributes").exists()
    clone.run("hooks", "install")
    assert clone.set_up() == installed
    (clone.vault.root / ".gitattributes").unlink()
    clone.run("doctor", code=1)
    assert ".gitattributes" in clone.said
    clone.run("hooks", "install")
    assert clone.set_up() == installed


@pytest.mark.parametrize("file", ["signoffs.jsonl", "twinpage.baseline"])
def test_what_git_has_to_unite_it_unites_without_hooks_too(clone: Any, file: str) -> None:
    clone.run("hooks", "install")
    clone.vault.put(file, "", new=True)
    clone.run("hooks", "uninstall")
    assert "Commit .gitattributes as well" in clone.said
    text = (clone.vault.root / ".gitattributes").read_text(encoding="utf-8")
    assert text == "signoffs.jsonl merge=union\ntwinpage.baseline merge=union\n"
    clone.run("hooks", "uninstall")
    assert (clone.vault.root / ".gitattributes").read_text(encoding="utf-8") == text
