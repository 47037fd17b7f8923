"""What tests exercise, and what they only touch."""

from __future__ import annotations

import pytest
from support.tested_shop import facts_of, found_in, only
from support.trees import Trees

from auditor.practices.testing import Subject, TestCode

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
