from __future__ import annotations

import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields

from twinpage.config import DEFAULT_EXCLUDE, KEYS, Config, Ignore, Known, parse

KNOWN = Known(
    options={"TP301": {}, "TP401": {"min-stages": 3}, "TP406": {"max-age-days": 365, "strict": False}},
    kinds=("case", "profile", "journey", "topic"),
)


def mistakes_of(text: str) -> list[str]:
    return [str(mistake) for mistake in parse(text, KNOWN)[1]]


def test_nothing_said_means_the_defaults() -> None:
    config, mistakes = parse("")
    assert (config, mistakes) == (Config(), ())
    assert config.severity("TP301") is None
    assert config.options("TP401") == {}
    assert config.exclude == DEFAULT_EXCLUDE
    assert config.excludes("templates/Stage.md")
    assert not config.excludes("Journeys/Stage.md")


def test_artifact_files_cannot_be_excluded() -> None:
    config, mistakes = parse('exclude = ["**"]')
    assert mistakes == ()
    assert config.excludes("Notes/a.md")
    assert not config.excludes("artifacts")
    assert not config.excludes("artifacts/templates/profiles/a.json")


def test_everything_said() -> None:
    config, mistakes = parse(
        """\
dialect = "logseq"
exclude = ["Drafts/*.md"]
fail-on = "warning"
flags-note = true
[rules]
TP301 = "off"
[rules.TP401]
severity = "error"
min-stages = 5
[rules.TP406]
max-age-days = 30
[needs]
profile = [{ kind = "topic", by = "about" }, { kind = "journey", by = "profile" }]
[folders]
journey = "Kunden/Reisen/"
[[ignore]]
code = "TP301"
artifact = "orbit-works/profiles/clerk"
reason = "has no journey by design"
until = 2030-12-31
""",
        KNOWN,
    )
    assert mistakes == ()
    assert (config.dialect, config.fail_on, config.exclude) == ("logseq", "warning", ("Drafts/*.md",))
    assert config.flags_note
    assert (config.severity("TP301"), config.severity("TP401"), config.severity("TP406")) == ("off", "error", None)
    assert (config.options("TP401"), config.options("TP406")) == ({"min-stages": 5}, {"max-age-days": 30})
    assert config.needs_of("profile") == (("topic", "about"), ("journey", "profile"))
    assert config.folder_of("journey") == "Kunden/Reisen"
    assert config.folder_of("case") is None
    ignore = Ignore("TP301", "orbit-works/profiles/clerk", "has no journey by design", "2030-12-31", 16)
    assert config.ignores == (ignore,)
    assert config.lines[("rules", "TP301")] == 6


@pytest.mark.parametrize("value", ['"yes"', "1", "[true]"])
def test_the_flags_note_is_on_or_off(value: str) -> None:
    (mistake,) = mistakes_of(f"flags-note = {value}\n")
    assert mistake.startswith("line 1: `flags-note` must be true or false, not ")
    assert mistakes_of("flag-note = true\n") == ["line 1: `flag-note` is no setting; did you mean `flags-note`?"]


def test_all_mistakes_at_once_with_line_and_what_was_meant() -> None:
    text = """\
dialekt = "obsidian"
fail-on = "fatal"
[rules]
TP310 = "off"
TP301 = "warn"
[rules.TP401]
min-stage = 3
[rules.TP406]
max-age-days = "30"
[folders]
journy = "J"
[[ignore]]
code = "TP301"
artefact = "a/b"
[[ignore]]
code = "TP999"
artifact = "a/b"
reason = "x"
until = "soon"
"""
    assert mistakes_of(text) == [
        "line 1: `dialekt` is no setting; did you mean `dialect`?",
        "line 2: `fail-on` must be `error`, `warning` or `info`, not 'fatal'.",
        "line 4: `TP310` is no code of a rule; did you mean `TP301`?",
        "line 5: `TP301` must be `error`, `warning`, `info` or `off`, not 'warn'.",
        "line 7: `min-stage` is no option of TP401; did you mean `min-stages`?",
        "line 9: `max-age-days` must be a value such as 365, not '30'.",
        "line 11: `journy` is no kind; did you mean `journey`?",
        "line 12: This [[ignore]] names no artifact; add artifact = ...",
        "line 14: `artefact` is no key of [[ignore]]; did you mean `artifact`?",
        "line 16: `TP999` is no code of a rule; there is `TP301`, `TP401` or `TP406`.",
    ]


def test_a_mistake_leaves_the_other_settings_in_force() -> None:
    config, mistakes = parse('dialect = "word"\nfail-on = "info"\n[rules]\nTP301 = 3\nTP401 = "off"\n', KNOWN)
    assert len(mistakes) == 2
    assert (config.dialect, config.fail_on) == ("", "info")
    assert (config.severity("TP301"), config.severity("TP401")) == (None, "off")


def test_a_flag_silenced_without_reason_is_a_flag_and_no_mistake() -> None:
    config, mistakes = parse('[[ignore]]\ncode = "TP301"\nartifact = "a"\n', KNOWN)
    assert mistakes == ()
    assert config.ignores[0].reason == ""


@pytest.mark.parametrize(
    "folder", ["../out", "/etc", "~/x", "a/../../b", "C:\\x", "c:x", "a\\b", "", " / ", "a\nb", "x" * 300]
)
@pytest.mark.parametrize("line", ["[folders]\njourney = {}", "exclude = [{}]"])
def test_a_path_that_leaves_the_vault_is_a_mistake(folder: str, line: str) -> None:
    quoted = '"' + folder.replace("\\", "\\\\").replace("\n", "\\n") + '"'
    config, mistakes = parse(line.replace("{}", quoted), KNOWN)
    assert len(mistakes) == 1
    assert "vault" in mistakes[0].sentence
    assert folder not in (*config.folders.values(), *config.exclude)


@pytest.mark.parametrize("folder", [".twinpage/x", "Notes/.obsidian", "artifacts", "Schemas/x"])
def test_new_notes_do_not_go_where_no_app_looks(folder: str) -> None:
    config, mistakes = parse(f'[folders]\njourney = "{folder}"', KNOWN)
    assert [mistake.key for mistake in mistakes] == ["folders.journey"]
    assert config.folders == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("dialect = \n", 1),
        ('dialect = "logseq"\n\n[rules\n', 3),
        ("a = 1\na = 2\n", 2),
        ("<<<<<<< HEAD\n", 1),
        ('x = "\x00"', 1),
        ("until = 2024-13-45", 1),
    ],
)
def test_what_is_no_toml_is_said_with_its_line(text: str, line: int) -> None:
    (mistake,) = parse(text)[1]
    assert mistake.line == line
    assert re.fullmatch(r"This is not TOML \(.+\); correct the line\.", mistake.sentence)


WRONG_TYPES = ["1", "true", '"x"', "1.5", "[1]", "{ a = 1 }", "[[1]]", "[{}]", "2024-01-01", "nan"]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", WRONG_TYPES)
def test_a_wrong_type_never_raises(key: str, value: str) -> None:
    config, mistakes = parse(f"{key} = {value}\n", KNOWN)
    assert mistakes or (key, value) in (("exclude", "[1]"), ("flags-note", "true"))
    assert all(mistake.line == 1 for mistake in mistakes)
    assert {field.name for field in fields(config)} == {field.name for field in fields(Config())}


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000,
        "a = [\n" * 30_000,
        "a" + ".a" * 200_000 + " = 1",
        "[" + "a." * 100_000 + "a]",
        "x" * 2_000_000,
        "\n".join(f"k{n} = 1" for n in range(20_000)),
        "\n".join("[[ignore]]" for _ in range(20_000)),
        "[a" + ".a" * 900 + "]\n" + "b" + ".b" * 900 + " = 1\n",
        '[needs]\nprofile = [{ kind = "topic", by = "' + "y" * 1900 + '" }]\n',
    ],
)
def test_a_hostile_text_is_answered_soon(text: str) -> None:
    started = process_time()
    _, mistakes = parse(text, KNOWN)
    assert process_time() - started < 5
    assert len(mistakes) <= 100
    assert all(len(str(mistake)) < 400 for mistake in mistakes)


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from([*KEYS, " = ", "[", "]", "'", '"', "\n", ".", "TP301"])).map("".join)
)
def test_no_text_raises(text: str) -> None:
    parse(text, KNOWN)


def test_a_byte_order_mark_and_crlf_do_no_harm() -> None:
    config, mistakes = parse('\ufeffdialect = "logseq"\r\nfail-on = "nix"\r\n')
    assert config.dialect == "logseq"
    assert [mistake.line for mistake in mistakes] == [2]


def test_settings_name_no_program() -> None:
    names = " ".join(KEYS)
    assert not re.search(r"command|program|hook|exec|editor|run", names)


def test_a_need_names_a_field_by_which_others_are_named() -> None:
    fields = {"journey": ("case", "profile"), "topic": ()}
    known = Known(kinds=("profile", "journey", "topic"), references=lambda kind: fields[kind])
    settings = '[needs]\nprofile = [{ kind = "journey", by = "profil" }, { kind = "topic", by = "about" }, '
    config, mistakes = parse(settings + '{ kind = "journey", by = "profile" }]\n', known)
    assert [str(mistake) for mistake in mistakes] == [
        "line 2: `profil` is no field by which journey names another artifact; did you mean `profile`?",
        "line 2: `about` is no field by which topic names another artifact; there is none.",
    ]
    assert config.needs_of("profile") == (("journey", "profile"),)
