"""Azure Pipelines and CircleCI, read as far as their jobs and commands.

Sources: Microsoft documentation, "YAML schema reference for Azure Pipelines"; CircleCI documentation, "Configuration
reference".
"""

from __future__ import annotations

from auditor.facts.workflows.model import MANUAL, Cause, Job, Step, Trigger, Workflow
from auditor.facts.workflows.source import Files, Source, walk, words
from auditor.formats.yaml_lines import YamlFile, YamlMap

AZURE = ("azure-pipelines.yml", "azure-pipelines.yaml")
CIRCLECI = (".circleci/config.yml", ".circleci/config.yaml")
SCRIPT_KEYS = ("script", "bash", "pwsh", "powershell", "run")


def read_azure(files: Files, path: str, file: YamlFile) -> Workflow:
    """An Azure pipeline: pushes and pull requests trigger it unless it says `none`."""
    source = files.source(path)
    document = file.mapping
    roots = {root for root, key in (("push", "trigger"), ("pull_request", "pr")) if document.text_of(key) != "none"}
    stages = document.list_at("stages").maps()
    holders = [job for stage in [document, *stages] for job in stage.list_at("jobs").maps()]
    if not holders:
        holders = [document]
    jobs = [
        read_job(source, job.text_of("job") or "job", job.line, job, roots or {MANUAL}, job.text_of("condition"))
        for job in holders
    ]
    return pipeline(source, [job for job in jobs if job.steps])


def read_circleci(files: Files, path: str, file: YamlFile) -> Workflow:
    """A CircleCI configuration: pushes trigger the jobs that its workflows name."""
    source = files.source(path)
    document = file.mapping
    named = {word for keys, text in walk(document.map_at("workflows")) for word in (*keys, text)}
    named |= {word for workflow in document.map_at("workflows").values() for word in job_names(workflow)}
    jobs = document.map_at("jobs")
    live = [name for name in jobs if name in named or name == "build"]
    return pipeline(
        source,
        [read_job(source, name, jobs.line_of(name), jobs.map_at(name), {"push"}, "") for name in live],
    )


def job_names(workflow: object) -> list[str]:
    """The jobs that a CircleCI workflow lists, by name alone or with settings."""
    if not isinstance(workflow, YamlMap):
        return []
    return [name for item in workflow.list_at("jobs").maps() for name in item] + list(words(workflow, "jobs"))


def read_job(source: Source, name: str, line: int, job: YamlMap, roots: set[str], condition: str) -> Job:
    """A job with the steps that are scripts."""
    steps = []
    for item in job.list_at("steps").maps():
        inner = item.map_at("run")
        for holder, key in [(item, key) for key in SCRIPT_KEYS] + [(inner, "command")]:
            text = holder.text_of(key)
            if text:
                at = holder.content_line_of(key)
                commands = source.commands(text, at)
                title = item.text_of("displayName") or inner.text_of("name")
                steps.append(Step(*source.place(at), title, script=text, script_line=at, commands=commands))
    return Job(
        *source.place(line),
        id=name,
        name=name,
        workflow=source.path,
        condition=condition,
        steps=tuple(steps),
        disabled="condition: false" if condition.lower() == "false" else None,
        causes=frozenset(Cause(root, root) for root in roots),
    )


def pipeline(source: Source, jobs: list[Job]) -> Workflow:
    """The workflow that holds the jobs."""
    causes = frozenset(cause for job in jobs for cause in job.causes)
    triggers = tuple(Trigger(*source.place(1), cause.event, causes=frozenset({cause})) for cause in sorted(causes))
    reason = None if jobs else "it has no jobs"
    return Workflow(*source.place(1), source.path, triggers, tuple(jobs), dead_reason=reason, causes=causes)
