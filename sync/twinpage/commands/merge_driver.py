"""``twinpage merge --driver``: what git runs for each file that two branches changed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from twinpage.core.merging.marking import both_marked
from twinpage.edge.git.merge_files import merged_texts, other_side, read_three, write_whole
from twinpage.model.conflict import REBASED
from twinpage.model.plain import plain_line

_MARKER = 7
_UNDECIDED = 3
"""Not 1, by which a Python ends that has lost twinpage: then what git runs goes on without us."""


def run(words: Sequence[str]) -> int:
    """Merge ``%O %A %B %P %L`` into ``%A``: 0 when that is done, 3 when somebody has to decide. Nothing is raised.

    Both versions between markers are put there first: should anything happen to us, no side is taken in silence.
    """
    try:
        return _merge(words)
    except BaseException as error:  # git reads an exit as a conflict with our side in place: it has to be told
        _say(f"twinpage could not merge {' '.join(words[3:4])} ({_reason(error)}). Look at both sides by hand.")
        return _UNDECIDED


def _merge(words: Sequence[str]) -> int:
    base, ours, theirs, path = words[:4]
    places = Path(base), Path(ours), Path(theirs)
    size = int(words[4]) if len(words) > 4 and words[4].isdecimal() else _MARKER
    top = Path.cwd()
    texts = read_three(places)
    label = other_side(top)
    labels = "ours", "base", plain_line(label) or "theirs"
    write_whole(places[1], both_marked(texts[1], texts[2], size, labels))

    @cache
    def by_lines() -> tuple[bytes, int] | None:
        return merged_texts(top, places, texts[1], size, labels)

    try:
        code = _by_meaning(top, path, texts, by_lines, places[1], label)
        if code is not None:
            return code
    except BaseException as error:
        _say(f"{path} was merged by its lines only: {_reason(error)} {_MEND}")
        if (plain := by_lines()) is not None:
            write_whole(places[1], plain[0])
        return _UNDECIDED
    plain = by_lines()
    if plain is None:
        _say(f"git could not merge the lines of {path}. {_MEND}")
        return _UNDECIDED
    write_whole(places[1], plain[0])
    return _UNDECIDED if plain[1] else 0


_MEND = "Put both versions together there, or see `twinpage conflicts`; then stage it with `git add`."


def _by_meaning(
    top: Path,
    path: str,
    texts: Sequence[bytes],
    by_lines: Callable[[], tuple[bytes, int] | None],
    target: Path,
    label: str,
) -> int | None:
    """The exit code; None for what is no twin: nothing was written then."""
    from twinpage.core.merging.three_way import Three
    from twinpage.workspace.revisions.three_versions import merged, text_of, vault_around

    root = vault_around(top, path) if path.endswith((".json", ".md")) else None
    if root is None:
        return None
    inside = (top.resolve() / path).relative_to(root).as_posix()

    def plain() -> str:
        found = by_lines()
        return found[0].decode("utf-8", "replace") if found is not None else ""

    result = merged(root, inside, Three(*map(text_of, texts)), plain, label)
    if result is None:
        return None
    write_whole(target, result.text.encode("utf-8", "surrogatepass"))
    for doubt in result.doubts:
        _say(f"{path}: {doubt[:1].lower()}{doubt[1:]} Look at it, mend what is wrong, then stage it with `git add`.")
    if result.clashes:
        whose = " Theirs are the commits being rebased, ours is what they go onto." if label.endswith(REBASED) else ""
        _say(
            f"{path}: {'; '.join(result.told)}.{whose} Both versions are kept: `twinpage conflicts` shows them, and "
            f"`twinpage resolve {result.artifact} --take ours` (or theirs) ends it."
        )
    return 0 if result.clean else _UNDECIDED


def _reason(error: BaseException) -> str:
    said = str(error) or type(error).__name__
    return said if said.endswith(".") else f"{said}."


def _say(sentence: str) -> None:
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{plain_line(sentence)}\n")
