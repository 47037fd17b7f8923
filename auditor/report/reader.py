"""Reads the report: finds it, reads its checklist and answers, and says what a reader should know about it.

Some groups hand in two files, the checklist here and the answers there: together they are the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from auditor.course.catalog import Catalog
from auditor.errors import AuditError
from auditor.records import Record, replace
from auditor.report.answers import cut, read_answers
from auditor.report.candidates import candidates
from auditor.report.checklist import Checklist, read_checklist
from auditor.report.extent import is_project_readme, stretches
from auditor.report.locate import FILLED, Weighed, expected_path, fewest, locate
from auditor.report.model import Answer, Report, ReportProblem
from auditor.report.people import group_number, member_count
from auditor.report.source import Section, Source, read_source
from auditor.report.template import fingerprints
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

MOST_PROBLEMS = 100
FEWEST_LINES = 20
FEWEST_WORDINGS = 10
"""Lines of the template, and items in its wording, that tell its edition; fewer tell nothing. Of a short catalogue half do."""
MOST_TRIED = 5
"""Files that are read as a report before it is given up that there is one."""


class ReadFile(Record):
    """A file read as a report, or as one half of it."""

    path: str
    source: Source
    sections: tuple[Section, ...]
    checklist: Checklist
    focus: str = ""


def read_report(snapshot: Snapshot, catalog: Catalog, paths: Sequence[str] = ()) -> Report | None:
    """The report of the repository, or the one at `paths` (relative to the repository's root or the audited folder).

    Of several files the one with the most ticks gives the checklist, and the one with the most answers the answers. None where
    there is no report. Raises AuditError where one of `paths` is not a text file of the snapshot.
    """
    if not paths:
        return find_report(snapshot, catalog)
    given = [read_file(text, catalog, path, snapshot.focus) for path, text in texts(snapshot, paths)]
    listing = max(given, key=lambda one: (sum(i.ticked for i in one.checklist.items), len(one.checklist.items)))
    answering = max(given, key=lambda one: len(filled(assembled(one, one, catalog))))
    unread = [one.path for one in given if one is not listing and one is not answering]
    return with_problems(
        assembled(listing, answering, catalog),
        [ReportProblem(None, "nothing of it was read as the report", path) for path in unread],
    )


def texts(snapshot: Snapshot, paths: Sequence[str]) -> list[tuple[str, str]]:
    """The files that were named, each once, with their text. Raises AuditError where one cannot be read."""
    found = {}
    for path in paths:
        wanted = next((p for p in (normalise(path), normalise(f"{snapshot.focus}/{path}")) if p in snapshot), None)
        if wanted is None:
            raise AuditError(f"report {path}: there is no such file in the repository")
        text = snapshot.text(wanted)
        if text is None:
            raise AuditError(f"report {path}: could not be read as text")
        found[wanted] = text
    return list(found.items())


def find_report(snapshot: Snapshot, catalog: Catalog) -> Report | None:
    """The report wherever it stands; None where no file holds items of the checklist or questions of the report."""
    needed = fewest(catalog)
    weighed = locate(snapshot, needed)
    expected = expected_path(snapshot)
    for best in weighed[:MOST_TRIED]:
        first = weighed_file(snapshot, best, catalog)
        report = assembled(first, first, catalog)
        listed, asked = len(report.items) >= needed.items, len(recognised(report)) >= needed.questions
        if not (listed or asked):
            continue
        if listed and not filled(report):
            others = [other for other in weighed if other is not best and other.has_answers]
            report = with_answers(report, first, others, snapshot, catalog)
        elif not listed:
            others = [other for other in weighed if other is not best and other.items >= needed.items]
            report = with_checklist(report, first, others, snapshot, catalog)
        return with_problems(report, places_problems(report, weighed, expected))
    return None


def with_answers(
    report: Report, listing: ReadFile, others: Sequence[Weighed], snapshot: Snapshot, catalog: Catalog
) -> Report:
    """A checklist with the answers of the first of `others` that holds some; as it is where none does."""
    for other in others[:MOST_TRIED]:
        both = assembled(listing, weighed_file(snapshot, other, catalog), catalog)
        if len(recognised(both)) >= fewest(catalog).questions and filled(both):
            return both
    return report


def with_checklist(
    report: Report, answering: ReadFile, others: Sequence[Weighed], snapshot: Snapshot, catalog: Catalog
) -> Report:
    """Answers with the checklist of the first of `others` that holds the course's; as they are where none does."""
    for other in others[:MOST_TRIED]:
        both = assembled(weighed_file(snapshot, other, catalog), answering, catalog)
        if len(both.items) >= fewest(catalog).items:
            return both
    return report


def filled(report: Report) -> list[Answer]:
    """The answers to the course's questions in which the group wrote something."""
    return [answer for answer in report.answers if answer.topic is not None and answer.filled]


def recognised(report: Report) -> list[Answer]:
    """The answers whose question is the course's, filled or not."""
    return [answer for answer in report.answers if answer.topic is not None]


def places_problems(report: Report, weighed: Sequence[Weighed], expected: str) -> list[ReportProblem]:
    """What to say of where the report stands, and of other files that look like one."""
    problems = []
    if len(report.files) > 1:
        for path, half in zip(report.files, ("checklist", "answers"), strict=True):
            elsewhere = "" if path == expected else f"; the course expects it in {expected}"
            problems.append(ReportProblem(None, f"only the {half} of the report stands here{elsewhere}", path))
    elif report.path != expected:
        problems.append(ReportProblem(None, f"the report is not where the course expects it ({expected})"))
    others = [other.path for other in weighed if other.rank == FILLED and other.path not in report.files]
    problems += [ReportProblem(None, f"a second report was found at {other} and not read") for other in others[:5]]
    if report.items and not any(item.ticked for item in report.items):
        ticked = (other.path for other in weighed if other.path not in report.files and other.is_ticked)
        said = "nothing is ticked here; a list with ticks was found at {} and not read"
        problems += [ReportProblem(None, said.format(path)) for path in islice(ticked, 1)]
    return problems


def weighed_file(snapshot: Snapshot, one: Weighed, catalog: Catalog) -> ReadFile:
    """A file that looks like the report, read."""
    return read_file(snapshot.text(one.path) or "", catalog, one.path, snapshot.focus)


def read_file(text: str, catalog: Catalog, path: str, focus: str = "") -> ReadFile:
    """A file as a report, with its checklist; its answers depend on the edition, which the checklist tells."""
    source = read_source(text)
    sections = tuple(cut(source, catalog, within_readme=is_project_readme(path, focus)))
    return ReadFile(path, source, sections, read_checklist(candidates(sections), catalog), focus)


def assembled(listing: ReadFile, answering: ReadFile, catalog: Catalog) -> Report:
    """The report with the checklist of one file and the answers of another, which may be the same."""
    files = (listing,) if listing is answering else (listing, answering)
    checklist = listing.checklist
    editions = editions_of([file.source for file in files], checklist, catalog)
    answers = read_answers(answering.sections, catalog, editions, answering.path)
    problems = [*checklist.problems, *source_problems(listing.source)]
    if not checklist.items:
        problems.append(ReportProblem(None, "no checklist was found in the report"))
    about = [*source_problems(answering.source)] if answering is not listing else []
    about += answer_problems(answers)
    if answering is not listing:
        about = [problem._replace(path=answering.path) for problem in about]
    problems.sort(key=lambda problem: (problem.line or 0, problem.message))
    all_problems = sorted((*problems, *about), key=lambda one: (bool(one.path), one.line or 0, one.message))
    group = next((answer for answer in answers if answer.topic == "group"), None)
    members = next((answer for answer in answers if answer.topic == "members"), None)
    return Report(
        path=listing.path,
        edition=editions[0] if len(editions) == 1 else None,
        items=checklist.items,
        unrecognised=checklist.unrecognised,
        answers=answers,
        group=group_number(group),
        members=member_count(members),
        problems=tuple(all_problems[:MOST_PROBLEMS]),
        stretches=tuple(
            stretch
            for file in files
            for stretch in stretches(
                file.path,
                file.source.lines,
                checklist.items if file is listing else (),
                answers if file is answering else (),
                whole=not is_project_readme(file.path, file.focus),
            )
        ),
    )


def with_problems(report: Report, problems: Sequence[ReportProblem]) -> Report:
    """The report with problems that concern it as a whole in front of the others."""
    return replace(report, problems=(*problems, *report.problems))


def editions_of(sources: Sequence[Source], checklist: Checklist, catalog: Catalog) -> tuple[str, ...]:
    """The editions of the template that fit best: by the items' wordings, and among equals by the lines around them.

    Several where they fit equally well, none where hardly anything fits.
    """
    here = fingerprints(line for source in sources for line in source.lines)
    by_items = Counter(edition for item in checklist.items for edition in item.editions)
    by_lines = Counter(edition for mark in here for edition in catalog.template_lines.get(mark, ()))
    fitting: tuple[str, ...] = ()
    wordings = min(FEWEST_WORDINGS, (len(catalog.claims) + 1) // 2)
    for counts, enough in ((by_items, wordings), (by_lines, FEWEST_LINES)):
        counts = Counter({edition: count for edition, count in counts.items() if edition in (fitting or counts)})
        most = max(counts.values(), default=0)
        if most >= enough:
            fitting = tuple(sorted(edition for edition, count in counts.items() if count == most))
    return fitting


def source_problems(source: Source) -> list[ReportProblem]:
    """What of the text was not read, or oddly."""
    problems = []
    if source.cut:
        problems.append(ReportProblem(None, source.cut))
    if source.unclosed_comment:
        problems.append(ReportProblem(source.unclosed_comment, "a comment is opened and never closed"))
    return problems


def answer_problems(answers: Sequence[Answer]) -> list[ReportProblem]:
    """Questions left open, asked twice or not recognised."""
    problems = []
    seen: set[str] = set()
    for answer in answers:
        name = f"question {answer.number}" if answer.number is not None else f"the question on {answer.topic}"
        if answer.topic is None:
            problems.append(ReportProblem(answer.line, f"{name} was not recognised"))
        elif answer.topic in seen:
            problems.append(ReportProblem(answer.line, f"{name} stands twice"))
        else:
            seen.add(answer.topic)
        if answer.placeholder and answer.filled:
            problems.append(
                ReportProblem(answer.placeholder_line, f"{name}: the placeholder was left beside the answer")
            )
        elif not answer.filled:
            problems.append(ReportProblem(answer.line, f"{name} has no answer"))
    return problems
