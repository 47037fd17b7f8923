"""auditor: holds the claims of an MLOps hand-in's checklist against the evidence in its repository.

from auditor import audit
result = audit("path/to/repository")
for claim in result.claims: ...
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING

from auditor.version import __version__

if TYPE_CHECKING:
    from auditor.course.rulebook import Rulebook
    from auditor.limits import Limits
    from auditor.result.audit import AuditResult, Settings

os.environ.setdefault(
    "GIT_PYTHON_REFRESH", "quiet"
)  # a missing git is told when it is needed, not by GitPython's import

__all__ = ["__version__", "audit"]


def audit(
    path: str | PathLike[str] = ".",
    *,
    at: str | None = None,
    report: str | PathLike[str] | Sequence[str | PathLike[str]] | None = None,
    use_git: bool = True,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    limits: Limits | None = None,
    rulebook: Rulebook | None = None,
    settings: Settings | None = None,
    group_settings: bool = False,
    hand_in: bool = False,
) -> AuditResult:
    """Audit the repository at `path` and return what `auditor audit --format json` prints, as frozen dataclasses.

    `at` is a commit or a date (see `auditor audit --help`), `report` the report's path where it is not found by itself (or
    the paths of its two halves),
    `select` and `ignore` are claim ids or modules, `settings` those of who audits (`auditor.engine.settings.load_settings`);
    `group_settings` follows those that the group committed, and `hand_in` looks at what the hand-in lacks, both as
    `auditor check` does. Nothing of the repository is run, imported or written.
    Raises `auditor.errors.AuditError` where the audit cannot be made.
    """
    from auditor.engine.run import run_audit  # on demand: parsers of five languages stand behind it

    return run_audit(
        path,
        at=at,
        report=report,
        use_git=use_git,
        select=select,
        ignore=ignore,
        limits=limits,
        rulebook=rulebook,
        settings=settings,
        group_settings=group_settings,
        hand_in=hand_in,
    )
