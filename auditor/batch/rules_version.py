"""By what a result was made: a digest that changes with the rules, with what reads repositories, and with nothing else."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from auditor.result.audit import BUILT_IN_COURSE

LIBRARIES = ("libcst", "markdown-it-py", "pyyaml", "packaging", "pathspec", "dockerfile-parse", "gitpython")
"""What reads the repositories: another version may read otherwise."""
OUTSIDE = frozenset({"batch", "checks", "cli", "desk", "output", "review", "__main__.py", "samples.py"})
"""Rooms, and modules beside them, that have no say in a result."""


@cache
def rules_digest(course: str = BUILT_IN_COURSE) -> str:
    """A digest of everything that decides on a result: the program's own files, the rules, the libraries that read.

    Raises AuditError where no rule package is registered as `course`.
    """
    found = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for name in LIBRARIES:
        try:
            found.update(f"{name} {version(name)}\n".encode())
        except PackageNotFoundError:
            continue
    program = Path(__file__).resolve().parent.parent
    for root in (program, folder_of(course, program)):
        for path in sorted(root.rglob("*")):
            inner = path.relative_to(root)
            if path.suffix not in (".py", ".yaml", ".json") or (root == program and inner.parts[0] in OUTSIDE):
                continue
            found.update(f"{root.name}/{inner.as_posix()}\n".encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:24]


def folder_of(course: str, program: Path) -> Path:
    """Where a course's rules lie; those that come with the program are found without importing what reads repositories."""
    if course == BUILT_IN_COURSE:
        return program.parent / "rules"
    from auditor.course.packages import rules_folder

    return rules_folder(course)
