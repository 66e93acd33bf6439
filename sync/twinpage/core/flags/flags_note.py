"""The Flags note: what the model lacks, for people who never leave the app. Made from flags, never read back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from twinpage.core.flags.note_blocks import Block, laid_out, table
from twinpage.core.flags.note_words import in_note
from twinpage.core.vault.vault import Card
from twinpage.core.wording import counted, listed, property_line, words
from twinpage.model.check_outcome import Coverage
from twinpage.model.flag import SEVERITIES, Flag, Severity
from twinpage.model.names import case_of, fold
from twinpage.model.page import Dialect, Page

TITLES = ("Flags", "Flags (twinpage)")
"""The second one where somebody has a note of the first."""
MARK, MAKER = "generated-by", "twinpage"
"""The property by which the note is known as ours."""
MOST_FLAGS, MOST_CASES = 300, 200
ROOM = 130_000
"""Bytes for flags: more than that, and no app opens the note at once."""
_SENTENCE, _LABEL = 300, 120
_INTRODUCTION = (
    "What the model lacks. twinpage writes this note anew whenever that changes, so write nothing of your own here. "
    "Delete the note if you do not want it; `twinpage sync --flags-note` brings it back."
)
NOT_IGNORED = "git does not ignore {}, which is made anew on each machine; add this line to .gitignore:"
_NOTHING_YET = "There is no case of your own yet; `twinpage new case NAME` begins one."
_EXAMPLES = "They illustrate the method and do not count against your own work."


class Facts(Struct, frozen=True):
    """All that the note tells."""

    flags: Sequence[Flag]
    examples: Sequence[Flag]
    """Flags of example cases."""
    cases: Sequence[Card]
    """All cases that do not rest."""
    coverage: Sequence[Coverage]
    """By case."""
    artifacts: int
    card: Callable[[str], Card | None]
    case: Callable[[str], str]
    """The case that an artifact says it belongs to; empty when it says none."""
    link: Callable[[str, str], str]
    """By path and title of a note: what leads there between ``[[`` and ``]]``; empty when nothing does."""


def note_path(dialect: Dialect, title: str) -> str:
    """Where a Flags note of this title goes."""
    return f"pages/{dialect.file_name(title)}" if dialect.markup.outline else dialect.file_name(title)


def ignore_line(path: str) -> str:
    """The line of the vault's .gitignore for a Flags note, and for no other note of its name."""
    return f"/{path}"


def is_generated(page: Page) -> bool:
    """The note says that twinpage made it, and is no artifact."""
    return page.property(MARK) == MAKER and not page.property("artifact-kind")


def flags_note(facts: Facts, dialect: Dialect) -> str:
    """The whole text of the note. The same facts give the same bytes."""
    own, examples = _listed_ones(facts)
    blocks = [Block(_INTRODUCTION), *_summary(facts, len(own) + len(examples))]
    blocks.append(Block("Coverage", "heading", _coverage(facts, example=False) or [Block(_NOTHING_YET)]))
    blocks += _cases(facts, [flag for flag in own if _case(facts, flag)])
    rest = [flag for flag in own if not _case(facts, flag)]
    if rest:
        blocks.append(Block("Method and files", "heading", list(_artifacts(facts, rest))))
    below = [*_coverage(facts, example=True), *_cases(facts, examples)]
    if below:
        blocks.append(Block("Example cases", "heading", [Block(_EXAMPLES), *below]))
    return laid_out(blocks, property_line(dialect.name, MARK, MAKER), dialect.markup.outline)


def _listed_ones(facts: Facts) -> tuple[list[Flag], list[Flag]]:
    """The flags that the note has room for, those of the own cases and the grave ones first."""
    room = ROOM
    kept: tuple[list[Flag], list[Flag]] = [], []
    for part, flags in zip(kept, (facts.flags, facts.examples), strict=True):
        for flag in _by_severity(flags)[: MOST_FLAGS - len(kept[0])]:
            room -= 3 * len((_sentence(flag) + flag.path).encode("utf-8", "replace")) // 2
            if room < 0:
                break
            part.append(flag)
    return kept


def _by_severity(flags: Iterable[Flag]) -> list[Flag]:
    return sorted(flags, key=lambda flag: SEVERITIES.index(flag.severity))


# ---------------------------------------------------------------------- sums


def _summary(facts: Facts, listed_ones: int) -> Iterator[Block]:
    flags = [*facts.flags, *facts.examples]
    inside = f"in {counted(facts.artifacts, 'artifact')}"
    if not flags:
        yield Block(f"**No flags** {inside}.")
        return
    apart = f"; example cases account for {len(facts.examples)}" if facts.examples else ""
    yield Block(f"**{_numbers(flags)}** {inside}{apart}.")
    advice = [f"`twinpage explain {flags[0].code}` tells why a flag is there and how to mend it."]
    fixable = sum(flag.fixable for flag in flags)
    if fixable:
        advice.insert(0, f"`twinpage check --fix` can mend {fixable}, marked [fix].")
    if len(flags) > listed_ones:
        advice.append(f"Only the first {listed_ones} are listed here; `twinpage check` lists all.")
    yield Block(" ".join(advice))


def _numbers(flags: Iterable[Flag]) -> str:
    number = Counter(flag.severity for flag in flags)
    return listed([_number(number[severity], severity) for severity in SEVERITIES if number[severity]])


def _number(number: int, severity: Severity) -> str:
    return f"{number} info" if severity == "info" else counted(number, severity)


def _coverage(facts: Facts, *, example: bool) -> list[Block]:
    """A row for each case: how many of its artifacts have the partners that they need, and how many flags it has."""
    pairs = dict.fromkeys((row.kind, row.partner) for row in facts.coverage)
    columns = sorted(pairs, key=lambda pair: pair[0] != "profile")
    rows = {(row.case, row.kind, row.partner): row for row in facts.coverage if row.example is example}
    number = Counter(_case(facts, flag) for flag in (facts.examples if example else facts.flags))
    cases = {card.id for card in facts.cases if card.example is example} | {case for case, _, _ in rows}
    if not cases:
        return []
    lacking = {row.case for row in rows.values() if row.have < row.of} | {case for case in cases if number[case]}
    first = sorted(cases, key=lambda case: (case not in lacking, *_order(facts, case)))[:MOST_CASES]
    shown = sorted(first, key=lambda case: _order(facts, case))
    head = ["Case", *(f"{words(kind).capitalize()}s with {words(partner)}" for kind, partner in columns), "Flags"]
    lines = [[_name(facts, case), *(_share(rows.get((case, *pair))) for pair in columns), str(number[case] or "none")]
             for case in shown]  # fmt: skip
    more = len(cases) - len(shown)
    return [table(head, lines), *([Block(f"And {counted(more, 'more case', 'more cases')}.")] if more else [])]


def _share(row: Coverage | None) -> str:
    if row is None:
        return "none yet"
    told = f"{row.have} of {row.of}"
    return told if row.have == row.of else f"**{told}**"


# ---------------------------------------------------------------------- flags by case, profile and artifact


def _case(facts: Facts, flag: Flag) -> str:
    return (facts.case(flag.artifact) or case_of(flag.artifact)) if flag.artifact else ""


def _profile(facts: Facts, flag: Flag) -> str:
    card = facts.card(flag.artifact)
    if card is None or card.kind == "profile":
        return card.id if card else ""
    return next((target for name, target in card.references if name == "profile" and facts.card(target)), "")


def _cases(facts: Facts, flags: Iterable[Flag]) -> Iterator[Block]:
    for case, of_case in _grouped(facts, flags, lambda flag: _case(facts, flag)):
        below: list[Block] = []
        for profile, of_profile in _grouped(facts, of_case, lambda flag: _profile(facts, flag)):
            blocks = list(_artifacts(facts, of_profile, head=profile or case))
            below += [Block(_name(facts, profile), "heading", blocks)] if profile else blocks
        yield Block(_name(facts, case), "heading", below)


def _artifacts(facts: Facts, flags: Iterable[Flag], head: str = "") -> Iterator[Block]:
    """Each artifact or file with its flags below; what the heading names already needs no line of its own."""
    for subject, found in _grouped(facts, flags, lambda flag: flag.artifact or flag.path, first=head):
        items = [Block(_sentence(flag), "item") for flag in _by_severity(found)]
        if subject == head:
            yield from items
        else:
            yield Block(_name(facts, subject, found[0].path), "item", items)


def _grouped(
    facts: Facts, flags: Iterable[Flag], key: Callable[[Flag], str], first: str = ""
) -> list[tuple[str, list[Flag]]]:
    """Flags by an id or path, those of nothing first, then ``first``, then by name."""
    groups: dict[str, list[Flag]] = {}
    for flag in flags:
        groups.setdefault(key(flag), []).append(flag)
    return sorted(groups.items(), key=lambda group: (group[0] not in ("", first), *_order(facts, group[0])))


def _order(facts: Facts, subject: str) -> tuple[str, str]:
    card = facts.card(subject) if subject else None
    return fold(card.name if card else subject), subject


def _name(facts: Facts, subject: str, path: str = "") -> str:
    """A link to the note, or where none leads there, what it is called."""
    card = facts.card(subject) if subject else None
    where, title = (card.note_path, card.title) if card else (path, "")
    link = facts.link(where, title) if where else ""
    if link:
        return f"[[{link}]]"
    called = card.name if card else subject
    return f'"{in_note(called, _LABEL)}"' if called else "Without a case"  # quoted, it begins no task, quote or list


def _sentence(flag: Flag) -> str:
    mark = " [fix]" if flag.fixable else ""
    return f"**{flag.severity}** {in_note(flag.message, _SENTENCE)} ({flag.code}){mark}"
