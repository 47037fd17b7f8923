"""From the steps of a job to the commands that run: expressions filled in, tasks, hooks and own programs followed.

Sources: GitHub documentation, "Contexts" (`matrix`, `env`, `inputs`); pre-commit, "Command line interface".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from auditor.evidence import Place
from auditor.facts.pre_commit import PreCommit
from auditor.facts.project_commands import Commands
from auditor.facts.python import PythonProject
from auditor.facts.workflows import Action, Job, Step, Workflows
from auditor.formats.shell import Command, parse_commands
from auditor.patterns import pattern
from auditor.practices.automation.job_work import RUNNERS, JobWork
from auditor.practices.automation.processes import in_python, run_by
from auditor.records import replace
from auditor.repository.paths import normalise

PRE_COMMIT = ("pre-commit", "prek")
PRE_COMMIT_ACTIONS = ("pre-commit/action", "j178/prek-action")
SELECTING = ("TOXENV", "NOXSESSION")
"""Variables by which a runner is told what to run."""
COMMAND_INPUTS = ("run", "runcmd", "command", "commands", "cmd", "script", "pytest-args")
"""Inputs by which actions are given a command to run (nick-fields/retry, devcontainers/ci, addnab/docker-run-action)."""
NOT_SHELL = ("actions/github-script",)
MAX_VARIANTS = 20
"""Combinations of a matrix, and of callers, that are put into one command."""
MAX_COMMANDS = 5_000
_EXPRESSION = pattern(r"\$\{\{\s*(matrix|env|inputs)\.([\w.-]+)\s*\}\}")

_OTHER_WORK = pattern(
    r"(?<![a-z])(lint|style|format|fmt|docs?|types?|typing|mypy|flake8|ruff|black|pre-commit|build|release|publish|safety)"
)


class Follower:
    """Follows the commands of jobs through one repository."""

    def __init__(self, workflows: Workflows, commands: Commands, pre_commit: PreCommit, project: PythonProject) -> None:
        self.workflows = workflows
        self.commands = commands
        self.pre_commit = pre_commit
        self.project = project

    def work(self, job: Job, steps: Iterable[Step], why: str) -> JobWork:
        """A job with all that these of its steps run."""
        found: dict[tuple[str, int, tuple[str, ...]], Command] = {}
        opaque: set[Place] = set()
        lenient: set[Place] = set()
        for step in steps:
            if step.uses is not None and step.continue_on_error:
                lenient.add(step.uses.evidence)
            for command in self._commands(job, step):
                reached = list(self._followed(command, step.working_directory))
                unnoticed = job.continue_on_error or step.continue_on_error or command.ignored_failure
                lenient.update(one.evidence for one in reached if unnoticed or one.ignored_failure)
                opaque.update(one.evidence for one in reached if self._is_opaque(one, step.working_directory))
                for one in reached:
                    found.setdefault((one.path, one.line, one.words), one)
                    if len(found) >= MAX_COMMANDS:
                        break
        return JobWork(job, tuple(found.values()), why, frozenset(lenient), frozenset(opaque))

    def _is_opaque(self, command: Command, folder: str) -> bool:
        """Whether a runner of tests is told to run something that its settings here do not tell of, and no word says otherwise."""
        if not command.runs(*RUNNERS) or len(self.commands.expand(command, folder)) > 1:
            return False
        return not any(_OTHER_WORK.search(word) for word in command.words[1:])

    def _commands(self, job: Job, step: Step) -> Iterator[Command]:
        """The commands of a step with the values of expressions put in, and those that it hands to an action."""
        told = [(k, v) for env in (job.env, step.env) for k, v in env.items() if k in SELECTING]
        given = step.commands if step.uses is None else tuple(handed_over(step.uses))
        if step.shell.startswith("python"):
            given = (*given, *in_python(step.script, step.path, step.script_line))
        for command in given:
            if "${{" not in f"{command.text} {told}":
                yield replace(command, environment=(*told, *command.environment)) if told else command
                continue
            for values in self._values(job, step):
                text = filled(command.text, values)
                environment = tuple((name, filled(value, values)) for name, value in told)
                for one in parse_commands(text, path=command.path, line=command.line):
                    yield replace(one, environment=(*environment, *one.environment), text=command.text)

    def _values(self, job: Job, step: Step) -> Iterator[dict[str, str]]:
        """What `matrix.x`, `env.x` and `inputs.x` may be in a step, one mapping for each combination."""
        workflow = next((one for one in self.workflows.all if one.path == job.workflow), None)
        fixed = {f"env.{k}": v for env in (workflow.env if workflow else {}, job.env, step.env) for k, v in env.items()}
        rows: list[Mapping[str, str]] = list(job.matrix.combinations) if job.matrix is not None else []
        for inputs in islice(self._inputs(job.workflow), MAX_VARIANTS):
            for row in rows[:MAX_VARIANTS] or [{}]:
                yield fixed | {f"inputs.{k}": v for k, v in inputs.items()} | {f"matrix.{k}": v for k, v in row.items()}

    def _inputs(self, path: str) -> Iterator[dict[str, str]]:
        """What the callers of a workflow give it, its own defaults beneath; the defaults alone without a caller."""
        defaults: dict[str, str] = {}
        for workflow in self.workflows.all:
            if workflow.path == path:
                for trigger in workflow.triggers:
                    defaults |= trigger.defaults
        given = [
            job.inputs
            for workflow in self.workflows.all
            for job in workflow.jobs
            if job.uses.startswith("./") and normalise(job.uses) == path
        ]
        yield from ({**defaults, **one} for one in given or [{}])

    def _followed(self, command: Command, folder: str) -> Iterator[Command]:
        """A command and what it runs in turn, through tasks, hooks and the project's own programs."""
        for one in self.commands.expand(command, folder):
            yield one
            further = [*run_by(one, self.project, self.commands, folder)]
            if runs_hooks(one):
                named = hooks_named(one)
                for hook in self.pre_commit.hooks:
                    by_hand = "manual" in one.words and "manual" in hook.stages
                    if (hook.in_effect or by_hand) and (not named or hook.id in named):
                        further += hook.commands
            for inner in further[:MAX_COMMANDS]:
                yield from self.commands.expand(inner, folder)


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with the expressions put in whose values are known."""
    return _EXPRESSION.sub(lambda match: values.get(f"{match[1]}.{match[2]}", match[0]), text)


def handed_over(action: Action) -> Iterator[Command]:
    """The commands that a step gives to an action, or to an image (`uses: docker://...`)."""
    if action.name.startswith("docker://"):
        entry = action.inputs.get("entrypoint", "")
        text = (
            f"docker run {f'--entrypoint {entry} ' if entry else ''}{action.name[9:]} {action.inputs.get('args', '')}"
        )
        yield from parse_commands(text, path=action.path, line=action.line)
    elif action.is_one_of(*PRE_COMMIT_ACTIONS):
        text = f"pre-commit run {action.inputs.get('extra_args', '--all-files')}"
        yield from parse_commands(text, path=action.path, line=action.line)
    elif not action.local and not action.is_one_of(*NOT_SHELL):
        for name in COMMAND_INPUTS:
            text = action.inputs.get(name, "")
            text = f"pytest {text}" if name == "pytest-args" and text else text
            yield from parse_commands(text, path=action.path, line=action.line) if text else ()


def runs_hooks(command: Command) -> bool:
    """Whether a command runs pre-commit's hooks: `run`, or without any subcommand (pre-commit, "Command line interface")."""
    for name in PRE_COMMIT:
        call = command.call_of(name)
        if call is not None:
            words = [word for word in call[1:] if not word.startswith("-")]
            return not words if not call[1:] else words[:1] == ["run"]
    return False


def hooks_named(command: Command) -> frozenset[str]:
    """The hooks that a command names; none where it runs all."""
    call = next((call for name in PRE_COMMIT if (call := command.call_of(name)) is not None), ())
    waiting = False
    words = []
    for word in call[1:]:
        if not waiting and not word.startswith("-") and not re.search(r"[${}/.]", word):
            words.append(word)
        waiting = word in ("--from-ref", "--to-ref", "--hook-stage", "-c", "--config", "--color", "-s", "-o", "--files")
    return frozenset(words[1:])
