"""Steps of a random walk: what a person and their app do to notes."""

from __future__ import annotations

import re

from walk import Walk, words_of
from walk_edits import a_note, put_word, said_in_file, step
from walk_vault import World

from twinpage.core.choosing import conflicts


@step(10, edits=False)
def edit_a_word_in_a_note(walk: Walk) -> bool:
    path = a_note(walk)
    if path is None:
        return False
    text = walk.vault.text(path)
    plain = conflicts.remove(text, walk.dialect)
    old = walk.one(sorted(word for word in words_of(plain) if text.count(word) == 1))
    if old is None:
        return False
    put_word(walk, path, text, old, walk.word())
    return True


def _just(walk: Walk, old: str, new: str) -> bool:
    """Nothing else was done since everything was in step."""
    done = [(one.old, one.new) if one else None for one in walk.since]
    return done == [(old, new)]


@step(5, edits=False)
def undo_the_last_word(walk: Walk) -> bool:
    """What was changed last returns to what it was, perhaps after passes."""
    if walk.last_word is None:
        return False
    path, old, new = walk.last_word
    kept = walk.vault.files().get(path)
    if kept is None or kept.text.count(new) != 1 or new not in words_of(conflicts.remove(kept.text, walk.dialect)):
        return False
    if path.endswith(".json") and new not in said_in_file(kept.text):
        return False
    alone = not walk.crashed and (not walk.since or _just(walk, old, new))
    if alone:  # else the other twin may have changed, too, and what is as it was gives way to that
        walk.owed.add(old)
    passed = not walk.since
    put_word(walk, path, kept.text, new, old)
    if not (alone and passed):
        walk.since.append(None)
    return True


@step(6)
def add_a_paragraph_to_a_note(walk: Walk) -> bool:
    path = a_note(walk)
    if path is None:
        return False
    text = walk.vault.text(path)
    plain = words_of(conflicts.remove(text, walk.dialect))
    old = walk.one(sorted(word for word in plain if text.count(word) == 1))
    if old is None or any(old in chunk for chunk in walk.private.values()):
        return False
    start = text.rfind("\n", 0, text.index(old)) + 1
    line = text[start:].partition("\n")[0]
    if line.lstrip("-\t ")[:1] == "#":
        return False
    more = line.replace(old, walk.word())
    between = "\n\n" if walk.dialect == "obsidian" and not line.lstrip().startswith("-") else "\n"
    walk.vault.put(path, text.replace(line, line + between + more, 1))
    return True


@step()
def add_a_private_remark(walk: Walk) -> bool:
    path = a_note(walk)
    if path is None:
        return False
    word = walk.word()
    if walk.dialect == "logseq":
        chunk = f"\n- my   own {word} #todo\n  collapsed:: true\n\t- deeper *{word}*"
    else:
        chunk = f"\n## My own {word}\n* odd   spacing %%{word}%%\n\n\t| a |\n"
    walk.private[word] = chunk
    walk.vault.put(path, walk.vault.text(path) + chunk)
    return True


@step(5)
def add_a_stage_in_the_note(walk: Walk) -> bool:
    mark = "\n\t- ### " if walk.dialect == "logseq" else "\n### "
    path = walk.one([path for path in sorted(walk.vault.notes()) if mark in walk.vault.text(path)])
    if path is None:
        return False
    text = walk.vault.text(path)
    body = "\n\t\t- " if walk.dialect == "logseq" else "\n"
    at = text.index(mark)
    walk.vault.put(path, f"{text[:at]}{mark}Stage {walk.word()}{body}{walk.word()}{text[at:]}")
    return True


@step(5)
def remove_a_stage_from_the_note(walk: Walk) -> bool:
    path = walk.one([path for path in sorted(walk.vault.notes()) if "### " in walk.vault.text(path)])
    if path is None:
        return False
    text = walk.vault.text(path)
    in_logseq = r"\n\t- ### [^\n]*(?:\n(?!\t?- )[^\n]*)*"
    spans = list(re.finditer(in_logseq if walk.dialect == "logseq" else r"\n### [^\n]*(?:\n(?!#)[^\n]*)*", text))
    span = walk.one(spans)
    if span is None:
        return False
    walk.take_away(span[0])
    walk.vault.put(path, text[: span.start()] + text[span.end() :])
    return True


@step(3)
def rename_a_note(walk: Walk) -> bool:
    path = a_note(walk)
    if path is None or walk.vault.text(path).count("artifact-kind") != 1:
        return False
    walk.owed -= words_of(path)
    walk.vault.rename(path, f"Moved {walk.word()}.md")
    return True


@step(3)
def rename_a_note_in_case_only(walk: Walk) -> bool:
    path = a_note(walk)
    if path is None:
        return False
    folder, slash, name = path.rpartition("/")
    to = f"{folder}{slash}{name[0].swapcase()}{name[1:]}"
    if name[0] == "w" or (walk.vault.root / to).exists():
        return False
    walk.vault.rename(path, to)
    return True


@step(2)
def copy_a_note(walk: Walk) -> bool:
    """Two notes claim one artifact; words typed in either are somebody's."""
    path = a_note(walk)
    if path is None or len(walk.vault.notes()) > 7:
        return False
    walk.vault.put(f"Copy {walk.word()}.md", walk.vault.text(path))
    return True


@step(3)
def lose_a_note(walk: Walk) -> bool:
    path = a_note(walk)
    if path is None:
        return False
    vault = walk.vault
    artifact = vault.notes()[path]
    file = vault.files().get(f"artifacts/{artifact}.json")
    remembered = vault.remembered().get(artifact, "")
    walk.take_away(vault.text(path) + path, remembered, file.text if file else "")
    if walk.random.random() < 0.5:
        vault.put(path, "")
    else:
        vault.remove(path)
        walk.owed -= words_of(path)  # its title is no text of it
    return True


@step(4)
def save_in_two_steps(walk: Walk) -> bool:
    """An app truncates or deletes a note and writes it a moment later, with a pass in between."""
    path = a_note(walk)
    artifact = walk.vault.notes().get(path, "")
    if artifact not in walk.vault.remembered():
        return False  # what nobody remembers, nobody waits for
    text = walk.vault.text(path)
    plain = words_of(conflicts.remove(text, walk.dialect))
    old = walk.one(sorted(word for word in plain if text.count(word) == 1))
    new = text
    if old is not None and walk.random.random() < 0.7:
        new = text.replace(old, walk.word())
        walk.owed.discard(old)
        walk.private = {m: c.replace(old, f"w{walk.count}x") for m, c in walk.private.items()}
    in_step = not walk.since and list(walk.vault.notes().values()).count(artifact) == 1
    if walk.random.random() < 0.5:
        walk.vault.put(path, "")
    else:
        walk.vault.remove(path)
    World.meanwhile = lambda: walk.vault.put(path, new)
    walk.sync()
    walk.must(not in_step or World.meanwhile is None, "what disappears is looked at twice", path)
    if World.meanwhile is not None:  # nobody waited: it comes after the pass
        World.sleep(0)
    return True


@step(4)
def break_or_mend_a_note(walk: Walk) -> bool:
    kind = walk.random.choice(("fence", "heading", "link", "id"))
    notes = [path for path in sorted(walk.vault.files()) if path.endswith(".md")]
    path = walk.one(sorted(walk.vault.notes()) if kind != "id" else notes)
    if path is None:
        return False
    text = walk.vault.text(path)
    good, bad = {
        "fence": ("", "\n- ```" if walk.dialect == "logseq" else "\n```\n"),
        "heading": ("## Stages", "## Steps taken"),
        "link": ("[[Skipper", "[[Skippper"),
        "id": ("artifact-id:", "artifact_idd:"),
    }[kind]
    broken = text + bad if good == "" else text.replace(good, bad, 1)
    after = text.replace(bad, good, 1) if bad in text else broken
    walk.vault.put(path, after)
    return after != text


@step(3)
def write_a_note_by_hand(walk: Walk) -> bool:
    if len(walk.vault.artifacts()) > 7:
        return False
    word = walk.word()
    in_logseq = f"artifact-kind:: topic\n\n- ## Text\n\t- {word}"
    text = in_logseq if walk.dialect == "logseq" else f"---\nartifact-kind: topic\n---\n## Text\n{word}\n"
    walk.vault.put(f"Hand {walk.word()}.md", text)
    return True
