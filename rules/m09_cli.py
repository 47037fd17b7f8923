"""M9: command line interfaces and project commands."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, Trace, aside, counts, half, part
from auditor.facts.own_work.template import Template
from auditor.facts.project_commands import Commands, ProjectCommand
from auditor.facts.python import CODE, PythonProject
from auditor.patterns import pattern
from auditor.practices.arguments.options import program_of
from auditor.practices.automation.commands import RunCommand, RunCommands
from auditor.practices.traces import TEMPLATE, trace
from auditor.practices.uses import Uses

RUNNERS = frozenset("make just invoke script poe pdm hatch taskipy pixi rye pipenv mise doit tox nox task".split())
"""Tools for project commands; a lone shell script is none, `npm` not the project's own code."""

PARSES = ("parse_args", "parse_known_args", "parse_intermixed_args", "parse_known_intermixed_args")
ARGV = pattern(r"\bargv\s*\[\s*[1-9]")


@rule("M9.cli", net="command_line")
def command_line(
    uses: Uses, project: PythonProject, commands: Commands, template: Template, run: RunCommands
) -> Iterator[Part]:
    """The project can be run by commands of its own.

    Accepted: a command line interface (typer, click, argparse, fire, hydra, LightningCLI, absl, ...) or project commands
    (`[project.scripts]`, invoke tasks, Makefile, justfile, poe, nox, doit, ...) with the group's own content.
    Half of it: the template's `tasks.py` as it came, or a command that nothing runs; words of `sys.argv` that are taken by hand; scripts of a
    shell that run the project.
    Does not count: the course's `report.py`, an interface in vendored code, or an imported library without a call.
    To settle it: show the command and what it runs.
    """
    yield part(
        "commands",
        [
            *interfaces(uses, project),
            *(offered(one, project, template) for one in commands.project if one.kind in RUNNERS),
            *by_hand(project, template),
            *(half(one.evidence, "a script of a shell, no project command") for one in scripts(run, project)),
        ],
        looked_for="typer, click, argparse, fire, hydra or another command line interface, or own tasks, Makefile targets or "
        "entry points",
    )


def interfaces(uses: Uses, project: PythonProject) -> Iterator[Trace]:
    """Command line interfaces; a parser of the standard library that nothing asks to parse anything is one by half."""
    asked = any(
        call.written.endswith(PARSES) and not any(value.text in ("[]", "()") for value in call.args[:1])
        for file in project.of(*CODE)
        for call in file.calls
    )
    idle = {
        call.evidence
        for call in uses.calls("command_line.interface")
        if call.name == "argparse.ArgumentParser" and not asked
    }
    for one in uses.traces("command_line.interface"):
        yield half(one.place, "nothing asks it to parse the command line") if one.place in idle else one


def by_hand(project: PythonProject, template: Template) -> Iterator[Trace]:
    """Settings that read the command line themselves (Pydantic), and programs that take words out of `sys.argv`."""
    for file in project.of(*CODE):
        if template.is_stub(file.path):
            continue
        for call in file.calls:
            given = call.keyword("cli_parse_args")
            if given is not None and given.literal is True:
                yield trace(call)
        taken = next(
            (
                one
                for one in file.references
                if any(name.startswith("sys.argv") for name in one.names) and ARGV.search(one.text)
            ),
            None,
        )
        if taken is not None:
            yield half(taken.evidence, "it takes the words of the command line by hand")


def scripts(run: RunCommands, project: PythonProject) -> Iterator[RunCommand]:
    """Commands of shell scripts that run the project's own programs."""
    files = {file.path: file.module for file in project.of(*CODE)}
    for one in run.all:
        if one.origin == "shell" and program_of(one.command.words, files)[1]:
            yield one


def offered(command: ProjectCommand, project: PythonProject, template: Template) -> Trace:
    """A project command: it counts where it does something of the group's own that can work."""
    if command.is_empty:
        return aside(command.evidence, "it does nothing")
    if template.is_stub(command.path) and command.line not in {line for line, _ in template.own_lines(command.path)}:
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
