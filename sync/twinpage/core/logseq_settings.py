"""What Logseq's config.edn must say, so that properties stay out of the way and titles become safe file names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from twinpage.core.edn import setting
from twinpage.core.lens.plan import is_property
from twinpage.model.kind import Kind, Shape

NAME_FORMAT = ":file/name-format"
PAGES = ":property-pages/excludelist"
HIDDEN = ":block-hidden-properties"
OWN_KEYS = ("artifact-id", "artifact-kind", "flags-ignored", "generated-by", "item-id")
"""Keys that tell a person nothing: hidden. Fields such as ``emotion`` are read by people and stay in sight."""


def property_keys(kinds: Iterable[Kind]) -> tuple[str, ...]:
    """Every property key that a note of these kinds may carry, sorted: none of them should become a page."""
    keys = set(OWN_KEYS)
    for kind in kinds:
        keys.update(_keys(kind.shape, set()))
    return tuple(sorted(keys))


def _keys(shape: Shape, seen: set[int]) -> Iterator[str]:
    if id(shape) in seen:
        return
    seen.add(id(shape))
    for field in shape.fields:
        if field.place == "hidden":
            continue
        if field.shape is not None:
            yield from _keys(field.shape, seen)
        elif field.place not in ("title", "body") and is_property(field):
            yield field.name


def is_legacy(config: str) -> bool:
    """Titles become file names in the old way, in which a dot and a slash are confused: we must not write there."""
    return setting(config, NAME_FORMAT) != (":triple-lowbar",)


def lines_to_add(config: str, kinds: Iterable[Kind]) -> list[str]:
    """Lines that config.edn lacks, ready to be put inside its outermost braces."""
    lines = []
    for key, wanted in ((PAGES, property_keys(kinds)), (HIDDEN, OWN_KEYS)):
        there = setting(config, key)
        lacking = [f":{word}" for word in wanted if f":{word}" not in (there or ())]
        if lacking:
            kept = [word for word in there or () if word.startswith(":")]
            lines.append(f"{key} #{{{' '.join(kept + lacking)}}}")
    return lines
