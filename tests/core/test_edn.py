from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinpage.core.edn import setting

CONFIG = """\
;; {:file/name-format :in-a-comment}
{:meta/version 1
 #_ :file/name-format #_ :dropped
 :nested {:file/name-format :too-deep}
 :text "a ; \\" :file/name-format :in-a-text"
 :file/name-format :triple-lowbar ; why not
 :property-pages/excludelist #{:a, :b
   #_ :c}
 :empty #{} :last [1 [2]]}
"""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (":file/name-format", (":triple-lowbar",)),
        (":meta/version", ("1",)),
        (":empty", ()),
        (":last", ("1", "2")),
        (":absent", None),
        (":too-deep", None),
    ],
)
def test_a_key_is_found_at_the_top_only(key: str, value: tuple[str, ...] | None) -> None:
    assert setting(CONFIG, key) == value


def test_a_set_keeps_its_words() -> None:
    assert {":a", ":b"} <= set(setting(CONFIG, ":property-pages/excludelist") or ())


@given(st.text(alphabet='{}[]()#_;:"\\ab \n,', max_size=60))
def test_nothing_raises(text: str) -> None:
    setting(text, ":a")


@pytest.mark.parametrize("text", ["{" * 200_000, '{:a "' + "\\" * 200_000, "#_" * 200_000, "{" + ":a " * 200_000])
def test_hostile_texts_take_linear_time(text: str) -> None:
    started = perf_counter()
    setting(text, ":b")
    assert perf_counter() - started < 3
