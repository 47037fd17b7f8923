"""The only place where evidence, denials and reservations become a verdict, and verdict and tick a finding.

The evidence standard's "Verdicts" and "General rules" are implemented here and nowhere else (what follows from a verdict alone
stands beside the result's types, since decisions need it, too); no claim is named here.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.course.catalog import Claim
from auditor.evidence import Part
from auditor.records import Record
from auditor.result import findings
from auditor.result.audit import Finding, Verdict


class Heard(Record):
    """What the group's report itself says about a claim.

    `denied`, and `outright` where an answer that speaks of this claim does, `in_part` where only a degree of it is denied ("not
    completely") and `excepts` where it names what is left ("none, apart from ..."); `tells` where such an answer also tells of
    something done. `documented` with specifics, `answered` where that stands in the answer to the claim's own question, `firmly` where it
    says more than a name. `reserved` by a note on the item's own line; `beside` another claim on one line, for which the tick speaks.
    """

    denied: bool = False
    outright: bool = True
    in_part: bool = False
    excepts: bool = False
    tells: bool = False
    documented: bool = False
    answered: bool = False
    firmly: bool = False
    reserved: bool = False
    beside: bool = False


def verdict(claim: Claim, parts: Sequence[Part], heard: Heard) -> Verdict:
    """The verdict on one claim.

    No parts at all mean that nothing could be looked at (no history, say): then the claim is unverifiable, or what the
    report says of it.
    """
    traced = traces(parts)
    if heard.denied:
        against = denied(claim, parts, heard, traced)
        if against is not None:
            return against
    if traced is not None:
        return traced
    if claim.told and heard.documented and not lacks_premise(parts):
        return Verdict.PARTIAL
    if not parts or (claim.optional and claim.silent == "unverifiable" and not lacks_premise(parts)):
        return Verdict.UNVERIFIABLE
    return Verdict.UNSUPPORTED


def denied(claim: Claim, parts: Sequence[Part], heard: Heard, traced: Verdict | None) -> Verdict | None:
    """The verdict where the report denies the claim (general rule 5); None where the denial changes nothing."""
    if heard.in_part:
        # "Not completely" takes back no more than the part that it names: what is there, or told as done, decides.
        if traced is not None:
            return Verdict.PARTIAL if heard.excepts and heard.outright else traced
        told = claim.told and (heard.documented or heard.tells) and not lacks_premise(parts)
        return Verdict.PARTIAL if told else Verdict.CONTRADICTED
    if traced is Verdict.SUPPORTED:
        # A denial in an answer to another question mostly speaks of something narrower: complete traces outweigh it.
        return Verdict.PARTIAL if heard.outright else None
    if any(part.strong for part in counted(parts)):
        return Verdict.PARTIAL
    # A stub or a bare dependency is no live trace. A report that also describes the thing with specifics disagrees with itself:
    # that is a question, not an answer. A bare naming beside an outright denial is none.
    disagrees = heard.answered or heard.firmly or (heard.documented and not heard.outright)
    # What was there and was given up is no lie either: the commit shows it.
    given_up = any(place.commit for part in counted(parts) for place in part.weak)
    return Verdict.PARTIAL if given_up or (claim.told and disagrees) else Verdict.CONTRADICTED


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

    A reservation on the item's own line turns a discrepancy into a query; so does a line that holds two claims, for the second, and
    a denial that is of a degree only.
    """
    half_denied = verdict is Verdict.CONTRADICTED and heard.in_part
    return findings.finding(ticked, verdict, softened=heard.reserved or heard.beside or half_denied)
