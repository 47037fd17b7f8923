"""What reading one file asks about the project's other files, and what was answered."""

from __future__ import annotations

from auditor.facts.python.modules import Modules
from auditor.records import Record


class Answers(Record, array_like=True):
    """All that one file asked, with the answers: whoever answers the same would have the same read in it."""

    imports: tuple[tuple[int, str, str | None], ...] = ()
    """Level of a relative import (0: an absolute one), name, resolved name."""
    tops: frozenset[str] = frozenset()
    """Top-level names that were asked after."""
    own_tops: frozenset[str] = frozenset()
    """Those of them that the project has."""
    names: frozenset[str] = frozenset()
    """Dotted names that were asked after."""
    own_names: frozenset[str] = frozenset()
    """Those of them that are modules of the project."""

    def hold(self, path: str, modules: Modules) -> bool:
        """Whether file `path` would be answered the same by `modules`."""
        return (
            self.tops & modules.tops == self.own_tops
            and self.names & modules.path_of.keys() == self.own_names
            and all(imported(path, level, name, modules) == before for level, name, before in self.imports)
        )


class Questions:
    """The project's modules as file `path` sees them; what it asks is written down."""

    def __init__(self, path: str, modules: Modules) -> None:
        self._path = path
        self._modules = modules
        self._imports: dict[tuple[int, str], str | None] = {}
        self._tops: set[str] = set()
        self._names: set[str] = set()

    def answers(self) -> Answers:
        """Every question so far and its answer."""
        return Answers(
            tuple((level, name, found) for (level, name), found in self._imports.items()),
            frozenset(self._tops),
            frozenset(self._tops & self._modules.tops),
            frozenset(self._names),
            frozenset(self._names & self._modules.path_of.keys()),
        )

    def locate(self, name: str) -> str | None:
        """What the absolute `name` means here, as `Modules.locate` has it."""
        return self._import(0, name)

    def relative(self, level: int, name: str) -> str:
        """What `name` means here with `level` dots before it, as `Modules.relative` has it."""
        return self._import(level, name) or ""

    def has_top(self, name: str) -> bool:
        """Whether the project has a module or package of this top-level name."""
        self._tops.add(name)
        return name in self._modules.tops

    def has_module(self, name: str) -> bool:
        """Whether the project has a module of this dotted name."""
        self._names.add(name)
        return name in self._modules.path_of

    def _import(self, level: int, name: str) -> str | None:
        key = level, name
        if key not in self._imports:
            self._imports[key] = imported(self._path, level, name, self._modules)
        return self._imports[key]


def imported(path: str, level: int, name: str, modules: Modules) -> str | None:
    """What `name` means where file `path` imports it with `level` dots before it."""
    return modules.relative(path, level, name) if level else modules.locate(name, path)
