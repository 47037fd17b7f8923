"""M9: command line interfaces and project commands."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, Trace, aside, counts, half, part
from auditor.facts.own_work.template import Template
from auditor.facts.project_commands import Commands, ProjectCommand
from auditor.facts.python import PythonProject
from auditor.practices.traces import TEMPLATE
from auditor.practices.uses import Uses

RUNNERS = frozenset("make just invoke script poe pdm hatch taskipy pixi rye pipenv mise doit tox nox task".split())
"""Tools for project commands; a lone shell script is none, `npm` not the project's own code."""


@rule("M9.cli", net="command_line")
def command_line(uses: Uses, project: PythonProject, commands: Commands, template: Template) -> Iterator[Part]:
    """The project can be run by commands of its own.

    Accepted: a command line interface (typer, click, argparse, fire, hydra, LightningCLI, absl, ...) or project commands
    (`[project.scripts]`, invoke tasks, Makefile, justfile, poe, nox, doit, ...) with the group's own content.
    Half of it: the template's `tasks.py` as it came, or a command that nothing runs.
    Does not count: the course's `report.py`, an interface in vendored code, or an imported library without a call.
    To settle it: show the command and what it runs.
    """
    yield part(
        "commands",
        [
            *uses.traces("command_line.interface"),
            *(offered(one, project, template) for one in commands.project if one.kind in RUNNERS),
        ],
        looked_for="typer, click, argparse, fire, hydra or another command line interface, or own tasks, Makefile targets or "
        "entry points",
    )


def offered(command: ProjectCommand, project: PythonProject, template: Template) -> Trace:
    """A project command: it counts where it does something of the group's own that can work."""
    if command.is_empty:
        return aside(command.evidence, "it does nothing")
    if template.is_stub(command.path):
        return half(command.evidence, TEMPLATE)
    if command.kind == "script" and not works(command.target, project):
        return half(command.evidence, f"the module of {command.target} is not there")
    return counts(command.evidence)


def works(target: str, project: PythonProject) -> bool:
    """Whether an entry point's module is there, or may come from elsewhere."""
    module = target.partition(":")[0]
    if not module:
        return True
    own_packages = {file.module.partition(".")[0] for file in project.files}
    return project.module(module) is not None or module.partition(".")[0] not in own_packages
