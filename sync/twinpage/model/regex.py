"""Regular expressions that are compiled when first asked: a command uses few of those that it imports."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Later:
    """Stands for an expression, and has its methods from the first one on that is called."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = re.compile(self._text, self._flags)
        found = getattr(compiled, name)
        setattr(self, name, found)  # next time it is as quick as the expression itself
        return found


def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What ``re.compile`` gives, without its time before anything is asked. A mistake in it is raised then.

    ``re`` remembers what it compiled, so that each method of one expression finds it there.
    """
    return cast(re.Pattern[AnyStr], _Later(text, flags))
