"""What jobs really run: their commands, and what those run in turn through Makefiles, task files, hooks and own programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from auditor.evidence import Place, Trace, counts, half, seen
from auditor.facts.pre_commit import PreCommit
from auditor.facts.project_commands import Commands
from auditor.facts.python import PythonProject
from auditor.facts.workflows import MANUAL, Job, Workflows
from auditor.formats.shell import Command
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.following import Follower, hooks_named, runs_hooks
from auditor.practices.automation.job_work import RUNNERS, TEST_PROGRAMS, TYPE_CHECKERS, JobWork, is_test_run
from auditor.practices.style.linters import STYLE_TOOLS, is_style_command, is_style_hook
from auditor.practices.traces import BY_HAND, UNKNOWN_LIBRARY
from auditor.records import Record, replace
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

LINT_ACTIONS = (
    "astral-sh/ruff-action", "chartboost/ruff-action", "psf/black", "py-actions/flake8", "rickstaa/action-black",
    "super-linter/super-linter", "github/super-linter", "github/super-linter/slim", "super-linter/super-linter/slim", "lgeiger/black-action",
    "cclauss/github_actions_flake8", "wearerequired/lint-action", "reviewdog/action-flake8", "reviewdog/action-black",
    "reviewdog/action-pylint", "ricardochaves/python-lint", "julianwachholz/flake8-action",
    "tsuyoshicho/action-mypy", "isort/isort-action", "jpetrucciani/ruff-check", "suo/flake8-github-action",
    "oxsecurity/megalinter", "oxsecurity/megalinter/", "super-linter/super-linter/", "trunk-io/trunk-action", "davidslusser/actions_python_ruff", "grantmcconnaughey/lintly-flake8-github-action",
)  # fmt: skip
"""Actions that lint, by their names on GitHub's marketplace. Others are known by a linter's name in theirs."""
PRE_COMMIT_ACTIONS = ("pre-commit/action", "j178/prek-action")
ANOTHER_REPOSITORY = "it calls a workflow of another repository, and what that one does cannot be read here"
STARTS = {MANUAL: "a person", "schedule": "a clock", "tag": "a pushed tag", "release": "a release"}


ASKS_FOR_EVENT = pattern(r"event_name|event\.(?:action|release|schedule|inputs)|ref_type|refs/tags")
"""What a condition asks that is there to let other events through than pushes and pull requests."""

NOT_TELLING = frozenset(
    "echo printf cat ls cd mkdir cp mv rm touch export set source true false test [ [[ sleep git grep sed awk find head tail tree chmod "
    "chown pip pip3 conda mamba poetry apt apt-get brew npm yarn curl wget which type alias exit unset read gh cml python uv sudo tee "
    "actionlint docker gcloud aws az dvc wandb mlflow kubectl terraform".split()
)
"""Programs of which no word tells that they test or check the project: they print, move, fetch, install or deploy."""
FILES = (".py", ".sh", ".yaml", ".yml", ".ipynb", ".txt", ".toml", ".json")
MOST_UNKNOWN = 3
MOST_FILES = 20
MOST_LINES = 2_000
OTHER_SYSTEMS = ("jenkinsfile", "jenkinsfile.*", ".travis.yml", ".woodpecker.y*ml", ".drone.y*ml", "appveyor.yml", "bitbucket-pipelines.yml",
                 ".cirrus.yml", "semaphore.yml", "codefresh.yml", "buildkite.yml", "wercker.yml", ".appveyor.yml")  # fmt: skip
"""Pipelines of further systems, known by the names of their files."""
STYLE_WORK = pattern(r"(?<![\w-])(ruff|flake8|pylint|black|isort|pycodestyle|yapf|pre-commit)(?![\w-])")
ANY_WORK = pattern(
    r"(?<![\w-])(pytest|unittest|tox|nox|ruff|flake8|pylint|black|isort|pycodestyle|pre-commit|mypy|docker[. ]build|make (test|lint|check))(?![\w-])"
)
"""Commands by which a line of a pipeline that cannot be read says that it tests, lints or builds."""
IMAGE_WORK = pattern(r"docker[. ]build")


class Pipelines(Record):
    """Every job of every workflow with what it runs.

    `dead` are the jobs that nothing ever starts, and live ones with what their disabled steps would run.
    """

    live: tuple[JobWork, ...] = ()
    dead: tuple[JobWork, ...] = ()
    style_hooks: bool = False
    """Whether the pre-commit hooks, which a job may run, hold one for style."""
    unread: tuple[tuple[Place, str], ...] = ()
    """Lines that test, lint or build in files that nothing can run or that are not read here, each with the reason."""

    @property
    def on_change(self) -> tuple[JobWork, ...]:
        """Live jobs that a push or pull request can start."""
        return tuple(work for work in self.live if work.job.on_change)

    @property
    def by_hand(self) -> tuple[JobWork, ...]:
        """Live jobs that only a person or a clock starts."""
        return tuple(work for work in self.live if not work.job.on_change)

    def traces(self, find: Callable[[JobWork], Iterable[Place]]) -> list[Trace]:
        """What `find` finds in each job: it counts where a push or pull request starts the job, else by half."""
        return [half(place, work.why) if work.why else counts(place) for work in self.every for place in find(work)]

    @property
    def every(self) -> tuple[JobWork, ...]:
        """Jobs that changes start, then the others, then those that never run."""
        return (*self.on_change, *self.by_hand, *self.dead)

    def called(self, *words: str) -> list[Trace]:
        """Jobs that call a workflow of another repository whose name or inputs say, by one of the words, that it does such a thing."""
        return [
            half(work.job.evidence, work.why or ANOTHER_REPOSITORY)
            for work in self.every
            if work.foreign and says(told(work.job), words)
        ]

    def beyond(self, wanted: re.Pattern[str] = ANY_WORK) -> list[Trace]:
        """Lines of broken workflows and of other systems' pipelines that test, lint or build, or what else is `wanted` of them."""
        return [half(place, why) for place, why in self.unread if wanted.search(place.text)]

    def unknown(self, *words: str) -> list[Trace]:
        """What jobs run that no table knows, and that says by its program, subcommand or action that it does such a thing."""
        found = []
        for work in self.every:
            known = set(self.does_something(work))
            for command in work.commands:
                if command.evidence not in known and says(" ".join(telling(command)), words):
                    found.append(half(command.evidence, UNKNOWN_LIBRARY))
            for action in work.job.actions:
                if action.evidence not in known and not action.local and says(action.name.partition("/")[2], words):
                    found.append(half(action.evidence, UNKNOWN_LIBRARY))
        return found[:MOST_UNKNOWN]

    @property
    def idle_workflows(self) -> tuple[Place, ...]:
        """Jobs that changes start and that do nothing of continuous integration."""
        return tuple(work.job.evidence for work in self.on_change if not self.does_something(work))[:2]

    def lints(self, work: JobWork) -> tuple[Place, ...]:
        """Where a job checks style: by itself, by an action, or through pre-commit."""
        checked = set(work.rewrites)
        found = [c.evidence for c in work.commands if is_style_command(c) and c.evidence not in checked]
        found += work.uses(*LINT_ACTIONS)
        found += [action.evidence for action in work.job.actions if is_style_action(action.name)]
        if self.style_hooks:
            found += [command.evidence for command in work.commands if runs_all_hooks(command)]
            found += work.uses(*PRE_COMMIT_ACTIONS)
        return tuple(dict.fromkeys(found))

    def blocks_on_style(self, work: JobWork) -> tuple[Place, ...]:
        """Where a job fails if the style is not kept: code that does not follow it cannot pass."""
        lenient = {c.evidence for c in work.commands if "--exit-zero" in c.words} | work.lenient
        return () if work.job.continue_on_error else tuple(p for p in self.lints(work) if p not in lenient)

    def does_something(self, work: JobWork) -> tuple[Place, ...]:
        """Where a job tests, lints, checks types or builds: what makes it continuous integration."""
        return (*work.tests, *self.lints(work), *work.type_checks, *work.builds)


@fact
def read_pipelines(
    workflows: Workflows, commands: Commands, pre_commit: PreCommit, project: PythonProject, snapshot: Snapshot
) -> Pipelines:
    """The jobs of all workflows with their commands followed through the project's own."""
    style = any(hook.in_effect and is_style_hook(hook.id, hook.commands) for hook in pre_commit.hooks)
    follower = Follower(workflows, commands, pre_commit, project)
    live = tuple(follower.work(job, job.live_steps, why_not_by_itself(job, workflows)) for job in workflows.live_jobs)
    dead = [follower.work(job, job.steps, why_never(job, workflows)) for job in workflows.dead_jobs]
    for job in workflows.live_jobs:
        disabled = tuple(replace(step, disabled=None) for step in job.steps if step.disabled is not None)
        if disabled:
            why = next(step.disabled for step in job.steps if step.disabled is not None)
            dead.append(follower.work(replace(job, steps=disabled), disabled, f"its step is switched off ({why})"))
    unread = (*broken(workflows, snapshot), *other_systems(snapshot), *cloud_steps(commands))
    return Pipelines(live, tuple(dead), style, unread)


def broken(workflows: Workflows, snapshot: Snapshot) -> Iterator[tuple[Place, str]]:
    """Workflow files of which GitHub reads no job: broken ones, and those that are commented out as a whole."""
    for workflow in workflows.all:
        if not workflow.jobs and workflow.dead_reason:
            for place in telling_lines(snapshot, workflow.path, comments=True):
                yield place, f"GitHub does not run it: {workflow.dead_reason}"


def other_systems(snapshot: Snapshot) -> Iterator[tuple[Place, str]]:
    """Pipelines of systems that are not read here."""
    for path in snapshot.named(*OTHER_SYSTEMS)[:MOST_FILES]:
        for place in telling_lines(snapshot, path, comments=False):
            yield place, "it is a pipeline of a system that auditor does not read"


def telling_lines(snapshot: Snapshot, path: str, *, comments: bool) -> list[Place]:
    """The first lines of a file that name a command of tests, linters or builds."""
    found = []
    for number, line in enumerate(snapshot.lines(path)[:MOST_LINES], start=1):
        plain = line.strip()
        if (comments or not plain.startswith(("#", "//"))) and ANY_WORK.search(plain[:500]):
            found.append(seen(path, number, plain))
    return found[:MOST_UNKNOWN]


def cloud_steps(commands: Commands) -> Iterator[tuple[Place, str]]:
    """Steps of Cloud Build that test or lint: what starts them is not in the repository."""
    for use in commands.containers:
        if use.kind == "cloudbuild" and (is_test_run(use.command) or is_style_command(use.command)):
            yield use.evidence, "what starts Cloud Build is not in the repository"


def why_not_by_itself(job: Job, workflows: Workflows) -> str:
    """Why a live job does not run on a push to a branch or a pull request; empty where it does.

    A trigger for them that never fires, or a condition that keeps the job from them, is why, and not what else may start it.
    """
    if job.on_change:
        return ""
    workflow = workflows.of(job)
    calling = (one for one in workflows.all if any(calls(called, workflow.path) for called in one.jobs))
    for one in (workflow, *calling):
        if one.waits_in_vain:
            return one.waits_in_vain
    roots = sorted(job.roots)
    if workflow.on_change and job.condition and not ASKS_FOR_EVENT.search(job.condition):
        return f"no push or pull request meets its condition ({job.condition})"
    if roots == [MANUAL] or not roots:
        return BY_HAND
    return f"only {' or '.join(sorted(STARTS.get(root, root) for root in roots))} starts it"


def calls(job: Job, path: str) -> bool:
    """Whether a job calls the workflow at `path` of the same repository."""
    return job.uses.startswith("./") and normalise(job.uses) == path


def why_never(job: Job, workflows: Workflows) -> str:
    """Why a job never runs."""
    if job.disabled is not None:
        return f"its job is switched off ({job.disabled})"
    return workflows.of(job).dead_reason or "nothing starts it"


def told(job: Job) -> str:
    """All that a job says of a workflow that it calls: its address, what it is given, its own names."""
    return " ".join((job.uses, job.id, job.name, *job.inputs.keys(), *job.inputs.values()))[:5_000]


def says(text: str, words: Iterable[str]) -> bool:
    """Whether a text has one of the words in some form: `tests`, `linting`; parts of other words aside."""
    return any(
        re.search(rf"(?<![a-z]){re.escape(word)}(s|ing|ting|ed|er|ers)?(?![a-z])", text.lower()) for word in words
    )


def telling(command: Command) -> Iterable[str]:
    """The words of a command that say what it does: its program and subcommand, those of common programs aside."""
    call = command.argv
    if not call or call[0].rpartition("/")[2] in NOT_TELLING or call[0].endswith(FILES):
        return ()
    if call[0] in (*STYLE_TOOLS, *TYPE_CHECKERS, *TEST_PROGRAMS, *RUNNERS):
        return ()  # known: it was asked for its version, or told to list
    return (word for word in call[:3] if not word.startswith("-") and "/" not in word and not word.endswith(FILES))


def is_style_action(name: str) -> bool:
    """Whether an action is one of a Python linter or formatter, by the words of its name: `someone/setup-and-run-flake8`."""
    words = re.split(r"[^a-z0-9]+", name.lower())
    return not STYLE_TOOLS.isdisjoint(words)


def runs_all_hooks(command: Command) -> bool:
    """Whether a command runs all of pre-commit's hooks, or does not say which."""
    return runs_hooks(command) and not hooks_named(command)
