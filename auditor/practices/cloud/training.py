"""Training in the cloud: job specifications, commands, client libraries, and code made for Vertex AI's containers.

Sources: Vertex AI documentation, "Create custom training jobs", `CustomJobSpec`, "Cloud Storage as a mounted file system",
"Environment variables for special Cloud Storage directories"; "gcloud" command reference; Cloud Run "Jobs"; SkyPilot "Task YAML".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, Trace, half, strong_first, weighed
from auditor.facts.containers import Containers
from auditor.facts.python import CODE, PythonProject
from auditor.formats.yaml_lines import YamlMap
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.commands import RunCommand, RunCommands
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.cloud.manifests import Manifest, Manifests
from auditor.practices.cloud.resources import Resources, said_in
from auditor.practices.cloud.storage import Buckets
from auditor.practices.cloud.training_beside import beside
from auditor.practices.cloud.training_images import pushed_images, without_comments
from auditor.practices.cloud.training_words import TRAINS
from auditor.practices.code.model import ModelCode
from auditor.practices.traces import DEAD_COMMAND, trace, why_idle
from auditor.records import Record
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

REACH = 40
"""Lines of a document within which a command for a machine and a training command belong together."""
PLACEHOLDERS = "its machine, image or package is left to be filled in"
NO_WORD = "it is a job or a machine, and says no word of training"
ANOTHER_CLOUD = "it is another cloud, or a machine without a word on training"
NOT_TRAINING = "the file that reads it does not train"
CLUSTER = "it trains on a cluster, and nothing tells that the cluster is Google's"
GOOGLE = pattern(r"\bgke\b|cloud\.google\.com/|gcr\.io/|\.pkg\.dev/|iam\.gserviceaccount\.com|cloud-platform")
"""What tells a cluster of Google Cloud: node labels, registries, service accounts."""
CLUSTER_JOBS = frozenset(
    """Job CronJob PyTorchJob TFJob MPIJob RayJob RayCluster JobSet Workflow TrainJob XGBoostJob""".split()
)
"""Kinds of Kubernetes objects that run to their end (Kubernetes, Kubeflow, KubeRay, Argo)."""
VARIABLES = pattern(
    r"AIP_(MODEL_DIR|CHECKPOINT_DIR|TENSORBOARD_LOG_DIR|(TRAINING|VALIDATION|TEST)_DATA_URI|DATA_FORMAT)|CLOUD_ML_(JOB_ID|HP_METRIC_FILE|TRIAL_ID)"
)
"""Variables that Vertex AI sets in a training container."""
SCRIPT = pattern(r"[\w./-]*\w\.(?:sh|bash|tpl|tftpl|ya?ml|txt)\b")
"""How a command or resource names the script that a machine is given."""
MAX_TEXT = 20_000
MAX_SCRIPTS = 5
TEMPLATE = pattern(r"[<>]|\byour[-_]|\[[A-Z_-]+\]|PROJECT_ID/|\bxxx", re.IGNORECASE)


class CloudTraining(Record):
    """Traces of training in the cloud."""

    traces: tuple[Trace, ...] = ()


@fact
def read_cloud_training(
    snapshot: Snapshot,
    resources: Resources,
    commands: RunCommands,
    manifests: Manifests,
    containers: Containers,
    project: PythonProject,
    model: ModelCode,
    pipelines: Pipelines,
    buckets: Buckets,
) -> CloudTraining:
    """All traces of training in the cloud."""
    found = [
        *specifications(manifests),
        *submitted(resources, snapshot),
        *machines(resources, commands, snapshot),
        *made_for_vertex(project, model),
        *beside(snapshot, containers, project, model),
        *pushed_images(snapshot, commands, containers, project, model, pipelines, buckets),
    ]
    return CloudTraining(strong_first(found))


def judged(place: Place, *reasons: str) -> Trace:
    """A trace that counts, or counts by half for the first reason that there is."""
    return weighed(place, next(filter(None, reasons), ""))


def specifications(manifests: Manifests) -> Iterator[Trace]:
    """Vertex AI jobs as files, Cloud Run jobs as files, SkyPilot's tasks."""
    for manifest in manifests.all:
        for mapping in manifest.maps():
            for key in ("workerPoolSpecs", "worker_pool_specs"):
                if key in mapping:
                    yield from vertex_job(manifest, mapping, key)
        if manifest.api == "run.googleapis.com" and manifest.kind == "Job":
            said = " ".join(
                scalar.text
                for m in manifest.maps()
                for key in ("image", "command", "args")
                for scalar in m.scalars_at(key)
            )
            trains = bool(TRAINS.search(f"{manifest.name} {said}"))
            yield judged(
                manifest.at(manifest.root, "kind", f"Cloud Run job {manifest.name}"), "" if trains else NO_WORD
            )
        resources = manifest.root.map_at("resources")
        if resources and "run" in manifest.root and TRAINS.search(manifest.root.text_of("run")):
            google = resources.text_of("cloud") == "gcp" or resources.text_of("infra").startswith("gcp")
            place = manifest.at(manifest.root, "resources", "SkyPilot task that trains")
            yield judged(place, "" if google else ANOTHER_CLOUD)
        if manifest.kind in CLUSTER_JOBS and manifest.api != "run.googleapis.com":
            said = said_in(manifest)
            if TRAINS.search(said):
                place = manifest.at(manifest.root, "kind", f"{manifest.kind} {manifest.name}")
                yield judged(place, "" if GOOGLE.search(said) else CLUSTER)


def vertex_job(manifest: Manifest, mapping: YamlMap, key: str) -> Iterator[Trace]:
    """A Vertex AI job: pools with a machine and a container or package; half a job without them, or a form to fill in."""
    pools = mapping.list_at(key).maps() or ([mapping.map_at(key)] if mapping.map_at(key) else [])
    for pool in pools[:1]:
        machine = any(name in pool for name in ("machineSpec", "machine_spec"))
        work = next(
            (
                pool.map_at(n)
                for n in ("containerSpec", "container_spec", "pythonPackageSpec", "python_package_spec")
                if n in pool
            ),
            None,
        )
        said = (
            next(
                (
                    work.text_of(n)
                    for n in ("imageUri", "image_uri", "pythonModule", "python_module", "executorImageUri")
                    if work.text_of(n)
                ),
                "",
            )
            if work
            else ""
        )
        evidence = manifest.at(mapping, key, f"{key}: {said}")
        yield judged(evidence, "" if machine and said and not TEMPLATE.search(said) else PLACEHOLDERS)


def submitted(resources: Resources, snapshot: Snapshot) -> Iterator[Trace]:
    """Commands, resources and clients that submit jobs."""
    yield from resources.traces("cloud.training_job")
    for one, _, why in resources.commanded("cloud.any_job"):
        dead = why if why == DEAD_COMMAND else ""
        yield judged(one.evidence, dead, "" if TRAINS.search(one.command.text) or trains_by_words(one) else NO_WORD)
    for described in resources.described("cloud.any_job"):
        if not described.type.startswith("google_vertex_ai_endpoint"):
            trains = TRAINS.search(described.text) or script_trains(described.text, described.place.path, snapshot)
            yield judged(described.place, described.why, "" if trains else NO_WORD)
    yield from (half(one.place, ANOTHER_CLOUD) for one in resources.called("cloud.other_training") if one.strong)


def trains_by_words(one: RunCommand) -> bool:
    """Whether the words of a command (its text may be the name of a step alone) speak of training."""
    return any(TRAINS.search(word) for word in one.command.words)


def machines(resources: Resources, commands: RunCommands, snapshot: Snapshot) -> Iterator[Trace]:
    """Commands for virtual machines: they count where they train, by themselves or by a command that stands with them."""
    training: dict[str, list[int]] = {}
    for one in commands.all:
        if TRAINS.search(one.command.text) and one.command.program not in ("echo", "printf", "cd", "mkdir", "git"):
            training.setdefault(one.path, []).append(one.command.line)
    for one, _, why in resources.commanded("cloud.machine"):
        dead = why if why == DEAD_COMMAND else ""
        if one.runs("cml runner", "cml-runner") and not any(word.endswith("gcp") for word in one.command.words):
            continue
        trains = trains_there(one, training.get(one.path, [])) or script_trains(one.command.text, one.path, snapshot)
        yield judged(one.evidence, dead, "" if trains else NO_WORD)


def script_trains(text: str, path: str, snapshot: Snapshot) -> bool:
    """Whether a script that `text`, in the file at `path`, hands over to a machine trains, or names one that does."""
    folder = path.rpartition("/")[0]
    for name in SCRIPT.findall(text[:MAX_TEXT])[:MAX_SCRIPTS]:
        plain = normalise(name)
        named = snapshot.named(plain.rpartition("/")[2].lower())
        near = [one for one in named if one in (plain, normalise(f"{folder}/{plain}"))] or list(named[:1])
        for script in near[:1]:
            if TRAINS.search(without_comments(snapshot.text(script) or "")):
                return True
    return False


def trains_there(machine: RunCommand, training: list[int]) -> bool:
    """Whether a command for a machine trains on it, as far as its file shows."""
    if TRAINS.search(machine.command.text):
        return True
    line = machine.command.line
    return any(machine.origin != "docs" or 0 <= other - line <= REACH for other in training)


def made_for_vertex(project: PythonProject, model: ModelCode) -> Iterator[Trace]:
    """Code that reads Vertex AI's variables, or its mounted buckets below /gcs/."""
    training = {evidence.path for evidence in model.training}
    for call in project.calls("os.getenv", "os.environ.get", roles=CODE):
        name = call.argument(0, "key")
        if name is not None and VARIABLES.fullmatch(name.string or ""):
            yield trace(call)
    for reference in project.references("os.environ[*]", roles=CODE):
        if any(VARIABLES.fullmatch(name.removeprefix("os.environ[").removesuffix("]")) for name in reference.names):
            yield trace(reference)
    for text in project.texts("/gcs/*", roles=CODE):
        trains = text.path in training or bool(TRAINS.search(text.path.rpartition("/")[2]))
        yield judged(text.evidence, why_idle(text), "" if trains else NOT_TRAINING)
