"""What jobs really run: their commands, and what those run in turn through Makefiles, task files and scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.evidence import Place
from auditor.facts.pre_commit import PreCommit
from auditor.facts.project_commands import Commands
from auditor.facts.workflows import Job, Step, Workflows
from auditor.formats.shell import Command
from auditor.injection import fact
from auditor.practices.style.linters import is_style_command, is_style_hook, rewrites
from auditor.records import Record, replace

TEST_PROGRAMS = (
    "pytest",
    "unittest",
    "nose2",
    "nosetests",
    "tox",
    "nox",
    "py.test",
    "trial",
    "ward",
    "stestr",
    "green",
)
TEST_ACTIONS = ("pavelzw/pytest-action", "cclauss/pytest-action")
LISTING = frozenset({"--collect-only", "--co", "--version", "--help"})
"""Options with which a test runner runs no test."""
OTHER_TESTS = ("--doctest-modules", "--doctest-glob", "--nbmake", "--nbval", "--nbval-lax")
"""Options with which pytest tests something other than test functions."""
LINT_ACTIONS = (
    "astral-sh/ruff-action", "chartboost/ruff-action", "psf/black", "py-actions/flake8", "rickstaa/action-black",
    "super-linter/super-linter", "github/super-linter", "github/super-linter/slim", "super-linter/super-linter/slim", "lgeiger/black-action",
    "cclauss/github_actions_flake8", "wearerequired/lint-action", "reviewdog/action-flake8", "reviewdog/action-black",
    "reviewdog/action-pylint", "tsuyoshicho/action-mypy", "isort/isort-action", "jpetrucciani/ruff-check", "suo/flake8-github-action",
    "oxsecurity/megalinter", "trunk-io/trunk-action", "davidslusser/actions_python_ruff", "grantmcconnaughey/lintly-flake8-github-action",
)  # fmt: skip
"""Actions that lint, by their names on GitHub's marketplace."""
PRE_COMMIT = ("pre-commit", "prek")
PRE_COMMIT_ACTIONS = ("pre-commit/action", "j178/prek-action")
BUILDS = (
    "docker build", "docker buildx build", "docker image build", "docker compose build", "docker-compose build", "podman build",
    "buildah bud", "buildah build", "gcloud builds submit", "gcloud run deploy", "uv build", "python -m build", "poetry build",
    "mkdocs build", "mkdocs gh-deploy", "sphinx-build", "compileall",
)  # fmt: skip
TYPE_CHECKERS = frozenset(
    {"mypy", "pyright", "basedpyright", "pytype", "ty", "pyre", "bandit", "interrogate", "vulture", "codespell"}
)


class JobWork(Record):
    """A job and every command that it runs, directly or through the project's own commands."""

    job: Job
    commands: tuple[Command, ...]

    def runs(self, *names: str) -> tuple[Place, ...]:
        """The commands that run one of `names`."""
        return tuple(command.evidence for command in self.commands if command.runs(*names))

    def uses(self, *names: str) -> tuple[Place, ...]:
        """The actions that are one of `names`."""
        return tuple(action.evidence for action in self.job.actions_of(*names))

    @property
    def tests(self) -> tuple[Place, ...]:
        """Where it runs tests."""
        found = tuple(command.evidence for command in self.commands if is_test_run(command))
        return (*found, *self.uses(*TEST_ACTIONS))

    @property
    def other_tests(self) -> tuple[Place, ...]:
        """Where it tests something that is no test function: examples in docstrings, notebooks."""
        return tuple(c.evidence for c in self.commands if is_test_run(c) and any(o in c.words for o in OTHER_TESTS))

    @property
    def rewrites(self) -> tuple[Place, ...]:
        """Where a formatter rewrites the code, which never fails."""
        return () if self.runs("git diff") else tuple(c.evidence for c in self.commands if rewrites(c))

    @property
    def type_checks(self) -> tuple[Place, ...]:
        """Where it runs a type checker or another static check."""
        return tuple(c.evidence for c in self.commands if TYPE_CHECKERS.intersection(c.programs))

    @property
    def builds(self) -> tuple[Place, ...]:
        """Where it builds an image, a package or the documentation."""
        return (*self.runs(*BUILDS), *self.uses("docker/build-push-action", "docker/bake-action"))


class Pipelines(Record):
    """Every job of every workflow with what it runs.

    `dead` are the jobs that nothing ever starts, and live ones with what their disabled steps would run.
    """

    live: tuple[JobWork, ...] = ()
    dead: tuple[JobWork, ...] = ()
    style_hooks: bool = False
    """Whether the pre-commit hooks, which a job may run, hold one for style."""

    @property
    def on_change(self) -> tuple[JobWork, ...]:
        """Live jobs that a push or pull request can start."""
        return tuple(work for work in self.live if work.job.on_change)

    @property
    def by_hand(self) -> tuple[JobWork, ...]:
        """Live jobs that only a person or a clock starts."""
        return tuple(work for work in self.live if not work.job.on_change)

    def lints(self, work: JobWork) -> tuple[Place, ...]:
        """Where a job checks style: by itself, by an action, or through pre-commit."""
        checked = set(work.rewrites)
        found = [c.evidence for c in work.commands if is_style_command(c) and c.evidence not in checked]
        found += work.uses(*LINT_ACTIONS)
        if self.style_hooks:
            found += [command.evidence for command in work.commands if runs_hooks(command)]
            found += work.uses(*PRE_COMMIT_ACTIONS)
        return tuple(found)

    def does_something(self, work: JobWork) -> tuple[Place, ...]:
        """Where a job tests, lints, checks types or builds: what makes it continuous integration."""
        return (*work.tests, *self.lints(work), *work.type_checks, *work.builds)


@fact
def read_pipelines(workflows: Workflows, commands: Commands, pre_commit: PreCommit) -> Pipelines:
    """The jobs of all workflows with their commands followed through the project's own."""
    style = any(hook.in_effect and is_style_hook(hook.id, hook.commands) for hook in pre_commit.hooks)
    live = tuple(JobWork(job, tuple(followed(job.live_steps, commands))) for job in workflows.live_jobs)
    dead = [JobWork(job, tuple(followed(job.steps, commands))) for job in workflows.dead_jobs]
    for job in workflows.live_jobs:
        disabled = tuple(replace(step, disabled=None) for step in job.steps if step.disabled is not None)
        if disabled:
            dead.append(JobWork(replace(job, steps=disabled), tuple(followed(disabled, commands))))
    return Pipelines(live, tuple(dead), style)


def followed(steps: Iterable[Step], commands: Commands) -> Iterator[Command]:
    """The commands of steps and what they run in turn."""
    for step in steps:
        for command in step.commands:
            yield from commands.expand(command, step.working_directory)


def is_test_run(command: Command) -> bool:
    """Whether a command runs tests, rather than listing them or telling its version."""
    return command.runs(*TEST_PROGRAMS) and LISTING.isdisjoint(command.words)


def runs_hooks(command: Command) -> bool:
    """Whether a command runs pre-commit's hooks: `run`, or without any subcommand (pre-commit, "Command line interface")."""
    for name in PRE_COMMIT:
        call = command.call_of(name)
        if call is not None:
            words = [word for word in call[1:] if not word.startswith("-")]
            return not words if not call[1:] else words[:1] == ["run"]
    return False
