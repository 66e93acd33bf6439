"""Somebody who edits both sides of a vault at random, and knows which words must not get lost."""

from __future__ import annotations

import json
import os
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import saving
from day_vault import ID, WORD, Undo, everything, files_of, notes_of, objects, text_of, words

from twinpage.core.choosing import conflicts

PLAIN = re.compile(r"\b[a-z]{4,}\b")
BUSY = re.compile(r"[Cc]ase[ -]0\b")
TEXTS = ("description", "goal", "summary", "tagline", "body")
RESTS = 5.0
"""Seconds for which nobody wrote a note that is thrown away, so that its last words were seen."""


@dataclass
class Writer:
    """Does one thing a call of ``edit``. What it typed and did not take away again is in ``owed``."""

    vault: Path
    dialect: str
    r: Random
    owed: set[str] = field(default_factory=set)
    private: dict[str, str] = field(default_factory=dict)
    """Mark -> text of a person's own, which has to stay as it is."""
    done: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    edited: Counter[str] = field(default_factory=Counter)
    """Edits by artifact, since they were last counted."""
    written: dict[Path, float] = field(default_factory=dict)
    thrown: dict[str, float] = field(default_factory=dict)
    """Artifacts that somebody deleted one side of, to be brought back."""
    orphaned: list[str] = field(default_factory=list)
    history: list[tuple[float, str]] = field(default_factory=list)
    """What was done when, for whoever looks for the cause of a loss."""
    _undo: list[Undo] = field(default_factory=list)
    _count: int = 0

    # ------------------------------------------------------------------ what there is

    def word(self) -> str:
        self._count += 1
        return f"w{self._count}x"

    def a_note(self) -> tuple[Path, str, str]:
        """Path, text and artifact of a note that nothing is amiss with."""
        notes = self._often_few(notes_of(self.vault))
        for _ in range(20):
            path = self.r.choice(notes)
            text = text_of(path)
            claim = ID.search(text)
            if claim and claim[1] not in self.thrown and text == conflicts.remove(text, self.dialect):
                return path, text, claim[1]
        raise saving.Overtaken

    def _often_few(self, paths: list[Path]) -> list[Path]:
        """Many edits meet where people work today."""
        few = [path for path in paths if BUSY.search(str(path))]
        return few if few and self.r.random() < 0.4 else paths

    def a_file(self) -> tuple[Path, str, dict[str, Any]]:
        files = self._often_few(files_of(self.vault))
        for _ in range(20):
            path = self.r.choice(files)
            text = text_of(path)
            try:
                value: dict[str, Any] = json.loads(text)
            except ValueError:
                continue
            if "conflicts" not in value and value["id"] not in self.thrown:
                return path, text, value
        raise saving.Overtaken

    # ------------------------------------------------------------------ doing

    def edit(self) -> None:
        """Do something at random; what another program overtook is dropped, as an app drops it that loads again."""
        choices = [(one, weight) for one, weight in self.choices().items() if one != "throw_away" or not self.thrown]
        name = self.r.choices([one for one, _ in choices], [weight for _, weight in choices])[0]
        try:
            getattr(self, name)()
            self.done[name] += 1
        except saving.Overtaken:
            self.done["overtaken"] += 1

    def choices(self) -> dict[str, int]:
        return {
            "change_a_word_of_a_note": 30,
            "add_a_paragraph_to_a_note": 14,
            "add_an_item_to_a_note": 6,
            "remove_an_item_from_a_note": 4,
            "remark_in_private": 6,
            "change_a_word_of_a_file": 24,
            "add_an_item_to_a_file": 5,
            "remove_an_item_from_a_file": 4,
            "turn_the_items_of_a_file": 2,
            "change_both_sides": 4,
            "take_an_edit_back": 8,
            "rename_a_note": 4,
            "move_a_note": 2,
            "write_a_note_by_hand": 2,
            "throw_away": 2,
        }

    def note_down(self, what: str) -> None:
        self.history.append((time.monotonic(), what))

    def save(self, path: Path, old: str, new: str, artifact: str) -> None:
        """In some way; what was typed is owed from then on, and what was taken away no longer."""
        if old == new:
            raise saving.Overtaken
        ways = list(saving.WAYS)
        if self.dialect == "logseq" and path.suffix == ".md":
            ways += [saving.as_logseq] * 4
        way = self.r.choice(ways)
        try:
            way(path, old.encode(), new.encode(), self.r)
        except saving.Orphaned:
            self.orphaned.append(f"{way.__name__} {path.relative_to(self.vault)}")
        self.ways[way.__name__] += 1
        typed, gone = sorted(words(new) - words(old)), sorted(words(old) - words(new))
        self.note_down(f"{way.__name__} {path.relative_to(self.vault)} ({artifact}): +{typed} -{gone}")
        self.edited[artifact] += 1
        self.written[path] = time.monotonic()
        self.owed |= words(new) - words(old)
        self.owed -= words(old) - words(new)

    # ------------------------------------------------------------------ notes

    def change_a_word_of_a_note(self) -> None:
        path, text, artifact = self.a_note()
        at = self._place_to_write(text)
        old = at[0]
        new = self.word()
        self.save(path, text, text[: at.start()] + new + text[at.end() :], artifact)
        if old in text and not WORD.fullmatch(old):
            self._undo.append(Undo(path, new, old))

    def _place_to_write(self, text: str) -> re.Match[str]:
        """A word of a sentence: not of a property, heading or link, and not of somebody's private remark."""
        spans = [(text.index(chunk), text.index(chunk) + len(chunk)) for chunk in self._private_in(text)]
        places = [
            found
            for line in re.finditer(r"^[^\n]*\.$", text, re.MULTILINE)
            if not re.match(r"\s*(- )?#|[\w-]+::? |\s*(- )?[\w -]+::? |---|>", line[0]) and "[[" not in line[0]
            for found in re.compile(PLAIN.pattern + "|" + WORD.pattern).finditer(text, line.start(), line.end())
            if not any(start <= found.start() < end for start, end in spans)
        ]
        if not places:
            raise saving.Overtaken
        return self.r.choice(places)

    def _private_in(self, text: str) -> list[str]:
        return [chunk for mark, chunk in self.private.items() if mark in text and chunk in text]

    def add_a_paragraph_to_a_note(self) -> None:
        path, text, artifact = self.a_note()
        at = self._place_to_write(text).start()
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[start:end]
        lead = line[: len(line) - len(line.lstrip(" \t-"))]
        between = "\n" if self.dialect == "logseq" or "-" in lead else "\n\n"
        fresh = f"{lead}{self.word()} came to mind."
        self.save(path, text, f"{text[:end]}{between}{fresh}{text[end:]}", artifact)
        self._undo.append(Undo(path, between + fresh, ""))

    def _items(self, text: str) -> list[re.Match[str]]:
        logseq, obsidian = r"\n\t- ### [^\n]*(?:\n(?!\t?- )[^\n]*)*", r"\n### [^\n]*(?:\n(?!#)[^\n]*)*"
        pattern = logseq if self.dialect == "logseq" else obsidian
        return list(re.finditer(pattern, text))

    def add_an_item_to_a_note(self) -> None:
        path, text, artifact = self.a_note()
        items = self._items(text)
        if not items:
            raise saving.Overtaken
        at = self.r.choice(items).start()
        mark, body = ("\n\t- ### ", "\n\t\t- ") if self.dialect == "logseq" else ("\n### ", "\n")
        fresh = f"{mark}Item {self.word()}{body}It is {self.word()} here."
        fresh += "" if self.dialect == "logseq" else "\n"
        self.save(path, text, text[:at] + fresh + text[at:], artifact)

    def remove_an_item_from_a_note(self) -> None:
        path, text, artifact = self.a_note()
        items = [one for one in self._items(text) if not self._private_in(one[0])]
        if len(items) < 4 or any(mark in text and chunk not in text for mark, chunk in self.private.items()):
            raise saving.Overtaken
        item = self.r.choice(items)
        self.save(path, text, text[: item.start()] + text[item.end() :], artifact)

    def remark_in_private(self) -> None:
        path, text, artifact = self.a_note()
        mark = self.word()
        if self.dialect == "logseq":
            chunk = f"\n- my   own {mark} #todo\n  collapsed:: true\n\t- deeper *{mark}*"
        else:
            chunk = f"\n\n## My own {mark}\n* odd   spacing %%{mark}%%\n\n\t| a |\n"
        self.save(path, text, text.rstrip("\n") + chunk, artifact)
        self.private[mark] = chunk

    def rename_a_note(self) -> None:
        """As an app does it: the note first, then every link to it."""
        path, text, artifact = self.a_note()
        if "\nname:" in text or time.monotonic() - self.written.get(path, -RESTS) < RESTS:
            raise saving.Overtaken
        old, new = path.stem, f"{path.stem.partition(' w')[0]} {self.word()}"
        os.rename(path, path.with_name(f"{new}.md"))
        self.note_down(f"renamed {path.relative_to(self.vault)} ({artifact}) to {new}")
        self.owed = (self.owed | words(new)) - words(old)
        self.edited[artifact] += 1
        for other in notes_of(self.vault):
            text = text_of(other)
            if f"[[{old}]]" in text:
                changed = text.replace(f"[[{old}]]", f"[[{new}]]")
                other.write_text(changed, encoding="utf-8", newline="")
                self.written[other] = time.monotonic()
                claim = ID.search(text)
                self.edited[claim[1] if claim else ""] += 1

    def move_a_note(self) -> None:
        path, _, artifact = self.a_note()
        target = self.vault / self.r.choice(["Sorted", "Sorted/deeper", "Notes"]) / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            raise saving.Overtaken
        os.rename(path, target)
        self.note_down(f"moved {path.relative_to(self.vault)} ({artifact}) to {target.relative_to(self.vault)}")
        self.edited[artifact] += 1

    def write_a_note_by_hand(self) -> None:
        text = self.word()
        if self.dialect == "logseq":
            text = f"artifact-kind:: topic\n\n- ## Text\n\t- Here is {text} now."
        else:
            text = f"---\nartifact-kind: topic\n---\n## Text\nHere is {text} now.\n"
        path = self.vault / f"By hand {self.word()}.md"
        path.write_text(text, encoding="utf-8")
        self.owed |= words(text) | words(path.name)
        self.written[path] = time.monotonic()
        self.edited[""] += 1

    def throw_away(self) -> None:
        """Delete one side, to be brought back later."""
        path, _, artifact = self.a_note()
        file = self.vault / "artifacts" / f"{artifact}.json"
        now = time.monotonic()
        if "/" not in artifact or now - max(self.written.get(one, 0) for one in (path, file)) < RESTS:
            raise saving.Overtaken
        if not file.is_file() or '"conflicts"' in text_of(file):
            raise saving.Overtaken
        gone = self.r.choice([path, file])
        gone.unlink()
        self.note_down(f"deleted {gone.relative_to(self.vault)} ({artifact})")
        self.thrown[artifact] = now
        self.edited[artifact] += 1

    def take_an_edit_back(self) -> None:
        """What undo does in an app: the piece that was typed goes, the one before comes."""
        while self._undo:
            undo = self._undo.pop(self.r.randrange(len(self._undo)))
            text = text_of(undo.path)
            claim = ID.search(text)
            if claim is None or claim[1] in self.thrown:
                continue
            if text.count(undo.now) == 1 and text == conflicts.remove(text, self.dialect):
                self.save(undo.path, text, text.replace(undo.now, undo.before), claim[1])
                return
        raise saving.Overtaken

    # ------------------------------------------------------------------ artifact files

    def _save_value(self, path: Path, text: str, value: dict[str, Any]) -> None:
        fresh = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        self.save(path, text, fresh, value["id"])

    def change_a_word_of_a_file(self) -> None:
        path, text, value = self.a_file()
        holders = [(one, name) for one in objects(value) for name in TEXTS if isinstance(one.get(name), str)]
        if not holders:
            raise saving.Overtaken
        holder, name = self.r.choice(holders)
        found = list(re.compile(PLAIN.pattern + "|" + WORD.pattern).finditer(holder[name]))
        if not found:
            raise saving.Overtaken
        at = self.r.choice(found)
        holder[name] = holder[name][: at.start()] + self.word() + holder[name][at.end() :]
        self._save_value(path, text, value)

    def _list(self, value: dict[str, Any]) -> list[dict[str, Any]]:
        lists = [value[name] for name in ("stages", "items", "pains", "gains", "solutions", "trends") if name in value]
        if not lists:
            raise saving.Overtaken
        chosen: list[dict[str, Any]] = self.r.choice(lists)
        return chosen

    def add_an_item_to_a_file(self) -> None:
        path, text, value = self.a_file()
        items, word = self._list(value), self.word()
        fresh = {"id": f"item-{word}", "name": f"Item {word}", "description": f"Then {self.word()} is there."}
        items.insert(self.r.randrange(len(items) + 1), fresh)
        self._save_value(path, text, value)

    def remove_an_item_from_a_file(self) -> None:
        path, text, value = self.a_file()
        items = self._list(value)
        if len(items) < 4:
            raise saving.Overtaken
        items.pop(self.r.randrange(len(items)))
        self._save_value(path, text, value)

    def turn_the_items_of_a_file(self) -> None:
        path, text, value = self.a_file()
        self._list(value).reverse()
        self._save_value(path, text, value)

    def change_both_sides(self) -> None:
        """Within a moment, often the same words."""
        path, text, artifact = self.a_note()
        file = self.vault / "artifacts" / f"{artifact}.json"
        said = text_of(file)
        common = [found for found in PLAIN.findall(text) if text.count(found) == 1 and said.count(found) == 1]
        places = [one for one in common if f" {one} " in text and f" {one} " in said]
        if not places:
            raise saving.Overtaken
        old = self.r.choice(places)
        self.save(path, text, text.replace(f" {old} ", f" {self.word()} "), artifact)
        self.save(file, said, said.replace(f" {old} ", f" {self.word()} "), artifact)

    # ------------------------------------------------------------------ what must hold

    def lost(self) -> list[str]:
        """Words and private texts that are nowhere any more."""
        there = everything(self.vault)
        said = words(there)
        told = [word for word in sorted(self.owed) if word not in said]
        return told + [f"private {mark}" for mark, chunk in self.private.items() if chunk not in there]
