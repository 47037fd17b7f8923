"""What an earlier run wrote into the output folder, read back: for decisions, and for groups that a run leaves out."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from auditor.errors import AuditError
from auditor.records import Record, replace
from auditor.result.audit import AuditResult
from auditor.result.class_run import GroupAudit
from auditor.result.json import read_result
from auditor.review.decisions import group_key

RESULTS = "results.json"
SAME_REPOSITORY = "the same repository as group "
"""How a note begins that is made anew from the groups at hand."""


class EarlierRun(Record):
    """`results.json` of a class run: its deadline, the version that wrote it, its claims, and its groups by name."""

    deadline: str | None
    version: str
    claims: tuple[str, ...]
    groups: dict[str, dict[str, Any]]

    def group_named(self, name: str) -> str:
        """The group's name as the class has it. Raises AuditError."""
        found = [group for group in self.groups if group_key(group) == group_key(name)]
        if not found:
            raise AuditError(f"{name}: no group of that name in this class run")
        return found[0]

    def claim_named(self, name: str) -> str:
        """The claim's id, given in any case. Raises AuditError."""
        found = [claim for claim in self.claims if claim.lower() == name.strip().lower()]
        if not found:
            raise AuditError(f"{name}: no claim of that id; `auditor rules` lists them")
        return found[0]

    def commit_of(self, group: str) -> str | None:
        """The commit of the group that was audited; None where it has none."""
        audit = self.groups[group]["audit"]
        commit: str | None = audit["repository"]["commit"] if audit else None
        return commit

    def problem_of(self, group: str) -> str:
        """Why the group was not audited; empty where it was."""
        entry = self.groups[group]
        return "" if entry["audit"] else str(entry["problem"] or "no reason is known")

    def audits_of(self, names: Iterable[str]) -> dict[str, GroupAudit]:
        """The groups of these names as that run had them, without decisions; those that it did not have are left out."""
        return {name: group_audit(self.groups[name]) for name in names if name in self.groups}


def read_earlier(out: Path) -> EarlierRun:
    """The run whose results lie in `out`. Raises AuditError where there are none, or broken ones."""
    path = out / RESULTS
    try:
        data: dict[str, Any] = json.loads(path.read_bytes())
        return EarlierRun(
            data["deadline"],
            str(data["tool"]["version"]),
            tuple(str(rate["claim"]["id"]) for rate in data["claims"]),
            {str(group["group"]): group for group in data["groups"]},
        )
    except OSError:
        raise AuditError(f"{out}: holds no {RESULTS}; give a class run's output folder with --out") from None
    except (ValueError, KeyError, TypeError):
        raise AuditError(f"{path}: not the results of a class run; run `auditor batch` again") from None


def group_audit(entry: dict[str, Any]) -> GroupAudit:
    """One group of the file. Raises AuditError where it is none."""
    try:
        audit = entry["audit"]
        return GroupAudit(
            str(entry["group"]),
            tuple(entry["members"]),
            str(entry["repository"]),
            undecided(read_result(audit)) if audit else None,
            entry["problem"] or "",
            tuple(note for note in entry["notes"] if not note.startswith(SAME_REPOSITORY)),
            int(entry["later_commits"]),
        )
    except (ValueError, KeyError, TypeError):
        raise AuditError(f"{RESULTS}: the results of a group cannot be read; run without --only and --skip") from None


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` when it is complete. Raises AuditError where it cannot be written."""
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            yield file
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise AuditError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            if temporary:
                Path(temporary).unlink()


def undecided(audit: AuditResult) -> AuditResult:
    """The audit as the program made it: what was decided stands in a file of its own, and may have been taken back since."""
    return replace(audit, claims=tuple(replace(one, decision=None) if one.decision else one for one in audit.claims))
