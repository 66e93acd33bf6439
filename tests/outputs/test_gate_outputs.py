"""What the gate hands to GitHub and code scanning: whatever a vault says in it, it stands there as words.

``fixtures/sarif-2.1.0.json`` has the rules of the standard's schema (OASIS SARIF 2.1.0), without its prose.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft202012Validator
from msgspec.structs import replace

from twinpage.edge.shipped import output_schemas
from twinpage.model.check_outcome import CheckOutcome, InBaseline, RulePage, SinceBase
from twinpage.model.flag import SEVERITIES, Flag, Pass
from twinpage.model.output import Style
from twinpage.outputs import outputs, outputs_for
from twinpage.outputs.markdown import LONGEST
from twinpage.rules import RULES, page

PLAIN = Style()
SARIF = Draft4Validator(
    json.loads((Path(__file__).parents[1] / "fixtures" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
)
PAGES = tuple(RulePage(rule.code, rule.name, rule.severity, rule.why, page(code)) for code, rule in RULES.items())
HOSTILE = (
    "a|b `x` **y**",
    "@all #1 GH-2",
    "<script>x</script> [[Link]] [x](http://y) {0}",
    "\x1b[31mred\n::error::gone\r\n::set-output name=a::b",
    "]]> %0A::error file=x::y",
    "a,line=9:col=1%",
)


def flag(message: str, path: str = "a b/é#1.md", line: int = 3, severity: Any = "warning", **more: Any) -> Flag:
    code = more.pop("code", "TP301")
    return Flag(code, "profile-without-journey", severity, path, line, 7, "a/b", "", message, "Because.", **more)


CHECK = CheckOutcome(
    flags=(flag("It lacks a journey."), flag("The emotion is 9.", severity="error", code="TP101")),
    example_flags=(flag("So does this one.", path="Examples/c.md"),),
    artifacts=4,
    baseline=InBaseline((flag("Known for long.", line=5),), ("TP302\tc/d\t/goal",)),
    prefix="the vault/",
    rules=PAGES,
)


def said(name: str, outcome: CheckOutcome) -> str:
    return outputs_for("check")[name](outcome, PLAIN)


def test_each_command_has_its_formats():
    assert list(outputs_for("check")) == ["github", "json", "markdown", "sarif", "text"]
    assert list(outputs_for("sync")) == ["json", "text"]
    assert set(outputs()) >= set(outputs_for("check"))


def test_annotations_of_github():
    assert said("github", CHECK) == (
        "::error file=the vault/a b/é#1.md,line=3,col=7,title=TP101 profile-without-journey::The emotion is 9.\n"
        "::warning file=the vault/a b/é#1.md,line=3,col=7,title=TP301 profile-without-journey::It lacks a journey.\n"
        "::warning file=the vault/Examples/c.md,line=3,col=7,title=TP301 profile-without-journey::So does this one.\n"
        "1 error and 2 warnings in 4 artifacts; example cases account for 1.\n"
        "1 accepted in twinpage.baseline.\n"
        "1 accepted flag is fixed; `twinpage check --prune-baseline` takes them out:\n"
        "  TP302 c/d /goal\n"
        "`twinpage explain TP101` tells why a flag is there and how to mend it.\n"
    )


def test_ten_annotations_of_each_severity_then_a_number():
    many = tuple(flag("x", line=n, severity=severity) for severity in SEVERITIES for n in range(1, 14))
    lines = said("github", CheckOutcome(flags=many)).split("\n")
    for word in ("error", "warning", "notice"):
        assert sum(line.startswith(f"::{word} ") for line in lines) == 10
    assert sum(line.startswith("3 more with severity ") for line in lines) == 3


@pytest.mark.parametrize("text", HOSTILE)
def test_nobody_can_give_orders_to_the_runner(text):
    outcome = CheckOutcome(flags=(flag(text, path=f"x{text}.md"),), since=SinceBase(text, "0" * 40))
    lines = said("github", outcome).rstrip("\n").split("\n")
    orders = [line for line in lines if "::" in line]
    assert len(orders) == 1
    assert "\x1b" not in orders[0]
    facts, _, message = orders[0].removeprefix("::warning ").partition("::")
    assert [fact.partition("=")[0] for fact in facts.split(",")] == ["file", "line", "col", "title"]
    decoded = message.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
    assert decoded == text.replace("\x1b", "\\u001b")


@given(st.text(max_size=60))
def test_one_flag_is_one_annotation(text):
    lines = said("github", CheckOutcome(flags=(flag(text, path=text),))).split("\n")
    assert sum(line.startswith("::") for line in lines) == 1
    assert "\r" not in "".join(lines)


def test_sarif_keeps_to_its_schema_and_tells_all_rules():
    log = json.loads(said("sarif", CHECK))
    SARIF.validate(log)
    run = log["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == list(RULES)
    assert all(rule["help"]["markdown"] and rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"])
    assert len(run["results"]) == 4
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w%/.~-]+", uri, re.ASCII)
        assert unquote(uri).startswith("the vault/")
    assert [bool(result["suppressions"]) for result in run["results"]] == [False, False, False, True]


def test_one_result_of_sarif():
    log = json.loads(said("sarif", CheckOutcome(flags=(flag("It lacks {0}."),), prefix="v/", rules=PAGES)))
    assert log["runs"][0]["results"] == [
        {
            "ruleId": "TP301",
            "ruleIndex": list(RULES).index("TP301"),
            "level": "warning",
            "message": {"text": "It lacks {{0}}."},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "v/a%20b/%C3%A9%231.md", "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": 3, "startColumn": 7},
                    }
                }
            ],
            "partialFingerprints": {
                "primaryLocationLineHash": f"{flag('').fingerprint}:1",
                "twinpage/v1": flag("").fingerprint,
            },
            "suppressions": [],
        }
    ]


def test_sarif_tells_flags_of_one_fingerprint_apart():
    results = json.loads(said("sarif", CheckOutcome(flags=(flag("x"), flag("y", line=8)))))["runs"][0]["results"]
    assert len({result["partialFingerprints"]["primaryLocationLineHash"] for result in results}) == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_sarif_of_hostile_text(text):
    log = json.loads(said("sarif", CheckOutcome(flags=(flag(text, path=f"{text}\udcff"),))))
    SARIF.validate(log)
    told = log["runs"][0]["results"][0]["message"]["text"]
    assert "](" not in told
    assert "\x1b" not in told
    assert not re.search(r"(?<!\{)\{[0-9]", told)


def test_markdown_says_the_verdict_first():
    assert said("markdown", CHECK) == (
        "## twinpage check\n\n"
        "**1 error and 2 warnings in 4 artifacts; example cases account for 1.**\n\n"
        "| | flag | where | what |\n|---|---|---|---|\n"
        "| error | TP101 | `a b/é#1.md:3` | The emotion is 9. |\n"
        "| warning | TP301 | `a b/é#1.md:3` | It lacks a journey. |\n"
        "| warning, example | TP301 | `Examples/c.md:3` | So does this one. |\n\n"
        "- 1 accepted in twinpage.baseline.\n"
        "- 1 accepted flag is fixed; `twinpage check --prune-baseline` takes them out:\n"
        "- TP302 c/d /goal\n"
        "- `twinpage explain TP101` tells why a flag is there and how to mend it.\n"
    )


def test_markdown_shows_commands_as_code_and_marks_what_can_be_mended():
    mended = flag("Write one, or run `twinpage new journey NAME --for a|b`.", fix=Pass("a/b"))
    text = said("markdown", CheckOutcome(flags=(mended,)))
    assert "run <code>twinpage new journey NAME --for a&#124;b</code>. \\[fix\\] |\n" in text
    assert "- `twinpage check --fix` can mend 1, marked \\[fix\\].\n" in text


def test_markdown_cuts_other_things_before_flags():
    many = tuple(flag("It lacks a journey, and more.", line=n) for n in range(1, 500))
    gone = tuple(flag("x" * 200, line=n) for n in range(400))
    text = said("markdown", CheckOutcome(flags=many, since=SinceBase("main", "0" * 40, gone)))
    assert len(text) <= LONGEST
    assert text.count("| warning |") == 499
    assert re.search(r"^[0-9]+ lines about other things cut\.$", text, re.MULTILINE)
    assert "flags cut" not in text


def test_markdown_cuts_the_least_severe_flags_and_tells_how_many():
    flags = (*(flag("x" * 300, line=n, severity="info") for n in range(1, 400)), flag("y", severity="error"))
    text = said("markdown", CheckOutcome(flags=flags))
    shown = text.count("| info |")
    assert len(text) <= LONGEST
    assert "| error |" in text
    assert f"{399 - shown} flags cut; `twinpage check` lists all." in text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_table_of_hostile_text_keeps_its_cells(text):
    table = said("markdown", CheckOutcome(flags=(flag(text, path=text),)))
    row = next(line for line in table.split("\n") if "TP301 |" in line)
    assert len(re.findall(r"(?<!\\)\|", row)) == 5
    words = re.sub("`[^`]*`|<code>.*</code>", "", row)
    assert not re.search(r"(?<!\\)<", words)
    assert not re.search("[@#](?=[a-z0-9])", words)


def test_json_tells_what_is_accepted():
    told = json.loads(said("json", CHECK))
    Draft202012Validator(output_schemas()["check.schema.json"]).validate(told)
    assert len(told["baseline"]["accepted"]) == 1
    assert told["baseline"]["fixed"] == 1
    assert told["summary"]["warning"] == 2
    assert "baseline" not in json.loads(said("json", replace(CHECK, baseline=None)))


def test_text_counts_what_is_accepted_in_words():
    text = said("text", CHECK)
    assert "1 accepted in twinpage.baseline.\n" in text
    assert "Known for long" not in text
