"""What jobs really run: their commands, and what those run in turn through Makefiles, task files and scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.evidence import Evidence
from auditor.facts.linters import is_style_command, is_style_hook
from auditor.facts.pre_commit import PreCommit
from auditor.facts.project_commands import Commands
from auditor.facts.shell import Command
from auditor.facts.workflows import Job, Workflows
from auditor.injection import fact

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
TEST_ACTIONS = ("pavelzw/pytest-action", "cclauss/pytest-action", "actions/python-test")
LINT_ACTIONS = (
    "astral-sh/ruff-action", "chartboost/ruff-action", "psf/black", "pre-commit/action", "py-actions/flake8", "rickstaa/action-black",
    "super-linter/super-linter", "github/super-linter", "github/super-linter/slim", "super-linter/super-linter/slim", "lgeiger/black-action",
    "cclauss/github_actions_flake8", "wearerequired/lint-action", "reviewdog/action-flake8", "reviewdog/action-black",
    "reviewdog/action-pylint", "tsuyoshicho/action-mypy", "isort/isort-action", "jpetrucciani/ruff-check", "suo/flake8-github-action",
    "oxsecurity/megalinter", "trunk-io/trunk-action", "j178/prek-action", "davidslusser/actions_python_ruff", "grantmcconnaughey/lintly-flake8-github-action",
)  # fmt: skip
"""Actions that lint, by their names on GitHub's marketplace."""
PRE_COMMIT_RUNS = ("pre-commit run", "prek run", "pre-commit", "prek")
BUILDS = (
    "docker build", "docker buildx build", "docker image build", "docker compose build", "docker-compose build", "podman build",
    "buildah bud", "buildah build", "gcloud builds submit", "gcloud run deploy", "uv build", "python -m build", "poetry build",
    "mkdocs build", "mkdocs gh-deploy", "sphinx-build", "compileall",
)  # fmt: skip
TYPE_CHECKERS = frozenset(
    {"mypy", "pyright", "basedpyright", "pytype", "ty", "pyre", "bandit", "interrogate", "vulture", "codespell"}
)


@dataclass(frozen=True, slots=True)
class JobWork:
    """A job and every command that it runs, directly or through the project's own commands."""

    job: Job
    commands: tuple[Command, ...]

    def runs(self, *names: str) -> tuple[Evidence, ...]:
        """The commands that run one of `names`."""
        return tuple(command.evidence for command in self.commands if command.runs(*names))

    def uses(self, *names: str) -> tuple[Evidence, ...]:
        """The actions that are one of `names`."""
        return tuple(action.evidence for action in self.job.actions_of(*names))

    @property
    def tests(self) -> tuple[Evidence, ...]:
        """Where it runs tests."""
        collecting = ("--collect-only", "--version", "--help", "--co")
        found = tuple(
            c.evidence for c in self.commands if c.runs(*TEST_PROGRAMS) and not any(w in collecting for w in c.words)
        )
        return (*found, *self.uses(*TEST_ACTIONS))

    @property
    def type_checks(self) -> tuple[Evidence, ...]:
        """Where it runs a type checker or another static check."""
        return tuple(c.evidence for c in self.commands if TYPE_CHECKERS.intersection(c.programs))

    @property
    def builds(self) -> tuple[Evidence, ...]:
        """Where it builds an image, a package or the documentation."""
        return (*self.runs(*BUILDS), *self.uses("docker/build-push-action", "docker/bake-action"))


@dataclass(frozen=True, slots=True)
class Pipelines:
    """Every job of every workflow with what it runs: live ones, and those that nothing ever starts."""

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

    def lints(self, work: JobWork) -> tuple[Evidence, ...]:
        """Where a job runs a linter or formatter: by itself, by an action, or through pre-commit."""
        found = [command.evidence for command in work.commands if is_style_command(command)]
        found += work.uses(*(name for name in LINT_ACTIONS if name not in ("pre-commit/action", "j178/prek-action")))
        if self.style_hooks:
            found += (*work.runs(*PRE_COMMIT_RUNS), *work.uses("pre-commit/action", "j178/prek-action"))
        return tuple(found)

    def does_something(self, work: JobWork) -> tuple[Evidence, ...]:
        """Where a job tests, lints, checks types or builds: what makes it continuous integration."""
        return (*work.tests, *self.lints(work), *work.type_checks, *work.builds)


@fact
def read_pipelines(workflows: Workflows, commands: Commands, pre_commit: PreCommit) -> Pipelines:
    """The jobs of all workflows with their commands followed through the project's own."""
    style = any(is_style_hook(hook.id, hook.commands) for hook in pre_commit.hooks)
    live = tuple(JobWork(job, tuple(followed(job, commands))) for job in workflows.live_jobs)
    dead = tuple(JobWork(job, tuple(every_command(job))) for job in workflows.dead_jobs)
    return Pipelines(live, dead, style)


def followed(job: Job, commands: Commands) -> Iterator[Command]:
    """The commands of a job's live steps and what they run in turn."""
    for step in job.live_steps:
        for command in step.commands:
            yield from commands.expand(command, step.working_directory)


def every_command(job: Job) -> Iterator[Command]:
    """All commands of a job, its disabled steps included."""
    for step in job.steps:
        yield from step.commands
