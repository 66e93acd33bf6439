"""When a file that changes has come to rest."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from twinpage.core.settling import LONGEST, SHORTEST, TOGETHER, Settling


def test_a_single_save_is_due_after_the_shortest_rest() -> None:
    settling = Settling()
    settling.saw(["a.md"], 10.0)
    assert settling.next() == 10.0 + SHORTEST
    assert settling.due(10.1) == ()
    assert settling.due(10.0 + SHORTEST) == ("a.md",)
    assert settling.due(20.0) == ()
    assert settling.next() is None


def test_who_saves_in_pieces_is_given_longer() -> None:
    settling = Settling()
    settling.saw(["a.md"], 10.0)
    settling.saw(["a.md"], 10.18)
    assert settling.due(10.18 + SHORTEST) == ()
    assert settling.due(10.18 + 0.36) == ("a.md",)
    for at in (20.0, 20.4, 20.8):
        settling.saw(["a.md"], at)
    assert settling.due(20.8 + LONGEST - 0.01) == ()
    assert settling.due(20.8 + LONGEST) == ("a.md",)


def test_what_was_saved_together_is_due_together() -> None:
    settling = Settling()
    settling.saw(["a.md"], 10.0)
    settling.saw(["b.md"], 10.15)
    assert settling.due(10.21) == ()
    assert settling.due(10.36) == ("a.md", "b.md")


def test_a_file_that_never_rests_keeps_nobody_waiting_for_ever() -> None:
    settling = Settling()
    settling.saw(["a.md"], 10.0)
    at = 10.0
    while at < 10.0 + SHORTEST + TOGETHER:
        settling.saw(["log.md"], at)
        at += 0.1
    assert settling.due(at + 0.01) == ("a.md",)
    assert len(settling) == 1


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 0.7)), min_size=1, max_size=40))
def test_every_path_is_due_once_and_none_before_its_rest(happened: list[tuple[str, float]]) -> None:
    settling, now = Settling(), 100.0
    last: dict[str, float] = {}
    seen: set[str] = set()
    for path, pause in happened:
        now += pause
        for done in settling.due(now):
            assert now - last[done] >= SHORTEST - 1e-9
            seen.add(done)
        settling.saw([path], now)
        last[path] = now
    while (due := settling.next()) is not None:
        assert due <= now + LONGEST + TOGETHER + 1e-9
        seen.update(settling.due(due + 1e-6))
    assert seen == {path for path, _ in happened}
