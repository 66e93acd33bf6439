from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from twinpage.model.toml_lines import lines_of_keys

TEXT = '''\
# a comment with [brackets] and "quotes
dialect = "logseq"  # says = nothing

exclude = [
    "a]b",   # ] not the end
    'c"d',
]
rules.TP301 = "off"
text = """
[not a table]
no = "key"
"""""

[rules.TP401]
min-stages = 3
"odd \\"key" = { a = 1, b = [
  2 ] }

[[ignore]]
code = "TP301"
  [[ignore]]
  code = \'TP302\'
[ "needs" . 'profile' ]
x = 1
'''


def test_every_key_has_its_line() -> None:
    tomllib.loads(TEXT)
    lines = lines_of_keys(TEXT)
    assert lines == {
        ("dialect",): 2,
        ("exclude",): 4,
        ("rules",): 8,
        ("rules", "TP301"): 8,
        ("text",): 9,
        ("rules", "TP401"): 14,
        ("rules", "TP401", "min-stages"): 15,
        ("rules", "TP401", 'odd "key'): 16,
        ("ignore",): 19,
        ("ignore", 0): 19,
        ("ignore", 0, "code"): 20,
        ("ignore", 1): 21,
        ("ignore", 1, "code"): 22,
        ("needs",): 23,
        ("needs", "profile"): 23,
        ("needs", "profile", "x"): 24,
    }


VALUES = st.sampled_from(
    ['"a"', "'#'", '"""x\n[y]\n"""', "'''\nk = 1\n'''", "[1, [2]]", "{ a = '}' }", "1", '""', '"\\""']
)


@given(st.lists(st.tuples(VALUES, st.sampled_from(["", " # [c", "\n", "\n\n# d = 1"])), max_size=12))
def test_lines_agree_with_how_the_text_was_made(statements: list[tuple[str, str]]) -> None:
    text, expected = "", {}
    for number, (value, tail) in enumerate(statements):
        expected[(f"k{number}",)] = text.count("\n") + 1
        text += f"k{number} = {value}{tail}\n"
    tomllib.loads(text)
    assert lines_of_keys(text) == expected
