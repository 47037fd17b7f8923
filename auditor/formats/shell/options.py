"""Options of a command and their values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise


def options_of(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(option, value) as `-f x`, `--file x` or `--file=x`; that of an option which takes none is the word behind it."""
    for word, following in pairwise((*words, "")):
        if word.startswith("-"):
            name, equals, value = word.partition("=")
            yield name, value if equals else following


def values_of(words: Iterable[str], *names: str) -> list[str]:
    """What a command gives for an option of these names, each time that it is given."""
    return [value for name, value in options_of(words) if name in names and value]


def value_of(words: Iterable[str], *names: str) -> str:
    """The first of them; empty without one."""
    return next(iter(values_of(words, *names)), "")
