"""The kinds that a vault knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from typing import TYPE_CHECKING

from msgspec import Struct, field

from twinpage.core.schema.kinds import BadSchema, Schema, compile_kind, kind_name
from twinpage.model.kind import Kind, Value
from twinpage.model.problem import Problem

if TYPE_CHECKING:
    from twinpage.core.schema.validate import Validator


class _Compiled(Struct):
    """What was made of schemas so far, by kind."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    validators: dict[str, Validator] = field(default_factory=dict)


class Registry:
    """All kinds by name: the shipped ones and a team's own. Kinds are compiled when first asked for."""

    def __init__(self, shipped: Mapping[str, Schema], team: Mapping[str, Schema] | None = None) -> None:
        """``shipped``: file name -> schema (those of no kind serve as a library); ``team``: vault path -> schema."""
        self.library: dict[str, Schema] = {str(s.get("$id", "")): s for s in shipped.values()}
        self.problems: dict[str, tuple[Problem, ...]] = {}
        """Why a team's schema is no kind, by its path; pointers are index pointers into that file."""
        self._schemas: dict[str, tuple[Schema, str]] = {kind_name(s): (s, "") for s in shipped.values() if kind_name(s)}
        self._shipped, self._own = _Compiled(), _Compiled()
        self._admit_all(team or {})

    def with_team(self, team: Mapping[str, Schema]) -> Registry:
        """The shipped kinds with a team's schemas: what is compiled of the shipped ones serves both."""
        fuller = copy(self)
        fuller.problems, fuller._own = {}, _Compiled()
        fuller._schemas = {name: told for name, told in self._schemas.items() if not told[1]}
        fuller._admit_all(team)
        return fuller

    def _admit_all(self, team: Mapping[str, Schema]) -> None:
        for origin in sorted(team):
            self._admit(origin, team[origin])

    def _admit(self, origin: str, schema: Schema) -> None:
        from twinpage.core.schema.faults import faults  # only vaults with schemas of their own need it

        found = faults(schema, self.library, {name: s for name, (s, _) in self._schemas.items()})
        if not found:
            try:
                kind = compile_kind(schema, origin, self.library)
            except BadSchema as error:
                found = error.problems
            else:
                self._schemas[kind.name] = (schema, origin)
                self._own.kinds[kind.name] = kind
        if found:
            self.problems[origin] = found

    def kind(self, name: str) -> Kind | None:
        known = self._compiled(name).kinds
        if name not in known and name in self._schemas:
            known[name] = compile_kind(*self._schemas[name], self.library)
        return known.get(name)

    def _compiled(self, name: str) -> _Compiled:
        return self._own if name in self._own.kinds else self._shipped

    def names(self) -> tuple[str, ...]:
        """The shipped kinds in alphabetical order, then the team's."""
        return tuple(sorted(self._schemas, key=lambda n: (self._schemas[n][1] != "", n)))

    def __iter__(self) -> Iterator[Kind]:
        return (kind for kind in map(self.kind, self.names()) if kind is not None)

    def validate(self, value: Value, kind: Kind) -> tuple[Problem, ...]:
        """What its schema finds wrong with a whole artifact (``validate.Validator.problems``)."""
        from twinpage.core.schema.validate import Validator  # only loaded when something is validated

        known = self._compiled(kind.name).validators
        if kind.name not in known:
            known[kind.name] = Validator(kind, self.library)
        return known[kind.name].problems(value)

    def kind_of_metamodel(self, metamodel_id: str) -> Kind | None:
        """The kind bound (``x-type``) to an artifact type, by its canonical metamodel id; None: entries are."""
        for name in self.names():
            if metamodel_id and self._schemas[name][0].get("x-type") == metamodel_id:
                return self.kind(name)
        return None
