"""Everything else: a text about something, which becomes a topic, word for word."""

from __future__ import annotations

from twinpage.core.importing.nouns import Document, Found, Known, Layout
from twinpage.core.importing.pages import read_topic


def _read(document: Document, _known: Known) -> Found:
    found = Found()
    read_topic(document.stem, {}, document.lines, found)
    return found


LAYOUT = Layout(
    name="prose",
    recognises=lambda document: True,
    cases=lambda document: (),
    own_examples=lambda document: (),
    read=_read,
)
