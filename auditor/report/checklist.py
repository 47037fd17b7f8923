"""The checklist: which item makes which claim, recognised by its wording and never by its place.

Groups delete, move, double and reword items, drop module tags and add notes. One assignment is made over the whole
list, best match first, so that near-identical items (tests of the data, tests of the model) don't take each other's
place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from auditor.course.catalog import Catalog, Claim
from auditor.records import Record
from auditor.report.candidates import Candidate
from auditor.report.model import Item, ReportProblem, UnknownItem
from auditor.report.notes import note_of, reserves, without_tags
from auditor.report.wording import Spelling, Vocabulary, stems

ACCEPTED = 0.6
"""Nearness from which an item of the checklist is recognised; 1 is the course's own wording."""
CERTAIN = 0.8
"""Nearness asked of what stands outside the checklist, or of an item that repeats another."""
TAGGED = 0.04
"""What the module's tag adds to nearness."""


class Target(Record):
    """One wording, or one phrase, and the claims that an item with it makes."""

    claim_ids: tuple[str, ...]
    stems: frozenset[str]
    text: str = ""
    """The wording; empty for a phrase."""
    editions: tuple[str, ...] = ()


class Wordings(Record):
    """The wordings and phrases of a catalogue."""

    targets: tuple[Target, ...]
    weights: tuple[float, ...]
    """What the stems of each weigh."""
    holding: dict[str, list[int]]
    """Which of them hold a stem."""
    vocabulary: Vocabulary


class Match(Record):
    """How near a candidate is to the claims of a target."""

    nearness: float
    target: Target


class Checklist(Record):
    """What was read: items in order, those not recognised, and what to tell the reader."""

    items: tuple[Item, ...]
    unrecognised: tuple[UnknownItem, ...]
    problems: tuple[ReportProblem, ...]


def read_checklist(candidates: Sequence[Candidate], catalog: Catalog) -> Checklist:
    """The checklist among everything that has a box."""
    wordings = wordings_of(catalog.claims)
    spelling = Spelling(wordings.vocabulary)
    matches = [nearest(candidate, wordings, spelling) for candidate in candidates]
    chosen, doubled = assign(candidates, matches)
    known = stems_by_claim(wordings.targets)
    items = sorted(
        (item_of(candidates[index], match, known) for index, match in (chosen | doubled).items()),
        key=lambda item: item.line,
    )
    unknown = tuple(unrecognised(candidates, {**chosen, **doubled}))
    problems = [
        ReportProblem(candidates[index].line, f"the item for {' and '.join(match.target.claim_ids)} stands twice")
        for index, match in sorted(doubled.items())
    ]
    problems += [
        ReportProblem(item.line, f"box marked [{item.mark.strip()}]: read as {'' if item.ticked else 'not '}ticked")
        for item, candidate in ((item, at(candidates, item.line)) for item in items)
        if candidate is not None and candidate.mark.doubt
    ]
    problems += [
        ReportProblem(item.line, f"not recognised as an item of the checklist: {item.text[:80]}") for item in unknown
    ]
    return Checklist(tuple(items), unknown, tuple(problems))


@lru_cache(maxsize=4)
def wordings_of(asked: tuple[Claim, ...]) -> Wordings:
    """Every wording once, with all claims that it makes, and every phrase."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for claim in asked:
        for item in claim.items:
            claims, editions = found.setdefault(item.text, ([], []))
            claims.append(claim.id)
            editions.extend(item.editions)
    targets = [
        Target(tuple(dict.fromkeys(claims)), stems(text), text, tuple(dict.fromkeys(editions)))
        for text, (claims, editions) in found.items()
    ]
    targets += [Target((claim.id,), stems(phrase)) for claim in asked for phrase in claim.words]
    vocabulary = Vocabulary(found)
    holding: dict[str, list[int]] = {}
    for index, target in enumerate(targets):
        for word in target.stems:
            holding.setdefault(word, []).append(index)
    return Wordings(tuple(targets), tuple(vocabulary.weight(one.stems) for one in targets), holding, vocabulary)


def nearest(candidate: Candidate, wordings: Wordings, spelling: Spelling) -> dict[tuple[str, ...], Match]:
    """For each set of claims the nearest of its wordings and phrases, where it is near enough to be accepted."""
    text, modules = without_tags(candidate.text)
    item = spelling.read(text)
    vocabulary = wordings.vocabulary
    weight = vocabulary.weight(item)
    best: dict[tuple[str, ...], Match] = {}
    shared = Counter(index for word in item for index in wordings.holding.get(word, ()))
    tagged = TAGGED if modules else 0.0
    for index in sorted(shared):
        target, target_weight = wordings.targets[index], wordings.weights[index]
        most = shared[index] * vocabulary.heaviest
        if target.text and 0.8 * most / target_weight + 0.2 * most / weight + tagged < ACCEPTED - 1e-9:
            continue  # most have a word or two in common
        if not target.text and shared[index] < len(target.stems):
            continue
        common_weight = vocabulary.weight(item & target.stems)
        covered = common_weight / weight
        nearness = 0.8 * common_weight / target_weight + 0.2 * covered if target.text else 0.45 + 0.5 * covered
        if modules and any(claim_id.partition(".")[0] in modules for claim_id in target.claim_ids):
            nearness += TAGGED
        known = best.get(target.claim_ids)
        if nearness >= ACCEPTED and (known is None or nearness > known.nearness):
            best[target.claim_ids] = Match(nearness, target)
    return best


def assign(
    candidates: Sequence[Candidate], matches: Sequence[dict[tuple[str, ...], Match]]
) -> tuple[dict[int, Match], dict[int, Match]]:
    """Which candidate makes which claims, each claim once, best first; and those that repeat an assigned one."""
    pairs = sorted(
        ((match.nearness, -index, match) for index, found in enumerate(matches) for match in found.values()),
        key=lambda pair: (candidates[-pair[1]].in_answer, -pair[0], -pair[1]),
    )
    chosen: dict[int, Match] = {}
    taken: set[str] = set()
    for nearness, negative, match in pairs:
        index = -negative
        candidate = candidates[index]
        if index in chosen or taken & set(match.target.claim_ids):
            continue
        if nearness < CERTAIN and (candidate.in_answer or not candidate.listed):
            continue
        if candidate.in_answer and not match.target.text:
            continue  # a group's own list in an answer: only the course's wording makes it an item of the checklist
        if nearness < max(found.nearness for found in matches[index].values()) - 0.15:
            continue  # it reads much more like an item that another line is
        chosen[index] = match
        taken |= set(match.target.claim_ids)
    doubled: dict[int, Match] = {}
    for index, found in enumerate(matches):
        if index not in chosen and found and not candidates[index].in_answer:
            match = max(found.values(), key=lambda match: match.nearness)
            if match.nearness >= CERTAIN:
                doubled[index] = match
    return chosen, doubled


def stems_by_claim(targets: Iterable[Target]) -> dict[str, frozenset[str]]:
    """All stems of a claim's wordings and phrases."""
    known: dict[str, frozenset[str]] = {}
    for target in targets:
        for claim_id in target.claim_ids:
            known[claim_id] = known.get(claim_id, frozenset()) | target.stems
    return known


def item_of(candidate: Candidate, match: Match, known: dict[str, frozenset[str]]) -> Item:
    """The item that a candidate is."""
    note = note_of(candidate, match.target.text, frozenset().union(*(known[claim] for claim in match.target.claim_ids)))
    if candidate.mark.doubt:
        shown = f"marked [{candidate.mark.written.strip()}]"
        note = f"{shown}; {note}" if note else shown
    return Item(
        claim_ids=match.target.claim_ids,
        ticked=candidate.mark.ticked,
        line=candidate.line,
        mark=candidate.mark.written,
        text=" ".join(candidate.text.split()),
        note=note,
        reservation=candidate.mark.doubt or candidate.struck or (note is not None and reserves(note)),
        heading=candidate.heading,
        editions=match.target.editions,
    )


def unrecognised(candidates: Sequence[Candidate], recognised: dict[int, Match]) -> Iterable[UnknownItem]:
    """List items with a box that stand under a heading of the checklist and make no claim."""
    headings = {candidates[index].heading for index in recognised if not candidates[index].in_answer}
    for index, candidate in enumerate(candidates):
        if index in recognised or not candidate.listed or candidate.in_answer or candidate.heading not in headings:
            continue
        if candidate.text.strip():
            yield UnknownItem(candidate.line, candidate.mark.ticked, " ".join(candidate.text.split()))


def at(candidates: Sequence[Candidate], line: int) -> Candidate | None:
    """The candidate on `line`."""
    return next((candidate for candidate in candidates if candidate.line == line), None)
