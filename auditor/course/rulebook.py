"""What is audited and how: the catalogue of claims, a rule for each, and the template's fingerprints.

Rule packages are found by the entry point group `auditor.rules`; each names a package that holds `catalog.yaml`, modules
with rules, and optionally `statements.yaml` and `template_fingerprints.json`. The one that comes with the program lies beside it in `rules/`.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from auditor.course.catalog import Catalog, load_catalog
from auditor.course.statements import Statement, load_statements
from auditor.errors import AuditError
from auditor.evidence import Part
from auditor.facts.own_work.template import Fingerprints, load_fingerprints
from auditor.records import dataclass
from auditor.result.audit import BUILT_IN_COURSE

if TYPE_CHECKING:
    from importlib.metadata import Distribution

ENTRY_POINTS = "auditor.rules"


@dataclass(frozen=True, slots=True)
class Rule:
    """How evidence for one claim is gathered: a function from facts to parts. Its docstring is what `explain` prints."""

    claim: str
    gather: Callable[..., Iterator[Part]]

    def __call__(self, *facts: Any, **named: Any) -> list[Part]:
        """The parts, from facts made by hand; for tests."""
        return list(self.gather(*facts, **named))

    @property
    def text(self) -> str:
        """What counts, what does not, and how to mend it, as written for users."""
        return inspect.getdoc(self.gather) or ""

    @property
    def settle(self) -> str:
        """What would settle the claim: the sentence of the text that begins with "To settle it:"."""
        _, found, rest = self.text.partition("To settle it:")
        return " ".join(rest.split("\n\n")[0].split()) if found else ""


def rule(claim: str) -> Callable[[Callable[..., Iterator[Part]]], Rule]:
    """Make the decorated function the rule for `claim`."""
    return lambda function: Rule(claim, function)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A course's claims, rules by claim id, and what its template looks like."""

    name: str
    catalog: Catalog
    rules: dict[str, Rule] = field(default_factory=dict)
    fingerprints: Fingerprints = field(default_factory=Fingerprints)
    statements: Mapping[str, Statement] = field(default_factory=dict)
    broken: tuple[str, ...] = ()
    """Rule modules that could not be imported, each with the reason: their claims are reported as not judged."""


def rule_package(name: str) -> ModuleType:
    """The rule package that is registered as `name`. Raises AuditError where there is none."""
    return built_in_package() if name == BUILT_IN_COURSE else registered_package(name)


def rules_folder(name: str) -> Path:
    """Where the rule package that is registered as `name` lies. Raises AuditError where there is none."""
    return Path(inspect.getfile(rule_package(name))).parent


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
    return Rulebook(name, catalog, rules, fingerprints, statements, tuple(broken))


def modules_of(package: ModuleType, broken: list[str]) -> Iterator[ModuleType]:
    """Every module right inside `package`, imported, in the order of their names; one that fails is noted in `broken`."""
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        try:
            module = importlib.import_module(f"{package.__name__}.{info.name}")
        except Exception as error:  # one broken module must not cost the other claims
            broken.append(f"{info.name}.py: {type(error).__name__}: {error}")
        else:
            yield module


def built_in_package() -> ModuleType:
    """The package `rules` that lies beside this one.

    It is loaded from its place, not by its name: a folder `rules` in the current directory, which may be the audited
    repository, must never be imported in its stead.
    """
    folder = Path(__file__).resolve().parents[2] / "rules"
    loaded = sys.modules.get("rules")
    if loaded is not None and getattr(loaded, "__file__", None) == str(folder / "__init__.py"):
        return loaded
    name = "rules" if loaded is None else "auditor_rules"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None or not folder.is_dir():
        raise AuditError(f"the program's rules are missing at {folder}: install auditor again")
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package
    spec.loader.exec_module(package)
    return package


def editable_at(distribution: Distribution, folder: Path) -> bool:
    """Whether a distribution was installed from `folder` to be edited there: its author stands in the own package.

    That is written where it is installed, by who installed it (PEP 610, `direct_url.json`), not in the folder.
    """
    try:
        origin = json.loads(distribution.read_text("direct_url.json") or "{}")
        editable = origin.get("dir_info", {}).get("editable") is True
        return editable and str(origin.get("url")).rstrip("/") == folder.as_uri()
    except (ValueError, AttributeError, OSError):
        return False


def registered_package(name: str) -> ModuleType:
    """The rule package that an installed distribution registers as `name`; never one from the current folder."""
    from importlib.metadata import EntryPoint, distributions  # on demand: the program's own rules do not need it

    here = Path.cwd()
    kept = sys.path[:]
    trusted = [entry for entry in kept if entry and Path(entry).resolve() != here]
    found: dict[str, EntryPoint] = {}
    for distribution in distributions(path=trusted):
        for point in distribution.entry_points:
            if point.group == ENTRY_POINTS:
                found[point.name] = point
                if point.name == name and editable_at(distribution, here):
                    trusted = [entry for entry in kept if entry]
    if name not in found:
        known = ", ".join(sorted({BUILT_IN_COURSE, *found}))
        raise AuditError(f"no rule package {name} is installed; installed: {known}")
    sys.path[:] = trusted
    try:
        package = found[name].load()
    except ImportError as error:
        raise AuditError(f"rule package {name} cannot be imported: {error}") from None
    finally:
        sys.path[:] = kept
    if not isinstance(package, ModuleType) or not hasattr(package, "__path__"):
        raise AuditError(f"rule package {name}: its entry point must name a package")
    return package
