"""Ending conflicts: by a side, by fields, in an editor; and listing them."""

from __future__ import annotations

import json
import shutil

import pytest

from twinpage.commands import conflicts, resolve, restore
from twinpage.core import lens
from twinpage.errors import UnknownWord, Usage
from twinpage.workspace.reading import VaultNames
from twinpage.workspace.texts import with_name
from twinpage.workspace.twin import twin_of

pytestmark = pytest.mark.slow

TOPIC, JOURNEY = "topics/sourdough", "harbour/journeys/morning-run"
PROFILE = "harbour/profiles/skipper"
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
def test_a_note_that_is_gone_is_written_anew_and_its_own_text_comes_back(vault, how):
    diary = "- ## My diary\n\t- Rain.\n" if vault.dialect == "logseq" else "## My diary\nRain.\n"
    vault.put(NOTE, vault.text(NOTE).rstrip("\n") + "\n" + diary)
    vault.settle()
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
    assert f"is in the trash: `twinpage restore {TOPIC}` brings it back." in vault.err.getvalue()
    vault.settle()
    assert restore.run(vault=vault.root, artifact=TOPIC, terminal=vault.terminal) in (0, 1)
    assert "Rain." in vault.text(vault.note(TOPIC))


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


RUN = "Journeys/Morning run.md"


def own_text(vault):
    """Text of the note's own, inside and outside the stages."""
    mine = (
        "\n<!-- kept as it is -->\n\n## Mine\n\n  odd\tspacing  \n"
        if vault.dialect == "obsidian"
        else "- mine\n\t- odd  \n"
    )
    vault.put(RUN, vault.text(RUN).rstrip("\n") + "\n" + mine)
    vault.settle()
    vault.age(RUN)
    return mine.strip("\n")


def turned(vault, artifact):
    """Both sides put three stages in an order of their own."""
    value = vault.value(artifact)
    value["stages"].append({"id": "waving", "name": "Waving"})
    vault.write(artifact, value)
    vault.settle()
    vault.age(RUN)
    ws = vault.open()
    twin = twin_of(ws, artifact)
    view = {**twin.reading.value, "stages": [twin.reading.value["stages"][at] for at in (1, 0, 2)]}
    text = lens.put(twin.page, twin.kind, with_name(twin.page, view), VaultNames(ws), twin.reference)
    ws.close()
    vault.put(RUN, text)
    value = vault.value(artifact)
    value["stages"] = [value["stages"][at] for at in (0, 2, 1)]
    vault.write(artifact, value)


@pytest.mark.parametrize(("side", "order"), [("note", "paying whistle waving"), ("file", "whistle waving paying")])
def test_the_order_of_a_list(vault, side, order):
    mine = own_text(vault)
    turned(vault, JOURNEY)
    assert vault.sync().exit_code == 1
    told = listed(vault)[1]
    assert "Stages  (/stages)" in told
    assert "- Handing over" in told
    assert run(vault, JOURNEY, fields=(("/stages", side),)) == 0
    assert " ".join(stage["id"] for stage in vault.value(JOURNEY)["stages"]) == order
    assert mine in vault.text(RUN)
    vault.settle()


@pytest.mark.parametrize("side", ["note", "file"])
def test_an_item_that_one_side_removed(vault, side):
    mine = own_text(vault)
    vault.edit(RUN, "Bread against coins.", "Bread against chits.")
    value = vault.value(JOURNEY)
    del value["stages"][1]
    vault.write(JOURNEY, value)
    assert vault.sync().exit_code == 1
    told = listed(vault)[1]
    assert "Stage Handing over  (/stages/paying)" in told
    assert run(vault, JOURNEY, take=side) == 0
    assert len(vault.value(JOURNEY)["stages"]) == (2 if side == "note" else 1)
    assert ("chits" in vault.text(RUN)) == (side == "note")
    assert mine in vault.text(RUN)
    vault.settle()


@pytest.mark.parametrize("side", ["note", "file"])
def test_a_reference(vault, side):
    """It is shown by the names of what it leads to, and ends as a link."""
    for name in ("Mate", "Cook"):
        vault.write(
            f"harbour/profiles/{name.lower()}",
            {**vault.value(PROFILE), "name": name, "id": f"harbour/profiles/{name.lower()}"},
        )
    vault.settle()
    for path in vault.notes():
        vault.age(path)
    vault.edit(RUN, "[[Skipper]]", "[[Mate]]")
    vault.change(JOURNEY, profile="harbour/profiles/cook")
    assert vault.sync().exit_code == 1
    told = listed(vault)[1]
    row = next(line for line in told.split("\n") if "Mate" in line)
    assert [cell.strip() for cell in row.split(" | ")] == ["Skipper", "Mate", "Cook"]
    assert run(vault, JOURNEY, fields=(("Profile", side),)) == 0
    name = {"note": "Mate", "file": "Cook"}[side]
    assert vault.value(JOURNEY)["profile"] == f"harbour/profiles/{name.lower()}"
    assert f"[[{name}]]" in vault.text(RUN)
    vault.settle()


def test_several_fields_at_once(vault):
    mine = own_text(vault)
    vault.put(
        RUN, vault.text(RUN).replace("coins", "chits").replace("2026-03-01", "2026-04-01").replace("deck", "board")
    )
    value = vault.value(JOURNEY)
    value["stages"][1]["description"] = "Bread against shells."
    value["last-reviewed"] = "2026-05-01"
    value["goal"] = value["goal"].replace("Nobody waits", "Everybody waits")
    vault.write(JOURNEY, value)
    assert vault.sync().exit_code == 1
    with pytest.raises(UnknownWord, match="did you mean `/last-reviewed`"):
        run(vault, JOURNEY, fields=(("/goal", "note"), ("/last-reviewd", "file")))
    assert run(vault, JOURNEY, fields=(("/goal", "note"), ("/last-reviewed", "file"))) == 1
    assert "Still open: /stages/paying/description" in vault.out.getvalue()
    assert vault.value(JOURNEY)["goal"].endswith("Nobody waits on board.")
    assert vault.value(JOURNEY)["last-reviewed"] == "2026-05-01"
    assert "chits" in vault.text(RUN)
    assert vault.assert_still().exit_code == 1
    assert run(vault, JOURNEY, take="note") == 0
    assert mine in vault.text(RUN)
    vault.settle()


@pytest.mark.parametrize(
    ("pointer", "other", "ours"),
    [
        ("/body", "Of the branch.", "It keeps for a week at sea."),
        ("/tags", ["dough"], None),
        ("/body", None, "It keeps for a week at sea."),
    ],
)
@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_sides_of_what_a_merge_left(vault, pointer, other, ours, side):
    vault.change(TOPIC, conflicts=[{"pointer": pointer, "base": None, "other": other, "from": "theirs feature"}])
    vault.sync()
    with pytest.raises(Usage, match="say ours or theirs"):
        run(vault, take="note")
    with pytest.raises(Usage, match="ours or theirs instead of file"):
        run(vault, fields=((pointer, "file"),))
    assert run(vault, fields=((pointer, side),)) == 0
    assert vault.value(TOPIC).get(pointer[1:]) == (ours if side == "ours" else other)
    assert "conflicts" not in vault.value(TOPIC)
    assert "twinpage conflict" not in vault.text(NOTE)
    vault.settle()


def test_between_the_twins_and_between_branches_at_once(vault):
    """Each is decided by sides of its own; ``ours`` and ``theirs`` can mean both."""
    entry = {"pointer": "/tags", "base": None, "other": ["dough"], "from": "theirs feature"}
    vault.edit(NOTE, "a week at sea", "a month at sea")
    vault.change(TOPIC, body="It keeps for a year at sea.", conflicts=[entry])
    assert vault.sync().exit_code == 1
    assert run(vault, fields=(("/body", "note"),)) == 1
    assert "Still open: /tags." in vault.out.getvalue()
    assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."
    assert vault.value(TOPIC)["conflicts"] == [entry]
    assert run(vault, take="theirs") == 0
    assert vault.value(TOPIC)["tags"] == ["dough"]
    vault.settle()


def test_commands_name_the_vault_from_elsewhere(torn, monkeypatch):
    monkeypatch.chdir(torn.root.parent)
    assert f"twinpage resolve {TOPIC} --vault {torn.root} --take note" in listed(torn)[1]
    monkeypatch.chdir(torn.root / "Topics" if (torn.root / "Topics").is_dir() else torn.root)
    assert f"twinpage resolve {TOPIC} --take note" in listed(torn)[1]
