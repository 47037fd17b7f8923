"""A class as it stands now: the results of the last run with what is decided at this moment, read anew where a file changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from auditor.batch.comparison import base_rates
from auditor.batch.results_file import RESULTS, group_audit
from auditor.batch.rows import row_of
from auditor.batch.site import DECISIONS, WRITING_SECONDS, summed_up, with_decisions, write_outputs
from auditor.errors import AuditError
from auditor.records import Record, replace
from auditor.result.audit import BUILT_IN_COURSE, Settings
from auditor.result.class_run import BaseRate, ClassResult, GroupAudit, GroupRow
from auditor.result.json import read
from auditor.review.decision_file import locked
from auditor.review.decisions import Decisions, load_decisions

Stamp = tuple[int, int, int] | None
"""What tells one state of a file from another; None where there is no such file."""


class Run(Record):
    """What lies in the output folder: the class, and its groups without decisions, in their order."""

    title: str
    deadline: str | None
    course: str
    settings: Settings | None
    groups: tuple[GroupAudit, ...]


class Standing(Record, dict=True):
    """The class at one moment. `groups` have their decisions; rows stand in the same order."""

    result: ClassResult
    groups: tuple[GroupAudit, ...]
    decisions: Decisions

    @cached_property
    def by_page(self) -> Mapping[str, tuple[GroupAudit, GroupRow]]:
        """Groups with their rows, by the name of their page without its ending: it is fit for an address."""
        return {
            row.page.removesuffix(".html"): (group, row)
            for group, row in zip(self.groups, self.result.rows, strict=True)
        }

    @cached_property
    def page_of(self) -> Mapping[str, str]:
        """The page names of groups by their names."""
        return {row.name: page for page, (_, row) in self.by_page.items()}

    @cached_property
    def rate_of(self) -> Mapping[str, BaseRate]:
        """How each claim went, by its id."""
        return {rate.claim.id: rate for rate in self.result.rates}


class ClassFolder:
    """A class run's output folder that is read again and again. Safe under several threads."""

    def __init__(self, out: Path) -> None:
        """Read the folder `out`. Raises AuditError where it holds no results of a class run, or broken decisions."""
        self.out = out
        self._lock = threading.Lock()
        self._results = stamp(out / RESULTS)
        self._run = read_run(out)
        self._decided: Stamp = None
        self._standing = stood(self._run, read_decisions(out, self._run))
        self._decided = stamp(out / DECISIONS)

    @property
    def decisions(self) -> Path:
        """The file of decisions."""
        return self.out / DECISIONS

    def now(self) -> Standing:
        """The class as it stands. Raises AuditError where the decisions cannot be read.

        Results of a run that has ended meanwhile are taken in a moment later, and not where they cannot be read.
        """
        with self._lock:
            results, decided = stamp(self.out / RESULTS), stamp(self.decisions)
            if results != self._results:
                self._results = results
                threading.Thread(target=self._read_again, daemon=True).start()
            if decided != self._decided:
                self._standing = moved_on(self._standing, self._run, read_decisions(self.out, self._run))
                self._decided = decided
            return self._standing

    def _read_again(self) -> None:
        """Take in the results of a run that has ended."""
        try:
            run = read_run(self.out)
            if run == self._run:
                return
            decided = stamp(self.decisions)
            standing = stood(run, read_decisions(self.out, run))
        except AuditError:
            return
        with self._lock:
            self._run, self._standing, self._decided = run, standing, decided


def stamp(path: Path) -> Stamp:
    """The state of a file: it is put in place anew with every change."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def read_run(out: Path) -> Run:
    """What the last run wrote into `out`. Raises AuditError where there is nothing, or something broken."""
    path = out / RESULTS
    try:
        data = msgspec.json.decode(path.read_bytes())
        groups = tuple(group_audit(entry) for entry in data["groups"])
        settings = read(Settings, data["settings"]) if data.get("settings") else None
        course = next((group.audit.course for group in groups if group.audit), BUILT_IN_COURSE)
        return Run(str(data["title"]), data["deadline"], course, settings, groups)
    except OSError:
        raise AuditError(f"{out}: holds no {RESULTS}; give a class run's output folder") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise AuditError(f"{path}: not the results of a class run; run `auditor batch` again") from None


def read_decisions(out: Path, run: Run) -> Decisions:
    """What is decided. Raises AuditError."""
    claims = next(([claim.id for claim in group.audit.claims] for group in run.groups if group.audit), [])
    return load_decisions(out / DECISIONS, claims, run.course)


def stood(run: Run, decisions: Decisions) -> Standing:
    """The class with what is decided."""
    groups = tuple(with_decisions(group, decisions) for group in run.groups)

    def audits() -> Iterator[GroupAudit]:
        yield from groups

    return Standing(replace(summed_up(run.title, run.deadline, audits), settings=run.settings), groups, decisions)


def moved_on(standing: Standing, run: Run, decisions: Decisions) -> Standing:
    """The class after other decisions: what they do not touch stays."""
    groups, rows = list(standing.groups), list(standing.result.rows)
    for number, before in enumerate(run.groups):
        if standing.decisions.digest(before.name) == decisions.digest(before.name):
            continue
        group = with_decisions(before, decisions)
        row = rows[number]
        groups[number] = group
        rows[number] = replace(row_of(group, row.page), notes=row.notes)
    rates = base_rates(standing.result.claims, rows)
    return Standing(replace(standing.result, rows=tuple(rows), rates=rates), tuple(groups), decisions)


def write_again(out: Path) -> None:
    """Write all outputs of `out` anew with what is decided now; nothing is audited. Raises AuditError."""
    with locked(out / RESULTS, WRITING_SECONDS):  # a run that ends now writes after this, and its results stay
        run = read_run(out)
        write_outputs(out, run.title, run.deadline, lambda: iter(run.groups), run.course, run.settings)
