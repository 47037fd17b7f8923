"""What a group added to an item's wording, and whether it takes something back."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from auditor.patterns import pattern
from auditor.report.candidates import Candidate
from auditor.report.wording import PLAIN_WORDS, WORD, stem

TAG = pattern(r"[(\[]?\b[MS]\d{1,2}(?:\s?[+,&/]\s?[MS]?\d{1,2}){0,3}\b[)\]]?", re.IGNORECASE)
"""A module tag as the template prints it at an item's end: (M5), (M2+M6)."""

BRACKETED = pattern(r"[(\[]([^()\[\]]{3,300})[)\]]")
AFTER_DASH = pattern(r"\s(?:-{1,3}|–|—|->|=>|:|#)\s*(\S.{0,300})$", re.DOTALL)

NO_NOTES = frozenset({"optional", "extra", "bonus", "if applicable", "if necessary"})
"""Notes that courses print themselves."""

RESERVATION = pattern(
    r"\b(?:not (?:(?:really|quite|yet|fully|completely|entirely|consistently|properly|actually|all|currently) )?"
    r"(?:\w+ly )?(?:applicable|finished|done|completed?|working|used|implemented|deployed|needed|necessary|relevant|"
    r"possible|set ?up|consistent|consistently|everywhere|running|tested|merged|active|enabled|available|all|yet|"
    r"perfect|fully|really|sure|successful|for)|n\.?/a|not in (?:use|main|production)|only|partial|partially|partly|"
    r"half|halfway|in part|unfinished|incomplete|in progress|wip|todo|to[- ]do|tbd|started|begun|attempted|tried|"
    r"(?:did|do|does|was|is|are|were|could|can|have|has|had|would)(?: not|n['’]?t)|cannot|never|no time|no longer|"
    r"failed|ran out|almost|nearly|somewhat|to some (?:extent|degree)|mostly|planned|skipped|dropped|disabled|removed|"
    r"deprecated|abandoned|limited|missing|lacking|except|instead|but (?:not|only|no|never))\b",
    re.IGNORECASE,
)
"""Words that take something back. English; a note without any of them is a remark."""


def without_tags(text: str) -> tuple[str, frozenset[str]]:
    """The text without module tags, and the modules that they name."""
    modules: set[str] = set()
    for tag in TAG.findall(text):
        named = ["M" + number for number in re.findall(r"\d{1,2}", tag)]
        modules.update(named)
        modules.add("".join(named))
    return TAG.sub(" ", text), frozenset(modules)


def note_of(candidate: Candidate, wording: str, known: frozenset[str]) -> str | None:
    """What stands in the item beyond `wording` (empty where it was recognised by a phrase); None where nothing does.

    `known` are the stems of all wordings of the item: words in brackets that are all among them are no note.
    """
    text = " ".join(without_tags(candidate.text)[0].replace("~~", "").split())
    parts = _beyond(text, wording, known) if wording else _set_apart(text, known)
    parts += [" ".join(remark.split()) for remark in candidate.remarks]
    if candidate.struck:
        parts.append("struck out")
    note = "; ".join(part for part in parts if part and part.lower() not in NO_NOTES)
    return note[:500] or None


def reserves(note: str) -> bool:
    """Whether a note reads as a reservation."""
    return RESERVATION.search(note) is not None


def _beyond(text: str, wording: str, known: frozenset[str]) -> list[str]:
    """The stretches of `text` before, within and after the words of `wording`."""
    found = list(WORD.finditer(text.lower()))
    if len(found) != len(WORD.findall(text.lower())) or len(text.lower()) != len(text):
        return _set_apart(text, known)
    here = [stem(match.group()) for match in found]
    there = [stem(word) for word in WORD.findall(wording.lower())]
    if here == there:
        return []
    blocks = SequenceMatcher(None, here, there, autojunk=False).get_matching_blocks()
    blocks = [block for block in blocks if block.size]
    matched = sum(block.size for block in blocks)
    if matched < 0.6 * len(there):
        return _set_apart(text, known)
    parts: list[str] = []
    position = 0
    for block in [*blocks, None]:
        until = block.a if block is not None else len(found)
        if until > position:
            start = found[position - 1].end() if position else 0
            end = found[until].start() if until < len(found) else len(text)
            inserted = here[position:until]
            edge = position == 0 or until == len(found)
            bracket = _bracket_over(text, found[position].start(), found[until - 1].end())
            if _substantial(inserted, there, edge=edge, bracketed=bool(bracket)) and not _all_known(inserted, known):
                parts.append(_trimmed(bracket if bracket and not edge else text[start:end]))
        if block is not None:
            position = block.a + block.size
    return parts


def _bracket_over(text: str, start: int, end: int) -> str:
    """The brackets that hold some of `text[start:end]`; empty where none do."""
    return next((m.group() for m in BRACKETED.finditer(text) if m.start() < end and start < m.end()), "")


def _substantial(inserted: list[str], wording: list[str], *, edge: bool, bracketed: bool) -> bool:
    """Whether inserted words are a note rather than another spelling: set in brackets, at an end, or at least three."""
    new = [word for word in inserted if word not in wording and word not in PLAIN_WORDS and not word.isdigit()]
    if any(len(word) >= 2 for word in inserted) and (bracketed or len(inserted) >= 3):
        return True
    return edge and any(len(word) >= 2 for word in new)


def _all_known(inserted: list[str], known: frozenset[str]) -> bool:
    return all(word in known or word in PLAIN_WORDS for word in inserted)


def _set_apart(text: str, known: frozenset[str]) -> list[str]:
    """What stands in brackets or after a dash."""
    dash = AFTER_DASH.search(BRACKETED.sub(" ", text))
    parts = BRACKETED.findall(text) + ([dash[1]] if dash else [])
    return [
        _trimmed(part) for part in parts if not _all_known([stem(word) for word in WORD.findall(part.lower())], known)
    ]


def _trimmed(text: str) -> str:
    """The text without brackets around it, dashes and emphasis at its ends."""
    text = text.strip(" \t-–—:;,.*_~=>#`|!")
    for opening, closing in ("()", "[]"):
        if text.startswith(opening) and text.count(opening) == text.count(closing) == 1 and text.endswith(closing):
            text = text[1:-1]
        if text.startswith(opening) and closing not in text:
            text = text[1:]
        if text.endswith(closing) and opening not in text:
            text = text[:-1]
    return text.strip(" \t-–—:;,.*_~")
