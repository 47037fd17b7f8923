"""What value an argument gets when the code runs, as far as code and configuration tell.

From `DataLoader(data, num_workers=cfg.num_workers)` the way leads to the line of the configuration that sets it; from a
parameter to its default and to what callers give; from an attribute or a constant to where it is assigned; from `args.x`
to the option's default and to what commands give. Nothing is run: what only a run would tell is `COMPUTED`, what cannot be found is left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from auditor.evidence import Place, seen
from auditor.facts.configs import ConfigFile, ConfigKey, Configs
from auditor.facts.python import CODE, Assignment, Call, Function, PythonProject, Value
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.arguments.entries import entries_of
from auditor.practices.arguments.expressions import COMPUTED, COUNTS, LOOKUPS, PASSING, parts
from auditor.practices.arguments.loops import items, loops_of
from auditor.practices.arguments.options import GivenOptions, folded
from auditor.records import Record, replace

DEPTH = 8
"""Steps from an argument to where its value is set."""
CALLERS = 20
"""Callers of one function that are looked at."""

OPTIONS = pattern(r"(typer|click|cyclopts|tyro|pydantic|dataclasses|attrs?)\..*|.*\.?(Option|Argument|Field|field)\(\)")
"""Calls that stand for a default: `typer.Option(4)`, `Field(4)`."""
COMMAND_LINES = frozenset({"typer", "fire", "cyclopts", "tyro", "jsonargparse"})
"""Libraries that make options of the parameters of functions."""
REFERENCE = pattern(r"\$\{([\w.]{1,80})\}")
ENVIRONMENT = pattern(r"\$\{(?:oc\.)?env:\w{1,80}[,:]([^}]{1,40})\}")


class Setting(Record):
    """One value that an argument may get, and the place that sets it."""

    value: Any
    evidence: Place
    live: bool = True
    key: str = ""
    """The key of the configuration that sets it, where one does."""


class ArgumentValues(Record, dict=True):
    """Follows arguments to their values."""

    project: PythonProject
    configs: Configs
    options: GivenOptions

    def of(self, call: Call, value: Value, name: str) -> tuple[Setting, ...]:
        """What the argument `name` of `call` may be worth; empty where nothing is found."""
        return tuple(_Search(self, name).follow(value, call.path, call.scope, 0))

    def unpacked(self, call: Call, name: str) -> tuple[Setting, ...]:
        """What a call may get as `name` from what it unpacks: dicts of the same file, and configuration."""
        if not call.unpacks or call.keyword(name) is not None:
            return ()
        search = _Search(self, name)
        return (*search.entries(call.path, name, 0), *search.by_key(name, 0))

    def configured(self, *names: str) -> Iterator[tuple[ConfigFile, ConfigKey, bool]]:
        """(file, key, whether something reads the file) of the keys whose last part is one of `names`."""
        for name in names:
            for config, key in self.keys.get(folded(name), ()):
                yield config, key, self.selected(config)

    def set_by(self, key: ConfigKey) -> Iterator[Any]:
        """The values that one key sets, references to other keys followed."""
        reference = REFERENCE.fullmatch(key.value.strip())
        if reference:
            yield from (one.value for one in _Search(self, key.name).by_key(reference[1].rpartition(".")[2], 0))
        else:
            yield scalar(key.value)

    @cached_property
    def keys(self) -> dict[str, list[tuple[ConfigFile, ConfigKey]]]:
        """Keys of configuration by the last part of their names."""
        found: dict[str, list[tuple[ConfigFile, ConfigKey]]] = defaultdict(list)
        for config in self.configs.files:
            for key in config.keys:
                found[folded(key.name.rpartition(".")[2])].append((config, key))
        return found

    @cached_property
    def assignments(self) -> dict[tuple[str, str], list[Assignment]]:
        """Assignments by file and target."""
        found: dict[tuple[str, str], list[Assignment]] = defaultdict(list)
        for file in self.project.of(*CODE):
            for assignment in file.assignments:
                found[(file.path, assignment.target)].append(assignment)
        return found

    @cached_property
    def functions(self) -> dict[tuple[str, str], Function]:
        """Functions by file and qualified name."""
        return {(f.path, f.qualname): f for f in self.project.functions()}

    def selected(self, config: ConfigFile) -> bool:
        """Whether live code reads a configuration file by itself, not only where a user chooses it."""
        return any(
            r.live and not r.only_tests and r.how not in ("name", "hydra option") for r in self.configs.readers(config)
        )


@fact
def read_argument_values(project: PythonProject, configs: Configs, options: GivenOptions) -> ArgumentValues:
    """Follows the arguments of this project's calls."""
    return ArgumentValues(project, configs, options)


class _Search:
    """One search: what was looked at is not looked at again."""

    def __init__(self, known: ArgumentValues, name: str) -> None:
        self.known = known
        self.project = known.project
        self.name = name
        self.seen: set[tuple[str, str, str]] = set()

    def follow(self, value: Value, path: str, scope: str, depth: int) -> Iterator[Setting]:
        """What `value`, which stands in `scope` of the file `path`, may be worth."""
        here = seen(path, value.line, f"{self.name} = {value.text}")
        if value.known:
            yield Setting(value.literal, here)
        elif depth > DEPTH or (path, scope, value.text) in self.seen:
            return
        elif value.text.endswith("(...)"):
            yield from self._called(value, path, scope, depth)
        else:
            self.seen.add((path, scope, value.text))
            for part in parts(value.text):
                if isinstance(part, list):
                    yield from self._named(part, path, scope, depth + 1)
                else:
                    yield Setting(part, here)

    def _called(self, value: Value, path: str, scope: str, depth: int) -> Iterator[Setting]:
        written = value.text.removesuffix("(...)")
        if COUNTS.search(written):
            yield Setting(COMPUTED, seen(path, value.line, f"{self.name} = {value.text}"))
        elif written in PASSING:
            for element in value.elements:
                yield from self.follow(element, path, scope, depth + 1)
        elif LOOKUPS.fullmatch(written):
            for element in value.elements:
                if element.string is not None and not element.string.isdigit():
                    yield from self.by_key(element.string, depth + 1)
                    yield from self.entries(path, element.string, depth + 1)
            if value.elements[1:]:
                yield from self.follow(value.elements[-1], path, scope, depth + 1)
        elif value.elements and any(OPTIONS.fullmatch(name) for name in value.names):
            yield from self.follow(value.elements[0], path, scope, depth + 1)
        else:
            named = (self.project.function(name.removesuffix("()")) for name in value.names)
            function = self._written(written, path) or next((one for one in named if one is not None), None)
            for given in function.returns if function is not None else ():
                yield from self.follow(given, function.path, function.qualname, depth + 1)  # type: ignore[union-attr]

    def _written(self, written: str, path: str) -> Function | None:
        """The own function that a call's words mean: what its result is named after may be a library's (`max()`)."""
        first, _, rest = written.partition(".")
        for statement in self.project.at(path).imports:
            if statement.own and statement.alias == first:
                return self.project.function(f"{statement.name}.{rest}".rstrip("."))
        return self.known.functions.get((path, written))

    def _named(self, words: list[str], path: str, scope: str, depth: int) -> Iterator[Setting]:
        """What a name, attribute or subscript may be worth, given as its words: `cfg["data"].x` is cfg, data, x."""
        first, last = words[0], words[-1]
        if len(words) == 1:
            yield from self._variable(first, path, scope, depth)
            return
        if first in ("self", "cls"):
            found = list(self._attribute(words[1], path, scope, depth)) if len(words) == 2 else []
            if words[1] == "hparams":
                found += self._parameter_of(f"{owner_of(scope)}.__init__", path, last, depth)
            if found:
                yield from found
                return
        yield from self._in_object(first, last, path, depth)
        yield from self._options(last, depth)
        yield from self.by_key(last, depth)

    def _variable(self, name: str, path: str, scope: str, depth: int) -> Iterator[Setting]:
        """A parameter of the functions around, or a constant of this file or of the module that it comes from."""
        around = scope
        while around:
            function = self.known.functions.get((path, around))
            if function is not None and any(p.name == name for p in function.parameters):
                yield from self._parameter(function, name, depth)
                return
            around = around.rpartition(".")[0]
        assigned = self.known.assignments.get((path, name), [])
        for assignment in assigned:
            if not assignment.scope or f"{scope}.".startswith(f"{assignment.scope}."):
                yield from self._assigned(assignment, depth)
        if not assigned:
            looped = list(self._looped(name, path, scope, depth))
            yield from looped or self._imported(name, path, depth)

    def _looped(self, name: str, path: str, scope: str, depth: int) -> Iterator[Setting]:
        """What a loop gives the name that it binds: the items of what it runs over."""
        for loop in loops_of(self.project.at(path), name, scope):
            for item in items(loop.over, loop.target, name) if loop.over is not None else ():
                for setting in self.follow(item, path, loop.scope, depth + 1):
                    if isinstance(setting.value, list | tuple):
                        yield from (
                            replace(setting, value=one, live=setting.live and loop.live) for one in setting.value
                        )
                    else:
                        yield replace(setting, live=setting.live and loop.live)

    def _imported(self, name: str, path: str, depth: int) -> Iterator[Setting]:
        for statement in self.project.at(path).imports:
            if statement.own and statement.alias == name:
                module = self.project.module(statement.name.rpartition(".")[0])
                target = statement.name.rpartition(".")[2]
                for assignment in self.known.assignments.get((module.path, target), ()) if module else ():
                    yield from self._assigned(assignment, depth)

    def _parameter_of(self, qualname: str, path: str, name: str, depth: int) -> Iterator[Setting]:
        function = self.known.functions.get((path, qualname))
        if function is not None:
            yield from self._parameter(function, name, depth)

    def _parameter(self, function: Function, name: str, depth: int) -> Iterator[Setting]:
        """What callers give; the default where one of them, or none, gives it; else options and configuration."""
        position = next((i for i, p in enumerate(function.parameters) if p.name == name), -1)
        if position < 0:
            return
        default = function.parameters[position].default
        taken = position - (1 if function.owner and function.parameters[0].name in ("self", "cls") else 0)
        called = function.name.removesuffix(".__init__")
        callers = [
            call
            for call in {
                id(one): one for one in (*self.project.callers(called), *self.project.callers(function.name))
            }.values()
            if not call.only_tests and not call.decorates and self._in_code(call.path)
        ]
        whole = not callers
        for call in callers[:CALLERS]:
            given = call.argument(taken, name)
            if given is not None:
                for setting in self.follow(given, call.path, call.scope, depth + 1):
                    yield replace(setting, live=setting.live and call.live)
            elif call.unpacks:
                yield from self.entries(call.path, name, depth + 1)
                yield from self.by_key(name, depth + 1)
            else:
                whole = True
        if whole:
            if default is not None:
                yield from self.follow(default, function.path, function.qualname, depth + 1)
            for decorator in function.decorators:
                yield from self._option(decorator, name, depth)
            if self._is_command(function):
                said = [value.string for value in default.elements if value.string] if default is not None else []
                yield from self._given(function.path, function.live, name, *(t for t in said if t.startswith("-")))
            if not callers:
                yield from self.by_key(name, depth + 1)

    def _is_command(self, function: Function) -> bool:
        """Whether a library makes options of a function's parameters (Typer, Fire, Cyclopts, Tyro)."""
        return any(s.name.partition(".")[0] in COMMAND_LINES for s in self.project.at(function.path).imports)

    def _attribute(self, name: str, path: str, scope: str, depth: int) -> Iterator[Setting]:
        """`self.name`: assigned in a method or in the class's body, also of the own classes that it inherits from."""
        owner = owner_of(scope)
        places = [(path, owner)]
        cls = next((c for c in self.project.classes() if c.path == path and c.qualname == owner), None)
        for ancestor in self.project.ancestors(cls) if cls is not None else ():
            base = self.project.class_(ancestor)
            if base is not None:
                places.append((base.path, base.qualname))
        for file, qualname in places:
            for assignment in self.known.assignments.get((file, f"self.{name}"), ()):
                if assignment.scope.startswith(f"{qualname}."):
                    yield from self._assigned(assignment, depth)
            for assignment in self.known.assignments.get((file, name), ()):
                if assignment.scope == qualname:
                    yield from self._assigned(assignment, depth)

    def _in_object(self, first: str, last: str, path: str, depth: int) -> Iterator[Setting]:
        """`first.last`: an entry of a dict of this file, a constant of an own module, a field of an own class."""
        for loop in self.project.at(path).loops:
            for item in items(loop.over, loop.target, first) if loop.over is not None and loop.target == first else ():
                if (entry := item.get(last)) is not None:
                    yield from self.follow(entry, path, loop.scope, depth + 1)
        for assignment in self.known.assignments.get((path, first), ()):
            entry = assignment.value.get(last)
            if entry is not None:
                yield from self.follow(entry, path, assignment.scope, depth + 1)
        for (file, target), assignments in self.known.assignments.items():
            if target == last:
                for assignment in assignments:
                    own_module = not assignment.scope and self._imports(path, first, file)
                    if own_module or (assignment.scope and (file, assignment.scope) not in self.known.functions):
                        yield from self._assigned(assignment, depth)

    def _imports(self, path: str, name: str, module_path: str) -> bool:
        module, imports = self.project.at(module_path), self.project.at(path).imports
        return any(s.own and s.alias == name and self.project.module(s.name) is module for s in imports)

    def _assigned(self, assignment: Assignment, depth: int) -> Iterator[Setting]:
        for setting in self.follow(assignment.value, assignment.path, assignment.scope, depth + 1):
            yield replace(setting, live=setting.live and assignment.live)

    def _options(self, name: str, depth: int) -> Iterator[Setting]:
        """Defaults of command line options of this name."""
        for call in self.project.calls(
            "*.add_argument", "*.add_option", "*.DEFINE_integer", "*.DEFINE_string", roles=CODE
        ):
            yield from self._option(call, name, depth)

    def _option(self, call: Call, name: str, depth: int) -> Iterator[Setting]:
        default = call.keyword("default")
        said = [value.string for value in call.args if value.string is not None]
        dest = call.keyword("dest")
        said += [dest.string] if dest is not None and dest.string is not None else []
        if any(folded(text) == folded(name) for text in said):
            if default is not None:
                yield from self.follow(default, call.path, call.scope, depth + 1)
            yield from self._given(call.path, call.live, *(text for text in said if text.startswith("-")))

    def _given(self, path: str, live: bool, *names: str) -> Iterator[Setting]:
        """What commands give for an option that the file `path` declares, to it or to a program that may import it."""
        declares = self.project.at(path)
        for given in self.known.options.of(*names):
            if not given.override and (
                given.program == path or declares in self.project.imported_by(self.project.at(given.program))
            ):
                yield Setting(scalar(given.value), given.evidence, live)

    def entries(self, path: str, name: str, depth: int) -> Iterator[Setting]:
        """Entries `name` of the dicts that a file writes out."""
        for value, scope, live in entries_of(self.project.at(path), name) if depth <= DEPTH else ():
            if live:
                yield from self.follow(value, path, scope, depth + 1)

    def by_key(self, name: str, depth: int) -> Iterator[Setting]:
        """What the configuration that code reads sets for a key of this name; references are followed."""
        if depth > DEPTH or ("", "", name) in self.seen:
            return
        self.seen.add(("", "", name))
        hydra = {use.path for use in self.known.configs.hydra if use.live}
        for given in self.known.options.of(name):
            if given.override and given.program in hydra:
                yield Setting(scalar(given.value), given.evidence)
        for config, key, read in self.known.configured(name):
            if read and config.kind not in ("structured", "held"):
                reference = REFERENCE.fullmatch(key.value.strip())
                if reference:
                    yield from self.by_key(reference[1].rpartition(".")[2], depth + 1)
                else:
                    place = seen(config.path, key.line, f"{key.name}: {key.value}")
                    yield Setting(scalar(key.value), place, key=key.name.rpartition(".")[2])

    def _in_code(self, path: str) -> bool:
        return self.project.at(path).role in CODE


def owner_of(scope: str) -> str:
    """The class that a method's scope belongs to: `Net` of `Net.forward`."""
    return scope.rpartition(".")[0]


def scalar(text: str) -> Any:
    """A configuration's text as number or text; the default of an environment variable where it names one."""
    environment = ENVIRONMENT.fullmatch(text.strip())
    text = (environment[1] if environment else text).strip().strip("'\"")
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else text
