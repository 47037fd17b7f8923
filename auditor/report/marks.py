"""What stands in a checklist item's box, or in the place of one."""

from __future__ import annotations

import re

from auditor.patterns import pattern
from auditor.records import Record

BOX = pattern(
    r"^\s{0,80}(?P<strike>~~)?(?:(?:[-*+]|\d{1,3}[.)])[ \t]{0,20})?(?:(?:~~|\*\*|__|\*|_)[ \t]{0,4})?"
    r"\\?\[(?P<mark>[^\[\]\n]{0,40}?)\\?\](?!\(\s{0,3}(?:https?:|#|/|\.|figures)|:\s)[ \t]{0,20}(?P<text>.*)$",
    re.DOTALL,
)
"""An item: bullet or none, box, text. Not a link `[x](https://...)` nor a link's definition `[x]: ...`."""

CROSSED_BOXES = ("☒", "🗷", "🗵")
"""Ballot boxes with a cross: a tick where the others are empty boxes (Pandoc writes task lists so), and none beside another tick."""
TICKS = (
    "✅",
    "☑",
    "✔",
    "✓",
    "🗹",
    "🟢",
    "🟩",
    ":white_check_mark:",
    ":heavy_check_mark:",
    ":ballot_box_with_check:",
    *CROSSED_BOXES,
)
CROSSES = tuple("❌ ✗ ✘ ❎ ☐ ⬜ ◻ 🔲 🔴 🟥 ✖ :x: :white_large_square: :negative_squared_cross_mark:".split())
HALVES = ("🟡", "🟨", "🟠", "🚧", "⏳", ":construction:", ":hourglass:")
SIGNS = (*TICKS, *CROSSES, *HALVES)

TICKED = frozenset(
    """
    x xx v y yes ja ok done completed finished true 1 √ × х + * 100%
    """.split()
)
BLANK = frozenset({"", "-", "–", "—", "_", "n", "no", "nej", "0", "0%", "n/a", "na", "none", "todo", "not done", "."})
LEGEND = pattern(
    r"^\W*(?:means|is|stands for|indicates)?\W*(?:not |partially |partly |almost |to be |is |in )?"
    r"(?:done|finished|completed?|implemented|started|progress|todo|to do|ticked|checked|applicable|open|planned)"
    r"(?:[^\w]+(?:but|or|and|not|yet|finished|started|done|implemented|completed?|applicable|tasks?|items?)){0,4}\W*$",
    re.IGNORECASE,
)
"""The text of a line that explains the marks: `[x] = done`."""


class Mark(Record):
    """A box or sign. `doubt`: it is neither a plain tick nor blank, so it is shown to the reader."""

    written: str
    ticked: bool
    doubt: bool = False


def read_mark(written: str) -> Mark:
    """What a box with `written` in it says.

    A half mark (`/`, `~`, `50%`) is read as not ticked: a group that writes it does not claim the item, and an auditor
    that held it to the whole claim would accuse it of what it never said. An `x` in brackets is a tick with a doubt. A
    mark that says nothing known ("A", a name) is not a tick either. All of these are shown as a note.
    """
    plain = written.replace("\ufe0f", "").replace("\u200d", "").strip().lower()
    if plain in TICKED or (plain and any(sign in plain for sign in TICKS)):
        return Mark(written, ticked=True)
    if plain in BLANK or any(sign in plain for sign in CROSSES):
        return Mark(written, ticked=False)
    if plain.strip("()") in TICKED or plain in ("x?", "x~", "~x", "x*", "x/"):
        return Mark(written, ticked=True, doubt=True)
    return Mark(written, ticked=False, doubt=True)


def ambiguous(mark: Mark) -> bool:
    """Whether a box is crossed, which may mean both."""
    return any(sign in mark.written for sign in CROSSED_BOXES)


def leading_sign(text: str) -> tuple[Mark, str] | None:
    """A sign in front of the text in the place of a box, and the rest of the text."""
    bare = text.lstrip(" \t-*+_~")
    if not bare.startswith(SIGNS):
        return None
    for signs, ticked, doubt in ((TICKS, True, False), (CROSSES, False, False), (HALVES, False, True)):
        for sign in signs:
            if bare.startswith(sign):
                return Mark(sign, ticked, doubt), bare[len(sign) :].lstrip("\ufe0f ")
    return None


def trailing_sign(text: str) -> tuple[Mark, str] | None:
    """A sign after the text in the place of a box, and the text before it."""
    bare = text.rstrip(" \t\ufe0f*_")
    for signs, ticked, doubt in ((TICKS, True, False), (CROSSES, False, False), (HALVES, False, True)):
        for sign in signs:
            if bare.endswith(sign):
                return Mark(sign, ticked, doubt), bare[: -len(sign)].rstrip()
    return None


def is_legend(text: str) -> bool:
    """Whether the text beside a mark explains the mark, rather than naming work."""
    return len(text) <= 80 and LEGEND.match(text) is not None
