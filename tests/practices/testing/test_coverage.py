"""Where coverage is calculated, how it is set up, and what came of it."""

from __future__ import annotations

import pytest
from support.trees import REPORT, Trees

from auditor.evidence import Weight
from auditor.practices.testing.coverage import Coverage

SOURCES = {
    "src/shop/__init__.py": "def total(a):\n    return sum(a)\n",
    "tests/test_it.py": "from shop import total\n\n\ndef test_it():\n    assert total([1]) == 1\n",
}
WORKFLOW = "on: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: {}\n"


def coverage_of(tree: Trees, files: dict[str, str | bytes], *, tests: bool = True) -> Coverage:
    return tree({**(SOURCES if tests else {}), **files}, REPORT).get(Coverage)


def paths(found: Coverage, weight: Weight = Weight.COUNTS) -> list[str]:
    return sorted(trace.place.path for trace in found.traces if trace.weight is weight)


RUNS = {
    "workflow": (".github/workflows/ci.yml", WORKFLOW.format("coverage run -m pytest")),
    "pytest-cov": (".github/workflows/ci.yml", WORKFLOW.format("uv run pytest --cov=src --cov-report=xml tests")),
    "tox": ("tox.ini", "[testenv]\ncommands =\n    pytest --cov shop\n"),
    "make": ("Makefile", "test:\n\tpython -m coverage run -m pytest\n"),
    "script": ("scripts/test.sh", "coverage run -m unittest && coverage report\n"),
    "pytest's options": ("pyproject.toml", '[tool.pytest.ini_options]\naddopts = "-ra --cov=shop"\n'),
}


@pytest.mark.parametrize(("path", "text"), RUNS.values(), ids=RUNS)
def test_runs(tree: Trees, path: str, text: str) -> None:
    found = coverage_of(tree, {path: text})
    assert paths(found) == [path] * len(paths(found)) != []
    without = coverage_of(tree, {path: text}, tests=False)
    assert not paths(without)
    assert {trace.why for trace in without.traces} == {"there is no test whose coverage it could measure"}


NO_RUNS = {
    "switched off": "pytest --no-cov --cov=src",
    "report option alone": "pytest --cov-report=xml",
    "version": "coverage --version",
    "words": 'echo "coverage run -m pytest"',
    "erased": "coverage erase",
}


@pytest.mark.parametrize("command", NO_RUNS.values(), ids=NO_RUNS)
def test_no_runs(tree: Trees, command: str) -> None:
    found = coverage_of(tree, {".github/workflows/ci.yml": WORKFLOW.format(command)})
    assert not paths(found) and not paths(found, Weight.HALF)


def test_weak_traces(tree: Trees) -> None:
    dead = WORKFLOW.format("coverage run -m pytest").replace("    runs-on", "    if: false\n    runs-on")
    upload = WORKFLOW.replace("run: {}", "uses: codecov/codecov-action@v4")
    readme = "# shop\n\n```bash\npytest --cov=shop\n```\n"
    files = {".github/workflows/a.yml": dead, ".github/workflows/b.yml": upload, "README.md": readme}
    found = coverage_of(tree, {**files, "reports/README.md": readme, "requirements.txt": "pytest-cov\n"})
    assert not paths(found)
    assert {trace.place.path: trace.why for trace in found.traces} == {
        ".github/workflows/a.yml": "its job is switched off (if: false)",
        ".github/workflows/b.yml": "it shows or uploads coverage, and calculates none",
        "README.md": "a document tells it, and nothing runs it",
        "requirements.txt": "it is declared, and nothing uses it",
    }


SETTINGS = {
    ".coveragerc": "[run]\nsource = shop\n",
    "setup.cfg": "[coverage:run]\nbranch = true\n",
    "pyproject.toml": "[tool.coverage.report]\nshow_missing = true\n",
    "codecov.yml": "coverage:\n  status: {}\n",
}


@pytest.mark.parametrize(("path", "text"), SETTINGS.items(), ids=SETTINGS)
def test_settings(tree: Trees, path: str, text: str) -> None:
    assert paths(coverage_of(tree, {path: text})) == [path]


def test_settings_without_content(tree: Trees) -> None:
    assert not paths(coverage_of(tree, {".coveragerc": "# nothing\n\n", "pyproject.toml": "[tool.ruff]\n"}))


def test_committed_reports_are_known_by_their_content(tree: Trees) -> None:
    files: dict[str, str | bytes] = {
        "coverage.xml": '<?xml version="1.0"?>\n<coverage line-rate="0.5"><class line-rate="0.5"/></coverage>\n',
        "reports/.coverage": b"SQLite format 3\0",
        "htmlcov/index.html": "<html></html>",
        "coverage.json": '{"delivery": "coverage of the town"}',
        "empty/coverage.xml": '<?xml version="1.0"?>\n<coverage line-rate="0"></coverage>\n',
        "site/coverage.xml": "<coverage>area</coverage>",
        "README.md": "# shop\n\n![c](https://codecov.io/gh/ada/shop/graph/badge.svg)\n",
        "docs/area.md": "# area\n\n![coverage](coverage_of_town.png)\n",
    }
    found = coverage_of(tree, files)
    assert paths(found) == [
        "README.md",
        "coverage.xml",
        "htmlcov/index.html",
        "reports/.coverage",
    ]
