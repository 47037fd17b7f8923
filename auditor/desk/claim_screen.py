"""One claim of one group as it lies in front of who decides: everything for the decision, and each thing once."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.batch.class_folder import Standing
from auditor.evidence import Place
from auditor.output.pages.claim_views import ClaimView, Snippet, Sources, Spot, by_path, claim_view, spot
from auditor.output.web_links import place_address
from auditor.output.words.reasons import reason_of
from auditor.output.words.wording import FINDINGS, FindingWords, day
from auditor.patterns import pattern
from auditor.records import Record
from auditor.result.audit import AuditResult, ClaimResult, Decision, Finding, GivenAnswer
from auditor.result.class_run import GroupAudit, finding_of

MOST_OTHERS = 60
"""Other groups that are named; more say no more."""
MOST_EARLIER = 6
"""Earlier decisions on the same claim that are shown."""


REST = pattern(r"[^.!?\n]{0,400}[.!?]?")
"""The rest of a sentence."""
MARKS = pattern(r"[*_`>]")


class AnswerPiece(Record):
    """A stretch of an answer; `said` where the program holds it for or against the claim, and how."""

    text: str
    said: str = ""


class AnswerView(Record):
    """The group's answer to the claim's own question, in full."""

    answer: GivenAnswer
    head: Spot
    pieces: tuple[AnswerPiece, ...]
    figures: tuple[tuple[str, str | None], ...]
    """Each figure's path, and its address on the hosting site."""


class Other(Record):
    """How another group stands on the claim."""

    page: str
    group: str
    words: FindingWords
    decided: bool


class Earlier(Record):
    """What was decided on the same claim of another group."""

    page: str
    group: str
    decision: Decision
    words: FindingWords


class ClaimScreen(Record):
    """Everything that the screen shows of a claim."""

    view: ClaimView
    reason: str
    """The one reason, in the sentence of the finding; empty where there is none."""
    spot: Spot | None
    answer: AnswerView | None
    sayings: tuple[tuple[str, tuple[Snippet, ...]], ...]
    """What the report says elsewhere than in that answer."""
    others: tuple[Other, ...]
    more_others: int
    earlier: tuple[Earlier, ...]


def claim_screen(standing: Standing, page: str, claim_id: str) -> ClaimScreen:
    """The screen for a claim of the group with this page. Raises KeyError where there is none."""
    group, _ = standing.by_page[page]
    audit = group.audit
    if audit is None:
        raise KeyError(claim_id)
    claim = audit.claim(claim_id)
    view = claim_view(
        claim, Sources(audit.repository, audit.report.path, by_path(audit.excerpts)), standing.rate_of.get(claim_id)
    )
    reason = reason_of(claim)
    answer = answer_view(claim, audit)
    others = [other for other in stands(standing, claim_id) if other.page != page]
    open_others = [one for one in others if one.words.finding is not Finding.CONFIRMED or one.decided]
    return ClaimScreen(
        view=view,
        reason=short(reason.words, claim, answer),
        spot=spot(reason.place, audit.repository) if reason.place and reason.words else None,
        answer=answer,
        sayings=tuple(elsewhere_said(view, answer)),
        others=tuple(open_others[:MOST_OTHERS]),
        more_others=len(open_others[MOST_OTHERS:]),
        earlier=tuple(earlier(standing, page, claim_id)),
    )


def short(reason: str, claim: ClaimResult, answer: AnswerView | None) -> str:
    """The reason in the finding's sentence, without what stands below it anyway: what was looked for, and what the answer says."""
    if reason.startswith("not found: "):
        missing = [part.name for part in claim.parts if part.status == "missing"]
        return f"no trace of {', '.join(missing)}" if missing else reason
    if claim.against and answer and any(piece.said == "against" for piece in answer.pieces):
        return "the group's answer says otherwise"
    return reason


def answer_view(claim: ClaimResult, audit: AuditResult) -> AnswerView | None:
    """The answer to the claim's own question; None where the report has none."""
    found = next((one for one in audit.report.answers if claim.id in one.claims), None)
    if found is None:
        return None
    number = f"question {found.number}" if found.number else "the answer"
    where = Place(found.path, found.line, "")
    head = Spot(number, place_address(audit.repository, where), found.path)
    figures = tuple((path, place_address(audit.repository, Place(path, None, ""))) for path in found.figures)
    return AnswerView(found, head, tuple(marked(found.text, sayings_of(claim))), figures)


def sayings_of(claim: ClaimResult) -> list[tuple[str, str]]:
    """Sentences of the report that the program holds against the claim, for it, or that speak of it."""
    kinds = (("against", claim.against), ("describes", claim.documented), ("speaks", claim.said))
    return [(kind, place.text) for kind, places in kinds for place in places]


def marked(text: str, sayings: Iterable[tuple[str, str]]) -> Iterable[AnswerPiece]:
    """The text in pieces, those marked that say something of the claim; blanks and line ends count alike."""
    spans: list[tuple[int, int, str]] = []
    for kind, said in sayings:
        words = said.rstrip("…").split()
        if len(words) < 2:
            continue
        found = re.search(r"[\s>*_`]+".join(re.escape(word) for word in words[:40]), text)
        if found and not any(found.start() < end and start < found.end() for start, end, _ in spans):
            rest = REST.match(text, found.end()) if said.endswith("…") or len(words) > 40 else None
            spans.append((found.start(), rest.end() if rest else found.end(), kind))
    at = 0
    for start, end, kind in sorted(spans):
        if text[at:start]:
            yield AnswerPiece(text[at:start])
        yield AnswerPiece(text[start:end], kind)
        at = end
    if text[at:]:
        yield AnswerPiece(text[at:])


def elsewhere_said(view: ClaimView, answer: AnswerView | None) -> Iterable[tuple[str, tuple[Snippet, ...]]]:
    """The report's sayings without those that are marked in the answer."""
    shown = [plain(piece.text) for piece in answer.pieces if piece.said] if answer else []
    for label, places in (
        ("The report says otherwise", view.claim.against),
        ("The report describes it", view.claim.documented),
        ("The report also says", view.claim.said),
    ):
        told = [" ".join(place.text.rstrip("…").split()) for place in places]
        left = [text for text in told if not any(plain(text) in piece for piece in shown)]
        if not left:
            continue
        snippets = next((found for name, found in view.sayings if name == label), ())
        kept = tuple(one for one in snippets if any(holds(one, text) for text in left))
        if kept:
            yield label, kept


def plain(text: str) -> str:
    """A sentence without Markdown's marks, its blanks alike."""
    return " ".join(MARKS.sub("", text).split())


def holds(snippet: Snippet, text: str) -> bool:
    """Whether a snippet shows a sentence."""
    lines = " ".join(" ".join(line.text.split()) for line in snippet.lines if line.hit)
    told = " ".join(" ".join(one.text.split()) for one in snippet.spots)
    return text[:40] in lines or text[:40] in told


def stands(standing: Standing, claim_id: str) -> list[Other]:
    """How each group that ticked the claim stands on it, the gravest first."""
    order = list(FINDINGS)
    found = []
    for page, (group, row) in standing.by_page.items():
        cell = next((one for one in row.cells if one.claim == claim_id), None)
        if cell is not None and cell.ticked:
            found.append(Other(page, group.name, FINDINGS[finding_of(cell)], cell.decided is not None))
    return sorted(found, key=lambda one: order.index(one.words.finding))


def earlier(standing: Standing, page: str, claim_id: str) -> list[Earlier]:
    """What was decided on this claim of other groups, the latest first."""
    found = []
    for other, (group, _) in standing.by_page.items():
        decision = decision_on(group, claim_id)
        if decision is not None and other != page:
            found.append(Earlier(other, group.name, decision, FINDINGS[decision.finding]))
    return sorted(found, key=lambda one: day(one.decision.at), reverse=True)[:MOST_EARLIER]


def decision_on(group: GroupAudit, claim_id: str) -> Decision | None:
    """What is decided on a claim of a group."""
    claims = group.audit.claims if group.audit else ()
    return next((claim.decision for claim in claims if claim.id == claim_id), None)
