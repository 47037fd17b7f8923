"""Lines as a reader of the page sees them: without characters that nobody sees, and with check boxes of HTML as Markdown's.

Word processors and chat windows leave zero-width characters and no-break spaces in what is copied from them (Unicode Standard,
section 23.2, "Layout Controls"); to Markdown those are letters, and a list item with one is no item.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from auditor.patterns import pattern

INVISIBLE = {
    code: None
    for first, last in ((0xAD, 0xAD), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064), (0xFEFF, 0xFEFF))
    for code in range(first, last + 1)
}
"""Soft hyphen, zero-width blanks and joiners, marks of direction, byte order mark: nothing is printed for them."""
BLANKS = pattern(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
"""Blanks that are none to Markdown."""
INPUT = pattern(r"<input\b[^<>]{0,200}\btype\s{0,3}=\s{0,3}[\"']?checkbox\b[^<>]{0,200}>", re.IGNORECASE)
CHECKED = pattern(r"\schecked\b(?!\s{0,3}=\s{0,3}[\"']?false)", re.IGNORECASE)
"""The attribute of a box that is ticked, whatever its value (HTML Standard, "Boolean attributes")."""
TAG = pattern(r"</?[a-zA-Z][^<>]{0,300}>")
QUOTE = pattern(r"^(?:\s{0,3}>)+\s?")


def without_invisible(text: str) -> str:
    """`text` without characters that nobody sees."""
    return text if text.isascii() else text.translate(INVISIBLE)


def with_boxes(lines: Sequence[str]) -> Sequence[str]:
    """The lines with plain blanks, and check boxes of HTML written as Markdown's; as many as before."""
    boxed = any("<input" in line.lower() for line in lines)
    if not boxed and all(line.isascii() for line in lines):
        return lines
    return tuple(with_box(line, boxed=boxed) for line in lines)


def with_box(line: str, *, boxed: bool = True) -> str:
    """One line with plain blanks, and Markdown's box for one of HTML. `boxed` where lines around it are HTML: tags alone go."""
    if not line.isascii():
        line = BLANKS.sub(" ", line)
    if not boxed or "<" not in line:
        return line
    found = INPUT.search(line)
    if found is None:
        return line if TAG.sub("", line).strip() else ""
    mark = "[x]" if CHECKED.search(found[0]) else "[ ]"
    text = unescape(TAG.sub(" ", f"{line[: found.start()]}{mark} {line[found.end() :]}"))
    return f"- {text.strip()}" if text.lstrip().startswith("[") else text.rstrip()


def unquoted(line: str) -> str:
    """The line without quote marks in front of it."""
    return QUOTE.sub("", line)
