"""One module a layout, each ending in a typed constant. A new one is a new file and its name here."""

from __future__ import annotations

from twinpage.core.importing.layouts import inline_examples, page_properties, prose
from twinpage.core.importing.nouns import Layout

LAYOUTS: tuple[Layout, ...] = (page_properties.LAYOUT, inline_examples.LAYOUT, prose.LAYOUT)
"""Asked in this order; the last recognises everything."""
