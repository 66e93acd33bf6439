"""Checking a real vault: nothing is written unless asked to mend."""

from __future__ import annotations

import errno
import json
import os
import re

import pytest

from twinpage.commands import check
from twinpage.commands.status import status
from twinpage.errors import OutsideVault

CASE, BAKER, JOURNEY, TOPIC = "harbour", "harbour/profiles/skipper", "harbour/journeys/morning-run", "topics/sourdough"


def run(vault, *paths, fix=False, fail_on=None):
    return check.run(
        vault=vault.root,
        paths=tuple(vault.root / path for path in paths),
        fix=fix,
        output_format="json",
        fail_on=fail_on,
        statistics=False,
        terminal=vault.terminal,
    )


def flags(vault, *paths, fix=False):
    """(code, path) of every flag."""
    run(vault, *paths, fix=fix)
    return [(flag["code"], flag["path"]) for flag in json.loads(vault.out.getvalue())["flags"]]


def codes(vault, *paths, fix=False):
    return {code for code, _ in flags(vault, *paths, fix=fix)}


@pytest.fixture
def troubled(vault):
    """One of each: dangling link, twins that differ, broken file, lost heading, empty link, bare profile."""
    vault.edit("Journeys/Morning run.md", "[[Skipper]]", "[[Skippper]]")
    vault.edit("Topics/Sourdough.md", "a week", "a month")
    vault.put("artifacts/topics/broken.json", "{")
    vault.put("artifacts/notes.txt", "x")
    vault.edit("Sales strategies/Win the quay.md", "## Strategies", "## Plans")
    vault.artifact("harbour/profiles/deckhand", kind="profile", name="Deckhand", case=CASE)
    os.mkfifo(vault.root / "Pipe.md")
    yield vault
    (vault.root / "Pipe.md").unlink()


def test_every_trouble_is_told_and_nothing_written(troubled):
    (troubled.root / "Pipe.md").unlink()
    before = troubled.files()
    found = codes(troubled)
    assert {"TP001", "TP002", "TP201", "TP501", "TP521", "TP301", "TP302", "TP503"} <= found
    assert troubled.files() == before
    assert codes(troubled) == found
    os.mkfifo(troubled.root / "Pipe.md")


@pytest.mark.parametrize("folder", ["Topics", "artifacts/harbour"])
def test_a_folder_that_cannot_be_listed_is_told_until_it_can(vault, folder, monkeypatch):
    """Even where nothing below it changed: what changes there from now on would go unseen."""
    real = os.scandir

    def scandir(path):
        if str(path).endswith(folder):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path)

    calm = codes(vault)
    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", scandir)
        assert [path for code, path in flags(vault) if code == "TP001"] == [folder]
        assert "cannot be listed, so nothing below it is read. Give yourself" in vault.out.getvalue()
        assert vault.sync().changes == ()
    assert codes(vault) == calm


def test_links_that_are_left_alone_are_told(vault):
    for link, target in (("Gone.md", "Nobody.md"), ("Loop.md", "Loop.md"), ("artifacts/etc", "/etc"), ("Out.md", "/x")):
        (vault.root / link).symlink_to(target)
    told = [path for code, path in flags(vault) if code == "TP002"]
    assert told == ["Gone.md", "Loop.md", "Out.md", "artifacts/etc"]
    assert vault.out.getvalue().count("is a link that leaves the vault or leads nowhere; what is behind it is") == 4


def test_an_artifact_file_without_a_kind_is_told_alike_by_check_and_sync(vault):
    vault.put("artifacts/nobody.json", '{"id": "nobody", "name": "Nobody"}')
    assert ("TP002", "artifacts/nobody.json") in flags(vault)
    assert "it has no kind. Move it elsewhere in the vault, or add what it lacks." in vault.out.getvalue()
    (held,) = vault.sync().held
    assert held.because == "artifacts/nobody.json has no kind. Move it elsewhere in the vault, or add what it lacks."


@pytest.mark.parametrize("lost", ["id", "kind", "id kind"])
def test_a_file_that_lost_what_its_note_says_fails_the_check(vault, lost):
    file, whole = vault.file(TOPIC), vault.text(vault.file(TOPIC))
    calm = codes(vault)
    left = {key: value for key, value in vault.value(TOPIC).items() if key not in lost.split()}
    vault.put(file, json.dumps(left))
    assert run(vault) == 1
    given = {"id": f"the id {TOPIC}", "kind": "the kind topic"}
    said = f"This has no {lost.replace(' ', ' and ')}, though its note says what it is."
    assert f"{said} Give it {' and '.join(given[key] for key in lost.split())}." in vault.out.getvalue()
    assert [code for code, path in flags(vault) if path == file] == ["TP101"]
    assert "TP502" not in codes(vault), "there is a file; no sync makes one"
    assert [(one.artifact, "None" in one.because) for one in vault.sync().held] == [(TOPIC, False)]
    vault.put(file, whole)
    assert codes(vault) == calm


def test_what_a_journey_without_its_id_is_of_still_has_one(vault):
    """Else `check --fix` would make a second one."""
    calm = codes(vault)
    vault.put(vault.file(JOURNEY), vault.text(vault.file(JOURNEY)).replace(f'  "id": "{JOURNEY}",\n', ""))
    assert codes(vault) - calm == {"TP101"}
    assert flags(vault, fix=True)
    assert [path for path in vault.notes() if path.startswith("Journeys/")] == ["Journeys/Morning run.md"]


def test_a_file_with_an_odd_id_is_not_said_to_be_of_an_unknown_kind(vault):
    vault.put("artifacts/esc.json", '{"kind": "journey", "id": "../../x", "schema": "journey/1.0", "name": "x"}')
    told = [one.because for one in vault.sync().held]
    assert told
    assert not [because for because in told if "does not know" in because]


def test_a_file_whose_id_is_none_keeps_its_place(vault):
    file = vault.file(TOPIC)
    calm = codes(vault)
    vault.change(TOPIC, id="topics/Sour Dough")
    assert run(vault) == 1
    said = f"This says that its id is topics/Sour Dough, which is no id. Give it the id {TOPIC}."
    assert said in vault.out.getvalue()
    assert [code for code, path in flags(vault) if path == file] == ["TP101"]
    assert sorted(codes(vault)) == sorted([*calm, "TP101"])
    because = f"{file} says that its id is topics/Sour Dough, which is no id. Give it the id {TOPIC}."
    assert [(one.artifact, one.because) for one in vault.sync().held] == [(TOPIC, because)]
    vault.out.seek(0)
    vault.change(TOPIC, id=TOPIC)
    assert codes(vault) == calm


def test_a_file_whose_id_is_none_is_told_of_under_it_where_another_note_has_the_same(vault):
    vault.change(TOPIC, id="topics/Bad Id")
    in_logseq = "artifact-id:: topics/Bad Id\nartifact-kind:: topic\n\n- ## Text\n\t- Dark."
    in_obsidian = "---\nartifact-id: topics/Bad Id\nartifact-kind: topic\n---\n## Text\nDark.\n"
    vault.put("Bad.md", in_logseq if vault.dialect == "logseq" else in_obsidian)
    assert {one.artifact for one in vault.sync().held} == {TOPIC, "topics/Bad Id"}
    ws = vault.open()
    told = status(ws)
    ws.close()
    assert (told.held, told.ahead, told.behind) == (("topics/Bad Id", TOPIC), (), ())


def test_a_file_that_is_none_stops_nothing(troubled):
    assert run(troubled) == 1
    assert "TP201" in troubled.out.getvalue()


def test_the_same_with_and_without_what_is_remembered(troubled):
    import shutil

    troubled.sync()
    (troubled.root / "Pipe.md").unlink()
    remembered = flags(troubled)
    assert flags(troubled) == remembered
    state = troubled.root / ".twinpage/state.db"
    kept = state.read_bytes()
    ws = troubled.open()
    with ws.state.transaction():
        ws.state.forget_derived()
        ws.state.remember("settings", "")
    ws.close()
    assert flags(troubled) == remembered
    state.write_bytes(kept)
    shutil.copy(state, state.with_suffix(".copy"))
    os.mkfifo(troubled.root / "Pipe.md")


def test_by_path(troubled):
    assert {path for _, path in flags(troubled, "Journeys")} == {"Journeys/Morning run.md"}
    assert codes(troubled, "artifacts/topics/broken.json") == {"TP001"}
    with pytest.raises(OutsideVault):
        run(troubled, "..")


def test_a_vault_that_cannot_be_written_is_checked(vault, monkeypatch):
    import shutil

    shutil.rmtree(vault.root / ".twinpage")
    (vault.root / ".twinpage").write_text("in the way")
    vault.put("artifacts/topics/broken.json", "{")
    assert "TP001" in codes(vault)
    (vault.root / ".twinpage").unlink()


@pytest.mark.parametrize("side", ["file", "note"])
def test_what_cannot_be_read_makes_nothing_else_untrue_where_nothing_is_remembered(vault, side):
    calm = codes(vault)
    if side == "file":
        vault.put(vault.file(JOURNEY), vault.text(vault.file(JOURNEY)).replace(",\n", "\n", 1))
    else:
        note = vault.note(JOURNEY)
        vault.put(note, vault.text(note).replace("---\n", "---\n: : [\n", 1) + "\n- ```\n")
    remembered = codes(vault)
    (vault.root / ".twinpage" / "state.db").unlink()
    assert codes(vault) == remembered == calm | {"TP001"}


def test_exit_codes(vault):
    vault.artifact("harbour/profiles/deckhand", kind="profile", name="Deckhand", case=CASE)
    vault.sync()
    assert run(vault) == 0
    assert run(vault, fail_on="warning") == 1
    vault.put("artifacts/topics/broken.json", "{")
    assert run(vault) == 1


class TestFix:
    def test_partners_are_made(self, vault):
        vault.artifact("harbour/profiles/deckhand", kind="profile", name="Deckhand", case=CASE, segment=None)
        vault.settle()
        assert {"TP301", "TP302"} <= codes(vault)
        assert not {"TP301", "TP302"} & codes(vault, fix=True)
        made = [path for path in vault.files() if "deckhand" in path and path.startswith("artifacts")]
        assert len(made) == 3
        assert len([path for path in vault.notes() if "Deckhand" in path]) == 3
        vault.settle()

    def test_files_are_rewritten_in_one_form(self, vault):
        before = vault.text(vault.file(TOPIC))
        vault.put(vault.file(TOPIC), json.dumps(vault.value(TOPIC)))
        assert "TP003" in codes(vault)
        assert "TP003" not in codes(vault, fix=True)
        assert vault.text(vault.file(TOPIC)) == before
        vault.settle()

    def test_embeds_are_added(self, vault):
        note = "Profiles/Skipper.md"
        line = "{{embed [[Morning run]]}}" if vault.dialect == "logseq" else "![[Morning run]]"
        vault.edit(note, line, "later")
        assert "TP510" in codes(vault)
        assert "TP510" not in codes(vault, fix=True)
        assert line in vault.text(note)
        vault.settle()

    def test_empty_links_go(self, vault):
        note = "Topics/Sourdough.md"
        vault.edit(note, "at sea.", "at sea [[]] or so.")
        vault.settle()
        assert "TP512" in codes(vault)
        found = codes(vault, fix=True)
        assert "TP512" not in found
        assert "[[]]" not in vault.text(note)
        vault.settle()

    def test_twins_that_differ_are_brought_together(self, vault):
        vault.edit("Topics/Sourdough.md", "a week", "a month")
        assert "TP501" in codes(vault)
        assert "TP501" not in codes(vault, fix=True)
        assert "a month" in vault.value(TOPIC)["body"]

    def test_only_what_was_named(self, vault):
        for artifact in (TOPIC, JOURNEY):
            vault.put(vault.file(artifact), json.dumps(vault.value(artifact)))
        run(vault, vault.file(TOPIC), fix=True)
        assert "\n" in vault.text(vault.file(TOPIC))
        assert "\n" not in vault.text(vault.file(JOURNEY))

    def test_twice_is_once(self, troubled):
        (troubled.root / "Pipe.md").unlink()
        run(troubled, fix=True)
        before = troubled.files()
        run(troubled, fix=True)
        assert troubled.files() == before
        os.mkfifo(troubled.root / "Pipe.md")


def test_markers_of_git_in_both_twins_are_told_once_and_nothing_is_missed_in_them(vault):
    for path in ("Journeys/Morning run.md", vault.file("harbour/journeys/morning-run")):
        lines = vault.text(path).split("\n")
        at = next(number for number, line in enumerate(lines) if "Nobody waits on deck" in line)
        marked = ["<<<<<<< HEAD", lines[at], "=======", lines[at].replace("deck", "board"), ">>>>>>> other"]
        vault.put(path, "\n".join([*lines[:at], *marked, *lines[at + 1 :]]))
    found = codes(vault, "Journeys/Morning run.md", vault.file("harbour/journeys/morning-run"))
    assert "TP001" in found
    assert "TP304" not in found


def test_twins_that_git_brought_together_are_in_step(vault):
    """A stage that was renamed and moved: only the file tells which one it was before."""
    note, file = "Journeys/Morning run.md", vault.file(JOURNEY)
    before = vault.text(note), vault.text(file)
    stages = vault.value(JOURNEY)["stages"]
    assert len(stages) == 2
    stages.append({"id": "leaving", "name": "Leaving", "description": "Ropes off."})
    vault.change(JOURNEY, stages=stages)
    vault.settle()
    agreed = vault.text(note), vault.text(file)
    vault.change(JOURNEY, stages=[stages[2], {**stages[0], "name": "Foghorn"}, stages[1]])
    vault.settle()
    merged = re.sub(r"\n[ \t]*(- Id: |item-id:: )whistle", "", vault.text(note)), vault.text(file)
    for texts in (before, agreed):
        vault.put(note, texts[0])
        vault.put(file, texts[1])
        vault.settle()
    vault.put(note, merged[0])
    vault.put(file, merged[1])
    assert "TP501" not in codes(vault)
    vault.settle()
