"""Images that are built automatically: Cloud Build configurations and triggers, and workflows that build on a change.

Sources: Cloud Build documentation, "Build configuration file schema" and "Create and manage build triggers"; the actions' pages
on GitHub's marketplace; command references of gcloud, Docker, Buildpacks, BentoML, Earthly, Cog and the other builders named here.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Place, Trace, aside, counts, half, strong_first, weighed
from auditor.facts.containers import Containers
from auditor.facts.containers.cloud_build import CloudBuild
from auditor.facts.project_commands import CommandUse, image_builds
from auditor.facts.project_commands.image_builds import BUILDS, HOLE
from auditor.facts.workflows import CHANGE_EVENTS, Action, Job
from auditor.formats.shell import Command
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.commands import RunCommands
from auditor.practices.automation.job_work import JobWork
from auditor.practices.automation.pipelines import IMAGE_WORK, Pipelines
from auditor.practices.cloud.manifests import Manifests
from auditor.practices.cloud.resources import Resources
from auditor.practices.traces import BY_HAND, DEAD_COMMAND, UNKNOWN_LIBRARY
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

DEPLOYING = (
    "gcloud run",
    "gcloud functions deploy",
    "gcloud app deploy",
    "gke-deploy",
    "kubectl apply",
    "gcloud ai",
    "gcloud deploy",
)
NO_DOCKERFILE = "the Dockerfile that it names does not exist"
NOT_STARTED_BY_CHANGE = "no push, pull request or tag starts it"
CLUSTER_PIPELINE = "a pipeline of a cluster builds it, and nothing here shows what starts that"
BUILDERS = pattern(r"kaniko|buildah|buildkit|buildpacks|/docker:|\bdocker:\d|jib")
ON_EVENT = "pipelinesascode.tekton.dev/on-event"
SUBMITTED = "its own file says that it is submitted by hand"

COMPOSE = tuple(
    f"{program} {sub}"
    for program in ("docker compose", "docker-compose", "podman-compose")
    for sub in ("build", "up", "run", "create")
)
"""On a machine without the images, all of these build the services that have a build of their own."""
OTHER_BUILDS = (
    "gcloud builds submit", "docker buildx bake", "docker bake", "pack build", "bentoml containerize", "/kaniko/executor", "ko build",
    "gcloud builds triggers run", "skaffold build", "skaffold run", "jib", "earthly", "cog build", "cog push", "nixpacks build", "s2i build",
    "werf build", "werf converge", "img build", "mlflow models build-docker", "jupyter-repo2docker", "repo2docker", "az acr build", "okteto build",
    "garden build", "depot build", "dagger call", "truss image build", "devcontainer build", "mlserver build", "heroku container:push",
    "fly deploy", "flyctl deploy", "buildctl build", "nerdctl build", "apptainer build", "singularity build", "melange build",
    "apko build", "aws codebuild start-build",
)  # fmt: skip
ACTIONS = (
    "docker/build-push-action", "docker/bake-action", "redhat-actions/buildah-build", "redhat-actions/s2i-build",
    "elgohr/publish-docker-github-action", "mr-smithers-excellent/docker-build-push", "whoan/docker-build-with-cache-action",
    "rafikfarhad/push-to-gcr-github-action", "macbre/push-to-ghcr", "devcontainers/ci", "depot/build-push-action",
    "aevea/action-kaniko", "int128/kaniko-action", "buildpacks/github-actions/setup-pack", "jupyterhub/repo2docker-action",
    "vaultvulp/gp-docker-action", "cloudposse/github-action-docker-build-push", "earthly/actions-setup", "dagger/dagger-for-github",
)  # fmt: skip
"""Actions that build an image."""
INSTALLERS = ("earthly/actions-setup", "buildpacks/github-actions/setup-pack", "dagger/dagger-for-github")
"""Of these only the commands after them build."""
NAMED = pattern(
    r"(docker|image|container|kaniko|buildah|podman|oci).{0,30}(build|publish|push)|(build|publish|push).{0,30}(docker|image|container)|"
    r"(docker|image)[-_]?builder"
)
"""Names of actions and called workflows that build an image, where no list knows them."""
CALLED = ("docker", "image", "container", "kaniko")
SAYS_BY_HAND = pattern(r"^\s*#.*(gcloud builds submit|submit(ted)?\b.{0,40}\b(manually|by hand)|run manually)")
STARTS = frozenset({*CHANGE_EVENTS, "tag", "release", "create"})


class ImageTriggers(Record):
    """Traces of images that are built automatically."""

    traces: tuple[Trace, ...] = ()


@fact
def read_image_triggers(
    snapshot: Snapshot,
    containers: Containers,
    pipelines: Pipelines,
    commands: RunCommands,
    resources: Resources,
    manifests: Manifests,
) -> ImageTriggers:
    """What builds images, and whether a change of the repository starts it."""
    found = [
        *in_cloud_builds(snapshot, containers),
        *in_workflows(pipelines, containers),
        *triggers(resources),
        *pipelines.called(*CALLED),
        *pipelines.beyond(IMAGE_WORK),
        *in_pipelines_of_clusters(manifests),
    ]
    if not found:
        found += by_hand(commands, containers)
    seen_in = {trace.place.path for trace in found}
    found += [
        aside(build.evidence, why_builds_nothing(build))
        for build in containers.cloud_builds
        if build.path not in seen_in
    ]
    return ImageTriggers(strong_first(found))


def in_cloud_builds(snapshot: Snapshot, containers: Containers) -> Iterator[Trace]:
    """Steps of Cloud Build that build an image."""
    for build in containers.cloud_builds:
        submitted = any(SAYS_BY_HAND.search(line[:300]) for line in snapshot.lines(build.path))
        for step in build.steps:
            building = [command for command in step.commands if builds_image(command, containers)]
            if step.builds_image or building:
                broken = any(names_nothing(command, containers) for command in building)
                why = NO_DOCKERFILE if broken else SUBMITTED if submitted else ""
                place = building[0].evidence if building else step.evidence
                yield weighed(place, why)


def why_builds_nothing(build: CloudBuild) -> str:
    """Why a configuration of Cloud Build builds no image, by what its steps do instead."""
    deploys = any(command.runs(*DEPLOYING) for step in build.steps for command in step.commands)
    return (
        "its steps deploy what was built elsewhere, and build no image"
        if deploys
        else "none of its steps builds an image"
    )


def in_workflows(pipelines: Pipelines, containers: Containers) -> Iterator[Trace]:
    """Jobs that build an image: they count where a change starts them."""
    for work in pipelines.live:
        started = "" if work.job.roots & STARTS else work.why or NOT_STARTED_BY_CHANGE
        for place, why in image_work(work, containers):
            yield half(place, why or started) if why or started else counts(place)
    for work in pipelines.dead:
        for place, why in image_work(work, containers):
            yield half(place, work.why or why or DEAD_COMMAND)


def image_work(work: JobWork, containers: Containers) -> Iterator[tuple[Place, str]]:
    """Where a job builds an image, and why that counts by half only."""
    for command in work.commands:
        if builds_image(command, containers):
            yield command.evidence, NO_DOCKERFILE if names_nothing(command, containers) else ""
    for step in steps_of(work.job):
        if step.is_one_of(*INSTALLERS):
            continue
        from_source = step.is_one_of("google-github-actions/deploy-cloudrun") and step.inputs.get("source")
        if step.is_one_of(*ACTIONS) or from_source:
            yield step.evidence, ""
        elif not step.local and NAMED.search(step.name.lower()):
            yield step.evidence, UNKNOWN_LIBRARY


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


def triggers(resources: Resources) -> Iterator[Trace]:
    """Build triggers made by a command, by Terraform or the like."""
    for one, _, why in resources.commanded("cloud.build_trigger"):
        why = why or (BY_HAND if one.runs("gcloud builds triggers create manual") else "")
        yield weighed(one.evidence, why)
    yield from (one.trace for one in resources.described("cloud.build_trigger"))
    yield from resources.called("cloud.build_trigger")


def in_pipelines_of_clusters(manifests: Manifests) -> Iterator[Trace]:
    """Pipelines of Tekton, Argo or OpenShift that build an image: what starts them is told by an annotation at most."""
    for manifest in manifests.all:
        if manifest.kind == "BuildConfig" or manifest.api.startswith(("tekton.dev", "argoproj.io", "shipwright.io")):
            builds = manifest.kind in ("BuildConfig", "Build") or any(
                BUILDERS.search(image) for image, _ in manifest.images
            )
            if builds:
                place = manifest.at(manifest.root, "kind", f"{manifest.kind} {manifest.name}")
                started = any(ON_EVENT in mapping for mapping in manifest.maps())
                yield counts(place) if started else half(place, CLUSTER_PIPELINE)


def by_hand(commands: RunCommands, containers: Containers) -> Iterator[Trace]:
    """Commands that build an image where somebody gives them."""
    for one in commands.all:
        if one.origin not in ("workflow", "container", "cloudbuild") and builds_image(one.command, containers):
            yield aside(one.evidence, "somebody gives this command, nothing does by itself")
