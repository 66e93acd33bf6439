"""Three versions of a note: laws that hold for any of them, in both dialects, whatever stands in them."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from twinpage.core import lens
from twinpage.core.choosing import conflicts
from twinpage.core.lens.composing import expressible
from twinpage.core.merging.branches import Versions as Values
from twinpage.core.merging.branches import join
from twinpage.core.merging.marking import both_marked
from twinpage.core.merging.merge_text import combine
from twinpage.core.merging.three_notes import TargetNames, merge_notes
from twinpage.core.merging.three_way import MergedText, Three
from twinpage.core.schema.registry import Registry
from twinpage.dialects import DIALECTS
from twinpage.edge import shipped
from twinpage.errors import Unwritable
from twinpage.model.kind import Kind, Value
from twinpage.model.page import Dialect

sys.path.append(str(Path(__file__).resolve().parents[3] / "scripts"))
from lens_cases import Names, changed, generated, with_ids, with_private

REGISTRY = Registry(shipped.schemas())
NAMES = Names()
CASES = [(kind, dialect) for kind in ("journey", "profile", "sales-strategy", "entry") for dialect in DIALECTS]
LAWS = settings(
    max_examples=int(os.environ.get("TWINPAGE_EXAMPLES", "15")),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
SEEDS = st.integers(0, 2**32)
OWN = re.compile(r"\b(?:base|ours|their)-\d+\b")


@dataclass(frozen=True)
class Versions:
    """What one artifact's note says on both branches, with lines of its own, and what it said before."""

    kind: Kind
    dialect: Dialect
    old: Value
    three: Three

    def merged(self, base: str, ours: str, theirs: str) -> MergedText:
        result = merge_notes(
            "note.md", Three(base, ours, theirs), lambda: by_lines(base, ours, theirs), self.dialect, REGISTRY,
            self.old, "theirs topic",
        )  # fmt: skip
        assert result is not None
        return result

    def view(self, text: str, like: Value | None = None) -> Value:
        """What a note says. ``like``: what its artifact file says, to know items by."""
        page = self.dialect.parse("note.md", conflicts.remove(text, self.dialect.name))
        assert not [problem for problem in page.problems if problem.holds]
        return lens.get(page, self.kind, TargetNames(), like if like is not None else self.old).value


def by_lines(base: str, ours: str, theirs: str) -> str:
    """A merge of texts that knows nothing of notes."""
    lines = combine(*(text.split("\n") for text in (base, ours, theirs)))
    if lines is not None:
        return "\n".join(lines)
    return both_marked(ours.encode(), theirs.encode(), 7, ("ours", "base", "topic")).decode()


def versions(kind_name: str, dialect_name: str, seed: int) -> Versions:
    kind, dialect, r = REGISTRY.kind(kind_name), DIALECTS[dialect_name], Random(seed)
    assert kind is not None
    old = expressible(generated(r, kind, 0.35), kind)
    text, _ = with_private(r, dialect.parse("note.md", lens.compose(dialect, kind, "a/b/c", old, NAMES)))
    base = text.replace("mine-", "base-")
    sides = []
    for name in ("ours", "their"):
        page = dialect.parse("note.md", base)
        new = expressible(with_ids(r, kind.shape, changed(r, kind.shape, old, generated(r, kind, 0.35))), kind)
        try:
            page = dialect.parse("note.md", lens.put(page, kind, r.choice([old, new, new]), NAMES, old))
        except Unwritable:
            assume(False)
        text = with_private(r, page)[0].replace("mine-", f"{name}-") if r.random() < 0.6 else page.text
        kept = [line for line in text.split("\n") if not ("base-" in line and r.random() < 0.1)]
        sides.append("\n".join(kept))
    made = Versions(kind, dialect, old, Three(base, *sides))
    # What a person may not write so, such as a fence that is never closed, is another matter.
    assume(all(not [p for p in dialect.parse("note.md", text).problems if p.holds] for text in (base, *sides)))
    return made


def words(value: object) -> set[str]:
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return set().union(*map(words, parts))
    return set(re.findall(r"\w{2,}", str(value))) if value is not None else set()


@pytest.mark.parametrize(("kind", "dialect"), CASES)
@LAWS
@given(seed=SEEDS)
def test_what_only_one_side_changed_is_what_comes_of_it(kind: str, dialect: str, seed: int) -> None:
    made = versions(kind, dialect, seed)
    base, side = made.three.base, made.three.ours
    for three in ((base, side, base), (base, base, side), (base, side, side), (base, base, base)):
        result = made.merged(*three)
        assert result.text == (base if three[1] == three[2] == base else side)
        assert result.clean


@pytest.mark.parametrize(("kind", "dialect"), CASES)
@LAWS
@given(seed=SEEDS)
def test_no_line_of_ones_own_is_lost(kind: str, dialect: str, seed: int) -> None:
    made = versions(kind, dialect, seed)
    three = made.three
    try:
        text = made.merged(three.base, three.ours, three.theirs).text
    except Unwritable:
        return  # git's markers keep both
    before, ours, theirs = (set(OWN.findall(version)) for version in (three.base, three.ours, three.theirs))
    there = set(OWN.findall(text))
    assert (ours | theirs) - before <= there
    assert before & ours & theirs <= there


@pytest.mark.parametrize(("kind", "dialect"), CASES)
@LAWS
@given(seed=SEEDS)
def test_each_field_is_merged_or_waits_with_both_versions(kind: str, dialect: str, seed: int) -> None:
    made = versions(kind, dialect, seed)
    three = made.three
    try:
        result = made.merged(three.base, three.ours, three.theirs)
    except Unwritable:
        return
    before, ours, theirs = map(made.view, (three.base, three.ours, three.theirs))
    view = made.view(result.text, join(Values(before, ours, theirs), made.kind).value)
    for name in {*ours, *theirs, *view}:
        was, one, other, now = (version.get(name) for version in (before, ours, theirs, view))
        open_here = [left for left in result.clashes if f"{left.pointer}/".startswith(f"/{name}/")]
        if one == other or other == was:
            assert (now, open_here) == (one, [])
        elif one == was:
            assert (now, open_here) == (other, [])
        else:
            waits = words([left.other for left in open_here])
            assert (words(one) | words(other)) - words(was) <= words(now) | waits, name


@pytest.mark.parametrize(("kind", "dialect"), CASES)
@LAWS
@given(seed=SEEDS)
def test_the_sides_are_equal(kind: str, dialect: str, seed: int) -> None:
    made = versions(kind, dialect, seed)
    three = made.three
    try:
        result = made.merged(three.base, three.ours, three.theirs)
        swapped = made.merged(three.base, three.theirs, three.ours)
    except Unwritable:
        return
    assert sorted(left.pointer for left in result.clashes) == sorted(left.pointer for left in swapped.clashes)
    assert bool(result.doubts) == bool(swapped.doubts)
    if not result.clashes:
        like = join(Values(*map(made.view, (three.base, three.ours, three.theirs))), made.kind).value
        assert made.view(result.text, like) == made.view(swapped.text, like)
    # (A line that one side removed may stay, wherever it finds no better place: nothing is lost by that.)
    new = set(OWN.findall(three.ours + three.theirs)) - set(OWN.findall(three.base))
    assert new & set(OWN.findall(result.text)) == new & set(OWN.findall(swapped.text)) == new
