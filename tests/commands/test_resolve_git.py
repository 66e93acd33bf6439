"""What git leaves in both twins where its own merge stops: told by field, and ended without losing a word."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest

from twinpage.commands import conflicts, resolve, status
from twinpage.edge.disk import Disk
from twinpage.edge.terminal import Terminal
from twinpage.errors import ChangedMeanwhile, NotWritten, Usage
from twinpage.workspace.carrying import unmarking

pytestmark = pytest.mark.slow

JOURNEY = "harbour/journeys/morning-run"
NOTE, FILE = "Journeys/Morning run.md", f"artifacts/{JOURNEY}.json"
STYLES = ("merge", "diff3", "zdiff3")


def run(vault, take="", fields=(), edit=False, artifact=JOURNEY):
    return resolve.run(
        vault=vault.root, artifact=artifact, take=take, fields=fields, edit=edit, terminal=vault.terminal
    )


def listed(vault):
    code = conflicts.run(vault=vault.root, output_format="json", terminal=vault.terminal)
    told = json.loads(vault.out.getvalue())
    assert code == int(any(told[name] for name in ("conflicts", "undone", "held")))
    return told


def git_fails(vault, *words):
    with pytest.raises(subprocess.CalledProcessError):
        vault.git(*words)


def step(vault):
    """What was changed is brought over to the other twin, and committed."""
    for path in vault.notes():
        vault.age(path)
    vault.settle()
    vault.git("add", "-A")
    vault.git("commit", "-qm", "step", "--allow-empty")


def branched(vault, ours, theirs, style="merge"):
    """Two branches, each with its change in both twins; ours is checked out."""
    vault.commit_all()
    vault.git("config", "merge.conflictStyle", style)
    vault.git("config", "user.name", "Test")
    vault.git("config", "user.email", "test@example.org")
    vault.git("branch", "-m", "trunk")
    vault.git("checkout", "-qb", "feature")
    theirs(vault)
    step(vault)
    vault.git("checkout", "-q", "trunk")
    step(vault)
    ours(vault)
    step(vault)


def merged(vault, ours, theirs, style="merge"):
    branched(vault, ours, theirs, style)
    git_fails(vault, "merge", "-q", "feature")
    for path in vault.notes():
        vault.age(path)


def staged_away(vault):
    """All that was ever written and is in the trash."""
    found = (vault.root / ".twinpage/trash").glob("*/files/**/*.*")
    return "\n".join(path.read_text(encoding="utf-8") for path in found)


def over(vault):
    """Everything is in step, and nothing reminds of a conflict."""
    vault.settle()
    for path in (NOTE, FILE):
        if (vault.root / path).exists():
            assert not any(mark in vault.text(path) for mark in ("<<<<<<<", ">>>>>>>", "twinpage conflict"))
    assert not any(listed(vault)[name] for name in ("conflicts", "undone", "held"))
    ws = vault.open()
    assert not any(ws.state.subjects_with(code) for code in ("TP001", "TP501", "TP901"))
    ws.close()


def staged_as_told(vault, path=NOTE):
    """What somebody decided git waits for; what is told to be typed makes an end of it."""
    said = vault.err.getvalue()
    assert path in listed(vault)["unstaged"]
    command = said.strip().rpartition("right too: ")[2]
    subprocess.run(shlex.split(command), cwd=vault.root, check=True, capture_output=True)
    assert listed(vault)["unstaged"] == []
    assert subprocess.run(["git", "ls-files", "-u"], cwd=vault.root, capture_output=True, check=True).stdout == b""


def stages(vault, change):
    value = vault.value(JOURNEY)
    change({stage["id"]: stage for stage in value["stages"]}, value["stages"])
    vault.write(JOURNEY, value)


def says(text, stage="paying"):
    def change(vault):
        stages(vault, lambda by_id, _: by_id[stage].update(description=text))

    return change


def reviewed(date):
    def change(vault):
        vault.change(JOURNEY, last_reviewed=date)

    return change


def both(*changes):
    def change(vault):
        for each in changes:
            each(vault)

    return change


def remarks(text, before=None):
    """Text of the note's own, at its end."""

    def change(vault):
        lead = "- " if vault.dialect == "logseq" else ""
        vault.put(NOTE, vault.text(NOTE).rstrip("\n") + f"\n{lead}{text}\n")

    return change


def drops(name):
    def change(vault):
        stages(vault, lambda by_id, found: found.remove(by_id[name]))

    return change


def adds(text, name="Waving"):
    def change(vault):
        new = {"id": name.lower(), "name": name, "description": text}
        stages(vault, lambda _, found: found.append(new))

    return change


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("side", "kept"), [("ours", "Bread against shells."), ("theirs", "Bread against promises.")])
def test_the_same_field_on_both_branches(vault, style, side, kept):
    merged(vault, says("Bread against shells."), says("Bread against promises."), style)
    assert vault.sync().exit_code == 1
    assert "<<<<<<<" in vault.text(NOTE)
    assert "<<<<<<<" in vault.text(FILE)
    (one,) = listed(vault)["conflicts"]
    assert one["pointer"] == "/stages/paying/description"
    assert one["place"] == "Description of stage Handing over"
    assert (one["base"], one["mine"], one["other"]) == (
        "Bread against coins.",
        "Bread against shells.",
        "Bread against promises.",
    )
    assert one["from"] == "theirs feature"
    assert run(vault, take=side) == 0
    assert f"git -C {vault.root} add '{NOTE}' {FILE}" in vault.err.getvalue()
    assert kept in vault.text(NOTE)
    assert kept in vault.text(FILE)
    assert "Bread against shells." in staged_away(vault)
    assert "Bread against promises." in staged_away(vault)
    over(vault)


@pytest.mark.parametrize("style", STYLES)
def test_different_fields_that_git_cannot_part(vault, style):
    """Two lines next to one another: git stops, and nothing clashes."""
    ours = both(says("Bread against shells."), lambda v: stages(v, lambda by, _: by["paying"].update(emotion=2)))
    theirs = lambda v: stages(v, lambda by, _: by["paying"].update(name="Handing across"))  # noqa: E731
    merged(vault, ours, theirs, style)
    told = listed(vault)
    assert told["conflicts"] == []
    (left,) = told["undone"]
    assert (left["artifact"], left["name"]) == (JOURNEY, "Morning run")
    assert run(vault, take="ours") == 0
    stage = vault.value(JOURNEY)["stages"][1]
    assert (stage["name"], stage["description"], stage["emotion"]) == ("Handing across", "Bread against shells.", 2)
    over(vault)
    assert "Handing across" in vault.text(NOTE)


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_the_same_new_stage(vault, side):
    merged(vault, adds("A hand is raised."), adds("A flag is raised."))
    (one,) = listed(vault)["conflicts"]
    assert one["pointer"] == "/stages/waving"
    assert one["base"] is None
    assert run(vault, take=side) == 0
    (stage,) = [stage for stage in vault.value(JOURNEY)["stages"] if stage["id"] == "waving"]
    assert stage["description"] == {"ours": "A hand is raised.", "theirs": "A flag is raised."}[side]
    assert vault.text(NOTE).count("Waving") == 1
    over(vault)


def test_two_new_stages_in_one_place(vault):
    merged(vault, adds("A hand is raised."), adds("A song is sung.", "Singing"))
    assert not listed(vault)["conflicts"]
    assert run(vault, take="ours") == 0
    assert [stage["name"] for stage in vault.value(JOURNEY)["stages"]][-2:] == ["Singing", "Waving"]
    over(vault)


@pytest.mark.parametrize("side", ["ours", "theirs"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_stage_removed_and_edited(vault, side, turned):
    changes = [drops("paying"), says("Bread against shells.")]
    merged(vault, *(reversed(changes) if turned else changes))
    (one,) = listed(vault)["conflicts"]
    assert one["pointer"] == "/stages/paying"
    assert run(vault, take=side) == 0
    stays = (side == "ours") == turned
    assert ("Bread against shells." in vault.text(NOTE)) == stays
    assert ("Bread against shells." in vault.text(FILE)) == stays
    assert "Bread against shells." in vault.text(NOTE) + staged_away(vault)
    over(vault)


def test_one_field_after_the_other(vault):
    ours = both(says("Bread against shells."), reviewed("2026-04-01"))
    theirs = both(says("Bread against promises."), reviewed("2026-05-01"))
    merged(vault, ours, theirs)
    assert [one["pointer"] for one in listed(vault)["conflicts"]] == ["/last-reviewed", "/stages/paying/description"]
    assert run(vault, fields=(("/last-reviewed", "theirs"),)) == 1
    assert "Still open: /stages/paying/description" in vault.out.getvalue()
    assert "<<<<<<<" not in vault.text(NOTE) + vault.text(FILE)
    assert vault.value(JOURNEY)["last-reviewed"] == "2026-05-01"
    (entry,) = vault.value(JOURNEY)["conflicts"]
    assert (entry["pointer"], entry["other"], entry["from"]) == (
        "/stages/paying/description",
        "Bread against promises.",
        "theirs feature",
    )
    assert "Bread against promises." in vault.text(NOTE)
    for path in vault.notes():
        vault.age(path)
    vault.assert_still()
    (one,) = listed(vault)["conflicts"]
    assert (one["mine"], one["other"]) == ("Bread against shells.", "Bread against promises.")
    assert run(vault, fields=(("description of stage handing over", "theirs"),)) == 0
    over(vault)
    assert "Bread against promises." in vault.text(NOTE)


@pytest.mark.parametrize("take", ["", "ours", "theirs"])
def test_text_of_the_notes_own(vault, take):
    ours = both(remarks("Ours about October."), says("Bread against shells."))
    theirs = both(remarks("Theirs about May."), says("Bread against promises."))
    merged(vault, ours, theirs)
    if take:
        assert run(vault, take=take) == 0
    else:
        assert run(vault, fields=(("/stages/paying/description", "theirs"),)) == 0
    text = vault.text(NOTE)
    assert ("Ours about October." in text) == (take != "theirs")
    assert ("Theirs about May." in text) == (take != "ours")
    if not take:
        assert text.index("Ours about October.") < text.index("Theirs about May.")
    assert "Ours about October." in staged_away(vault)
    assert "Theirs about May." in staged_away(vault)
    over(vault)
    assert "October" not in vault.text(FILE)


def test_only_text_of_the_notes_own(vault):
    merged(vault, remarks("Ours about October."), remarks("Theirs about May."))
    (left,) = listed(vault)["undone"]
    assert left["paths"] == [NOTE]
    assert run(vault, take="ours") == 0
    assert "Ours about October." in vault.text(NOTE)
    assert "Theirs about May." in vault.text(NOTE)
    over(vault)


@pytest.mark.parametrize("how", ["rebase", "stash", "cherry-pick"])
@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_however_git_came_to_it(vault, how, side):
    here, there = says("Bread against shells."), says("Bread against promises.")
    if how == "stash":
        vault.commit_all()
        vault.git("config", "user.name", "Test")
        vault.git("config", "user.email", "test@example.org")
        there(vault)
        vault.settle()
        vault.git("stash")
        for path in vault.notes():
            vault.age(path)
        vault.settle()
        here(vault)
        step(vault)
        git_fails(vault, "stash", "pop")
    else:
        branched(vault, here, there)
        if how == "rebase":
            vault.git("checkout", "-q", "feature")
        git_fails(vault, how, "trunk" if how == "rebase" else "feature")
    for path in vault.notes():
        vault.age(path)
    (one,) = listed(vault)["conflicts"]
    assert {one["mine"], one["other"]} == {"Bread against shells.", "Bread against promises."}
    assert run(vault, take=side) == 0
    kept = one["mine"] if side == "ours" else one["other"]
    assert kept in vault.text(NOTE)
    assert kept in vault.text(FILE)
    over(vault)


@pytest.mark.parametrize("style", STYLES)
def test_markers_that_the_index_no_longer_knows(vault, style):
    """Somebody said git add too early."""
    merged(vault, says("Bread against shells."), says("Bread against promises."), style)
    vault.git("add", "-A")
    vault.git("commit", "-qm", "too early")
    (one,) = listed(vault)["conflicts"]
    assert (one["pointer"], one["mine"]) == ("/stages/paying/description", "Bread against shells.")
    assert run(vault, take="theirs") == 0
    assert "Bread against promises." in vault.text(NOTE)
    over(vault)


def test_what_was_put_together_by_hand_counts(vault):
    ours = both(says("Bread against shells."), reviewed("2026-04-01"))
    theirs = both(says("Bread against promises."), reviewed("2026-05-01"))
    merged(vault, ours, theirs)
    for path in (NOTE, FILE):
        before, _, rest = vault.text(path).partition("<<<<<<< HEAD\n")
        mine, _, rest = rest.partition("=======\n")
        _, _, rest = rest.partition(">>>>>>> feature\n")
        vault.put(path, before + mine.replace("2026-04-01", "2026-06-01") + rest)
        assert "<<<<<<<" in vault.text(path)
    (one,) = listed(vault)["conflicts"]
    assert one["pointer"] == "/stages/paying/description"
    assert run(vault, take="theirs") == 0
    assert vault.value(JOURNEY)["last-reviewed"] == "2026-06-01"
    assert "Bread against promises." in vault.text(NOTE)
    over(vault)


@pytest.mark.parametrize("path", [NOTE, FILE])
def test_broken_markers_are_told_with_their_line(vault, path):
    merged(vault, says("Bread against shells."), says("Bread against promises."))
    text = vault.text(path)
    vault.put(path, "".join(line for line in text.splitlines(True) if not line.startswith(">>>>>>>")))
    (held,) = listed(vault)["held"]
    assert held["path"] == path
    assert vault.text(path).splitlines()[held["line"] - 1].startswith("<<<<<<<")
    assert "git checkout --merge" in held["because"]
    before = vault.files()
    with pytest.raises(Usage, match="closes"):
        run(vault, take="ours")
    vault.sync()
    assert vault.files() == before


@pytest.mark.parametrize("state", ["known", "lost"])
def test_markers_that_hide_the_id(vault, state):
    """Both branches changed the lines around the note's id."""

    def change(word):
        def changed(vault):
            key = ":: " if vault.dialect == "logseq" else ": "
            line = f"artifact-id{key}{JOURNEY}\n"
            vault.edit(NOTE, line, f"mood{key}{word}\n{line}rating{key}{word}\n")

        return changed

    merged(vault, change("bright"), change("dull"), "diff3")
    if state == "lost":
        shutil.rmtree(vault.root / ".twinpage")
    assert vault.sync().exit_code == 1
    assert len([path for path in vault.notes() if path.startswith("Journeys/")]) == 1
    (left,) = listed(vault)["undone"]
    assert left["paths"] == [NOTE]
    assert run(vault, take="ours") == 0
    assert "bright" in vault.text(NOTE)
    assert "dull" in vault.text(NOTE)
    over(vault)
    assert vault.note(JOURNEY) == NOTE


def test_sync_leaves_them_alone_and_says_how_to_end_it(vault):
    merged(vault, says("Bread against shells."), says("Bread against promises."))
    before = vault.files()
    outcome = vault.sync()
    assert vault.files() == before
    (held,) = outcome.held
    assert f"twinpage resolve {JOURNEY} --take ours" in held.because


def test_the_commands_that_are_shown_do_it(vault):
    merged(vault, says("Bread against shells."), says("Bread against promises."))
    assert conflicts.run(vault=vault.root, output_format="text", terminal=vault.terminal) == 1
    shown = vault.out.getvalue()
    assert "theirs feature" in shown
    typed = [shlex.split(line) for line in shown.split("\n") if "twinpage resolve" in line]
    assert ["--take", "theirs"] in [words[-2:] for words in typed]
    field = next(words[-1] for words in typed if words[-2] == "--field")
    assert field == "/stages/paying/description=theirs"


def test_in_an_editor(vault, monkeypatch, tmp_path):
    merged(vault, says("Bread against shells."), says("Bread against promises."))
    script = tmp_path / "editor.py"
    script.write_text(
        "import pathlib, sys\npath = pathlib.Path(sys.argv[1])\ntext = path.read_text()\n"
        "ours, theirs = 'Bread against shells.', 'Bread against promises.'\n"
        "assert f'<<<<<<< ours\\n{ours}\\n=======\\n{theirs}\\n>>>>>>> theirs feature\\n' in text\n"
        "path.write_text(text.partition('<<<<<<<')[0] + 'Bread against songs.')\n"
    )
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", shlex.join([sys.executable, str(script)]))
    monkeypatch.setattr(Terminal, "interactive", property(lambda self: True))
    assert run(vault, edit=True) == 0
    assert "Bread against songs." in vault.text(NOTE)
    over(vault)
    assert not (vault.root / ".twinpage/edits").exists()


def test_killed_between_both_writes(vault, monkeypatch):
    """What was written stays, what was not still has its markers, and saying it again ends it."""
    merged(vault, says("Bread against shells."), says("Bread against promises."))
    real = Disk.write

    def dies(disk, path, data, expects, deed):
        if path == NOTE:
            raise KeyboardInterrupt
        return real(disk, path, data, expects, deed)

    monkeypatch.setattr(Disk, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        run(vault, take="theirs")
    monkeypatch.setattr(Disk, "write", real)
    assert "<<<<<<<" not in vault.text(FILE)
    assert "<<<<<<<" in vault.text(NOTE)
    assert vault.sync().exit_code == 1
    (one,) = listed(vault)["conflicts"]
    assert one["other"] == "Bread against promises."
    assert run(vault, take="theirs") == 0
    assert "Bread against promises." in vault.text(NOTE) + vault.text(FILE)
    over(vault)


def test_read_only(vault, monkeypatch):
    merged(vault, says("Bread against shells."), says("Bread against promises."))

    def refuses(disk, path, data, expects, deed):
        raise NotWritten(path, "read-only")

    before = vault.files()
    monkeypatch.setattr(Disk, "write", refuses)
    with pytest.raises(NotWritten):
        run(vault, take="ours")
    assert vault.files() == before


def test_one_branch_that_cannot_be_read(vault):
    branched(vault, says("Bread against shells."), says("Bread against promises."))
    vault.git("checkout", "-q", "feature")
    vault.edit(FILE, '"name": "Morning run",', '"name": "Morning run"')
    vault.git("commit", "-qam", "broken")
    vault.git("checkout", "-q", "trunk")
    git_fails(vault, "merge", "-q", "feature")
    (held,) = listed(vault)["held"]
    assert held["path"] == FILE
    assert "Their version cannot be read at its line" in held["because"]
    with pytest.raises(Usage, match="Their version"):
        run(vault, take="ours")


def test_a_hostile_repository_and_none(vault):
    """Markers typed into a vault without git are understood by themselves."""
    text = vault.text(FILE)
    line = '      "description": "Bread against coins.",\n'
    assert line in text
    other = line.replace("coins", "\\u001b[2J")
    vault.put(FILE, text.replace(line, f"<<<<<<< a\n{line}=======\n{other}>>>>>>> \x1b[31mred\n"))
    assert conflicts.run(vault=vault.root, output_format="text", terminal=vault.terminal) == 1
    assert "\x1b" not in vault.out.getvalue()
    assert run(vault, take="ours") == 0
    over(vault)
    assert vault.text(FILE) == text


def test_changed_while_it_was_decided(vault, monkeypatch):
    merged(vault, says("Bread against shells."), says("Bread against promises."))
    real = unmarking.write_lock

    @contextmanager
    def locked(root):
        vault.put(NOTE, vault.text(NOTE) + "\n- typed just now\n")
        with real(root):
            yield

    monkeypatch.setattr(unmarking, "write_lock", locked)
    with pytest.raises(ChangedMeanwhile):
        run(vault, take="ours")
    assert "typed just now" in vault.text(NOTE)
    monkeypatch.setattr(unmarking, "write_lock", real)
    assert run(vault, take="ours") == 0
    assert "typed just now" in vault.text(NOTE)
    over(vault)


def test_somebody_may_be_typing(vault, clock_of_test):
    merged(vault, says("Bread against shells."), says("Bread against promises."))
    (vault.root / NOTE).touch()
    assert run(vault, take="ours") == 0
    assert "somebody may be typing" in vault.err.getvalue()
    assert len(clock_of_test.slept) == 1
    over(vault)


def test_both_branches_made_the_same_artifact(vault):
    topic = "topics/rye"

    def makes(body):
        def change(vault):
            vault.write(topic, {"kind": "topic", "id": topic, "schema": "topic/1.0", "name": "Rye", "body": body})

        return change

    merged(vault, makes("It is dark."), makes("It is sour."))
    (one,) = listed(vault)["conflicts"]
    assert (one["pointer"], one["base"], one["mine"], one["other"]) == ("/body", None, "It is dark.", "It is sour.")
    assert run(vault, take="theirs", artifact=topic) == 0
    assert vault.value(topic)["body"] == "It is sour."
    over(vault)


def test_extras_and_fields_that_no_note_has(vault):
    skipper = "harbour/profiles/skipper"

    def extra(**more):
        return lambda vault: vault.change(skipper, extras={**vault.value(skipper)["extras"], **more})

    merged(vault, extra(deck="upper"), extra(engine="two-stroke"))
    (left,) = listed(vault)["undone"]
    assert left["paths"] == [vault.file(skipper)]
    assert run(vault, take="theirs", artifact=skipper) == 0
    assert vault.value(skipper)["extras"] == {"source": "logbook", "deck": "upper", "engine": "two-stroke"}
    over(vault)


@pytest.mark.parametrize("side", ["ours", "theirs"])
@pytest.mark.parametrize("turned", [False, True])
def test_an_artifact_removed_and_edited(vault, side, turned):
    """git leaves the edited twins and no marker; both stay or go together."""

    def removes(vault):
        vault.remove(NOTE)
        vault.remove(FILE)

    changes = [removes, says("Bread against shells.")]
    merged(vault, *(reversed(changes) if turned else changes))
    vault.sync()
    assert "Bread against shells." in vault.text(NOTE)
    (one,) = listed(vault)["conflicts"]
    assert (one["pointer"], one["base"]["name"]) == ("", "Morning run")
    assert "Bread against shells." not in json.dumps(one["base"])
    assert (one["mine"] is None) != turned
    assert run(vault, take=side) == 0
    assert f"add '{NOTE}' {FILE}" in vault.err.getvalue()
    stays = (side == "ours") == turned
    assert (FILE in vault.files(), NOTE in vault.files()) == (stays, stays)
    assert "Bread against shells." in (vault.text(NOTE) if stays else staged_away(vault))
    staged_as_told(vault)
    over(vault)
    assert (FILE in vault.files()) == stays


@pytest.mark.parametrize("side", ["ours", "theirs"])
@pytest.mark.parametrize("edited", [NOTE, FILE])
def test_an_artifact_removed_whose_other_twin_was_never_carried(vault, edited, side):
    """git leaves the edited twin alone: only its index knows that a branch removed the artifact."""

    def removes(vault):
        vault.remove(NOTE)
        vault.remove(FILE)

    branched(vault, lambda vault: None, removes)
    vault.edit(edited, "coins", "cowries")
    vault.git("commit", "-qam", "one twin")
    git_fails(vault, "merge", "-q", "feature")
    assert (NOTE in vault.files(), FILE in vault.files()) == (edited == NOTE, edited == FILE)
    (one,) = listed(vault)["conflicts"]
    assert (one["pointer"], one["mine"] is None, one["other"]) == ("", False, None)
    assert one["from"].startswith("theirs")
    assert "coins" in json.dumps(one["base"])
    assert "cowries" in json.dumps(one["mine"])
    for path in vault.notes():
        vault.age(path)
    assert run(vault, take=side) == 0
    assert (NOTE in vault.files(), FILE in vault.files()) == (side == "ours", side == "ours")
    for path in (NOTE, FILE):
        assert "cowries" in (vault.text(path) if side == "ours" else staged_away(vault))
    staged_as_told(vault, edited)
    over(vault)


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_an_artifact_removed_of_which_the_other_branch_changed_own_text_alone(vault, side):
    """git leaves the note and takes the artifact file, without a conflict there; no pass may end that in silence."""

    def removes(vault):
        vault.remove(NOTE)
        vault.remove(FILE)

    def remarked(vault):
        own = "- What I heard\n" if vault.dialect == "logseq" else "\n## Mine\n\nWhat I heard.\n"
        vault.put(NOTE, vault.text(NOTE).rstrip("\n") + "\n" + own)

    branched(vault, remarked, removes)
    git_fails(vault, "merge", "-q", "feature")
    assert (NOTE in vault.files(), FILE in vault.files()) == (True, False)
    outcome = vault.sync()
    assert [(one.artifact, "A merge of git is not ended" in one.because) for one in outcome.held] == [(JOURNEY, True)]
    assert "What I heard" in vault.text(NOTE)
    assert len(listed(vault)["conflicts"]) == 1
    assert status.run(vault=vault.root, output_format="json", terminal=vault.terminal) == 0
    told = json.loads(vault.out.getvalue())
    assert (told["conflicts"], told["behind"], told["ahead"]) == ([JOURNEY], [], [])
    for path in vault.notes():
        vault.age(path)
    assert run(vault, take=side) == 0
    assert (NOTE in vault.files(), FILE in vault.files()) == (side == "ours", side == "ours")
    assert "What I heard" in (vault.text(NOTE) if side == "ours" else staged_away(vault))
    staged_as_told(vault)
    over(vault)
    assert (FILE in vault.files()) == (side == "ours")


def test_lines_that_git_put_together_badly(vault):
    """Each branch has the same property in another line: git merges that, and no app can read it any more."""

    def beside(line, word):
        def change(vault):
            key = ":: " if vault.dialect == "logseq" else ": "
            found = next(found for found in vault.text(NOTE).split("\n") if found.startswith(line + key))
            vault.edit(NOTE, found + "\n", f"{found}\nmood{key}{word}\n")

        return change

    ours = both(says("Bread against shells."), beside("artifact-id", "bright"))
    theirs = both(says("Bread against promises."), beside("last-reviewed", "dull"))
    merged(vault, ours, theirs)
    assert run(vault, take="", fields=(("/stages/paying/description", "theirs"),)) == 0
    assert "bright" in vault.text(NOTE)
    assert "dull" in vault.text(NOTE)
    assert "Bread against promises." in vault.text(NOTE)
    over(vault)
