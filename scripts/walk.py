"""One random walk: what people do on both sides of a vault, with passes and crashes, and what holds after each step.

Every word that somebody types is of its own, so that a lost one is seen. Words that are taken away on purpose are owed
no longer. A walk is given by its dialect and seed alone; of one that fails, the steps that it does not need are left
out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from walk_vault import WalkVault, World

from twinpage.model.outcome import SyncOutcome

WORD = re.compile(r"w\d+x")


class Crash(BaseException):
    """The process is no more."""


class Broken(AssertionError):
    """A law does not hold."""


@lru_cache(20_000)
def words_of(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text))


@dataclass(frozen=True, slots=True)
class OneWord:
    """Somebody put one word in the place of another; ``texts`` had the old one."""

    old: str
    new: str
    texts: int


@dataclass(frozen=True, slots=True)
class Moment:
    """Both twins of everything at a moment when they agreed, as a commit keeps them."""

    texts: dict[str, str]
    owed: frozenset[str]
    private: dict[str, str]


class Walk:
    """A vault, and what everybody may expect of it."""

    def __init__(self, root: Path, dialect: str, seed: int) -> None:
        self.vault = WalkVault(root, dialect)
        self.dialect = dialect
        self.random = Random(f"{dialect} {seed}")
        self.variant = self.random.choice((2, 3)), self.random.random() < 0.3, self.random.random() < 0.3
        self.count = 0
        self.owed: set[str] = set()
        self.private: dict[str, str] = {}
        """A word -> the chunk of a note around it that twinpage must never touch."""
        self.since: list[OneWord | None] = [None]
        """What was done since everything was in step; None: something else than one word."""
        self.moment: Moment | None = None
        self.last_word: tuple[str, str, str] | None = None
        """Path, old and new word of the last edit of a word."""
        self.crashed = False
        """The last pass did not come to its end."""
        self.vault.begin(self._first(), root.with_name(f"{dialect} {self.variant}"))

    def _first(self) -> list[dict[str, Any]]:
        number, example, strategy = self.variant
        stages = [
            {"id": name, "name": name.title(), "description": self.word(), "thoughts": [self.word(), self.word()]}
            for name in ("one", "two", "three")[:number]
        ]
        profile = {"profile": "harbour/profiles/skipper", "case": "harbour"}
        found: list[dict[str, Any]] = [
            {"kind": "case", "id": "harbour", "name": "Harbour", "summary": self.word(), "example": example},
            {"kind": "profile", "id": "harbour/profiles/skipper", "name": "Skipper", "case": "harbour"},
            {"kind": "topic", "id": "topics/rye", "name": "Rye", "body": f"{self.word()} a.\n\n{self.word()} b."},
            {"kind": "journey", "id": "harbour/journeys/run", "name": "Run", "goal": self.word(), "stages": stages}
            | profile,
        ]
        if example:
            kind = {"kind": "artifact-type", "id": "artifact-types/profile-id/journey", "name": "Journey"}
            found.append({**kind, "format": "text", "metamodel-id": "profile-(id)/journey"})
        if strategy:
            items = [{"id": "roll", "name": "Free roll", "description": self.word()}]
            kind = {"kind": "sales-strategy", "id": "harbour/sales-strategies/quay", "name": "Quay"}
            found.append({**kind, **profile, "items": items})
        return [{**value, "schema": f"{value['kind']}/1.0"} for value in found]

    # ------------------------------------------------------------------ what there is

    def word(self) -> str:
        self.count += 1
        self.owed.add(f"w{self.count}x")
        return f"w{self.count}x"

    def one(self, choices: Sequence[Any]) -> Any:
        return self.random.choice(choices) if choices else None

    def texts(self) -> list[str]:
        """All that a person could still find: notes, files with their conflicts, the trash."""
        return [kept.text for kept in self.vault.files().values()] + list(self.vault.trash().values())

    def there(self) -> set[str]:
        found: set[str] = set()
        for text in (*self.texts(), *self.vault.files()):
            found |= words_of(text)
        return found

    def take_away(self, gone: str, *kept: str) -> None:
        """Somebody removes this text; what a pass has seen of it must still come back."""
        left = "".join(kept)
        self.owed -= words_of(gone) - words_of(left)
        self.private = {
            mark: chunk for mark, chunk in self.private.items() if chunk not in gone or any(chunk in k for k in kept)
        }

    # ------------------------------------------------------------------ passes

    def sync(self) -> SyncOutcome:
        World.rested = self.random.random() < 0.5
        outcome = self.vault.sync()
        self.crashed = False
        return outcome

    def a_pass(self, thorough: bool) -> SyncOutcome:
        """A pass, and another that must have nothing to do; once nothing is open, both sides agree."""
        outcome = self.sync()
        self.must(outcome.not_written == (), "everything is written", outcome.not_written)
        before = self.vault.files()
        again = self.sync()
        self.must(again.changes == () and self.vault.files() == before, "a pass after a pass writes nothing", again)
        told = [one for one in outcome.held if not one.pointers], outcome.conflicts
        # A link that leads nowhere any more is told once its own note is looked at.
        same = ([one for one in again.held if not one.pointers], again.conflicts) == told
        self.must(same, "it tells the same", outcome, again)
        if outcome.held or outcome.conflicts:
            self.must(outcome.exit_code == 1, "what is open is told", outcome)
            self.arrived(outcome)
            self.since = [None]
            return outcome
        self.arrived(outcome)
        if thorough:
            self.must(not (apart := self.vault.apart()), "without conflicts both sides agree", apart)
        self.since = []
        return outcome

    def arrived(self, outcome: SyncOutcome) -> None:
        """One word that was changed while all was in step stands in both twins now, and the old one in none."""
        if len(self.since) != 1 or self.since[0] is None:
            return
        edit = self.since[0]
        held = [one for one in outcome.held if not one.pointers]  # a link that leads nowhere is told from now on
        self.must(not held and not outcome.conflicts, "one word of one side clashes with nothing", edit, outcome)
        texts = [kept.text for kept in self.vault.files().values()]
        if any("## Steps taken" in text for text in texts):
            return  # with no base, what stands under a heading of one's own is the note's alone
        new = sum(edit.new in words_of(text) for text in texts)
        old = sum(edit.old in words_of(text) for text in texts)
        self.must(new >= edit.texts and old == 0, "one word of one side reaches the other", edit, new, old)

    # ------------------------------------------------------------------ what always holds

    def must(self, holds: bool, law: str, *told: object) -> None:
        if not holds:
            raise Broken(f"{law}: {' '.join(map(str, told))}"[:1500])

    def check(self) -> None:
        """No word is lost, and private text stays as it was."""
        lost = self.owed - self.there()
        if lost:  # a note that went since the last pass: the next one brings what is remembered of it to the trash
            for text in self.vault.remembered().values():
                lost -= words_of(text)
        self.must(not lost, "no word is lost", sorted(lost))
        missing = [
            chunk for chunk in self.private.values() if not any(chunk in text for text in self.texts())
        ]  # what the state keeps of a note is packed apart from its base
        if missing:
            remembered = list(self.vault.remembered().values())
            missing = [chunk for chunk in missing if not any(chunk in text for text in remembered)]
        self.must(not missing, "private text stays as it was", missing)


Step = Callable[[Walk], bool]
"""Does something and says so; False: there was nothing to do it with."""
Plan = tuple[tuple[str, int], ...]
"""Names of steps, each with the number that its choices come from."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A walk that broke a law."""

    dialect: str
    seed: int
    plan: Plan
    law: str

    def __str__(self) -> str:
        steps = "".join(f"\n  {name}" for name, _ in self.plan)
        numbers = ",".join(f"{name}:{number}" for name, number in self.plan)
        again = f"python scripts/random_walk.py --replay {self.dialect} {self.seed} {numbers or '-'}"
        return f"{self.law}\nafter these steps in {self.dialect}:{steps}\nAgain: {again}"


class Walker:
    """Walks in one folder, one walk after the other."""

    def __init__(self, root: Path, steps: dict[str, tuple[Step, int]]) -> None:
        self.root = root
        self.steps = steps
        self.names = list(steps)
        self.weights = [weight for _, weight in steps.values()]
        self.walks = self.done = 0

    def walk(self, dialect: str, seed: int, length: int) -> Failed | None:
        """One walk of so many steps; what it broke, with the fewest steps that still do."""
        choices = Random(seed)
        plan: list[tuple[str, int]] = []
        self.walks += 1

        def drawn() -> Any:
            for _ in range(20 * length):
                if len(plan) == length:
                    return
                plan.append((choices.choices(self.names, self.weights)[0], choices.getrandbits(30)))
                yield plan[-1]

        law = self._run(dialect, seed, drawn(), lambda: plan.pop())
        self.done += len(plan)
        return Failed(dialect, seed, *self._shortest(dialect, seed, tuple(plan), law)) if law else None

    def replay(self, dialect: str, seed: int, plan: Plan) -> str:
        """Walk these steps; the law that they break, or nothing."""
        return self._run(dialect, seed, plan, lambda: None)

    def _run(self, dialect: str, seed: int, plan: Any, left_out: Callable[[], Any]) -> str:
        World.rested, World.meanwhile = False, None
        try:
            walk = Walk(self.root, dialect, seed)
            for name, number in plan:
                walk.random.seed(number)
                if not self.steps[name][0](walk):
                    left_out()
                    continue
                walk.check()
            walk.a_pass(thorough=True)
            walk.check()
        except Exception as error:
            kind = "" if isinstance(error, Broken) else f"{type(error).__name__} "
            return f"{kind}{error}" + ("" if kind == "" else _place(error))
        return ""

    def _shortest(self, dialect: str, seed: int, plan: Plan, law: str) -> tuple[Plan, str]:
        size = max(1, len(plan) // 2)
        while size:
            at = 0
            while at < len(plan):
                fewer = plan[:at] + plan[at + size :]
                now = self.replay(dialect, seed, fewer)
                if now.partition(":")[0] == law.partition(":")[0]:
                    plan, law = fewer, now
                else:
                    at += size
            size //= 2
        return plan, law


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    places = []
    while trace is not None:
        places.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " at " + " ".join(places[-6:])


def said(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
