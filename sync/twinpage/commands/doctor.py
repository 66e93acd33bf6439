"""What could keep twinpage from working here: looks, tells, changes nothing."""

from __future__ import annotations

import platform
import shlex
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from twinpage import __version__
from twinpage.core.artifact_text import read_bytes
from twinpage.core.flags.flags_note import NOT_IGNORED, TITLES, ignore_line, is_generated, note_path
from twinpage.core.logseq_settings import is_legacy, lines_to_add
from twinpage.core.wording import counted, some
from twinpage.dialects import DIALECTS
from twinpage.edge import tools
from twinpage.edge.disk import Disk, Scan
from twinpage.edge.place import SETTINGS, STATE_FOLDER
from twinpage.edge.terminal import Terminal
from twinpage.errors import OutsideVault, Usage
from twinpage.model.names import fold
from twinpage.model.page import Dialect
from twinpage.workspace.git.lacks import lacks
from twinpage.workspace.ground import detect_dialect
from twinpage.workspace.settings import Settings, read_settings

_CONFIG_EDN = "logseq/config.edn"


class Finding(Struct, frozen=True):
    """One thing that was looked at. A problem ends with what to do."""

    good: bool
    sentence: str
    lines: tuple[str, ...] = ()


def run(*, vault: Path | None, folder: Path, terminal: Terminal) -> int:
    """Print all findings; 1 when one of them is a problem."""
    findings = list(_machine())
    if vault is None:
        sentence = f"There is no vault in {folder} or above it; `twinpage init DIR` makes one."
        findings.append(Finding(True, sentence))
    else:
        findings += _vault(vault)
    for finding in findings:
        terminal.result(f"{'ok     ' if finding.good else 'PROBLEM'}  {finding.sentence}")
        for line in finding.lines:
            terminal.result(f"           {line}")
    problems = sum(not finding.good for finding in findings)
    terminal.result("\nNo problems found." if not problems else f"\nProblems: {problems}.")
    return int(problems > 0)


def _machine() -> Iterator[Finding]:
    yield Finding(True, f"twinpage {__version__} on Python {platform.python_version()}.")
    git = tools.git_version()
    without = "git is not installed: twins that differ without a base become conflicts instead of asking the history."
    yield Finding(True, f"git {git}." if git else without)


def _vault(root: Path) -> Iterator[Finding]:
    yield Finding(True, f"The vault is {root}.")
    settings = read_settings(root)
    mistakes = tuple(str(mistake) for mistake in settings.mistakes)
    if mistakes:
        yield Finding(False, f"{SETTINGS} has mistakes; correct these lines.", mistakes)
    yield from _state(root)
    for lack in lacks(root):
        yield Finding(lack.optional, lack.sentence, lack.lines)
    disk = Disk(root, settings.config.excludes, excludes_files=True)
    scan = disk.scan()
    yield from _links(scan)
    yield from _schemas(settings)
    try:
        dialect = settings.config.dialect or detect_dialect(root)
    except Usage as error:
        yield Finding(False, str(error))
        return
    yield Finding(True, f"Notes are written for {dialect.capitalize()}.")
    if dialect == "logseq":
        yield from _logseq(disk, settings)
    yield from _flags_note(disk, settings, DIALECTS[dialect])
    yield from _names(scan, dialect)
    yield from _kinds(disk, scan, settings, dialect)


def _state(root: Path) -> Iterator[Finding]:
    folder = root / STATE_FOLDER
    refused = tools.is_writable(folder if folder.is_dir() else root)
    if refused:
        yield Finding(False, f"{STATE_FOLDER}/ cannot be written ({refused}); give yourself the right to write there.")
    if tools.is_ignored(root, f"{STATE_FOLDER}/state.db") is False:
        yield Finding(
            False, f"git does not ignore {STATE_FOLDER}/, which is this machine's own; add this line to .gitignore:",
            (f"{STATE_FOLDER}/",),
        )  # fmt: skip


def _links(scan: Scan) -> Iterator[Finding]:
    for path in scan.outside:
        yield Finding(
            False,
            f"{path} is a link that leaves the vault or leads nowhere, and is left alone; put the files in its place.",
        )
    for path in scan.unreadable:
        yield Finding(False, f"{path or 'The vault'} cannot be listed; give yourself the right to read it.")


def _schemas(settings: Settings) -> Iterator[Finding]:
    for path, problems in settings.registry.problems.items():
        sentences = tuple(f"{problem.pointer or '/'}  {problem.message}" for problem in problems)
        yield Finding(False, f"{path} describes no kind; correct it.", sentences)
    own = [kind.name for kind in settings.registry if kind.origin]
    if own:
        yield Finding(True, f"Kinds of your own: {', '.join(own)}.")


def _logseq(disk: Disk, settings: Settings) -> Iterator[Finding]:
    try:
        config = disk.read(_CONFIG_EDN).decode("utf-8", "replace")
    except (OSError, OutsideVault):
        yield Finding(False, f"{_CONFIG_EDN} is not there or cannot be read; open the folder in Logseq once.")
        return
    if is_legacy(config):
        yield Finding(
            False,
            "The graph has Logseq's old file names, in which a dot and a slash cannot be told apart; convert them in "
            "Logseq (Settings, Advanced, Filename format, Update) so that config.edn says:",
            (":file/name-format :triple-lowbar",),
        )
    missing = tuple(lines_to_add(config, settings.registry))
    if missing:
        yield Finding(
            False,
            f"In Logseq, property keys become pages and stand in the way; put these lines into the braces of "
            f"{_CONFIG_EDN}, in place of lines with the same key:",
            missing,
        )


def _flags_note(disk: Disk, settings: Settings, dialect: Dialect) -> Iterator[Finding]:
    config = settings.config
    places = [note_path(dialect, title) for title in TITLES]
    found = next((place for place in places if _is_flags_note(disk, place, dialect)), "")
    if config.flags_note and config.excludes(found or places[0]):
        sentence = f"exclude in {SETTINGS} covers {found or places[0]}, so no Flags note is written; take it out there."
        yield Finding(False, f"{sentence} Or write flags-note = false.")
    if found and not config.flags_note:
        sentence = f"{found} is not kept up to date: flags-note is off in {SETTINGS}. Turn it on, or remove the note."
        yield Finding(True, sentence)
    wanted = found or (places[0] if config.flags_note else "")
    if wanted and tools.is_ignored(disk.root, wanted) is False:
        yield Finding(False, NOT_IGNORED.format(wanted), (ignore_line(wanted),))


def _is_flags_note(disk: Disk, path: str, dialect: Dialect) -> bool:
    try:
        return is_generated(dialect.parse(path, disk.read(path).decode("utf-8", "replace")))
    except (OSError, OutsideVault):
        return False


def _names(scan: Scan, dialect: str) -> Iterator[Finding]:
    by_path: dict[str, list[str]] = defaultdict(list)
    for path in scan.notes:
        # Logseq knows a page by its base name, whatever folder it lies in.
        by_path[fold(path.rpartition("/")[2] if dialect == "logseq" else path)].append(path)
    for paths in by_path.values():
        if len(paths) > 1:
            why = (
                "are one page to Logseq" if dialect == "logseq" else "differ in case only, which many disks cannot hold"
            )
            yield Finding(False, f"{some(sorted(paths))} {why}; rename all but one.")


def _kinds(disk: Disk, scan: Scan, settings: Settings, dialect: str) -> Iterator[Finding]:
    unknown: dict[str, list[str]] = defaultdict(list)
    known = set(settings.registry.names())
    twins: list[str] = []
    for path in sorted([*scan.notes, *scan.artifacts]):
        kind = _kind_in(disk, path, dialect)
        if kind in known and path in scan.notes:
            twins.append(path)
        if kind and kind not in known:
            unknown[kind].append(path)
    for kind, paths in unknown.items():
        yield Finding(
            False,
            f"No schema describes the kind `{kind}` of {some(paths)}; correct it, or add schemas/{kind}.schema.json.",
        )
    notes, files = counted(len(scan.notes), "note"), counted(len(scan.artifacts), "artifact file")
    yield Finding(True, f"{notes}, {len(twins)} of them artifacts; {files}.")
    yield from _kept_from_git(disk.root, twins)


def _kept_from_git(root: Path, twins: list[str]) -> Iterator[Finding]:
    """Notes of artifacts that git would not take. Where it takes none of them, somebody wants it so."""
    kept = sorted(tools.kept_out(root, twins))
    if kept and len(kept) < len(twins):
        what = "which is the note of an artifact" if len(kept) == 1 else "which are notes of artifacts"
        sentence = f"git ignores {some(kept)}, {what}, so nobody else gets what only the note says"
        command = f"git check-ignore -v {shlex.quote(kept[0])}"
        yield Finding(False, f"{sentence}; narrow the line that this command names:", (command,))


def _kind_in(disk: Disk, path: str, dialect: str) -> str:
    """The kind that a file claims; empty when it claims none or cannot be read, which `check` tells."""
    try:
        data = disk.read(path)
    except (OSError, OutsideVault):
        return ""
    if path.endswith(".json"):
        kind = (read_bytes(path, data).value or {}).get("kind")
        return kind if isinstance(kind, str) else ""
    return DIALECTS[dialect].parse(path, data.decode("utf-8", "replace")).property("artifact-kind")
