"""The only place where a verdict and a tick become a finding, for the program's verdicts and for those that somebody decided."""

from __future__ import annotations

from auditor.records import Record
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


def finding(ticked: bool | None, verdict: Verdict, heard: Heard) -> Finding:
    """What follows from verdict and tick.

    A reservation on the item's own line turns a discrepancy into a query; so does a line that holds two claims, for the second, and
    a denial that is of a degree only.
    """
    if not ticked:
        return Finding.UNCLAIMED if ticked is False and verdict is Verdict.SUPPORTED else Finding.NONE
    if verdict is Verdict.SUPPORTED:
        return Finding.CONFIRMED
    if verdict is Verdict.PARTIAL:
        return Finding.QUERY
    if verdict is Verdict.UNVERIFIABLE:
        return Finding.ASK
    half_denied = verdict is Verdict.CONTRADICTED and heard.in_part
    return Finding.QUERY if heard.reserved or heard.beside or half_denied else Finding.DISCREPANCY
