"""M2: the environment, and whether what the code imports is declared."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.facts.dependencies import Dependencies, Environment, ImportCoverage

MOST_MISSING = 0.25
"""Share of undeclared packages from which on requirements are not kept up to date (evidence standard, M2M6)."""


@rule("M2.environment")
def dedicated_environment(environment: Environment, dependencies: Dependencies) -> Iterator[Part]:
    """The project has an environment of its own that somebody else can build.

    Accepted: a lock file (uv, poetry, pdm, pipenv, pixi, conda-lock), a conda environment file, requirements files, a
    Pipfile, `.python-version` or `.tool-versions`, a dev container, a Nix shell; or dependencies in pyproject.toml or
    setup.py together with set-up instructions in README, docs, tasks or scripts.
    Half of it: dependencies declared, but nothing that tells how to build an environment from them.
    Does not count: an empty requirements file, or a virtual environment that was committed.
    To settle it: commit the lock or environment file, or write the set-up commands into the README.
    """
    declared = [source.evidence for source in dependencies.sources if source.declared]
    strong = [trace.evidence for trace in environment.traces]
    if declared:
        strong += environment.instructions
    yield part(
        "environment",
        strong=strong,
        weak=declared,
        looked_for="a lock file, conda environment, requirements file, .python-version or dev container, "
        "or declared dependencies with set-up instructions",
        remark="dependencies are declared, but nothing tells how to build an environment from them",
    )


@rule("M2M6.requirements")
def requirements_up_to_date(dependencies: Dependencies, coverage: ImportCoverage) -> Iterator[Part]:
    """The third-party packages that the source imports are declared.

    Accepted: requirements files, pyproject.toml (PEP 621, dependency groups, poetry, pdm), setup.py or setup.cfg, conda
    environments, Pipfiles, inline script metadata; a package that a declared one brings along, or that the lock file
    pins, is not missing. A few missing packages are no matter.
    Half of it: more than a quarter of the imported packages are declared nowhere.
    Does not count: a declaration file without content.
    To settle it: declare what the code imports (the packages that were not found are named).
    """
    declared = [source.evidence for source in dependencies.sources if source.declared]
    missing = [package for package in coverage.missing if not package.optional]
    few = len(missing) <= MOST_MISSING * len(coverage.imported)
    names = ", ".join(package.name for package in missing)
    yield part(
        "declared packages",
        strong=declared if few else (),
        weak=[] if few or not declared else [*declared[:3], *(package.evidence for package in missing)],
        looked_for="requirements, pyproject.toml, conda or setup files that declare what the source imports",
        remark=f"{len(missing)} of {len(coverage.imported)} imported packages are declared nowhere: {names}",
    )
