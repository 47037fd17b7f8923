"""The project's description in the README, and how it changed over the history.

A description is prose of the group's own: no template text, code, badges, links, or sections on how to install and run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from difflib import get_close_matches
from functools import cache, partial
from typing import TypeAlias

from auditor.evidence import Place, Trace, counts, half, seen
from auditor.facts.documents.document import Document
from auditor.facts.documents.markdown import read_document
from auditor.facts.group import ReportPlace
from auditor.facts.history.changes import Change, FileHistory
from auditor.facts.own_work.layout import Layout
from auditor.facts.own_work.template import Template, compare
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

FEWEST = 8
"""Words from which on there is a description and not only a title or a hosting site's one-line tagline."""
SUBSTANCE = 5
"""Telling words that must differ, where whole sentences went away as well."""
NEW = 3
"""Telling words of new sentences, or changed over all sentences; fewer are a name or an afterthought."""
PART = 2
"""Telling words dropped or replaced in one sentence that stays: a part of what it told."""
SAME = 0.5
"""Share of words from which on two sentences are one that was changed."""
BEGUN = 5
"""Telling words from which on a version has a description."""
POINTER = 8
"""Most telling words of a sentence that only points elsewhere."""
POINTS = pattern(
    r"\b(see|found|available|located|refer|visit|link(ed)?|check out|read more|more (details|information)|documented|described) (in|at|here|to|under|on|from)\b|"
    r"^\s*see\b|\bhere\b",
    re.IGNORECASE,
)
SENTENCE_END = pattern(r"(?<=[.!?])\s+|\n")
LITTLE = frozenset(
    "a an the and or of to in on at by for with from as is are was were be been it its this that these those we our us you your they their "
    "will can could would should has have had do does did not no also which who whose where when while into than then there here".split()
)
"""Words that tell nothing by themselves."""
Words: TypeAlias = tuple[str, ...]
Sentences: TypeAlias = tuple[Words, ...]
LATER = timedelta(days=1)
"""A change within this time of the first version is writing, not revisiting (evidence standard, X.revisit)."""
VERSIONS = 20
"""Versions of a README that are read at either end of its history."""
WRITTEN_ONCE = "it was not changed in substance after its first day"
READMES = ("readme.md", "readme.rst", "readme.txt", "readme", "readme.markdown")

DOCUMENTS = pattern(
    r"(project|group|initial|our)?[-_ ]?(description|proposal|overview|about|abstract|pitch|plan|summary)([-_ ]?(of[-_ ])?(the[-_ ])?(project|description))?\.(md|txt|rst|markdown)"
)
"""Names of documents that hold nothing but a project's description."""
HOMES = tuple(
    """docs/index.md docs/readme.md docs/source/index.md docs/docs/index.md docs/index.rst docs/source/index.rst""".split()
)
"""First pages of documentation, which often repeat or replace the README."""

DEFAULT_ANSWER = "a short description of the project"
"""The template's own answer where a group gave none."""

INSTRUCTIONS = pattern(
    r"\b(install\w*|set-?\s?up|usage|getting started|quick ?start|run|running|how to|requirements?|prerequisites?|dependenc\w+|"
    r"structure|layout|organi[sz]ation|directory|folders?|files|commands?|docker\w*|tests?|testing|deploy\w*|ci|licen[sc]e|api|"
    r"contribut\w+|checklist|report|credits|acknowledg\w+|contents|endpoints?|environment|pre-?commit|dvc|linting|makefile|"
    r"authors?|members|workflow|badges?|training|evaluation|versioning)\b",
    re.IGNORECASE,
)
"""Headings of sections that tell how to handle the repository, not what the project is about."""
DESCRIPTION = pattern(
    r"\b(description|about|overview|proposal|introduction|turn(ed)? out|became|revisit\w*|reflect\w*|revised|outcome)\b",
    re.IGNORECASE,
)
"""Headings of the description; sections below them belong to it."""
SUBJECT = pattern(
    r"\b(goals?|aims?|objectives?|motivation|background|problem|purpose|idea|summary|abstract|data\w*|models?|framework|approach|"
    r"methods?|scope|results?|plans?|what|why|project)\b",
    re.IGNORECASE,
)
"""Headings of what a description is made of (the course asks for goal, framework, data and models)."""
QUESTION_ON = pattern(
    r"^\W*(\d+[.)]?\s*)?(what|which|why|overall goal|goals?|project goals?|data(sets?)?|models?|framework|motivation|problem|idea|aim|purpose|objectives?)\b",
    re.IGNORECASE,
)
"""How the course's questions on a project begin, and headings that answer them ("What data do you use", "Goal", "Models")."""
ITEM = pattern(r"^\s*\[[^\]]{0,3}\]")
"""An item of a checklist."""
REPORT = pattern(
    r"\s{0,3}(#{1,6}.{0,100}(check-?list|question\s{0,3}\d|group information)|[*+-]\s{1,3}\[[ xX]?\])",
    re.IGNORECASE,
)
"""Lines with which the report's template begins: its headings, or an item of the checklist."""
BOX = pattern(r"\s{0,3}[*+-]\s{1,3}\[[ xX]?\]")
MANY = 8
"""Boxes from which on a list is the course's checklist, and not what a group still has to do."""
ON_CHECKLIST = pattern(r"\b(check)?lists?\b.{0,30}\bexhaustive\b", re.IGNORECASE)
"""How the course says that no group is expected to do all of its checklist."""
HEADING = pattern(r"\s{0,3}#{1,6}\s")
CHAPTER = pattern(r"\s{0,3}#{1,2}\s")
QUESTION = pattern(r"\s{0,3}#{1,6}.{0,100}question\s{0,3}\d", re.IGNORECASE)
COMMAND = pattern(
    r"^\s*(to (run|install|start|build|train|set up|get started|use|test)|run|install|clone|see|execute)\b",
    re.IGNORECASE,
)
WORD = pattern(r"[a-zà-öø-ÿ0-9][\wà-öø-ÿ'-]*")
ADDRESS = pattern(r"https?://\S{1,300}")


class Description(Record):
    """The commits that changed the description in substance a day or more after its first version, and it as it is now."""

    traces: tuple[Trace, ...] = ()


@fact
def read_description(
    snapshot: Snapshot, layout: Layout, template: Template, files: FileHistory, report: ReportPlace
) -> Description:
    """The description in the first README that has one: of the project's root, else of the repository's."""
    for path in readme_paths(snapshot, layout, report):
        asked = path in report.paths
        lines = describe(beside_report(snapshot.text(path) or "", asked), path, template)
        if count(lines) >= FEWEST:
            now = seen(path, lines[0][0], lines[0][1])
            read = cache(partial(words_at, snapshot, template, asked))
            revised = revisions(path, files, sentences(lines), read)
            return Description((*map(counts, revised), half(now, WRITTEN_ONCE)))
    return Description()


def readme_paths(snapshot: Snapshot, layout: Layout, report: ReportPlace) -> list[str]:
    """The READMEs of the project's root and of the repository's, then other documents that may hold a description; the report comes last."""
    found = [
        path
        for prefix in dict.fromkeys((f"{layout.root}/" if layout.root else "", ""))
        for path in snapshot.paths
        if path.startswith(prefix) and path[len(prefix) :].lower() in READMES
    ]
    found.sort(key=lambda path: path in report.paths)
    others = [
        path for path in snapshot.paths if path.count("/") < 3 and DOCUMENTS.fullmatch(path.rpartition("/")[2].lower())
    ]
    home = [path for path in snapshot.paths if path.lower() in HOMES]
    return list(dict.fromkeys((*found, *others, *home, *sorted(report.paths))))


def beside_report(text: str, is_report: bool) -> str:
    """What a README says beside the report in it, and beside a checklist, which the course wrote wherever it stands.

    A checklist ends with the next chapter; from the first question of a report on, all is report.
    """
    lines = text.split("\n")
    reported = False
    holds_list = is_report or sum(BOX.match(line[:200]) is not None for line in lines) >= MANY
    for number, line in enumerate(lines):
        if holds_list and REPORT.match(line[:200]):
            if not reported:
                blank_above(lines, number)
            reported = True
        elif CHAPTER.match(line) and reported:
            reported = False
        if is_report and QUESTION.match(line[:200]):
            return "\n".join(lines[:number])
        if reported or ON_CHECKLIST.search(line[:300]):
            lines[number] = ""
    return "\n".join(lines)


def blank_above(lines: list[str], number: int) -> None:
    """Take away what stands between the first item of a checklist and the heading above it: words on how to fill it in."""
    if not HEADING.match(lines[number]):
        for above in range(number - 1, -1, -1):
            if HEADING.match(lines[above]):
                lines[above + 1 : number] = [""] * (number - above - 1)
                return


def describe(text: str, path: str, template: Template) -> list[tuple[int, str]]:
    """(line, text) of the description in a README."""
    document = read_document(path, text)
    if not document.paragraphs and document.code_blocks and document.code_blocks[0].language in ("markdown", "md"):
        document = read_document(path, document.code_blocks[0].text)  # the whole README within a fence
        text = "\n".join(text.split("\n")[1:])
    own = {line.number for line in compare(text, path, template.fingerprints, template.names).own}
    found = []
    for line, paragraph in document.paragraphs:
        if COMMAND.match(paragraph) or ITEM.match(paragraph) or not describes(document, line):
            continue
        for offset, said in enumerate(paragraph.split("\n")):
            if line + offset in own and WORD.search(said.lower()):
                found.append((line + offset, said))
    return found


def describes(document: Document, line: int) -> bool:
    """Whether a line stands in a section on what the project is about: by its heading, or below the first one."""
    above = [heading for heading in document.headings if heading.line <= line]
    if not above or above[-1] is document.headings[0]:
        return True
    if SUBJECT.search(above[-1].text) and QUESTION_ON.search(above[-1].text):
        return True  # the course's own questions, wherever they stand
    around = above[-1].level
    for heading in reversed(above):
        if heading.level <= around:
            around = heading.level - 1
            if DESCRIPTION.search(heading.text) and not INSTRUCTIONS.search(heading.text):
                return True
            if INSTRUCTIONS.search(heading.text) and heading is not document.headings[0]:
                return False  # "Train Model" below "Project commands" tells how, not what
    return bool(SUBJECT.search(above[-1].text))


def count(lines: list[tuple[int, str]]) -> int:
    """The words of a description, addresses left out."""
    said = " ".join(text for _, text in lines if text.strip(" .").lower() != DEFAULT_ANSWER)
    return len(WORD.findall(ADDRESS.sub(" ", said).lower()))


def sentences(lines: list[tuple[int, str]]) -> Sentences:
    """The sentences of a description as their telling words; those that only point elsewhere are left out."""
    text = ""
    before = 0
    for line, said in lines:
        text += (" " if line == before + 1 else "\n") + said
        before = line
    found = []
    for sentence in SENTENCE_END.split(text):
        words = [word for word in WORD.findall(ADDRESS.sub(" ", sentence).lower()) if word not in LITTLE]
        points = ADDRESS.search(sentence) or POINTS.search(sentence)
        if words and not (points and len(words) <= POINTER):
            found.append(tuple(words))
    return tuple(found)


def revisions(path: str, files: FileHistory, now: Sentences, read: Callable[[Change], Sentences]) -> list[Place]:
    """The commit that brought the description of today, where that differs in substance from that of the first day.

    Versions of parallel branches lie between the two in no order, so they are not compared with each other. `read` gives the
    sentences of one version.
    """
    changes = sorted(
        (c for name, found in files.by_path.items() if name.lower() == path.lower() for c in found if c.status != "D"),
        key=lambda c: c.commit.authored_at.timestamp() if c.commit.authored_at else 0.0,
    )
    first = next((change for change in changes[:VERSIONS] if length(read(change)) >= BEGUN), None)
    if first is None:
        return []
    early = [change for change in changes[changes.index(first) :] if not is_later(first, change)]
    begun = next(said for change in reversed(early) if length(said := read(change)) >= BEGUN)
    later = [change for change in changes if is_later(first, change)]
    if not later or not differs(begun, now):
        return []
    brought = later[-1]
    for change in reversed(later[-VERSIONS:]):
        if read(change) != now:
            break
        brought = change
    return [brought.evidence]


def length(said: Sentences) -> int:
    """Telling words of all sentences."""
    return sum(map(len, said))


def differs(before: Sentences, after: Sentences) -> bool:
    """Whether one text differs from the other in substance.

    Compared is sentence by sentence: parts of a sentence that stays, dropped or replaced, and sentences that are new. What only
    went away as a whole may have moved elsewhere; it counts together with other changes.
    """
    left = list(before)
    fresh, within, changed = 0, 0, 0
    for sentence in after:
        old = max(left, key=lambda one: alike(one, sentence), default=())
        if not old or alike(old, sentence) < SAME:
            fresh += len(sentence)
            continue
        left.remove(old)
        part = parts_changed(old, sentence)
        within = max(within, part)
        changed += part
    gone = sum(map(len, left))
    return (
        fresh >= NEW
        or within >= PART
        or changed >= NEW
        or (bool(fresh or changed) and fresh + changed + gone >= SUBSTANCE)
    )


def alike(one: Words, other: Words) -> float:
    """The share of the shorter sentence's words that the other has as well."""
    shared = (Counter(one) & Counter(other)).total()
    return shared / min(len(one), len(other)) if one and other else 0.0


def parts_changed(before: Words, after: Words) -> int:
    """Words of a sentence that went, or that came in their stead; another spelling of a word is none."""
    gone, come = (
        list((Counter(before) - Counter(after)).elements()),
        list((Counter(after) - Counter(before)).elements()),
    )
    for word in list(come):
        near = get_close_matches(word, gone, n=1, cutoff=0.75)
        if near:
            gone.remove(near[0])
            come.remove(word)
    return max(len(gone), len(come))


def words_at(snapshot: Snapshot, template: Template, is_report: bool, change: Change) -> Sentences:
    """The sentences of the description in one version of a README."""
    text = snapshot.text_at(change.commit.hash, change.path)
    return sentences(describe(beside_report(text, is_report), change.path, template)) if text else ()


def is_later(first: Change, change: Change) -> bool:
    """Whether a change came a day or more after the first version."""
    begun, then = first.commit.authored_at, change.commit.authored_at
    return begun is not None and then is not None and then - begun >= LATER
