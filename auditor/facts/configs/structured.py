"""Classes that serve as configuration: dataclasses of parameters, Hydra's structured configs, pydantic settings."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.facts.configs.files import ConfigFile, ConfigKey
from auditor.facts.configs.parameters import is_hyperparameter
from auditor.facts.python import Class, PythonFile, PythonProject, Role
from auditor.patterns import pattern

_NAME = pattern(r".*(Config|Configuration|Cfg|Params|Parameters|Settings|Args|Arguments|Options|Hparams|HParams)")
_SETTINGS = ("pydantic_settings.BaseSettings", "pydantic_settings.main.BaseSettings", "pydantic.BaseSettings")
_DATACLASSES = ("dataclasses.dataclass", "pydantic.dataclasses.dataclass", "attrs.define", "attr.s", "attr.define")
ZEN_STORE = pattern(r"hydra_zen\.(store|ZenStore)(\(\))*")
"""hydra-zen's stores of configs (hydra-zen documentation, "hydra_zen.ZenStore")."""


def structured_configs(project: PythonProject) -> Iterator[ConfigFile]:
    """Configuration classes in the project's own code that have fields."""
    for file in project.files:
        if file.role not in (Role.OWN, Role.NOTEBOOK):
            continue
        used = set(_structured_names(file))
        for cls in file.classes:
            if _is_settings(cls) or cls.own_name in used or (_NAME.fullmatch(cls.own_name) and _is_record(cls)):
                keys = tuple(_fields(file, cls))
                if keys:
                    yield ConfigFile(file.path, "structured", keys, (), cls.line, cls.name)


def stored_names(project: PythonProject) -> frozenset[str]:
    """Names under which a ConfigStore holds configs, groups before them (`model/resnet`)."""
    found = set()
    for file in project.files:
        for call in file.calls:
            if not call.live:
                continue
            if call.name.endswith("store") and "ConfigStore" in call.name:
                name, group = call.argument(0, "name"), call.argument(2, "group")
            elif ZEN_STORE.fullmatch(call.name):
                name, group = call.keyword("name"), call.keyword("group")
                if name is None and call.decorates:
                    found.add(call.decorates.rpartition(".")[2])
            else:
                continue
            if name and name.string:
                found.add(name.string)
                if group and group.string:
                    found.add(f"{group.string}/{name.string}")
    return frozenset(found)


def _structured_names(file: PythonFile) -> Iterator[str]:
    """Classes that the file gives to `OmegaConf.structured` or to a ConfigStore."""
    for call in file.calls:
        if call.name.endswith("OmegaConf.structured"):
            given = call.argument(0, "obj")
        elif call.name.endswith("store") and "ConfigStore" in call.name:
            given = call.argument(1, "node")
        else:
            continue
        if given is not None:
            yield given.text.partition("(")[0].rpartition(".")[2]


def _is_settings(cls: Class) -> bool:
    return any(base in _SETTINGS for base in cls.bases)


def _is_record(cls: Class) -> bool:
    """Whether the class is one of plain fields: a dataclass, a pydantic model, a named tuple."""
    if any(decorator.name in _DATACLASSES for decorator in cls.decorators):
        return True
    return any(base in ("pydantic.BaseModel", "pydantic.main.BaseModel", "typing.NamedTuple") for base in cls.bases)


def _fields(file: PythonFile, cls: Class) -> Iterator[ConfigKey]:
    """The annotated fields of a class, with their defaults."""
    for assignment in file.assignments:
        if assignment.scope == cls.qualname and not assignment.target.startswith(("self.", "_")):
            value = assignment.value.text if assignment.value else ""
            yield ConfigKey(assignment.target, assignment.line, value, is_hyperparameter(assignment.target))
