"""The course's rule for what each group gets, and what comes of it. There is none by default: counts alone grade nobody.

It stands in a file of settings, or in `auditor.toml` of a class run's folder:

    [learn]
    item = "Project checklist"        # the grade item in DTU Learn
    students = "Username"             # what the list of groups holds of them: Username, OrgDefinedId, or both
    grade = "points"                  # or "text": whether all is settled
    counts = "confirmed"              # claims confirmed by the program or a decision; "decided": by a decision alone
    each = "share"                    # a module's points by the share of its ticked claims that count; "all": all or nothing

    [learn.points]                    # by module or claim
    M17 = 4
    "M8.dvc" = 1
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from auditor.errors import AuditError
from auditor.records import Record
from auditor.result.audit import Finding
from auditor.result.class_run import Cell, ClaimHead, GroupRow, finding_of

TABLE = "learn"
KEYS = ("Username", "OrgDefinedId")
"""How Learn knows a student; at least one of them must be there ("Importing Grades")."""
CHOICES = {"grade": ("points", "text"), "counts": ("confirmed", "decided"), "each": ("share", "all")}
SETTLED = "settled"
"""The grade in words where nothing is open."""
LONGEST = 100


class LearnRule(Record):
    """How a group's claims become its students' grade. `points` are by claim or module; empty where the grade is text."""

    item: str
    students: tuple[str, ...] = KEYS[:1]
    grade: str = "points"
    counts: str = "confirmed"
    each: str = "share"
    points: Mapping[str, float] = {}


def learn_rule(data: Mapping[str, Any], claims: Sequence[ClaimHead], where: str) -> LearnRule:
    """The rule in the settings `data`. Raises AuditError, beginning with `where`, for none and for one that is wrong."""
    table = data.get(TABLE)
    if not isinstance(table, Mapping):
        raise AuditError(
            f"{where}: no table [{TABLE}] that says what a group gets for what; see `Hand over` in docs/class.md for one"
        )
    for key in table:
        if key not in ("item", "students", "points", *CHOICES):
            raise AuditError(f"{where}: {TABLE}: {key} is not known")
    item = table.get("item")
    if not isinstance(item, str) or not item.strip() or len(item) > LONGEST or not item.isprintable():
        raise AuditError(f"{where}: {TABLE}: item must be the name of the grade item, in quotes")
    students = table.get("students", KEYS[0])
    named = (students,) if isinstance(students, str) else tuple(students) if isinstance(students, list) else ()
    if not named or any(one not in KEYS for one in named) or len(set(named)) != len(named):
        raise AuditError(f"{where}: {TABLE}: students must be {' or '.join(KEYS)}, or a list of both")
    chosen = {key: table.get(key, several[0]) for key, several in CHOICES.items()}
    for key, several in CHOICES.items():
        if chosen[key] not in several:
            raise AuditError(f"{where}: {TABLE}: {key} must be {' or '.join(several)}")
    points = points_of(table.get("points", {}), claims, where)
    if chosen["grade"] == "points" and not points:
        raise AuditError(f"{where}: no points: name modules or claims under [{TABLE}.points], or set grade to text")
    if chosen["grade"] == "text" and points:
        raise AuditError(f"{where}: {TABLE}: grade is text, so [{TABLE}.points] means nothing")
    return LearnRule(item.strip(), tuple(sorted(named, key=KEYS[::-1].index)), **chosen, points=points)


def points_of(table: object, claims: Sequence[ClaimHead], where: str) -> dict[str, float]:
    """Points by claim or module. Raises AuditError."""
    if not isinstance(table, Mapping):
        raise AuditError(f"{where}: {TABLE}: points must be a table of modules and claims")
    known = {name: name for claim in claims for name in (claim.id, claim.module)}
    modules = {claim.module for claim in claims}
    found: dict[str, float] = {}
    for name, worth in table.items():
        if isinstance(worth, Mapping):
            inner = next(iter(worth), "x")
            raise AuditError(
                f'{where}: {TABLE}: points: put quotes around the claim\'s name, as in "{name}.{inner}" = 1'
            )
        if name not in known:
            raise AuditError(f"{where}: {TABLE}: points: {name} is no claim or module of this class run")
        if not isinstance(worth, int | float) or isinstance(worth, bool) or not math.isfinite(worth) or worth < 0:
            raise AuditError(f"{where}: {TABLE}: points: {name} must be a number, nought or more")
        found[name] = float(worth)
    for claim in claims:
        if claim.id in found and claim.module in found and claim.id not in modules:
            raise AuditError(f"{where}: {TABLE}: points: {claim.id} would count twice, by itself and in {claim.module}")
    return found


def counting(cell: Cell, rule: LearnRule) -> bool:
    """Whether a claim counts for its group: ticked, and confirmed by whom the rule names."""
    if not cell.ticked or finding_of(cell) is not Finding.CONFIRMED:
        return False
    return rule.counts == "confirmed" or (cell.decided is not None and not cell.stale)


def grade_of(row: GroupRow, rule: LearnRule, claims: Iterable[ClaimHead]) -> str:
    """The grade of a group's students; empty, which leaves a grade as it is, where the group was not audited."""
    if row.summary is None:
        return ""
    ticked = [cell for cell in row.cells if cell.ticked]
    if rule.grade == "text":
        still = [cell.claim for cell in ticked if not counting(cell, rule)]
        return f"open: {', '.join(still)}" if still else SETTLED if ticked else "nothing ticked"
    modules = {claim.id: claim.module for claim in claims}
    total = 0.0
    for name, worth in rule.points.items():
        those = [cell for cell in ticked if name in (cell.claim, modules.get(cell.claim))]
        share = sum(counting(cell, rule) for cell in those) / len(those) if those else 0.0
        total += worth * (share if rule.each == "share" else float(share == 1.0))
    return number(total)


def still_open(row: GroupRow, rule: LearnRule, claims: Iterable[ClaimHead]) -> list[str]:
    """The claims that the rule asks for and somebody has yet to look at."""
    modules = {claim.id: claim.module for claim in claims}
    asked: Collection[str] = rule.points
    return [
        cell.claim
        for cell in row.cells
        if cell.ticked
        and (cell.decided is None or cell.stale)
        and (not asked or cell.claim in asked or modules.get(cell.claim) in asked)
        and not counting(cell, rule)
    ]


def number(value: float) -> str:
    """A number with at most two decimals, a point before them, and no noughts behind."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
