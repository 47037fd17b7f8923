"""The result for one claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.course.catalog import Claim
from auditor.course.rulebook import Rulebook
from auditor.engine import judge
from auditor.engine.explanations import Judged, explain, question, ways_to_settle
from auditor.engine.uncommitted import not_committed
from auditor.evidence import Part, Place, Trace, Weight
from auditor.facts.history.elsewhere import Beside, Elsewhere
from auditor.injection import Facts
from auditor.practices.second_net import OpenSearch
from auditor.practices.unread import Unread
from auditor.records import replace
from auditor.report import Report
from auditor.report.language.words import Words, read_words, speaking_of
from auditor.repository.snapshot import Snapshot
from auditor.result.audit import ClaimResult, Finding, PartResult, Verdict

MOST_PLACES = 8
"""Places of evidence kept for a part; a claim is not better supported by the hundredth call."""
LOST = "deleted in the working copy, not committed"
MOST_NEAR = 3
"""Places kept for a part that came near and were set aside."""


def claim_result(
    claim: Claim,
    rulebook: Rulebook,
    facts: Facts,
    snapshot: Snapshot,
    report: Report | None,
    told: dict[str, Words],
) -> ClaimResult:
    """The result for one claim. A rule that fails costs its claim, never the audit.

    What the report says about the claim is added to `told`.
    """
    item = report.item(claim.id) if report else None
    ticked = report.ticked(claim.id) if report else None
    statement = rulebook.statements.get(claim.id)
    words = Words()
    if report:
        words = read_words(report, claim, rulebook.catalog, rulebook.statements, snapshot.exists)
    told[claim.id] = words
    rule, error, parts = rulebook.rules.get(claim.id), None, list[Part]()
    unread: tuple[Trace, ...] = ()
    if rule is None:
        error = "; ".join(("there is no rule for this claim", *rulebook.broken))
    else:
        try:
            parts = list(facts.call(rule.gather))
            if ticked and rule.net and not any(part.strong or part.weak for part in judge.counted(parts)):
                parts = caught(parts, facts.get(OpenSearch).find(rule.net))
            if ticked and claim.read_in and any(part.status == "missing" for part in parts):
                unread = facts.get(Unread).of(claim.read_in)
        except Exception as failure:  # the bulkhead: whatever a rule or fact does wrong stays with its claim
            error = f"the rule failed: {type(failure).__name__}: {failure}"
    heard = judge.Heard(
        denied=bool(words.denials) or all_denied(parts, words.denied_products),
        outright=words.outright or not words.denials,
        in_part=words.in_part,
        excepts=words.excepts,
        tells=words.tells,
        documented=bool(words.documented),
        answered=words.answered,
        firmly=words.firmly,
        reserved=bool(item and item.reservation and report and not report.reserved_widely),
        beside=bool(item and item.claim_ids[0] != claim.id),
    )
    verdict = Verdict.UNVERIFIABLE if error else judge.verdict(claim, parts, heard)
    unread = unread if verdict in (Verdict.UNSUPPORTED, Verdict.PARTIAL) else ()
    if unread:
        parts = perhaps(parts, unread)
        verdict = judge.verdict(claim, parts, heard)
    finding = judge.finding(ticked, verdict, heard)
    note = item.note if item else None
    elsewhere: tuple[Beside, ...] = ()
    lost: tuple[Place, ...] = ()
    if finding in (Finding.DISCREPANCY, Finding.QUERY) and not unread:
        elsewhere = facts.get(Elsewhere).find(claim.files)
        lost = facts.get(Elsewhere).only_here_deleted(claim.files)
    # What is denied of something narrower is shown beside traces; where there are none it is among what the answers say.
    narrower = words.narrow if any(part.status != "missing" for part in judge.counted(parts)) else ()
    judged = Judged(
        wording=item.text if item and item.text else claim.title,
        parts=tuple(parts),
        verdict=verdict,
        finding=finding,
        settle=rule.settle if rule else "",
        told=claim.told,
        documented=words.documented,
        against=words.denials,
        in_part=words.in_part,
        narrower=narrower,
        elsewhere=tuple(one.place for one in elsewhere if not one.late),
        late=tuple(one.place for one in elsewhere if one.late),
        lost=lost,
        note=note,
    )
    asked = finding in (Finding.DISCREPANCY, Finding.QUERY, Finding.ASK)
    said = (
        speaking_of(report, claim, statement, besides=(*words.documented, *words.denials, *narrower)) if asked else ()
    )
    return ClaimResult(
        id=claim.id,
        module=claim.module,
        section=claim.section,
        title=claim.title,
        ticked=ticked,
        line=item.line if item else None,
        note=note,
        verdict=verdict,
        finding=finding,
        parts=tuple(part_result(part) for part in parts),
        documented=shown(words.documented),
        against=shown((*words.denials, *narrower)),
        explanation=error or explain(judged),
        error=error,
        elsewhere=shown((*(replace(one, text=LOST) for one in lost), *(one.place for one in elsewhere))),
        question=question(judged),
        settle=ways_to_settle(judged),
        wording=item.text if item else "",
        past=rulebook.past.get(claim.id) if finding is Finding.DISCREPANCY else None,
        said=said,
        uncommitted=not_committed(parts, snapshot)[:MOST_PLACES],
    )


SHORTEST = 4
"""Letters of a product's name that tell it from others."""


def all_denied(parts: Sequence[Part], products: Sequence[str]) -> bool:
    """Whether there are traces, and all of them are of products that the report says were not used."""
    names = [name for product in products if len(name := letters(product)) >= SHORTEST and " the " not in f" {product}"]
    found = [letters(f"{place.path} {place.text}") for part in judge.counted(parts) for place in part.strong]
    return bool(names and found) and all(any(name in text for name in names) for text in found)


def letters(text: str) -> str:
    """The letters and digits of a text, in lower case."""
    return "".join(character for character in text.lower() if character.isalnum())


def caught(parts: list[Part], found: Sequence[Trace]) -> list[Part]:
    """The parts with what the open search found, as traces of the first that is evidence for the claim."""
    at = next((n for n, part in enumerate(parts) if not part.premise), None)
    if at is None or not found:
        return parts
    return [replace(part, traces=(*found, *part.traces)) if n == at else part for n, part in enumerate(parts)]


def perhaps(parts: list[Part], unread: tuple[Trace, ...]) -> list[Part]:
    """The parts, those that are missing with the files that may hold them and could not be read: they are not called absent."""
    return [replace(part, traces=(*unread, *part.traces)) if part.status == "missing" else part for part in parts]


def part_result(part: Part) -> PartResult:
    """A part as it is shown: its strong evidence, or the weak where there is no strong, with the reasons of what is less."""
    half = part.having(Weight.HALF) if part.status == "weak" else ()
    near = part.having(Weight.NOT) if part.status != "found" else ()
    return PartResult(
        name=part.name,
        status=part.status,
        evidence=shown(part.strong or part.weak),
        looked_for=part.looked_for,
        remark=half[0].why if half else "",
        premise=part.premise,
        traces=(*half[:MOST_PLACES], *near[:MOST_NEAR]),
    )


def shown(evidence: Iterable[Place]) -> tuple[Place, ...]:
    """The first few places."""
    return tuple(evidence)[:MOST_PLACES]
