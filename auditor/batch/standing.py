"""A class run as it stands now: the results in its folder, with what was decided since, read group by group."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.batch.results_file import RESULTS, group_audit
from auditor.batch.site import DECISIONS, summed_up, with_decisions
from auditor.errors import AuditError
from auditor.records import Record, replace
from auditor.result.audit import BUILT_IN_COURSE, Settings
from auditor.result.class_run import ClassResult, GroupAudit
from auditor.result.json import read
from auditor.review.decisions import Decisions, load_decisions


class StandingRun(Record):
    """A class run in the folder `out`, and the decisions that count."""

    out: Path
    title: str
    deadline: str | None
    settings: Settings | None
    decisions: Decisions

    def groups(self) -> Iterator[GroupAudit]:
        """The groups in their order, each with what was decided on its claims. Raises AuditError where one cannot be read."""
        return (with_decisions(group_audit(entry), self.decisions) for entry in entries_in(self.out))

    def summed_up(self) -> ClassResult:
        """The class as rows, rates and equal files."""
        return replace(summed_up(self.title, self.deadline, self.groups), settings=self.settings)


def read_run(out: Path) -> StandingRun:
    """The run whose results lie in `out`. Raises AuditError where there are none, or broken ones."""
    try:
        with (out / RESULTS).open(encoding="utf-8") as lines:
            head: dict[str, Any] = json.loads(lines.readline().strip().removesuffix(",") + "}")
        settings = read(Settings, head["settings"]) if head.get("settings") else None
        title, deadline = str(head["title"]), head["deadline"]
    except OSError:
        raise AuditError(f"{out}: holds no {RESULTS}; give a class run's output folder") from None
    except (ValueError, KeyError, TypeError):
        raise AuditError(f"{out / RESULTS}: not the results of a class run; run `auditor batch` again") from None
    course = next((entry["audit"]["tool"].get("course") for entry in entries_in(out) if entry["audit"]), None)
    decisions = load_decisions(out / DECISIONS, course=course or BUILT_IN_COURSE)
    return StandingRun(out, title, deadline, settings, decisions)


def entries_in(out: Path) -> Iterator[dict[str, Any]]:
    """The groups of the results file as they stand there, a line each. Raises AuditError where one cannot be read."""
    try:
        with (out / RESULTS).open(encoding="utf-8") as lines:
            for line in lines:
                if line.startswith('{"group"'):
                    entry: dict[str, Any] = json.loads(line.strip().removesuffix(","))
                    yield entry
    except OSError as error:
        raise AuditError(f"{out / RESULTS}: cannot be read: {error.strerror or error}") from None
    except ValueError:
        raise AuditError(f"{out / RESULTS}: the results of a group cannot be read; run `auditor batch` again") from None
