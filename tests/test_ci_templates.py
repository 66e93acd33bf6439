"""The workflow for GitHub and the job for GitLab: their shell is taken out of the files and run, with real git, beside
small stand-ins for the programs that would talk to these services. They record what they are given."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from twinpage.cli import run as twinpage
from twinpage.edge import shipped

pytestmark = pytest.mark.slow

SYNC = Path(__file__).resolve().parents[1] / "sync"
COMMON = shipped.template() / "common"
WORKFLOW = ".github/workflows/twinpage.yml"
JOB = ".gitlab/twinpage.yml"
MARKER = "<!-- twinpage review -->"
REVIEW = """# What changes
`$(touch ran)` "quoted" 'too' \\n %s @all #1
<!-- twinpage review -->
"""

TWINPAGE = """\
import json, os, sys
if os.environ.get("REAL") and sys.argv[1] == "check" and "--output-format" not in sys.argv:
    os.execv(sys.executable, [sys.executable, "-P", "-m", "twinpage", *sys.argv[1:]])
with open(os.environ["ASKED"], "a") as asked:
    asked.write(json.dumps(["twinpage", *sys.argv[1:]]) + "\\n")
sys.stdout.write(os.environ["REVIEW"] if sys.argv[1] == "review" else "flags\\n")
sys.exit(int(os.environ.get("GATE", "0")) if sys.argv[1] == "check" else 0)
"""

GH = """\
import json, os, subprocess, sys
words = sys.argv[1:]
with open(os.environ["ASKED"], "a") as asked:
    asked.write(json.dumps(["gh", *words]) + "\\n")
assert words.pop(0) == "api" and os.environ["GH_TOKEN"] == "token"
told = {words.pop(at): words.pop(at) for option in ("--jq", "--method", "--field")
        if option in words for at in [words.index(option)]}
place = next(word for word in words if not word.startswith("--"))
with open(os.environ["COMMENTS"]) as file:
    comments = json.load(file)
if "--method" not in told:
    if os.environ.get("DOWN"):
        sys.exit(1)
    assert place == "repos/team/model/issues/7/comments?per_page=100" and "--paginate" in words
    sys.stdout.write(subprocess.run(["jq", "-r", told["--jq"]], input=json.dumps(comments), capture_output=True,
                                    text=True, check=True).stdout)
else:
    body = open(told["--field"].removeprefix("body=@")).read()
    if told["--method"] == "POST":
        assert place == "repos/team/model/issues/7/comments"
        comments.append({"id": 100 + len(comments), "body": body, "user": {"login": "github-actions[bot]"}})
    else:
        start, _, number = place.rpartition("/")
        assert told["--method"] == "PATCH" and start == "repos/team/model/issues/comments"
        [comment for comment in comments if comment["id"] == int(number)][0]["body"] = body
    with open(os.environ["COMMENTS"], "w") as file:
        json.dump(comments, file)
"""

CURL = """\
import json, os, sys

words = sys.argv[1:]
with open(os.environ["ASKED"], "a") as asked:
    asked.write(json.dumps(["curl", *words]) + "\\n")
assert sys.stdin.read() == "PRIVATE-TOKEN: secret-token\\n" and words[words.index("--header") + 1] == "@-"
assert "--fail" in words
place = words[-1].removeprefix("https://gitlab.example/api/v4/")
with open(os.environ["COMMENTS"]) as file:
    comments = json.load(file)
start = "projects/3/merge_requests/7/notes"
if os.environ.get("DOWN") and "?" in place:
    sys.exit(22)
if place == "user":
    print(json.dumps({"id": 42}))
elif "--request" not in words:
    page = int(place.removeprefix(start + "?sort=asc&per_page=100&page="))
    print(json.dumps(comments[100 * page - 100 : 100 * page]))
else:
    body = open(words[words.index("--data-urlencode") + 1].removeprefix("body@")).read()
    if words[words.index("--request") + 1] == "POST":
        assert place == start
        comments.append({"id": 1000 + len(comments), "body": body, "author": {"id": 42}})
    else:
        number = int(place.removeprefix(start + "/"))
        [comment for comment in comments if comment["id"] == number][0]["body"] = body
    with open(os.environ["COMMENTS"], "w") as file:
        json.dump(comments, file)
"""


class Runner:
    """A machine of such a service: a clone, programs, variables."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.top = folder / "clone"
        self.top.mkdir()
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.said = ""
        self.variables = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "CI", "GITHUB_"))},
            **{
                f"GIT_{who}_{part}": f"test{at}"
                for who in ("AUTHOR", "COMMITTER")
                for part, at in (("NAME", ""), ("EMAIL", "@example.org"))
            },
            "PATH": os.pathsep.join([str(self.bin), os.environ["PATH"]]),
            "HOME": str(folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "ASKED": str(folder / "asked"),
            "COMMENTS": str(folder / "comments"),
            "REVIEW": REVIEW,
        }
        self.comments([])
        for name, text in (("twinpage", TWINPAGE), ("gh", GH), ("curl", CURL)):
            self.program(name, text)
        (self.bin / "python").symlink_to(sys.executable)

    def program(self, name: str, text: str) -> None:
        (self.folder / f"{name}.py").write_text(text, encoding="utf-8")
        place = self.bin / name
        place.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{self.folder / name}.py" "$@"\n', encoding="utf-8")
        place.chmod(0o755)

    def comments(self, comments: list[dict[str, Any]]) -> None:
        (self.folder / "comments").write_text(json.dumps(comments), encoding="utf-8")

    def bodies(self) -> list[str]:
        return [comment["body"] for comment in json.loads((self.folder / "comments").read_text(encoding="utf-8"))]

    def asked(self, program: str) -> list[list[str]]:
        if not (self.folder / "asked").exists():
            return []
        lines = (self.folder / "asked").read_text(encoding="utf-8").split("\n")[:-1]
        return [words[1:] for words in map(json.loads, lines) if words[0] == program]

    def shell(self, script: str, *options: str, code: int = 0, **variables: str) -> None:
        done = subprocess.run(
            ["bash", *options, "-c", script], cwd=self.top, env={**self.variables, **variables},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        self.said = done.stdout + done.stderr
        assert done.returncode == code, self.said
        assert not (self.top / "ran").exists()

    def git(self, *words: str, folder: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *words], cwd=folder or self.top, env=self.variables, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def write(self, **texts: str) -> None:
        for name, text in texts.items():
            (self.top / name).write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-qm", "change")

    def branches(self) -> None:
        """``main`` and ``side`` went on after they parted; we are at ``side``."""
        self.git("init", "-q", "-b", "main")
        self.write(a="1\n")
        self.git("checkout", "-qb", "side")
        self.write(b="1\n")
        self.git("checkout", "-q", "main")
        self.write(c="1\n")
        self.git("checkout", "-q", "side")


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


# ---------------------------------------------------------------------- GitHub


def workflow() -> dict[Any, Any]:
    read: dict[Any, Any] = yaml.safe_load((COMMON / WORKFLOW).read_text(encoding="utf-8"))
    return read


def steps() -> list[dict[str, Any]]:
    (job,) = workflow()["jobs"].values()
    found: list[dict[str, Any]] = job["steps"]
    return found


def step(runner: Runner, name: str, code: int = 0, **variables: str) -> None:
    """Run one step as GitHub does."""
    (found,) = [step for step in steps() if step.get("name") == name]
    given = dict(workflow()["env"])
    given |= {
        "RUNNER_TEMP": str(runner.folder),
        "GITHUB_STEP_SUMMARY": str(runner.folder / "summary"),
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_REPOSITORY": "team/model",
        "GH_TOKEN": "token",
        "PULL_REQUEST": "7",
    }
    assert set(found.get("env", {})) <= set(given)
    assert workflow()["defaults"] == {"run": {"shell": "bash"}}
    runner.shell(found["run"], "-e", "-o", "pipefail", code=code, **{**given, **variables})


def test_no_text_of_others_gets_into_the_shell() -> None:
    for found in steps():
        assert "${{" not in found.get("run", "")
        for value in found.get("env", {}).values():
            assert value in ("${{ github.token }}", "${{ github.event.pull_request.number }}")


def test_what_the_workflow_may_do() -> None:
    text = (COMMON / WORKFLOW).read_text(encoding="utf-8")
    told = workflow()
    assert set(told[True]) == {"pull_request", "push"}  # YAML 1.1 reads `on` as true
    assert told["permissions"] == {}
    (job,) = told["jobs"].values()
    assert job["permissions"] == {"contents": "read", "pull-requests": "write", "security-events": "write"}
    assert "secrets." not in text
    used = [found["uses"] for found in steps() if "uses" in found]
    assert all(re.fullmatch(r"(actions|github)/[a-z/-]+@v\d+", name) for name in used)
    (checkout,) = [found for found in steps() if found.get("uses", "").startswith("actions/checkout@")]
    assert checkout["with"] == {"fetch-depth": 2, "persist-credentials": False}
    for name in ("Comment", "Upload flags"):
        (found,) = [found for found in steps() if found.get("name") == name]
        assert "github.event.pull_request.head.repo.full_name == github.repository" in found["if"]


def test_the_gate_looks_at_the_merge_result(runner: Runner) -> None:
    runner.branches()
    step(runner, "Check", code=1)  # the branch alone is no merge result
    assert runner.said.startswith("::error::This is no merge result.")
    assert runner.asked("twinpage") == []
    runner.git("checkout", "-q", "main")
    runner.git("merge", "-q", "--no-edit", "side")
    step(runner, "Check", code=1, GATE="1", VAULT="my vault; touch ran")
    words = [
        "check",
        "--vault",
        "my vault; touch ran",
        "--rev",
        "HEAD",
        "--base",
        "HEAD^1",
        "--output-format",
        "github",
    ]
    assert runner.asked("twinpage") == [words]
    step(runner, "Check", GITHUB_EVENT_NAME="push")
    assert runner.asked("twinpage")[1] == ["check", "--vault", ".", "--rev", "HEAD", "--output-format", "github"]


def test_flags_are_written_whatever_they_are_but_an_error_is_none(runner: Runner) -> None:
    for gate in ("0", "1"):
        step(runner, "Write flags for code scanning", GATE=gate)
        assert (runner.folder / "twinpage.sarif").read_text(encoding="utf-8") == "flags\n"
    step(runner, "Write flags for code scanning", code=1, GATE="2")


@pytest.mark.skipif(shutil.which("jq") is None, reason="gh brings it, this machine does not")
def test_one_comment_is_posted_and_then_updated(runner: Runner) -> None:
    others = [
        {"id": 1, "body": "Fine.", "user": {"login": "somebody"}},
        {"id": 2, "body": f"{MARKER}\nI write like a bot.", "user": {"login": "somebody"}},
        {"id": 3, "body": f"Not at the start: {MARKER}", "user": {"login": "github-actions[bot]"}},
    ]
    runner.comments(others)
    before = runner.bodies()
    step(runner, "Review")
    assert (runner.folder / "summary").read_text(encoding="utf-8") == REVIEW
    step(runner, "Comment")
    assert runner.bodies() == [*before, f"{MARKER}\n{REVIEW}"]
    step(runner, "Review", REVIEW="# Later\n")
    step(runner, "Comment")
    assert runner.bodies() == [*before, f"{MARKER}\n# Later\n"]
    step(runner, "Comment", code=1, DOWN="1")  # whoever cannot look posts nothing
    assert len(runner.bodies()) == 4
    asked = ["review", "HEAD^1..HEAD", "--vault", ".", "--output-format", "markdown"]
    assert runner.asked("twinpage") == [asked, asked]


# ---------------------------------------------------------------------- GitLab


def job(runner: Runner, code: int = 0, **variables: str) -> None:
    """Run the job as GitLab does, but for the installation."""
    told = yaml.safe_load((COMMON / JOB).read_text(encoding="utf-8"))["twinpage"]
    given = {key: str(value) for key, value in told["variables"].items()}
    given |= {
        "CI_API_V4_URL": "https://gitlab.example/api/v4",
        "CI_PROJECT_ID": "3",
        "CI_MERGE_REQUEST_PROJECT_ID": "3",
        "CI_MERGE_REQUEST_PROJECT_URL": "https://gitlab.example/team/model",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    }
    install, *scripts = told["script"]
    assert install == 'python -m pip install --quiet "$TWINPAGE"'
    runner.shell("\n".join(scripts), "-e", "-o", "pipefail", code=code, **{**given, **variables})


@pytest.fixture
def branch(runner: Runner) -> Runner:
    """A clone at ``side``, of a project whose ``main`` went on."""
    runner.branches()
    runner.git("clone", "-q", "--bare", str(runner.top), str(runner.folder / "team.git"))
    shutil.rmtree(runner.top)
    runner.git("clone", "-q", "-b", "side", str(runner.folder / "team.git"), str(runner.top), folder=runner.folder)
    runner.git("checkout", "-q", "--detach")
    return runner


def test_the_job_makes_the_merge_result_and_keeps_the_verdict(branch: Runner) -> None:
    base = branch.git("rev-parse", "origin/main")
    job(branch, code=1, GATE="1")
    assert sorted(path.name for path in branch.top.iterdir() if path.name in "abc") == ["a", "b", "c"]
    assert branch.git("rev-parse", "HEAD^2") == base
    check, sarif, review = branch.asked("twinpage")
    assert check == ["check", "--vault", ".", "--rev", "HEAD", "--base", base]
    assert sarif == ["check", "--vault", ".", "--rev", "HEAD", "--output-format", "sarif"]
    assert review == ["review", f"{base}..HEAD", "--vault", ".", "--output-format", "markdown"]
    assert (branch.top / "twinpage-review.md").read_text(encoding="utf-8") == REVIEW
    assert branch.asked("curl") == []
    assert "nothing is posted" in branch.said


@pytest.mark.parametrize("dialect", ["obsidian", "logseq"])
def test_two_sound_branches_whose_merge_breaks_the_model_are_refused(runner: Runner, dialect: str) -> None:
    """Here the real twinpage checks: what is stood in for is the report and what talks to GitLab."""
    vault = str(runner.top / "my vault")

    def person(*words: str) -> None:
        assert twinpage([*words, "--vault", vault]) == 0

    runner.git("init", "-q", "-b", "main")
    person("init", "--dialect", dialect, "--empty")
    for kind, name, given in (("case", "Harbour", ()), ("segment", "Boats", ("--case", "harbour"))):
        person("new", kind, name, *given)
    runner.write(a="1\n")
    runner.git("checkout", "-qb", "side")
    person("new", "profile", "Skipper", "--for", "harbour/segments/boats")
    runner.write(b="1\n")
    runner.git("checkout", "-q", "main")
    person("sync")
    person("remove", "harbour/segments/boats")
    runner.write(c="1\n")
    for revision in ("side", "main"):
        person("check", "--rev", revision)
    runner.git("clone", "-q", "--bare", str(runner.top), str(runner.folder / "team.git"))
    runner.git("remote", "add", "origin", str(runner.folder / "team.git"))
    runner.git("checkout", "-q", "--detach", "side")
    given = {"VAULT": "my vault", "REAL": "1", "PYTHONPATH": str(SYNC)}
    job(runner, code=1, **given)
    assert re.search(r"Profiles/Skipper\.md:\d+:\d+  error TP201", runner.said)
    # What was broken before is not this branch's fault.
    runner.git("checkout", "-q", "-B", "main", "HEAD")
    runner.git("push", "-q", "origin", "main")
    runner.git("checkout", "-q", "--detach", "HEAD")
    runner.write(d="1\n")
    job(runner, **given)


def test_a_merge_result_that_gitlab_made_is_taken_as_it_is(branch: Runner) -> None:
    branch.git("merge", "-q", "--no-edit", "origin/main")
    made = branch.git("rev-parse", "HEAD")
    job(branch)
    assert branch.git("rev-parse", "HEAD") == made


def test_branches_that_do_not_merge_are_told(branch: Runner) -> None:
    branch.write(c="2\n")
    job(branch, code=1)
    assert "do not merge by themselves" in branch.said
    assert branch.asked("twinpage") == []


def test_a_fork_asks_the_project_that_it_came_from(branch: Runner) -> None:
    shutil.move(branch.folder / "team.git", branch.folder / "model.git")
    url = str(branch.folder / "model")
    job(branch, CI_PROJECT_ID="4", CI_MERGE_REQUEST_PROJECT_URL=url)
    assert len(branch.asked("twinpage")) == 3


def test_one_note_is_posted_and_then_updated(branch: Runner) -> None:
    others = [{"id": number, "body": "Fine.", "author": {"id": 5}} for number in range(150)]
    others += [{"id": 200, "body": f"{MARKER}\nI write like a bot.", "author": {"id": 5}}]
    branch.comments(others)
    before = branch.bodies()
    job(branch, TWINPAGE_TOKEN="secret-token", GATE="1", code=1)
    assert branch.bodies() == [*before, f"{MARKER}\n{REVIEW}"]
    job(branch, TWINPAGE_TOKEN="secret-token", REVIEW="# Later\n")
    assert branch.bodies() == [*before, f"{MARKER}\n# Later\n"]
    job(branch, code=22, TWINPAGE_TOKEN="secret-token", DOWN="1")  # whoever cannot look posts nothing
    assert len(branch.bodies()) == len(before) + 1
    assert "secret-token" not in (branch.folder / "asked").read_text(encoding="utf-8")
    assert "secret-token" not in branch.said


# ---------------------------------------------------------------------- where they come from


@pytest.mark.parametrize("dialect", ["obsidian", "logseq"])
def test_new_vaults_get_both_and_folders_of_notes_neither(dialect: str, tmp_path: Path) -> None:
    assert twinpage(["init", str(tmp_path / "new"), "--dialect", dialect, "--empty"]) == 0
    for path in (WORKFLOW, JOB):
        assert (tmp_path / "new" / path).read_bytes() == (COMMON / path).read_bytes()
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "Note.md").write_text("- mine\n", encoding="utf-8")
    assert twinpage(["init", str(tmp_path / "old"), "--dialect", dialect]) == 0
    assert not (tmp_path / "old" / ".github").exists()
    assert not (tmp_path / "old" / ".gitlab").exists()
