"""What of a result is worth an alert beside the files that it is about: the same for SARIF and for GitHub's annotations.

Levels. A verdict is a question to ask, not a proof, so nothing is ever an `error`: code scanning would let a pull request fail on
one, and nobody asked for that. A discrepancy is a `warning`, since a reader should look at it before the hand-in. A query and
what a hand-in lacks are a `note`; a secret is a `warning` again, because it is to be revoked whatever comes of the hand-in. What
is confirmed, only to be asked orally, or not ticked, is no alert. Where the report says two things, or a number that was counted
otherwise, is a `note`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum

from auditor.evidence import Place
from auditor.output.words.remark_rows import LOOK_TITLES, Look, looks
from auditor.output.words.wording import SECRETS_CHECK, STATUS_NAMES, one_line, set_aside_words
from auditor.patterns import pattern
from auditor.records import Record
from auditor.result.audit import AuditResult, ClaimResult, Finding, Remark
from auditor.result.class_run import finding_of

REPORT_PLACE = "reports/README.md"
"""Where the course looks for the report: the place of what is about no file, or about a report that is not there."""

SUMMARIES = {
    Finding.DISCREPANCY: "is ticked, and the repository does not show it.",
    Finding.QUERY: "is ticked, and only part of it was found.",
}
"""The rest of an alert's first sentence, by finding; the other findings make no alert."""

SETTLE = " What would settle it:"
"""Where an explanation goes over to what would settle the claim, which the ways to settle it tell in full."""

NUMBER = pattern(r"\d+")

TEXT_LENGTH = 1000
"""Longest sentence of an alert and longest text of a place, in characters; longer ones are cut."""


class Level(StrEnum):
    """How much an alert asks to be looked at; the words are SARIF's (2.1.0, section 3.27.10)."""

    WARNING = "warning"
    NOTE = "note"


class Related(Record):
    """A place that an alert rests on, and what it is to it."""

    label: str
    place: Place


class Alert(Record):
    """One alert: `rule` is a claim's or a hand-in check's id, `place` where it is shown.

    `sentences` say what is the matter, the first one in short; `ways` what can be done about it. `identity` tells it from the other
    alerts of its rule, and is the same after lines have moved.
    """

    rule: str
    title: str
    level: Level
    place: Place
    sentences: tuple[str, ...]
    ways: tuple[str, ...]
    related: tuple[Related, ...]
    identity: tuple[str, ...]


def alerts(result: AuditResult) -> tuple[Alert, ...]:
    """The alerts of a result, those first that are most worth a look: secrets, discrepancies, queries, the rest of the hand-in."""
    claims = [(finding_of(claim), claim) for claim in result.claims]
    remarks = [remark_alert(remark, result) for remark in result.hand_in or ()]
    notes = [*(alert for alert in remarks if alert.level is Level.NOTE), *map(look_alert, looks(result))]
    return (
        *(alert for alert in remarks if alert.level is Level.WARNING),
        *(claim_alert(claim, finding, result) for finding, claim in claims if finding is Finding.DISCREPANCY),
        *(claim_alert(claim, finding, result) for finding, claim in claims if finding is Finding.QUERY),
        *one_of_each_first(notes),
    )


def one_of_each_first(several: Sequence[Alert]) -> list[Alert]:
    """The first alert of every rule, then the second ones, and so on: where only some are shown, no rule fills the room."""
    turn: Counter[str] = Counter()
    turns = []
    for alert in several:
        turn[alert.rule] += 1
        turns.append(turn[alert.rule])
    return [alert for _, alert in sorted(zip(turns, several, strict=True), key=lambda pair: pair[0])]


def claim_alert(claim: ClaimResult, finding: Finding, result: AuditResult) -> Alert:
    """A claim with an open finding, at its item's line in the report."""
    sentences = [f"“{sentence(claim.title)}” {SUMMARIES[finding]}"]
    explanation = claim.explanation.partition(SETTLE)[0] if claim.settle else claim.explanation
    sentences += [sentence(explanation)] if explanation else []
    if claim.note:
        sentences.append(f"The item's own note: {sentence(claim.note)}")
    if claim.set_aside:
        sentences.append(f"By its settings {sentence(set_aside_words(claim))}")
    return Alert(
        rule=claim.id,
        title=claim.title,
        level=Level.WARNING if finding is Finding.DISCREPANCY else Level.NOTE,
        place=Place(result.report.path or REPORT_PLACE, claim.line, ""),
        sentences=tuple(sentences),
        ways=tuple(map(sentence, claim.settle)),
        related=tuple(related_places(claim)),
        identity=(result.report.path or "",),
    )


def related_places(claim: ClaimResult) -> Iterator[Related]:
    """What speaks against a claim and for it, each line once; commits and whole repositories are no places in a file."""
    every = [Related("the report says otherwise", place) for place in claim.against]
    for part in claim.parts:
        every += [Related(f"{part.name}: {STATUS_NAMES.get(part.status, part.status)}", one) for one in part.evidence]
    every += [Related("the report describes it", place) for place in claim.documented]
    seen = set()
    for one in every:
        spot = (one.place.path, one.place.line)
        if is_file(one.place) and spot not in seen:
            seen.add(spot)
            yield one


def is_file(place: Place) -> bool:
    """Whether a place is in a file, not a commit or the repository as a whole."""
    return place.commit is None and place.path not in ("", ".")


def remark_alert(remark: Remark, result: AuditResult) -> Alert:
    """What a hand-in check found. What is about no file stands at the report."""
    secret = remark.check == SECRETS_CHECK
    sentences = [sentence(remark.message or remark.title)]
    if remark.place.commit is not None:
        sentences.append(f"See {remark.place.where}.")
    return Alert(
        rule=remark.check,
        title=remark.title,
        level=Level.WARNING if secret else Level.NOTE,
        place=remark.place
        if is_file(remark.place)
        else Place(result.report.path or REPORT_PLACE, None, remark.place.text),
        sentences=tuple(sentences),
        ways=(sentence(remark.settle),) if remark.settle else (),
        related=(),
        identity=(remark.place.path, remark.place.text, without_numbers(remark.message)),
    )


def look_alert(look: Look) -> Alert:
    """Something in the report to look at."""
    sentences = [sentence(look.message), *([f"It says: “{sentence(look.place.text)}”"] if look.place.text else [])]
    return Alert(
        rule=look.name,
        title=LOOK_TITLES[look.name],
        level=Level.NOTE,
        place=look.place,
        sentences=tuple(sentences),
        ways=(),
        related=(),
        identity=(look.place.path, look.place.text, without_numbers(look.message)),
    )


def without_numbers(text: str) -> str:
    """`text` with every number replaced: counts and lines that it tells may change while the matter is the same."""
    return NUMBER.sub("0", text)


def sentence(text: str) -> str:
    """Strangers' text on one line, visible, at most `TEXT_LENGTH` long."""
    text = one_line(text)
    return text if len(text) <= TEXT_LENGTH else text[: TEXT_LENGTH - 1] + "…"
