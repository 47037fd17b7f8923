"""Containers: Dockerfiles, Compose files and Cloud Build configurations."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

from auditor.evidence import Place, seen
from auditor.facts.containers.build_context import BuildContext, MissingPath
from auditor.facts.containers.cloud_build import CloudBuild, CloudBuildStep, cloud_builds
from auditor.facts.containers.compose import NAMES as COMPOSE_NAMES
from auditor.facts.containers.compose import ComposeService, compose_services, inline_dockerfiles
from auditor.facts.containers.dev_containers import dev_containers
from auditor.facts.containers.dockerfile import Copy, Dockerfile, EntryPoint, Instruction, Stage, read_dockerfile
from auditor.facts.own_work.ignores import Ignores
from auditor.facts.own_work.vendored import is_vendored
from auditor.injection import fact
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

__all__ = [
    "BuildContext",
    "CloudBuild",
    "CloudBuildStep",
    "ComposeService",
    "Containers",
    "Copy",
    "Dockerfile",
    "EntryPoint",
    "Instruction",
    "MissingPath",
    "Stage",
    "read_dockerfile",
]

MAX_DOCKERFILES = 200
NAMES = tuple("dockerfile containerfile *.dockerfile *.containerfile dockerfile.* containerfile.* *.docker".split())
OTHER_ENDINGS = frozenset(
    """dockerignore md rst yml yaml json py sh ps1 png jpg jpeg svg pdf ipynb html j2 jinja""".split()
)
"""Endings after `Dockerfile.` that say what the file is instead."""
FOLDERS = frozenset({"dockerfiles", "docker", "containers", "dockerfile"})


class Containers(Record, dict=True):
    """What a repository says of containers."""

    dockerfiles: tuple[Dockerfile, ...]
    services: tuple[ComposeService, ...]
    cloud_builds: tuple[CloudBuild, ...]
    snapshot: Snapshot
    ignores: Ignores
    dev_containers: tuple[ComposeService, ...] = ()
    others: tuple[Place, ...] = ()
    """Recipes of images for other tools than Docker: Apptainer's definition files, Earthfiles."""

    @cached_property
    def by_path(self) -> dict[str, Dockerfile]:
        """Dockerfiles by path."""
        return {dockerfile.path: dockerfile for dockerfile in self.dockerfiles}

    def missing_paths(
        self, dockerfile: Dockerfile, context: str | None = None, generated: Collection[str] = ()
    ) -> list[MissingPath]:
        """What `dockerfile` needs of its build context and cannot find.

        Without `context` the folder is taken that lacks least: the root, the Dockerfile's own, or one between; or one
        that a Compose file names for it. `generated` are paths that a command writes before the build.
        """
        folders = [context] if context is not None else self.contexts(dockerfile)
        found = [BuildContext(f, self.snapshot, self.ignores, generated).missing_paths(dockerfile) for f in folders]
        return min(found, key=len)

    def contexts(self, dockerfile: Dockerfile) -> list[str]:
        """Folders that `dockerfile` may be built from, the likeliest first."""
        built = (s for s in (*self.services, *self.dev_containers) if s.dockerfile == dockerfile.path)
        named = [service.context for service in built if service.context is not None]
        parts = dockerfile.path.split("/")[:-1]
        return list(dict.fromkeys([*named, *("/".join(parts[:n]) for n in range(min(len(parts), 20) + 1))]))


@fact
def containers(snapshot: Snapshot, ignores: Ignores) -> Containers:
    """Every Dockerfile, Compose service and Cloud Build configuration."""
    return Containers(
        tuple(dockerfiles(snapshot)),
        tuple(compose_services(snapshot)),
        tuple(cloud_builds(snapshot)),
        snapshot,
        ignores,
        tuple(dev_containers(snapshot)),
        tuple(each_file(snapshot, snapshot.named("*.def", "singularity", "singularity.*", "earthfile"), other_recipe)),
    )


def other_recipe(snapshot: Snapshot, path: str) -> Iterator[Place]:
    """The line of another tool's recipe that names the image it begins with (Apptainer, "Definition files"; Earthly, "FROM")."""
    lines = snapshot.lines(path)
    bootstrapped = any(line.lower().startswith("bootstrap:") for line in lines)
    for number, line in enumerate(lines, start=1):
        if line.lower().startswith("from:" if bootstrapped else "from ") and (
            bootstrapped or path.endswith("Earthfile")
        ):
            yield seen(path, number, line.strip())
            return


def dockerfiles(snapshot: Snapshot) -> list[Dockerfile]:
    """Every Dockerfile of any name, invalid ones of a usual name included."""
    named = set(snapshot.named(*NAMES))

    def read(snapshot: Snapshot, path: str) -> Iterator[Dockerfile]:
        text = snapshot.text(path)
        if text is not None:
            dockerfile = read_dockerfile(path, text)
            certain = path in named and not path.lower().endswith(".docker")
            if certain or dockerfile.valid:
                yield dockerfile

    found: list[Dockerfile] = []
    for dockerfile in each_file(snapshot, (path for path in snapshot.paths if may_be_dockerfile(path, named)), read):
        found.append(dockerfile)
        if len(found) == MAX_DOCKERFILES:
            snapshot.note(dockerfile.path, f"more than {MAX_DOCKERFILES} Dockerfiles: the others were not read")
            break
    return [*found, *each_file(snapshot, snapshot.named(*COMPOSE_NAMES), inline_dockerfiles)]


def may_be_dockerfile(path: str, named: Collection[str]) -> bool:
    """Whether a file has a Dockerfile's name, one with that word in it, or none of a kind in a folder of Dockerfiles."""
    *folders, name = path.split("/")
    stem, _, ending = name.lower().rpartition(".")
    called = "dockerfile" in name.lower() or "containerfile" in name.lower()
    in_folder = not stem and (called or any(folder.lower() in FOLDERS for folder in folders))
    if (path not in named and not in_folder) or is_vendored(path):
        return False
    return not (stem in ("dockerfile", "containerfile") and ending in OTHER_ENDINGS)
