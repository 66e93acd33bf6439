"""Names of cases in texts."""

from __future__ import annotations

from unicodedata import normalize

from twinpage.core.vault.cards import card_of
from twinpage.core.vault.mentions import CaseNames, squeeze


def names(**cases: list[str]) -> CaseNames:
    return CaseNames.of(
        card_of(case, {"name": said[0], "aliases": said[1:]}, None, f"artifacts/{case}.json")
        for case, said in cases.items()
    )


def found(text: str, **cases: list[str]) -> list[tuple[str, int]]:
    return [(mention.case, mention.start) for mention in names(**cases).mentions(text)]


def test_spaces_case_and_signs_between_do_not_count():
    for text in ("Space X", "spacex", "SPACE  x!", "space-x", "Space_X"):
        assert found(text, a=["Space X"]) == [("a", 0)], text


def test_whole_words_only():
    assert found("spacexy aspacex", a=["Space X"]) == []
    assert found("the space x-ray", a=["Space X"]) == [("a", 4)]


def test_every_mention_in_order():
    assert found("Ox, Yak and Ox", ox=["Ox"], yak=["Yak"]) == [("ox", 0), ("yak", 4), ("ox", 12)]


def test_shared_names_belong_to_nobody():
    assert found("The Firm meets Ox", ox=["Ox", "The firm"], yak=["Yak", "TheFirm"]) == [("ox", 15)]
    assert found("Ox", ox=["Ox", "OX"]) == [("ox", 0)]


def test_letters_of_every_alphabet():
    composed, apart = normalize("NFC", "Café Größe"), normalize("NFD", "Café Größe")
    assert found(f"im {apart}!", c=[composed]) == [("c", 3)]
    assert found("im CAFÉ GRÖSSE!", c=[composed]) == [("c", 3)]
    assert squeeze("Ünder-water 2") == "ünderwater2"


def test_no_names_no_mentions():
    assert found("Whatever", a=["!"], b=[""]) == []


def test_one_case_alone_in_a_text_that_is_its_own():
    both = names(ox=["Ox"], yak=["Yak"])
    assert both.mentions("An ox.", own="ox") == []
    assert [mention.case for mention in both.mentions("An ox and a yak.", own="ox")] == ["ox", "yak"]
    assert [mention.case for mention in both.mentions("A yak.", own="ox")] == ["yak"]
