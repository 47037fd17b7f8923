"""Regular expressions that are compiled when they are first asked.

A module names dozens of them and one audit asks a part: compiling all of them took an eighth of its time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, AnyStr, cast

METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class LatePattern:
    """What `pattern` gives: it has the methods of `re.Pattern`, and their results."""

    __slots__ = ("flags", "pattern", *METHODS)

    if TYPE_CHECKING:
        pattern: str | bytes
        flags: int

    def __init__(self, text: str | bytes, flags: int = 0) -> None:
        self.pattern = text
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        """The method `name` of the compiled pattern, which is asked for the first time. Raises `re.error`."""
        if name not in METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        for method in METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)

    def __repr__(self) -> str:
        return f"pattern({self.pattern!r})"


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """`text` as `re.compile(text, flags)` has it, compiled when it is first asked. To be used for names of modules."""
    return cast("re.Pattern[AnyStr]", LatePattern(text, flags))
