"""M9: command line interfaces and project commands."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.facts.own_work.template import Template
from auditor.facts.project_commands import Commands
from auditor.facts.python import CODE, PythonProject

INTERFACES = (
    "typer.Typer", "typer.run", "typer.Typer().command", "click.command", "click.group", "click.Group", "click.*.command",
    "argparse.ArgumentParser", "fire.Fire", "hydra.main", "*.LightningCLI", "*.cli.LightningCLI", "absl.app.run", "tyro.cli",
    "cyclopts.App", "cyclopts.run", "docopt.docopt", "jsonargparse.*CLI", "jsonargparse.ArgumentParser", "simple_parsing.*",
    "transformers.HfArgumentParser", "plac.call", "defopt.run", "configargparse.*", "tap.Tap", "optparse.OptionParser",
    "cleo.*", "cement.*", "clize.run", "draccus.wrap", "pydantic_settings.CliApp.run",
)  # fmt: skip
"""What makes a Python program take arguments from the command line, by its libraries' documentation."""

RUNNERS = frozenset(
    {"make", "just", "invoke", "script", "poe", "pdm", "hatch", "taskipy", "pixi", "tox", "nox", "task"}
)
"""Tools for project commands; a lone shell script is none, `npm` not the project's own code."""


@rule("M9.cli", net="command_line")
def command_line(project: PythonProject, commands: Commands, template: Template) -> Iterator[Part]:
    """The project can be run by commands of its own.

    Accepted: a command line interface (typer, click, argparse, fire, hydra, LightningCLI, absl, ...) or project commands
    (`[project.scripts]`, invoke tasks, Makefile, justfile, poe, nox, ...) with the group's own content.
    Half of it: the template's `tasks.py` as it came, or a command that nothing runs.
    Does not count: the course's `report.py`, an interface in vendored code, or an imported library without a call.
    To settle it: show the command and what it runs.
    """
    calls = project.calls(*INTERFACES, roles=CODE)
    own = [call for call in calls if not template.is_stub(call.path)]
    targets = [c for c in commands.project if c.kind in RUNNERS and not c.is_empty]
    ours = [command for command in targets if not template.is_stub(command.path)]
    yield part(
        "commands",
        strong=[
            *(call.evidence for call in own if call.live),
            *(command.evidence for command in ours if command.kind != "script" or works(command.target, project)),
        ],
        weak=[*(call.evidence for call in calls), *(command.evidence for command in targets)],
        looked_for="typer, click, argparse, fire, hydra or another command line interface, or own tasks, Makefile targets or "
        "entry points",
        remark="the template's, or one that cannot run",
    )


def works(target: str, project: PythonProject) -> bool:
    """Whether an entry point's module is there, or may come from elsewhere."""
    module = target.partition(":")[0]
    if not module:
        return True
    own_packages = {file.module.partition(".")[0] for file in project.files}
    return project.module(module) is not None or module.partition(".")[0] not in own_packages
