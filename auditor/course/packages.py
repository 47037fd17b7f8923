"""Rule packages: where a course's rules are installed, and how they are imported safely."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from auditor.errors import AuditError
from auditor.result.audit import BUILT_IN_COURSE

if TYPE_CHECKING:
    from importlib.metadata import Distribution

ENTRY_POINTS = "auditor.rules"


def rule_package(name: str) -> ModuleType:
    """The rule package that is registered as `name`. Raises AuditError where there is none."""
    return built_in_package() if name == BUILT_IN_COURSE else registered_package(name)


def rules_folder(name: str) -> Path:
    """Where the rule package that is registered as `name` lies. Raises AuditError where there is none."""
    return Path(inspect.getfile(rule_package(name))).parent


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
