"""Each trace's own reason, what was set aside, and the group's words stand in every output."""

from __future__ import annotations

import pytest
from rich.console import Console

from auditor.batch.rows import reason_and_place
from auditor.evidence import Place, Trace, Weight
from auditor.output import writer
from auditor.output.terminal.advice import print_advice
from auditor.output.terminal.console import as_text, captured
from auditor.records import replace
from auditor.result.audit import AuditResult, ClaimResult, Finding, PartResult, ReportResult, RepositoryResult, Verdict

HALF = Trace(
    Place(".github/workflows/data.yml", 4, "paths: [data/**]"), Weight.HALF, "`data/` is git-ignored, so it never fires"
)
OTHER = Trace(
    Place(".github/workflows/pull.yml", 9, "on: workflow_dispatch"), Weight.HALF, "it is started by hand only"
)
NEAR = Trace(Place("README.md", 12, "we retrain"), Weight.NOT, "it only speaks of it")


def result(*traces: Trace) -> AuditResult:
    weak = [trace for trace in traces if trace.weight is Weight.HALF]
    part = PartResult(
        name="workflow on data",
        status="weak" if weak else "missing",
        evidence=tuple(trace.place for trace in weak),
        looked_for="a live workflow on data",
        remark=weak[0].why if weak else "",
        traces=traces,
    )
    claim = ClaimResult(
        id="M19.data_trigger", module="M19", section="Week 2", title="Workflow on data", ticked=True, line=88, note=None,
        verdict=Verdict.PARTIAL if weak else Verdict.UNSUPPORTED, finding=Finding.QUERY if weak else Finding.DISCREPANCY,
        parts=(part,), documented=(), against=(), explanation="", wording="Add a continues workflow that triggers when data changes",
        said=(Place("reports/README.md", 300, "Our data rarely changes."),), question="Could you show it?",
    )  # fmt: skip
    return AuditResult(
        version="0",
        repository=RepositoryResult("shop", None, None, False),
        report=ReportResult("reports/README.md", "2026", "7", 3, ()),
        claims=(claim,),
    )


def console() -> Console:
    return Console(width=200, color_system=None)


def shown(form: str, of: AuditResult) -> str:
    if form == "console":
        return as_text(of, console()).decode()
    if form == "advice":
        screen = console()
        return captured(lambda: print_advice(of, screen), screen).decode()
    return writer(form)(of).decode()


@pytest.mark.parametrize("form", ["console", "advice", "markdown", "html", "json"])
def test_every_output_shows_each_reason_what_came_near_and_the_words(form: str) -> None:
    said = shown(form, result(HALF, OTHER, NEAR)).replace("\\", "").replace("&#8203;", "")
    for wanted in (
        "git-ignored, so it never fires",
        OTHER.why,
        NEAR.why,
        "Our data rarely changes.",
        "continues workflow",
    ):
        assert wanted in said, wanted


@pytest.mark.parametrize("form", ["console", "advice", "markdown", "html", "json"])
def test_what_came_near_is_shown_where_nothing_was_found(form: str) -> None:
    said = shown(form, result(NEAR))
    assert NEAR.why in said
    assert "README.md" in said


def test_the_reason_in_a_sheet_is_that_of_the_nearest_trace() -> None:
    assert reason_and_place(result(HALF, NEAR).claims[0]) == (HALF.why, ".github/workflows/data.yml:4")
    assert reason_and_place(result(NEAR).claims[0]) == (NEAR.why, "README.md:12")
    assert reason_and_place(result().claims[0]) == ("not found: a live workflow on data", "")


def test_what_the_report_says_against_a_claim_is_its_reason() -> None:
    claim = replace(result(HALF).claims[0], against=(Place("reports/README.md", 310, "We have no such workflow."),))
    assert reason_and_place(claim) == ("the report says: We have no such workflow.", "reports/README.md:310")
