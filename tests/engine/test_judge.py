"""The judge against the tables of the evidence standard."""

from __future__ import annotations

import pytest

from auditor.course.catalog import Claim
from auditor.engine.judge import Heard, finding, verdict
from auditor.evidence import Part, aside, counts, half, part, seen
from auditor.result.audit import Finding, Verdict

HERE = seen("src/shop/train.py", 3, "wandb.log(metrics)")
STRONG = part("a", [counts(HERE)])
WEAK = part("b", [half(HERE, "nothing calls it")])
MISSING = part("c", [aside(HERE, "it only prints")], looked_for="a thing")
PREMISE = part("dockerfile", [counts(HERE)], premise=True)
NO_PREMISE = part("dockerfile", looked_for="a Dockerfile", premise=True)


def claim(*, optional: bool = False, silent: str = "unsupported") -> Claim:
    return Claim(id="M0.x", module="M0", section="Week 1", title="x", optional=optional, silent=silent, told=optional)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([STRONG], "supported"),
        ([STRONG, STRONG], "supported"),
        ([STRONG, MISSING], "partial"),
        ([STRONG, WEAK], "partial"),
        ([WEAK], "partial"),
        ([WEAK, MISSING], "partial"),
        ([MISSING], "unsupported"),
        ([], "unverifiable"),
        ([PREMISE, STRONG], "supported"),
        ([PREMISE, MISSING], "unsupported"),
        ([NO_PREMISE, STRONG], "unsupported"),
    ],
)
def test_evidence_alone(parts: list[Part], expected: str) -> None:
    assert verdict(claim(), parts, Heard()) == expected


@pytest.mark.parametrize(
    ("parts", "silent", "heard", "expected"),
    [
        ([MISSING], "unsupported", Heard(), "unsupported"),
        ([MISSING], "unverifiable", Heard(), "unverifiable"),
        ([MISSING], "unsupported", Heard(documented=True), "partial"),
        ([MISSING], "unverifiable", Heard(documented=True), "partial"),
        ([PREMISE, MISSING], "unverifiable", Heard(), "unverifiable"),
        ([NO_PREMISE, MISSING], "unverifiable", Heard(), "unsupported"),
        ([NO_PREMISE, MISSING], "unverifiable", Heard(documented=True), "unsupported"),
        ([STRONG], "unverifiable", Heard(documented=True), "supported"),
    ],
)
def test_optional_claims(parts: list[Part], silent: str, heard: Heard, expected: str) -> None:
    assert verdict(claim(optional=True, silent=silent), parts, heard) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [([MISSING], "contradicted"), ([WEAK], "contradicted"), ([STRONG], "partial"), ([STRONG, MISSING], "partial")],
)
@pytest.mark.parametrize("optional", [True, False])
def test_denials(parts: list[Part], expected: str, optional: bool) -> None:
    assert verdict(claim(optional=optional, silent="unverifiable"), parts, Heard(denied=True)) == expected


def test_a_report_that_denies_and_describes_is_a_question() -> None:
    same_answer = Heard(denied=True, documented=True, answered=True)
    assert verdict(claim(optional=True), [MISSING], same_answer) is Verdict.PARTIAL
    assert verdict(claim(optional=False), [MISSING], same_answer) is Verdict.CONTRADICTED
    elsewhere = Heard(denied=True, outright=False, documented=True)
    assert verdict(claim(optional=True), [MISSING], elsewhere) is Verdict.PARTIAL


def test_an_outright_denial_outweighs_a_description_elsewhere() -> None:
    assert verdict(claim(optional=True), [MISSING], Heard(denied=True, documented=True)) is Verdict.CONTRADICTED


def test_a_denial_elsewhere_does_not_outweigh_complete_traces() -> None:
    assert verdict(claim(), [STRONG], Heard(denied=True, outright=False)) is Verdict.SUPPORTED
    assert verdict(claim(), [STRONG, MISSING], Heard(denied=True, outright=False)) is Verdict.PARTIAL


@pytest.mark.parametrize("documented", [True, False])
def test_prose_never_supports(documented: bool) -> None:
    for optional in (True, False):
        for silent in ("unsupported", "unverifiable"):
            said = verdict(claim(optional=optional, silent=silent), [MISSING], Heard(documented=documented))
            assert said is not Verdict.SUPPORTED


@pytest.mark.parametrize("said", list(Verdict))
@pytest.mark.parametrize("ticked", [True, False, None])
def test_a_reservation_softens_a_discrepancy_only(ticked: bool | None, said: Verdict) -> None:
    without, found = finding(ticked, said, Heard()), finding(ticked, said, Heard(reserved=True))
    assert found is (Finding.QUERY if without is Finding.DISCREPANCY else without)


@pytest.mark.parametrize("said", list(Verdict))
def test_a_tick_on_two_claims_speaks_for_the_first(said: Verdict) -> None:
    found = finding(True, said, Heard(beside=True))
    bad = said in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED)
    assert found is (Finding.QUERY if bad else finding(True, said, Heard()))
