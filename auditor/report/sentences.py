"""Prose into sentences, safe with abbreviations, file names and students' punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.patterns import pattern
from auditor.report.model import OwnLine, Sentence

LONGEST = 1_000
"""Characters of a sentence; a longer one is cut into pieces at a blank."""
MOST = 1_000
"""Sentences of one answer."""

END = pattern(r"[.!?…]{1,5}[\"'”’)\]]{0,3}(?=\s)")
ABBREVIATIONS = frozenset(
    """
    e.g i.e eg ie etc vs fig figs eq sec no nr approx ca cf al resp incl excl max min avg dr mr mrs prof st vol
    ed pp p.s a.k.a w.r.t aka wrt dept est
    """.split()
)
OPENS_AFTER_ABBREVIATION = frozenset({"etc"})
"""Abbreviations that often end a sentence: they do where the next word begins with a capital."""


def sentences(paragraph: Sequence[OwnLine]) -> Iterator[Sentence]:
    """The sentences of the lines of one paragraph, each with the line on which it begins."""
    text, starts = "", []
    for line in paragraph:
        piece = " ".join(line.text.split())
        if not piece:
            continue
        text += " " if text else ""
        starts.append((len(text), line.line))
        text += piece
    for start, end in _spans(text):
        said = text[start:end].strip()
        if any(character.isalnum() for character in said):
            yield Sentence(_line_at(starts, start), said)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in END.finditer(text):
        if match.end() - start > LONGEST:
            yield from _pieces(text, start, match.end())
            start = match.end() + 1
        elif _ends(text, start, match):
            yield start, match.end()
            start = match.end() + 1
    if start < len(text):
        yield from _pieces(text, start, len(text))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = cut if cut > 0 else start + LONGEST
        yield start, cut
        start = cut + (text[cut] == " ")
    yield start, end


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the stop at `match` ends the sentence that began at `start`."""
    mark = match.group()
    if not mark.startswith("."):
        return True
    following = text[match.end() + 1 : match.end() + 2]
    if mark.startswith("..") and following.islower():
        return False
    before = text[max(start, match.start() - 20) : match.start()].rpartition(" ")[2].lstrip("(\"'[").lower()
    if before in OPENS_AFTER_ABBREVIATION:
        return not following.islower()
    if before in ABBREVIATIONS:
        return False
    if len(before) == 1 and before.isalpha():
        return before == "i"
    return not (before.isdigit() and len(text[start : match.start()]) <= 3)


def _line_at(starts: Sequence[tuple[int, int]], position: int) -> int:
    line = starts[0][1]
    for start, number in starts:
        if start > position:
            break
        line = number
    return line
