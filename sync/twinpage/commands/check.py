"""``twinpage check``: every flag of the vault. Changes no note and no artifact file unless asked to mend."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from twinpage.core.flags.introduced import compare_flags
from twinpage.edge.git.head import may_be_merging
from twinpage.edge.place import find_vault, vault_paths
from twinpage.edge.terminal import Terminal
from twinpage.errors import Usage
from twinpage.model.check_outcome import CheckOutcome, InBaseline, RulePage, SinceBase
from twinpage.model.flag import Flag, Severity
from twinpage.model.output import Style
from twinpage.outputs import output_for
from twinpage.workspace.ground import Ground, open_ground
from twinpage.workspace.remembered import coverage, flags_and_examples

if TYPE_CHECKING:
    from twinpage.workspace.revisions.gate import Gate


class Where(Struct, frozen=True):
    """What is looked at, and what it is compared with. By default the working tree, and nothing."""

    staged: bool = False
    revision: str | None = None
    base: str | None = None

    def vault(self, named: Path | None) -> Path:
        """The vault that is meant, by what is staged if that counts: the disk may lack its settings. Raises NoVault."""
        if self.staged and named is not None:
            from twinpage.edge.git.place import is_staged_vault

            if is_staged_vault(named):
                return named.resolve()
        return find_vault(named or Path())

    def gate(self, vault: Path, fix: bool) -> Gate | None:
        """What git has to do with it; None when nothing. Raises Usage."""
        if self.staged and self.revision is not None:
            raise Usage("--staged and --rev look at two different things; give one of them.")
        if fix and (self.staged or self.revision is not None):
            raise Usage("--fix mends files in the working tree, not what git has; leave out --staged and --rev.")
        if not self.staged and self.revision is None and self.base is None:
            return None
        from twinpage.workspace.revisions.gate import open_gate

        return open_gate(vault, self.staged, self.revision, self.base)


WORKING_TREE = Where()


def run(
    *,
    vault: Path,
    paths: tuple[Path, ...],
    fix: bool,
    output_format: str,
    fail_on: Severity | None,
    statistics: bool,
    terminal: Terminal,
    where: Where = WORKING_TREE,
    accept_all: bool = False,
    prune: bool = False,
) -> int:
    """Print the flags, of ``paths`` only when some are given; the exit code by ``fail_on``, else by the settings.

    ``accept_all``: write them to the baseline first; ``prune``: take out of it those that are gone. Raises Usage, and
    what reading and writing it raises.
    """
    if accept_all and prune:
        raise Usage(
            "--write-baseline takes out what is fixed, too; --prune-baseline does nothing else: give one of them."
        )
    if (accept_all or prune) and (paths or where != WORKING_TREE):
        option = "--write-baseline" if accept_all else "--prune-baseline"
        raise Usage(f"{option} goes by what the whole vault has now; leave out PATHS, --staged, --rev and --base.")
    gate = where.gate(vault, fix)
    before = gate.flags_of_base() if gate else None  # first: what is looked at may then start from it
    ground = (gate.ground() if gate else None) or open_ground(vault, keep_state=fix)
    try:
        for remark in (*(gate.remarks if gate else ()), *ground.remarks):
            terminal.remark(remark)
        wanted = vault_paths(ground.root, paths, gate.has if gate else lambda path: False)
        outcome = _mended(ground, wanted, terminal) if fix else check(ground, (), terminal)
        outcome = _of_merge(ground, outcome, where, terminal)
        baseline = _baseline(ground, outcome, terminal, accept_all, prune)
        limit = fail_on or ground.config.fail_on
    finally:
        ground.close()
    if before is not None and gate is not None and gate.base is not None:
        outcome = _since(outcome, gate.base.label, gate.base.name, before)
    outcome = _narrowed(_without_accepted(outcome, baseline), wanted)
    outcome = _with_facts(outcome, ground.root, output_format)
    for sentence in outcome.not_written:
        terminal.remark(sentence)
    style = Style(colour=terminal.colour, statistics=statistics)
    terminal.result(output_for("check", output_format)(outcome, style))
    return outcome.exit_code(limit)


def check(ground: Ground, paths: tuple[str, ...], terminal: Terminal) -> CheckOutcome:
    """Bring the flags up to date and gather them. Where nothing changed, nothing is loaded that could read it."""
    if ground.unchanged():
        return _gathered(ground, paths, ())
    from twinpage.workspace.log import log_broken
    from twinpage.workspace.opening import workspace_on

    ws = workspace_on(ground)
    if ground.in_git:
        from twinpage.workspace.revisions.revision import bring_up as take_flags
    else:
        from twinpage.workspace.flagging.flags import take_flags
    failed = log_broken(ws.root, take_flags(ws))
    return _gathered(ws, paths, failed)


def _of_merge(ground: Ground, outcome: CheckOutcome, where: Where, terminal: Terminal) -> CheckOutcome:
    """The outcome with what is to be staged where the disk is further; a remark where a merge is not ended."""
    if where.staged and any(flag.code in ("TP501", "TP901") for flag in outcome.all_flags):
        from twinpage.workspace.git.unended import as_staged

        own, examples = (as_staged(ground, flags) for flags in (outcome.flags, outcome.example_flags))
        return replace(outcome, flags=own, example_flags=examples)
    if not ground.in_git and may_be_merging(ground.root):
        from twinpage.workspace.git.unended import unended_merge

        if sentence := unended_merge(ground):
            terminal.remark(sentence)
    return outcome


def _mended(ground: Ground, paths: tuple[str, ...], terminal: Terminal) -> CheckOutcome:
    from twinpage.workspace.flagging.fixing import mend
    from twinpage.workspace.opening import workspace_on

    fixed = mend(workspace_on(ground), paths, terminal)
    outcome = check(ground, (), terminal)
    return replace(outcome, fixed=fixed.changes, not_written=(*outcome.not_written, *fixed.not_written))


def _gathered(ground: Ground, paths: tuple[str, ...], failed: tuple[str, ...]) -> CheckOutcome:
    own, examples = (_concerning(flags, paths) for flags in flags_and_examples(ground.state))
    if ground.in_git:  # --fix mends files in the working tree only
        own, examples = (tuple(replace(flag, fix=None) for flag in flags) for flags in (own, examples))
    return CheckOutcome(own, examples, ground.state.count_cards(), coverage(ground.state), (), failed)


def _concerning(flags: tuple[Flag, ...], paths: tuple[str, ...]) -> tuple[Flag, ...]:
    if not paths:
        return flags
    return tuple(
        flag
        for flag in flags
        if any(path == "" or flag.path == path or flag.path.startswith(path + "/") for path in paths)
    )


def _baseline(
    ground: Ground, outcome: CheckOutcome, terminal: Terminal, accept_all: bool, prune: bool
) -> InBaseline | None:
    """What is accepted of all flags, and what is fixed; each line that cannot be read is told."""
    from twinpage.workspace.revisions.accepting import read_baseline, waits_for_commit, write_baseline

    flags = outcome.all_flags
    before = read_baseline(ground)
    for sentence in before.mistakes if before else ():
        terminal.remark(sentence)
    if prune and before is None:
        terminal.remark("There is no twinpage.baseline, so nothing is to be taken out of it.")
    written = accept_all or prune
    baseline = write_baseline(ground, flags, prune) if written else before
    if baseline is None:
        return None
    if written:
        from twinpage.workspace.git.uniting import let_git_unite

        if sentence := let_git_unite(ground.root):
            terminal.remark(sentence)
    from twinpage.core.flags.baseline import accept

    accepted = accept(baseline.entries, flags).accepted
    known = accept(before.entries if before else (), flags)
    old = {id(flag) for flag in known.accepted}
    return InBaseline(
        accepted,
        tuple(entry.text or entry.fingerprint for entry in known.fixed),
        written,
        tuple(flag for flag in accepted if id(flag) not in old) if accept_all else None,
        written and waits_for_commit(ground),
    )


def _without_accepted(outcome: CheckOutcome, baseline: InBaseline | None) -> CheckOutcome:
    if baseline is None:
        return outcome
    # By identity: of two flags that are equal, one may be accepted and the other not.
    accepted = {id(flag) for flag in baseline.accepted}
    here = {id(flag) for flag in outcome.all_flags}
    return replace(
        outcome,
        flags=tuple(flag for flag in outcome.flags if id(flag) not in accepted),
        example_flags=tuple(flag for flag in outcome.example_flags if id(flag) not in accepted),
        baseline=replace(baseline, accepted=tuple(flag for flag in baseline.accepted if id(flag) in here)),
    )


def _narrowed(outcome: CheckOutcome, paths: tuple[str, ...]) -> CheckOutcome:
    """Of the outcome only what is at these paths; what is fixed in the baseline concerns the whole vault."""
    if not paths:
        return outcome
    since, baseline = outcome.since, outcome.baseline
    if since:
        since = replace(since, resolved=_concerning(since.resolved, paths), standing=_concerning(since.standing, paths))
    if baseline:
        baseline = replace(baseline, accepted=_concerning(baseline.accepted, paths), fixed=())
    own, examples = _concerning(outcome.flags, paths), _concerning(outcome.example_flags, paths)
    return replace(outcome, flags=own, example_flags=examples, since=since, baseline=baseline)


def _with_facts(outcome: CheckOutcome, root: Path, output_format: str) -> CheckOutcome:
    """What formats need that are read outside the vault: paths from the repository's top, and the rules."""
    if output_format not in ("github", "sarif"):
        return outcome
    from twinpage.edge.git.place import prefix_in_repository
    from twinpage.rules import RULES, page

    pages = [RulePage(rule.code, rule.name, rule.severity, rule.why, page(code)) for code, rule in RULES.items()]
    return replace(outcome, prefix=prefix_in_repository(root), rules=tuple(pages))


def _since(outcome: CheckOutcome, revision: str, commit: str, before: Iterable[Flag]) -> CheckOutcome:
    """The outcome with nothing but the flags that were introduced since."""
    compared = compare_flags(before, outcome.all_flags)
    new = {id(flag) for flag in compared.introduced}
    return replace(
        outcome,
        flags=tuple(flag for flag in outcome.flags if id(flag) in new),
        example_flags=tuple(flag for flag in outcome.example_flags if id(flag) in new),
        since=SinceBase(revision, commit, compared.resolved, compared.standing),
    )
