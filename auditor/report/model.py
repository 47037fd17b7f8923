"""What a report says, as typed values with line numbers. Lines count from 1."""

from __future__ import annotations

import re
from typing import NamedTuple

from auditor.patterns import pattern
from auditor.records import Record

IMAGE = pattern(r"\.(?:png|jpe?g|gif|svg|webp|bmp|pdf|drawio)(?:[?#]\S{0,200})?$", re.IGNORECASE)
"""Targets of links that are pictures."""


class OwnLine(NamedTuple):
    """One line of the group's own words, without quote marks, struck-out text and comments."""

    line: int
    text: str


class Sentence(NamedTuple):
    """One sentence of the group's own prose and the line on which it begins."""

    line: int
    text: str


class Figure(NamedTuple):
    """An image in an answer: its alternative text and its target as written."""

    alt: str
    target: str
    line: int


class Link(NamedTuple):
    """A link in an answer; `text` is the target itself where the address stands alone."""

    text: str
    target: str
    line: int


class ReportProblem(NamedTuple):
    """Something a reader of the result should know about the report; `line` None where it concerns the whole.

    `path` is the file that it is about, empty for the report's own.
    """

    line: int | None
    message: str
    path: str = ""


class Stretch(NamedTuple):
    """Lines of a file that are report, from `first` to `last`; to the file's end where `last` is None."""

    path: str
    first: int = 1
    last: int | None = None


class Item(Record):
    """One checklist item as the group left it."""

    claim_ids: tuple[str, ...]
    """The claims that it makes; two where one item combines two."""
    ticked: bool
    line: int
    mark: str
    """What stands in the box, as written: `x`, a blank, `/`, or the sign in the place of a box."""
    text: str
    note: str | None = None
    """What the group added to the item's wording, or a mark that is neither a tick nor blank."""
    reservation: bool = False
    """Whether the note takes something back ("started but not finished")."""
    heading: str = ""
    """The heading under which the item stands."""
    editions: tuple[str, ...] = ()
    """Editions of the template that print the item in the wording nearest to this."""


class UnknownItem(Record):
    """A task-list item in the checklist that makes no claim of the catalogue."""

    line: int
    ticked: bool
    text: str


class Answer(Record):
    """One question and what the group itself wrote under it: no template text, nothing struck out, no comments."""

    topic: str | None
    """The topic in the catalogue; None where the question was not recognised."""
    number: int | None
    line: int
    own: tuple[OwnLine, ...] = ()
    """Prose lines, headings and lists."""
    code: tuple[OwnLine, ...] = ()
    """Lines in code blocks."""
    sentences: tuple[Sentence, ...] = ()
    """The prose as sentences, joined across line ends, without Markdown's marks."""
    figures: tuple[Figure, ...] = ()
    links: tuple[Link, ...] = ()
    placeholder: bool = False
    """Whether the template's "fill here" line still stands there, also beside an answer."""
    placeholder_line: int | None = None
    path: str = ""
    """The file that holds it; lines, and the relative targets of figures and links, are those of this file."""
    last: int = 0
    """The last line of its question."""

    @property
    def pictures(self) -> tuple[Figure, ...]:
        """Figures, and links to image files: groups forget the exclamation mark."""
        linked = (Figure(link.text, link.target, link.line) for link in self.links if IMAGE.search(link.target))
        return tuple(dict.fromkeys((*self.figures, *linked)))

    @property
    def filled(self) -> bool:
        """Whether the group wrote anything at all."""
        return bool(self.own or self.code or self.figures)

    @property
    def text(self) -> str:
        """The own prose as written, a line a line."""
        return "\n".join(line.text for line in self.own)


FEW_RESERVATIONS = 5
"""Reservations that any report may have."""


class Report(Record):
    """The group's report. `group` is its number as written, `members` how many there are; None where it doesn't say.

    Its checklist and its answers may stand in two files: `path` is that of the checklist, every answer has its own.
    """

    path: str
    edition: str | None = None
    items: tuple[Item, ...] = ()
    unrecognised: tuple[UnknownItem, ...] = ()
    answers: tuple[Answer, ...] = ()
    group: str | None = None
    members: int | None = None
    problems: tuple[ReportProblem, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    """Which lines of which files are report: all of a report's own file, but of the project's README its checklist and answers."""

    @property
    def answers_path(self) -> str:
        """The file that holds the answers: the checklist's own, in most reports."""
        return next((answer.path for answer in self.answers if answer.path), self.path)

    @property
    def files(self) -> tuple[str, ...]:
        """The files that it stands in, the checklist's first."""
        return tuple(dict.fromkeys((self.path, self.answers_path)))

    def item(self, claim_id: str) -> Item | None:
        """The item that makes the claim: a ticked one where it stands twice, else the first."""
        found = [item for item in self.items if claim_id in item.claim_ids]
        return next((item for item in found if item.ticked), found[0] if found else None)

    @property
    def reservations(self) -> tuple[Item, ...]:
        """The ticked items that carry a reservation."""
        return tuple(item for item in self.items if item.ticked and item.reservation)

    @property
    def reserved_widely(self) -> bool:
        """Whether more than a third of the ticks carry a reservation: then none of them says much."""
        ticks = sum(item.ticked for item in self.items)
        return len(self.reservations) >= FEW_RESERVATIONS and 3 * len(self.reservations) > ticks

    def ticked(self, claim_id: str) -> bool | None:
        """Whether the claim is ticked; None where the report has no such item."""
        item = self.item(claim_id)
        return None if item is None else item.ticked

    def answer(self, topic: str) -> Answer | None:
        """The answer to the question on `topic`: a filled one where the question stands twice, else the first."""
        found = [answer for answer in self.answers if answer.topic == topic]
        return next((answer for answer in found if answer.filled), found[0] if found else None)
