"""The only place where evidence, denials and reservations become a verdict, and verdict and tick a finding.

The evidence standard's "Verdicts" and "General rules" are implemented here and nowhere else; no claim is named here.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.course.catalog import Claim
from auditor.evidence import Part
from auditor.records import Record
from auditor.result.audit import Finding, Verdict


class Heard(Record):
    """What the group's report itself says about a claim.

    `denied`, and `outright` where one speaks of this claim; `documented` with specifics, and `answered` where that stands in
    the answer to the claim's own question; `reserved` by a note on the item's own line; `beside` another claim on one line, for
    which the tick speaks.
    """

    denied: bool = False
    outright: bool = True
    documented: bool = False
    answered: bool = False
    reserved: bool = False
    beside: bool = False


def verdict(claim: Claim, parts: Sequence[Part], heard: Heard) -> Verdict:
    """The verdict on one claim.

    No parts at all mean that nothing could be looked at (no history, say): then the claim is unverifiable, or what the
    report says of it.
    """
    traced = traces(parts)
    if heard.denied and traced is not Verdict.SUPPORTED and not any(part.strong for part in counted(parts)):
        # Rule 5: a denial contradicts where no live trace exists; a stub or a bare dependency is none. Where the same answer
        # also documents the thing with specifics, or the denial stands elsewhere, the report disagrees with itself: that
        # is a question, not an answer.
        # What was there and was given up is no lie either: the commit shows it.
        disagrees = heard.answered or (heard.documented and not heard.outright)
        given_up = any(place.commit for part in counted(parts) for place in part.weak)
        return Verdict.PARTIAL if given_up or (claim.told and disagrees) else Verdict.CONTRADICTED
    if heard.denied and (heard.outright or traced is not Verdict.SUPPORTED):
        return Verdict.PARTIAL
    # A denial in an answer to another question does not outweigh complete traces: it mostly speaks of something narrower.
    if traced is not None:
        return traced
    if claim.told and heard.documented and not lacks_premise(parts):
        return Verdict.PARTIAL
    if not parts or (claim.optional and claim.silent == "unverifiable" and not lacks_premise(parts)):
        return Verdict.UNVERIFIABLE
    return Verdict.UNSUPPORTED


def counted(parts: Sequence[Part]) -> list[Part]:
    """The parts that are evidence for the claim, premises left out."""
    return [part for part in parts if not part.premise]


def lacks_premise(parts: Sequence[Part]) -> bool:
    """Whether something is missing that the claim cannot do without."""
    return any(part.premise and part.status == "missing" for part in parts)


def traces(parts: Sequence[Part]) -> Verdict | None:
    """What the repository alone says: supported, partial, or None where it holds no evidence."""
    if lacks_premise(parts):
        return None
    found = [part.status for part in counted(parts)]
    if found and all(status == "found" for status in found):
        return Verdict.SUPPORTED
    return Verdict.PARTIAL if any(status != "missing" for status in found) else None


def finding(ticked: bool | None, verdict: Verdict, heard: Heard) -> Finding:
    """What follows from verdict and tick.

    A reservation on the item's own line turns a discrepancy into a query; so does a line that holds two claims, for the second.
    """
    if not ticked:
        return Finding.UNCLAIMED if ticked is False and verdict is Verdict.SUPPORTED else Finding.NONE
    if verdict is Verdict.SUPPORTED:
        return Finding.CONFIRMED
    if verdict is Verdict.PARTIAL:
        return Finding.QUERY
    if verdict is Verdict.UNVERIFIABLE:
        return Finding.ASK
    return Finding.QUERY if heard.reserved or heard.beside else Finding.DISCREPANCY
