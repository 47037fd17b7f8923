"""Workflows as typed models: what runs, when, where, and on which line that is said.

Names are GitHub's ("Workflow syntax for GitHub Actions"); pipelines of other systems are read into the same types.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from auditor.evidence import Place, seen
from auditor.formats.shell import Command
from auditor.records import Record, field

MANUAL = "workflow_dispatch"
CHANGE_EVENTS = frozenset({"push", "pull_request", "pull_request_target", "merge_group"})
"""Events that a change to a branch causes."""


class Placed(Record):
    """A thing with a place: `text` is the line as it stands in the file."""

    path: str
    line: int
    text: str

    @property
    def evidence(self) -> Place:
        """The place."""
        return seen(self.path, self.line, self.text)


class Cause(NamedTuple):
    """What sets something off: `event` as the run sees it, `root` what happened in the first place.

    They differ for `workflow_run` (root: what set off the other workflow) and for pushed tags (root `tag`).
    """

    event: str
    root: str


class PathPattern(Placed):
    """One pattern of a `paths` filter; `why_dead` says why no change can match it, None where one can."""

    pattern: str
    why_dead: str | None = None


class Trigger(Placed):
    """One event that triggers a workflow, with its filters. `why_dead`: why it cannot fire; None where it can."""

    event: str
    branches: tuple[str, ...] = ()
    branches_ignore: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    tags_ignore: tuple[str, ...] = ()
    paths: tuple[PathPattern, ...] = ()
    paths_ignore: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    cron: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()
    """Names of the workflows that a `workflow_run` waits for."""
    inputs: tuple[str, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    """Values of its inputs where whoever starts it gives none."""
    why_dead: str | None = None
    causes: frozenset[Cause] = frozenset()

    @property
    def live_paths(self) -> tuple[PathPattern, ...]:
        """The `paths` patterns, exclusions aside, that a change can match."""
        return tuple(p for p in self.paths if p.why_dead is None and not p.pattern.startswith("!"))


class Action(Placed):
    """An action that a step uses. `version` is what follows the `@`; `inputs` are the step's `with`, as text."""

    name: str
    version: str
    inputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def local(self) -> bool:
        """Whether it is an action of this repository."""
        return self.name.startswith("./")

    def is_one_of(self, *names: str) -> bool:
        """Whether it is one of `names` (`actions/checkout`; `docker/` for any of an owner), without regard to case."""
        own = self.name.lower()
        return any(own.startswith(name.lower()) if name.endswith("/") else own == name.lower() for name in names)


class Cache(Placed):
    """Something that is kept from one run to the next.

    `kind` is `dependencies`, `pre-commit`, `docker` (image layers) or `other` (data, models, linters' caches).
    """

    kind: str
    by: str
    """The action that does it."""


class Axis(Placed):
    """One axis of a matrix.

    `values` are all that its combinations have, as text; `known` is False where an expression makes them. `kind` is
    `os`, `python`, `pytorch` or `other`; `used` whether the job does anything with the value.
    """

    name: str
    values: tuple[str, ...]
    kind: str = "other"
    known: bool = True
    used: bool = False

    @property
    def varied(self) -> bool:
        """Whether it has two or more values."""
        return len(self.values) > 1


class Matrix(Placed):
    """A job's matrix. `combinations` are the runs that it makes; empty where an expression makes the matrix."""

    axes: Mapping[str, Axis]
    combinations: tuple[Mapping[str, str], ...] = ()

    def __iter__(self) -> Iterator[Axis]:
        return iter(self.axes.values())

    def of_kind(self, *kinds: str) -> tuple[Axis, ...]:
        """The axes of the given kinds."""
        return tuple(axis for axis in self if axis.kind in kinds)


class Step(Placed):
    """One step. `disabled` says why it never runs; `causes` is what it can run on."""

    name: str
    id: str = ""
    uses: Action | None = None
    script: str = ""
    script_line: int = 0
    commands: tuple[Command, ...] = ()
    condition: str = ""
    shell: str = ""
    working_directory: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    continue_on_error: bool = False
    disabled: str | None = None
    causes: frozenset[Cause] = frozenset()


class Job(Placed):
    """One job. `disabled` says why it never runs; `causes` is what it can run on.

    `workflow` is the path of its workflow. `uses` names a reusable workflow that it calls in place of steps.
    """

    id: str
    name: str
    workflow: str
    needs: tuple[str, ...] = ()
    condition: str = ""
    runs_on: tuple[str, ...] = ()
    matrix: Matrix | None = None
    misplaced_matrix: Matrix | None = None
    """A `matrix` outside `strategy`, which is not read."""
    steps: tuple[Step, ...] = ()
    uses: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    services: tuple[str, ...] = ()
    continue_on_error: bool = False
    caching: tuple[Cache, ...] = ()
    changes: tuple[PathPattern, ...] = ()
    """Paths whose change starts the job by itself, where the system knows such a filter for jobs (GitLab's `changes`)."""
    disabled: str | None = None
    causes: frozenset[Cause] = frozenset()

    @property
    def live_steps(self) -> tuple[Step, ...]:
        """The steps that can run."""
        return tuple(step for step in self.steps if step.disabled is None)

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands of its live steps."""
        return tuple(command for step in self.live_steps for command in step.commands)

    @property
    def actions(self) -> tuple[Action, ...]:
        """The actions of its live steps."""
        return tuple(step.uses for step in self.live_steps if step.uses is not None)

    @property
    def roots(self) -> frozenset[str]:
        """What can set it off in the first place: `push`, `tag`, `pull_request`, `schedule`, ..."""
        return frozenset(cause.root for cause in self.causes)

    @property
    def automatic(self) -> bool:
        """Whether it can run without a person starting it by hand."""
        return bool(self.roots - {MANUAL})

    @property
    def on_change(self) -> bool:
        """Whether it can run on a push to a branch or a pull request."""
        return bool(self.roots & CHANGE_EVENTS)

    @property
    def systems(self) -> tuple[str, ...]:
        """The runners that it runs on, those of the matrix filled in."""
        if self.matrix is not None:
            values = [v for axis in self.matrix.of_kind("os") if axis.used for v in axis.values]
            if values:
                return tuple(values)
        return self.runs_on

    def runs(self, *names: str) -> bool:
        """Whether a live step runs one of these commands (as `Command.runs`)."""
        return any(command.runs(*names) for command in self.commands)

    def actions_of(self, *names: str) -> tuple[Action, ...]:
        """The live steps' actions that are one of `names` (as `Action.is_one_of`)."""
        return tuple(action for action in self.actions if action.is_one_of(*names))


class Workflow(Placed):
    """One workflow or pipeline file. `dead_reason` says why nothing in it ever runs; None where something can."""

    name: str
    triggers: tuple[Trigger, ...] = ()
    jobs: tuple[Job, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    dead_reason: str | None = None
    causes: frozenset[Cause] = frozenset()

    @property
    def live(self) -> bool:
        """Whether something in it can run."""
        return self.dead_reason is None

    @property
    def roots(self) -> frozenset[str]:
        """What can set it off in the first place."""
        return frozenset(cause.root for cause in self.causes)

    @property
    def on_change(self) -> bool:
        """Whether it can run on a push to a branch or a pull request."""
        return self.live and bool(self.roots & CHANGE_EVENTS)

    @property
    def waits_in_vain(self) -> str:
        """Why no push or pull request starts it although it has a trigger for them; empty where one does, or it has none."""
        if self.on_change:
            return ""
        return "; ".join(dict.fromkeys(t.why_dead for t in self.triggers if t.event in CHANGE_EVENTS and t.why_dead))

    @property
    def live_jobs(self) -> tuple[Job, ...]:
        """Its jobs that can run."""
        return tuple(job for job in self.jobs if job.disabled is None) if self.live else ()


class Workflows(Record):
    """Every workflow file, those that nothing reads included."""

    all: tuple[Workflow, ...]

    @property
    def live(self) -> tuple[Workflow, ...]:
        """Workflows in which something can run."""
        return tuple(workflow for workflow in self.all if workflow.live)

    @property
    def dead(self) -> tuple[Workflow, ...]:
        """Workflow files in which nothing ever runs, `dead_reason` says why."""
        return tuple(workflow for workflow in self.all if not workflow.live)

    @property
    def live_jobs(self) -> tuple[Job, ...]:
        """Jobs that can run, by hand or by themselves (`Job.automatic`, `Job.on_change`)."""
        return tuple(job for workflow in self.all for job in workflow.live_jobs)

    @property
    def dead_jobs(self) -> tuple[Job, ...]:
        """Jobs that never run: disabled ones, and those of dead workflows."""
        live = {id(job) for job in self.live_jobs}
        return tuple(job for workflow in self.all for job in workflow.jobs if id(job) not in live)

    def of(self, job: Job) -> Workflow:
        """The workflow that a job belongs to. Raises LookupError for a job of another repository."""
        for workflow in self.all:
            if workflow.path == job.workflow:
                return workflow
        raise LookupError(job.workflow)
