"""What text is the same: the canonical form in which values are compared and kept."""

from __future__ import annotations

from twinpage.model.regex import regex

OUTER = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What is trimmed off the ends of texts and lines: all that either app trims when it saves."""

_FOREIGN = regex("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]+")


def canonical(text: str) -> str:
    """The text with LF, without outer blanks, blanks at line ends and control characters other than the tab.

    Lines end at LF only. Canonical text comes back as it is; empty text means that there is none.
    """
    if text.isprintable():
        return text.strip(" ")
    if text.replace("\n", "").isprintable():
        text = text.strip(" \n")
        if " \n" not in text:
            return text
    elif "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _FOREIGN.sub("", text).strip(OUTER)
    return "\n".join([line.rstrip(OUTER) for line in text.split("\n")]) if "\n" in text else text


def without_nulls(text: str) -> str:
    """Of a text in UTF-16 that was read as UTF-8, what stands in it; any other as it is."""
    return "".join(letter for letter in text if letter not in "\0\udcff\udcfe") if "\0" in text else text
