"""Words and signs that the pages and the Markdown form share, and strangers' text made fit to be seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.evidence import NOT_KNOWN, Place, Trace, Weight
from auditor.patterns import pattern
from auditor.records import Record
from auditor.result.audit import AuditResult, ClaimResult, Finding, PartResult, Verdict
from auditor.result.class_run import GroupAudit, finding_of

OFFSET = pattern(r"(?:[+-][0-9]{2}:[0-9]{2}|Z)$")
SECRETS_CHECK = "H.secrets"
"""The hand-in check whose remarks come before all others."""
LARGE_FILES_CHECK = "H.large_files"
NUMBERED = pattern(r"[0-9]+( \([0-9]+\))?")
"""A group's name that says nothing by itself."""
NOT_A_PROOF = "A verdict is a question to ask, not a proof: the group may show what was not found."


class FindingWords(Record):
    """How one finding is named and signed. `heading` and `meaning` stand over the claims that have it.

    `kind` is its class in the style sheet: short, because a class page has thousands of cells.
    """

    finding: Finding
    sign: str
    kind: str
    name: str
    several: str
    heading: str
    meaning: str


FINDINGS = {
    words.finding: words
    for words in (
        FindingWords(
            Finding.DISCREPANCY, "D", "d", "discrepancy", "discrepancies",
            "Discrepancies", "Ticked, and the repository does not show it.",
        ),
        FindingWords(
            Finding.QUERY, "Q", "q", "query", "queries", "Queries", "Ticked, and only part of it was found: one question each."
        ),
        FindingWords(Finding.ASK, "A", "a", "to ask", "to ask", "To ask", "Ticked; a repository need not show it."),
        FindingWords(
            Finding.UNCLAIMED, "+", "u", "done and not ticked", "done and not ticked",
            "Done and not ticked", "Good news for the group.",
        ),
        FindingWords(
            Finding.CONFIRMED, "✓", "c", "confirmed", "confirmed", "Confirmed", "Ticked, and the repository shows it."
        ),
        FindingWords(
            Finding.NONE, "·", "n", "not claimed", "not claimed",
            "Not claimed", "Not ticked, and nothing is held against anybody for it.",
        ),
    )
}  # fmt: skip
"""In the order in which a reader wants them."""

STATUS_SIGNS = {"found": "+", "weak": "~", "missing": "-"}
"""Signs of a part's status, as on the console."""

STATUS_NAMES = {"found": "found", "weak": "only weak evidence", "missing": "not found"}


def by_reason(part: PartResult) -> list[tuple[str, tuple[Place, ...]]]:
    """What a part rests on, by the one reason why it counts by half only; no reason where it counts in full."""
    if part.status == "found" or not any(trace.weight is Weight.HALF for trace in part.traces):
        return [(part.remark, part.evidence)] if part.evidence else []
    found: dict[str, list[Place]] = {}
    for trace in part.traces:
        if trace.weight is Weight.HALF:
            found.setdefault(trace.why, []).append(trace.place)
    return [(why, tuple(places)) for why, places in found.items()]


def nearest(part: PartResult) -> list[Trace]:
    """What came near to a part and was set aside."""
    return [trace for trace in part.traces if trace.weight is Weight.NOT]


def wording(claim: ClaimResult) -> str:
    """The item in the checklist's own words, as the group ticked it; the catalogue's where its report has no such item."""
    return one_line(claim.wording) or claim.title


def visible(text: str) -> str:
    """`text` with everything invisible made visible: control characters by their pictures, others by their code point.

    Line feeds and tabs stay, as do blanks other than the usual one and the joiners that emoji and some scripts are written with. Marks
    that turn the direction of writing, zero-width characters and lone surrogates do not (Unicode Standard Annex 9,
    "Explicit Directional Formatting Characters").
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else shown(c) for c in text)


def shown(character: str) -> str:
    """What stands for a character that has no shape of its own."""
    code = ord(character)
    if character in "\n\t" or (character.isspace() and code > 0x9F and code not in (0x2028, 0x2029)):
        return character
    if code in (0x200C, 0x200D):
        return character
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"[U+{code:04X}]"


def one_line(text: str) -> str:
    """`visible` text without line breaks or runs of blanks."""
    return visible(" ".join(text.split()))


def counted(number: int, one: str, several: str) -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else several}"


def day(time: str | None) -> str:
    """Day and minute of a time in ISO 8601, with its offset where it has one."""
    given = time or ""
    offset = OFFSET.search(given[16:])
    return given[:16].replace("T", " ") + (f" {offset[0].replace('Z', '+00:00')}" if offset else "")


def verdict_words(claim: ClaimResult) -> str:
    """The verdict; what nobody claimed is not held against anybody."""
    if claim.error:
        return "could not be judged"
    quiet = claim.ticked is False and claim.verdict not in (Verdict.SUPPORTED, Verdict.PARTIAL)
    return "not claimed" if quiet else claim.verdict.value


def failures(result: AuditResult) -> tuple[str, ...]:
    """What went wrong where claims could not be judged: how many first, then each error with its claims. Empty where all were."""
    found: dict[str, list[str]] = {}
    for claim in result.claims:
        if claim.error:
            found.setdefault(claim.error, []).append(claim.id)
    if not found:
        return ()
    number = counted(result.summary.errors, "claim", "claims")
    first = f"{number} could not be judged. This is a fault of the program, not of the group"
    return (f"{first}:", *(f"{', '.join(ids)}: {one_line(error)}" for error, ids in found.items()))


def unread_told(result: AuditResult) -> tuple[str, ...]:
    """Which unreadable files may hold what ticks lack, a line each: one such file can make a question of many claims."""
    found: dict[str, list[str]] = {}
    for claim in result.found(Finding.QUERY):
        places = {t.place.where for part in claim.parts for t in part.traces if t.why.endswith(NOT_KNOWN)}
        for place in sorted(places):
            found.setdefault(place, []).append(claim.id)
    return tuple(
        f"{place} cannot be read: {counted(len(ids), 'tick is', 'ticks are')} asked about because what it holds is not known "
        f"({', '.join(ids)})."
        for place, ids in found.items()
    )


def group_of(result: AuditResult) -> GroupAudit:
    """One audit as a group: named by its report's group number, or by the last part of its path."""
    repository = result.repository
    folder = repository.path.replace("\\", "/").rstrip("/").rpartition("/")[2] or repository.path
    folder = "This repository" if folder in (".", "..") else folder
    name = f"Group {result.report.group}" if result.report.group else folder
    return GroupAudit(name=name, members=(), address=repository.web or folder, audit=result)


def by_finding(result: AuditResult) -> dict[Finding, tuple[ClaimResult, ...]]:
    """The claims by the finding that counts, in the order of `FINDINGS`; decisions that are not stale count."""
    sorted_claims: dict[Finding, list[ClaimResult]] = {finding: [] for finding in FINDINGS}
    for claim in result.claims:
        sorted_claims[finding_of(claim)].append(claim)
    return {finding: tuple(claims) for finding, claims in sorted_claims.items()}


def open_questions(result: AuditResult) -> tuple[ClaimResult, ...]:
    """The claims to ask about, discrepancies first; what was decided otherwise is asked no more."""
    found = by_finding(result)
    asked = (Finding.DISCREPANCY, Finding.QUERY, Finding.ASK)
    return tuple(claim for finding in asked for claim in found[finding] if claim.question)


def questions_text(group: GroupAudit) -> str:
    """The questions to a group as one plain text, numbered, ready to be sent; empty where there are none."""
    if group.audit is None:
        return ""
    claims = open_questions(group.audit)
    if not claims:
        return ""
    commit = group.audit.repository.commit
    head = f"Questions to {one_line(group.name)}" + (f" (commit {commit[:10]})" if commit else "")
    questions = (f"{number}. {claim.id}: {one_line(claim.question)}" for number, claim in enumerate(claims, 1))
    return "\n\n".join((head, *questions)) + "\n"


def settings_lists(result: AuditResult) -> Iterable[tuple[str, Sequence[Place]]]:
    """The settings of the group and of who audits, each as a heading and its places; none where there are none."""
    if result.settings is not None:
        followed = "followed here" if result.settings.applied else "not followed here"
        yield f"The group's own settings, {followed}", result.settings.places
    if result.course_settings is not None:
        yield "Set for this audit", result.course_settings.places


def set_aside_words(claim: ClaimResult) -> str:
    """That and why the group leaves a claim out of its own checks; empty where it does not."""
    return f"the group leaves this out of its own checks: {claim.set_aside}" if claim.set_aside else ""


def report_problems(result: AuditResult) -> Sequence[Place]:
    """Problems of the report, without those of lines that are listed as not recognised."""
    listed = {(place.path, place.line) for place in result.report.unrecognised}
    return [
        p for p in result.report.problems if result.report.path and (p.line is None or (p.path, p.line) not in listed)
    ]


def called(name: str) -> str:
    """What a group is called where its name stands alone: most names are numbers."""
    return f"Group {name}" if NUMBERED.fullmatch(name) else name
