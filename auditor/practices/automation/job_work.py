"""One job with every command that it runs, and what these are: tests, builds, static checks."""

from __future__ import annotations

from auditor.evidence import Place
from auditor.facts.workflows import Job
from auditor.formats.shell import Command
from auditor.practices.style.linters import rewrites
from auditor.records import Record

TEST_PROGRAMS = tuple("pytest unittest nose2 nosetests tox nox py.test trial ward stestr green".split())
RUNNERS = ("tox", "nox")
"""Runners of tests that run whatever their settings say."""
TEST_ACTIONS = ("pavelzw/pytest-action", "cclauss/pytest-action")
LISTING = frozenset({"--collect-only", "--co", "--version", "--help"})
"""Options with which a test runner runs no test."""
OTHER_TESTS = ("--doctest-modules", "--doctest-glob", "--nbmake", "--nbval", "--nbval-lax")
"""Options with which pytest tests something other than test functions."""
BUILDS = (
    "docker build", "docker buildx build", "docker image build", "docker compose build", "docker-compose build", "podman build",
    "buildah bud", "buildah build", "gcloud builds submit", "gcloud run deploy", "uv build", "python -m build", "poetry build",
    "mkdocs build", "mkdocs gh-deploy", "sphinx-build", "compileall",
)  # fmt: skip
TYPE_CHECKERS = frozenset(
    {"mypy", "pyright", "basedpyright", "pytype", "ty", "pyre", "bandit", "interrogate", "vulture", "codespell"}
)


class JobWork(Record):
    """A job and every command that it runs, directly or through the project's own commands.

    `why` says why it does not count in full: nothing starts it, or only a person; empty for a job that runs by itself.
    """

    job: Job
    commands: tuple[Command, ...]
    why: str = ""
    lenient: frozenset[Place] = frozenset()
    """Commands and actions whose failure nobody notices (`|| true`, `continue-on-error`)."""
    opaque: frozenset[Place] = frozenset()
    """Runners of tests (tox, nox) whose own settings tell nothing of what they run."""

    def runs(self, *names: str) -> tuple[Place, ...]:
        """The commands that run one of `names`."""
        return tuple(command.evidence for command in self.commands if command.runs(*names))

    def uses(self, *names: str) -> tuple[Place, ...]:
        """The actions that are one of `names`."""
        return tuple(action.evidence for action in self.job.actions_of(*names))

    @property
    def tests(self) -> tuple[Place, ...]:
        """Where it runs tests."""
        return (*(command.evidence for command in self.test_runs), *self.uses(*TEST_ACTIONS))

    @property
    def test_runs(self) -> tuple[Command, ...]:
        """The commands that run tests; tox and nox only where nothing tells what they run."""
        return tuple(
            command
            for command in self.commands
            if is_test_run(command) and (not command.runs(*RUNNERS) or command.evidence in self.opaque)
        )

    @property
    def foreign(self) -> bool:
        """Whether it calls a workflow of another repository, of which nothing can be read here."""
        return bool(self.job.uses) and not self.job.uses.startswith("./")

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


def is_test_run(command: Command) -> bool:
    """Whether a command runs tests, rather than listing them or telling its version."""
    return command.runs(*TEST_PROGRAMS) and LISTING.isdisjoint(command.words)
