"""Sets of dotted names as one pattern: `torch.optim.*` matches `torch.optim.Adam`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate


def name_set(patterns: Iterable[str]) -> re.Pattern[str]:
    """A compiled pattern that matches a name where one of the shell-style `patterns` does; brackets are literal."""
    return re.compile("|".join(translate(pattern.replace("[", "[[]")) for pattern in patterns))


def any_matches(names: Iterable[str], pattern: re.Pattern[str]) -> bool:
    """Whether one of the names matches."""
    return any(pattern.match(name) for name in names)
