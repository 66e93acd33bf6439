"""Cases and their parts, from the examples of all documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct, field

from twinpage.core.importing.drafts import Drafts
from twinpage.core.importing.items import Item, Listing, read_items, with_ids
from twinpage.core.importing.lines import readable, text_of, without_bullet
from twinpage.core.importing.nouns import Draft, Example, Line
from twinpage.core.importing.sections import filled, type_id, type_name
from twinpage.model.names import case_id, slug
from twinpage.model.regex import regex

SEGMENT, PROFILE = "segment-(id)", "profile-(id)"

_HEADER = regex(r"(segment|profile)[ _-]?id[ \t]*:[ \t]*(\S.*)", re.IGNORECASE)
_TITLE = regex(r"[^:]{1,60}:")


class _Case(Struct):
    """One case while its examples are read."""

    id: str
    name: str
    profiles: list[str] = field(default_factory=list)
    """Ids, those that an example declares for itself first."""
    declared: list[str] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)


class _Body(Struct, frozen=True):
    """An example whose header has been read."""

    example: Example
    lines: tuple[Line, ...]
    profile: str
    """Id of the profile that the header declares; empty when it declares none."""

    @property
    def where(self) -> str:
        return (self.example.heading or self.lines)[0].path


def build_cases(examples: Iterable[Example], kind_of_type: Mapping[str, str], drafts: Drafts) -> None:
    """Turn examples into cases, segments, profiles, journeys, sales strategies and entries.

    ``kind_of_type``: the kind that is bound to an artifact type, by canonical metamodel id. Profiles come first, so
    that what names none can be given to one of its case.
    """
    cases: dict[str, _Case] = {}
    bodies: list[tuple[_Case, _Body]] = []
    for example in examples:
        case = cases.setdefault(case_id(example.case), _Case(case_id(example.case), readable(example.case)))
        draft = Draft("case", case.id)
        draft.put("name", case.name, example.heading)
        draft.put("example", True)
        drafts.add(draft)
        bodies.append((case, _header(case, example, drafts)))
    for passed in (SEGMENT, PROFILE, ""):
        for case, body in bodies:
            own = body.example.type_id
            if filled(body.lines) and (own == passed or (not passed and own not in (SEGMENT, PROFILE))):
                _BUILDERS.get(kind_of_type.get(own, ""), _entry)(case, body, drafts)


def _header(case: _Case, example: Example, drafts: Drafts) -> _Body:
    """Read ``Segment ID: ...`` and ``Profile ID: ...`` at the top of an example."""
    named: dict[str, tuple[str, Line]] = {}
    after = len(example.body)
    for index, line in enumerate(example.body):
        said = _HEADER.fullmatch(without_bullet(line.text).rstrip())
        if said and said.group(1).lower() not in named:
            named[said.group(1).lower()] = (readable(said.group(2)), line)
        elif not line.blank:
            titled = bool(named and _TITLE.fullmatch(without_bullet(line.text).rstrip()))
            drafts.place([line] if titled else [])
            after = index + titled
            break
    rest = example.body[after:]
    segment = _segment(case, *named["segment"], drafts) if "segment" in named else ""
    profile = ""
    if "profile" in named:
        name, line = named["profile"]
        draft = _part(case, "profile", name, (line,))
        draft.put("segment", segment, (named["segment"][1],) if segment else ())
        profile = drafts.add(draft).id
        _remember(case.declared, profile)
    return _Body(example, rest, profile)


def _segment(case: _Case, name: str, line: Line, drafts: Drafts) -> str:
    identity = drafts.add(_part(case, "segment", name, (line,))).id
    _remember(case.segments, identity)
    return identity


_FOLDERS = {"segment": "segments", "profile": "profiles", "journey": "journeys", "sales-strategy": "sales-strategies"}


def _part(case: _Case, kind: str, name: str, lines: tuple[Line, ...]) -> Draft:
    draft = Draft(kind, f"{case.id}/{_FOLDERS[kind]}/{slug(name)}")
    draft.put("name", name, lines)
    draft.put("case", case.id, lines)
    return draft


def _remember(ids: list[str], identity: str) -> None:
    if identity not in ids:
        ids.append(identity)


# --- the builders: each turns the body of one example into artifacts -------------------------------------------------


def _segments(case: _Case, body: _Body, drafts: Drafts) -> None:
    listing = read_items(body.lines)
    if listing is None:
        _entry(case, body, drafts)
        return
    for item, draft in _parts(case, "segment", listing):
        for class_name, name in item.path[:-1]:
            draft.put_extra(class_name, name, item.lines[:1])
        _remember(case.segments, drafts.add(draft).id)


def _profiles(case: _Case, body: _Body, drafts: Drafts) -> None:
    listing = read_items(body.lines)
    if listing is None:
        _entry(case, body, drafts)
        return
    for item, draft in _parts(case, "profile", listing):
        for class_name, name in item.path:
            if class_name == "segment":
                draft.put("segment", _segment(case, name, item.lines[0], drafts), item.lines[:1])
            elif class_name in ("stakeholder", "role"):
                draft.put(class_name, name, item.lines[:1])
            elif name != item.name:
                draft.put_extra(class_name, name, item.lines[:1])
        _remember(case.profiles, drafts.add(draft).id)


def _parts(case: _Case, kind: str, listing: Listing) -> Iterable[tuple[Item, Draft]]:
    for number, item in enumerate(listing.items):
        draft = _part(case, kind, item.name, item.lines[:1])
        draft.put("description", item.text, item.lines)
        if item.class_name not in ("", kind) and not item.path:
            draft.put_extra("class", item.class_name, item.lines[:1])
        if number == 0:
            draft.add_text("body", text_of(listing.lead), listing.lead)
        yield item, draft


def _journey(case: _Case, body: _Body, drafts: Drafts) -> None:
    listing = read_items(body.lines)
    if listing is None:
        drafts.remarks.append(f"{body.where}: no stages were recognised for {case.name}, so its text became an entry.")
        _entry(case, body, drafts)
        return
    draft = _of_profile(case, body, "journey", "journey", drafts)
    draft.put("stages", with_ids(listing.items, "description"), _lines(listing))
    _keep_classes(draft, listing)
    draft.add_text("body", text_of(listing.lead), listing.lead)
    drafts.add(draft)


def _sales_strategy(case: _Case, body: _Body, drafts: Drafts) -> None:
    draft = _of_profile(case, body, "sales-strategy", "sales strategy", drafts)
    listing = read_items(body.lines)
    if listing is None:
        draft.put("summary", text_of(body.lines), filled(body.lines))
    else:
        draft.put("items", with_ids(listing.items, "description"), _lines(listing))
        _keep_classes(draft, listing)
        draft.add_text("body", text_of(listing.lead), listing.lead)
    drafts.add(draft)


def _entry(case: _Case, body: _Body, drafts: Drafts) -> None:
    metamodel_id = body.example.type_id
    name = type_name(metamodel_id)
    draft = Draft("entry", f"{case.id}/entries/{slug(name)}")
    draft.put("name", f"{name} of {case.name}", body.example.heading)
    draft.put("case", case.id, body.example.heading)
    draft.put("artifact-type", type_id(metamodel_id), body.example.heading)
    about = _about(case, body)
    draft.put("about", about, body.example.heading if about else ())
    listing = read_items(body.lines)
    if listing is None:
        draft.put("text", text_of(body.lines), filled(body.lines))
    else:
        draft.put("items", with_ids(listing.items, "text", classes=True), _lines(listing))
        draft.add_text("body", text_of(listing.lead), listing.lead)
    drafts.add(draft)


def _about(case: _Case, body: _Body) -> str:
    """What an entry describes, where there is only one that it can be."""
    if body.profile:
        return body.profile
    for metamodel_id, ids in ((PROFILE, {*case.declared, *case.profiles}), (SEGMENT, {*case.segments})):
        if body.example.type_id.startswith(f"{metamodel_id}/") and len(ids) == 1:
            return min(ids)
    return ""


def _of_profile(case: _Case, body: _Body, kind: str, what: str, drafts: Drafts) -> Draft:
    """A new part of the profile that the example declares, else of one of its case; a remark tells of a choice."""
    profile = body.profile
    if not profile:
        profile, how = _chosen_profile(case, drafts)
        drafts.remarks.append(
            f"{body.where}: the {what} of {case.name} names no profile, so it was given to `{profile}`, {how}. "
            "If it is another's, change its field `profile`."
        )
    name = drafts.by_id[profile].values["name"]
    draft = Draft(kind, f"{case.id}/{_FOLDERS[kind]}/{profile.rpartition('/')[2]}")
    lines = body.example.heading
    for key, value in (("name", f"{name}'s {what}"), ("case", case.id), ("profile", profile)):
        draft.put(key, value, lines)
    return draft


def _chosen_profile(case: _Case, drafts: Drafts) -> tuple[str, str]:
    if case.declared:
        return case.declared[0], "which another example of this case declares"
    if case.profiles:
        return case.profiles[0], "the first profile of this case"
    made = drafts.add(_part(case, "profile", f"{case.name} client", ()))
    _remember(case.profiles, made.id)
    return made.id, "which was made for it"


def _keep_classes(draft: Draft, listing: Listing) -> None:
    """Items of these kinds have no class; a tag that says more than the kind is kept by name."""
    odd = {item.name: item.class_name for item in listing.items if item.class_name not in ("", draft.kind)}
    if odd:
        draft.put_extra("classes", odd, _lines(listing))


def _lines(listing: Listing) -> tuple[Line, ...]:
    return tuple(line for item in listing.items for line in item.lines)


_BUILDERS: dict[str, Callable[[_Case, _Body, Drafts], None]] = {
    "segment": _segments,
    "profile": _profiles,
    "journey": _journey,
    "sales-strategy": _sales_strategy,
}
