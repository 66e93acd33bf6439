"""Feed both dialects, the lens and the JSON reader with hostile input, and count.

    python scripts/fuzz.py [--seconds N] [--seed N]

Fails on a crash, on a broken law of the lens, and on anything slower than a second per 100 KB.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sync"))

from lens_cases import (
    HOSTILE,
    Names,
    changed,
    generated,
    rewritten_by_obsidian,
    saved_by_logseq,
    with_ids,
    with_private,
)

from twinpage.core import artifact_text, lens
from twinpage.core.lens.composing import expressible
from twinpage.core.schema.registry import Registry
from twinpage.dialects import DIALECTS
from twinpage.edge.shipped import schemas
from twinpage.errors import Unwritable
from twinpage.model.kind import Kind, Value
from twinpage.model.page import Dialect, Page

NAMES = Names()
KINDS = list(Registry(schemas()))
YAML = [
    "a: b",
    "- x",
    "[",
    "]",
    "{",
    "}",
    "&a",
    "*a",
    "!!int 3",
    "|",
    ">",
    "? x",
    ": y",
    "'",
    '"',
    "#",
    "on: yes",
    "{{t}}",
]
JSON = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "\\u0000",
    "\\ud800",
    "1e999",
    "NaN",
    "-",
    "01",
    "true",
    "null",
    "//",
    "\ufeff",
]
ALONE = "\ud800"


class Broken(AssertionError):
    """A law that does not hold."""


def must(holds: bool, law: str) -> None:
    if not holds:
        raise Broken(law)


def timed(size: int, work: Callable[[], None]) -> None:
    start = time.process_time()  # the machine may be busy with other things
    work()
    took = time.process_time() - start
    must(took <= max(1.0, size / 100_000), f"took {took:.1f} s for {size} characters")


# --- what is tried


def laws(r: Random, kind: Kind, dialect: Dialect, done: Counter[str]) -> None:
    """A note from nothing, lines of one's own in it, a change, the app's own save, Windows line ends."""
    old = expressible(generated(r, kind, r.choice([0.2, 0.5, 0.8])), kind)
    page = dialect.parse("", lens.compose(dialect, kind, "a/b/c", old, NAMES))
    must(lens.get(page, kind, NAMES).value == old, "composed is read")
    text, mine = with_private(r, page)
    if r.random() < 0.2:
        text = text.replace("\n", "\r\n")
    page = dialect.parse("", text)
    must(lens.get(page, kind, NAMES, old).value == old, "lines of one's own change nothing")
    for _ in range(2):
        new = expressible(with_ids(r, kind.shape, changed(r, kind.shape, old, generated(r, kind))), kind)
        page = put(page, kind, new, old)
        done["puts"] += 1
        must(all(line.strip() in page.text for line in mine), "lines of one's own stay")
        saved = saved_by_logseq(page.text, dialect) if page.dialect == "logseq" else page.text
        saved = rewritten_by_obsidian(page.text, r.random() < 0.5) if page.dialect == "obsidian" else saved
        again = dialect.parse("", saved)
        must(lens.get(again, kind, NAMES, new).value == new, "what the app saved says the same")
        page, old = (again, new) if r.random() < 0.3 else (page, new)
        mine = mine if page is not again else []


def put(page: Page, kind: Kind, view: Value, reference: Value) -> Page:
    after = page.syntax.parse(page.path, lens.put(page, kind, view, NAMES, reference))
    must(lens.get(after, kind, NAMES, view).value == view, "what was put is read")
    must(lens.put(after, kind, view, NAMES, view) is after.text, "putting again changes nothing")
    return after


def mutated(r: Random, text: str, pieces: list[str]) -> str:
    """The text after a few accidents."""
    for _ in range(r.randint(1, 12)):
        at, to = sorted((r.randint(0, len(text)), r.randint(0, len(text))))
        near = min(to, at + r.choice([1, 3, 20, 200]))
        accident = r.randint(0, 6)
        if accident == 0:
            text = text[:at] + text[near:]
        elif accident == 1:
            text = text[:at] + r.choice(pieces) + text[at:]
        elif accident == 2:
            text = text[:at] + "\n" + r.choice(["", "\t", "  ", "- "]) + r.choice(pieces) + "\n" + text[at:]
        elif accident == 3:
            text = text[:near] + text[at:near] + text[near:]
        elif accident == 4:
            lines = text.split("\n")
            place = r.randrange(len(lines))
            lines.insert(r.randrange(len(lines)), lines.pop(place))
            text = "\n".join(lines)
        elif accident == 5:
            text = text[:at] + chr(r.choice([0, 9, 10, 13, 27, 32, 133, 160, 0x2028, 0xFEFF, 0x1F600])) + text[at:]
        else:
            text = text[: max(at, 1)] if r.random() < 0.2 else text.replace("\n", "\r\n", r.randint(0, 5))
    return text


def damaged(r: Random, kind: Kind, dialect: Dialect, done: Counter[str]) -> None:
    """A note after accidents: it is read, and what can be written reads back."""
    old = expressible(generated(r, kind, 0.5), kind)
    page = dialect.parse("", mutated(r, lens.compose(dialect, kind, "a/b/c", old, NAMES), [*HOSTILE, *YAML]))
    timed(len(page.text), lambda: attempt(r, page, kind, old, done))


def attempt(r: Random, page: Page, kind: Kind, old: Value, done: Counter[str]) -> None:
    reading = lens.get(page, kind, NAMES, old)
    done["held"] += bool(page.problems or reading.held)
    must(all(0 <= p.offset <= len(page.text) for p in (*page.problems, *reading.problems)), "problems have a place")
    must(all(page.text[x.start : x.end].startswith(("[", "!", "{")) for x in page.links), "links have a place")
    view = reading.value
    must(lens.put(page, kind, view, NAMES, old) is page.text, "putting what was read changes nothing")
    lens.lost_structure(page, reading, old)
    new = expressible(changed(r, kind.shape, view, old), kind)
    try:
        after = page.syntax.parse("", lens.put(page, kind, new, NAMES, view))
    except Unwritable:
        done["refused"] += 1
    else:
        done["puts"] += 1
        held = lens.get(after, kind, NAMES, new).held
        if not reading.held and not held:
            must(lens.get(after, kind, NAMES, new).value == new, "what was put is read")
    shown = page.syntax.parse("", lens.embed(page, "Examples", "\U0001f449", ["Some note"]))
    for link in shown.links:
        if link.embed and link.target == "Some note":
            lens.unembed(shown, link.start, link.end)
            break
    try:
        lens.set_property(page, "artifact-id", "a/b/d")
    except Unwritable:
        done["refused"] += 1


def large(r: Random, kind: Kind, dialect: Dialect, done: Counter[str]) -> None:
    """100 KB of one thing."""
    piece = "".join(r.choice([*HOSTILE, *YAML, "\t", "  ", "\n", "- "]) for _ in range(r.randint(1, 3)))
    piece += r.choice(["\n", "\n", "\n\t", " ", ""])
    start = r.choice(["", "---\n", "## Stages\n", "- ## Stages\n\t- ### A\n", "## Stages\n\n### A\n"])
    text = start + piece * (100_000 // max(1, len(piece)))
    done["bytes"] += len(text)
    page = dialect.parse("", text)

    def read() -> None:
        reading = lens.get(page, kind, NAMES, {})
        must(len(page.problems) >= 0 and len(page.links) >= 0, "a page is read")
        must(lens.put(page, kind, reading.value, NAMES) is page.text, "putting what was read changes nothing")

    timed(len(text), read)


def files(r: Random, kind: Kind, dialect: Dialect, done: Counter[str]) -> None:
    """Artifact files after accidents: never an exception; what is read is written and read again."""
    value = {"kind": kind.name, "id": "a/b/c", "schema": kind.schema_name, **generated(r, kind, 0.5)}
    text = json.dumps(value, ensure_ascii=r.random() < 0.5, indent=r.choice([None, 2]))
    text = mutated(r, text, [*JSON, *HOSTILE]) if r.random() < 0.9 else r.choice(JSON) * r.randint(1, 100_000)

    def read() -> None:
        source = artifact_text.read("artifacts/a/b/c.json", text)
        done["unreadable"] += source.value is None
        must(source.value is not None or bool(source.problems), "what cannot be read has a problem")
        if source.value is not None:
            written = artifact_text.write(source.value, kind)
            again = artifact_text.read("artifacts/a/b/c.json", written)
            must(again.value is not None and artifact_text.write(again.value, kind) == written, "files read back")

    timed(len(text), read)


TRIALS = [laws, damaged, damaged, files, large]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=600)
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    counts: Counter[str] = Counter()
    done: Counter[str] = Counter()
    broken, seed, end = 0, asked.seed, time.monotonic() + asked.seconds
    while time.monotonic() < end and broken < 20:
        seed += 1
        r = Random(seed)
        trial, kind, dialect = r.choice(TRIALS), r.choice(KINDS), r.choice(list(DIALECTS.values()))
        try:
            trial(r, kind, dialect, done)
            counts[f"{trial.__name__} {dialect.name}"] += 1
        except Exception as error:
            broken += 1
            print(f"seed {seed}: {trial.__name__}, {kind.name}, {dialect.name}: {type(error).__name__}: {error}"[:300])
            if not isinstance(error, (Broken, Unwritable)):
                traceback.print_exc(limit=-4)
    for name, count in sorted(counts.items()):
        print(f"{name}: {count}")
    print(
        f"{seed - asked.seed} cases to seed {seed}, {broken} broken; " + ", ".join(f"{v} {k}" for k, v in done.items())
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
