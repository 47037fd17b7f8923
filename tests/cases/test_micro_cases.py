"""The micro-cases of fixtures/cases: the main test of the rules."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from support.micro_cases import Case, build, load_cases

from auditor import audit
from auditor.course.rulebook import Rulebook, load_rulebook

CASES = list(load_cases())


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.claim} {case.name}")
def test_case(case: Case, tmp_path: Path, rulebook: Rulebook) -> None:
    build(case, tmp_path / "repository", rulebook.catalog)
    claim = audit(tmp_path / "repository", select=[case.claim], rulebook=rulebook).claim(case.claim)
    assert claim.error is None
    assert claim.ticked is case.ticked
    assert claim.verdict in case.expect, f"{claim.explanation}"


def test_every_ruled_claim_has_honest_decoy_and_edge_cases(rulebook: Rulebook) -> None:
    kinds = {claim: Counter(case.kind for case in CASES if case.claim == claim) for claim in rulebook.rules}
    assert {claim: count for claim, count in kinds.items() if count.total() < 5} == {}
    assert {claim: dict(count) for claim, count in kinds.items() if not count["honest"] or not count["decoy"]} == {}


def test_case_names_are_unique() -> None:
    names = Counter((case.claim, case.name) for case in CASES)
    assert [name for name, times in names.items() if times > 1] == []
