"""Which lines of a question's section are the group's own words, cleaned of what the template left in them.

Words below "Answer:" are the group's, even where they repeat the template's example (evidence standard, "The report"). Some groups
write their answer over the example instead, above "Answer:"; that is read where nothing stands below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.course.catalog import Catalog
from auditor.patterns import pattern
from auditor.records import Record
from auditor.report.model import OwnLine
from auditor.report.source import UPPER_HEADING, Section, quoted, unquote
from auditor.report.template import EXAMPLE, FORMULA, PLACEHOLDER, fingerprint
from auditor.report.wording import PLAIN_WORDS, words

MARKER = pattern(r"^[\s>*_~#-]{0,20}answer[\s*_~]{0,5}(?::[\s*_~]{0,5}|$)", re.IGNORECASE)
"""`> Answer:`, also with the answer on the same line."""
RULE = pattern(r"^\s*(?:[-*_=]\s?){3,}\s*$")
EMPHASISED = pattern(r"^(?:\*\*?|__?).{0,1000}(?:\*\*?|__?)[.:?!]?$")
"""A line that is wholly bold or italic, as the template's questions and examples are."""
BLANK_LEFT = pattern(r"\.\.\.|…")
"""What the template's examples leave to be filled in."""


class Line(Record):
    """A line of a section that may be the group's."""

    number: int
    raw: str
    code: bool


def own_lines(section: Section, catalog: Catalog) -> list[Line]:
    """The lines of a section that are the group's own words, cleaned."""
    code = code_in(section)
    marker = next((i for i, line in enumerate(section.lines) if i not in code and MARKER.match(line)), None)
    found = list(_lines(section, catalog, code, marker))
    if not found and marker is not None:
        found = list(over_the_example(section, catalog, marker))
    return found


def _lines(section: Section, catalog: Catalog, code: dict[int, bool], marker: int | None) -> Iterator[Line]:
    """The lines below "Answer:", and those above it that are no part of the quoted question."""
    lazy = False
    repeating = marker is not None and not any(MARKER.match(line) for line in section.lines[marker + 1 :])
    for index, raw in enumerate(section.lines):
        in_code = index in code
        number = section.first + index
        if (index == 0 and section.number is not None) or code.get(index) is False:
            continue
        was_quoted = quoted(raw) and not in_code
        lazy = bool(raw.strip()) and not was_quoted and lazy
        text = unquote(raw) if was_quoted or (in_code and in_quote(section, code, index)) else raw
        if index == marker:
            text = MARKER.sub("", raw, count=1)
            lazy = False
        elif marker is not None and index < marker:
            if was_quoted:
                lazy = bool(text.strip())
                continue
            if lazy or EMPHASISED.match(raw.strip()) or FORMULA.match(raw):
                continue
        elif marker is None and was_quoted and (EMPHASISED.match(text.strip()) or FORMULA.match(text)):
            continue
        if UPPER_HEADING.match(raw) and fingerprint(raw) in catalog.template_lines:
            repeating = False  # the template's next chapter: what follows is its introduction
        below = repeating and marker is not None and index >= marker
        text = cleaned(text, in_code, catalog, repeating=below)
        if text:
            yield Line(number, text, in_code)


def over_the_example(section: Section, catalog: Catalog, marker: int) -> Iterator[Line]:
    """The lines that a group wrote in the place of the template's example, where the question above them is the template's.

    Where that is another's, or was wrapped anew, nobody can tell the example from the group's words.
    """
    above = section.lines[:marker]
    example = next((i for i, line in enumerate(above) if EXAMPLE.match(unquote(line))), None)
    if example is None:
        return
    asked = [line for line in above[1:example] if fingerprint(line) and not FORMULA.match(unquote(line))]
    if not asked or not all(fingerprint(line) in catalog.template_lines for line in asked):
        return
    for index in range(example, marker):
        text = EXAMPLE.sub("", unquote(above[index]), count=1)
        text = cleaned(text, False, catalog)
        if text and not BLANK_LEFT.search(text):
            yield Line(section.first + index, text, False)


def cleaned(text: str, in_code: bool, catalog: Catalog, *, repeating: bool = False) -> str:
    """The line without placeholders and left-over dashes; empty where nothing of the group's remains.

    `repeating` where a line of the template may be the group's, if it reads like one and leaves nothing to be filled in.
    """
    if PLACEHOLDER.search(text):
        text = PLACEHOLDER.sub(" ", text)
        if not text.strip(" `>*-\t"):
            return ""
    if FORMULA.match(text):
        return ""
    if fingerprint(text) in catalog.template_lines and not (repeating and says_something(text)):
        return ""
    if in_code:
        return text.rstrip()
    if RULE.match(text):
        return ""
    text = undashed(text).rstrip()
    return text if text.strip(" \t>*_`~-=|\\#") else ""


def says_something(text: str) -> bool:
    """Whether a line is a piece of a sentence that is filled in, and no heading."""
    plain = sum(word in PLAIN_WORDS for word in words(text))
    return plain >= 2 and not BLANK_LEFT.search(text) and not UPPER_HEADING.match(text)


def undashed(text: str) -> str:
    """The text without dashes left around it when the placeholder between them was replaced: `--- 43 ---`."""
    bare = text.strip()
    if bare.startswith("---"):
        text = bare = bare.lstrip("-").lstrip()
    return bare.rstrip("-") if bare.endswith("---") else text


def code_in(section: Section) -> dict[int, bool]:
    """Indexes of the lines in code blocks, and whether each is a line of code (True) or a fence around it."""
    inside: dict[int, bool] = {}
    for token in section.tokens:
        if token.type in ("fence", "code_block") and token.map:
            first, end = token.map
            inside.update(dict.fromkeys(range(first, end), True))
            if token.type == "fence":
                inside[first] = False
                if unquote(section.lines[end - 1]).strip().startswith(token.markup):
                    inside[end - 1] = False
    return inside


def in_quote(section: Section, code: dict[int, bool], index: int) -> bool:
    """Whether the code block around a line is itself quoted: its first line is."""
    while index - 1 in code and code[index]:
        index -= 1
    return quoted(section.lines[index])


def without_struck(lines: list[OwnLine]) -> list[OwnLine]:
    """The lines without what is struck out (`~~...~~`, GitHub Flavored Markdown 6.5), also over several lines."""
    text = "\n".join(line.text for line in lines)
    if "~~" not in text:
        return lines
    kept: list[str] = []
    position = 0
    while True:
        start = text.find("~~", position)
        end = text.find("~~", start + 2) if start >= 0 else -1
        if end < 0 or end - start > 4_000:
            kept.append(text[position:])
            break
        kept.append(text[position:start])
        kept.append("\n" * text.count("\n", start, end))
        position = end + 2
    texts = "".join(kept).split("\n")
    return [OwnLine(line.line, new) for line, new in zip(lines, texts, strict=True) if new.strip()]
