"""What keeps a watcher from a pass: how it is told, and after how many seconds it is tried again."""

from __future__ import annotations

from pathlib import Path

from twinpage.edge.crash import write_log
from twinpage.edge.states.state_tables import is_busy
from twinpage.errors import LockHeld, TwinpageError

AGAIN = (1.0, 2.0, 5.0, 15.0, 60.0)
"""The first time, the second time and so on."""
_LATER = "is writing in this vault; what changed here is carried over when that is done."


class Troubles:
    """Counts those that came one after the other."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._number = 0
        self._told_of_others = False

    def over(self) -> None:
        """Everything went well, and nothing waits."""
        self._number = 0
        self._told_of_others = False

    def met(self, error: Exception) -> tuple[str, float]:
        """The sentence, and the seconds. That others write is told of once, whoever they are; then it is empty."""
        if isinstance(error, LockHeld) or is_busy(error):
            holder = error.holder if isinstance(error, LockHeld) else "Another twinpage"
            sentence = "" if self._told_of_others else f"{holder} {_LATER}"
            self._told_of_others = True
            return sentence, AGAIN[0]  # who waits for others asks often: they may be done any moment
        seconds = AGAIN[min(self._number, len(AGAIN) - 1)]
        self._number += 1
        if isinstance(error, TwinpageError):
            return str(error), seconds
        log = write_log(error, self._root)
        return f"Something unexpected happened inside twinpage; please report it with {log}.", seconds
