"""What follows from a verdict and a tick, against the table of the evidence standard."""

from __future__ import annotations

import pytest

from auditor.result.audit import Finding, Verdict
from auditor.result.findings import Heard, finding


@pytest.mark.parametrize(
    ("ticked", "said", "reserved", "expected"),
    [
        (True, "supported", False, "confirmed"),
        (True, "partial", False, "query"),
        (True, "unsupported", False, "discrepancy"),
        (True, "contradicted", False, "discrepancy"),
        (True, "unsupported", True, "query"),
        (True, "contradicted", True, "query"),
        (True, "unverifiable", False, "ask"),
        (False, "supported", False, "unclaimed"),
        (False, "partial", False, "none"),
        (False, "unsupported", False, "none"),
        (False, "contradicted", True, "none"),
        (None, "supported", False, "none"),
        (None, "unsupported", False, "none"),
    ],
)
def test_findings(ticked: bool | None, said: str, reserved: bool, expected: str) -> None:
    assert finding(ticked, Verdict(said), Heard(reserved=reserved)) is Finding(expected)


@pytest.mark.parametrize("said", list(Verdict))
def test_a_tick_on_two_claims_speaks_for_the_first(said: Verdict) -> None:
    found = finding(True, said, Heard(beside=True))
    bad = said in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED)
    assert found is (Finding.QUERY if bad else finding(True, said, Heard()))
