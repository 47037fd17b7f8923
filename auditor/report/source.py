"""The report's text made ready for reading: bounded, comments blanked, and cut into parts.

Each part is parsed by itself, so that a code fence that a group forgot to close ends with its answer and not with the
report. Line numbers stay those of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from auditor.patterns import pattern
from auditor.records import Record
from auditor.report.visible import without_invisible

LONGEST_TEXT = 400_000
"""Characters of a report that are read; filled-in reports have about 50,000."""
LONGEST_LINE = 10_000
"""Characters of a line that are read: a longer one is a picture pasted as data."""
MOST_LINES = 8_000
"""Lines with something on them."""
ITEM = pattern(r"\s{0,12}(?:[-*+]|\d{1,9}[.)])\s{1,4}\[.?\]")
MOST_ITEMS = 1_000
"""Items at the report's beginning and at its end that are read; a checklist has some fifty."""
MOST_QUESTIONS = 100
"""Questions that are read; the report has about thirty."""

# maxNesting as a bound on quotes and lists within each other. Inline content is parsed only where it is asked for.
BLOCKS = MarkdownIt("commonmark", {"maxNesting": 30}).enable("table")
BLOCKS.core.ruler.disable(["inline", "text_join"])

_NUMBER = r"(?:question|spørgsmål|q)\s{0,3}\.?#?\s{0,3}(?P<number>\d{1,2})\b"
HEADING = pattern(rf"^ {{0,3}}(?:#{{1,6}}\s{{0,5}}|(?:\*\*|__)\s?)\W{{0,3}}{_NUMBER}", re.IGNORECASE)
UPPER_HEADING = pattern(r"^ {0,3}#{1,2}\s+\S")
PLAIN_HEADING = pattern(rf"^\W{{0,5}}{_NUMBER}\W{{0,5}}$", re.IGNORECASE)


class Section(Record, dict=True):
    """Lines of the report: the part before the first question, or one question with all that stands under it."""

    first: int
    """Line number of `lines[0]`, counted from 1."""
    lines: tuple[str, ...]
    number: int | None = None
    """The question's number in its heading; None for the first part, or where the heading is gone."""
    is_question: bool = False

    @cached_property
    def tokens(self) -> list[Token]:
        """The section's Markdown blocks; their lines count from `first`."""
        return blocks("\n".join(self.lines))


class Source(Record):
    """The report's lines with comments blanked, and what of it was not read."""

    lines: tuple[str, ...]
    cut: str | None = None
    unclosed_comment: int | None = None


def blocks(text: str) -> list[Token]:
    """Markdown's blocks of `text`; none where it nests deeper than the parser can go."""
    try:
        return BLOCKS.parse(text)
    except RecursionError:
        return []


def read_source(text: str) -> Source:
    """Bounded lines of `text`, with HTML comments and front matter blanked."""
    text = without_invisible(text).replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
    lines = text.split("\n")
    lines = [line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] for line in lines]
    lines, items = _without_flood(lines)
    lines, questions = _without_empty_questions(lines)
    cuts = [said for said in (items, questions) if said]
    size = written = 0
    for index, line in enumerate(lines):
        size += len(line) + 1
        written += bool(line.strip())
        if written > MOST_LINES or size > LONGEST_TEXT:
            lines = lines[:index]
            cuts = [f"only the first {index:,} lines of the report were read: the others are too many, or too long"]
            break
    lines = _without_front_matter(lines)
    lines, unclosed = _without_comments(lines)
    return Source(tuple(lines), "; ".join(cuts) or None, unclosed)


def _without_flood(lines: list[str]) -> tuple[list[str], str | None]:
    """Blank all but the first and last items where there are thousands: they must not crowd the answers out."""
    items = [index for index, line in enumerate(lines) if ITEM.match(line)]
    if len(items) <= 2 * MOST_ITEMS:
        return lines, None
    lines = list(lines)
    for index in items[MOST_ITEMS:-MOST_ITEMS]:
        lines[index] = ""
    return lines, f"of {len(items):,} checklist items only the first and the last {MOST_ITEMS:,} were read"


def _without_empty_questions(lines: list[str]) -> tuple[list[str], str | None]:
    """Blank the headings of questions with nothing under them where there are hundreds, for the same reason."""
    headings = [index for index, line in enumerate(lines) if HEADING.match(line)]
    if len(headings) <= 2 * MOST_QUESTIONS:
        return lines, None
    lines, count = list(lines), 0
    for start, end in pairwise((*headings, len(lines))):
        if not any(line.strip() for line in lines[start + 1 : end]):
            lines[start] = ""
            count += 1
    return lines, f"{count:,} headings of questions with nothing under them were not read" if count else None


def _without_front_matter(lines: list[str]) -> list[str]:
    """Blank the settings between two lines of dashes at the very top (Jekyll, "Front Matter")."""
    if lines and lines[0].strip() == "---":
        for index, line in enumerate(lines[1:50], start=1):
            if line.strip() == "---":
                return [""] * (index + 1) + lines[index + 1 :]
            if not re.match(r"^(?:[\w-]{1,60}\s*:|\s|#|-|$)", line):
                break
    return lines


def _without_comments(lines: list[str]) -> tuple[list[str], int | None]:
    """Blank HTML comments outside code; the line of one that is never closed.

    In CommonMark an unclosed comment hides the rest of the document. Nobody means that, so it ends with its paragraph.
    """
    if not any("<!--" in line for line in lines):
        return lines, None
    lines, code = list(lines), code_lines(lines)
    unclosed = None
    last_closing = max((i for i, line in enumerate(lines) if "-->" in line), default=-1)
    index = 0
    while index < len(lines):
        start = -1 if index in code else _comment_start(lines[index])
        if start < 0:
            index += 1
            continue
        last, end = _comment_end(lines, index, start + 4) if index <= last_closing else (index + 1, -1)
        if end < 0:
            unclosed = unclosed or index + 1
            while last < len(lines) and lines[last].strip():
                last += 1
            lines[index] = lines[index][:start]
            lines[index + 1 : last] = [""] * max(0, last - index - 1)
            index = last
        elif last == index:
            lines[index] = lines[index][:start] + lines[index][end:]
        else:
            lines[index] = lines[index][:start]
            lines[index + 1 : last] = [""] * (last - index - 1)
            lines[last] = lines[last][end:]
    return lines, unclosed


def _comment_start(line: str) -> int:
    start = line.find("<!--")
    while start >= 0 and line.count("`", 0, start) % 2:
        start = line.find("<!--", start + 4)
    return start


def _comment_end(lines: list[str], index: int, start: int) -> tuple[int, int]:
    """Line index and column after `-->`; column -1 where there is none, with the line after the comment's first."""
    for at in range(index, len(lines)):
        end = lines[at].find("-->", start if at == index else 0)
        if end >= 0:
            return at, end + 3
    return index + 1, -1


def code_lines(lines: list[str] | tuple[str, ...]) -> set[int]:
    """Indexes of the lines inside closed code fences."""
    inside: set[int] = set()
    if not any("```" in line or "~~~" in line for line in lines):
        return inside
    for token in blocks("\n".join(lines)):
        if token.type == "fence" and token.map and token.map[1] < len(lines):
            inside.update(range(token.map[0], token.map[1]))
    return inside


def question_headings(lines: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """(line index, number) of every question's heading.

    A heading in a code fence counts only where a quoted question follows: then a fence was left open before it. A line
    that is no heading in Markdown ("Question 4") counts on the same condition.
    """
    code = code_lines(lines)
    found_so_far = 0
    for index, line in enumerate(lines):
        if len(line) > 300 or found_so_far >= MOST_QUESTIONS:
            continue
        heading = HEADING.match(line)
        found = heading or PLAIN_HEADING.match(line)
        if found and ((heading and index not in code) or followed_by_quote(lines, index)):
            found_so_far += 1
            yield index, int(found["number"])


def followed_by_quote(lines: tuple[str, ...], index: int) -> bool:
    """Whether the next line that is not blank is quoted."""
    for line in lines[index + 1 : index + 5]:
        if line.strip():
            return line.lstrip().startswith(">")
    return False


def quoted(line: str) -> bool:
    """Whether the line itself begins with a quote mark (a lazy continuation does not: CommonMark 5.1)."""
    return line.lstrip().startswith(">")


def unquote(line: str) -> str:
    """The line without quote marks."""
    while line.lstrip().startswith(">"):
        line = line.lstrip()[1:]
    return line
