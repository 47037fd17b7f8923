"""What is deployed, as far as the repository shows: commands, actions, service files, Terraform, code, addresses.

Sources: "gcloud" command reference, Cloud Run "YAML reference", google-github-actions on GitHub's marketplace, the Google
provider's documentation in Terraform's registry, Functions Framework for Python, Skaffold and Cloud Deploy documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, seen
from auditor.facts.documents.markdown import Docs
from auditor.facts.group import ReportPlace
from auditor.facts.project_commands.image_builds import option, positional
from auditor.facts.python import CODE, PythonProject
from auditor.facts.terraform import Terraform
from auditor.facts.workflows import Action, Workflows
from auditor.formats.hcl import own_value
from auditor.injection import fact
from auditor.practices.automation.commands import RunCommand, RunCommands
from auditor.practices.cloud.addresses import addresses
from auditor.practices.cloud.manifests import Manifests
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

RUN = "cloud run"
FUNCTIONS = "cloud functions"
OTHER_GOOGLE = "another service of Google Cloud"

COMMANDS = {
    "gcloud run deploy": RUN,
    "gcloud run services replace": RUN,
    "gcloud run services update": RUN,
    "gcloud run compose up": RUN,
    "gcloud functions deploy": FUNCTIONS,
    "gcloud app deploy": OTHER_GOOGLE,
    "gcloud ai endpoints deploy-model": OTHER_GOOGLE,
    "gcloud ai-platform versions create": OTHER_GOOGLE,
    "gcloud compute instances create-with-container": OTHER_GOOGLE,
    "gcloud container clusters create": OTHER_GOOGLE,
    "gcloud container clusters create-auto": OTHER_GOOGLE,
    "gcloud container clusters get-credentials": OTHER_GOOGLE,
}
LOOKS = ("gcloud run services list", "gcloud run services describe", "gcloud run services logs", "gcloud functions call",
         "gcloud functions describe")  # fmt: skip
"""Commands that ask about a service: it is there, but they do not say how it came there."""

ACTIONS = {
    "google-github-actions/deploy-cloudrun": RUN,
    "google-github-actions/deploy-cloud-functions": FUNCTIONS,
    "google-github-actions/deploy-appengine": OTHER_GOOGLE,
}
RESOURCES = {
    "google_cloud_run_service": RUN,
    "google_cloud_run_v2_service": RUN,
    "google_cloudfunctions_function": FUNCTIONS,
    "google_cloudfunctions2_function": FUNCTIONS,
    "google_app_engine_*version": OTHER_GOOGLE,
    "google_vertex_ai_endpoint*": OTHER_GOOGLE,
    "google_container_cluster": OTHER_GOOGLE,
}
CODE_CALLS = {
    "google.cloud.run_v2.Services*Client().create_service": RUN,
    "google.cloud.run_v2.Services*Client().update_service": RUN,
    "google.cloud.functions_v*.*Client().create_function": FUNCTIONS,
    "pulumi_gcp.cloudrun*.Service": RUN,
    "pulumi_gcp.cloudfunctions*.Function": FUNCTIONS,
    "google.cloud.aiplatform.Endpoint*.deploy": OTHER_GOOGLE,
    "google.cloud.aiplatform.Model*.deploy": OTHER_GOOGLE,
}
ENTRY_POINTS = ("functions_framework.http", "functions_framework.cloud_event", "functions_framework.typed")
FLAGS = frozenset(
    (
        "--allow-unauthenticated", "--no-allow-unauthenticated", "--quiet", "-q", "--no-traffic", "--async", "--gen2", "--use-http2",
        "--no-use-http2", "--cpu-throttling", "--no-cpu-throttling", "--cpu-boost", "--no-cpu-boost", "--session-affinity",
        "--trigger-http", "--retry", "--no-gen2", "--invoker-iam-check", "--no-invoker-iam-check", "--default-url", "--function-only",
    )
)  # fmt: skip
"""Options of these commands that take no value."""


class Deployment(Record):
    """One trace of a deployment.

    `kind` is the service (`cloud run`, `cloud functions`, or another of Google Cloud), `how` what shows it: `command`,
    `action`, `service file`, `terraform`, `code`, `address`, `entry point` or `lookup`. `name` is the service's name,
    `image` and `source` what is deployed, each empty where it is not said. `live` is False where nothing runs it, where a
    document shows only the form of a command, and for an entry point or a lookup, which deploy nothing.
    """

    kind: str
    how: str
    evidence: Place
    name: str = ""
    image: str = ""
    source: str = ""
    live: bool = True

    @property
    def serverless(self) -> bool:
        """Whether it is on Cloud Run or Cloud Functions."""
        return self.kind in (RUN, FUNCTIONS)

    @property
    def says(self) -> str:
        """Everything it says of what is deployed, in lower case."""
        return " ".join((self.name, self.image, self.source, self.evidence.text)).lower()


class Deployments(Record):
    """Every trace of a deployment, live ones first."""

    all: tuple[Deployment, ...] = ()

    @property
    def live(self) -> tuple[Deployment, ...]:
        """The traces that settle that something is deployed."""
        return tuple(one for one in self.all if one.live)

    @property
    def serverless(self) -> tuple[Deployment, ...]:
        """The live ones on Cloud Run or Cloud Functions."""
        return tuple(one for one in self.live if one.serverless)


@fact
def read_deployments(
    snapshot: Snapshot,
    commands: RunCommands,
    workflows: Workflows,
    manifests: Manifests,
    terraform: Terraform,
    project: PythonProject,
    docs: Docs,
    report: ReportPlace,
) -> Deployments:
    """All traces of deployments. Of the group's report only addresses count, not its commands (evidence standard, M23)."""
    found = [
        *by_command(commands),
        *by_action(workflows),
        *by_manifest(manifests),
        *by_terraform(terraform),
        *by_code(project),
    ]
    for address in addresses(snapshot, project, docs, report):
        name = address.host.partition(".")[0]
        found.append(Deployment(address.kind, "address", address.evidence, name, live=address.live))
    return Deployments(tuple(sorted(dict.fromkeys(found), key=lambda one: not one.live)))


def by_command(commands: RunCommands) -> Iterator[Deployment]:
    """Deploying commands in scripts, tasks, documents, workflows, Cloud Build steps and code."""
    for one in commands.running(*COMMANDS):
        name = next(name for name in COMMANDS if one.runs(name))
        yield deployed_by(one, name)
    for one in commands.running(*LOOKS):
        yield Deployment(RUN if one.runs(*LOOKS[:3]) else FUNCTIONS, "lookup", one.evidence, live=False)


def deployed_by(one: RunCommand, name: str) -> Deployment:
    """What one deploying command says."""
    call = one.call_of(name) or ()
    words = tuple(word for word in call[1:] if word not in name.split()[1:])
    service = next(iter(positional(words, FLAGS)), "")
    image, source = option(words, "--image"), option(words, "--source") or option(words, "--entry-point")
    sample = re.search(r"/cloudrun/(container/)?(hello|placeholder|job)", image)
    live = one.live and not sample and one.says(service, image, "" if source == "." and not service else source)
    return Deployment(COMMANDS[name], "command", one.evidence, service, image, source, live)


def by_action(workflows: Workflows) -> Iterator[Deployment]:
    """GitHub actions that deploy."""
    live = {id(job) for job in workflows.live_jobs}
    for workflow in workflows.all:
        for job in workflow.jobs:
            for step in job.steps:
                if step.uses is not None and (kind := kind_of(step.uses)):
                    given = step.uses.inputs
                    yield Deployment(
                        kind,
                        "action",
                        step.uses.evidence,
                        given.get("service") or given.get("name", ""),
                        given.get("image", ""),
                        given.get("source") or given.get("source_dir", ""),
                        id(job) in live and step.disabled is None,
                    )


def kind_of(action: Action) -> str:
    """The service that an action deploys to; empty for other actions."""
    return next((kind for name, kind in ACTIONS.items() if action.is_one_of(name)), "")


def by_manifest(manifests: Manifests) -> Iterator[Deployment]:
    """Cloud Run services as YAML, and Skaffold's or Cloud Deploy's settings for Cloud Run."""
    for manifest in manifests.of_kind("serving.knative.dev", "Service"):
        image = next((image for image, _ in manifest.images), "")
        evidence = seen(manifest.path, manifest.root.line_of("kind"), f"Cloud Run service {manifest.name} {image}")
        yield Deployment(RUN, "service file", evidence, manifest.name, image)
    for manifest in manifests.all:
        deploy = manifest.root.map_at("deploy")
        if manifest.api == "skaffold" and "cloudrun" in deploy:
            yield Deployment(RUN, "service file", manifest.at(deploy, "cloudrun"))
        if manifest.api == "deploy.cloud.google.com" and manifest.kind == "Target" and "run" in manifest.root:
            yield Deployment(RUN, "service file", manifest.at(manifest.root, "run"), manifest.name)


def by_terraform(terraform: Terraform) -> Iterator[Deployment]:
    """Terraform resources and modules."""
    for pattern, kind in RESOURCES.items():
        for block in terraform.resources(pattern):
            name = own_value(block, "name") or block.labels[-1]
            yield Deployment(kind, "terraform", block.evidence, name, block.value("image"), live=block.live)
    for block in terraform.modules("*cloud-run*", "*cloud_run*", "*cloud-functions*", "*cloud_functions*"):
        kind = FUNCTIONS if "functions" in own_value(block, "source").lower() else RUN
        yield Deployment(
            kind, "terraform", block.evidence, " ".join(block.labels), block.value("image"), live=block.live
        )


def by_code(project: PythonProject) -> Iterator[Deployment]:
    """Client libraries that deploy; entry points of functions, and code that looks a service up, deploy nothing yet."""
    for pattern, kind in CODE_CALLS.items():
        for call in project.calls(pattern, roles=CODE):
            yield Deployment(kind, "code", call.evidence, live=call.live)
    for call in project.calls(*ENTRY_POINTS, roles=CODE):
        yield Deployment(FUNCTIONS, "entry point", call.evidence, call.decorates, live=False)
    for call in project.calls("google.cloud.run_v2.Services*Client().*", roles=CODE, live=True):
        if not any(name.endswith(("create_service", "update_service")) for name in call.names):
            yield Deployment(RUN, "lookup", call.evidence, live=False)
