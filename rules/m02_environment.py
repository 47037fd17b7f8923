"""M2: the environment, and whether what the code imports is declared."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, aside, counts, half, part
from auditor.facts.dependencies import Dependencies, Environment, ImportCoverage, Installs

MOST_MISSING = 0.25
"""Share of undeclared packages from which on requirements are not kept up to date (evidence standard, M2M6)."""


@rule("M2.environment")
def dedicated_environment(environment: Environment, dependencies: Dependencies, installs: Installs) -> Iterator[Part]:
    """The project has an environment of its own that somebody else can build.

    Accepted: a lock file (uv, poetry, pdm, pipenv, pixi, conda-lock), a conda environment file, requirements files, a
    Pipfile, `.python-version` or `.tool-versions`, a dev container, a Nix shell; or dependencies in pyproject.toml or
    setup.py together with set-up instructions in README, docs, tasks or scripts.
    Half of it: dependencies declared, but nothing that tells how to build an environment from them; packages that only an image installs.
    Does not count: an empty requirements file, or a virtual environment that was committed.
    To settle it: commit the lock or environment file, or write the set-up commands into the README.
    """
    declared = [source.evidence for source in dependencies.sources if source.declared]
    told = environment.instructions if declared else ()
    yield part(
        "environment",
        [
            *(counts(trace.evidence) for trace in environment.traces),
            *map(counts, told),
            *(half(place, "nothing tells how to build an environment from it") for place in declared),
            *(
                half(one.evidence, "only an image or a workflow installs the packages")
                for one in installs.images[:2]
                if not declared
            ),
            *(
                aside(place, "nothing is declared that it could install")
                for place in environment.instructions[:2]
                if not declared
            ),
        ],
        looked_for="a lock file, conda environment, requirements file, .python-version or dev container, "
        "or declared dependencies with set-up instructions",
    )


@rule("M2M6.requirements")
def requirements_up_to_date(dependencies: Dependencies, coverage: ImportCoverage, installs: Installs) -> Iterator[Part]:
    """The third-party packages that the source imports are declared.

    Accepted: requirements files, pyproject.toml (PEP 621, dependency groups, poetry, pdm), hatch.toml, setup.py or setup.cfg, conda
    environments, Pipfiles, a Bento's packages, inline script metadata; a package that a declared one brings along, that the lock
    file pins, or that a Dockerfile or workflow installs, is not missing. A few missing packages are no matter.
    Half of it: more than a quarter of the imported packages are declared nowhere, or nothing but a Dockerfile, workflow or
    notebook installs them.
    Does not count: a declaration file without content.
    To settle it: declare what the code imports (the packages that were not found are named).
    """
    declared = [source.evidence for source in dependencies.sources if source.declared]
    missing = [package for package in coverage.missing if not package.optional]
    names = ", ".join(package.name for package in missing)
    why = f"{len(missing)} of {len(coverage.imported)} imported packages are declared nowhere: {names}"
    if len(missing) <= MOST_MISSING * len(coverage.imported):
        traces = [counts(place) for place in declared]
    else:
        traces = [half(place, why) for place in declared[:3]]
        traces += [half(one.evidence, f"{one.name} is declared nowhere") for one in missing if declared]
    handed = (*installs.images, *installs.notebooks)
    yield part(
        "declared packages",
        [
            *traces,
            *(half(one.evidence, "a command installs it, and no file declares it") for one in handed if not declared),
        ],
        looked_for="requirements, pyproject.toml, conda or setup files that declare what the source imports",
    )
