"""What hand-in checks found, as the group reads it: what is the same for several places in one row, by how much it weighs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from auditor.evidence import Place
from auditor.output.words.wording import SECRETS_CHECK
from auditor.records import Record
from auditor.result.audit import AuditResult, Finding, Remark

RECOMMENDATIONS = ("H.length",)
"""Checks of what the course recommends, and no more than that."""
PLACES_SHOWN = 3
OPEN = (Finding.DISCREPANCY, Finding.QUERY)


class Row(Record):
    """What is said of one place, or once of several; `text` is what stands at the place, where it is one."""

    check: str
    title: str
    message: str
    settle: str
    places: tuple[Place, ...]
    text: str = ""

    @property
    def files(self) -> tuple[Place, ...]:
        """The places; none where the repository as a whole is meant."""
        return tuple(place for place in self.places if place.path not in ("", "."))


class Look(Record):
    """Something in the report to look at: what, where, and what stands there."""

    name: str
    message: str
    place: Place
    claims: tuple[str, ...] = ()


def keys_of(result: AuditResult) -> tuple[Remark, ...]:
    """The remarks on keys and passwords, which come first of all."""
    return tuple(one for one in result.hand_in or () if one.check == SECRETS_CHECK)


def to_mend(result: AuditResult) -> tuple[Remark, ...]:
    """The other remarks, without recommendations."""
    return tuple(one for one in result.hand_in or () if one.check not in (SECRETS_CHECK, *RECOMMENDATIONS))


def recommended(result: AuditResult) -> tuple[Remark, ...]:
    """The remarks on what is only recommended."""
    return tuple(one for one in result.hand_in or () if one.check in RECOMMENDATIONS)


def rows(remarks: Iterable[Remark]) -> list[Row]:
    """The remarks, those of one check that say the same as one row, where the first of them stands."""
    found: dict[tuple[str, str, str], list[Remark]] = {}
    for one in remarks:
        found.setdefault((one.check, one.settle, one.several or one.message), []).append(one)
    return [row(same) for same in found.values()]


def row(same: Sequence[Remark]) -> Row:
    """Remarks that say the same as one row."""
    first = same[0]
    alone = len(same) == 1
    return Row(
        first.check,
        first.title,
        first.message if alone else first.several or first.message,
        first.settle,
        tuple(one.place for one in same),
        first.place.text if alone and first.place.text not in first.message else "",
    )


def by_check(remarks: Iterable[Remark]) -> Iterable[tuple[str, list[Row]]]:
    """The rows of each check, under its title."""
    for _, several in groupby(rows(remarks), key=lambda one: one.check):
        same = list(several)
        yield same[0].title, same


def by_settle(several: Iterable[Row]) -> Iterable[tuple[str, list[Row]]]:
    """Rows of one check by what to do about them, which is then said once; in the order of their first."""
    found: dict[str, list[Row]] = {}
    for one in several:
        found.setdefault(one.settle, []).append(one)
    return found.items()


def looks(result: AuditResult) -> list[Look]:
    """Where the report speaks against itself, and its numbers that were counted otherwise, as far as no open tick tells it."""
    told = {
        (claim.id, place.path, place.line)
        for claim in result.claims
        if claim.finding in OPEN
        for place in claim.against
    }
    found = []
    for one in result.report.contradictions:
        claims = tuple(name for name in one.claims if (name, one.says.path, one.says.line) not in told)
        if claims:
            found.append(Look(CONTRADICTION, f"{', '.join(claims)}: {one.kind}.", one.says, claims))
    for number in result.report.numbers:
        if not number.agrees:
            said = f"{number.about}: the report says {number.said}; found: {number.found}."
            found.append(Look(NUMBER, f"{said[0].upper()}{said[1:]}", number.place))
    return found


def places_named(places: Sequence[Place]) -> str:
    """The first places as a list, of a file that stood just before only the line; and how many more there are."""
    found: list[str] = []
    before = ""
    for place in places[:PLACES_SHOWN]:
        found.append(f":{place.line}" if place.path == before and place.line is not None else place.where)
        before = place.path
    more = f" and {len(places) - PLACES_SHOWN} more" if len(places) > PLACES_SHOWN else ""
    return ", ".join(found) + more


CONTRADICTION = "report.contradiction"
NUMBER = "report.number"
LOOK_TITLES = {
    CONTRADICTION: "The report says two things that do not go together",
    NUMBER: "A number in the report is not what was counted",
}
