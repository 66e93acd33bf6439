from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest

from twinpage.commands import doctor
from twinpage.core.logseq_settings import OWN_KEYS, lines_to_add, property_keys
from twinpage.edge.terminal import Terminal
from twinpage.workspace.settings import read_settings


def problems(vault: Path | None, folder: Path) -> list[str]:
    """The problems that doctor names, each with the lines below it; the exit code must agree."""
    out = io.StringIO()
    code = doctor.run(vault=vault, folder=folder, terminal=Terminal(out, io.StringIO(), {}))
    found: list[str] = []
    for line in out.getvalue().split("\n"):
        if line.startswith("PROBLEM"):
            found.append(line[9:])
        elif line.startswith("   ") and found:
            found[-1] += "\n" + line.strip()
    assert code == int(bool(found))
    assert out.getvalue().endswith(f"\nProblems: {len(found)}.\n" if found else "\nNo problems found.\n")
    return found


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    (tmp_path / "twinpage.toml").write_text("", encoding="utf-8")
    (tmp_path / ".obsidian").mkdir()
    return tmp_path


def note(vault: Path, path: str, kind: str = "topic") -> None:
    (vault / path).parent.mkdir(parents=True, exist_ok=True)
    (vault / path).write_text(f"---\nartifact-id: topics/x\nartifact-kind: {kind}\n---\n", encoding="utf-8")


def logseq(vault: Path, config: str) -> None:
    (vault / "twinpage.toml").write_text('dialect = "logseq"\n', encoding="utf-8")
    (vault / "logseq").mkdir()
    (vault / "logseq" / "config.edn").write_text(config, encoding="utf-8")


def test_outside_a_vault_it_tells_how_to_make_one_and_is_content(tmp_path: Path) -> None:
    assert problems(None, tmp_path) == []


def test_a_sound_vault_has_no_problems_and_is_not_changed(vault: Path) -> None:
    note(vault, "Topics/Price.md")
    before = sorted(vault.rglob("*"))
    assert problems(vault, vault) == []
    assert sorted(vault.rglob("*")) == before


def test_mistakes_in_the_settings(vault: Path) -> None:
    (vault / "twinpage.toml").write_text("dialekt = 1\n", encoding="utf-8")
    (found,) = problems(vault, vault)
    assert found == (
        "twinpage.toml has mistakes; correct these lines.\nline 1: `dialekt` is no setting; did you mean `dialect`?"
    )


def test_no_app_or_both(vault: Path) -> None:
    logseq(vault, "{:file/name-format :triple-lowbar}")
    (vault / "twinpage.toml").write_text("", encoding="utf-8")
    (found,) = problems(vault, vault)
    assert 'dialect = "obsidian" or dialect = "logseq"' in found


def test_old_file_names_of_logseq_are_refused_with_the_way_out(vault: Path) -> None:
    logseq(vault, "{:meta/version 1}")
    assert "Filename format" in problems(vault, vault)[0]
    assert problems(vault, vault)[0].endswith("\n:file/name-format :triple-lowbar")


def test_lines_that_config_edn_lacks_are_printed_and_then_suffice(vault: Path) -> None:
    logseq(vault, "{:file/name-format :triple-lowbar\n :block-hidden-properties #{:mine}}")
    (found,) = problems(vault, vault)
    added = found.split("\n")[1:]
    assert len(added) == 2
    assert ":mine" in added[1]
    (vault / "logseq" / "config.edn").write_text(
        "{:file/name-format :triple-lowbar\n" + "\n".join(added) + "}", encoding="utf-8"
    )
    assert problems(vault, vault) == []


def test_fields_that_people_read_stay_in_sight() -> None:
    registry = read_settings(None).registry
    keys = property_keys(registry)
    assert {"emotion", "last-reviewed", "profile", *OWN_KEYS} <= set(keys)
    pages, hidden = lines_to_add("{}", registry)
    assert ":emotion" in pages
    assert ":emotion" not in hidden


def test_links_that_leave_the_vault(vault: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (vault / "Elsewhere").symlink_to(tmp_path_factory.mktemp("outside"))
    (found,) = problems(vault, vault)
    assert found.startswith("Elsewhere is a link that leaves the vault or leads nowhere")


def test_names_that_differ_in_case_only(vault: Path) -> None:
    note(vault, "Topics/Price.md")
    note(vault, "Topics/PRICE.md")
    if len(list((vault / "Topics").iterdir())) == 1:
        pytest.skip("this disk cannot hold both")
    (found,) = problems(vault, vault)
    assert found.startswith("Topics/PRICE.md and Topics/Price.md differ in case only")


def test_logseq_knows_pages_by_base_name(vault: Path) -> None:
    logseq(vault, "{:file/name-format :triple-lowbar}")
    (vault / "pages").mkdir()
    (vault / "other").mkdir()
    for folder in ("pages", "other"):
        (vault / folder / "Price.md").write_text("- one\n", encoding="utf-8")
    assert "other/Price.md and pages/Price.md are one page to Logseq; rename all but one." in problems(vault, vault)


def test_unknown_kinds_and_schemas_that_describe_none(vault: Path) -> None:
    note(vault, "a.md", "wheel")
    (vault / "artifacts").mkdir()
    (vault / "artifacts" / "b.json").write_text('{"kind": "wheel", "id": "b"}', encoding="utf-8")
    (vault / "schemas").mkdir()
    (vault / "schemas" / "wheel.schema.json").write_text(
        '{"type": "object", "properties": {"kind": {"const": "wheel"}, "x": {"$ref": "#/$defs/none"}}}',
        encoding="utf-8",
    )
    schema, kind = problems(vault, vault)
    assert schema.startswith("schemas/wheel.schema.json describes no kind; correct it.\n")
    assert "the kind `wheel` of a.md and artifacts/b.json" in kind


def test_the_state_that_git_does_not_ignore(vault: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=vault, check=True)
    (found,) = problems(vault, vault)
    assert found.endswith("\n.twinpage/")
    (vault / ".gitignore").write_text(".twinpage/\n", encoding="utf-8")
    assert problems(vault, vault) == []


def test_a_flags_note_that_git_does_not_ignore_or_that_is_excluded(vault: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=vault, check=True)
    (vault / ".gitignore").write_text(".twinpage/\n", encoding="utf-8")
    assert problems(vault, vault) == []
    (vault / "twinpage.toml").write_text("flags-note = true\n", encoding="utf-8")
    (found,) = problems(vault, vault)
    assert found.startswith("git does not ignore Flags.md")
    assert found.endswith("\n/Flags.md")
    (vault / ".gitignore").write_text(".twinpage/\n/Flags.md\n", encoding="utf-8")
    assert problems(vault, vault) == []
    (vault / "twinpage.toml").write_text('flags-note = true\nexclude = ["Flags.md"]\n', encoding="utf-8")
    (found,) = problems(vault, vault)
    assert found.startswith("exclude in twinpage.toml covers Flags.md")


def test_a_note_of_an_artifact_that_git_ignores(vault: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=vault, check=True)
    (vault / ".gitignore").write_text(".twinpage/\nFlags.md\n", encoding="utf-8")
    note(vault, "Topics/Kept.md")
    (vault / "Flags.md").write_text("Of nobody.\n", encoding="utf-8")
    assert problems(vault, vault) == []
    note(vault, "Topics/Flags.md")
    (found,) = problems(vault, vault)
    assert found.startswith("git ignores Topics/Flags.md, which is the note of an artifact")
    assert found.endswith("\ngit check-ignore -v Topics/Flags.md")
    subprocess.run(["git", "add", "-f", "Topics/Flags.md"], cwd=vault, check=True)
    assert problems(vault, vault) == []
    subprocess.run(["git", "rm", "-q", "--cached", "Topics/Flags.md"], cwd=vault, check=True)
    (vault / ".gitignore").write_text(".twinpage/\nTopics/\n", encoding="utf-8")
    assert problems(vault, vault) == []


def test_a_flags_note_that_is_not_kept_up_to_date(vault: Path) -> None:
    (vault / "Flags.md").write_text("---\ngenerated-by: twinpage\n---\n", encoding="utf-8")
    out = io.StringIO()
    assert doctor.run(vault=vault, folder=vault, terminal=Terminal(out, io.StringIO(), {})) == 0
    assert "Flags.md is not kept up to date" in out.getvalue()
    (vault / "Flags.md").write_text("mine", encoding="utf-8")
    out.truncate(0)
    doctor.run(vault=vault, folder=vault, terminal=Terminal(out, io.StringIO(), {}))
    assert "kept up to date" not in out.getvalue()


def test_a_vault_that_cannot_be_read_in_part(vault: Path) -> None:
    (vault / "logseq").mkdir()
    (vault / "logseq" / "config.edn").mkdir()
    (vault / "twinpage.toml").write_text('dialect = "logseq"\n', encoding="utf-8")
    assert problems(vault, vault) == [
        "logseq/config.edn is not there or cannot be read; open the folder in Logseq once."
    ]
