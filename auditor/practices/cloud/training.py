"""Training in the cloud: job specifications, commands, client libraries, and code made for Vertex AI's containers.

Sources: Vertex AI documentation, "Create custom training jobs", `CustomJobSpec`, "Cloud Storage as a mounted file system",
"Environment variables for special Cloud Storage directories"; "gcloud" command reference; Cloud Run "Jobs"; SkyPilot "Task YAML".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, Trace, counts, half, strong_first
from auditor.facts.containers import Containers
from auditor.facts.project_commands import CommandUse, image_builds
from auditor.facts.python import CODE, PythonProject
from auditor.formats.shell import parse_commands
from auditor.formats.yaml_lines import YamlMap
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.arguments.options import program_of
from auditor.practices.automation.commands import RunCommand, RunCommands
from auditor.practices.cloud.manifests import Manifest, Manifests
from auditor.practices.cloud.resources import Resources, said_in
from auditor.practices.code.model import ModelCode
from auditor.practices.traces import DEAD_COMMAND, trace, why_idle
from auditor.practices.tracking.runs import imported, reach
from auditor.records import Record
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
REGISTRY = pattern(r"\bgcr\.io/|\.pkg\.dev/")
ASKS_GOOGLE = pattern(r"\bgs://|\bgsutil\b|\bgcloud (storage|secrets|auth)\b|google\.cloud|gcsfs|/gcs/")
"""What a start script asks Google Cloud for as it runs: a bucket, a secret."""
CLUSTER_JOBS = frozenset(
    {
        "Job",
        "CronJob",
        "PyTorchJob",
        "TFJob",
        "MPIJob",
        "RayJob",
        "RayCluster",
        "JobSet",
        "Workflow",
        "TrainJob",
        "XGBoostJob",
    }
)
"""Kinds of Kubernetes objects that run to their end (Kubernetes, Kubeflow, KubeRay, Argo)."""
VARIABLES = pattern(
    r"AIP_(MODEL_DIR|CHECKPOINT_DIR|TENSORBOARD_LOG_DIR|(TRAINING|VALIDATION|TEST)_DATA_URI|DATA_FORMAT)|CLOUD_ML_(JOB_ID|HP_METRIC_FILE|TRIAL_ID)"
)
"""Variables that Vertex AI sets in a training container."""
TRAINS = pattern(r"(^|[^a-z])(re)?(train|fine[-_ ]?tun)(er|ing|e)?([^a-z]|$)", re.IGNORECASE)
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
) -> CloudTraining:
    """All traces of training in the cloud."""
    found = [
        *specifications(manifests),
        *submitted(resources),
        *machines(resources, commands),
        *made_for_vertex(project, model),
        *pushed_images(snapshot, commands, containers, project, model),
    ]
    return CloudTraining(strong_first(found))


def judged(place: Place, *reasons: str) -> Trace:
    """A trace that counts, or counts by half for the first reason that there is."""
    why = next((reason for reason in reasons if reason), "")
    return half(place, why) if why else counts(place)


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


def submitted(resources: Resources) -> Iterator[Trace]:
    """Commands, resources and clients that submit jobs."""
    yield from resources.traces("cloud.training_job")
    for one, _, why in resources.commanded("cloud.any_job"):
        dead = why if why == DEAD_COMMAND else ""
        yield judged(one.evidence, dead, "" if TRAINS.search(one.command.text) or trains_by_words(one) else NO_WORD)
    for described in resources.described("cloud.any_job"):
        if not described.type.startswith("google_vertex_ai_endpoint"):
            yield judged(described.place, described.why, "" if TRAINS.search(described.text) else NO_WORD)
    yield from (half(one.place, ANOTHER_CLOUD) for one in resources.called("cloud.other_training") if one.strong)


def trains_by_words(one: RunCommand) -> bool:
    """Whether the words of a command (its text may be the name of a step alone) speak of training."""
    return any(TRAINS.search(word) for word in one.command.words)


def machines(resources: Resources, commands: RunCommands) -> Iterator[Trace]:
    """Commands for virtual machines: they count where they train, by themselves or by a command that stands with them."""
    training: dict[str, list[int]] = {}
    for one in commands.all:
        if TRAINS.search(one.command.text) and one.command.program not in ("echo", "printf", "cd", "mkdir", "git"):
            training.setdefault(one.path, []).append(one.command.line)
    for one, _, why in resources.commanded("cloud.machine"):
        dead = why if why == DEAD_COMMAND else ""
        yield judged(one.evidence, dead, "" if trains_there(one, training.get(one.path, [])) else NO_WORD)


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


def pushed_images(
    snapshot: Snapshot, commands: RunCommands, containers: Containers, project: PythonProject, model: ModelCode
) -> Iterator[Trace]:
    """Images made to train in Google Cloud: their start script asks it for data or secrets, and something pushes them there."""
    builders: dict[str, list[RunCommand]] = {}
    uses = {id(one.command): one for one in commands.all}
    for build in image_builds([CommandUse(one.origin, "", one.command) for one in commands.all], containers):
        for file in build.dockerfiles:
            if (one := uses.get(id(build.use.command))) is not None:
                builders.setdefault(file.path, []).append(one)
    training = {place.path for place in model.training}
    for dockerfile in containers.dockerfiles:
        entry = dockerfile.entrypoint
        if entry is None:
            continue
        started = start_files(entry.shell, snapshot, project)
        named = any(TRAINS.search(words) for words in (entry.shell, *started))
        trains = named or not training.isdisjoint(started)
        texts = (snapshot.text(path) or "" for path in started)
        if not (trains and any(ASKS_GOOGLE.search(text) for text in (entry.shell, *texts))):
            continue
        for one in builders.get(dockerfile.path, []):
            if one.live and one.origin != "docs" and REGISTRY.search(snapshot.text(one.path) or ""):
                yield counts(one.evidence)


def start_files(shell: str, snapshot: Snapshot, project: PythonProject) -> tuple[str, ...]:
    """Files that a container's start leads to: scripts and programs that it names, those that they name, and own modules in use."""
    files = {file.path: file.module for file in project.of(*CODE)}
    found: dict[str, None] = {}
    todo = [(shell, 0)]
    while todo:
        text, depth = todo.pop()
        for command in parse_commands(text):
            _, program = program_of(command.words, files)
            script = next(
                (p for w in command.words if w.endswith(".sh") for p in snapshot.named(w.rpartition("/")[2])), ""
            )
            for path in (program, script):
                if path and path not in found:
                    found[path] = None
                    if path.endswith(".sh") and depth < 2:
                        todo.append((snapshot.text(path) or "", depth + 1))
    edges = {file.path: imported(file, project) for file in project.of(*CODE)}
    return tuple(dict.fromkeys((*found, *reach([p for p in found if p in files], edges))))
