"""compose: a note from nothing."""

from __future__ import annotations

from twinpage.core.canonical import canonical
from twinpage.core.lens.plan import Plan, is_property, plan_of
from twinpage.core.lens.reading import Located, locate
from twinpage.core.lens.resolving import Names
from twinpage.core.lens.write import Writer
from twinpage.core.lens.yaml_text import yaml_scalar
from twinpage.errors import Unwritable
from twinpage.model.kind import Field, Kind, Shape, Value
from twinpage.model.page import Dialect

KIND, OWN_ID = "artifact-kind", "artifact-id"


def expressible(view: Value, kind: Kind) -> Value:
    """What of a view has a place in a note, in canonical form."""
    return _visible(canonical(view, kind), kind.shape, True)


def _visible(value: Value, shape: Shape, page: bool) -> Value:
    plan = plan_of(shape, page)
    kept: Value = {}
    for name, part in value.items():
        field = _field(plan, name)
        if field is None:
            if name == "id" and plan.identified:
                kept[name] = part
        elif field.shape is None:
            kept[name] = part
        elif isinstance(part, list):
            kept[name] = [_visible(p, field.shape, False) if isinstance(p, dict) else p for p in part]
        elif isinstance(part, dict):
            inner = _visible(part, field.shape, False)
            if inner:
                kept[name] = inner
        else:
            kept[name] = part
    return kept


def _field(plan: Plan, name: str) -> Field | None:
    for own in (plan.title, plan.body):
        if own is not None and own.name == name:
            return own
    return plan.by_name.get(name)


def compose_note(dialect: Dialect, kind: Kind, artifact_id: str, view: Value, names: Names, path: str = "") -> Located:
    """A new note, read: it reads back as the view without any reference.

    Raises Unwritable when no form of it does.
    """
    wanted = expressible(view, kind)
    for safe in (False, True):
        try:
            text = _text(Writer(dialect, names, safe=safe), kind, artifact_id, wanted)
        except (TypeError, ValueError, AttributeError, RecursionError):
            continue  # a value of a wrong type: the schema explains it better than the lens could
        page = dialect.parse(path, text)
        if not page.problems and page.property(OWN_ID) == artifact_id:
            reading = locate(page, kind, names, None)
            if reading.value == wanted:
                return reading
    raise Unwritable(f"{artifact_id} cannot be written as a note; check it with `twinpage check` and correct its file.")


def _text(writer: Writer, kind: Kind, artifact_id: str, view: Value) -> str:
    plan = plan_of(kind.shape, True)
    properties = [(f, view[f.name]) for f in plan.fields if is_property(f) and f.name in view]
    sections = [writer.section(f, view[f.name], 2, "") for f in plan.fields if not is_property(f) and f.name in view]
    own = {OWN_ID: artifact_id, KIND: kind.name}
    if writer.outline:
        lines = [f"{key}:: {value}" for key, value in own.items()]
        lines += [writer.page_property(f, value) for f, value in properties]
        return "\n".join([*lines, "", *sections])
    lines = [f"{key}: {yaml_scalar(value)}" for key, value in own.items()]
    lines += [writer.page_property(f, value) for f, value in properties]
    head = "\n".join(["---", *lines, "---"])
    return "\n".join([head, "\n\n".join(sections)]) + "\n" if sections else head + "\n"
