"""What a group is told to do about an open claim is true of what is there: nobody is told to commit what is committed."""

from __future__ import annotations

from typing import Any

from auditor.engine.explanations import Judged, ways_to_settle
from auditor.evidence import Place, counts, part
from auditor.records import replace
from auditor.result.audit import Finding, Verdict

DENIAL = Place("reports/README.md", 314, "We did not use config files.")
THERE = part("matrix", [counts(Place(".github/workflows/tests.yml", 9, "os: [a, b]"))], looked_for="a matrix")
MISSING = part("caching", looked_for="caching of dependencies")


OPEN = Judged("Cache", (MISSING,), Verdict.UNSUPPORTED, Finding.DISCREPANCY, settle="show the run")


def ways(**known: Any) -> str:
    return " ".join(ways_to_settle(replace(OPEN, **known)))


def test_what_is_missing_is_to_be_committed() -> None:
    assert "If it is done, commit it." in ways()


def test_what_is_there_is_not() -> None:
    told = ways(parts=(THERE, MISSING), verdict=Verdict.PARTIAL, finding=Finding.QUERY)
    assert "commit it" not in told
    assert "There is matrix (.github/workflows/tests.yml:9)." in told
    denied = ways(parts=(THERE,), verdict=Verdict.PARTIAL, finding=Finding.QUERY, against=(DENIAL,))
    assert "commit it" not in denied and "would want to see" not in denied
    assert "says the opposite" in denied


def test_nor_what_the_report_denies() -> None:
    told = ways(against=(DENIAL,), verdict=Verdict.CONTRADICTED, told=True, documented=(DENIAL,))
    assert "commit it" not in told and "Your report describes it" not in told
    assert "If it was done after all" in told


def test_a_denial_of_a_part_is_not_called_the_opposite() -> None:
    told = ways(against=(DENIAL,), in_part=True, verdict=Verdict.CONTRADICTED, finding=Finding.QUERY)
    assert "says the opposite" not in told and "takes a part of it back" in told
