"""Google Cloud Build configurations (Cloud Build documentation, "Build configuration file schema")."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from auditor.evidence import Place, seen
from auditor.facts.yaml_files import read_yaml
from auditor.formats.shell import Command, parse_commands
from auditor.formats.yaml_lines import YamlMap
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

BUILDERS = {
    "executor": "/kaniko/executor",
    "cloud-sdk": "gcloud",
    "google-cloud-cli": "gcloud",
    "gke-deploy": "gke-deploy",
}
"""Entry points of builder images that are not called as the image is."""


class CloudBuildStep(Record):
    """One step: a container of `image` that is given `args`."""

    path: str
    line: int
    image: str
    args: tuple[str, ...]
    folder: str
    commands: tuple[Command, ...]
    """What it runs, with the builder image's name for the program: `docker build ...`."""

    @property
    def builds_image(self) -> bool:
        """Whether it builds a container image."""
        return self.uses_kaniko or any(
            c.runs("docker build", "docker buildx build", "docker compose build", "podman build", "pack build")
            for c in self.commands
        )

    @property
    def uses_kaniko(self) -> bool:
        """Whether it builds by kaniko."""
        return "kaniko-project/executor" in self.image

    @property
    def evidence(self) -> Place:
        """The step's first command."""
        text = self.commands[0].text if self.commands else self.image
        return seen(self.path, self.line, text)


class CloudBuild(Record):
    """One build configuration. `images` are those that it pushes at its end."""

    path: str
    line: int
    steps: tuple[CloudBuildStep, ...]
    images: tuple[str, ...]

    @property
    def builds_image(self) -> bool:
        """Whether one of its steps builds a container image."""
        return any(step.builds_image for step in self.steps)

    @property
    def evidence(self) -> Place:
        """The place of its steps."""
        return seen(self.path, self.line, f"Cloud Build configuration with {len(self.steps)} steps")


def cloud_builds(snapshot: Snapshot) -> Iterator[CloudBuild]:
    """Every file whose top level has `steps` that name images."""
    paths = snapshot.named("*.yml", "*.yaml", "*cloudbuild*.json")
    yield from each_file(snapshot, (path for path in paths if not path.startswith(".github/")), read_cloud_build)


def read_cloud_build(snapshot: Snapshot, path: str) -> Iterator[CloudBuild]:
    """The build configuration in one file, if it is one."""
    text = snapshot.text(path) or ""
    file = read_yaml(snapshot, path) if "steps" in text and "name" in text else None
    if file is None:
        return
    found = [step for step in file.mapping.list_at("steps").maps() if " " not in step.text_of("name")]
    named = "cloudbuild" in path.rpartition("/")[2].lower().replace("_", "").replace("-", "")
    if any("/" in step.text_of("name") for step in found) or (named and "steps" in file.mapping):
        steps = tuple(read_step(path, step) for step in found if step.text_of("name"))
        images = tuple(scalar.text for scalar in file.mapping.scalars_at("images"))
        yield CloudBuild(path, file.mapping.line_of("steps"), steps, images)


def read_step(path: str, step: YamlMap) -> CloudBuildStep:
    """One step of the configuration at `path`."""
    image = step.text_of("name")
    scalars = step.scalars_at("args")
    args = tuple(scalar.text for scalar in scalars)
    if len(scalars) == 1 and not step.list_at("args"):
        args = tuple(scalars[0].text.split())
    entrypoint = step.text_of("entrypoint")
    script = step.text_of("script")
    plain_image = image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    program = entrypoint or BUILDERS.get(plain_image, plain_image)
    text = script or shlex.join([program, *args])
    line = step.content_line_of("script") if script else step.line_of("args")
    if not script and scalars and any(word in ("-c", "-ec", "-lc", "-euxc") for word in args):
        # The shell's text begins on its own line, below the `|`.
        line = step.list_at("args").content_line_of(len(args) - 1)
    return CloudBuildStep(
        path,
        step.line,
        image,
        args,
        step.text_of("dir"),
        parse_commands(text, path=path, line=line),
    )
