"""Another person renamed an artifact, and git brought it here: before any pass, and after one."""

from __future__ import annotations

import json

import pytest

from twinpage.commands import check, rename, status

pytestmark = pytest.mark.slow

SKIPPER, CAPTAIN = "harbour/profiles/skipper", "harbour/profiles/captain"
SKIPPER_NOTE = "Profiles/Skipper.md"


def checked(vault):
    """Summary and flags, the latter by code and artifact."""
    check.run(
        vault=vault.root,
        paths=(),
        fix=False,
        output_format="json",
        fail_on=None,
        statistics=False,
        terminal=vault.terminal,
    )
    told = json.loads(vault.out.getvalue())
    return told["summary"], sorted((flag["code"], flag["artifact"]) for flag in told["flags"])


def standing(vault):
    assert status.run(vault=vault.root, output_format="json", terminal=vault.terminal) == 0
    return json.loads(vault.out.getvalue())


@pytest.fixture
def fetched(vault):
    """The bakery, in step and with all flags known; the rename of the skipper waits in a branch."""
    vault.commit_all()
    vault.git("branch", "-m", "main")
    vault.git("checkout", "-q", "-b", "theirs")
    assert rename.run(vault=vault.root, artifact=SKIPPER, new_id=CAPTAIN, dry_run=False, terminal=vault.terminal) == 0
    vault.commit_all()
    vault.git("checkout", "-q", "main")
    vault.settle()
    for path in vault.notes():
        vault.age(path)
    return vault


@pytest.mark.parametrize("clean_merge", [False, True])
def test_before_any_pass_nothing_untrue_is_told(fetched, clean_merge):
    summary, flags = checked(fetched)
    twins = standing(fetched)["in-step"]
    if clean_merge:
        fetched.put("mine.txt", "Of this branch.")
        fetched.commit_all()
    fetched.git("merge", "-q", "--no-edit", "theirs")
    renamed = [(code, CAPTAIN if artifact == SKIPPER else artifact) for code, artifact in flags]
    assert checked(fetched) == (summary, sorted(renamed))
    told = standing(fetched)
    assert told["in-step"] == twins
    assert not any(told[name] for name in ("ahead", "behind", "apart", "conflicts", "held"))
    fetched.settle()
    assert checked(fetched) == (summary, sorted(renamed))


def test_a_note_that_somebody_gave_another_id_is_told_as_before(fetched):
    """The other artifact's file is not there, or the old one still is: the note alone says so."""
    mark = "artifact-id:: " if fetched.dialect == "logseq" else "artifact-id: "
    fetched.edit(SKIPPER_NOTE, f"{mark}{SKIPPER}", f"{mark}{CAPTAIN}")
    assert ("TP521", SKIPPER) in checked(fetched)[1]
    fetched.remove(fetched.file(SKIPPER))
    assert ("TP521", SKIPPER) in checked(fetched)[1]
