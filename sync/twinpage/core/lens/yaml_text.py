"""Strings as YAML scalars: plain as a person writes them, in double quotes where YAML would read something else."""

from __future__ import annotations

import json
import re

from twinpage.model.regex import regex

_PLAIN = regex(r"[^\W_][^\n]*")
_OTHER_TYPE = regex(
    r"(?i:true|false|null|yes|no|on|off|y|n|~)|[-+.]*[0-9][0-9_,.:a-fox+\-tz ]*|[-+]?\.(?:inf|nan)", re.IGNORECASE
)
_DAY = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ESCAPED = regex("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def yaml_scalar(text: str, day: bool = False) -> str:
    """The text so that every YAML reader takes it for this string. ``day``: dates stand plain."""
    if day and _DAY.fullmatch(text):
        return text
    if (
        _PLAIN.fullmatch(text)
        and text.isprintable()
        and ": " not in text
        and " #" not in text
        and text[-1] not in ": "
        and not _OTHER_TYPE.fullmatch(text)
    ):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
