"""One or two sentences per claim that a teaching assistant can paste: what was claimed, found, and looked for.

No accusing words: the reader of the sentence may be the group.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.engine.judge import counted
from auditor.evidence import Part, Place, Trace, Weight
from auditor.records import Record
from auditor.result.audit import Finding, Verdict

SHOWN = 2
"""Places named in a sentence; the others stand in the list of evidence."""


class Judged(Record):
    """A claim with its verdict and all that it rests on: what is told of it in sentences.

    `wording` is the item as the group ticked it, `settle` what the rule says would settle it, from "show ..." on; `told` where a
    description in the report counts, too, and `documented` are such descriptions; `against` are denials, `in_part` where they take
    back a part only, `narrower` those of something narrower than the claim, `elsewhere` files outside of the audited commit, `late` those
    of them that came after the deadline, `lost` such as only the working copy lacks, each with the command that brings it back, `note` is
    the group's own on the item.
    """

    wording: str
    parts: tuple[Part, ...]
    verdict: Verdict
    finding: Finding
    settle: str = ""
    told: bool = False
    documented: tuple[Place, ...] = ()
    against: tuple[Place, ...] = ()
    in_part: bool = False
    narrower: tuple[Place, ...] = ()
    elsewhere: tuple[Place, ...] = ()
    late: tuple[Place, ...] = ()
    lost: tuple[Place, ...] = ()
    note: str | None = None

    @property
    def missing(self) -> str:
        """What was looked for and not found, part by part."""
        missing = [part.looked_for for part in self.parts if part.status == "missing" and part.looked_for]
        return "; ".join(dict.fromkeys(missing))


def explain(judged: Judged) -> str:
    """The explanation of one verdict."""
    sentences = [*found_sentences(judged.parts, judged.verdict)]
    open_question = judged.verdict is not Verdict.SUPPORTED
    if judged.documented and open_question:
        sentences.append(f"The report describes it ({places(judged.documented)}).")
    if judged.missing and open_question:
        sentences.append(f"Looked for and not found: {judged.missing}.")
    near = nearest(judged.parts)
    if near and judged.verdict in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED):
        sentences.append(f"Nearest to it: {near[0].place.where}, which does not count, since {near[0].why}.")
    if judged.against:
        sentences.append(f"The report says: “{judged.against[0].text}” ({judged.against[0].where}).")
    elif judged.narrower:
        one = judged.narrower[0]
        sentences.append(f"The report denies something narrower: “{one.text}” ({one.where}).")
    if judged.lost:
        sentences.append(f"In the last commit, and deleted in the working copy: {places(judged.lost)}.")
    if judged.elsewhere:
        named = ", ".join(f"{one.path} ({one.text})" for one in judged.elsewhere[:SHOWN])
        sentences.append(f"Not in the audited commit, but by its name worth a look: {named}.")
    elif judged.late:
        sentences.append(f"Not looked at: {judged.late[0].path} ({judged.late[0].text}).")
    if not judged.parts and judged.verdict is Verdict.UNVERIFIABLE:
        sentences.append("The repository alone cannot show this.")
    if judged.note and judged.finding is Finding.QUERY:
        sentences.append(f"The group noted on the item: “{judged.note}”.")
    if judged.finding is Finding.DISCREPANCY and judged.settle:
        sentences.append(f"What would settle it: {judged.settle}")
    return " ".join(sentences)


def question(judged: Judged) -> str:
    """What to ask the group about one ticked claim, as it can be sent; empty where nothing is open."""
    if judged.finding not in (Finding.DISCREPANCY, Finding.QUERY, Finding.ASK):
        return ""
    sentences = [f"You ticked “{judged.wording}”."]
    if judged.note:
        sentences.append(f"You noted on it: “{judged.note}”.")
    found = [part for part in counted(judged.parts) if part.status == "found"]
    if found and judged.verdict is Verdict.PARTIAL:
        sentences.append("We found " + "; ".join(f"{part.name} ({places(part.strong)})" for part in found) + ".")
    for part in judged.parts:
        if part.status == "weak":
            sentences.append(f"For {part.name} we found only {reasoned(part.having(Weight.HALF))}.")
    if judged.missing and judged.finding is not Finding.ASK:
        sentences.append(f"We looked for and did not find: {judged.missing}.")
    if judged.against:
        sentences.append(f"Your report says: “{judged.against[0].text}” ({judged.against[0].where}).")
    if judged.elsewhere:
        one = judged.elsewhere[0]
        was = "was" if one.text.startswith("deleted") else "is"
        sentences.append(f"{one.path} {was} {one.text}: is that the work?")
    if judged.against and judged.verdict is Verdict.CONTRADICTED:
        sentences.append("Which of the two is right?")
    elif judged.settle.startswith(("show ", "tell ")):
        sentences.append(f"Could you {judged.settle.rstrip('.')}?")
    else:
        sentences.append("Could you show it, or tell us how it was done?")
    return " ".join(sentences)


def ways_to_settle(judged: Judged) -> tuple[str, ...]:
    """Honest ways to settle an open claim, to the group that ticked it; empty where nothing is open.

    They say what a teaching assistant would want to see, never what the program looks for to the letter.
    """
    if judged.finding is Finding.ASK:
        return ("Nothing has to be added: a repository need not show it. Be ready to tell how it was done.",)
    if judged.finding not in (Finding.DISCREPANCY, Finding.QUERY):
        return ()
    ways = []
    if judged.against:
        where = judged.against[0].where
        if judged.in_part:
            ways.append(
                f"The answer at {where} takes a part of it back: say there, or on the item's line, how far it got."
            )
        else:
            ways.append(f"The answer at {where} says the opposite: correct it, or the tick, whichever is wrong.")
    want = judged.settle.rstrip(".")
    shown = want.removeprefix("show ")
    begun = [trace for part in counted(judged.parts) if part.status == "weak" for trace in part.having(Weight.HALF)]
    near = nearest(judged.parts)
    if shown == want:
        ways += [f"{want[0].upper()}{want[1:]}."] if want else []
    elif begun:
        ways.append(f"What is there does not settle it yet. A teaching assistant would want to see {shown}.")
    elif near:
        ways.append(f"What comes near does not count. A teaching assistant would want to see {shown}.")
    elif judged.missing or not judged.against:
        ways.append(f"{committing(judged)} would want to see {shown}.")
    if judged.lost:
        one = judged.lost[0]
        more = f" ({len(judged.lost) - 1} more like it)" if len(judged.lost) > 1 else ""
        ways.append(f"{one.path} is deleted in your working copy{more}, not committed; `{one.text}` brings it back.")
    elif judged.elsewhere:
        one = judged.elsewhere[0]
        was = "was" if one.text.startswith("deleted") else "is"
        ways.append(f"{one.path} {was} {one.text}: if that is the work, bring it into the branch that you hand in.")
    if judged.told and shown != want and not judged.against:  # what an answer denies needs no showing elsewhere
        ways.append(
            "Your report describes it. If it can be seen only outside of the repository, be ready to show it there."
            if judged.documented
            else "If it happened outside of the repository, tell it in the report: which service, what was set, what came out."
        )
    ways.append("If not, untick it." if judged.note else "If not, untick it, or write on its line how far it got.")
    return tuple(ways)


def committing(judged: Judged) -> str:
    """How the sentence on what would settle a claim begins: nobody is told to commit what is there, or what was said not to be."""
    if judged.against and not judged.in_part:
        return "If it was done after all, a teaching assistant"
    found = [part for part in counted(judged.parts) if part.status == "found"]
    if found:
        named = "; ".join(f"{part.name} ({places(part.strong)})" for part in found)
        return f"There is {named}. For the rest, a teaching assistant"
    return "If it is done, commit it. A teaching assistant"


def found_sentences(parts: Sequence[Part], verdict: Verdict) -> Iterable[str]:
    """What was found, strong and weak."""
    strong = [part for part in counted(parts) if part.status == "found"]
    weak = [part for part in parts if part.status == "weak"]
    if strong:
        yield "Found: " + "; ".join(f"{part.name} ({places(part.strong)})" for part in strong) + "."
    for part in weak:
        yield f"For {part.name} only {reasoned(part.having(Weight.HALF))}."
    if not strong and not weak and verdict in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED):
        yield "No trace of it was found in the repository."


def reasoned(traces: Sequence[Trace]) -> str:
    """The first traces, each with its own reason; those that share one are named together."""
    by_reason: dict[str, list[Place]] = {}
    for trace in traces:
        by_reason.setdefault(trace.why or "by itself it does not settle it", []).append(trace.place)
    told = [f"{places(found)}: {why}" for why, found in list(by_reason.items())[:SHOWN]]
    return "; ".join(told)


def nearest(parts: Sequence[Part]) -> list[Trace]:
    """What came near to the parts that were not found, and was set aside."""
    return [trace for part in parts if part.status != "found" for trace in part.having(Weight.NOT)]


def places(evidence: Sequence[Place]) -> str:
    """The first places, and how many more there are."""
    named = ", ".join(dict.fromkeys(one.where for one in evidence[:SHOWN]))
    more = len(evidence) - SHOWN
    return f"{named} and {more} more" if more > 0 else named
