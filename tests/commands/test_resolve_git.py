"""What git leaves in both twins where its own merge stops: told by field, and ended without losing a word."""

from __future__ import annotations

import json
import subprocess

import pytest

from twinpage.commands import conflicts, resolve

JOURNEY = "harbour/journeys/morning-run"
NOTE, FILE = "Journeys/Morning run.md", f"artifacts/{JOURNEY}.json"
STYLES = ("merge", "diff3", "zdiff3")


def run(vault, take="", fields=(), edit=False, artifact=JOURNEY):
    return resolve.run(
        vault=vault.root, artifact=artifact, take=take, fields=fields, edit=edit, terminal=vault.terminal
    )


def listed(vault):
    code = conflicts.run(vault=vault.root, output_format="json", terminal=vault.terminal)
    told = json.loads(vault.out.getvalue())
    assert code == int(any(told[name] for name in ("conflicts", "undone", "held")))
    return told


def git_fails(vault, *words):
    with pytest.raises(subprocess.CalledProcessError):
        vault.git(*words)


def step(vault):
    """What was changed is brought over to the other twin, and committed."""
    for path in vault.notes():
        vault.age(path)
    vault.settle()
    vault.git("add", "-A")
    vault.git("commit", "-qm", "step", "--allow-empty")


def branched(vault, ours, theirs, style="merge"):
    """Two branches, each with its change in both twins; ours is checked out."""
    vault.commit_all()
    vault.git("config", "merge.conflictStyle", style)
    vault.git("config", "user.name", "Test")
    vault.git("config", "user.email", "test@example.org")
    vault.git("branch", "-m", "trunk")
    vault.git("checkout", "-qb", "feature")
    theirs(vault)
    step(vault)
    vault.git("checkout", "-q", "trunk")
    step(vault)
    ours(vault)
    step(vault)


def merged(vault, ours, theirs, style="merge"):
    branched(vault, ours, theirs, style)
    git_fails(vault, "merge", "-q", "feature")
    for path in vault.notes():
        vault.age(path)


def staged_away(vault):
    """All that was ever written and is in the trash."""
    found = (vault.root / ".twinpage/trash").glob("*/files/**/*.*")
    return "\n".join(path.read_text(encoding="utf-8") for path in found)


def over(vault):
    """Everything is in step, and nothing reminds of a conflict."""
    vault.settle()
    for path in (NOTE, FILE):
        if (vault.root / path).exists():
            assert not any(mark in vault.text(path) for mark in ("<<<<<<<", ">>>>>>>", "twinpage conflict"))
    assert listed(vault) == {"format": 1, "conflicts": [], "undone": [], "held": []}
    ws = vault.open()
    assert not {"TP001", "TP501", "TP901"} & {row[0] for row in ws.state.rows("select distinct code from flags")}
    ws.close()


def stages(vault, change):
    value = vault.value(JOURNEY)
    change({stage["id"]: stage for stage in value["stages"]}, value["stages"])
    vault.write(JOURNEY, value)


def says(text, stage="paying"):
    def change(vault):
        stages(vault, lambda by_id, _: by_id[stage].update(description=text))

    return change


def adds(text, name="Waving"):
    def change(vault):
        new = {"id": name.lower(), "name": name, "description": text}
        stages(vault, lambda _, found: found.append(new))

    return change


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("side", "kept"), [("ours", "Bread against shells."), ("theirs", "Bread against promises.")])
def test_the_same_field_on_both_branches(vault, style, side, kept):
    merged(vault, says("Bread against shells."), says("Bread against promises."), style)
    assert vault.sync().exit_code == 1
    assert "<<<<<<<" in vault.text(NOTE)
    assert "<<<<<<<" in vault.text(FILE)
    (one,) = listed(vault)["conflicts"]
    assert one["pointer"] == "/stages/paying/description"
    assert one["place"] == "Description of stage Handing over"
    assert (one["base"], one["mine"], one["other"]) == (
        "Bread against coins.",
        "Bread against shells.",
        "Bread against promises.",
    )
    assert one["from"] == "theirs feature"
    assert run(vault, take=side) == 0
    assert f"git add '{NOTE}' {FILE}" in vault.err.getvalue()
    assert kept in vault.text(NOTE)
    assert kept in vault.text(FILE)
    assert "Bread against shells." in staged_away(vault)
    assert "Bread against promises." in staged_away(vault)
    over(vault)
