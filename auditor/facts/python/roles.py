"""What each Python file is in the repository: own code, test, notebook, documentation, or somebody else's."""

from __future__ import annotations

import re
from collections.abc import Callable

from auditor.facts.own_work.vendored import is_vendored
from auditor.facts.python.model import Role
from auditor.patterns import pattern

TEST_FILE = pattern(r"(^|/)(test_[^/]*|[^/]*_test|tests?|conftest)\.py$", re.IGNORECASE)
"""pytest's own patterns (pytest documentation, "Conventions for Python test discovery")."""

TEST_FOLDERS = frozenset({"test", "tests", "testing", "unittests", "unit_tests", "integration_tests"})
DOCS_FOLDERS = frozenset({"doc", "docs"})


TESTING = pattern(
    r"^[ \t#]*(?:async[ \t]+def|def)[ \t]+test|^class[ \t]+\w*Test|\b(?:pytest|unittest|TestCase|hypothesis)\b",
    re.MULTILINE,
)
"""What a file with tests has: a test function or class, or a test framework."""

CODE = pattern(r"^[ \t]*[^\s#]", re.MULTILINE)


def role(path: str, foreign: tuple[str, ...], text: Callable[[str], str]) -> Role:
    """Role of the file at `path`, with the result of `foreign_folders`; `text` gives a file's text.

    Outside of folders of tests a name alone makes no test: `speed_test.py` may be any script.
    """
    folders = path.lower().split("/")[:-1]
    if is_vendored(path, foreign):
        return Role.VENDORED
    if path.endswith(".ipynb"):
        return Role.NOTEBOOK
    if not TEST_FOLDERS.isdisjoint(folders) or path.endswith("conftest.py"):
        return Role.TEST
    if TEST_FILE.search(path) and (TESTING.search(text(path)) or not CODE.search(text(path))):
        return Role.TEST
    if folders and folders[0] in DOCS_FOLDERS:
        return Role.DOCS
    return Role.OWN
