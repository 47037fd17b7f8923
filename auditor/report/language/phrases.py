"""Phrases of `rules/statements.yaml` as patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from auditor.patterns import pattern

NEVER = pattern(r"(?!)")
"""Matches nothing."""


@lru_cache(maxsize=1024)
def phrases(words: Sequence[str]) -> re.Pattern[str]:
    """Phrases as one pattern without regard to case: `*` is any ending, a blank blanks or hyphens, `..` up to four words.

    No phrases match nothing.
    """
    if not words:
        return NEVER
    return re.compile(r"(?<![\w-])(?:" + "|".join(alternatives(words)) + r")(?!\w)", re.IGNORECASE)


def mentions(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the phrases stands in `text`."""
    return may_mention(text, words) and phrases(words).search(text) is not None


def may_mention(text: str, words: tuple[str, ...]) -> bool:
    """Whether the beginning of one of the phrases stands in `text`: found sooner than a phrase, and most texts have none."""
    folded = text.casefold()
    return any(word in folded for word in first_words(words))


@lru_cache(maxsize=1024)
def first_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """The beginning of each phrase up to its first blank or `*`, each once."""
    return tuple(dict.fromkeys(re.split(r"[\s*]|\.\.", phrase.strip(), maxsplit=1)[0].casefold() for phrase in words))


def alternatives(words: Iterable[str]) -> Iterator[str]:
    """Each phrase as a regular expression, the longest first. `n't` is the end of a word: `didn't`, `haven't`."""
    for phrase in sorted(words, key=len, reverse=True):
        pieces = [
            r"[\s-]+".join(re.escape(word).replace(r"\*", r"\w*") for word in piece.split())
            for piece in phrase.split("..")
        ]
        if phrase.startswith("n't"):
            pieces[0] = r"\w{1,10}" + pieces[0]
        yield r"[\s,/-]+(?:[\w',/-]+\s+){0,4}?".join(pieces)
