"""GitHub workflow files as models, each for itself: what other files and the repository mean for it comes later.

Source: GitHub documentation, "Workflow syntax for GitHub Actions", "Metadata syntax for GitHub Actions" (composite
actions).
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.facts.workflows.conditions import evaluate
from auditor.facts.workflows.matrix import read_matrix
from auditor.facts.workflows.model import Action, Job, Step, Workflow
from auditor.facts.workflows.source import Files, Source, is_true, texts, words
from auditor.facts.workflows.triggers import read_triggers
from auditor.formats.yaml_lines import YamlFile, YamlMap, YamlValue
from auditor.patterns import pattern
from auditor.records import replace
from auditor.repository.paths import normalise

MAX_DEPTH = 4
"""Composite actions within composite actions that are read; GitHub allows ten."""
MAX_JOBS = 300
"""Jobs of one workflow that are read."""
MAX_STEPS = 1_000
"""Steps of one job, those of composite actions included."""

_JOB_ID = pattern(r"[A-Za-z_][A-Za-z0-9_-]*")
_INPUT = pattern(r"\$\{\{\s*inputs\.([\w-]+)\s*\}\}")
OTHER_LANGUAGES = ("python", "node", "perl", "ruby")


def read_workflow(files: Files, path: str, file: YamlFile) -> Workflow:
    """A workflow file as it stands: jobs with steps (local composite actions' steps included), triggers unsettled."""
    source = files.source(path)
    document = file.mapping
    run_defaults = document.map_at("defaults").map_at("run")
    jobs = document.map_at("jobs")
    return Workflow(
        *source.place(document.line_of("name")),
        name=document.text_of("name") or path,
        triggers=read_triggers(source, document),
        jobs=tuple(read_job(source, name, jobs, run_defaults) for name in list(jobs)[:MAX_JOBS]),
        env=texts(document.map_at("env")),
        dead_reason=why_rejected(file, source.lines),
    )


def why_rejected(file: YamlFile, lines: list[str]) -> str | None:
    """Why GitHub refuses a workflow file, in words; None where it does not, as far as is checked here."""
    document = file.root
    if document is None:
        return "it is all commented out" if any(line.strip() for line in lines) else "it is empty"
    if not isinstance(document, YamlMap):
        return "it is not a mapping"
    for name, line in file.duplicate_keys:
        return f"the key {name} is given twice (line {line})"
    if document.get("on") is None:
        return "it has no trigger (on)"
    jobs = document.get("jobs")
    if not isinstance(jobs, YamlMap) or not jobs:
        return "it has no jobs"
    for name, job in jobs.items():
        reason = why_job_rejected(name, job, jobs)
        if reason:
            return reason
    return None if orderly(jobs) else "its jobs need each other in a circle"


def why_job_rejected(name: str, job: YamlValue, jobs: YamlMap) -> str | None:
    """Why GitHub refuses a job, and with it the workflow."""
    if not _JOB_ID.fullmatch(name):
        return f"the job id {name} has characters that are not allowed"
    if not isinstance(job, YamlMap):
        return f"the job {name} is empty"
    for need in words(job, "needs"):
        if need not in jobs:
            return f"the job {name} needs {need}, which does not exist"
    if job.get("uses"):
        return None
    if job.get("runs-on") is None:
        return f"the job {name} has no runs-on"
    if not job.list_at("steps"):
        return f"the job {name} has no steps"
    for step in job.list_at("steps"):
        if not isinstance(step, YamlMap) or (step.get("run") is None) == (step.get("uses") is None):
            line = step.line if isinstance(step, YamlMap) else job.line_of("steps")
            return f"a step of the job {name} (line {line}) has neither run nor uses, or both"
    return None


def orderly(jobs: YamlMap) -> bool:
    """Whether the jobs' needs contain no circle."""
    left = {name: set(words(jobs.map_at(name), "needs")) for name in list(jobs)[:MAX_JOBS]}
    while left:
        ready = [name for name, needs in left.items() if not needs & left.keys()]
        if not ready:
            return False
        for name in ready:
            del left[name]
    return True


def read_job(source: Source, name: str, jobs: YamlMap, run_defaults: YamlMap) -> Job:
    """One job."""
    job = jobs.map_at(name)
    own_defaults = job.map_at("defaults").map_at("run")
    services = job.map_at("services")
    return Job(
        *source.place(jobs.line_of(name)),
        id=name,
        name=job.text_of("name") or name,
        workflow=source.path,
        needs=words(job, "needs"),
        condition=job.text_of("if"),
        runs_on=words(job, "runs-on") or words(job.map_at("runs-on"), "labels"),
        matrix=read_matrix(source, job.map_at("strategy"), job),
        misplaced_matrix=read_matrix(source, job, job),
        steps=read_steps(source, job, {**texts(run_defaults), **texts(own_defaults)}),
        uses=job.text_of("uses"),
        inputs=texts(job.map_at("with")),
        env=texts(job.map_at("env")),
        services=tuple(services.map_at(service).text_of("image") for service in services),
        continue_on_error=is_true(job.text_of("continue-on-error")),
    )


def read_steps(
    source: Source,
    parent: YamlMap,
    defaults: Mapping[str, str],
    inputs: Mapping[str, str] | None = None,
    depth: int = 0,
) -> tuple[Step, ...]:
    """The steps of a job or composite action; after a step that uses a local composite action come that one's steps.

    `inputs` are what a composite action is given.
    """
    steps: list[Step] = []
    for item in parent.list_at("steps").maps():
        step = read_step(source, item, defaults, inputs)
        steps.append(step)
        if step.uses is not None and step.uses.local and depth < MAX_DEPTH and len(steps) < MAX_STEPS:
            steps += composite_steps(source.files, step, depth + 1)
    return tuple(steps[:MAX_STEPS])


def read_step(source: Source, item: YamlMap, defaults: Mapping[str, str], inputs: Mapping[str, str] | None) -> Step:
    """One step."""

    def filled(text: str) -> str:
        if inputs is None:
            return text
        return _INPUT.sub(lambda match: inputs.get(match[1].lower(), match[0]), text)

    script, line = filled(item.text_of("run")), item.content_line_of("run")
    shell = item.text_of("shell") or defaults.get("shell", "")
    uses = item.text_of("uses")
    action = None
    if uses:
        name, _, version = uses.partition("@")
        with_ = {key.lower(): filled(text) for key, text in texts(item.map_at("with")).items()}
        action = Action(*source.place(item.line_of("uses")), name.strip(), version.strip(), with_)
    return Step(
        *source.place(item.line),
        name=item.text_of("name"),
        id=item.text_of("id"),
        uses=action,
        script=script,
        script_line=line if script else 0,
        commands=() if shell.startswith(OTHER_LANGUAGES) else source.commands(script, line),
        condition=filled(item.text_of("if")),
        shell=shell,
        working_directory=item.text_of("working-directory") or defaults.get("working-directory", ""),
        env=texts(item.map_at("env")),
        continue_on_error=is_true(item.text_of("continue-on-error")),
    )


def composite_steps(files: Files, step: Step, depth: int) -> list[Step]:
    """The steps of the local composite action that a step uses; none where it is no composite action."""
    if step.uses is None or "${{" in step.uses.name:
        return []
    folder = normalise(step.uses.name)
    for name in ("action.yml", "action.yaml"):
        path = f"{folder}/{name}" if folder else name
        file = files.yaml(path)
        if file is None:
            continue
        runs = file.mapping.map_at("runs")
        if runs.text_of("using") != "composite":
            return []
        declared = file.mapping.map_at("inputs")
        inputs = {key.lower(): declared.map_at(key).text_of("default") for key in declared}
        inputs |= step.uses.inputs
        inner = read_steps(files.source(path), runs, {}, inputs, depth)
        return [replace(each, condition=both(step.condition, each.condition)) for each in inner]
    return []


def both(outer: str, inner: str) -> str:
    """The condition under which two conditions hold."""
    if not outer or not inner:
        return outer or inner
    if evaluate(outer) is False or evaluate(inner) is False:
        return "false"
    bare = [text.strip().removeprefix("${{").removesuffix("}}").strip() for text in (outer, inner)]
    return f"({bare[0]}) && ({bare[1]})"
