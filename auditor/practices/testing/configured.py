"""What configuration makes: `instantiate(cfg.data)` makes the class that the group `data` names by `_target_` (Hydra, "Instantiating objects")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.facts.configs import Configs
from auditor.facts.python import Call, Class, Function, PythonProject
from auditor.patterns import pattern

Made = Mapping[str, tuple[Function | Class, ...]]
"""Own classes and functions, by the group of the configuration that names them."""
INSTANTIATES = frozenset({"hydra.utils.instantiate", "hydra.utils.call"})
WORD = pattern(r"\w++")


def made_by_groups(configs: Configs, project: PythonProject) -> Made:
    """The own definitions that configuration names: by the key that holds the name, or in a file of its own by the file's folder."""
    found: dict[str, dict[str, Function | Class]] = {}
    for config in configs.files:
        for value, place in config.made:
            definition = own(value, project)
            if definition is not None:
                group = place.text.partition(":")[0].rpartition(".")[0]
                name = group.rpartition(".")[2] or config.path.rpartition("/")[0].rpartition("/")[2]
                found.setdefault(name, {})[definition.name] = definition
    return {group: tuple(definitions.values()) for group, definitions in found.items()}


def own(name: str, project: PythonProject) -> Function | Class | None:
    """The own class or function of a dotted name."""
    plain = name.removeprefix("src.")
    return project.class_(name) or project.class_(plain) or project.function(name) or project.function(plain)


def made(call: Call, by_group: Made) -> Iterator[Function | Class]:
    """What a call makes of the group of the configuration that it is given."""
    if call.name in INSTANTIATES and call.args:
        group = WORD.findall(call.args[0].text)[-1:]
        yield from by_group.get(group[0] if group else "", ())
