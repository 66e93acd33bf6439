"""The commands that only tell: explain, rules, kinds, config show."""

from __future__ import annotations

import io
import json
import tomllib
from pathlib import Path

import pytest

from twinpage.commands import config_show, explain, kinds_, rules_
from twinpage.config import parse
from twinpage.edge.terminal import Terminal
from twinpage.errors import UnknownWord
from twinpage.rules import RULES
from twinpage.workspace.settings import known_words, read_settings

SETTINGS = """\
dialect = "logseq"
fail-on = "warning"
[rules]
TP101 = "warning"
[needs]
profile = [{ kind = "entry", by = "about" }]
[folders]
journey = "Reisen"
[[ignore]]
code = "TP101"
artifact = "orbit-works"
reason = 'it is "so"'
until = 2031-01-01
"""


@pytest.fixture
def terminal() -> Terminal:
    return Terminal(io.StringIO(), io.StringIO(), {})


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    (tmp_path / "twinpage.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def shown(terminal: Terminal) -> str:
    assert isinstance(terminal.out, io.StringIO)
    return terminal.out.getvalue()


def test_every_rule_is_explained_with_both_examples_and_the_fix(terminal: Terminal) -> None:
    for code, rule in RULES.items():
        assert explain.run(vault=None, code=code, terminal=terminal) == 0
        text = shown(terminal)
        assert f"{code} {rule.name}" in text
        for part in ("## Bad", "## Good", "## Mend it", "## Settings"):
            assert part in text


def test_a_rule_is_found_by_name_and_in_any_case(terminal: Terminal) -> None:
    explain.run(vault=None, code="schema-violation", terminal=terminal)
    by_name = shown(terminal)
    explain.run(vault=None, code=" tp101 ", terminal=terminal)
    assert shown(terminal) == by_name * 2


def test_what_holds_in_the_vault_is_said(vault: Path, terminal: Terminal) -> None:
    explain.run(vault=vault, code="TP101", terminal=terminal)
    assert "Severity: warning, by twinpage.toml." in shown(terminal)


def test_an_unknown_code_is_answered_with_a_near_one(terminal: Terminal) -> None:
    with pytest.raises(UnknownWord, match=r"There is no rule `TP1O1`; did you mean .*`TP101`"):
        explain.run(vault=None, code="TP1O1", terminal=terminal)
    with pytest.raises(UnknownWord, match="`twinpage rules` lists all"):
        explain.run(vault=None, code="???", terminal=terminal)


def test_settings_that_explain_offers_are_valid(terminal: Terminal) -> None:
    known = known_words(read_settings(None).registry)
    for code in RULES:
        before = len(shown(terminal))
        explain.run(vault=None, code=code, terminal=terminal)
        offered = shown(terminal)[before:].partition("## Settings")[2].partition("\n\n")[2].partition("\n\n")[0]
        config, mistakes = parse("\n".join(line[4:] for line in offered.split("\n")), known)
        assert mistakes == (), code
        assert config.severity(code) in ("off", "warning")


def test_rules_lists_all_and_marks_what_the_settings_chose(vault: Path, terminal: Terminal) -> None:
    assert rules_.run(vault=vault, terminal=terminal) == 0
    lines = shown(terminal).split("\n")
    assert [line[:5] for line in lines if line.startswith("TP")] == list(RULES)
    (chosen,) = [line for line in lines if line.startswith("TP101")]
    assert "warning*" in chosen
    assert lines[-2] == "* by twinpage.toml"


def test_config_show_is_itself_a_settings_file_that_means_the_same(vault: Path, terminal: Terminal) -> None:
    assert config_show.run(vault=vault, terminal=terminal) == 0
    text = shown(terminal)
    tomllib.loads(text)
    known = known_words(read_settings(vault).registry)
    (said, mistakes), (meant, _) = parse(text, known), parse(SETTINGS, known)
    assert mistakes == ()
    assert (said.dialect, said.fail_on, said.exclude) == (meant.dialect, meant.fail_on, meant.exclude)
    assert said.needs == meant.needs
    assert said.folder_of("journey") == "Reisen"
    assert [(i.code, i.artifact, i.reason, i.until) for i in said.ignores] == [
        ("TP101", "orbit-works", 'it is "so"', "2031-01-01")
    ]
    assert {code: said.severity(code) for code in RULES} == {
        code: meant.severity(code) or rule.severity for code, rule in RULES.items()
    }


def test_config_show_says_where_each_comes_from(vault: Path, terminal: Terminal) -> None:
    config_show.run(vault=vault, terminal=terminal)
    origins = {line.split(" = ")[0]: line.rpartition("# ")[2] for line in shown(terminal).split("\n") if " = " in line}
    assert (origins["dialect"], origins["exclude"]) == ("line 1", "default")
    assert (origins["TP101"], origins["TP202"]) == ("line 4", "default")
    assert (origins["journey"], origins["case"]) == ("line 8", "default")


def test_config_show_tells_all_mistakes_and_ends_with_2(vault: Path, terminal: Terminal) -> None:
    (vault / "twinpage.toml").write_text('dialekt = "x"\n[rules]\nTP999 = "off"\n', encoding="utf-8")
    assert config_show.run(vault=vault, terminal=terminal) == 2
    assert isinstance(terminal.err, io.StringIO)
    assert terminal.err.getvalue().split("\n")[0] == (
        "twinpage.toml, line 1: `dialekt` is no setting; did you mean `dialect`?"
    )
    assert "twinpage.toml, line 3: `TP999`" in terminal.err.getvalue()


def test_kinds_lists_all_with_what_they_are(terminal: Terminal) -> None:
    assert kinds_.run(vault=None, kind="", terminal=terminal) == 0
    lines = shown(terminal).split("\n")
    registry = read_settings(None).registry
    assert [line.split("  ")[0] for line in lines[:12]] == list(registry.names())
    assert all(len(line) < 160 and line.endswith(".") for line in lines[:12])


def test_a_kind_is_shown_in_both_dialects_that_of_the_vault_first(vault: Path, terminal: Terminal) -> None:
    kinds_.run(vault=vault, kind="Sales strategy", terminal=terminal)
    text = shown(terminal)
    assert "artifact-kind: sales-strategy\n" in text
    assert 0 < text.index("artifact-kind:: sales-strategy") < text.index("artifact-kind: sales-strategy")
    for field in read_settings(None).registry.kind("sales-strategy").shape.fields:  # type: ignore[union-attr]
        assert field.place == "hidden" or field.name in text or field.label in text


def test_a_kind_of_the_team_is_listed_and_shown(vault: Path, terminal: Terminal) -> None:
    schema = {
        "$id": "https://example.org/wheel/1.0",
        "title": "Wheel",
        "description": "What turns. And more.",
        "type": "object",
        "properties": {
            "kind": {"const": "wheel"},
            "id": {"type": "string"},
            "schema": {"const": "wheel/1.0"},
            "name": {"type": "string"},
            "spokes": {"type": "integer"},
        },
        "required": ["kind", "id", "schema", "name"],
        "additionalProperties": False,
    }
    (vault / "schemas").mkdir()
    (vault / "schemas" / "wheel.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    kinds_.run(vault=vault, kind="", terminal=terminal)
    kinds_.run(vault=vault, kind="wheel", terminal=terminal)
    assert "What turns. (schemas/wheel.schema.json)" in shown(terminal)
    assert "spokes:: " in shown(terminal)


def test_an_unknown_kind_is_answered_with_a_near_one(terminal: Terminal) -> None:
    with pytest.raises(UnknownWord, match="There is no kind `jurney`; did you mean `journey`"):
        kinds_.run(vault=None, kind="jurney", terminal=terminal)
