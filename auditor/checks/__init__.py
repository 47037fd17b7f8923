"""What a hand-in still lacks besides its claims, or what should not be in it.

A check is a function from facts to flaws, like a rule; each module beside this one holds some. They are written for the
group itself: a teaching assistant's audit does not look at them unless it is asked to.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module

from auditor.checks.model import Check, Flaw, HandIn
from auditor.evidence import Place, shorten
from auditor.injection import Facts
from auditor.repository.snapshot import Snapshot
from auditor.result.audit import Remark

MODULES = ("place", "answers", "course_checker", "figures", "links", "files", "secrets", "state")
"""The modules with checks, in the order in which their remarks are shown."""
FOR_STAFF = ("H.secrets", "H.large_files")
"""The checks that a class run looks at, too: what they find, the course's staff must act on."""
MOST = 40
"""Remarks of one check that are shown one by one."""

__all__ = ["FOR_STAFF", "MODULES", "Check", "Flaw", "HandIn", "checks", "remarks"]


def checks() -> tuple[Check, ...]:
    """Every check, in the order of their modules and of their definition."""
    return tuple(
        thing
        for name in MODULES
        for thing in vars(import_module(f"{__name__}.{name}")).values()
        if isinstance(thing, Check)
    )


def remarks(facts: Facts, wanted: Collection[str]) -> tuple[Remark, ...]:
    """What the checks of these names found. A check that fails costs itself, and is noted as a problem."""
    found: list[Remark] = []
    for one in checks():
        if one.name not in wanted:
            continue
        try:
            flaws = list(facts.call(one.gather))
        except Exception as failure:  # the bulkhead, as for rules
            facts.get(Snapshot).note("", f"{one.name} could not be looked at: {type(failure).__name__}: {failure}")
            continue
        found += (remark(one, flaw) for flaw in flaws[:MOST])
        if len(flaws) > MOST:
            found.append(
                remark(one, Flaw(flaws[MOST].path, None, f"{len(flaws) - MOST} more of this kind.", "As above."))
            )
    return tuple(found)


def remark(one: Check, flaw: Flaw) -> Remark:
    """A flaw as the result has it."""
    place = Place(flaw.path, flaw.line, shorten(flaw.text))
    return Remark(
        one.name,
        one.fault,
        place,
        shorten(flaw.message, 400),
        shorten(flaw.settle, 400),
        flaw.claims,
        shorten(flaw.several, 400),
        flaw.uncommitted,
    )
