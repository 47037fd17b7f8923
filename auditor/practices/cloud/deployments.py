"""What is deployed, as far as the repository shows: commands, actions, service files, resources, code, addresses.

Sources: "gcloud" command reference, Cloud Run "YAML reference", google-github-actions on GitHub's marketplace, Functions Framework for
Python, Skaffold, Cloud Deploy, Serverless Framework and Firebase Hosting documentation, "Cloud Run Button". Names stand in
`knowledge/tables/cloud.yaml`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from auditor.evidence import Place, Trace, seen, strong_first, weighed
from auditor.facts.documents.markdown import Docs
from auditor.facts.group import ReportPlace
from auditor.facts.project_commands.image_builds import positional
from auditor.facts.python import PythonProject
from auditor.facts.workflows import Action
from auditor.formats.shell.options import value_of
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.commands import RunCommand
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.cloud.addresses import addresses
from auditor.practices.cloud.manifests import Manifests
from auditor.practices.cloud.resources import Resources
from auditor.practices.traces import DEAD_COMMAND, PLACEHOLDER
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

RUN = "cloud run"
FUNCTIONS = "cloud functions"
OTHER_GOOGLE = "another service of Google Cloud"

KINDS = (("cloud.run_service", RUN), ("cloud.function", FUNCTIONS), ("cloud.other_serving", OTHER_GOOGLE))
LOOKS = (("cloud.service_looked_up", RUN), ("cloud.function_looked_up", FUNCTIONS))

NEITHER = "it serves in Google Cloud, by neither Cloud Run nor Cloud Functions"
REGISTRY = pattern(r"([\w-]+\.)?gcr\.io/[\w${<-]|[\w${}-]+-docker\.pkg\.dev/")
"""Images that the project keeps in Google Cloud."""
SERVING_KINDS = frozenset({"Deployment", "StatefulSet", "ReplicaSet", "Rollout", "Pod"})
CHART = "Chart.yaml"
PUBLIC = tuple(
    "gcr.io/google gcr.io/cloud gcr.io/distroless gcr.io/kaniko gcr.io/cadvisor gcr.io/ml-pipeline gcr.io/kubeflow gcr.io/knative "
    "gcr.io/k8s k8s.gcr.io registry.k8s.io gcr.io/tekton gcr.io/arrikto mirror.gcr.io".split()
)
"""Images in that registry which anybody takes."""
UNAPPLIED = "no command hands it to a cluster"
LOOKED_UP = "it asks about a service, or lets it be reached, and does not say how it came there"
ENTRY_POINT = "it is made to be a function, and nothing deploys it"
SAMPLE = "it deploys Google's sample container"
DEAD_CODE = "the code that has the address cannot run"
BUTTON = "a button offers to deploy it, and nothing tells that somebody did"
REWRITES = "the site sends requests on to a service, and does not say how that came there"

ACTIONS = {
    "google-github-actions/deploy-cloudrun": RUN,
    "google-github-actions/deploy-cloud-functions": FUNCTIONS,
    "google-github-actions/deploy-appengine": OTHER_GOOGLE,
}
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
    `action`, `service file`, `resource`, `code`, `address` or `lookup`. `name` is the service's name, `image` and `source` what
    is deployed, each empty where it is not said. `why` tells why it counts by half: nothing runs it, a document shows only the
    form of a command, or it deploys nothing. Empty where it settles that something is deployed.
    """

    kind: str
    how: str
    evidence: Place
    name: str = ""
    image: str = ""
    source: str = ""
    why: str = ""

    @property
    def live(self) -> bool:
        """Whether it settles that something is deployed."""
        return not self.why

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

    @property
    def traces(self) -> tuple[Trace, ...]:
        """All as traces for a deployment with Cloud Run or Functions."""
        return self.traces_of(serverless=True)

    def traces_of(self, *, serverless: bool) -> tuple[Trace, ...]:
        """All as traces for a deployment in Google Cloud; with `serverless` only one with Cloud Run or Functions counts."""
        found = []
        for one in self.all:
            why = one.why or ("" if one.serverless or not serverless else NEITHER)
            found.append(weighed(one.evidence, why))
        return strong_first(found)


@fact
def read_deployments(
    snapshot: Snapshot,
    resources: Resources,
    pipelines: Pipelines,
    manifests: Manifests,
    project: PythonProject,
    docs: Docs,
    report: ReportPlace,
) -> Deployments:
    """All traces of deployments. Of the group's report only addresses count, not its commands (evidence standard, M23)."""
    found = [
        *by_resource(resources),
        *by_action(pipelines),
        *by_manifest(manifests),
        *by_cluster(manifests, snapshot, applied=any(True for _ in resources.commanded("cloud.applies"))),
        *by_other_files(snapshot, docs, report),
    ]
    for address in addresses(snapshot, project, docs, report):
        name = address.host.partition(".")[0]
        why = "" if address.live else DEAD_CODE
        found.append(Deployment(address.kind, "address", address.evidence, name, why=why))
    return Deployments(tuple(sorted(dict.fromkeys(found), key=lambda one: not one.live)))


def by_resource(resources: Resources) -> Iterator[Deployment]:
    """Commands, resources and client libraries that deploy, and those that only look at what is deployed."""
    for kind, service in KINDS:
        for one, name, why in resources.commanded(kind):
            yield deployed_by(one, name, service, why)
        for described in resources.described(kind):
            yield Deployment(service, "resource", described.place, described.name, described.image, why=described.why)
        for trace in (*resources.called(kind), *resources.requested(kind)):
            yield Deployment(service, "code", trace.place, why=trace.why)
    for kind, service in LOOKS:
        for one, _, _ in resources.commanded(kind):
            yield Deployment(service, "lookup", one.evidence, why=LOOKED_UP)
        for described in resources.described(kind):
            yield Deployment(service, "lookup", described.place, described.name, why=LOOKED_UP)
        for trace in resources.called(kind):
            yield Deployment(service, "lookup", trace.place, why=ENTRY_POINT if service == FUNCTIONS else LOOKED_UP)


def deployed_by(one: RunCommand, name: str, kind: str, why: str) -> Deployment:
    """What one deploying command says."""
    call = one.call_of(name) or ()
    words = tuple(word for word in call[1:] if word not in name.split()[1:])
    service = next(iter(positional(words, FLAGS)), "")
    image, source = value_of(words, "--image"), value_of(words, "--source") or value_of(words, "--entry-point")
    if re.search(r"/cloudrun/(container/)?(hello|placeholder|job)", image):
        why = SAMPLE
    if why in ("", PLACEHOLDER):
        why = "" if one.says(service, image, "" if source == "." and not service else source) else PLACEHOLDER
    return Deployment(kind, "command", one.evidence, service, image, source, why)


def by_action(pipelines: Pipelines) -> Iterator[Deployment]:
    """GitHub actions that deploy."""
    for work in (*pipelines.live, *pipelines.dead):
        dead = any(work is one for one in pipelines.dead)
        for step in work.job.live_steps if not dead else work.job.steps:
            if step.uses is not None and (kind := kind_of(step.uses)):
                given = step.uses.inputs
                yield Deployment(
                    kind,
                    "action",
                    step.uses.evidence,
                    given.get("service") or given.get("name", ""),
                    given.get("image", ""),
                    given.get("source") or given.get("source_dir", ""),
                    work.why or DEAD_COMMAND if dead else "",
                )


def kind_of(action: Action) -> str:
    """The service that an action deploys to; empty for other actions."""
    return next((kind for name, kind in ACTIONS.items() if action.is_one_of(name)), "")


def by_manifest(manifests: Manifests) -> Iterator[Deployment]:
    """Cloud Run services as YAML, and other tools' settings that deploy there: Skaffold, Cloud Deploy, Serverless, bentoctl."""
    for manifest in manifests.of_kind("serving.knative.dev", "Service"):
        image = next((image for image, _ in manifest.images), "")
        evidence = seen(manifest.path, manifest.root.line_of("kind"), f"Cloud Run service {manifest.name} {image}")
        yield Deployment(RUN, "service file", evidence, manifest.name, image)
    for manifest in manifests.all:
        root = manifest.root
        deploy = root.map_at("deploy")
        if manifest.api == "skaffold" and "cloudrun" in deploy:
            yield Deployment(RUN, "service file", manifest.at(deploy, "cloudrun"))
        if manifest.api == "deploy.cloud.google.com" and manifest.kind == "Target" and "run" in root:
            yield Deployment(RUN, "service file", manifest.at(root, "run"), manifest.name)
        if "functions" in root and root.map_at("provider").text_of("name") == "google":
            yield Deployment(FUNCTIONS, "service file", manifest.at(root, "functions"), root.text_of("service"))
        if root.map_at("operator").text_of("name") in ("google-cloud-run", "google-cloud-functions"):
            kind = RUN if root.map_at("operator").text_of("name").endswith("run") else FUNCTIONS
            yield Deployment(kind, "service file", manifest.at(root, "operator"), root.text_of("name"))


def by_cluster(manifests: Manifests, snapshot: Snapshot, *, applied: bool) -> Iterator[Deployment]:
    """What a cluster is to serve out of the project's own registry of Google Cloud: Kubernetes objects, and values of a Helm chart.

    `applied` is whether any command hands such objects to a cluster.
    """
    for manifest in manifests.all:
        folder = manifest.path.rpartition("/")[0]
        chart = manifest.path.rpartition("/")[2].startswith("values") and snapshot.exists(
            f"{folder}/{CHART}".lstrip("/")
        )
        if manifest.kind not in SERVING_KINDS and not chart:
            continue
        for mapping in manifest.maps():
            key = "image" if mapping.text_of("image") else "repository"
            image = mapping.text_of(key)
            if REGISTRY.match(image) and not image.startswith(PUBLIC):
                name = manifest.name or folder.rpartition("/")[2]
                yield Deployment(
                    OTHER_GOOGLE,
                    "service file",
                    manifest.at(mapping, key),
                    name,
                    image,
                    why="" if applied else UNAPPLIED,
                )


def by_other_files(snapshot: Snapshot, docs: Docs, report: ReportPlace) -> Iterator[Deployment]:
    """The Cloud Run Button of a README, and a site of Firebase Hosting that sends requests on to a service."""
    for document in docs.documents:
        for link in document.links:
            if fnmatchcase(link.target, "https://deploy.cloud.run*") and not report.holds(link.path, link.line):
                yield Deployment(RUN, "button", seen(link.path, link.line, link.target), why=BUTTON)
    for path in snapshot.named("firebase.json"):
        try:
            hosting = json.loads(snapshot.text(path) or "{}").get("hosting", {})
            rewrites = hosting.get("rewrites", []) if isinstance(hosting, dict) else []
            named = [
                one["run"]["serviceId"]
                for one in rewrites
                if isinstance(one, dict) and isinstance(one.get("run"), dict)
            ]
        except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
            continue
        for name in named:
            yield Deployment(RUN, "rewrite", seen(path, None, f"serviceId: {name}"), str(name), why=REWRITES)
