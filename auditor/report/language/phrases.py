"""Phrases of `rules/statements.yaml`, found in sentences.

A course has a thousand of them and a report uses a few: each is a pattern of its own, and is compiled when all its words
stand in a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol

from auditor.patterns import compiled_pattern


class Finds(Protocol):
    """What finds a thing in text: phrases, or a pattern."""

    def search(self, text: str, /) -> re.Match[str] | None:
        """The first place where `text` names it."""

    def finditer(self, text: str, /) -> Iterator[re.Match[str]]:
        """Every place where `text` names it, none within another."""


class Phrases:
    """Phrases that mean one thing, without regard to case: `*` is any ending, a blank blanks or hyphens, `..` up to four words.

    Where several begin at one place, the longest is found. No phrases find nothing.
    """

    def __init__(self, words: Iterable[str]) -> None:
        begun = ((stems(phrase), phrase) for phrase in sorted(words, key=len, reverse=True))
        self._phrases = [(found[0], found[1:], phrase) for found, phrase in begun]

    def search(self, text: str) -> re.Match[str] | None:
        """The first phrase in `text`."""
        return next(self.finditer(text), None)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every phrase in `text`, none within another."""
        lower = folded(text)
        waiting = [
            compiled(phrase)
            for first, rest, phrase in self._phrases
            if first in lower and (not rest or all(word in lower for word in rest))
        ]
        end = 0
        while waiting and end <= len(text):
            found = [match for one in waiting if (match := one.search(text, end))]
            if not found:
                return
            first = min(found, key=re.Match.start)
            yield first
            end = max(first.end(), first.start() + 1)


@lru_cache(maxsize=1024)
def phrases(words: Sequence[str]) -> Phrases:
    """`words` as what finds them."""
    return Phrases(words)


def mentions(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the phrases stands in `text`."""
    return phrases(words).search(text) is not None


def may_mention(text: str, words: tuple[str, ...]) -> bool:
    """Whether the beginning of one of the phrases stands in `text`: found sooner than a phrase, and most texts have none."""
    lower = folded(text)
    for start in beginnings(words):  # noqa: SIM110 - in most texts none does: a loop takes a third of the time of `any`
        if start in lower:
            return True
    return False


@lru_cache(maxsize=1024)
def beginnings(words: tuple[str, ...]) -> tuple[str, ...]:
    """The beginning of each phrase, each once."""
    return tuple(dict.fromkeys(stems(phrase)[0] for phrase in words))


@lru_cache(maxsize=4096)
def stems(phrase: str) -> tuple[str, ...]:
    """What of a phrase stands in every text that it stands in, in order and without regard to case; its beginning first."""
    return tuple(phrase.strip().casefold().replace("..", " ").replace("*", " ").split()) or ("",)


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """`text` without regard to case."""
    return text.casefold()


@lru_cache(maxsize=4096)
def compiled(phrase: str) -> re.Pattern[str]:
    """One phrase as a pattern. `n't` is the end of a word: `didn't`, `haven't`."""
    pieces = [
        r"[\s-]+".join(re.escape(word).replace(r"\*", r"\w*") for word in piece.split()) for piece in phrase.split("..")
    ]
    if phrase.startswith("n't"):
        pieces[0] = r"\w{1,10}" + pieces[0]
    whole = r"[\s,/-]+(?:[\w',/-]+\s+){0,4}?".join(pieces)
    return compiled_pattern(rf"(?<![\w-])(?:{whole})(?!\w)", re.IGNORECASE)
