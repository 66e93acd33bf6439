"""What people do to notes that nobody expects: nothing typed is lost, and nothing is passed over in silence."""

from __future__ import annotations

import json
import os

import pytest

from twinpage.commands import remove, resolve, restore
from twinpage.core.choosing import conflicts
from twinpage.errors import AlreadyThere

pytestmark = pytest.mark.slow

CASE, BAKER = "harbour", "harbour/profiles/skipper"
JOURNEY, TOPIC = "harbour/journeys/morning-run", "topics/sourdough"
NOTE, SHOWN, ROUTE = "Topics/Sourdough.md", "Profiles/Skipper.md", "Journeys/Morning run.md"


def embed(vault, title):
    return f"{{{{embed [[{title}]]}}}}" if vault.dialect == "logseq" else f"![[{title}]]"


def take(vault, artifact, side):
    return resolve.run(
        vault=vault.root, artifact=artifact, take=side, fields=(), edit=False, terminal=vault.terminal
    )  # fmt: skip


class TestTheBoxOfAConflict:
    @pytest.fixture
    def torn(self, vault):
        vault.edit(NOTE, "a week", "a month")
        vault.change(TOPIC, body="It keeps for a year at sea.")
        assert vault.sync().exit_code == 1
        vault.age(NOTE)
        return vault

    def test_a_stage_that_the_note_lost_is_not_found_in_the_box(self, vault):
        text = vault.text(ROUTE)
        start, end = text.index("### Handing over"), text.index("## KPIs")
        mark = len("\t- ") if vault.dialect == "logseq" else 0
        vault.put(ROUTE, text[: start - mark] + text[end - (2 if mark else 0) :])
        value = vault.value(JOURNEY)
        value["stages"][1]["description"] = "Bread against chits."
        vault.write(JOURNEY, value)
        outcome = vault.sync()
        again = vault.assert_still()
        assert (again.held, again.conflicts) == ((), outcome.conflicts)
        assert take(vault, JOURNEY, "note") == 0
        assert [stage["id"] for stage in vault.value(JOURNEY)["stages"]] == ["whistle"]
        vault.assert_still()

    @pytest.mark.parametrize("old", ["The artifact file says:", "It keeps for a year at sea.", "This box then goes"])
    def test_what_somebody_types_into_a_line_of_it_stays(self, torn, old):
        torn.edit(NOTE, old, f"{old} really?")
        torn.sync()
        assert f"{old} really?" in torn.text(NOTE)
        torn.assert_still()
        assert take(torn, TOPIC, "note") == 0
        assert f"{old} really?" in torn.text(NOTE)
        assert conflicts.find(torn.text(NOTE), torn.dialect) == ()
        torn.assert_still()

    def test_a_value_that_changes_leaves_no_old_lines(self, torn):
        torn.change(TOPIC, body="It keeps for ever.")
        torn.sync()
        assert "a year" not in torn.text(NOTE)
        torn.put(NOTE, torn.text(NOTE).replace("for ever", "for two lives"))  # as another machine had written it
        torn.change(TOPIC, body="It keeps for two lives.")
        torn.sync()
        assert torn.text(NOTE).count("It keeps for") == 2
        torn.assert_still()

    @pytest.mark.parametrize("side", ["note", "file"])
    def test_a_box_that_somebody_moved_into_a_text_is_no_text(self, torn, side):
        text = torn.text(NOTE)
        (box,) = conflicts.find(text, torn.dialect)
        shown, rest = text[box.start : box.end].rstrip("\n"), conflicts.remove(text, torn.dialect).rstrip("\n")
        indent = "\n\t" if torn.dialect == "logseq" else "\n"
        torn.put(NOTE, rest + indent + shown.replace("\n", indent))
        (found,) = torn.sync().conflicts
        assert found.other == "It keeps for a month at sea."
        torn.assert_still()
        assert take(torn, TOPIC, side) == 0
        assert torn.value(TOPIC)["body"] == f"It keeps for a {'month' if side == 'note' else 'year'} at sea."
        assert torn.text(NOTE).rstrip("\n") == (rest if side == "note" else rest.replace("month", "year"))
        torn.assert_still()

    def test_a_box_that_is_folded_in_logseq(self, torn):
        if torn.dialect == "obsidian":
            return
        before = torn.text(NOTE)
        first = before.split("\n")[3]
        assert first.startswith("- twinpage conflict")
        folded = before.replace(first, f"{first}\n  id:: 6500\n  collapsed:: true")
        torn.put(NOTE, folded)
        assert torn.assert_still().exit_code == 1
        assert take(torn, TOPIC, "note") == 0
        assert torn.text(NOTE) == "artifact-id:: topics/sourdough\nartifact-kind:: topic\n\n- ## Text\n\t- " + (
            "It keeps for a month at sea."
        )

    def test_a_blank_line_in_it_does_not_cut_it_in_logseq(self, torn):
        if torn.dialect == "obsidian":
            return
        torn.edit(NOTE, "\t- The artifact file says:\n", "\t- The artifact file says:\n\t- so what\n\n")
        torn.sync()
        assert torn.text(NOTE).count("To decide") == 1
        assert "\t- so what\n" in torn.text(NOTE)
        torn.assert_still()


class TestEmbeds:
    def test_of_a_note_renamed_where_no_app_saw_it(self, vault):
        os.rename(vault.root / ROUTE, vault.root / "Journeys/Evening run.md")
        vault.settle()
        assert embed(vault, "Evening run") in vault.text(SHOWN)
        assert embed(vault, "Morning run") not in vault.text(SHOWN)

    def test_of_a_note_that_is_gone_at_first_sight(self, vault, clock_of_test, monkeypatch):
        text, shown = vault.text(ROUTE), vault.files()[SHOWN]
        vault.remove(ROUTE)
        real = clock_of_test.sleep
        monkeypatch.setattr("twinpage.edge.clock.sleep", lambda seconds: (real(seconds), vault.put(ROUTE, text)))
        assert vault.sync().changes == ()
        assert vault.files()[SHOWN] == shown

    def test_a_line_with_a_remark_is_not_touched(self, vault):
        line = embed(vault, "Morning run")
        vault.edit(SHOWN, line, f"{line} as he tells it")
        vault.settle()
        vault.remove(ROUTE)
        vault.sync()
        assert f"{line} as he tells it" in vault.text(SHOWN)
        vault.assert_still()


class TestTrash:
    def put_away(self, vault):
        return "".join(
            path.read_text() for path in (vault.root / ".twinpage/trash").rglob("files/**/*") if path.is_file()
        )

    def test_a_note_as_it_was_before_an_item_left_it(self, vault):
        before = vault.text(ROUTE)
        value = vault.value(JOURNEY)
        value["stages"][0]["touchpoints"].pop()
        vault.write(JOURNEY, value)
        vault.settle()
        assert self.put_away(vault) == before
        vault.edit(ROUTE, "Nobody waits on deck.", "Nobody waits at all.")
        with pytest.raises(AlreadyThere):
            restore.run(vault=vault.root, artifact=JOURNEY, terminal=vault.terminal)
        assert ".twinpage/trash/" in vault.err.getvalue()

    @pytest.mark.parametrize("side", ["note", "file"])
    def test_what_a_decision_gave_up(self, vault, side):
        vault.edit(NOTE, "a week", "a month")
        vault.change(TOPIC, body="It keeps for a year at sea.")
        vault.sync()
        vault.age(NOTE)
        assert take(vault, TOPIC, side) == 0
        assert "a month" in self.put_away(vault)
        assert "a year" in self.put_away(vault)
        vault.assert_still()

    @pytest.mark.parametrize("removed", [TOPIC, "topics/rye"])
    def test_removing_an_artifact_leaves_the_note_that_says_it_is_another(self, vault, removed):
        vault.edit(NOTE, TOPIC, "topics/rye")
        vault.sync()
        if removed == "topics/rye":
            vault.edit(NOTE, "topics/rye", TOPIC)
            vault.sync()
        before = vault.text(NOTE)
        code = remove.run(vault=vault.root, artifact=removed, with_parts=False, terminal=vault.terminal)
        assert code == 0
        assert vault.text(NOTE) == before
        left = TOPIC if removed != TOPIC else "topics/rye"
        assert (vault.file(removed) in vault.files(), vault.file(left) in vault.files()) == (False, True)
        vault.settle()

    def test_removing_an_artifact_leaves_a_note_that_is_ordinary_now(self, vault):
        vault.put(NOTE, "- just a remark\n")
        vault.sync()
        assert remove.run(vault=vault.root, artifact=TOPIC, with_parts=False, terminal=vault.terminal) == 0
        assert vault.text(NOTE) == "- just a remark\n"
        assert vault.file(TOPIC) not in vault.files()
        vault.settle()

    def test_an_older_removal_comes_back_by_its_own_name(self, vault):
        def bring(name):
            code = restore.run(vault=vault.root, artifact=name, terminal=vault.terminal)
            return code, vault.out.getvalue()

        mine = "\n- first remark" if vault.dialect == "logseq" else "\n## Mine\nfirst remark\n"
        vault.put(NOTE, vault.text(NOTE) + mine)
        vault.sync()
        for body in ("second", "third"):
            vault.remove(vault.file(TOPIC))
            vault.settle()
            vault.artifact(TOPIC, body=body)
            vault.settle()
            vault.age(NOTE)
        vault.remove(NOTE)
        vault.settle()
        _, told = bring("")
        rows = [row for row in told.split("\n") if TOPIC in row]
        assert len(rows) == 3
        oldest = rows[-1].rpartition("restore ")[2].strip("`")
        assert bring(oldest)[0] == 0
        assert mine in vault.text(NOTE)
        assert vault.value(TOPIC)["body"] == "It keeps for a week at sea."
        vault.assert_still()


def test_a_kind_that_the_note_changed_is_flagged(vault):
    from twinpage.commands import check

    vault.put(NOTE, vault.text(NOTE).replace("topic\n", "tool\n", 1))
    assert vault.sync().exit_code == 1
    options = {"fix": False, "output_format": "json", "fail_on": None, "statistics": False}
    assert check.run(vault=vault.root, paths=(), terminal=vault.terminal, **options) == 1
    (flag,) = [flag for flag in json.loads(vault.out.getvalue())["flags"] if flag["path"] == NOTE]
    assert (flag["code"], flag["severity"]) == ("TP101", "error")
    assert "artifact-kind tool" in flag["message"]


def test_line_breaks_of_blanks_stay_where_the_words_stay(vault):
    continued = "\n\t  " if vault.dialect == "logseq" else "\n"
    paragraph = "\n\t- " if vault.dialect == "logseq" else "\n\n"
    kept = f"First line  {continued}second line{paragraph}"
    vault.edit(NOTE, "It keeps for a week at sea.", f"{kept}Third.{paragraph}Fourth  {continued}fifth.")
    vault.settle()
    body = vault.value(TOPIC)["body"]
    assert body == "First line\nsecond line\n\nThird.\n\nFourth\nfifth."
    vault.change(TOPIC, body=body.replace("Third.", "The third."))
    vault.settle()
    assert f"{kept}The third.{paragraph}Fourth  {continued}fifth." in vault.text(NOTE)


class TestNothingIsPassedOver:
    def test_a_mistyped_path_is_no_clean_vault(self, vault):
        from twinpage.commands import check
        from twinpage.errors import Usage

        options = {"fix": False, "output_format": "json", "fail_on": None, "statistics": False}
        with pytest.raises(Usage, match="Journys"):
            check.run(vault=vault.root, paths=(vault.root / "Journys",), terminal=vault.terminal, **options)

    def flags(self, vault):
        from twinpage.commands import check

        options = {"fix": False, "output_format": "json", "fail_on": None, "statistics": False}
        check.run(vault=vault.root, paths=(), terminal=vault.terminal, **options)
        return [(flag["code"], flag["path"]) for flag in json.loads(vault.out.getvalue())["flags"]]

    def test_names_that_are_no_text(self, vault):
        for name in (b"caf\xe9.md", b"artifacts/topics/caf\xe9.json"):
            (vault.root / os.fsdecode(name)).write_text(vault.text(NOTE))
        (vault.root / os.fsdecode(b"Old \xe9")).mkdir()
        before = vault.files()
        assert vault.sync().changes == ()
        assert vault.files() == before
        told = [path for code, path in self.flags(vault) if code == "TP002"]
        assert told == ["Old \\xe9", "artifacts/topics/caf\\xe9.json", "caf\\xe9.md"]

    def test_schemas_that_cannot_be_used(self, vault):
        vault.put("schemas/memo.schema.json", '{"$id": "/memo/1.0",')
        vault.put(
            "schemas/tale.schema.json", '{"$id": "/tale/1.0", "properties": {"kind": {"const": "tale"}}, "x-page": 5}'
        )
        vault.sync()
        told = [flag for flag in self.flags(vault) if flag[1].startswith("schemas/")]
        assert told == [("TP001", "schemas/memo.schema.json"), ("TP121", "schemas/tale.schema.json")]
        vault.remove("schemas/memo.schema.json")
        vault.remove("schemas/tale.schema.json")
        assert not [flag for flag in self.flags(vault) if flag[1].startswith("schemas/")]


@pytest.mark.parametrize(
    "settings", ['exclude = ["Topics/"]', '[folders]\ntopic = "logseq/bak"', 'exclude = ["Topics/R*"]']
)
def test_a_new_note_is_never_written_where_it_would_not_be_read(vault, settings):
    vault.put("twinpage.toml", f'dialect = "{vault.dialect}"\n{settings}\n')
    vault.artifact("topics/rye", kind="topic", name="Rye", body="Dark.")
    before = vault.files()
    outcome = vault.sync()
    assert outcome.exit_code == 1
    assert any(held.artifact == "topics/rye" and "exclude" in held.because for held in outcome.held)
    assert vault.files() == before
    assert vault.assert_still().held == outcome.held
    vault.put("twinpage.toml", f'dialect = "{vault.dialect}"\n')
    vault.settle()
    assert "Topics/Rye.md" in vault.files()


def test_a_note_that_no_artifact_file_could_hold(vault):
    before = vault.text(vault.file("topics/sourdough"))
    note = vault.note("topics/sourdough")
    vault.edit(note, "a week", "word " * 1_600_000)
    outcome = vault.sync()
    assert [held.path for held in outcome.held] == [note]
    assert "more than the 8 MB" in outcome.held[0].because
    assert vault.text(vault.file("topics/sourdough")) == before
    vault.edit(note, "word " * 1_600_000, "a month")
    vault.settle()
    assert vault.value("topics/sourdough")["body"] == "It keeps for a month at sea."


def test_notes_of_a_vault_within_are_its_own(vault):
    note = vault.note("topics/sourdough")
    folder = note.rpartition("/")[0]
    vault.put(f"{folder}/twinpage.toml", "")
    vault.change("topics/sourdough", body="It keeps for a month.")
    before = vault.files()
    outcome = vault.sync()
    assert [held.artifact for held in outcome.held] == ["topics/sourdough"]
    assert "still there" in outcome.held[0].because
    assert outcome.changes == ()
    assert vault.files() == before
    vault.remove(f"{folder}/twinpage.toml")
    vault.settle()
    assert "for a month" in vault.text(note)
