"""A note was renamed where no app saw it: what refers to it by its former title follows."""

from __future__ import annotations

import json
from collections.abc import Iterator

from msgspec.structs import replace

from twinpage.core.retitling import retitled
from twinpage.errors import ChangedMeanwhile, NotRead, NotWritten, OutsideVault
from twinpage.model.kind import Kind
from twinpage.model.names import fold
from twinpage.model.outcome import Change
from twinpage.model.page import Page
from twinpage.workspace.carrying.carry import Carry, Waiting
from twinpage.workspace.embedding import line_now
from twinpage.workspace.flagging.flags import ARTIFACT
from twinpage.workspace.look import FORMER
from twinpage.workspace.opening import Workspace
from twinpage.workspace.reading import VaultNames
from twinpage.workspace.record import facts_of

_NOT_IN_LINKS = frozenset("[]|#^\n")


def follow(carry: Carry, dirty: set[str]) -> None:
    """Write the present title into notes that refer to the former one of an artifact in ``dirty``.

    Only notes that asked for the former title, refer to the artifact, or are in ``dirty`` themselves are looked at.
    They are added to ``dirty``, for they may say something else now. A title that leads to a note, whichever, is
    nobody's former title.
    """
    ws = carry.ws
    known: dict[str, str] = json.loads(ws.state.recall(FORMER) or "{}")
    titles = known | dict(_renamed(ws, dirty))
    if not titles:
        return
    former = dict(_former(ws, titles))
    followers = _Followers(carry, {fold(old): artifact for old, artifact in former.items()})
    candidates = _candidates(ws, titles) | dirty  # nobody knows yet what those in it refer to
    followers.run(candidates)
    dirty |= candidates
    still = former if followers.waiting else {}
    if not carry.dry_run:
        ws.state.add_dirty(candidates)
        if still != known:
            ws.state.remember(FORMER, json.dumps(still, ensure_ascii=False))


def _renamed(ws: Workspace, artifacts: set[str]) -> Iterator[tuple[str, str]]:
    """(former title, artifact) of each whose note has another title than when both twins last agreed."""
    for artifact in artifacts:
        known = ws.state.known_note(artifact)
        card = ws.vault.index.card(artifact)
        if not known or card is None or not card.title:
            continue
        if card.note_path == known and (ws.dialect.name != "logseq" or _same_bytes(ws, artifact, known)):
            continue  # a property tells the title in Logseq only
        old = ws.dialect.parse(known, ws.state.last_note(artifact) or "").title
        if fold(old) != fold(card.title):
            yield old, artifact


def _same_bytes(ws: Workspace, artifact: str, path: str) -> bool:
    rows = ws.state.rows("select note_digest from twins where id = ?", artifact)
    facts = ws.state.file(path)
    return facts is not None and facts.digest == next((row[0] for row in rows), "")


def _former(ws: Workspace, titles: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Those that lead nowhere, and whose artifact can be named by another."""
    for old, artifact in titles.items():
        card = ws.vault.index.card(artifact)
        if card is not None and not any(True for _ in ws.vault.index.pages(fold(old))):
            yield old, artifact


def _candidates(ws: Workspace, titles: dict[str, str]) -> set[str]:
    """Artifacts whose notes may refer to one of these by its former title."""
    asked = ws.state.dependants(f"title:{fold(old)}" for old in titles)
    found = {subject.removeprefix(ARTIFACT) for subject in asked if subject.startswith(ARTIFACT)}
    for artifact in titles.values():
        found.update(ws.vault.index.referrers(artifact))
        found.update(row[0] for row in ws.state.rows("select owner from embeds where target = ?", artifact))
    return found


class _Followers:
    """The notes that refer to some artifacts by their former titles."""

    def __init__(self, carry: Carry, former: dict[str, str]) -> None:
        self.carry = carry
        self.ws = carry.ws
        self.former = {old: one for old, one in former.items() if self._target(one, old) is not None}
        self.waiting: set[str] = set()

    def run(self, candidates: set[str]) -> None:
        for artifact in sorted(candidates if self.former else ()):
            card = self.ws.vault.index.card(artifact)
            kind = self.ws.registry.kind(card.kind) if card else None
            page = self._page(card.note_path) if card else None
            if kind is None or page is None or page.property("artifact-id") != artifact:
                continue
            if not any(problem.holds for problem in page.problems):
                self._follow(artifact, kind, page)
        self.carry.unfollowed |= self.waiting

    def _page(self, path: str) -> Page | None:
        try:
            return self.ws.page(path) if path else None
        except (NotRead, OutsideVault):
            return None

    def _target(self, artifact: str, named: str) -> str | None:
        """What a link that named the artifact so names it by now, in the same form where that leads there."""
        card = self.ws.vault.index.card(artifact)
        if card is None or not card.title or _NOT_IN_LINKS & set(card.title):
            return None
        forms = [card.title]
        if self.ws.dialect.name != "logseq":
            folder, slash, _ = named.rpartition("/")
            ending = ".md" if named.endswith(".md") else ""
            forms = [f"{folder}{slash}{card.title}", card.title, card.note_path.removesuffix(".md")]
            forms = [form + ending for form in forms]
        return next((form for form in forms if self.ws.vault.resolve(form) == artifact), None)

    def _follow(self, artifact: str, kind: Kind, page: Page) -> None:
        base = self.ws.state.base(artifact)
        names = VaultNames(self.ws)
        text = retitled(page, kind, names, base.view if base else None, self.former, self._target)
        if text == page.text:
            return
        change = Change(page.path, "updated", artifact, "a note that it refers to has another title")
        if self.carry.dry_run:
            self.carry.tally.changes.append(change)
        elif self.carry.wait_for(artifact, page, base) or not self._write(change, page, text):
            self.waiting.add(artifact)

    def _write(self, change: Change, page: Page, text: str) -> bool:
        ws, artifact, data = self.ws, change.artifact, text.encode("utf-8", "surrogatepass")
        try:
            stat = ws.disk.write(page.path, data, page.digest, change.deed)
        except ChangedMeanwhile:
            self.carry.tally.waiting.append(Waiting(artifact, page.path, "it changed at this moment", 0.3))
            return False
        except (NotWritten, OutsideVault) as error:
            self.carry.tally.not_written.append(str(error))
            self.carry.tally.refused.add(artifact)
            return False
        self.carry.tally.changes.append(change)
        after = ws.dialect.parse(page.path, text)
        ws.keep(after)
        self.carry.facts.append((page.path, facts_of(ws, page.path, data, stat, artifact)))
        for target, line in ws.state.embeds(artifact).items():
            now = line_now(page, after, line)
            if now is not None and now != line:
                ws.state.put_embeds(artifact, [(target, now)])
        base, last = ws.state.base(artifact), ws.state.last_note(artifact)
        if base is not None and last is not None:  # these bytes are ours: nobody is typing in them
            ws.state.put_base(artifact, replace(base, note_digest=after.digest, written=True), last)
        return True
