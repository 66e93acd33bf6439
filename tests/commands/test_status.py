"""How the twins stand, told without touching them."""

from __future__ import annotations

import json

from twinpage.commands import status

TOPIC, JOURNEY, STRATEGY = "topics/sourdough", "harbour/journeys/morning-run", "harbour/sales-strategies/quay"


def told(vault):
    assert status.run(vault=vault.root, output_format="json", terminal=vault.terminal) == 0
    return json.loads(vault.out.getvalue())


def test_in_step(vault):
    said = told(vault)
    assert said["in-step"] == 6
    assert said["last-pass"]
    assert not any(said[name] for name in ("ahead", "behind", "apart", "conflicts", "held"))


def test_each_where_it_stands(vault):
    vault.edit("Topics/Sourdough.md", "a week", "a month")
    vault.change("harbour", summary="Bread by boat.")
    vault.edit("Journeys/Morning run.md", "coins", "chits")
    vault.change(JOURNEY, last_reviewed="2026-05-01")
    vault.put(vault.file(STRATEGY), "{")
    separator = ":: " if vault.dialect == "logseq" else ": "
    vault.edit("Segments/Boats on the quay.md", f"kind{separator}segment", f"kind{separator}segmentt")
    before, state = vault.files(), (vault.root / ".twinpage/state.db").read_bytes()
    said = told(vault)
    assert said["ahead"] == [TOPIC]
    assert said["behind"] == ["harbour"]
    assert said["apart"] == [JOURNEY]
    assert sorted(said["held"]) == [STRATEGY, "harbour/segments/boats"]
    assert said["in-step"] == 1
    assert vault.files() == before
    assert (vault.root / ".twinpage/state.db").read_bytes() == state


def test_a_conflict(vault):
    vault.edit("Topics/Sourdough.md", "a week", "a month")
    vault.change(TOPIC, body="Other.")
    assert told(vault)["conflicts"] == [TOPIC]
    vault.sync()
    assert told(vault)["conflicts"] == [TOPIC]


def test_removals(vault):
    vault.remove("Topics/Sourdough.md")
    vault.remove(vault.file(JOURNEY))
    said = told(vault)
    assert (said["ahead"], said["behind"]) == ([TOPIC], [JOURNEY])


def test_before_the_first_pass(empty):
    empty.artifact("harbour")
    said = told(empty)
    assert said["behind"] == ["harbour"]
    assert said["last-pass"] in ("", None)
    assert [path for path in empty.files() if path.endswith(".md")] == []


def test_a_link_that_leads_nowhere(vault):
    vault.edit("Journeys/Morning run.md", "[[Skipper]]", "[[Nobody]]")
    assert told(vault)["held"] == [JOURNEY]
    vault.sync()
    assert told(vault)["held"] == [JOURNEY]


def test_what_a_merge_left_open_is_told_until_somebody_decides(vault):
    left = {"pointer": "/body", "base": "It keeps.", "other": "It keeps for a year.", "from": "theirs topic"}
    vault.change(TOPIC, conflicts=[left])
    for _ in range(2):
        outcome = vault.sync()
        assert outcome.exit_code == 1
        assert [(one.artifact, one.pointer) for one in outcome.conflicts] == [(TOPIC, "/body")]
        assert told(vault)["conflicts"] == [TOPIC]
        assert told(vault)["in-step"] == 5
    vault.change(TOPIC, conflicts=None)
    vault.settle()
    assert told(vault)["conflicts"] == []
