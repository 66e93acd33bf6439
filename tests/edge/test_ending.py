"""Requests to end, by real signals to this very process."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from twinpage.edge.ending import done_whole, heed_requests, may_be_cut
from twinpage.edge.lock import write_lock


@pytest.fixture(autouse=True)
def _heeds_ctrl_c():
    """Who runs the tests in the background may have left Ctrl-C ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_what_is_ignored_stays_so():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    done = []
    with done_whole(), may_be_cut():
        ask()
        done.append("work")
    assert done == ["work"]
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def ask(number=signal.SIGINT):
    os.kill(os.getpid(), number)


def done_until_the_end(work):
    """What the work did until a request to end took effect."""
    done = []
    with pytest.raises(KeyboardInterrupt), done_whole():
        work(done.append)
    return done


def test_what_is_done_whole_is_done_before_the_end():
    def work(do):
        ask()
        with done_whole():
            do("first")
        do("second")

    assert done_until_the_end(work) == ["first", "second"]


def test_it_cuts_where_it_may():
    def work(do):
        with may_be_cut():
            with done_whole():
                ask()
                do("deed")
            do("too late")

    assert done_until_the_end(work) == ["deed"]


def test_what_came_before_cuts_at_once():
    def work(do):
        ask()
        with may_be_cut():
            do("too late")

    assert done_until_the_end(work) == []


def test_between_two_deeds_it_is_heeded():
    def work(do):
        ask()
        do("first")
        heed_requests()
        do("second")

    assert done_until_the_end(work) == ["first"]


def test_words_after_work_that_was_cut_are_not_cut_themselves():
    def work(do):
        try:
            with may_be_cut():
                ask()
        finally:
            ask()
            do("what was done")

    assert done_until_the_end(work) == ["what was done"]


def test_a_handler_of_the_program_is_asked_once_and_comes_back():
    asked = []

    def end(number, frame):
        asked.append(number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        with done_whole():
            ask(signal.SIGTERM)
            ask(signal.SIGTERM)
            assert asked == []
        assert asked == [signal.SIGTERM]
        assert signal.getsignal(signal.SIGTERM) is end
    finally:
        signal.signal(signal.SIGTERM, before)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_a_handler_puts_in_its_place_stays():
    def once(number, frame):
        signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, once)

    @done_whole()
    @may_be_cut()
    def work():
        ask(signal.SIGTERM)

    try:
        with pytest.raises(KeyboardInterrupt):
            work()
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
        with done_whole():
            ask(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)


def test_an_error_within_leaves_the_handlers_as_they_were():
    with pytest.raises(ValueError), done_whole(), may_be_cut():
        raise ValueError
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with pytest.raises(KeyboardInterrupt):
        ask()


def test_a_request_at_the_very_moment_of_stepping_back(monkeypatch):
    real = signal.signal

    def asked_meanwhile(number, handler):
        if handler is signal.default_int_handler:
            ask()
        return real(number, handler)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt), done_whole():
        patched.setattr(signal, "signal", asked_meanwhile)
    done = []

    @done_whole()
    def work():
        ask()
        done.append("work")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["work"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_other_threads_change_nothing():
    met = []

    def work():
        with done_whole(), may_be_cut():
            met.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert met == [signal.default_int_handler]


def test_who_holds_the_lock_ends_after_the_work_and_lets_go(tmp_path):
    done = []

    @write_lock(tmp_path)
    def work():
        ask()
        done.append("work")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["work"]
    with write_lock(tmp_path, patience=0.0):
        done.append("again")
    assert done == ["work", "again"]
