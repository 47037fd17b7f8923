"""What is set off by changed data or models outside of workflow files: by buckets, Cloud Build, orchestrators and registries.

Sources: Google Cloud, "Cloud Storage triggers" and "Create and manage build triggers"; Airflow "Sensors" and "Data-aware scheduling";
Dagster "Sensors"; Prefect "Event triggers"; Weights & Biases, "Automations" and MLflow "Webhooks" (names in `tables/automation.yaml`).
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Trace, half, strong_first, weighed
from auditor.facts.python import CODE, Function, PythonProject, Text
from auditor.facts.terraform import Terraform
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.api import Api
from auditor.practices.automation.commands import RunCommand, RunCommands
from auditor.practices.automation.path_kinds import PathKinds
from auditor.practices.traces import BY_HAND, DEAD_COMMAND, why_idle
from auditor.practices.uses import Uses
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

NO_HANDLER = "no function in the repository handles the event"
ONLY_TOLD = "a document tells it, and nothing runs it"
SWITCHED_OFF = "it is switched off (count = 0)"
ORCHESTRATED = "an orchestrator watches for it, and nothing shows where that runs"
NO_WORKFLOW = "it sets up the registry's event, and what that starts is not to be seen here"
NOBODY_CALLS = "an application takes the event, and nothing shows that the registry sends it"
BUCKET_EVENT = pattern(r"--trigger-bucket|google\.(cloud\.)?storage\.object|google\.storage\.object|--trigger-resource")
MODEL_WORD = pattern(
    r"(?i)(^|[^a-z])(models?|registry|registered|checkpoints?|weights|onnx|safetensors|joblib)([^a-z]|$)"
)
DATA_WORD = pattern(r"(?i)(^|[^a-z])(data|datasets?|raw|csv|parquet|uploads?|images)([^a-z]|$)")
HOOK_URL = pattern(
    r"(?i).*(hook|registr|registered|promot|new[-_]?model|model[-_]?(updat|chang|event)|reload[-_]?model)"
)
INCLUDED = pattern(r"included_files\s*=\s*\[([^\]]*)\]|--included-files[= ]+(\S+)")
QUOTED = pattern(r"[\w./*?-]+")


class TriggersElsewhere(Record):
    """Traces for changed data and for changed models."""

    data: tuple[Trace, ...] = ()
    registry: tuple[Trace, ...] = ()


@fact
def read_triggers_elsewhere(
    commands: RunCommands, terraform: Terraform, project: PythonProject, snapshot: Snapshot, uses: Uses, api: Api
) -> TriggersElsewhere:
    """All of them."""
    data: list[Trace] = []
    registry: list[Trace] = []
    for said, trace in (*bucket_events(commands, terraform, project), *orchestrated(uses)):
        (registry if MODEL_WORD.search(said) and not DATA_WORD.search(said) else data).append(trace)
    paths = PathKinds(snapshot)
    for said, trace in build_triggers(commands, terraform):
        files = [one for found in INCLUDED.finditer(said) for one in QUOTED.findall(found[1] or found[2])]
        if files and all(map(paths.is_data, files)):
            data.append(trace)
        elif files and all(map(paths.is_model, files)):
            registry.append(trace)
    registry += [half(call.evidence, why_idle(call) or NO_WORKFLOW) for call in uses.calls("automation.on_registry")]
    registry += hooks_taken(api, uses)
    return TriggersElsewhere(strong_first(data), strong_first(registry))


def why_not(one: RunCommand) -> str:
    """Why a command does not count in full."""
    return DEAD_COMMAND if not one.live else ONLY_TOLD if one.origin == "docs" else ""


def bucket_events(commands: RunCommands, terraform: Terraform, project: PythonProject) -> Iterator[tuple[str, Trace]]:
    """Functions and triggers that a bucket's events start, with what is said of them; they count with a function that does something."""
    handlers = list(event_handlers(project))
    without = "" if handlers else NO_HANDLER
    said = " ".join(text.value[:200] for function in handlers for text in texts_in(function, project))
    for one in commands.running("gcloud functions deploy", "gcloud eventarc triggers create", "gcloud run deploy"):
        if BUCKET_EVENT.search(one.command.text):
            yield f"{one.command.text} {said}", weighed(one.evidence, why_not(one) or without)
    for block in terraform.resources("google_cloudfunctions*", "google_eventarc_trigger"):
        if BUCKET_EVENT.search(block.text):
            yield f"{block.text} {said}", weighed(block.evidence, without if block.live else SWITCHED_OFF)


def event_handlers(project: PythonProject) -> Iterator[Function]:
    """Own functions that handle an event of the cloud, and do something."""
    for call in project.calls("functions_framework.cloud_event", roles=CODE, live=True):
        for function in project.at(call.path).functions:
            if function.qualname == call.decorates and not function.is_empty and project.calls_in(function):
                yield function


def texts_in(function: Function, project: PythonProject) -> Iterator[Text]:
    """The strings in a function."""
    for text in project.at(function.path).texts:
        if text.scope == function.qualname or text.scope.startswith(f"{function.qualname}."):
            yield text


def build_triggers(commands: RunCommands, terraform: Terraform) -> Iterator[tuple[str, Trace]]:
    """Triggers of Cloud Build, with what is said of them."""
    for one in commands.running("gcloud builds triggers create"):
        by_hand = BY_HAND if one.runs("gcloud builds triggers create manual") else ""
        yield " ".join(one.command.words), weighed(one.evidence, why_not(one) or by_hand)
    for block in terraform.resources("google_cloudbuild_trigger"):
        yield block.text, weighed(block.evidence, "" if block.live else SWITCHED_OFF)


def orchestrated(uses: Uses) -> Iterator[tuple[str, Trace]]:
    """Sensors of orchestrators on files and buckets."""
    for call in uses.calls("automation.on_change"):
        said = " ".join((call.written, call.text, *(value.text for _, value in call.keywords)))
        if MODEL_WORD.search(said) or DATA_WORD.search(said):
            yield said, half(call.evidence, why_idle(call) or ORCHESTRATED)


def hooks_taken(api: Api, uses: Uses) -> Iterator[Trace]:
    """Routes that by their address take the registry's event, and fetch or load a model then."""
    for endpoint in api.live:
        if HOOK_URL.match(endpoint.route.url[:200]) and any(
            uses.is_a(call, "inference.loads", "automation.fetches_model") for call in endpoint.calls
        ):
            yield half(endpoint.evidence, NOBODY_CALLS)
