"""What the source imports, held against what is declared."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from auditor.evidence import Place
from auditor.facts.dependencies.declarations import Dependencies
from auditor.facts.dependencies.distributions import brought_along, distributions_of, unknown_extras
from auditor.facts.dependencies.generated import is_generated
from auditor.facts.dependencies.installs import Installs
from auditor.facts.dependencies.locked import Locked
from auditor.facts.python import PythonFile, PythonProject, Role
from auditor.facts.python.modules import LIBRARIES
from auditor.injection import fact
from auditor.records import Record

PROVIDED = frozenset({"google.colab", "dbutils", "js", "pyodide", "_typeshed"})
"""Modules that nobody needs to declare: the place where the code runs has them, or only type checkers read them."""

REMOVED = frozenset(
    {"distutils", "imp", "asynchat", "asyncore", "cgi", "crypt", "imghdr", "pipes", "telnetlib", "tomllib"}
)
"""Modules that were or are part of Python, but not of the version that runs this."""


DOUBTFUL = 3
"""Packages that one unknown extra may have brought."""


class ImportedPackage(Record):
    """A third-party distribution that the source imports.

    `name` is the declared distribution where one of the possible ones is declared, else the likeliest. `status` is
    `declared`, `transitive` (a declared distribution brings it along, or a lock file pins it), `installed` (by a command of an
    image, a workflow or a notebook), `doubtful` (a declared extra of which nothing is known may bring it) or `missing`. `optional`
    where every import of it is guarded (`except ImportError`). `by` is the declaration or lock that settles it.
    """

    name: str
    module: str
    status: str
    evidence: Place
    optional: bool = False
    by: Place | None = None


class ImportCoverage(Record):
    """The third-party packages that the source imports: own code, tests, task files and notebooks."""

    imported: tuple[ImportedPackage, ...] = ()

    @property
    def declared(self) -> tuple[ImportedPackage, ...]:
        """Those that some file declares."""
        return tuple(package for package in self.imported if package.status == "declared")

    @property
    def missing(self) -> tuple[ImportedPackage, ...]:
        """Those that nothing accounts for."""
        return tuple(package for package in self.imported if package.status == "missing")


@fact
def import_coverage(
    project: PythonProject, dependencies: Dependencies, locked: Locked, installs: Installs
) -> ImportCoverage:
    """Every imported third-party package with its status. Locks are opened only where something is not declared."""
    first: dict[tuple[str, ...], tuple[str, Place, bool]] = {}
    for module, evidence, optional in _third_party_imports(project):
        names = distributions_of(module)
        known = first.get(names)
        if known is None or (known[2] and not optional):
            first[names] = (module, evidence, optional)
    along = brought_along(dependencies.declared)
    given = {one.name: one for one in (*installs.images, *installs.notebooks)}
    given |= brought_along(given.values())
    doubts = DOUBTFUL * len(unknown_extras(dependencies.declared))
    packages: dict[str, ImportedPackage] = {}
    for names, (module, evidence, optional) in first.items():
        if dependencies.own_names.intersection(names):
            continue
        declared = next((d for name in names if (d := dependencies.by_name.get(name))), None)
        by: Place | None = None
        name, status = names[0], "missing"
        if declared is not None:
            name, status, by = declared.name, "declared", declared.evidence
        elif carried := next(((n, along[n]) for n in names if n in along), None):
            name, status, by = carried[0], "transitive", carried[1].evidence
        elif locking := next(((n, locked.names[n]) for n in names if n in locked.names), None):
            name, status, by = locking[0], "transitive", locking[1]
        elif handed := next((given[n] for n in names if n in given), None):
            status, by = "installed", handed.evidence
        elif doubts > 0:
            status, doubts = "doubtful", doubts - 1
        packages.setdefault(name, ImportedPackage(name, module, status, evidence, optional, by))
    return ImportCoverage(tuple(sorted(packages.values(), key=lambda package: package.name)))


def _third_party_imports(project: PythonProject) -> Iterator[tuple[str, Place, bool]]:
    """(dotted name, place, whether a failure is caught) of every import of neither the project nor Python itself.

    A name that one of the project's own files or folders bears counts as the project's: tests and scripts are run from
    many places, and what they can see there cannot be known.
    """
    own = {part for file in project.files for part in file.path.removesuffix(".py").split("/")} | {"src", "conftest"}
    for file in project.files:
        if file.role not in (Role.OWN, Role.TEST, Role.NOTEBOOK) or is_generated(file.path) or _is_tooling(file):
            continue
        for imported in file.imports:
            package = imported.package
            if imported.own or imported.written.startswith(".") or not package:
                continue
            if (
                package in sys.stdlib_module_names
                or package in REMOVED
                or package in PROVIDED
                or imported.name in PROVIDED
            ):
                continue
            if package in own and package not in LIBRARIES:
                continue
            yield imported.name, imported.evidence, imported.optional


def _is_tooling(file: PythonFile) -> bool:
    """Whether a file is `setup.py`, or the course template's script that checks and prints the report."""
    name = file.path.rpartition("/")[2]
    return name == "setup.py" or (
        name == "report.py" and {"check", "html"} <= {function.own_name for function in file.functions}
    )
