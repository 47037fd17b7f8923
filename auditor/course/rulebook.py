"""What is audited and how: the catalogue of claims, a rule for each, and the template's fingerprints.

Rule packages are found by the entry point group `auditor.rules`; each names a package that holds `catalog.yaml`, modules
with rules, and optionally `statements.yaml` and `template_fingerprints.json`. The one that comes with the program lies beside it in `rules/`.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from auditor.course.catalog import Catalog, load_catalog
from auditor.course.fingerprints import Fingerprints, load_fingerprints
from auditor.course.packages import modules_of, rule_package
from auditor.course.rule import Rule
from auditor.course.statements import Statement, load_statements
from auditor.errors import AuditError
from auditor.knowledge.names import Names
from auditor.knowledge.tables import built_in, with_added
from auditor.records import Record, field
from auditor.result.audit import BUILT_IN_COURSE, PastFindings

if TYPE_CHECKING:
    pass


class Rulebook(Record):
    """A course's claims, rules by claim id, and what its template looks like."""

    name: str
    catalog: Catalog
    rules: dict[str, Rule] = field(default_factory=dict)
    fingerprints: Fingerprints = field(default_factory=Fingerprints)
    statements: Mapping[str, Statement] = field(default_factory=dict)
    names: Names = field(default_factory=built_in)
    """What the names of libraries mean, the course's own additions included."""
    past: Mapping[str, PastFindings] = field(default_factory=dict)
    """By claim, how discrepancies that were named on it fared when they were checked by hand (`record.json`)."""
    broken: tuple[str, ...] = ()
    """Rule modules that could not be imported, each with the reason: their claims are reported as not judged."""


def load_record(path: Path) -> dict[str, PastFindings]:
    """How findings on each claim fared before; nothing where it is not known. Raises ValueError where it is no such file."""
    return msgspec.json.decode(path.read_bytes(), type=dict[str, PastFindings]) if path.exists() else {}


def load_rulebook(name: str = BUILT_IN_COURSE) -> Rulebook:
    """The rule package that is registered as `name`, read once. Raises AuditError where there is none or it is broken."""
    return read_rulebook(name)  # a cache by itself would tell a name that is given from the same one that is not


@lru_cache(maxsize=8)
def read_rulebook(name: str) -> Rulebook:
    """See `load_rulebook`."""
    package = rule_package(name)
    folder = Path(inspect.getfile(package)).parent
    prints = folder / "template_fingerprints.json"
    try:
        catalog = load_catalog(folder / "catalog.yaml")
        fingerprints = load_fingerprints(prints) if prints.exists() else Fingerprints()
        said = folder / "statements.yaml"
        statements = load_statements(said, catalog) if said.exists() else {}
        names = with_added(folder / "names.yaml")
        past = load_record(folder / "record.json")
    except (OSError, ValueError) as error:
        raise AuditError(f"rule package {name}: {error}") from None
    rules: dict[str, Rule] = {}
    broken: list[str] = []
    for module in modules_of(package, broken):
        for thing in vars(module).values():
            if isinstance(thing, Rule):
                if rules.setdefault(thing.claim, thing) is not thing:
                    raise AuditError(
                        f"rule package {name}: two rules for {thing.claim}, the second in {module.__name__}"
                    )
                if thing.claim not in catalog:
                    raise AuditError(
                        f"rule package {name}: {module.__name__} has a rule for {thing.claim}, "
                        "which catalog.yaml does not list"
                    )
    for one in rules.values():
        if one.net and one.net not in names.topics:
            raise AuditError(
                f"rule package {name}: the rule for {one.claim} names the topic {one.net}, which no table has"
            )
    return Rulebook(name, catalog, rules, fingerprints, statements, names, past, tuple(broken))
