"""Paths relative to a repository's root, with forward slashes, and patterns for their names."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate
from functools import lru_cache

from auditor.patterns import pattern

WILD = pattern(r"[*?\[]")
"""What means something else than itself in a shell-style pattern."""


@lru_cache(maxsize=512)
def one_of(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a name matches one of the shell-style `patterns` as a whole.

    Most of them are a plain name, an ending or a beginning: only the others are worth a regular expression.
    """
    plain: set[str] = set()
    starts: list[str] = []
    ends: list[str] = []
    others: list[str] = []
    for wanted in patterns:
        if not WILD.search(wanted):
            plain.add(wanted)
        elif wanted[0] == "*" and not WILD.search(wanted, 1):
            ends.append(wanted[1:])
        elif wanted[-1] == "*" and not WILD.search(wanted[:-1]):
            starts.append(wanted[:-1])
        else:
            others.append(wanted)
    beginnings, endings = tuple(starts), tuple(ends)
    rest = re.compile("|".join(map(translate, others))).match if others else None

    def matches(name: str) -> bool:
        if name in plain or name.endswith(endings) or name.startswith(beginnings):
            return True
        return rest is not None and rest(name) is not None

    return matches


def normalise(path: str) -> str:
    """`path` without `.`, doubled slashes and `a/..`; leading `..` are kept."""
    parts: list[str] = []
    for part in path.replace("\\", "/").split("/"):
        if part in ("", "."):
            continue
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
