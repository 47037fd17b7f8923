"""One audit from end to end: snapshot, report, facts, rules, judge, result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path

from auditor import __version__
from auditor.checks import HandIn, checks, remarks
from auditor.course.catalog import Catalog, Claim
from auditor.course.rulebook import Rulebook, load_rulebook
from auditor.course.selection import selection
from auditor.engine import cross_checks, judge
from auditor.engine.excerpts import excerpts
from auditor.engine.explanations import explain, question, ways_to_settle
from auditor.engine.prints import prints
from auditor.engine.settings import read_settings, reason_for
from auditor.errors import AuditError
from auditor.evidence import Evidence, Part
from auditor.facts.group import Group, ReportPlace
from auditor.facts.history.elsewhere import Elsewhere
from auditor.facts.history.hosting import Hosting
from auditor.injection import Facts
from auditor.limits import DEFAULT, Limits
from auditor.report import Report, read_report
from auditor.report.language.words import Words, read_words
from auditor.report.locate import expected_path
from auditor.repository.memory import Memory
from auditor.repository.opening import open_snapshot
from auditor.repository.snapshot import Snapshot
from auditor.result.audit import (
    AuditResult,
    ClaimResult,
    Finding,
    PartResult,
    Place,
    ReportResult,
    RepositoryResult,
    Settings,
    Verdict,
)
from auditor.result.masking import masked

MOST_PLACES = 8
"""Places of evidence kept for a part; a claim is not better supported by the hundredth call."""


def run_audit(
    path: str | PathLike[str],
    *,
    at: str | None = None,
    report: str | PathLike[str] | None = None,
    use_git: bool = True,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    limits: Limits | None = None,
    rulebook: Rulebook | None = None,
    settings: Settings | None = None,
    group_settings: bool = False,
    hand_in: bool = False,
    memory: Path | None = None,
) -> AuditResult:
    """See `auditor.audit`. `memory` is a folder where what Python files say is kept for the next time; none by itself."""
    rulebook = rulebook or load_rulebook()
    with open_snapshot(Path(path), at=at, use_git=use_git, limits=limits or DEFAULT) as snapshot:
        if not snapshot.paths:
            raise AuditError(f"{fspath(path)}: holds no files to audit")
        names = [check.name for check in checks()]
        groups_own = read_settings(snapshot, rulebook.catalog, names, applied=group_settings)
        followed = [one for one in (settings, groups_own) if one is not None and one.applied]
        only = list(select) or [name for one in followed for name in one.select]
        without = [*ignore, *(aside.name for one in followed for aside in one.ignored)]
        chosen = selection(rulebook.catalog, names, only, without)
        if not chosen.claims and not hand_in:
            raise AuditError("no claim is left to audit: hand-in checks (H) belong to `auditor check`")
        snapshot = within_folders(snapshot, followed)
        wanted = report if report is not None else next((one.report for one in followed if one.report), None)
        read = read_report(snapshot, rulebook.catalog, None if wanted is None else report_path(snapshot, wanted))
        if wanted is not None and (read is None or not read.items):
            raise AuditError(f"report {fspath(wanted)}: holds no checklist item of the course")
        facts = Facts(
            snapshot,
            rulebook.fingerprints,
            Group(read.members if read else None),
            ReportPlace(read.path if read else ""),
            Memory(memory, snapshot.root, snapshot.focus),
        )
        disagreements: dict[str, Sequence[Evidence]] = {}
        results = tuple(
            replace(
                claim_result(claim, rulebook, facts, snapshot, read, disagreements),
                set_aside=reason_for(groups_own, claim.id, claim.module),
            )
            for claim in chosen.claims
        )
        told = report_result(read)
        if read is not None:
            told = replace(
                told,
                problems=(*missing_items(read, rulebook.catalog), *told.problems),
                contradictions=cross_checks.contradictions(results, disagreements),
                numbers=cross_checks.stated_numbers(read, facts),
                missing_links=cross_checks.missing_links(read, snapshot, facts.get(Hosting)),
            )
        remarked = None
        if hand_in and chosen.checks:
            text = (snapshot.text(read.path) or "") if read else ""
            facts.give(HandIn(read, text, rulebook.catalog, results))
            remarked = remarks(facts, chosen.checks)
        result = AuditResult(
            version=__version__,
            repository=repository_result(snapshot, path, facts.get(Hosting)),
            report=told,
            claims=results,
            prints=prints(snapshot, facts, read),
            course=rulebook.name,
            settings=groups_own,
            course_settings=settings,
            hand_in=remarked,
            only=tuple(only),
            without=tuple(without),
        )
        return masked(replace(result, excerpts=excerpts(result, snapshot)))


def within_folders(snapshot: Snapshot, followed: Sequence[Settings]) -> Snapshot:
    """The snapshot of the folders that settings name, and of those of the report; all of it where they name none."""
    folders = [folder for one in followed for folder in one.folders]
    reports = [expected_path(snapshot), *(one.report for one in followed if one.report)]
    return snapshot.within([*folders, *(path.rpartition("/")[0] for path in reports)]) if folders else snapshot


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


def claim_result(
    claim: Claim,
    rulebook: Rulebook,
    facts: Facts,
    snapshot: Snapshot,
    report: Report | None,
    disagreements: dict[str, Sequence[Evidence]],
) -> ClaimResult:
    """The result for one claim. A rule that fails costs its claim, never the audit.

    Answers that disagree on the claim are added to `disagreements`.
    """
    item = report.item(claim.id) if report else None
    ticked = report.ticked(claim.id) if report else None
    statement = rulebook.statements.get(claim.id)
    words = Words()
    if report and statement:
        words = read_words(report, claim, rulebook.catalog, statement, snapshot.exists)
    if words.disagreement:
        disagreements[claim.id] = words.disagreement
    rule, error, parts = rulebook.rules.get(claim.id), None, list[Part]()
    if rule is None:
        error = "; ".join(("there is no rule for this claim", *rulebook.broken))
    else:
        try:
            parts = list(facts.call(rule.gather))
        except Exception as failure:  # the bulkhead: whatever a rule or fact does wrong stays with its claim
            error = f"the rule failed: {type(failure).__name__}: {failure}"
    reserved = bool(item and item.reservation)
    heard = judge.Heard(bool(words.denials), words.outright, bool(words.documented), words.answered, reserved)
    verdict = Verdict.UNVERIFIABLE if error else judge.verdict(claim, parts, heard)
    finding = judge.finding(ticked, verdict, heard)
    note = item.note if item else None
    elsewhere: tuple[Evidence, ...] = ()
    if finding in (Finding.DISCREPANCY, Finding.QUERY):
        elsewhere = facts.get(Elsewhere).find(claim.files)
    return ClaimResult(
        id=claim.id,
        module=claim.module,
        section=claim.section,
        title=claim.title,
        ticked=ticked,
        line=item.line if item else None,
        note=note,
        verdict=verdict,
        finding=finding,
        parts=tuple(part_result(part) for part in parts),
        documented=shown(words.documented),
        against=shown(words.denials),
        explanation=error
        or explain(
            parts,
            verdict,
            finding,
            documented=words.documented,
            against=words.denials,
            elsewhere=elsewhere,
            note=note,
            settle=rule.settle if rule else "",
        ),
        error=error,
        elsewhere=shown(elsewhere),
        question=question(
            claim.title,
            parts,
            verdict,
            finding,
            against=words.denials,
            elsewhere=elsewhere,
            note=note,
            settle=rule.settle if rule else "",
        ),
        settle=ways_to_settle(
            finding,
            parts=parts,
            note=note,
            told=claim.told,
            documented=bool(words.documented),
            against=words.denials,
            elsewhere=elsewhere,
            settle=rule.settle if rule else "",
        ),
    )


def part_result(part: Part) -> PartResult:
    """A part as it is shown: its strong evidence, or the weak where there is no strong."""
    return PartResult(
        name=part.name,
        status=part.status,
        evidence=shown(part.strong or part.weak),
        looked_for=part.looked_for,
        remark=part.remark if part.status == "weak" else "",
        premise=part.premise,
    )


def shown(evidence: Iterable[Evidence]) -> tuple[Place, ...]:
    """Evidence as places, the first few."""
    return tuple(Place(one.path, one.line, one.text, one.commit) for one in list(evidence)[:MOST_PLACES])


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
        problems=tuple(Place(report.path, problem.line, problem.message) for problem in report.problems),
        unrecognised=tuple(Place(report.path, item.line, item.text) for item in report.unrecognised),
    )
