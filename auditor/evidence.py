"""What a rule yields: parts of a claim, each with the traces found for it and why each of them counts or not."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from auditor.records import Ordinal, Record, field

TEXT_LENGTH = 160
"""Longest line of evidence that is shown, in characters."""
NOT_KNOWN = "so what it holds is not known"
"""Ends the reason of a trace that is a file which could not be read."""


class Place(Record, omit_defaults=True):
    """A line of a file, a file as a whole (`line` None), or a commit (its full hash in `commit`).

    `path` is relative to the repository's root, with forward slashes; `line` counts from 1. `text` is the line itself or
    what it says. In JSON `commit` is left out where there is none, and it alone: what a factory makes is always written.
    """

    path: str
    """Relative to the repository's root; `git log` for a commit."""
    line: Ordinal | None = field(default_factory=type(None))
    """Null where the file as a whole is meant."""
    text: str = field(default_factory=str)
    """The line itself, or what it says."""
    commit: str | None = None
    """Full hash, where the place is a commit."""

    @property
    def where(self) -> str:
        """The place as `path:line`."""
        if self.commit:
            return f"commit {self.commit[:10]}"
        return self.path if self.line is None else f"{self.path}:{self.line}"


def seen(path: str, line: int | None = None, text: str = "", commit: str | None = None) -> Place:
    """A place that was seen in a repository, its text on one line and not longer than evidence may be."""
    return Place(path, line, shorten(text), commit)


class Weight(StrEnum):
    """How far a trace counts for its part of a claim."""

    COUNTS = "counts"
    HALF = "half"
    NOT = "not"


class Trace(Record):
    """Something that speaks for a claim, or that came near and does not.

    `why` is the one reason that is true of this place. It completes "this counts by half (or not), since ...": "nothing
    calls it", "its trigger names `main`, which this repository has not". Empty where it counts.
    """

    place: Place
    weight: Weight = Weight.COUNTS
    why: str = ""

    @property
    def strong(self) -> bool:
        """Whether it settles its part of the claim."""
        return self.weight is Weight.COUNTS


def counts(place: Place) -> Trace:
    """A trace that settles its part."""
    return Trace(place)


def half(place: Place, why: str) -> Trace:
    """A trace that is shown and makes a claim partial at most: a stub, dead code, half of what is meant."""
    return Trace(place, Weight.HALF, why)


def weighed(place: Place, why: str) -> Trace:
    """A trace that counts; by half where there is a reason."""
    return half(place, why) if why else counts(place)


def aside(place: Place, why: str) -> Trace:
    """Something that came near and counts for nothing; it is shown where nothing better was found."""
    return Trace(place, Weight.NOT, why)


def strong_first(traces: Iterable[Trace]) -> tuple[Trace, ...]:
    """The traces without repetition: those that count, then those that count by half, then those set aside."""
    order = list(Weight)
    return tuple(sorted(dict.fromkeys(traces), key=lambda trace: order.index(trace.weight)))


class Part(Record):
    """One part of a claim's wording and what was found for it; made by `part`.

    `looked_for` says in words what would have counted: it is printed where the part is missing. A `premise` is what a claim
    cannot do without but is no evidence for it by itself: missing, it makes the claim unsupported; found, it counts for nothing.
    """

    name: str
    traces: tuple[Trace, ...] = ()
    looked_for: str = ""
    premise: bool = False

    @property
    def strong(self) -> tuple[Place, ...]:
        """Places that settle the part."""
        return tuple(trace.place for trace in self.traces if trace.weight is Weight.COUNTS)

    @property
    def weak(self) -> tuple[Place, ...]:
        """Places that count by half."""
        return tuple(trace.place for trace in self.traces if trace.weight is Weight.HALF)

    @property
    def status(self) -> str:
        """`found`, `weak` or `missing`."""
        return "found" if self.strong else "weak" if self.weak else "missing"

    def having(self, weight: Weight) -> tuple[Trace, ...]:
        """The traces of one weight."""
        return tuple(trace for trace in self.traces if trace.weight is weight)


def part(name: str, traces: Iterable[Trace] = (), *, looked_for: str = "", premise: bool = False) -> Part:
    """A part of a claim from its traces, each once, those that count first."""
    return Part(name, strong_first(traces), looked_for, premise)


def shorten(text: str, length: int = TEXT_LENGTH) -> str:
    """`text` on one line without control characters, at most `length` characters long."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"
