"""Pages of a real graph, and what Logseq makes of them when it saves. Skipped where they are not there."""

from __future__ import annotations

import json
from pathlib import Path

from lens_cases import Names, saved_by_logseq

from twinpage.core import lens
from twinpage.core.schema.registry import Registry
from twinpage.dialects import DIALECTS

NAMES = Names()


def pages(shared: Path) -> list[Path]:
    return sorted((shared / "corpus").rglob("*.md")) + sorted((shared / "seeds").glob("*.md"))


def test_every_page_is_read_and_written_back(kinds: Registry, shared: Path) -> None:
    found = pages(shared)
    assert len(found) > 300
    for path in found:
        text = path.read_bytes().decode("utf-8", "replace")
        for dialect in DIALECTS.values():
            page = dialect.parse(path.name, text)
            assert all(0 <= problem.offset <= len(text) for problem in page.problems)
            assert all(text[link.start : link.end] for link in page.links)
            for name in ("artifact-type", "journey", "profile", "entry"):
                kind = kinds.kind(name)
                assert kind is not None
                reading = lens.get(page, kind, NAMES)
                assert lens.put(page, kind, reading.value, NAMES) is page.text


def test_our_picture_of_logseqs_save_is_right(shared: Path) -> None:
    answers = json.loads((shared / "conformance" / "logseq-saved.json").read_text(encoding="utf-8"))
    same = 0
    for name, wanted in answers.items():
        path = shared / "corpus" / "logseq-graph" / name
        if path.is_file() and wanted is not None:
            text = path.read_bytes().decode("utf-8-sig")
            assert saved_by_logseq(text, DIALECTS["logseq"]) == wanted, name
            same += 1
    assert same >= 170


def test_a_saved_page_says_the_same(kinds: Registry, shared: Path) -> None:
    answers = json.loads((shared / "conformance" / "logseq-saved.json").read_text(encoding="utf-8"))
    kind = kinds.kind("artifact-type")
    assert kind is not None
    for name, saved in answers.items():
        path = shared / "corpus" / "logseq-graph" / name
        if not path.is_file() or saved is None:
            continue
        before = DIALECTS["logseq"].parse(name, path.read_bytes().decode("utf-8-sig"))
        after = DIALECTS["logseq"].parse(name, saved)
        value = lens.get(before, kind, NAMES).value
        assert lens.get(after, kind, NAMES, value).value == value, name
