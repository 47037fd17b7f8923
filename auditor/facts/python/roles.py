"""What each Python file is in the repository: own code, test, notebook, documentation, or somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.facts.python.model import Role

FOREIGN_FOLDERS = frozenset(
    [
        "site-packages",
        "dist-packages",
        "node_modules",
        ".ipynb_checkpoints",
        "__pypackages__",
        ".tox",
        ".nox",
        "third_party",
        "_vendor",
        "vendor",
        "vendored",
        ".git",
        "__pycache__",
        "virtualenv",
        ".venv",
    ]
)
"""Folders that hold what a tool put there, or what is declared to be others' work by its name."""

FOREIGN_PATH = re.compile(
    r"(^|/)(lib/python3[^/]*|lib64/python3[^/]*|build/lib|wandb/(run|offline-run)-[^/]+|mlruns/[^/]+)/"
)
"""Installed packages, build output (setuptools), and the copies of code that experiment trackers make."""

TEST_FILE = re.compile(r"(^|/)(test_[^/]*|[^/]*_test|tests?|conftest)\.py$", re.IGNORECASE)
"""pytest's own patterns (pytest documentation, "Conventions for Python test discovery")."""

TEST_FOLDERS = frozenset({"test", "tests", "testing", "unittests", "unit_tests", "integration_tests"})
DOCS_FOLDERS = frozenset({"doc", "docs"})


def foreign_folders(paths: Iterable[str]) -> tuple[str, ...]:
    """Folders whose content came with a tool or package: virtual environments, unpacked distributions."""
    found = set()
    for path in paths:
        folder, _, name = path.rpartition("/")
        if name == "pyvenv.cfg" or (name == "PKG-INFO" and not folder.endswith(".egg-info")):
            found.add(folder)
        elif name in ("METADATA", "RECORD") and folder.endswith(".dist-info"):
            found.add(folder.rpartition("/")[0])
    return tuple(f"{folder}/" for folder in sorted(found) if folder)


def role(path: str, foreign: tuple[str, ...]) -> Role:
    """Role of the file at `path`, with the result of `foreign_folders`."""
    folders = path.lower().split("/")[:-1]
    if not FOREIGN_FOLDERS.isdisjoint(folders) or path.startswith(foreign) or FOREIGN_PATH.search(path):
        return Role.VENDORED
    if path.endswith(".ipynb"):
        return Role.NOTEBOOK
    if TEST_FILE.search(path) or not TEST_FOLDERS.isdisjoint(folders):
        return Role.TEST
    if folders and folders[0] in DOCS_FOLDERS:
        return Role.DOCS
    return Role.OWN
