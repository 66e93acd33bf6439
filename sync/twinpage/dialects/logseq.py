"""Logseq file graphs: property lines at the top, one outline of blocks, ``{{embed [[page]]}}``."""

from __future__ import annotations

from msgspec.structs import replace

from twinpage.core.lens.front import PROPERTY_LINE, property_lines, with_git_conflict
from twinpage.core.lens.hidden import hidden_in_logseq
from twinpage.core.lens.links import logseq_links
from twinpage.model.names import logseq_file_name, logseq_title, stem
from twinpage.model.page import Dialect, Front, Markup
from twinpage.model.problem import Problem
from twinpage.model.regex import regex

# mldoc's blocks, not CommonMark's: `*`, `+` and `1.` are content, and a heading needs no bullet.
_BLOCK = regex(
    r"\n([ \t]*)(?:-(?=[ \t\r\n]|\Z)[ \t]*(?:(#+)(?=[ \t\r\n]|\Z)[ \t]*)?|(#+)(?=[ \t\r\n]|\Z)[ \t]*)([^\n]*)"
)

_SPECIAL = r"`{3}|~{3}|<!--|\$\$|\[\[|#\+|!\[\[|\{\{embed|:[A-Za-z]+:[ \t]*\Z"


def _first_block(text: str) -> int:
    padded = "\n" + text
    spans = hidden_in_logseq(text)[0] if "```" in text or "~~~" in text or "<!--" in text else ()
    at = 0
    while found := _BLOCK.search(padded, at):
        inside = next((s for s in spans if s.start < found.start() < s.end), None)
        if inside is None:
            return found.start()
        at = inside.end
    return len(text)


_OF_ANOTHER_APP = regex(r"\ufeff?---[ \t\r]*\n(?:(?!---)[^\n]*\n)*?(artifact-(?:id|kind)):[ \t]")
_ANOTHER_APP = (
    "{0} stands here as other apps write properties. Logseq reads lines such as `{0}:: value` at the very top: write "
    "them so, and take the lines of three hyphens out."
)


def _read_front(text: str) -> Front:
    front = property_lines(_first_block, text)
    foreign = _OF_ANOTHER_APP.match(text) if text.startswith(("---", "\ufeff---")) else None
    if foreign is not None:
        message = _ANOTHER_APP.format(foreign[1])
        front = replace(front, problems=(Problem("TP001", foreign.start(1), message, holds=True), *front.problems))
    return with_git_conflict(front, text)


DIALECT = Dialect(
    name="logseq",
    markup=Markup(
        outline=True,
        block=_BLOCK,
        tab=1,
        property_line=PROPERTY_LINE,
        trigger=regex(rf"([ \t]*)(\\*)(?=#+(?:[ \t]|\Z)|-(?:[ \t]|\Z)|{_SPECIAL})"),
        prose_trigger=regex(r"(?!)"),
        starred=True,
        label_needs_colon=False,
        openers=("```", "~~~", "<!--", "$$", "#+BEGIN_", "#+begin_", ":END:", ":end:"),
        hidden=hidden_in_logseq,
        yes="true",
        no="false",
        embed="{{{{embed [[{}]]}}}}",
        own_properties=frozenset({"id", "collapsed", "heading", "background-color"}),
    ),
    read_front=_read_front,
    read_links=logseq_links,
    settings_folder="logseq",
    file_name=lambda title: f"{logseq_file_name(title)}.md",
    title_of=lambda page: page.property("title") or logseq_title(stem(page.path)),
)
