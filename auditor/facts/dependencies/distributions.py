"""From modules to the distributions that provide them, and from distributions to what they bring along.

The knowledge is data: `distribution_tables` beside this module.
"""

from __future__ import annotations

from collections.abc import Iterable

from auditor.facts.dependencies.requirement import Declared
from auditor.knowledge.distribution_extras import EXTRAS
from auditor.knowledge.distribution_names import canonical_name
from auditor.knowledge.distribution_tables import BRINGS, CONDA, MODULES

BEFORE = ("python-", "py-", "py")
AFTER = ("-python", "-py", "-cpu", "-gpu", "-full", "-headless", "-binary", "-nightly", "-weekly", "-lib", "-sdk")


def distributions_of(module: str) -> tuple[str, ...]:
    """Canonical names of the distributions that provide the dotted `module`, the likeliest first.

    `google.cloud.bigtable.row` is in no table: a part of Google's or Azure's namespace belongs to the distribution of
    its first three names.
    """
    parts = module.split(".")
    for length in range(len(parts), 1, -1):
        if found := MODULES.get(".".join(parts[:length])):
            return found
    if parts[:2] == ["google", "cloud"] and len(parts) > 2:
        return (canonical_name("-".join(parts[:3]).removesuffix("_v1")),)
    if parts[0] == "azure" and len(parts) > 2:
        return (canonical_name("-".join(parts[:3])), canonical_name("-".join(parts[:4])))
    return MODULES.get(parts[0]) or named_after(canonical_name(parts[0]))


def named_after(module: str) -> tuple[str, ...]:
    """The names that a distribution of a module mostly has: the module's own, or that with what tells its language or its build."""
    return (module, *(f"{start}{module}" for start in BEFORE), *(f"{module}{end}" for end in AFTER))


def distribution_of_conda(name: str) -> str:
    """The distribution that a conda package stands for, by its canonical name."""
    name = canonical_name(name)
    return CONDA.get(name, name)


def brought_along(declared: Iterable[Declared]) -> dict[str, Declared]:
    """What `declared` distributions install with themselves, over several steps, and the declaration that does it."""
    found: dict[str, Declared] = {}
    queue: list[tuple[str, Declared]] = []
    for requirement in declared:
        queue += [
            (key, requirement) for key in (requirement.name, *(f"{requirement.name}[{e}]" for e in requirement.extras))
        ]
    while queue:
        name, origin = queue.pop()
        for further in BRINGS.get(name) or EXTRAS.get(name, ()):
            if further not in found:
                found[further] = origin
                queue.append((further, origin))
    return found


def unknown_extras(declared: Iterable[Declared]) -> list[Declared]:
    """The declarations with an extra of which nothing is known: it may bring anything."""
    return [
        requirement
        for requirement in declared
        if any(f"{requirement.name}[{extra}]" not in BRINGS | EXTRAS for extra in requirement.extras)
    ]
