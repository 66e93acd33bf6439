"""A watcher as people start it: a process of its own, beside editors and other commands."""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from jsonschema import Draft202012Validator

from twinpage.commands import watch as watch_command
from twinpage.commands.watch import BEAT
from twinpage.edge import deeds
from twinpage.edge.events import Events

pytestmark = pytest.mark.slow

TOPIC, NOTE, FILE = "topics/sourdough", "Topics/Sourdough.md", "artifacts/topics/sourdough.json"
PATIENCE = 20.0
SCHEMA = Path(__file__).parents[2] / "schemas/outputs/watch.schema.json"


def environment():
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}


def twinpage(vault, *words):
    command = [sys.executable, "-m", "twinpage", *words, "--vault", str(vault.root)]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)


def heeds_ctrl_c():
    """Who runs the tests in the background may have left Ctrl-C ignored, which a process hands on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Watch:
    """The process, with everything that it told."""

    def __init__(self, vault, output_format="jsonl"):
        self.vault = vault
        command = [sys.executable, "-m", "twinpage", "watch", "--vault", str(vault.root)]
        self.lines = vault.root.parent / "told"
        with self.lines.open("w") as out:
            self.process = subprocess.Popen(
                [*command, "--output-format", output_format],
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                preexec_fn=heeds_ctrl_c,
            )
        self.until(lambda: "Watching" in self.lines.read_text())

    def until(self, met):
        deadline = time.monotonic() + PATIENCE
        while not met():
            assert self.process.poll() is None, self.lines.read_text()
            assert time.monotonic() < deadline, self.lines.read_text()
            time.sleep(0.02)

    def events(self, *whats):
        told = [json.loads(line) for line in self.lines.read_text().split("\n") if line.startswith("{")]
        return [event for event in told if not whats or event["event"] in whats]

    def says(self, words, artifact=TOPIC):
        def met():
            try:
                return words in json.dumps(self.vault.value(artifact), ensure_ascii=False)
            except (OSError, ValueError):
                return False

        self.until(met)

    def quiet(self, seconds=1.0):
        """Nothing is written any more."""
        before, since = self.vault.files(), time.monotonic()
        while time.monotonic() - since < seconds:
            time.sleep(0.1)
            now = self.vault.files()
            if now != before:
                before, since = now, time.monotonic()

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture
def watch(vault):
    found = Watch(vault)
    yield found
    if found.process.poll() is None:
        found.process.kill()
        found.process.wait()


def save_in_place(place, text):
    with place.open("r+", encoding="utf-8") as file:
        file.write(text)
        file.truncate()


def save_truncating_in_pieces(place, text):
    with place.open("w", encoding="utf-8") as file:
        for start in range(0, len(text), 60):
            file.write(text[start : start + 60])
            file.flush()
            time.sleep(0.02)


def save_by_rename(place, text):
    fresh = place.with_name(f".{place.name}.tmp")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, place)


def save_as_vim_does(place, text):
    (place.parent / "4913").write_text("")
    (place.parent / "4913").unlink()
    backup = place.with_name(f"{place.name}~")
    place.rename(backup)
    place.write_text(text, encoding="utf-8")
    backup.unlink()


def save_by_deleting(place, text):
    place.unlink()
    time.sleep(0.4)
    place.write_text(text, encoding="utf-8")


SAVES = (save_in_place, save_truncating_in_pieces, save_by_rename, save_as_vim_does, save_by_deleting)


def test_the_log_tells_afterwards_what_happened(watch, vault):
    save_by_rename(vault.root / NOTE, vault.text(NOTE).replace("a week", "a month"))
    watch.says("a month")
    assert watch.end() == 0
    told = [line.partition("  ")[2] for line in (vault.root / deeds.PLACE).read_text(encoding="utf-8").splitlines()]
    started = next(number for number, line in enumerate(told) if line.startswith("started"))
    assert f"updated  {FILE}  (the note changed)  {TOPIC}" in told[started:]
    assert told[-1].startswith("stopped")


def test_however_an_editor_saves(watch, vault):
    former = "a week"
    for number, save in enumerate([*SAVES, *SAVES]):
        words = f"{number} days and {save.__name__}"
        text = vault.text(NOTE).replace(former, words)
        save(vault.root / NOTE, text)
        watch.says(words)
        assert vault.text(NOTE) == text
        former = words
    watch.quiet()
    assert [event["path"] for event in watch.events("change")].count(NOTE) == 0
    assert watch.events("conflict", "held", "refused") == []
    vault.assert_still()


def test_both_sides_new_folders_and_new_notes(watch, vault):
    vault.change(TOPIC, body="It keeps for a year.")
    watch.until(lambda: "a year" in vault.text(NOTE))
    deep = vault.root / "New" / "deeper"
    deep.mkdir(parents=True)
    hand = "artifact-kind:: topic\n\n- ## Text\n\t- Rye." if vault.dialect == "logseq" else None
    (deep / "Rye.md").write_text(hand or "---\nartifact-kind: topic\n---\n## Text\nRye.\n", encoding="utf-8")
    watch.until(lambda: (vault.root / "artifacts/topics/rye.json").exists())
    (vault.root / "New").rename(vault.root / "Moved")
    moved = "Moved/deeper/Rye.md"
    vault.put(moved, vault.text(moved).replace("Rye.", "Dark rye."))
    watch.says("Dark rye.", "topics/rye")
    vault.artifact("topics/wheat", kind="topic", name="Wheat", body="Light.")
    watch.until(lambda: any("Wheat" in path for path in vault.notes()))
    watch.quiet()
    vault.assert_still()
    validator = Draft202012Validator(json.loads(SCHEMA.read_text()))
    for event in watch.events():
        validator.validate(event)


def test_other_commands_work_meanwhile(watch, vault):
    second = twinpage(vault, "watch")
    assert second.returncode == 2
    assert f"process {watch.process.pid}" in second.stderr
    assert f"process {watch.process.pid} since" in twinpage(vault, "status").stdout
    told = json.loads(twinpage(vault, "status", "--output-format", "json").stdout)
    assert told["watch"]["process"] == watch.process.pid
    vault.put(NOTE, vault.text(NOTE).replace("a week", "a month"))
    assert twinpage(vault, "sync").returncode == 0
    watch.says("a month")
    assert twinpage(vault, "new", "topic", "Barley").returncode == 0
    assert twinpage(vault, "remove", TOPIC).returncode == 0
    assert twinpage(vault, "restore", TOPIC).returncode == 0
    assert twinpage(vault, "rename", TOPIC, "topics/levain").returncode == 0
    assert twinpage(vault, "check").returncode in (0, 1)
    assert twinpage(vault, "conflicts").returncode == 0
    watch.quiet()
    assert watch.events("refused", "held", "conflict") == []
    assert vault.value("topics/levain")["body"] == "It keeps for a month at sea."
    vault.assert_still()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_stops_at_once_and_can_be_started_again(vault, number, code):
    for _ in range(2):
        watch = Watch(vault, "text")
        begun = time.monotonic()
        assert watch.end(number) == code
        assert time.monotonic() - begun < PATIENCE / 2
        text = watch.lines.read_text()
        assert "Watching" in text
        assert "Stopped" in text
        assert "Traceback" not in text
    assert "Nobody watches" in twinpage(vault, "status").stdout


def test_status_counts_what_was_carried_at_once(watch, vault):
    vault.put(NOTE, vault.text(NOTE).replace("a week", "a month"))
    watch.says("a month")
    begun = time.monotonic()
    watch.until(lambda: "1 batch carried" in twinpage(vault, "status").stdout)
    assert time.monotonic() - begun < BEAT / 2


def test_one_that_was_killed_leaves_nothing_behind_that_matters(watch, vault):
    watch.end(signal.SIGKILL)
    vault.put(NOTE, vault.text(NOTE).replace("a week", "a month"))
    again = Watch(vault)
    again.says("a month")
    assert again.end() == 0


def test_the_folder_is_moved_away(watch, vault):
    elsewhere = vault.root.with_name("elsewhere")
    vault.root.rename(elsewhere)
    shutil.rmtree(elsewhere)
    assert watch.process.wait(PATIENCE) == 2
    assert "no longer there" in watch.lines.read_text()
    assert "Traceback" not in watch.lines.read_text()


def test_text_is_calm(vault):
    watch = Watch(vault, "text")
    vault.put(NOTE, vault.text(NOTE).replace("a week", "a month"))
    watch.says("a month")
    watch.until(lambda: "the note changed" in watch.lines.read_text())
    assert watch.end() == 0
    lines = watch.lines.read_text().strip().split("\n")
    assert [line.split("  ", 1)[1] for line in lines] == [
        "Watching vault: 6 artifacts, 5 flags. Stop with Ctrl-C.",
        f"updated    {FILE}  (the note changed)",
        "Stopped; everything that was carried over is safe.",
    ]


def test_start_and_stop_are_as_the_schema_of_events_says(watch):
    assert watch.end() == 0
    assert [event["event"] for event in watch.events()] == ["started", "stopped"]
    validator = Draft202012Validator(json.loads(SCHEMA.read_text()))
    for event in watch.events():
        validator.validate(event)


def test_it_ends_when_nobody_reads_it_any_more(vault):
    command = [sys.executable, "-m", "twinpage", "watch", "--vault", str(vault.root), "--output-format", "jsonl"]
    with subprocess.Popen(command, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        try:
            assert b"Watching" in process.stdout.readline()
            process.stdout.close()
            vault.edit(NOTE, "a week", "a month")
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
    assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."
    assert twinpage(vault, "sync").returncode == 0


def test_everything_is_looked_at_again_only_where_the_system_does_not_tell_of_all(vault, monkeypatch):
    said = []
    voice = SimpleNamespace(say=said.append)
    with Events(vault.root) as events:
        assert watch_command._look_again(vault.root, events, voice) == math.inf
        assert not said
        monkeypatch.setattr(watch_command, "far_disk", lambda root: "nfs4")
        assert watch_command._look_again(vault.root, events, voice) == watch_command.LOOK_FAR
        assert "(nfs4)" in said.pop().sentence
        monkeypatch.setattr(events, "unwatched_folders", lambda: 3)
        assert watch_command._look_again(vault.root, events, voice) == watch_command.LOOK_WITHOUT_EVENTS
        assert "3 folders" in said.pop().sentence
