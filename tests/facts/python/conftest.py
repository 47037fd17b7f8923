"""What the tests of Python code share."""

from __future__ import annotations

import pytest
from support.python_code import Build
from support.trees import Trees, dedented

from auditor.facts.python import python_project


@pytest.fixture
def project(tree: Trees) -> Build:
    return lambda files: python_project(tree(dedented(files)).snapshot)
