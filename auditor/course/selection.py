"""Which claims and hand-in checks are looked at: by the names of claims (M17.ci), modules (M17), and checks (H.length, H)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from auditor.course.catalog import Catalog, Claim
from auditor.errors import AuditError
from auditor.records import Record

CHECKS = "h"
"""The module of all hand-in checks, in lower case."""
HAND_IN = "hand-in"
"""Another name of it: the one by which `--fail-on` and the list of rules call them."""


MOST_NEAR = 3
"""Names that are suggested for one that there is not."""


class Selection(Record):
    """The claims that are looked at, in the catalogue's order, and the names of the hand-in checks."""

    claims: tuple[Claim, ...]
    checks: frozenset[str]


def selection(catalog: Catalog, checks: Sequence[str], select: Iterable[str], ignore: Iterable[str]) -> Selection:
    """What `select` names (everything, where it names nothing) without what `ignore` names.

    `checks` are the names of the hand-in checks that there are. Raises AuditError for an unknown name, and where nothing is left.
    """
    wanted, unwanted = named(catalog, checks, select), named(catalog, checks, ignore)
    everything = wanted or frozenset((*(claim.id for claim in catalog.claims), *checks))
    left = everything - unwanted
    if not left:
        raise AuditError("what is selected is ignored too: nothing is left to audit; `auditor rules` lists the claims")
    return Selection(tuple(claim for claim in catalog.claims if claim.id in left), left & frozenset(checks))


def named(catalog: Catalog, checks: Sequence[str], names: Iterable[str]) -> frozenset[str]:
    """The ids of the claims and checks that the names stand for. Raises AuditError for an unknown one."""
    found: set[str] = set()
    for name in names:
        several = [one for one in checks if name.lower() in (one.lower(), CHECKS, HAND_IN)]
        found.update(several or (claim.id for claim in claims_named(catalog, name, checks)))
    return frozenset(found)


def claims_named(catalog: Catalog, name: str, checks: Sequence[str] = ()) -> list[Claim]:
    """The claims that a claim id or a module names, in any case. Raises AuditError where there is none, with the nearest, `checks` among them."""
    found = [claim for claim in catalog.claims if name.lower() in (claim.id.lower(), claim.module.lower())]
    if not found:
        near = nearest(catalog, name, checks)
        meant = f"; did you mean {' or '.join(near)}?" if near else ";"
        raise AuditError(f"{name}: no claim or module of that name{meant} `auditor rules` lists them")
    return found


def nearest(catalog: Catalog, name: str, checks: Sequence[str] = ()) -> list[str]:
    """The names that come nearest to one that there is not: those that begin or go on like it, else those spelt like it."""
    names = {one.lower(): one for c in catalog.claims for one in (c.module, c.id)} | {
        one.lower(): one for one in checks
    }
    wanted = name.lower()
    word = wanted.rpartition(".")[2]
    like = [one for one in names if len(wanted) > 2 and one.startswith(wanted)]
    like += [one for one in names if len(word) > 2 and word in one.rpartition(".")[2]]
    like += get_close_matches(wanted, names, n=MOST_NEAR, cutoff=0.6)
    return [names[one] for one in dict.fromkeys(like)][:MOST_NEAR]
