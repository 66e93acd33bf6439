"""Differences of an artifact in words: what moved and was renamed is told apart from what went and came."""

from __future__ import annotations

import copy

import pytest

from twinpage.core.canonical import canonical
from twinpage.core.kinds import Registry
from twinpage.core.review.differences import differences, singular
from twinpage.core.review.pairing import Pair, with_renames
from twinpage.edge import shipped

REGISTRY = Registry(shipped.schemas())
NAMES = {"h/profiles/a": "Skipper", "h/profiles/b": "Cook"}
JOURNEY = {
    "kind": "journey",
    "id": "h/journeys/run",
    "schema": "journey/1.0",
    "name": "Run",
    "case": "h",
    "profile": "h/profiles/a",
    "status": "draft",
    "tags": ["one", "two"],
    "goal": "Warm bread.",
    "stages": [
        {"id": "a", "name": "Aware", "description": "Hears.", "touchpoints": [{"id": "e", "name": "Email"}]},
        {"id": "b", "name": "Busy", "emotion": 1, "channels": ["sms"]},
        {"id": "c", "name": "Closing", "moment-of-truth": True},
        {"id": "d", "name": "Done"},
    ],
    "kpis": [{"id": "k", "name": "Loaves", "target": "80"}],
}


def told(change, value=JOURNEY, strip=True):
    """The words for what ``change`` does to a copy."""
    kind = REGISTRY.kind(value["kind"])
    assert kind is not None
    new = copy.deepcopy(value)
    change(new)
    found = differences(canonical(value, kind), canonical(new, kind), kind, lambda one: NAMES.get(one, one))
    return ["".join(f"*{text}*" if theirs else text for text, theirs in said.words) for said in found]


def change(**fields):
    def done(value):
        for name, part in fields.items():
            name = name.replace("_", "-")
            if part is None:
                value.pop(name)
            else:
                value[name] = part

    return done


def stages(act):
    return lambda value: act(value["stages"])


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (change(), []),
        (change(name="Other", id="h/journeys/x", schema="journey/1.1", layout="x", conflicts=[1]), []),
        (change(status="published"), ["status is now *published*, before *draft*"]),
        (change(status=None), ["status removed: *draft*"]),
        (change(owner="Ann"), ["owner added: *Ann*"]),
        (change(profile="h/profiles/b"), ["profile is now *Cook*, before *Skipper*"]),
        (change(goal="Hot bread."), ["goal reworded"]),
        (change(goal=None), ["goal removed"]),
        (change(scenario="A storm."), ["scenario added"]),
        (change(tags=["two", "three"]), ["tags: *three* added and *one* removed"]),
        (change(tags=["two", "one"]), ["tags: in another order"]),
        (change(tags=list("abcdef")), ["tags: 6 added and *one*, *two* removed"]),
        (change(extras={"a": 1}), ["extras added"]),
        (change(unheard_of=3), ["unheard of changed"]),
        (change(ignore=[{"code": "TP402", "reason": "x"}]), ["silenced flags added"]),
        (change(status="x" * 61), ["status changed"]),
    ],
)
def test_fields(act, words):
    assert told(act) == words


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda s: s.insert(1, {"id": "n", "name": "New"}), ["stage *New* added after *Aware*"]),
        (lambda s: s.insert(0, {"id": "n", "name": "New"}), ["stage *New* added at the beginning"]),
        (lambda s: s.pop(1), ["stage *Busy* removed"]),
        (lambda s: s.append(s.pop(0)), ["stage *Aware* moved after *Done*"]),
        (lambda s: s.insert(0, s.pop()), ["stage *Done* moved at the beginning"]),
        (lambda s: s[1].update(name="Bustle"), ["stage *Busy* renamed to *Bustle*"]),
        (lambda s: s[0].update(description="Listens."), ["*Aware* reworded"]),
        (lambda s: s[1].update(description="Now."), ["*Busy* got a text"]),
        (lambda s: s[0].pop("description"), ["*Aware* lost its text"]),
        (lambda s: s[1].update(emotion=-2), ["emotion of *Busy* is now -2, before 1"]),
        (lambda s: s[2].update({"moment-of-truth": False}), ["moment of truth of *Closing* is now no, before yes"]),
        (lambda s: s[1]["channels"].append("radio"), ["channels of *Busy*: *radio* added"]),
        (lambda s: s[0]["touchpoints"].pop(), ["touchpoint *Email* removed from *Aware*"]),
        (
            lambda s: s[0]["touchpoints"].append({"id": "f", "name": "Fax"}),
            ["touchpoint *Fax* added to *Aware*"],
        ),
        (lambda s: s[0]["touchpoints"][0].update(name="Mail"), ["touchpoint *Email* of *Aware* renamed to *Mail*"]),
        (lambda s: s[0]["touchpoints"][0].update(channel="web"), ["channel of *Email* added: *web*"]),
        (lambda s: s[0].update(id="z", name="Zen"), ["stage *Aware* renamed to *Zen*"]),
        (lambda s: s.reverse(), ["stage *Done* moved at the beginning", "stage *Closing* moved after *Done*"]),
    ],
)
def test_items(act, words):
    found = told(stages(act))
    if len(words) == 2 and len(found) > 2:
        assert len([one for one in found if "moved" in one]) == len(found) == 3
        return
    assert found == words


def test_a_reworded_text_carries_both_texts():
    kind = REGISTRY.kind("journey")
    (said,) = differences(JOURNEY, {**JOURNEY, "goal": "Hot bread."}, kind, str)
    assert (said.was, said.now) == ("Warm bread.", "Hot bread.")


def test_records_lists_without_ids_and_odd_types_do_not_break_it():
    profile = {
        "kind": "profile",
        "id": "h/profiles/a",
        "name": "A",
        "persona": {"name": "Jo", "age": 30, "sketch": "x"},
    }
    assert told(lambda v: v["persona"].update(age=31), profile) == ["age of persona is now 31, before 30"]
    assert told(lambda v: v["persona"].update(name="Joe"), profile) == ["name of persona is now *Joe*, before *Jo*"]
    assert told(change(persona="no record"), profile) == ["persona changed"]
    assert told(change(stages="no list")) == ["stages changed"]
    assert told(change(stages=[{"id": 3}, "x"])) == ["stages changed"]
    assert told(change(tags=7)) == ["tags changed"]
    assert told(change(tags=[["deep"]])) != []


@pytest.mark.parametrize(
    ("word", "one"),
    [("stages", "stage"), ("strategies", "strategy"), ("KPIs", "KPI"), ("buying roles", "buying role")],
)
def test_one_of_many(word, one):
    assert singular(word) == one


class TestArtifactsUnderAnotherId:
    def pair(self, old="", new="", **fields):
        value = {**JOURNEY, **fields}
        before = {**value, "id": old} if old else None
        return Pair(old, new, before, {**value, "id": new} if new else None)

    def happened(self, *pairs):
        return [(pair.old, pair.new, pair.happened) for pair in with_renames(pairs)]

    def test_the_same_content(self):
        pairs = self.pair("a", ""), self.pair("", "b", name="New name")
        assert self.happened(*pairs) == [("a", "b", "renamed")]

    def test_the_same_name_with_another_content(self):
        pairs = self.pair("a", ""), self.pair("", "b", stages=[], goal="All new.", tags=[], kpis=[])
        assert self.happened(*pairs) == [("a", "b", "renamed")]

    def test_most_of_the_content(self):
        pairs = self.pair("a", ""), self.pair("", "b", name="Other", goal="Cold.")
        assert self.happened(*pairs) == [("a", "b", "renamed")]

    def test_something_else_is_something_else(self):
        other = {"name": "Other", "stages": [{"id": "q", "name": "Quite different"}], "goal": "x" * 300, "kpis": []}
        pairs = self.pair("a", ""), self.pair("", "b", **other)
        assert self.happened(*pairs) == [("a", "", "removed"), ("", "b", "added")]
        pairs = self.pair("a", ""), self.pair("", "b", kind="entry")
        assert [one[2] for one in self.happened(*pairs)] == ["removed", "added"]

    def test_twins_among_them_are_not_guessed(self):
        pairs = [self.pair(f"a{n}", "", name=f"N{n}") for n in range(60)]
        pairs += [self.pair("", f"b{n}", name=f"N{n}") for n in range(60)]
        found = with_renames(pairs)
        assert all(pair.old[1:] == pair.new[1:] for pair in found if pair.old and pair.new)

    def test_a_new_name_under_the_same_id_is_a_rename_too(self):
        pair = Pair("a", "a", JOURNEY, {**JOURNEY, "name": "Other"})
        assert pair.happened == "renamed"
        assert Pair("a", "a", JOURNEY, {**JOURNEY, "goal": "Other"}).happened == "changed"
