"""What tests exercise, whether they can fail, and which workflow runs them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.trees import REPORT, Trees

from auditor.evidence import Weight
from auditor.injection import Facts
from auditor.practices.testing import PytestSettings, Subject, TestCode, TestFunction, TestRuns
from auditor.practices.testing.selection import arguments, holds

SOURCES = {
    "src/shop/__init__.py": "",
    "src/shop/data.py": """
import pandas as pd

COLUMNS = ["day", "amount"]


def clean(frame):
    frame = frame.dropna()
    return frame.sort_values("day")


def load(path):
    return clean(pd.read_csv(path))
""",
    "src/shop/model.py": """
import torch


class Forecaster(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(14, 1)

    def forward(self, x):
        return self.layer(x)


def make():
    return torch.nn.Sequential(torch.nn.Linear(1, 1))
""",
    "src/shop/train.py": """
import typer
from shop.data import load
from shop.model import Forecaster

app = typer.Typer()


@app.command()
def run(path: str):
    model = Forecaster()
    loss = model(load(path)).sum()
    loss.backward()
    optimizer.step()
""",
    "src/shop/api.py": """
from fastapi import FastAPI
from shop.model import Forecaster

app = FastAPI()


def create_app():
    return app


@app.post("/predict")
def predict(x: float):
    return Forecaster()(x)
""",
}


def facts_of(tree: Trees, files: dict[str, str]) -> Facts:
    return tree({**SOURCES, **files}, REPORT).facts


def found_in(tree: Trees, files: dict[str, str]) -> dict[str, TestFunction]:
    found = facts_of(tree, files).get(TestCode).tests
    return {test.function.qualname: test for test in found}


def only(tree: Trees, text: str, path: str = "tests/test_it.py") -> TestFunction:
    (test,) = found_in(tree, {path: text}).values()
    return test


REAL = {
    "call": "from shop.data import clean\n\n\ndef test_it():\n    assert len(clean(1)) == 1\n",
    "alias": "import shop.data as d\n\n\ndef test_it():\n    assert len(d.clean(1)) == 1\n",
    "module level": "from shop.data import load\n\nframe = load('x')\n\n\ndef test_it():\n    assert len(frame) == 1\n",
    "helper": "from shop.data import load\n\n\ndef rows():\n    return len(load('x'))\n\n\ndef test_it():\n    assert rows() == 1\n",
    "assertion in a helper": """
from shop.data import load


def check(frame):
    assert len(frame) == 1


def test_it():
    check(load('x'))
""",
    "set-up": """
import unittest
from shop.data import load


class DataCase(unittest.TestCase):
    def setUp(self):
        self.frame = load('x')

    def test_it(self):
        self.assertEqual(len(self.frame), 1)
""",
    "autouse fixture": """
import pytest
from shop.data import load

FOUND = []


@pytest.fixture(autouse=True)
def loaded():
    FOUND.append(load('x'))


def test_it():
    assert FOUND
""",
    "expected error": "import pytest\nfrom shop.data import load\n\n\ndef test_it():\n    with pytest.raises(OSError):\n        load('x')\n",
    "by name": "import importlib\n\n\ndef test_it():\n    module = importlib.import_module('shop.data')\n    assert module.clean(1)\n",
    "honest skip": """
import os
import pytest
from shop.data import load


@pytest.mark.skipif(not os.path.exists("data"), reason="not pulled")
def test_it():
    assert len(load("data/x.csv")) > 100
""",
}


@pytest.mark.parametrize("text", REAL.values(), ids=REAL)
def test_real_tests_of_the_data_code(tree: Trees, text: str) -> None:
    test = only(tree, text)
    assert (test.flaw, Subject.DATA in test.exercises) == ("", True)


FLAWED = {
    "no check": ("from shop.data import clean\n\n\ndef test_it():\n    clean(1)\n", "no check"),
    "trivial": ("from shop.data import clean\n\n\ndef test_it():\n    clean(1)\n    assert True\n", "no check"),
    "constant": ("from shop.data import clean\n\n\ndef test_it():\n    clean(1)\n    assert 2 + 2 == 4\n", "no check"),
    "skip": (
        "import pytest\nfrom shop.data import clean\n\n\n@pytest.mark.skip\ndef test_it():\n    assert clean(1)\n",
        "skipped",
    ),
    "skipif True": (
        "import pytest\nfrom shop.data import clean\n\n\n@pytest.mark.skipif(True, reason='x')\n"
        "def test_it():\n    assert clean(1)\n",
        "skipped",
    ),
    "list of marks": (
        "import pytest\nfrom shop.data import clean\n\npytestmark = [pytest.mark.skip(reason='x')]\n\n\n"
        "def test_it():\n    assert clean(1)\n",
        "skipped",
    ),
    "expected to fail": (
        "import pytest\nfrom shop.data import clean\n\n\n@pytest.mark.xfail\ndef test_it():\n    assert clean(1)\n",
        "skipped",
    ),
    "skip first": (
        "import pytest\nfrom shop.data import clean\n\n\ndef test_it():\n    pytest.skip('x')\n    assert clean(1)\n",
        "no check",
    ),
    "class with a constructor": (
        "from shop.data import clean\n\n\nclass TestData:\n    def __init__(self):\n        self.x = 1\n\n"
        "    def test_it(self):\n        assert clean(1)\n",
        "not collected",
    ),
}


@pytest.mark.parametrize(("text", "flaw"), FLAWED.values(), ids=FLAWED)
def test_flaws(tree: Trees, text: str, flaw: str) -> None:
    assert only(tree, text).flaw == flaw


def test_a_test_with_a_flaw_is_weak_evidence_only(tree: Trees) -> None:
    code = facts_of(tree, {"tests/test_it.py": FLAWED["no check"][0]}).get(TestCode)
    assert code.of(Subject.DATA) == ()
    assert [trace.place.line for trace in code.traces(Subject.DATA) if trace.weight is Weight.HALF] == [4]


def test_file_that_pytest_does_not_collect_unless_told(tree: Trees) -> None:
    text = "from shop.data import clean\n\n\ndef test_it():\n    assert clean(1)\n"
    assert only(tree, text, "tests/checks.py").flaw == "not collected"
    files = {"tests/checks.py": text, "pytest.ini": "[pytest]\npython_files = check*.py\n"}
    assert found_in(tree, files)["test_it"].flaw == ""
    files = {"tests/checks.py": text, "Makefile": "test:\n\tpytest tests/checks.py\n"}
    assert found_in(tree, files)["test_it"].flaw == ""


def test_only_naming_or_reaching_by_way_of_other_code_is_touching(tree: Trees) -> None:
    tests = found_in(
        tree,
        {
            "src/shop/main.py": "from shop.data import load\n\n\ndef show():\n    return load('x')\n",
            "tests/test_it.py": """
from shop.data import COLUMNS, load
from shop.main import show
from shop.model import Forecaster


def test_import():
    assert Forecaster is not None


def test_constant():
    assert len(COLUMNS) == 2


def test_indirect():
    assert show()


def test_callable():
    assert callable(load)
""",
        },
    )
    assert (tests["test_import"].exercises, tests["test_import"].touches) == (frozenset(), frozenset({Subject.MODEL}))
    assert (tests["test_constant"].exercises, tests["test_constant"].touches) == (
        frozenset(),
        frozenset({Subject.DATA}),
    )
    assert (tests["test_indirect"].exercises, tests["test_indirect"].touches) == (
        frozenset(),
        frozenset({Subject.DATA}),
    )
    assert (tests["test_callable"].exercises, tests["test_callable"].touches) == (
        frozenset(),
        frozenset({Subject.DATA}),
    )


def test_libraries_and_copies_are_nothing(tree: Trees) -> None:
    test = only(
        tree,
        "import torch\n\n\ndef clean(x):\n    return x\n\n\ndef test_model_data():\n    assert clean(torch.nn.Linear(1, 1))\n",
    )
    assert not test.exercises
    assert not test.touches


def test_existence_check_says_by_its_words_what_it_is_about(tree: Trees) -> None:
    test = only(tree, "import os\n\n\ndef test_files():\n    assert os.path.exists('data/raw/x.csv')\n")
    assert (test.exercises, test.touches) == (frozenset(), frozenset({Subject.DATA}))
    other = only(tree, "import os\n\n\ndef test_files():\n    assert os.path.exists('README.md')\n")
    assert not other.touches


def test_own_code_whose_names_say_nothing(tree: Trees) -> None:
    tests = found_in(
        tree,
        {
            "src/shop/tills.py": """
import pandas as pd


def till(path):
    return pd.read_csv(path)


def tidy(name):
    return name.strip()
""",
            "tests/test_till_data.py": "from shop.tills import tidy\n\n\ndef test_tidy():\n    assert tidy(' a') == 'a'\n",
            "tests/test_tills.py": """
from shop.tills import tidy, till


def test_till():
    assert len(till("x")) == 1


def test_name():
    assert tidy(" a") == "a"
""",
        },
    )
    assert (tests["test_tidy"].exercises, tests["test_tidy"].touches) == (frozenset(), frozenset({Subject.DATA}))
    assert tests["test_till"].exercises == {Subject.DATA}
    assert not tests["test_name"].exercises | tests["test_name"].touches


def test_import_under_a_name_that_the_project_lost(tree: Trees) -> None:
    test = only(tree, "from bakery.model import Net\n\n\ndef test_it():\n    assert Net()(1) == 1\n")
    assert (test.exercises, test.touches) == (frozenset(), frozenset({Subject.MODEL}))
    library = only(tree, "from sklearn.datasets import load_iris\n\n\ndef test_it():\n    assert load_iris()\n")
    assert not library.touches


def test_command_line_and_scripts_that_a_test_starts(tree: Trees) -> None:
    tests = found_in(
        tree,
        {
            "tests/test_it.py": """
import subprocess
import sys
from typer.testing import CliRunner
from shop.train import app


def test_runner():
    assert CliRunner().invoke(app, ["x"]).exit_code == 0


def test_module():
    assert subprocess.run([sys.executable, "-m", "shop.train", "x"]).returncode == 0


def test_script():
    assert subprocess.run("python src/shop/train.py x", shell=True).returncode == 0
""",
        },
    )
    for test in tests.values():
        assert Subject.MODEL in test.exercises
        assert test.flaw == ""


def test_cases_count_parametrisation(tree: Trees) -> None:
    code = facts_of(
        tree,
        {
            "tests/test_it.py": """
import pytest


@pytest.mark.parametrize("a", [1, 2, 3])
@pytest.mark.parametrize("b", [1, 2])
def test_many(a, b):
    assert a != b + 10


def test_one():
    assert str(1) == "1"


@pytest.mark.skip
def test_none():
    assert str(1) == "2"
""",
        },
    ).get(TestCode)
    assert (code.count, code.cases) == (2, 7)


def test_commented_out_file(tree: Trees) -> None:
    code = facts_of(tree, {"tests/test_data.py": "# import x\n#\n# def test_it():\n#     assert x\n"}).get(TestCode)
    assert [(subject, evidence.line) for subject, evidence in code.disabled] == [(Subject.DATA, 3)]


APPS = {
    "module level": """
from fastapi.testclient import TestClient
from shop.api import app

client = TestClient(app)


def test_it():
    assert client.post("/predict").status_code == 200
""",
    "factory and module": """
from fastapi.testclient import TestClient
from shop import api


def test_it():
    with TestClient(api.create_app()) as client:
        assert client.get("/").status_code == 200
""",
    "set-up": """
import unittest
from fastapi.testclient import TestClient
import shop.api


class ApiCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = TestClient(shop.api.app)

    def test_it(self):
        self.assertEqual(self.client.get("/").status_code, 200)
""",
    "transport": """
import pytest
from httpx import ASGITransport, AsyncClient
from shop.api import app


@pytest.mark.anyio
async def test_it():
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        assert (await client.get("/")).status_code == 200
""",
    "over the network": """
import os
import requests

URL = os.environ.get("URL", "http://localhost:8000")


def test_it():
    assert requests.post(f"{URL}/predict").ok
""",
    "status raised": """
from fastapi.testclient import TestClient
from shop.api import app


def test_it():
    TestClient(app).get("/").raise_for_status()
""",
}


@pytest.mark.parametrize("text", APPS.values(), ids=APPS)
def test_requests_to_the_own_application(tree: Trees, text: str) -> None:
    test = only(tree, text)
    assert test.apps == {"src/shop/api.py"}
    assert (test.flaw, Subject.API in test.exercises) == ("", True)
    assert Subject.MODEL in test.touches


def test_client_from_a_fixture_above(tree: Trees) -> None:
    tests = found_in(
        tree,
        {
            "tests/conftest.py": """
import pytest
from starlette.testclient import TestClient
from shop.api import app


@pytest.fixture
def client():
    with TestClient(app) as made:
        yield made
""",
            "tests/api/test_it.py": "def test_it(client):\n    assert client.get('/').status_code == 200\n",
        },
    )
    assert tests["test_it"].apps == {"src/shop/api.py"}


FOREIGN = {
    "own toy": """
from fastapi import FastAPI
from fastapi.testclient import TestClient

app = FastAPI()


def test_it():
    assert TestClient(app).get("/").status_code == 404
""",
    "other host": "import requests\n\n\ndef test_it():\n    assert requests.get('https://example.org/api').ok\n",
    "other host in a variable": """
import requests


def test_it():
    url = "https://example.org/data/" + str(1)
    assert requests.get(url).ok
""",
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_requests_to_something_else(tree: Trees, text: str) -> None:
    assert Subject.API not in only(tree, text).exercises


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


def test_pytest_settings_of_the_first_file(tree: Trees) -> None:
    files = {
        "setup.cfg": "[tool:pytest]\npython_files = a*.py\n",
        "tox.ini": "[pytest]\npython_files =\n    b*.py\n    c*.py\naddopts = -ra --cov=shop\n",
        "pyproject.toml": "[project]\nname = 'shop'\n",
    }
    found = facts_of(tree, files).get(PytestSettings)
    assert found.python_files == ("b*.py", "c*.py")
    assert found.addopts == ("-ra", "--cov=shop")
    assert found.places["addopts"].line == 5


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text(max_size=12), max_size=8), st.text(max_size=60))
def test_any_words_are_read(words: list[str], expression: str) -> None:
    places, options = arguments(tuple(words))
    assert len(places) + len(options) <= len(words)
    assert holds(expression, lambda _: True) or "not " in expression
