"""The only place where evidence and denials become a verdict.

The evidence standard's "Verdicts" and "General rules" are implemented here and nowhere else (what follows from verdict and tick
stands beside the result's types, since decisions need it, too); no claim is named here.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.course.catalog import Claim
from auditor.evidence import Part
from auditor.result.audit import Verdict
from auditor.result.findings import Heard


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
