"""Whatever writes or removes: what somebody wrote is in a twin or in the trash, at every moment."""

from __future__ import annotations

import json
import shutil

import pytest

from twinpage.commands import check, import_, remove, resolve, restore
from twinpage.core.choosing.edit_text import SCISSORS
from twinpage.edge import editor, shipped
from twinpage.edge.disk import Disk

pytestmark = pytest.mark.slow

BAKER, JOURNEY, STRATEGY = "harbour/profiles/skipper", "harbour/journeys/morning-run", "harbour/sales-strategies/quay"
TOPIC = "topics/sourdough"
NOTE, ROUTE, QUAY, SHOWN = (
    "Topics/Sourdough.md",
    "Journeys/Morning run.md",
    "Sales strategies/Win the quay.md",
    "Profiles/Skipper.md",
)
WEEK = "It keeps for a week at sea."


def everything(vault):
    """All that a person can still find: notes, artifact files, and the trash."""
    places = [path for path in vault.root.rglob("*") if path.suffix in (".md", ".json") and path.is_file()]
    return "\n".join(path.read_text(encoding="utf-8") for path in places)


def reasons(vault):
    records = [json.loads(path.read_text()) for path in sorted((vault.root / ".twinpage/trash").glob("*/trash.json"))]
    assert all(record["when"][:2] == "20" for record in records)
    return [record["because"] for record in records]


@pytest.fixture
def guarded(vault, monkeypatch):
    """A function that names what must be found after every single change of a file from then on."""
    marks = []

    def watched(name):
        real = getattr(Disk, name)

        def change(disk, *words, **options):
            result = real(disk, *words, **options)
            lost = [mark for mark in marks if mark not in everything(vault)]
            assert not lost, f"{name} {words[0]} lost {lost}"
            return result

        monkeypatch.setattr(Disk, name, change)

    watched("write")
    watched("remove")

    def guard(*more):
        marks.extend(more)
        assert [mark for mark in marks if mark not in everything(vault)] == []

    yield guard
    guard()


def take(vault, artifact, side="", edit=False):
    given = {"take": side, "fields": (), "edit": edit, "terminal": vault.terminal}
    return resolve.run(vault=vault.root, artifact=artifact, **given)


def torn(vault):
    """A conflict about the text of the topic."""
    vault.edit(NOTE, "a week", "a month")
    vault.change(TOPIC, body="It keeps for a year at sea.")
    assert vault.sync().exit_code == 1
    vault.age(NOTE)


class TestPasses:
    @pytest.mark.parametrize("gone", [[NOTE], [f"artifacts/{TOPIC}.json"], [NOTE, f"artifacts/{TOPIC}.json"]])
    def test_twins_that_are_gone(self, vault, guarded, gone):
        for path in gone:
            vault.remove(path)
        if len(gone) == 1:
            guarded(WEEK)
        vault.settle()
        guarded(WEEK)
        assert len(reasons(vault)) == 1

    def test_an_emptied_note(self, vault, guarded):
        vault.put(NOTE, "")
        guarded(WEEK)
        vault.settle()
        assert reasons(vault) == ["its note was emptied"]

    def test_an_emptied_note_while_the_file_changed(self, vault, guarded):
        vault.put(NOTE, "")
        vault.change(TOPIC, body="It keeps for a year.")
        vault.sync()
        assert take(vault, TOPIC, "file") == 0
        guarded(WEEK, "It keeps for a year.")
        assert "It keeps for a year." in vault.text(NOTE)
        assert vault.value(TOPIC)["body"] == "It keeps for a year."
        assert reasons(vault) == ["its note was gone and is written anew"]
        vault.settle()

    def test_bulk(self, vault, guarded):
        for number in range(8):
            vault.artifact(f"topics/t{number}", kind="topic", name=f"Topic {number}", body=f"Text {number}.")
        vault.settle()
        shutil.rmtree(vault.root / "Topics")
        guarded(WEEK, *(f"Text {number}." for number in range(8)))
        vault.sync(allow_mass_delete=True)
        assert reasons(vault) == ["its note was removed"] * 9

    def test_items_that_go(self, vault, guarded):
        vault.change(JOURNEY, stages=vault.value(JOURNEY)["stages"][:1])
        text = vault.text(QUAY)
        vault.put(QUAY, text[: text.index("- ## Strategies" if vault.dialect == "logseq" else "## Strategies")])
        guarded("Bread against coins.", "One for each new boat.")
        vault.settle()
        assert sorted(reasons(vault)) == [
            "as it was before items left its artifact file",
            "as it was before items left its note",
        ]

    def test_what_is_private_in_an_item_that_goes(self, vault, guarded):
        text = "Bread against coins."
        remark = f"{text}\n\t\t  remark:: hers" if vault.dialect == "logseq" else f"{text}\n\n%% hers %%"
        vault.edit(ROUTE, text, remark)
        vault.settle()
        vault.age(ROUTE)
        assert "hers" not in vault.text(vault.file(JOURNEY))
        guarded("hers")
        vault.change(JOURNEY, stages=vault.value(JOURNEY)["stages"][:1])
        vault.settle()
        items, _, kept = vault.text(ROUTE).partition("## Kept")
        assert "Handing over" not in items
        assert "hers" in kept

    def test_a_comment_in_a_text_that_the_file_changes(self, vault, guarded):
        if vault.dialect == "logseq":
            vault.edit(ROUTE, "\t\t- Bread against coins.", "\t\t- Bread against coins.\n\t\t- <!-- ask her -->")
        else:
            vault.edit(ROUTE, "Bread against coins.", "Bread against coins.\n\n%%\nask her\n%%\n")
        vault.settle()
        vault.age(ROUTE)
        guarded("ask her")
        stages = vault.value(JOURNEY)["stages"]
        said = stages[1]["description"]
        assert ("ask her" in said) == (vault.dialect == "logseq")  # there it is a block like others
        stages[1]["description"] = said.replace("Bread against coins.", "Nothing at all.")
        before = vault.text(ROUTE)
        vault.change(JOURNEY, stages=stages)
        vault.settle()
        assert vault.text(ROUTE) == before.replace("Bread against coins.", "Nothing at all.")

    def test_a_link_to_nothing_where_the_file_says_something_new(self, vault, guarded):
        vault.edit(ROUTE, "[[Skipper]]", "[[Nobody known]]")
        vault.sync()
        vault.artifact("harbour/profiles/mate", kind="profile", name="Mate", case="harbour")
        vault.change(JOURNEY, profile="harbour/profiles/mate", goal="Other.")
        guarded("Nobody known")
        vault.age(ROUTE)
        (held,) = vault.sync().held
        assert (held.path, held.pointers) == (ROUTE, ("/profile",))
        assert "Nobody known" in vault.text(ROUTE)
        assert "Other." in vault.text(ROUTE)
        assert vault.value(JOURNEY)["profile"] == "harbour/profiles/mate"

    def test_a_conflict_whose_note_goes(self, vault, guarded):
        torn(vault)
        guarded("a month", "a year")
        vault.remove(NOTE)
        guarded("a month", "a year")
        vault.sync()
        assert reasons(vault) == ["its note was gone in an open conflict"]
        assert vault.assert_still().exit_code == 1
        assert len(reasons(vault)) == 1
        restore.run(vault=vault.root, artifact=TOPIC, terminal=vault.terminal)
        assert "a month" in vault.text(NOTE)
        assert "a year" in vault.text(vault.file(TOPIC))

    def test_a_conflict_that_goes_on(self, vault, guarded):
        torn(vault)
        vault.edit(NOTE, "It keeps for a month", "It keeps for a month or two")
        guarded("a month or two", "a year")
        vault.sync()
        vault.age(NOTE)
        vault.change(TOPIC, body="It keeps for a year or two.")
        guarded("a month or two", "a year or two")
        (conflict,) = vault.sync().conflicts
        assert (conflict.other, conflict.mine) == ("It keeps for a month or two at sea.", "It keeps for a year or two.")
        assert "a year or two" in vault.text(NOTE)
        assert vault.value(TOPIC)["conflicts"][0]["other"] == "It keeps for a month or two at sea."

    def test_a_kind_that_goes_with_its_artifacts(self, vault, guarded):
        schema = json.loads(json.dumps(shipped.schemas()["topic.schema.json"]).replace("topic", "memo"))
        schema["$id"] = "/memo/1.0"
        vault.put("schemas/memo.schema.json", json.dumps(schema))
        told = {"kind": "memo", "id": "memos/tide", "schema": "memo/1.0", "name": "Tide", "body": "High at six."}
        vault.put(vault.file("memos/tide"), json.dumps(told))
        vault.sync()
        note = vault.note("memos/tide")
        for path in ("schemas/memo.schema.json", note, vault.file("memos/tide")):
            vault.remove(path)
        vault.sync()
        guarded("High at six.")
        assert reasons(vault) == ["both twins were removed"]

    def test_an_embed_that_goes(self, vault, guarded):
        text = vault.text(SHOWN)
        vault.put(SHOWN, f"{text.rstrip()}\n" + ("- Ask him." if vault.dialect == "logseq" else "Ask him.") + "\n")
        vault.settle()
        vault.age(SHOWN)
        guarded("Ask him.", "Warm bread before the tide turns.")
        vault.remove(ROUTE)
        vault.sync()
        assert "Morning run" not in vault.text(SHOWN)

    @pytest.mark.parametrize("path", [NOTE, ROUTE])
    def test_what_cannot_be_written_is_put_away_once_at_most(self, vault, path):
        torn(vault)
        vault.change(JOURNEY, stages=vault.value(JOURNEY)["stages"][:1])
        (vault.root / path).chmod(0o444)
        for _ in range(3):
            vault.sync()
        (vault.root / path).chmod(0o644)
        vault.sync()
        assert reasons(vault) == ["as it was before items left its note"]


class TestCommands:
    @pytest.mark.parametrize("side", ["note", "file"])
    def test_a_decision(self, vault, guarded, side):
        torn(vault)
        guarded("a month", "a year")
        assert take(vault, TOPIC, side) == 0
        assert reasons(vault) == ["as it was before a conflict was decided"]

    @pytest.mark.parametrize("side", ["ours", "theirs"])
    def test_a_decision_about_a_merge_of_git(self, vault, guarded, side):
        entry = {"pointer": "/body", "base": "Old.", "other": "Of the branch.", "from": "theirs x"}
        vault.change(TOPIC, conflicts=[entry])
        vault.sync()
        vault.age(NOTE)
        guarded(WEEK, "Of the branch.")
        assert take(vault, TOPIC, side) == 0

    def test_a_decision_in_the_editor(self, vault, guarded, monkeypatch):
        torn(vault)
        guarded("a month", "a year")
        monkeypatch.setattr(editor.Desk, "edit", lambda desk, name, text: f"{SCISSORS}\nNeither.\n")
        monkeypatch.setattr("twinpage.edge.terminal.Terminal.interactive", True)
        assert take(vault, TOPIC, edit=True) == 0
        assert vault.value(TOPIC)["body"] == "Neither."

    def test_removing(self, vault, guarded):
        vault.edit(NOTE, "a week", "a month")
        vault.edit(ROUTE, "Bread against coins.", "Bread against chits.")
        guarded("a month", "chits", "Warm bread before", "One for each new boat.", "Bread for boats", "logbook")
        for artifact, parts in ((TOPIC, False), ("harbour", True)):
            given = {"artifact": artifact, "with_parts": parts, "terminal": vault.terminal}
            assert remove.run(vault=vault.root, **given) == 0
        assert set(reasons(vault)) == {"it was removed with `twinpage remove`"}

    def test_removing_what_is_in_conflict(self, vault, guarded):
        torn(vault)
        guarded("a month", "a year")
        remove.run(vault=vault.root, artifact=TOPIC, with_parts=False, terminal=vault.terminal)
        restore.run(vault=vault.root, artifact=TOPIC, terminal=vault.terminal)
        assert "a month" in vault.text(NOTE)
        assert "a year" in vault.text(vault.file(TOPIC))

    def test_mending(self, vault, guarded):
        vault.edit(NOTE, "a week", "a week, says [[]] he,")
        vault.put(vault.file(JOURNEY), json.dumps(vault.value(JOURNEY) | {"extras": {"b": "last", "a": "first"}}))
        colons = "::" if vault.dialect == "logseq" else ":"
        vault.edit(SHOWN, "artifact-kind", f"remark{colons} my own\nartifact-kind")
        guarded("a week, says", "he,", "my own", "logbook", "last", "first", "Warm bread before", "against coins.")
        options = {"paths": (), "fix": True, "output_format": "text", "fail_on": None, "statistics": False}
        check.run(vault=vault.root, terminal=vault.terminal, **options)
        assert "mended" in vault.out.getvalue()
        assert "[[]]" not in vault.text(NOTE)

    def test_importing_over_what_is_there(self, vault, guarded, tmp_path):
        source = tmp_path / "old.md"
        source.write_text(f"---\nartifact-kind: topic\nartifact-id: {TOPIC}\n---\n# Sourdough\nAnother text.\n")
        guarded(WEEK, "Warm bread before", "One for each new boat.")
        before = vault.files()
        import_.run(vault=vault.root, sources=(source,), terminal=vault.terminal)
        after = vault.files()
        assert {path: after.get(path) for path in before} == before
