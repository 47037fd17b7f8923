"""How the project's images are built: by which commands, Compose files, dev containers, jobs and sentences, and whether these can work."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from auditor.evidence import Place, Trace, aside, counts, half, seen, strong_first
from auditor.facts.containers import Containers, Dockerfile, MissingPath
from auditor.facts.documents.markdown import Docs
from auditor.facts.group import ReportPlace
from auditor.facts.project_commands import Commands, CommandUse, ImageBuild, container_runs, image_builds
from auditor.facts.python import Call
from auditor.facts.workflows import Action
from auditor.formats.shell import parse_commands
from auditor.injection import fact
from auditor.practices.automation.instructions import told
from auditor.practices.automation.job_work import JobWork
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.uses import Uses
from auditor.records import Record

BUILD_ACTIONS = ("docker/build-push-action", "redhat-actions/buildah-build", "mr-smithers-excellent/docker-build-push")
"""Actions that build an image from the Dockerfile of their context, or from their input `file`."""
ELSEWHERE = "it builds no Dockerfile of this repository"
NEVER_STARTED = "it only builds the image: nothing starts it"
CLOUD = "Cloud Build builds the image: nobody is told how to build or start it locally"
MOST_MISSING = 2


class ImageInstructions(Record):
    """What tells or does a build of a Dockerfile of the repository: it counts where everything that it needs is there."""

    traces: tuple[Trace, ...] = ()


@fact
def read_instructions(
    containers: Containers, commands: Commands, pipelines: Pipelines, docs: Docs, report: ReportPlace, uses_of: Uses
) -> ImageInstructions:
    """Builds outside of the report."""
    uses = [use for use in commands.uses if not report.holds(use.path, use.line)]
    local = [use for use in uses if use.kind != "cloudbuild"]
    local += [use for call in uses_of.calls("automation.builds_image", live=True) for use in as_built(call)]
    documents = [document for document in docs.documents if document.path not in report.files]
    found = [
        *(trace for build in image_builds(local, containers) for trace in judged(build, containers)),
        *served(containers),
        *in_jobs(pipelines, containers),
        *(
            trace
            for place, dockerfile in told(documents, containers, report)
            for trace in as_told(place, dockerfile, containers)
        ),
        *(half(use.evidence, CLOUD) for use in uses if use.kind == "cloudbuild" and image_builds([use], containers)),
    ]
    if not any(trace.strong for trace in found):
        why = "it starts an image, and nothing tells how that is built"
        found += [aside(use.evidence, why) for use in container_runs(local)]
    return ImageInstructions(strong_first(found))


def judged(build: ImageBuild, containers: Containers) -> Iterator[Trace]:
    """One command: it counts where one of the Dockerfiles that it may mean has all that it needs."""
    found = [(d, containers.missing_paths(d, build.context)) for d in build.dockerfiles]
    if any(not missing for _, missing in found):
        yield counts(build.evidence)
        return
    if not found:
        yield half(build.evidence, f"there is no {build.named}" if build.named else ELSEWHERE)
    for dockerfile, missing in found:
        yield half(build.evidence, f"{dockerfile.path} names {missing[0].path}: {missing[0].reason}")
        yield from lacking(dockerfile, missing)


def lacking(dockerfile: Dockerfile, missing: Iterable[MissingPath]) -> Iterator[Trace]:
    """The lines of a Dockerfile that name what is not there."""
    for one in sorted(missing, key=lambda m: m.line)[:MOST_MISSING]:
        yield half(one.evidence, f"{one.path}: {one.reason}")


def served(containers: Containers) -> Iterator[Trace]:
    """Services of Compose files and dev containers that are built here."""
    for service in (*containers.services, *containers.dev_containers):
        if service.dockerfile is None:
            continue
        dockerfile = containers.by_path.get(service.dockerfile)
        missing = containers.missing_paths(dockerfile, service.context) if dockerfile is not None else []
        if dockerfile is None:
            yield half(service.evidence, f"there is no {service.dockerfile}")
        elif missing:
            yield half(service.evidence, f"{dockerfile.path} names {missing[0].path}: {missing[0].reason}")
            yield from lacking(dockerfile, missing)
        else:
            yield counts(service.evidence)


def as_told(place: Place, dockerfile: Dockerfile, containers: Containers) -> Iterator[Trace]:
    """A sentence that tells to build a Dockerfile."""
    missing = containers.missing_paths(dockerfile)
    if missing:
        yield half(place, f"{dockerfile.path} names {missing[0].path}: {missing[0].reason}")
    else:
        yield counts(place)


def in_jobs(pipelines: Pipelines, containers: Containers) -> Iterator[Trace]:
    """Jobs that build an image; they show that it works where they also start it."""
    for work in pipelines.every:
        starts = container_runs(CommandUse("workflow", work.job.id, command) for command in work.commands)
        for build, place in built_by(work, containers):
            if not build.dockerfiles:
                continue
            traces = list(judged(build, containers))
            if not traces[0].strong:
                yield from (half(place, trace.why) for trace in traces[:1])
            elif work.why or not starts:
                yield half(place, work.why or NEVER_STARTED)
            else:
                yield counts(place)


def built_by(work: JobWork, containers: Containers) -> Iterator[tuple[ImageBuild, Place]]:
    """The builds of one job, and where each stands."""
    uses = [CommandUse("workflow", work.job.id, command) for command in work.commands]
    yield from ((build, build.evidence) for build in image_builds(uses, containers))
    for action in work.job.actions:
        if action.is_one_of(*BUILD_ACTIONS) or dockerfile_of(action):
            for build in image_builds(as_command(action), containers):
                yield build, seen(action.path, action.line, f"uses: {action.name}")


def dockerfile_of(action: Action) -> str:
    """The Dockerfile that an action is told, by an input of such a name: there are many actions that build and push."""
    return next((value for name, value in action.inputs.items() if "dockerfile" in name.lower() and value), "")


def as_command(action: Action) -> Iterator[CommandUse]:
    """The command that an action of Docker's stands for."""
    file = dockerfile_of(action) or action.inputs.get("file") or action.inputs.get("containerfiles") or ""
    text = f"docker build {f'-f {file.split()[0]} ' if file.split() else ''}{action.inputs.get('context') or '.'}"
    yield from (CommandUse("workflow", "", c) for c in parse_commands(text, path=action.path, line=action.line))


def as_built(call: Call) -> Iterator[CommandUse]:
    """The command that a call of a client of Docker stands for, as far as its arguments are written out."""
    folder, file = (
        call.argument(0, "path") or call.keyword("context_path"),
        call.keyword("dockerfile") or call.keyword("file"),
    )
    named = f"-f {shlex.quote(file.string)} " if file is not None and file.string else ""
    text = f"docker build {named}{shlex.quote((folder.string if folder is not None else '') or '.')}"
    yield from (CommandUse("code", "", c) for c in parse_commands(text, path=call.path, line=call.line))
