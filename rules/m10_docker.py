"""M10: Docker."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, Trace, aside, counts, half, part
from auditor.facts.containers import Containers, Dockerfile, Instruction
from auditor.facts.own_work.template import Template
from auditor.patterns import pattern
from auditor.practices.automation.image_instructions import ImageInstructions
from auditor.practices.traces import halved


@rule("M10.dockerfiles")
def dockerfiles(containers: Containers, template: Template) -> Iterator[Part]:
    """There is a Dockerfile for the project's code.

    Accepted: a file of any name (`Dockerfile*`, `*.dockerfile`, `Containerfile`) with FROM and steps that copy, install or
    run the project.
    Half of it: only the course template's Dockerfiles, and they name files that the repository does not have; or nothing
    but a base image and words that are printed; a recipe for another tool (Apptainer, Earthly).
    Does not count: a Dockerfile that is commented out or empty.
    To settle it: show the Dockerfile and the command that builds it.
    """
    yield part(
        "Dockerfile",
        [
            *(as_found(dockerfile, containers, template) for dockerfile in containers.dockerfiles),
            *halved(containers.others, "it is a recipe for another tool than Docker"),
        ],
        looked_for="a Dockerfile (any name) with FROM and steps that copy, install or run the project",
    )


def as_found(dockerfile: Dockerfile, containers: Containers, template: Template) -> Trace:
    """One Dockerfile: it counts where it could be built and does something for the project."""
    if not dockerfile.valid:
        return aside(dockerfile.evidence, "it is empty, commented out, or no Dockerfile that could be built")
    if not dockerfile.own_steps:
        return half(dockerfile.evidence, "it is nothing but a base image")
    if all(idle(step) for step in dockerfile.own_steps):
        return half(dockerfile.evidence, "it only prints something: nothing is copied, installed or run")
    missing = containers.missing_paths(dockerfile) if template.is_stub(dockerfile.path) else []
    if missing:
        return half(
            dockerfile.evidence, f"it is the template's, and {missing[0].path} that it names does not exist here"
        )
    return counts(dockerfile.evidence)


IDLE = pattern(
    r"(?:\[\s*)?(?:[\"']?(?:/bin/)?(?:ba|da)?sh[\"']?[,\s]{1,3}[\"']?-c[\"']?[,\s]{1,3})?[\"']?(?:/bin/)?(?:echo|printf|true|:|sleep)\b[^&|;]*"
)
"""A step that prints, waits, or does nothing, also by a shell."""


def idle(step: Instruction) -> bool:
    """Whether a step of an image does nothing for anybody's project."""
    return step.name in ("RUN", "CMD", "ENTRYPOINT") and not step.heredoc and IDLE.fullmatch(step.value) is not None


@rule("M10.build")
def built_locally(containers: Containers, instructions: ImageInstructions) -> Iterator[Part]:
    """The Docker images were built and run: the repository says how, and what it says can work.

    Accepted: a build command in README, docs, tasks, Makefile, scripts or code that names an existing Dockerfile, a sentence of a
    document that tells to build it, a Compose service or dev container with a Dockerfile of its own, or a workflow that builds
    the image and starts it; COPY sources and entry point must exist. What is git-ignored, tracked by DVC or generated is not missing.
    Half of it: instructions in the report only, paths or Dockerfiles that are missing, or a workflow or Cloud Build that only
    builds or pushes.
    Cannot be told: a Dockerfile without a word on building it.
    To settle it: write the command that builds the image into the README, or mend the paths that it needs.
    """
    valid = [dockerfile for dockerfile in containers.dockerfiles if dockerfile.valid and dockerfile.own_steps]
    yield part(
        "Dockerfile",
        [counts(d.evidence) for d in valid],
        looked_for="a Dockerfile that could be built",
        premise=True,
    )
    yield part(
        "build instructions",
        instructions.traces,
        looked_for="a command, sentence, Compose service or job outside of the report that builds an existing Dockerfile",
    )
