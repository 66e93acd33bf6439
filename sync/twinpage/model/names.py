"""Names: vault paths, slugs and ids, metamodel ids, and titles that both apps can bear."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import blake2b
from itertools import count, groupby
from typing import NewType
from unicodedata import category, normalize
from unicodedata import name as character_name

from twinpage.model.regex import regex

VaultPath = NewType("VaultPath", str)
"""A path inside a vault: POSIX, relative, NFC."""

RESERVED = frozenset({"artifact-types", "classes", "tools", "topics", "keys", "markers"})
"""First words of the ids of the method; no case may be called so."""

SLUG_BYTES = 80
FILE_BYTES = 255

_DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{d}{n}" for d in ("COM", "LPT") for n in range(1, 10))})
_ESCAPES = regex(r"(?:%[0-9A-Fa-f]{2})+")
_ESCAPE = regex(r"%([0-9A-Fa-f]{2})")
_BLANKS = regex(r"\s+")
_INSTANCE = regex(r"#?(profile|segment)[ _]name[ _]-[ _](.+)")
_PARAMETER = regex(r"(?<=[\w)])[ -]+\(?id\)?(?=/|$)")
_SAFE = str.maketrans({"\\": "-", "/": "-", "|": "-", '"': "'", "[": "(", "]": ")", "<": "(", ">": ")"})
_SAFE_REMOVED = frozenset("*?#^%")
_UNSEEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def fold(name: str) -> str:
    """What two names are compared by: NFC and case folded."""
    return normalize("NFC", normalize("NFC", name).casefold())


def cut(text: str, size: int) -> str:
    """The longest beginning of ``text`` that is at most ``size`` bytes of UTF-8."""
    data = text.encode("utf-8", "ignore")
    return text if len(data) <= size else data[:size].decode("utf-8", "ignore")


# --- slugs and ids ---------------------------------------------------------------------------------------------------


def slug(text: str) -> str:
    """A lower-case word for an id, at most 80 bytes, never empty.

    A text without letters or digits gives ``x`` and a digest, so that two of them differ.
    """
    kept: list[str] = []
    for char in normalize("NFC", normalize("NFC", text).lower()):
        if char.isalnum() or _is_vowel_sign(char, kept):
            kept.append(char)
        elif kept and kept[-1] != "-":
            kept.append("-")
    word = cut("".join(kept), SLUG_BYTES).strip("-")
    if not word:
        return "x" + blake2b(text.encode("utf-8", "replace"), digest_size=4).hexdigest() if text.strip() else "item"
    return f"{word}-item" if word.upper() in _DEVICES else word


def _is_vowel_sign(char: str, before: list[str]) -> bool:
    # Hindi, Thai and others write vowels as marks: without them different words become one.
    return (
        category(char) in ("Mn", "Mc")
        and bool(before)
        and before[-1] != "-"
        and not "\ufe00" <= char <= "\ufe0f"
        and not "\U000e0100" <= char <= "\U000e01ef"
    )


def spoken(text: str) -> str:
    """What the signs are called of a text without letters and digits: ``number sign`` for ``###``, else the text."""
    if any(char.isalnum() for char in text):
        return text
    signs = (char for char, _ in groupby(text) if category(char)[0] in "PS")
    return " ".join(word.lower() for char in signs if (word := character_name(char, ""))) or text


def slug_path(text: str) -> str:
    """A path slugged part by part: ``profile-(id)/journey`` becomes ``profile-id/journey``."""
    return "/".join(slug(part) for part in text.split("/") if part.strip()) or slug(text)


def is_artifact_id(text: str) -> bool:
    """Whether ``text`` has the form of an id: parts that are slugs, none but a case standing alone."""
    parts = text.split("/")
    if not all(_is_slug(part) for part in parts):
        return False
    return len(parts) > 1 or parts[0] not in RESERVED


def leads_out(path: str) -> bool:
    """Whether a path has parts that are no names, such as ``..``: nothing of a vault can be there."""
    return any(part in ("", ".", "..") for part in path.split("/"))


def _is_slug(part: str) -> bool:
    return bool(part) and (slug(part) == part or part.upper() in _DEVICES)


def case_of(artifact: str) -> str:
    """Id of the case that an artifact belongs to or is; empty for the method's artifacts."""
    first = artifact.split("/", 1)[0]
    return "" if first in RESERVED else first


def case_id(name: str) -> str:
    """Id of a case of this name; never one of the reserved words."""
    word = slug(name)
    return f"case-{word}" if word in RESERVED else word


def free_id(wanted: str, taken: Callable[[str], bool], first: int = 2) -> str:
    """``wanted``, or ``wanted-2`` and so on: the first that is not taken, its last part at most 80 bytes.

    ``first``: where the numbers begin, for who knows that the lower ones are taken.
    """
    if not taken(wanted):
        return wanted
    folder, _, last = wanted.rpartition("/")
    for number in count(first):
        ending = f"-{number}"
        word = cut(last, SLUG_BYTES - len(ending)).rstrip("-") + ending
        candidate = f"{folder}/{word}" if folder else word
        if not taken(candidate):
            return candidate
    raise AssertionError("unreachable")


def canonical_metamodel_id(text: str) -> str:
    """The one form of an id of the metamodel, whichever of its many forms was written.

    ``[[segment (id)___profiles]]`` and ``#segment Name - Profiles`` are both ``segment-(id)/profiles``. A misspelled
    id is an id of its own and stays.
    """
    word = normalize("NFC", _ESCAPES.sub(_unquoted, text)).lower().strip().strip("[]").strip()
    instance = _INSTANCE.fullmatch(word)
    if instance:
        owner, part = instance.group(1), instance.group(2)
        word = f"{owner} (id)" if part.strip("_ ") == owner else f"{owner} (id)/{part}"
    parts = [part.strip() for part in word.replace("___", "/").replace("_", " ").split("/")]
    return _BLANKS.sub("-", _PARAMETER.sub("-(id)", "/".join(part for part in parts if part)))


def _unquoted(escapes: re.Match[str]) -> str:
    return bytes.fromhex(escapes.group().replace("%", "")).decode("utf-8", "replace")


# --- titles and file names -------------------------------------------------------------------------------------------


def safe_title(name: str) -> str:
    """The name as a title, and so a file name, that both apps and every file system can bear.

    A safe title is its own file name in Logseq too. Never empty; with ``.md`` at most 255 bytes.
    """
    return _cut_title(name, FILE_BYTES - len(".md")) or "Untitled"


def _cut_title(name: str, size: int) -> str:
    chars = (_borne(char) for char in normalize("NFC", name).replace(": ", " - ").translate(_SAFE).replace(":", "-"))
    text = _BLANKS.sub(" ", "".join(chars))
    while "___" in text:
        text = text.replace("___", "-")
    text = cut(text.strip(" ."), size).strip(" .")
    if text.split(".", 1)[0].strip().upper() in _DEVICES:
        text = f"_{text}"
    return text


def _borne(char: str) -> str:
    if char in _SAFE_REMOVED or char in _UNSEEN or category(char) == "Cs":
        return ""
    return " " if category(char) in ("Cc", "Zs", "Zl", "Zp") else char


def first_free_title(name: str, case_name: str, kind: str, last_part: str, taken: Callable[[str], bool]) -> str:
    """The title of a new note: the name, else with its case or kind, else with the last part of its id, else numbered.

    ``taken`` is asked with folded titles. ``kind`` is used where there is no case, ``last_part`` is the end of the id.
    """
    plain = safe_title(name)
    if not _cut_title(name, FILE_BYTES):
        plain = name = safe_title(spoken(name).capitalize())
    if not taken(fold(plain)):
        return plain
    for addition in (case_name or kind.replace("-", " "), last_part):
        title = _titled(name, addition)
        if addition and not taken(fold(title)):
            return title
    for number in count(2):
        title = _titled(name, f"{last_part} {number}".strip())
        if not taken(fold(title)):
            return title
    raise AssertionError("unreachable")


def _titled(name: str, addition: str) -> str:
    ending = f" ({_cut_title(addition, SLUG_BYTES)})"
    return _cut_title(name, FILE_BYTES - len(".md") - len(ending.encode())) + ending


def stem(path: str) -> str:
    """The file name of a note's path without ``.md``."""
    return path.rpartition("/")[2].removesuffix(".md")


def logseq_file_name(title: str) -> str:
    """File name without ``.md`` that Logseq gives a page (``:triple-lowbar``)."""
    name = normalize("NFC", _without_boundary(title))
    name = _ESCAPE.sub(r"%25\1", name)
    for char in ':*?"<>|#\\':
        name = name.replace(char, f"%{ord(char):02X}")
    if name.startswith("."):
        name = "%2E" + name[1:]
    if name in _DEVICES or name.endswith("."):
        name += "/"
    name = name.replace("___", "%5F%5F%5F").replace("_/", "%5F/").replace("/_", "/%5F")
    return name.replace("/", "___")


def logseq_title(stem: str) -> str:
    """Title of the page that Logseq sees in a file of this name without ``.md``."""
    name = _ESCAPE.sub(_decoded, stem.replace("___", "/"))
    return "/".join(part for part in name.split("/") if part)


def logseq_page_key(title: str) -> str:
    """What Logseq knows a page by: two titles with one key are one page."""
    return normalize("NFC", _without_boundary(title).lower())


def _without_boundary(title: str) -> str:
    name = title[1:] if title.startswith("/") else title
    return name[:-1] if name.endswith("/") else name


def _decoded(escape: re.Match[str]) -> str:
    value = int(escape.group(1), 16)
    return chr(value) if value < 0x80 else escape.group()
