"""One audit from end to end: snapshot, report, facts, rules, judge, result."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import wraps
from os import PathLike, fspath
from pathlib import Path
from typing import ParamSpec

from auditor.checks import HandIn, checks, remarks
from auditor.course.catalog import Claim
from auditor.course.rulebook import Rulebook, load_rulebook
from auditor.course.selection import selection
from auditor.engine import cross_checks
from auditor.engine.answers import given_answers
from auditor.engine.claims import claim_result
from auditor.engine.excerpts import excerpts
from auditor.engine.heads import (
    given_paths,
    missing_items,
    report_path,
    report_place,
    report_result,
    repository_result,
    wide_reservations,
    within_folders,
    wordings,
)
from auditor.engine.prints import prints
from auditor.engine.settings import read_settings, reason_for, zone_of
from auditor.engine.uncommitted import held_against_commit
from auditor.errors import AuditError
from auditor.facts.group import Group
from auditor.facts.history.elsewhere import Deadline
from auditor.facts.history.hosting import Hosting
from auditor.injection import Facts
from auditor.limits import DEFAULT, Limits
from auditor.patterns import learnt, recall
from auditor.records import replace
from auditor.report import read_report
from auditor.report.language.words import Words
from auditor.repository.commits import parse_moment
from auditor.repository.memory import Memory
from auditor.repository.opening import open_snapshot
from auditor.repository.snapshot import Snapshot
from auditor.result.audit import AuditResult, ClaimResult, Settings
from auditor.result.masking import masked
from auditor.version import __version__

P = ParamSpec("P")

MOVED = "changed while it was read: what is said here may be of two moments"


def tried_again(audit: Callable[P, AuditResult]) -> Callable[P, AuditResult]:
    """`audit`, made once more where the work tree changed meanwhile and the result's problems say so (`MOVED`)."""

    @wraps(audit)
    def audited(*given: P.args, **named: P.kwargs) -> AuditResult:
        result = audit(*given, **named)
        moved = any(place.text == MOVED for place in result.repository.problems)
        return audit(*given, **named) if moved else result

    return audited


@tried_again
def run_audit(
    path: str | PathLike[str],
    *,
    at: str | None = None,
    report: str | PathLike[str] | Sequence[str | PathLike[str]] | None = None,
    use_git: bool = True,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    limits: Limits | None = None,
    rulebook: Rulebook | None = None,
    settings: Settings | None = None,
    group_settings: bool = False,
    hand_in: bool = False,
    memory: Path | None = None,
    deadline: datetime | None = None,
    checks_besides: Collection[str] = (),
) -> AuditResult:
    """See `auditor.audit`. `memory` is a folder where what Python files say, and patterns as compiled, are kept for the next time.

    `deadline` is up to when work counts; where `at` is a date, it is that one. What came later is told as such.
    `checks_besides` are hand-in checks that are looked at whatever else is. Where the work tree changes meanwhile, it is audited
    once more; if it still does, the result says so.
    """
    rulebook = rulebook or load_rulebook()
    moment = parse_moment(at, zone_of(settings, rulebook.catalog)) if at is not None else None
    if moment is not None:
        at, deadline = moment.isoformat(), moment
    with open_snapshot(Path(path), at=at, use_git=use_git, limits=limits or DEFAULT) as snapshot:
        if not snapshot.paths:
            raise AuditError(f"{fspath(path)}: holds no files to audit")
        for_patterns = Memory(memory, snapshot.root, shared="patterns")
        recall(for_patterns.load() or b"")
        names = [check.name for check in checks()]
        groups_own = read_settings(snapshot, rulebook.catalog, names, applied=group_settings)
        followed = [one for one in (settings, groups_own) if one is not None and one.applied]
        only = list(select) or [name for one in followed for name in one.select]
        without = [*ignore, *(aside.name for one in followed for aside in one.ignored)]
        chosen = selection(rulebook.catalog, names, only, without)
        if not chosen.claims and not hand_in:
            raise AuditError("no claim is left to audit: hand-in checks (H) belong to `auditor check`")
        snapshot = within_folders(snapshot, followed)
        named = given_paths(report) or next((one.reports for one in followed if one.reports), ())
        read = read_report(snapshot, rulebook.catalog, [report_path(snapshot, path) for path in named])
        if named and (read is None or not read.items):
            raise AuditError(
                f"report {', '.join(fspath(path) for path in named)}: holds no checklist item of the course"
            )

        def facts_of(files: Snapshot, kept: Memory) -> Facts:
            group = Group(read.members if read else None, wordings(read))
            return Facts(
                files, rulebook.fingerprints, rulebook.names, group, report_place(read), kept, Deadline(deadline)
            )

        def judged(files: Snapshot, claims: Sequence[Claim]) -> tuple[ClaimResult, ...]:
            known = facts_of(files, Memory())
            return tuple(claim_result(claim, rulebook, known, files, read, {}) for claim in claims)

        facts = facts_of(snapshot, Memory(memory, snapshot.root, snapshot.focus))
        words: dict[str, Words] = {}
        results = tuple(
            replace(
                claim_result(claim, rulebook, facts, snapshot, read, words),
                set_aside=reason_for(groups_own, claim.id, claim.module),
            )
            for claim in chosen.claims
        )
        results = held_against_commit(
            results,
            chosen.claims,
            lambda: within_folders(open_snapshot(Path(path), at="HEAD", limits=limits or DEFAULT), followed),
            judged,
        )
        told = report_result(read)
        if read is not None:
            told = replace(
                told,
                problems=(*wide_reservations(read), *missing_items(read, rulebook.catalog), *told.problems),
                contradictions=cross_checks.contradictions(results, words),
                numbers=cross_checks.stated_numbers(read, facts),
                missing_links=cross_checks.missing_links(read, snapshot, facts.get(Hosting)),
                answers=given_answers(read, rulebook.catalog, snapshot),
            )
        remarked = None
        looked_at = frozenset((*(chosen.checks if hand_in else ()), *checks_besides))
        if looked_at:
            text = (snapshot.text(read.answers_path) or "") if read else ""
            facts.give(HandIn(read, text, rulebook.catalog, results))
            remarked = remarks(facts, looked_at)
        moved = snapshot.moved()
        if moved is not None:
            snapshot.note(moved, MOVED)
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
        finished = masked(replace(result, excerpts=excerpts(result, snapshot)))
        if for_patterns.kept and (new := learnt()):
            for_patterns.save(new)
        return finished
