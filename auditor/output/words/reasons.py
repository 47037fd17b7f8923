"""Why a claim is open, in one sentence: the one reason that a reader should look at first, and where it stands."""

from __future__ import annotations

from auditor.evidence import Place, Weight
from auditor.output.words.wording import one_line
from auditor.records import Record
from auditor.result.audit import ClaimResult, Finding


class Reason(Record):
    """A reason in words (empty where a claim is not open) and its place (None where it is the absence of one)."""

    words: str
    place: Place | None


def reason_of(claim: ClaimResult) -> Reason:
    """The one reason of an open claim, and where it stands; of any other claim its first evidence, without a reason."""
    evidence = next((place for part in claim.parts for place in part.evidence), None)
    if claim.finding not in (Finding.DISCREPANCY, Finding.QUERY):
        return Reason("", evidence)
    if claim.against:
        return Reason(f"the report says: {claim.against[0].text}", claim.against[0])
    traces = sorted((t for part in claim.parts for t in part.traces), key=lambda trace: trace.weight is Weight.NOT)
    if traces:
        return Reason(traces[0].why, traces[0].place)
    missing = [part.looked_for for part in claim.parts if part.status == "missing"]
    return Reason(f"not found: {'; '.join(missing)}" if missing else "", evidence)


def asked(claim: ClaimResult) -> str:
    """The question without the words that were ticked, which stand above it."""
    question = one_line(claim.question)
    return question.removeprefix(f"You ticked “{one_line(claim.wording or claim.title)}”.").strip()
