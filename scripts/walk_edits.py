"""What the steps of a random walk are made of: a register of them, and one word put in the place of another."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from walk import OneWord, Step, Walk, said, words_of

STEPS: dict[str, tuple[Step, int]] = {}


def step(weight: int = 4, edits: bool = True) -> Callable[[Step], Step]:
    """A step that is taken so often; after one that edits, not everything is in step."""

    def noted(function: Step) -> Step:
        def taken(walk: Walk) -> bool:
            done = function(walk)
            if done and edits:
                walk.since.append(None)
            return done

        STEPS[function.__name__] = taken, weight
        return taken

    return noted


def a_note(walk: Walk) -> Any:
    return walk.one(sorted(walk.vault.notes()))


def put_word(walk: Walk, path: str, text: str, old: str, new: str) -> None:
    """Put one word in the place of another."""
    vault = walk.vault
    texts = [kept.text for kept in vault.files().values()]
    claims = list(vault.notes().values())
    plain = len(set(claims)) == len(claims) and sum(old in words_of(other) for other in texts) < 3
    plain = plain and all(other.count(old) < 2 for other in texts) and not any(old in path for path in vault.files())
    walk.owed.discard(old)
    walk.private = {mark: chunk.replace(old, new) for mark, chunk in walk.private.items()}
    walk.last_word = path, old, new
    vault.put(path, text.replace(old, new))
    walk.since.append(OneWord(old, new, sum(old in words_of(text) for text in texts)) if plain else None)


def said_in_file(text: str) -> frozenset[str]:
    try:
        value = json.loads(text)
    except ValueError:
        return frozenset()
    return words_of(said({name: part for name, part in value.items() if name not in ("id", "conflicts")}))
