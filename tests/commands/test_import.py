"""``twinpage import``: what is written, what is left alone, and what is told."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from twinpage.commands import import_
from twinpage.commands.import_ import run_import
from twinpage.core.schema.registry import Registry
from twinpage.edge import deeds
from twinpage.edge.shipped import schemas
from twinpage.edge.sources import Sources
from twinpage.edge.terminal import Terminal
from twinpage.errors import NotWritten

PAGE = """# #profile Name - Journey
- ## Definition
  - What somebody goes through.
- ## Content type
  - Content is of type template.
- ## Examples
  ### Tea House
  - Segment ID: Walkers
  - Profile ID: Tired walker
  - Journey:
    1. Arrival: The lantern is lit.
    2. Farewell: The path looks shorter.
"""


class MemoryStore:
    """Artifact files in memory; ``full`` refuses every write."""

    def __init__(self, full: bool = False) -> None:
        self.files: dict[str, bytes] = {}
        self.full = full

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    def create(self, path: str, text: str) -> None:
        if self.full:
            raise NotWritten(path, "the disk is full")
        self.files[path] = text.encode()


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry(schemas())


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    root.mkdir()
    (root / "twinpage.toml").write_text('dialect = "obsidian"\n')
    return root


def told(vault: Path, *sources: Path) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = import_.run(vault=vault, sources=sources, terminal=Terminal(out, err, {}))
    return code, out.getvalue(), err.getvalue()


def files(vault: Path) -> Iterator[str]:
    return iter(sorted(path.relative_to(vault).as_posix() for path in (vault / "artifacts").rglob("*.json")))


def test_artifact_files_are_written_and_what_was_done_is_told(vault: Path, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE + "- ## Tools\n  - [[Map]]\n- ## House rules\n  {{embed}}\n")
    (tmp_path / "broken.txt").write_bytes(b"\xff")
    code, out, _ = told(vault, tmp_path / "page.md", tmp_path / "broken.txt")
    assert code == 0
    assert list(files(vault)) == [
        "artifacts/artifact-types/profile-id/journey.json",
        "artifacts/tea-house.json",
        "artifacts/tea-house/journeys/tired-walker.json",
        "artifacts/tea-house/profiles/tired-walker.json",
        "artifacts/tea-house/segments/walkers.json",
    ]
    assert "created 5 artifacts: 1 artifact type, 1 case, 1 journey, 1 profile, 1 segment" in out
    assert "1 line without a place:" in out
    assert f"{tmp_path}/broken.txt: it is not UTF-8 text; save it as UTF-8" in out
    assert "`twinpage sync` makes their notes." in out
    journey = json.loads((vault / "artifacts/tea-house/journeys/tired-walker.json").read_text("utf-8"))
    assert [stage["id"] for stage in journey["stages"]] == ["arrival", "farewell"]


def test_the_log_tells_what_came(vault: Path, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE)
    assert told(vault, tmp_path / "page.md")[0] == 0
    log = (vault / deeds.PLACE).read_text(encoding="utf-8")
    made = list(files(vault))
    assert len(made) == 5
    assert all(f"  created  {path}  (it was imported)  " in log for path in made)


def test_importing_twice_writes_nothing(vault: Path, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE)
    told(vault, tmp_path / "page.md")
    before = {path: (vault / path).stat().st_mtime_ns for path in files(vault)}
    code, out, _ = told(vault, tmp_path / "page.md")
    assert code == 0
    assert "created 0 artifacts\n5 artifacts there already, as imported\n0 lines without a place\n" in out
    assert {path: (vault / path).stat().st_mtime_ns for path in files(vault)} == before


def test_what_is_there_is_never_overwritten(vault: Path, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE)
    told(vault, tmp_path / "page.md")
    path = vault / "artifacts/tea-house/journeys/tired-walker.json"
    mine = path.read_text("utf-8").replace("The lantern is lit.", "It rains.")
    path.write_text(mine)
    code, out, err = told(vault, tmp_path / "page.md")
    assert code == 0
    assert path.read_text("utf-8") == mine
    assert "1 artifact there already, with other content" in out
    assert "page.md:11: artifacts/tea-house/journeys/tired-walker.json is there already and says something else" in out
    assert "1. Arrival: The lantern is lit." in out
    assert "it was left alone" in err


def test_a_file_that_says_more_holds_what_is_imported(registry: Registry) -> None:
    store = MemoryStore()
    sources = Sources({"page.md": PAGE.encode()})
    run_import(sources, store, registry)
    case = json.loads(store.files["artifacts/tea-house.json"])
    store.files["artifacts/tea-house.json"] = json.dumps({**case, "summary": "A house."}).encode()
    outcome = run_import(sources, store, registry)
    assert (outcome.created, outcome.differing, outcome.report) == ((), (), ())
    assert len(outcome.known) == 5


def test_an_unreadable_artifact_file_stays(registry: Registry) -> None:
    store = MemoryStore()
    store.files["artifacts/tea-house.json"] = b"<<<<<<< HEAD\n"
    outcome = run_import(Sources({"page.md": PAGE.encode()}), store, registry)
    assert outcome.differing == ("tea-house",)
    assert store.files["artifacts/tea-house.json"] == b"<<<<<<< HEAD\n"
    assert [line.line for line in outcome.report] == [7]


def test_a_full_disk_is_told_and_every_line_is_reported(registry: Registry) -> None:
    outcome = run_import(Sources({"page.md": PAGE.encode()}), MemoryStore(full=True), registry)
    assert outcome.exit_code == 2
    assert len(outcome.not_written) == 5
    assert {line.line for line in outcome.report} == {1, 3, 5, 7, 8, 9, 11, 12}


def test_an_import_works_beside_the_seeds(vault: Path) -> None:
    seeds = Path(__file__).resolve().parents[3] / "shared" / "seeds"
    if not seeds.is_dir():
        pytest.skip("../shared/seeds is not there")
    code, out, err = told(vault, seeds)
    assert code == 0
    assert "created 29 artifacts: 3 artifact types, 5 cases, 5 journeys, 5 profiles, 5 sales strategies" in out
    assert err.count("was UTF-8 read as Mac Roman") == 3
    assert "the journey of Space X names no profile" in err
    assert told(vault, seeds)[1].startswith("created 0 artifacts\n")
