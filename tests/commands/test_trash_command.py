"""``twinpage trash`` lists and prunes; a pass prunes by itself once a day, and never what is young."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from jsonschema import Draft202012Validator

from twinpage.commands import remove, restore, trash
from twinpage.edge import trash as trash_edge
from twinpage.edge.lock import write_lock
from twinpage.edge.shipped import output_schemas
from twinpage.workspace.trash.pruning import prune_if_due

TOPIC, JOURNEY, QUAY = "topics/sourdough", "harbour/journeys/morning-run", "harbour/sales-strategies/quay"
NOTE = "Topics/Sourdough.md"
DAY = 86_400.0
MB = 1_000_000


def run(vault, *, prune=False, older=None, larger=None, output_format="text"):
    return trash.run(
        vault=vault.root,
        asked_to_prune=prune,
        older_than=older,
        larger_than=larger,
        output_format=output_format,
        terminal=vault.terminal,
    )


def as_json(vault, **options):
    assert run(vault, output_format="json", **options) == 0
    said = json.loads(vault.out.getvalue())
    Draft202012Validator(output_schemas()["trash.schema.json"]).validate(said)
    return said


def take_away(vault, artifact):
    assert remove.run(vault=vault.root, artifact=artifact, with_parts=False, terminal=vault.terminal) == 0


def folders(vault):
    home = vault.root / ".twinpage/trash"
    return sorted(home.iterdir()) if home.is_dir() else []


def fatten(folder, size):
    """Make a bundle weigh so many bytes, without writing them."""
    with (folder / "files/ballast").open("wb") as handle:
        handle.truncate(size)


@pytest.fixture
def three(vault, clock_of_test):
    """Three removals: of 100 days ago, 40 days ago and now."""
    take_away(vault, QUAY)
    date(folders(vault)[-1], 100)
    take_away(vault, JOURNEY)
    date(folders(vault)[-1], 40)
    take_away(vault, TOPIC)
    return vault


def date(folder, days):
    """Make a bundle so many days old."""
    from datetime import UTC, datetime, timedelta

    told = json.loads((folder / "trash.json").read_text())
    told["when"] = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
    (folder / "trash.json").write_text(json.dumps(told))


def artifacts(vault):
    return [json.loads((folder / "trash.json").read_text())["artifact"] for folder in folders(vault)]


class TestList:
    def test_an_empty_trash(self, vault):
        assert run(vault) == 0
        assert vault.out.getvalue() == "The trash is empty.\n"
        assert as_json(vault)["removals"] == []

    def test_one_artifact_a_row_the_newest_first(self, three):
        assert run(three) == 0
        lines = three.out.getvalue().split("\n")
        shown = [re.sub(r" +", " ", line)[16:] for line in lines[:3]]
        told = "(it was removed with `twinpage remove`; note and artifact file)"
        assert [re.sub(r"[0-9.]+ k?B", "SIZE", row) for row in shown] == [
            f" SIZE {TOPIC} {told}",
            f" SIZE {JOURNEY} {told}",
            f" SIZE {QUAY} {told} [goes]",
        ]
        assert lines[3].startswith("The trash holds 3 removals, ")
        assert lines[4].startswith("Pruning takes 1 of them, marked [goes]: it takes what is older than 90 days, and")
        assert lines[5:] == ["Bring one back with `twinpage restore ID`.", ""]

    def test_a_removal_that_the_id_does_not_bring_back_names_itself(self, vault):
        take_away(vault, TOPIC)
        restore.run(vault=vault.root, artifact=TOPIC, terminal=vault.terminal)
        vault.age(NOTE)
        take_away(vault, TOPIC)
        run(vault)
        newer, older, *_ = vault.out.getvalue().split("\n")
        assert "twinpage restore" not in newer
        assert older.endswith(f"`twinpage restore {folders(vault)[0].name}`")

    def test_as_json(self, three):
        said = as_json(three)
        assert [(one["artifact"], one["goes"]) for one in said["removals"]] == [
            (TOPIC, False),
            (JOURNEY, False),
            (QUAY, True),
        ]
        assert said["removals"][0]["files"] == [three.file(TOPIC), NOTE]
        assert said["removals"][0]["name"] == folders(three)[-1].name
        assert said["bytes"] == sum(one["bytes"] for one in said["removals"]) > 0
        assert said["limits"] == {"days": 90, "megabytes": 1000}
        assert said["taken"] == []

    def test_other_limits_are_tried_before_they_are_used(self, three):
        assert [one["goes"] for one in as_json(three, older=10)["removals"]] == [False, True, True]
        assert [one["goes"] for one in as_json(three, larger=0)["removals"]] == [True, True, True]
        assert len(folders(three)) == 3

    def test_listing_writes_nothing(self, three):
        before = {path: path.stat().st_mtime_ns for path in (three.root / ".twinpage").rglob("*")}
        run(three)
        assert {path: path.stat().st_mtime_ns for path in (three.root / ".twinpage").rglob("*")} == before

    def test_a_hostile_record_cannot_steer_the_terminal(self, three):
        told = json.loads((folders(three)[0] / "trash.json").read_text())
        told |= {"artifact": "a\x1b[2J\nb", "because": "c\x1b[2J\nd", "when": "\x1b[2J\n"}
        (folders(three)[0] / "trash.json").write_text(json.dumps(told))
        assert run(three) == 0
        assert len(three.out.getvalue().split("\n")) == 7
        assert "\x1b" not in three.out.getvalue()
        assert as_json(three)["removals"][-1]["goes"] is False  # of an age that nobody can tell
        restore.run(vault=three.root, artifact="", terminal=three.terminal)
        assert "\x1b" not in three.out.getvalue()

    def test_what_cannot_be_read_is_told_and_left_alone(self, three):
        (folders(three)[0] / "trash.json").write_text("{")
        place = f".twinpage/trash/{folders(three)[0].name}"
        assert run(three, prune=True, older=0, larger=0) == 0
        assert f"its record cannot be read: {place}" in three.out.getvalue()
        assert as_json(three)["unread"] == [place]
        assert [folder.name for folder in folders(three)] == [place.rpartition("/")[2]]


class TestPrune:
    def test_by_default_what_is_old(self, three):
        assert run(three, prune=True) == 0
        assert artifacts(three) == [JOURNEY, TOPIC]
        said = three.out.getvalue()
        assert said.startswith("taken away  ")
        assert QUAY in said.split("\n")[0]
        assert "1 removal taken away for good, " in said
        assert "The trash holds 2 removals, " in said
        assert run(three, prune=True) == 0
        assert three.out.getvalue().startswith("Nothing was taken away: pruning takes what is older than 90 days")

    def test_what_is_too_much_the_oldest_first(self, three):
        for folder in folders(three):
            fatten(folder, 600 * MB)
        assert run(three, prune=True) == 0
        assert artifacts(three) == [TOPIC]

    def test_what_is_young_stays_and_that_is_said(self, three):
        for folder in folders(three):
            date(folder, 29)
            fatten(folder, 600 * MB)
        assert run(three, prune=True) == 0
        assert len(folders(three)) == 3
        assert "younger than 30 days and stays" in three.out.getvalue()
        assert "`twinpage trash --prune --larger-than 1000`" in three.out.getvalue()
        assert as_json(three)["spared"] is True
        assert run(three, prune=True, larger=1_000) == 0
        assert artifacts(three) == [TOPIC]
        assert "2 removals taken away for good, 1,200.0 MB" in three.out.getvalue()

    def test_what_is_young_goes_when_somebody_says_so(self, three):
        said = as_json(three, prune=True, older=0)
        assert [one["artifact"] for one in said["taken"]] == [TOPIC, JOURNEY, QUAY]
        assert (said["removals"], said["bytes"], said["limits"]["days"]) == ([], 0, 0)
        assert folders(three) == []
        assert three.assert_still().exit_code == 0

    def test_what_the_system_refuses_is_told(self, three, monkeypatch):
        def refuse(folder):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(trash_edge, "discard", refuse)
        assert run(three, prune=True) == 2
        assert "could not be written (you may not write there)" in three.err.getvalue()
        assert "Nothing was taken away" in three.out.getvalue()
        assert len(folders(three)) == 3

    def test_one_that_was_cut_short_is_still_listed_and_goes_the_next_time(self, three):
        shutil.rmtree(folders(three)[0] / "files")
        assert run(three) == 0
        assert f"{QUAY}  (it was removed with `twinpage remove`; nothing is left of it)" in three.out.getvalue()
        assert run(three, prune=True) == 0
        assert artifacts(three) == [JOURNEY, TOPIC]


class TestByItself:
    def sync(self, vault):
        vault.sync()
        return [line for line in vault.err.getvalue().split("\n") if "trash" in line]

    @pytest.fixture
    def due(self, three):
        """The next pass is the first of a day."""
        forget(three)
        return three

    def test_behind_the_first_work_of_a_day(self, due):
        due.change("harbour", summary="Bread for all.")
        (remark,) = self.sync(due)
        assert remark.startswith("Took 1 removal out of the trash for good (")
        assert f"the newest was {QUAY} of " in remark
        assert artifacts(due) == [JOURNEY, TOPIC]
        date(folders(due)[0], 100)
        due.change("harbour", summary="Bread for some.")
        assert self.sync(due) == []
        assert len(folders(due)) == 2
        forget(due)
        due.change("harbour", summary="Bread for none.")
        assert len(self.sync(due)) == 1
        assert artifacts(due) == [TOPIC]

    def test_where_all_is_in_step_nothing_is_looked_at(self, three, monkeypatch):
        forget(three)
        monkeypatch.setattr("twinpage.workspace.trash.pruning.prune", None)
        three.assert_still()
        assert len(folders(three)) == 3

    def test_a_plan_prunes_nothing(self, due):
        due.change("harbour", summary="Bread for all.")
        due.sync(dry_run=True)
        assert len(folders(due)) == 3

    def test_what_is_young_stays(self, due):
        for folder in folders(due):
            date(folder, 20)
            fatten(folder, 600 * MB)
        due.change("harbour", summary="Bread for all.")
        (remark,) = self.sync(due)
        assert remark.startswith("The trash is above 1,000 MB, but the rest of it is younger than 30 days and stays.")
        assert len(folders(due)) == 3

    def test_not_due_costs_one_look_into_the_state(self, three, monkeypatch):
        ws = three.open()
        prune_if_due(ws, pytest.fail)
        asked = []
        real = type(ws.state).recall
        monkeypatch.setattr(type(ws.state), "recall", lambda state, key: (asked.append(key), real(state, key))[1])
        monkeypatch.setattr("twinpage.workspace.trash.pruning.prune", None)
        prune_if_due(ws, pytest.fail)
        ws.close()
        assert asked == ["trash pruned"]

    def test_while_another_writes_it_waits_for_the_next_pass(self, due, monkeypatch):
        monkeypatch.setattr("twinpage.edge.lock.PATIENCE", 0.0)
        monkeypatch.setattr("twinpage.workspace.trash.pruning.write_lock", lambda root: write_lock(root, 0.0))
        ws = due.open()
        with write_lock(due.root):
            prune_if_due(ws, pytest.fail)
        assert len(folders(due)) == 3
        told = []
        prune_if_due(ws, told.append)
        ws.close()
        assert len(told) == 1
        assert len(folders(due)) == 2


def forget(vault):
    """As if the last pruning was yesterday."""
    ws = vault.open()
    with ws.state.transaction():
        ws.state.remember("trash pruned", "2020-01-01")
    ws.close()
