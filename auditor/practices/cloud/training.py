"""Training in the cloud: job specifications, commands, client libraries, and code made for Vertex AI's containers.

Sources: Vertex AI documentation, "Create custom training jobs", `CustomJobSpec`, "Cloud Storage as a mounted file system",
"Environment variables for special Cloud Storage directories"; "gcloud" command reference; Cloud Run "Jobs"; SkyPilot "Task YAML".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.facts.python import CODE, PythonProject
from auditor.facts.terraform import Terraform
from auditor.formats.yaml_lines import YamlMap
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.commands import RunCommand, RunCommands
from auditor.practices.cloud.manifests import Manifest, Manifests
from auditor.practices.code.model import ModelCode
from auditor.practices.kind_traces import Trace, strong_first
from auditor.records import Record

JOBS = (
    "gcloud ai custom-jobs create", "gcloud ai hp-tuning-jobs create", "gcloud ai-platform jobs submit training",
    "gcloud ml-engine jobs submit training", "gcloud ai-platform jobs submit",
)  # fmt: skip
"""Commands that submit a training job."""
ANY_JOBS = (
    "gcloud run jobs create", "gcloud run jobs deploy", "gcloud run jobs execute", "gcloud run jobs update", "gcloud batch jobs submit",
    "gcloud run jobs replace", "gcloud dataproc jobs submit", "sky launch", "sky jobs launch", "sky exec",
)  # fmt: skip
"""Commands that submit a job of any kind."""
MACHINES = (
    "gcloud compute instances create", "gcloud compute instances create-with-container", "gcloud compute ssh", "gcloud compute scp",
    "gcloud compute instances start", "gcloud workbench instances create", "gcloud notebooks instances create",
)  # fmt: skip
"""Commands that make, start or enter a virtual machine, which may train."""
REACH = 40
"""Lines of a document within which a command for a machine and a training command belong together."""
SDK = (
    "google.cloud.aiplatform*.CustomJob", "google.cloud.aiplatform*.CustomJob.from_local_script", "google.cloud.aiplatform*.*TrainingJob",
    "google.cloud.aiplatform*.*TrainingJob.from_*", "google.cloud.aiplatform*.HyperparameterTuningJob", "google.cloud.aiplatform*.PipelineJob",
    "google.cloud.aiplatform*.PipelineJob.from_*", "google.cloud.aiplatform*.*ServiceClient().create_*training*",
    "google.cloud.aiplatform*.JobServiceClient().create_custom_job", "google.cloud.aiplatform*.JobServiceClient().create_hyperparameter*",
    "google.cloud.run_v2.JobsClient().*_job", "google.cloud.batch_v1.BatchServiceClient().create_job", "vertexai*.sft.train",
    "vertexai*.tune_model", "zenml.integrations.gcp.*VertexOrchestrator*",
)  # fmt: skip
OTHER_SDK = (
    "google.cloud.compute_v1.InstancesClient().*", "sagemaker.*.PyTorch", "sagemaker.*.Estimator", "sagemaker.estimator.*", "azureml.core.ScriptRunConfig",
    "azure.ai.ml.command", "kfp.compiler.Compiler().compile", "kfp.Client().*",
)  # fmt: skip
"""Machines without a word on training, and other clouds."""
VARIABLES = pattern(
    r"AIP_(MODEL_DIR|CHECKPOINT_DIR|TENSORBOARD_LOG_DIR|(TRAINING|VALIDATION|TEST)_DATA_URI|DATA_FORMAT)|CLOUD_ML_(JOB_ID|HP_METRIC_FILE|TRIAL_ID)"
)
"""Variables that Vertex AI sets in a training container."""
TRAINS = pattern(r"(^|[^a-z])(re)?(train|fine[-_ ]?tun)(er|ing|e)?([^a-z]|$)", re.IGNORECASE)
TEMPLATE = pattern(r"[<>]|\byour[-_]|\[[A-Z_-]+\]|PROJECT_ID/|\bxxx", re.IGNORECASE)


class CloudTraining(Record):
    """Traces of training in the cloud, strong ones first."""

    traces: tuple[Trace, ...] = ()


@fact
def read_cloud_training(
    commands: RunCommands, manifests: Manifests, terraform: Terraform, project: PythonProject, model: ModelCode
) -> CloudTraining:
    """All traces of training in the cloud."""
    found = [
        *specifications(manifests),
        *submitted(commands),
        *machines(commands),
        *by_terraform(terraform),
        *by_code(project),
        *made_for_vertex(project, model),
    ]
    return CloudTraining(strong_first(found))


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
            yield Trace("Cloud Run job", manifest.at(manifest.root, "kind", f"Cloud Run job {manifest.name}"), trains)
        resources = manifest.root.map_at("resources")
        if resources and "run" in manifest.root and TRAINS.search(manifest.root.text_of("run")):
            google = resources.text_of("cloud") == "gcp" or resources.text_of("infra").startswith("gcp")
            yield Trace("SkyPilot task", manifest.at(manifest.root, "resources", "SkyPilot task that trains"), google)


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
        yield Trace("Vertex AI job", evidence, machine and bool(said) and not TEMPLATE.search(said))


def submitted(commands: RunCommands) -> Iterator[Trace]:
    """Commands that submit jobs."""
    for one in commands.running(*JOBS):
        name = next(name for name in JOBS if one.runs(name))
        yield Trace("training job", one.evidence, one.live and one.concrete(name))
    for one in commands.running(*ANY_JOBS):
        yield Trace("job", one.evidence, one.live and bool(TRAINS.search(one.command.text)))


def machines(commands: RunCommands) -> Iterator[Trace]:
    """Commands for virtual machines: strong where they train, by themselves or by a command that stands with them."""
    training: dict[str, list[int]] = {}
    for one in commands.all:
        if TRAINS.search(one.command.text) and one.command.program not in ("echo", "printf", "cd", "mkdir", "git"):
            training.setdefault(one.path, []).append(one.command.line)
    for one in commands.running(*MACHINES):
        yield Trace("virtual machine", one.evidence, one.live and trains_there(one, training.get(one.path, [])))


def trains_there(machine: RunCommand, training: list[int]) -> bool:
    """Whether a command for a machine trains on it, as far as its file shows."""
    if TRAINS.search(machine.command.text):
        return True
    line = machine.command.line
    return any(machine.origin != "docs" or 0 <= other - line <= REACH for other in training)


def by_terraform(terraform: Terraform) -> Iterator[Trace]:
    """Machines and jobs in Terraform, which train where their text says so."""
    for block in terraform.resources(
        "google_compute_instance*",
        "google_cloud_run_v2_job",
        "google_workbench_instance",
        "google_notebooks_instance",
        "google_vertex_ai_*",
    ):
        if block.labels[0].startswith("google_vertex_ai_endpoint"):
            continue
        yield Trace("Terraform", block.evidence, block.live and bool(TRAINS.search(block.text)))


def by_code(project: PythonProject) -> Iterator[Trace]:
    """Calls of client libraries that make a training job."""
    for call in project.calls(*SDK, roles=CODE):
        yield Trace("client library", call.evidence, call.live and not call.only_tests)
    for call in project.calls(*OTHER_SDK, roles=CODE, live=True):
        yield Trace("client library", call.evidence, False)


def made_for_vertex(project: PythonProject, model: ModelCode) -> Iterator[Trace]:
    """Code that reads Vertex AI's variables, or its mounted buckets below /gcs/."""
    training = {evidence.path for evidence in model.training}
    for call in project.calls("os.getenv", "os.environ.get", roles=CODE):
        name = call.argument(0, "key")
        if name is not None and VARIABLES.fullmatch(name.string or ""):
            yield Trace("cloud training module", call.evidence, call.live)
    for reference in project.references("os.environ[*]", roles=CODE):
        if any(VARIABLES.fullmatch(name.removeprefix("os.environ[").removesuffix("]")) for name in reference.names):
            yield Trace("cloud training module", reference.evidence, reference.live)
    for text in project.texts("/gcs/*", roles=CODE):
        trains = text.path in training or bool(TRAINS.search(text.path.rpartition("/")[2]))
        yield Trace("mounted bucket", text.evidence, text.live and trains)
