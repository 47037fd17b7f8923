"""Which tests a workflow's commands run."""

from __future__ import annotations

import pytest
from support.tested_shop import APPS, facts_of
from support.trees import Trees

from auditor.practices.testing import TestRuns

WORKFLOW = """
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: {}
"""

TWO = {
    "tests/unit/test_data.py": "import pytest\n\n\n@pytest.mark.slow\ndef test_data():\n    assert str(1) == '1'\n",
    "tests/api/test_api.py": APPS["module level"],
}

BOTH = {"test_data", "test_it"}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("pytest", BOTH),
        ("uv run coverage run -m pytest tests/", BOTH),
        ("pytest tests/unit", {"test_data"}),
        ("pytest -q -n 2 ./tests/api/test_api.py::test_it", {"test_it"}),
        ("pytest tests --ignore=tests/api", {"test_data"}),
        ("pytest tests --ignore tests/api", {"test_data"}),
        ("pytest -k 'not api'", {"test_data"}),
        ("pytest -k 'api or nothing'", {"test_it"}),
        ("pytest -m 'not slow'", {"test_it"}),
        ("pytest -m slow", {"test_data"}),
        ("pytest 'tests/*/test_d*.py'", {"test_data"}),
        ("pytest $WHERE", BOTH),
        ("pytest tests/gone", set()),
        ("make check", {"test_data"}),
        ("python -m unittest", set()),
    ],
)
def test_which_tests_a_command_runs(tree: Trees, command: str, expected: set[str]) -> None:
    workflow = {".github/workflows/ci.yaml": WORKFLOW.format(command), "Makefile": "check:\n\tpytest tests/unit\n"}
    runs = facts_of(tree, {**TWO, **workflow}).get(TestRuns)
    assert {test.function.qualname for run in runs.on_change for test in run.tests} == expected


def test_settings_narrow_what_a_command_runs(tree: Trees) -> None:
    pyproject = '[tool.pytest.ini_options]\ntestpaths = ["tests"]\naddopts = "--ignore=tests/api"\n'
    workflow = {".github/workflows/ci.yaml": WORKFLOW.format("pytest")}
    runs = facts_of(tree, {**TWO, **workflow, "pyproject.toml": pyproject}).get(TestRuns)
    assert [test.function.qualname for run in runs.on_change for test in run.tests] == ["test_data"]


@pytest.mark.parametrize("script", ["cd backend && pytest tests", "pytest tests"])
def test_paths_seen_from_another_folder(tree: Trees, script: str) -> None:
    workflow = WORKFLOW.format(script)
    if "cd " not in script:
        workflow += "        working-directory: backend\n"
    files = {
        "tests/test_root.py": TWO["tests/unit/test_data.py"],
        "backend/tests/test_api.py": TWO["tests/api/test_api.py"],
        ".github/workflows/ci.yaml": workflow,
    }
    runs = facts_of(tree, files).get(TestRuns)
    assert "test_it" in {test.function.qualname for run in runs.on_change for test in run.tests}


def test_listing_tests_runs_none(tree: Trees) -> None:
    workflow = {".github/workflows/ci.yaml": WORKFLOW.format("pytest --collect-only")}
    assert facts_of(tree, {**TWO, **workflow}).get(TestRuns).on_change == ()
