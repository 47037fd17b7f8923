"""Python that serves as configuration: dataclasses of parameters, Hydra's structured configs, pydantic settings, objects of settings."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.facts.configs.files import ConfigFile, ConfigKey
from auditor.facts.configs.parameters import is_hyperparameter
from auditor.facts.python import Assignment, Class, PythonFile, PythonProject, Role
from auditor.patterns import pattern

_NAME = pattern(r".*(Config|Configuration|Cfg|Params|Parameters|Settings|Args|Arguments|Options|Hparams|HParams)")
_SETTINGS = ("pydantic_settings.BaseSettings", "pydantic_settings.main.BaseSettings", "pydantic.BaseSettings")
_DATACLASSES = ("dataclasses.dataclass", "pydantic.dataclasses.dataclass", "attrs.define", "attr.s", "attr.define")
_HOLDERS = pattern(
    r"(ml_collections\.(config_dict\.)*ConfigDict|yacs\.config\.CfgNode|easydict\.EasyDict|addict\.(addict\.)?Dict|munch\.Munch)\(\)"
)
"""Objects that take whatever settings are assigned to them (the documentation of these libraries)."""
ZEN_STORE = pattern(r"hydra_zen\.(store|ZenStore)(\(\))*")
"""hydra-zen's stores of configs (hydra-zen documentation, "hydra_zen.ZenStore")."""


def structured_configs(project: PythonProject) -> Iterator[ConfigFile]:
    """Configuration classes in the project's own code that have fields, and objects that settings are assigned to."""
    for file in project.files:
        if file.role not in (Role.OWN, Role.NOTEBOOK):
            continue
        yield from _held(file)
        used = set(_structured_names(file))
        for cls in file.classes:
            if _is_settings(cls) or cls.own_name in used or (_NAME.fullmatch(cls.own_name) and _is_record(cls)):
                keys = tuple(_fields(file, cls))
                if keys:
                    yield ConfigFile(file.path, "structured", keys, (), cls.line, cls.name)


def _held(file: PythonFile) -> Iterator[ConfigFile]:
    """Objects of settings, each with what is assigned to it where it is made; named by the function that makes it, if any."""
    made: dict[tuple[str, str], Assignment] = {}
    given: dict[tuple[str, str], list[ConfigKey]] = {}
    for one in file.assignments:
        if one.live and one.target.isidentifier() and _HOLDERS.fullmatch(one.value.name):
            made.setdefault((one.scope, one.target), one)
        holder, _, name = one.target.partition(".")
        if name:
            key = ConfigKey(name, one.line, one.value.text, is_hyperparameter(name.rpartition(".")[2]))
            given.setdefault((one.scope, holder), []).append(key)
    for (scope, target), one in made.items():
        if keys := given.get((scope, target)):
            yield ConfigFile(file.path, "held", tuple(keys), (), one.line, f"{file.module}.{scope or target}")


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
