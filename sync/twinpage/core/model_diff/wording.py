"""Differences in words: parts of sentences, which a look turns into text, colour or markdown."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from twinpage.core.safe_markdown import code, inline
from twinpage.core.wording import listed
from twinpage.core.wording import words as in_text
from twinpage.model.difference import ArtifactDiff, Difference
from twinpage.model.plain import plain_line

LONGEST = 60
"""Characters of a value or name that are shown."""
_REFERS = {"case": "belongs to", "artifact-type": "fills in", "about": "describes"}
_SHOWN = 8


class Look(Struct, frozen=True):
    """How names and values stand out. Each function makes any text harmless."""

    plain: Callable[[str], str]
    name: Callable[[str], str]
    value: Callable[[str], str]
    id: Callable[[str], str]
    added: Callable[[str], str]
    removed: Callable[[str], str]


def _coloured(number: str) -> Callable[[str], str]:
    return lambda text: f"\x1b[{number}m{plain_line(text)}\x1b[0m"


TEXT = Look(
    plain=plain_line,
    name=lambda text: f"*{plain_line(text)}*",
    value=lambda text: f'"{plain_line(text)}"',
    id=plain_line,
    added=lambda text: f"{{+{plain_line(text)}+}}",
    removed=lambda text: f"[-{plain_line(text)}-]",
)
COLOUR = Look(
    plain=plain_line,
    name=_coloured("1"),
    value=TEXT.value,
    id=_coloured("2"),
    added=_coloured("32"),
    removed=_coloured("31"),
)
MARKDOWN = Look(
    plain=inline,
    name=lambda text: f"*{inline(text).strip() or '-'}*",
    value=lambda text: f"“{inline(text)}”",
    id=code,
    added=lambda text: f"**{inline(text).strip() or '-'}**",
    removed=lambda text: f"~~{inline(text).strip() or '-'}~~",
)


def words(difference: Difference, look: Look = TEXT) -> str:
    """One difference as a part of a sentence: ``stage *Negotiation* added after *Proposal*``."""
    said = _Said(difference, look)
    match difference.sort:
        case "artifact":
            return f"{said.verb} with {content}" if (content := _content(difference, look)) else said.verb
        case "item" | "element":
            return said.element()
        case "reference":
            return said.reference()
        case _:
            return said.field()


def value_in_words(value: Any, look: Look = TEXT) -> str:
    """A value in a few words; a long one is cut."""
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "nothing"
        case str():
            return look.value(cut(value)) if value.strip() else "empty text"
        case list() | dict() if not value:
            return "nothing"
        case list() if all(isinstance(one, str) for one in value):
            return listed([look.value(cut(one)) for one in value[:_SHOWN]])
        case _:
            return look.plain(cut(json.dumps(value, ensure_ascii=False)))


def cut(text: str) -> str:
    line = " ".join(text.split(None))
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 3].rstrip()}..."


def heading(artifact: ArtifactDiff, look: Look = TEXT) -> str:
    """What an artifact is: ``Journey of *Skipper*``, ``Profile *Skipper*``; of two journeys each has its name."""
    title = look.plain(artifact.title)
    if not artifact.of:
        return f"{title} {look.name(cut(artifact.name))}"
    if artifact.of.casefold() in artifact.name.casefold() or not artifact.name:
        return f"{title} of {look.name(cut(artifact.of))}"
    return f"{title} {look.name(cut(artifact.name))} of {look.name(cut(artifact.of))}"


def standing(artifact: ArtifactDiff, look: Look = TEXT) -> str:
    """What became of the artifact as a whole; empty where only its content changed."""
    if artifact.action == "renamed":
        return f"has the id {look.id(artifact.artifact)} instead of {look.id(artifact.old_artifact)}"
    if artifact.action == "moved":
        return f"moved from {look.id(artifact.old_artifact)} to {look.id(artifact.artifact)}"
    if artifact.path != artifact.old_path and artifact.action == "changed":
        return f"its file is {look.id(artifact.path)} instead of {look.id(artifact.old_path)}"
    return ""


def parts(artifact: ArtifactDiff, look: Look = TEXT) -> list[str]:
    """All that is told of an artifact, in order."""
    whole = standing(artifact, look)
    return [part for part in (whole, *(words(difference, look) for difference in artifact.differences)) if part]


def sentence(artifact: ArtifactDiff, look: Look = TEXT) -> str:
    """``Journey of *Skipper*: stage *Paying* removed; goal reworded.``"""
    if artifact.action in ("added", "removed"):
        return f"{heading(artifact, look)} {'; '.join(parts(artifact, look))}."
    return f"{heading(artifact, look)}: {'; '.join(parts(artifact, look))}."


class _Said:
    """One difference and the look in which it is said."""

    def __init__(self, difference: Difference, look: Look) -> None:
        self.of_what, self.look = difference, look

    @property
    def verb(self) -> str:
        return {"identified": "given another id", "changed": "changed"}.get(self.of_what.action, self.of_what.action)

    @property
    def label(self) -> str:
        return self.look.plain(cut(self.of_what.label))

    def name(self, text: str) -> str:
        return self.look.name(cut(text) or "without a name")

    def around(self, preposition: str) -> str:
        """``of *Initial Contact*``, the innermost first, at most two."""
        names = [self.name(name) for name in reversed(self.of_what.within[-2:])]
        return "".join(f" {preposition if not place else 'of'} {name}" for place, name in enumerate(names))

    def element(self) -> str:
        it = self.of_what
        subject = f"{self.label} {self.name(it.name)}"
        match it.action:
            case "added":
                return f"{subject} added{self.around('to')}{self._beside()}"
            case "removed":
                return f"{subject} removed{self.around('from')}"
            case "moved":
                return f"{subject} moved{self._beside()}{self.around('in')}"
            case "renamed":
                return f"{subject}{self.around('of')} renamed to {self.name(str(it.new))}"
            case "identified":
                new, old = (self.look.id(cut(str(one))) for one in (it.new, it.old))
                return f"{subject}{self.around('of')} has the id {new} instead of {old}"
            case _:
                return f"{subject}{self.around('of')} is now {value_in_words(it.new, self.look)}"

    def _beside(self) -> str:
        it = self.of_what
        return f" {'before' if it.first else 'after'} {self.name(it.beside)}" if it.beside else ""

    def reference(self) -> str:
        it = self.of_what
        new, old = (self.name(name) for name in (it.new_name, it.old_name))
        around = self.around("of")
        match it.action:
            case "followed":
                return f"{self.label}{around} follows the new id of {new}"
            case "added":
                return f"now {self._refers()} {self.label} {new}{around}"
            case "removed":
                return f"no longer {self._refers()} {self.label} {old}{around}"
            case _:
                told = f"now {self._refers()} {self.label} {new} instead of {old}{around}"
                if it.new_name == it.old_name:
                    ids = [self.look.id(cut(str(one))) for one in (it.new, it.old)]
                    told += f" ({ids[0]} instead of {ids[1]})"
                return told

    def _refers(self) -> str:
        return _REFERS.get(self.of_what.field, "targets")

    def field(self) -> str:
        it = self.of_what
        around = self.around("of")
        match it.action:
            case "reordered":
                order = [self.name(name) for name in it.new[:_SHOWN]]
                more = ", ..." if len(it.new) > _SHOWN else ""
                return f"{self.label}{around} in another order: {', '.join(order)}{more}"
            case "renamed":
                return f"renamed from {self.name(it.old)} to {self.name(it.new)}{around}"
            case "reworded":
                return self._reworded(around)
            case "added":
                return f"{self.label}{around} {'written' if _is_long(it.new) else 'set to ' + self._value(it.new)}"
            case "removed":
                return f"{self.label}{around} removed{'' if _is_long(it.old) else f' (was {self._value(it.old)})'}"
            case _:
                if _is_long(it.old) and _is_long(it.new):
                    return f"{self.label}{around} changed"
                return f"{self.label}{around} is now {self._value(it.new)} instead of {self._value(it.old)}"

    def _reworded(self, around: str) -> str:
        it = self.of_what
        how = "reworded" if it.old.split() != it.new.split() else "has other blanks"
        if it.field == "description" and it.within:
            inner, *outer = [self.name(name) for name in reversed(it.within[-2:])]
            return f"{inner}{''.join(f' of {name}' for name in outer)} {how}"
        return f"{self.label}{around} {how}"

    def _value(self, value: Any) -> str:
        return value_in_words(value, self.look)


def _is_long(value: Any) -> bool:
    """Not shown in a sentence."""
    return (isinstance(value, str) and len(value) > LONGEST) or (isinstance(value, dict) and bool(value))


def _content(difference: Difference, look: Look) -> str:
    """What a new artifact has, or a removed one had: ``3 stages (*A*, *B* and *C*)``."""
    value = difference.new if difference.new is not None else difference.old
    for key in ("stages", "items"):
        found = value.get(key) if isinstance(value, dict) else None
        names = [item.get("name") for item in found if isinstance(item, dict)] if isinstance(found, list) else []
        told = [look.name(cut(name)) for name in names if isinstance(name, str)]
        if told:
            more = [f"{len(told) - _SHOWN} more"] if len(told) > _SHOWN else []
            noun = in_text(key) if len(told) > 1 else in_text(key)[:-1]
            return f"{len(told)} {noun}: {listed([*told[:_SHOWN], *more])}"
    return ""
