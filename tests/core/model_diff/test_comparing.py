"""Two values of one artifact: each kind of edit in the words that people read, and nothing silent."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twinpage.core.model_diff import COLOUR, MARKDOWN, TEXT, compare, words
from twinpage.core.model_diff.sequences import same
from twinpage.core.schema.registry import Registry
from twinpage.edge import shipped

REGISTRY = Registry(shipped.schemas())
JOURNEY = {
    "kind": "journey",
    "id": "harbour/journeys/run",
    "schema": "journey/1.0",
    "name": "Morning run",
    "case": "harbour",
    "profile": "harbour/profiles/skipper",
    "goal": "Warm bread.",
    "expectations": ["Quiet", "Crust"],
    "tags": ["bread", "boats"],
    "stages": [
        {
            "id": "whistle",
            "name": "Whistle",
            "description": "Heads come up.",
            "emotion": 1,
            "touchpoints": [{"id": "horn", "name": "Horn"}, {"id": "flag", "name": "Flag", "experience": 1}],
        },
        {"id": "paying", "name": "Paying", "description": "Coins."},
        {"id": "leaving", "name": "Leaving"},
        {"id": "waving", "name": "Waving"},
        {"id": "sleeping", "name": "Sleeping"},
    ],
    "extras": {"source": "logbook"},
}
NAMES = {"harbour/profiles/skipper": "Skipper", "harbour/profiles/cook": "Ship's cook"}


def told(change: Any, look: Any = TEXT, value: dict[str, Any] = JOURNEY, renames: Any = None) -> str:
    new = copy.deepcopy(value)
    change(new)
    kind = REGISTRY.kind(value["kind"])
    found = compare(value, new, kind, lambda i: NAMES.get(i, i), renames)
    return "; ".join(words(one, look) for one in found)


def stage(value: Any, number: int = 0) -> Any:
    return value["stages"][number]


GOLDEN = {
    "stage added": (
        lambda v: v["stages"].insert(1, {"id": "asking", "name": "Asking"}),
        "stage *Asking* added after *Whistle*",
    ),
    "stage added first": (
        lambda v: v["stages"].insert(0, {"id": "asking", "name": "Asking"}),
        "stage *Asking* added before *Whistle*",
    ),
    "stage removed": (lambda v: v["stages"].pop(1), "stage *Paying* removed"),
    "stage moved": (lambda v: v["stages"].insert(3, v["stages"].pop(1)), "stage *Paying* moved after *Waving*"),
    "stage moved first": (
        lambda v: v["stages"].insert(0, v["stages"].pop(2)),
        "stage *Leaving* moved before *Whistle*",
    ),
    "another order": (
        lambda v: v["stages"].reverse(),
        "stages in another order: *Sleeping*, *Waving*, *Leaving*, *Paying*, *Whistle*",
    ),
    "stage renamed": (lambda v: stage(v).update(name="Horn call"), "stage *Whistle* renamed to *Horn call*"),
    "stage reworded": (lambda v: stage(v).update(description="Heads go up."), "*Whistle* reworded"),
    "another id": (lambda v: stage(v).update(id="call"), "stage *Whistle* has the id call instead of whistle"),
    "touchpoint removed": (lambda v: stage(v)["touchpoints"].pop(0), "touchpoint *Horn* removed from *Whistle*"),
    "touchpoint added": (
        lambda v: stage(v)["touchpoints"].append({"id": "email", "name": "Email"}),
        "touchpoint *Email* added to *Whistle* after *Flag*",
    ),
    "first touchpoint": (
        lambda v: stage(v, 1).update(touchpoints=[{"id": "till", "name": "Till"}]),
        "touchpoint *Till* added to *Paying*",
    ),
    "number": (lambda v: stage(v).update(emotion=-1), "emotion of *Whistle* is now -1 instead of 1"),
    "deep number": (
        lambda v: stage(v)["touchpoints"][1].pop("experience"),
        "experience of *Flag* of *Whistle* removed (was 1)",
    ),
    "yes": (lambda v: stage(v).update({"moment-of-truth": True}), "moment of truth of *Whistle* set to yes"),
    "name": (lambda v: v.update(name="Evening run"), "renamed from *Morning run* to *Evening run*"),
    "text": (lambda v: v.update(goal="Fresh bread."), "goal reworded"),
    "blanks": (lambda v: v.update(goal="Warm  bread."), "goal has other blanks"),
    "line reworded": (
        lambda v: v.update(expectations=["Silence", "Crust"]),
        'expectation *Quiet* is now "Silence"',
    ),
    "lines": (lambda v: v.update(expectations=["Crust"]), "expectation *Quiet* removed"),
    "set": (lambda v: v["tags"].reverse(), "tags in another order: *boats*, *bread*"),
    "reference": (
        lambda v: v.update(profile="harbour/profiles/cook"),
        "now targets profile *Ship's cook* instead of *Skipper*",
    ),
    "reference removed": (lambda v: v.pop("profile"), "no longer targets profile *Skipper*"),
    "extras": (lambda v: v["extras"].update(by="me"), 'by of *extras* set to "me"'),
    "layout": (lambda v: v.update(layout="old"), 'layout set to "old"'),
    "silenced": (
        lambda v: v.update(ignore=[{"code": "TP401", "reason": "short"}]),
        "silenced flag *TP401* added",
    ),
    "conflict": (
        lambda v: v.update(conflicts=[{"pointer": "/goal", "other": "x", "from": "note"}]),
        "conflict *goal* added",
    ),
    "unknown field": (lambda v: v.update(mood={"a": 1}), "mood written"),
    "null": (lambda v: v.update(owner=None), "owner set to nothing"),
    "empty list": (lambda v: v.update(insights=[]), "insights set to nothing"),
}


@pytest.mark.parametrize("edit", GOLDEN)
def test_edit_in_words(edit: str) -> None:
    change, expected = GOLDEN[edit]
    assert told(change) == expected


def test_reference_follows_a_rename() -> None:
    renames = {"harbour/profiles/skipper": "harbour/profiles/cook"}
    said = told(lambda v: v.update(profile="harbour/profiles/cook"), renames=renames)
    assert said == "profile follows the new id of *Ship's cook*"


def test_new_and_gone() -> None:
    kind = REGISTRY.kind("journey")
    (new,) = compare(None, JOURNEY, kind)
    assert words(new).startswith("added with 5 stages: *Whistle*, *Paying*, ")
    (gone,) = compare(JOURNEY, None, kind)
    assert (gone.action, gone.name, words(gone)[:7]) == ("removed", "Morning run", "removed")
    assert compare(None, None, kind) == ()


def test_unknown_kind_is_told_by_its_keys() -> None:
    old = {"kind": "boat", "id": "b", "masts": [{"id": "main", "name": "Main", "height": 3}]}
    new = {"kind": "boat", "id": "b", "masts": [{"id": "main", "name": "Main", "height": 4}]}
    assert [words(one) for one in compare(old, new, None)] == ["height of *Main* is now 4 instead of 3"]


def test_each_pointer_leads_to_what_differs() -> None:
    new = copy.deepcopy(JOURNEY)
    stage(new)["touchpoints"][0]["name"] = "Bell"
    (found,) = compare(JOURNEY, new, REGISTRY.kind("journey"))
    assert (found.action, found.sort, found.pointer) == ("renamed", "item", "/stages/whistle/touchpoints/horn/name")


def test_hostile_names_do_nothing() -> None:
    bad = "a\x1b[31m|`@all` #1 <img src=x> [[x]]\n\u202e"
    change = lambda v: v["stages"].append({"id": "evil", "name": bad})  # noqa: E731
    for look in (TEXT, COLOUR, MARKDOWN):
        said = told(change, look)
        ours = re.sub(r"\x1b\[[0-9]+m", "", said) if look is COLOUR else said
        assert all(char.isprintable() or char == "\u200b" for char in ours), said
    said = told(change, MARKDOWN)
    assert re.search(r"(?<!\\)[<|`]", said) is None
    assert "@all" not in said
    assert "[[" not in said.replace("\\[\\[", "")


# ------------------------------------------------------------------ nothing is silent

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from([1.0, 0.5]), st.text(max_size=4))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["id", "name", "a", "description"]), inner, max_size=3),
    ),
    max_leaves=8,
)
NAMES_OF_FIELDS = sorted({*JOURNEY, "owner", "kpis", "conflicts", "ignore", "layout", "mood"})
ITEM = st.fixed_dictionaries(
    {"id": st.sampled_from("abcd")},
    optional={
        "name": st.sampled_from(["A", "B", 1]),
        "touchpoints": VALUES,
        "emotion": SCALARS,
        "description": SCALARS,
    },
)
ARTIFACTS = st.dictionaries(st.sampled_from(NAMES_OF_FIELDS), VALUES, max_size=5).flatmap(
    lambda value: st.lists(ITEM, max_size=5).map(lambda stages: {**value, "stages": stages})
)


@settings(max_examples=150, deadline=None)
@given(ARTIFACTS, ARTIFACTS)
def test_every_difference_is_told(old: dict[str, Any], new: dict[str, Any]) -> None:
    kind = REGISTRY.kind("journey")
    assert compare(old, copy.deepcopy(old), kind) == ()
    for known in (kind, None):
        found = compare(old, new, known)
        assert bool(found) is not same(old, new)
        for look in (TEXT, MARKDOWN):
            said = [words(one, look) for one in found]
            assert all(one.strip() for one in said)
            assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", "".join(said))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_one_random_change_is_told(data: st.DataObject) -> None:
    new = copy.deepcopy(JOURNEY)
    where: Any = new
    while True:
        keys = list(range(len(where))) if isinstance(where, list) else sorted(where)
        key = data.draw(st.sampled_from(keys))
        if isinstance(where[key], dict | list) and where[key] and data.draw(st.booleans()):
            where = where[key]
            continue
        where[key] = data.draw(VALUES)
        break
    found = compare(JOURNEY, new, REGISTRY.kind("journey"))
    assert bool(found) is (json.dumps(new, sort_keys=True) != json.dumps(JOURNEY, sort_keys=True))


def test_a_strategy_is_called_what_the_note_calls_it() -> None:
    strategy = {
        "kind": "sales-strategy",
        "id": "harbour/sales-strategies/quay",
        "schema": "sales-strategy/1.0",
        "name": "Win the quay",
        "profile": "harbour/profiles/skipper",
        "items": [{"id": "free-roll", "name": "Free roll"}, {"id": "bell", "name": "Bell"}],
    }
    assert told(lambda v: v["items"].pop(0), value=strategy) == "strategy *Free roll* removed"
