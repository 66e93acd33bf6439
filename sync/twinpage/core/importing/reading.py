"""From bytes to documents: encodings, and the repair of text that was read as Mac Roman."""

from __future__ import annotations

from unicodedata import category

from twinpage.core.importing.nouns import Document, Line, Unplaced
from twinpage.model.regex import regex

_OWN_NOTE = regex(r"(?:---\n)?(?:[\w-]+::? [^\n]*\n){0,9}artifact-(?:id|kind)::? ")
_FLAGS_NOTE = regex(r"(?:---\n)?(?:[\w-]+::? [^\n]*\n){0,9}generated-by::? twinpage\n")

LARGEST = 8 * 1024 * 1024
"""Bytes. What is larger was not written by hand."""


def read_document(path: str, data: bytes) -> tuple[Document | None, Unplaced | None, bool]:
    """The document, or why it cannot be read; and whether its mojibake was repaired."""
    if len(data) > LARGEST:
        return None, Unplaced(path, 0, "", f"it is larger than {LARGEST // 1024 // 1024} MB; split it"), False
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, Unplaced(path, 0, "", "it is not UTF-8 text; save it as UTF-8"), False
    if "\0" in text:
        return None, Unplaced(path, 0, "", "it is not text; leave it out"), False
    if _OWN_NOTE.match(text):
        return None, Unplaced(path, 0, "", "it is a note of twinpage already; `twinpage sync` reads it"), False
    if _FLAGS_NOTE.match(text):
        return None, Unplaced(path, 0, "", "twinpage writes this note itself; leave it out"), False
    repaired = repair(text)
    whole = (text if repaired is None else repaired).replace("\r\n", "\n").replace("\r", "\n")
    lines = tuple(Line(path, number, line) for number, line in enumerate(whole.split("\n"), start=1))
    return Document(path, lines), None, repaired is not None


def repair(text: str) -> str | None:
    """The text before its UTF-8 was read as Mac Roman; None when that is not what happened to it.

    All or nothing: single passages can look damaged by chance.
    """
    if text.isascii():
        return None
    try:
        repaired = text.encode("mac_roman").decode("utf-8")
    except UnicodeError:
        return None
    if repaired.isascii() or any(category(char) in ("Cc", "Cn", "Co") and char not in "\t\n\r" for char in repaired):
        return None
    return repaired if repaired.encode("utf-8").decode("mac_roman") == text else None
