"""M10: Docker."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, Place, part
from auditor.facts.containers import Containers
from auditor.facts.group import ReportPlace
from auditor.facts.own_work.template import Template
from auditor.facts.project_commands import Commands, image_builds


@rule("M10.dockerfiles")
def dockerfiles(containers: Containers, template: Template) -> Iterator[Part]:
    """There is a Dockerfile for the project's code.

    Accepted: a file of any name (`Dockerfile*`, `*.dockerfile`, `Containerfile`) with FROM and steps that copy, install or
    run the project.
    Half of it: only the course template's Dockerfiles, and they name files that the repository does not have; or nothing
    but a base image.
    Does not count: a Dockerfile that is commented out or empty.
    To settle it: show the Dockerfile and the command that builds it.
    """
    valid = [dockerfile for dockerfile in containers.dockerfiles if dockerfile.valid]
    stubs = [d for d in valid if template.is_stub(d.path) and containers.missing_paths(d)]
    strong = [d.evidence for d in valid if d.own_steps and d not in stubs]
    yield part(
        "Dockerfile",
        strong=strong,
        weak=[d.evidence for d in valid],
        looked_for="a Dockerfile (any name) with FROM and steps that copy, install or run the project",
        remark="the template's Dockerfile names files that do not exist here" if stubs else "nothing but a base image",
    )


@rule("M10.build")
def built_locally(containers: Containers, commands: Commands, report: ReportPlace) -> Iterator[Part]:
    """The Docker images were built and run: the repository says how, and what it says can work.

    Accepted: a build or run command in README, docs, tasks, Makefile, scripts or compose that names an existing Dockerfile,
    whose COPY sources and entry point exist. What is git-ignored, tracked by DVC or generated is not missing.
    Half of it: instructions in the report only, or paths that are missing.
    Cannot be told: a Dockerfile without a word on building it.
    To settle it: write the command that builds the image into the README, or mend the paths that it needs.
    """
    valid = [dockerfile for dockerfile in containers.dockerfiles if dockerfile.valid and dockerfile.own_steps]
    yield part(
        "Dockerfile", strong=[d.evidence for d in valid], looked_for="a Dockerfile that could be built", premise=True
    )
    working: list[Place] = []
    broken: list[Place] = []
    uses = [use for use in commands.uses if use.kind != "cloudbuild" and not report.holds(use.path, use.line)]
    for build in image_builds(uses, containers):
        found = [sorted(containers.missing_paths(d, build.context), key=lambda m: m.line) for d in build.dockerfiles]
        if any(not missing for missing in found):
            working.append(build.evidence)
        else:
            broken += [build.evidence, *(missing.evidence for group in found for missing in group[:2])]
    for service in containers.services:
        dockerfile = containers.by_path.get(service.dockerfile or "")
        if dockerfile is not None:
            missing = containers.missing_paths(dockerfile, service.context)
            if missing:
                broken += [service.evidence, *(one.evidence for one in missing[:2])]
            else:
                working.append(service.evidence)
    yield part(
        "build instructions",
        strong=working,
        weak=broken,
        looked_for="a docker build, docker run or compose command outside of the report that names an existing Dockerfile",
        remark="what it names or needs is missing",
    )
