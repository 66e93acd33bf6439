"""Giving memory back to the system after much work, for a process that then waits for hours."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

_MMAP_THRESHOLD, _LARGE = -3, 128 * 1024
"""A parameter of glibc's ``mallopt``, by its number in ``malloc.h``; and bytes."""


def keep_large_apart() -> None:
    """From now on what is large goes back to the system the moment it is freed, where the system can.

    glibc begins so, and takes more and more of it from its heap later on, where small things that stay pin it.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)


def give_back() -> None:
    """Collect what is garbage and return what the allocator keeps for later, where the system can."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
