"""A small vault on disk in both dialects, with a clock that nobody waits for."""

from __future__ import annotations

import io
import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twinpage.cli import run as twinpage
from twinpage.commands import sync as sync_command
from twinpage.core.artifact_text import write
from twinpage.core.schema.registry import Registry
from twinpage.edge import clock, shipped
from twinpage.edge.terminal import Terminal
from twinpage.model.outcome import SyncOutcome
from twinpage.workspace.opening import Workspace, open_workspace

REGISTRY = Registry(shipped.schemas())

CASE, SEGMENT, BAKER = "harbour", "harbour/segments/boats", "harbour/profiles/skipper"
JOURNEY, STRATEGY = "harbour/journeys/morning-run", "harbour/sales-strategies/quay"
TOPIC = "topics/sourdough"

VALUES: dict[str, dict[str, Any]] = {
    CASE: {"kind": "case", "name": "Harbour Bakery", "summary": "Bread for boats, by water.", "example": True},
    SEGMENT: {"kind": "segment", "name": "Boats on the quay", "case": CASE},
    BAKER: {"kind": "profile", "name": "Skipper", "case": CASE, "segment": SEGMENT, "extras": {"source": "logbook"}},
    JOURNEY: {
        "kind": "journey",
        "name": "Morning run",
        "case": CASE,
        "profile": BAKER,
        "last-reviewed": "2026-03-01",
        "goal": "Warm bread before the tide turns.\n\nNobody waits on deck.",
        "stages": [
            {
                "id": "whistle",
                "name": "Whistle",
                "description": "The bakery boat is heard.\n\nHeads come up.",
                "emotion": 1,
                "channels": ["sound", "radio"],
                "touchpoints": [{"id": "horn", "name": "Horn", "experience": 1}, {"id": "flag", "name": "Flag"}],
            },
            {"id": "paying", "name": "Handing over", "description": "Bread against coins.", "moment-of-truth": True},
        ],
        "kpis": [{"id": "loaves", "name": "Loaves a morning", "target": "80"}],
    },
    STRATEGY: {
        "kind": "sales-strategy",
        "name": "Win the quay",
        "case": CASE,
        "profile": BAKER,
        "items": [{"id": "free-roll", "name": "Free roll", "description": "One for each new boat."}],
    },
    TOPIC: {"kind": "topic", "name": "Sourdough", "body": "It keeps for a week at sea."},
}


class Clock:
    """Time goes on only when somebody waits, so that nobody has to."""

    def __init__(self) -> None:
        self.offset = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.offset += seconds

    def now_ns(self) -> int:
        return time.time_ns() + int(self.offset * 1e9)

    def monotonic(self) -> float:
        return time.monotonic() + self.offset


class Vault:
    """One vault and what a person does in it. Notes are aged unless a test says that they are new."""

    VALUES = VALUES

    def __init__(self, root: Path, dialect: str) -> None:
        self.root = root
        self.dialect = dialect
        self.out, self.err = io.StringIO(), io.StringIO()
        root.mkdir(parents=True)
        self.put("twinpage.toml", f'dialect = "{dialect}"\n')

    @property
    def terminal(self) -> Terminal:
        self.out, self.err = io.StringIO(), io.StringIO()
        return Terminal(self.out, self.err, {})

    # ------------------------------------------------------------------ files

    def put(self, path: str, text: str | bytes, new: bool = False) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        if not new:
            self.age(path)

    def age(self, path: str) -> None:
        then = time.time() - 100
        os.utime(self.root / path, (then, then))

    def text(self, path: str) -> str:
        return (self.root / path).read_bytes().decode("utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        text = self.text(path)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}:\n{text}"
        self.put(path, text.replace(old, new))

    def artifact(self, artifact: str, /, **fields: Any) -> None:
        """Write an artifact file; without fields, as VALUES has it."""
        value = {"kind": "", "id": artifact, "schema": "", **VALUES.get(artifact, {}), **fields}
        value["schema"] = f"{value['kind']}/1.0"
        self.write(artifact, value)

    def write(self, artifact: str, value: dict[str, Any]) -> None:
        kind = REGISTRY.kind(value["kind"])
        assert kind is not None
        self.put(self.file(artifact), write({k: v for k, v in value.items() if v is not None}, kind))

    def change(self, artifact: str, /, **fields: Any) -> None:
        """Change fields of an artifact file; ``_`` for ``-``, None removes."""
        self.write(artifact, {**self.value(artifact), **{k.replace("_", "-"): v for k, v in fields.items()}})

    def value(self, artifact: str) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.text(self.file(artifact)))
        return value

    @staticmethod
    def file(artifact: str) -> str:
        return f"artifacts/{artifact}.json"

    def note(self, artifact: str) -> str:
        """Path of the note that claims an id."""
        found = [path for path in self.notes() if self.says(path, artifact)]
        assert len(found) == 1, found
        return found[0]

    def says(self, path: str, artifact: str) -> bool:
        mark = "artifact-id:: " if self.dialect == "logseq" else "artifact-id: "
        return f"{mark}{artifact}\n" in self.text(path)

    def notes(self) -> list[str]:
        return sorted(path for path in self.files() if path.endswith(".md"))

    def files(self) -> dict[str, tuple[bytes, int, int]]:
        """Bytes, mtime and inode of every file of the vault that is a person's."""
        found = {}
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name not in (".twinpage", ".git")]
            for name in names:
                place = Path(folder) / name
                info = place.stat()
                path = place.relative_to(self.root).as_posix()
                found[path] = (place.read_bytes(), info.st_mtime_ns, info.st_ino)
        return found

    def remove(self, path: str) -> None:
        (self.root / path).unlink()

    # ------------------------------------------------------------------ passes

    def open(self, keep_state: bool = True) -> Workspace:
        return open_workspace(self.root, keep_state=keep_state)

    def sync(self, **options: bool) -> SyncOutcome:
        ws = self.open()
        try:
            return sync_command.sync(ws, self.terminal, **options)
        finally:
            ws.close()

    def settle(self) -> SyncOutcome:
        """A pass that has nothing to complain of, and another that has nothing to do."""
        outcome = self.sync()
        assert outcome.exit_code == 0, outcome
        self.assert_still()
        return outcome

    def assert_still(self) -> SyncOutcome:
        """Another pass writes nothing: no byte, no time, no inode of any file changes."""
        before = self.files()
        outcome = self.sync()
        assert outcome.changes == ()
        assert self.files() == before
        return outcome

    def git(self, *words: str) -> None:
        who = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *words], cwd=self.root, check=True, capture_output=True)

    def commit_all(self) -> None:
        if not (self.root / ".git").exists():
            self.git("init", "-q")
            (self.root / ".gitignore").write_text(".twinpage/\n")
        self.git("add", "-A")
        self.git("commit", "-qm", "all")


@pytest.fixture(autouse=True)
def clock_of_test(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(clock, "sleep", made.sleep)
    monkeypatch.setattr(clock, "now_ns", made.now_ns)
    monkeypatch.setattr(clock, "monotonic", made.monotonic)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # no power is cut here, and disks are slow
    return made


@pytest.fixture(params=["obsidian", "logseq"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty(tmp_path: Path, dialect: str) -> Vault:
    """A vault without anything."""
    return Vault(tmp_path / "vault", dialect)


@pytest.fixture
def vault(empty: Vault) -> Vault:
    """The bakery, in step."""
    for artifact in VALUES:
        empty.artifact(artifact)
    assert empty.sync().exit_code == 0
    for path in empty.notes():
        empty.age(path)
    return empty


@pytest.fixture
def make_vault() -> type[Vault]:
    """For tests that make vaults of their own."""
    return Vault


# ---------------------------------------------------------------------- repositories

SYNC = Path(__file__).resolve().parents[2] / "sync"
HOSTILE = 'my $HOME vault\'s "best" `id`;\n& %P é'
"""A folder's name that no shell and no git may trip over."""


class Clone:
    """A repository with a vault somewhere in it, and a person who works there. Its hooks run this twinpage."""

    def __init__(self, top: Path, vault: Any, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.top, self.vault, self.home, self.capsys = top, vault, home, capsys
        self.said = ""
        """What git or twinpage said last, on both streams."""
        self.out = ""
        """What twinpage said last on the first of them."""
        home.mkdir(exist_ok=True)

    def git(self, *words: str, folder: Path | None = None, code: int = 0) -> str:
        done = subprocess.run(["git", *words], cwd=folder or self.top, capture_output=True, text=True, check=False)
        self.said = done.stdout + done.stderr
        assert done.returncode == code, (words, done.returncode, self.said)
        return done.stdout

    def begin(self) -> None:
        self.top.mkdir(exist_ok=True)
        self.git("init", "-q", "-b", "main")
        (self.top / ".gitignore").write_text(".twinpage/\n", encoding="utf-8")
        self.commit()

    def commit(self, code: int = 0) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", "change", code=code)

    def run(self, *words: str, root: Path | None = None, code: int | None = 0) -> None:
        """twinpage, as a person runs it. ``code`` None: however it ends."""
        self.capsys.readouterr()
        ended = twinpage([*words, "--vault", str(root or self.vault.root)])
        self.out, said = self.capsys.readouterr()
        self.said = self.out + said
        assert code in (ended, None), (words, ended, self.said)

    def hook(self, name: str) -> Path:
        return self.top / ".git" / "hooks" / name

    def set_up(self) -> dict[str, tuple[bytes, int]]:
        """Everything that `hooks` may touch."""
        places = [self.top / ".git" / "config", *(self.top / ".git" / "hooks").iterdir()]
        places += [place for place in self.top.rglob(".gitattributes") if place.is_file()]
        return {str(place): (place.read_bytes(), place.stat().st_mode) for place in places}

    def breaks(self, vault: Any = None) -> None:
        """A field of a name that no journey has, at a line that can be told.

        It is of another size: git overlooks what keeps its size within a second, since notes here are aged.
        """
        vault = vault or self.vault
        vault.edit(vault.file(JOURNEY), '"name": "Whistle",', '"naming": "Whistle",')

    def another(self, folder: str) -> Vault:
        """One more vault in this repository."""
        made = Vault(self.top / folder, self.vault.dialect)
        for artifact in (CASE, SEGMENT, BAKER, JOURNEY):
            made.artifact(artifact)
        made.settle()
        return made


@pytest.fixture
def make_clone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[Path, Any], Clone]:
    """For tests that make repositories of their own: (top, vault) -> clone. Nobody's settings of git count."""
    home = tmp_path / "home"
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "test")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "test@example.org")
    others = {"HOME": home, "XDG_CONFIG_HOME": home / "config", "PYTHONPATH": SYNC, "PYTHONUTF8": "1"}
    for name, value in {**others, "GIT_CONFIG_NOSYSTEM": "1", "GIT_EDITOR": "true"}.items():
        monkeypatch.setenv(name, str(value))
    return lambda top, vault: Clone(top, vault, home, capsys)


@pytest.fixture
def clone(vault: Vault, make_clone: Callable[[Path, Any], Clone]) -> Clone:
    """The bakery at the top of a repository, all committed."""
    made = make_clone(vault.root, vault)
    made.begin()
    return made


@pytest.fixture
def bare_clone(tmp_path: Path, make_clone: Callable[[Path, Any], Clone]) -> Clone:
    """A vault without anything at the top of a repository, for what is the same in both dialects."""
    vault = Vault(tmp_path / "vault", "obsidian")
    made = make_clone(vault.root, vault)
    made.begin()
    return made


@pytest.fixture
def nested_clone(tmp_path: Path, dialect: str, make_clone: Callable[[Path, Any], Clone]) -> Clone:
    """A small vault in a folder with a hostile name."""
    top = tmp_path / "top"
    top.mkdir()
    made = make_clone(top, None)
    made.vault = Vault(top / HOSTILE, dialect)
    for artifact in (CASE, SEGMENT, BAKER, JOURNEY):
        made.vault.artifact(artifact)
    made.vault.settle()
    made.begin()
    return made


@pytest.fixture
def team(clone: Clone) -> Clone:
    """The bakery, whose git merges by the driver."""
    from tests.commands.branches import drive

    drive(clone)
    return clone
