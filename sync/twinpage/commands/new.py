"""``twinpage new``: an artifact and its note, with what its kind requires and places for what it expects."""

from __future__ import annotations

from pathlib import Path

from twinpage.commands.sync import code_after, sync
from twinpage.core.template import lacking, template
from twinpage.core.wording import with_article
from twinpage.edge.terminal import Terminal
from twinpage.errors import UnknownArtifact, UnknownWord, Usage
from twinpage.model.plain import plain_line
from twinpage.model.text import canonical
from twinpage.workspace.carrying.standing import looked_at
from twinpage.workspace.flagging.creating import Wish, add_places, create
from twinpage.workspace.opening import Workspace, open_workspace


def run(*, vault: Path, kind: str, name: str, case: str, target: str, terminal: Terminal) -> int:
    """Make an artifact of a kind; ``target`` is the id that it is for, such as the profile of a journey."""
    ws = open_workspace(vault)
    try:
        with looked_at(ws):
            wish = _wish(ws, kind, name, case, target)
            namesake = ws.vault.resolve(wish.name)
        path, artifact = create(ws, wish)
        terminal.result(f"created {path}")
        outcome = sync(ws, terminal)
        for change in outcome.changes:
            if change.artifact == artifact or change.path != path:
                terminal.result(f"{change.action} {change.path}")
        if add_places(ws, artifact):
            outcome = sync(ws, terminal)
        if namesake:
            terminal.remark(_NAMESAKE.format(namesake, plain_line(wish.name), artifact))
        return code_after(outcome, terminal, (artifact,))
    finally:
        ws.close()


_NAMESAKE = "{0} is called {1} already; the new one is {2}. `twinpage remove {2}` takes it away, if {0} was meant."


def _wish(ws: Workspace, kind_name: str, name: str, case: str, target: str) -> Wish:
    kind = ws.registry.kind(kind_name)
    if kind is None:
        raise UnknownWord("kind", kind_name, listed_by="twinpage kinds")
    name = " ".join(canonical(name).split("\n"))
    if not name:
        raise Usage("An artifact needs a name: write it after the kind.")
    for_card = ws.vault.card(target) if target else None
    if target and for_card is None:
        raise UnknownArtifact(target, ws.vault.similar_ids(target, ()))
    if case and ws.vault.card(case) is None:
        raise UnknownArtifact(case, ws.vault.similar_ids(case, ("case",)), "case")
    value = template(kind, name, case, for_card)
    missing = lacking(kind, value)
    if missing:
        option = "--case ID" if missing == "case" else "--for ID"
        what = with_article(kind.name)
        raise Usage(f"{what[:1].upper()}{what[1:]} needs its {missing}: name it with {option}.")
    return Wish(kind, name, value)
