"""What each Python file is in the repository: own code, test, notebook, documentation, or somebody else's."""

from __future__ import annotations

import re

from auditor.facts.own_work.vendored import is_vendored
from auditor.facts.python.model import Role
from auditor.patterns import pattern

TEST_FILE = pattern(r"(^|/)(test_[^/]*|[^/]*_test|tests?|conftest)\.py$", re.IGNORECASE)
"""pytest's own patterns (pytest documentation, "Conventions for Python test discovery")."""

TEST_FOLDERS = frozenset({"test", "tests", "testing", "unittests", "unit_tests", "integration_tests"})
DOCS_FOLDERS = frozenset({"doc", "docs"})


def role(path: str, foreign: tuple[str, ...]) -> Role:
    """Role of the file at `path`, with the result of `foreign_folders`."""
    folders = path.lower().split("/")[:-1]
    if is_vendored(path, foreign):
        return Role.VENDORED
    if path.endswith(".ipynb"):
        return Role.NOTEBOOK
    if TEST_FILE.search(path) or not TEST_FOLDERS.isdisjoint(folders):
        return Role.TEST
    if folders and folders[0] in DOCS_FOLDERS:
        return Role.DOCS
    return Role.OWN
