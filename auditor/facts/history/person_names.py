"""Words of people's names, and whether a word or a shorter name stands for a name."""

from __future__ import annotations

import re
import unicodedata

LETTERS = str.maketrans({"ø": "o", "æ": "ae", "å": "aa", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


PARTICLES = frozenset(
    {"de", "da", "do", "dos", "von", "van", "der", "den", "del", "la", "le", "el", "al", "bin", "af", "of"}
)


def part_of(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether a name is the other with words left out or as initials: one whole word, and a second one at least."""
    left = list(full)
    whole = 0
    for word in sorted(short, key=len, reverse=True):
        match = next((w for w in left if w == word or (len(word) == 1 and w.startswith(word))), None)
        if match is None:
            return False
        left.remove(match)
        whole += len(word) > 2 and word not in PARTICLES
    return whole >= 1 and len(short) >= 2 and (full[0] in short or short[0][0] == full[0][0] or full[-1] in short)


def spells(word: str, name: tuple[str, ...]) -> bool:
    """Whether a word is made of a name: `adalovelace`, `lovelaceada`, `alovelace`, `lovelacea`, `adal`, `adalov`."""
    word = core(word)
    first, others = name[0], name[1:]
    if len(word) < 4 or not word.isalpha():
        return False
    for other in others:
        if len(other) >= 4 and word in (first[0] + other, other + first[0]):
            return True
    initials = "".join(w[0] for w in others)
    if len(first) >= 3 and word in (first + initials, first + others[-1][0]):
        return True
    if len(others[-1]) >= 4 and word == "".join(w[0] for w in name[:-1]) + others[-1]:
        return True
    rest = word.removeprefix(first) if len(first) >= 3 and word.startswith(first) else ""
    return (len(rest) >= 3 and any(other.startswith(rest) for other in others)) or made_of(word, name)


def made_of(word: str, name: tuple[str, ...]) -> bool:
    """Whether a word is a row of whole words of a name, two different ones at least."""
    whole = [w for w in set(name) if len(w) >= 2]
    ends: dict[int, set[str]] = {0: set()}
    for position in range(len(word)):
        if position in ends:
            for part in whole:
                if word.startswith(part, position):
                    ends.setdefault(position + len(part), set()).update(ends[position] | {part})
    return len(ends.get(len(word), ())) >= 2


def holds_surname(word: str, name: tuple[str, ...]) -> bool:
    """Whether a word begins or ends with a word of a name other than the first."""
    return any(len(other) >= 4 and (word.startswith(other) or core(word).endswith(other)) for other in name[1:])


def core(word: str) -> str:
    """A word without the digits at its ends."""
    return word.strip("0123456789")


def folded(text: str) -> str:
    """Letters and digits of a text in lower case, without accents."""
    text = unicodedata.normalize("NFKD", text.lower().translate(LETTERS))
    return "".join(c for c in text if c.isalnum())


def name_words(name: str) -> tuple[str, ...]:
    """Words of a name, first name first: `Lovelace, Ada` and `AdaLovelace` are both (`ada`, `lovelace`)."""
    last, comma, first = name.partition(",")
    if comma and first.strip() and last.strip():
        name = f"{first} {last}"
    name = re.sub(r"(?<=[^\W\d_])['’](?=\w)", "", name)
    name = re.sub(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ])|^([A-Z])(?=[A-Z][a-z]{3})", r"\1 ", name)
    return tuple(word for part in re.split(r"[\W_]+", name) if (word := folded(part)))
