"""Finds the report in a repository: in the folder that the course names, or wherever a group has put it."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import NamedTuple

from auditor.course.catalog import Catalog
from auditor.patterns import pattern
from auditor.records import Record
from auditor.report.marks import BOX, leading_sign, read_mark
from auditor.report.source import HEADING, LONGEST_LINE, LONGEST_TEXT
from auditor.report.template import PLACEHOLDER
from auditor.report.visible import unquoted, with_box, without_invisible
from auditor.repository.snapshot import Snapshot

EXPECTED = "reports/README.md"
ENDINGS = (".md", ".markdown", ".mdown", ".qmd")
MOST = 40
"""Files that are opened, the likeliest first."""
FOREIGN = frozenset({"site-packages", "vendor", "vendored", "third_party", "external", "node_modules", "venv", "env"})
"""Folders that hold other people's work. Folders that begin with a dot are passed over as well."""

FILLED = 3
"""The rank of a filled-in report."""
FEWEST_ITEMS = 8
FEWEST_QUESTIONS = 5
"""Fewer are a to-do list or a mention, not the course's report; of a short catalogue half are enough."""


class Fewest(NamedTuple):
    """How many items and questions make a file the report."""

    items: int
    questions: int


def fewest(catalog: Catalog) -> Fewest:
    """What it takes to be the report of a course with this catalogue."""
    return Fewest(
        min(FEWEST_ITEMS, (len(catalog.claims) + 1) // 2),
        min(FEWEST_QUESTIONS, (len(catalog.questions) + 1) // 2) or FEWEST_QUESTIONS,
    )


class Weighed(Record):
    """A candidate and what it holds."""

    path: str
    items: int
    ticks: int
    questions: int
    placeholders: int
    fewest: Fewest

    @property
    def rank(self) -> int:
        """3: a filled-in report; 2: a filled-in checklist; 1: answers alone, or the untouched template."""
        listed, asked = self.items >= self.fewest.items, self.questions >= self.fewest.questions
        if not listed and not asked:
            return 0
        if asked and (self.has_answers or self.ticks) and (listed or self.has_answers):
            return FILLED if listed else 1
        return 2 if listed and self.ticks else 1

    @property
    def is_ticked(self) -> bool:
        """Whether it is a list with ticks, long enough to be the checklist."""
        return self.items >= self.fewest.items and self.ticks > 0

    @property
    def has_answers(self) -> bool:
        """Whether questions of the report are answered in it."""
        return self.questions >= self.fewest.questions and self.questions > self.placeholders

    @property
    def weight(self) -> int:
        """How much of a report it is."""
        return self.items + self.questions + self.ticks + 2 * max(0, self.questions - self.placeholders)


def expected_path(snapshot: Snapshot) -> str:
    """Where the course expects the report."""
    return f"{snapshot.focus}/{EXPECTED}" if snapshot.focus else EXPECTED


def locate(snapshot: Snapshot, needed: Fewest) -> list[Weighed]:
    """The files that look like the report, the likeliest first; empty where none does.

    A filled-in report goes before a bare checklist (a README often holds the group's own to-do list), both before an
    untouched template; among equals the expected place, then the fuller one, then the one nearest to the root.
    """
    here = expected_path(snapshot)
    paths = sorted(
        (path for path in snapshot.paths if eligible(path)), key=lambda path: (path != here, *likelihood(path))
    )
    weighed = [
        found for found in (weigh(snapshot, path, needed) for path in paths[:MOST]) if found is not None and found.rank
    ]
    return sorted(
        weighed, key=lambda w: (w.rank, w.path.lower() == here.lower(), w.weight, -w.path.count("/")), reverse=True
    )


def eligible(path: str) -> bool:
    """Whether a file may be the report by its name and place."""
    parts = path.lower().split("/")
    return parts[-1].endswith(ENDINGS) and not any(part.startswith(".") or part in FOREIGN for part in parts[:-1])


def likelihood(path: str) -> tuple[int, int, str]:
    """Sort key: how much the name promises, then how deep it lies."""
    name = PurePosixPath(path.lower())
    in_reports = any(part in ("reports", "report", "exam", "rapport") for part in name.parts[:-1])
    readme = name.stem == "readme"
    report = any(word in name.stem for word in ("report", "exam", "checklist", "handin", "hand-in", "rapport"))
    order = 0 if in_reports and readme else 1 if report or in_reports else 2 if readme else 3
    return order, path.count("/"), path


def weigh(snapshot: Snapshot, path: str, needed: Fewest) -> Weighed | None:
    """What the file holds, by a quick look at its lines; None where it cannot be read."""
    text = snapshot.text(path)
    if text is None:
        return None
    items = ticks = questions = placeholders = 0
    for line in text[:LONGEST_TEXT].split("\n"):
        line = line[:LONGEST_LINE]
        if HEADING.match(line):
            questions += 1
        elif questions and PLACEHOLDER.search(line):
            placeholders += 1
        elif (mark := mark_of(line)) is not None:
            items += 1
            ticks += mark
    return Weighed(path, items, ticks, questions, placeholders, needed)


LIKE_AN_ITEM = pattern(r"^\s*(?:[-*+|]|\d{1,3}[.)]|\[)")


def mark_of(line: str) -> bool | None:
    """Whether the line is a ticked item; None where it is no item."""
    line = unquoted(with_box(without_invisible(line)))
    if not LIKE_AN_ITEM.match(line):
        return None
    box = BOX.match(line.strip("| \t"))
    if box:
        return read_mark(box["mark"]).ticked
    sign = leading_sign(line.strip("| \t"))
    return sign[0].ticked if sign else None
