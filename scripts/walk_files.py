"""Steps of a random walk: what people and git do to artifact files."""

from __future__ import annotations

from collections import Counter
from typing import Any

from walk import Moment, Walk, said, words_of
from walk_edits import put_word, said_in_file, step


@step(10, edits=False)
def edit_a_word_in_a_file(walk: Walk) -> bool:
    path = walk.one(walk.vault.artifacts())
    if path is None:
        return False
    text = walk.vault.text(path)
    old = walk.one(sorted(word for word in said_in_file(text) if text.count(word) == 1))
    if old is None:
        return False
    put_word(walk, path, text, old, walk.word())
    return True


def _add(walk: Walk, value: dict[str, Any]) -> None:
    word, stages = walk.word(), value["stages"]
    stages.insert(
        walk.random.randint(0, len(stages)), {"id": f"s-{word}", "name": f"Stage {word}", "pains": [walk.word()]}
    )


@step(10)
def edit_a_file(walk: Walk) -> bool:
    path = walk.one(walk.vault.artifacts())
    value = walk.vault.value(path) if path else None
    if value is None or "conflicts" in value:
        return False
    before = said(value)
    stages = value.get("stages") or []
    what = walk.random.choice(("add", "remove", "reverse", "tags", "extras", "goal"))
    if what == "add" and stages:
        _add(walk, value)
    elif what == "remove" and len(stages) > 1:
        stages.pop(walk.random.randrange(len(stages)))
    elif what == "reverse" and stages:
        stages.reverse()
    elif what == "tags":
        value["tags"] = [*value.get("tags", []), walk.word()]
    elif what == "extras":
        value["extras"] = {"note": walk.word()}
    elif what == "goal":
        value.pop("goal", None)
    if said(value) == before:
        return False
    walk.owed -= words_of(before) - words_of(said(value))
    walk.vault.put_value(value)
    return True


@step(3)
def lose_a_file(walk: Walk) -> bool:
    vault = walk.vault
    path = walk.one(vault.artifacts())
    if path is None:
        return False
    artifact = path[10:-5]
    notes = "".join(vault.text(note) for note, claimed in vault.notes().items() if claimed == artifact)
    walk.take_away(vault.text(path), vault.remembered().get(artifact, ""), notes)
    vault.remove(path)
    return True


@step(3)
def break_or_mend_a_file(walk: Walk) -> bool:
    path = walk.one(walk.vault.artifacts())
    if path is None:
        return False
    text = walk.vault.text(path)
    walk.vault.put(path, text[1:] if text.startswith("{{") else "{" + text)
    return True


# --- both at once


def _got_ids_alone(before: str, after: str) -> bool:
    """Who forgot what both twins agreed on may have to write down which item is which, where one has another name."""
    gone = Counter(before.splitlines()) - Counter(after.splitlines())
    new = Counter(after.splitlines()) - Counter(before.splitlines())
    return not gone and all(not line.strip() or "Id: " in line or "item-id:: " in line for line in new)


@step(3)
def check_out(walk: Walk) -> bool:
    """As git does: both twins of everything as they were when they agreed, and nothing else. There is nothing to do."""
    if walk.moment is None:
        return False
    vault, moment = walk.vault, walk.moment
    now = {path: kept.text for path, kept in vault.files().items()}
    if now == moment.texts:
        return False
    for path in now.keys() - moment.texts.keys():
        vault.remove(path)
    for path, text in sorted(moment.texts.items()):
        if now.get(path) != text:
            vault.put(path, text)
    walk.owed, walk.private = set(moment.owed), dict(moment.private)
    walk.since.append(None)
    outcome = walk.a_pass(thorough=False)
    changes = [one for one in outcome.changes if one.because != "its embeds"]  # twinpage's own lines, not anybody's
    changes = [
        one for one in changes if not _got_ids_alone(moment.texts.get(one.path, ""), vault.files()[one.path].text)
    ]
    held = [one for one in outcome.held if not one.pointers]  # a link may have led nowhere then, too
    if any(one.pointer in ("/case", "/profile") for one in outcome.conflicts):
        return True  # a link leads elsewhere than it did then
    walk.must((changes, held, outcome.conflicts) == ([], [], ()), "what was checked out is in step", outcome)
    return True


def keep_moment(walk: Walk) -> None:
    claims = list(walk.vault.notes().values())
    files = {f"artifacts/{artifact}.json" for artifact in claims}
    if len(set(claims)) < len(claims) or not files <= walk.vault.files().keys():
        return  # which of two notes is the twin, only the state knows
    texts = {path: kept.text for path, kept in walk.vault.files().items()}
    if any("## Steps taken" in text for text in texts.values()):
        return  # once more is known of it than what stands under that heading, it is held
    there = words_of("\n".join((*texts, *texts.values())))
    private = {mark: chunk for mark, chunk in walk.private.items() if any(chunk in t for t in texts.values())}
    walk.moment = Moment(texts, frozenset(walk.owed) & there, private)
