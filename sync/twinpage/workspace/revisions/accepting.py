"""The baseline of a vault: read from the disk or from the tree that is looked at, and written anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twinpage.edge import deeds
from twinpage.edge.lock import write_lock
from twinpage.errors import NotRead
from twinpage.model.edit import digest
from twinpage.model.flag import BASELINE, Flag
from twinpage.workspace.ground import Ground

if TYPE_CHECKING:
    from twinpage.core.flags.baseline import Baseline


def read_baseline(ground: Ground) -> Baseline | None:
    """None where there is none. Raises NotRead, OutsideVault."""
    data = _file(ground)
    if data is None:
        return None
    from twinpage.core.flags.baseline import read  # most vaults have none, and a hook has to be quick

    return read(data)


def write_baseline(ground: Ground, flags: tuple[Flag, ...], only_prune: bool) -> Baseline | None:
    """Accept these flags and no others; what the file says then. It is left alone where it says just that.

    ``only_prune``: of these flags those that are accepted already, so that nothing but what is fixed goes.
    Raises NotRead, NotWritten, OutsideVault, ChangedMeanwhile, LockHeld.
    """
    from twinpage.core.flags.baseline import accept, read, write

    with write_lock(ground.root):
        before = _file(ground)
        known = read(before or b"")
        data = write(accept(known.entries, flags).accepted if only_prune else flags, known.comments)
        made = read(data)
        if before is None and not made.entries:
            return None
        if data != before:
            deed = deeds.line(BASELINE, before, "flags were accepted")
            ground.disk.write(BASELINE, data, None if before is None else digest(before), deed)
            ground.disk.flush()
        return made


def waits_for_commit(ground: Ground) -> bool:
    """The vault is in git, and its baseline is not as it was committed last."""
    from twinpage.edge.git.run import run

    return bool(run(ground.root, "status", "--porcelain", "--ignored", "--", BASELINE))


def _file(ground: Ground) -> bytes | None:
    try:
        return ground.disk.read(BASELINE)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotRead(BASELINE, error.strerror or "the system refused") from error
