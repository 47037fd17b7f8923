"""What jobs do with data or a model that changed: fetching, testing, describing, deploying it, and not only speaking of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.facts.python import PythonProject, Role
from auditor.facts.workflows import Job, Workflow, Workflows
from auditor.formats.shell import Command
from auditor.patterns import pattern
from auditor.practices.automation.job_work import JobWork, is_test_run
from auditor.practices.automation.pipelines import Pipelines
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

PREPARING = frozenset(
    (
        "echo", "printf", "cd", "mkdir", "ls", "cat", "export", "set", "apt", "apt-get", "sudo", "pip", "pip3", "pipx", "conda", "mamba",
        "git", "test", "[", "[[", "exit", "true", ":", "pwd", "which", "chmod", "tree", "tee", "source", ".", "env", "sleep", "rm", "brew",
        "curl", "wget", "unset", "date", "whoami", "touch", "cp", "mv", "head", "tail", "wc", "basename", "dirname", "command",
    )
)  # fmt: skip
"""Programs that prepare a job or report about it."""
REPORTING = frozenset(
    (
        "cml", "gh", "find", "stat", "du", "df", "file", "md5sum", "sha1sum", "sha256sum", "shasum", "cksum", "sort", "uniq", "grep", "sed",
        "awk", "cut", "xargs", "jq", "yq", "zip", "tar", "gzip", "unzip", "for", "while", "read", "tr", "diff", "column", "paste", "mail",
    )
)  # fmt: skip
"""Programs that list or pass on: names of files, their sizes and sums, comments."""
INSTALLS = ("uv sync", "uv pip", "uv tree", "uv venv", "uv lock", "poetry install", "pdm install", "hatch env", "pipenv install", "gcloud auth",
            "gcloud config", "npm install", "npm ci", "dvc remote", "dvc --version", "dvc version", "dvc config", "wandb login",
            "python --version", "uv python", "dvc list", "gsutil ls", "gcloud storage ls", "aws s3 ls")  # fmt: skip
FETCHES = ("dvc pull", "dvc fetch", "dvc get", "dvc import", "dvc checkout", "dvc repro", "dvc exp", "gsutil", "gcloud storage", "aws s3", "rclone",
           "az storage", "wandb artifact", "kaggle", "huggingface-cli", "hf download", "lakefs", "git lfs pull", "git-lfs pull")  # fmt: skip
"""Commands that bring what git does not hold."""
SERVING = ("gcloud run deploy", "gcloud run services update", "gcloud run services replace", "gcloud functions deploy", "gcloud app deploy",
           "kubectl apply", "kubectl rollout", "kubectl set", "helm upgrade", "docker compose up", "terraform apply", "bentoml deploy",
           "modal deploy", "fly deploy", "locust", "k6")  # fmt: skip
"""Commands that renew a service, or measure it."""
WORKING_ACTIONS = pattern(r"deploy|build-push|train|evaluat|promot|publish|docker/bake|push-to-hub", re.IGNORECASE)
NOTHING = {"data": "its jobs do nothing with the data", "models": "its jobs do nothing with the model"}
MADE_UP = "all that it runs are tests, which read nothing of the data"
ELSEWHERE = "what it does is in a workflow of another repository, which cannot be read here"
MAX_TEXTS = 20_000
_DATA_PLACE = pattern(
    r"(^|[/\\ ])(data|datasets?|raw|processed|external)([/\\.]|$)|\.(csv|parquet|json|npy|npz|pt|png|jpe?g)$",
    re.IGNORECASE,
)
"""Where data lies, in a string of a test."""


class Works:
    """Tells what the jobs of one repository do, reusable workflows of the repository followed."""

    def __init__(self, workflows: Workflows, pipelines: Pipelines, project: PythonProject, snapshot: Snapshot) -> None:
        self._works = {id(work.job): work for work in (*pipelines.dead, *pipelines.live)}
        self._workflows = workflows
        self._project = project
        self._snapshot = snapshot

    def flaw(self, jobs: Iterable[Job], what: str, pointers: bool) -> str:
        """Why jobs do nothing with the data or models; empty where one of them does.

        `pointers`: what changed are DVC's pointer files, so that what they point to has to be fetched.
        """
        flaws: list[str] = []
        for job in self._called(jobs):
            if job.uses and not job.uses.startswith("./"):
                flaws.append(ELSEWHERE)
            if any(WORKING_ACTIONS.search(action.name) for action in job.actions):
                return ""
            commands = self.commands(job)
            fetched = any(command.runs(*FETCHES) for command in commands)
            work = [command for command in commands if is_work(command)]
            for command in work:
                missing = self.missing_script(command, job)
                if missing:
                    flaws.append(f"{missing}, which it runs, is not in the repository")
                elif what == "data" and is_test_run(command) and not fetched and not self._tests_read(pointers):
                    flaws.append(MADE_UP)
                else:
                    return ""
        return flaws[0] if flaws else NOTHING[what]

    def fetches(self, workflow: Workflow) -> bool:
        """Whether a job of a workflow brings data into the run, or runs a program of the project's."""
        return any(
            command.runs(*FETCHES)
            for job in self._called(workflow.jobs)
            for command in self.commands(job, dead_too=True)
        )

    def tries_anything(self, workflow: Workflow) -> bool:
        """Whether a workflow would do anything if it ran, a script that is missing included."""
        return any(
            is_work(command) for job in self._called(workflow.jobs) for command in self.commands(job, dead_too=True)
        )

    def serves(self, workflow: Workflow) -> bool:
        """Whether a job of a workflow deploys something, or measures what is deployed."""
        return any(
            any("deploy" in action.name.lower() for action in job.actions)
            or any(command.runs(*SERVING) for command in self.commands(job))
            for job in self._called(workflow.jobs)
        )

    def commands(self, job: Job, *, dead_too: bool = False) -> tuple[Command, ...]:
        """All that a job runs, through the project's own commands; `dead_too`: with its disabled steps."""
        work: JobWork | None = self._works.get(id(job))
        found = work.commands if work is not None else job.commands
        return (*found, *(command for step in job.steps for command in step.commands)) if dead_too else found

    def _called(self, jobs: Iterable[Job]) -> Iterator[Job]:
        """The jobs, and those of the workflows of this repository that they call."""
        for job in jobs:
            yield job
            if job.uses.startswith("./"):
                for workflow in self._workflows.all:
                    if workflow.path == normalise(job.uses):
                        yield from workflow.jobs

    def missing_script(self, command: Command, job: Job) -> str:
        """The script that a command runs and the repository does not have; empty where there is none such."""
        folders = {"", *(step.working_directory for step in job.steps)}
        for call in command.calls:
            script = call[1] if len(call) > 1 and call[0].startswith("python") else call[0]
            if script.endswith((".py", ".sh")) and not re.search(r"[${]", script):
                there = any(normalise(f"{folder}/{script}") in self._snapshot for folder in folders)
                return "" if there else script
        return ""

    def _tests_read(self, pointers: bool) -> bool:
        """Whether a test names a place where data lies. What git does not hold cannot be read unless it is fetched."""
        files = self._project.of(Role.TEST)
        if pointers or not files:
            return not pointers
        texts = (text.value for file in files for text in file.texts)
        if any(_DATA_PLACE.search(text[:300]) for _, text in zip(range(MAX_TEXTS), texts, strict=False)):
            return True
        return any(_DATA_PLACE.search(name) for file in files for one in file.references for name in one.names)


def is_work(command: Command) -> bool:
    """Whether a command does something beyond preparing a job or speaking of it."""
    if command.runs(*INSTALLS) or not command.calls:
        return False
    if command.runs("python -m pip", "pip install", "uv pip install", "python -m ensurepip"):
        return False
    program = command.program.rpartition("/")[2]
    return program not in PREPARING and program not in REPORTING and command.words[0] not in ("echo", "printf")
