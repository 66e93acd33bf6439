"""Reading foreign notes into artifacts: pure, linear in the size of the documents, nothing dropped in silence."""

from __future__ import annotations

from twinpage.core.importing.documents import import_documents as import_documents
from twinpage.core.importing.nouns import ImportResult as ImportResult
from twinpage.core.importing.nouns import Unplaced as Unplaced
from twinpage.core.importing.reading import LARGEST as LARGEST
