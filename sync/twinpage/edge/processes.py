"""A second process for work that takes long: the two halves share nothing but what both had at the start."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


def can_fork() -> bool:
    """The system can copy this process, and there is a second processor to run the copy.

    Not while other threads run: a copy has none of them, but all locks that they held.
    """
    return hasattr(os, "fork") and (os.cpu_count() or 1) > 1 and threading.active_count() == 1


def halves(here: Callable[[], T], there: Callable[[], bytes]) -> tuple[T, bytes | None]:
    """Run ``here`` in this process and ``there`` in a copy of it, at the same time.

    The second result is None when the copy could not be made or failed; the caller then does that half itself. The
    copy must not touch files or connections that both have open for writing.
    """
    try:
        reading, writing = os.pipe()
        gc.freeze()  # what exists already is not to be copied just because the collector looks at it
        child = os.fork()
    except OSError:
        return here(), None
    if child == 0:
        _run_copy(there, reading, writing)
    os.close(writing)
    try:
        done = here()
        with open(reading, "rb", closefd=False) as pipe:
            result = pipe.read()
    finally:
        os.close(reading)
        _, status = os.waitpid(child, 0)
        gc.unfreeze()
    return done, result if status == 0 else None


def _run_copy(there: Callable[[], bytes], reading: int, writing: int) -> None:
    code = 1
    with suppress(BaseException):  # nothing may run on in the copy: it would do the caller's work a second time
        os.close(reading)
        with open(writing, "wb") as pipe:
            pipe.write(there())
        code = 0
    os._exit(code)
