"""How near two wordings are: words reduced to a stem, weighted by how rarely the checklist uses them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from math import fsum, log

from auditor.patterns import pattern

WORD = pattern(r"[a-z0-9]+")
ENDINGS = ("ings", "ing", "ies", "ed", "es", "s", "y", "e")
PLAIN_WORDS = frozenset(
    """
    a an and are as at be both by do either for from get if in is it its make most of on one or our over part so
    some sure that the their these this to up use used using we whatever where while with you your
    """.split()
)
"""Words that say nothing about which item it is."""

FUZZY_LOOKUPS = 400
"""How many unknown words of one report are compared letter by letter; each costs a third of a millisecond."""


def words(text: str) -> list[str]:
    """The words of `text` in lower case. Only ASCII: text that was decoded wrongly (`â€™`) reads the same."""
    return WORD.findall(text.lower())


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """`word` without its ending, so that "caching", "caches" and "cache" are one."""
    for _ in range(2):  # "deployed" -> "deploy" -> "deplo", as "deploy" itself
        for ending in ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                word = word[: -len(ending)]
                break
    return word


def stems(text: str) -> frozenset[str]:
    """The distinct stems of `text`, plain words left out."""
    return frozenset(stem(word) for word in words(text) if word not in PLAIN_WORDS)


class Vocabulary:
    """The words of all wordings, and how much each weighs."""

    def __init__(self, texts: Iterable[str]) -> None:
        documents = [stems(text) for text in texts]
        counts: dict[str, int] = {}
        for document in documents:
            for word in document:
                counts[word] = counts.get(word, 0) + 1
        self.weights = {word: log(1 + len(documents) / count) for word, count in counts.items()}
        self.heaviest = max(self.weights.values(), default=1.0)
        self.long = sorted(word for word in counts if len(word) >= 5)

    def weight(self, sought: Iterable[str]) -> float:
        """Sum of the words' weights; a word that no wording has weighs as little as the commonest.

        The same whatever order the words come in, which is another in each run: of items that are alike the first is meant.
        """
        return fsum([self.weights.get(word, 1.0) for word in sought])


class Spelling:
    """Which word of a vocabulary a misspelt word of one report stands for."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._spelled: dict[str, str] = {}

    def read(self, text: str) -> frozenset[str]:
        """The stems of `text`, misspelt ones put right."""
        return frozenset(self._correct(word) for word in sorted(stems(text)))  # sorted: only so many are compared

    def _correct(self, word: str) -> str:
        if word in self._vocabulary.weights or not 5 <= len(word) <= 20:
            return word
        if word not in self._spelled:
            if len(self._spelled) >= FUZZY_LOOKUPS:
                return word
            near = get_close_matches(word, self._vocabulary.long, n=1, cutoff=0.84)
            self._spelled[word] = near[0] if near else word
        return self._spelled[word]
