"""Reads the report: finds it, reads its checklist and answers, and says what a reader should know about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from auditor.course.catalog import Catalog
from auditor.errors import AuditError
from auditor.records import replace
from auditor.report.answers import cut, read_answers
from auditor.report.candidates import candidates
from auditor.report.checklist import Checklist, read_checklist
from auditor.report.locate import FILLED, expected_path, fewest, locate
from auditor.report.model import Answer, Report, ReportProblem
from auditor.report.people import group_number, member_count
from auditor.report.source import Source, read_source
from auditor.report.template import fingerprints
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

MOST_PROBLEMS = 100
FEWEST_LINES = 20
FEWEST_WORDINGS = 10
"""Lines of the template, and items in its wording, that tell its edition; fewer tell nothing. Of a short catalogue half do."""
MOST_TRIED = 5
"""Files that are read as a report before it is given up that there is one."""


def read_report(snapshot: Snapshot, catalog: Catalog, path: str | None = None) -> Report | None:
    """The report of the repository, or the one at `path` (relative to the repository's root or the audited folder).

    None where there is no report. Raises AuditError where `path` is given and is not a text file of the snapshot.
    """
    if path is None:
        return find_report(snapshot, catalog)
    wanted = next((p for p in (normalise(path), normalise(f"{snapshot.focus}/{path}")) if p in snapshot), None)
    if wanted is None:
        raise AuditError(f"report {path}: there is no such file in the repository")
    text = snapshot.text(wanted)
    if text is None:
        raise AuditError(f"report {path}: could not be read as text")
    return parse_report(text, catalog, wanted)


def find_report(snapshot: Snapshot, catalog: Catalog) -> Report | None:
    """The report wherever it stands; None where no file holds items of the checklist or questions of the report."""
    needed = fewest(catalog)
    weighed = locate(snapshot, needed)
    for best in weighed[:MOST_TRIED]:
        report = parse_report(snapshot.text(best.path) or "", catalog, best.path)
        if (
            len(report.items) < needed.items
            and sum(answer.topic is not None for answer in report.answers) < needed.questions
        ):
            continue
        problems = []
        expected = expected_path(snapshot)
        if best.path != expected:
            problems.append(ReportProblem(None, f"the report is not where the course expects it ({expected})"))
        others = [other.path for other in weighed if other.rank == FILLED and other is not best]
        problems += [ReportProblem(None, f"a second report was found at {other} and not read") for other in others[:5]]
        return replace(report, problems=(*problems, *report.problems))
    return None


def parse_report(text: str, catalog: Catalog, path: str = "reports/README.md") -> Report:
    """The report in `text`. Never raises because of what the text holds."""
    source = read_source(text)
    sections = cut(source, catalog)
    checklist = read_checklist(candidates(sections), catalog)
    editions = editions_of(source, checklist, catalog)
    answers = read_answers(sections, catalog, editions)
    all_problems = [*checklist.problems, *source_problems(source), *answer_problems(answers)]
    if not checklist.items:
        all_problems.append(ReportProblem(None, "no checklist was found in the report"))
    group = next((answer for answer in answers if answer.topic == "group"), None)
    members = next((answer for answer in answers if answer.topic == "members"), None)
    all_problems.sort(key=lambda problem: (problem.line or 0, problem.message))
    return Report(
        path=path,
        edition=editions[0] if len(editions) == 1 else None,
        items=checklist.items,
        unrecognised=checklist.unrecognised,
        answers=answers,
        group=group_number(group),
        members=member_count(members),
        problems=tuple(all_problems[:MOST_PROBLEMS]),
    )


def editions_of(source: Source, checklist: Checklist, catalog: Catalog) -> tuple[str, ...]:
    """The editions of the template that fit best: by the items' wordings, and among equals by the lines around them.

    Several where they fit equally well, none where hardly anything fits.
    """
    here = fingerprints(source.lines)
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
