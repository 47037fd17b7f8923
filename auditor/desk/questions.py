"""What lies on the desk: every claim that asks for a decision, in an order, narrowed by what its reader wants to see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlencode

from auditor.batch.class_folder import Standing
from auditor.output.words.reasons import reason_of
from auditor.output.words.wording import FINDINGS, FindingWords, wording
from auditor.records import Record, field_names
from auditor.result.audit import ClaimResult, Finding
from auditor.result.class_run import finding_of

OPEN = (Finding.DISCREPANCY, Finding.QUERY, Finding.ASK)
"""Findings of the program that ask for a decision, the gravest first."""

GRAVITY = {Finding.DISCREPANCY: 100, Finding.QUERY: 1}
"""What a claim adds to the place of its group, group by group."""
ORDERS = {"worst": "worst first", "group": "group by group", "claim": "claim by claim"}
STATES = {
    "open": "open",
    "stale": "to be looked at again",
    "decided": "decided",
    "oral": "to be asked orally",
    "all": "all",
}


class Filters(Record, omit_defaults=True):
    """What is wanted, as it stands in the address; an empty text asks for everything."""

    state: str = "open"
    order: str = "worst"
    group: str = ""
    module: str = ""
    claim: str = ""
    finding: str = ""
    by: str = ""

    @property
    def address(self) -> str:
        """As the end of an address; empty where nothing is asked for but the usual."""
        usual = Filters()
        given = {name: getattr(self, name) for name in field_names(Filters)}
        return urlencode({name: value for name, value in given.items() if value != getattr(usual, name)})


class Question(Record):
    """One claim of one group that asks, or asked, for a decision. `rank` orders as `Filters.order` says."""

    page: str
    group: str
    claim: ClaimResult
    words: FindingWords
    state: str
    place: int
    """The group's place in the class."""
    number: int
    """The claim's place in the catalogue."""

    @property
    def key(self) -> str:
        """What names it in an address."""
        return f"{self.page}/{self.claim.id}"

    @property
    def text(self) -> str:
        """The checklist's words."""
        return wording(self.claim)

    @property
    def reason(self) -> str:
        """Why it is open."""
        return reason_of(self.claim).words

    @property
    def spot(self) -> str:
        """Where the reason stands."""
        place = reason_of(self.claim).place
        return place.where if place else ""


def read_filters(given: Mapping[str, str]) -> Filters:
    """What an address asks for; what there is not is left out."""
    names = {name: given[name].strip()[:200] for name in field_names(Filters) if given.get(name, "").strip()}
    if names.get("state") not in STATES:
        names.pop("state", None)
    if names.get("order") not in ORDERS:
        names.pop("order", None)
    return Filters(**names)


def state_of(claim: ClaimResult) -> str:
    """`open`, `stale`, `oral` or `decided`; empty where nothing is asked and nothing was decided."""
    if claim.decision is not None:
        if claim.decision.stale:
            return "stale"
        return "oral" if claim.decision.finding is Finding.ASK else "decided"
    return "open" if claim.finding in OPEN else ""


def all_questions(standing: Standing) -> Iterator[Question]:
    """Everything that asks or asked for a decision, in the class's order."""
    for place, (page, (group, _)) in enumerate(standing.by_page.items()):
        for number, claim in enumerate(group.audit.claims if group.audit else ()):
            state = state_of(claim)
            if state:
                yield Question(page, group.name, claim, FINDINGS[finding_of(claim)], state, place, number)


def wanted(questions: Iterable[Question], filters: Filters) -> list[Question]:
    """Those that the filters let through, in their order, in which nothing moves when something is decided."""
    found, graver = [], dict[str, int]()
    for one in questions:
        graver[one.page] = graver.get(one.page, 0) + GRAVITY.get(one.claim.finding, 0)
        if fits(one, filters):
            found.append(one)
    return sorted(found, key=lambda one: rank(one, filters.order, graver[one.page]))


def fits(one: Question, filters: Filters) -> bool:
    """Whether it is asked for."""
    states = {"all": (), "open": ("open", "stale"), "decided": ("decided", "oral")}.get(filters.state, (filters.state,))
    decision = one.claim.decision
    return (
        (not states or one.state in states)
        and filters.group in ("", one.page)
        and filters.module in ("", one.claim.module)
        and filters.claim in ("", one.claim.id)
        and filters.finding in ("", FINDINGS[one.claim.finding].kind)
        and (not filters.by or (decision is not None and decision.by == filters.by))
    )


def rank(one: Question, order: str, graver: int = 0) -> tuple[int, ...]:
    """Its place in an order."""
    finding = OPEN.index(one.claim.finding) if one.claim.finding in OPEN else len(OPEN)
    if order == "group":
        return (-graver, one.place, finding, one.number)
    if order == "claim":
        return (one.number, finding, one.place)
    return (finding, one.number, one.place)


class Around(Record):
    """Where a question stands among those that are wanted: how many, which, and its neighbours."""

    total: int
    number: int
    """From 1; 0 where it is not among them."""
    before: Question | None
    after: Question | None


def around(questions: Sequence[Question], filters: Filters, page: str, claim: str) -> Around:
    """The neighbours of a claim of a group, which need not be among the wanted itself: it may be decided by now."""
    found = wanted(questions, filters)
    whole = wanted(questions, Filters(order=filters.order, state="all", **narrowed(filters)))
    at = next((number for number, one in enumerate(whole) if one.page == page and one.claim.id == claim), None)
    if at is None:
        return Around(len(found), 0, None, found[0] if found else None)
    names = {one.key for one in found}
    before = next((one for one in reversed(whole[:at]) if one.key in names), None)
    after = next((one for one in whole[at + 1 :] if one.key in names), None)
    after = after or next((one for one in found if one.key != whole[at].key), None)  # round again: what was skipped
    number = next((number for number, one in enumerate(found, 1) if one.key == whole[at].key), 0)
    return Around(len(found), number, before, after)


def narrowed(filters: Filters) -> dict[str, str]:
    """The filters that a decision does not move a claim out of."""
    return {"group": filters.group, "module": filters.module, "claim": filters.claim, "finding": filters.finding}


class Progress(Record):
    """How far the work is: what asked for a decision, and what is decided of it."""

    total: int
    decided: int
    oral: int
    stale: int

    @property
    def left(self) -> int:
        """What is open."""
        return self.total - self.decided - self.oral


def progress(questions: Iterable[Question]) -> Progress:
    """Counts over these questions."""
    states = [one.state for one in questions]
    return Progress(len(states), states.count("decided"), states.count("oral"), states.count("stale"))
