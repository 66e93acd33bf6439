"""Where and how git calls the merge driver: folders, work trees, names, line ends, one commit after another."""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest
from tests.commands.branches import FILE, age, branch, drive, in_step, journey, merge, on_main, stage
from tests.commands.conftest import HOSTILE, JOURNEY, Vault

from twinpage.commands import resolve
from twinpage.edge.terminal import Terminal

pytestmark = pytest.mark.slow

GOAL_OF_TOPIC, GOAL_OF_MAIN = journey(goal="Of topic."), journey(goal="Of main.")


def torn(team):
    """Both branches changed one field, each in its own way, and another one apart."""
    branch(team, "topic", GOAL_OF_TOPIC, stage("whistle", emotion=2))
    on_main(team, GOAL_OF_MAIN, stage("paying", description="Coins in a tin."))


def assert_torn(team, other="Of topic.", ours="Of main."):
    value = team.vault.value(JOURNEY)
    assert (value["goal"], [left["other"] for left in value["conflicts"]]) == (ours, [other])
    note = team.vault.text(team.vault.note(JOURNEY))
    assert other in note
    assert ours in note
    assert "<<<<<<<" not in note
    team.run("conflicts", code=1)
    assert other in team.said


def ended(team, side="theirs", says="Of topic."):
    age(team)
    team.run("resolve", JOURNEY, "--take", side)
    team.run("conflicts")
    assert team.vault.value(JOURNEY)["goal"] == says
    age(team)
    in_step(team)


# ---------------------------------------------------------------------- places


def test_in_a_folder_with_a_hostile_name(nested_clone):
    team = nested_clone
    drive(team, HOSTILE)
    torn(team)
    merge(team, code=1)
    assert_torn(team)
    ended(team)
    team.commit()


def test_in_a_linked_work_tree(team, tmp_path):
    torn(team)
    place = tmp_path / "linked é"
    team.git("worktree", "add", "-q", "-b", "second", str(place), "main")
    team.git("merge", "--no-edit", "topic", folder=place, code=1)
    linked = Vault.__new__(Vault)
    linked.root, linked.dialect = place, team.vault.dialect
    team.vault, team.top = linked, place
    assert_torn(team)
    value = team.vault.value(JOURNEY)
    assert value["conflicts"][0]["from"] == "theirs topic"
    ended(team)
    team.commit()
    team.git("checkout", "-q", "-b", "third", "HEAD~1")
    age(team)
    team.vault.settle()
    journey(goal="Of third.")(team.vault)
    age(team)
    team.vault.settle()
    team.commit()
    team.git("rebase", "second", code=1)
    (left,) = team.vault.value(JOURNEY)["conflicts"]
    assert (left["other"], left["from"]) == ("Of third.", "theirs third (rebased)")


def test_two_vaults_in_one_repository(nested_clone, dialect):
    """Each by its own settings; what clashes in one says nothing of the other."""
    team = nested_clone
    other_dialect = "logseq" if dialect == "obsidian" else "obsidian"
    first = team.vault
    team.vault = Vault(team.top / "second", other_dialect)
    for artifact in (JOURNEY, "harbour", "harbour/segments/boats", "harbour/profiles/skipper"):
        team.vault.artifact(artifact)
    second = team.vault
    age(team)
    second.settle()
    team.vault = first
    for folder in (HOSTILE, "second"):
        drive(team, folder)

    def in_both(one, other):
        def change(vault):
            one(first)
            other(second)
            for path in second.files():
                second.age(path)
            assert second.sync().exit_code == 0

        return change

    branch(team, "topic", in_both(GOAL_OF_TOPIC, stage("whistle", emotion=2)))
    for path in second.files():
        second.age(path)
    second.settle()
    on_main(team, in_both(GOAL_OF_MAIN, stage("paying", description="Coins in a tin.")))
    merge(team, code=1)
    assert_torn(team)
    for path in second.files():
        second.age(path)
    second.settle()
    stages = {one["id"]: one for one in second.value(JOURNEY)["stages"]}
    assert (stages["whistle"]["emotion"], stages["paying"]["description"]) == (2, "Coins in a tin.")


NAMES = ['Früh am "Kai" – it\'s 5 $HOME.md', "Morning  run  .md", "Утро.md"]


@pytest.mark.parametrize("name", NAMES)
def test_whatever_the_note_is_called(team, name):
    if team.vault.dialect == "logseq" and '"' in name:
        name = name.replace('"', "'")
    note = team.vault.note(JOURNEY)
    team.git("mv", note, note.rpartition("/")[0] + "/" + name)
    age(team)
    assert team.vault.sync().exit_code == 0
    age(team)
    team.vault.settle()
    team.commit()
    torn(team)
    merge(team, code=1)
    assert_torn(team)
    ended(team)


@pytest.mark.parametrize("style", ["zdiff3", "diff3", "merge"])
def test_whatever_style_of_markers_is_set(team, style):
    team.git("config", "merge.conflictStyle", style)
    torn(team)
    merge(team, code=1)
    assert_torn(team)
    ended(team, "ours", "Of main.")


@pytest.mark.parametrize("style", ["zdiff3", "merge"])
def test_what_only_lines_could_merge_has_the_markers_of_that_style(team, style):
    team.git("config", "merge.conflictStyle", style)

    def diary(text):
        return lambda vault: vault.put("Diary.md", text)

    on_main(team, diary("One.\n\nTwo.\n"))
    branch(team, "topic", diary("One.\n\nTwo and a half.\n"))
    on_main(team, diary("One.\n\nThree.\n"))
    team.git("merge", "--no-edit", "topic", code=1)
    text = team.vault.text("Diary.md")
    assert ("||||||| base\nTwo.\n" in text) == (style == "zdiff3")
    assert "<<<<<<< ours\nThree.\n" in text


@pytest.mark.parametrize("which", ["note", "file", "both"])
def test_line_ends_stay_where_both_changed_one_field(team, which):
    paths = {"note": team.vault.note(JOURNEY), "file": FILE}
    chosen = list(paths.values()) if which == "both" else [paths[which]]
    team.git("config", "core.autocrlf", "false")
    for path in chosen:
        team.vault.put(path, team.vault.text(path).replace("\n", "\r\n"))
    age(team)
    assert team.vault.sync().exit_code == 0
    team.commit()

    def put(old, new):
        def change(vault):
            for path in paths.values():
                vault.put(path, vault.text(path).replace(old, new))

        return change

    branch(team, "topic", put("Bread against coins.", "Bread against tins."))
    on_main(team, put("Bread against coins.", "Bread on trust."))
    merge(team, code=1)
    for path in chosen:
        text = team.vault.text(path)
        assert text.count("\n") == text.count("\r\n"), text
    team.run("conflicts", code=1)
    age(team)
    team.run("resolve", JOURNEY, "--take", "theirs")
    assert "Bread against tins." in team.vault.text(FILE)
    note = team.vault.text(paths["note"])
    assert "Bread on trust." not in note
    if which != "file":
        assert note.count("\n") == note.count("\r\n")
    age(team)
    team.vault.settle()


# ---------------------------------------------------------------------- one after another


def test_a_rebase_of_several_commits_that_clash_one_after_another(team):
    branch(
        team, "topic", journey(goal="First of topic."), journey(goal="Second of topic."), stage("whistle", emotion=2)
    )
    on_main(team, journey(goal="Of main."))
    team.git("checkout", "-q", "topic")
    team.git("rebase", "main", code=1)
    age(team)
    assert_torn(team, "First of topic.")
    ended(team, "ours", "Of main.")
    team.git("add", "-A")
    team.git("rebase", "--continue", code=1)
    age(team)
    assert_torn(team, "Second of topic.")
    ended(team, "theirs", "Second of topic.")
    team.git("add", "-A")
    team.git("rebase", "--continue")
    age(team)
    in_step(team)
    value = team.vault.value(JOURNEY)
    assert value["goal"] == "Second of topic."
    assert next(one for one in value["stages"] if one["id"] == "whistle")["emotion"] == 2


def test_cherry_picks_one_after_another(team):
    branch(team, "topic", journey(goal="First of topic."), journey(goal="Second of topic."))
    on_main(team, journey(goal="Of main."))
    team.git("cherry-pick", "main..topic", code=1)
    age(team)
    assert_torn(team, "First of topic.")
    ended(team, "theirs", "First of topic.")
    team.git("add", "-A")
    team.git("cherry-pick", "--continue")
    age(team)
    in_step(team)
    assert team.vault.value(JOURNEY)["goal"] == "Second of topic."


def test_both_branches_carry_a_conflict_at_one_pointer(team):
    """Somebody committed past the gate, on both sides: what either branch was torn about stays to choose from."""
    # (Every text is of another size: git overlooks what keeps its size where times are set back.)
    branch(team, "topic", journey(goal="Of topic."))
    branch(team, "other", journey(goal="Of another."))
    on_main(team, journey(goal="Of main."))
    team.git("checkout", "-q", "-b", "side")
    journey(goal="Of the side branch.")(team.vault)
    age(team)
    team.vault.settle()
    team.commit()
    for on, merged in (("main", "topic"), ("side", "other")):
        team.git("checkout", "-q", on)
        team.git("merge", "--no-edit", merged, code=1)
        team.git("add", "-A")
        team.git("commit", "-qnm", "torn")
    team.git("checkout", "-q", "main")
    journey(goal="Of main, once more.")(team.vault)
    age(team)
    team.vault.sync()
    team.git("add", "-A")
    team.git("commit", "-qnm", "torn still")
    team.git("merge", "--no-edit", "side", code=1)
    texts = "Of main, once more.", "Of the side branch.", "Of topic.", "Of another."
    assert_nothing_lost(team, *texts)
    for _ in range(2):
        age(team)
        team.vault.sync()
        assert_nothing_lost(team, *texts)
    team.run("conflicts", code=1)
    for text in texts:
        assert text in team.said
    for side, says, code in (
        ("theirs", "Of topic.", 1),
        ("ours", "Of topic.", 1),
        ("theirs", "Of the side branch.", 0),
    ):
        age(team)
        team.run("resolve", JOURNEY, "--take", side, code=code)
        assert team.vault.value(JOURNEY)["goal"] == says
        assert ("Still open: /goal" in team.said) == bool(code)
    team.run("conflicts")
    age(team)
    in_step(team)


def assert_nothing_lost(team, *texts):
    for text in texts:
        assert text in team.vault.text(FILE), text


# ---------------------------------------------------------------------- decided in other ways


def test_field_by_field(team):
    branch(team, "topic", GOAL_OF_TOPIC, stage("paying", description="Coins in a tin."))
    on_main(team, GOAL_OF_MAIN, stage("paying", description="Paid by card."))
    merge(team, code=1)
    team.run("resolve", JOURNEY, "--field", "/goal=note", code=2)
    assert "say ours or theirs" in team.said
    team.run("resolve", JOURNEY, "--field", "/goal=theirs", code=1)
    assert "Still open: /stages/paying/description" in team.said
    value = team.vault.value(JOURNEY)
    assert value["goal"] == "Of topic."
    assert [left["pointer"] for left in value["conflicts"]] == ["/stages/paying/description"]
    age(team)
    team.run("resolve", JOURNEY, "--field", "/stages/paying/description=ours")
    team.run("conflicts")
    assert "Paid by card." in team.vault.text(team.vault.note(JOURNEY))
    assert "Coins in a tin." not in team.vault.text(team.vault.note(JOURNEY))
    age(team)
    in_step(team)


def test_in_an_editor(team, monkeypatch, tmp_path):
    torn(team)
    merge(team, code=1)
    script = tmp_path / "editor.py"
    script.write_text("import sys\nopen(sys.argv[1], 'w', encoding='utf-8').write('Of both.\\n')\n", encoding="utf-8")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", shlex.join([sys.executable, str(script)]))
    monkeypatch.setattr(Terminal, "interactive", property(lambda self: True))
    code = resolve.run(
        vault=team.vault.root, artifact=JOURNEY, take="", fields=(), edit=True, terminal=team.vault.terminal
    )
    assert code == 0, team.vault.err.getvalue()
    team.run("conflicts")
    for text in (team.vault.text(FILE), team.vault.text(team.vault.note(JOURNEY))):
        assert "Of both." in text
        assert "Of topic." not in text
        assert "Of main." not in text
    age(team)
    in_step(team)
    team.commit()


def test_git_is_there_though_the_driver_cannot_start_it(team):
    """A PATH without git: no process that a merge of lines would need, and still nothing is taken in silence."""
    torn(team)
    python = shlex.quote(sys.executable)
    words = f"env PATH=/nowhere {python} -P -m twinpage merge --driver %O %A %B %P %L"
    team.git("config", "merge.twinpage.driver", words)
    (team.top / "twinpage.toml").write_text("dialect = [broken\n", encoding="utf-8")
    command = ["git", "merge", "--no-edit", "topic"]
    done = subprocess.run(command, cwd=team.top, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    note = next(path for path in team.vault.notes() if "Morning run" in path)
    text = team.vault.text(note)
    assert text.startswith("<<<<<<< ours\n")
    assert "Of topic." in text
    assert "Of main." in text
    assert "Traceback" not in done.stderr
