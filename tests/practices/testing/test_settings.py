from __future__ import annotations

from support.tested_shop import facts_of
from support.trees import Trees

from auditor.practices.testing import PytestSettings


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
