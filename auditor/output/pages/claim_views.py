"""A claim as a page shows it: its parts, and the lines of code around every place of evidence."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from auditor.evidence import Place
from auditor.output.web_links import place_address
from auditor.output.words.wording import (
    FINDINGS,
    STATUS_NAMES,
    STATUS_SIGNS,
    FindingWords,
    by_reason,
    nearest,
    verdict_words,
    wording,
)
from auditor.records import Record
from auditor.result.audit import ClaimResult, Decision, Excerpt, PartResult, RepositoryResult
from auditor.result.class_run import BaseRate, finding_of

LINES_AROUND = 2
"""Lines of code that are shown above and below a place."""

LINE_LENGTH = 240
"""Longest line of code that is shown, in characters."""

SNIPPETS_OPEN = 3
"""Snippets of a part that are shown at once; the others are folded away."""


class Spot(Record):
    """A place as a reader sees it: how it is called, where it is on the hosting site, and what stands there."""

    label: str
    address: str | None
    text: str


class CodeLine(Record):
    """One line of a file; `hit` where it is a place of evidence."""

    number: int
    text: str
    hit: bool


class Snippet(Record):
    """Places that stand together, and the lines around them (none where the file's lines are not known)."""

    spots: tuple[Spot, ...]
    lines: tuple[CodeLine, ...] = ()
    path: str = ""
    """The file that the lines are of."""


class PartView(Record):
    """One part of a claim; `more` are the snippets that are folded away."""

    sign: str
    status: str
    status_name: str
    name: str
    premise: bool
    looked_for: str
    groups: tuple[tuple[str, tuple[Snippet, ...]], ...]
    """Snippets by the one reason why they count by half; no reason where they count in full."""
    more: tuple[Snippet, ...]
    near: tuple[tuple[str, Spot], ...]
    """What came near and was set aside, each with its reason."""


class ClaimView(Record):
    """One claim with everything that is shown of it."""

    claim: ClaimResult
    words: FindingWords
    verdict: str
    wording: str
    own: FindingWords
    """The program's own finding, which a decision may have replaced."""
    item: Spot | None
    rate: BaseRate | None
    parts: tuple[PartView, ...]
    sayings: tuple[tuple[str, tuple[Snippet, ...]], ...]
    elsewhere: tuple[Spot, ...]
    decision: Decision | None
    decided: FindingWords | None


class Sources(Record):
    """Where the lines and the addresses of places come from."""

    repository: RepositoryResult
    report: str | None
    excerpts: Mapping[str, tuple[list[int], list[Excerpt]]]


def claim_view(claim: ClaimResult, sources: Sources, rate: BaseRate | None) -> ClaimView:
    """One claim with its places looked up."""
    repository = sources.repository
    sayings = (
        ("The report says otherwise", claim.against),
        ("The report describes it", claim.documented),
        ("The report also says", claim.said),
    )
    words = FINDINGS[finding_of(claim)]
    decision = claim.decision
    item = None
    if claim.line is not None and sources.report is not None:
        address = place_address(repository, Place(sources.report, claim.line, ""))
        item = Spot(f"report line {claim.line}", address, "")
    return ClaimView(
        claim=claim,
        words=words,
        verdict=verdict_words(claim),
        wording=wording(claim),
        own=FINDINGS[claim.finding],
        item=item,
        rate=rate if rate is not None and rate.ticked else None,
        parts=tuple(part_view(part, sources) for part in claim.parts),
        sayings=tuple((label, snippets(places, sources)) for label, places in sayings if places),
        elsewhere=tuple(Spot(place.path, place_address(repository, place), place.text) for place in claim.elsewhere),
        decision=decision,
        decided=FINDINGS[decision.finding] if decision else None,
    )


def part_view(part: PartResult, sources: Sources) -> PartView:
    """One part with the code around its evidence."""
    groups = [(why if part.status == "weak" else "", snippets(places, sources)) for why, places in by_reason(part)]
    return PartView(
        sign=STATUS_SIGNS[part.status],
        status=part.status,
        status_name=STATUS_NAMES[part.status],
        name=part.name,
        premise=part.premise,
        looked_for=part.looked_for if part.status != "found" else "",
        groups=tuple((why, found[:SNIPPETS_OPEN]) for why, found in groups),
        more=tuple(one for _, found in groups for one in found[SNIPPETS_OPEN:]),
        near=tuple((trace.why, spot(trace.place, sources.repository)) for trace in nearest(part)),
    )


def by_path(excerpts: Iterable[Excerpt]) -> dict[str, tuple[list[int], list[Excerpt]]]:
    """Excerpts by file, with the numbers of their first lines, in order."""
    found: dict[str, tuple[list[int], list[Excerpt]]] = {}
    for excerpt in sorted(excerpts, key=lambda one: (one.path, one.line)):
        starts, several = found.setdefault(excerpt.path, ([], []))
        starts.append(excerpt.line)
        several.append(excerpt)
    return found


def snippets(places: Sequence[Place], sources: Sources) -> tuple[Snippet, ...]:
    """The places in their order; those whose lines touch stand in one snippet."""
    clusters: list[tuple[Excerpt | None, list[Place]]] = []
    for place in places:
        excerpt = excerpt_of(place, sources)
        near = next((several for one, several in clusters if one is excerpt and touches(place, several)), None)
        if excerpt is None or near is None:
            clusters.append((excerpt, [place]))
        else:
            near.append(place)
    return tuple(snippet(several, excerpt, sources.repository) for excerpt, several in clusters)


def excerpt_of(place: Place, sources: Sources) -> Excerpt | None:
    """The excerpt that holds a place's line."""
    if place.line is None or place.commit is not None or place.path not in sources.excerpts:
        return None
    starts, several = sources.excerpts[place.path]
    index = bisect_right(starts, place.line) - 1
    if index < 0:
        return None
    excerpt = several[index]
    return excerpt if place.line < excerpt.line + len(excerpt.lines) else None


def touches(place: Place, several: Sequence[Place]) -> bool:
    """Whether the lines around a place and those around the others meet."""
    line = place.line or 0
    return any(abs((other.line or 0) - line) <= 2 * LINES_AROUND + 1 for other in several)


def snippet(places: Sequence[Place], excerpt: Excerpt | None, repository: RepositoryResult) -> Snippet:
    """Places of one excerpt with the lines from above the first to below the last."""
    if excerpt is None:
        return Snippet(tuple(spot(place, repository) for place in places))
    hits = {place.line for place in places if place.line is not None}
    first, last = max(min(hits) - LINES_AROUND, excerpt.line), max(hits) + LINES_AROUND
    cut = list(enumerate(excerpt.lines[first - excerpt.line : last + 1 - excerpt.line], first))
    while cut and not cut[0][1].strip() and cut[0][0] not in hits:
        del cut[0]
    while cut and not cut[-1][1].strip() and cut[-1][0] not in hits:
        del cut[-1]
    lines = tuple(CodeLine(number, shortened(text), number in hits) for number, text in cut)
    spots: list[Spot] = []
    for place in sorted(places, key=lambda one: one.line or 0):
        code = " ".join(excerpt.lines[(place.line or 0) - excerpt.line].split())
        said = place.text.rstrip("…").strip()
        text = "" if said in code else place.text
        label = str(place.line) if spots and not text else place.where
        spots.append(Spot(label, place_address(repository, place), text))
    return Snippet(tuple(dict.fromkeys(spots)), lines, excerpt.path)


def spot(place: Place, repository: RepositoryResult) -> Spot:
    """A place with its address."""
    return Spot(place.where, place_address(repository, place), place.text)


def shortened(line: str) -> str:
    """A line of code, not longer than a page bears."""
    line = line.rstrip()
    return line if len(line) <= LINE_LENGTH else line[: LINE_LENGTH - 1] + "…"
