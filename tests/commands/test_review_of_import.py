"""An import of old pages, one commit, and a dozen edits of different kinds after it: what the review tells."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

GEN2 = Path(__file__).resolve().parents[3] / "shared/corpus/seed-gen2_plast-e5a77c1c"
CASES = ("Tea House", "Kite Works", "Night Ferry", "Paper Mill", "Stone Bakery")
HOSTILE = "@all |x| <b>#1</b> [[y]] :tada: `z`"


def page(title: str, label: str, steps: tuple[str, ...]) -> str:
    """A page in the layout of the old seeds, with an example for each case."""
    lines = [f"# #{title}", "- ## Definition", "  - What somebody goes through.", "- ## Content type"]
    lines += ["  - Content is of type template.", "- ## Examples"]
    for case in CASES:
        lines += [
            f"  ### {case}",
            f"  - Segment ID: Friends of {case}",
            f"  - Profile ID: Guest of {case}",
            f"  - {label}:",
        ]
        lines += [f"    {n}. {step}: {step} as {case} does it." for n, step in enumerate(steps, 1)]
    return "\n".join(lines) + "\n"


class Team:
    """A vault that an import filled, in a repository of its own."""

    def __init__(self, root: Path, source: Path, dialect: str) -> None:
        self.root = root
        self.run("init", str(root), "--empty", "--dialect", dialect, folder=root.parent)
        self.run("import", str(source))
        self.sync()
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Ann")
        self.git("config", "user.email", "ann@example.org")

    def run(self, *words: str, folder: Path | None = None, code: int = 0) -> str:
        command = [sys.executable, "-P", "-m", "twinpage", *words]
        done = subprocess.run(command, cwd=folder or self.root, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.root, check=True, capture_output=True)

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", message)

    def sync(self) -> None:
        for note in self.root.rglob("*.md"):
            os.utime(note, (1_700_000_000, 1_700_000_000))  # nobody is typing in it
        self.run("sync")

    def all_of(self, kind: str) -> list[dict[str, Any]]:
        files = sorted((self.root / "artifacts").rglob("*.json"))
        found = (json.loads(file.read_text(encoding="utf-8")) for file in files)
        return [value for value in found if value["kind"] == kind]

    def write(self, value: dict[str, Any]) -> None:
        file = self.file(value["id"])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    def file(self, artifact: str) -> Path:
        return self.root / f"artifacts/{artifact}.json"

    def remove(self, artifact: str) -> None:
        self.file(artifact).unlink()
        for note in self.root.rglob("*.md"):
            if re.search(rf"^artifact-id::? {re.escape(artifact)}$", note.read_text(encoding="utf-8"), re.MULTILINE):
                note.unlink()


@pytest.fixture(params=["own", "gen2"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "gen2":
        if not GEN2.is_dir():
            pytest.skip("../shared/corpus/seed-gen2_plast-e5a77c1c is not there")
        return GEN2
    pages = tmp_path / "pages"
    pages.mkdir()
    steps = ("Arrival", "Choice", "Paying", "Farewell")
    (pages / "journey.md").write_text(page("profile Name - Journey", "Journey", steps), encoding="utf-8")
    told = page("profile Name - Sales strategy", "Sales strategy", ("Invite", "Listen", "Offer"))
    (pages / "strategy.md").write_text(told, encoding="utf-8")
    return pages


def name(value: dict[str, Any]) -> str:
    return str(value["name"])


@pytest.mark.parametrize("dialect", ["obsidian", "logseq"])
def test_a_dozen_edits_after_an_import(source: Path, tmp_path: Path, dialect: str) -> None:
    team = Team(tmp_path / "vault", source, dialect)
    journeys, strategies = team.all_of("journey"), team.all_of("sales-strategy")
    segments = {value["id"]: value for value in team.all_of("segment")}
    profiles = {value["id"]: value for value in team.all_of("profile")}
    first, second, third, fourth, fifth = journeys[:5]
    first["stages"][2]["touchpoints"] = [{"id": "email", "name": "email"}, {"id": "phone", "name": "phone"}]
    team.write(first)
    team.sync()
    team.run("signoff", second["id"], "--note", "right as it is")
    team.commit("as it was imported")

    team.git("checkout", "-qb", "feature")
    stages = first["stages"]
    was, stages[1]["name"] = name(stages[1]), "Looking around"  # 1 a stage renamed
    stages[2]["touchpoints"].pop(0)  # 2 a touchpoint dropped
    stages[0]["description"] = f"{stages[0]['description']} Then it rains."  # 3 a stage reworded
    stages.append({"id": "echo", "name": "Echo", "description": "It is told to friends."})  # 4 a stage added
    team.write(first)
    second["stages"].insert(0, second["stages"].pop(1))  # 5 a stage moved, and 6 a sign-off made void
    team.write(second)
    team.remove(third["id"])  # 7 a profile's journey deleted
    team.sync()
    guest = profiles[fourth["profile"]]
    team.run("rename", guest["id"], f"{guest['case']}/profiles/somebody-else")  # 8 an id renamed
    strategy = strategies[0]
    strategy["items"][0]["name"] = "Say hello"  # 9 an item of a strategy renamed
    team.write(strategy)
    team.write(  # 10 a profile added, with a name that means harm
        {
            "kind": "profile",
            "id": f"{first['case']}/profiles/stranger",
            "schema": "profile/1.0",
            "name": HOSTILE,
            "case": first["case"],
        }
    )
    crowd = segments[profiles[first["profile"]]["segment"]]
    crowd["description"] = "They come in pairs."  # 11 a segment described
    team.write(crowd)
    moved = strategies[2]  # 12 a strategy moved to another case
    home, moved_from = fifth["case"], moved["id"]
    team.remove(moved_from)
    moved |= {"id": f"{home}/sales-strategies/taken-over", "case": home}
    team.write(moved)
    team.sync()
    once = {**fifth}
    fifth["profile"] = f"{home}/profiles/nobody"  # 13 a reference to nobody
    team.write(fifth)
    team.commit("a dozen edits")

    told = team.run("review", "main...feature", "--output-format", "markdown", code=1)
    changes = told.partition("### What changed")[2].partition("\n### ")[0]
    flags = told.partition("### Flags introduced")[2].partition("\n### ")[0]
    assert "**This does not pass: " in told
    lost = [re.escape(name(profiles[one["profile"]])) for one in (third, once)]
    assert re.search(rf"- 2 profiles of example cases lost their journey: \*{lost[0]}\* and \*{lost[1]}\*\.\n", told)
    assert re.search(r"\| profiles with journey \(example cases\) \| 5 of [0-9]+ \| \*\*3 of [0-9]+\*\* \|\n", told)
    for part in (
        "*Echo* added after",
        f"stage *{was}* renamed to *Looking around*",
        f"touchpoint *email* removed from *{name(stages[2])}*",
        f"*{name(stages[0])}* reworded",
        "Then it rains.**",
        f"stage *{name(second['stages'][0])}* moved before *{name(second['stages'][1])}*",
        f"*{name(third)}* **removed**.",
        f"instead of `{guest['id']}`",
        "renamed to *Say hello*",
        "description set to “They come in pairs.”",
        f"moved from `{moved_from}` to `{moved['id']}`",
    ):
        assert part in changes, part
    assert re.search(r"error TP201 `[^`]*`: .* names the profile .*nobody", flags), flags
    notes = told.partition(f"*{name(third)}*, removed: was embedded in ")[2].partition("\n")[0]
    assert f"/{name(profiles[third['profile']]).replace('/', '-')}.md`" in notes.replace("pages/", "/pages/")
    assert "1 sign-off made void." in told
    assert f"*{name(second)}*: signed off by *Ann*" in told.partition("### Sign-offs made void")[2]
    assert ": 1 added, 1 removed, 1 renamed, 1 moved and 5 changed.\n" in told
    assert len(told) < 60_000
    outside_code = re.sub(r"<code>.*?</code>|`[^`]*`", "", told)
    assert not re.search(r"@all|#1|<b>|:tada:|\[\[y", outside_code)
    in_words = team.run("diff", "main...feature")
    assert re.search(r": [0-9]+ changed, 1 added, 1 removed, 1 renamed and 1 moved\.", in_words), in_words
