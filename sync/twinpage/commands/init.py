"""Make a vault: from the template in a new folder, or around the notes that a folder already holds."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from twinpage import dialects
from twinpage.commands import sync
from twinpage.config import DIALECTS
from twinpage.core.flags.flags_note import TITLES, ignore_line, note_path
from twinpage.core.logseq_settings import is_legacy
from twinpage.core.wording import counted
from twinpage.edge import deeds, shipped
from twinpage.edge.disk import ARTIFACTS, STATE_FOLDER, Disk
from twinpage.edge.place import SETTINGS, vault_or_none
from twinpage.edge.refused import reason
from twinpage.edge.terminal import Terminal
from twinpage.errors import AlreadyThere, NeedsOption, NotRead, NotWritten, Usage
from twinpage.model.edit import digest
from twinpage.workspace.opening import open_workspace

CONFIG_EDN = "logseq/config.edn"
IGNORE = ".gitignore"
APPS = {"obsidian": "Obsidian", "logseq": "Logseq"}
_DIALECT_LINE, _NOTE_LINE = b'dialect = "obsidian"', b"flags-note = true"
_FOLDER_LINES = b'# [folders]\n# journey = "Journeys"\n# sales-strategy = "Sales strategies"'
PAGES = "pages"
_BECAUSE = "`twinpage init`"
_STATE_LINES = frozenset({STATE_FOLDER, f"{STATE_FOLDER}/", f"/{STATE_FOLDER}", f"/{STATE_FOLDER}/"})


class Laid(Struct, frozen=True):
    """What a new vault consists of so far."""

    root: Path
    dialect: str
    notes: int
    """Notes that were there before; the template's content is laid out only where there were none."""
    kept: tuple[str, ...] = ()
    """Files of the folder that the template has, too; the folder's own stay."""


def run(*, folder: Path, dialect: str | None, content: str, terminal: Terminal) -> int:
    """Make the vault, sync it once and say what is where. Nothing that is there is overwritten.

    Raises Usage, NeedsOption, AlreadyThere, NotRead, NotWritten, OutsideVault.
    """
    laid = lay_out(folder, dialect, content, terminal)
    if laid.notes:
        terminal.result(_told_of_adopted(laid, terminal))
        return 0
    code, notes = first_sync(laid.root, terminal)
    terminal.result(_told_of_new(laid, notes, content, terminal))
    return code


def lay_out(folder: Path, dialect: str | None, content: str, terminal: Terminal) -> Laid:
    """Write the vault's files, twinpage.toml last: an attempt that was cut short can be repeated."""
    try:
        root = _suitable(folder)
    except OSError as error:
        raise NotWritten(str(folder), reason(error)) from error
    notes = sum(1 for path in _walk(root) if path.endswith(".md"))
    chosen = dialect or _dialect_of(root, notes, terminal)
    if chosen == "logseq":
        _refuse_legacy(root)
    in_pages = chosen == "logseq" and (root / PAGES).is_dir()
    files = dict(_settings(chosen, True, in_pages)) if notes else dict(_template(chosen, content))
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritten(str(root), reason(error)) from error
    disk = Disk(root)
    kept = tuple(path for path in files if _keeps_own(root, path, files[path]))
    _write_ignore(disk, _state_rule() if notes else files.pop(IGNORE))
    for path, data in sorted(files.items(), key=lambda file: file[0] == SETTINGS):
        if path not in kept and not _same(root / path, data):
            disk.write(path, data, None, deeds.line(path, None, _BECAUSE))
    disk.flush()
    return Laid(disk.root, chosen, notes, kept)


def first_sync(root: Path, terminal: Terminal) -> tuple[int, int]:
    """Make the notes: the exit code of sync, and how many it made. Its list of changes would be in the way."""
    workspace = open_workspace(root)
    try:
        outcome = sync.sync(workspace, terminal)
    finally:
        workspace.close()
    for sentence in outcome.not_written:
        terminal.remark(sentence)
    made = [change for change in outcome.changes if change.action == "created" and change.path.endswith(".md")]
    return outcome.exit_code, len(made)


# ---------------------------------------------------------------------- looking


def _suitable(folder: Path) -> Path:
    """The folder with links followed. Raises Usage when it cannot become a vault."""
    if folder.is_symlink() and not folder.exists():
        raise Usage(f"{folder} is a link that leads nowhere; remove it or name another folder.")
    if folder.exists() and not folder.is_dir():
        raise Usage(f"{folder} is a file; name a folder, or one that is not there yet.")
    above = next((part for part in folder.parents if part.exists()), folder)
    if not above.is_dir():
        raise Usage(f"{above} is a file, so {folder} cannot be made in it; name another folder.")
    root = folder.resolve()
    if os.path.lexists(root / SETTINGS):
        raise Usage(
            f"{folder} is already a vault and was not changed; `twinpage doctor --vault {shlex.quote(str(folder))}` "
            "looks it over."
        )
    outer = vault_or_none(root.parent)
    if outer:
        raise Usage(
            f"{folder} lies inside the vault {outer}; name a folder outside. If its notes shall leave that vault, put "
            f"a {SETTINGS} of its own there by hand."
        )
    inner = next((path for path in _walk(root) if path.endswith(f"/{SETTINGS}")), None)
    if inner:
        raise Usage(f"{folder} holds a vault already, in {inner.rpartition('/')[0]}; name a folder that holds none.")
    return root


def _walk(root: Path) -> Iterator[str]:
    """Files below a folder, without dot-folders; links are not followed."""

    def refused(error: OSError) -> None:
        raise NotRead(str(error.filename), reason(error)) from error

    for folder, folders, names in os.walk(root, onerror=refused if root.exists() else None):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = Path(folder).relative_to(root)
        yield from ((below / name).as_posix() for name in sorted(names))


def _dialect_of(root: Path, notes: int, terminal: Terminal) -> str:
    """By the apps' settings; Obsidian for a folder that no app has seen and that holds no notes."""
    seen = [name for name, sign in (("obsidian", ".obsidian"), ("logseq", CONFIG_EDN)) if (root / sign).exists()]
    if len(seen) == 1:
        return seen[0]
    if not seen and not notes:
        return "obsidian"
    what = "Both Obsidian and Logseq have settings in" if seen else "No app has left settings in"
    return _asked(f"{what} {root}: which of the two writes the notes here?", terminal)


def _asked(question: str, terminal: Terminal) -> str:
    if not terminal.interactive:
        raise NeedsOption(question, "--dialect obsidian or --dialect logseq")
    terminal.remark(f"{question} Type obsidian or logseq and press Enter.")
    answer = sys.stdin.readline().strip().lower()
    if answer not in DIALECTS:
        raise Usage("That is neither obsidian nor logseq; run the command again, or add --dialect.")
    return answer


def _refuse_legacy(root: Path) -> None:
    config = root / CONFIG_EDN
    try:
        text = config.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    except OSError as error:
        raise NotRead(str(config), reason(error)) from error
    if is_legacy(text):
        raise Usage(
            f"{root} is a graph with Logseq's old file names, in which a dot and a slash cannot be told apart; nothing "
            "was written. Convert them in Logseq (Settings, Advanced, Filename format, Update) until config.edn says "
            ":file/name-format :triple-lowbar, and run the command again."
        )


# ---------------------------------------------------------------------- writing


def _settings(dialect: str, adopted: bool = False, in_pages: bool = False) -> Iterator[tuple[str, bytes]]:
    text = (shipped.template() / "common" / SETTINGS).read_bytes()
    if adopted:
        text = text.replace(_NOTE_LINE, b"flags-note = false")
    if in_pages:
        kinds = shipped.kinds().names()
        lines = "\n".join(["[folders]", *(f'{kind} = "{PAGES}"' for kind in kinds)])
        text = text.replace(_FOLDER_LINES, lines.encode())
    yield SETTINGS, text.replace(_DIALECT_LINE, f'dialect = "{dialect}"'.encode())


def _template(dialect: str, content: str) -> Iterator[tuple[str, bytes]]:
    """The files of a new vault by vault path."""
    for source, data in shipped.template_files():
        part, _, path = source.partition("/")
        if part == ARTIFACTS and content == "examples":
            yield source, data
        elif part in ("common", dialect) and (content == "examples" or not path.endswith(".md")):
            # A file called .gitignore inside the template would rule over the template itself.
            yield (IGNORE, data + _note_rule(dialect)) if path == IGNORE[1:] else (path, data)
    yield from _settings(dialect)
    for name, schema in shipped.schemas().items():
        text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        yield f".vscode/schemas/{name}", text.encode()


def _same(place: Path, data: bytes) -> bool:
    try:
        return place.read_bytes() == data
    except OSError:
        return False


def _keeps_own(root: Path, path: str, data: bytes) -> bool:
    """The folder has a file of this name that is not the template's. Raises AlreadyThere for one of the model."""
    place = root / path
    if path == IGNORE or not os.path.lexists(place) or _same(place, data):
        return False
    if path.startswith(f"{ARTIFACTS}/"):
        raise AlreadyThere(str(place))
    return True


def _state_rule() -> bytes:
    data = (shipped.template() / "common" / IGNORE[1:]).read_bytes()
    return b"\n".join(data.split(b"\n")[:2]) + b"\n"


def _note_rule(dialect: str) -> bytes:
    """Of the vault's top only: a note of that name elsewhere is a person's."""
    lines = [ignore_line(note_path(dialects.DIALECTS[dialect], title)) for title in TITLES]
    return "\n".join(["", "# Written anew whenever the flags change.", *lines, ""]).encode()


def _write_ignore(disk: Disk, rules: bytes) -> None:
    """Put our lines into .gitignore, after those that are there."""
    place = disk.root / IGNORE
    if not os.path.lexists(place):
        disk.write(IGNORE, rules, None, deeds.line(IGNORE, None, _BECAUSE))
        return
    there = disk.read(IGNORE)
    if {line.strip() for line in there.decode("utf-8", "replace").split("\n")} & _STATE_LINES:
        return
    end = b"\r\n" if b"\r\n" in there else b"\n"
    gap = b"" if not there or there.endswith(b"\n") else end
    disk.write(IGNORE, there + gap + rules.replace(b"\n", end), digest(there), deeds.line(IGNORE, there, _BECAUSE))


# ---------------------------------------------------------------------- telling


def how_to_begin(root: Path, terminal: Terminal) -> list[str]:
    """Lines that make the commands after them work as they stand."""
    lines = ["What to try next:", f"  cd {shlex.quote(str(root))}"]
    if not shutil.which("twinpage", path=terminal.environment.get("PATH", "")):
        lines.append(f"  alias twinpage={shlex.quote(f'{shlex.quote(sys.executable)} -m twinpage')}")
    return lines


def _told_of_new(laid: Laid, notes: int, content: str, terminal: Terminal) -> str:
    app = APPS[laid.dialect]
    lines = [f"Made a vault for {app} in {laid.root}."]
    if content == "examples":
        lines += [
            f"  {ARTIFACTS + '/':<16} the model as JSON, for reviews and machines",
            f"  {'Cases/ ...':<16} the same as {counted(notes, 'note')}, for people",
        ]
    flags = note_path(dialects.DIALECTS[laid.dialect], TITLES[0])
    if (laid.root / flags).is_file():
        lines.append(f"  {flags:<16} a note on what the model lacks, kept up to date by sync")
    lines.append(f"  {SETTINGS:<16} settings, all optional")
    lines += [f"{path} was there before and stays as it was." for path in laid.kept]
    lines += ["", *how_to_begin(laid.root, terminal)]
    if content == "examples":
        lines += [
            "  twinpage check                        what the model lacks: a journey here, a sales strategy there",
            f"  twinpage sync                         after you changed a note in {app}, or a file in {ARTIFACTS}/",
        ]
    lines.append('  twinpage new case "My business"       begin a model of your own')
    return "\n".join(lines)


def _told_of_adopted(laid: Laid, terminal: Terminal) -> str:
    return "\n".join(
        (
            f"{laid.root} is now a vault for {APPS[laid.dialect]}.",
            f"  It holds {counted(laid.notes, 'note')}; none of them was changed, and the examples were left out.",
            f"  Only {SETTINGS}, {IGNORE} and {STATE_FOLDER}/ were written.",
            "",
            *how_to_begin(laid.root, terminal),
            "  twinpage doctor                       what could keep twinpage from working here",
            f'  twinpage new case "My business"       begin a model; [folders] in {SETTINGS} says where its notes go',
        )
    )
