"""Whether an application with a drift endpoint is what the repository deploys."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.evidence import Trace, counts, half, strong_first
from auditor.facts.containers import Containers, Dockerfile
from auditor.facts.containers.entry_point import programs
from auditor.facts.project_commands import CommandUse, ImageBuild, image_builds
from auditor.facts.python import PythonProject
from auditor.formats.shell.options import values_of
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.api import Api
from auditor.practices.cloud import Deployment, Deployments, RunCommands
from auditor.practices.monitoring.drift import Drift
from auditor.records import Record
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

DRIFTING = pattern(r"drift|monitor|evidently")
SCRIPT = pattern(r"([\w.-]+\.(?:sh|bash)|(?<=/)[\w.-]*entry[\w-]*point[\w-]*)(?![\w./-])")
"""Names of shell scripts in what a container starts with."""
VARIABLE = pattern(r"\$\{?(\w+)\}?")
COMMON = frozenset(
    [
        "",
        "api",
        "app",
        "apps",
        "main",
        "service",
        "services",
        "server",
        "backend",
        "dockerfile",
        "docker",
        "latest",
        "image",
        "cloud",
        "run",
        "src",
        "project",
        "init",
    ]
)
"""Words that tell no service from another."""

MADE_ELSEWHERE = "it only shows a report that was made elsewhere"
ANOTHER = "it is of an application without a drift check"


class DriftService(Record):
    """Endpoints that detect drift, and traces of the deployment of the application that has them."""

    endpoints: tuple[Trace, ...] = ()
    deployed: tuple[Trace, ...] = ()
    """Deployments; those of other applications by half."""


@fact
def drift_service(
    drift: Drift,
    api: Api,
    deployments: Deployments,
    containers: Containers,
    commands: RunCommands,
    project: PythonProject,
    snapshot: Snapshot,
) -> DriftService:
    """Hold the live deployments against the applications with a drift endpoint."""
    if not drift.served and not drift.showing:
        return DriftService()
    uses = [CommandUse(one.origin, "", one.command) for one in commands.all]
    with_drift = frozenset({e.route.path for e in drift.served} | {evidence.path for evidence in drift.showing})
    matching = _Matching(with_drift, api, containers, image_builds(uses, containers), project, snapshot)
    endpoints = [counts(endpoint.evidence) for endpoint in drift.served]
    endpoints += [half(place, MADE_ELSEWHERE) for place in drift.showing]
    deployed = [
        counts(one.evidence) if matching.is_of_drift(one) else half(one.evidence, ANOTHER) for one in deployments.live
    ]
    return DriftService(tuple(endpoints), strong_first(deployed))


class _Matching(Record):
    with_drift: frozenset[str]
    api: Api
    containers: Containers
    builds: list[ImageBuild]
    project: PythonProject
    snapshot: Snapshot

    def is_of_drift(self, deployment: Deployment) -> bool:
        """Whether a deployment is of the application with the drift endpoint; True where nothing says otherwise."""
        files = [file for dockerfile in self.built(deployment) for file in self.started(dockerfile)]
        if files:
            return any(self.serves(file) for file in files)
        if deployment.source and normalise(deployment.source):
            folder = normalise(deployment.source)
            if folder in {"/".join(p.split("/")[:n]) for p in self.api.paths for n in range(1, p.count("/") + 1)}:
                return any(path.startswith(folder + "/") for path in self.with_drift)
        if DRIFTING.search(deployment.says):
            return True
        return not self.says_another(deployment) and not self.only_others_start()

    def only_others_start(self) -> bool:
        """Whether the repository's containers start applications, and none of them one with a drift check."""
        started = [file for dockerfile in self.containers.dockerfiles for file in self.started(dockerfile)]
        others = [file for file in started if file in self.api.paths and not self.serves(file)]
        return bool(others) and not any(self.serves(file) for file in started)

    def says_another(self, deployment: Deployment) -> bool:
        """Whether a deployment's own words name another application of the repository, and none of those with a drift check."""
        said = words(image_name(deployment.image)) | words(deployment.name)
        others = [path for path in self.api.paths - self.with_drift if not self.serves(path)]
        named = [path for path in others if words(path.removesuffix(".py")) & said]
        return bool(named) and not any(words(path.removesuffix(".py")) & said for path in self.with_drift)

    def started(self, dockerfile: Dockerfile) -> Iterable[str]:
        """Files of the project that a container runs when it starts, by itself or by a shell script."""
        entry = dockerfile.entrypoint
        yield from started_files(entry.shell if entry is not None else "", self.project, self.snapshot)

    def built(self, deployment: Deployment) -> list[Dockerfile]:
        """The Dockerfiles of what is deployed: built under the image's name, in the source folder, or alike by name."""
        if deployment.image:
            name = image_name(deployment.image)
            found = [
                dockerfile
                for build in self.builds
                for dockerfile in build.dockerfiles
                if name in tags(build) and ("$" not in name or build.use.path == deployment.evidence.path)
            ]
            if found:
                return found
            wanted = words(name) | words(deployment.name)
            return [d for d in self.containers.dockerfiles if words(d.path.rpartition("/")[2]) & wanted]
        if deployment.source:
            folder = normalise(deployment.source)
            dockerfile = self.containers.by_path.get(f"{folder}/Dockerfile".lstrip("/"))
            return [dockerfile] if dockerfile else []
        return []

    def serves(self, path: str, seen: frozenset[str] = frozenset()) -> bool:
        """Whether the program at `path` is, or imports, the application with the drift endpoint."""
        if path in self.with_drift:
            return True
        file = self.project.file(path)
        if file is None or path in seen or len(seen) > 10:
            return False
        return any(self.serves(module.path, seen | {path}) for module in self.project.imported_by(file))


def image_name(image: str) -> str:
    """The last part of an image's name, without tag or digest; a variable as `${NAME}`."""
    last = VARIABLE.sub(r"${\1}", image.strip("\"'")).rpartition("/")[2].partition("@")[0]
    return last.partition(":")[0].strip("\"'")


def tags(build: ImageBuild) -> set[str]:
    """Names that a build gives its image."""
    given = values_of(build.use.command.argv, "-t", "--tag", "--destination", "-d")
    return {image_name(name) for name in given}


def words(name: str) -> set[str]:
    """Words of a name that tell one service from another."""
    return set(re.split(r"[^a-z0-9]+", name.lower())) - COMMON


def started_files(shell: str, project: PythonProject, snapshot: Snapshot, depth: int = 0) -> Iterable[str]:
    """Files of the project that a shell text runs, through the shell scripts that it starts."""
    for program in programs(shell):
        if program.kind == "module":
            file = project.module(program.target)
            if file is None:
                tail = "/" + program.target.replace(".", "/") + ".py"
                file = next((f for f in project.files if f"/{f.path}".endswith(tail)), None)
        elif program.target.endswith(".py"):
            tail = "/" + normalise(program.target).lstrip("/")
            file = next((f for f in project.files if f"/{f.path}".endswith(tail) or tail.endswith(f"/{f.path}")), None)
        else:
            file = None
        if file is not None:
            yield file.path
    for name in SCRIPT.findall(shell) if depth < 3 else ():
        found = snapshot.named(name)
        if len(found) == 1:
            yield from started_files(snapshot.text(found[0]) or "", project, snapshot, depth + 1)
