"""A text in sections that must not be longer than a limit: sections become shorter in an order, then rows go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct


class Form(Struct, frozen=True):
    """One way to tell a section."""

    head: str = ""
    rows: Sequence[str] = ()
    tail: str = ""
    left_out: str = ""
    """A sentence: what this form does not tell any more."""
    more: Callable[[int], str] | None = None
    """The row in place of so many at the end that are left out. None: all rows stay."""

    @property
    def size(self) -> int:
        return len(self.head) + sum(map(len, self.rows)) + len(self.tail)

    @property
    def bare(self) -> int:
        """Its size with all rows left out that may be."""
        if self.more is None or not self.rows:
            return self.size
        return len(self.head) + len(self.more(len(self.rows))) + len(self.tail)

    @property
    def text(self) -> str:
        return self.head + "".join(self.rows) + self.tail


def until(rows: Iterable[str], room: int | None) -> Sequence[str]:
    """The rows; or only the first of them, which are too long together, when all are: such a form is never chosen."""
    if room is None:
        return list(rows)
    taken = []
    for row in rows:
        taken.append(row)
        room -= len(row)
        if room < 0:
            break
    return taken


class Section(Struct, frozen=True):
    """The ways to tell a section, the longest first. Each is made when it is asked for."""

    name: str
    forms: Sequence[Callable[[], Form]]
    share: float = 0.0
    """How much of the room for rows it may take before others have had theirs."""


class Fitted(Struct, frozen=True):
    """What came of it."""

    text: str
    left_out: tuple[str, ...]
    """Sentences."""


def fitted(sections: Sequence[Section], steps: Sequence[str], cut_from: int, limit: int) -> Fitted:
    """The sections one after the other, at most ``limit`` characters if the last forms allow it.

    ``steps``: names of sections, each of which becomes one form shorter when its turn comes. Rows are left out only
    after the first ``cut_from`` steps.
    """
    forms = {section.name: section.forms[0]() for section in sections}
    level = dict.fromkeys(forms, 0)
    by_name = {section.name: section for section in sections}
    for number in range(len(steps) + 1):
        if number:
            name = steps[number - 1]
            level[name] += 1
            forms[name] = by_name[name].forms[level[name]]()
        if sum(form.size for form in forms.values()) <= limit:
            return _whole(forms)
        if number >= cut_from and sum(form.bare for form in forms.values()) <= limit:
            break
    return _cut(sections, forms, limit)


def _whole(forms: Mapping[str, Form]) -> Fitted:
    return Fitted(
        "".join(form.text for form in forms.values()), tuple(form.left_out for form in forms.values() if form.left_out)
    )


def _cut(sections: Sequence[Section], forms: Mapping[str, Form], limit: int) -> Fitted:
    room = limit - sum(form.bare for form in forms.values())
    kept = {name: len(form.rows) if form.more is None else 0 for name, form in forms.items()}
    whole = max(room, 0)
    for shared in (True, False):
        for section in sections:
            form = forms[section.name]
            most = min(room, int(whole * section.share)) if shared else room
            while kept[section.name] < len(form.rows) and len(form.rows[kept[section.name]]) <= most:
                size = len(form.rows[kept[section.name]])
                kept[section.name] += 1
                most -= size
                room -= size
    parts, left_out = [], []
    for name, form in forms.items():
        rows = len(form.rows) - kept[name]
        parts += [form.head, *form.rows[: kept[name]], form.more(rows) if rows and form.more else "", form.tail]
        if form.left_out:
            left_out.append(form.left_out)
        if rows:
            left_out.append(f"{rows:,} of {len(form.rows):,} rows under {name}.")
    return Fitted("".join(parts), tuple(left_out))
