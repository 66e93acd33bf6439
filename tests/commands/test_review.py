"""``twinpage review`` on real repositories: what a colleague's change does to the model, and who depends on it."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from jsonschema import Draft202012Validator

from twinpage.commands import rename as rename_command
from twinpage.commands import review as command
from twinpage.edge import clock, shipped
from twinpage.errors import Usage
from twinpage.workspace.flagging.flags import all_flags, take_flags
from twinpage.workspace.revisions import review_pairs
from twinpage.workspace.revisions.accepting import write_baseline
from twinpage.workspace.signing import sign_off

pytestmark = pytest.mark.slow

CASE, SEGMENT, SKIPPER = "harbour", "harbour/segments/boats", "harbour/profiles/skipper"
JOURNEY, STRATEGY = "harbour/journeys/morning-run", "harbour/sales-strategies/quay"
COOK, GALLEY = "harbour/profiles/cook", "harbour/journeys/galley"
SCHEMA = Draft202012Validator(shipped.output_schemas()["review.schema.json"])


@pytest.fixture
def repo(vault):
    """The bakery, which is no example here, with a second profile that has a journey; committed as ``main``."""
    vault.change(CASE, example=None)
    vault.artifact(COOK, kind="profile", name="Ship's cook", case=CASE, segment=SEGMENT, description="Feeds ten.")
    stages = [
        {"id": slug, "name": slug.title(), "description": "Warm.", "touchpoints": [{"id": "hatch", "name": "Hatch"}]}
        for slug in ("smell", "taste", "praise")
    ]
    vault.artifact(GALLEY, kind="journey", name="Way to the galley", case=CASE, profile=COOK, stages=stages)
    vault.settle()
    for path in vault.notes():
        vault.age(path)
    vault.commit_all()
    vault.git("branch", "-M", "main")
    vault.git("checkout", "-qb", "feature")
    return vault


def review(vault, revisions="main...HEAD", output_format="markdown", fail_on=None):
    """Exit code and what is told."""
    code = command.run(
        vault=vault.root,
        revisions=revisions,
        output_format=output_format,
        fail_on=fail_on,
        terminal=vault.terminal,
    )
    return code, vault.out.getvalue()


def data(vault, revisions="main...HEAD"):
    told = json.loads(review(vault, revisions, "json")[1])
    SCHEMA.validate(told)
    return told


def in_words(told):
    """Every difference by artifact."""
    return {one["artifact"]["id"]: [said["words"] for said in one["differences"]] for one in told["changes"]}


def commit(vault):
    vault.settle()
    for path in vault.notes():
        vault.age(path)
    vault.commit_all()


def section(told, title):
    return told.partition(f"### {title}")[2].partition("\n### ")[0]


def test_a_colleague_renames_a_stage_drops_a_touchpoint_and_deletes_a_journey(repo):
    dashboard = "pages/Dashboard.md" if repo.dialect == "logseq" else "Dashboard.md"
    embed = "{{embed [[%s]]}}" if repo.dialect == "logseq" else "![[%s]]"
    repo.put(dashboard, f"- {embed % 'Way to the galley'}\n")
    repo.commit_all()
    repo.git("branch", "-f", "main")
    value = repo.value(JOURNEY)
    value["stages"][1]["name"] = "Paying on deck"
    value["stages"][0]["touchpoints"].pop()
    repo.write(JOURNEY, value)
    repo.settle()
    repo.remove(repo.note(GALLEY))
    repo.remove(repo.file(GALLEY))
    assert repo.sync().exit_code == 0
    repo.commit_all()

    code, told = review(repo)
    assert code == 0
    assert "**This passes, with " in told
    assert "- 1 profile lost its journey: *Ship's cook*.\n" in told
    assert "| profiles with journey | 2 of 2 | **1 of 2** |" in told
    assert "| journeys | 2 | **1** |" in told
    assert (
        "*Morning run*: touchpoint *Flag* removed from *Whistle*; stage *Handing over* renamed to *Paying on deck*.\n"
        in section(told, "What changed")
    )
    assert "Journey *Way to the galley* **removed**.\n" in section(told, "What changed")
    assert section(told, "What changed").count("- ") == 6, "nothing else"
    (impact,) = [line for line in section(told, "What depends on it").split("\n") if "galley" in line]
    profile = repo.note(COOK)
    assert impact.startswith("- Journey *Way to the galley*, removed: was embedded in ")
    assert f"`{dashboard}`" in impact
    assert f"`{profile}`" in impact
    introduced = section(told, "Flags introduced")
    assert "TP301" in introduced
    assert "has no journey" in introduced or "but no journey" in introduced

    whole = data(repo)
    assert [(one["artifact"]["id"], one["change"]) for one in whole["partners"]] == [(COOK, "lost")]
    (gone,) = [one for one in whole["impact"] if one["artifact"]["id"] == GALLEY]
    assert gone["embedded-in"] == sorted([dashboard, profile])


class TestWhichRevisions:
    def change(self, vault, goal):
        vault.change(JOURNEY, goal=goal)
        commit(vault)

    def test_three_dots_look_at_what_the_branch_did_alone(self, repo):
        self.change(repo, "Hot bread.")
        repo.git("checkout", "-q", "main")
        repo.change(STRATEGY, summary="Only on main.")
        commit(repo)
        repo.git("checkout", "-q", "feature")
        assert set(in_words(data(repo, "main...feature"))) == {JOURNEY}
        assert set(in_words(data(repo, "main..."))) == {JOURNEY}
        assert set(in_words(data(repo, "main..feature"))) == {JOURNEY, STRATEGY}
        assert set(in_words(data(repo, "main.."))) == {JOURNEY, STRATEGY}
        assert set(in_words(data(repo, "..main"))) == {JOURNEY, STRATEGY}
        assert data(repo, "main...")["base"]["revision"] == "main"

    def test_one_alone_is_compared_with_the_files_as_they_are(self, repo):
        repo.change(JOURNEY, goal="Hot bread.")
        told = data(repo, "main")
        assert in_words(told) == {JOURNEY: ["goal reworded"]}
        assert told["head"] == {"revision": "the files as they are", "commit": None}
        assert {flag["code"] for flag in told["flags"]["introduced"]} == {"TP501"}
        assert in_words(data(repo, "main..")) == {}

    @pytest.mark.parametrize("words", ["nowhere", "main..nowhere", "nowhere...", "-x", "--all", "main..a..b", "a\nb"])
    def test_what_is_not_there_is_told_in_a_sentence(self, repo, words):
        with pytest.raises(Usage, match="There is no revision"):
            review(repo, words)

    def test_branches_that_have_nothing_in_common(self, repo):
        repo.git("checkout", "-q", "--orphan", "other")
        repo.git("commit", "-qm", "another beginning")
        with pytest.raises(Usage, match="no commit in common"):
            review(repo, "main...other")
        assert in_words(data(repo, "main..other")) == {}

    def test_where_there_is_no_repository(self, vault):
        with pytest.raises(Usage, match="in no git repository"):
            review(vault)

    def test_a_vault_in_a_folder_of_a_repository_and_odd_names(self, tmp_path, make_vault, dialect):
        vault = make_vault(tmp_path / "top" / 'in hére "x"', dialect)
        for artifact in vault.VALUES:
            vault.artifact(artifact)
        vault.settle()
        subprocess.run(["git", "init", "-q", "-b", "main", tmp_path / "top"], check=True)
        (tmp_path / "top" / "artifacts").mkdir()
        (tmp_path / "top" / "artifacts" / "x.json").write_text("{}")
        vault.git("config", "core.quotePath", "true")
        vault.put(".gitignore", ".twinpage/\n")
        vault.git("add", "-A", "..")
        vault.git("commit", "-qm", "all")
        vault.change(JOURNEY, goal="Hot bread.")
        vault.settle()
        vault.git("commit", "-qam", "goal")
        assert in_words(data(vault, "HEAD~1..")) == {JOURNEY: ["goal reworded"]}


class TestWhatItTells:
    def test_nothing_but_the_cache_is_written(self, repo):
        repo.change(JOURNEY, goal="Hot bread.")
        commit(repo)
        before = repo.files()
        told = review(repo)
        assert repo.files() == before
        assert review(repo) == told
        done = subprocess.run(["git", "status", "--porcelain"], cwd=repo.root, capture_output=True, check=True)
        assert done.stdout == b""

    def test_an_error_that_is_introduced_is_1_and_one_that_was_there_is_not(self, repo):
        repo.change(SKIPPER, segment="harbour/segments/nobody")
        repo.commit_all()
        code, told = review(repo)
        assert code == 1
        assert told.split("\n")[2].startswith("**This does not pass: ")
        assert "TP201" in section(told, "Flags introduced")
        repo.git("branch", "-f", "main")
        repo.change(STRATEGY, summary="Bread first.")
        repo.commit_all()
        assert review(repo, "main..")[0] == 0
        assert "TP201" not in section(review(repo, "main..")[1], "Flags introduced")

    def test_fail_on_of_the_command_and_of_the_settings(self, repo):
        repo.remove(repo.note(GALLEY))
        repo.remove(repo.file(GALLEY))
        assert repo.sync().exit_code == 0
        repo.commit_all()
        assert review(repo)[0] == 0
        assert review(repo, fail_on="warning")[0] == 1
        repo.put("twinpage.toml", f'dialect = "{repo.dialect}"\nfail-on = "warning"\n')
        repo.commit_all()
        assert review(repo)[0] == 1
        assert data(repo)["verdict"] == {"passes": False, "fail-on": "warning"}

    def test_an_artifact_with_another_id_is_the_same_one(self, repo):
        new = "harbour/profiles/captain"
        code = rename_command.run(vault=repo.root, artifact=SKIPPER, new_id=new, dry_run=False, terminal=repo.terminal)
        assert code == 0
        repo.change(new, description="Stands on deck.")
        commit(repo)
        told = data(repo)
        assert [(one["artifact"]["id"], one["change"], one["was"]["id"]) for one in told["changes"]] == [
            (new, "renamed", SKIPPER)
        ]
        assert in_words(told)[new] == ['description set to "Stands on deck."']
        assert told["flags"] == {"introduced": [], "resolved": told["flags"]["resolved"]}
        assert told["partners"] == []
        assert told["broken"] == []
        assert (
            f"Profile *Skipper* got another id, `{new}` instead of `{SKIPPER}`: description set to “Stands on deck.”."
            in review(repo)[1]
        )

    def test_one_that_was_made_anew_under_another_id_by_hand_is_found_again(self, repo):
        value = {**repo.value(GALLEY), "id": "harbour/journeys/kitchen", "name": "Way to the kitchen"}
        repo.remove(repo.note(GALLEY))
        repo.remove(repo.file(GALLEY))
        repo.sync()
        repo.write("harbour/journeys/kitchen", value)
        commit(repo)
        (change,) = data(repo)["changes"]
        assert (change["change"], change["was"]["name"]) == ("renamed", "Way to the galley")
        assert "Journey *Way to the galley* is now *Way to the kitchen* (id " in review(repo)[1]

    def test_references_to_what_is_gone(self, repo):
        repo.remove(repo.note(COOK))
        repo.remove(repo.file(COOK))
        repo.sync()
        repo.commit_all()
        told = data(repo)
        assert [(one["artifact"]["id"], one["target"]["name"]) for one in told["broken"]] == [(GALLEY, "Ship's cook")]
        assert "Journey *Way to the galley* names profile *Ship's cook*, which is gone." in review(repo)[1]

    def test_who_refers_to_what_changed(self, repo):
        repo.change(SKIPPER, description="Stands on deck.")
        commit(repo)
        (impact,) = data(repo)["impact"]
        assert [one["id"] for one in impact["named-by"]] == [JOURNEY, STRATEGY]
        told = section(review(repo)[1], "What depends on it")
        assert "- Profile *Skipper*, changed: named by journey *Morning run* and sales strategy *Win the quay*" in told

    def test_signoffs_made_void(self, repo, monkeypatch):
        days = iter(range(1, 28))
        monkeypatch.setattr(clock, "stamp_of_everywhere", lambda: f"2030-01-{next(days):02}T00:00:00Z")
        for artifact, who in ((JOURNEY, "Ann"), (JOURNEY, "Bo"), (GALLEY, "Ann"), (STRATEGY, "Ann")):
            ws = repo.open()
            sign_off(ws, artifact, lambda _, who=who: (who, f"{who}@example.org"), "")
            ws.close()
        repo.commit_all()
        repo.git("branch", "-f", "main")
        repo.change(JOURNEY, goal="Hot bread.")
        repo.remove(repo.note(GALLEY))
        repo.remove(repo.file(GALLEY))
        repo.settle()
        ws = repo.open()
        sign_off(ws, JOURNEY, lambda _: ("Bo", "Bo@example.org"), "")
        ws.close()
        repo.commit_all()
        void = data(repo)["signoffs"]
        assert [(one["artifact"]["id"], one["gone"], [by["name"] for by in one["by"]]) for one in void] == [
            (GALLEY, True, ["Ann"]),
            (JOURNEY, False, ["Ann"]),
        ]
        told = review(repo)[1]
        assert "- 2 sign-offs made void.\n" in told
        assert "- Journey *Way to the galley*, which is gone: signed off by *Ann* on 2030-01-03." in told

    def test_example_cases_come_last_and_apart(self, repo):
        repo.artifact("demo", kind="case", name="A demo", summary="Shown.", example=True)
        repo.artifact("demo/segments/some", kind="segment", name="Some", case="demo")
        repo.change(STRATEGY, summary="Bread first.")
        commit(repo)
        told = section(review(repo)[1], "What changed")
        assert told.index("Win the quay") < told.index("**Example cases**") < told.index("A demo")
        counts = {(one["kind"], one["example"]): (one["before"], one["after"]) for one in data(repo)["counts"]}
        assert counts[("case", False)] == (1, 1)
        assert counts[("case", True)] == (0, 1)

    def test_hostile_words_do_nothing(self, repo):
        bad = "|`@all` #1 <b>x</b> [[y]] \x1b[31m"
        value = repo.value(JOURNEY)
        value["name"] = bad
        value["stages"][0]["name"] = bad
        value["stages"][1]["description"] = f"Bread {bad}"
        repo.write(JOURNEY, value)
        repo.sync()
        repo.commit_all()
        for output_format in ("text", "markdown"):
            told = review(repo, output_format=output_format)[1]
            assert "\x1b" not in told
        assert "@all" not in told
        assert "#1" not in told
        assert "<b>" not in told
        assert json.loads(review(repo, output_format="json")[1])["changes"][0]["artifact"]["name"] == bad.strip()


class TestWhatCannotBeRead:
    """It is told once, and nothing else becomes untrue by it."""

    def told_alone(self, vault, artifact, base="main"):
        """The review tells that this artifact file cannot be read, and nothing else; with an empty cache, too."""
        told = data(vault, f"{base}..")
        (flag,) = told["flags"]["introduced"]
        assert (flag["code"], flag["path"]) == ("TP001", vault.file(artifact))
        assert told["flags"]["resolved"] == []
        assert [(one["artifact"]["id"], one["change"], one["differences"]) for one in told["changes"]] == [
            (artifact, "unread", [])
        ]
        for name in ("partners", "broken", "impact", "signoffs"):
            assert told[name] == [], name
        assert all(one["before"] == one["after"] and one["kind"] for one in told["counts"])
        assert all(one["before"] == one["after"] for one in told["coverage"])
        shutil.rmtree(vault.root / ".twinpage" / "revisions")
        assert data(vault, f"{base}..") == told
        return told

    def broken(self, vault, artifact, text=""):
        good = vault.text(vault.file(artifact))
        vault.put(vault.file(artifact), text or good.replace(",\n", "\n", 1))
        vault.commit_all()

    @pytest.mark.parametrize("artifact", [CASE, SEGMENT, SKIPPER, JOURNEY, GALLEY, STRATEGY, "topics/sourdough"])
    @pytest.mark.parametrize("text", ["", "{"])
    def test_an_artifact_file(self, repo, artifact, text):
        self.broken(repo, artifact, text)
        told = self.told_alone(repo, artifact)
        name = repo.VALUES.get(artifact, {}).get("name", "Way to the galley")
        (change,) = told["changes"]
        assert change["artifact"]["name"] == name
        code, told = review(repo)
        assert code == 1
        assert "1 artifact file could not be compared.\n" in told
        assert f"*{name}* could not be compared: " in section(told, "What changed")
        assert told.count("renamed") == 0

    def test_many_at_once_that_name_one_another(self, repo):
        for artifact in (CASE, SEGMENT, SKIPPER, JOURNEY):
            self.broken(repo, artifact)
        told = data(repo)
        assert [flag["code"] for flag in told["flags"]["introduced"]] == ["TP001"] * 4
        assert told["flags"]["resolved"] == told["partners"] == []
        assert all(one["before"] == one["after"] for one in (*told["counts"], *told["coverage"]))

    def test_what_its_note_says_later_counts_however_often_somebody_looked(self, repo):
        self.broken(repo, GALLEY)
        data(repo)
        note = repo.note(GALLEY)
        repo.put(note, repo.text(note).replace("Ship's cook", "Skipper"))
        repo.commit_all()
        often = data(repo)
        shutil.rmtree(repo.root / ".twinpage" / "revisions")
        assert data(repo) == often
        assert [(one["artifact"]["id"], one["change"]) for one in often["partners"]] == [(COOK, "lost")]

    def test_without_a_note_nobody_knows_what_it_names(self, repo):
        repo.remove(repo.note(GALLEY))
        repo.commit_all()
        repo.git("branch", "-f", "main")
        self.broken(repo, GALLEY, "{")
        told = data(repo)
        assert [flag["code"] for flag in told["flags"]["introduced"]] == ["TP001"]
        assert told["partners"] == []
        assert {(one["kind"], one["before"], one["after"]) for one in told["counts"] if one["kind"] == "journey"} == {
            ("journey", 2, 2)
        }

    def test_once_it_is_mended(self, repo):
        good = repo.text(repo.file(JOURNEY))
        self.broken(repo, JOURNEY)
        repo.git("branch", "-f", "main")
        repo.put(repo.file(JOURNEY), good)
        repo.commit_all()
        told = data(repo)
        assert told["flags"]["introduced"] == told["partners"] == []
        assert [flag["code"] for flag in told["flags"]["resolved"]] == ["TP001"]
        assert [one["change"] for one in told["changes"]] == ["unread"]
        assert "no flag introduced.** 1 flag resolved." in review(repo)[1]

    @pytest.mark.parametrize("artifact", [CASE, SKIPPER, JOURNEY])
    def test_a_note(self, repo, artifact):
        note = repo.note(artifact)
        if repo.dialect == "obsidian":
            repo.put(note, repo.text(note).replace("---\n", "---\n: : [\n", 1))
        else:
            repo.put(note, repo.text(note) + "\n- ```\n  never closed\n")
        repo.commit_all()
        told = data(repo)
        assert [(flag["code"], flag["path"]) for flag in told["flags"]["introduced"]] == [("TP001", note)]
        assert told["flags"]["resolved"] == told["changes"] == told["partners"] == []
        shutil.rmtree(repo.root / ".twinpage" / "revisions")
        assert data(repo) == told


class TestWhatMayStandInTheWay:
    def test_flags_that_the_baseline_accepts_are_counted_and_stop_nobody(self, repo):
        repo.put("twinpage.toml", f'dialect = "{repo.dialect}"\nfail-on = "warning"\n')
        repo.remove(repo.note(GALLEY))
        repo.remove(repo.file(GALLEY))
        assert repo.sync().exit_code == 0
        repo.commit_all()
        before = data(repo)
        assert before["verdict"]["passes"] is False
        ws = repo.open()
        take_flags(ws)
        write_baseline(ws, tuple(all_flags(ws)), only_prune=False)
        ws.close()
        repo.commit_all()
        after = data(repo)
        assert after["verdict"]["passes"] is True
        assert after["flags"]["introduced"] == []
        assert after["accepted"] == len(before["flags"]["introduced"])
        assert f"**This passes: {after['accepted']} flag" in review(repo)[1]

    def test_settings_of_the_base_that_nobody_can_mend(self, repo):
        good = repo.text("twinpage.toml")
        repo.put("twinpage.toml", f"{good}nonsense = 1\n")
        repo.commit_all()
        repo.git("branch", "-f", "main")
        repo.put("twinpage.toml", good)
        repo.change(JOURNEY, goal="Hot bread.")
        commit(repo)
        assert in_words(data(repo)) == {JOURNEY: ["goal reworded"]}
        assert "twinpage.toml in main has mistakes" in repo.err.getvalue()

    def test_a_base_without_any_vault(self, repo):
        repo.git("checkout", "-q", "--orphan", "before")
        repo.git("rm", "-rqf", "--cached", ".")
        repo.git("commit", "-qm", "nothing", "--allow-empty")
        repo.git("checkout", "-qf", "feature")
        told = data(repo, "before..")
        assert {one["change"] for one in told["changes"]} == {"added"}
        assert len(told["changes"]) == len(repo.VALUES) + 2
        assert {one["change"] for one in data(repo, "HEAD..before")["changes"]} == {"removed"}

    def test_what_only_time_brought_is_not_introduced(self, repo, monkeypatch):
        ignore = '[[ignore]]\ncode = "TP402"\nartifact = "*"\nreason = "soon"\nuntil = "2005-01-01"\n'
        repo.put("twinpage.toml", f"{repo.text('twinpage.toml')}{ignore}")
        monkeypatch.setenv("GIT_COMMITTER_DATE", "2001-01-01T00:00:00+0000")
        repo.commit_all()
        monkeypatch.delenv("GIT_COMMITTER_DATE")
        repo.git("branch", "-f", "main")
        repo.change(JOURNEY, goal="Hot bread.")
        commit(repo)
        for revisions in ("main..", "main"):
            assert data(repo, revisions)["flags"] == {"introduced": [], "resolved": []}

    def test_a_linked_work_tree(self, repo, tmp_path):
        repo.change(JOURNEY, goal="Hot bread.")
        commit(repo)
        repo.git("checkout", "-q", "main")
        repo.git("worktree", "add", "-q", str(tmp_path / "linked"), "feature")
        repo.root = tmp_path / "linked"
        assert in_words(data(repo)) == {JOURNEY: ["goal reworded"]}

    def test_a_cache_that_cannot_be_written(self, repo):
        repo.change(JOURNEY, goal="Hot bread.")
        commit(repo)
        whole = data(repo)
        (repo.root / ".twinpage" / "revisions").rename(repo.root / ".twinpage" / "was")
        (repo.root / ".twinpage" / "revisions").write_text("in the way")
        assert data(repo) == whole

    def test_a_second_process_finds_the_same(self, repo, monkeypatch):
        repo.change(JOURNEY, goal="Hot bread.")
        repo.write("harbour/profiles/captain", {**repo.value(SKIPPER), "id": "harbour/profiles/captain"})
        repo.remove(repo.file(SKIPPER))
        repo.put("artifacts/harbour/stray.json", repo.text(repo.file(STRATEGY)).replace("Win", "Lose"))
        repo.put("artifacts/harbour/entries/odd.json", "[]")
        repo.put(repo.file(GALLEY), "{")
        repo.commit_all()
        told = []
        for number in (10_000, 0):
            monkeypatch.setattr(review_pairs, "PAYS_TWICE", number)
            monkeypatch.setattr(review_pairs, "can_fork", lambda: True)
            told.append(data(repo))
        assert told[0] == told[1]
        assert told[0]["changes"]
