"""Dependencies: what is declared, what is locked, what an environment can be built from, and what the source imports.

declarations.py      every file that declares requirements -> Dependencies
requirement.py       one requirement
requirements_txt.py, pyproject.py, conda.py, setup_script.py      how each kind of file says it
locked.py            lock files -> Locked (read only when asked)
environment.py       what an environment can be built from -> Environment
installs.py          what images, workflows and notebooks install -> Installs
serving_files.py     packages of a Bento or of Cog
imports.py           imported packages against declared ones -> ImportCoverage
distributions.py     which distribution provides a module, and what it brings along (distribution_tables.py)
generated.py         files that tools wrote about one run
"""

from auditor.facts.dependencies.declarations import Dependencies, DependencySource
from auditor.facts.dependencies.distributions import brought_along, distributions_of, named_after
from auditor.facts.dependencies.environment import Environment, EnvironmentTrace
from auditor.facts.dependencies.generated import is_generated
from auditor.facts.dependencies.imports import ImportCoverage, ImportedPackage
from auditor.facts.dependencies.installs import Installs
from auditor.facts.dependencies.locked import Locked
from auditor.facts.dependencies.requirement import Declared

__all__ = [
    "Declared",
    "Dependencies",
    "DependencySource",
    "Environment",
    "EnvironmentTrace",
    "ImportCoverage",
    "ImportedPackage",
    "Installs",
    "Locked",
    "brought_along",
    "distributions_of",
    "is_generated",
    "named_after",
]
