"""What follows from a verdict and a tick, for the program's verdicts and for those that somebody decided."""

from __future__ import annotations

from auditor.result.audit import Finding, Verdict


def finding(ticked: bool | None, verdict: Verdict, *, softened: bool = False) -> Finding:
    """What follows from verdict and tick; where the tick is `softened`, a query in place of a discrepancy."""
    if not ticked:
        return Finding.UNCLAIMED if ticked is False and verdict is Verdict.SUPPORTED else Finding.NONE
    if verdict is Verdict.SUPPORTED:
        return Finding.CONFIRMED
    if verdict is Verdict.PARTIAL:
        return Finding.QUERY
    if verdict is Verdict.UNVERIFIABLE:
        return Finding.ASK
    return Finding.QUERY if softened else Finding.DISCREPANCY
