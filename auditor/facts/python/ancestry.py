"""What a project's own classes inherit from, also by way of each other."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from auditor.facts.python.model import Class
from auditor.knowledge.names import NameSet, name_set

ANCESTORS = 100
"""Classes that `ancestors` names; whether a class inherits from another is told at any distance."""


class Ancestry:
    """Classes by name, and their heirs; of classes of one name the last stands for all."""

    def __init__(self, classes: Iterable[Class]) -> None:
        own = tuple(classes)
        self.classes = {cls.name: cls for cls in own}
        self._children: dict[str, list[str]] = {}
        for cls in own:
            for base in cls.bases:
                heirs = self._children.setdefault(base, [])
                if self.classes[cls.name] is cls:
                    heirs.append(cls.name)
        self._heirs: dict[tuple[str, ...], frozenset[str]] = {}

    def ancestors(self, cls: Class) -> tuple[str, ...]:
        """Resolved names of the classes that `cls` inherits from, through the project's own ones; nearest first, bounded."""
        found: dict[str, None] = {}
        todo = deque(cls.bases)
        while todo and len(found) < ANCESTORS:
            base = todo.popleft()
            if base not in found:
                found[base] = None
                own = self.classes.get(base)
                todo += own.bases if own is not None else ()
        return tuple(found)

    def inherits(self, cls: Class, patterns: tuple[str, ...]) -> bool:
        """Whether `cls` inherits from a class whose resolved name matches one of the patterns, at any distance."""
        heirs = self._heirs.get(patterns)
        if heirs is None:
            heirs = self._heirs[patterns] = self._heirs_of(name_set(patterns))
        return not heirs.isdisjoint(cls.bases)

    def _heirs_of(self, wanted: NameSet) -> frozenset[str]:
        """Names of bases that match, and of own classes that inherit from one at any distance: each looked at once."""
        found: set[str] = set()
        todo = [base for base in self._children if wanted.match(base)]
        while todo:
            base = todo.pop()
            if base not in found:
                found.add(base)
                todo += self._children.get(base, ())
        return frozenset(found)
