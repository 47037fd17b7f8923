"""What a command is here: one that the project offers, or one that a document tells the reader to give."""

from __future__ import annotations

from auditor.evidence import Place, seen
from auditor.formats.shell import Command
from auditor.records import Record


class ProjectCommand(Record):
    """A command that the project offers.

    `kind` is the tool that runs it: `make`, `just`, `invoke`, `script` (an entry point of the package), `poe`, `pdm`,
    `hatch`, `taskipy`, `pixi`, `rye`, `pipenv`, `mise`, `doit`, `tox`, `nox`, `npm`, `task`, `vscode` or `shell` (a shell script, named by its path).
    `commands` are the shell commands that it runs, `needs` the names of the same kind that it runs first (or calls),
    and `target` the Python function behind it: `module:function` of an entry point, `module.function` of a task.
    """

    kind: str
    name: str
    path: str
    line: int
    commands: tuple[Command, ...] = ()
    needs: tuple[str, ...] = ()
    target: str = ""
    tags: tuple[str, ...] = ()
    """Further names under which its runner finds it (nox' tags)."""
    by_default: bool = True
    """Whether its runner runs it when it is told no name, where it then runs all."""

    @property
    def is_empty(self) -> bool:
        """Whether it does nothing."""
        return not (self.commands or self.needs or self.target)

    @property
    def evidence(self) -> Place:
        """Its name and what it runs first."""
        what = self.commands[0].text if self.commands else self.target or " ".join(self.needs)
        return seen(self.path, self.line, f"{self.kind} {self.name}: {what}")


class CommandUse(Record):
    """One shell command of the repository and where it comes from.

    `kind` is that of the `ProjectCommand` with the name `name`, or `docs`, `container` (a Dockerfile's RUN or entry
    point), `cloudbuild`, `notebook` (a cell's `!command` or magic), or `workflow` where a caller adds those.
    """

    kind: str
    name: str
    command: Command

    @property
    def path(self) -> str:
        """File that holds it."""
        return self.command.path

    @property
    def line(self) -> int:
        """Line of the command."""
        return self.command.line

    @property
    def evidence(self) -> Place:
        """The command."""
        return self.command.evidence
