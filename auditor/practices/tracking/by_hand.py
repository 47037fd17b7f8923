"""Settings of a training that are gone through by hand: loops, arrays of jobs, commands one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from auditor.evidence import Place, Trace, half
from auditor.facts.python import CODE, Assignment, Call, Loop, PythonFile, PythonProject, Value, reached
from auditor.patterns import pattern
from auditor.practices.automation.commands import RunCommands
from auditor.practices.code.model import ModelCode
from auditor.repository.snapshot import Snapshot

SIZE = 50_000
"""Characters of a script that are looked at."""
BY_HAND_ALONE = "settings are gone through by hand, no search"
SETTING = pattern(
    r"(^|[^a-z])(lr|learning[_-]?rate|batch[_-]?size|dropout|weight[_-]?decay|hidden([_-]?(dim|size|units))?|depth|width|layers|units|momentum|gamma|alpha|"
    r"n_estimators|max_depth|num_layers|optimi[sz]er|hyper_?param\w*|hparams?|epochs|seq_len|kernel_size)s?([^a-z]|$)"
)
"""What a loop by hand goes through where it compares settings."""
TUNED = pattern(
    r"(^|[^a-z])(lr|learning_?rate|batch_?size|dropout|weight_?decay|hidden_?(dim|size|units)|num_?layers|n_?estimators|max_?depth|hyper_?param\w*|hparams?)"
    r"s?([^a-z]|$)"
)
"""Those of them that are nothing but a setting of a training, wherever the loop takes them from."""
SEARCH = pattern(r"(grid|random|param\w*)_?search|search_?(grid|param\w*)|hyper_?param\w*|sweep")
"""Names of functions that search by themselves."""
PRODUCTS = ("itertools.product", "numpy.l", "numpy.geom")
"""Calls that give combinations of values, or a range of them."""
MAPS = frozenset({"map", "map_array", "starmap", "imap", "imap_unordered"})
"""Methods that call a function with each of several values (concurrent.futures, multiprocessing, submitit)."""
MOST_ORIGINS = 30
"""Values that are looked at of all that something is made of."""
ARRAY = pattern(r"\b(SLURM_ARRAY_TASK_ID|LSB_JOBINDEX|PBS_ARRAY_?(ID|INDEX)|SGE_TASK_ID)\b")
"""The number of a job in an array of jobs."""
SHELL_LOOP = pattern(r"\bfor\s+(\w{1,40})\s+in\s+\S+\s+\S")


def by_hand(project: PythonProject, model: ModelCode, commands: RunCommands, snapshot: Snapshot) -> Iterator[Trace]:
    """All of it; by half each."""
    for place in (
        *loops(project, model),
        *shell_loops(commands, snapshot),
        *arrays(commands, snapshot),
        *repeated_runs(commands),
    ):
        yield half(place, BY_HAND_ALONE)


def loops(project: PythonProject, model: ModelCode) -> Iterator[Place]:
    """Loops in code over several settings, with a training for each: a comparison, no search."""
    runs = TrainingRuns(project, model)
    for file in project.of(*CODE):
        origins = Origins(file)
        for loop in file.loops:
            over = loop.over
            if over is None or not loop.live:
                continue
            several = len(over.elements) > 1 or any(name.startswith(PRODUCTS) for name in over.names)
            if (several and SETTING.search(loop.target.lower())) or (
                is_over_settings(loop.target, over, loop.scope, origins) and runs.within(loop, file)
            ):
                yield loop.evidence
        yield from mapped(file, origins, runs)


def is_over_settings(target: str, over: Value, scope: str, origins: Origins) -> bool:
    """Whether what binds `target` goes over combinations that are made elsewhere, over values that are a setting's by their name, or searches."""
    if SEARCH.search(scope.lower()) or TUNED.search(target.lower()) or TUNED.search(over.text.lower()):
        return True
    return any(name.startswith(PRODUCTS) for value in origins.of(over, scope) for name in value.names)


class Origins:
    """What the values of a file are made of."""

    def __init__(self, file: PythonFile) -> None:
        self._given: dict[str, list[Assignment]] = {}
        self._over: dict[int, list[Value]] = {}
        for given in file.assignments:
            self._given.setdefault(given.target, []).append(given)
        for loop in file.loops:
            if loop.over is not None:
                self._over.setdefault(loop.line, []).append(loop.over)

    def of(self, value: Value, scope: str) -> Iterator[Value]:
        """A value, and what it is made of: the arguments of its call, what its variable was given, what its comprehension goes over."""
        todo, seen = [value], set[tuple[int, str]]()
        while todo and len(seen) < MOST_ORIGINS:
            one = todo.pop(0)
            if (one.line, one.text) in seen:
                continue
            seen.add((one.line, one.text))
            yield one
            if one.text.endswith("(...)"):
                todo += one.elements
            for given in self._given.get(one.text, ())[:MOST_ORIGINS]:
                if given.scope in (scope, ""):
                    todo += [given.value, *self._over.get(given.line, ())]


def mapped(file: PythonFile, origins: Origins, runs: TrainingRuns) -> Iterator[Place]:
    """Calls that map an own function that trains over several values (`executor.map(fit, rates)`)."""
    for call in file.calls:
        if call.live and call.written.rpartition(".")[2] in MAPS and len(call.args) > 1 and not call.own:
            first, over = call.args[:2]
            several = len(over.elements) > 1 or is_over_settings("", over, call.scope, origins)
            if several and any(runs.in_function(name) for name in first.names):
                yield call.evidence


class TrainingRuns:
    """Tells where a model is trained, by itself or by an own function."""

    def __init__(self, project: PythonProject, model: ModelCode) -> None:
        self._project = project
        self._places = frozenset((place.path, place.line) for place in model.training)
        self._known: dict[str, bool] = {}

    def at(self, call: Call) -> bool:
        """Whether a call trains."""
        return (call.path, call.line) in self._places or any(map(self.in_function, call.names))

    def in_function(self, name: str) -> bool:
        """Whether running an own function trains."""
        if name not in self._known:
            function = self._project.function(name)
            self._known[name] = function is not None and any(
                (one.path, one.line) in self._places for one in reached(function, self._project)
            )
        return self._known[name]

    def within(self, loop: Loop, file: PythonFile) -> bool:
        """Whether a training is run in a loop."""
        inner = (c for c in file.calls if c.in_loop and c.line >= loop.line and c.scope == loop.scope)
        return any(map(self.at, inner))


def shell_loops(commands: RunCommands, snapshot: Snapshot) -> Iterator[Place]:
    """Loops of scripts over several settings that start a program with each."""
    for path in dict.fromkeys(one.path for one in commands.all if one.live and one.origin in ("shell", "make")):
        for found in SHELL_LOOP.finditer((snapshot.text(path) or "")[:SIZE]):
            variable = re.compile(rf"\$[({{]*{re.escape(found[1])}\b")
            line = next(
                (
                    c
                    for c in commands.all
                    if c.path == path and c.command.runs("python") and variable.search(c.command.text)
                ),
                None,
            )
            if line is not None and SETTING.search(f"{found[1]} {line.command.text}".lower()):
                yield line.evidence


def arrays(commands: RunCommands, snapshot: Snapshot) -> Iterator[Place]:
    """Scripts of a cluster's array of jobs, each of which trains with settings of its own (Slurm, LSF, PBS, Grid Engine)."""
    for path in dict.fromkeys(one.path for one in commands.all if one.origin == "shell"):
        text = (snapshot.text(path) or "")[:SIZE]
        if ARRAY.search(text) and SETTING.search(text.lower()):
            line = next(
                (one for one in commands.all if one.path == path and one.command.runs("python", "uv run")), None
            )
            if line is not None:
                yield line.evidence


def repeated_runs(commands: RunCommands) -> Iterator[Place]:
    """Commands of one file that run the same program with the same options, and other values of a setting."""
    before: dict[tuple[str, str, frozenset[str]], dict[str, str]] = {}
    for one in commands.all:
        words = one.command.words
        named = (word for before, word in pairwise(("", *words)) if word.endswith(".py") or before == "-m")
        program = next(named, "")
        if not (one.live and program):
            continue
        options = {
            name.lstrip("-"): value
            for word, after in pairwise((*words, ""))
            for name, _, value in [word.partition("=") if "=" in word else (word, "", after)]
            if value and (name.startswith("-") or "=" in word)
        }
        given = {name: value for name, value in options.items() if SETTING.search(name.lower())}
        known = before.setdefault((one.path, program, frozenset(options)), {})
        if any(known.get(name, value) != value for name, value in given.items()):
            yield one.evidence
        known |= given
