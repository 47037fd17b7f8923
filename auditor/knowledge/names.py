"""Sets of dotted names: `torch.optim.*` holds `torch.optim.Adam`.

Such sets are long, and most of their entries are plain names, end in `.*`, or have one `*` in another place: those are looked
up or compared at both ends, by their first name. Only entries with several stars become a regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple

from auditor.patterns import compiled_pattern

LONGEST = 300
"""Characters of a resolved name that is looked up; a longer one is of no kind."""


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
        return compiled_pattern("|".join(f"(?:{one})" for one in alternatives), re.DOTALL)

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


class Row(NamedTuple):
    """One row of a table: `name` below `library` is of `kind`; `library` may be `any`, `all` or `python` (`knowledge/tables.py`)."""

    kind: str
    library: str
    name: str

    @property
    def full(self) -> str:
        """The name as it is matched: the library's before it, `**` for what lies below a library that is taken whole."""
        if self.library == "all":
            return f"{self.name}.**"
        return self.name if self.library in ("any", "python") else f"{self.library}.{self.name}"


class Glob(NamedTuple):
    """A pattern of names of a kind: `*` is part of one word, `**` anything."""

    pattern: str
    start: str
    """What stands before the first star, and `end` after the last: most names differ there, and cost no regular expression."""
    end: str
    kind: str

    def matches(self, name: str) -> bool:
        """Whether the pattern matches `name` as a whole."""
        return (
            name.startswith(self.start)
            and name.endswith(self.end)
            and _compiled(self.pattern).fullmatch(name) is not None
        )


class Names:
    """What the names of libraries mean: kinds by resolved name. Each distinct name is looked up once and gives all its kinds."""

    def __init__(
        self,
        rows: Iterable[Row],
        lists: Mapping[tuple[str, str], tuple[str, ...]] | None = None,
        stems: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.rows = tuple(rows)
        self._exact: dict[str, set[str]] = {}
        self._patterns: dict[str, list[Glob]] = {}  # by first word
        self._any_exact: dict[str, set[str]] = {}
        self._any_patterns: dict[str, list[Glob]] = {}  # by first word, "" where that has a star
        self._packages: dict[str, dict[str, None]] = {}
        self._lists = dict(lists or {})
        self._stems = dict(stems or {})
        self._known: dict[str, frozenset[str]] = {}
        for row in self.rows:
            anywhere = row.library == "any"
            exact, patterns = (self._any_exact, self._any_patterns) if anywhere else (self._exact, self._patterns)
            if "*" in row.full:
                start, end = row.full.partition("*")[0], row.full.rpartition("*")[2]
                patterns.setdefault(first_word(row.full), []).append(Glob(row.full, start, end, row.kind))
            else:
                exact.setdefault(row.full, set()).add(row.kind)
            if row.library == "all":
                self._exact.setdefault(row.name, set()).add(row.kind)
            if row.library not in ("any", "python"):
                self._packages.setdefault(row.kind, {})[first_word(row.full).removesuffix("()")] = None
        self.kinds = frozenset(
            kind for table in (self._exact, self._any_exact) for kinds in table.values() for kind in kinds
        ) | {one.kind for table in (self._patterns, self._any_patterns) for found in table.values() for one in found}

    def of(self, name: str) -> frozenset[str]:
        """The kinds of a resolved name; none for one that is not known, or longer than any that a person wrote."""
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._look_up(name) if len(name) <= LONGEST else frozenset()
        return found

    def are(self, names: Iterable[str], *kinds: str) -> bool:
        """Whether one of several resolved names is of one of the kinds."""
        for name in names:  # noqa: SIM110 - asked ten thousand times an audit, and mostly no
            if not self.of(name).isdisjoint(kinds):
                return True
        return False

    def packages(self, kind: str) -> tuple[str, ...]:
        """The top-level names of the libraries that have names of this kind."""
        return tuple(self._packages.get(kind, ()))

    def listed(self, kind: str, what: str) -> tuple[str, ...]:
        """What a kind has of one of the `LISTS` of `knowledge/tables.py`: `commands`, `distributions`, ..."""
        return self._lists.get((kind, what), ())

    def stems(self, topic: str) -> tuple[str, ...]:
        """Stems by which the open search knows a topic when no table knows the library."""
        return self._stems.get(topic, ())

    @property
    def listed_kinds(self) -> frozenset[str]:
        """The kinds that have such lists."""
        return frozenset(kind for kind, _ in self._lists)

    @property
    def topics(self) -> frozenset[str]:
        """Topics of the open search."""
        return frozenset(self._stems)

    def _look_up(self, name: str) -> frozenset[str]:
        found = set(self._exact.get(name, ()))
        found.update(one.kind for one in self._patterns.get(first_word(name), ()) if one.matches(name))
        anywhere = [one for one in self._any_patterns.get("", ()) if name.endswith(one.end)]  # the end is every tail's
        start = 0
        while start >= 0:  # at each word: what comes before is whatever library
            tail = name[start:]
            found.update(self._any_exact.get(tail, ()))
            found.update(one.kind for one in anywhere if one.matches(tail))
            found.update(one.kind for one in self._any_patterns.get(first_word(tail), ()) if one.matches(tail))
            start = name.find(".", start) + 1 or -1
        return frozenset(found)


def first_word(name: str) -> str:
    """The first word of a dotted name; empty where it holds a star."""
    word = name.partition(".")[0]
    return "" if "*" in word else word


@lru_cache(maxsize=2048)
def _compiled(pattern: str) -> re.Pattern[str]:
    pieces = (r"[^.]*".join(re.escape(part) for part in piece.split("*")) for piece in pattern.split("**"))
    return compiled_pattern(r".*".join(pieces), re.DOTALL)
