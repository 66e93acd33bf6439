"""One rule a file: its docstring is the page that ``twinpage explain`` shows, its ``RULE`` is found by listing here."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from inspect import cleandoc
from pkgutil import iter_modules

from twinpage.core.flags.rule import Rule


def _found() -> dict[str, tuple[Rule, str]]:
    found: dict[str, tuple[Rule, str]] = {}
    for listed in iter_modules(__path__):
        module = import_module(f"{__name__}.{listed.name}")
        found[module.RULE.code] = (module.RULE, cleandoc(module.__doc__ or ""))
    return dict(sorted(found.items()))


_FOUND = _found()

RULES: dict[str, Rule] = {code: rule for code, (rule, _) in _FOUND.items()}
"""Every rule by its code, in the order of codes."""


def page(code: str) -> str:
    """What ``explain`` shows of a rule, as markdown without the rule's name. Raises KeyError for a code unknown."""
    return _FOUND[code][1]


def close_codes(said: str) -> tuple[str, ...]:
    """Codes that somebody may have meant, by code or by name."""
    by_word = {rule.code: rule.code for rule in RULES.values()} | {rule.name: rule.code for rule in RULES.values()}
    close = get_close_matches(said.strip(), by_word, n=3) or get_close_matches(said.strip().upper(), by_word, n=3)
    return tuple(dict.fromkeys(by_word[word] for word in close))
