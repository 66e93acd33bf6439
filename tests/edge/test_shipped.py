from __future__ import annotations

from twinpage.edge import shipped


def test_the_schemas_of_the_kinds_are_there() -> None:
    names = {name.removesuffix(".schema.json") for name in shipped.schemas()}
    assert {"case", "segment", "profile", "journey", "sales-strategy", "entry", "artifact-type"} <= names
    assert {"class", "tool", "topic", "key", "marker"} <= names
    assert all(schema["$schema"].endswith("2020-12/schema") for schema in shipped.schemas().values())


def test_the_template_comes_with_its_dot_files() -> None:
    files = dict(shipped.template_files())
    assert any(part.startswith(".") for path in files for part in path.split("/"))
    assert [path for path in files if path.endswith(".json") and path.startswith("artifacts/")]
    assert list(files) == sorted(files)
    assert not any("\\" in path for path in files)
