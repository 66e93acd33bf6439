"""Files that nobody meant to import: no crash, no hang, a report."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twinpage.core.importing import import_documents
from twinpage.core.schema.registry import Registry

UNREADABLE = {
    "picture.md": b"\x89PNG\r\n\x1a\n\x00\x00",
    "latin.md": "Müller".encode("latin-1"),
    "wide.md": "wide".encode("utf-16"),
    "zero.md": b"a\0b",
    "big.md": b"x" * (8 * 1024 * 1024 + 1),
    "ours.md": b"---\nname: x\nartifact-id: a/b\n---\n",
    "ours-too.md": b"artifact-kind:: topic\n\n- text\n",
}


@pytest.mark.parametrize("path", UNREADABLE)
def test_what_cannot_be_read_is_reported(path: str, registry: Registry) -> None:
    result = import_documents({path: UNREADABLE[path], "good.md": b"A\n\nb\n"}, registry)
    assert [(line.path, line.line) for line in result.report] == [(path, 0)]
    assert [artifact["id"] for artifact in result.artifacts] == ["topics/a"]


def test_empty_files_give_nothing(registry: Registry) -> None:
    result = import_documents({"a.md": b"", "b.md": b"\xef\xbb\xbf", "c.md": b" \n\t\n\n"}, registry)
    assert (result.artifacts, result.report) == ((), ())


PAGE = "# T\n- ## Definition\n  - d\n- ## Content type\n  - text\n- ## Examples\n  ### A\n{}\n- ## Tools\n{}\n"

HOSTILE = {
    "blank lines": "\n" * 200_000,
    "blank lines before": "\n" * 100_000 + "- ## Definition\n- ## Examples\n" + "\n" * 100_000,
    "one long line": "a: b " * 40_000,
    "hashes": "#" * 200_000,
    "keys": "#key" * 50_000,
    "brackets": "[[" * 100_000,
    "embeds": "{{embed [[" * 20_000,
    "underscores": "metamodel-id:: a" + "_" * 200_000 + "b",
    "spaces": "metamodel-id:: a" + " " * 200_000 + "b",
    "properties": "".join(f"p{number}:: v\n" for number in range(20_000)) + "page-type:: [[key]]\n",
    "questions": PAGE.format("?" * 100_000, "- ? " * 20_000),
    "equal names": PAGE.format("  - #x [[Same]]\n" * 15_000, ""),
    "equal tools": PAGE.format("", "  - [[Same]]\n" * 15_000),
    "cases": PAGE.format("".join(f"  ### c{number}\n  #x y\n" for number in range(10_000)), ""),
    "classes": PAGE.replace("  - text", "  - classes:\n" + "  - [[c]]\n" * 15_000).format("", ""),
    "deep": PAGE.format("\n".join(" " * depth + "- x" for depth in range(600)), ""),
    "slashes": "profile-(id)" + " / #x" * 40_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_linear_time(name: str, registry: Registry) -> None:
    import_documents({"warm.md": PAGE.encode()}, registry)
    documents = {"x.md": HOSTILE[name].encode()}
    size = len(documents["x.md"])
    start = time.process_time()
    result = import_documents(documents, registry)
    # Ten times what a slow machine needs; the quadratic versions took minutes.
    assert time.process_time() - start < 10 * max(1, size / 100_000)
    assert result.artifacts or result.report or not documents["x.md"].strip()


LINES = st.lists(
    st.sampled_from(
        """- ## Definition|- ## Content type (x)|- ## Examples|- ## Keys|- ## Tools|- ## Topics|- ## innCoPilot
  ### Orbit Works|plain words|  ### Tea House|- ### a-(id)/examples/Tea House|    {{embed [[a/examples/B]]}}|#|-
  #journey Start||  1. Name: text|  - Name: text|\t- nested|  - [[Link]]|  - Segment ID: S|  - Profile ID: P___Q
  - Journey:|***|[[]]
page-type:: [[key]]|metamodel-id:: [[b (id)/c]]|weight:: 30|value:: 5|keys:: x|color:: a|colour:: b|key-weight:: 500
- #Risks|- #question why?|  - #### mitigation strategy|The #segment A / #role B|📣 Shout|\x85|\x07|# Title
# #profile Name - Journey""".replace("\n", "|").split("|")
    ),
    max_size=30,
)
NAMES = st.sampled_from(
    ["a.md", "b.txt", "b(2).txt", "profile-(id)___journey___examples___Tea House.md", "x___list.md", "markers/m.md"]
)


@settings(max_examples=150, deadline=None)
@given(documents=st.dictionaries(NAMES, LINES.map(lambda lines: "\n".join(lines).encode()), max_size=4))
def test_any_mixture_is_accounted_for(documents: dict[str, bytes], registry: Registry) -> None:
    result = import_documents(documents, registry)
    reported = {(line.path, line.line) for line in result.report}
    assert len(reported) == len(result.report)
    ids = {artifact["id"] for artifact in result.artifacts}
    for artifact in result.artifacts:
        for field in ("case", "profile", "segment", "about"):
            assert artifact.get(field, artifact["id"]) in ids
    for path, data in documents.items():
        for number, line in enumerate(data.decode().split("\n"), start=1):
            if line == "plain words" and (path, number) not in reported:
                assert "plain words" in str(result.artifacts).casefold()
