"""Workflows that run because data or a registered model changed, and do something with it.

Sources: GitHub documentation, "Events that trigger workflows" (`repository_dispatch`, `paths`); Weights & Biases, "Create an
automation" (webhooks); Google Cloud, "Cloud Storage triggers"; DVC documentation, `.dvc` files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, Trace, aside, half, strong_first, weighed
from auditor.facts.python import CODE, PythonProject, Role
from auditor.facts.workflows import MANUAL, Trigger, Workflow, Workflows
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.path_kinds import CODE_FILE, PathKinds
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.automation.triggers_elsewhere import TriggersElsewhere
from auditor.practices.automation.work_on_change import Works
from auditor.practices.traces import BY_HAND
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

DISPATCH = "repository_dispatch"
MAX_PATTERNS = 30
"""Patterns of one filter that are looked at."""
PATH_FILTERS = ("dorny/paths-filter", "tj-actions/changed-files")

_DATA = pattern(
    r"(^|[^a-z])(data|dataset|datasets|dvc|bucket|upload|csv)([^a-z]|$)|data[-_ ]?(change|updat|set)|newdata"
)
_ON_DATA = pattern(r"(^|[^a-z])(data|datasets?|dvc)([^a-z]|$)")
_MODEL = pattern(r"model|registry|registered|staged|staging|artifact|promot|champion|wandb|mlflow|checkpoint|alias")
_WORD = pattern(r"[^\s'\"\[\],:-][^\s'\"\[\],]*")
_TRAINS = pattern(r"train|fit[^a-z]|sweep")
_REGISTRY = pattern(r"registry|registered|stag(ed|ing)|promot|champion|alias|deploy")
"""Words by which a workflow that trains is one on registered models all the same."""
_NEUTRAL = pattern(
    r"\.?/?([\w.-]+/){0,3}(\.github/.*|\.dvc(/.*)?|params\.ya?ml|requirements[^/]*|pyproject\.toml|uv\.lock|\.dvcignore)"
)
"""Files that a workflow on data may watch besides: itself, DVC's settings, parameters and dependencies."""

MODEL_FETCHES = (
    "wandb.Api().artifact", "wandb.Api().artifact().download", "wandb.Api().*artifact*", "wandb.init().use_artifact", "wandb.use_artifact",
    "wandb.run.use_artifact", "mlflow.*load_model", "mlflow.artifacts.download_artifacts", "mlflow.*MlflowClient().*model_version*",
)  # fmt: skip
"""Calls that fetch a registered model."""
EVERY_PUSH = "every push starts it, whatever that changes"
BY_CLOCK = "only a clock starts it"
NOBODY_ASKS = "no job or step asks for what the filter finds"
SERVES_MODEL = "it renews a service of the registered model, and is started by hand only"
NO_TRIGGER = "it fetches a registered model, and no event of the registry starts it"


class ChangeTriggers(Record):
    """Workflows on data changes and on registry changes, those that count first."""

    data: tuple[Trace, ...] = ()
    registry: tuple[Trace, ...] = ()


@fact
def read_change_triggers(
    workflows: Workflows,
    pipelines: Pipelines,
    elsewhere: TriggersElsewhere,
    project: PythonProject,
    snapshot: Snapshot,
) -> ChangeTriggers:
    """What the repository sets off when data or registered models change."""
    works = Works(workflows, pipelines, project, snapshot)
    registered = bool(project.calls(*MODEL_FETCHES, roles=CODE, live=True))
    views = [View(workflow, works, snapshot, registered=registered) for workflow in workflows.all]
    data = [trace for view in views for trace in view.on_data()]
    registry = [trace for view in views for trace in view.on_registry()]
    return ChangeTriggers(
        strong_first([*data, *elsewhere.data]),
        strong_first([*registry, *elsewhere.registry, *hooks(project)]),
    )


class View:
    """One workflow, looked at for what sets it off."""

    def __init__(self, workflow: Workflow, works: Works, snapshot: Snapshot, *, registered: bool = False) -> None:
        self.workflow = workflow
        self.paths = PathKinds(snapshot)
        self._registered = registered
        self._works = works

    def on_data(self) -> Iterator[Trace]:
        """Traces of a trigger on data."""
        yield from self._filtered("data")
        for trigger in self.workflow.triggers:
            if trigger.event == DISPATCH and self._about(trigger, _DATA, _MODEL):
                yield self._trace(trigger, "data")
        if not _ON_DATA.search(self._title) or _MODEL.search(self._title):
            return
        if self._by_hand:
            yield from self._weak_start()
        elif self._unfiltered and self._works.fetches(self.workflow):
            place = self.workflow.triggers[0].evidence
            yield half(place, self.workflow.dead_reason or EVERY_PUSH)
        elif self._unfiltered:
            yield aside(self.workflow.triggers[0].evidence, f"{EVERY_PUSH}, and it fetches no data")

    def on_registry(self) -> Iterator[Trace]:
        """Traces of a trigger on registered models."""
        yield from self._filtered("models")
        for trigger in self.workflow.triggers:
            if trigger.event == DISPATCH and self._about(trigger, _MODEL, _DATA):
                yield self._trace(trigger, "models")
        if (
            self._by_hand
            and _MODEL.search(self._title)
            and (not _TRAINS.search(self._title) or _REGISTRY.search(self._title))
        ):
            yield from self._weak_start()
        elif self._by_hand and self._registered and not self.workflow.dead_reason and self._works.serves(self.workflow):
            yield half(self.workflow.triggers[0].evidence, SERVES_MODEL)

    @property
    def _title(self) -> str:
        name = self.workflow.path.rpartition("/")[2]
        return f"{self.workflow.name} {name} {' '.join(job.id for job in self.workflow.jobs)}".lower()

    @property
    def _by_hand(self) -> bool:
        """Whether only a person or a clock starts it (or would)."""
        events = {trigger.event for trigger in self.workflow.triggers}
        return bool(events) and events <= {MANUAL, "schedule"}

    @property
    def _unfiltered(self) -> bool:
        """Whether pushes or pull requests start it whatever they change."""
        return any(
            t.event in ("push", "pull_request") and not t.paths and not t.paths_ignore for t in self.workflow.triggers
        )

    def _weak_start(self) -> Iterator[Trace]:
        """A workflow that nothing starts by itself: half where it would do anything, whatever else is wrong with it."""
        if self._works.tries_anything(self.workflow):
            by_clock = all(trigger.event == "schedule" for trigger in self.workflow.triggers)
            why = self.workflow.dead_reason or self.workflow.waits_in_vain or (BY_CLOCK if by_clock else BY_HAND)
            yield half(self.workflow.triggers[0].evidence, why)

    def _filtered(self, what: str) -> Iterator[Trace]:
        """Traces of path filters: of the whole workflow, of GitLab's jobs, of filter steps, and of conditions in scripts."""
        test = self.paths.is_data if what == "data" else self.paths.is_model
        for trigger in self.workflow.triggers:
            patterns = [path for path in trigger.paths if not path.pattern.startswith("!")][:MAX_PATTERNS]
            fitting = [path for path in patterns if test(path.pattern.removeprefix("./").removeprefix("/"))]
            if not fitting:
                continue
            live = [path for path in fitting if path.why_dead is None]
            shown = (live or fitting)[0]
            why = trigger.why_dead or ("" if live else f"{shown.pattern}: {shown.why_dead}")
            wide = next((p for p in patterns if p not in fitting and not self._harmless(p.pattern, what)), None)
            if not why and wide is not None:
                why = f"the pattern {wide.pattern} beside it lets other changes start it, too"
            yield self._trace(trigger, what, why, shown.evidence)
        for job in self.workflow.jobs:
            found = [path for path in job.changes[:MAX_PATTERNS] if test(path.pattern)]
            if found:
                wide = next((p for p in job.changes if p not in found and not self._harmless(p.pattern, what)), None)
                why = job.disabled or ""
                if not why and not any(self.paths.matched(path.pattern) for path in found):
                    why = f"{found[0].pattern} matches no file of the repository"
                if not why and wide is not None:
                    why = f"the pattern {wide.pattern} beside it lets other changes start it, too"
                yield weighed(found[0].evidence, why or self._works.flaw([job], what, self._pointers(what)))
            for step in job.steps:
                said: list[str] = []
                place = step.evidence
                if step.uses is not None and step.uses.is_one_of(*PATH_FILTERS):
                    said = _WORD.findall(" ".join(step.uses.inputs.values())[:2_000])
                    place = step.uses.evidence
                elif any(c.runs("git diff", "git diff-tree") and "--name-only" in c.words for c in step.commands):
                    said = [
                        word.strip("^$").removesuffix("/") + "/"
                        for c in step.commands
                        if c.runs("grep")
                        for word in c.words[1:]
                    ]
                    place = next(c.evidence for c in step.commands if c.runs("git diff", "git diff-tree"))
                said = [word for word in said[:MAX_PATTERNS] if "/" in word or "." in word]
                if any(test(word.removesuffix("/")) and not word.startswith("$") for word in said):
                    yield self._by_step(step.disabled, place, what)

    def _by_step(self, disabled: str | None, place: Place, what: str) -> Trace:
        """A filter that a step holds: what it finds must be asked for, and something be done then."""
        if not self.workflow.on_change:
            return half(place, self.workflow.dead_reason or self.workflow.waits_in_vain or BY_HAND)
        if disabled is not None:
            return half(place, f"its step is switched off ({disabled})")
        asking = [
            job
            for job in self.workflow.jobs
            if any("outputs." in text or "env." in text for text in (job.condition, *(s.condition for s in job.steps)))
            or any("git" in c.programs and "--name-only" in c.words for c in job.commands)
        ]
        if not asking:
            return half(place, NOBODY_ASKS)
        return weighed(place, self._works.flaw(asking, what, self._pointers(what)))

    def _trace(self, trigger: Trigger, what: str, why: str = "", evidence: Place | None = None) -> Trace:
        """A trigger as a trace: it counts where it can fire and leads to work on the thing."""
        roots = {cause.root for cause in trigger.causes} or {trigger.event}
        why = why or trigger.why_dead or self.workflow.dead_reason or ""
        jobs = [job for job in self.workflow.jobs if job.disabled is None and roots & job.roots]
        if not why and not jobs and self.workflow.jobs:
            why = next(
                (job.disabled for job in self.workflow.jobs if job.disabled), "none of its jobs runs on this event"
            )
        if not why:
            why = self._works.flaw(jobs, what, self._pointers(what))
        return weighed(evidence or trigger.evidence, why)

    def _pointers(self, what: str) -> bool:
        """Whether the thing lies outside of git, so that a job has to fetch it: its filters name DVC's files alone."""
        test = self.paths.is_data if what == "data" else self.paths.is_model
        patterns = [path.pattern for trigger in self.workflow.triggers for path in trigger.paths if test(path.pattern)]
        return bool(patterns) and all(pattern.endswith((".dvc", "dvc.lock")) for pattern in patterns)

    def _about(self, trigger: Trigger, wanted: re.Pattern[str], other: re.Pattern[str]) -> bool:
        """Whether a dispatched event is about the thing: by its types, or where they do not say, by all the workflow says."""
        types = " ".join(trigger.types).lower()
        if wanted.search(types) or other.search(types):
            # `gcs_model_data` is a model's; data is what no word of models stands beside.
            return bool(wanted.search(types)) and not (wanted is _DATA and _MODEL.search(types))
        conditions = " ".join(job.condition for job in self.workflow.jobs).lower()
        commands = [c.text for job in self.workflow.jobs for step in job.steps for c in step.commands]
        said = f"{self._title} {conditions} {' '.join(commands)[:10_000]}".lower()
        return bool(wanted.search(said)) and not (wanted is _DATA and _MODEL.search(said))

    def _harmless(self, pattern: str, what: str) -> bool:
        """Whether a further pattern leaves the filter one on `what`: the workflow itself, settings, the code for it."""
        if _NEUTRAL.fullmatch(pattern):
            return True
        named = _DATA if what == "data" else _MODEL
        return bool(CODE_FILE.fullmatch(pattern)) and "*" not in pattern and bool(named.search(pattern.lower()))


def hooks(project: PythonProject) -> Iterator[Trace]:
    """Tests that fetch a registered model: without a workflow on the registry they are half of it."""
    for call in project.calls(*MODEL_FETCHES, roles=frozenset({Role.TEST})):
        yield half(call.evidence, NO_TRIGGER)
