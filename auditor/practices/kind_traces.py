"""A trace of something in the cloud: where it is, and whether it settles anything."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.evidence import Place
from auditor.records import Record


class Trace(Record):
    """One place that speaks of a thing in the cloud. `kind` says in words what it is.

    `strong` where it settles that the thing is done; else it is dead, shows only the form of a command (nothing but
    placeholders), or is half of what is meant.
    """

    kind: str
    evidence: Place
    strong: bool = True


def strong_first(traces: Iterable[Trace]) -> tuple[Trace, ...]:
    """The traces without repetition, strong ones first."""
    return tuple(sorted(dict.fromkeys(traces), key=lambda trace: not trace.strong))


def evidence(traces: Iterable[Trace], *, strong: bool) -> list[Place]:
    """The evidence of the strong traces, or of the others."""
    return [trace.evidence for trace in traces if trace.strong is strong]
