"""Every command of the repository with whether anything can run it: scripts, tasks, documents, workflows, code.

Sources: "gcloud" command reference (release levels `alpha` and `beta` stand before the command group).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from auditor.evidence import Place, Trace, weighed
from auditor.facts.group import ReportPlace
from auditor.facts.project_commands import Commands
from auditor.facts.python import CODE, PythonProject
from auditor.formats.shell import Command
from auditor.formats.shell.wrappers import matches
from auditor.injection import fact
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.traces import DEAD_COMMAND
from auditor.records import Record

RELEASE_LEVELS = frozenset({"alpha", "beta", "preview"})
HELP = frozenset({"--help", "-h", "help"})


class RunCommand(Record):
    """A command and where it stands: `origin` is the kind of its `CommandUse`, `workflow` or `code`."""

    command: Command
    origin: str
    live: bool = True

    @property
    def evidence(self) -> Place:
        """The command."""
        return self.command.evidence

    @property
    def trace(self) -> Trace:
        """The command as a trace: it counts where something runs it."""
        return weighed(self.evidence, "" if self.live else DEAD_COMMAND)

    @property
    def path(self) -> str:
        """The file that holds it."""
        return self.command.path

    def call_of(self, *names: str) -> tuple[str, ...] | None:
        """The call that is one of `names` (`gcloud run deploy`), release levels left out; None where there is none."""
        for call in self.command.calls:
            plain = (call[0], *(word for word in call[1:] if word not in RELEASE_LEVELS)) if call else call
            if any(matches(plain, name) for name in names) and not HELP.intersection(plain):
                return plain
        return None

    def runs(self, *names: str) -> bool:
        """Whether it runs one of `names`."""
        return self.call_of(*names) is not None

    def says(self, *words: str) -> bool:
        """Whether one of `words` says something. A document may show no more than the form of a command."""
        return self.origin != "docs" or any(word and not is_placeholder(word) for word in words)

    def concrete(self, name: str) -> bool:
        """Whether it says what it acts on: by an argument, or the value of an option."""
        given = (self.call_of(name) or ())[len(name.split()) :]
        return self.says(*(word.partition("=")[2] if word.startswith("-") else word for word in given))


def is_placeholder(word: str) -> bool:
    """Whether a word stands for one that the reader is to fill in: <name> (read as {}), SERVICE_NAME, your-service, ..."""
    low = word.lower()
    shouted = len(word) > 2 and all(c.isupper() or c in "_-" for c in word)
    return shouted or not word.strip("{}:/. ") or "your" in low or "..." in word or "xxx" in low or "…" in word


class RunCommands(Record, dict=True):
    """All commands, each place once, live ones first."""

    all: tuple[RunCommand, ...] = ()

    @cached_property
    def _by_program(self) -> dict[str, list[RunCommand]]:
        found: dict[str, list[RunCommand]] = {}
        for one in self.all:
            for program in dict.fromkeys(one.command.programs):
                found.setdefault(program, []).append(one)
        return found

    def running(self, *names: str) -> Iterator[RunCommand]:
        """The commands that run one of `names`."""
        seen: set[int] = set()
        for program in dict.fromkeys(name.partition(" ")[0] for name in names):
            for one in self._by_program.get(program, ()):
                if id(one) not in seen and one.runs(*names):
                    seen.add(id(one))
                    yield one


@fact
def cloud_commands(
    commands: Commands, pipelines: Pipelines, project: PythonProject, report: ReportPlace
) -> RunCommands:
    """Every command, the group's report aside: what it says is the claim, not the evidence."""
    found: dict[tuple[str, int, tuple[str, ...]], RunCommand] = {}

    def add(command: Command, origin: str, live: bool = True) -> None:
        found.setdefault((command.path, command.line, command.words), RunCommand(command, origin, live))

    for work in pipelines.live:
        for command in work.commands:
            add(command, "workflow")
    for use in commands.uses:
        if not report.holds(use.path, use.line):
            add(use.command, use.kind)
    for one in commands.started.all:
        if project.at(one.call.path).role in CODE:
            add(one.command, "code", one.live)
    for work in pipelines.dead:
        for command in work.commands:
            add(command, "workflow", False)
    return RunCommands(tuple(sorted(found.values(), key=lambda one: not one.live)))
