"""The index over the state sees what the state was told meanwhile, within its transaction."""

from __future__ import annotations

from pathlib import Path

import pytest

from twinpage.core.vault.cards import card_of
from twinpage.edge.disk import Stat
from twinpage.edge.states import state_index
from twinpage.edge.states.state import FileFacts, open_state
from twinpage.edge.states.state_index import LoadedIndex, StateIndex

CARD = card_of("topics/steam", {"kind": "topic", "name": "Steam"}, None, "artifacts/topics/steam.json")


def note(title: str, artifact: str = "", role: str = "note") -> FileFacts:
    return FileFacts(Stat(1, 2, 3, 4), "", role, title, title.casefold(), artifact, "", "")


def test_files_are_seen_as_soon_as_the_state_knows_them(tmp_path: Path) -> None:
    state = open_state(tmp_path, [])
    index = StateIndex(state)
    with state.transaction():
        state.put_files([("Steam.md", note("Steam", "topics/steam")), ("x.txt", note("Steam", role="stray"))])
        assert list(index.pages("steam")) == ["Steam.md"]
        assert list(index.claims("topics/steam")) == ["Steam.md"]
        state.drop_files(["Steam.md"])
        assert list(index.pages("steam")) == list(index.claims("topics/steam")) == []
    state.close()


def test_a_card_of_a_failed_transaction_is_not_in_the_state(tmp_path: Path) -> None:
    state = open_state(tmp_path, [])

    def fail() -> None:
        with state.transaction():
            StateIndex(state).put(CARD)
            raise ValueError

    with pytest.raises(ValueError):
        fail()
    assert StateIndex(state).card(CARD.id) is None
    assert LoadedIndex(state).card(CARD.id) is None
    state.close()


def test_a_loaded_index_writes_nothing_before_it_is_saved(tmp_path: Path) -> None:
    state = open_state(tmp_path, [])
    with state.transaction():
        index = LoadedIndex(state)
        index.put(CARD)
        assert state.count_cards() == 0
        index.save()
        assert state.count_cards() == 1
    state.close()


def test_who_asks_for_all_of_a_vault_keeps_few_and_is_answered_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_index, "MOST", 3)
    state = open_state(tmp_path, [])
    index = StateIndex(state)
    names = [f"topics/t{number}" for number in range(9)]
    for name in names:
        index.put(card_of(name, {"kind": "topic", "name": name}, None, f"artifacts/{name}.json"))
    index.drop(names[4])
    for _ in range(2):
        found = [index.card(name) for name in names]
        assert [card.name if card else None for card in found] == [*names[:4], None, *names[5:]]
        assert len(index._seen) <= 3
    state.close()
