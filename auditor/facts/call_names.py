"""Sets of dotted names: `torch.optim.*` holds `torch.optim.Adam`.

Such sets are long, and most of their entries are plain names or end in `.*`: those are looked up; only the others become one
regular expression, compiled when it is first needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


class NameSet:
    """A set of dotted names given by patterns with `*` for anything; every other character is meant literally."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._plain: set[str] = set()
        self._prefixes: set[str] = set()
        self._others: list[str] = []
        self._regex: re.Pattern[str] | None = None
        for pattern in patterns:
            stem = pattern.removesuffix(".*")
            if "*" not in pattern:
                self._plain.add(pattern)
            elif "*" not in stem:
                self._prefixes.add(stem)
            else:
                self._others.append(pattern)

    def match(self, name: str) -> bool:
        """Whether one of the patterns matches `name` as a whole."""
        if name in self._plain:
            return True
        at = name.find(".")
        while at >= 0:
            if name[:at] in self._prefixes:
                return True
            at = name.find(".", at + 1)
        if not self._others:
            return False
        if self._regex is None:
            alternatives = (".*".join(re.escape(part) for part in pattern.split("*")) for pattern in self._others)
            self._regex = re.compile("|".join(f"(?:{one})" for one in alternatives), re.DOTALL)
        return self._regex.fullmatch(name) is not None


def name_set(patterns: Iterable[str]) -> NameSet:
    """The set that `patterns` describe."""
    return _name_set(tuple(patterns))


@lru_cache(maxsize=1024)
def _name_set(patterns: tuple[str, ...]) -> NameSet:
    return NameSet(patterns)


def any_matches(names: Iterable[str], known: NameSet) -> bool:
    """Whether one of the names is in the set."""
    return any(known.match(name) for name in names)
