"""Text that a terminal cannot be steered by: names and values come from vaults that may be hostile."""

from __future__ import annotations

# Control characters, changes of direction, odd line ends; lone surrogates stand for bytes that are no UTF-8.
_RANGES = ((0, 9), (11, 32), (127, 160), (0x2028, 0x202F), (0x2066, 0x206A), (0xD800, 0xE000))
_SHOWN = {code: f"\\u{code:04x}" for start, end in _RANGES for code in range(start, end)}


def plain(text: str) -> str:
    """The same text with each such character written as ``\\u001b`` (valid in JSON, too); line feeds stay."""
    return text if text.isascii() and text.isprintable() else text.translate(_SHOWN)


def plain_line(text: str) -> str:
    """The same on one line."""
    return plain(text).replace("\n", " ")
