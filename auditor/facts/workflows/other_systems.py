"""Azure Pipelines and CircleCI, read as far as their jobs and commands.

Sources: Microsoft documentation, "YAML schema reference for Azure Pipelines" and "Azure Pipelines task reference"; CircleCI
documentation, "Configuration reference".
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.facts.workflows.model import MANUAL, Cause, Job, Step, Trigger, Workflow
from auditor.facts.workflows.source import Files, Source, walk, words
from auditor.formats.yaml_lines import YamlFile, YamlMap
from auditor.patterns import pattern
from auditor.records import replace

AZURE = ("azure-pipelines.yml", "azure-pipelines.yaml")
CIRCLECI = (".circleci/config.yml", ".circleci/config.yaml")
SCRIPT_KEYS = ("script", "bash", "pwsh", "powershell", "run")
SCRIPT_INPUTS = ("script", "inlineScript")
"""What tasks of scripts are given (`Bash`, `CmdLine`, `AzureCLI`, `PythonScript`)."""
PREDEFINED = pattern(r"\$\((Build\.SourcesDirectory|System\.DefaultWorkingDirectory|Pipeline\.Workspace)\)/?")
"""Where a pipeline finds the repository."""
VARIABLE = pattern(r"\$\(([\w.]+)\)")
AZURE_KEYS = frozenset({"trigger", "pr", "pool"})
AZURE_WORK = frozenset({"stages", "jobs", "steps"})


def is_azure(file: YamlFile) -> bool:
    """Whether a YAML file of any name is a pipeline of Azure: there a pipeline is made from whatever file one picks."""
    root = file.root
    return (
        isinstance(root, YamlMap) and "on" not in root and bool(AZURE_KEYS & set(root)) and bool(AZURE_WORK & set(root))
    )


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
        title = item.text_of("displayName") or inner.text_of("name")
        for text, at in scripts(item):
            commands = source.commands(text, at)
            steps.append(Step(*source.place(at), title, script=text, script_line=at, commands=commands))
        for text, at in task_commands(item):
            place = source.place(at)
            commands = tuple(replace(command, text=place[2]) for command in source.commands(text, at))
            steps.append(Step(*place, title, commands=commands))
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


def scripts(item: YamlMap) -> Iterator[tuple[str, int]]:
    """The scripts of a step with their lines: its own, CircleCI's `run` and what a task of Azure is given."""
    holders = [(item, key) for key in SCRIPT_KEYS]
    holders += [(item.map_at("run"), "command"), *((item.map_at("inputs"), key) for key in SCRIPT_INPUTS)]
    for holder, key in holders:
        if holder.text_of(key):
            yield holder.text_of(key), holder.content_line_of(key)


def task_commands(item: YamlMap) -> Iterator[tuple[str, int]]:
    """What Azure's tasks for Docker do, as the command that does the same."""
    task = item.text_of("task").partition("@")[0].lower()
    given = item.map_at("inputs")
    said = {key.lower(): given.text_of(key) for key in given}
    if task == "docker" and said.get("command", "buildAndPush").lower() in ("build", "buildandpush"):
        file, name = in_repository(said.get("dockerfile", "")), in_repository(said.get("repository", ""))
        file = "" if "*" in file else file
        context = in_repository(said.get("buildcontext", "")).replace("**", "") or file.rpartition("/")[0] or "."
        yield f"docker build {f'-f {file}' if file else ''} -t {name or 'image'} {context}", item.line_of("task")
    elif task == "dockercompose" and said.get("action", "").lower().startswith(("build", "run")):
        yield "docker compose build", item.line_of("task")


def in_repository(text: str) -> str:
    """A path or name of a pipeline as one of the repository; its variables as the shell writes them."""
    return VARIABLE.sub(r"${\1}", PREDEFINED.sub("", text)).replace(" ", "")


def pipeline(source: Source, jobs: list[Job]) -> Workflow:
    """The workflow that holds the jobs."""
    causes = frozenset(cause for job in jobs for cause in job.causes)
    triggers = tuple(Trigger(*source.place(1), cause.event, causes=frozenset({cause})) for cause in sorted(causes))
    reason = None if jobs else "it has no jobs"
    return Workflow(*source.place(1), source.path, triggers, tuple(jobs), dead_reason=reason, causes=causes)
