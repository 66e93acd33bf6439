"""A new artifact with its note."""

from __future__ import annotations

import pytest

from twinpage.commands import new
from twinpage.errors import UnknownWord, Usage

CASE, BAKER = "harbour", "harbour/profiles/skipper"


def run(vault, kind, name, case="", target=""):
    return new.run(vault=vault.root, kind=kind, name=name, case=case, target=target, terminal=vault.terminal)


def test_a_case(vault):
    assert run(vault, "case", "Tide & Table") == 0
    assert vault.value("tide-table")["name"] == "Tide & Table"
    assert vault.note("tide-table") == "Cases/Tide & Table.md"
    assert "created artifacts/tide-table.json" in vault.out.getvalue()
    assert "created Cases/Tide & Table.md" in vault.out.getvalue()
    vault.settle()


@pytest.mark.parametrize(
    ("kind", "part"), [("journey", "journeys"), ("sales-strategy", "sales-strategies")], ids=["journey", "strategy"]
)
def test_a_partner_of_a_profile(vault, kind, part):
    assert run(vault, kind, "Evening", target=BAKER) == 0
    value = vault.value(f"harbour/{part}/evening")
    assert (value["profile"], value["case"]) == (BAKER, CASE)
    assert "Evening" in vault.text("Profiles/Skipper.md")
    vault.settle()


def test_every_kind_of_part(vault):
    for kind in ("segment", "profile", "journey", "sales-strategy"):
        assert run(vault, kind, f"New {kind}", case=CASE) == 0
    for kind in ("topic", "tool", "class", "marker"):
        assert run(vault, kind, f"New {kind}") == 0
    vault.settle()


def test_names_that_are_taken(vault):
    assert run(vault, "topic", "Sourdough") == 0
    assert vault.value("topics/sourdough-2")["name"] == "Sourdough"
    assert vault.note("topics/sourdough-2") == "Topics/Sourdough (topic).md"
    said = vault.err.getvalue()
    assert "topics/sourdough is called Sourdough already; the new one is topics/sourdough-2." in said
    assert "`twinpage remove topics/sourdough-2`" in said
    assert run(vault, "topic", "Rye") == 0
    assert "already" not in vault.err.getvalue()
    vault.settle()


@pytest.mark.parametrize(
    ("name", "artifact", "title"),
    [
        ("###", "topics/number-sign", "Number sign"),
        ("? ?", "topics/question-mark-question-mark", "Question mark question mark"),
        ("\U0001f680\ufe0f", "topics/rocket", "\U0001f680\ufe0f"),
    ],
)
def test_a_name_without_letters_and_digits(vault, name, artifact, title):
    assert run(vault, "topic", name) == 0
    assert vault.value(artifact)["name"] == name
    assert vault.note(artifact) == f"Topics/{title}.md"
    vault.settle()


def test_a_name_with_control_characters_is_written_as_it_is_kept(vault):
    assert run(vault, "topic", " A\x1b[31mred\x1b[0m\nline ") == 0
    (file,) = [path for path in vault.files() if "red" in path and path.endswith(".json")]
    assert '"name": "A[31mred[0m line"' in vault.text(file)
    vault.settle()


def test_an_odd_name(vault):
    name = 'A/B: "why?" #1 [[x]] | é'
    assert run(vault, "topic", name) == 0
    vault.settle()
    (path,) = [path for path in vault.files() if path.startswith("artifacts/topics/a-b")]
    assert vault.value(path[len("artifacts/") : -5])["name"] == name


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (("riddle", "X"), UnknownWord, "riddle"),
        (("topic", "  "), Usage, "name"),
        (("segment", "X"), Usage, "--case"),
        (("segment", "X", "harbor"), UnknownWord, "did you mean `harbour`"),
        (("journey", "X", "", "harbour/profiles/skiper"), UnknownWord, "did you mean `harbour/profiles/skipper`"),
        (("segment", "X", "", "topics/sourdough"), Usage, "not for a topic"),
    ],
)
def test_what_cannot_be(vault, words, error, said):
    before = vault.files()
    with pytest.raises(error, match=said):
        run(vault, *words)
    assert vault.files() == before
