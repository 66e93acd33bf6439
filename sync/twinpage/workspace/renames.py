"""What artifacts were called before they were renamed here, and what was remembered under those ids, as of today."""

from __future__ import annotations

import json

from msgspec.structs import replace

from twinpage.core.renaming import renamed_value
from twinpage.edge.states.state import Base
from twinpage.model.kind import Kind
from twinpage.workspace.opening import Workspace

RENAMES = "renames"


def former_ids(ws: Workspace) -> dict[str, str]:
    """Old id -> the id that the artifact has now."""
    told = json.loads(ws.state.recall(RENAMES) or "{}")
    return {str(old): str(new) for old, new in told.items()}


def as_of_today(ws: Workspace, base: Base, kind: Kind) -> Base:
    """The same with every reference as it is now; ids that another artifact has by now stay."""
    renames = {old: new for old, new in former_ids(ws).items() if ws.vault.card(old) is None}
    if not renames:
        return base
    value, view = (renamed_value(part, kind, renames) for part in (base.value, base.view))
    return replace(base, value=value, view=view)
