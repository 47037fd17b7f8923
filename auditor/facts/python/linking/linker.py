"""From what was read file by file to the project: names followed across files, and live code told from dead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from auditor.facts.python.linking.liveness import live_units
from auditor.facts.python.linking.naming import Naming
from auditor.facts.python.model import Call, Class, Function, PythonFile, Reference, Role, Site, Value
from auditor.facts.python.modules import Modules
from auditor.facts.python.reading.record import RawFile
from auditor.facts.python.reading.scopes import Names
from auditor.records import replace

P = TypeVar("P", bound=Site)


def link(records: Sequence[RawFile], modules: Modules, mentioned: frozenset[str]) -> tuple[PythonFile, ...]:
    """The files, with final names and liveness. `mentioned` are dotted names in configuration files and commands."""
    naming = Naming(records, modules)
    for record in records:
        record.calls = [_renamed_call(call, naming) for call in record.calls]
    naming.learn_callers(call for record in records for call in record.calls)
    live = live_units(records, naming, modules, mentioned)
    untested = [record for record in records if record.role is not Role.TEST]
    without_tests = live if len(untested) == len(records) else live_units(untested, naming, modules, mentioned)
    return tuple(_File(record, naming, live, without_tests).linked() for record in records)


def _renamed_call(call: Call, naming: Naming) -> Call:
    names = naming.resolve(call.names, call.path, call.scope)
    return call if names is call.names else replace(call, names=names)


class _File:
    """Links one file."""

    def __init__(self, record: RawFile, naming: Naming, live: frozenset[str], without_tests: frozenset[str]) -> None:
        self.record = record
        self.naming = naming
        self._live = live
        self._without_tests = without_tests
        self._fate: dict[str, tuple[bool, bool]] = {"": (True, False)}
        self._units = {f.qualname for f in record.functions} | {c.qualname for c in record.classes}

    def linked(self) -> PythonFile:
        record = self.record
        return PythonFile(
            path=record.path,
            module=record.module,
            role=record.role,
            lines=record.lines,
            docstring=record.docstring,
            has_main_block=record.has_main_block,
            problem=record.problem,
            problem_line=record.problem_line,
            imports=self._placed(record.imports, lambda place: place),
            calls=self._placed(record.calls, self._call),
            functions=tuple(self._function(function) for function in record.functions),
            classes=tuple(self._class(cls) for cls in record.classes),
            assignments=self._placed(record.assignments, lambda a: self._with_value(a, "value", a.value, a.scope)),
            assertions=self._placed(record.assertions, self._named),
            references=self._placed(record.references, self._reference),
            texts=self._placed(record.texts, lambda place: place),
            loops=self._placed(record.loops, lambda x: self._with_value(x, "over", x.over, x.scope) if x.over else x),
            statements=record.statements,
        )

    def _placed(self, places: Iterable[P], change: Callable[[P], P]) -> tuple[P, ...]:
        """`places`, each changed and with its scope's fate."""
        result = []
        for place in places:
            live, only_tests = self._fate_of(place.scope)
            place = change(place)
            if (place.live and not live) or only_tests:
                place = replace(place, live=place.live and live, only_tests=only_tests, idle=place.live and not live)
            result.append(place)
        return tuple(result)

    def _fate_of(self, scope: str) -> tuple[bool, bool]:
        """Whether code in `scope` is live, and whether through tests only."""
        known = self._fate.get(scope)
        if known is None:
            known = self._fate_of(scope.rpartition(".")[0])
            if scope in self._units:
                name = f"{self.record.module}.{scope}"
                live = known[0] and name in self._live
                known = live, live and self.record.role is not Role.TEST and name not in self._without_tests
            self._fate[scope] = known
        return known

    def _names(self, names: Names, scope: str) -> Names:
        return self.naming.resolve(names, self.record.path, scope)

    def _value(self, value: Value, scope: str) -> Value:
        names = self._names(value.names, scope) if value.names else value.names
        elements, keys = self._values(value.elements, scope), self._values(value.keys, scope)
        if names is value.names and elements is value.elements and keys is value.keys:
            return value
        return replace(value, names=names, elements=elements, keys=keys)

    def _values(self, values: tuple[Value, ...], scope: str) -> tuple[Value, ...]:
        if not values:
            return values
        changed = tuple(self._value(value, scope) for value in values)
        return values if all(a is b for a, b in zip(changed, values, strict=True)) else changed

    def _with_value(self, place: P, field: str, value: Value, scope: str) -> P:
        changed = self._value(value, scope)
        return place if changed is value else replace(place, **{field: changed})

    def _call(self, call: Call) -> Call:
        names = self._names(call.names, call.scope)
        args = self._values(call.args, call.scope)
        keywords = call.keywords
        if keywords:
            given = tuple(value for _, value in keywords)
            changed = self._values(given, call.scope)
            if changed is not given:
                keywords = tuple((key, value) for (key, _), value in zip(keywords, changed, strict=True))
        own = self.naming.module_of(names[0]) is not None
        if names is call.names and args is call.args and keywords is call.keywords and not own:
            return call
        return replace(call, names=names, args=args, keywords=keywords, own=own)

    def _reference(self, reference: Reference) -> Reference:
        names = self._names(reference.names, reference.scope)
        return reference if names is reference.names else replace(reference, names=names)

    def _named(self, place: P) -> P:
        names: Names = place.names  # type: ignore[attr-defined]
        changed = self._names(names, place.scope)
        return place if changed is names else replace(place, names=changed)

    def _type(self, name: str, scope: str) -> str:
        return self._names((name,), scope)[0] if name else name

    def _function(self, function: Function) -> Function:
        live, only_tests = self._fate_of(function.qualname)
        parameters = tuple(
            replace(
                p,
                annotation=self._type(p.annotation, function.scope),
                default=self._value(p.default, function.scope) if p.default else None,
                metadata=self._values(p.metadata or self.naming.metadata(p.annotation), function.scope),
            )
            if p.annotation or p.default
            else p
            for p in function.parameters
        )
        return replace(
            function,
            live=function.live and live,
            only_tests=only_tests,
            idle=function.live and not live,
            parameters=parameters,
            returns=self._values(function.returns, function.qualname),
            return_annotation=self._type(function.return_annotation, function.scope),
            decorators=self._placed(function.decorators, self._call),
        )

    def _class(self, cls: Class) -> Class:
        live, only_tests = self._fate_of(cls.qualname)
        attributes = self.record.attributes.get(cls.qualname, {})
        return replace(
            cls,
            live=cls.live and live,
            only_tests=only_tests,
            idle=cls.live and not live,
            bases=tuple(self._type(base, cls.scope) for base in cls.bases),
            decorators=self._placed(cls.decorators, self._call),
            attributes=tuple((k, self._names(v, f"{cls.qualname}.__init__")) for k, v in attributes.items()),
        )
