"""`diff` in real repositories: between revisions, against the working tree, and all that can be odd there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from twinpage.cli import run
from twinpage.edge import shipped
from twinpage.edge.git.place import find_repository
from twinpage.edge.git.trees import at_revision
from twinpage.edge.processes import halves
from twinpage.errors import Usage
from twinpage.quick import answered
from twinpage.workspace.revisions import model_compared

pytestmark = pytest.mark.slow

CASE, SEGMENT, BAKER = "harbour", "harbour/segments/boats", "harbour/profiles/skipper"
JOURNEY, STRATEGY = "harbour/journeys/morning-run", "harbour/sales-strategies/quay"


def change(clone: Any, artifact: str, **fields: Any) -> None:
    """The artifact file says something else; its note is not touched."""
    path = f"artifacts/{artifact}.json"
    value = {**json.loads(clone.vault.text(path)), **fields}
    clone.vault.put(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n", new=True)


def as_data(clone: Any, *words: str) -> dict[str, Any]:
    clone.run("diff", *words, "--output-format", "json")
    told: dict[str, Any] = json.loads(clone.said[: clone.said.rindex("}") + 1])
    Draft202012Validator(shipped.output_schemas()["diff.schema.json"]).validate(told)
    return told


def stages(clone: Any) -> list[Any]:
    found: list[Any] = json.loads(clone.vault.text(f"artifacts/{JOURNEY}.json"))["stages"]
    return found


def test_nothing_changed(clone: Any) -> None:
    clone.run("diff", "--exit-code")
    assert clone.said == "No differences in the model between HEAD and the working tree.\n"
    clone.run("diff", "HEAD..HEAD", "--exit-code", "--output-format", "markdown")


def test_what_a_colleague_did(clone: Any) -> None:
    first, second = stages(clone)
    first["touchpoints"].pop(1)
    second["name"] = "Paying"
    change(clone, JOURNEY, stages=[first, second])
    os.remove(clone.vault.root / f"artifacts/{STRATEGY}.json")
    clone.commit()
    clone.run("diff", "HEAD~1..", "--exit-code", code=1)
    assert "Example cases:\n\nHarbour Bakery > Boats on the quay > Skipper\n" in clone.said
    assert "    - touchpoint *Flag* removed from *Whistle*\n" in clone.said
    assert "    - stage *Handing over* renamed to *Paying*\n" in clone.said
    assert "Sales strategy *Win the quay* of *Skipper* removed with 1 item: *Free roll*\n" in clone.said
    assert "2 artifacts between HEAD~1 and HEAD: 1 changed and 1 removed.\n" in clone.said
    told = as_data(clone, "HEAD~1..HEAD", JOURNEY)
    assert [one["artifact"] for one in told["artifacts"]] == [JOURNEY]
    assert told["new"]["commit"] == clone.git("rev-parse", "HEAD").strip()


@pytest.mark.parametrize("odd", ["", "another id", "another file"])
def test_two_processes_tell_what_one_does(clone: Any, odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = stages(clone)
    second["name"] = "Paying"
    change(clone, JOURNEY, stages=[first, second])
    change(clone, SEGMENT, name="Boats at the quay", **({"id": "harbour/segments/quay"} if odd == "another id" else {}))
    change(clone, BAKER, summary="Another one.")
    change(clone, CASE, tagline="By the sea.")
    clone.vault.put(f"artifacts/{STRATEGY}.json", "{", new=True)
    if odd == "another file":
        change_name = clone.vault.root / f"artifacts/{JOURNEY}.json"
        change_name.rename(change_name.with_name("evening-run.json"))
    note = clone.vault.root / next(path for path in clone.vault.files() if path.endswith("Sourdough.md"))
    note.write_text(note.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    clone.commit()
    told = []
    forks = []
    monkeypatch.setattr(model_compared, "can_fork", lambda: True)
    monkeypatch.setattr(model_compared, "halves", lambda here, there: forks.append(1) or halves(here, there))
    for number in (1_000, 1):
        monkeypatch.setattr(model_compared, "PAYS_TWICE", number)
        for words in (("HEAD~1..HEAD",), ("HEAD..HEAD~1", "--output-format", "json"), ("HEAD~1",)):
            clone.run("diff", *words)
            told.append(clone.said)
    assert told[:3] == told[3:]
    assert len(forks) == (0 if odd == "another file" else 3)
    assert "1 note" in told[0] or odd
    assert "cannot be read" in told[0] or "harbour/sales-strategies/quay.json" in told[0]


def test_working_tree_untracked_removed_and_renamed(clone: Any) -> None:
    clone.run("rename", BAKER, "harbour/profiles/captain")
    clone.vault.put("artifacts/topics/rye.json", '{"kind": "topic", "id": "topics/rye", "name": "Rye"}')
    told = as_data(clone)
    actions = {one["artifact"]: one["action"] for one in told["artifacts"]}
    assert actions == {
        "harbour/profiles/captain": "renamed",
        JOURNEY: "changed",
        STRATEGY: "changed",
        "topics/rye": "added",
    }
    words = [one["words"] for artifact in told["artifacts"] for one in artifact["differences"]]
    assert words.count("profile follows the new id of *Skipper*") == 2


def test_only_notes_changed(clone: Any) -> None:
    note = next(path for path in clone.vault.notes() if "Skipper" in path)
    clone.vault.put(note, clone.vault.text(note) + "\n\n- private words\n")
    clone.vault.put("Plain.md", "only mine\n")
    clone.run("diff", "--exit-code")
    assert "2 notes changed, and no artifact file with them." in clone.said


def test_a_note_that_cannot_be_read_is_not_said_to_be_none_of_the_model(clone: Any) -> None:
    note = next(path for path in clone.vault.notes() if "Skipper" in path)
    text = clone.vault.text(note)
    clone.vault.put(note, text.replace("---\n", "---\n: : [\n", 1) + "\n- ```\n")
    clone.run("diff", "--exit-code")
    assert "1 note changed, and no artifact file with it." in clone.said


def test_out_of_step_is_remarked(clone: Any) -> None:
    change(clone, SEGMENT, name="Boats at sea")
    clone.run("diff")
    assert "run `twinpage sync` first" in clone.said
    assert "renamed from *Boats on the quay* to *Boats at sea*" in clone.said


@pytest.mark.parametrize("where", ["old", "new"])
def test_broken_files_are_told_with_their_line(clone: Any, where: str) -> None:
    path = f"artifacts/{SEGMENT}.json"
    good = clone.vault.text(path)
    clone.vault.put(path, '{\n  "kind": "segment",\n  "id"\n}\n', new=True)
    if where == "old":
        clone.commit()
        clone.vault.put(path, good, new=True)
    clone.run("diff", "--exit-code", code=1)
    side = "HEAD" if where == "old" else "the working tree"
    assert f"{path}, line 4, in {side}" in clone.said
    assert "1 artifact file could not be compared" in clone.said


def test_a_link_is_told(clone: Any) -> None:
    path = clone.vault.root / f"artifacts/{SEGMENT}.json"
    path.unlink()
    path.symlink_to("/etc/hostname")
    clone.run("diff", "--exit-code", code=1)
    assert "symbolic link" in clone.said


def test_merge_base_and_branches(clone: Any) -> None:
    clone.git("checkout", "-qb", "topic")
    change(clone, SEGMENT, name="Boats at sea")
    clone.commit()
    clone.git("checkout", "-q", "main")
    change(clone, JOURNEY, goal="Rolls.")
    clone.commit()
    clone.git("checkout", "-q", "--detach")
    told = as_data(clone, "main...topic")
    assert [one["artifact"] for one in told["artifacts"]] == [SEGMENT]
    assert told["old"]["revision"] == told["old"]["commit"][:12] != ""
    assert {one["artifact"] for one in as_data(clone, "main..topic")["artifacts"]} == {SEGMENT, JOURNEY}


UNKNOWN = (
    (["nope"], "no revision `nope`"),
    (["HEAD..nope"], "no revision `nope`"),
    (["HEAD~7"], "no revision `HEAD~7`"),
    (["--", "-x"], "no revision `-x`"),
    (["--", "--output=/tmp/x"], "no revision"),
    (["HEAD", "harbour/nobody"], "Neither side has an artifact"),
    (["HEAD", "main"], "written with .. between them: `twinpage diff HEAD..main`."),
    (["harbour/profiles/skiper"], 'Did you mean "harbour/profiles/skipper"'),
    (["a", "b", "c"], "Name at most"),
)


def test_what_git_does_not_know(clone: Any) -> None:
    for words, sentence in UNKNOWN:
        clone.capsys.readouterr()
        assert run(["diff", "--vault", str(clone.vault.root), *words]) == 2
        said = clone.capsys.readouterr().err
        assert sentence in said
        assert said.count("\n") == 1


def test_a_name_that_may_mean_several_commits(clone: Any) -> None:
    tree = clone.git("rev-parse", "HEAD^{tree}").strip()
    seen: dict[str, bytes] = {}
    for number in range(5000):
        who = f"test <test@example.org> {number} +0000"
        text = f"tree {tree}\nauthor {who}\ncommitter {who}\n\nx\n".encode()
        short = sha1(b"commit %d\0%s" % (len(text), text), usedforsecurity=False).hexdigest()[:4]
        if short in seen:
            break
        seen[short] = text
    for one in (text, seen[short]):
        command = ["git", "hash-object", "-t", "commit", "-w", "--stdin"]
        subprocess.run(command, input=one, cwd=clone.top, check=True, capture_output=True)
    with pytest.raises(Usage, match="may mean several commits"):
        at_revision(find_repository(clone.vault.root), short)


def test_no_commit_and_no_repository(bare_clone: Any, tmp_path: Path) -> None:
    (bare_clone.top / ".git" / "refs" / "heads" / "main").unlink()
    for words in (["diff"], ["check", "--rev", "HEAD"], ["check", "--base", "HEAD"], ["review", "HEAD"]):
        bare_clone.run(*words, code=2)
        assert "has no commit yet" in bare_clone.said
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "twinpage.toml").write_text('dialect = "obsidian"\n')
    bare_clone.run("diff", root=outside, code=2)
    assert "is in no git repository" in bare_clone.said


def test_a_shallow_clone(clone: Any, tmp_path: Path) -> None:
    change(clone, SEGMENT, name="Boats at sea")
    clone.commit()
    shallow = tmp_path / "shallow"
    clone.git("clone", "-q", "--depth", "1", f"file://{clone.top}", str(shallow))
    clone.run("diff", "HEAD~1", root=shallow, code=2)
    assert "shallow clone" in clone.said
    clone.run("log", SEGMENT, root=shallow)
    assert "git fetch --unshallow" in clone.said


def test_a_vault_in_a_folder_with_an_odd_name(nested_clone: Any) -> None:
    nested_clone.git("config", "core.autocrlf", "true")
    change(nested_clone, SEGMENT, name='Boats "at" sea')
    told = as_data(nested_clone)
    assert [one["artifact"] for one in told["artifacts"]] == [SEGMENT]
    nested_clone.run("diff", "HEAD..HEAD", "--exit-code")


def test_hostile_names_in_markdown(clone: Any) -> None:
    change(clone, SEGMENT, name="a|`b` @all #1 <script> [[x]] \u001b[31m")
    clone.run("diff", "--output-format", "markdown")
    assert "\x1b" not in clone.said
    assert "@all" not in clone.said
    assert "\\<script\\>" in clone.said


def test_nothing_is_written(clone: Any) -> None:
    change(clone, SEGMENT, name="Boats at sea")
    before = clone.vault.files(), clone.git("status", "--porcelain")
    clone.run("diff")
    clone.run("diff", "HEAD..HEAD")
    clone.run("log", SEGMENT)
    assert (clone.vault.files(), clone.git("status", "--porcelain")) == before


def test_typer_reads_what_is_in_doubt(clone: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clone.vault.root)
    for words in (["--help"], ["--nope"], ["--output-format", "xml"], ["--output-format"], ["--vault", ""], ["-x"]):
        assert answered(["diff", *words]) is None, words
    change(clone, SEGMENT, name="Boats at sea")
    for line in ([], ["HEAD", SEGMENT, "--exit-code"], ["--output-format=json", "HEAD"], ["--vault", ".", BAKER]):
        clone.capsys.readouterr()
        codes, said = [], []
        for one in (answered, run):
            codes.append(one(["diff", *line]))
            said.append("".join(clone.capsys.readouterr()))
        assert codes[0] == codes[1] == int("--exit-code" in line)
        assert said[0] == said[1] != ""


def test_a_case_is_told_with_all_its_parts(clone: Any) -> None:
    change(clone, SEGMENT, name="Boats at sea")
    change(clone, "topics/sourdough", body="Another.")
    clone.vault.put(f"artifacts/{STRATEGY}.json", "{", new=True)
    told = as_data(clone, CASE)
    assert [one["artifact"] for one in told["artifacts"]] == [SEGMENT]
    assert [one["path"] for one in told["unread"]] == [f"artifacts/{STRATEGY}.json"]


def test_markers_of_a_merge_are_told_with_their_line(clone: Any) -> None:
    clone.git("checkout", "-qb", "topic")
    change(clone, SEGMENT, name="Boats at sea")
    clone.commit()
    clone.git("checkout", "-q", "main")
    change(clone, SEGMENT, name="Boats in port")
    clone.commit()
    clone.git("merge", "-q", "topic", code=1)
    clone.run("diff", "--exit-code", code=1)
    assert "A merge of git is not ended in this file" in clone.said
    assert f"artifacts/{SEGMENT}.json, line " in clone.said


def test_linked_work_tree_and_a_vault_beside(nested_clone: Any, tmp_path: Path) -> None:
    beside = nested_clone.another("beside")
    nested_clone.commit()
    nested_clone.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    linked = tmp_path / "linked" / nested_clone.vault.root.name
    file = linked / f"artifacts/{SEGMENT}.json"
    file.write_text(file.read_text().replace("Boats on the quay", "Boats at sea"))
    nested_clone.run("diff", root=linked)
    assert "renamed from *Boats on the quay* to *Boats at sea*" in nested_clone.said
    nested_clone.run("diff", "--exit-code")
    nested_clone.run("diff", "--exit-code", root=beside.root)


def test_twins_that_may_be_out_of_step(clone: Any) -> None:
    change(clone, SEGMENT, name="Boats at sea")
    shutil.rmtree(clone.vault.root / ".twinpage")
    clone.run("diff")
    assert "may differ here; run `twinpage sync` first to be sure" in clone.said
    assert not (clone.vault.root / ".twinpage").exists()


# ------------------------------------------------------------------ log


def test_log_follows_renames_and_tells_merges_once(clone: Any) -> None:
    change(clone, JOURNEY, goal="Rolls.")
    clone.git("add", "-A")
    clone.git("commit", "-qm", "goal `x` @all \x1b[31m")
    clone.run("sync")
    clone.run("rename", JOURNEY, "harbour/journeys/evening")
    clone.commit()
    clone.git("checkout", "-qb", "topic")
    change(clone, "harbour/journeys/evening", scenario="Fog.")
    clone.commit()
    clone.git("checkout", "-q", "main")
    change(clone, SEGMENT, name="Boats at sea")
    clone.commit()
    clone.git("merge", "-q", "--no-edit", "topic")
    clone.run("log", "harbour/journeys/evening", "--output-format", "json")
    told = json.loads(clone.said)
    Draft202012Validator(shipped.output_schemas()["log.schema.json"]).validate(told)
    assert [one["words"][0] for one in told["commits"]][:3] == [
        'scenario set to "Fog."',
        f"has the id harbour/journeys/evening instead of {JOURNEY}",
        "goal reworded",
    ]
    assert told["commits"][3]["change"]["action"] == "added"
    assert len(told["commits"]) == 4
    clone.run("log", "harbour/journeys/evening", "-n", "1", "--output-format", "markdown")
    assert clone.said.count("scenario") == 1
    clone.run("log", "harbour/journeys/evening")
    assert "\x1b" not in clone.said
    clone.run("log", "harbour/nobody", code=2)
    clone.run("log", JOURNEY, "-n", "1")
    assert f"has the id harbour/journeys/evening instead of {JOURNEY}" in clone.said


def test_log_tells_the_rename_of_a_case_as_diff_does(clone: Any) -> None:
    clone.run("rename", CASE, "quayside")
    clone.commit()
    clone.run("rename", "quayside/profiles/skipper", "quayside/profiles/captain")
    clone.commit()
    clone.run("log", "quayside/journeys/morning-run", "--output-format", "json")
    last, middle, first = (one["words"] for one in json.loads(clone.said)["commits"])
    assert last == ["profile follows the new id of *Skipper*"]
    assert middle == [
        f"moved from {JOURNEY} to quayside/journeys/morning-run",
        "case follows the new id of *Harbour Bakery*",
        "profile follows the new id of *Skipper*",
    ]
    assert first[0].startswith("Journey *Morning run* of *Skipper* added")
    clone.run("diff", "HEAD~2..HEAD~1", "quayside/journeys/morning-run")
    for words in middle:
        assert words in clone.said


def test_log_names_what_is_gone_by_its_last_name(clone: Any) -> None:
    clone.vault.change(JOURNEY, profile=None)
    os.remove(clone.vault.root / f"artifacts/{BAKER}.json")
    clone.commit()
    clone.run("log", JOURNEY)
    assert "no longer targets profile *Skipper*" in clone.said
    assert "Journey *Morning run* of *Skipper* added" in clone.said


def test_log_tells_a_merge_that_changed_something(clone: Any) -> None:
    clone.git("checkout", "-qb", "topic")
    change(clone, SEGMENT, description="Theirs.")
    clone.commit()
    clone.git("checkout", "-q", "main")
    change(clone, SEGMENT, description="Ours.")
    clone.commit()
    subprocess.run(["git", "merge", "-q", "topic"], cwd=clone.top, check=False, capture_output=True)
    clone.git("checkout", "-q", "--ours", ".")
    change(clone, SEGMENT, description="Both.")
    clone.commit()
    clone.run("log", SEGMENT, "--output-format", "json")
    told = json.loads(clone.said)["commits"]
    assert told[0]["change"]["differences"][0]["new"] == "Both."
    assert len(told) == 4


def test_log_tells_a_broken_file(clone: Any) -> None:
    clone.vault.put(f"artifacts/{SEGMENT}.json", "{\n  nope\n}\n", new=True)
    clone.commit()
    clone.run("log", SEGMENT, "-n", "1")
    assert "line 2" in clone.said
