"""Settings of a vault, read from twinpage.toml. Frozen; every mistake is told at once, with key and line.

Nothing here can name a program to run or a place outside the vault. Reading is pure: the caller brings the text.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from twinpage.model.flag import SEVERITIES, Severity
from twinpage.model.patterns import Patterns
from twinpage.model.regex import regex
from twinpage.model.toml_lines import Path, lines_of_keys

Option = int | str | bool

KEYS = ("dialect", "exclude", "fail-on", "flags-note", "rules", "needs", "folders", "ignore")
DIALECTS = ("obsidian", "logseq")
DEFAULT_EXCLUDE = ("Templates/", "_templates/", "logseq/bak/", "logseq/version-files/")
"""The apps' template folders, and Logseq's own copies of notes."""
LONGEST_TEXT = 1_000_000
# tomllib copies a dotted key once a part: a line of 100,000 parts would take minutes.
LONGEST_LINE = 2_000
MOST_MISTAKES = 100
_CODE = regex(r"TP[0-9]{3}")
_IGNORE_KEYS = ("code", "artifact", "reason", "until")
_OURS = ("artifacts", "schemas")


class Mistake(Struct, frozen=True):
    """One line of the settings that is not followed; the default stands instead."""

    line: int
    key: str
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.sentence}"


class Ignore(Struct, frozen=True):
    """A flag that is silenced for one artifact. ``until`` is an ISO date or empty."""

    code: str
    artifact: str
    reason: str
    until: str
    line: int


class Known(Struct, frozen=True):
    """What codes, options and kinds there are. Where it is empty, every well-formed word is taken."""

    options: Mapping[str, Mapping[str, Option]] = field(default_factory=dict)
    """Code -> options with their defaults."""
    kinds: tuple[str, ...] = ()
    references: Callable[[str], tuple[str, ...]] | None = None
    """Of a kind the fields that name other artifacts; asked where needs are set. None: every word is taken."""


class Config(Struct, frozen=True, dict=True):
    """The settings in force. What twinpage.toml does not say has its default here."""

    dialect: str = ""
    """``obsidian``, ``logseq``, or empty: look at the vault."""
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    fail_on: Severity = "error"
    flags_note: bool = False
    """Flags are shown in a note of the vault, too."""
    severities: Mapping[str, str] = field(default_factory=dict)
    rule_options: Mapping[str, Mapping[str, Option]] = field(default_factory=dict)
    needs: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    folders: Mapping[str, str] = field(default_factory=dict)
    ignores: tuple[Ignore, ...] = ()
    lines: Mapping[Path, int] = field(default_factory=dict)
    """Where each key stands in twinpage.toml; a key that is not here has its default."""

    def severity(self, code: str) -> str | None:
        """``error``, ``warning``, ``info`` or ``off``; None when the settings say nothing."""
        return self.severities.get(code)

    def options(self, code: str) -> Mapping[str, Option]:
        """The options that were set for a rule."""
        return self.rule_options.get(code, {})

    def needs_of(self, kind: str) -> tuple[tuple[str, str], ...]:
        """The team's own needs: (kind of the partner, field by which it names the artifact)."""
        return self.needs.get(kind, ())

    def folder_of(self, kind: str) -> str | None:
        """Where new notes of a kind go; None when the kind's schema decides."""
        return self.folders.get(kind)

    def excludes(self, path: str) -> bool:
        """The note at this vault path, or all notes of this folder, are none of ours. Artifact files always are."""
        return path.partition("/")[0] != "artifacts" and self._patterns.cover(path)

    @cached_property
    def _patterns(self) -> Patterns:
        return Patterns(self.exclude)


def parse(text: str, known: Known | None = None) -> tuple[Config, tuple[Mistake, ...]]:
    """The settings and all mistakes, in the order of lines. A key with a mistake keeps its default. Never raises."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    fault = _unreadable(text)
    if fault:
        return Config(), (fault,)
    try:
        table = tomllib.loads(text)
    except RecursionError:
        return Config(), (Mistake(1, "", "This is nested too deeply to be settings; write it flat."),)
    except ValueError as error:
        return Config(), (_syntax_mistake(str(error)),)
    reader = _Reader(lines_of_keys(text), known or Known())
    config = reader.config(table)
    return config, tuple(sorted(reader.mistakes, key=lambda mistake: mistake.line))[:MOST_MISTAKES]


def _unreadable(text: str) -> Mistake | None:
    if len(text) > LONGEST_TEXT:
        return Mistake(1, "", "This is too long for settings (1 MB at most); shorten it.")
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST_LINE:
            return Mistake(number, "", f"This line is longer than {LONGEST_LINE} characters; break it.")
    return None


def _syntax_mistake(message: str) -> Mistake:
    found = re.search(r"\(at line (\d+), column \d+\)", message)
    fault = message.partition(" (at ")[0].replace("\n", " ")
    return Mistake(int(found[1]) if found else 1, "", f"This is not TOML ({fault}); correct the line.")


class _Reader:
    """Reads one parsed file, collecting mistakes on the way."""

    def __init__(self, lines: Mapping[Path, int], known: Known) -> None:
        self.lines = lines
        self.known = known
        self.mistakes: list[Mistake] = []

    def config(self, table: dict[str, Any]) -> Config:
        parts: dict[str, Callable[[Any], dict[str, Any]]] = {
            "dialect": lambda value: {"dialect": self.word(("dialect",), value, DIALECTS)},
            "fail-on": lambda value: {"fail_on": self.word(("fail-on",), value, SEVERITIES)},
            "flags-note": lambda value: {"flags_note": self.yes_or_no(("flags-note",), value)},
            "exclude": lambda value: {"exclude": self.exclude(value)},
            "rules": self.rules,
            "needs": lambda value: {"needs": self.needs(value)},
            "folders": lambda value: {"folders": self.folders(value)},
            "ignore": lambda value: {"ignores": self.ignores(value)},
        }
        config = Config(lines=self.lines)
        for key, value in table.items():
            if key in parts:
                said = parts[key](value)
                config = replace(config, **{name: part for name, part in said.items() if part is not None})
            else:
                self.unknown((key,), "setting", KEYS)
        return config

    def mistake(self, path: Path, sentence: str) -> None:
        line = next((self.lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self.lines), 1)
        self.mistakes.append(Mistake(line, ".".join(map(str, path)), sentence))

    def unknown(self, path: Path, what: str, words: Iterable[str]) -> None:
        from difflib import get_close_matches

        word = str(path[-1])[:80]
        words = tuple(words)
        near = get_close_matches(word, words, 1, 0.5)
        advice = f"did you mean `{near[0]}`?" if near else f"there is {_listed(words)}."
        self.mistake(path, f"`{word}` is no {what}; {advice}")

    def word(self, path: Path, value: object, words: tuple[str, ...]) -> str | None:
        if isinstance(value, str) and value in words:
            return value
        self.mistake(path, f"`{path[-1]}` must be {_listed(words)}, not {_shown(value)}.")
        return None

    def yes_or_no(self, path: Path, value: object) -> bool | None:
        if isinstance(value, bool):
            return value
        self.mistake(path, f"`{path[-1]}` must be true or false, not {_shown(value)}.")
        return None

    def table(self, path: Path, value: object) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        self.mistake(path, f"`{path[-1]}` must be a table; write [{path[-1]}] on a line of its own and its keys below.")
        return {}

    def exclude(self, value: object) -> tuple[str, ...] | None:
        if not isinstance(value, list):
            self.mistake(("exclude",), '`exclude` must be a list of patterns, such as ["Templates/"].')
            return None
        return tuple(pattern for pattern in value if self.inside(("exclude",), pattern, "A pattern"))

    def inside(self, path: Path, value: object, what: str) -> bool:
        """A text that is a path inside the vault."""
        if not isinstance(value, str) or not value.strip("/ ") or not value.isprintable() or len(value) > 200:
            self.mistake(path, f"{what} must be a path inside the vault, not {_shown(value)}.")
        elif value.startswith(("/", "~")) or "\\" in value or ":" in value or ".." in value.split("/"):
            self.mistake(path, f"{_shown(value)} leads out of the vault; write it from the vault's top, with /.")
        else:
            return True
        return False

    def code(self, path: Path) -> bool:
        code = path[-1]
        if code in self.known.options or (not self.known.options and _CODE.fullmatch(str(code))):
            return True
        self.unknown(path, "code of a rule", self.known.options or ("TP301",))
        return False

    def kind(self, path: Path) -> bool:
        if not self.known.kinds or path[-1] in self.known.kinds:
            return True
        self.unknown(path, "kind", self.known.kinds)
        return False

    def rules(self, value: object) -> dict[str, Any]:
        severities: dict[str, str] = {}
        options: dict[str, dict[str, Option]] = {}
        for code, said in self.table(("rules",), value).items():
            path: Path = ("rules", code)
            if not self.code(path):
                continue
            if isinstance(said, dict):
                options[code] = self.options(path, {key: said[key] for key in said if key != "severity"})
                if "severity" not in said:
                    continue
                path, said = (*path, "severity"), said["severity"]
            severity = self.word(path, said, (*SEVERITIES, "off"))
            if severity:
                severities[code] = severity
        return {"severities": severities, "rule_options": {code: found for code, found in options.items() if found}}

    def options(self, path: Path, said: dict[str, Any]) -> dict[str, Option]:
        defaults = self.known.options.get(str(path[-1]), {})
        found: dict[str, Option] = {}
        for key, value in said.items():
            if key not in defaults and self.known.options:
                self.unknown((*path, key), f"option of {path[-1]}", (*defaults, "severity"))
            elif type(value) not in ((type(defaults[key]),) if key in defaults else (int, str, bool)):
                example = f" such as {_shown(defaults[key])}" if key in defaults else ""
                self.mistake((*path, key), f"`{key}` must be a value{example}, not {_shown(value)}.")
            else:
                found[key] = value
        return found

    def needs(self, value: object) -> dict[str, tuple[tuple[str, str], ...]]:
        needs = {}
        for kind, said in self.table(("needs",), value).items():
            if self.kind(("needs", kind)):
                pairs = [self.need(("needs", kind), entry) for entry in (said if isinstance(said, list) else [said])]
                needs[kind] = tuple(pair for pair in pairs if pair)
        return needs

    def need(self, path: Path, entry: object) -> tuple[str, str] | None:
        if isinstance(entry, dict) and set(entry) == {"kind", "by"} and all(isinstance(v, str) for v in entry.values()):
            kind, by = entry["kind"], entry["by"]
            return (kind, by) if self.kind((*path, kind)) and self.names_others(path, kind, by) else None
        self.mistake(path, 'A need must be written as { kind = "journey", by = "profile" }.')
        return None

    def names_others(self, path: Path, kind: str, by: str) -> bool:
        fields = self.known.references(kind) if self.known.references else (by,)
        if by not in fields:
            self.unknown((*path, by), f"field by which {kind} names another artifact", fields)
        return by in fields

    def folders(self, value: object) -> dict[str, str]:
        folders = {}
        for kind, folder in self.table(("folders",), value).items():
            path = ("folders", kind)
            if not self.kind(path) or not self.inside(path, folder, "A folder"):
                continue
            parts = [part for part in unicodedata.normalize("NFC", folder).split("/") if part not in ("", ".")]
            if any(part.startswith(".") for part in parts) or (parts and parts[0].casefold() in _OURS):
                self.mistake(path, f"No app shows notes in {_shown(folder)}; choose a folder for notes.")
            else:
                folders[kind] = "/".join(parts)
        return folders

    def ignores(self, value: object) -> tuple[Ignore, ...]:
        entries = value if isinstance(value, list) else [None]
        found = (self.ignore(index, entry) for index, entry in enumerate(entries))
        return tuple(ignore for ignore in found if ignore)

    def ignore(self, index: int, entry: object) -> Ignore | None:
        path = ("ignore", index)
        if not isinstance(entry, dict):
            self.mistake(path, "`ignore` must be written as [[ignore]], once for each silenced flag.")
            return None
        before = len(self.mistakes)
        for key in entry:
            if key not in _IGNORE_KEYS:
                self.unknown((*path, key), "key of [[ignore]]", _IGNORE_KEYS)
        words = {key: self.line_of_text((*path, key), entry.get(key, "")) for key in _IGNORE_KEYS}
        for key in ("code", "artifact"):
            if key not in entry:
                self.mistake(path, f"This [[ignore]] names no {key}; add {key} = ...")
        if words["code"] and not self.code((*path, "code", words["code"])):
            return None
        if words["until"] and not _is_date(words["until"]):
            self.mistake((*path, "until"), f"`until` must be a date such as 2030-12-31, not {_shown(words['until'])}.")
        return Ignore(**words, line=self.lines.get(path, 1)) if len(self.mistakes) == before else None

    def line_of_text(self, path: Path, value: object) -> str:
        if path[-1] == "until" and isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, str) and value.isprintable():
            return unicodedata.normalize("NFC", value.strip())
        self.mistake(path, f"`{path[-1]}` must be one line of text in quotes, not {_shown(value)}.")
        return ""


def _is_date(word: str) -> bool:
    try:
        return date.fromisoformat(word).isoformat() == word
    except ValueError:
        return False


def _listed(words: tuple[str, ...]) -> str:
    quoted = [f"`{word}`" for word in words[:12]]
    if len(words) > len(quoted):
        quoted.append("others")
    return " or ".join(part for part in (", ".join(quoted[:-1]), *quoted[-1:]) if part) or "none"


def _shown(value: object) -> str:
    names = {dict: "a table", list: "a list", bool: str(value).lower()}
    if type(value) in names:
        return names[type(value)]
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
