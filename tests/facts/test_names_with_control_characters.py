"""A Dockerfile, a workflow and a test are what they are, whatever control characters their names hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.repositories import make_repository

from auditor.course.rulebook import load_rulebook
from auditor.facts.containers import Containers
from auditor.facts.group import Group, ReportPlace
from auditor.facts.python.project import PythonProject
from auditor.facts.workflows.model import Workflows
from auditor.injection import Facts
from auditor.repository.opening import open_snapshot

CI = "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: pytest\n"


@pytest.mark.parametrize("odd", ["\n", "\t", "\x01", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\u202e"])
def test_they_are_read(odd: str, tmp_path: Path) -> None:
    names = [f"{odd}Dockerfile", f"Dockerfile{odd}", f"do{odd}cker/ser{odd}ve.dockerfile"]
    files = dict.fromkeys(names, "FROM python:3.12\nCOPY src src\nCMD python -m kiln\n")
    files |= {
        f".github/workflows/c{odd}i.yml": CI,
        f"tests/test_{odd}model.py": "def test_model():\n    assert 1 + 1 == 2\n",
    }
    files |= {"src/kiln/__init__.py": "", "README.md": "# Kiln\n"}
    with open_snapshot(make_repository(tmp_path / "kiln", files)) as snapshot:
        book = load_rulebook()
        facts = Facts(snapshot, book.fingerprints, book.names, Group(None), ReportPlace(()))
        assert {one.path for one in facts.get(Containers).dockerfiles} == set(names)
        assert [one.path for one in facts.get(Workflows).all] == [f".github/workflows/c{odd}i.yml"]
        assert f"tests/test_{odd}model.py" in {one.path for one in facts.get(PythonProject).files}
