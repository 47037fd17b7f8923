"""Searches for hyperparameters: W&B sweeps, Optuna, Ray Tune, Hydra multirun, scikit-learn's searches and others.

Sources: W&B documentation, "Sweep configuration structure"; Hydra, "Multi-run" and "Basic sweeper"; DVC, "exp run"; Katib and
Vertex AI references. The libraries stand in `knowledge/tables/tracking.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from auditor.evidence import Place, Trace, half, seen, strong_first, weighed
from auditor.facts.configs import Configs, WrittenCommands
from auditor.facts.configs.files import ConfigFile
from auditor.facts.configs.hydra import HydraUse
from auditor.facts.dependencies.generated import is_generated
from auditor.facts.project_commands import Commands, ProjectCommand
from auditor.facts.python import CODE, PythonProject
from auditor.formats.shell import Command
from auditor.formats.shell.options import values_of
from auditor.formats.yaml_lines import YamlError, YamlMap, parse_yaml
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.commands import RunCommands
from auditor.practices.code.model import ModelCode
from auditor.practices.traces import NOTHING_CALLS, why_idle
from auditor.practices.tracking.by_hand import by_hand
from auditor.practices.uses import Uses
from auditor.records import Record, replace
from auditor.repository.file_by_file import each_file
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

SIZE = 50_000
METHODS = frozenset({"grid", "random", "bayes"})
"""Search methods of a W&B sweep."""

DOCUMENTS = (".md", ".rst", ".txt")
DOCUMENT_ALONE = "a document alone gives the command, nothing in the repository runs it"
NO_PROGRAM = "the program that it names does not exist"
NO_AGENT = "it names no program, and nothing starts an agent"
NOT_STARTED = "the sweep is registered, and nothing starts an agent"
BY_ITSELF = "an estimator tries values of its one parameter by itself"
NOTHING_LOADS = "nothing loads this configuration"
SWEEPS_BY_COMMAND = (
    "gcloud ai hp-tuning-jobs create", "optuna study optimize", "nnictl create", "comet optimize", "orion hunt", "polyaxon run",
)  # fmt: skip
"""Commands that run a search (references of the tools)."""
SEVERAL = pattern(r"=.*,|=(choice|range|interval|glob)\(")
"""Several values for one setting (Hydra, "Extended Override syntax"; DVC, "exp run --set-param")."""


class Sweep(Record):
    """One search for hyperparameters.

    `kind`: `wandb file`, `wandb call`, `search` (a library's), `grid` (the settings of a grid that code goes through itself),
    `hydra sweeper`, `hydra multirun`, `command`, `file` (of Katib or Vertex AI), `committed runs`. `program` is what a W&B sweep file runs, or the file of a multirun command;
    `program_exists` is None where none is named. `has_agent` whether anything starts agents for a W&B sweep.
    """

    kind: str
    path: str
    line: int | None
    text: str
    program: str = ""
    program_exists: bool | None = None
    live: bool = True
    why_idle: str = ""
    has_agent: bool = False
    parameters: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    """Words that agents of a W&B sweep may hand to its program: of its `command`, and `--name=value` of its parameters."""

    @property
    def evidence(self) -> Place:
        """Where it is configured or called."""
        return seen(self.path, self.line, self.text)


def why_half(sweep: Sweep, registered: bool) -> str:
    """Why a search counts by half only; empty where it counts. `registered`: a W&B sweep file is there as well."""
    if sweep.path.lower().endswith(DOCUMENTS):
        return DOCUMENT_ALONE
    if not sweep.live or sweep.why_idle:
        return NOTHING_LOADS if sweep.kind == "hydra sweeper" else sweep.why_idle or NOTHING_CALLS
    if sweep.program_exists is False:
        return NO_PROGRAM
    if sweep.kind == "wandb file" and not (sweep.program_exists or sweep.has_agent):
        return NO_AGENT
    return NOT_STARTED if sweep.kind == "wandb call" and not (sweep.has_agent or registered) else ""


def wandb_files(snapshot: Snapshot, paths: Iterable[str]) -> Iterator[Sweep]:
    """W&B sweep configurations: files with a method and parameters that vary."""
    yield from each_file(snapshot, paths, wandb_file)


def wandb_file(snapshot: Snapshot, path: str) -> Iterator[Sweep]:
    """The searches that one file configures: W&B's, Katib's, or Vertex AI's."""
    text = snapshot.text(path)
    if text is None or len(text) > SIZE or not ("method" in text or "udy" in text or "kubeflow" in text):
        return
    try:
        root = parse_yaml(text.replace("\t", " ") if path.endswith(".json") else text).mapping
    except YamlError:
        return
    if root.text_of("apiVersion").startswith("kubeflow.org/") and root.text_of("kind") == "Experiment":
        yield Sweep("file", path, root.line_of("kind"), "kind: Experiment (Katib)")
    if study := next((key for key in ("studySpec", "study_spec") if key in root), ""):
        yield Sweep("file", path, root.line_of(study), f"{study} of a Vertex AI hyperparameter tuning job")
    for sweep in (root, *(value for value in root.values() if isinstance(value, YamlMap))):
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


def searches_in_code(project: PythonProject, uses: Uses, agent_command: bool) -> Iterator[Sweep]:
    """Calls that run a search. For W&B: `wandb.sweep`, and whether an agent is started in the project."""
    agents = agent_command or any(
        call.name == "wandb.agent" and call.live for file in project.files for call in file.calls
    )
    kinds = (("wandb call", project.calls("wandb.sweep", roles=CODE)), ("search", uses.calls("tracking.search")))
    found = [
        Sweep(
            kind,
            call.path,
            call.line,
            call.text,
            live=call.live,
            has_agent=agents and kind == "wandb call",
            why_idle=why_idle(call),
        )
        for kind, calls in (*kinds, ("grid", uses.calls("tracking.grid")))
        for call in calls
    ]
    yield from sorted(found, key=lambda one: (one.path, one.line or 0))


def by_command(commands: RunCommands, snapshot: Snapshot) -> Iterator[Sweep]:
    """Searches that a command runs: DVC's queue over several values, Vertex AI's jobs, Optuna's and other tools' own programs."""
    for one in commands.running("dvc exp run"):
        if any(SEVERAL.search(value) for value in values_of(one.command.words, "-S", "--set-param")):
            yield Sweep("command", one.path, one.command.line, one.command.text, live=one.live)
    for one in commands.running("wandb agent"):
        yield Sweep("command", one.path, one.command.line, one.command.text, live=one.live)
    for one in commands.running("wandb sweep"):
        config = next((word for word in one.command.words if word.endswith((".yaml", ".yml"))), "")
        if one.live and config and program_exists(snapshot, config, one.path):
            yield Sweep("command", one.path, one.command.line, one.command.text)
    for one in commands.running(*SWEEPS_BY_COMMAND):
        name = next(name for name in SWEEPS_BY_COMMAND if one.runs(name))
        yield Sweep("command", one.path, one.command.line, one.command.text, live=one.live and one.concrete(name))


def hydra_sweepers(files: Iterable[ConfigFile], hydra: Iterable[HydraUse]) -> Iterator[Sweep]:
    """Configs that make a Hydra program sweep: `hydra.sweeper.params`, or a mode of MULTIRUN; files that Hydra loads or can choose."""
    used = {path for use in hydra if use.live for path in (*use.resolved, *use.choices)}
    for file in files:
        for key in file.keys:
            values = key.name.startswith(("hydra.sweeper.params.", "hydra.sweeper.search_space."))
            mode = key.name == "hydra.mode" and key.value.rpartition(".")[2].upper() == "MULTIRUN"
            if values or mode:
                text = f"{key.name}: {key.value}"
                yield Sweep("hydra sweeper", file.path, key.line, text, live=file.path in used)
                break


def multiruns(
    commands: Iterable[Command], hydra: Iterable[HydraUse], project: PythonProject, offered: Iterable[ProjectCommand]
) -> Iterator[Sweep]:
    """Commands that run a Hydra program with `-m` or `--multirun` and a list of values for some setting.

    A program is named by its file, its module, or the entry point that the package declares for it.
    """
    programs = {use.path: use.live for use in hydra if use.kind == "decorator"}
    modules = {file.module: file.path for file in project.files if file.path in programs}
    scripts = {one.name: one.target.partition(":")[0] for one in offered if one.kind == "script"}
    scripts = {name: modules[module] for name, module in scripts.items() if module in modules}
    for command in commands:
        words = list(command.words)
        if not {"-m", "--multirun"} & set(words):
            continue
        at, program = next(
            (
                (i, found)
                for i, (before, word) in enumerate(pairwise(("", *words)))
                if (found := scripts.get(word) or _program(word, before, programs, modules))
            ),
            (0, ""),
        )
        rest = words[at + 1 :]
        several = [w for w in rest if re.match(r"[+~]*[\w./@]+=", w) and SEVERAL.search(w)]
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
    by_hand: tuple[Trace, ...] = ()
    """Loops over settings without a search, and estimators that try several by themselves."""

    @property
    def traces(self) -> tuple[Trace, ...]:
        """All of them, each with why it counts by half where it does."""
        registered = any(sweep.kind == "wandb file" for sweep in self.sweeps)
        found = []
        for sweep in self.sweeps:
            why = why_half(sweep, registered)
            found.append(weighed(sweep.evidence, why))
        return strong_first([*found, *self.by_hand])


@fact
def sweeps(
    snapshot: Snapshot,
    project: PythonProject,
    uses: Uses,
    configs: Configs,
    written: WrittenCommands,
    commands: Commands,
    run: RunCommands,
    model: ModelCode,
) -> Sweeps:
    """Searches for hyperparameters, from files, code, commands and committed results."""
    candidates = [
        path
        for path in snapshot.paths
        if path.endswith((".yaml", ".yml", ".json")) and not is_generated(path) and not path.startswith(".github/")
    ]
    agent = any(one.live for one in run.running("wandb agent"))
    files = [replace(one, has_agent=agent) for one in wandb_files(snapshot, candidates)]
    found = (
        *files,
        *searches_in_code(project, uses, agent),
        *by_command(run, snapshot),
        *hydra_sweepers(configs.files, configs.hydra),
        *multiruns(written.commands, configs.hydra, project, commands.project),
        *committed_runs(snapshot),
    )
    alone = (half(call.evidence, BY_ITSELF) for call in uses.calls("tracking.tries_by_itself", live=True))
    return Sweeps(found, (*by_hand(project, model, run, snapshot), *alone))
