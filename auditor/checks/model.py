"""What a hand-in check is, and what it may know."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from auditor.course.catalog import Catalog
from auditor.records import Record
from auditor.report.model import Report
from auditor.result.audit import ClaimResult


class HandIn(Record, dict=True):
    """What is handed in, for the checks that ask for it: the report, the text of its answers' file, and the claims as judged."""

    report: Report | None
    text: str
    catalog: Catalog
    claims: tuple[ClaimResult, ...]

    @cached_property
    def edition(self) -> str | None:
        """The edition of the template by which the report is held: its own, or the newest that fits.

        Where several editions fit equally well, the newest that asks the questions that are there; else the newest of all.
        """
        if self.report is not None and self.report.edition is not None:
            return self.report.edition
        there = {(answer.topic, answer.number) for answer in self.report.answers} if self.report else set()
        for edition in reversed(self.catalog.editions):
            asked = {(q.topic, q.numbers[edition]) for q in self.catalog.questions if edition in q.numbers}
            if asked and asked == there:
                return edition
        return max(self.catalog.editions, default=None)


class Flaw(NamedTuple):
    """One thing that a check found: where, what is the matter, and what to do, as sentences to the group.

    `text` is what stands at the place, `claims` are those that it concerns. `several` is the message as it is said once of several
    places, where it differs from place to place; `uncommitted` whether what stands there is not in the last commit.
    """

    path: str
    line: int | None
    message: str
    settle: str
    text: str = ""
    claims: tuple[str, ...] = ()
    several: str = ""
    uncommitted: bool = False


class Check(Record):
    """One hand-in check: a function from facts to flaws. Its docstring is what `explain` prints.

    `title` says what it looks at, as it should be; `fault` is the heading over what it found.
    """

    name: str
    title: str
    fault: str
    gather: Callable[..., Iterator[Flaw]]

    @property
    def text(self) -> str:
        """What is looked at, and why, as written for users."""
        return inspect.getdoc(self.gather) or ""


def check(name: str, title: str, fault: str) -> Callable[[Callable[..., Iterator[Flaw]]], Check]:
    """Make the decorated function the check `name`; what it needs are facts, named by its parameters' types."""
    return lambda function: Check(name, title, fault, function)
