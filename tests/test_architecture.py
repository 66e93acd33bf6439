"""The house keeps its shape: sizes, layers, and everything that a person may ask about is documented."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from twinpage.edge import shipped
from twinpage.rules import RULES, page

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "sync" / "twinpage"
MODULES = sorted(PACKAGE.rglob("*.py"))
SCRIPTS = sorted((ROOT / "scripts").glob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

LONGEST_MODULE = 350
LONGEST_FUNCTION = 50
LONGEST_RULE = 80
EXCEPTIONS: dict[str, str] = {}
"""``path`` or ``path:function`` -> why it may be longer."""

FORBIDDEN_WORDS = ("Manager", "Helper", "Util", "Service")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def length(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            yield f"{relative(path)}:{node.name}", (node.end_lineno or node.lineno) - first + 1


def test_modules_are_short() -> None:
    long = {relative(path): length(path) for path in [*MODULES, *SCRIPTS] if length(path) > LONGEST_MODULE}
    assert {path: lines for path, lines in long.items() if path not in EXCEPTIONS} == {}


def test_functions_are_short() -> None:
    long = {name: lines for path in [*MODULES, *SCRIPTS] for name, lines in functions(path) if lines > LONGEST_FUNCTION}
    assert {name: lines for name, lines in long.items() if name not in EXCEPTIONS} == {}


def test_rules_are_short_and_one_a_file() -> None:
    rules = [path for path in MODULES if path.parent.name == "rules" and path.name != "__init__.py"]
    assert {relative(path): length(path) for path in rules if length(path) > LONGEST_RULE} == {}
    assert len(rules) == len(RULES)


def test_exceptions_are_still_needed() -> None:
    sizes = {relative(path): length(path) for path in MODULES} | {n: s for path in MODULES for n, s in functions(path)}
    limits = {name: LONGEST_FUNCTION if ":" in name else LONGEST_MODULE for name in EXCEPTIONS}
    assert {name for name in EXCEPTIONS if sizes.get(name, 0) <= limits[name]} == set()


def test_nouns_say_what_they_are() -> None:
    names = [node.name for path in MODULES for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef)]
    assert [name for name in names if any(word in name for word in FORBIDDEN_WORDS)] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [relative(path) for path in MODULES if path.stat().st_size and not ast.get_docstring(parsed(path))]
    assert silent == []


def test_text_is_split_at_line_feeds_only() -> None:
    # str.splitlines also splits at U+0085, U+2028 and others, which are part of what people write.
    splitting = [relative(path) for path in MODULES if ".splitlines(" in path.read_text(encoding="utf-8")]
    assert splitting == []


def test_the_tests_mirror_the_package() -> None:
    folders = {path.parent.relative_to(PACKAGE).as_posix() for path in MODULES}
    tested = {path.parent.relative_to(ROOT / "tests").as_posix() for path in TESTS if path.name.startswith("test_")}
    assert tested - folders == set()
    stems = [path.name for path in TESTS if path.name.startswith("test_")]
    assert sorted(stems) == sorted(set(stems)), "importlib mode needs file names of their own"


def test_the_package_is_not_called_sync() -> None:
    assert not (ROOT / "sync" / "__init__.py").exists()


def test_architecture_page_lists_the_tree() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert text.count("\n") <= 60
    listed = re.findall(r"^(\S+)  +\S", text.partition("```\n")[2].partition("```")[0], re.MULTILINE)
    inside = {
        f"sync/twinpage/{path.relative_to(PACKAGE).as_posix()}" + ("/" if path.is_dir() else "")
        for path in PACKAGE.iterdir()
        if path.name not in ("__pycache__", "__init__.py", "py.typed", "_shipped")
    }
    assert sorted(listed) == sorted(at_the_top() - {"sync/"} | inside)


def at_the_top() -> set[str]:
    """Names of files and folders that git knows; what people and tools leave lying about does not count."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode or not done.stdout:
        pytest.skip("not a git checkout")
    names = {line.partition("/") for line in done.stdout.strip().split("\n")}
    return {name + slash for name, slash, _ in names} - {".gitignore"}


def test_layers_hold() -> None:
    pytest.importorskip("importlinter")
    lint = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "sync")}
    command = [sys.executable, "-c", lint]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_dependency_has_a_reason_and_a_lower_bound() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("\n")
    project = tomllib.loads("\n".join(lines))["project"]
    for requirement in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        assert re.match(r"[A-Za-z0-9-]+>=[0-9.]+", requirement)
        line = next(line for line in lines if f'"{requirement}"' in line)
        assert re.search(r"# \w+", line), line


def test_every_rule_has_a_page_with_an_example_and_a_fix() -> None:
    for code, rule in RULES.items():
        text = page(code)
        assert re.fullmatch(r"TP[0-9]{3}", code)
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
        assert rule.why.endswith(".")
        headings = [line.removeprefix("## ") for line in text.split("\n") if line.startswith("## ")]
        assert headings[:4] == ["What it does", "Why it matters", "Bad", "Good"], code
        assert "Mend it" in headings, code
        for option, _ in rule.default_options:
            assert f"`{option}`" in text, (code, option)


def test_every_kind_describes_itself_and_its_fields() -> None:
    for name, schema in shipped.schemas().items():
        assert schema.get("description"), name
        assert schema.get("$id"), name
