"""Where words go: results to stdout, remarks to stderr, and colour only where somebody can see it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO, TypeVar

from msgspec import Struct, field

from twinpage.model.plain import plain
from twinpage.model.regex import regex

Thing = TypeVar("Thing")

WIDTH = 100
_PATIENCE = 1.0
_BETWEEN = 0.1
"""Seconds before a bar appears, and between two of its states."""
_BAR = 30
_COLOUR = regex(r"(\x1b\[[0-9]{1,2}m)")

_REFUSED: dict[TextIO, OSError] = {}
"""What the system said of a stream that could not be written to."""


class Terminal(Struct, frozen=True):
    """The two streams of a command, and what they can show."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @property
    def colour(self) -> bool:
        """Results may be coloured: a terminal, and nobody said NO_COLOR (https://no-color.org)."""
        return self.out.isatty() and not self.environment.get("NO_COLOR") and self.environment.get("TERM") != "dumb"

    @property
    def width(self) -> int:
        """Cells of a line of results; 100 where there is no terminal that tells."""
        if not self.out.isatty():
            return WIDTH
        from shutil import get_terminal_size

        return get_terminal_size((WIDTH, 24)).columns

    @property
    def unread(self) -> bool:
        """Whoever read the results has gone."""
        return isinstance(self._refused, BrokenPipeError)

    def end(self) -> str:
        """At the end of the process: why its results could not be written; empty when they could, or nobody wants them.

        Such as a full disk. Then nothing more is tried.
        """
        if self._refused is None or self.unread:
            return ""
        why = self._refused.strerror or "the system refused"
        self._forsake(self.out)
        return why

    def refused(self, error: OSError) -> None:
        """Somebody else could not write a result to our stream."""
        _REFUSED[self.out] = error

    @property
    def _refused(self) -> OSError | None:
        return _REFUSED.get(self.out)

    @property
    def interactive(self) -> bool:
        """A person is there to answer a question."""
        return sys.stdin is not None and sys.stdin.isatty() and self.err.isatty()

    def result(self, text: str) -> None:
        """Write to stdout; a final newline is added where it lacks, and only our own colours come through."""
        parts = _COLOUR.split(text) if self.colour else [text]
        shown = [part if number % 2 else plain(part) for number, part in enumerate(parts)]
        self._write(self.out, "".join(shown))

    def remark(self, text: str) -> None:
        """Write to stderr: progress, advice, what was waited for."""
        self._write(self.err, plain(text))

    def progress(self, things: Iterable[Thing], what: str, total: int) -> Iterator[Thing]:
        """The things one by one, with a bar on a terminal's stderr when going through them takes over a second."""
        if not self.err.isatty():
            yield from things
            return
        shown = due = time.monotonic() + _PATIENCE
        for number, thing in enumerate(things):
            now = time.monotonic()
            if now >= due:
                due = now + _BETWEEN
                self._bar(what, number, total)
            yield thing
        if due != shown:
            self.err.write("\r\x1b[K")
            self.err.flush()

    def _bar(self, what: str, number: int, total: int) -> None:
        filled = _BAR * number // total if total else 0
        self.err.write(f"\r{what}  [{'#' * filled}{'.' * (_BAR - filled)}] {number} of {total}\x1b[K")
        self.err.flush()

    def _write(self, stream: TextIO, text: str) -> None:
        if not text:
            return
        line = text if text.endswith("\n") else text + "\n"
        encoding = stream.encoding or "utf-8"
        # A console of an old code page, a file name that is no UTF-8: what cannot be shown becomes "?".
        shown = line.encode(encoding, "replace").decode(encoding)
        try:
            stream.write(shown)
            stream.flush()
        except OSError as error:  # what is being done goes on, whoever listens, and a full disk may have room again
            _REFUSED[stream] = error
            if isinstance(error, BrokenPipeError):
                self._forsake(stream)
        else:
            _REFUSED.pop(stream, None)

    @staticmethod
    def _forsake(stream: TextIO) -> None:
        # Else Python complains when it flushes at the end (docs.python.org/3/library/signal.html#note-on-sigpipe).
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
