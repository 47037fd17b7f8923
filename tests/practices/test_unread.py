"""Files that could not be read, by the kinds of what may stand in them."""

from __future__ import annotations

import pytest
from support.trees import Trees

from auditor.course.rulebook import load_rulebook
from auditor.practices.unread import KINDS, NOT_PARSED, NOT_READ, Unread, kinds_of

BROKEN: dict[str, str | bytes] = {
    "src/shop/api.py": "import os\n\n\ndef price(:\n",
    "tests/test_api.py": "def test_price(\n",
    ".github/workflows/tests.yaml": "on: [push]\njobs:\n  a: {\n",
    "configs/model.yaml": "size: [1\nlayers: 2\n",
    "pyproject.toml": "[project]\nname = \n",
    ".pre-commit-config.yaml": "repos: [\n",
    "cloudbuild.yaml": "steps:\n- name: docker\n   args: [build]\n",
    "Dockerfile": b"FROM python\0\n",
}


def test_each_kind_knows_its_own(tree: Trees) -> None:
    found = tree(BROKEN).get(Unread)
    where = {kind: [trace.place.where for trace in found.of([kind])] for kind in KINDS}
    assert where["python"] == ["src/shop/api.py:4"]
    assert where["tests"] == ["tests/test_api.py:1"]
    assert where["workflows"] == [".github/workflows/tests.yaml:4"]
    assert where["configuration"] == ["configs/model.yaml:2"]
    assert where["settings"] == where["dependencies"] == ["pyproject.toml:2"]
    assert [one.rpartition(":")[0] for one in where["hooks"]] == [".pre-commit-config.yaml"]
    assert where["cloud"] == ["cloudbuild.yaml:3"]
    assert where["containers"] == ["Dockerfile"]
    assert where["data_versioning"] == where["documentation"] == []
    assert {trace.why for trace in found.of(["python"])} == {NOT_PARSED}
    assert {trace.why for trace in found.of(["containers"])} == {NOT_READ}


def test_what_is_not_the_groups_is_left_out(tree: Trees) -> None:
    broken = "def price(:\n"
    found = tree(
        {
            "vendor/prices.py": broken,
            "venv/pyvenv.cfg": "home = /usr\n",
            "venv/lib/prices.py": broken,
            "{{cookiecutter.name}}/prices.py": broken,
            "templates/prices.py": broken,
            "src/shop/whole.py": "PRICE = 3\n",
        }
    ).get(Unread)
    assert found.of(KINDS) == ()


def test_every_claims_kinds_are_known() -> None:
    assert {kind for claim in load_rulebook().catalog for kind in claim.read_in} == KINDS


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("src/shop/.github/workflows/a.yml", {"workflows"}),
        ("docker-compose.yml", {"containers"}),
        ("data/prices.csv", set()),
        ("configs/model.yaml", {"configuration"}),
        ("dvc.yaml", {"data_versioning"}),
    ],
)
def test_kinds(path: str, kinds: set[str]) -> None:
    assert kinds <= set(kinds_of(path)) <= kinds | {"configuration"}


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1\ny = (1\n\n\nz = 2\n", 2),
        ("x = 1\ny = (1\n\n\nz = 2", 2),
        ("x = 1\n<<<<<<< HEAD\nx = 2\n=======\nx = 3\n>>>>>>> prices\n", 2),
        ("def f():\n    return 1\n\nf.", 4),
        ("def f():\n    return 1\n\nf.\n", 4),
    ],
)
def test_a_fault_is_where_python_names_it(source: str, line: int, tree: Trees) -> None:
    opened = tree({"src/shop/a.py": source})
    assert [trace.place.line for trace in opened.get(Unread).of(["python"])] == [line]
    assert [one.message for one in opened.snapshot.problems] == [f"syntax error at line {line}: not read"]
