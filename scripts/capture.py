"""Take the pictures of the README from real runs: docs/twinpage.svg and docs/review.svg.

python scripts/capture.py
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from environment import ROOT, environment, python_with

NOTE = "Journeys/Journey of the planning partner.md"
LOST = "Journeys/Journey of the corporate host.md"
FILE = "artifacts/underwater-restaurant/journeys/planning-partner.json"
STAGE = ("### A whispered question", '"name": "A whispered question"')
EDIT = ("A person answers and suggests a code word.", "A person answers at once, and suggests a code word.")
CHARACTER, LINE, SIZE, MARGIN = 7.25, 17, 12, 16
COLOURS = {"31": "#c0392b", "33": "#b7791f", "36": "#2b7a8c", "1": "#1f2328", "2": "#8a929a", "32": "#2f855a"}
PANEL, TERMINAL = "#f6f8fa", "#ffffff"

Spans = list[tuple[str, str]]
"""Pieces of one line with their colours."""


def main() -> int:
    """Make a vault, watch it while a note changes and another goes, check, and draw what could be seen."""
    python = python_with("run", "-e", ".")
    with tempfile.TemporaryDirectory() as folder:
        vault = Path(folder) / "my-vault"
        seen(python, Path(folder), "init", "my-vault")
        said = [("twinpage watch", watched(python, vault)), ("twinpage check", seen(python, vault, "check"))]
        note = vault / NOTE
        left = excerpt(note.read_text(encoding="utf-8"), STAGE[0], 14, 62)
        right = excerpt((vault / FILE).read_text(encoding="utf-8"), STAGE[1], 14, 66)
        reviewed(python, vault)
        review = [("twinpage review main..", seen(python, vault, "review", "main.."))]
    draw("twinpage", picture(left, right, list(terminal(said, 132))[:-1]))
    draw("review", screen(list(terminal(review, 132))[:-1], "twinpage review"))
    return 0


def draw(name: str, drawing: str) -> None:
    target = ROOT / "docs" / f"{name}.svg"
    target.parent.mkdir(exist_ok=True)
    target.write_text(drawing, encoding="utf-8")
    print(f"Wrote {target.relative_to(ROOT)}.")


def reviewed(python: Path, vault: Path) -> None:
    """A branch on which a stage has another name, a touchpoint is gone, and a profile lost its journey."""
    who = ("-c", "user.name=A modeller", "-c", "user.email=modeller@example.org", "-c", "commit.gpgsign=false")

    def git(*words: str) -> None:
        subprocess.run(["git", *who, *words], cwd=vault, env=environment(), check=True)

    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "The model as it is")
    git("switch", "-qc", "evenings")
    file = vault / FILE
    value = json.loads(file.read_text(encoding="utf-8"))
    value["stages"][1]["name"] = "A first whisper"
    del value["stages"][2]["touchpoints"][0]
    file.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    seen(python, vault, "remove", "extinguished-animals-meat/journeys/restaurant-owner")
    seen(python, vault, "sync")
    git("add", "-A")
    git("commit", "-qm", "Evenings")


def seen(python: Path, folder: Path, *arguments: str) -> str:
    """What a command shows on a terminal, colours included."""
    ours, theirs = os.openpty()
    command = [str(python), "-m", "twinpage", *arguments]
    with subprocess.Popen(command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment()) as run:
        os.close(theirs)
        heard = b"".join(iter(lambda: chunk(ours), b""))
    os.close(ours)
    if run.returncode:
        sys.exit(f"twinpage {arguments[0]} ended with {run.returncode}:\n{heard.decode()}")
    return heard.decode("utf-8").replace("\r\n", "\n")


def watched(python: Path, vault: Path) -> str:
    """What a watcher shows on a terminal while somebody edits a note and deletes another."""
    ours, theirs = os.openpty()
    command = [str(python), "-m", "twinpage", "watch"]
    with subprocess.Popen(command, cwd=vault, stdin=theirs, stdout=theirs, stderr=theirs, env=environment()) as run:
        os.close(theirs)
        heard = until(ours, b"", "Watching")
        note = vault / NOTE
        note.write_text(note.read_text(encoding="utf-8").replace(*EDIT), encoding="utf-8")
        heard = until(ours, heard, "the note changed")
        (vault / LOST).unlink()
        heard = until(ours, heard, "TP301")
        run.send_signal(signal.SIGINT)
        heard = until(ours, heard, "is safe")
    os.close(ours)
    return heard.decode("utf-8").replace("\r\n", "\n")


def until(descriptor: int, heard: bytes, words: str) -> bytes:
    while words.encode() not in heard:
        more = chunk(descriptor)
        if not more:
            sys.exit(f"The watcher ended before it said {words}:\n{heard.decode()}")
        heard += more
    return heard


def chunk(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""  # Linux reports the end of a pseudo-terminal as an error


def excerpt(text: str, first: str, count: int, width: int) -> list[Spans]:
    """Some lines from the one that holds ``first`` on, wrapped."""
    lines = text.split("\n")
    start = next(number for number, line in enumerate(lines) if first in line)
    wrapped = [row for line in lines[start:] for row in wrap(line.replace("\t", "    "), width)]
    changed = {row for row in wrapped for word in ("at once",) if word in row}
    return [[(row, COLOURS["32"] if row in changed else "#1f2328")] for row in wrapped[:count]]


def wrap(line: str, width: int) -> Iterator[str]:
    indent = " " * (len(line) - len(line.lstrip()))
    while len(line) > width:
        end = line.rfind(" ", len(indent) + 1, width)
        end = width if end < 0 else end
        yield line[:end]
        line = indent + line[end:].lstrip()
    yield line


def terminal(said: list[tuple[str, str]], width: int) -> Iterator[Spans]:
    for command, output in said:
        yield [("$ ", COLOURS["2"]), (command, COLOURS["1"])]
        for line in output.rstrip("\n").split("\n"):
            yield from clipped(coloured(line), width)
        yield []


def coloured(line: str) -> Spans:
    spans: Spans = []
    colour = "#1f2328"
    for part in re.split(r"(\x1b\[\d*m)", line):
        if part.startswith("\x1b["):
            colour = COLOURS.get(part[2:-1], "#1f2328")
        elif part:
            spans.append((part, colour))
    return spans


def clipped(spans: Spans, width: int) -> Iterator[Spans]:
    """A line as a terminal of this width breaks it."""
    row: Spans = []
    room = width
    for text, colour in spans:
        while len(text) > room:
            end = text.rfind(" ", 0, room) + 1 or room
            yield [*row, (text[:end], colour)]
            text, row, room = "    " + text[end:], [], width
        row.append((text, colour))
        room -= len(text)
    yield row


def picture(left: list[Spans], right: list[Spans], below: list[Spans]) -> str:
    """Two panels side by side, a terminal under them."""
    half, gap = 64 * CHARACTER + 2 * MARGIN, 12
    width = 2 * half + gap
    height = (len(left) + 1.5) * LINE + 2 * MARGIN
    parts = [
        panel(0, 0, half, height, NOTE, left, PANEL),
        panel(half + gap, 0, half, height, FILE, right, PANEL),
        panel(0, height + gap, width, (len(below) + 1.5) * LINE + 2 * MARGIN, "terminal", below, TERMINAL),
    ]
    full = height + gap + (len(below) + 1.5) * LINE + 2 * MARGIN
    font = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {full:.0f}" width="{width:.0f}" '
        f'font-family="{font}" font-size="{SIZE}" role="img">\n'
        f"<title>A note and its artifact file; twinpage watch and twinpage check</title>\n{''.join(parts)}</svg>\n"
    )


def screen(rows: list[Spans], title: str) -> str:
    """One terminal alone."""
    width, height = 134 * CHARACTER + 2 * MARGIN, (len(rows) + 1.5) * LINE + 2 * MARGIN
    font = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'font-family="{font}" font-size="{SIZE}" role="img">\n'
        f"<title>{title}</title>\n{panel(0, 0, width, height, 'terminal', rows, TERMINAL)}</svg>\n"
    )


def panel(x: float, y: float, width: float, height: float, title: str, rows: list[Spans], fill: str) -> str:
    lines = [
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}" rx="6" fill="{fill}" stroke="#d0d7de"/>\n',
        f'<text x="{x + MARGIN:.1f}" y="{y + MARGIN + 6}" fill="#57606a" font-weight="bold">{escape(title)}</text>\n',
    ]
    for number, row in enumerate(rows, 1):
        spans = "".join(f'<tspan fill="{colour}">{escape(text)}</tspan>' for text, colour in row)
        lines.append(f'<text x="{x + MARGIN:.1f}" y="{y + MARGIN + 6 + (number + 0.5) * LINE}" xml:space="preserve">')
        lines.append(f"{spans}</text>\n")
    return "".join(lines)


if __name__ == "__main__":
    sys.exit(main())
