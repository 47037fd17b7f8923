"""Searches for hyperparameters: W&B sweeps, Optuna, Ray Tune, Hydra multirun, scikit-learn's searches and others.

Sources: W&B documentation, "Sweep configuration structure"; Hydra, "Multi-run" and "Basic sweeper"; the API references
of Optuna, Ray Tune, KerasTuner, scikit-learn, Hyperopt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.evidence import Place, seen
from auditor.facts.configs import Configs, WrittenCommands
from auditor.facts.configs.files import ConfigFile
from auditor.facts.configs.hydra import HydraUse
from auditor.facts.dependencies.generated import is_generated
from auditor.facts.python import Call, PythonProject
from auditor.formats.shell import Command
from auditor.formats.yaml_lines import YamlError, YamlMap, parse_yaml
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

SIZE = 50_000
METHODS = frozenset({"grid", "random", "bayes"})
"""Search methods of a W&B sweep."""

_CALLS = (
    (pattern(r"optuna\.(study\.)?create_study\(\)\.optimize|optuna\.(study\.)?Study\(\)\.optimize"), "optuna"),
    (pattern(r"ray\.tune\.run|ray\.tune\.(tuner\.)?Tuner(\(\)\.fit)?|ray\.tune\.tune\.run"), "ray"),
    (pattern(r"sklearn\.model_selection\.(GridSearchCV|RandomizedSearchCV|Halving\w+SearchCV)"), "scikit-learn"),
    (pattern(r"skopt\.(gp_minimize|forest_minimize|BayesSearchCV)"), "scikit-optimize"),
    (
        pattern(
            r"(keras_tuner|kerastuner)\.(\w+\.)*(RandomSearch|BayesianOptimization|Hyperband|GridSearch|SklearnTuner)"
        ),
        "keras-tuner",
    ),
    (pattern(r"hyperopt\.fmin"), "hyperopt"),
    (pattern(r"(nevergrad|ax|bayes_opt)\.(.*\.)?(minimize|optimize|BayesianOptimization)"), "optimiser"),
    (pattern(r"transformers\.(\w+\.)*\w*Trainer\(\)\.hyperparameter_search"), "transformers"),
)


class Sweep(Record):
    """One search for hyperparameters.

    `kind`: `wandb file`, `wandb call`, `optuna`, `ray`, `scikit-learn`, `keras-tuner`, `hyperopt`, `hydra sweeper`,
    `hydra multirun`, `committed runs`, ... `program` is what a W&B sweep file runs, or the file of a multirun command;
    `program_exists` is None where none is named. `has_agent` whether anything starts agents for a W&B sweep.
    """

    kind: str
    path: str
    line: int | None
    text: str
    program: str = ""
    program_exists: bool | None = None
    live: bool = True
    has_agent: bool = False
    parameters: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    """Words that agents of a W&B sweep may hand to its program: of its `command`, and `--name=value` of its parameters."""

    @property
    def evidence(self) -> Place:
        """Where it is configured or called."""
        return seen(self.path, self.line, self.text)


def wandb_files(snapshot: Snapshot, paths: Iterable[str]) -> Iterator[Sweep]:
    """W&B sweep configurations: files with a method and parameters that vary."""
    yield from each_file(snapshot, paths, wandb_file)


def wandb_file(snapshot: Snapshot, path: str) -> Iterator[Sweep]:
    """The W&B sweep that one file configures."""
    text = snapshot.text(path)
    if text is None or len(text) > SIZE or "parameters" not in text or "method" not in text:
        return
    try:
        root = parse_yaml(text.replace("\t", " ") if path.endswith(".json") else text).mapping
    except YamlError:
        return
    for sweep in (root, root.map_at("sweep"), root.map_at("sweep_config")):
        parameters = sweep.map_at("parameters")
        if sweep.text_of("method").lower() in METHODS and parameters:
            program = sweep.text_of("program") or _commanded(sweep)
            exists = program_exists(snapshot, program, path) if program else None
            line = sweep.line_of("method")
            names = tuple(parameters)[:50]
            text = f"method: {sweep.text_of('method')}; parameters: {', '.join(names)}"
            yield Sweep("wandb file", path, line, text, program, exists, parameters=names, options=handed_over(sweep))
            break


def handed_over(sweep: YamlMap) -> tuple[str, ...]:
    """What a sweep hands to its program: the words of `command`, and every value of a parameter as an option."""
    words = [part for scalar in sweep.scalars_at("command") for part in scalar.text.split()]
    parameters = sweep.map_at("parameters")
    for name in tuple(parameters)[:50]:
        varied = parameters.map_at(name)
        values = [scalar.text for key in ("value", "values", "max") for scalar in varied.scalars_at(key)]
        words += [f"--{name}={value}" for value in values[:20]]
    return tuple(words)


def _commanded(sweep: YamlMap) -> str:
    """The program that the `command` list of a sweep names: a Python file, or the module after `-m`."""
    words = [scalar.text for scalar in sweep.scalars_at("command")]
    words = [part for word in words for part in word.split()]
    for before, word in zip(["", *words], words, strict=False):
        if word.endswith(".py") or before == "-m":
            return word
    return ""


def program_exists(snapshot: Snapshot, program: str, config: str) -> bool:
    """Whether a sweep's program is there: a path from the root, beside the sweep file or any folder, or a module."""
    if not program.endswith((".py", ".sh")) and "/" not in program:
        tail = "/" + program.replace(".", "/")
        return any(f"/{path}".endswith((f"{tail}.py", f"{tail}/__main__.py")) for path in snapshot.paths)
    program = normalise(program)
    while program.startswith("../"):
        program = program[3:]
    beside = normalise(f"{config.rpartition('/')[0]}/{program}")
    return program in snapshot or beside in snapshot or any(path.endswith("/" + program) for path in snapshot.paths)


def searches_in_code(project: PythonProject) -> Iterator[Sweep]:
    """Calls that run a search. For W&B: `wandb.sweep`, and whether an agent is started in the project."""
    agents = any(call.name == "wandb.agent" and call.live for file in project.files for call in file.calls)
    for file in project.files:
        for call in file.calls:
            if call.name == "wandb.sweep":
                yield Sweep("wandb call", call.path, call.line, call.text, live=call.live, has_agent=agents)
            else:
                kind = _search_kind(call)
                if kind:
                    yield Sweep(kind, call.path, call.line, call.text, live=call.live)


def _search_kind(call: Call) -> str | None:
    return next((kind for pattern, kind in _CALLS for name in call.names if pattern.fullmatch(name)), None)


def hydra_sweepers(files: Iterable[ConfigFile], hydra: Iterable[HydraUse]) -> Iterator[Sweep]:
    """Configs that make a Hydra program sweep: `hydra.sweeper.params`, or a mode of MULTIRUN; the files Hydra loads."""
    used = {path for use in hydra if use.live for path in use.resolved}
    for file in files:
        for key in file.keys:
            values = key.name.startswith(("hydra.sweeper.params.", "hydra.sweeper.search_space."))
            mode = key.name == "hydra.mode" and key.value.rpartition(".")[2].upper() == "MULTIRUN"
            if values or mode:
                text = f"{key.name}: {key.value}"
                yield Sweep("hydra sweeper", file.path, key.line, text, live=file.path in used)
                break


def multiruns(commands: Iterable[Command], hydra: Iterable[HydraUse], project: PythonProject) -> Iterator[Sweep]:
    """Commands that run a Hydra program with `-m` or `--multirun` and a list of values for some parameter."""
    programs = {use.path: use.live for use in hydra if use.kind == "decorator"}
    modules = {file.module: file.path for file in project.files if file.path in programs}
    for command in commands:
        words = list(command.words)
        at = next(
            (i for i, word in enumerate(words) if _program(word, words[i - 1] if i else "", programs, modules)), None
        )
        if at is None:
            continue
        program = _program(words[at], words[at - 1] if at else "", programs, modules)
        rest = words[at + 1 :]
        several = [
            w for w in rest if re.match(r"[+~]*[\w./@]+=", w) and re.search(r"=.*,|=(choice|range|interval|glob)\(", w)
        ]
        if program and several and {"-m", "--multirun"} & set(rest):
            names = tuple(word.partition("=")[0] for word in several)
            yield Sweep(
                "hydra multirun",
                command.path,
                command.line,
                command.text,
                program,
                True,
                programs[program],
                parameters=names,
            )


def _program(word: str, before: str, programs: dict[str, bool], modules: dict[str, str]) -> str | None:
    """The Hydra program that a word of a command names: its file, or its module after `-m`."""
    if before == "-m" and word in modules:
        return modules[word]
    path = normalise(word)
    if word.endswith(".py"):
        return next((p for p in programs if p == path or p.endswith("/" + path) or path.endswith("/" + p)), None)
    return None


def committed_runs(snapshot: Snapshot) -> Iterator[Sweep]:
    """Committed results of sweeps: runs of a Hydra multirun, a W&B sweep's run configs, an Optuna database."""
    runs: dict[tuple[str, str], list[str]] = {}
    for path in snapshot.paths:
        if multirun := re.match(r"((?:.*/)?multirun/[^/]+/[^/]+)/\d+/\.hydra/overrides\.yaml$", path):
            runs.setdefault((multirun.group(1), "hydra multirun"), []).append(path)
        elif sweep := re.match(r"((?:.*/)?wandb/sweep-[^/]+)/config-[^/]+\.yaml$", path):
            runs.setdefault((sweep.group(1), "wandb sweep"), []).append(path)
        elif re.fullmatch(r"(.*/)?optuna[\w.-]*\.(db|sqlite3?)", path):
            yield Sweep("committed runs", path, None, "database of an Optuna study")
    for (folder, what), found in runs.items():
        if len(found) > 1:
            yield Sweep("committed runs", found[0], 1, f"{len(found)} runs of a {what} in {folder}")


class Sweeps(Record):
    """Every search for hyperparameters that the repository sets up, runs or shows results of."""

    sweeps: tuple[Sweep, ...] = ()


@fact
def sweeps(snapshot: Snapshot, project: PythonProject, configs: Configs, written: WrittenCommands) -> Sweeps:
    """Searches for hyperparameters, from files, code, commands and committed results."""
    candidates = [
        path
        for path in snapshot.paths
        if path.endswith((".yaml", ".yml", ".json")) and not is_generated(path) and not path.startswith(".github/")
    ]
    return Sweeps(
        (
            *wandb_files(snapshot, candidates),
            *searches_in_code(project),
            *hydra_sweepers(configs.files, configs.hydra),
            *multiruns(written.commands, configs.hydra, project),
            *committed_runs(snapshot),
        )
    )
