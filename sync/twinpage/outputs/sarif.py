"""SARIF 2.1.0, for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any
from urllib.parse import quote

from twinpage import __version__
from twinpage.model.check_outcome import CheckOutcome, RulePage
from twinpage.model.flag import Flag
from twinpage.model.output import Output, Style
from twinpage.model.plain import plain

_LEVELS = {"error": "error", "warning": "warning", "info": "note", "off": "none"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def check(outcome: CheckOutcome, style: Style) -> str:
    """All flags, the accepted ones as suppressed, with every rule. Paths are relative to the repository's top."""
    accepted = outcome.baseline.accepted if outcome.baseline else ()
    marked = [(flag, False) for flag in outcome.all_flags] + [(flag, True) for flag in accepted]
    numbers: Counter[str] = Counter()
    results = []
    for flag, suppressed in sorted(marked, key=lambda one: one[0].order):
        numbers[flag.fingerprint] += 1
        results.append(_result(flag, suppressed, numbers[flag.fingerprint], outcome))
    driver = {"name": "twinpage", "semanticVersion": __version__, "rules": [_rule(rule) for rule in outcome.rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The top of the repository."}}},
        "results": results,
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: RulePage) -> dict[str, Any]:
    summary = rule.page.partition("\n")[0] or rule.why
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": _message(summary)},
        "fullDescription": {"text": _message(rule.why)},
        "help": {"text": _message(rule.page), "markdown": rule.page},
        "defaultConfiguration": {"enabled": rule.severity != "off", "level": _LEVELS[rule.severity]},
    }


def _result(flag: Flag, suppressed: bool, number: int, outcome: CheckOutcome) -> dict[str, Any]:
    codes = [rule.code for rule in outcome.rules]
    place = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(outcome.prefix + flag.path), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": flag.line, "startColumn": flag.column},
        }
    }
    result: dict[str, Any] = {
        "ruleId": flag.code,
        "level": _LEVELS[flag.severity],
        "message": {"text": _message(flag.message)},
        "locations": [place],
        # The first is the one that GitHub goes by; else it would make one of the line.
        "partialFingerprints": {
            "primaryLocationLineHash": f"{flag.fingerprint}:{number}",
            "twinpage/v1": flag.fingerprint,
        },
        "suppressions": [],
    }
    if flag.code in codes:
        result["ruleIndex"] = codes.index(flag.code)
    if suppressed:
        result["suppressions"] = [{"kind": "external", "justification": "Accepted in twinpage.baseline."}]
    return result


def _uri(path: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"), safe="/")


def _message(text: str) -> str:
    """Braces are placeholders and ``[a](b)`` is a link even in plain text (3.11.5, 3.11.6 of the standard)."""
    return plain(text).replace("](", "] (").replace("{", "{{").replace("}", "}}")


OUTPUT = Output(name="sarif", check=check)
