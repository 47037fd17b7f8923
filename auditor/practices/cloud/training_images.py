"""Images that are made to train in Google Cloud: they ask it for data or secrets as they start, and something pushes them to its registry.

Sources: Dockerfile reference, "Understand how CMD and ENTRYPOINT interact"; Artifact Registry, "Push and pull images"; Cloud Storage FUSE.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditor.evidence import Place, Trace, counts
from auditor.facts.containers import Containers, Dockerfile
from auditor.facts.project_commands import CommandUse, image_builds
from auditor.facts.python import CODE, PythonProject
from auditor.formats.shell import parse_commands
from auditor.patterns import pattern
from auditor.practices.arguments.options import program_of
from auditor.practices.automation.commands import RunCommands
from auditor.practices.automation.image_instructions import built_by
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.cloud.storage import Buckets
from auditor.practices.cloud.training_words import TRAINS
from auditor.practices.code.model import ModelCode
from auditor.practices.tracking.runs import reach
from auditor.repository.snapshot import Snapshot

REGISTRY = pattern(r"\bgcr\.io\b|\.pkg\.dev\b|\bgcloud builds submit\b|\bgcloud auth configure-docker\b")
ASKS_GOOGLE = pattern(
    r"\bgs://|\bgsutil\b|\bgcloud (storage|secrets|auth)\b|google\.cloud|\bgcsfs\b|\bgcsfuse\b|/gcs/|storage\.googleapis\.com"
    r"|secretmanager|\bgoogle[._]auth\b|cloudpathlib\.GS"
)
"""What a start script asks Google Cloud for as it runs: a bucket, a secret."""
PULLS = pattern(r"\bdvc[\s\"',\]]+(pull|push|fetch|repro)\b|\bdvc\.(api|repo)\b")


def pushed_images(
    snapshot: Snapshot,
    commands: RunCommands,
    containers: Containers,
    project: PythonProject,
    model: ModelCode,
    pipelines: Pipelines,
    buckets: Buckets,
) -> Iterator[Trace]:
    """Images made to train in Google Cloud: their start script asks it for data or secrets, and something pushes them there."""
    training = {place.path for place in model.training}
    wanted = (
        pattern(f"{ASKS_GOOGLE.pattern}|{PULLS.pattern}") if any(one.strong for one in buckets.traces) else ASKS_GOOGLE
    )
    asking = [
        dockerfile
        for dockerfile in containers.dockerfiles
        if trains_and_asks(dockerfile, snapshot, project, training, wanted)
    ]
    if not asking:
        return
    builders: dict[str, list[tuple[Place, bool]]] = {}
    uses = {id(one.command): one for one in commands.all}
    for build in image_builds([CommandUse(one.origin, "", one.command) for one in commands.all], containers):
        for file in build.dockerfiles:
            if (one := uses.get(id(build.use.command))) is not None and one.origin != "docs":
                builders.setdefault(file.path, []).append((one.evidence, one.live))
    for work in pipelines.every:
        for build, place in built_by(work, containers):
            for file in build.dockerfiles:
                builders.setdefault(file.path, []).append((place, work not in pipelines.dead))
    for dockerfile in asking:
        for place, live in builders.get(dockerfile.path, []):
            if live and REGISTRY.search(snapshot.text(place.path) or ""):
                yield counts(place)


def trains_and_asks(
    dockerfile: Dockerfile, snapshot: Snapshot, project: PythonProject, training: set[str], wanted: re.Pattern[str]
) -> bool:
    """Whether an image trains as it starts, and asks Google Cloud for something."""
    start = dockerfile.start
    if not start:
        return False
    started = start_files(start, snapshot, project, renamed(dockerfile))
    if not any(TRAINS.search(words) for words in (start, *started)) and training.isdisjoint(started):
        return False
    texts = (without_comments(snapshot.text(path) or "") for path in started)
    return any(wanted.search(text) for text in (start, *texts))


def without_comments(text: str) -> str:
    """A script or program without the lines that are comments."""
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#"))


def renamed(dockerfile: Dockerfile) -> dict[str, str]:
    """The names that scripts have in the image, each with the path that it was copied from."""
    return {
        copy.destination.rpartition("/")[2]: copy.sources[0]
        for copy in dockerfile.copies
        if len(copy.sources) == 1 and copy.destination.endswith((".sh", ".py"))
    }


def start_files(shell: str, snapshot: Snapshot, project: PythonProject, renamed: Mapping[str, str]) -> tuple[str, ...]:
    """Files that a container's start leads to: scripts and programs that it names, those that they name, and own modules in use.

    `renamed` are names that a copied script has in the image, with the path that it has here.
    """
    files = {file.path: file.module for file in project.of(*CODE)}
    found: dict[str, None] = {}
    todo = [(shell, 0)]
    while todo:
        text, depth = todo.pop()
        for command in parse_commands(text):
            _, program = program_of(command.words, files)
            named = {program} if program else set()
            for word in command.words:
                name = word.rpartition("/")[2]
                source = renamed.get(name, "")
                if source and snapshot.exists(source):
                    named.add(source)
                elif name.endswith(".sh"):
                    named.update(snapshot.named(name)[:1])
            for path in named:
                if path not in found:
                    found[path] = None
                    if path.endswith(".sh") and depth < 2:
                        todo.append((snapshot.text(path) or "", depth + 1))
    edges = {file.path: {module.path for module in project.imported_by(file)} for file in project.of(*CODE)}
    return tuple(dict.fromkeys((*found, *reach([p for p in found if p in files], edges))))
