"""Ending conflicts: by a side, by fields, in an editor; and listing them."""

from __future__ import annotations

import json
import shutil

import pytest

from twinpage.commands import conflicts, resolve
from twinpage.errors import UnknownWord, Usage

TOPIC, JOURNEY = "topics/sourdough", "harbour/journeys/morning-run"
NOTE = "Topics/Sourdough.md"


def run(vault, artifact=TOPIC, take="", fields=(), edit=False):
    return resolve.run(
        vault=vault.root, artifact=artifact, take=take, fields=fields, edit=edit, terminal=vault.terminal
    )


def listed(vault, output_format="text"):
    code = conflicts.run(vault=vault.root, output_format=output_format, terminal=vault.terminal)
    return code, vault.out.getvalue()


@pytest.fixture
def torn(vault):
    """Both sides changed the body, and the tags apart from it."""
    vault.edit(NOTE, "a week at sea", "a month at sea")
    vault.change(TOPIC, body="It keeps for a year at sea.", tags=["dough"])
    assert vault.sync().exit_code == 1
    return vault


@pytest.mark.parametrize(("side", "word"), [("note", "month"), ("file", "year"), ("theirs", "month"), ("ours", "year")])
def test_a_side_for_all(torn, side, word):
    assert run(torn, take=side) == 0
    assert torn.value(TOPIC)["body"] == f"It keeps for a {word} at sea."
    assert "conflicts" not in torn.value(TOPIC)
    assert "twinpage conflict" not in torn.text(NOTE)
    assert f"It keeps for a {word} at sea." in torn.text(NOTE)
    assert torn.value(TOPIC)["tags"] == ["dough"]
    torn.settle()
    assert listed(torn) == (0, torn.out.getvalue())


@pytest.mark.parametrize(("side", "word"), [("note", "month"), ("file", "year")])
def test_a_field(torn, side, word):
    assert run(torn, fields=(("/body", side),)) == 0
    assert torn.value(TOPIC)["body"] == f"It keeps for a {word} at sea."
    torn.settle()


def test_one_of_two_fields_leaves_the_other_open(vault):
    text = vault.text("Journeys/Morning run.md")
    vault.put("Journeys/Morning run.md", text.replace("coins", "chits").replace("2026-03-01", "2026-04-01"))
    value = vault.value(JOURNEY)
    value["stages"][1]["description"] = "Bread against shells."
    value["last-reviewed"] = "2026-05-01"
    vault.write(JOURNEY, value)
    assert vault.sync().exit_code == 1
    code, told = listed(vault, "json")
    assert code == 1
    pointers = sorted(one["pointer"] for one in json.loads(told)["conflicts"])
    assert pointers == ["/last-reviewed", "/stages/paying/description"]
    assert run(vault, JOURNEY, fields=(("/stages/paying/description", "file"),)) == 1
    assert "Still open: /last-reviewed" in vault.out.getvalue()
    assert [entry["pointer"] for entry in vault.value(JOURNEY)["conflicts"]] == ["/last-reviewed"]
    assert "Bread against shells." in vault.text("Journeys/Morning run.md")
    assert vault.assert_still().exit_code == 1
    assert run(vault, JOURNEY, take="note") == 0
    assert vault.value(JOURNEY)["last-reviewed"] == "2026-04-01"
    vault.settle()


def test_a_note_that_is_gone_goes(vault):
    vault.remove(NOTE)
    vault.change(TOPIC, body="It keeps for a year.")
    assert vault.sync().exit_code == 1
    assert listed(vault)[0] == 1
    assert run(vault, take="note") == 0
    assert vault.file(TOPIC) not in vault.files()
    vault.settle()


@pytest.mark.parametrize("how", ["gone", "emptied"])
def test_a_note_that_is_gone_is_written_anew(vault, how):
    if how == "gone":
        vault.remove(NOTE)
    else:
        vault.put(NOTE, "")
    vault.change(TOPIC, body="It keeps for a year.")
    assert vault.sync().exit_code == 1
    assert run(vault, take="file") == 0
    assert "It keeps for a year." in vault.text(vault.note(TOPIC))
    assert "conflicts" not in vault.value(TOPIC)
    (kept,) = (vault.root / ".twinpage/trash").glob("*/files")
    assert "It keeps for a week at sea." in (kept / NOTE).read_text()
    vault.settle()


def test_without_a_base(vault):
    shutil.rmtree(vault.root / ".twinpage")
    vault.edit(NOTE, "a week at sea", "a month at sea")
    assert vault.sync().exit_code == 1
    assert run(vault, take="note") == 0
    assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."
    vault.settle()


def test_what_a_merge_left(vault):
    entry = {"pointer": "/body", "base": "Old.", "other": "Of the branch.", "from": "theirs feature"}
    vault.change(TOPIC, conflicts=[entry])
    vault.sync()
    assert vault.value(TOPIC)["conflicts"] == [entry]
    assert "Of the branch." in vault.text(NOTE)
    code, told = listed(vault)
    assert (code, "Of the branch." in told) == (1, True)
    assert run(vault, take="theirs") == 0
    assert vault.value(TOPIC)["body"] == "Of the branch."
    assert "conflicts" not in vault.value(TOPIC)
    vault.settle()
    assert "Of the branch." in vault.text(NOTE)
    assert "twinpage conflict" not in vault.text(NOTE)


def test_what_is_not_open(torn):
    with pytest.raises(UnknownWord, match="open conflict"):
        run(torn, fields=(("/name", "note"),))
    with pytest.raises(Usage, match="no open conflict"):
        run(torn, JOURNEY, take="note")
    with pytest.raises(UnknownWord, match="artifact"):
        run(torn, "topics/nothing", take="note")
    with pytest.raises(Usage, match="terminal"):
        run(torn, edit=True)
    assert torn.assert_still().exit_code == 1


def test_nothing_is_listed_in_a_vault_at_peace(vault):
    code, told = listed(vault, "json")
    assert (code, json.loads(told)["conflicts"]) == (0, [])


def test_listing_writes_nothing(vault):
    vault.edit(NOTE, "a week at sea", "a month at sea")
    vault.change(TOPIC, body="It keeps for a year at sea.")
    before = vault.files()
    code, told = listed(vault)
    assert code == 1
    assert "month" in told
    assert "year" in told
    assert vault.files() == before
