"""What follows from a verdict and a tick, against the table of the evidence standard."""

from __future__ import annotations

import pytest

from auditor.result.audit import Finding, Verdict
from auditor.result.findings import finding


@pytest.mark.parametrize(
    ("ticked", "said", "softened", "expected"),
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
def test_findings(ticked: bool | None, said: str, softened: bool, expected: str) -> None:
    assert finding(ticked, Verdict(said), softened=softened) is Finding(expected)
