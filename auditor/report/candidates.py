"""Everything in the report that looks like a checklist item: list items, lines and table rows with a box or a sign."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from markdown_it.token import Token

from auditor.patterns import pattern
from auditor.records import replace
from auditor.report.marks import BOX, Mark, ambiguous, is_legend, leading_sign, read_mark, trailing_sign
from auditor.report.source import Section
from auditor.report.visible import with_boxes

MOST = 600
"""Candidates that are looked at; the checklist has about fifty items."""
LONGEST = 1_000
"""Characters of an item that are compared."""
FEWEST = 8
"""Lines with a box that make a code block a checklist."""


@dataclass(slots=True)
class Candidate:
    """Something with a box. `listed`: a task-list item as the template has them; else it counts only by its wording."""

    line: int
    mark: Mark
    text: str
    heading: str
    listed: bool = True
    in_answer: bool = False
    struck: bool = False
    remarks: list[str] = field(default_factory=list)
    """Lines below the item that belong to it and have no box of their own."""


def candidates(sections: Sequence[Section]) -> list[Candidate]:
    """The candidates of all sections, in order, at most `MOST`."""
    every = (candidate for section in sections for candidate in _in_section(visible(section)))
    found = list(islice(every, MOST))
    if any(candidate.mark.ticked and not ambiguous(candidate.mark) for candidate in found):
        # beside another tick a crossed box is no second one: `☑` done, `☒` not
        for candidate in found:
            if ambiguous(candidate.mark):
                candidate.mark = Mark(candidate.mark.written, ticked=False, doubt=True)
    return found


def visible(section: Section) -> Section:
    """The section as a reader sees it; itself where nothing in it is hidden."""
    lines = with_boxes(section.lines)
    return section if lines is section.lines else replace(section, lines=lines)


def _in_section(section: Section) -> Iterator[Candidate]:
    tokens = section.tokens
    heading = ""
    open_items: list[Candidate | None] = []
    row: list[Token] | None = None
    fresh = False  # whether the next inline token is the first of its list item
    for index, token in enumerate(tokens):
        kind = token.type
        if kind == "list_item_open":
            open_items.append(None)
            fresh = True
        elif kind == "list_item_close":
            done = open_items.pop() if open_items else None
            if done is not None:
                yield done
        elif kind == "tr_open":
            row = []
        elif kind == "tr_close":
            candidate = _from_row(row or [], section, heading)
            if candidate is not None:
                yield candidate
            row = None
        elif kind in ("code_block", "fence") and token.map:
            lines = token.content.split("\n")
            line = section.first + token.map[0] + (kind == "fence")
            listed = is_list(lines)
            if listed or kind == "code_block":  # a few lines in a fence are an example of something
                yield from _from_lines(lines, line, section, heading, listed=listed)
        elif kind == "inline" and token.map:
            before = tokens[index - 1].type
            if row is not None:
                row.append(token)
            elif before == "heading_open":
                heading = " ".join(token.content.split())[:200]
            else:
                lines = token.content.split("\n")
                line = section.first + token.map[0]
                held = open_items[-1] if open_items else None
                read = list(_from_lines(lines, line, section, heading, listed=bool(open_items)))
                if open_items and fresh and read and held is None:
                    open_items[-1] = read.pop(0)
                elif not read:
                    owner = next((item for item in reversed(open_items) if item is not None), None)
                    if owner is not None and len(owner.remarks) < 20:
                        owner.remarks.append(" ".join(lines)[:LONGEST])
                yield from read
            fresh = False


def is_list(lines: Sequence[str]) -> bool:
    """Whether lines of a code block are a checklist: most have a box, and there are several."""
    filled = [line[:LONGEST] for line in lines if line.strip()]
    boxes = sum(BOX.match(line) is not None for line in filled)
    return boxes >= FEWEST and 2 * boxes >= len(filled)


def _from_lines(lines: list[str], first: int, section: Section, heading: str, *, listed: bool) -> Iterator[Candidate]:
    """Candidates of one paragraph: each line with a box begins one, the lines after it continue it."""
    current: Candidate | None = None
    for offset, raw in enumerate(lines):
        line = raw[:LONGEST]
        found = _boxed(line) or _signed(line, listed=listed and offset == 0)
        if found is None:
            if current is not None and len(current.text) < LONGEST and line.strip():
                current.text += " " + line.strip()
            continue
        if current is not None:
            yield from _unless_legend(current)
        mark, text, struck = found
        current = Candidate(first + offset, mark, text, heading, listed, section.is_question, struck)
    if current is not None:
        yield from _unless_legend(current)


def _unless_legend(candidate: Candidate) -> Iterator[Candidate]:
    if not is_legend(candidate.text):
        yield candidate


def _boxed(line: str) -> tuple[Mark, str, bool] | None:
    match = BOX.match(line)
    if match is None:
        return None
    text = match["text"].strip()
    return read_mark(match["mark"]), text, bool(match["strike"]) or _wholly_struck(text)


def _signed(line: str, *, listed: bool) -> tuple[Mark, str, bool] | None:
    found = leading_sign(line) or (trailing_sign(line) if listed else None)
    if found is None:
        return None
    mark, text = found
    return mark, text, _wholly_struck(text)


def _wholly_struck(text: str) -> bool:
    return text.startswith("~~") and "~~" in text[max(2, len(text) // 2) :]


BARE_MARKS = pattern(r"^(?:x|yes|no|done|not done|todo|n/a|partial(?:ly)?|in progress)$", re.IGNORECASE)


def _from_row(cells: list[Token], section: Section, heading: str) -> Candidate | None:
    """A row of a table with one cell for the mark: `| [x] | Write tests |`."""
    texts = [cell.content.strip() for cell in cells]
    if len(texts) < 2:
        return None
    longest = max(range(len(texts)), key=lambda index: len(texts[index]))
    line = section.first + (cells[0].map[0] if cells[0].map else 0)
    for index, text in enumerate(texts):
        if index == longest:
            continue
        box = BOX.match(text)
        sign = leading_sign(text)
        if box and not box["text"].strip():
            mark = read_mark(box["mark"])
        elif sign is not None:
            mark = sign[0]
        elif BARE_MARKS.match(text):
            mark = read_mark(text)
        else:
            continue
        return Candidate(line, mark, texts[longest][:LONGEST], heading, listed=False, in_answer=section.is_question)
    own = _boxed(texts[longest]) or _signed(texts[longest], listed=True)
    if own is not None:
        return Candidate(line, own[0], own[1][:LONGEST], heading, listed=False, in_answer=section.is_question)
    if "" in texts:
        return Candidate(line, read_mark(""), texts[longest][:LONGEST], heading, listed=False, in_answer=True)
    return None
