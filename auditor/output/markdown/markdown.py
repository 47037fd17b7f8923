"""The result in Markdown: for a job's summary, an issue or an e-mail.

The flavour is GitHub's ("GitHub Flavored Markdown Spec"). All text in a result comes from strangers. What is wholly theirs stands
in code spans, where nothing has a meaning; sentences that hold some of it are escaped mark by mark, and what GitHub
would link by itself (mentions, issues, addresses; "Autolinked references and URLs") is broken by a blank of no width.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from auditor.evidence import Place
from auditor.output.web_links import place_address
from auditor.output.words.wording import (
    FINDINGS,
    NOT_A_PROOF,
    STATUS_NAMES,
    by_finding,
    by_reason,
    day,
    failures,
    group_of,
    nearest,
    one_line,
    questions_text,
    report_problems,
    set_aside_words,
    settings_lists,
    unread_told,
    verdict_words,
    wording,
)
from auditor.patterns import pattern
from auditor.result.audit import AuditResult, ClaimResult, Finding, PartResult, RepositoryResult

PLACES_SHOWN = 3
"""Places of a part, and sentences of the report, that are shown; the others are counted."""

CODE_LENGTH = 120
"""Longest text of a place that is shown, in characters."""

MARKS = pattern(r"[\\`*_\[\]~]")
"""Marks that mean something within a line and lose it behind a backslash."""

ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "|": "&#124;"}
"""Marks that a backslash does not always disarm: HTML, GitHub's mathematics, and bars in tables."""

BREAK = "\u200b"
"""A blank of no width. `visible` leaves none of the strangers' own."""

LINKED = pattern(r"(?<=@)(?=\S)|(?<=#)(?=\d)|(?<=\bGH-)(?=\d)|(?<=:)(?=//)|(?<=\bwww)(?=\.)|(?<=:)(?=[\w+-]+:)", re.I)
"""Where a mention, an issue, an address or an emoji is broken."""

START = pattern(r"^(?:[-+=#]|(\d{1,9})(?=[.)]))")
"""What would make a list or a heading of a line."""

ASKED = (Finding.DISCREPANCY, Finding.QUERY, Finding.ASK)


def to_markdown(result: AuditResult) -> bytes:
    """Summary, discrepancies, queries, what to ask, questions to copy, and a table of all claims, as UTF-8."""
    found = by_finding(result)
    blocks = [*head(result, found)]
    for finding in ASKED:
        if found[finding]:
            words = FINDINGS[finding]
            blocks += [f"## {words.heading} ({len(found[finding])})", words.meaning]
            for claim in found[finding]:
                blocks += claim_blocks(claim, result)
    questions = questions_text(group_of(result))
    if questions:
        blocks += ["## Questions to copy", fenced(questions)]
    blocks += ["## All claims", table(result), *report_blocks(result), f"_{NOT_A_PROOF}_"]
    return ("\n\n".join(blocks) + "\n").encode("utf-8", "replace")


def head(result: AuditResult, found: dict[Finding, tuple[ClaimResult, ...]]) -> Iterable[str]:
    """What was audited, in which state, and the counts."""
    repository, report = result.repository, result.report
    yield f"# Audit of {prose(group_of(result).name)}"
    yield from failed(result)
    yield from map(prose, unread_told(result))
    state = [code(group_of(result).address)]
    if repository.commit:
        state.append(linked(Place("", None, "", repository.commit), repository))
        if repository.committed_at:
            state.append(f"of {prose(day(repository.committed_at))}")
    else:
        state.append("without git history")
    if repository.dirty:
        state.append("**with uncommitted changes**")
    if repository.folder:
        state.append(f"only its folder {code(repository.folder + '/')}")
    lines = ["Repository: " + ", ".join(state)]
    if report.path is None:
        lines.append("**No report with a checklist was found: every claim is judged, none is taken as ticked.**")
    else:
        edition = f"edition {prose(report.edition)}" if report.edition else "of an unknown edition"
        lines.append(f"Report: {linked(Place(report.path, None, ''), repository)}, {edition}")
    yield from bullets(lines)
    shown = [words for words in FINDINGS.values() if words.finding is not Finding.NONE]
    yield "\n".join(
        (
            "| " + " | ".join(words.heading for words in shown) + " |",
            "| " + " | ".join("---:" for _ in shown) + " |",
            "| " + " | ".join(str(len(found[words.finding])) for words in shown) + " |",
        )
    )


def failed(result: AuditResult) -> Iterable[str]:
    """That claims could not be judged, and why."""
    first, *errors = failures(result) or ("",)
    if first:
        yield f"**{prose(first)}**"
        yield from bullets(map(code, errors))


def claim_blocks(claim: ClaimResult, result: AuditResult) -> Iterable[str]:
    """One claim with everything that a question about it needs."""
    repository = result.repository
    yield f"### {code(claim.id)} {prose(wording(claim))}"
    facts = [f"**{verdict_words(claim)}**"]
    if claim.line is not None and result.report.path is not None:
        facts.append(linked(Place(result.report.path, claim.line, ""), repository))
    if claim.past is not None:
        facts.append(claim.past.words)
    yield ", ".join(facts)
    if claim.decision is not None:
        yield decision_line(claim)
    if claim.explanation:
        yield prose(claim.explanation)
    yield from bullets(
        [
            *(part_line(part, repository) for part in claim.parts),
            *quoted("the report says otherwise", claim.against, repository),
            *quoted("the report describes it", claim.documented, repository),
            *quoted("the report also says", claim.said, repository),
            *(f"worth a look: {code(p.path)} {prose(p.text)}" for p in claim.elsewhere[:PLACES_SHOWN]),
            claim.note and f"the group's note on the item: {code(claim.note)}",
            claim.set_aside and prose(set_aside_words(claim)),
            claim.error and f"could not be judged: {code(claim.error)}",
        ]
    )
    if claim.question:
        yield f"Ask: {prose(claim.question)}"


def quoted(label: str, places: Sequence[Place], repository: RepositoryResult) -> Iterable[str]:
    """Sentences of the report, with what they do to the claim."""
    return (f"{label}: {said(place, repository)}" for place in places[:PLACES_SHOWN])


def bullets(items: Iterable[str | None]) -> Iterable[str]:
    """A list of those that say something; nothing where none does."""
    lines = [f"- {item}" for item in items if item]
    if lines:
        yield "\n".join(lines)


def decision_line(claim: ClaimResult) -> str:
    """What was decided on a claim, and whether that still holds."""
    decision = claim.decision
    if decision is None:
        return ""
    commit = f" ({code(decision.commit[:10])})" if decision.commit else ""
    start = f"**Decided on another commit{commit}, to be looked at again:**" if decision.stale else "**Decided:**"
    note = f": {code(decision.note)}" if decision.note else ""
    finding = FINDINGS[decision.finding].name
    return f"{start} {decision.verdict.value}, {finding}, by {code(decision.by)}, {prose(day(decision.at))}{note}"


def part_line(part: PartResult, repository: RepositoryResult) -> str:
    """One part: its status, why, and the first places, or what was looked for."""
    line = f"{prose(part.name)}: {STATUS_NAMES[part.status]}"
    for number, (why, places) in enumerate(by_reason(part)[:PLACES_SHOWN]):
        more = len(places) - PLACES_SHOWN
        line += ("; " if number else ": ") + "; ".join(said(place, repository) for place in places[:PLACES_SHOWN])
        line += f" and {more} more" if more > 0 else ""
        line += f" (since {prose(why)})" if why and part.status == "weak" else ""
    if not part.evidence and part.looked_for:
        line += f"; looked for: {prose(part.looked_for)}"
    for trace in nearest(part):
        line += f"; near it {said(trace.place, repository)}, which does not count, since {prose(trace.why)}"
    return line


def table(result: AuditResult) -> str:
    """Every claim: tick, finding, verdict, and the first place or what is missing."""
    rows = [
        "| | claim | what it says | finding | verdict | evidence, or what was not found |",
        "|---|---|---|---|---|---|",
    ]
    findings = {
        claim.id: words for one, claims in by_finding(result).items() for claim in claims for words in [FINDINGS[one]]
    }
    for claim in result.claims:
        tick = "?" if claim.ticked is None else "x" if claim.ticked else ""
        words = findings[claim.id]
        cells = (
            tick,
            code(claim.id),
            prose(claim.title),
            words.name,
            verdict_words(claim),
            evidence_cell(claim, result),
        )
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def evidence_cell(claim: ClaimResult, result: AuditResult) -> str:
    """The first places of the parts that have one, then the names of those that are missing."""
    places = dict.fromkeys(part.evidence[0] for part in claim.parts if part.evidence and not part.premise)
    words = [linked(place, result.repository) for place in list(places)[:2]]
    missing = [part.name for part in claim.parts if part.status == "missing"]
    if missing and claim.ticked is not False:
        words.append("not found: " + prose(", ".join(missing)))
    return ", ".join(words)


def report_blocks(result: AuditResult) -> Iterable[str]:
    """The report against itself, its numbers, and what was not read."""
    report, repository = result.report, result.repository
    lists: list[tuple[str, list[str]]] = [
        (
            "The report against itself",
            [
                f"{', '.join(map(code, one.claims))} {prose(one.kind)}: {said(one.says, repository)}"
                for one in report.contradictions
            ],
        ),
        (
            "Numbers in the report that do not agree",
            [
                f"{prose(one.about)}: the report says {code(one.said)} ({linked(one.place, repository)}); found: {prose(one.found)}"
                for one in report.numbers
                if not one.agrees
            ],
        ),
    ]
    places: tuple[tuple[str, Sequence[Place]], ...] = (
        ("Checklist lines that were not recognised", report.unrecognised),
        ("Figures and links that lead to nothing", report.missing_links),
        ("The report", report_problems(result)),
        ("Not read", repository.problems),
        *settings_lists(result),
    )
    lists += [(title, [said(place, repository) for place in several]) for title, several in places]
    lists.append(
        (
            "What the hand-in lacks",
            [f"{linked(one.place, repository)} {prose(one.message)} {code(one.check)}" for one in result.hand_in or ()],
        )
    )
    for title, items in lists:
        if items:
            yield f"## {title} ({len(items)})"
            yield from bullets(items)


def said(place: Place, repository: RepositoryResult) -> str:
    """A place and what stands there."""
    text = one_line(place.text)
    text = text if len(text) <= CODE_LENGTH else text[: CODE_LENGTH - 1] + "…"
    return linked(place, repository) + (f" {code(text)}" if text else "")


def linked(place: Place, repository: RepositoryResult) -> str:
    """A place, linked where its address is known. The address holds nothing that could end the link."""
    label = place.where
    label = prose(label) if "|" in label else code(label)  # a bar would end a table's cell even in a code span
    address = place_address(repository, place)
    return label if address is None else f"[{label}]({quote(address, safe=':/?#@!$&*+,;=%~')})"


def prose(text: str) -> str:
    """A sentence that may hold strangers' text, as text: no mark in it has a meaning."""
    text = MARKS.sub(r"\\\g<0>", LINKED.sub(BREAK, one_line(text)))
    text = "".join(ENTITIES.get(character, character) for character in text)
    text = f"{text[:-1]}\\#" if text.endswith("#") else text  # it would close a heading
    return START.sub(lambda found: f"{found[0]}\\" if found[1] else f"\\{found[0]}", text).replace(BREAK, "&#8203;")


def code(text: str) -> str:
    """Strangers' text as a code span, between more backticks than it holds in a row."""
    text = one_line(text)
    if not text.strip():
        return ""
    fence = "`" * (longest_run(text) + 1)
    blank = " " if text[0] == "`" or text[-1] == "`" or text[0] == text[-1] == " " else ""
    return f"{fence}{blank}{text}{blank}{fence}"


def fenced(text: str) -> str:
    """Several lines as a code block, between more backticks than they hold in a row."""
    fence = "`" * max(3, longest_run(text) + 1)
    return f"{fence}text\n{text.rstrip()}\n{fence}"


def longest_run(text: str) -> int:
    """The most backticks in a row."""
    return max((len(run) for run in re.findall("`+", text)), default=0)
