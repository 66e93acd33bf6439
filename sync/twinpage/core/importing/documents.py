"""Foreign documents in, artifacts out; what has no place is reported line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from twinpage.core.artifact_text import canonical
from twinpage.core.importing.cases import build_cases
from twinpage.core.importing.drafts import Drafts
from twinpage.core.importing.examples import EXAMPLE_CASES
from twinpage.core.importing.layouts import LAYOUTS
from twinpage.core.importing.nouns import Document, Draft, Example, ImportResult, Known, Layout, Line, Unplaced
from twinpage.core.importing.pages import CLASS_LIST
from twinpage.core.importing.reading import read_document
from twinpage.core.schema.registry import Registry
from twinpage.model.kind import Value
from twinpage.model.names import fold

_COPY = "(2)"


def import_documents(documents: Mapping[str, bytes], registry: Registry) -> ImportResult:
    """Read documents (path -> bytes) of any layout into artifacts. Never raises.

    Every non-blank line is in an artifact or in the report. The result depends on nothing but the arguments.
    """
    read: list[Document] = []
    report: list[Unplaced] = []
    repaired: list[str] = []
    for path in sorted(documents):
        document, unreadable, mended = read_document(path, documents[path])
        read += [document] if document else []
        report += [unreadable] if unreadable else []
        repaired += [path] if mended else []
    drafts = Drafts()
    originals = _without_copies(read, drafts)
    _draft(originals, registry, drafts)
    artifacts = _valid(drafts, registry)
    report += _unplaced(read, drafts)
    return ImportResult(
        tuple(artifacts[identity] for identity in sorted(artifacts)),
        tuple(sorted(report, key=lambda line: (line.path, line.line))),
        tuple(repaired),
        tuple(dict.fromkeys(drafts.remarks)),
        {identity: _sources_of(drafts.by_id[identity]) for identity in artifacts},
    )


def _without_copies(read: Iterable[Document], drafts: Drafts) -> list[Document]:
    """The documents without those that a sync tool copied: ``page(2).md`` beside ``page.md``."""
    by_stem = {(document.path.rpartition("/")[0], document.stem): document for document in read}
    originals = []
    for (folder, stem), document in by_stem.items():
        original = by_stem.get((folder, stem.removesuffix(_COPY).rstrip()))
        if original is None or original is document:
            originals.append(document)
        elif _content(original) == _content(document):
            drafts.place(document.lines)
            drafts.remarks.append(f"{document.path} says the same as {original.path} and was passed over.")
        else:
            drafts.refuse(document.lines, f"it is in a copy that differs from {original.path}")
    return originals


def _content(document: Document) -> list[str]:
    return [line.text.strip() for line in document.lines if not line.blank]


def _draft(documents: Iterable[Document], registry: Registry, drafts: Drafts) -> None:
    laid_out = [(document, _layout(document)) for document in documents]
    known = _known(laid_out)
    examples: list[Example] = []
    for document, layout in laid_out:
        found = layout.read(document, known)
        drafts.take(found)
        examples += found.examples
    for example in examples:
        drafts.place(example.heading)
    bound = {kind.bound_type: kind.name for kind in registry if kind.bound_type}
    build_cases(examples, bound, drafts)
    _tell_of_missing_types(drafts)


def _tell_of_missing_types(drafts: Drafts) -> None:
    named = {draft.values["artifact-type"] for draft in drafts.by_id.values() if "artifact-type" in draft.values}
    for missing in sorted(named - drafts.by_id.keys()):
        drafts.remarks.append(
            f"No document describes the artifact type `{missing}`, but examples or keys belong to it; "
            "make its note if the vault has none."
        )


def _layout(document: Document) -> Layout:
    return next(layout for layout in LAYOUTS if layout.recognises(document))


def _known(laid_out: Iterable[tuple[Document, Layout]]) -> Known:
    """A name is a case's if the metamodel knows it, an example has a document of its own, or two documents give it."""
    given: Counter[str] = Counter()
    examples: set[tuple[str, str]] = set()
    classes = set()
    for document, layout in laid_out:
        given.update(set(layout.cases(document)))
        examples.update((owner, fold(case)) for owner, case in layout.own_examples(document))
        if CLASS_LIST in document.stem:
            classes.add(fold(document.stem.partition(CLASS_LIST)[0]))
    own = {case for _, case in examples}
    named = {fold(case) for case, count in given.items() if count > 1} | {fold(case) for case in EXAMPLE_CASES}
    return Known(frozenset(named | own), frozenset(examples), frozenset(classes))


def _valid(drafts: Drafts, registry: Registry) -> dict[str, Value]:
    """The finished artifacts that their kinds accept; the lines of the others are refused."""
    artifacts: dict[str, Value] = {}
    for identity, draft in drafts.by_id.items():
        kind = registry.kind(draft.kind)
        if kind is None:
            drafts.refuse(_lines_of(draft), f"there is no kind `{draft.kind}` here")
            continue
        identified = {"kind": kind.name, "id": identity, "schema": kind.schema_name}
        value = canonical({**identified, **draft.values}, kind)
        wrong = registry.validate(value, kind)
        if wrong:
            drafts.refuse(_lines_of(draft), f"as {identity} it would not fit its kind: {wrong[0].message}")
        else:
            artifacts[identity] = value
    return artifacts


def _lines_of(draft: Draft) -> tuple[Line, ...]:
    return tuple(dict.fromkeys(line for lines in draft.sources.values() for line in lines if not line.blank))


def _sources_of(draft: Draft) -> dict[str, tuple[Line, ...]]:
    return {name: tuple(dict.fromkeys(lines)) for name, lines in draft.sources.items()}


def _unplaced(read: Iterable[Document], drafts: Drafts) -> list[Unplaced]:
    unplaced = []
    for document in read:
        for line in document.lines:
            place = (line.path, line.number)
            if not line.blank and (place in drafts.refused or place not in drafts.placed):
                why = drafts.refused.get(place, "it says nothing that an artifact has a field for")
                unplaced.append(Unplaced(line.path, line.number, line.text, why))
    return unplaced
