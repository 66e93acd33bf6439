"""TP001 to TP121: files that cannot be read, lie in the wrong place or are written in another form."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from twinpage.core.artifact_text import read
from twinpage.core.vault.vault import Subject
from twinpage.model.edit import Edit
from twinpage.model.problem import Problem

CASE = "lantern-bikes"


def stray(path: str, text: str) -> Subject:
    return Subject(None, None, {}, read(path, text), None)


@pytest.mark.parametrize("code", ["TP001", "TP101", "TP103", "TP307", "TP521"])
def test_what_a_reader_noticed_is_shown_at_its_place(bikes, code):
    problem = Problem(code, 9, "Something is odd. Mend it.", "/goal")
    bikes.add_note(CASE, "Lantern Bikes.md", "one\ntwo\nthree\n", problems=(problem,))
    (flag,) = bikes.flags(CASE, code)
    assert (flag.path, flag.line, flag.column) == ("Lantern Bikes.md", 3, 2)
    assert (flag.message, flag.pointer) == ("Something is odd. Mend it.", "/goal")


def test_what_both_twins_say_is_said_once(bikes):
    problem = Problem("TP101", 3, "Emotion must be a number.", "/emotion")
    bikes.add_note(CASE, "Lantern Bikes.md", "text\n", problems=(problem,))
    bikes.files[CASE] = replace(bikes.files[CASE], problems=(problem, replace(problem, pointer="/other")))
    assert [(flag.path, flag.pointer) for flag in bikes.flags(CASE, "TP101")] == [
        ("Lantern Bikes.md", "/emotion"),
        ("artifacts/lantern-bikes.json", "/other"),
    ]


def test_a_broken_file_gets_one_flag_only(bikes):
    assert [flag.code for flag in bikes.flags(stray("artifacts/x.json", "{"))] == ["TP001"]


def test_a_file_that_lies_elsewhere(bikes):
    text = bikes.files[CASE].text
    bikes.index.drop_claim(CASE, "artifacts/lantern-bikes.json")
    bikes.add_file(CASE, text, "artifacts/bikes.json")
    (flag,) = bikes.flags(CASE, "TP002")
    assert (
        flag.message == "artifacts/bikes.json says that it is lantern-bikes. Move it to artifacts/lantern-bikes.json."
    )
    assert (flag.line, flag.pointer) == (3, "/id")


def test_a_file_that_is_no_artifact(bikes):
    for text in ('{"title": "minutes"}', "{}"):
        (told,) = bikes.told(stray("artifacts/minutes.json", text), "TP002")
        assert told.startswith("artifacts/minutes.json lies below artifacts/ but is no artifact")


def test_another_form_is_rewritten(bikes):
    right = bikes.files[CASE].text
    bikes.add_file(CASE, json.dumps(json.loads(right)))
    (flag,) = bikes.flags(CASE, "TP003")
    assert flag.fix == Edit("artifacts/lantern-bikes.json", "d" * 32, right, "it was not in canonical form", CASE)
    assert (flag.severity, flag.line) == ("info", 1)
    bikes.add_file(CASE, right.replace('"Lantern Bikes"', '"Lantern Bikes  "'))
    assert bikes.flags(CASE, "TP003")[0].line == 5
    bikes.add_file(CASE, right)
    assert bikes.flags(CASE, "TP003") == ()


def test_an_older_version_is_raised(bikes):
    right = bikes.files[CASE].text
    bikes.add_file(CASE, right.replace("case/1.0", "case/0.9"))
    bikes.files[CASE] = bikes.judged(bikes.files[CASE])
    (flag,) = bikes.flags(CASE, "TP120")
    assert flag.message.startswith("This was written for case/0.9; case/1.0 is current.")
    assert flag.fix is not None
    assert flag.fix.text == right
    assert (flag.line, flag.severity) == (4, "warning")


def test_a_newer_version_is_told_at_its_line(bikes):
    bikes.add_file(CASE, bikes.files[CASE].text.replace("case/1.0", "case/7777.0"))
    bikes.files[CASE] = bikes.judged(bikes.files[CASE])
    (flag,) = bikes.flags(CASE, "TP121")
    assert (flag.line, flag.pointer, flag.severity) == (4, "/schema", "error")


def test_a_kind_that_nobody_knows(bikes):
    bikes.add_file("a/b", '{\n  "kind": "costumer",\n  "id": "a/b"\n}\n')
    (flag,) = bikes.flags("a/b", "TP121")
    assert flag.message.startswith('a/b says that it is a "costumer", which is no kind. ')
    assert flag.line == 2
    note = bikes.note("", "New.md", "---\nartifact-kind: costumer\n---\n")
    (flag,) = bikes.flags(Subject(None, None, {}, None, note), "TP121")
    assert flag.message.startswith('The note "New" says that it is a "costumer", which is no kind. ')
    assert flag.line == 2
