"""The catalogue as a whole: every rule is documented, sized and named alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import twinpage.rules
from twinpage.model.flag import SEVERITIES
from twinpage.rules import RULES, close_codes, page

FOLDER = Path(twinpage.rules.__file__).parent
SEVERITY = {
    "error": "001 101 121 201 202 203 205 501 901",
    "warning": "002 103 120 301 302 303 306 401 403 404 405 502 503 510 511 512 521 601 801 802",
    "info": "003 304 305 307 402",
}


def test_the_codes_and_their_severities_are_those_of_the_contract():
    wanted = {f"TP{code}": severity for severity, codes in SEVERITY.items() for code in codes.split()}
    assert {code: rule.severity for code, rule in RULES.items()} == wanted
    assert list(RULES) == sorted(RULES)


def test_names_are_unique_and_files_are_called_by_them():
    names = [rule.name for rule in RULES.values()]
    assert len(set(names)) == len(names)
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert files == {f"{code.lower()}_{rule.name.replace('-', '_')}" for code, rule in RULES.items()}


@pytest.mark.parametrize("code", RULES)
def test_every_rule_has_its_page(code):
    text = page(code)
    first = text.partition("\n")[0]
    assert first.endswith(".")
    sections = re.findall("^## (.+)$", text, re.MULTILINE)
    wanted = ["What it does", "Why it matters", "Bad", "Good", "Mend it"]
    assert sections == wanted + (["Options"] if RULES[code].default_options else [])
    for name, default in RULES[code].default_options:
        assert f"`{name}` (default {default})" in text


@pytest.mark.parametrize("code", RULES)
def test_every_rule_says_why_in_one_sentence(code):
    why = RULES[code].why
    assert why.endswith(".")
    assert "\n" not in why
    assert RULES[code].severity in SEVERITIES


@pytest.mark.parametrize("path", sorted(FOLDER.glob("tp*.py")), ids=lambda path: path.stem)
def test_a_rule_fits_on_a_page(path):
    assert path.read_text(encoding="utf-8").count("\n") <= 80


def test_codes_and_names_that_are_nearly_right_find_their_rule():
    assert close_codes("tp301")[0] == "TP301"
    assert close_codes("profile-without-jorney")[0] == "TP301"
    assert close_codes("zzzzzz") == ()
