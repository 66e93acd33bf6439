"""A silenced flag without a reason.

## What it does
Reports entries in `ignore` (artifact file), `flags-ignored` (note) and `[[ignore]]` (settings) that name a code
but no reason. Without a reason nothing is silenced.

## Why it matters
In a year nobody remembers whether the flag was wrong, or inconvenient. The reason is what a colleague reviews.

## Bad
    flags-ignored: TP301                               (Obsidian)
    flags-ignored:: TP301                              (Logseq)
    "ignore": [{"code": "TP301"}]                      (artifact file)

## Good
    flags-ignored: TP301 sold by partners only
    flags-ignored:: TP301 sold by partners only
    "ignore": [{"code": "TP301", "reason": "sold by partners only"}]

## Mend it
Add why the flag does not apply here. In the settings: `reason = "..."`, and `until` if it is for a time only.
"""

from __future__ import annotations

from twinpage.core.flags.flagging import nothing_alone
from twinpage.core.flags.rule import Rule

RULE = Rule(
    code="TP802",
    name="suppression-without-reason",
    severity="warning",
    why="In a year nobody remembers whether the flag was wrong, or inconvenient.",
    check=nothing_alone,
)
