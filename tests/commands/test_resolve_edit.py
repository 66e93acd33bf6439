"""Deciding in an editor: one file a field, and never a typed word lost."""

from __future__ import annotations

import shlex
import sys

import pytest

from twinpage.commands import resolve
from twinpage.edge.terminal import Terminal
from twinpage.errors import Usage

TOPIC, JOURNEY = "topics/sourdough", "harbour/journeys/morning-run"
NOTE, RUN = "Topics/Sourdough.md", "Journeys/Morning run.md"


@pytest.fixture(autouse=True)
def somebody_is_there(monkeypatch):
    monkeypatch.setattr(Terminal, "interactive", property(lambda self: True))


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """An editor that runs some Python on ``text``, the name of the file being ``name``."""

    def use(code, ends=0):
        script = tmp_path / "editor.py"
        script.write_text(
            "import pathlib, sys\n"
            "path = pathlib.Path(sys.argv[1]); name = path.name\n"
            "text = path.read_text(encoding='utf-8')\n"
            f"{code}\n"
            "path.write_bytes(text.encode('utf-8')) if isinstance(text, str) else None\n"
            f"sys.exit({ends})\n"
        )
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", shlex.join([sys.executable, str(script)]))

    return use


def run(vault, artifact=TOPIC):
    return resolve.run(vault=vault.root, artifact=artifact, take="", fields=(), edit=True, terminal=vault.terminal)


BELOW = "head, cut, below = text.partition('>8 ------------------------\\n'); "


@pytest.fixture
def torn(vault):
    vault.edit(NOTE, "a week at sea", "a month at sea")
    vault.change(TOPIC, body="It keeps for a year at sea.")
    assert vault.sync().exit_code == 1
    return vault


def kept(vault):
    return {path.name: path.read_text() for path in (vault.root / ".twinpage/edits").glob("*/*")}


def test_what_is_shown_and_what_is_saved(torn, editor, tmp_path):
    editor(f"pathlib.Path({str(tmp_path / 'seen')!r}).write_text(text); {BELOW} text = head + cut + 'A decade.\\n'")
    assert run(torn) == 0
    seen = (tmp_path / "seen").read_text()
    assert "<<<<<<< the artifact file\nIt keeps for a year at sea.\n=======\nIt keeps for a month at sea.\n" in seen
    assert torn.value(TOPIC)["body"] == "A decade."
    assert "A decade." in torn.text(NOTE)
    assert kept(torn) == {}
    torn.settle()


def test_headings_of_the_text_stay(torn, editor):
    editor(f"{BELOW} text = head + cut + 'Text.\\n\\n#tag and\\n# not a heading of ours\\n'")
    assert run(torn) == 0
    assert torn.value(TOPIC)["body"] == "Text.\n\n#tag and\n# not a heading of ours"
    torn.settle()


def test_values_that_are_no_text(vault, editor):
    text = vault.text(RUN)
    for old, new in (("2026-03-01", "2026-04-01"), ("coins", "chits")):
        assert old in text
        text = text.replace(old, new)
    vault.put(RUN, text)
    value = vault.value(JOURNEY)
    value["last-reviewed"] = "2026-05-01"
    del value["stages"][1]
    vault.write(JOURNEY, value)
    assert vault.sync().exit_code == 1
    editor(
        f"{BELOW} lines = [line for line in below.split('\\n') if line[:1] not in '<=>']; "
        "text = head + cut + ('2026-06-01' if name.endswith('.md') else '\\n'.join(lines))"
    )
    assert run(vault, JOURNEY) == 0
    assert vault.value(JOURNEY)["last-reviewed"] == "2026-06-01"
    assert vault.value(JOURNEY)["stages"][1]["description"] == "Bread against chits."
    vault.settle()


@pytest.mark.parametrize(
    ("code", "ends", "words", "stays"),
    [
        ("pass", 0, "Nothing was saved", False),
        ("text = ''", 0, "Nothing was saved", False),
        ("path.unlink(); text = None", 0, "Nothing was saved", False),
        ("text = text.replace('year', 'decade')", 0, "still has markers", True),
        ("text = text.replace('year', 'decade')", 1, "ended with 1", True),
        ("path.write_bytes(text.encode() + bytes([255])); text = None", 0, "not UTF-8", True),
    ],
)
def test_what_decides_nothing(torn, editor, code, ends, words, stays):
    editor(code, ends)
    before = torn.files()
    with pytest.raises(Usage, match=words):
        run(torn)
    assert torn.files() == before
    assert bool(list((torn.root / ".twinpage/edits").glob("*/*"))) == stays
    assert ("What you typed is kept in .twinpage/edits/" in torn.err.getvalue()) == stays
    assert torn.assert_still().exit_code == 1


@pytest.mark.parametrize(("named", "words"), [("/no/such/editor", "did not start"), ("'", "names no program")])
def test_no_editor(torn, monkeypatch, named, words):
    monkeypatch.setenv("VISUAL", named)
    with pytest.raises(Usage, match=words):
        run(torn)


def test_what_the_schema_refuses_is_kept(vault, editor):
    vault.edit(RUN, "2026-03-01", "2026-04-01")
    vault.change(JOURNEY, last_reviewed="2026-05-01")
    assert vault.sync().exit_code == 1
    editor(f"{BELOW} text = head + cut + 'the day after tomorrow'")
    before = vault.files()
    assert run(vault, JOURNEY) == 1
    assert vault.files() == before
    ((_, typed),) = kept(vault).items()
    assert "the day after tomorrow" in typed
    assert "kept in .twinpage/edits/" in vault.err.getvalue()


@pytest.mark.parametrize("side", ["note", "file"])
def test_what_changed_meanwhile_is_not_overwritten(torn, editor, side):
    path = torn.root / (NOTE if side == "note" else torn.file(TOPIC))
    editor(
        f"other = pathlib.Path({str(path)!r}); other.write_text(other.read_text().replace(' at sea', ' ashore')); "
        f"{BELOW} text = head + cut + 'A decade.'"
    )
    with pytest.raises(Usage, match="changed meanwhile"):
        run(torn)
    assert " ashore" in path.read_text()
    ((_, typed),) = kept(torn).items()
    assert "A decade." in typed


def test_several_fields_one_after_the_other(vault, editor, tmp_path):
    """The second is given up: neither is decided, and what was typed for the first is not lost."""
    vault.put(RUN, vault.text(RUN).replace("coins", "chits").replace("2026-03-01", "2026-04-01"))
    value = vault.value(JOURNEY)
    value["stages"][1]["description"] = "Bread against shells."
    value["last-reviewed"] = "2026-05-01"
    vault.write(JOURNEY, value)
    assert vault.sync().exit_code == 1
    editor(f"{BELOW} text = head + cut + '2026-06-01' if name.startswith('1-') else text")
    before = vault.files()
    with pytest.raises(Usage, match="Description of stage Handing over"):
        run(vault, JOURNEY)
    assert vault.files() == before
    assert "2026-06-01" in "".join(kept(vault).values())


def test_what_a_merge_left(vault, editor):
    entry = {"pointer": "/body", "base": "Old.", "other": "Of the branch.", "from": "theirs feature"}
    vault.change(TOPIC, conflicts=[entry])
    vault.sync()
    editor(f"{BELOW} assert '>>>>>>> theirs feature' in below; text = head + cut + 'Of both.'")
    assert run(vault) == 0
    assert vault.value(TOPIC)["body"] == "Of both."
    assert "conflicts" not in vault.value(TOPIC)
    assert "Of both." in vault.text(NOTE)
    vault.settle()


def test_the_note_is_gone(vault, editor):
    vault.remove(NOTE)
    vault.change(TOPIC, body="It keeps for a year.")
    assert vault.sync().exit_code == 1
    editor("pass")
    with pytest.raises(Usage, match="--take note"):
        run(vault)


def test_what_is_no_json_is_kept(vault, editor):
    entry = {"pointer": "/tags", "base": None, "other": ["b"], "from": "theirs x"}
    vault.change(TOPIC, tags=["a"], conflicts=[entry])
    vault.sync()
    editor(f"{BELOW} text = head + cut + '[1'")
    with pytest.raises(Usage, match="no JSON"):
        run(vault)
    assert vault.value(TOPIC)["tags"] == ["a"]
    assert "[1" in "".join(kept(vault).values())
