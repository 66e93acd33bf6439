"""Work in two processes: both halves come back, and a copy that fails is told by its silence."""

from __future__ import annotations

import os

import pytest

from twinpage.edge.processes import can_fork, halves

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot copy a process")


def test_both_halves_are_done_and_the_copy_is_another_process() -> None:
    here, there = halves(os.getpid, lambda: str(os.getpid()).encode())
    assert here == os.getpid()
    assert there is not None
    assert int(there) != here


def test_a_large_answer_comes_whole() -> None:
    _, there = halves(lambda: None, lambda: b"x" * 5_000_000)
    assert there == b"x" * 5_000_000


@pytest.mark.parametrize("error", [ValueError, SystemExit, KeyboardInterrupt, MemoryError])
def test_a_copy_that_fails_answers_nothing_and_the_other_half_stands(error: type[BaseException]) -> None:
    def fail() -> bytes:
        raise error

    assert halves(lambda: 7, fail) == (7, None)


def test_a_failure_here_is_raised_and_leaves_no_process_behind() -> None:
    def fail() -> None:
        raise ValueError("here")

    with pytest.raises(ValueError, match="here"):
        halves(fail, lambda: b"there")
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_system_that_cannot_copy_does_one_half_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise OSError("no more processes")

    monkeypatch.setattr(os, "fork", refuse)
    assert halves(lambda: 7, lambda: b"there") == (7, None)


def test_one_processor_is_not_worth_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert not can_fork()
