"""Where the vault is, and paths as people type them."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from twinpage.edge.place import find_vault, vault_or_none, vault_paths
from twinpage.errors import NoVault, OutsideVault, Usage


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    (root / "Journeys" / "old").mkdir(parents=True)
    (root / "twinpage.toml").write_text("", encoding="utf-8")
    return root.resolve()


def test_the_nearest_vault_at_or_above(vault: Path) -> None:
    assert find_vault(vault) == vault
    assert find_vault(vault / "Journeys" / "old") == vault
    inner = vault / "Journeys" / "twinpage.toml"
    inner.write_text("", encoding="utf-8")
    assert find_vault(vault / "Journeys" / "old") == vault / "Journeys"


def test_no_vault_is_said_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoVault, match="twinpage init DIR"):
        find_vault(tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NoVault, match=re.escape(f"no vault in {tmp_path} or above")):
        find_vault(Path())
    assert vault_or_none(tmp_path) is None


def test_typed_paths_become_vault_paths(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (vault / "Journeys" / "a.md").touch()
    monkeypatch.chdir(vault / "Journeys")
    assert vault_paths(vault, (Path("old"), Path("../Journeys/a.md"), Path(".."))) == (
        "Journeys/old",
        "Journeys/a.md",
        "",
    )


def test_names_are_compared_in_one_form(vault: Path) -> None:
    stored = unicodedata.normalize("NFD", "Café.md")
    (vault / stored).touch()
    assert vault_paths(vault, (vault / stored,)) == ("Café.md",)


def test_a_path_outside_is_refused(vault: Path) -> None:
    (vault / "way-out").symlink_to(vault.parent)
    for path in (vault.parent / "elsewhere.md", vault / "way-out" / "x.md"):
        with pytest.raises(OutsideVault):
            vault_paths(vault, (path,))


def test_a_path_to_nothing_is_a_slip_of_the_hand(vault: Path) -> None:
    with pytest.raises(Usage, match="check the path"):
        vault_paths(vault, (vault / "Jurneys",))
