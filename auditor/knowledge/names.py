"""Sets of dotted names: `torch.optim.*` holds `torch.optim.Adam`.

Such sets are long, and most of their entries are plain names, end in `.*`, or have one `*` in another place: those are looked
up or compared at both ends, by their first name. Only entries with several stars become a regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache


class NameSet:
    """A set of dotted names given by patterns with `*` for anything; every other character is meant literally."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._plain: set[str] = set()
        self._prefixes: set[str] = set()
        starts: list[str] = []
        ends: list[str] = []
        self._ends_below: dict[str, list[tuple[str, str]]] = {}  # by the first name, where it is whole
        self._ends_anywhere: list[tuple[str, str]] = []
        self._others: list[str] = []
        for pattern in patterns:
            stem = pattern.removesuffix(".*")
            start, _, end = pattern.partition("*")
            if "*" not in pattern:
                self._plain.add(pattern)
            elif "*" not in stem:
                self._prefixes.add(stem)
            elif "*" in end:
                self._others.append(pattern)
            elif not end:
                starts.append(start)
            elif not start:
                ends.append(end)
            elif "." in start:
                self._ends_below.setdefault(start.partition(".")[0], []).append((start, end))
            else:
                self._ends_anywhere.append((start, end))
        self._starts = tuple(starts)
        self._ends = tuple(ends)
        self._simple = not (starts or ends or self._ends_below or self._ends_anywhere or self._others)

    def match(self, name: str) -> bool:
        """Whether one of the patterns matches `name` as a whole."""
        if name in self._plain:
            return True
        at = name.find(".")
        while at >= 0:
            if name[:at] in self._prefixes:
                return True
            at = name.find(".", at + 1)
        return not self._simple and self._resembles(name)

    def _resembles(self, name: str) -> bool:
        """Whether one of the patterns that cannot be looked up matches."""
        if name.startswith(self._starts) or name.endswith(self._ends):
            return True
        for start, end in (*self._ends_below.get(name.partition(".")[0], ()), *self._ends_anywhere):
            if name.endswith(end) and name.startswith(start) and len(name) >= len(start) + len(end):
                return True
        return bool(self._others) and self._pattern.fullmatch(name) is not None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """What the patterns with several stars match."""
        alternatives = (".*".join(re.escape(part) for part in pattern.split("*")) for pattern in self._others)
        return re.compile("|".join(f"(?:{one})" for one in alternatives), re.DOTALL)

    def among(self, names: NameIndex) -> list[str]:
        """Those of `names` that one of the patterns matches, in their order."""
        found = self._plain & names.order.keys()
        for prefix in self._prefixes & names.below.keys():
            found.update(names.below[prefix])
        if not self._simple:
            found.update(filter(self._resembles, names.order))
        return sorted(found, key=names.order.__getitem__)


class NameIndex:
    """Names that are to be asked for many sets: their order, and which of them lie below a prefix."""

    def __init__(self, names: Iterable[str]) -> None:
        self.order = {name: place for place, name in enumerate(dict.fromkeys(names))}
        self.below: dict[str, list[str]] = {}
        for name in self.order:
            at = name.find(".")
            while at >= 0:
                self.below.setdefault(name[:at], []).append(name)
                at = name.find(".", at + 1)


def name_set(patterns: Iterable[str]) -> NameSet:
    """The set that `patterns` describe."""
    return _name_set(tuple(patterns))


@lru_cache(maxsize=1024)
def _name_set(patterns: tuple[str, ...]) -> NameSet:
    return NameSet(patterns)


def any_matches(names: Iterable[str], known: NameSet) -> bool:
    """Whether one of the names is in the set."""
    return any(map(known.match, names))
