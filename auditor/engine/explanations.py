"""One or two sentences per claim that a teaching assistant can paste: what was claimed, found, and looked for.

No accusing words: the reader of the sentence may be the group.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.engine.judge import counted
from auditor.evidence import Evidence, Part
from auditor.result.audit import Finding, Verdict

SHOWN = 2
"""Places named in a sentence; the others stand in the list of evidence."""


def explain(
    parts: Sequence[Part],
    verdict: Verdict,
    finding: Finding,
    *,
    documented: Sequence[Evidence] = (),
    against: Sequence[Evidence] = (),
    elsewhere: Sequence[Evidence] = (),
    note: str | None = None,
    settle: str = "",
) -> str:
    """The explanation of one verdict. `settle` is what the rule says would settle it, from "show ..." on."""
    sentences = [*found_sentences(parts, verdict)]
    open_question = verdict is not Verdict.SUPPORTED
    if documented and open_question:
        sentences.append(f"The report describes it ({places(documented)}).")
    missing = [part for part in parts if part.status == "missing" and part.looked_for]
    if missing and open_question:
        looked = "; ".join(dict.fromkeys(part.looked_for for part in missing))
        sentences.append(f"Looked for and not found: {looked}.")
    if against:
        sentences.append(f"The report says: “{against[0].text}” ({against[0].place}).")
    if elsewhere:
        named = ", ".join(f"{one.path} ({one.text}, {one.place})" for one in elsewhere[:SHOWN])
        sentences.append(f"Not in the audited commit, but by its name worth a look: {named}.")
    if not parts and verdict is Verdict.UNVERIFIABLE:
        sentences.append("The repository alone cannot show this.")
    if note and finding is Finding.QUERY:
        sentences.append(f"The group noted on the item: “{note}”.")
    if finding is Finding.DISCREPANCY and settle:
        sentences.append(f"What would settle it: {settle}")
    return " ".join(sentences)


def question(
    title: str,
    parts: Sequence[Part],
    verdict: Verdict,
    finding: Finding,
    *,
    against: Sequence[Evidence] = (),
    elsewhere: Sequence[Evidence] = (),
    note: str | None = None,
    settle: str = "",
) -> str:
    """What to ask the group about one ticked claim, as it can be sent; empty where nothing is open."""
    if finding not in (Finding.DISCREPANCY, Finding.QUERY, Finding.ASK):
        return ""
    sentences = [f"You ticked “{title}”."]
    if note:
        sentences.append(f"You noted on it: “{note}”.")
    found = [part for part in counted(parts) if part.status == "found"]
    if found and verdict is Verdict.PARTIAL:
        sentences.append("We found " + "; ".join(f"{part.name} ({places(part.strong)})" for part in found) + ".")
    for part in parts:
        if part.status == "weak":
            remark = part.remark or "by itself it does not settle it"
            sentences.append(f"For {part.name} we found only {places(part.weak)}: {remark}.")
    missing = [part for part in parts if part.status == "missing" and part.looked_for]
    if missing and finding is not Finding.ASK:
        looked = "; ".join(dict.fromkeys(part.looked_for for part in missing))
        sentences.append(f"We looked for and did not find: {looked}.")
    if against:
        sentences.append(f"Your report says: “{against[0].text}” ({against[0].place}).")
    if elsewhere:
        sentences.append(f"{elsewhere[0].path} is {elsewhere[0].text} ({elsewhere[0].place}): is that the work?")
    if against and verdict is Verdict.CONTRADICTED:
        sentences.append("Which of the two is right?")
    elif settle.startswith(("show ", "tell ")):
        sentences.append(f"Could you {settle.rstrip('.')}?")
    else:
        sentences.append("Could you show it, or tell us how it was done?")
    return " ".join(sentences)


def ways_to_settle(
    finding: Finding,
    *,
    parts: Sequence[Part] = (),
    told: bool = False,
    documented: bool = False,
    note: str | None = None,
    against: Sequence[Evidence] = (),
    elsewhere: Sequence[Evidence] = (),
    settle: str = "",
) -> tuple[str, ...]:
    """Honest ways to settle an open claim, to the group that ticked it; empty where nothing is open.

    They say what a teaching assistant would want to see, never what the program looks for to the letter. `told` where a
    description in the report counts too, `documented` where there is one, `note` is the group's own on the item.
    """
    if finding is Finding.ASK:
        return ("Nothing has to be added: a repository need not show it. Be ready to tell how it was done.",)
    if finding not in (Finding.DISCREPANCY, Finding.QUERY):
        return ()
    ways = []
    if against:
        ways.append(f"The answer at {against[0].place} says the opposite: correct it, or the tick, whichever is wrong.")
    want = settle.rstrip(".")
    begun = [part for part in counted(parts) if part.status == "weak"]
    if want.startswith("show ") and begun:
        named = ", ".join(part.name for part in begun)
        ways.append(
            f"What is committed does not settle it yet ({named}). A teaching assistant would want to see {want.removeprefix('show ')}."
        )
    elif want.startswith("show "):
        ways.append(f"If it is done, commit it. A teaching assistant would want to see {want.removeprefix('show ')}.")
    elif want:
        ways.append(f"If it is done: {want}.")
    if elsewhere:
        one = elsewhere[0]
        ways.append(
            f"{one.path} is {one.text} ({one.place}): if that is the work, bring it into the branch that you hand in."
        )
    if told and documented:
        ways.append(
            "Your report describes it. If it can be seen only outside of the repository, be ready to show it there."
        )
    elif told:
        ways.append(
            "If it happened outside of the repository, tell it in the report: which service, what was set, what came out."
        )
    ways.append("If not, untick it." if note else "If not, untick it, or write on its line how far it got.")
    return tuple(ways)


def found_sentences(parts: Sequence[Part], verdict: Verdict) -> Iterable[str]:
    """What was found, strong and weak."""
    strong = [part for part in counted(parts) if part.status == "found"]
    weak = [part for part in parts if part.status == "weak"]
    if strong:
        yield "Found: " + "; ".join(f"{part.name} ({places(part.strong)})" for part in strong) + "."
    for part in weak:
        remark = part.remark or "which alone does not settle it"
        yield f"For {part.name} only {places(part.weak)} was found: {remark}."
    if not strong and not weak and verdict in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED):
        yield "No trace of it was found in the repository."


def places(evidence: Sequence[Evidence]) -> str:
    """The first places, and how many more there are."""
    named = ", ".join(dict.fromkeys(one.place for one in evidence[:SHOWN]))
    more = len(evidence) - SHOWN
    return f"{named} and {more} more" if more > 0 else named
