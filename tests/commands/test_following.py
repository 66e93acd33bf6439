"""A note that is renamed where no app saw it: what refers to it follows."""

from __future__ import annotations

import os
import time
import unicodedata

import pytest

from twinpage.rules import RULES
from twinpage.workspace.flagging.flags import all_flags, take_flags

pytestmark = pytest.mark.slow

CASE, SEGMENT, SKIPPER = "harbour", "harbour/segments/boats", "harbour/profiles/skipper"
JOURNEY, STRATEGY, TOPIC = "harbour/journeys/morning-run", "harbour/sales-strategies/quay", "topics/sourdough"
NOTE, ROUTE, PLAN = "Profiles/Skipper.md", "Journeys/Morning run.md", "Sales strategies/Win the quay.md"


def codes(vault):
    ws = vault.open()
    try:
        take_flags(ws)
        return sorted(flag.code for flag in all_flags(ws))
    finally:
        ws.close()


def move(vault, old, new):
    (vault.root / new).parent.mkdir(parents=True, exist_ok=True)
    os.rename(vault.root / old, vault.root / new)


def embed(vault, title):
    return f"{{{{embed [[{title}]]}}}}" if vault.dialect == "logseq" else f"![[{title}]]"


def link(vault, inner):
    return f"[[{inner}]]" if vault.dialect == "logseq" else f'"[[{inner}]]"'


class TestRenamedInAFileManager:
    def test_references_follow(self, vault):
        before = {path: vault.text(path) for path in (ROUTE, PLAN)}
        flags = codes(vault)
        move(vault, NOTE, "Profiles/Captain.md")
        assert "TP201" in codes(vault)
        outcome = vault.settle()
        assert {change.path for change in outcome.changes} == {ROUTE, PLAN, vault.file(SKIPPER)}
        for path, text in before.items():
            assert vault.text(path) == text.replace("[[Skipper]]", "[[Captain]]")
        assert vault.value(SKIPPER)["name"] == "Captain"
        assert vault.value(JOURNEY)["profile"] == SKIPPER
        assert codes(vault) == flags

    def test_with_a_name_of_its_own(self, vault):
        vault.change(SKIPPER, name="The skipper")
        vault.settle()
        vault.age(NOTE)
        move(vault, NOTE, "Profiles/Captain.md")
        vault.settle()
        assert vault.value(SKIPPER)["name"] == "The skipper"
        assert "[[Captain]]" in vault.text(ROUTE)

    def test_embeds_follow_and_stay_ours(self, vault):
        assert embed(vault, "Morning run") in vault.text(NOTE)
        before = vault.text(NOTE)
        move(vault, ROUTE, "Journeys/Evening run.md")
        vault.settle()
        assert vault.text(NOTE) == before.replace("[[Morning run]]", "[[Evening run]]")
        vault.remove("Journeys/Evening run.md")
        vault.sync()
        assert "Evening run" not in vault.text(NOTE), "what twinpage wrote it takes away, too"

    def test_an_embed_that_a_person_wrote(self, vault):
        own = f"\n- look {embed(vault, 'Morning run')} here" if vault.dialect == "logseq" else ""
        own = own or "\n## Mine\nlook ![[Journeys/Morning run#Whistle|so]] here\n"
        vault.put(NOTE, vault.text(NOTE) + own)
        vault.settle()
        vault.age(NOTE)
        move(vault, ROUTE, "Journeys/Evening run.md")
        vault.settle()
        assert own.replace("Morning run", "Evening run") in vault.text(NOTE)
        assert "TP511" not in codes(vault)

    def test_running_text_stays(self, vault):
        own = "\n- see [[Skipper]]" if vault.dialect == "logseq" else "\n## Mine\nsee [[Skipper]]\n"
        vault.put(ROUTE, vault.text(ROUTE) + own)
        vault.edit(ROUTE, "Nobody waits on deck.", "Nobody but [[Skipper]] waits on deck.")
        vault.settle()
        vault.age(ROUTE)
        before = vault.text(ROUTE)
        move(vault, NOTE, "Profiles/Captain.md")
        vault.settle()
        mark = "profile:: " if vault.dialect == "logseq" else "profile: "
        assert vault.text(ROUTE) == before.replace(mark + link(vault, "Skipper"), mark + link(vault, "Captain"))
        assert own in vault.text(ROUTE)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("Skipper|our skipper", "Captain|our skipper"),
            ("Skipper#Definition", "Captain#Definition"),
            ("Profiles/Skipper", "Profiles/Captain"),
            ("Profiles/Skipper.md|x", "Profiles/Captain.md|x"),
            (" Skipper ", " Captain "),
            ("skipper", "Captain"),
        ],
    )
    def test_in_whatever_form(self, vault, old, new):
        if vault.dialect == "logseq" and "/" in old:
            return
        vault.edit(ROUTE, "[[Skipper]]", f"[[{old}]]")
        vault.settle()
        vault.age(ROUTE)
        move(vault, NOTE, "Profiles/Captain.md")
        vault.settle()
        assert link(vault, new) in vault.text(ROUTE)
        assert vault.value(JOURNEY)["profile"] == SKIPPER

    @pytest.mark.parametrize("form", ["'[[Skipper]]'", "[[Skipper]]", '\n  - "[[Skipper]]"'])
    def test_as_yaml(self, vault, form):
        if vault.dialect == "logseq":
            return
        vault.edit(ROUTE, '"[[Skipper]]"', form)
        assert vault.sync().exit_code == 0
        vault.age(ROUTE)
        move(vault, NOTE, "Profiles/Captain's \u201cown\u201d.md")
        vault.settle()
        assert vault.value(JOURNEY)["profile"] == SKIPPER
        assert "Skipper" not in vault.text(ROUTE).partition("\n---\n")[0]

    def test_a_title_with_quotes(self, vault):
        if vault.dialect == "logseq":
            return
        move(vault, NOTE, 'Profiles/The "Cap".md')
        vault.settle()
        assert 'profile: "[[The \\"Cap\\"]]"' in vault.text(ROUTE)

    def test_moved_to_another_folder_too(self, vault):
        path = "Profiles/Skipper" if vault.dialect == "obsidian" else "Skipper"
        vault.edit(ROUTE, "[[Skipper]]", f"[[{path}]]")
        vault.settle()
        vault.age(ROUTE)
        move(vault, NOTE, "People/Captain.md")
        vault.settle()
        assert link(vault, "Captain") in vault.text(ROUTE)

    def test_an_address(self, vault):
        if vault.dialect == "logseq":
            return
        own = "\n## Mine\n![x](Journeys/Morning%20run.md) and ![y](<Journeys/Morning run.md>)\n"
        vault.put(NOTE, vault.text(NOTE) + own)
        vault.settle()
        vault.age(NOTE)
        move(vault, ROUTE, "Journeys/Late run.md")
        vault.settle()
        assert "![x](Journeys/Late%20run.md) and ![y](<Journeys/Late run.md>)" in vault.text(NOTE)

    def test_by_a_title_property(self, vault):
        if vault.dialect == "obsidian":
            return
        vault.put(NOTE, f"title:: Captain\n{vault.text(NOTE)}")
        vault.settle()
        assert "profile:: [[Captain]]" in vault.text(ROUTE)

    def test_case_and_accents_alone_change_no_link(self, vault):
        before = vault.text(ROUTE)
        move(vault, NOTE, "Profiles/SKIPPER.md")
        vault.settle()
        assert vault.text(ROUTE) == before
        assert vault.value(SKIPPER)["name"] == "SKIPPER"
        move(vault, "Profiles/SKIPPER.md", "Profiles/Sk\u00efpper.md")
        vault.settle()
        assert link(vault, "Sk\u00efpper") in vault.text(ROUTE)
        before = vault.files()[ROUTE]
        move(vault, "Profiles/Sk\u00efpper.md", unicodedata.normalize("NFD", "Profiles/Sk\u00efpper.md"))
        vault.settle()
        assert vault.files()[ROUTE] == before
        assert "TP201" not in codes(vault)

    def test_a_dry_run_tells_it(self, vault):
        move(vault, NOTE, "Profiles/Captain.md")
        before = vault.files()
        told = {change.path for change in vault.sync(dry_run=True).changes}
        assert {ROUTE, PLAN} <= told
        assert vault.files() == before
        vault.settle()
        assert "[[Captain]]" in vault.text(ROUTE)

    def test_crlf_and_private_bytes_stay(self, vault):
        text = vault.text(ROUTE).replace("\n", "\r\n") + ("\r\n- own  x" if vault.dialect == "logseq" else "## Own\r\n")
        vault.put(ROUTE, text)
        vault.settle()
        text = vault.text(ROUTE)
        vault.age(ROUTE)
        move(vault, NOTE, "Profiles/Captain.md")
        vault.settle()
        assert vault.text(ROUTE) == text.replace("[[Skipper]]", "[[Captain]]")


class TestRenamedInTheApp:
    def test_with_links_rewritten_already(self, vault):
        move(vault, NOTE, "Profiles/Captain.md")
        for path in (ROUTE, PLAN):
            vault.edit(path, "[[Skipper]]", "[[Captain]]")
        before = {path: vault.files()[path] for path in (ROUTE, PLAN)}
        outcome = vault.settle()
        assert {change.path for change in outcome.changes} == {vault.file(SKIPPER)}
        assert {path: vault.files()[path] for path in (ROUTE, PLAN)} == before

    def test_before_the_app_has_rewritten_them(self, vault, clock_of_test, monkeypatch):
        """The app saves the referring note a moment ago: it is waited for, and then nothing is left to do."""
        move(vault, NOTE, "Profiles/Captain.md")
        vault.put(ROUTE, vault.text(ROUTE) + "\n", new=True)
        real = clock_of_test.sleep

        def app_saves(seconds):
            real(seconds)
            vault.put(ROUTE, vault.text(ROUTE).replace("[[Skipper]]", "[[Captain]]"))

        monkeypatch.setattr("twinpage.edge.clock.sleep", app_saves)
        vault.sync()
        assert vault.text(ROUTE).count("[[Captain]]") == 1
        assert vault.value(JOURNEY)["profile"] == SKIPPER
        vault.assert_still()


class TestANoteBeingTypedIn:
    def test_waits_and_is_written_then(self, vault, clock_of_test):
        vault.put(ROUTE, vault.text(ROUTE) + "\n", new=True)
        move(vault, NOTE, "Profiles/Captain.md")
        outcome = vault.sync()
        assert clock_of_test.slept
        assert outcome.exit_code == 0
        assert "[[Captain]]" in vault.text(ROUTE)
        assert vault.value(JOURNEY)["profile"] == SKIPPER
        assert "TP201" not in codes(vault)
        vault.assert_still()

    def test_keeps_its_value_for_as_long_as_somebody_types(self, vault, clock_of_test, monkeypatch):
        real = clock_of_test.sleep

        def types(seconds):
            real(seconds)
            vault.put(ROUTE, vault.text(ROUTE) + "\n", new=True)
            now = time.time() + clock_of_test.offset
            os.utime(vault.root / ROUTE, (now, now))

        vault.put(ROUTE, vault.text(ROUTE) + "\n", new=True)
        move(vault, NOTE, "Profiles/Captain.md")
        with monkeypatch.context() as patch:
            patch.setattr("twinpage.edge.clock.sleep", types)
            assert vault.sync().exit_code == 1
        assert "[[Skipper]]" in vault.text(ROUTE)
        assert vault.value(JOURNEY)["profile"] == SKIPPER
        assert "[[Captain]]" in vault.text(PLAN)
        vault.age(ROUTE)
        assert vault.sync().exit_code == 0
        assert "[[Captain]]" in vault.text(ROUTE)
        assert "TP201" not in codes(vault)
        vault.assert_still()

    def test_a_note_that_cannot_be_written_is_tried_again(self, vault):
        (vault.root / ROUTE).chmod(0o444)
        move(vault, NOTE, "Profiles/Captain.md")
        assert vault.sync().exit_code == 2
        (vault.root / ROUTE).chmod(0o644)
        assert vault.sync().exit_code == 0
        assert "[[Captain]]" in vault.text(ROUTE)
        vault.assert_still()


class TestTogetherWithMore:
    def test_an_edit_in_the_same_note(self, vault):
        move(vault, NOTE, "Profiles/Captain.md")
        vault.edit(ROUTE, "coins", "chits")
        vault.change(STRATEGY, name="Win the harbour")
        vault.settle()
        assert "chits" in str(vault.value(JOURNEY))
        assert "[[Captain]]" in vault.text(ROUTE)
        assert "[[Captain]]" in vault.text(PLAN)
        assert "Win the harbour" in vault.text(PLAN)

    def test_two_at_once_that_refer_to_one_another(self, vault):
        move(vault, NOTE, "Profiles/Captain.md")
        move(vault, ROUTE, "Journeys/Evening run.md")
        vault.settle()
        assert embed(vault, "Evening run") in vault.text("Profiles/Captain.md")
        assert "[[Captain]]" in vault.text("Journeys/Evening run.md")
        assert "TP201" not in codes(vault)

    def test_there_and_back(self, vault):
        before = {path: vault.text(path) for path in (ROUTE, PLAN)}
        move(vault, NOTE, "Profiles/Captain.md")
        vault.settle()
        move(vault, "Profiles/Captain.md", NOTE)
        vault.settle()
        assert {path: vault.text(path) for path in (ROUTE, PLAN)} == before

    def test_to_a_title_that_another_note_has(self, vault):
        vault.put("Captain.md", "- a song\n")
        vault.settle()
        before = vault.text(ROUTE)
        move(vault, NOTE, "Profiles/Captain.md")
        code = vault.sync().exit_code
        if vault.dialect == "logseq":  # one page there: no link can tell the two apart
            assert code == 1
            assert vault.text(ROUTE) == before
        else:
            assert code == 0
            assert link(vault, "Profiles/Captain") in vault.text(ROUTE)
        assert vault.value(JOURNEY)["profile"] == SKIPPER
        vault.assert_still()

    def test_a_former_title_that_another_note_took_is_left(self, vault):
        before = vault.text(ROUTE)
        move(vault, NOTE, "Profiles/Captain.md")
        vault.put("Skipper.md", "- somebody else\n")
        vault.sync()
        assert vault.text(ROUTE) == before
        assert vault.value(JOURNEY)["profile"] == SKIPPER

    def test_a_swap_is_what_the_links_say(self, vault):
        vault.artifact("harbour/profiles/cook", kind="profile", name="Cook", case=CASE, segment=SEGMENT)
        vault.settle()
        before = vault.text(ROUTE)
        move(vault, NOTE, "aside")
        move(vault, "Profiles/Cook.md", NOTE)
        move(vault, "aside", "Profiles/Cook.md")
        vault.sync()
        assert vault.text(ROUTE) == before
        assert vault.value("harbour/profiles/cook")["name"] == "Skipper"
        assert vault.value(JOURNEY)["profile"] == "harbour/profiles/cook"
        assert "TP501" not in codes(vault)

    def test_a_new_artifact_of_the_former_name_does_not_take_the_links(self, vault):
        move(vault, NOTE, "Profiles/Captain.md")
        vault.artifact("harbour/profiles/mate", kind="profile", name="Skipper", case=CASE, segment=SEGMENT)
        vault.settle()
        assert "[[Captain]]" in vault.text(ROUTE)
        assert vault.value(JOURNEY)["profile"] == SKIPPER

    def test_after_the_state_was_derived_anew(self, vault):
        vault.put("twinpage.toml", vault.text("twinpage.toml") + '[rules]\nTP305 = "off"\n')
        move(vault, NOTE, "Profiles/Captain.md")
        vault.settle()
        assert "[[Captain]]" in vault.text(ROUTE)


def test_an_embed_follows_though_no_rule_asks_where_it_leads(vault):
    """Nobody remembers that twinpage wrote the line, and no rule that is on asks what the embed shows."""
    quiet = "".join(f'{code} = "off"\n' for code in RULES if code != "TP501")
    vault.put("twinpage.toml", f'dialect = "{vault.dialect}"\n[rules]\n{quiet}')
    kind = {"kind": "artifact-type", "name": "Journey", "format": "text", "metamodel-id": "profile-(id)/journey"}
    vault.artifact("artifact-types/profile-id/journey", **kind)
    vault.settle()
    for left in (vault.root / ".twinpage").glob("state.db*"):
        left.unlink()
    vault.settle()
    shown = vault.text("Artifact types/Journey.md")
    assert embed(vault, "Morning run") in shown
    for text in ("\n```\n", ""):  # the renamed note is held, then mended
        move(vault, vault.note(JOURNEY), "Journeys/Night run.md" if text else "Journeys/Late run.md")
        path = vault.note(JOURNEY)
        vault.put(path, vault.text(path).replace("\n```\n", "") + text)
        vault.sync()
        vault.assert_still()
    assert vault.text("Artifact types/Journey.md") == shown.replace("[[Morning run]]", "[[Late run]]")


def test_a_link_that_leads_elsewhere_is_carried_over_though_its_note_did_not_change(vault):
    """Another artifact's note takes the title: what the note says is another thing now."""
    captain = "harbour/profiles/captain"
    vault.artifact(captain, kind="profile", name="Captain", case=CASE)
    vault.settle()
    route = vault.text(ROUTE)
    path = vault.note(captain)
    vault.remove(NOTE)
    vault.remove(vault.file(SKIPPER))
    vault.put(NOTE, vault.text(path))
    vault.remove(path)
    vault.sync()
    assert vault.value(JOURNEY)["profile"] == captain
    assert vault.text(ROUTE) == route
    vault.assert_still()
    assert "TP501" not in codes(vault)
