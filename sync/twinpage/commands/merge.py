"""``twinpage merge``: three versions of an artifact file or note, merged as the driver of git does it."""

from __future__ import annotations

from pathlib import Path

from twinpage.core.merging.three_way import MergedText, Three, changed_fields
from twinpage.edge.git.merge_files import merged_by_lines, read_three, write_whole
from twinpage.edge.place import vault_or_none
from twinpage.edge.terminal import Terminal
from twinpage.errors import TwinpageError, Unwritable, Usage
from twinpage.workspace.revisions.three_versions import merged, text_of


def run(*, versions: tuple[Path, Path, Path], output: Path | None, vault: Path | None, terminal: Terminal) -> int:
    """Print the merge of base, ours, theirs, or write it to ``output``; 1 when somebody has to decide."""
    try:
        texts = read_three(versions)
    except OSError as error:
        raise Usage(f"{error.filename} cannot be read ({error.strerror}): name three files.") from error
    root = vault or vault_or_none(versions[1].resolve().parent)
    by_lines = merged_by_lines(versions[1].resolve().parent, versions)
    plain = by_lines[0].decode("utf-8", "replace") if by_lines is not None else ""
    result: MergedText | None
    told: list[str] = []
    try:
        three = Three(*map(text_of, texts))
        kind = "versions.json" if three.ours.lstrip("\ufeff \t\r\n").startswith("{") else versions[1].name
        result = merged(
            root, f"artifacts/{kind}" if kind.endswith(".json") else kind, three, lambda: plain, "", by_hand=True
        )
        told = _told(result, three) if result is not None else []
    except (Unwritable, TwinpageError) as error:
        if by_lines is None:
            raise
        terminal.remark(f"Merged by lines only: {error}")
        result, by_lines = None, (by_lines[0], max(by_lines[1], 1))
    if result is None:
        if by_lines is None:
            raise Usage("git could not merge these files: are they texts?")
        result = MergedText(plain, doubts=("It has conflicts that somebody has to decide.",) * (by_lines[1] > 0))
    _give(result.text, output, terminal)
    for sentence in (*told, *result.doubts):
        terminal.remark(sentence)
    return 0 if result.clean else 1


def _told(result: MergedText, three: Three) -> list[str]:
    told = []
    fields = changed_fields((three.ours,), result.text) if result.text.lstrip("\ufeff").startswith("{") else ()
    if fields:
        told.append(f"Beside ours, these fields changed: {', '.join(fields)}.")
    told += [f"In conflict: {clause} ({at.pointer})." for clause, at in zip(result.told, result.clashes, strict=True)]
    if result.clashes:
        where = "its entry in `conflicts`" if result.text.lstrip("\ufeff").startswith("{") else "its box"
        told.append(f"Each is kept as one side has it. Write there what is right, and remove {where}.")
    return told or ["Merged; nothing is left to decide."]


def _give(text: str, output: Path | None, terminal: Terminal) -> None:
    if output is None:
        terminal.result(text.removesuffix("\n"))
        return
    try:
        write_whole(output, text.encode("utf-8", "surrogatepass"))
    except OSError as error:
        raise Usage(f"{output} cannot be written ({error.strerror}): name another file.") from error
