from __future__ import annotations

import pytest
import yaml

from twinpage.core.lens.yaml_trouble import in_words

LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])]
BROKEN = {
    "a: b: c\n": "goes on with a colon",
    "a: x\n  b: [\n": "goes on with a colon",
    "a: @home\n": "begins with a character",
    "a:\n\t- b\n": "begins with a character",
    'a: "open\n': "never closed",
    "a: [one, two\nb: c\n": "in brackets|never closed",
    "a: b\nplain\nc: d\n": "no `name: value`",
    'a: "C:\\windows"\n': "backslash",
}


@pytest.mark.parametrize("text", BROKEN)
@pytest.mark.parametrize("loader", LOADERS)
def test_both_readers_are_put_in_plain_words(loader, text):
    with pytest.raises(yaml.MarkedYAMLError) as found:
        yaml.compose(text, Loader=loader)
    said = in_words(found.value.problem)
    assert any(part in said for part in BROKEN[text].split("|")), (said, found.value.problem)
    assert said.endswith(".")


def test_what_nobody_knows_is_told_as_it_is():
    assert in_words("found a unicorn") == "found a unicorn. Mend this line."
    assert in_words(None) == "this is no YAML. Mend this line."
