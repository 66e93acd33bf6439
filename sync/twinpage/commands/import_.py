"""``twinpage import``: foreign notes become artifact files; what has no place is told line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from twinpage.core.artifact_text import canonical, read_bytes, write
from twinpage.core.importing import ImportResult, Unplaced, import_documents
from twinpage.core.schema.registry import Registry
from twinpage.edge.disk import Disk
from twinpage.edge.ending import may_be_cut
from twinpage.edge.lock import write_lock
from twinpage.edge.sources import ENDINGS, Sources, read_sources
from twinpage.edge.terminal import Terminal
from twinpage.errors import TwinpageError
from twinpage.model.kind import Kind, Value
from twinpage.model.outcome import Change
from twinpage.workspace.look import artifact_at, artifact_path
from twinpage.workspace.opening import open_workspace


class Store(Protocol):
    """Where artifact files are: the vault's disk in life, memory in tests."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None when it is not there."""

    def create(self, path: str, text: str) -> None:
        """Write a file that is not there yet. Raises TwinpageError."""


class ImportOutcome(Struct, frozen=True):
    """What an import did."""

    created: tuple[Value, ...]
    known: tuple[str, ...]
    """Ids that the vault has already, with all that was imported for them."""
    differing: tuple[str, ...]
    """Ids that the vault has already with other content, which was left alone."""
    report: tuple[Unplaced, ...]
    """Every non-blank line that is in no artifact of the vault now, sorted."""
    repaired: tuple[str, ...]
    remarks: tuple[str, ...]
    not_written: tuple[str, ...]
    """Sentences about files that could not be written."""

    @property
    def exit_code(self) -> int:
        return 2 if self.not_written else 0


def run(*, vault: Path, sources: tuple[Path, ...], terminal: Terminal) -> int:
    """Import files and folders into a vault and tell what became of them. Raises Usage, LockHeld."""
    found = read_sources(sources)
    ws = open_workspace(vault)
    try:
        with write_lock(ws.root), may_be_cut():
            outcome = run_import(found, DiskStore(ws.disk), ws.registry)
            ws.disk.flush()
    finally:
        ws.close()
    for remark in _remarks(found, outcome):
        terminal.remark(remark)
    terminal.result("\n".join(_lines(outcome)))
    return outcome.exit_code


@dataclass
class DiskStore:
    """The artifact files of a vault."""

    disk: Disk

    def read(self, path: str) -> bytes | None:
        try:
            return self.disk.read(path)
        except FileNotFoundError:
            return None
        except OSError:
            return b""  # it is there: it differs, and stays as it is

    def create(self, path: str, text: str) -> None:
        deed = Change(path, "created", artifact_at(path), "it was imported").deed
        self.disk.write(path, text.encode("utf-8"), None, deed)


def run_import(sources: Sources, store: Store, registry: Registry) -> ImportOutcome:
    """Import documents and write what the store lacks. Nothing that is there is changed; twice writes nothing."""
    result = import_documents(sources.documents, registry)
    created: list[Value] = []
    known: list[str] = []
    differing: list[str] = []
    not_written: list[str] = []
    report = [*result.report, *(Unplaced(path, 0, "", why) for path, why in sources.unread.items())]
    for value in result.artifacts:
        kind = registry.kind(value["kind"])
        assert kind is not None
        path = artifact_path(value["id"])
        there = store.read(path)
        if there is None:
            try:
                store.create(path, write(value, kind))
                created.append(value)
            except TwinpageError as error:
                not_written.append(str(error))
                report += _left_out(result, value, {}, f"{path} could not be written")
            continue
        before = _content(path, there, kind)
        left_out = [name for name in value if not _says(before.get(name), value[name])]
        (differing if left_out else known).append(value["id"])
        report += _left_out(result, value, before, f"{path} is there already and says something else")
    unplaced = {(line.path, line.line): line for line in reversed(report)}
    return ImportOutcome(
        tuple(created),
        tuple(known),
        tuple(differing),
        tuple(unplaced[place] for place in sorted(unplaced)),
        result.repaired,
        result.remarks,
        tuple(not_written),
    )


def _content(path: str, data: bytes, kind: Kind) -> Value:
    value = read_bytes(path, data).value
    return canonical(value, kind) if value and value.get("kind") == kind.name else {}


def _says(before: object, new: object) -> bool:
    if isinstance(before, Mapping) and isinstance(new, Mapping):
        return all(_says(before.get(name), part) for name, part in new.items())
    return before == new


def _left_out(result: ImportResult, value: Value, before: Value, why: str) -> Iterator[Unplaced]:
    for name, lines in result.sources[value["id"]].items():
        if not _says(before.get(name), value.get(name)):
            yield from (Unplaced(line.path, line.number, line.text, why) for line in lines if not line.blank)


# --- words ------------------------------------------------------------------------------------------------------------


def _remarks(found: Sources, outcome: ImportOutcome) -> Iterator[str]:
    for path in outcome.repaired:
        yield f"{path} was UTF-8 read as Mac Roman; it was imported repaired."
    yield from outcome.remarks
    for artifact in outcome.differing:
        yield f"{artifact_path(artifact)} is there already and says something else; it was left alone."
    if found.others:
        yield f"{_count(found.others, 'other file')} passed over: only {', '.join(ENDINGS)} are read."
    yield from outcome.not_written


def _lines(outcome: ImportOutcome) -> Iterator[str]:
    made = Counter(value["kind"] for value in outcome.created)
    yield f"created {_count(len(outcome.created), 'artifact')}{': ' if made else ''}" + ", ".join(
        _count(number, kind.replace("-", " ")) for kind, number in sorted(made.items())
    )
    if outcome.known:
        yield f"{_count(len(outcome.known), 'artifact')} there already, as imported"
    if outcome.differing:
        yield f"{_count(len(outcome.differing), 'artifact')} there already, with other content"
    yield f"{_count(len(outcome.report), 'line')} without a place{':' if outcome.report else ''}"
    for line in outcome.report:
        place = f"{line.path}:{line.line}" if line.line else line.path
        yield f"  {place}: {line.why}"
        if line.text:
            yield f"    {_short(line.text)}"
    if outcome.created:
        yield "`twinpage sync` makes their notes."


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 100 else f"{text[:97]}..."


def _count(number: int, word: str) -> str:
    if number == 1:
        return f"1 {word}"
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{number} {word[:-1]}ies"
    return f"{number} {word}{'es' if word.endswith('s') else 's'}"
