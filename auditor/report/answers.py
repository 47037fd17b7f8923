"""The answers: what the group itself wrote under each question.

Quoted lines down to "Answer:" are the template's question, however they were edited; below it everything is the
group's, quoted or not, save lines of the template. A line without a quote mark right under `> Answer:` is part of the
quote to Markdown (CommonMark 5.1, laziness), yet it is the group's answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from auditor.course.catalog import Catalog, Question
from auditor.report.model import Answer, OwnLine
from auditor.report.own_words import MARKER, own_lines, without_struck
from auditor.report.prose import read_prose
from auditor.report.source import UPPER_HEADING, Section, Source, followed_by_quote, question_headings, quoted, unquote
from auditor.report.template import FORMULA, PLACEHOLDER, fingerprint
from auditor.report.wording import stems

RECOGNISED = 0.66
"""Share of a question's words that must occur in the quoted text for it to be that question."""
SURE = 0.99


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
        sought = sought_in(question.words)
        share = len(sought & found) / len(sought) if sought else 0.0
        # of two questions whose words all occur, the one with more words is meant
        if share > best_share or (best and share == best_share and len(question.words) > len(best.words)):
            best, best_share = question, share
    return best, best_share


@lru_cache(maxsize=1024)
def sought_in(words: tuple[str, ...]) -> frozenset[str]:
    """The stems of a question's words."""
    return stems(" ".join(words))


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
