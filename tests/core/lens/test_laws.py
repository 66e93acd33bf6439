"""The laws of the lens over generated notes of every kind in both dialects."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lens_cases import Names, changed, generated, rewritten_by_obsidian, saved_by_logseq, with_ids, with_private

from twinpage.core import lens
from twinpage.core.lens.composing import expressible
from twinpage.core.lens.located import Node, Prop
from twinpage.core.lens.reading import Located
from twinpage.core.schema.registry import Registry
from twinpage.dialects import DIALECTS
from twinpage.edge.shipped import schemas
from twinpage.model.kind import Kind, Value
from twinpage.model.page import Dialect, Page

NAMES = Names()
KINDS = {kind.name: kind for kind in Registry(schemas())}
CASES = [(kind, dialect) for kind in KINDS for dialect in DIALECTS]
LAWS = settings(settings.get_profile("lens"))
SEEDS = st.integers(0, 2**32)


def value_of(r: Random, kind: Kind, density: float = 0.5) -> Value:
    return expressible(generated(r, kind, density), kind)


def change_of(r: Random, kind: Kind, old: Value) -> Value:
    return expressible(with_ids(r, kind.shape, changed(r, kind.shape, old, generated(r, kind))), kind)


def read(page: Page, kind: Kind, reference: Value | None = None) -> Value:
    return lens.get(page, kind, NAMES, reference).value


def composed(dialect: Dialect, kind: Kind, value: Value) -> Page:
    return dialect.parse("note.md", lens.compose(dialect, kind, "a/b/c", value, NAMES))


@pytest.mark.parametrize(("name", "dialect_name"), CASES)
@LAWS
@given(r=st.randoms(use_true_random=False))
def test_small_notes_read_back_without_a_reference(name: str, dialect_name: str, r: Random) -> None:
    kind, dialect = KINDS[name], DIALECTS[dialect_name]
    value = value_of(r, kind, 0.15)
    page = composed(dialect, kind, value)
    assert page.problems == ()
    assert read(page, kind) == value
    assert lens.put(page, kind, value, NAMES) is page.text


@pytest.mark.parametrize(("name", "dialect_name"), CASES)
@LAWS
@given(seed=SEEDS)
def test_what_was_put_is_read_and_nothing_of_ones_own_is_lost(name: str, dialect_name: str, seed: int) -> None:
    kind, dialect, r = KINDS[name], DIALECTS[dialect_name], Random(seed)
    old = value_of(r, kind)
    text, mine = with_private(r, composed(dialect, kind, old))
    page = dialect.parse("note.md", text)
    assert read(page, kind, old) == old
    assert lens.put(page, kind, old, NAMES, old) is page.text
    new = change_of(r, kind, old)
    after = dialect.parse("note.md", lens.put(page, kind, new, NAMES, old))
    assert read(after, kind, new) == new
    assert lens.put(after, kind, new, NAMES, new) is after.text
    lines, kept = Counter(after.text.split("\n")), after.text.partition("## Kept\n")[2]
    for line in mine:
        bare = line.strip()
        assert lines[line] == 1 or bare in kept or ("- ## Of mine" in after.text and bare in after.text), line


@pytest.mark.parametrize(("name", "dialect_name"), CASES)
@LAWS
@given(seed=SEEDS)
def test_a_note_that_its_app_saved_says_the_same(name: str, dialect_name: str, seed: int) -> None:
    kind, dialect, r = KINDS[name], DIALECTS[dialect_name], Random(seed)
    old = value_of(r, kind)
    page = composed(dialect, kind, old)
    text = with_private(r, page)[0] if r.random() < 0.5 else page.text
    if dialect_name == "logseq":
        assert saved_by_logseq(page.text, dialect) == page.text
        saved = saved_by_logseq(text, dialect)
        assert saved_by_logseq(saved, dialect) == saved
    else:
        saved = rewritten_by_obsidian(text, r.random() < 0.5)
    again = dialect.parse("note.md", saved)
    assert read(again, kind, old) == old
    new = change_of(r, kind, old)
    after = dialect.parse("note.md", lens.put(again, kind, new, NAMES, old))
    assert read(after, kind, new) == new


@pytest.mark.parametrize(("name", "dialect_name"), CASES)
@LAWS
@given(seed=SEEDS)
def test_windows_line_ends_stay(name: str, dialect_name: str, seed: int) -> None:
    kind, dialect, r = KINDS[name], DIALECTS[dialect_name], Random(seed)
    old = value_of(r, kind)
    page = dialect.parse("", composed(dialect, kind, old).text.replace("\n", "\r\n"))
    assert read(page, kind, old) == old
    new = change_of(r, kind, old)
    after = dialect.parse("", lens.put(page, kind, new, NAMES, old))
    assert read(after, kind, new) == new
    assert "\n" not in after.text.replace("\r\n", "")


@pytest.mark.parametrize(("name", "dialect_name"), CASES)
@LAWS
@given(seed=SEEDS)
def test_a_change_of_one_field_stays_within_its_span(name: str, dialect_name: str, seed: int) -> None:
    kind, dialect, r = KINDS[name], DIALECTS[dialect_name], Random(seed)
    old, other = value_of(r, kind), value_of(r, kind)
    both = sorted(old.keys() & other.keys())
    if not both:
        return
    page = dialect.parse("", with_private(r, composed(dialect, kind, old))[0])
    reading = lens.get(page, kind, NAMES, old)
    assert isinstance(reading, Located)
    field = r.choice(both)
    start, end = _span(page, reading.root, field)
    written = lens.put(page, kind, {**old, field: other[field]}, NAMES, old)
    before, behind = page.text[:start].rstrip(" \n"), page.text[end:].lstrip(" \n")
    assert written.startswith(before)
    kept = written.partition("\n## Kept\n")[0].partition("\n- ## Kept\n")[0]
    assert written.endswith(behind) or kept.rstrip("\n").endswith(behind.rstrip("\n"))


def _span(page: Page, root: Node, field: str) -> tuple[int, int]:
    spot = root.spots[field]
    end = page.text.find("\n", spot.end)
    if isinstance(spot, Prop) and spot.page is not None and spot.page.elements:
        return spot.start, len(page.text) if end < 0 else end
    return spot.start, spot.end
