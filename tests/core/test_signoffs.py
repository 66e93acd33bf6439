"""Sign-offs as lines: what counts, whatever order they stand in, and what happens to lines that nobody understands."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinpage.core.schema.registry import Registry
from twinpage.core.signoffs import (
    LONGEST_LINE,
    MOST_PROBLEMS,
    Rename,
    appended,
    fingerprint,
    line_of,
    line_of_rename,
    read,
    standing,
    who,
)
from twinpage.edge import shipped
from twinpage.model.signoff import Signed, SignOff

REGISTRY = Registry(shipped.schemas())
RUN = "harbour/journeys/run"
VALUE = {
    "kind": "journey",
    "id": RUN,
    "schema": "journey/1.0",
    "name": "Morning run",
    "case": "harbour",
    "profile": "harbour/profiles/skipper",
    "stages": [{"id": "horn", "name": "Horn", "emotion": 1}, {"id": "pay", "name": "Pay"}],
    "extras": {"b": [1, 2], "a": "x"},
}


def kind(name="journey"):
    found = REGISTRY.kind(name)
    assert found is not None
    return found


def mark(value, renames=()):
    return fingerprint(value, kind(value["kind"]), renames)


def signed(artifact=RUN, day=1, name="Ann", fingerprint="a" * 32, note="", email=""):
    when = f"2030-01-{day:02}T00:00:00Z"
    return line_of(artifact, SignOff(name, email or f"{name.lower()}@example.org", when, fingerprint, note))


def renamed(old, new, day):
    return line_of_rename(Rename(f"2030-01-{day:02}T12:00:00Z", old, new))


def of(artifact, *lines):
    return read("\n".join(lines).encode()).by_artifact().get(artifact, ())


class TestTheFingerprint:
    def test_neither_the_order_of_keys_nor_how_the_file_is_written_counts(self):
        turned = {key: VALUE[key] for key in reversed(VALUE)}
        turned["stages"] = [dict(reversed(stage.items())) for stage in VALUE["stages"]]
        turned["extras"] = dict(reversed(VALUE["extras"].items()))
        assert mark(turned) == mark(VALUE)
        assert mark({**VALUE, "goal": "  ", "name": "Morning run  "}) == mark(VALUE)

    @pytest.mark.parametrize(
        ("key", "part"),
        [
            ("id", "harbour/journeys/other"),
            ("schema", "journey/1.1"),
            ("layout", "xbok"),
            ("ignore", [{"code": "TP402", "reason": "known"}]),
            ("conflicts", [{"pointer": "/goal", "base": "a", "other": "b", "from": "note"}]),
        ],
    )
    def test_what_says_nothing_of_the_model_does_not_count(self, key, part):
        assert mark({**VALUE, key: part}) == mark(VALUE)

    @pytest.mark.parametrize(
        "change",
        [
            {"name": "Evening run"},
            {"profile": "harbour/profiles/cook"},
            {"status": "draft"},
            {"stages": list(reversed(VALUE["stages"]))},
            {"stages": [{**VALUE["stages"][0], "emotion": -1}, VALUE["stages"][1]]},
            {"extras": {"a": "x", "b": [2, 1]}},
            {"unknown-field": "x"},
        ],
    )
    def test_everything_else_does(self, change):
        assert mark({**VALUE, **change}) != mark(VALUE)

    def test_what_it_refers_to_is_known_by_its_first_id(self):
        renames = (("harbour/profiles/skipper", "harbour/profiles/captain"), ("harbour", "port"))
        now = {**VALUE, "case": "port", "profile": "port/profiles/captain"}
        assert mark(now, renames) == mark(VALUE)
        assert mark(now) != mark(VALUE)
        assert mark({**now, "profile": "port/profiles/cook"}, renames) != mark(VALUE)

    def test_it_stays_the_same_between_versions(self):
        assert mark(VALUE) == "58edaec195be19462c646747d513e2f5"


class TestWhoCounts:
    def test_of_each_person_the_latest(self):
        lines = [signed(day=2, fingerprint="b" * 32), signed(day=1), signed(name="Bob", day=1)]
        assert [(one.name, one.day) for one in of(RUN, *lines)] == [("Bob", "2030-01-01"), ("Ann", "2030-01-02")]

    def test_a_person_is_known_by_the_email(self):
        lines = [signed(day=1, email="Ann@Example.org"), signed(day=2, name="Ann Ode", email="ann@example.org")]
        assert [one.name for one in of(RUN, *lines)] == ["Ann Ode"]

    def test_of_one_second_the_last_line_counts(self):
        lines = [signed(fingerprint="a" * 32), signed(fingerprint="b" * 32)]
        assert [one.fingerprint for one in of(RUN, *lines)] == ["b" * 32]

    @given(st.randoms(use_true_random=False))
    def test_any_order_and_any_number_of_copies_say_the_same(self, chance: random.Random):
        lines = [signed(day=day, name=name, note=str(day)) for day in range(1, 9) for name in ("Ann", "Bob")]
        lines += [renamed(RUN, f"{RUN}-2", 4), renamed(f"{RUN}-2", f"{RUN}-3", 6), "no sign-off"]
        wanted = read("\n".join(lines).encode()).by_artifact()
        shuffled = chance.sample(lines, len(lines)) + chance.sample(lines, 5)
        assert read("\n".join(shuffled).encode()).by_artifact() == wanted

    def test_valid_and_void(self):
        signoffs = of(RUN, signed(fingerprint=mark(VALUE)), signed(name="Bob"))
        stand = standing(VALUE, kind(), Signed(signoffs))
        assert [one.name for one in stand.valid] == ["Ann"]
        assert [one.name for one in stand.void] == ["Bob"]


class TestRenames:
    def test_sign_offs_go_along_also_through_many(self):
        lines = [
            renamed("harbour/journeys/b", "harbour/journeys/c", 3),
            signed(),
            renamed(RUN, "harbour/journeys/b", 2),
        ]
        assert [one.certain for one in of("harbour/journeys/c", *lines)] == [True]
        assert of(RUN, *lines) == ()

    def test_and_with_their_case(self):
        assert len(of("port/journeys/run", signed(), renamed("harbour", "port", 2))) == 1

    def test_and_back_again(self):
        lines = [signed(), renamed(RUN, "harbour/journeys/b", 2), renamed("harbour/journeys/b", RUN, 3)]
        assert len(of(RUN, *lines)) == 1
        assert of("harbour/journeys/b", *lines) == ()

    def test_a_new_artifact_with_the_old_id_has_none_of_them(self):
        lines = [signed(day=1), renamed(RUN, "harbour/journeys/b", 2)]
        assert of(RUN, *lines) == ()

    def test_a_branch_that_did_not_know_of_the_rename_counts_while_it_fits(self):
        lines = [renamed(RUN, "harbour/journeys/b", 2), signed(day=3, fingerprint=mark(VALUE))]
        moved = Signed(of("harbour/journeys/b", *lines))
        assert [one.name for one in standing(VALUE, kind(), moved).valid] == ["Ann"]
        other = {**VALUE, "name": "Evening run"}
        assert standing(other, kind(), moved).void == ()
        assert [one.name for one in standing(other, kind(), Signed(of(RUN, *lines))).void] == ["Ann"]


class TestLines:
    def problems(self, text):
        return [problem.message for problem in read(text.encode() if isinstance(text, str) else text).problems]

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("nothing", "is no sign-off"),
            ("[1]", "is no sign-off"),
            ("[" * 5_000, "is no sign-off"),
            ("9" * 5_000, "is no sign-off"),
            (signed()[:-5], "is no sign-off"),
            (signed(note="x" * LONGEST_LINE), "is no sign-off"),
            ("<<<<<<< HEAD", "conflict marker"),
            ("=======", "conflict marker"),
            (signed().replace('"format": 1', '"format": 2'), "another version"),
            (signed().replace('"format": 1, ', ""), "no format"),
            (signed().replace(RUN, "../../etc"), "no artifact"),
            (signed().replace('"artifact"', '"artefact"'), "no artifact"),
            (signed().replace("a" * 32, "A" * 32), "no fingerprint"),
            (signed().replace("2030-01-01T", "yesterday "), "no when"),
            (signed().replace('"Ann"', "7"), "no name"),
            (signed().replace('"Ann"', '" "'), "no name"),
            (signed(note="x").replace('"x"', "[]"), "no note"),
            (renamed(RUN, "b", 2).replace('"to"', '"too"'), "no to"),
        ],
    )
    def test_a_line_that_cannot_be_understood_is_told_and_the_others_count(self, line, said):
        text = f"{signed(name='Bob')}\n{line}\n{signed(name='Cy')}\n"
        found = read(text.encode())
        assert [one.name for one in found.by_artifact()[RUN]] == ["Bob", "Cy"]
        (problem,) = found.problems
        assert (problem.code, text[problem.offset :].startswith(line)) == ("TP001", True)
        assert said in problem.message
        assert problem.message.startswith("Line 2 ")
        assert problem.message.endswith(".")

    def test_blank_lines_a_byte_order_mark_and_windows_line_ends_are_nothing(self):
        assert self.problems("") == self.problems("\n\n \n") == self.problems("\ufeff") == []
        found = read(f"\ufeff{signed()}\r\n\r\n{signed(name='Bob')}\r\n".encode())
        assert (len(found.lines), found.problems) == (2, ())

    def test_bytes_that_are_no_text_are_told_with_their_line(self):
        data = signed().encode() + b"\n\xff\n" + signed(name="Bob").encode()
        assert len(read(data).lines) == 2
        assert "Line 2 is not UTF-8: it has the byte FF" in self.problems(data)[0]

    def test_a_file_that_is_something_else_does_not_fill_the_screen(self):
        assert len(self.problems("x\n" * 10_000)) == MOST_PROBLEMS

    @given(st.text(), st.text(min_size=1), st.text(max_size=200))
    def test_whatever_people_are_called_and_note_is_one_line_that_reads_back(self, name, email, note):
        made = SignOff(f"A{name}", f"a{email}", "2030-01-01T00:00:00Z", "a" * 32, note)
        if any("\ud800" <= char <= "\udfff" for char in name + email + note):
            return
        line = line_of(RUN, made)
        assert len(line.splitlines()) == 1
        assert read(line.encode()).lines == ((RUN, made),)
        assert "\n" not in who(made)
        assert len(who(made)) <= 60

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (b"", b"L\n"),
            (b"a\n", b"a\nL\n"),
            (b"a", b"a\nL\n"),
            (b"a\r\nb", b"a\r\nb\r\nL\r\n"),
            (b"\xff\n", b"\xff\nL\n"),
            ("\ufeff".encode(), "\ufeffL\n".encode()),
        ],
    )
    def test_a_new_line_stands_alone_and_the_others_as_they_were(self, before, after):
        assert appended(before, "L") == after

    def test_lines_are_what_the_schema_says(self):
        from jsonschema import Draft202012Validator

        schema = shipped.output_schemas()["signoff.schema.json"]
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        for line in (signed(), signed(note="x"), renamed(RUN, "harbour/journeys/b", 2)):
            validator.validate(json.loads(line))
        assert list(validator.iter_errors(json.loads(signed().replace("fingerprint", "mark"))))
