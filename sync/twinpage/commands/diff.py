"""``twinpage diff``: what changed in the model between two states of it, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from twinpage.core.wording import did_you_mean
from twinpage.edge.git.disk import Contents, on_disk
from twinpage.edge.git.place import find_repository
from twinpage.edge.git.repository import Repository
from twinpage.edge.git.revisions import is_revision, two_trees
from twinpage.edge.git.trees import Tree
from twinpage.edge.place import STATE_FOLDER
from twinpage.edge.terminal import Terminal
from twinpage.edge.walk import ARTIFACTS
from twinpage.errors import Usage
from twinpage.model.plain import plain_line

if TYPE_CHECKING:
    from twinpage.model.difference import DiffOutcome

_FEW = 100
STATE = "state.db"


def run(*, vault: Path, words: tuple[str, ...], exit_code: bool, output_format: str, terminal: Terminal) -> int:
    """Print the difference; with ``exit_code`` 1 when there is one, else 0."""
    repository = find_repository(vault)
    revisions, artifact = _understood(repository, words)
    old, second = two_trees(repository, revisions or "HEAD", _get_ready)
    new = second or on_disk(repository)
    outcome, one_sided = compared(repository, old, new, artifact)
    if second is None and one_sided:
        remark = _out_of_step(repository.vault, one_sided)
        if remark:
            terminal.remark(remark)
    from twinpage.core.model_diff import report

    match output_format:
        case "json":
            terminal.result(report.as_json(outcome))
        case "markdown":
            terminal.result(report.as_markdown(outcome))
        case _:
            terminal.result(report.as_text(outcome, terminal.colour))
    return int(exit_code and not outcome.model.is_empty)


def _get_ready() -> None:
    """Import, while git lists what it has, what is only needed then."""
    from twinpage.core.model_diff import report  # noqa: F401
    from twinpage.workspace.revisions import model_compared  # noqa: F401


def compared(repository: Repository, old: Tree, new: Tree, artifact: str = "") -> tuple[DiffOutcome, int]:
    """The two models, or one artifact (of a case, all of it) in both; and of how many artifacts one twin differs only.

    Raises Usage when neither has the artifact.
    """
    from twinpage.model.difference import Compared, DiffOutcome
    from twinpage.workspace.revisions.model_compared import Comparing

    with Contents(repository) as contents:
        comparing = Comparing(repository, old, new, contents)
        model = comparing.model()
    if artifact:
        path, parts = f"{ARTIFACTS}/{artifact}.json", f"{ARTIFACTS}/{artifact}/"
        told = tuple(one for one in model.artifacts if artifact in (one.artifact, one.old_artifact, one.case))
        if not told and path not in old.files and path not in new.files:
            if is_revision(repository, artifact):
                raise Usage(_two_revisions(old.label, artifact))
            raise Usage(_no_artifact(artifact, old, new))
        unread = tuple(one for one in model.unread if one.path == path or one.path.startswith(parts))
        model = replace(model, artifacts=told, unread=unread, notes=0)
    sides = Compared(old.label, old.name), Compared(new.label, new.name)
    return DiffOutcome(*sides, model), len(comparing.one_sided)


def _understood(repository: Repository, words: tuple[str, ...]) -> tuple[str, str]:
    """Revisions and artifact: one word may be either; git is asked first."""
    if len(words) > 2:
        raise Usage("Name at most a revision (or two with .. between them) and one artifact.")
    if len(words) == 2:
        return words[0], words[1]
    (word,) = words or ("",)
    if word and ".." not in word and not word.startswith("-") and not is_revision(repository, word):
        there = "\0" not in word and (repository.vault / ARTIFACTS / f"{word}.json").is_file()
        if "/" in word or there:
            return "", word
    return word, ""


def _two_revisions(first: str, second: str) -> str:
    return (
        f"No artifact is called `{plain_line(second)}`, but a revision is. Two revisions are written with .. between "
        f"them: `twinpage diff {plain_line(first)}..{plain_line(second)}`."
    )


def _no_artifact(artifact: str, old: Tree, new: Tree) -> str:
    from difflib import get_close_matches

    ids = {path.removeprefix(f"{ARTIFACTS}/").removesuffix(".json") for path in (*old.files, *new.files)}
    similar = did_you_mean(get_close_matches(artifact, sorted(ids), 3))
    return f"Neither side has an artifact `{plain_line(artifact)}`: check the id.{similar}"


def _out_of_step(vault: Path, one_sided: int) -> str:
    """A remark where twins are out of step on the disk. To be sure costs a look at all that changed since a sync."""
    if one_sided > _FEW or not (vault / STATE_FOLDER / STATE).is_file():
        return "Notes and artifact files may differ here; run `twinpage sync` first to be sure."
    from twinpage.commands.status import status
    from twinpage.workspace.opening import open_workspace

    ws = open_workspace(vault, keep_state=False)
    try:
        found = status(ws)
    finally:
        ws.close()
    if found.ahead or found.behind or found.apart or found.conflicts:
        return "Notes and artifact files differ here; run `twinpage sync` first to see what the notes say."
    return ""
