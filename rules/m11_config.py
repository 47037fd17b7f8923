"""M11: configuration files and Hydra."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, Trace, counts, half, part
from auditor.facts.configs import ConfigFile, Configs, HydraUse, Reader
from auditor.facts.configs.parameters import is_hyperparameter
from auditor.facts.python import CODE, PythonProject
from auditor.practices.traces import NOTHING_CALLS
from auditor.practices.tracking.sweeps import Sweeps

SEVERAL = 2
"""Parameters from which on a module of constants is one of settings."""
NOT_READING = frozenset({"name"})
"""Ways in which code names a configuration file without loading it."""


@rule("M11.config", net="configuration")
def experiment_configs(configs: Configs, sweeps: Sweeps, project: PythonProject) -> Iterator[Part]:
    """Configuration files with the parameters of experiments, read by the code.

    Accepted: YAML, TOML, JSON or INI files, or structured configs, with parameters such as learning rate, batch size or
    epochs; read by Hydra, OmegaConf, a YAML or JSON load, argparse, LightningCLI, DVC, or named in a command that runs the code; a
    W&B sweep file with such parameters whose program exists (the agent passes them as options), or a job specification with
    them as options of its program, where a command or script submits it.
    Half of it: such a file that nothing reads, or that cannot be parsed; a sweep file whose program is not there; a module of the
    project's own that holds such parameters as constants for the others.
    Does not count: settings of tools (linters, workflows, compose), dumps that a run left behind.
    To settle it: show the line that loads the file.
    """
    traces = [trace for config in configs.with_parameters for trace in read_or_not(config, configs, project)]
    for config in configs.broken:
        if reading(config, configs, project):
            traces.append(half(config.evidence, f"the code loads it, and it cannot be parsed ({config.problem})"))
    for sweep in sweeps.sweeps:
        if sweep.kind == "wandb file" and any(is_hyperparameter(name.rpartition(".")[2]) for name in sweep.parameters):
            missing = f"its program {sweep.program} is not there" if sweep.program else "it names no program"
            traces.append(counts(sweep.evidence) if sweep.program_exists else half(sweep.evidence, missing))
    if not traces:
        traces += modules_of_constants(project)
    yield part(
        "experiment configuration",
        traces,
        looked_for="a YAML, TOML, JSON or INI file, or a config class, with experiment parameters that the code reads",
    )


def modules_of_constants(project: PythonProject) -> Iterator[Trace]:
    """Own modules that hold parameters of experiments as constants, and that another module imports."""
    used = {
        module
        for file in project.of(*CODE)
        for one in file.imports
        if one.own
        for module in (one.name, one.name.rpartition(".")[0])
    }
    for file in project.of(*CODE):
        names = {
            one.target: one
            for one in file.assignments
            if not one.scope and one.value.known and is_hyperparameter(one.target)
        }
        if len(names) >= SEVERAL and not file.calls and file.module in used:
            yield half(next(iter(names.values())).evidence, "constants of a module, no configuration that is read")


def reading(config: ConfigFile, configs: Configs, project: PythonProject) -> list[Reader]:
    """Who reads a file when the project runs; tests are none."""
    return [
        reader
        for reader in configs.readers(config)
        if reader.live
        and reader.how not in NOT_READING
        and not reader.only_tests
        and not in_tests(reader.evidence.path, project)
    ]


def read_or_not(config: ConfigFile, configs: Configs, project: PythonProject) -> Iterator[Trace]:
    """A file and who reads it; by half with the nearest reason why nobody does."""
    readers = reading(config, configs, project)
    if readers:
        yield counts(config.evidence)
        yield counts(readers[0].evidence)
        return
    near = next(iter(configs.readers(config)), None)
    if near is None:
        why = "nothing submits it" if config.kind == "job" else "nothing reads it"
    elif near.how in NOT_READING:
        why = f"{near.evidence.where} names it, and nothing was found that loads it"
    else:
        why = (
            f"only {near.evidence.where} reads it, which {'nothing runs' if not near.live else 'belongs to the tests'}"
        )
    yield half(config.evidence, why)


@rule("M11.hydra", net="hydra")
def hydra_loads(configs: Configs, project: PythonProject) -> Iterator[Part]:
    """Hydra loads the configuration.

    Accepted: `@hydra.main`, `compose` and `initialize`, or hydra-zen's `hydra_main`, in code that runs, with a config that exists
    (a file, or a class in the ConfigStore).
    Half of it: OmegaConf alone; a Hydra entry point whose config does not exist; one that nothing runs.
    Does not count: Hydra as a dependency or an unused import, or a YAML file read by other means.
    To settle it: show the entry point and the config it names.
    """
    uses = [use for use in configs.hydra if not use.only_tests and not in_tests(use.path, project)]
    omega = project.calls("omegaconf.OmegaConf.*", "omegaconf.OmegaConf", live=True, roles=CODE)
    yield part(
        "Hydra",
        [
            *(as_used(use, bool(configs.files)) for use in uses),
            *(half(call.evidence, "it is OmegaConf, which Hydra builds on, by itself") for call in omega),
        ],
        looked_for="an entry point that Hydra configures, in code that runs, with a config that exists",
    )


def as_used(use: HydraUse, any_files: bool) -> Trace:
    """One entry point. A name that only the running program knows is taken to exist where there is any configuration."""
    if not use.live:
        return half(use.evidence, NOTHING_CALLS)
    if use.loads or (use.config_name is None and any_files):
        return counts(use.evidence)
    named = f"the config {use.config_name} that it names" if use.config_name else "a config that it could load"
    return half(use.evidence, f"{named} was not found" + (f": {use.excused}" if use.excused else ""))


def in_tests(path: str, project: PythonProject) -> bool:
    """Whether a file belongs to the tests: what only they read configures no experiment."""
    return project.at(path).is_test
