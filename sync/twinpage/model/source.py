"""An artifact file as it was read."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from twinpage.model.kind import Value
from twinpage.model.problem import Problem


class Source(Struct, frozen=True):
    """One text of the vault: an artifact file, or a file that should be one."""

    path: str
    text: str
    digest: str
    value: Value | None
    """Its JSON, as it stands; None when it cannot be read."""
    problems: tuple[Problem, ...]
    offset_of: Callable[[str], int | None]
    """Character offset of a field by pointer (ids or indices); None when it is not there."""
