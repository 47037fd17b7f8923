"""What was audited: the repository and the report at the head of a result."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike, fspath
from pathlib import Path

from auditor.course.catalog import Catalog
from auditor.errors import AuditError
from auditor.evidence import Place
from auditor.facts.group import ReportPart, ReportPlace
from auditor.facts.history.hosting import Hosting
from auditor.report import Report
from auditor.report.locate import expected_path
from auditor.repository.snapshot import Snapshot
from auditor.result.audit import ReportResult, RepositoryResult, Settings


def within_folders(snapshot: Snapshot, followed: Sequence[Settings]) -> Snapshot:
    """The snapshot of the folders that settings name, and of those of the report; all of it where they name none."""
    folders = [folder for one in followed for folder in one.folders]
    reports = [expected_path(snapshot), *(path for one in followed for path in one.reports)]
    return snapshot.within([*folders, *(path.rpartition("/")[0] for path in reports)]) if folders else snapshot


def given_paths(
    report: str | PathLike[str] | Sequence[str | PathLike[str]] | None,
) -> tuple[str | PathLike[str], ...]:
    """The files that were named as the report: none, one, or those of its two halves."""
    if report is None:
        return ()
    return (report,) if isinstance(report, str | PathLike) else tuple(report)


def wordings(report: Report | None) -> dict[str, str]:
    """The items of a report's checklist by the claims that they make."""
    return {claim: item.text for item in report.items for claim in item.claim_ids} if report else {}


def report_place(report: Report | None) -> ReportPlace:
    """Which lines of which files are the report."""
    return ReportPlace(tuple(ReportPart(*stretch) for stretch in report.stretches) if report else ())


def report_path(snapshot: Snapshot, wanted: str | PathLike[str]) -> str:
    """A report that was named, as a path of the snapshot. Raises AuditError where it is not in it."""
    given = Path(wanted)
    candidates = [given.as_posix()]
    for base in (Path.cwd(), snapshot.root / snapshot.focus):
        full = given if given.is_absolute() else base / given
        if full.is_relative_to(snapshot.root):
            candidates.append(full.relative_to(snapshot.root).as_posix())
    for candidate in candidates:
        if candidate in snapshot:
            return candidate
    raise AuditError(f"report {given}: no such file in the repository at this state")


def repository_result(snapshot: Snapshot, path: str | PathLike[str], hosting: Hosting) -> RepositoryResult:
    """What was audited."""
    moment = snapshot.moment
    return RepositoryResult(
        path=fspath(path),
        commit=moment.commit,
        committed_at=moment.committed_at.isoformat() if moment.committed_at else None,
        dirty=moment.dirty,
        branch=moment.branch,
        folder=snapshot.focus,
        web=f"https://{hosting.host}/{hosting.owner}/{hosting.name}" if hosting.name else None,
        problems=tuple(Place(problem.path, None, problem.message) for problem in snapshot.problems),
    )


def wide_reservations(report: Report) -> list[Place]:
    """That more than a third of the ticks carry a reservation, which is then heard at none of them."""
    if not report.reserved_widely:
        return []
    ticks = sum(item.ticked for item in report.items)
    few = len(report.reservations)
    said = f"{few} of {ticks} ticks carry a reservation (“{report.reservations[0].note or 'struck out'}”): no discrepancy is made a query for it"
    return [Place(report.path, report.reservations[0].line, said)]


def missing_items(report: Report, catalog: Catalog) -> list[Place]:
    """Items of the report's edition that it lacks: deleted, or with a box that could not be read."""
    if report.edition is None or not report.items:
        return []
    gone = [c.id for c in catalog.claims if c.wording(report.edition) and report.item(c.id) is None]
    if not gone:
        return []
    return [Place(report.path, None, f"items of edition {report.edition} that were not found in it: {', '.join(gone)}")]


def report_result(report: Report | None) -> ReportResult:
    """How the report was read."""
    if report is None:
        return ReportResult(None, None, None, None, (Place("", None, "no report with a checklist was found"),))
    return ReportResult(
        path=report.path,
        edition=report.edition,
        group=report.group,
        members=report.members,
        problems=tuple(Place(one.path or report.path, one.line, one.message) for one in report.problems),
        unrecognised=tuple(Place(report.path, item.line, item.text) for item in report.unrecognised),
        answers_path=report.answers_path if report.answers_path != report.path else None,
    )
