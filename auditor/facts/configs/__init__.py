"""Configuration: which files set parameters, and what reads them.

jobs.py         options in job specifications
files.py        configuration files, told from tools' files -> ConfigFile
parameters.py   names of hyperparameters
structured.py   classes that serve as configuration
hydra.py        where code loads configuration by Hydra, and what that resolves to -> HydraUse
readers.py      who reads a file -> Reader
"""

from __future__ import annotations

from functools import cached_property

from auditor.facts.configs.files import ConfigFile, ConfigKey, DefaultsEntry, config_files
from auditor.facts.configs.hydra import HydraFinder, HydraUse
from auditor.facts.configs.readers import Reader, ReaderFinder
from auditor.facts.configs.structured import stored_names, structured_configs
from auditor.facts.data_versioning import DataVersioning
from auditor.facts.group import ReportPlace
from auditor.facts.own_work.ignores import Ignores
from auditor.facts.project_commands import Commands
from auditor.facts.project_commands.documented import lacks_program
from auditor.facts.python import PythonProject
from auditor.facts.workflows import Workflows
from auditor.formats.shell import Command
from auditor.injection import fact
from auditor.knowledge import Names
from auditor.records import Record, field
from auditor.repository.snapshot import Snapshot

__all__ = [
    "ConfigFile",
    "ConfigKey",
    "Configs",
    "DefaultsEntry",
    "HydraUse",
    "Reader",
    "WrittenCommands",
]


class WrittenCommands(Record):
    """Every command that scripts, Makefiles, images, workflows, task files and documents hold; the report's aside."""

    commands: tuple[Command, ...] = ()


class Configs(Record, dict=True):
    """The project's configuration files and classes, and where Hydra loads some of them."""

    files: tuple[ConfigFile, ...] = ()
    hydra: tuple[HydraUse, ...] = ()
    _finder: ReaderFinder | None = field(default=None)

    def readers(self, config: ConfigFile) -> tuple[Reader, ...]:
        """What reads `config`, live readers first."""
        return self._finder.readers(config) if self._finder else ()

    @cached_property
    def choices(self) -> frozenset[str]:
        """Files that nothing loads by itself and a command may choose: of groups of a Hydra program that can run."""
        return frozenset(path for use in self.hydra if use.live for path in use.choices)

    @cached_property
    def with_parameters(self) -> tuple[ConfigFile, ...]:
        """The files and classes that set parameters of experiments."""
        return tuple(file for file in self.files if file.parameters)

    @cached_property
    def broken(self) -> tuple[ConfigFile, ...]:
        """The files that cannot be parsed."""
        return tuple(file for file in self.files if file.problem)


@fact
def written_commands(
    commands: Commands, workflows: Workflows, report: ReportPlace, snapshot: Snapshot
) -> WrittenCommands:
    """The commands that are written down in the repository; of documents only those whose program is there."""
    names = {path.rpartition("/")[2] for path in (*snapshot.paths, *snapshot.lacking)}
    offered = (
        use.command
        for use in commands.uses
        if not report.holds(use.path, use.line) and not (use.kind == "docs" and lacks_program(use.command, names))
    )
    return WrittenCommands((*offered, *(command for job in workflows.live_jobs for command in job.commands)))


@fact
def configs(
    snapshot: Snapshot,
    project: PythonProject,
    ignores: Ignores,
    written: WrittenCommands,
    data: DataVersioning,
    names: Names,
) -> Configs:
    """Configuration files and classes with their readers."""
    files = (*config_files(snapshot), *structured_configs(project))
    hydra = tuple(HydraFinder(snapshot, project, files, ignores, written.commands, stored_names(project)).uses())
    stages = [stage for place in data.projects for stage in place.stages]
    return Configs(files, hydra, ReaderFinder(project, files, hydra, written.commands, stages, names))
