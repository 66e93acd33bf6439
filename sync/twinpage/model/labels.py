"""When two labels are the same: headings, labelled bullets and property keys are compared folded."""

from __future__ import annotations

from unicodedata import category

from twinpage.model.remembering import remembered

_NOTHING = frozenset({"So", "Sk", "Cf", "Cn", "Co"})
"""Emoji, skin tones, joiners; unassigned ones too, for new emoji are older in apps than in Python."""


@remembered(8192)
def fold_label(label: str) -> str:
    """What counts of a label: its words. ``**📖 Moment-of_Truth (ours):**`` folds to ``moment of truth``.

    Case, emoji, hyphens, underscores, bold, a colon at the end and a parenthesis at the end do not count; a label that
    is nothing but a parenthesis is what stands in it.
    """
    plain = label.strip() if label.isascii() else "".join(c for c in label if not _is_ornament(c)).strip()
    plain = plain.replace("*", "").replace("_", " ").replace("-", " ").strip(" \t:")
    if plain.endswith(")"):
        start = plain.find("(")
        before = plain[:start].strip(" \t:") if start > 0 else ""
        plain = before or plain
    return " ".join(plain.replace("(", " ").replace(")", " ").casefold().split()).strip(" :")


def _is_ornament(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or character == "\u20e3" or category(character) in _NOTHING
