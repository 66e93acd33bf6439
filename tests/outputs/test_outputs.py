"""Both formats say the same; the JSON keeps to its shipped schema, the text to what a terminal can bear."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from twinpage import __version__
from twinpage.edge.shipped import output_schemas
from twinpage.model.check_outcome import CheckOutcome, Coverage, SinceBase
from twinpage.model.event import Event
from twinpage.model.flag import Flag, Pass
from twinpage.model.outcome import (
    Change,
    ConflictsOutcome,
    HeldTwin,
    OpenConflict,
    Removal,
    StatusOutcome,
    SyncOutcome,
    TrashOutcome,
    Undone,
    Watcher,
)
from twinpage.model.output import Output, Style
from twinpage.outputs import outputs

PLAIN = Style()


def flag(
    path: str,
    line: int,
    code: str = "TP301",
    severity: Any = "warning",
    message: str = "It lacks a journey.",
    **more: Any,
) -> Flag:
    return Flag(code, "profile-without-journey", severity, path, line, 1, "a/b", "", message, "Because.", **more)


CHECK = CheckOutcome(
    flags=(
        flag("b.md", 2, "TP101", "error", "The emotion is 9; write 1 to 5."),
        flag("a.md", 10, fix=Pass("a/b")),
        flag("a.md", 9, "TP305", "info", "The goal is empty."),
    ),
    example_flags=(flag("Examples/c.md", 1),),
    artifacts=12,
    coverage=(
        Coverage("profile", "journey", 3, 4),
        Coverage("profile", "journey", 1, 1, example=True),
        Coverage("profile", "sales-strategy", 0, 4),
    ),
)
SINCE = replace(
    CHECK, since=SinceBase("main\x1b[2J", "0" * 40, (flag("gone.md", 4),), (flag("s.md", 1), flag("t.md", 1)))
)
CONFLICT = OpenConflict("a/b", "artifacts/a/b.json", "B.md", "/goal", "old", "filed", "noted\ntwice", "note")
SYNC = SyncOutcome(
    changes=(Change("B.md", "updated", "a/b", "the artifact file changed"),),
    held=(HeldTwin("a/c", "C.md", "Line 7 opens a fence that nothing closes. Close it.", 7, ("/goal",)),),
    conflicts=(CONFLICT,),
    flags=3,
)
TRASH = TrashOutcome(
    removals=(
        Removal("x-3", "a/b", "2030-01-02T03:04:05+00:00", "its note was removed", ("B.md", "artifacts/a/b.json"), 812),
        Removal("x-2", "a/b", "2030-01-01T03:04:05+00:00", "as before", ("B.md",), 4_500, goes=True, by_id=False),
    ),
    days=90,
    megabytes=1_000,
    unread=(".twinpage/trash/y",),
)
WAITING = ConflictsOutcome((CONFLICT,), (Undone("a/f", "Run", ("F.md",)),), SYNC.held)
EVENT = Event("flag", "It lacks a stage.", "A.md", 7, "a/b", "/stages", "updated", "TP401", "warning", "0123")
STATUS = StatusOutcome(7, ("a/b",), (), ("a/d",), ("a/e",), (), "2030-01-02T03:04:05+00:00")


def test_the_folder_lists_the_formats() -> None:
    assert {"json", "text"} <= set(outputs())
    assert all(isinstance(output, Output) and output.name == name for name, output in outputs().items())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("check", outputs()["json"].check(CHECK, PLAIN)),
        ("check", outputs()["json"].check(CheckOutcome(), PLAIN)),
        ("check", outputs()["json"].check(SINCE, PLAIN)),
        ("sync", outputs()["json"].sync(SYNC, PLAIN)),
        ("sync", outputs()["json"].sync(SyncOutcome(), PLAIN)),
        ("status", outputs()["json"].status(STATUS, PLAIN)),
        ("status", outputs()["json"].status(StatusOutcome(), PLAIN)),
        ("status", outputs()["json"].status(StatusOutcome(watcher=Watcher(1, "process 1", "2030", 3.4, 5)), PLAIN)),
        ("watch", outputs()["json"].event(Event("started", "Watching it."), "2030-01-02T03:04:05+00:00", PLAIN)),
        ("watch", outputs()["json"].event(EVENT, "2030-01-02T03:04:05+00:00", PLAIN)),
        ("trash", outputs()["json"].trash(TRASH, PLAIN)),
        ("trash", outputs()["json"].trash(TrashOutcome(), PLAIN)),
        ("conflicts", outputs()["json"].conflicts(WAITING, PLAIN)),
        ("conflicts", outputs()["json"].conflicts(ConflictsOutcome(), PLAIN)),
    ],
)
def test_json_keeps_to_its_schema(name: str, text: str) -> None:
    Draft202012Validator(output_schemas()[f"{name}.schema.json"]).validate(json.loads(text))
    assert text.endswith("}\n")


def test_every_output_schema_is_itself_valid_and_closed() -> None:
    schemas = output_schemas()
    assert sorted(schemas) == [
        f"{name}.schema.json"
        for name in ("check", "conflicts", "diff", "log", "review", "signoff", "status", "sync", "trash", "watch")
    ]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
        assert schema.get("additionalProperties", schema.get("unevaluatedProperties")) is False


def test_check_as_json() -> None:
    said = json.loads(outputs()["json"].check(CHECK, PLAIN))
    assert list(said) == ["format", "tool", "summary", "flags"]
    assert said["format"] == 1
    assert said["tool"] == {"name": "twinpage", "version": __version__}
    assert said["summary"] == {"error": 1, "warning": 2, "info": 1, "artifacts": 12}
    assert [(f["path"], f["line"], f["code"]) for f in said["flags"]] == [
        ("Examples/c.md", 1, "TP301"),
        ("a.md", 9, "TP305"),
        ("a.md", 10, "TP301"),
        ("b.md", 2, "TP101"),
    ]
    assert said["flags"][2] == {
        "code": "TP301",
        "name": "profile-without-journey",
        "severity": "warning",
        "path": "a.md",
        "line": 10,
        "column": 1,
        "artifact": "a/b",
        "pointer": "",
        "message": "It lacks a journey.",
        "why": "Because.",
        "fixable": True,
        "fingerprint": flag("elsewhere.md", 99).fingerprint,
    }


def test_sync_as_json() -> None:
    said = json.loads(outputs()["json"].sync(SYNC, PLAIN))
    assert list(said) == ["format", "changes", "held", "conflicts", "flags"]
    assert said["changes"] == [
        {"path": "B.md", "action": "updated", "artifact": "a/b", "because": "the artifact file changed"}
    ]
    assert said["conflicts"][0]["from"] == "note"
    assert said["flags"] == 3


def test_check_as_text() -> None:
    assert outputs()["text"].check(CHECK, PLAIN) == (
        "a.md:9:1  info TP305 The goal is empty.\n"
        "a.md:10:1  warning TP301 It lacks a journey.  [fix]\n"
        "b.md:2:1  error TP101 The emotion is 9; write 1 to 5.\n"
        "\n"
        "Example cases:\n"
        "Examples/c.md:1:1  warning TP301 It lacks a journey.\n"
        "\n"
        "1 error, 2 warnings and 1 info in 12 artifacts; example cases account for 1.\n"
        "Coverage: 3 of 4 profiles with journey, 0 of 4 profiles with sales strategy.\n"
        "Example cases: 1 of 1 profile with journey.\n"
        "`twinpage check --fix` can mend 1, marked [fix].\n"
        "`twinpage explain TP101` tells why a flag is there and how to mend it.\n"
        "Mend this error first:\n"
        "  b.md:2:1  error TP101 The emotion is 9; write 1 to 5.\n"
    )


def test_errors_are_not_repeated_where_nothing_else_is_told_and_are_cut_where_they_are_many() -> None:
    errors = tuple(flag("b.md", line, "TP101", "error") for line in range(1, 15))
    said = outputs()["text"].check(CheckOutcome(flags=errors), PLAIN)
    assert said.count("b.md:3:1") == 1
    said = outputs()["text"].check(CheckOutcome(flags=errors, example_flags=(flag("a.md", 1),)), PLAIN)
    ending = said.partition("Mend these 14 errors first:\n")[2].splitlines()
    assert [line.split()[0] for line in ending] == [*(f"b.md:{line}:1" for line in range(1, 11)), "and"]
    assert ending[-1] == "  and 4 more"


def test_the_page_of_the_gravest_flag_is_named_and_the_own_one_before_that_of_an_example() -> None:
    own, example = flag("z.md", 1, "TP101", "error"), flag("a.md", 1, "TP901", "error")
    warning = flag("a.md", 1)
    for found, code in (((own,), "TP101"), ((warning,), "TP901"), ((warning, own), "TP101")):
        said = outputs()["text"].check(CheckOutcome(flags=found, example_flags=(example,)), PLAIN)
        assert f"`twinpage explain {code}`" in said


def test_check_as_text_with_nothing_to_say() -> None:
    assert outputs()["text"].check(CheckOutcome(artifacts=1), PLAIN) == "No flags in 1 artifact.\n"


def test_statistics_count_by_code() -> None:
    text = outputs()["text"].check(CHECK, Style(statistics=True))
    assert "     2  TP301  warning  profile-without-journey\n     1  TP101  error" in text


def test_sync_as_text() -> None:
    assert outputs()["text"].sync(SYNC, PLAIN) == (
        "updated             B.md  (the artifact file changed)\n"
        "held  C.md:7  Line 7 opens a fence that nothing closes. Close it.\n"
        "conflict  a/b  /goal\n"
        "1 file written.\n"
        "`twinpage conflicts` shows both sides, and what to type to decide.\n"
        "3 flags: see `twinpage check`.\n"
    )
    assert outputs()["text"].sync(SyncOutcome(), PLAIN) == "Everything is in step; nothing to write.\n"
    planned = outputs()["text"].sync(SyncOutcome(changes=SYNC.changes, planned=True), PLAIN)
    assert planned.startswith("update  ")
    assert planned.endswith("1 file would be written; nothing was.\n")


def test_removals_are_counted_apart_and_the_way_back_is_named() -> None:
    gone = Change("artifacts/a/b.json", "trashed", "a/b", "its note was removed")
    said = outputs()["text"].sync(SyncOutcome(changes=(gone,)), PLAIN)
    assert said == (
        "moved to the trash  artifacts/a/b.json  (its note was removed)\n"
        "1 file moved to the trash.\n"
        "`twinpage restore a/b` brings it back.\n"
    )
    other = replace(gone, artifact="a/c", path="artifacts/a/c.json")
    said = outputs()["text"].sync(SyncOutcome(changes=(gone, other, *SYNC.changes)), PLAIN)
    assert said.endswith("1 file written, 2 moved to the trash.\n`twinpage restore ID` brings each of them back.\n")
    said = outputs()["text"].sync(SyncOutcome(changes=(gone, *SYNC.changes), planned=True), PLAIN)
    assert said.endswith("1 file would be written, 1 moved to the trash; nothing was.\n")
    said = outputs()["text"].sync(SyncOutcome(changes=(gone,), planned=True), PLAIN)
    assert said.endswith("1 file would be moved to the trash; nothing was.\n")


def test_a_watcher_names_the_way_back_of_what_it_removed() -> None:
    event = Event("change", "its note was removed", "artifacts/a/b.json", 0, "a/b", action="trashed")
    assert outputs()["text"].event(event, "2030-01-02T03:04:05+00:00", PLAIN) == (
        "03:04:05  moved to the trash  artifacts/a/b.json  (its note was removed; "
        "`twinpage restore a/b` brings it back)\n"
    )


def test_what_is_held_for_one_reason_is_one_line_with_ids() -> None:
    many = "9 artifacts would be removed in one pass. Run `twinpage sync --allow-mass-delete`."
    alike = [HeldTwin(f"a/{name}", f"{name}.md", many) for name in "bcde"]
    other = HeldTwin("a/c", "C.md", "Line 7 opens a fence. Close it.", 7)
    told = f"held  a/b, a/c, a/d, a/e  {many}\nheld  C.md:7  Line 7 opens a fence. Close it.\n"
    outcome = SyncOutcome(held=(*alike[:2], other, *alike[2:]))
    assert outputs()["text"].sync(outcome, PLAIN) == f"{told}Nothing to write.\n"
    hundred = tuple(replace(alike[0], artifact=f"a/{number}") for number in range(100))
    told = outputs()["text"].sync(SyncOutcome(held=hundred), PLAIN)
    assert told.startswith(f"held  a/0, a/1, a/2, a/3, a/4, a/5, a/6, a/7 and 92 more  {many}\n")
    few = outputs()["text"].sync(SyncOutcome(held=tuple(alike[:3])), PLAIN)
    assert few.startswith(f"held  b.md:1  {many}\nheld  c.md:1  {many}\n")


def test_status_and_conflicts_as_text() -> None:
    assert outputs()["text"].status(STATUS, PLAIN) == (
        "7 twins in step.\n1 note is ahead:\n  a/b\n1 changed on both sides:\n  a/d\n1 in conflict:\n  a/e\n"
        "Last pass: 2030-01-02 03:04.\n"
        "Nobody watches this vault; `twinpage watch` keeps both sides in step.\n"
        "`twinpage conflicts` shows both sides.\n"
    )
    several = outputs()["text"].status(StatusOutcome(2, ("a/b", "a/c"), ("a/d", "a/e"), held=("a/f",)), PLAIN)
    assert "2 notes are ahead:\n" in several
    assert "2 notes are behind:\n" in several
    assert several.endswith(
        "1 held:\n  a/f\nLast pass: none yet on this machine.\n"
        "Nobody watches this vault; `twinpage watch` keeps both sides in step.\n"
        "`twinpage sync` brings them in step.\n`twinpage sync` tells why something is held and what to do.\n"
    )
    watched = Watcher(4711, "process 4711", "2030-01-02T03:00:00+00:00", 4.2, 12)
    said = outputs()["text"].status(replace(STATUS, watcher=watched), PLAIN)
    assert "process 4711 since 2030-01-02 03:00: 12 batches carried, last sign of life 4 s ago." in said
    said = outputs()["text"].status(replace(STATUS, watcher=replace(watched, age=75)), PLAIN)
    assert "has not answered for 75 s: stop it" in said
    assert outputs()["text"].conflicts(ConflictsOutcome(), PLAIN) == "No conflicts.\n"
    assert outputs()["text"].conflicts(WAITING, Style(width=80)) == (
        "a/b\n  B.md\n  artifacts/a/b.json\n\n  /goal\n"
        "    before                  | note                    | artifact file\n"
        "    ------                  | ----                    | -------------\n"
        "    old                     | noted                   | filed\n"
        "                            | twice                   |\n\n"
        "  End this with one of:\n"
        "    twinpage resolve a/b --take note\n    twinpage resolve a/b --take file\n"
        "    twinpage resolve a/b --field /goal=note\n    twinpage resolve a/b --edit\n\n"
        "Run (a/f)\n  F.md\n\n  git did not end this merge, but nothing clashes. This writes the merge:\n"
        "    twinpage resolve a/f --take ours\n\n"
        "held  C.md:7  Line 7 opens a fence that nothing closes. Close it.\n\n"
        "Editing both sides so that they say the same ends a conflict, too.\n"
    )


def test_trash_as_text() -> None:
    assert outputs()["text"].trash(TRASH, PLAIN) == (
        "2030-01-02 03:04      812 B  a/b  (its note was removed; note and artifact file)\n"
        "2030-01-01 03:04     4.5 kB  a/b  (as before; note)  `twinpage restore x-2`  [goes]\n"
        "The trash holds 2 removals, 5.3 kB.\n"
        "Left alone, because its record cannot be read: .twinpage/trash/y. Look into it, and delete it by hand.\n"
        "Pruning takes 1 of them, marked [goes]: it takes what is older than 90 days, and the oldest beyond 1,000 MB.\n"
        "Bring one back with `twinpage restore ID`.\n"
    )
    assert outputs()["text"].trash(TrashOutcome(days=90, megabytes=1_000), PLAIN) == "The trash is empty.\n"
    pruned = TrashOutcome((), TRASH.removals[1:], 10, 0, pruned=True)
    assert outputs()["text"].trash(pruned, PLAIN) == (
        "taken away  2030-01-01 03:04     4.5 kB  a/b  (as before; note)\n"
        "1 removal taken away for good, 4.5 kB.\n"
        "The trash is empty.\n"
    )


def test_colour_only_when_asked_for() -> None:
    assert "\x1b" not in outputs()["text"].check(CHECK, PLAIN)
    assert "\x1b[31merror\x1b[0m TP101" in outputs()["text"].check(CHECK, Style(colour=True))


def test_a_hostile_vault_cannot_steer_the_terminal() -> None:
    nasty = "x\x1b[2J\x07\r\u202e\x9b\n"
    outcome = CheckOutcome(flags=(flag(nasty, 1, message=nasty),))
    twin = HeldTwin(nasty, nasty, nasty)
    conflict = OpenConflict(nasty, nasty, nasty, nasty, {"a": nasty}, nasty, [nasty], nasty)
    text = outputs()["text"]
    change = Change(nasty, "created", nasty, nasty)
    removal = Removal(nasty, nasty, nasty, nasty, (nasty,), 1, by_id=False)
    shown = (
        text.check(outcome, PLAIN)
        + text.sync(SyncOutcome((change,), (twin,), (conflict,), 0, (nasty,)), PLAIN)
        + text.conflicts(
            ConflictsOutcome((conflict,), (Undone(nasty, nasty, (nasty,)),), (twin,), (nasty,), (nasty,)), PLAIN
        )
        + text.conflicts(ConflictsOutcome((replace(conflict, name=nasty, place=nasty),)), Style(width=20))
        + text.status(StatusOutcome(0, (nasty,), last_pass=nasty), PLAIN)
        + text.trash(TrashOutcome((removal,), unread=(nasty,)), PLAIN)
        + text.trash(TrashOutcome(taken=(removal,), pruned=True), PLAIN)
    )
    assert not {char for char in shown if not char.isprintable()} - {"\n"}


@pytest.mark.parametrize(
    ("outcome", "fail_on", "code"),
    [
        (CheckOutcome(), "info", 0),
        (CHECK, "error", 1),
        (CheckOutcome(flags=(flag("a", 1),)), "error", 0),
        (CheckOutcome(flags=(flag("a", 1),)), "warning", 1),
        (CheckOutcome(example_flags=(flag("a", 1),)), "info", 1),
        (CheckOutcome(not_written=("a.md could not be written.",)), "error", 2),
    ],
)
def test_exit_codes_of_check(outcome: CheckOutcome, fail_on: Any, code: int) -> None:
    assert outcome.exit_code(fail_on) == code


def test_compared_with_a_base() -> None:
    said = json.loads(outputs()["json"].check(SINCE, PLAIN))
    assert said["flags"] == json.loads(outputs()["json"].check(CHECK, PLAIN))["flags"]
    assert said["summary"]["warning"] == 2
    assert [flag["path"] for flag in said["base"]["resolved"]] == ["gone.md"]
    assert said["base"]["standing"] == {"error": 0, "warning": 2, "info": 0}
    lines = outputs()["text"].check(SINCE, PLAIN).split("\n")
    assert lines[lines.index("Resolved since main\\u001b[2J:") + 1] == "gone.md  TP301 It lacks a journey."
    assert "1 error, 2 warnings and 1 info introduced since main\\u001b[2J in 12 artifacts" in "\n".join(lines)
    assert "1 flag resolved; 2 stand in both." in lines
    nothing = replace(SINCE, flags=(), example_flags=())
    assert nothing.exit_code("info") == 0
    assert "No flags introduced since main" in outputs()["text"].check(nothing, PLAIN)


def test_exit_codes_of_sync() -> None:
    assert SyncOutcome(changes=SYNC.changes, flags=4).exit_code == 0
    assert SyncOutcome(held=SYNC.held).exit_code == 1
    assert SyncOutcome(conflicts=(CONFLICT,)).exit_code == 1
    assert SyncOutcome(conflicts=(CONFLICT,), not_written=("x",)).exit_code == 2


def test_events_as_text() -> None:
    def told(event: Event) -> str:
        return outputs()["text"].event(event, "2030-01-02T03:04:05+00:00", PLAIN)

    change = Event("change", "the note changed", "artifacts/a.json", 0, "a", action="updated")
    assert told(change) == "03:04:05  updated    artifacts/a.json  (the note changed)\n"
    assert told(EVENT) == "03:04:05  flag       A.md:7  TP401 It lacks a stage.\n"
    gone = replace(EVENT, what="flag-gone", sentence="It lacks a stage. Write one.")
    assert told(gone) == "03:04:05  flag gone  A.md:7  TP401 It lacks a stage.\n"
    conflict = Event("conflict", "Both sides changed it.", "artifacts/a.json", 0, "a", "/goal")
    assert told(conflict) == "03:04:05  conflict   a /goal  Both sides changed it.\n"
    assert told(Event("started", "Watching it.")) == "03:04:05  Watching it.\n"
    nasty = told(Event("held", "\x1b[2J\nand more", "\x1b.md", 3))
    assert not {char for char in nasty[:-1] if not char.isprintable()}
