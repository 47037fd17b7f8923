"""The answers: what the group itself wrote under each question.

Quoted lines down to "Answer:" are the template's question, however they were edited; below it everything is the
group's, quoted or not, save lines of the template. A line without a quote mark right under `> Answer:` is part of the
quote to Markdown (CommonMark 5.1, laziness), yet it is the group's answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.course.catalog import Catalog, Question
from auditor.patterns import pattern
from auditor.records import Record
from auditor.report.model import Answer, OwnLine
from auditor.report.prose import read_prose
from auditor.report.source import Section, Source, followed_by_quote, question_headings, quoted, unquote
from auditor.report.template import FORMULA, PLACEHOLDER, fingerprint
from auditor.report.wording import stems

MARKER = pattern(r"^[\s>*_~#-]{0,20}answer[\s*_~]{0,5}(?::[\s*_~]{0,5}|$)", re.IGNORECASE)
"""`> Answer:`, also with the answer on the same line."""
RULE = pattern(r"^\s*(?:[-*_=]\s?){3,}\s*$")
EMPHASISED = pattern(r"^(?:\*\*?|__?).{0,1000}(?:\*\*?|__?)[.:?!]?$")
"""A line that is wholly bold or italic, as the template's questions and examples are."""
UPPER_HEADING = pattern(r"^ {0,3}#{1,2}\s+\S")

RECOGNISED = 0.66
"""Share of a question's words that must occur in the quoted text for it to be that question."""
SURE = 0.99


class Line(Record):
    """A line of a section that may be the group's."""

    number: int
    raw: str
    code: bool


def cut(source: Source, catalog: Catalog, *, within_readme: bool = False) -> list[Section]:
    """The part before the questions, then a section for each question.

    `within_readme` where other chapters of a README may follow the last question.
    """
    lines = source.lines
    starts: dict[int, int | None] = dict(question_headings(lines))
    for index in unheaded_questions(lines, starts, catalog):
        starts[index] = None
    order = sorted(starts)
    sections = [Section(1, lines[: order[0]] if order else lines)]
    for position, start in enumerate(order):
        end = order[position + 1] if position + 1 < len(order) else len(lines)
        end = next((i for i in range(start + 1, end) if is_template_heading(lines, i, catalog)), end)
        if within_readme and end == len(lines):
            end = next((i for i in range(start + 1, end) if UPPER_HEADING.match(lines[i])), end)
        sections.append(Section(start + 1, lines[start:end], starts[start], is_question=True))
    return sections


def is_template_heading(lines: Sequence[str], index: int, catalog: Catalog) -> bool:
    """Whether the template's next chapter begins here: its heading, and its introduction or first question after it."""
    if not UPPER_HEADING.match(lines[index]) or fingerprint(lines[index]) not in catalog.template_lines:
        return False
    following = next((line for line in lines[index + 1 : index + 5] if line.strip()), "")
    return followed_by_quote(tuple(lines), index) or following.lstrip().startswith("#")


def unheaded_questions(lines: Sequence[str], headings: dict[int, int | None], catalog: Catalog) -> Iterator[int]:
    """Where a quoted question of the template begins whose heading was deleted."""
    index = 0
    while index < len(lines):
        if not quoted(lines[index]):
            index += 1
            continue
        end = index
        while end < len(lines) and quoted(lines[end]):
            end += 1
        headed = any(at in headings for at in range(max(0, index - 4), index))
        if not headed and any(MARKER.match(line) for line in lines[index:end]):
            topic, share = topic_of(" ".join(question_text(lines[index:end]))[:3000], catalog)
            if topic is not None and share >= SURE:
                yield index
        index = end


def question_text(lines: Sequence[str]) -> list[str]:
    """The quoted lines of a section down to the example or the answer: the question as asked."""
    asked: list[str] = []
    for line in lines:
        if FORMULA.match(unquote(line)) or MARKER.match(line):
            if asked:
                break
            continue
        if quoted(line):
            asked.append(unquote(line))
        elif asked and not line.strip():
            break
    return asked


def topic_of(text: str, catalog: Catalog) -> tuple[Question | None, float]:
    """The question whose words the text holds, and the share of them that it holds."""
    found = stems(text)
    best: Question | None = None
    best_share = 0.0
    for question in catalog.questions:
        sought = stems(" ".join(question.words))
        share = len(sought & found) / len(sought) if sought else 0.0
        # of two questions whose words all occur, the one with more words is meant
        if share > best_share or (best and share == best_share and len(question.words) > len(best.words)):
            best, best_share = question, share
    return best, best_share


def read_answers(
    sections: Sequence[Section], catalog: Catalog, editions: Sequence[str], path: str = ""
) -> tuple[Answer, ...]:
    """The answer of each section that is a question; `path` is the file that they stand in."""
    return tuple(read_answer(section, catalog, editions, path) for section in sections if section.is_question)


def read_answer(section: Section, catalog: Catalog, editions: Sequence[str], path: str) -> Answer:
    """What stands under one question."""
    asked = " ".join(question_text(section.lines))[:3000]
    question, share = topic_of(asked, catalog)
    if share < RECOGNISED:
        question = numbered(section.number, catalog, editions)
    own: list[OwnLine] = []
    code: list[OwnLine] = []
    for line in own_lines(section, catalog):
        (code if line.code else own).append(OwnLine(line.number, line.raw))
    own = without_struck(own)
    prose = read_prose(own)
    left = next((section.first + i for i, line in enumerate(section.lines) if PLACEHOLDER.search(line)), None)
    return Answer(
        topic=question.topic if question else None,
        number=section.number,
        line=section.first,
        own=tuple(own),
        code=tuple(code),
        sentences=prose.sentences,
        figures=tuple(prose.figures),
        links=tuple(prose.links),
        placeholder=left is not None,
        placeholder_line=left,
        path=path,
        last=section.first + len(section.lines) - 1,
    )


def numbered(number: int | None, catalog: Catalog, editions: Sequence[str]) -> Question | None:
    """The question with this number, where all `editions` that may be meant (all there are, for none) agree on it."""
    if number is None:
        return None
    meant = editions or catalog.editions
    named = [q for q in catalog.questions if any(q.numbers.get(edition) == number for edition in meant)]
    return named[0] if len(named) == 1 else None


def own_lines(section: Section, catalog: Catalog) -> Iterator[Line]:
    """The lines of a section that are the group's own words, cleaned."""
    code = code_in(section)
    marker = next((i for i, line in enumerate(section.lines) if i not in code and MARKER.match(line)), None)
    lazy = False
    for index, raw in enumerate(section.lines):
        in_code = index in code
        number = section.first + index
        if (index == 0 and section.number is not None) or code.get(index) is False:
            continue
        was_quoted = quoted(raw) and not in_code
        lazy = bool(raw.strip()) and not was_quoted and lazy
        text = unquote(raw) if was_quoted else raw
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
        text = cleaned(text, in_code, catalog)
        if text:
            yield Line(number, text, in_code)


def cleaned(text: str, in_code: bool, catalog: Catalog) -> str:
    """The line without placeholders and left-over dashes; empty where nothing of the group's remains."""
    if PLACEHOLDER.search(text):
        text = PLACEHOLDER.sub(" ", text)
        if not text.strip(" `>*-\t"):
            return ""
    if FORMULA.match(text) or fingerprint(text) in catalog.template_lines:
        return ""
    if in_code:
        return text.rstrip()
    if RULE.match(text):
        return ""
    text = undashed(text).rstrip()
    return text if text.strip(" \t>*_`~-=|\\#") else ""


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
