"""Whether an application with a drift endpoint is what the repository deploys."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from auditor.evidence import Place
from auditor.facts.containers import Containers, Dockerfile
from auditor.facts.containers.entry_point import programs
from auditor.facts.project_commands import CommandUse, ImageBuild, image_builds
from auditor.facts.project_commands.image_builds import option
from auditor.facts.python import PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.api import Api, Endpoint
from auditor.practices.cloud import Deployment, Deployments, RunCommands
from auditor.practices.monitoring.drift import Drift
from auditor.records import Record
from auditor.repository.paths import normalise

DRIFTING = pattern(r"drift|monitor|evidently")
COMMON = frozenset(
    {
        "",
        "api",
        "app",
        "main",
        "service",
        "server",
        "backend",
        "dockerfile",
        "docker",
        "latest",
        "image",
        "cloud",
        "run",
    }
)


class DriftService(Record):
    """Endpoints that detect drift, and traces of the deployment of the application that has them."""

    endpoints: tuple[Endpoint, ...] = ()
    showing: tuple[Place, ...] = ()
    deployed: tuple[Place, ...] = ()
    elsewhere: tuple[Place, ...] = ()
    """Deployments of other applications."""


@fact
def drift_service(
    drift: Drift,
    api: Api,
    deployments: Deployments,
    containers: Containers,
    commands: RunCommands,
    project: PythonProject,
) -> DriftService:
    """Hold the live deployments against the applications with a drift endpoint."""
    if not drift.served and not drift.showing:
        return DriftService()
    uses = [CommandUse(one.origin, "", one.command) for one in commands.all]
    with_drift = frozenset({e.route.path for e in drift.served} | {evidence.path for evidence in drift.showing})
    matching = _Matching(with_drift, api, containers, image_builds(uses, containers), project)
    verdicts = [(one, matching.is_of_drift(one)) for one in deployments.live]
    return DriftService(
        drift.served,
        drift.showing,
        tuple(one.evidence for one, same in verdicts if same),
        tuple(one.evidence for one, same in verdicts if not same),
    )


class _Matching(Record):
    with_drift: frozenset[str]
    api: Api
    containers: Containers
    builds: list[ImageBuild]
    project: PythonProject

    def is_of_drift(self, deployment: Deployment) -> bool:
        """Whether a deployment is of the application with the drift endpoint; True where nothing says otherwise."""
        files = [file for dockerfile in self.built(deployment) for file in entry_files(dockerfile, self.project)]
        if files:
            return any(self.serves(file) for file in files)
        if deployment.source and normalise(deployment.source):
            folder = normalise(deployment.source)
            if folder in {"/".join(p.split("/")[:n]) for p in self.api.paths for n in range(1, p.count("/") + 1)}:
                return any(path.startswith(folder + "/") for path in self.with_drift)
        if DRIFTING.search(deployment.says):
            return True
        others = self.api.paths - self.with_drift
        alone = not others or all(self.serves(path) for path in others)
        predicts_too = any(endpoint.route.path in self.with_drift for endpoint in self.api.inferring)
        return alone or predicts_too

    def built(self, deployment: Deployment) -> list[Dockerfile]:
        """The Dockerfiles of what is deployed: built under the image's name, in the source folder, or alike by name."""
        if deployment.image:
            name = image_name(deployment.image)
            found = [d for build in self.builds for d in build.dockerfiles if name in tags(build)]
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
        modules = (
            self.project.module(s.name) or self.project.module(s.name.rpartition(".")[0]) for s in file.imports if s.own
        )
        return any(self.serves(module.path, seen | {path}) for module in modules if module is not None)


def image_name(image: str) -> str:
    """The last part of an image's name, without tag or digest."""
    return image.rpartition("/")[2].partition("@")[0].partition(":")[0].strip("\"'")


def tags(build: ImageBuild) -> set[str]:
    """Names that a build gives its image."""
    call = build.use.command.argv
    given = [option(call, "-t", "--tag", "--destination", "-d")]
    given += [word.partition("=")[2] for word in call if word.startswith(("--tag=", "--destination="))]
    given += [after for before, after in itertools.pairwise(call) if before in ("-t", "--tag")]
    return {image_name(name) for name in given if name}


def words(name: str) -> set[str]:
    """Words of a name that tell one service from another."""
    return set(re.split(r"[^a-z0-9]+", name.lower())) - COMMON


def entry_files(dockerfile: Dockerfile, project: PythonProject) -> Iterable[str]:
    """Files of the project that a container runs when it starts."""
    entry = dockerfile.entrypoint
    for program in programs(entry.shell) if entry is not None else ():
        if program.kind == "module":
            file = project.module(program.target)
            if file is None:
                tail = "/" + program.target.replace(".", "/") + ".py"
                file = next((f for f in project.files if f"/{f.path}".endswith(tail)), None)
        else:
            tail = "/" + normalise(program.target).lstrip("/")
            file = next((f for f in project.files if f"/{f.path}".endswith(tail) or tail.endswith(f"/{f.path}")), None)
        if file is not None:
            yield file.path
