"""The gate, on real repositories: what is staged, what a revision has, and what was introduced since another one."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from twinpage.commands import check
from twinpage.commands.check import Where
from twinpage.edge import shipped
from twinpage.edge.lock import lock_for_now
from twinpage.errors import SettingsMistakes, Usage

CASE, SEGMENT, BAKER = "harbour", "harbour/segments/boats", "harbour/profiles/skipper"
JOURNEY, TOPIC = "harbour/journeys/morning-run", "topics/sourdough"
NOTE, FILE = "Topics/Sourdough.md", "artifacts/topics/sourdough.json"
PACKAGE = Path(check.__file__).resolve().parents[2]
HOOK = f"""#!/bin/sh
PYTHONPATH='{PACKAGE}' exec '{sys.executable}' -m twinpage check --staged --output-format json > "$SEEN"
"""


@pytest.fixture(autouse=True)
def _nobodys_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("SEEN", str(tmp_path / "seen"))
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)


def run(vault, *paths, fix=False, fail_on=None, output_format="json", root=None, **where):
    return check.run(
        vault=root or vault.root,
        paths=tuple((root or vault.root) / path for path in paths),
        fix=fix,
        output_format=output_format,
        fail_on=fail_on,
        statistics=False,
        terminal=vault.terminal,
        where=Where(**where),
    )


def told(vault, *paths, **options):
    run(vault, *paths, **options)
    return json.loads(vault.out.getvalue())


def flags(vault, *paths, **options):
    return told(vault, *paths, **options)["flags"]


def codes(vault, *paths, **options):
    return [(flag["code"], flag["path"]) for flag in flags(vault, *paths, **options)]


def errors(vault, *paths, **options):
    return [(flag["code"], flag["path"]) for flag in flags(vault, *paths, **options) if flag["severity"] == "error"]


def fresh(vault, *words):
    """The flags of the same files in a folder where nobody ever worked: of the index, or of a commit."""
    folder = vault.root.parent / "fresh"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if words:
        packed = subprocess.run(["git", "archive", *words], cwd=vault.root, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", str(folder)], input=packed, check=True)
    else:
        vault.git("checkout-index", "-a", f"--prefix={folder}/")
    return flags(vault, root=folder)


def alike(flags):
    """But for the advice, which differs where only what is staged is meant."""
    return [
        {**flag, "fixable": False, "message": flag["message"].partition("Run `twinpage sync`")[0]} for flag in flags
    ]


def everything(root):
    """Bytes, mode and mtime of all files but the cache; of git's folder only the bytes of what is told by it."""
    found = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != ".twinpage"]
        for name in names:
            place = Path(folder) / name
            info = place.lstat()
            data = os.readlink(place) if place.is_symlink() else place.read_bytes()
            found[str(place)] = (data, info.st_mode, info.st_mtime_ns, info.st_ino)
    return found


@pytest.fixture
def repo(vault):
    vault.commit_all()
    return vault


class TestStaged:
    def test_the_staged_model_is_checked_and_nothing_else(self, repo):
        assert codes(repo, staged=True) == codes(repo)
        repo.edit(NOTE, "a week", "a month")
        assert ("TP501", NOTE) not in codes(repo, staged=True)
        repo.git("add", NOTE)
        assert ("TP501", NOTE) in codes(repo, staged=True)
        repo.edit(NOTE, "a month", "a week")
        assert ("TP501", NOTE) in codes(repo, staged=True)
        assert ("TP501", NOTE) not in codes(repo)
        assert run(repo, staged=True) == 1
        assert run(repo) == 0
        repo.git("add", NOTE)
        assert run(repo, staged=True) == 0

    def test_one_twin_alone_is_told_how_to_stage_both(self, repo):
        repo.edit(NOTE, "a week", "a month")
        repo.sync()
        repo.git("add", NOTE)
        (flag,) = [flag for flag in flags(repo, staged=True) if flag["code"] == "TP501"]
        assert flag["message"].endswith(
            f"Run `twinpage sync`, then stage both: `git -C {repo.root} add {NOTE} {FILE}`."
        )
        run(repo, staged=True, output_format="text")
        assert "--fix" not in repo.out.getvalue()
        assert "[fix]" not in repo.out.getvalue()
        repo.git("add", NOTE, FILE)
        assert ("TP501", NOTE) not in codes(repo, staged=True)

    def test_a_note_in_another_encoding_is_refused(self, repo):
        repo.put(NOTE, repo.text(NOTE).encode("utf-16"))
        repo.git("add", NOTE)
        assert ("TP001", NOTE) in codes(repo, staged=True)
        assert run(repo, staged=True) == 1

    def test_a_part_of_a_change(self, repo):
        repo.change(TOPIC, body="It keeps for a year.")
        repo.edit(NOTE, "a week at sea", "a year")
        blob = subprocess.run(
            ["git", "hash-object", "-w", NOTE], cwd=repo.root, check=True, capture_output=True, text=True
        ).stdout.strip()
        repo.git("update-index", "--cacheinfo", f"100644,{blob},{NOTE}")
        assert ("TP501", NOTE) in codes(repo, staged=True)
        repo.git("add", FILE)
        assert ("TP501", NOTE) not in codes(repo, staged=True)

    def test_deleted_files(self, repo):
        repo.remove(FILE)
        assert ("TP502", NOTE) not in codes(repo, staged=True)
        repo.git("rm", "-q", FILE)
        assert ("TP502", NOTE) in codes(repo, staged=True)
        repo.git("rm", "-q", NOTE)
        assert NOTE not in {path for _, path in codes(repo, staged=True)}

    def test_a_conflict_that_was_left_in_both_twins(self, repo):
        repo.sync()
        repo.edit(NOTE, "a week", "a month")
        repo.change(TOPIC, body="It keeps for a year at sea.")
        assert repo.sync().exit_code == 1
        assert ("TP901", NOTE) not in codes(repo, staged=True)
        repo.git("add", "-A")
        assert ("TP901", NOTE) in codes(repo, staged=True)
        repo.git("commit", "-qm", "a conflict")
        assert ("TP901", NOTE) in codes(repo, revision="HEAD")
        assert ("TP901", NOTE) not in codes(repo, revision="HEAD~1")

    def test_a_merge_of_git_that_is_not_ended(self, repo):
        start = repo.value(TOPIC)["body"]
        repo.git("checkout", "-qb", "side")
        for words, branch in (("a month", "side"), ("a year", "-")):
            repo.edit(NOTE, "a week", words)
            repo.change(TOPIC, body=start.replace("a week", words))
            repo.git("commit", "-qam", words)
            if branch == "side":
                repo.git("checkout", "-q", "-")
        with pytest.raises(subprocess.CalledProcessError):
            repo.git("merge", "-q", "side")
        found = [flag for flag in flags(repo, staged=True) if flag["path"] in (NOTE, FILE)]
        assert {(flag["code"], flag["path"]) for flag in found} == {("TP001", NOTE), ("TP001", FILE)}
        assert all("twinpage resolve" in flag["message"] for flag in found)
        assert {flag["artifact"] for flag in found} == {TOPIC}

    def test_one_side_removed_what_the_other_changed(self, repo):
        repo.git("checkout", "-qb", "side")
        repo.edit(NOTE, "a week", "a month")
        repo.git("commit", "-qam", "changed")
        repo.git("checkout", "-q", "-")
        repo.git("rm", "-q", NOTE)
        repo.git("commit", "-qm", "removed")
        with pytest.raises(subprocess.CalledProcessError):
            repo.git("merge", "-q", "side")
        assert ("TP001", NOTE) in codes(repo, staged=True)

    def test_what_is_only_announced_is_not_there(self, repo):
        repo.put("artifacts/topics/rye.json", "")
        repo.git("add", "-N", "artifacts/topics/rye.json")
        assert "artifacts/topics/rye.json" not in {path for _, path in codes(repo, staged=True)}
        repo.git("add", "artifacts/topics/rye.json")
        assert ("TP001", "artifacts/topics/rye.json") in codes(repo, staged=True)

    def test_a_pointer_of_lfs_is_told(self, repo):
        pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12345\n"
        repo.put(NOTE, pointer)
        repo.put(FILE, pointer)
        repo.git("add", "-A")
        found = [flag for flag in flags(repo, staged=True) if flag["code"] == "TP001"]
        assert {flag["path"] for flag in found} == {FILE, NOTE}
        assert all("LFS" in flag["message"] and "permissions" not in flag["message"] for flag in found)

    def test_line_ends_as_staged(self, repo):
        repo.put(".gitattributes", "*.md -text\n*.json -text\n")
        text = repo.text(NOTE).replace("\n", "\r\n")
        repo.put(NOTE, text)
        repo.git("add", "-A")
        assert codes(repo, staged=True) == codes(repo)
        repo.put(NOTE, text.replace("a week", "a month"))
        repo.git("add", "-A")
        assert ("TP501", NOTE) in codes(repo, staged=True)

    def test_line_ends_that_git_turns(self, repo):
        repo.git("config", "core.autocrlf", "true")
        repo.put(NOTE, repo.text(NOTE).replace("\n", "\r\n"))
        repo.git("add", "-A")
        assert ("TP501", NOTE) not in codes(repo, staged=True)

    def test_links_are_not_followed(self, repo):
        (repo.root / "artifacts/topics/out.json").symlink_to("/etc/hostname")
        (repo.root / "Topics/Again.md").symlink_to("Sourdough.md")
        repo.git("add", "-A")
        found = codes(repo, staged=True)
        assert ("TP001", "artifacts/topics/out.json") in found
        assert "Topics/Again.md" not in {path for _, path in found}
        assert found == codes(repo)

    def test_paths_filter(self, repo):
        repo.edit(NOTE, "a week", "a month")
        repo.put("artifacts/topics/broken.json", "{")
        repo.git("add", "-A")
        assert {path for _, path in codes(repo, "Topics", staged=True)} == {NOTE}
        repo.remove("artifacts/topics/broken.json")
        found = codes(repo, "artifacts/topics/broken.json", staged=True)
        assert found == [("TP001", "artifacts/topics/broken.json")]
        assert codes(repo, "artifacts", staged=True) == found
        with pytest.raises(Usage, match="nothing at"):
            run(repo, "artifacts/topics/brokn.json", staged=True)


class TestSettings:
    def test_settings_are_those_that_are_staged(self, repo):
        repo.edit(NOTE, "a week", "a month")
        repo.git("add", "-A")
        repo.put("twinpage.toml", f'dialect = "{repo.dialect}"\n[rules]\nTP501 = "off"\n')
        assert ("TP501", NOTE) in codes(repo, staged=True)
        assert ("TP501", NOTE) not in codes(repo)
        repo.git("add", "-A")
        assert ("TP501", NOTE) not in codes(repo, staged=True)

    def test_fail_on_is_the_tree_s(self, repo):
        repo.artifact("topics/rye", kind="topic", name="Rye")
        repo.git("add", "-A")
        assert run(repo, staged=True) == 0
        repo.put("twinpage.toml", f'dialect = "{repo.dialect}"\nfail-on = "warning"\n')
        assert run(repo, staged=True) == 0
        repo.git("add", "-A")
        assert run(repo, staged=True) == 1

    def test_mistakes_name_where_they_are(self, repo):
        good = repo.text("twinpage.toml")
        repo.put("twinpage.toml", good + "fial-on = 3\n")
        repo.git("add", "-A")
        repo.put("twinpage.toml", good)
        with pytest.raises(SettingsMistakes, match=r"twinpage\.toml in the index has mistakes"):
            run(repo, staged=True)
        repo.git("commit", "-qm", "mistake")
        repo.git("commit", "-qam", "mended")
        assert run(repo, staged=True, base="HEAD~1") == 0
        assert "twinpage.toml in HEAD~1 has mistakes" in repo.err.getvalue()

    def test_excluded_notes_and_kinds_of_the_team(self, repo):
        schema = json.loads(json.dumps(shipped.schemas()["topic.schema.json"]))
        schema["$id"] = schema["$id"].replace("topic", "recipe")
        schema["properties"]["kind"]["const"] = "recipe"
        repo.put("schemas/recipe.json", "{")
        repo.put("twinpage.toml", f'dialect = "{repo.dialect}"\nexclude = ["Topics/"]\n')
        repo.git("add", "-A")
        found = codes(repo, staged=True)
        assert ("TP001", "schemas/recipe.json") in found
        assert ("TP503", FILE) in found
        assert found == [(flag["code"], flag["path"]) for flag in fresh(repo)]

    def test_a_dialect_that_git_does_not_know(self, repo):
        repo.put("twinpage.toml", "")
        app = "logseq/config.edn" if repo.dialect == "logseq" else ".obsidian/app.json"
        repo.put(app, "{}")
        repo.git("add", "twinpage.toml")
        assert run(repo, staged=True) == 0
        repo.git("add", "-f", app)
        shutil.rmtree(repo.root / Path(app).parts[0])
        assert run(repo, staged=True) == 0


class TestRevision:
    def test_a_revision_is_not_the_working_tree(self, repo):
        repo.edit(NOTE, "a week", "a month")
        repo.git("commit", "-qam", "apart")
        repo.git("tag", "apart")
        repo.sync()
        repo.git("commit", "-qam", "in step")
        assert ("TP501", NOTE) in codes(repo, revision="apart")
        assert ("TP501", NOTE) in codes(repo, revision="HEAD~1")
        assert ("TP501", NOTE) not in codes(repo, revision="HEAD")
        assert run(repo, revision="apart") == 1
        assert run(repo, revision="HEAD") == 0

    def test_its_day_is_today(self, repo, monkeypatch):
        repo.edit(NOTE, "a week", "a month")
        repo.put(
            "twinpage.toml",
            f'dialect = "{repo.dialect}"\n[[ignore]]\ncode = "TP501"\nartifact = "{TOPIC}"\nreason = "for now"\n'
            "until = 2020-06-30\n",
        )
        repo.git("add", "-A")
        for day in ("2020-06-30", "2020-07-01"):
            monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00+0000")
            repo.git("commit", "-qm", day, "--allow-empty")
        assert {"TP501", "TP801"}.isdisjoint(code for code, _ in codes(repo, revision="HEAD~1"))
        assert {"TP501", "TP801"} <= {code for code, _ in codes(repo, revision="HEAD")}
        assert {"TP501", "TP801"} <= {code for code, _ in codes(repo, staged=True)}
        assert {"TP501", "TP801"}.isdisjoint(code for code, _ in codes(repo, revision="HEAD~1"))

        found = told(repo, revision="HEAD", base="HEAD~1")
        assert {"TP501", "TP801"}.isdisjoint(flag["code"] for flag in found["flags"])

    def test_no_such_revision(self, repo):
        for where in ({"revision": "nowhere"}, {"base": "nowhere"}, {"staged": True, "base": "--all"}):
            with pytest.raises(Usage, match="There is no revision"):
                run(repo, **where)


class TestUsage:
    def test_outside_a_repository(self, vault):
        for where in ({"staged": True}, {"revision": "HEAD"}, {"base": "HEAD"}):
            with pytest.raises(Usage, match="no git repository"):
                run(vault, **where)

    def test_mixtures(self, repo):
        with pytest.raises(Usage, match="--staged and --rev"):
            run(repo, staged=True, revision="HEAD")
        for where in ({"staged": True}, {"revision": "HEAD"}):
            with pytest.raises(Usage, match="--fix"):
                run(repo, fix=True, **where)


class TestBase:
    @pytest.fixture
    def changed(self, repo):
        """One flag stood before, one is resolved, one is introduced."""
        repo.put("artifacts/topics/old.json", "{")
        repo.put("artifacts/topics/mended.json", "{")
        repo.git("add", "-A")
        repo.git("commit", "-qm", "before")
        repo.remove("artifacts/topics/mended.json")
        repo.put("artifacts/topics/old.json", "\n\n\n{")
        repo.put("artifacts/topics/new.json", "{")
        return repo

    @pytest.mark.parametrize("look", ["working tree", "staged", "revision"])
    def test_introduced_resolved_and_standing(self, changed, look):
        where = {}
        if look != "working tree":
            changed.git("add", "-A")
            where = {"staged": True}
        if look == "revision":
            changed.git("commit", "-qm", "after")
            where = {"revision": "HEAD"}
        base = "HEAD~1" if look == "revision" else "HEAD"
        found = told(changed, base=base, **where)
        broken = [flag["path"] for flag in found["flags"] if flag["code"] == "TP001"]
        resolved = [flag["path"] for flag in found["base"]["resolved"] if flag["code"] == "TP001"]
        assert broken == ["artifacts/topics/new.json"]
        assert resolved == ["artifacts/topics/mended.json"]
        assert found["base"]["standing"]["error"] == 1
        assert found["base"]["revision"] == base
        assert len(found["base"]["commit"]) == 40
        assert found["summary"]["error"] == 1
        assert run(changed, base=base, **where) == 1

    def test_only_what_is_introduced_fails(self, changed):
        changed.remove("artifacts/topics/new.json")
        assert run(changed) == 1
        assert run(changed, base="HEAD") == 0
        changed.git("add", "-A")
        assert run(changed, staged=True) == 1
        assert run(changed, staged=True, base="HEAD") == 0
        changed.put("artifacts/topics/new.json", "{")
        changed.git("add", "-A")
        assert run(changed, "Topics", staged=True, base="HEAD") == 0
        assert run(changed, "artifacts", staged=True, base="HEAD") == 1

    def test_mending_what_was_introduced(self, changed):
        changed.artifact("harbour/profiles/mate", kind="profile", name="Mate", case=CASE, segment=SEGMENT)
        changed.sync()
        assert "TP301" in {flag["code"] for flag in flags(changed, base="HEAD")}
        assert "TP301" not in {flag["code"] for flag in flags(changed, base="HEAD", fix=True)}

    def test_nothing_was_introduced(self, changed):
        found = told(changed, revision="HEAD", base="HEAD")
        assert (found["flags"], found["base"]["resolved"]) == ([], [])
        assert found["base"]["standing"]["error"] == 2

    def test_what_text_says(self, changed):
        run(changed, base="HEAD", output_format="text")
        said = changed.out.getvalue()
        assert "Resolved since HEAD:" in said
        assert "mended.json" in said.partition("Resolved since HEAD:")[2]
        assert "introduced since HEAD in" in said
        assert "old.json" not in said

    def test_a_base_without_the_vault(self, repo):
        repo.git("branch", "side")
        repo.git("checkout", "-q", "--orphan", "empty")
        repo.git("rm", "-rqf", "--cached", ".")
        repo.git("commit", "-qm", "nothing", "--allow-empty")
        repo.git("checkout", "-qf", "side")
        found = told(repo, revision="HEAD", base="empty")
        assert found["base"]["resolved"] == []
        assert found["flags"] == flags(repo, revision="HEAD")

    def test_clean_branches_whose_merge_breaks_the_model(self, repo):
        repo.git("checkout", "-qb", "side")
        repo.artifact("harbour/profiles/mate", kind="profile", name="Mate", case=CASE, segment=SEGMENT)
        assert repo.sync().exit_code == 0
        repo.commit_all()
        repo.git("checkout", "-q", "-")
        repo.change(BAKER, segment=None)
        assert repo.sync().exit_code == 0
        repo.git("rm", "-q", repo.note(SEGMENT), repo.file(SEGMENT))
        repo.git("commit", "-qam", "no segments any more")
        assert run(repo, revision="HEAD") == 0
        assert run(repo, revision="side") == 0
        repo.git("merge", "-q", "--no-edit", "side")
        assert run(repo, revision="HEAD", base="HEAD^1") == 1
        found = {(flag["code"], flag["artifact"]) for flag in flags(repo, revision="HEAD", base="HEAD^1")}
        assert ("TP201", "harbour/profiles/mate") in found


class TestNothingIsWritten:
    def test_no_byte_and_no_time_changes(self, repo):
        repo.edit(NOTE, "a week", "a month")
        repo.git("add", NOTE)
        repo.edit(NOTE, "a month", "a year")
        shutil.rmtree(repo.root / ".twinpage")
        before = everything(repo.root)
        for where in ({"staged": True}, {"revision": "HEAD"}, {"staged": True, "base": "HEAD"}, {"base": "HEAD"}):
            run(repo, **where)
            run(repo, **where)
        assert everything(repo.root) == before
        assert sorted(path.name for path in (repo.root / ".twinpage/revisions").glob("*.db")) == [
            "base.db",
            "head.db",
            "staged.db",
        ]

    def test_a_fresh_clone_needs_nothing(self, repo):
        clone = repo.root.parent / "clone"
        subprocess.run(["git", "clone", "-q", str(repo.root), str(clone)], check=True)
        assert flags(repo, root=clone, staged=True) == flags(repo, staged=True)
        assert flags(repo, root=clone, revision="HEAD") == flags(repo, revision="HEAD")

    def test_a_checkout_that_may_not_be_written(self, repo):
        expected = flags(repo, staged=True)
        for way in ("a file", "a link that leads out"):
            shutil.rmtree(repo.root / ".twinpage", ignore_errors=True)
            if way == "a file":
                (repo.root / ".twinpage").write_text("in the way")
            else:
                (repo.root / ".twinpage").unlink()
                (repo.root / ".twinpage").symlink_to(repo.root.parent)
            assert flags(repo, staged=True) == expected
            assert flags(repo, staged=True, base="HEAD") == []
            assert not (repo.root.parent / "revisions").exists()

    @pytest.mark.parametrize("way", ["its lock cannot be had", "another program holds it", "it is held"])
    def test_a_slot_that_cannot_be_had(self, repo, way):
        expected = flags(repo, staged=True)
        repo.edit(NOTE, "a week", "a month")
        repo.git("add", "-A")
        folder = repo.root / ".twinpage/revisions"
        if way == "it is held":
            release = lock_for_now(repo.root, "revisions/staged.lock", 0)
            assert release is not None
        if way == "its lock cannot be had":
            (folder / "staged.lock").unlink()
            (folder / "staged.lock").mkdir()
        before = (folder / "staged.db").read_bytes()
        other = sqlite3.connect(folder / "staged.db", isolation_level=None)
        if way == "another program holds it":
            other.execute("begin exclusive")
        begun = time.perf_counter()
        found = flags(repo, staged=True)
        assert time.perf_counter() - begun < 5
        other.close()
        assert {flag["code"] for flag in found} == {flag["code"] for flag in expected} | {"TP501"}
        assert (folder / "staged.db").read_bytes() == before
        if way == "it is held":
            release()
        if way != "its lock cannot be had":
            assert flags(repo, staged=True) == found
            assert (folder / "staged.db").read_bytes() != before


class TestOneAfterTheOther:
    """What is remembered gives the same flags as a look at everything."""

    STEPS = (
        lambda v: v.edit(NOTE, "a week", "a month"),
        lambda v: v.change(TOPIC, body="It keeps for a month at sea."),
        lambda v: v.change(CASE, name="Quay Bakery"),
        lambda v: v.change(CASE, example=None),
        lambda v: v.remove(v.note(BAKER)),
        lambda v: v.git("rm", "-q", "--cached", v.file(JOURNEY)),
        lambda v: v.put("twinpage.toml", f'dialect = "{v.dialect}"\n[rules]\nTP501 = "warning"\n'),
        lambda v: v.put("artifacts/x.txt", "stray"),
        lambda v: v.put("Inner/twinpage.toml", ""),
        lambda v: (v.root / "Topics").rename(v.root / "Inner/Topics"),
        lambda v: v.remove("Inner/twinpage.toml"),
        lambda v: v.put("twinpage.toml", f'dialect = "{v.dialect}"\nexclude = ["Inner/*/S*"]\n'),
        lambda v: v.git("checkout", "-qf", "HEAD", "."),
    )

    def test_the_index_step_by_step(self, repo):
        for number, step in enumerate(self.STEPS):
            step(repo)
            if number != 5:
                repo.git("add", "-A")
            assert alike(flags(repo, staged=True)) == alike(fresh(repo)), number

    def test_slots_follow_one_another(self, repo):
        for number, step in enumerate(self.STEPS[:5]):
            step(repo)
            repo.git("add", "-A")
            repo.git("commit", "-qm", str(number))
        names = [f"HEAD~{number}" for number in range(6)]
        expected = {name: alike(fresh(repo, name)) for name in names}
        for name in [*names, *names[::2], names[3], names[0], names[5]]:
            assert alike(flags(repo, revision=name)) == expected[name], name
            assert flags(repo, revision=name, base=name) == []
        shutil.rmtree(repo.root / ".twinpage")
        told(repo, revision="HEAD", base="HEAD~3")
        assert alike(flags(repo, revision="HEAD")) == expected["HEAD~0"]

    @pytest.mark.parametrize("damage", [b"", b"no database at all", None])
    def test_a_damaged_slot_is_made_anew(self, repo, damage):
        expected = flags(repo, staged=True)
        slot = repo.root / ".twinpage/revisions/staged.db"
        data = slot.read_bytes()
        slot.write_bytes(data[: len(data) // 2] + b"\xff" * 5000 if damage is None else damage)
        repo.put("artifacts/topics/broken.json", "{")
        repo.git("add", "-A")
        for _ in range(3):
            found = codes(repo, staged=True)
            assert ("TP001", "artifacts/topics/broken.json") in found
            assert len(found) == len(expected) + 1


class TestPlaces:
    def test_two_vaults_in_one_repository(self, make_vault, tmp_path, dialect):
        both = [make_vault(tmp_path / "repo" / name, dialect) for name in ("one vault", "zwei")]
        for vault in both:
            vault.artifact(TOPIC)
            vault.sync()
        subprocess.run(["git", "init", "-q", str(tmp_path / "repo")], check=True)
        one, two = both
        one.git("add", "-A")
        two.git("add", "-A")
        assert run(one, staged=True) == run(two, staged=True) == 0
        one.edit(NOTE, "a week", "a month")
        one.git("add", "-A")
        assert errors(one, staged=True) == [("TP501", NOTE)]
        assert errors(two, staged=True) == []

    def test_a_linked_work_tree_and_git_as_a_file(self, repo, make_vault, tmp_path):
        repo.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "side")
        linked = tmp_path / "linked"
        (linked / NOTE).write_text(repo.text(NOTE).replace("a week", "a month"))
        assert errors(repo, root=linked, staged=True) == []
        subprocess.run(["git", "add", "-A"], cwd=linked, check=True)
        assert errors(repo, root=linked, staged=True) == [("TP501", NOTE)]
        assert errors(repo, staged=True) == []


class TestHook:
    """A real `git commit` whose hook runs the program."""

    @pytest.fixture
    def hooked(self, repo):
        hook = repo.root / ".git/hooks/pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(HOOK)
        hook.chmod(0o755)
        return repo

    @staticmethod
    def seen(vault):
        place = vault.root.parent / "seen"
        found = json.loads(place.read_text())["flags"]
        place.unlink()
        return [(flag["code"], flag["path"]) for flag in found if flag["severity"] == "error"]

    def refused(self, vault, *words):
        with pytest.raises(subprocess.CalledProcessError):
            vault.git("commit", "-qm", "refused", *words)
        return self.seen(vault)

    def test_whatever_way_somebody_commits(self, hooked):
        hooked.edit(NOTE, "a week", "a month")
        assert ("TP501", NOTE) in self.refused(hooked, "-a")
        assert ("TP501", NOTE) in self.refused(hooked, NOTE)
        hooked.change(TOPIC, body="It keeps for a month at sea.")
        assert ("TP501", NOTE) in self.refused(hooked, NOTE)
        assert ("TP501", NOTE) in self.refused(hooked, "--", FILE)
        hooked.git("add", NOTE)
        assert ("TP501", NOTE) in self.refused(hooked)
        hooked.git("commit", "-qm", "both", NOTE, FILE)
        assert self.seen(hooked) == []
        hooked.edit(NOTE, "a month", "a year")
        hooked.git("commit", "-qm", "nothing staged", "--allow-empty")
        assert self.seen(hooked) == []

    def test_in_a_linked_work_tree(self, hooked, tmp_path):
        linked = tmp_path / "linked"
        hooked.git("worktree", "add", "-q", str(linked), "-b", "side")
        (linked / NOTE).write_text(hooked.text(NOTE).replace("a week", "a month"))
        command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "x"]
        for words in (["-a"], [NOTE]):
            assert subprocess.run([*command, *words], cwd=linked, capture_output=True).returncode == 1
            assert self.seen(hooked) == [("TP501", NOTE)]
        hooked.git("commit", "-qm", "nothing", "--allow-empty")
        assert self.seen(hooked) == []


WORDS = ("a week", "a month", "a year", "for ever")


class Wanderer:
    """Somebody who edits, moves, breaks, stages and commits whatever comes to hand."""

    def __init__(self, vault, seed):
        self.vault = vault
        self.chance = random.Random(seed)

    def step(self):
        chance = self.chance
        paths = [path for path in sorted(self.vault.files()) if path.endswith((".md", ".json"))]
        path = chance.choice(paths)
        doing = chance.choice(
            (self.reword, self.reword, self.reword, self.remove, self.move, self.spoil, self.settings)
        )
        doing(path)
        staging = chance.choice(("all", "all", "one", "none", "head", "commit"))
        if staging == "head":
            self.vault.git("checkout", "-qf", chance.choice(("HEAD", "first")), "--", ".")
        elif staging == "one":
            self.vault.git("add", "--all", "--", path if chance.random() < 0.5 else "artifacts")
        elif staging != "none":
            self.vault.git("add", "-A")
        if staging == "commit":
            self.vault.git("commit", "-qm", "some", "--allow-empty")

    def reword(self, path):
        text = self.vault.text(path)
        words = sorted({word for word in text.replace('"', " ").split() if word.isalpha() and len(word) > 3})
        if words:
            self.vault.put(path, text.replace(self.chance.choice(words), self.chance.choice(WORDS)))

    def remove(self, path):
        self.vault.remove(path)

    def move(self, path):
        folder, _, name = path.rpartition("/")
        place = self.vault.root / folder / self.chance.choice((name, f"Another {name}", "Sourdough.md", "harbour.json"))
        (self.vault.root / path).rename(place)

    def spoil(self, path):
        self.vault.put(path, self.chance.choice((b"", b"\xff\xfe", b"{", b"---\nartifact-id: harbour\n---\n", b"[1]")))

    def settings(self, path):
        more = self.chance.choice(("", '[rules]\nTP305 = "off"\n', 'exclude = ["Topics/"]\n', 'fail-on = "info"\n'))
        self.vault.put("twinpage.toml", f'dialect = "{self.vault.dialect}"\n{more}')


@pytest.mark.slow
@pytest.mark.parametrize("seed", [4])
def test_a_walk_through_a_repository(repo, seed):
    repo.git("tag", "first")
    wanderer = Wanderer(repo, seed)
    for number in range(20):
        wanderer.step()
        assert places(flags(repo, staged=True)) == places(fresh(repo)), (seed, number)
        if number % 5 == 4:
            assert places(flags(repo, revision="HEAD")) == places(fresh(repo, "HEAD")), (seed, number)


def places(found):
    """What counts of flags; their words may name what else somebody may have meant."""
    return [(flag["code"], flag["path"], flag["line"], flag["severity"], flag["fingerprint"]) for flag in found]


def test_what_only_the_file_says_is_told_at_its_line(clone):
    journey = "artifacts/harbour/journeys/morning-run.json"
    text = clone.vault.text(journey)
    old = next(line for line in text.split("\n") if '"profile"' in line)
    clone.vault.put(journey, text.replace(old, '  "profile": "harbour/profiles/nobody",'), new=True)
    clone.git("add", "-A")
    clone.run("check", "--staged", code=1)
    line = text.split("\n").index(old) + 1
    told = [one for one in clone.out.split("\n") if "error TP201" in one]
    assert told
    assert all(one.strip().startswith(f"{journey}:{line}:") for one in told)
