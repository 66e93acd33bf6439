"""Running rules: places, severities, silence, order, and rules that fail."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from twinpage.config import Config, Ignore
from twinpage.core.flags.flagging import flags_of, flags_of_settings, look_at, order_for_people
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.flags.silencing import parse_ignored
from twinpage.core.schema.registry import Registry
from twinpage.core.vault.cards import card_of
from twinpage.core.vault.indexed_vault import IndexedVault
from twinpage.core.vault.memory_index import MemoryIndex
from twinpage.core.vault.vault import Card, Note, Subject
from twinpage.edge import shipped
from twinpage.model.flag import Flag
from twinpage.model.reading import Reading
from twinpage.model.source import Source

FILE_TEXT = '{\n  "goal": "x",\n  "stages": [\n    {"id": "a"}\n  ]\n}\n'
FILE_OFFSETS = {"/goal": 4, "/stages": 17, "/stages/a": 35, "/ignore/0": 2}
NOTE_TEXT = "---\nflags-ignored: TP901\n---\n## Goal\nx\n"


def rule(code: str, *findings: Finding, severity: str = "warning", fails: bool = False) -> Rule:
    def check(subject: Subject, vault: object) -> Iterable[Finding]:
        yield from findings
        if fails:
            raise RuntimeError("a mistake of ours")

    return Rule(code, f"rule-{code.lower()}", severity, "Because.", check)


def rules(*made: Rule) -> dict[str, Rule]:
    last = (rule("TP801"), rule("TP802"))
    return {one.code: one for one in (*made, *last)}


def subject(value=None, ignored=(), note=True, file=True) -> Subject:
    card = card_of("a-case/journeys/j", {"kind": "journey", "name": "J", "case": "a-case"}, None, "artifacts/j.json")
    source = Source("artifacts/j.json", FILE_TEXT, "f", value or {}, (), FILE_OFFSETS.get)
    reading = Reading({}, (), (), {"/goal": NOTE_TEXT.index("## Goal")}.get)
    page = Note("J.md", NOTE_TEXT, "n", "J", card.id, "journey", reading, (), (), tuple(ignored))
    return Subject(card, None, value or {}, source if file else None, page if note else None)


@pytest.fixture
def vault() -> IndexedVault:
    index = MemoryIndex([Card("a-case", "case", "A", "", "", "", "", "", False, (), ())])
    return IndexedVault(index, "obsidian", Registry(shipped.schemas()), "2026-05-01")


def places(vault, findings, **made) -> list[tuple[str, int, int]]:
    flags = flags_of(subject(**made), vault, rules(rule("TP900", *findings)), Config())
    return [(flag.path, flag.line, flag.column) for flag in flags]


def test_the_note_is_preferred_where_it_expresses_the_field(vault):
    assert places(vault, [Finding("m", "/goal")]) == [("J.md", 4, 1)]
    assert places(vault, [Finding("m", "/goal")], note=False) == [("artifacts/j.json", 2, 3)]
    assert places(vault, [Finding("m", "/goal", side="file")]) == [("artifacts/j.json", 2, 3)]
    assert places(vault, [Finding("m", "/stages/a")]) == [("artifacts/j.json", 4, 5)]


def test_what_stands_nowhere_is_shown_at_what_is_around_it(vault):
    assert places(vault, [Finding("m", "/stages/a/description")]) == [("artifacts/j.json", 4, 5)]
    assert places(vault, [Finding("m", "/summary")]) == [("J.md", 1, 1)]
    assert places(vault, [Finding("m")], note=False) == [("artifacts/j.json", 1, 1)]


def test_an_offset_beats_the_pointer(vault):
    assert places(vault, [Finding("m", "/goal", 5, "note")]) == [("J.md", 2, 2)]


def test_severities_are_the_rules_own_unless_the_settings_say_otherwise(vault):
    made = rules(rule("TP900", Finding("m")), rule("TP901", Finding("m")), rule("TP902", Finding("m"), severity="off"))
    settings = Config(severities={"TP900": "info", "TP901": "off"})
    assert [(flag.code, flag.severity) for flag in flags_of(subject(), vault, made, settings)] == [("TP900", "info")]
    loud = Config(severities={"TP902": "error"})
    assert [flag.severity for flag in flags_of(subject(), vault, made, loud)] == ["warning", "warning", "error"]


def test_a_rule_that_fails_takes_nothing_down(vault):
    made = rules(rule("TP900", Finding("lost"), fails=True), rule("TP901", Finding("m")))
    looked = look_at(subject(), vault, made, Config())
    assert [flag.code for flag in looked.flags] == ["TP901"]
    ((broken),) = looked.broken
    assert (broken.code, broken.path, str(broken.error)) == ("TP900", "J.md", "a mistake of ours")


def test_flags_come_in_one_order_and_once(vault):
    findings = [Finding("b", "/stages"), Finding("a", "/goal"), Finding("b", "/stages"), Finding("c", "/goal")]
    flags = flags_of(subject(), vault, rules(rule("TP901", *findings), rule("TP900", *findings[:1])), Config())
    assert [(flag.path, flag.line, flag.code, flag.message) for flag in flags] == [
        ("J.md", 4, "TP901", "a"),
        ("J.md", 4, "TP901", "c"),
        ("artifacts/j.json", 3, "TP900", "b"),
        ("artifacts/j.json", 3, "TP901", "b"),
    ]


def codes(vault, made, **parts) -> list[str]:
    return [flag.code for flag in flags_of(subject(**parts), vault, made, parts.pop("settings", Config()))]


def test_the_artifact_silences_with_a_reason_at_a_pointer_and_below(vault):
    made = rules(rule("TP900", Finding("m", "/stages/a"), Finding("m", "/stages/ab"), Finding("m", "/goal")))
    everywhere = {"ignore": [{"code": "TP900", "reason": "fine"}]}
    assert codes(vault, made, value=everywhere) == []
    there = {"ignore": [{"code": "TP900", "reason": "fine", "pointer": "/stages/a"}]}
    flags = flags_of(subject(there), vault, made, Config())
    assert [flag.pointer for flag in flags] == ["/goal", "/stages/ab"]


def test_a_silence_without_reason_silences_nothing(vault):
    made = rules(rule("TP900", Finding("m", "/goal")))
    flags = flags_of(subject({"ignore": [{"code": "TP900"}]}), vault, made, Config())
    assert [flag.code for flag in flags] == ["TP900", "TP802"]
    assert (flags[1].path, flags[1].line, flags[1].pointer) == ("artifacts/j.json", 2, "/ignore/0")
    assert flags[1].message == "J silences TP900 without saying why, so it stays visible. Add the reason."


def test_the_note_silences_and_is_told_at_its_property(vault):
    made = rules(rule("TP900", Finding("m", "/goal")))
    assert codes(vault, made, ignored=[("TP900", "fine")]) == []
    (flag,) = flags_of(subject(ignored=[("TP901", "fine")]), vault, rules(rule("TP901")), Config())
    assert (flag.code, flag.path, flag.line) == ("TP801", "J.md", 2)
    assert flag.message == "J silences TP901, but there is no such flag. Correct the entry, or remove it."


def test_silencing_an_unknown_rule_is_told_and_of_a_rule_that_is_off_is_not(vault):
    (flag,) = flags_of(subject(ignored=[("TP999", "fine")]), vault, rules(rule("TP900")), Config())
    assert flag.message == "J silences TP999, but there is no such rule. `twinpage rules` lists them."
    off = Config(severities={"TP900": "off"})
    assert flags_of(subject(ignored=[("TP900", "fine")]), vault, rules(rule("TP900")), off) == ()
    quiet = Config(severities={"TP801": "off"})
    assert flags_of(subject(ignored=[("TP999", "fine")]), vault, rules(rule("TP900")), quiet) == ()


def test_odd_ignores_are_passed_over(vault):
    for odd in ("TP900", [None, 3, {"reason": "x"}, {"code": 5}], {"code": "TP900"}):
        assert codes(vault, rules(), value={"ignore": odd}) == []


def ignore(code="TP900", artifact="a-case/*", reason="fine", until="", line=7) -> Ignore:
    return Ignore(code, artifact, reason, until, line)


def test_the_settings_silence_by_pattern_reason_and_day(vault):
    made = rules(rule("TP900", Finding("m")))

    def left(*ignores: Ignore) -> tuple[int, frozenset[int]]:
        looked = look_at(subject(), vault, made, Config(ignores=ignores))
        return len(looked.flags), looked.used

    assert left(ignore()) == (0, {0})
    assert left(ignore(artifact="other/*"), ignore(artifact="a-case/journeys/j")) == (0, {1})
    assert left(ignore(reason=" ")) == (1, set())
    assert left(ignore(until="2026-05-01")) == (0, {0})
    assert left(ignore(until="2026-04-30")) == (1, set())
    assert left(ignore(code="TP901")) == (1, set())


def test_a_loose_file_is_silenced_by_its_path(vault):
    loose = Subject(None, None, {}, subject().file, None)
    made = rules(rule("TP900", Finding("m")))
    assert flags_of(loose, vault, made, Config(ignores=(ignore(artifact="artifacts/*.json"),))) == ()


def test_silences_of_the_settings_that_are_of_no_use_are_told_after_a_whole_run(vault):
    entries = (ignore(), ignore(reason="", line=12), ignore(until="2026-01-01", line=17), ignore(artifact="x", line=22))
    made = rules(rule("TP900"))
    told = flags_of_settings(Config(ignores=entries), {0}, made, "twinpage.toml", "2026-05-01")
    assert [(flag.code, flag.path, flag.line) for flag in told] == [
        ("TP802", "twinpage.toml", 12),
        ("TP801", "twinpage.toml", 17),
        ("TP801", "twinpage.toml", 22),
    ]
    assert told[2].message == "The [[ignore]] of TP900 for x silences nothing. Correct it, or remove it."
    assert len({flag.fingerprint for flag in told}) == 3


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("TP301", (("TP301", ""),)),
        ("TP301 sold by partners only", (("TP301", "sold by partners only"),)),
        (
            "TP301: sold, by partners; TP405 - names (are enough)",
            (("TP301", "sold, by partners"), ("TP405", "names (are enough)")),
        ),
        ("TP301 because of TP302\nTP405", (("TP301", "because of TP302"), ("TP405", ""))),
        ("TP301 (sold by partners)", (("TP301", "sold by partners"),)),
        ("nothing at all", ()),
        ("", ()),
    ],
)
def test_the_notes_property_is_read(text, read):
    assert parse_ignored(text) == read


def test_flags_of_example_cases_come_last_and_apart(vault):
    vault.put(Card("shown", "case", "Shown", "", "", "", "", "", True, (), ()))
    vault.put(Card("shown/p", "profile", "P", "", "", "", "shown", "", False, (), ()))

    def flag(path: str, artifact: str) -> Flag:
        return Flag("TP900", "n", "info", path, 1, 1, artifact, "", "m", "w")

    flags = [flag("a.md", "shown/p"), flag("z.md", "a-case"), flag("b.md", "shown"), flag("c.md", "")]
    own, examples = order_for_people(flags, vault)
    assert [f.path for f in own] == ["c.md", "z.md"]
    assert [f.path for f in examples] == ["a.md", "b.md"]
