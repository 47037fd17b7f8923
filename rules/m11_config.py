"""M11: configuration files and Hydra."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, Place, part
from auditor.facts.configs import Configs
from auditor.facts.configs.parameters import is_hyperparameter
from auditor.facts.python import CODE, PythonProject
from auditor.practices.tracking.sweeps import Sweeps

NOT_READING = frozenset({"name"})
"""Ways in which code names a configuration file without loading it."""


@rule("M11.config", net="configuration")
def experiment_configs(configs: Configs, sweeps: Sweeps, project: PythonProject) -> Iterator[Part]:
    """Configuration files with the parameters of experiments, read by the code.

    Accepted: YAML, TOML, JSON or INI files, or structured configs, with parameters such as learning rate, batch size or
    epochs; read by Hydra, OmegaConf, a YAML or JSON load, argparse, LightningCLI, or named in a command that runs the code; a W&B sweep file with such parameters whose program
    exists (the agent passes them as options).
    Half of it: such a file that nothing reads, or a sweep file whose program is not there.
    Does not count: settings of tools (linters, workflows, compose), dumps that a run left behind.
    To settle it: show the line that loads the file.
    """
    read: list[Place] = []
    unread: list[Place] = []
    for config in configs.with_parameters:
        readers = [
            reader
            for reader in configs.readers(config)
            if reader.live
            and reader.how not in NOT_READING
            and not reader.only_tests
            and not in_tests(reader.evidence.path, project)
        ]
        if readers:
            read += [config.evidence, *(reader.evidence for reader in readers[:1])]
        else:
            unread.append(config.evidence)
    for sweep in sweeps.sweeps:
        if sweep.kind == "wandb file" and any(is_hyperparameter(name.rpartition(".")[2]) for name in sweep.parameters):
            (read if sweep.program_exists else unread).append(sweep.evidence)
    yield part(
        "experiment configuration",
        strong=read,
        weak=unread,
        looked_for="a YAML, TOML, JSON or INI file, or a config class, with experiment parameters that the code reads",
        remark="nothing was found that reads it",
    )


@rule("M11.hydra", net="hydra")
def hydra_loads(configs: Configs, project: PythonProject) -> Iterator[Part]:
    """Hydra loads the configuration.

    Accepted: `@hydra.main`, or `compose` and `initialize`, in code that runs, with a config that exists (a file, or a class
    in the ConfigStore).
    Half of it: OmegaConf alone; a Hydra entry point whose config does not exist; one that nothing runs.
    Does not count: Hydra as a dependency or an unused import, or a YAML file read by other means.
    To settle it: show the entry point and the config it names.
    """
    uses = [use for use in configs.hydra if not use.only_tests and not in_tests(use.path, project)]
    omega = project.calls("omegaconf.OmegaConf.*", "omegaconf.OmegaConf", live=True, roles=CODE)
    # A name that only the running program knows is taken to exist where there is any configuration to choose from.
    loading = [use for use in uses if use.live and (use.loads or (use.config_name is None and configs.files))]
    yield part(
        "Hydra",
        strong=[use.evidence for use in loading],
        weak=[*(use.evidence for use in uses), *(call.evidence for call in omega)],
        looked_for="an entry point that Hydra configures, in code that runs, with a config that exists",
        remark="the config it names was not found, or nothing runs it" if uses else "OmegaConf without Hydra",
    )


def in_tests(path: str, project: PythonProject) -> bool:
    """Whether a file belongs to the tests: what only they read configures no experiment."""
    file = project.file(path)
    return file is not None and file.is_test
