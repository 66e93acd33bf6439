"""Two models compared in words: what was added, removed, moved, renamed, reworded. Pure; nothing of git."""

from __future__ import annotations

from twinpage.core.model_diff.comparing import Names, compare
from twinpage.core.model_diff.models import Find, Sides, compare_models, id_of, referred
from twinpage.core.model_diff.wording import COLOUR, MARKDOWN, TEXT, Look, heading, parts, sentence, words

__all__ = [
    "COLOUR",
    "MARKDOWN",
    "TEXT",
    "Find",
    "Look",
    "Names",
    "Sides",
    "compare",
    "compare_models",
    "heading",
    "id_of",
    "parts",
    "referred",
    "sentence",
    "words",
]
