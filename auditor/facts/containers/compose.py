"""Compose files: services with what they are built from (Compose Specification, "Services" and "Build")."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Place, seen
from auditor.facts.containers.dockerfile import Dockerfile, read_dockerfile
from auditor.facts.yaml_files import read_yaml
from auditor.formats.yaml_lines import YamlMap
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

NAMES = tuple(
    f"{stem}*.{ending}" for stem in ("docker-compose", "compose", "podman-compose") for ending in ("yml", "yaml")
)


class ComposeService(Record):
    """One service. `context` and `dockerfile` are paths of the repository; None where it is not built here.

    A Dockerfile that is written into the Compose file has that file's path.
    """

    path: str
    line: int
    name: str
    image: str
    context: str | None
    dockerfile: str | None
    command: str

    @property
    def evidence(self) -> Place:
        """The service and what it comes from."""
        origin = f"build {self.dockerfile}" if self.dockerfile else f"image {self.image}"
        return seen(self.path, self.line, f"service {self.name}: {origin}")


def compose_services(snapshot: Snapshot) -> Iterator[ComposeService]:
    """Every service of every Compose file."""
    yield from each_file(snapshot, snapshot.named(*NAMES), services_of)


def services_of(snapshot: Snapshot, path: str) -> Iterator[ComposeService]:
    """Every service of one Compose file."""
    file = read_yaml(snapshot, path)
    services = file.mapping.map_at("services") if file is not None else YamlMap()
    for name in services:
        service = services.get(name)
        if isinstance(service, YamlMap):
            yield read_service(path, services.line_of(name), name, service)


def inline_dockerfiles(snapshot: Snapshot, path: str) -> Iterator[Dockerfile]:
    """Dockerfiles that are written into one Compose file (`dockerfile_inline`), their lines being those of that file."""
    if "dockerfile_inline" not in (snapshot.text(path) or ""):
        return
    file = read_yaml(snapshot, path)
    services = file.mapping.map_at("services") if file is not None else YamlMap()
    for name in services:
        build = services.map_at(name).map_at("build")
        if "dockerfile_inline" in build:
            above = "\n" * (build.content_line_of("dockerfile_inline") - 1)
            yield read_dockerfile(path, above + build.text_of("dockerfile_inline"))


def read_service(path: str, line: int, name: str, service: YamlMap) -> ComposeService:
    """One service of the Compose file at `path`."""
    folder = path.rpartition("/")[0]
    context: str | None = None
    dockerfile: str | None = None
    inline = False
    build = service.get("build")
    if isinstance(build, str):
        context, dockerfile = build, "Dockerfile"
    elif isinstance(build, YamlMap):
        context = build.text_of("context") or "."
        dockerfile = build.text_of("dockerfile") or "Dockerfile"
        inline = "dockerfile_inline" in build
    if context is not None and "://" in context:
        context, dockerfile = None, None
    if context is not None:
        context = normalise(f"{folder}/{context}")
        dockerfile = path if inline else normalise(f"{context}/{dockerfile}") if dockerfile else None
    command = " ".join(scalar.text for key in ("entrypoint", "command") for scalar in service.scalars_at(key))
    return ComposeService(path, line, name, service.text_of("image"), context, dockerfile, command)
