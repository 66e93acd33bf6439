"""A small vault in memory for tests of single rules: real kinds, real look-ups, notes read by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from twinpage.config import Config, parse
from twinpage.core.artifact_text import canonical, read, write
from twinpage.core.flags.flagging import flags_of
from twinpage.core.schema.registry import Registry
from twinpage.core.vault.cards import at_note, card_of
from twinpage.core.vault.indexed_vault import IndexedVault
from twinpage.core.vault.memory_index import MemoryIndex
from twinpage.core.vault.vault import Note, Subject
from twinpage.dialects import DIALECTS
from twinpage.edge import shipped
from twinpage.model.flag import Flag
from twinpage.model.problem import Problem
from twinpage.model.reading import Reading
from twinpage.model.source import Source
from twinpage.rules import RULES

REGISTRY = Registry(shipped.schemas())


class World:
    """Artifacts are added as values; their notes as text, with the value that the note is said to express."""

    def __init__(self, dialect: str = "obsidian", today: str = "2026-05-01", settings: str = "") -> None:
        self.dialect = DIALECTS[dialect]
        self.config, mistakes = parse(settings)
        assert not mistakes
        self.index = MemoryIndex()
        self.vault = IndexedVault(self.index, dialect, REGISTRY, today, self._options, self.config.needs_of)
        self.files: dict[str, Source] = {}
        self.notes: dict[str, Note] = {}

    def _options(self, code: str) -> dict[str, int | str | bool]:
        return {**dict(RULES[code].default_options), **self.config.options(code)}

    def add(self, artifact: str, kind: str, name: str, /, **fields: Any) -> World:
        """An artifact file in canonical form. Keys are written with ``_`` for ``-``."""
        fields = {key.replace("_", "-"): value for key, value in fields.items()}
        value = {"kind": kind, "id": artifact, "schema": f"{kind}/1.0", "name": name, **fields}
        found = REGISTRY.kind(kind)
        return self.add_file(artifact, write(canonical(value, found), found) if found else json.dumps(value))

    def add_file(self, artifact: str, text: str, path: str = "", *problems: Problem) -> World:
        path = path or f"artifacts/{artifact}.json"
        source = read(path, text)
        self.files[artifact] = replace(source, problems=(*source.problems, *problems), digest="d" * 32)
        self.index.put_claim((source.value or {}).get("id", artifact), path)
        value = source.value or {}
        self.vault.put(card_of(artifact, value, REGISTRY.kind(value.get("kind", "")), path))
        return self

    def judged(self, source: Source) -> Source:
        """The same file with what the validator says of it."""
        value = source.value or {}
        found = REGISTRY.kind(value.get("kind", ""))
        assert found is not None
        return replace(source, problems=(*source.problems, *REGISTRY.validate(value, found)))

    def add_note(
        self,
        artifact: str,
        path: str,
        text: str = "",
        value: dict[str, Any] | None = None,
        offsets: dict[str, int] | None = None,
        **parts: Any,
    ) -> World:
        """The note of an artifact that is there, or of a new one."""
        note = self.note(artifact, path, text, value, offsets, **parts)
        card = self.index.card(artifact) or card_of(artifact, {"kind": note.artifact_kind}, None, "")
        self.vault.put(at_note(card, path, note.title))
        self.index.put_page(path, note.title)
        self.index.put_claim(artifact, path)
        self.notes[artifact] = note
        return self

    def note(
        self,
        artifact: str,
        path: str,
        text: str = "",
        value: dict[str, Any] | None = None,
        offsets: dict[str, int] | None = None,
        *,
        problems: tuple[Problem, ...] = (),
        held: tuple[str, ...] = (),
        ignored: tuple[tuple[str, str], ...] = (),
    ) -> Note:
        page = self.dialect.parse(path, text)
        card = self.index.card(artifact)
        kind = page.property("artifact-kind") or (card.kind if card else "")
        reading = Reading(value or {}, problems, held, lambda pointer: (offsets or {}).get(pointer))
        title = path.rpartition("/")[2].removesuffix(".md")
        said = (page.property("artifact-id") or artifact, kind, reading, problems)
        return Note(path, text, page.digest, title, *said, page.links, ignored)

    def subject(self, artifact: str) -> Subject:
        card, file, note = self.index.card(artifact), self.files.get(artifact), self.notes.get(artifact)
        value = (file.value if file else None) or (note.reading.value if note and note.reading else {})
        return Subject(card, REGISTRY.kind(card.kind) if card else None, value, file, note)

    def flags(self, artifact: str | Subject, code: str = "", settings: Config | None = None) -> tuple[Flag, ...]:
        """The flags of one artifact, of one rule if so asked; looking twice must give the same."""
        subject = self.subject(artifact) if isinstance(artifact, str) else artifact
        found = flags_of(subject, self.vault, RULES, settings or self.config)
        assert flags_of(subject, self.vault, RULES, settings or self.config) == found
        return tuple(flag for flag in found if code in ("", flag.code))

    def told(self, artifact: str | Subject, code: str) -> list[str]:
        """What one rule says of one artifact."""
        return [flag.message for flag in self.flags(artifact, code)]


@pytest.fixture
def make_world() -> type[World]:
    return World


@pytest.fixture
def bikes(make_world: type[World]) -> World:
    """A complete little case: one segment, one profile, one journey, one sales strategy."""
    world = make_world()
    world.add("lantern-bikes", "case", "Lantern Bikes", aliases=["Lantern"], summary="Rents cargo bikes by the week.")
    world.add(
        "lantern-bikes/segments/city-couriers", "segment", "City couriers", case="lantern-bikes", description="Fast."
    )
    world.add(
        "lantern-bikes/profiles/fleet-manager",
        "profile",
        "Fleet manager",
        case="lantern-bikes",
        segment="lantern-bikes/segments/city-couriers",
        description="Answers for thirty bikes.",
    )
    return world


@pytest.fixture
def stages() -> list[dict[str, Any]]:
    """Three stages that no rule has anything to say about."""
    return [
        {"id": slug, "name": name, "description": told, "touchpoints": [{"id": "depot", "name": "Depot"}]}
        for slug, name, told in (
            ("hears-of-us", "Hears of us", "A rider rings the bell."),
            ("trial-week", "Trial week", "Three bikes stay for a week."),
            ("signs", "Signs", "The contract fits on one page."),
        )
    ]
