"""A request to end, by Ctrl-C or SIGTERM, that comes amid a deed: it waits until the deed is done and told of."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_NUMBERS = (signal.SIGINT, signal.SIGTERM)


class _Requests:
    """Stands in for the handlers of the process as long as some work must not be cut anywhere."""

    def __init__(self) -> None:
        self.waits = False
        self.stands_in = False
        self.met: list[int] = []
        self.handlers: dict[int, Callable[[int, FrameType | None], Any]] = {}

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.waits:
            self.met.append(number)
        else:
            self.handlers[number](number, frame)

    def stand_in(self) -> None:
        for number in _NUMBERS:
            handler = signal.getsignal(number)
            if callable(handler) and handler is not self:
                self.handlers[number] = handler
                signal.signal(number, self)

    def step_back(self) -> None:
        """One that is cut short itself leaves a handler that hands on what comes."""
        for number in list(self.handlers):
            now: object = signal.getsignal(number)
            if now is self:  # else the handler itself has put another there
                signal.signal(number, self.handlers[number])
            del self.handlers[number]  # not before: a request may come at any moment


_REQUESTS = _Requests()


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextmanager
def done_whole() -> Iterator[None]:
    """What is done within is not cut: a request to end takes effect when it is over.

    Where the system's own way of ending is in force, or in another thread than the main one, nothing changes.
    """
    if not _in_main_thread():
        yield
        return
    outermost = not _REQUESTS.stands_in
    if outermost:
        _REQUESTS.stand_in()
    before, _REQUESTS.waits = _REQUESTS.waits, True
    _REQUESTS.stands_in = True
    try:
        yield
    finally:
        _REQUESTS.waits = before
        met = [] if before else _REQUESTS.met[:1]
        handler = _REQUESTS.handlers.get(met[0]) if met else None
        if outermost:
            _REQUESTS.stands_in = False
            _REQUESTS.step_back()
        if handler is not None:
            _REQUESTS.met.clear()
            handler(met[0], None)


@contextmanager
def may_be_cut() -> Iterator[None]:
    """Within ``done_whole``: work that a request to end may cut anywhere, as it does outside."""
    if not _in_main_thread():
        yield
        return
    before, _REQUESTS.waits = _REQUESTS.waits, False
    try:
        if _REQUESTS.met:
            number = _REQUESTS.met.pop()
            _REQUESTS.handlers[number](number, None)
        yield
    finally:
        _REQUESTS.waits = before


def heed_requests() -> None:
    """Within ``done_whole``, between two deeds: a request to end that came meanwhile takes effect here."""
    with may_be_cut():
        pass
