"""Look-ups of a vault: one contract, whatever the index stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from twinpage.core.schema.registry import Registry
from twinpage.core.vault.index import Index
from twinpage.core.vault.indexed_vault import IndexedVault
from twinpage.core.vault.memory_index import MemoryIndex
from twinpage.core.vault.vault import Card
from twinpage.edge import shipped
from twinpage.edge.disk import Stat
from twinpage.edge.states.state import FileFacts, State, memory_state
from twinpage.edge.states.state_index import LoadedIndex, StateIndex, packed, unpack
from twinpage.model.names import fold

REGISTRY = Registry(shipped.schemas())


def card(artifact: str, kind: str, name: str = "", /, note: str = "", **parts: object) -> Card:
    name = name or artifact
    facts = {"case": "", "status": "", "example": False, "aliases": (), "references": (), **parts}
    title = note.rpartition("/")[2].removesuffix(".md")
    return Card(artifact, kind, name, f"artifacts/{artifact}.json", note, title, **facts)  # type: ignore[arg-type]


def part(artifact: str, kind: str, *references: tuple[str, str], **parts: object) -> Card:
    case = artifact.partition("/")[0]
    return card(artifact, kind, case=case, references=(("case", case), *references), **parts)


HARBOUR = card("harbour", "case", "Harbour bakery", note="Cases/Harbour bakery.md", aliases=("Quay", "The oven"))
LAB = card("lab", "case", "Lab", example=True)
BUYER = part("harbour/profiles/buyer", "profile", note="Profiles/Café buyer.md")
TRIP = part("harbour/journeys/trip", "journey", ("profile", BUYER.id))
PLAN = part("harbour/sales-strategies/plan", "sales-strategy", ("profile", BUYER.id))
TEST = part("lab/journeys/test", "journey")
OLD = part("lab/journeys/old", "journey", status="archived")
JOURNEY = card("artifact-types/profile-id/journey", "artifact-type", metamodel_id="profile-(id)/journey")
POEM = card("artifact-types/poem", "artifact-type", metamodel_id="poem")
ENTRY = part("lab/entries/ode", "entry", ("artifact-type", POEM.id))
MINE = part("harbour/entries/ode", "entry", ("artifact-type", POEM.id))
ALL = (HARBOUR, LAB, BUYER, TRIP, PLAN, TEST, OLD, JOURNEY, POEM, ENTRY, MINE)


class Memory:
    """An index in memory, filled as a look at the disk fills it."""

    def __init__(self) -> None:
        self.index: Index = MemoryIndex()

    def page(self, path: str, title: str, artifact: str = "") -> None:
        assert isinstance(self.index, MemoryIndex)
        self.index.put_page(path, title)
        if artifact:
            self.index.put_claim(artifact, path)


class OverState:
    """An index that asks the state row by row."""

    def __init__(self) -> None:
        self.state: State = memory_state()
        self.index: Index = StateIndex(self.state)

    def page(self, path: str, title: str, artifact: str = "") -> None:
        facts = FileFacts(Stat(1, 2, 3, 4), "", "note", title, fold(title), artifact, "", "")
        self.state.put_files([(path, facts)])


class Loaded(OverState):
    """An index that was loaded whole from what another left in the state."""

    def __init__(self) -> None:
        super().__init__()
        self.index = LoadedIndex(self.state)

    def page(self, path: str, title: str, artifact: str = "") -> None:
        super().page(path, title, artifact)
        assert isinstance(self.index, LoadedIndex)
        self.index.save()
        self.index = LoadedIndex(self.state)


World = Memory | OverState | Loaded


@pytest.fixture(params=[Memory, OverState, Loaded])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made: World = request.param()
    yield made
    if isinstance(made, OverState):
        made.state.close()


@pytest.fixture
def vault_of(world: World) -> Callable[..., IndexedVault]:
    def make(*cards: Card, dialect: str = "obsidian") -> IndexedVault:
        vault = IndexedVault(world.index, dialect, REGISTRY, "2026-05-01")
        for one in cards:
            vault.put(one)
        for one in cards:
            if one.note_path:
                world.page(one.note_path, one.title, one.id)
        return IndexedVault(world.index, dialect, REGISTRY, "2026-05-01")

    return make


VaultOf = Callable[..., IndexedVault]


class TestContract:
    def test_cards_by_id(self, vault_of: VaultOf) -> None:
        vault = vault_of(*ALL)
        assert all(vault.card(one.id) == one for one in ALL)
        assert vault.card("none") is None
        assert vault.card("") is None

    def test_cards_of_a_kind_by_id(self, vault_of: VaultOf) -> None:
        vault = vault_of(*reversed(ALL))
        assert vault.of_kind("journey") == (TRIP, OLD, TEST)
        assert vault.of_kind("tool") == ()

    def test_referrers(self, vault_of: VaultOf) -> None:
        vault = vault_of(*ALL)
        assert vault.referrers(BUYER.id, "journey", "profile") == (TRIP,)
        assert vault.referrers(BUYER.id, "journey", "case") == ()
        assert vault.referrers("harbour", "journey", "case") == (TRIP,)
        assert vault.referrers("none", "journey", "profile") == ()

    def test_another_card_takes_the_place_of_the_old_one(self, vault_of: VaultOf) -> None:
        vault = vault_of(BUYER, TRIP)
        moved = part(TRIP.id, "journey", ("profile", "harbour/profiles/walker"), note="Journeys/Trip.md")
        vault.put(moved)
        assert vault.card(TRIP.id) == moved
        assert vault.referrers(BUYER.id, "journey", "profile") == ()
        assert vault.referrers("harbour/profiles/walker", "journey", "profile") == (moved,)
        assert vault.index.artifact_of_page("Journeys/Trip.md") == TRIP.id
        other = card(TRIP.id, "tool")
        vault.put(other)
        assert vault.of_kind("journey") == ()
        assert vault.of_kind("tool") == (other,)
        assert vault.index.artifact_of_page("Journeys/Trip.md") is None

    def test_a_dropped_card_is_gone(self, vault_of: VaultOf) -> None:
        vault = vault_of(*ALL)
        vault.drop(TRIP.id)
        assert vault.card(TRIP.id) is None
        assert vault.of_kind("journey") == (OLD, TEST)
        assert vault.referrers(BUYER.id, "journey", "profile") == ()
        assert vault.drop("none") == set()

    def test_claims(self, vault_of: VaultOf, world: World) -> None:
        vault_of(BUYER)
        world.page("B.md", "B", BUYER.id)
        world.page("A.md", "A", BUYER.id)
        vault = IndexedVault(world.index, "obsidian", REGISTRY)
        assert vault.claims(BUYER.id) == ("A.md", "B.md", "Profiles/Café buyer.md")
        assert vault.claims("none") == ()

    def test_links_find_notes_by_folded_title(self, vault_of: VaultOf) -> None:
        vault = vault_of(BUYER, HARBOUR)
        for target in ("Café buyer", "CAFÉ BUYER", "Cafe\u0301 Buyer", "Café buyer.md", "Profiles/Café buyer"):
            assert vault.resolve(target) == BUYER.id, target
            assert vault.page(target) == "Profiles/Café buyer.md", target
        for target in ("Cafe buyer", "Other/Café buyer", "rofiles/Café buyer", "", "Café buyer/"):
            assert vault.resolve(target) is None, target

    def test_a_link_by_path_may_name_the_last_folders_only(self, vault_of: VaultOf, world: World) -> None:
        vault_of()
        world.page("Deep/er/Note.md", "Note")
        vault = IndexedVault(world.index, "obsidian", REGISTRY)
        assert vault.page("er/Note") == vault.page("Deep/er/note.md") == "Deep/er/Note.md"
        assert vault.page("Deep/Note") is None

    def test_of_two_notes_the_one_nearest_the_top_is_meant(self, vault_of: VaultOf, world: World) -> None:
        vault_of()
        for path in ("z/Note.md", "a/b/Note.md", "y/Note.md"):
            world.page(path, "Note")
        assert IndexedVault(world.index, "obsidian", REGISTRY).page("note") == "y/Note.md"

    def test_in_logseq_a_slash_belongs_to_the_title(self, vault_of: VaultOf, world: World) -> None:
        vault_of()
        world.page("pages/a___b.md", "a/b")
        vault = IndexedVault(world.index, "logseq", REGISTRY)
        assert vault.page("A/B") == "pages/a___b.md"
        assert vault.page("b") is None

    def test_a_note_that_is_no_artifact(self, vault_of: VaultOf, world: World) -> None:
        vault_of(BUYER)
        world.page("Diary.md", "Diary")
        vault = IndexedVault(world.index, "obsidian", REGISTRY)
        assert (vault.page("Diary"), vault.resolve("Diary")) == ("Diary.md", None)

    def test_examples_are_of_example_cases_and_awake(self, vault_of: VaultOf) -> None:
        vault = vault_of(*ALL)
        assert vault.examples(JOURNEY.id) == (TEST,)
        assert vault.examples(POEM.id) == (ENTRY,)
        assert vault.examples("none") == ()
        assert [vault.is_example(one) for one in (LAB, TEST, HARBOUR, TRIP)] == [True, True, False, False]

    def test_similar_names(self, vault_of: VaultOf) -> None:
        vault = vault_of(*ALL)
        assert vault.similar("harbor bakery", ("case",)) == ("Harbour bakery",)
        assert vault.similar("the ovn", ("case",)) == ("Harbour bakery",)
        assert vault.similar("harbour/profile/buyer", ())[:1] == ("Café buyer",)
        assert vault.similar("harbor bakery", ("journey",)) == ()
        assert vault.similar("zzzz", ()) == ()

    def test_similar_ids_for_whoever_typed_a_name_or_a_wrong_id(self, vault_of: VaultOf) -> None:
        vault = vault_of(*ALL)
        assert vault.similar_ids("Harbour bakery", ())[:1] == ("harbour",)
        assert vault.similar_ids("harbour/profile/buyer", ())[:1] == ("harbour/profiles/buyer",)
        assert vault.similar_ids("harbour/profile/buyer", ("case",)) == ()
        assert vault.similar_ids("zzzz", ()) == ()

    def test_names_of_cases_follow_the_cases(self, vault_of: VaultOf) -> None:
        vault = vault_of(HARBOUR)
        before = vault.case_names()
        assert vault.case_names() is before
        vault.put(TRIP)
        assert vault.case_names() is before
        vault.put(LAB)
        assert vault.case_names() is not before


class TestKeys:
    def test_what_is_asked_is_noted(self, vault_of: VaultOf) -> None:
        vault = vault_of(*ALL)
        with vault.noting() as asked:
            vault.card("x")
            vault.referrers("y", "journey", "profile")
            vault.of_kind("case")
            vault.resolve("Some Note")
            vault.claims("z")
            vault.examples(JOURNEY.id)
        for key in ("id:x", "ref:y", "kind:case", "title:some note", "id:z", "type:profile-(id)/journey", "id:lab"):
            assert key in asked, key
        vault.card("later")
        assert "id:later" not in asked

    def test_inner_noting_does_not_leak(self, vault_of: VaultOf) -> None:
        vault = vault_of()
        with vault.noting() as outer:
            vault.card("a")
            with vault.noting() as inner:
                vault.card("b")
            vault.card("c")
        assert (outer, inner) == ({"id:a", "id:c"}, {"id:b"})

    def test_a_card_that_stays_the_same_touches_nothing(self, vault_of: VaultOf) -> None:
        vault = vault_of(TRIP)
        assert vault.put(TRIP) == set()
        assert vault.drop("none") == set()

    def test_keys_of_what_was_and_of_what_is(self, vault_of: VaultOf) -> None:
        vault = vault_of(TRIP)
        moved = part(TRIP.id, "journey", ("profile", "harbour/profiles/walker"))
        keys = vault.put(moved)
        assert {f"ref:{BUYER.id}", "ref:harbour/profiles/walker", f"id:{TRIP.id}", "kind:journey"} <= keys
        assert "type:profile-(id)/journey" in keys
        assert {"ref:harbour/profiles/walker", f"id:{TRIP.id}"} <= vault.drop(TRIP.id)

    def test_whoever_asked_is_told(self, vault_of: VaultOf) -> None:
        """Every answer that a change alters was asked by one of the keys that the change names."""
        asks: tuple[Callable[[IndexedVault], object], ...] = (
            lambda v: v.card(TRIP.id),
            lambda v: v.referrers(BUYER.id, "journey", "profile"),
            lambda v: v.of_kind("journey"),
            lambda v: v.examples(JOURNEY.id),
            lambda v: v.case_names(),
            lambda v: v.is_example(TEST),
            lambda v: v.resolve("Café buyer"),
        )
        changes: tuple[Callable[[IndexedVault], set[str]], ...] = (
            lambda v: v.drop(TRIP.id),
            lambda v: v.put(part("lab/journeys/new", "journey")),
            lambda v: v.put(card("lab", "case", "Lab")),
            lambda v: v.put(part(TEST.id, "journey", status="archived")),
            lambda v: v.put(card("third", "case", "Third", example=True)),
            lambda v: v.drop("lab"),
        )
        for change in changes:
            vault = vault_of(*ALL)
            before = []
            for ask in asks:
                with vault.noting() as asked:
                    before.append((ask(vault), set(asked)))
            keys = change(vault)
            for ask, (answer, asked) in zip(asks, before, strict=True):
                assert ask(vault) == answer or asked & keys


def test_a_card_survives_the_state() -> None:
    for one in ALL:
        assert unpack(packed(one)[3]) == one


def test_what_a_loaded_index_learnt_is_saved() -> None:
    state = memory_state()
    first = LoadedIndex(state)
    first.put(TRIP)
    first.put(TEST)
    first.save()
    second = LoadedIndex(state)
    second.drop(TEST.id)
    second.put(OLD)
    second.save()
    assert state.count_cards() == 2
    assert StateIndex(state).card(OLD.id) == OLD
    assert list(StateIndex(state).referrers(BUYER.id)) == [TRIP.id]
    assert list(StateIndex(state).referrers("lab")) == [OLD.id]
    state.close()
