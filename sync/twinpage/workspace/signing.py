"""Signing an artifact off: one more line in ``signoffs.jsonl``, under the write lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from twinpage.core.choosing import conflicts
from twinpage.core.signoffs import SignOffs, appended, fingerprint, line_of, read, standing
from twinpage.edge import clock, deeds
from twinpage.edge.disk import Disk
from twinpage.edge.journal import exists
from twinpage.edge.lock import write_lock
from twinpage.errors import ChangedMeanwhile, NotRead, UnknownArtifact, Usage
from twinpage.model.decision import Held, Same
from twinpage.model.edit import digest
from twinpage.model.kind import Kind, Value
from twinpage.model.signoff import SIGNOFFS, Signed, SignOff
from twinpage.workspace.carrying.carry import Carry
from twinpage.workspace.carrying.standing import looked_at
from twinpage.workspace.look import Look
from twinpage.workspace.opening import Workspace
from twinpage.workspace.scope import DECIDED

TRIES = 5
"""How often a line is appended anew when another program wrote the file in the same moment."""


class SignedOff(Struct, frozen=True):
    """What came of it."""

    artifact: str
    name: str
    """What the artifact is called."""
    signoff: SignOff
    written: bool
    """False: this person has signed just this off before, and has nothing to add."""


def sign_off(ws: Workspace, artifact: str, person: Callable[[Path], tuple[str, str]], note: str) -> SignedOff:
    """Append what a person says of an artifact as it stands. ``person`` of this folder, (name, email), is asked last.

    Raises UnknownArtifact, Usage when there is nothing whole to sign, OutsideVault, NotRead, NotWritten, LockHeld, and
    what ``person`` raises.
    """
    with write_lock(ws.root):
        if exists(ws.root):
            raise Usage("A rename was cut short: run `twinpage sync`, which settles it, then this again.")
        with looked_at(ws):
            value, kind = _whole(ws, artifact)
            name = str(value.get("name") or artifact)
        who = person(ws.root)
        for number in range(TRIES):
            data = _file(ws.disk)
            found = read(data)
            renames = tuple((rename.old, rename.new) for rename in found.renames)
            now = fingerprint(value, kind, renames)
            made = SignOff(*who, clock.stamp_of_everywhere(), now, note)
            before = _before(found, artifact, value, kind, made)
            if before is not None:
                return SignedOff(artifact, name, before, written=False)
            try:
                expects = digest(data) if data or ws.disk.stat(SIGNOFFS) else None
                deed = deeds.line(SIGNOFFS, expects, "somebody signed it off", artifact)
                ws.disk.write(SIGNOFFS, appended(data, line_of(artifact, made)), expects, deed)
                break
            except ChangedMeanwhile:
                if number == TRIES - 1:
                    raise
        ws.disk.flush()
    return SignedOff(artifact, name, made, written=True)


def _file(disk: Disk) -> bytes:
    try:
        return disk.read(SIGNOFFS)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise NotRead(SIGNOFFS, error.strerror or "the system refused") from error


def _before(found: SignOffs, artifact: str, value: Value, kind: Kind, made: SignOff) -> SignOff | None:
    signed = Signed(found.by_artifact().get(artifact, ()), tuple((one.old, one.new) for one in found.renames))
    same = [one for one in standing(value, kind, signed).valid if one.person == made.person]
    return same[0] if same and not made.note else None


def _whole(ws: Workspace, artifact: str) -> tuple[Value, Kind]:
    """What an artifact says: one thing, whichever twin a person has read."""
    if ws.vault.card(artifact) is None:
        raise UnknownArtifact(artifact, ws.vault.similar_ids(artifact, ()))
    twin, decision = Carry(ws, Look(), DECIDED).decide(artifact)
    value = twin.file.value if twin.file is not None else None
    if conflicts.from_artifact(value or {}):
        raise Usage(f"{artifact} has an open conflict, so it cannot be signed off: `twinpage resolve` it first.")
    if isinstance(decision, Held):
        raise Usage(f"{artifact} is held, so it cannot be signed off. {decision.because}")
    if value is None or not isinstance(decision, Same):
        raise Usage(
            f"{artifact} and its note are not in step, so it is not clear what you have read: run `twinpage sync`, "
            "then this again."
        )
    if twin.kind is None:
        raise Usage(f"{artifact} is of a kind that twinpage does not know: add its schema to schemas/ first.")
    return value, twin.kind
