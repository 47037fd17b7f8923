"""The group's number and how many members it has, from the first two answers."""

from __future__ import annotations

import re

from auditor.patterns import pattern
from auditor.report.model import Answer

STUDY_NUMBER = pattern(r"(?<![\w.])s?(\d{6})(?!\d)", re.IGNORECASE)
"""DTU's student numbers: six digits, written with or without the s."""
AFTER_GROUP = pattern(r"\bgroup\b\D{0,20}?(\d{1,4})\b", re.IGNORECASE)
NUMBER = pattern(r"(?<![\w.])(?:G|Group|Gr\.?|#|mlops[ _-]?)?\s?(\d{1,4})(?![\d.]*\d)", re.IGNORECASE)
NO_GROUP = pattern(r"\b20[2-9]\d\b|\b\d{1,2} (?:students|members|people|persons)\b", re.IGNORECASE)
"""Years, and how many they are."""
SEPARATOR = pattern(r"[,;/&|\n]|\band\b|\bog\b", re.IGNORECASE)
NAME = pattern(r"^[^\W\d_][^\d_:!?]{1,60}$")


def group_number(answer: Answer | None) -> str | None:
    """The group's number as digits; None where the answer names none, or several."""
    if answer is None:
        return None
    text = "\n".join(line.text for line in answer.own + answer.code)[:2_000]
    found = AFTER_GROUP.findall(text) or NUMBER.findall(NO_GROUP.sub(" ", text)) or NUMBER.findall(text)
    distinct = list(dict.fromkeys(number.lstrip("0") or "0" for number in found))
    return distinct[0] if len(distinct) == 1 else None


def member_count(answer: Answer | None) -> int | None:
    """How many members: distinct study numbers, else names; None where the answer holds neither."""
    if answer is None:
        return None
    text = "\n".join(line.text for line in answer.own + answer.code)[:5_000]
    numbers = set(STUDY_NUMBER.findall(text))
    if numbers:
        return len(numbers)
    pieces = (piece.strip(" \t-*+_.()`\"'") for piece in SEPARATOR.split(text))
    names = {piece.lower() for piece in pieces if NAME.match(piece) and piece[0].isupper() and len(piece.split()) <= 5}
    return len(names) if 1 <= len(names) <= 12 else None
