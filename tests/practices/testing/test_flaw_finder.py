"""Tests that prove little, each with why."""

from __future__ import annotations

import pytest
from support.tested_shop import facts_of, found_in, only
from support.trees import Trees

from auditor.evidence import Weight
from auditor.practices.testing import Subject, TestCode

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
