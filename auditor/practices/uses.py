"""What of its libraries the group's own code uses, by the kinds of the tables in `auditor/knowledge/tables/`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from auditor.evidence import Trace, aside, half, strong_first
from auditor.facts.own_work.template import Template
from auditor.facts.python import CODE, Call, Class, Import, PythonProject, Role
from auditor.injection import fact
from auditor.knowledge.names import Names
from auditor.practices.traces import IMPORTED_ONLY, IN_DOCS, IN_TESTS, TEMPLATE, TEMPLATES_OWN, USED_OTHERWISE, trace
from auditor.records import Record

SHARED = frozenset(
    """google azure torch numpy pandas scipy sklearn tensorflow keras transformers requests ray boto3 cv2 PIL mlflow""".split()
)
"""Libraries that are imported for many things: an import of them speaks for none."""


class Uses(Record, dict=True):
    """Calls and classes of own code by what they mean; the template's stubs and the project's own functions aside."""

    project: PythonProject
    names: Names
    template: Template

    def calls(self, *kinds: str, live: bool | None = None, roles: Iterable[Role] = CODE) -> tuple[Call, ...]:
        """Calls (and decorators) of one of the kinds, in files of these roles. Raises LookupError for a kind that no table has."""
        own = self._own(roles)
        found = {id(call): call for kind in kinds for call in self._of(kind)}
        return tuple(call for call in found.values() if (live is None or call.live is live) and own(call.path))

    def traces(self, *kinds: str, roles: Iterable[Role] = CODE) -> tuple[Trace, ...]:
        """The same as traces: they count where they run; in the template's own file by half."""
        wanted = frozenset(roles)
        found: dict[int, Trace] = {}
        for kind in kinds:
            for call in self._of(kind):
                if self.project.at(call.path).role in wanted:
                    found[id(call)] = half(call.evidence, TEMPLATE) if self.template.is_stub(call.path) else trace(call)
        return strong_first(found.values())

    def known_as(self, call: Call) -> tuple[str, ...]:
        """The names of libraries under which a call is known.

        Making an own class makes what it inherits from; a method of what an own function gives back is a library's, as far as can be told.
        """
        if not call.own:
            return call.names
        bases = (base for cls in filter(None, map(self.project.class_, call.names)) for base in self._below(cls))
        return (*bases, *filter(self._of_result, call.names))

    def known_under(self, name: str) -> tuple[str, ...]:
        """The name itself, or for an own class the names of libraries' classes that it inherits from."""
        cls = self.project.class_(name) or self.project.class_(name.removeprefix("src."))
        return (name,) if cls is None else self._below(cls)

    def _below(self, cls: Class) -> tuple[str, ...]:
        return tuple(base for base in self.project.ancestors(cls) if self.project.class_(base) is None)

    def is_a(self, call: Call, *kinds: str) -> bool:
        """Whether a call is of one of the kinds; never one of an own function."""
        names = call.names if not call.own else tuple(filter(self._of_result, call.names))
        return self.names.are(names, *kinds)

    def classes(self, kind: str, live: bool | None = None, roles: Iterable[Role] = CODE) -> tuple[Class, ...]:
        """Own classes below a base of the kind (`bases` in its table), the template's aside."""
        own = self._own(roles)
        found = self.project.classes(*self.names.listed(kind, "bases"), live=live)
        return tuple(cls for cls in found if own(cls.path))

    def named_only(self, *kinds: str, roles: Iterable[Role] = CODE) -> tuple[Trace, ...]:
        """Set aside: the first imports of the kinds' libraries, where nothing of these kinds is called."""
        if self.calls(*kinds, roles=roles):
            return ()
        own = self._own(roles)
        libraries = [library for kind in kinds for library in self.packages(kind) if library not in SHARED]
        found = [statement for statement in self.project.imports(*libraries) if own(statement.path)]
        return tuple(self.imported(statement, IMPORTED_ONLY, USED_OTHERWISE) for statement in found[:2])

    def imported(self, statement: Import, unused: str, otherwise: str = "") -> Trace:
        """Set aside: an import in the place of what was looked for. `unused` is why, unless the file is none of the program's own.

        With `otherwise`, that is why where the file calls something else of the library.
        """
        file = self.project.file(statement.path)
        why = unused
        if self.template.is_stub(statement.path):
            why = TEMPLATES_OWN
        elif file is not None and file.role not in CODE:
            why = IN_TESTS if file.role is Role.TEST else IN_DOCS
        elif otherwise and file is not None:
            library = statement.name.partition(".")[0]
            called = (name for call in file.calls for name in call.names)
            why = otherwise if any(name.startswith(f"{library}.") for name in called) else unused
        return aside(statement.evidence, why)

    def packages(self, kind: str) -> tuple[str, ...]:
        """The libraries of a kind, for what is declared and imported."""
        return self.names.packages(kind)

    def _own(self, roles: Iterable[Role]) -> Callable[[str], bool]:
        """Tells whether a file is of one of these roles, and not the template's."""
        wanted = frozenset(roles)
        return lambda path: self.project.at(path).role in wanted and not self.template.is_stub(path)

    def _of(self, kind: str) -> Sequence[Call]:
        if kind not in self.names.kinds and kind not in self.names.listed_kinds:
            raise LookupError(f"no table of names has the kind {kind}")
        return self._by_kind.get(kind, ())

    def _of_result(self, name: str) -> bool:
        """Whether a name is that of a method of what an own function gives back, of which nothing is known."""
        function, called, method = name.partition("()")
        given = bool(called and method) and self.project.function(function) is not None
        return given and self.project.function(name) is None

    @cached_property
    def _by_kind(self) -> dict[str, list[Call]]:
        index: dict[str, list[Call]] = {}
        for file in self.project.of():
            for call in file.calls:
                for kind in dict.fromkeys(kind for name in self.known_as(call) for kind in self.names.of(name)):
                    index.setdefault(kind, []).append(call)
        return index


@fact
def read_uses(project: PythonProject, names: Names, template: Template) -> Uses:
    """What own code uses. `Names` are given by who audits: the tables of the program and those of the course."""
    return Uses(project, names, template)
