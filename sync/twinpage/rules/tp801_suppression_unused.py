"""An entry that silences no flag.

## What it does
Reports entries in `ignore` (artifact file), `flags-ignored` (note) and `[[ignore]]` (settings) that silenced
nothing, although their rule was looked at, and entries of the settings whose last day has passed.

## Why it matters
Such an entry waits in the dark: one day it hides a flag that is new and for which its reason does not hold.

## Bad
    flags-ignored: TP301 sold by partners only         (the profile has a journey now)
    flags-ignored:: TP301 sold by partners only        (Logseq)

## Good
    (no entry)

## Mend it
Correct the code or the artifact that it names, or remove the entry. In the settings, a later `until` keeps it.
"""

from __future__ import annotations

from twinpage.core.flags.flagging import nothing_alone
from twinpage.core.flags.rule import Rule

RULE = Rule(
    code="TP801",
    name="suppression-unused",
    severity="warning",
    why="One day it hides a flag for which its reason does not hold.",
    check=nothing_alone,
)
