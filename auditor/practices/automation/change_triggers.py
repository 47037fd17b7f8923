"""Workflows that run because data or a registered model changed, and do something with it.

Sources: GitHub documentation, "Events that trigger workflows" (`repository_dispatch`, `paths`); Weights & Biases, "Create an
automation" (webhooks); Google Cloud, "Cloud Storage triggers"; DVC documentation, `.dvc` files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from auditor.evidence import Place
from auditor.facts.python import CODE, PythonProject, Role
from auditor.facts.terraform import Terraform
from auditor.facts.workflows import Job, Trigger, Workflow, Workflows
from auditor.facts.workflows.filters import Filter
from auditor.formats.shell import Command
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.commands import RunCommands
from auditor.practices.automation.job_work import JobWork
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.kind_traces import Trace, strong_first
from auditor.records import Record
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

DISPATCH = "repository_dispatch"
MAX_PATTERNS = 30
"""Patterns of one filter that are looked at."""
MAX_PATHS = 1_000
PATH_FILTERS = ("dorny/paths-filter", "tj-actions/changed-files")

_DATA = pattern(
    r"(^|[^a-z])(data|dataset|datasets|dvc|bucket|upload|csv)([^a-z]|$)|data[-_ ]?(change|updat|set)|newdata"
)
_ON_DATA = pattern(r"(^|[^a-z])(data|datasets?|dvc)([^a-z]|$)")
_MODEL = pattern(r"model|registry|registered|staged|staging|artifact|promot|champion|wandb|mlflow|checkpoint|alias")
_DATA_FOLDER = pattern(r"(.*[-_])?(data|datasets?)([-_].*)?|raw|processed|interim|external", re.IGNORECASE)
_MODEL_FOLDER = pattern(r"(.*[-_])?(models?|registry|checkpoints|weights|artifacts)([-_].*)?", re.IGNORECASE)
_DATA_FILE = pattern(
    r".*\.(csv|tsv|parquet|feather|npy|npz|h5|hdf5|jsonl|arrow|tfrecord|zip|tar|gz|dvc|xlsx|jpe?g|png|wav)\*?",
    re.IGNORECASE,
)
_MODEL_FILE = pattern(
    r".*\.(pt|pth|ckpt|onnx|safetensors|joblib|pkl|pickle|h5|keras|mar|bento|bin)(\.dvc)?\*?", re.IGNORECASE
)
_CODE = pattern(r".*\.(py|ipynb|ya?ml|toml|md|txt|sh|dockerfile)\*?", re.IGNORECASE)
_CODE_ENDINGS = (".py", ".ipynb", ".md", ".toml", ".sh")
_PIPELINE_FILES = ("dvc.lock", "dvc.yaml")
_NEUTRAL = pattern(
    r"\.?/?(\.github/.*|\.dvc(/.*)?|params\.ya?ml|requirements[^/]*|pyproject\.toml|uv\.lock|\.dvcignore)"
)
"""Files that a workflow on data may watch besides: itself, DVC's settings, parameters and dependencies."""

PREPARING = frozenset(
    (
        "echo", "printf", "cd", "mkdir", "ls", "cat", "export", "set", "apt", "apt-get", "sudo", "pip", "pip3", "pipx", "conda", "mamba",
        "git", "test", "[", "[[", "exit", "true", ":", "pwd", "which", "chmod", "tree", "tee", "source", ".", "env", "sleep", "rm", "brew",
        "curl", "wget", "unset", "date", "whoami", "touch", "cp", "mv", "head", "tail", "wc", "basename", "dirname", "command",
    )
)  # fmt: skip
"""Programs that prepare a job or report about it."""
INSTALLS = ("uv sync", "uv pip", "uv tree", "uv venv", "uv lock", "poetry install", "pdm install", "hatch env", "pipenv install", "gcloud auth",
            "gcloud config", "npm install", "npm ci", "dvc remote", "dvc --version", "dvc version", "wandb login", "python --version", "uv python")  # fmt: skip
MODEL_FETCHES = (
    "wandb.Api().artifact", "wandb.Api().artifact().download", "wandb.Api().*artifact*", "wandb.init().use_artifact", "wandb.use_artifact",
    "wandb.run.use_artifact", "mlflow.*load_model", "mlflow.artifacts.download_artifacts", "mlflow.*MlflowClient().*model_version*",
)  # fmt: skip
"""Calls that fetch a registered model."""
BUCKET_EVENT = pattern(r"--trigger-bucket|google\.(cloud\.)?storage\.object|google\.storage\.object|--trigger-resource")


class ChangeTriggers(Record):
    """Workflows on data changes and on registry changes, strong ones first."""

    data: tuple[Trace, ...] = ()
    registry: tuple[Trace, ...] = ()


@fact
def read_change_triggers(
    workflows: Workflows,
    pipelines: Pipelines,
    commands: RunCommands,
    terraform: Terraform,
    project: PythonProject,
    snapshot: Snapshot,
) -> ChangeTriggers:
    """What the repository sets off when data or registered models change."""
    works = {id(work.job): work for work in (*pipelines.live, *pipelines.dead)}
    views = [View(workflow, works, snapshot) for workflow in workflows.all]
    data = [trace for view in views for trace in view.on_data()]
    registry = [trace for view in views for trace in view.on_registry()]
    return ChangeTriggers(
        strong_first([*data, *bucket_events(commands, terraform, project)]),
        strong_first([*registry, *hooks(project)]),
    )


class View:
    """One workflow, looked at for what sets it off."""

    def __init__(self, workflow: Workflow, works: dict[int, JobWork], snapshot: Snapshot) -> None:
        self.workflow = workflow
        self.snapshot = snapshot
        self._works = works
        self._files: dict[str, list[str]] = {}

    def on_data(self) -> Iterator[Trace]:
        """Traces of a trigger on data."""
        yield from self._filtered("data")
        for trigger in self.workflow.triggers:
            if trigger.event == DISPATCH and self._about(trigger, _DATA, _MODEL):
                yield self._trace(trigger, "event about data", trigger.can_fire)
        if self._by_hand and _ON_DATA.search(self._title) and not _MODEL.search(self._title):
            yield from self._weak_start("workflow on data, started by hand or by a clock")
        elif self._unfiltered and _ON_DATA.search(self._title) and not _MODEL.search(self._title):
            yield from self._weak_start("workflow on data that every push starts")

    def on_registry(self) -> Iterator[Trace]:
        """Traces of a trigger on registered models."""
        yield from self._filtered("models")
        for trigger in self.workflow.triggers:
            if trigger.event == DISPATCH and self._about(trigger, _MODEL, _DATA):
                yield self._trace(trigger, "event of a model registry", trigger.can_fire)
        if self._by_hand and _MODEL.search(self._title):
            yield from self._weak_start("workflow on models, started by hand or by a clock")

    @property
    def _title(self) -> str:
        name = self.workflow.path.rpartition("/")[2]
        return f"{self.workflow.name} {name} {' '.join(job.id for job in self.workflow.jobs)}".lower()

    @property
    def _by_hand(self) -> bool:
        """Whether only a person or a clock starts it (or would)."""
        events = {trigger.event for trigger in self.workflow.triggers}
        return bool(events) and events <= {"workflow_dispatch", "schedule"}

    @property
    def _unfiltered(self) -> bool:
        """Whether pushes or pull requests start it whatever they change."""
        return any(
            t.event in ("push", "pull_request") and not t.paths and not t.paths_ignore for t in self.workflow.triggers
        )

    def _weak_start(self, kind: str) -> Iterator[Trace]:
        work = next(iter(self.work(None)), None)
        if work is not None:
            yield Trace(kind, self.workflow.triggers[0].evidence, False)
            yield Trace(kind, work, False)

    def _filtered(self, what: str) -> Iterator[Trace]:
        """Traces of path filters: of the whole workflow, of GitLab's jobs, and of filter steps."""
        test = self.is_data if what == "data" else self.is_model
        for trigger in self.workflow.triggers:
            patterns = [path for path in trigger.paths if not path.pattern.startswith("!")][:MAX_PATTERNS]
            fitting = [path for path in patterns if test(path.pattern)]
            if not fitting:
                continue
            narrow = all(path in fitting or self._harmless(path.pattern, what) for path in patterns)
            live = [path for path in fitting if path.why_dead is None]
            shown = (live or fitting)[0]
            strong = bool(live) and trigger.can_fire and narrow and self.workflow.live
            yield self._trace(trigger, f"path filter on {what}", strong, shown.evidence)
        for job in self.workflow.jobs:
            found = [path for path in job.changes[:MAX_PATTERNS] if test(path.pattern)]
            if found:
                narrow = all(path in found or self._harmless(path.pattern, what) for path in job.changes)
                live_files = any(self._matched(path.pattern) for path in found)
                strong = narrow and live_files and job.disabled is None and bool(self.work_of(job))
                yield Trace(f"path filter on {what}", found[0].evidence, strong)
            for step in job.steps:
                if step.uses is not None and step.uses.is_one_of(*PATH_FILTERS):
                    said = re.findall(r"[^\s'\"\[\],:-][^\s'\"\[\],]*", " ".join(step.uses.inputs.values())[:2_000])[
                        :MAX_PATTERNS
                    ]
                    if any(test(word) and not word.startswith("$") for word in said if "/" in word or "." in word):
                        strong = self.workflow.on_change and step.disabled is None and bool(self.work("push"))
                        yield Trace(f"path filter on {what}", step.uses.evidence, strong)

    def _trace(self, trigger: Trigger, kind: str, live: bool, evidence: Place | None = None) -> Trace:
        """A trigger as a trace: strong where it can fire and leads to work."""
        roots = {cause.root for cause in trigger.causes} or {trigger.event}
        strong = live and self.workflow.live and any(self.work(root) for root in roots)
        return Trace(kind, evidence or trigger.evidence, strong)

    def _about(self, trigger: Trigger, wanted: re.Pattern[str], other: re.Pattern[str]) -> bool:
        """Whether a dispatched event is about the thing: by its types, or where they do not say, by all the workflow says."""
        types = " ".join(trigger.types).lower()
        if wanted.search(types) or other.search(types):
            # `gcs_model_data` is a model's; data is what no word of models stands beside.
            return bool(wanted.search(types)) and not (wanted is _DATA and _MODEL.search(types))
        conditions = " ".join(job.condition for job in self.workflow.jobs).lower()
        said = f"{self._title} {conditions} {self._text}".lower()
        return bool(wanted.search(said)) and not (wanted is _DATA and _MODEL.search(said))

    @cached_property
    def _text(self) -> str:
        commands = [c.text for job in self.workflow.jobs for step in job.steps for c in step.commands]
        return " ".join(commands)[:10_000]

    # ---- what is done

    def work(self, root: str | None) -> list[Place]:
        """What the jobs do that `root` can set off; all jobs, disabled ones included, for None."""
        jobs = [j for j in self.workflow.jobs if root is None or (j.disabled is None and root in j.roots)]
        return [evidence for job in jobs for evidence in self.work_of(job)]

    def work_of(self, job: Job) -> list[Place]:
        """Commands of a job beyond checking out, installing and reporting."""
        work = self._works.get(id(job))
        commands = work.commands if work is not None else job.commands
        return [command.evidence for command in commands if is_work(command) and not self._script_missing(command, job)]

    def _script_missing(self, command: Command, job: Job) -> bool:
        """Whether a command runs a file that the repository does not have."""
        folders = {"", *(step.working_directory for step in job.steps)}
        for call in command.calls:
            if (
                call[0].startswith("python")
                and len(call) > 1
                and call[1].endswith(".py")
                and not re.search(r"[${]", call[1])
            ):
                return not any(normalise(f"{folder}/{call[1]}") in self.snapshot for folder in folders)
        return False

    # ---- path patterns

    def is_data(self, pattern: str) -> bool:
        """Whether a path pattern is about data: DVC's files, a data folder, files of data formats; not models, not code."""
        name = pattern.rpartition("/")[2]
        folders = [part for part in pattern.split("/")[:-1] if part != "**"]
        if self.is_model(pattern) or self._matches_code(pattern):
            return False
        if name in _PIPELINE_FILES or _DATA_FILE.fullmatch(name):
            return True
        parts = folders if "." in name else [*folders, name]
        return any(_DATA_FOLDER.fullmatch(part) for part in parts) and not _CODE.fullmatch(name)

    def is_model(self, pattern: str) -> bool:
        """Whether a path pattern is about stored models: a folder or files of models; not the code of models."""
        name = pattern.rpartition("/")[2]
        folders = [part for part in pattern.split("/")[:-1] if part != "**"]
        if self._matches_code(pattern) or _CODE.fullmatch(name):
            return False
        if _MODEL_FILE.fullmatch(name) and (not name.lower().endswith(("h5", "pkl")) or "model" in pattern.lower()):
            return True
        if any(_DATA_FOLDER.fullmatch(part) for part in folders):
            return False
        parts = [*folders, name.partition(".")[0]]
        return any(_MODEL_FOLDER.fullmatch(part) for part in parts)

    def _matches_code(self, pattern: str) -> bool:
        """Whether what a pattern matches is code, most of it."""
        if _CODE.fullmatch(pattern) and not pattern.endswith(_PIPELINE_FILES):
            return True
        found = self._matched(pattern)
        code = [path for path in found if path.endswith(_CODE_ENDINGS)]
        return 2 * len(code) > len(found)

    def _matched(self, pattern: str) -> list[str]:
        """The files that a path pattern matches, a bounded number of them looked at."""
        if pattern not in self._files:
            wanted = Filter((pattern,))
            start = re.split(r"[*?+\[!\\]", pattern, maxsplit=1)[0]
            candidates = [path for path in self.snapshot.paths if path.startswith(start)][:MAX_PATHS]
            self._files[pattern] = [path for path in candidates if wanted.admits(path)]
        return self._files[pattern]

    def _harmless(self, pattern: str, what: str) -> bool:
        """Whether a further pattern leaves the filter one on `what`: the workflow itself, settings, the code for it."""
        if _NEUTRAL.fullmatch(pattern):
            return True
        named = _DATA if what == "data" else _MODEL
        return bool(_CODE.fullmatch(pattern)) and "*" not in pattern and bool(named.search(pattern.lower()))


def is_work(command: Command) -> bool:
    """Whether a command does something beyond preparing a job or speaking of it."""
    if command.runs(*INSTALLS) or not command.calls:
        return False
    if command.runs("python -m pip", "pip install", "uv pip install", "python -m ensurepip"):
        return False
    return command.program not in PREPARING and command.words[0] not in ("echo", "printf")


def bucket_events(commands: RunCommands, terraform: Terraform, project: PythonProject) -> Iterator[Trace]:
    """Functions and triggers of Google Cloud that a bucket's events start; strong with a function that does something."""
    handlers = [
        function
        for call in project.calls("functions_framework.cloud_event", roles=CODE, live=True)
        if (file := project.file(call.path)) is not None
        for function in file.functions
        if function.qualname == call.decorates and not function.is_empty and project.calls_in(function)
    ]
    for one in commands.running("gcloud functions deploy", "gcloud eventarc triggers create", "gcloud run deploy"):
        if BUCKET_EVENT.search(one.command.text):
            yield Trace("event of a bucket", one.evidence, one.live and one.origin != "docs" and bool(handlers))
    for block in terraform.resources("google_cloudfunctions*", "google_eventarc_trigger"):
        if BUCKET_EVENT.search(block.text):
            yield Trace("event of a bucket", block.evidence, block.live and bool(handlers))


def hooks(project: PythonProject) -> Iterator[Trace]:
    """Tests that fetch a registered model: without a workflow on the registry they are half of it."""
    for call in project.calls(*MODEL_FETCHES, roles=frozenset({Role.TEST})):
        yield Trace("test of a registered model", call.evidence, False)
