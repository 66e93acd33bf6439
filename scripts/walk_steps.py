"""All steps of a random walk; here are passes, crashes, decisions, and what else befalls a vault."""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any

from faults import Call, watched
from walk import Crash, Walk, said, words_of
from walk_edits import STEPS, step
from walk_files import edit_a_word_in_a_file, keep_moment
from walk_notes import edit_a_word_in_a_note

from twinpage.commands import resolve as resolve_command
from twinpage.commands import restore as restore_command
from twinpage.errors import AlreadyThere

ALL = STEPS
"""Every step that there is, also those of notes and files."""


@step(22, edits=False)
def a_pass(walk: Walk) -> bool:
    outcome = walk.a_pass(thorough=walk.random.random() < 0.25)
    if not outcome.held and not outcome.conflicts and walk.random.random() < 0.4:
        keep_moment(walk)
    return True


@step(10, edits=False)
def a_pass_that_crashes(walk: Walk) -> bool:
    """At any call that changes the disk: before it, in the middle of a write, or after it."""
    left = min(int(walk.random.expovariate(1 / 25)), 150)
    when = walk.random.choice(("before", "half", "after"))
    dead = False

    def act(call: Call) -> Any:
        nonlocal left, dead
        if call.name in ("ftruncate", "pwrite") or call.target.endswith("/lock"):
            return call.run()  # a lock goes with its process, and this one lives on
        if dead:  # what would clean up does not run either
            raise Crash
        left -= 1
        if left >= 0:
            return call.run()
        dead = True
        if when == "half" and call.half is not None:
            call.half()
        elif when == "after":
            call.run()
        raise Crash

    with watched(act), contextlib.suppress(Crash):
        walk.sync()
    walk.crashed |= dead
    return dead


@step(5)
def a_pass_while_somebody_saves(walk: Walk) -> bool:
    """Somebody saves at any moment of a pass but between its last look at a file and its write."""
    amid = walk.random.random() < 0.6
    left = walk.random.randrange(3) if amid else min(int(walk.random.expovariate(1 / 12)), 80)

    def act(call: Call) -> Any:
        nonlocal left
        before = call.name == "open" and "/tmp/" in call.target if amid else call.of_state
        left -= before
        if before and left == -1:
            (edit_a_word_in_a_note if walk.random.random() < 0.5 else edit_a_word_in_a_file)(walk)
        return call.run()

    with watched(act):
        walk.sync()
    return left < 0


@step(6)
def resolve(walk: Walk) -> bool:
    """Decide all conflicts of an artifact, or some of their fields, by the side that is right."""
    outcome = walk.sync()
    found = walk.one(sorted({conflict.artifact for conflict in outcome.conflicts}))
    if found is None:
        return False
    mine = [conflict for conflict in outcome.conflicts if conflict.artifact == found]
    by_field = walk.random.random() < 0.5
    chosen = [one for one in mine if walk.random.random() < 0.6] or mine[:1] if by_field else mine
    for conflict in chosen:
        walk.owed -= words_of(said([conflict.base, conflict.mine, conflict.other]))
    fields = tuple((one.pointer, walk.random.choice(("note", "file"))) for one in chosen) if by_field else ()
    take = "" if by_field else walk.random.choice(("note", "file"))
    vault = walk.vault
    resolve_command.run(vault=vault.root, artifact=found, take=take, fields=fields, edit=False, terminal=vault.terminal)
    vault.changed()
    return True


@step(3)
def bring_back(walk: Walk) -> bool:
    bundles = sorted((walk.vault.root / ".twinpage/trash").glob("*/trash.json"))
    bundle = walk.one(bundles)
    if bundle is None:
        return False
    try:
        artifact = json.loads(bundle.read_text())["artifact"]
    except ValueError:  # a crash cut it short; what lies beside it is there to be found
        return False
    if not any((bundle.parent / "files" / path).is_file() for path in json.loads(bundle.read_text())["files"]):
        return False
    with contextlib.suppress(AlreadyThere):
        restore_command.run(vault=walk.vault.root, artifact=artifact, terminal=walk.vault.terminal)
    walk.vault.changed()
    return True


@step(2)
def lose_the_state(walk: Walk) -> bool:
    walk.moment = None  # nothing is remembered of what was agreed since
    (walk.vault.root / ".twinpage/state.db").unlink(missing_ok=True)
    if walk.random.random() < 0.2:
        for name in os.listdir(walk.vault.root / ".twinpage/tmp"):
            os.unlink(walk.vault.root / ".twinpage/tmp" / name)
    walk.owed &= walk.there()  # of a note that went since the last pass, nobody else knew the text
    texts = walk.texts()
    walk.private = {mark: chunk for mark, chunk in walk.private.items() if any(chunk in text for text in texts)}
    return True
