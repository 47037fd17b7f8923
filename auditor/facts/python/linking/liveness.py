"""Which functions and classes anything leads to. In doubt, live."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.facts.python.linking.naming import Naming
from auditor.facts.python.model import Call, Class, Function, Role
from auditor.facts.python.modules import Modules
from auditor.facts.python.reading.everyday import EVERYDAY
from auditor.facts.python.reading.record import RawFile
from auditor.patterns import pattern

PLAIN_DECORATORS = frozenset(
    """staticmethod classmethod property dataclass override overload final abstractmethod cached_property lru_cache
    cache wraps contextmanager asynccontextmanager no_grad inference_mode dataclass_json total_ordering
    runtime_checkable jit script compile njit setter getter deleter enable_grad timeit profile typechecked beartype
    singledispatch""".split()
)
"""Decorators (by their last name) that leave a function where it is; any other may register it somewhere."""

FOUND_BY_BASE = ("locust.", "unittest.", "bentoml.", "django.", "celery.", "scrapy.", "pytorch_lightning.cli", "cog.")
"""Frameworks that find classes by their base class, without any reference in the code."""

PASSES = 100
"""Passes over all functions; code that needs more is not told apart, all of it is live."""

SKIPPED = frozenset({"pytest.mark.skip", "unittest.skip", "unittest.case.skip"})

DOTTED = pattern(r"[A-Za-z_]\w*+(?:[.:][A-Za-z_]\w*+)++")
ENTRY_POINT = pattern(r"(?:entry[-_]?point|function[-_]target|\bimport)[=:\s]{1,5}[\"']?([A-Za-z_]\w*)", re.IGNORECASE)
"""Cloud Functions' `--entry-point` and FUNCTION_TARGET, and `python -c "from shop.data import load; load()"`."""


@dataclass(slots=True)
class _Unit:
    """A function or class: what is live or not as a whole."""

    record: RawFile
    definition: Function | Class
    parent: str  # name of the class or function around it, empty at module level
    marked: bool = False
    live: bool = False


LONGEST_NAME = 300
"""Characters of a dotted name that is looked up; time grows with the square of its parts."""


def words(texts: Iterable[str]) -> frozenset[str]:
    """Dotted names and entry points in configuration files and commands; a name of some hundred characters is none."""
    found: set[str] = set()
    for text in texts:
        found.update(DOTTED.findall(text))
        found.update(ENTRY_POINT.findall(text))
    return frozenset(word for word in found if len(word) <= LONGEST_NAME)


def live_units(
    records: Iterable[RawFile], naming: Naming, modules: Modules, mentioned: frozenset[str]
) -> frozenset[str]:
    """Names of the functions and classes that the files' own code, the tests, or `mentioned` words lead to."""
    return _Search(list(records), naming, modules).run(mentioned)


class _Search:
    def __init__(self, records: list[RawFile], naming: Naming, modules: Modules) -> None:
        self._naming = naming
        self._modules = modules
        self._records = records
        self._units: dict[str, _Unit] = {}
        self._by_last: dict[str, list[_Unit]] = {}
        for record in records:
            definitions: list[Function | Class] = [*record.functions, *record.classes]
            for definition in definitions:
                parent = definition.qualname.rpartition(".")[0]
                unit = _Unit(record, definition, f"{record.module}.{parent}" if parent else "")
                earlier = self._units.get(definition.name)
                if earlier is not None:  # what a decorator registered stays so when its name is given anew
                    unit.marked = earlier.marked or any(_registers(call) for call in earlier.definition.decorators)
                self._units[definition.name] = unit
                self._by_last.setdefault(definition.own_name, []).append(unit)
        self._attributes: set[str] = set()
        self._words: set[str] = set()
        self._marked: set[str] = set()
        self._external: dict[str, bool] = {}

    def run(self, mentioned: frozenset[str]) -> frozenset[str]:
        for word in mentioned:
            self._mention(word)
        for record in self._records:
            self._use(record, "")
        waiting = list(self._units.values())
        for _ in range(PASSES):
            still: list[_Unit] = []
            for unit in reversed(waiting):  # there and back: callers stand below what they call as often as above
                if self._reached(unit):
                    unit.live = True
                    self._use(unit.record, unit.definition.qualname)
                else:
                    still.append(unit)
            if len(still) == len(waiting):
                return frozenset(name for name, unit in self._units.items() if unit.live)
            waiting = still
        return frozenset(self._units)

    def _use(self, record: RawFile, scope: str) -> None:
        for use in record.uses.get(scope, ()):
            if use[0] == ".":
                self._attributes.add(use[1:])
            elif use[0] == "'":
                self._mention(use[1:])
            elif use[0] == "?":
                if record.star_imports:
                    self._mark_all_called(re.split(r"\W", use[1:], maxsplit=1)[0])
            else:
                self._mark(re.split(r"\(|\[", use, maxsplit=1)[0])

    def _mark(self, name: str) -> None:
        if name in self._marked:
            return
        self._marked.add(name)
        if name.endswith(".*"):
            for other, unit in self._units.items():
                if other.startswith(name[:-1]):
                    unit.marked = True
            name = name[:-2]
        for target in {name, *self._naming.follow(name)}:
            parts = re.split(r"\(|\[", target, maxsplit=1)[0].split(".")
            for count in range(len(parts), 0, -1):
                found = self._units.get(".".join(parts[:count]))
                if found is not None:
                    found.marked = True

    def _mark_all_called(self, last: str) -> None:
        for unit in self._by_last.get(last, ()):
            unit.marked = True

    def _mention(self, word: str) -> None:
        dotted = word.replace(":", ".")
        own = self._modules.locate(dotted, "")
        if own is not None:
            self._mark(own)
            return
        last = dotted.rpartition(".")[2]
        if ":" in word or last not in EVERYDAY:
            self._words.add(last)
            self._mark_all_called(last)

    def _reached(self, unit: _Unit) -> bool:
        """Whether anything known so far leads to `unit`."""
        definition = unit.definition
        if not definition.live or any(name in SKIPPED for call in definition.decorators for name in call.names):
            return False
        parent = self._units.get(unit.parent)
        if parent is not None and not parent.live:
            return False
        if unit.record.role is Role.TEST and unit.record.symbols.get("pytestmark", ("",))[0].startswith(
            "pytest.mark.skip()"
        ):
            return False
        if unit.marked or unit.record.role in (Role.TEST, Role.NOTEBOOK) or definition.own_name.startswith("__"):
            return True
        if any(_registers(call) for call in definition.decorators):
            return True
        if isinstance(definition, Class):
            if parent is not None and isinstance(parent.definition, Class):
                return True  # settings of the class around it (`class Config:`, `class Meta:`)
            return any(b.startswith(FOUND_BY_BASE) for b in self._bases(definition))
        if definition.owner:
            name = definition.own_name
            return name in self._attributes or name in self._words or self._has_external_base(unit, definition)
        return _is_cloud_function(definition)

    def _bases(self, cls: Class) -> list[str]:
        return [target for base in cls.bases for target in self._naming.follow(base)]

    def _has_external_base(self, unit: _Unit, method: Function) -> bool:
        """Whether the method's class inherits from a class of a library, which may call the method."""
        return self._inherits_outside(f"{unit.record.module}.{method.owner}", 0)

    def _inherits_outside(self, name: str, depth: int) -> bool:
        if name not in self._external:
            self._external[name] = False
            unit = self._units.get(name)
            if unit is None:
                outside = name not in ("object", "abc.ABC") and not name.startswith("typing.")
            else:
                bases = self._bases(unit.definition) if isinstance(unit.definition, Class) else []
                outside = depth < 20 and any(self._inherits_outside(base, depth + 1) for base in bases)
            self._external[name] = outside
        return self._external[name]


def _registers(decorator: Call) -> bool:
    return all(name.replace("()", "").rpartition(".")[2] not in PLAIN_DECORATORS for name in decorator.names)


def _is_cloud_function(function: Function) -> bool:
    """Whether it has the shape that Cloud Functions calls by name ("Cloud Run functions", Write functions)."""
    names = [p.name for p in function.parameters]
    shape = names in (["request"], ["event", "context"], ["data", "context"], ["cloud_event"])
    return shape and function.path.rpartition("/")[2] == "main.py"
