"""What names mean across the project: through re-exports, returned values, attributes, fixtures and arguments."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.facts.python.model import Call, Function, Role, Value
from auditor.facts.python.modules import Modules
from auditor.facts.python.reading.record import RawFile
from auditor.facts.python.reading.scopes import Names, bounded, extended
from auditor.patterns import pattern

HEAD = pattern(r"[^\W\d]\w*+(?:\.[^\W\d]\w*+)*+")
ATTRIBUTE = pattern(r"\.([^\W\d]\w*+)")

STEPS = 12
"""How far one name is followed."""

BUDGET = 30_000
"""Steps for all names together; thousands suffice for any real project."""

BARE_BASES = ("object", "abc.", "typing.", "enum.", "typing_extensions.")
"""Bases that give a class none of its methods."""

FIXTURES = frozenset({"pytest.fixture", "pytest_asyncio.fixture", "pytest.yield_fixture"})
PROPERTIES = frozenset({"property", "functools.cached_property", "cached_property"})


class Naming:
    """Follows names through the project's own modules. Calls are known from the second round on (`learn_callers`)."""

    def __init__(self, records: Iterable[RawFile], modules: Modules) -> None:
        self._modules = modules
        self._tops = modules.tops | {"src"}
        self._records = {record.module: record for record in records}
        self._by_path = {record.path: record for record in self._records.values()}
        self.functions: dict[str, Function] = {}
        self._fixtures: dict[str, list[Function]] = {}
        for record in self._records.values():
            for function in record.functions:
                self.functions[function.name] = function
                kinds = {name: call for call in function.decorators for name in call.names}
                for kind in FIXTURES & kinds.keys():
                    given = kinds[kind].keyword("name")
                    self._fixtures.setdefault((given and given.string) or function.own_name, []).append(function)
        self._steps = 0
        self._callers: dict[str, list[Call]] = {}
        self._known: dict[str, Names] = {}
        self._known_locally: dict[tuple[str, str, str], Names] = {}

    def learn_callers(self, calls: Iterable[Call]) -> None:
        """Take note of who calls what, so that parameters get a meaning; `calls` have been through a first round."""
        for call in calls:
            for name in call.names:
                self._callers.setdefault(name.replace("()", ""), []).append(call)
        self._known.clear()
        self._known_locally.clear()

    def resolve(self, names: Names, path: str, scope: str) -> Names:
        """What `names`, found in `scope` of file `path`, stand for."""
        found: list[str] = []
        for name in names:
            found += self._local(path, scope, name, 0) if name[:1] == "?" else self.follow(name)
        result = bounded(tuple(found))
        return names if result == names else result

    def follow(self, name: str, depth: int = 0) -> Names:
        """What a resolved name leads to, the name itself where it leads nowhere."""
        known = self._known.get(name)
        if known is None:
            if depth > STEPS or self._steps > BUDGET:
                return (name,)
            self._steps += 1
            self._known[name] = (name,)  # a name that leads to itself
            known = bounded(self._step(name, depth))
            self._known[name] = known
        return known

    def module_of(self, name: str) -> tuple[RawFile, list[str], str] | None:
        """The own module that `name` begins with, the identifiers after it, and the rest from the first bracket on."""
        head = HEAD.match(name)
        if head is None or head[0].partition(".")[0] not in self._tops:
            return None
        parts = head[0].split(".")
        for count in range(len(parts), 0, -1):
            record = self._records.get(".".join(parts[:count]))
            if record is not None:
                return record, parts[count:], name[head.end() :]
        return None

    def metadata(self, annotation: str) -> tuple[Value, ...]:
        """What an own module says beside the type that it gives the name `annotation` (`SessionDep = Annotated[...]`)."""
        for _ in range(STEPS):
            place = self.module_of(annotation)
            if place is None or len(place[1]) != 1:
                return ()
            record, (name,), _ = place
            if name in record.annotated:
                return record.annotated[name]
            onward = record.symbols.get(name, ())[:1]
            if not onward or onward[0] == annotation:
                return ()
            annotation = onward[0]
        return ()

    def _step(self, name: str, depth: int) -> Names:
        place = self.module_of(name)
        if place is None:
            canonical = self._modules.canonical(name) if name.startswith("src.") else None
            return self.follow(canonical, depth + 1) if canonical and canonical != name else (name,)
        record, parts, tail = place
        if not parts:
            return (name,)
        for count in range(len(parts), 0, -1):
            qualname = ".".join(parts[:count])
            rest = "".join(f".{part}" for part in parts[count:]) + tail
            function = self.functions.get(f"{record.module}.{qualname}")
            if function is not None:
                return self._returned(function, name, rest[2:], depth) if rest.startswith("()") else (name,)
            if qualname in record.bases:
                return self._member(record, qualname, rest, name, depth)
        rest = "".join(f".{part}" for part in parts[1:]) + tail
        meanings = record.symbols.get(parts[0], ())
        own = f"{record.module}.{parts[0]}"
        if meanings:
            return self._onward(tuple(m for m in meanings if m[:1] != "?" and m != own), rest, name, depth)
        for module in record.star_imports:
            outside = module not in self._records
            target = f"{module}.{parts[0]}"
            if outside or parts[0] in self._records[module].symbols or self._records[module].star_imports:
                return self._onward((target,), rest, name, depth)
        return (name,)

    def _onward(self, names: Names, rest: str, name: str, depth: int) -> Names:
        """`names` with `rest` appended, followed; `name` where there are none."""
        if not names or depth > STEPS:
            return (name,)
        return bounded(tuple(n for start in extended(names, rest) for n in self.follow(start, depth + 1)))

    def _returned(self, function: Function, name: str, rest: str, depth: int) -> Names:
        """What a function gives back."""
        names = tuple(n for value in function.returns for n in value.names if n != "None")
        local = tuple(m for n in names for m in (self._local(function.path, function.qualname, n, depth + 1)))
        local = tuple(n for n in local if n[:1] != "?" and not n.startswith(function.name + "()"))
        if not local and function.return_annotation not in ("", "None") and function.return_annotation[:1] != "?":
            local = (f"{function.return_annotation.removesuffix('()')}()",)
        return self._onward(local, rest, name, depth)

    def _member(self, record: RawFile, qualname: str, rest: str, name: str, depth: int) -> Names:
        """What `rest` (`().net.forward`) of an own class is: an attribute, a method, or what a base class has."""
        instance = rest.startswith("()")
        after = rest.removeprefix("()")
        attribute = ATTRIBUTE.match(after)
        if attribute is None:
            return (name,)
        member, onward = attribute[1], after[attribute.end() :]
        function = self.functions.get(f"{record.module}.{qualname}.{member}")
        if function is not None:
            if any(n in PROPERTIES for call in function.decorators for n in call.names):
                return self._returned(function, name, onward, depth)
            return self._returned(function, name, onward[2:], depth) if onward.startswith("()") else (name,)
        meanings = record.attributes.get(qualname, {}).get(member, ())
        if meanings:
            constructor = f"{qualname}.__init__"
            found = tuple(m for n in meanings for m in self._local(record.path, constructor, n, depth + 1))
            found = tuple(n for n in found if n[:1] != "?" and n != name and not n.startswith(f"{name}."))
            return self._onward(found, onward, name, depth)
        for base in record.bases[qualname]:
            for target in self.follow(base, depth + 1):
                if target.startswith(BARE_BASES) or target[:1] == "?":
                    continue
                return self.follow(f"{target}{'()' if instance else ''}{after}", depth + 1)
        return (name,)

    def _local(self, path: str, scope: str, name: str, depth: int) -> Names:
        """What `name`, found in `scope` of file `path`, leads to: parameters through fixtures, defaults and callers."""
        if name[:1] != "?":
            return self.follow(name, depth)
        key = (path, scope, name)
        known = self._known_locally.get(key)
        if known is None:
            if depth > STEPS or self._steps > BUDGET:
                return (name,)
            self._steps += 1
            self._known_locally[key] = (name,)
            known = bounded(self._unknown(path, scope, name, depth))
            self._known_locally[key] = known
        return known

    def _unknown(self, path: str, scope: str, name: str, depth: int) -> Names:
        record = self._by_path.get(path)
        head = HEAD.match(name, 1)
        if record is None or head is None:
            return (name,)
        variable = head[0].partition(".")[0]
        rest = name[1 + len(variable) :]
        while scope:
            function = self.functions.get(f"{record.module}.{scope}")
            if function is not None and any(p.name == variable for p in function.parameters):
                return self._onward(self._given(record, function, variable, depth), rest, name, depth)
            scope = scope.rpartition(".")[0]
        for module in record.star_imports:
            if module not in self._records:
                continue
            found = self.follow(f"{module}.{variable}{rest}", depth + 1)
            if variable in self._records[module].symbols:
                return found
        outside = [module for module in record.star_imports if module not in self._records]
        return (f"{outside[0]}.{variable}{rest}",) if len(outside) == 1 and variable not in record.symbols else (name,)

    def _given(self, record: RawFile, function: Function, parameter: str, depth: int) -> Names:
        """What a parameter is given: by a pytest fixture of its name, by its default, by the function's callers."""
        names: list[str] = []
        if record.role is Role.TEST and parameter in self._fixtures:
            fixture = min(self._fixtures[parameter], key=lambda f: _distance(f.path, record.path))
            names += self._returned(fixture, f"?{parameter}", "", depth + 1)
        index = next(i for i, p in enumerate(function.parameters) if p.name == parameter)
        default = function.parameters[index].default
        if default is not None:
            names += self.resolve(default.names, record.path, "")
        if function.owner:
            index -= 1
        called = function.name.removesuffix(".__init__")
        for call in self._callers.get(called, ())[:20]:
            value = call.argument(index, parameter)
            if value is not None:
                names += [n for m in value.names for n in self._local(call.path, call.scope, m, depth + 1)]
        return bounded(tuple(n for n in names if n[:1] != "?" and n != "None"))


def _distance(fixture: str, test: str) -> tuple[bool, int]:
    """How near a fixture's file is to a test's: the same file first, then the conftest.py of the nearest folder."""
    folder = fixture.rpartition("/")[0]
    return fixture != test, -len(folder) if f"{test}/".startswith(f"{folder}/") or not folder else 1
