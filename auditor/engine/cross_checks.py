"""What the report states, held against the repository: numbers, links, and statements against each other.

These are notes beside the claims. They never change a verdict: a group may count otherwise than the program does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from auditor.evidence import Place
from auditor.facts.documents.links import linked_path, local_path
from auditor.facts.history.commits import History
from auditor.facts.history.hosting import Hosting
from auditor.facts.history.identities import Identities
from auditor.facts.workflows import Workflows
from auditor.injection import Facts
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.testing import TestCode
from auditor.practices.testing.coverage_numbers import CoverageNumbers
from auditor.report.language.words import Words
from auditor.report.model import Report
from auditor.report.numbers import Stated, stated
from auditor.repository.snapshot import Snapshot
from auditor.result.audit import ClaimResult, Contradiction, StatedNumber

NEAR = 0.2
"""Share by which a count may differ and still agree: what one counts as a test or a branch is a matter of taste."""

FEW = 5
"""Counts up to this one are exact."""

COVERAGE_NEAR = 3.0
"""Percentage points by which coverage may differ; it moves with every commit."""


def contradictions(claims: Sequence[ClaimResult], told: Mapping[str, Words]) -> tuple[Contradiction, ...]:
    """Where the report speaks against itself: a ticked claim that an answer denies, or answers that disagree.

    `told` is what the answers say about each claim. Of two claims on one line of the checklist the tick speaks for the first.
    """
    found: dict[tuple[str, int | None], Contradiction] = {}
    first_on = {claim.line: claim.id for claim in reversed(claims)}
    for claim in claims:
        words = told.get(claim.id, Words())
        for place in words.denials[:1]:
            if claim.ticked and first_on[claim.line] == claim.id:
                kind, other = "ticked, and denied in an answer", claim.line
            elif words.disagreement:
                described, denial = words.disagreement
                kind, other = "described in one answer, and denied in another", described.line
                place = Place(denial.path, denial.line, denial.text)
            else:
                continue
            key = (kind, place.line)
            known = found.get(key)
            ids = (*known.claims, claim.id) if known else (claim.id,)
            lines = (*known.lines, other) if known else (other,)
            found[key] = Contradiction(kind, ids, tuple(line for line in lines if line is not None), place)
    return tuple(found.values())


def stated_numbers(report: Report, facts: Facts) -> tuple[StatedNumber, ...]:
    """Each number of the answers with what was found; a fact that fails costs its number only."""
    found = []
    for one in stated(report):
        try:
            check = CHECKS[one.about](one, facts)
        except Exception:  # noqa: S112 - the bulkhead: a broken fact is reported with its claim, not here
            continue
        if check is not None:
            text, agrees = check
            found.append(
                StatedNumber(
                    one.about, ", ".join(one.values), text, agrees, Place(report.answers_path, one.line, one.text)
                )
            )
    return tuple(found)


def tests(one: Stated, facts: Facts) -> tuple[str, bool] | None:
    """Number of tests: functions, or cases where they are parametrised."""
    code = facts.get(TestCode)
    said = int(one.values[0])
    text = f"{code.count} test function{'s' if code.count != 1 else ''}" + (
        f" ({code.cases} cases)" if code.cases != code.count else ""
    )
    return text, near(said, code.count) or near(said, code.cases) or code.count <= said <= code.cases


def coverage(one: Stated, facts: Facts) -> tuple[str, bool] | None:
    """Coverage: committed reports, and thresholds that would fail below."""
    numbers = facts.get(CoverageNumbers)
    said = float(one.values[0])
    if numbers.reported:
        value, place = numbers.reported[0]
        return f"{value:.0f}% in {place.where}", abs(value - said) <= COVERAGE_NEAR
    if numbers.thresholds:
        value, place = numbers.thresholds[0]
        return f"a threshold of {value:.0f}% in {place.where}", said + COVERAGE_NEAR >= value
    return None


def workflow_files(one: Stated, facts: Facts) -> tuple[str, bool] | None:
    """Number of workflow files."""
    found = facts.get(Workflows)
    return f"{len(found.live)} workflow files that can run", near(int(one.values[0]), len(found.live))


def pull_requests(one: Stated, facts: Facts) -> tuple[str, bool] | None:
    """Number of merged pull requests, by the messages of merge commits."""
    history = facts.get(History)
    if not history.available or history.shallow:
        return None
    count = len(history.pull_requests)
    return f"{count} pull requests in merge messages", near(int(one.values[0]), count)


def branches(one: Stated, facts: Facts) -> tuple[str, bool] | None:
    """Number of branches: those of this clone, and those that merge messages name."""
    history = facts.get(History)
    if not history.available or history.shallow:
        return None
    names = history.branch_names | history.former_branch_names
    return f"{len(names)} branches, former ones included", int(one.values[0]) <= len(names) * (1 + NEAR)


def systems(one: Stated, facts: Facts) -> tuple[str, bool] | None:
    """Operating systems of the jobs that run tests."""
    work = [work for work in facts.get(Pipelines).live if work.tests]
    runs_on = " ".join(system.lower() for one_work in work for system in one_work.job.systems)
    found = [name for name in ("ubuntu", "windows", "macos") if name in runs_on]
    if not work:
        return "no job that can run runs tests", False
    return "tests run on " + (", ".join(found) or "no known system"), set(one.values) <= set(found)


def python_versions(one: Stated, facts: Facts) -> tuple[str, bool] | None:
    """Python versions of the matrix of jobs that run tests."""
    axes = [
        axis
        for work in facts.get(Pipelines).live
        if work.tests and work.job.matrix
        for axis in work.job.matrix.of_kind("python")
    ]
    found = sorted({value for axis in axes for value in axis.values})
    if not found:
        return None
    return "the matrix has " + ", ".join(found), set(one.values) <= set(found)


def members(one: Stated, facts: Facts) -> tuple[str, bool] | None:
    """Members of the group, against the people who commit."""
    history = facts.get(History)
    if not history.available:
        return None
    if history.shallow:
        return None
    people = len(facts.get(Identities).humans)
    return f"{people} distinct commit authors", people >= int(one.values[0])


CHECKS: dict[str, Callable[[Stated, Facts], tuple[str, bool] | None]] = {
    "tests": tests,
    "coverage": coverage,
    "workflows": workflow_files,
    "pull requests": pull_requests,
    "branches": branches,
    "systems": systems,
    "python versions": python_versions,
    "members": members,
}


def near(said: int, found: int) -> bool:
    """Whether two counts agree: exactly where they are small, else within a fifth or two."""
    most = max(said, found)
    return abs(said - found) <= (max(2, NEAR * most) if most > FEW else 0)


def missing_links(report: Report, snapshot: Snapshot, hosting: Hosting) -> tuple[Place, ...]:
    """Links and figures of the answers that lead to nothing in this repository."""
    found = []
    for answer in report.answers:
        for figure in answer.figures:
            shown = local_path(answer.path, figure.target)
            if shown is not None and not snapshot.exists(shown):
                found.append(Place(answer.path, figure.line, f"figure {figure.target} does not exist"))
        for link in answer.links:
            path = linked_path(link.target, answer.path, hosting)
            if path is not None and path and not snapshot.exists(path):
                found.append(Place(answer.path, link.line, f"link to {path}, which does not exist"))
    return tuple(dict.fromkeys(found))
