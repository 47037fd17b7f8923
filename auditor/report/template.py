"""Telling the course's template from the group's words, by fingerprints of the template's lines.

The template itself is not stored: `scripts/fingerprint_report.py` makes `rules/report_fingerprints.json` from it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from auditor.patterns import pattern

BOX = pattern(r"^[\W_]*\[[^\]\n]{0,3}\]")
PLACEHOLDER = pattern(
    r"-{2,10}\s{0,5}question\s{0,3}\d{0,3}\s{0,3}fill\s{1,3}(?:in\s{1,3})?here\s{0,5}-{0,10}", re.IGNORECASE
)
"""What the template leaves where an answer belongs."""

FORMULA = pattern(r"^\W*(?:(?:recommended\s+)?answer\s+length\b|example\s*:?\W*$|answer\s*:?\W*$)", re.IGNORECASE)
"""Lines that every edition has around a question, whatever numbers stand in them."""

EXAMPLE = pattern(r"^\W{0,10}example\W{0,3}(?::\W*|$)", re.IGNORECASE)
"""The word above the template's example of an answer."""

NOT_LETTERS = pattern(r"[^a-z0-9]+")


def normal(line: str) -> str:
    """`line` in lower case without quote marks, boxes, emphasis and everything else that is not a letter or digit.

    Only ASCII is kept, so that a template that was saved in another encoding reads the same.
    """
    line = line.lower()
    if "[" in line:
        line = BOX.sub("", line)
    return NOT_LETTERS.sub(" ", line).strip()


def fingerprint(line: str) -> str | None:
    """First eight hexadecimal digits of the SHA-256 of the normal form; None for a line without letters and digits."""
    text = normal(line)
    return hashlib.sha256(text.encode()).hexdigest()[:8] if text else None


def fingerprints(lines: Iterable[str]) -> set[str]:
    """The fingerprints of all lines that have one."""
    return {mark for mark in map(fingerprint, lines) if mark is not None}
