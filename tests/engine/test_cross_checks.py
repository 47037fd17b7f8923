"""Notes beside the claims: numbers, links, and the report against itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.report_samples import parse_report
from support.repositories import make_repository

from auditor import audit
from auditor.course.rulebook import Rulebook, load_rulebook
from auditor.report.numbers import stated
from auditor.result.audit import ReportResult

BOOK: Rulebook = load_rulebook()
WORKFLOW = """
on: [push, pull_request]
jobs:
  test:
    runs-on: ${{ matrix.os }}
    strategy:
      matrix:
        os: [ubuntu-latest, macos-latest]
        python-version: ["3.11", "3.12"]
    steps:
      - uses: actions/setup-python@v5
        with: {python-version: "${{ matrix.python-version }}"}
      - run: pytest tests/
"""
TESTS = "from shop.model import mean\n\n\n" + "\n\n".join(
    f"def test_{n}():\n    assert mean([{n}]) == {n}\n" for n in range(6)
)


def report(answers: dict[int, str], ticked: tuple[str, ...] = ()) -> str:
    lines = ["# Report", "", "## Overall project checklist", ""]
    for claim in BOOK.catalog.claims:
        wording = claim.wording("2026")
        if wording:
            lines.append(f"* [{'x' if claim.id in ticked else ' '}] {wording}")
    for number, answer in answers.items():
        lines += ["", f"### Question {number}", "", "> Answer:", "", answer]
    return "\n".join(lines) + "\n"


def audited(tmp_path: Path, answers: dict[int, str], ticked: tuple[str, ...] = ()) -> ReportResult:
    files = {
        "src/shop/model.py": "def mean(x):\n    return sum(x) / len(x)\n",
        "tests/test_model.py": TESTS,
        ".github/workflows/tests.yaml": WORKFLOW,
        "pyproject.toml": "[tool.coverage.report]\nfail_under = 60\n",
        "reports/README.md": report(answers, ticked),
    }
    repository = make_repository(tmp_path / "r", files)
    return audit(repository, rulebook=BOOK, select=["M12", "M16", "M28"]).report


def found(result: ReportResult) -> dict[str, tuple[str, bool]]:
    return {number.about: (number.said, number.agrees) for number in result.numbers}


def test_numbers_that_agree(tmp_path: Path) -> None:
    answers = {
        2: "s990001",
        7: "In total we have implemented 6 tests.",
        8: "The total code coverage is 63%, far from 100%.",
        11: "We use 1 workflow that tests on Ubuntu and macOS with Python 3.11 and 3.12.",
    }
    assert found(audited(tmp_path, answers)) == {
        "members": ("1", True),
        "tests": ("6", True),
        "coverage": ("63", True),
        "workflows": ("1", True),
        "systems": ("macos, ubuntu", True),
        "python versions": ("3.11, 3.12", True),
    }


def test_numbers_that_do_not(tmp_path: Path) -> None:
    answers = {
        7: "We wrote twenty unit tests.",
        8: "The coverage is 41 %.",
        9: "We merged 35 pull requests.",
        11: "We test on Windows with Python 3.9.",
    }
    assert found(audited(tmp_path, answers)) == {
        "tests": ("20", False),
        "coverage": ("41", False),
        "pull requests": ("35", False),
        "systems": ("windows", False),
        "python versions": ("3.9", False),
    }


@pytest.mark.parametrize("sentence", ["We did not write 30 tests.", "Tests are important.", "We would want 40 tests."])
def test_no_number_is_read_out_of_negations(sentence: str) -> None:
    assert stated(parse_report(report({7: sentence}), BOOK.catalog, "reports/README.md")) == ()


def test_a_ticked_claim_beside_its_denial(tmp_path: Path) -> None:
    result = audited(tmp_path, {16: "We did not do any profiling."}, ticked=("M12.profiling",))
    (one,) = result.contradictions
    assert one.claims == ("M12.profiling",)
    assert one.says.text == "We did not do any profiling."


def test_one_denial_of_several_ticked_claims_is_one_contradiction(tmp_path: Path) -> None:
    result = audited(tmp_path, {26: "We did not implement monitoring."}, ticked=("M28.metrics", "M28.alerts"))
    (one,) = result.contradictions
    assert set(one.claims) == {"M28.metrics", "M28.alerts"}


def test_an_unticked_claim_may_be_denied(tmp_path: Path) -> None:
    assert audited(tmp_path, {16: "We did not do any profiling."}).contradictions == ()


def test_figures_and_links_that_lead_to_nothing(tmp_path: Path) -> None:
    answers = {14: "![loss](figures/loss.png) and [the model](../src/shop/model.py) and [gone](../src/gone.py)"}
    assert [place.text for place in audited(tmp_path, answers).missing_links] == [
        "figure figures/loss.png does not exist",
        "link to src/gone.py, which does not exist",
    ]
