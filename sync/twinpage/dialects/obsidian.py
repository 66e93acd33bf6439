"""Obsidian: YAML front matter, headings with prose and labelled bullets, ``[[note]]`` and ``![[note]]``."""

from __future__ import annotations

from twinpage.core.lens.front import with_git_conflict
from twinpage.core.lens.hidden import hidden_in_obsidian
from twinpage.core.lens.links import obsidian_links
from twinpage.core.lens.yaml_front import yaml_front
from twinpage.model.names import stem
from twinpage.model.page import Dialect, Front, Markup
from twinpage.model.regex import regex

_SPECIAL = r"`{3}|~{3}|%%|<!--|!\[\[|\{\{embed"
_HEADING = r"#{1,6}(?:[ \t]|\Z)"
_FENCED = r"[-*+][ \t]+(?:[-*+][ \t]+)*(?:`{3}|~{3})"


def _read_front(text: str) -> Front:
    return with_git_conflict(yaml_front(text), text)


DIALECT = Dialect(
    name="obsidian",
    markup=Markup(
        outline=False,
        block=regex(r"\n(?:([ \t]*)[-*+](?=[ \t\r\n]|\Z)[ \t]*()()([^\n]*)|(?=[^ \t\r\n]))"),
        tab=4,
        property_line=None,
        trigger=regex(rf"([ \t]*)(\\*)(?={_HEADING}|[-*+](?:[ \t]|\Z)|{_SPECIAL}|\[\[)"),
        prose_trigger=regex(rf"([ \t]*)(\\*)(?={_HEADING}|[-*+][ \t]+[^\n]*:|{_FENCED}|{_SPECIAL})"),
        starred=False,
        label_needs_colon=True,
        openers=("```", "~~~", "%%", "<!--"),
        hidden=hidden_in_obsidian,
        yes="yes",
        no="no",
        embed="![[{}]]",
        own_properties=frozenset(),
    ),
    read_front=_read_front,
    read_links=obsidian_links,
    settings_folder=".obsidian",
    file_name=lambda title: f"{title}.md",
    title_of=lambda page: stem(page.path),
)
