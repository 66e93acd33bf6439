from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest

from twinpage.edge import terminal
from twinpage.edge.terminal import Terminal


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "colour"),
    [
        (Tty(), {}, True),
        (Tty(), {"NO_COLOR": "1"}, False),
        (Tty(), {"NO_COLOR": ""}, True),
        (Tty(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colour_only_where_somebody_sees_it(stream: io.StringIO, environment: dict[str, str], colour: bool) -> None:
    assert Terminal(stream, stream, environment).colour is colour


def test_results_and_remarks_go_their_own_ways() -> None:
    out, err = io.StringIO(), io.StringIO()
    both = Terminal(out, err, {})
    both.result("found")
    both.remark("waiting\n")
    both.result("")
    assert (out.getvalue(), err.getvalue()) == ("found\n", "waiting\n")


def test_only_our_own_colours_reach_a_terminal() -> None:
    out = Tty()
    Terminal(out, out, {}).result("\x1b[31merror\x1b[0m \x1b[2J\x07 \x1b]0;title\x07")
    assert out.getvalue() == "\x1b[31merror\x1b[0m \\u001b[2J\\u0007 \\u001b]0;title\\u0007\n"


def test_without_colour_nothing_escapes() -> None:
    out = io.StringIO()
    Terminal(out, out, {}).remark("\x1b[31mred \u202etxt.exe \udcff")
    assert out.getvalue() == "\\u001b[31mred \\u202etxt.exe \\udcff\n"


def test_json_stays_json() -> None:
    out = io.StringIO()
    said = {"name": "a\x9b\u202e\x7f\udc80\nb"}
    Terminal(out, out, {}).result(json.dumps(said, ensure_ascii=False, indent=2))
    assert json.loads(out.getvalue()) == said


def test_an_old_code_page_shows_what_it_can() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="cp1252", newline="\n")
    Terminal(out, out, {}).result("Müller → 日本")
    assert raw.getvalue().decode("cp1252") == "Müller ? ??\n"


def test_a_reader_that_has_enough_is_no_error() -> None:
    code = """
from twinpage.edge.terminal import Terminal
for n in range(50_000):
    Terminal().result(str(n))
raise SystemExit(7)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    writer = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    assert writer.stdout.readline() == b"0\n"
    writer.stdout.close()
    complaint = writer.stderr.read()
    writer.stderr.close()
    assert (writer.wait(), complaint) == (7, b"")


def test_progress_is_shown_on_a_terminal_only_when_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = Terminal(io.StringIO(), Tty(), {})
    assert list(quick.progress(range(1000), "notes", 1000)) == list(range(1000))
    assert quick.err.getvalue() == ""  # type: ignore[attr-defined]
    monkeypatch.setattr(terminal, "_PATIENCE", 0.0)
    monkeypatch.setattr(terminal, "_BETWEEN", 0.0)
    shown, unseen = Tty(), io.StringIO()
    for stream in (shown, unseen):
        assert list(Terminal(io.StringIO(), stream, {}).progress("abcd", "notes", 4)) == list("abcd")
    assert "\rnotes  [###############...............] 2 of 4\x1b[K" in shown.getvalue()
    assert shown.getvalue().endswith("\r\x1b[K")
    assert unseen.getvalue() == ""
