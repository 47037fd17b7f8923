"""Images that are built automatically: Cloud Build configurations and triggers, and workflows that build on a change.

Sources: Cloud Build documentation, "Build configuration file schema" and "Create and manage build triggers"; the actions' pages
on GitHub's marketplace; "gcloud builds submit", Docker, Buildpacks and BentoML command references.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Place
from auditor.facts.containers import Containers
from auditor.facts.project_commands import CommandUse, image_builds
from auditor.facts.project_commands.image_builds import BUILDS, HOLE
from auditor.facts.terraform import Terraform
from auditor.facts.workflows import CHANGE_EVENTS, Action, Job
from auditor.formats.shell import Command
from auditor.injection import fact
from auditor.practices.automation.commands import RunCommands
from auditor.practices.automation.job_work import JobWork
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.kind_traces import Trace, strong_first
from auditor.records import Record

COMPOSE = tuple(
    f"{program} {sub}"
    for program in ("docker compose", "docker-compose", "podman-compose")
    for sub in ("build", "up", "run", "create")
)
"""On a machine without the images, all of these build the services that have a build of their own."""
OTHER_BUILDS = (
    "gcloud builds submit", "docker buildx bake", "docker bake", "pack build", "bentoml containerize", "/kaniko/executor", "ko build",
    "gcloud builds triggers run", "skaffold build", "skaffold run", "jib",
)  # fmt: skip
ACTIONS = (
    "docker/build-push-action", "docker/bake-action", "redhat-actions/buildah-build", "elgohr/publish-docker-github-action",
    "mr-smithers-excellent/docker-build-push", "whoan/docker-build-with-cache-action", "rafikfarhad/push-to-gcr-github-action",
    "macbre/push-to-ghcr", "devcontainers/ci", "depot/build-push-action", "aevea/action-kaniko", "int128/kaniko-action",
    "jfrog/frogbot", "buildpacks/github-actions/setup-pack",
)  # fmt: skip
"""Actions that build an image."""
STARTS = frozenset({*CHANGE_EVENTS, "tag", "release", "create"})


class ImageTriggers(Record):
    """Traces of images that are built automatically, strong ones first."""

    traces: tuple[Trace, ...] = ()


@fact
def read_image_triggers(
    containers: Containers, pipelines: Pipelines, commands: RunCommands, terraform: Terraform
) -> ImageTriggers:
    """What builds images, and whether a change of the repository starts it."""
    found = [*in_cloud_builds(containers), *in_workflows(pipelines, containers), *triggers(commands, terraform)]
    return ImageTriggers(strong_first(found))


def in_cloud_builds(containers: Containers) -> Iterator[Trace]:
    """Steps of Cloud Build that build an image."""
    for build in containers.cloud_builds:
        for step in build.steps:
            building = [command for command in step.commands if builds_image(command, containers)]
            if step.builds_image or building:
                broken = any(names_nothing(command, containers) for command in building)
                yield Trace("Cloud Build step", building[0].evidence if building else step.evidence, not broken)


def in_workflows(pipelines: Pipelines, containers: Containers) -> Iterator[Trace]:
    """Jobs that build an image: strong where a change starts them."""
    for work in pipelines.live:
        for evidence, broken in image_work(work, containers):
            yield Trace("workflow", evidence, bool(work.job.roots & STARTS) and not broken)
    for work in pipelines.dead:
        for evidence, _ in image_work(work, containers):
            yield Trace("workflow that does not run", evidence, False)


def image_work(work: JobWork, containers: Containers) -> Iterator[tuple[Place, bool]]:
    """Where a job builds an image, and whether the command names a Dockerfile that does not exist."""
    for command in work.commands:
        if builds_image(command, containers):
            yield command.evidence, names_nothing(command, containers)
    for step in steps_of(work.job):
        if step.is_one_of(*ACTIONS) or (
            step.is_one_of("google-github-actions/deploy-cloudrun") and step.inputs.get("source")
        ):
            yield step.evidence, False


def steps_of(job: Job) -> Iterator[Action]:
    """The actions of a job: of its live steps, of all where the job never runs."""
    for step in job.steps if job.disabled else job.live_steps:
        if step.uses is not None:
            yield step.uses


def builds_image(command: Command, containers: Containers) -> bool:
    """Whether a command builds an image."""
    if command.runs(*BUILDS, *OTHER_BUILDS) or command.program == "executor":
        return True
    if command.runs(*COMPOSE):
        named = [service for service in containers.services if service.name in command.words]
        return any(service.context is not None for service in named or containers.services)
    return command.runs("gcloud run deploy") and any(word.startswith("--source") for word in command.words)


def names_nothing(command: Command, containers: Containers) -> bool:
    """Whether a command names a Dockerfile, and the repository has none of that name anywhere."""
    for build in image_builds([CommandUse("workflow", "", command)], containers):
        name = build.named.rpartition("/")[2]
        known = any(d.path.rpartition("/")[2].lower() == name.lower() for d in containers.dockerfiles)
        if name and not build.dockerfiles and not HOLE.search(build.named) and not known:
            return True
    return False


def triggers(commands: RunCommands, terraform: Terraform) -> Iterator[Trace]:
    """Build triggers made by a command or by Terraform."""
    for one in commands.running("gcloud builds triggers create", "gcloud builds triggers import"):
        yield Trace("build trigger", one.evidence, one.live and not one.runs("gcloud builds triggers create manual"))
    for block in terraform.resources("google_cloudbuild_trigger"):
        yield Trace("build trigger", block.evidence, block.live)
