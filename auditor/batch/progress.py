"""What a run shows while it goes on: a bar on a terminal, a line per group in a log, or nothing. All on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from auditor.batch.one_group import Outcome
from auditor.evidence import shorten


class Progress(Protocol):
    """Told of every group as it is done."""

    def done(self, group: str, outcome: Outcome, *, stored: bool) -> None:
        """One group is done; `stored` where its result was there already."""

    def say(self, line: str) -> None:
        """One line for the reader."""


@dataclass(slots=True)
class Quiet:
    """Shows nothing."""

    def done(self, group: str, outcome: Outcome, *, stored: bool) -> None:
        """See `Progress`."""

    def say(self, line: str) -> None:
        """See `Progress`."""


@dataclass(slots=True)
class Log:
    """A line per group, for logs of CI and files."""

    total: int
    count: int = 0
    started: float = field(default_factory=time.monotonic)

    def done(self, group: str, outcome: Outcome, *, stored: bool) -> None:
        """See `Progress`."""
        self.count += 1
        self.say(f"[{self.count}/{self.total}] {told(group, outcome, stored)}")

    def say(self, line: str) -> None:
        """See `Progress`."""
        sys.stderr.write(plain(line) + "\n")
        sys.stderr.flush()


class Bar:
    """A bar with counts and the time left; groups that failed stand above it as lines."""

    def __init__(self, total: int, jobs: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as Display

        self.display = Display(
            TextColumn("groups"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TextColumn("{task.fields[running]} running, {task.fields[failed]} failed"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=Console(file=sys.stderr, highlight=False),
        )
        self.jobs, self.total, self.count, self.failed = jobs, total, 0, 0
        self.task = self.display.add_task("", total=total, running=min(jobs, total), failed=0)

    def done(self, group: str, outcome: Outcome, *, stored: bool) -> None:
        """See `Progress`."""
        self.count += 1
        if outcome.problem:
            self.failed += 1
            self.say(told(group, outcome, stored))
        running = min(self.jobs, self.total - self.count)
        self.display.update(self.task, advance=1, running=running, failed=self.failed)

    def say(self, line: str) -> None:
        """See `Progress`."""
        from rich.text import Text

        self.display.console.print(Text(plain(line)))


@contextmanager
def shown(form: str, total: int, jobs: int) -> Iterator[Progress]:
    """The progress display called `form`: `bar`, `log`, `quiet`, or `auto` (a bar on a terminal, else a log)."""
    if form == "auto":
        form = "bar" if sys.stderr.isatty() else "log"
    if form == "quiet":
        yield Quiet()
    elif form == "log":
        yield Log(total)
    else:
        bar = Bar(total, jobs)
        with bar.display:
            yield bar


def told(group: str, outcome: Outcome, stored: bool) -> str:
    """One group in one line."""
    if outcome.problem:
        return f"{group}: failed: {outcome.problem}"
    return f"{group}: {'unchanged' if stored else 'audited'} at {outcome.state[:10]}"


def plain(line: str) -> str:
    """A line without control characters; names come from strangers."""
    return shorten(line, 300).encode("utf-8", "replace").decode("utf-8")
