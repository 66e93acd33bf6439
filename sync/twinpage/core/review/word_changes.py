"""Which words of a text are others: shown with a few of the words around them."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "was", "now"]
AROUND = 4
"""Words that stay and are shown before and after what does not."""
LONGEST = 200
"""Words. Comparing longer texts takes too long; of those only what differs in the middle is looked at."""
IN_COMMON = 3
"""Where less than one word in so many stayed, the text is another one, and told as such."""
FIRST, LAST = 14, 4
"""Words that are shown of a longer piece that went or came."""
MOST_SHOWN = 600
"""Characters of one comparison."""


def word_changes(was: str, now: str) -> list[tuple[Kind, str]]:
    """What stayed, went and came, in order, with an ellipsis for what is left out; nothing when no word is another."""
    old, new = was.split(), now.split()
    if old == new:
        return []
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    parts: list[tuple[Kind, list[str]]] = [("same", old[:start])]
    parts += _middle(middle_old, middle_new)
    parts.append(("same", old[len(old) - end :]))
    return _shortened(list(_shown(parts)))


def _alike(one: list[str], other: list[str]) -> int:
    number = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        number += 1
    return number


def _middle(old: list[str], new: list[str]) -> Iterator[tuple[Kind, list[str]]]:
    if len(old) > LONGEST or len(new) > LONGEST:
        yield "was", old
        yield "now", new
        return
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    stayed = sum(b - a for action, a, b, _, _ in steps if action == "equal")
    if stayed * IN_COMMON < max(len(old), len(new)):
        yield "was", old
        yield "now", new
        return
    for action, a, b, c, d in steps:
        if action == "equal":
            yield "same", old[a:b]
            continue
        yield "was", old[a:b]
        yield "now", new[c:d]


def _shown(parts: list[tuple[Kind, list[str]]]) -> Iterator[tuple[Kind, str]]:
    kept = [part for part in parts if part[1]]
    for place, (kind, words) in enumerate(kept):
        if kind != "same":
            yield kind, " ".join(words if len(words) <= FIRST + LAST else [*words[:FIRST], "…", *words[-LAST:]])
            continue
        before = words[:AROUND] if place else []
        after = words[-AROUND:] if place < len(kept) - 1 else []
        if len(before) + len(after) >= len(words):
            yield kind, " ".join(words)
        else:
            yield kind, " ".join([*before, "…", *after])


def _shortened(parts: list[tuple[Kind, str]]) -> list[tuple[Kind, str]]:
    """No longer than anybody reads."""
    found: list[tuple[Kind, str]] = []
    room = MOST_SHOWN
    for kind, text in parts:
        if len(text) > room:
            return [*found, (kind, f"{text[:room].rstrip()}…")]
        found.append((kind, text))
        room -= len(text)
    return found
