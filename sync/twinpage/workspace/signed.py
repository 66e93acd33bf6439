"""What the state remembers of ``signoffs.jsonl``: by artifact, so that a rule asks for one of them alone."""

from __future__ import annotations

import json

from msgspec.structs import astuple

from twinpage.core.signoffs import read
from twinpage.edge.states.state import State
from twinpage.model.signoff import UNSIGNED, Signed, SignOff

RENAMES = "signoff renames"


def take_signoffs(state: State, data: bytes) -> None:
    """The file reads so now: artifacts whose sign-offs are others are to be flagged anew. Within a transaction."""
    found = read(data)
    renames = json.dumps([[rename.old, rename.new] for rename in found.renames]) if found.renames else ""
    before = state.signed()
    now = {artifact: json.dumps([astuple(one) for one in signed]) for artifact, signed in found.by_artifact().items()}
    changed = {artifact for artifact in before.keys() | now.keys() if before.get(artifact) != now.get(artifact)}
    state.put_signed((artifact, now.get(artifact, "")) for artifact in sorted(changed))
    if state.recall(RENAMES) != renames:
        state.remember(RENAMES, renames)
        changed |= now.keys()  # what they refer to may be known by another first id
    state.add_stale(f"id:{artifact}" for artifact in changed)


def signed_of(state: State, artifact: str) -> Signed:
    """The sign-offs of an artifact, as of the last look."""
    known = state.signed_text(artifact)
    if not known:
        return UNSIGNED
    renames = state.recall(RENAMES)
    signoffs = tuple(SignOff(*row) for row in json.loads(known))
    return Signed(signoffs, tuple((old, new) for old, new in json.loads(renames)) if renames else ())
