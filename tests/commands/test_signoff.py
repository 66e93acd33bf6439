"""``twinpage signoff``: who read what, and what a later change, a rename, a merge or a hostile hand makes of it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from twinpage.commands import rename as rename_command
from twinpage.commands import signoff as command
from twinpage.edge import clock, journal, shipped
from twinpage.edge.disk import Disk
from twinpage.edge.events import Hints
from twinpage.edge.git import person as git_person
from twinpage.errors import ChangedMeanwhile, NotRenamed, OutsideVault, UnknownArtifact, Usage
from twinpage.workspace.flagging.flags import all_flags, take_flags
from twinpage.workspace.rename import recovery as rename_recovery
from twinpage.workspace.watch.watching import Watching

CASE, SEGMENT, SKIPPER = "harbour", "harbour/segments/boats", "harbour/profiles/skipper"
JOURNEY, STRATEGY = "harbour/journeys/morning-run", "harbour/sales-strategies/quay"
FILE = "signoffs.jsonl"
SCHEMA = Draft202012Validator(shipped.output_schemas()["signoff.schema.json"])


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """git knows who is at work, from a file of this test alone; and no two sign-offs are of one second."""
    config = tmp_path / "gitconfig"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    seconds = iter(range(10_000))
    monkeypatch.setattr(clock, "stamp_of_everywhere", lambda: f"2030-01-02T03:{next(seconds) // 60:02}:00Z")
    be(config, "Ann Ode", "ann@example.org")
    return config


def be(config: Path, name: str, email: str) -> None:
    config.write_bytes(b"")
    for key, said in (("user.name", name), ("user.email", email)):
        subprocess.run(["git", "config", "--file", config, key, said], check=True)


def sign(vault, artifact=JOURNEY, note=""):
    assert command.run(vault=vault.root, artifact=artifact, note=note, terminal=vault.terminal) == 0
    vault.age(FILE)
    return vault.out.getvalue()


def lines(vault):
    found = [json.loads(line) for line in vault.text(FILE).split("\n") if line]
    for line in found:
        SCHEMA.validate(line)
    return found


def flags(vault, *codes):
    """What a check says; of an open vault and of one that was never looked at."""
    said = []
    for keep in (True, False):
        ws = vault.open(keep_state=keep)
        try:
            assert take_flags(ws) == ()
            found = [flag for flag in all_flags(ws) if flag.code in (codes or ("TP601",))]
        finally:
            ws.close()
        said.append(found)
    assert [flag.message for flag in said[0]] == [flag.message for flag in said[1]]
    return said[0]


def void(vault):
    return [flag.artifact for flag in flags(vault)]


class TestSigning:
    def test_it_is_told_and_stands_in_one_line(self, vault):
        assert sign(vault, note="read on the quay").startswith("Signed off as Ann Ode: Morning run (harbour/journeys/")
        (line,) = lines(vault)
        assert (line["artifact"], line["name"], line["email"]) == (JOURNEY, "Ann Ode", "ann@example.org")
        assert line["note"] == "read on the quay"
        assert void(vault) == []

    def test_nothing_else_is_written(self, vault):
        before = vault.files()
        sign(vault)
        after = vault.files()
        assert after.pop(FILE)
        assert after == before
        vault.assert_still()

    def test_a_change_in_the_file_makes_it_void_and_undoing_it_makes_it_valid(self, vault):
        sign(vault)
        was = vault.text(vault.file(JOURNEY))
        vault.change(JOURNEY, goal="Cold bread.")
        (flag,) = flags(vault)
        assert (flag.artifact, flag.severity, flag.pointer) == (JOURNEY, "warning", "")
        assert "signed off by Ann Ode on 2030-01-02" in flag.message
        assert flag.message.endswith(f"run `twinpage signoff {JOURNEY}` if it is right.")
        vault.put(vault.file(JOURNEY), was)
        assert void(vault) == []

    def test_a_change_in_the_note_makes_it_void_once_it_is_carried_over(self, vault):
        sign(vault)
        vault.edit(vault.note(JOURNEY), "against coins", "against chits")
        assert vault.settle().exit_code == 0
        assert void(vault) == [JOURNEY]
        sign(vault)
        assert void(vault) == []

    def test_text_of_the_notes_own_and_silenced_flags_change_nothing(self, vault):
        sign(vault)
        note = vault.note(JOURNEY)
        remark = "\n- ## My remarks\n\t- Ask." if vault.dialect == "logseq" else "\n## My remarks\nAsk.\n"
        vault.put(note, vault.text(note) + remark)
        vault.change(JOURNEY, ignore=[{"code": "TP402", "reason": "known"}])
        vault.settle()
        assert void(vault) == []

    def test_each_person_counts_once_with_the_latest(self, vault, known):
        sign(vault)
        be(known, "Bo Fell", "bo@example.org")
        sign(vault)
        vault.change(JOURNEY, goal="Cold bread.")
        vault.settle()
        assert "by Ann Ode on 2030-01-02 and Bo Fell on 2030-01-02, so those sign-offs are" in flags(vault)[0].message
        sign(vault)
        assert "by Ann Ode on 2030-01-02, so that sign-off is" in flags(vault)[0].message
        assert len(lines(vault)) == 3

    def test_signing_the_same_again_adds_nothing_unless_there_is_something_to_say(self, vault):
        sign(vault)
        assert "is signed off by you since 2030-01-02" in sign(vault)
        assert len(lines(vault)) == 1
        sign(vault, note="still right")
        assert len(lines(vault)) == 2

    def test_what_rests_is_not_flagged(self, vault):
        sign(vault)
        vault.change(JOURNEY, status="archived")
        vault.settle()
        assert void(vault) == []

    def test_the_rule_can_be_turned_off_and_silenced(self, vault):
        sign(vault)
        vault.change(JOURNEY, goal="Cold bread.", ignore=[{"code": "TP601", "reason": "next week"}])
        assert void(vault) == []
        vault.change(JOURNEY, ignore=None)
        assert void(vault) == [JOURNEY]
        vault.put("twinpage.toml", f'dialect = "{vault.dialect}"\n[rules]\nTP601 = "off"\n')
        assert void(vault) == []


class TestRefusals:
    def refused(self, vault, match, artifact=JOURNEY, note="", error=Usage):
        before = vault.files()
        with pytest.raises(error, match=match):
            sign(vault, artifact, note)
        assert vault.files() == before

    def test_an_id_that_nobody_has(self, vault):
        self.refused(vault, "did you mean", "harbour/journeys/mornin-run", error=UnknownArtifact)

    def test_twins_that_are_not_in_step(self, vault):
        vault.edit(vault.note(JOURNEY), "against coins", "against chits")
        self.refused(vault, "not in step")

    def test_a_note_that_is_gone(self, vault):
        vault.remove(vault.note(JOURNEY))
        self.refused(vault, "not in step|held")

    def test_an_open_conflict(self, vault):
        vault.edit(vault.note(JOURNEY), "against coins", "against chits")
        value = vault.value(JOURNEY)
        value["stages"][1]["description"] = "Bread against fish."
        vault.write(JOURNEY, value)
        assert vault.sync().exit_code == 1
        self.refused(vault, "open conflict")

    def test_a_file_that_cannot_be_read(self, vault):
        vault.put(vault.file(JOURNEY), "{")
        self.refused(vault, "held")

    def test_a_note_that_is_too_long_or_no_text(self, vault):
        self.refused(vault, "longer than 2,000", note="x" * 2_001)
        self.refused(vault, "no text", note="\udcff")

    @pytest.mark.parametrize(("name", "email"), [("", ""), ("Ann", ""), ("", "ann@example.org")])
    def test_a_person_whom_git_does_not_know(self, vault, known, name, email):
        be(known, name, email)
        self.refused(vault, "does not know who you are: .*user.name .* and .*user.email")
        self.refused(vault, "harbour/nobody", "harbour/nobody", error=UnknownArtifact)

    def test_a_person_whom_git_knows_by_its_environment(self, vault, known, monkeypatch):
        be(known, "", "")
        monkeypatch.setenv("GIT_AUTHOR_NAME", "Build Robot")
        monkeypatch.setenv("GIT_AUTHOR_EMAIL", "robot@example.org")
        assert sign(vault).startswith("Signed off as Build Robot: ")
        assert lines(vault)[0]["email"] == "robot@example.org"

    def test_no_git(self, vault, monkeypatch):
        monkeypatch.setattr(git_person.shutil, "which", lambda program: None)
        self.refused(vault, "git is not installed")

    def test_a_rename_that_was_cut_short(self, vault):
        journal.save(Disk(vault.root), b"{}")
        with pytest.raises(Usage, match="twinpage sync"):
            sign(vault)
        assert not (vault.root / FILE).exists()

    @pytest.mark.parametrize("target", ["../elsewhere.jsonl", "/nowhere/at/all", "artifacts/harbour.json"])
    def test_a_link_is_not_written_through(self, vault, target):
        (vault.root.parent / "elsewhere.jsonl").write_text("mine\n")
        (vault.root / FILE).symlink_to(target)
        with pytest.raises(OutsideVault):
            sign(vault)
        assert (vault.root.parent / "elsewhere.jsonl").read_text() == "mine\n"
        assert (vault.root / FILE).is_symlink()

    def test_a_link_that_leaves_the_vault_is_told_and_not_read(self, vault):
        sign(vault)
        vault.change(JOURNEY, goal="Cold bread.")
        os.replace(vault.root / FILE, vault.root.parent / FILE)
        (vault.root / FILE).symlink_to(f"../{FILE}")
        assert [flag.code for flag in flags(vault, "TP601", "TP002")] == ["TP002"]


class TestTheFile:
    def test_a_last_line_without_its_end_gets_one_and_odd_lines_stay(self, vault):
        vault.put(FILE, b"by hand\n{}\n\xff")
        sign(vault)
        data = (vault.root / FILE).read_bytes()
        assert data.startswith(b'by hand\n{}\n\xff\n{"format": 1, ')
        assert data.endswith(b"}\n")

    def test_broken_lines_are_told_with_their_place_and_go_when_mended(self, vault):
        sign(vault)
        good = vault.text(FILE)
        vault.put(FILE, f"{good}\nby hand\n{good.replace(': 1,', ': 7,')}")
        told = flags(vault, "TP001")
        assert [(flag.path, flag.line) for flag in told] == [(FILE, 3), (FILE, 4)]
        assert "another version" in told[1].message
        vault.change(JOURNEY, goal="Cold bread.")
        assert void(vault) == [JOURNEY]
        vault.put(FILE, good)
        assert flags(vault, "TP001") == []

    def test_a_file_that_goes_takes_its_flags_along(self, vault):
        sign(vault)
        vault.change(JOURNEY, goal="Cold bread.")
        assert void(vault) == [JOURNEY]
        vault.remove(FILE)
        assert void(vault) == []

    def test_a_file_that_goes_together_with_the_settings_that_were(self, vault):
        sign(vault)
        vault.change(JOURNEY, goal="Cold bread.")
        assert void(vault) == [JOURNEY]
        vault.remove(FILE)
        vault.put("twinpage.toml", f'dialect = "{vault.dialect}"\nfail-on = "warning"\n')
        assert void(vault) == []

    def test_a_file_that_cannot_be_read_is_not_gone(self, vault, monkeypatch):
        sign(vault)
        vault.change(JOURNEY, goal="Cold bread.")
        assert void(vault) == [JOURNEY]
        sign(vault, SKIPPER)
        real = Disk.read

        def read(disk, path):
            if path == FILE:
                raise PermissionError(13, "Permission denied", path)
            return real(disk, path)

        monkeypatch.setattr(Disk, "read", read)
        ws = vault.open()
        take_flags(ws)
        assert {flag.code for flag in all_flags(ws)} >= {"TP601", "TP001"}
        ws.close()

    def test_only_whom_a_line_is_about_is_flagged_anew(self, vault, monkeypatch):
        from twinpage.workspace.flagging import flags as module

        sign(vault)
        flags(vault)
        sign(vault, SKIPPER)
        looked = []
        real = module.look_at

        def look_at(subject, *rest, **more):
            looked.append(subject.id)
            return real(subject, *rest, **more)

        monkeypatch.setattr(module, "look_at", look_at)
        ws = vault.open()
        take_flags(ws)
        ws.close()
        assert sorted(looked) == ["", SKIPPER]  # and the file of sign-offs itself
        looked.clear()
        ws = vault.open()
        take_flags(ws)
        ws.close()
        assert looked == []

    def test_somebody_who_writes_in_the_same_moment_loses_nothing(self, vault, monkeypatch):
        sign(vault, SKIPPER)
        real, others = Disk.write, iter(["theirs\n", "and theirs\n"])

        def write(disk, path, data, expects, deed):
            other = next(others, "")
            if path == FILE and other:
                with (vault.root / FILE).open("a") as file:
                    file.write(other)
            return real(disk, path, data, expects, deed)

        monkeypatch.setattr(Disk, "write", write)
        sign(vault)
        told = vault.text(FILE).split("\n")
        assert told[1:3] == ["theirs", "and theirs"]
        assert json.loads(told[3])["artifact"] == JOURNEY

    def test_who_never_stops_writing_is_told_of(self, vault, monkeypatch):
        def write(disk, path, data, expects, deed):
            raise ChangedMeanwhile(path)

        monkeypatch.setattr(Disk, "write", write)
        with pytest.raises(ChangedMeanwhile):
            sign(vault)

    def test_git_unites_what_two_people_signed(self, vault, known):
        vault.commit_all()
        vault.git("checkout", "-qb", "theirs")
        sign(vault, SEGMENT)
        assert "Commit .gitattributes as well" in vault.err.getvalue()
        sign(vault)
        assert ".gitattributes" not in vault.err.getvalue()
        vault.commit_all()
        vault.git("checkout", "-q", "-")
        be(known, "Bo Fell", "bo@example.org")
        sign(vault)
        sign(vault, SKIPPER)
        vault.commit_all()
        vault.git("merge", "-q", "theirs", "-m", "both")
        assert sorted((line["artifact"], line["name"]) for line in lines(vault)) == [
            (JOURNEY, "Ann Ode"),
            (JOURNEY, "Bo Fell"),
            (SKIPPER, "Bo Fell"),
            (SEGMENT, "Ann Ode"),
        ]
        assert void(vault) == []

    @pytest.mark.parametrize("before", ["", "*.png binary", "\ufeff*.png binary\r\n"])
    def test_its_lines_come_after_all_others_and_once(self, vault, before):
        vault.commit_all()
        if before:
            vault.put(".gitattributes", before.encode())
        sign(vault)
        newline = "\r\n" if "\r" in before else "\n"
        begin = before + newline if before and not before.endswith("\n") else before
        lines = [f"{FILE} merge=union", "twinpage.baseline merge=union"]
        assert vault.text(".gitattributes") == begin + "".join(line + newline for line in lines)
        after = vault.files()[".gitattributes"]
        sign(vault, SEGMENT)
        assert vault.files()[".gitattributes"] == after

    def test_what_people_say_of_the_file_stays(self, vault):
        vault.commit_all()
        vault.put(".gitattributes", "*.jsonl -merge\ntwinpage.baseline merge=union\n")
        before = vault.files()[".gitattributes"]
        sign(vault)
        assert vault.files()[".gitattributes"] == before

    @pytest.mark.parametrize("odd", ["link", "folder", "read-only"])
    def test_attributes_that_cannot_be_written_are_told(self, vault, odd, tmp_path):
        vault.commit_all()
        place, mine = vault.root / ".gitattributes", tmp_path / "mine"
        mine.write_text("", encoding="utf-8")
        if odd == "folder":
            place.mkdir()
        elif odd == "link":
            place.symlink_to(mine)
        else:
            vault.put(".gitattributes", "*.png binary\n")
            place.chmod(0o444)
        sign(vault)
        told = f"add `{FILE} merge=union` and `twinpage.baseline merge=union` to it."
        assert told in vault.err.getvalue()
        assert mine.read_text(encoding="utf-8") == ""
        assert odd != "read-only" or vault.text(".gitattributes") == "*.png binary\n"

    @pytest.mark.parametrize("name", ["A\x1b[31m|`@all` #1 <b>[[x]]\u202e", "N" * 5_000, "二 人", "a\nb"])
    def test_hostile_names_stay_on_one_line(self, vault, known, name):
        be(known, name, "ann@example.org")
        told = sign(vault, note="\x1b[2J\u2028</script>\n```\n@all")
        assert "\x1b" not in told
        assert vault.text(FILE).count("\n") == 1
        vault.change(JOURNEY, goal="Cold bread.")
        (flag,) = flags(vault)
        assert "\n" not in flag.message
        assert "\x1b" not in flag.message
        assert len(flag.message) < 400


class TestRenames:
    def rename(self, vault, old, new):
        for path in vault.notes():
            vault.age(path)
        assert (
            rename_command.run(vault=vault.root, artifact=old, new_id=new, dry_run=False, terminal=vault.terminal) == 0
        )

    def bytes_of(self, vault):
        return {path: data for path, (data, _, _) in vault.files().items()}

    def test_sign_offs_go_along(self, vault):
        sign(vault)
        self.rename(vault, JOURNEY, "harbour/journeys/dawn-run")
        assert lines(vault)[-1]["to"] == "harbour/journeys/dawn-run"
        assert void(vault) == []
        assert "is signed off by you since" in sign(vault, "harbour/journeys/dawn-run")
        vault.change("harbour/journeys/dawn-run", goal="Cold bread.")
        assert void(vault) == ["harbour/journeys/dawn-run"]

    def test_who_refers_to_it_stays_signed_off(self, vault):
        sign(vault)
        self.rename(vault, SKIPPER, "harbour/profiles/captain")
        assert void(vault) == []
        self.rename(vault, "harbour", "port")
        assert void(vault) == []
        vault.settle()
        assert "since" in sign(vault, "port/journeys/morning-run")

    def test_where_nothing_was_ever_signed_no_file_is_made(self, vault):
        self.rename(vault, JOURNEY, "harbour/journeys/dawn-run")
        assert not (vault.root / FILE).exists()

    def test_a_file_that_is_no_text_stops_it_before_anything_is_done(self, vault):
        vault.put(FILE, b"{}\n\xff\n")
        before = self.bytes_of(vault)
        with pytest.raises(Usage, match=r"line 2 of signoffs\.jsonl is not UTF-8"):
            self.rename(vault, JOURNEY, "harbour/journeys/dawn-run")
        assert self.bytes_of(vault) == before

    def test_it_is_part_of_all_or_nothing(self, vault, monkeypatch):
        sign(vault)
        before = self.bytes_of(vault)
        real = rename_recovery.do

        def do(disk, step, journal):
            real(disk, step, journal)
            if step.path == FILE:
                raise ChangedMeanwhile(step.path)

        monkeypatch.setattr(rename_recovery, "do", do)
        with pytest.raises(NotRenamed):
            self.rename(vault, JOURNEY, "harbour/journeys/dawn-run")
        assert self.bytes_of(vault) == before

    def test_one_that_was_cut_short_is_finished_with_its_line(self, vault, monkeypatch):
        sign(vault)
        real = rename_recovery.do

        def do(disk, step, journal):
            if step.path == FILE:
                raise KeyboardInterrupt
            real(disk, step, journal)

        monkeypatch.setattr(rename_recovery, "do", do)
        with pytest.raises(KeyboardInterrupt):
            self.rename(vault, JOURNEY, "harbour/journeys/dawn-run")
        monkeypatch.undo()
        for path in vault.notes():
            vault.age(path)
        vault.settle()
        assert lines(vault)[-1]["renamed"] == JOURNEY
        assert void(vault) == []


@pytest.mark.slow
def test_a_watcher_hears_of_it(vault, clock_of_test):
    sign(vault)
    told = []
    watching = Watching(vault.root, told.append)

    def settle(*paths):
        watching.step(Hints(set(paths)))
        for _ in range(100):
            due = watching.next()
            if due is None or due > 100:
                return
            clock_of_test.sleep(due + 0.001)
            watching.step(Hints())

    settle()
    vault.change(JOURNEY, goal="Cold bread.")
    settle(vault.file(JOURNEY))
    assert [(event.what, event.code) for event in told if event.code] == [("flag", "TP601")]
    vault.age(vault.note(JOURNEY))
    line = {**lines(vault)[0], "when": "2031-01-01T00:00:00Z", "fingerprint": "0" * 32, "name": "Other"}
    vault.put(FILE, vault.text(FILE) + json.dumps({**line, "email": "o@example.org", "artifact": SKIPPER}) + "\nbad\n")
    settle(FILE)
    told_now = [(event.what, event.code, event.artifact) for event in told if event.code][1:]
    assert sorted(told_now) == [("flag", "TP001", ""), ("flag", "TP601", SKIPPER)]
    watching.close()
