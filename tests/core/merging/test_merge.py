"""Both twins changed: what merges, what conflicts, and the laws of it."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from twinpage.core import pointers
from twinpage.core.merging.merge import Merged, merge
from twinpage.model.conflict import Conflict
from twinpage.model.kind import Field, Shape, Value

NAME = Field("name", "Name", "line", "title")
TOUCHPOINT = Shape(
    fields=(NAME, Field("experience", "Experience", "integer", "property"), Field("note", "Note", "text", "section")),
    title=NAME,
    identified=True,
)
STAGE = Shape(
    fields=(
        NAME,
        Field("description", "Description", "text", "body"),
        Field("emotion", "Emotion", "integer", "property"),
        Field("channels", "Channels", "lines", "property", unordered=True),
        Field("touchpoints", "Touchpoints", "items", "bullets", shape=TOUCHPOINT),
    ),
    title=NAME,
    identified=True,
)
KPI = Shape(fields=(NAME, Field("target", "Target", "line", "property")), title=NAME)
QUESTION = Shape(
    fields=(Field("question", "Question", "line", "property"), Field("answer", "Answer", "line", "property"))
)
PERSONA = Shape(fields=(Field("quote", "Quote", "line", "property"), Field("goals", "Goals", "lines", "bullets")))
JOURNEY = Shape(
    fields=(
        NAME,
        Field("profile", "Profile", "reference", "property"),
        Field("goal", "Goal", "text", "section"),
        Field("steps", "Steps", "lines", "bullets"),
        Field("tags", "Tags", "lines", "property", unordered=True),
        Field("persona", "Persona", "record", "section", shape=PERSONA),
        Field("kpis", "KPIs", "items", "bullets", shape=KPI),
        Field("questions", "Questions", "items", "bullets", shape=QUESTION),
        Field("stages", "Stages", "items", "headings", shape=STAGE),
    ),
)


def stage(name: str, **fields: Any) -> Value:
    return {"id": name, "name": name.title(), **fields}


def journey(*stages: Value, **fields: Any) -> Value:
    return {"name": "Launch", **fields, **({"stages": list(stages)} if stages else {})}


def ids(view: Value) -> list[str]:
    return [item["id"] for item in view.get("stages", [])]


def clean(merged: Merged) -> Value:
    """The view, after proving that there is one."""
    assert merged.conflicts == ()
    assert merged.note_view == merged.file_view == merged.agreed == merged.view
    return merged.view


def test_different_fields_both_follow() -> None:
    base = journey(goal="one\n\ntwo", profile="p")
    merged = merge(base, {**base, "goal": "ONE\n\ntwo"}, {**base, "goal": "one\n\nTWO", "profile": "q"}, JOURNEY)
    assert clean(merged) == journey(goal="ONE\n\nTWO", profile="q")


def test_the_same_scalar_conflicts_and_the_rest_merges() -> None:
    base = journey(profile="p", tags=["a"])
    merged = merge(base, journey(profile="note", tags=["a", "b"]), journey(profile="file", tags=["c", "a"]), JOURNEY)
    assert merged.conflicts == (Conflict("/profile", "p", "note", "file"),)
    assert merged.note_view == journey(profile="note", tags=["c", "a", "b"])
    assert merged.file_view == journey(profile="file", tags=["c", "a", "b"])
    assert merged.agreed == journey(profile="p", tags=["c", "a", "b"])


def test_items_are_added_removed_moved_and_changed_each_on_its_own() -> None:
    base = journey(stage("a"), stage("b"), stage("c"))
    note = journey(stage("a", emotion=1), stage("b"), stage("c"), stage("d"))
    file = journey(stage("c"), stage("a", description="Text"))
    assert clean(merge(base, note, file, JOURNEY)) == journey(
        stage("c"), stage("d"), stage("a", emotion=1, description="Text")
    )


def test_items_inside_items() -> None:
    base = journey(stage("a", touchpoints=[{"id": "web", "name": "Web"}]))
    note = journey(stage("a", touchpoints=[{"id": "web", "name": "Web", "experience": 1}]))
    file = journey(
        stage("a", touchpoints=[{"id": "web", "name": "Web", "experience": 2}, {"id": "fair", "name": "Fair"}])
    )
    merged = merge(base, note, file, JOURNEY)
    assert merged.conflicts == (Conflict("/stages/a/touchpoints/web/experience", None, 1, 2),)
    assert pointers.look(merged.note_view, "/stages/a/touchpoints/fair") == {"id": "fair", "name": "Fair"}


def test_the_same_new_id_with_different_content() -> None:
    base = journey(stage("a"))
    merged = merge(
        base, journey(stage("a"), stage("n", emotion=1)), journey(stage("a"), stage("n", emotion=2)), JOURNEY
    )
    assert merged.conflicts == (Conflict("/stages/n", None, stage("n", emotion=1), stage("n", emotion=2)),)
    assert merged.agreed == base


def test_removal_against_an_edit_keeps_the_edited_copy() -> None:
    base = journey(stage("a"), stage("b"), stage("c"))
    file = journey(stage("a"), stage("b", emotion=-2), stage("c"))
    merged = merge(base, journey(stage("a"), stage("c")), file, JOURNEY)
    assert merged.conflicts == (Conflict("/stages/b", stage("b"), None, stage("b", emotion=-2)),)
    assert ids(merged.note_view) == ["a", "c"]
    assert merged.file_view == merged.view == file
    assert merge(base, file, journey(stage("a"), stage("c")), JOURNEY).view == file


def test_moving_is_no_edit_against_a_removal() -> None:
    base = journey(stage("a"), stage("b"), stage("c"))
    merged = merge(base, journey(stage("c"), stage("a"), stage("b")), journey(stage("a"), stage("b")), JOURNEY)
    assert ids(clean(merged)) == ["a", "b"]


def test_contradicting_orders_are_a_conflict_of_ids() -> None:
    base = journey(stage("a"), stage("b"), stage("c"))
    note = journey(stage("b", emotion=1), stage("a"), stage("c"))
    file = journey(stage("a"), stage("c", emotion=2), stage("b"))
    merged = merge(base, note, file, JOURNEY)
    assert merged.conflicts == (Conflict("/stages", ["a", "b", "c"], ["b", "a", "c"], ["a", "c", "b"]),)
    assert merged.note_view == journey(stage("b", emotion=1), stage("a"), stage("c", emotion=2))
    assert pointers.put(merged.note_view, "/stages", merged.conflicts[0].file) == merged.file_view


def test_removing_the_whole_list_removes_what_nobody_edited() -> None:
    base = journey(stage("a"), stage("b"))
    merged = merge(base, journey(), journey(stage("a"), stage("b", emotion=1)), JOURNEY)
    assert [conflict.pointer for conflict in merged.conflicts] == ["/stages/b"]
    assert merged.note_view == journey()
    assert ids(merged.file_view) == ["b"]


def test_lists_with_an_order_merge_where_they_do_not_overlap() -> None:
    base = journey(steps=["one", "two", "three"])
    merged = merge(
        base, journey(steps=["ONE", "two", "three"]), journey(steps=["one", "two", "three", "four"]), JOURNEY
    )
    assert clean(merged)["steps"] == ["ONE", "two", "three", "four"]
    assert merge(journey(steps=["a"]), journey(steps=["b"]), journey(steps=["c"]), JOURNEY).conflicts == (
        Conflict("/steps", ["a"], ["b"], ["c"]),
    )


def test_sets_unite() -> None:
    merged = merge(journey(tags=["a", "b"]), journey(tags=["b", "x"]), journey(tags=["a", "b", "y"]), JOURNEY)
    assert clean(merged)["tags"] == ["b", "x", "y"]
    assert "tags" not in clean(merge(journey(tags=["a", "b"]), journey(tags=["a"]), journey(tags=["b"]), JOURNEY))


def test_records_merge_field_by_field() -> None:
    merged = merge(journey(), journey(persona={"quote": "Hm"}), journey(persona={"goals": ["win"]}), JOURNEY)
    assert clean(merged)["persona"] == {"quote": "Hm", "goals": ["win"]}
    edited = merge(journey(persona={"quote": "Hm"}), journey(), journey(persona={"quote": "Ah"}), JOURNEY)
    assert edited.conflicts == (Conflict("/persona", {"quote": "Hm"}, None, {"quote": "Ah"}),)


def test_items_without_ids_merge_by_title() -> None:
    base = journey(kpis=[{"name": "leads", "target": "5"}, {"name": "deals", "target": "1"}])
    note = journey(kpis=[{"name": "deals", "target": "2"}, {"name": "leads", "target": "5"}])
    file = journey(kpis=[{"name": "leads", "target": "9"}, {"name": "deals", "target": "1"}, {"name": "cost"}])
    assert clean(merge(base, note, file, JOURNEY))["kpis"] == [
        {"name": "deals", "target": "2"},
        {"name": "cost"},
        {"name": "leads", "target": "9"},
    ]


def test_items_without_ids_and_titles_merge_by_place_or_as_they_stand() -> None:
    base = journey(questions=[{"question": "Who?"}, {"question": "Why?"}])
    note = journey(questions=[{"question": "Who?", "answer": "You"}, {"question": "Why?"}])
    file = journey(questions=[{"question": "Who is it?"}, {"question": "Why?"}])
    assert clean(merge(base, note, file, JOURNEY))["questions"] == [
        {"question": "Who is it?", "answer": "You"},
        {"question": "Why?"},
    ]
    longer = journey(questions=[*base["questions"], {"question": "When?"}])
    assert clean(merge(base, note, longer, JOURNEY))["questions"] == [*note["questions"], {"question": "When?"}]


def test_items_without_ids_conflict_as_a_whole() -> None:
    base, note, file = (journey(kpis=[{"name": "leads", "target": t}]) for t in "567")
    assert [conflict.pointer for conflict in merge(base, note, file, JOURNEY).conflicts] == ["/kpis"]


def test_without_a_base_only_contradictions_conflict() -> None:
    note = journey(stage("a", emotion=1), stage("n"), goal="mine", tags=["x"])
    file = journey(stage("a", description="Text"), stage("f"), profile="p", tags=["y"])
    merged = merge(None, note, file, JOURNEY)
    assert clean(merged) == journey(
        stage("a", emotion=1, description="Text"), stage("f"), stage("n"), goal="mine", profile="p", tags=["x", "y"]
    )
    other = merge(None, note, {**file, "goal": "theirs"}, JOURNEY)
    assert other.conflicts == (Conflict("/goal", None, "mine", "theirs"),)
    assert "goal" not in other.agreed


def test_what_fits_no_shape_is_kept_or_conflicts() -> None:
    base: Value = {"strange": 1, "stages": "text"}
    assert clean(
        merge(base, {"strange": 2, "stages": "text"}, {"strange": 1, "stages": "text", "tags": ["x"]}, JOURNEY)
    ) == {
        "strange": 2,
        "stages": "text",
        "tags": ["x"],
    }
    for broken in ([stage("a"), stage("a")], [{"name": "no id"}], ["a"], "text", {"id": "a"}):
        merged = merge(
            journey(stage("a")), journey(stage("a", emotion=1)), {"name": "Launch", "stages": broken}, JOURNEY
        )
        assert [conflict.pointer for conflict in merged.conflicts] == ["/stages"]
        assert merged.file_view["stages"] == broken


# Laws over a value that both sides perturb.

TEXTS = st.lists(
    st.sampled_from(["one", "two", "three\nlines\nhere", "four"]), min_size=1, max_size=4, unique=True
).map("\n\n".join)
WORDS = st.lists(st.sampled_from("abcde"), min_size=1, max_size=4, unique=True)
NUMBERS = st.integers(-2, 2)


def items(inner: st.SearchStrategy[Value], key: str) -> st.SearchStrategy[list[Value]]:
    return st.lists(
        st.tuples(st.sampled_from(["one", "two", "three", "four"]), inner),
        min_size=1,
        max_size=4,
        unique_by=lambda it: it[0],
    ).map(lambda found: [{key: name, **fields} for name, fields in found])


TOUCHPOINTS = items(st.fixed_dictionaries({}, optional={"experience": NUMBERS, "note": TEXTS}), "id")
STAGES = items(
    st.fixed_dictionaries(
        {},
        optional={
            "name": st.sampled_from(["A", "B"]),
            "description": TEXTS,
            "emotion": NUMBERS,
            "channels": WORDS,
            "touchpoints": TOUCHPOINTS,
        },
    ),
    "id",
)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["A", "B"]),
        "profile": st.sampled_from(["p", "q"]),
        "goal": TEXTS,
        "steps": WORDS,
        "tags": WORDS,
        "persona": st.fixed_dictionaries({"quote": st.sampled_from(["Hm", "Ah"])}, optional={"goals": WORDS}),
        "kpis": items(st.fixed_dictionaries({}, optional={"target": st.sampled_from("123")}), "name"),
        "questions": st.lists(
            st.fixed_dictionaries({"question": st.sampled_from("xyz")}, optional={"answer": st.just("a")}),
            min_size=1,
            max_size=3,
        ),
        "stages": STAGES,
    },
)


@st.composite
def perturbed(draw: st.DrawFn, value: Value) -> Value:
    """The same value with some of its parts from elsewhere, as an editor leaves it."""
    other = draw(VALUES)
    changed: Value = {}
    for name in [*value, *(name for name in other if name not in value)]:
        match draw(st.integers(0, 5)):
            case 0 if name in other:
                changed[name] = other[name]
            case 1:
                continue
            case 2 | 3 if name == "stages" and name in value and name in other:
                changed[name] = mixed(draw, value[name], other[name])
            case _ if name in value:
                changed[name] = value[name]
    return {name: part for name, part in changed.items() if part}


def mixed(draw: st.DrawFn, mine: list[Value], other: list[Value]) -> list[Value]:
    by_id = {item["id"]: item for item in other}
    kept = [{**item, **by_id.pop(item["id"], {})} if draw(st.booleans()) else item for item in mine]
    kept = [item for item in kept if draw(st.integers(0, 4))]
    taken = {item["id"] for item in kept}
    kept += [item for item in by_id.values() if item["id"] not in taken and draw(st.booleans())]
    return draw(st.permutations(kept)) if draw(st.booleans()) else kept


@st.composite
def triples(draw: st.DrawFn) -> tuple[Value, Value, Value]:
    base = draw(VALUES)
    return base, draw(perturbed(base)), draw(perturbed(base))


def typed(value: Value) -> set[str]:
    return {line for _, part in pointers.walk(value) for line in str(part).split("\n")}


@given(VALUES, VALUES)
def test_one_sided_changes_are_taken_whole(base: Value, side: Value) -> None:
    assert clean(merge(base, side, base, JOURNEY)) == side
    assert clean(merge(base, base, side, JOURNEY)) == side
    assert clean(merge(base, side, side, JOURNEY)) == side
    assert clean(merge(None, side, side, JOURNEY)) == side


@settings(max_examples=150)
@given(triples(), st.booleans())
def test_laws_of_a_merge(triple: tuple[Value, Value, Value], known: bool) -> None:
    base, note, file = triple
    before = copy.deepcopy(triple)
    was = base if known else None
    merged = merge(was, note, file, JOURNEY)
    assert triple == before

    swapped = merge(was, file, note, JOURNEY)
    assert (swapped.note_view, swapped.file_view, swapped.agreed) == (merged.file_view, merged.note_view, merged.agreed)
    turned = [Conflict(found.pointer, found.base, found.file, found.note) for found in swapped.conflicts]
    assert turned == list(merged.conflicts)

    if not merged.conflicts:
        assert merged.note_view == merged.file_view == merged.agreed
    for conflict in merged.conflicts:
        assert conflict.note != conflict.file
        if not is_order(conflict):
            assert pointers.look(merged.note_view, conflict.pointer) == conflict.note
            assert pointers.look(merged.file_view, conflict.pointer) == conflict.file

    again = merge(merged.agreed, merged.note_view, merged.file_view, JOURNEY)
    assert (again.note_view, again.file_view) == (merged.note_view, merged.file_view)
    assert [found.pointer for found in again.conflicts] == [found.pointer for found in merged.conflicts]
    assert again.agreed == merged.agreed

    new = (typed(note) | typed(file)) - (typed(base) if known else set())
    assert new <= typed(merged.note_view) | typed(merged.file_view)


@settings(max_examples=50)
@given(triples())
def test_taking_a_side_at_each_conflict_ends_it(triple: tuple[Value, Value, Value]) -> None:
    base, note, file = triple
    merged = merge(base, note, file, JOURNEY)
    view = merged.note_view
    for conflict in merged.conflicts:
        view = pointers.put(view, conflict.pointer, conflict.file, merged.file_view)
    assert clean(merge(merged.agreed, view, merged.file_view, JOURNEY)) == view


def is_order(conflict: Conflict) -> bool:
    return conflict.pointer.endswith(("stages", "touchpoints")) and all(
        side is None or (isinstance(side, list) and all(isinstance(name, str) for name in side))
        for side in (conflict.note, conflict.file)
    )
