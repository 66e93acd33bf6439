from __future__ import annotations

import pytest

from twinpage import errors
from twinpage.errors import TwinpageError

FACTS: dict[str, tuple[object, ...]] = {
    "Usage": ("Which folder? Name it.",),
    "Unwritable": ("It cannot be written; change it.",),
    "NeedsOption": ("Which app opens it?", "--dialect"),
    "NoVault": ("/somewhere",),
    "ChangedMeanwhile": ("a.md",),
    "OutsideVault": ("../a.md",),
    "NotWritten": ("a.md", "the disk is full"),
    "NotInStep": ("a.md is not in step. Run `twinpage sync` first.",),
    "NotRenamed": ("a.md changed; run the command again.", ["b.md"]),
    "NotRead": ("a.md", "no permission"),
    "LockHeld": ("twinpage sync (process 12)",),
    "AlreadyWatched": ("Another twinpage (process 12)",),
    "VaultGone": ("/somewhere",),
    "SettingsMistakes": ("twinpage.toml", ["line 1: `x` is no setting."]),
    "UnknownWord": ("kind", "journy", ["journey"]),
    "UnknownArtifact": ("harbour/profiles/skiper", ["harbour/profiles/skipper"]),
    "AlreadyThere": ("a.md",),
    "IncompleteInstall": ("schemas",),
}


def classes() -> dict[str, type[TwinpageError]]:
    found = {name: thing for name, thing in vars(errors).items() if isinstance(thing, type)}
    return {n: t for n, t in found.items() if issubclass(t, TwinpageError) and t is not TwinpageError}


@pytest.mark.parametrize("name", sorted(classes()))
def test_an_error_is_a_sentence_with_the_facts(name: str) -> None:
    sentence = str(classes()[name](*FACTS[name]))
    assert sentence[0].isupper() or sentence.startswith(str(FACTS[name][0]))
    assert sentence.rstrip("`")[-1] in ".?"
    for fact in FACTS[name]:
        words = fact if isinstance(fact, list) else [fact]
        assert all(str(word) in sentence for word in words)


def test_an_unknown_word_without_a_near_one_points_to_the_list() -> None:
    assert (
        str(errors.UnknownWord("kind", "x", (), "twinpage kinds"))
        == "There is no kind `x`; `twinpage kinds` lists all."
    )
    assert str(errors.UnknownArtifact("x")) == (
        "There is no artifact `x`; name one by the path of its file in artifacts/, without .json."
    )
    assert str(errors.UnknownWord("kind", "x")) == "There is no kind `x`; check the spelling."
