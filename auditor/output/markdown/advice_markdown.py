"""The result for the group itself in Markdown: the summary of a workflow's job, or a file to read.

All text of the repository is escaped as in `auditor.output.markdown.markdown`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from auditor.evidence import Place
from auditor.output.markdown.markdown import bullets, code, failed, linked, part_line, prose, quoted
from auditor.output.words.advice_words import (
    CHALLENGED,
    DONE,
    HAND_IN,
    KEYS,
    LAST_WORD,
    ORALLY,
    QUESTIONED,
    SHOWN,
    TOGETHER,
    WORTH_A_LOOK,
    Section,
    headline,
    left_out,
    not_looked_at,
    nothing_open,
    own_note,
    shared_ways,
    shown_without_report,
)
from auditor.output.words.remark_rows import (
    PLACES_SHOWN,
    Look,
    Row,
    by_check,
    by_settle,
    keys_of,
    looks,
    recommended,
    rows,
    to_mend,
)
from auditor.output.words.wording import wording
from auditor.result.audit import AuditResult, ClaimResult, Remark


def to_markdown(result: AuditResult) -> bytes:
    """What would be asked about, what is done and not ticked, and what the hand-in lacks, as UTF-8."""
    repository = result.repository
    blocks = ["# Before you hand in", *head(result)]
    keys, others = keys_of(result), to_mend(result)
    if keys:
        blocks += [*heading(KEYS, len(keys)), *remarks(keys, result)]
    shared = shared_ways(result)
    for section in (CHALLENGED, QUESTIONED):
        claims = result.found(section.finding)
        if claims:
            blocks += heading(section, len(claims))
            for claim in claims:
                blocks += open_claim(claim, result, shared)
    if shared:
        listed = (f"{prose(way)} ({', '.join(map(code, ids))})" for way, ids in shared.items())
        blocks += [f"**{TOGETHER}:**", *bullets(listed)]
    blocks += shown(SHOWN, shown_without_report(result), result)
    for section in (DONE, ORALLY):
        blocks += shown(section, result.found(section.finding), result)
        if section is DONE and others:
            blocks += [*heading(HAND_IN, len(rows(others))), *remarks(others, result)]
        if section is DONE:
            blocks += worth_a_look(result)
    for title, lines in (left_out(result), not_looked_at(result)):
        if lines:
            blocks += [f"## {title} ({len(lines)})", *bullets(map(code, lines))]
    if nothing_open(result):
        blocks.append(nothing_open(result))
    if repository.dirty:
        blocks.append("_Read with uncommitted changes._")
    return ("\n\n".join([*blocks, f"_{LAST_WORD}_"]) + "\n").encode("utf-8", "replace")


def head(result: AuditResult) -> Iterable[str]:
    """What was looked at, and what it comes to."""
    yield from failed(result)
    if result.repository.commit:
        yield f"Looked at: {linked(Place('', None, '', result.repository.commit), result.repository)}"
    for line, style in headline(result):
        yield f"**{prose(line)}**" if style else prose(line)


def heading(section: Section, count: int) -> list[str]:
    """A section's title with its count, and what it means."""
    return [f"## {section.title} ({count})", section.meaning]


def open_claim(claim: ClaimResult, result: AuditResult, elsewhere: Container[str] = ()) -> Iterable[str]:
    """One tick that would be asked about: what was found, what was looked for, and how to settle it.

    Ways that are said `elsewhere`, for several claims at once, are left out.
    """
    repository = result.repository
    line = ""
    if claim.line is not None and result.report.path is not None:
        line = f" ({linked(Place(result.report.path, claim.line, ''), repository)})"
    yield f"### {code(claim.id)} {prose(wording(claim))}{line}"
    note = own_note(claim)
    yield from bullets(
        [
            *(part_line(part, repository) for part in claim.parts),
            *quoted("your report says", claim.against, repository),
            *quoted("your report describes it", claim.documented, repository),
            *quoted("your report also says", claim.said, repository),
            note and f"your note on the item: {code(note)}",
            claim.error and f"could not be judged: {code(claim.error)}",
        ]
    )
    own = [prose(way) for way in claim.settle if way not in elsewhere]
    if own:
        yield "To settle it:"
        yield from bullets(own)


def shown(section: Section, claims: Sequence[ClaimResult], result: AuditResult) -> Iterable[str]:
    """A section of claims that have their proof; nothing where there are none."""
    if claims:
        yield from heading(section, len(claims))
        yield from bullets(f"{code(claim.id)} {prose(claim.title)}{proof(claim, result)}" for claim in claims)


def proof(claim: ClaimResult, result: AuditResult) -> str:
    """The first place of a claim's evidence, with a colon before it; empty where it has none."""
    place = next((part.evidence[0] for part in claim.parts if part.evidence), None)
    return f": {linked(place, result.repository)}" if place is not None else ""


def worth_a_look(result: AuditResult) -> Iterable[str]:
    """What need not be changed: where the report says two things, its numbers, and what is only recommended."""
    advised, looked_at = recommended(result), looks(result)
    if advised or looked_at:
        yield from heading(WORTH_A_LOOK, len(rows(advised)) + len(looked_at))
        yield from bullets(seen_at(look, result) for look in looked_at)
        yield from remarks(advised, result)


def seen_at(look: Look, result: AuditResult) -> str:
    """Something in the report to look at, with its place and what stands there."""
    text = f" {code(look.place.text)}" if look.place.text else ""
    return f"{linked(look.place, result.repository)} {prose(look.message)}{text}"


def remarks(several: Iterable[Remark], result: AuditResult) -> Iterable[str]:
    """Remarks under the titles of their checks: what is the same once, with its places, and what to do once for all to which it applies."""
    for title, same in by_check(several):
        yield f"### {code(same[0].check)} {prose(title)}"
        for settle, alike in by_settle(same):
            yield from bullets(told(row, result) for row in alike)
            yield prose(settle)


def told(row: Row, result: AuditResult) -> str:
    """One row: its first places, what is the matter, and what stands at the place, where it is one."""
    places = ", ".join(linked(place, result.repository) for place in row.files[:PLACES_SHOWN])
    more = f" and {len(row.files) - PLACES_SHOWN} more" if len(row.files) > PLACES_SHOWN else ""
    more += ":" if len(row.files) > 1 else ""
    text = f" {code(row.text)}" if row.text else ""
    return f"{places}{more} {prose(row.message)}{text}".lstrip()
