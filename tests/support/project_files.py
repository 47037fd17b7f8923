"""Task files of a repository, and the commands that they offer."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.facts.project_commands import Commands, ProjectCommand
from auditor.injection import Facts
from support.trees import Trees


def facts(tree: Trees, files: Mapping[str, str]) -> Facts:
    return tree(files).facts


def commands(tree: Trees, files: Mapping[str, str]) -> Commands:
    return facts(tree, files).get(Commands)


def texts(command: ProjectCommand) -> list[tuple[int, str]]:
    return [(c.line, c.text) for c in command.commands]


TASKS = """
from invoke import task, Context

@task
def docker_build(ctx: Context, progress: str = "plain") -> None:
    \"\"\"Build.\"\"\"
    ctx.run(f"docker build -t shop . -f dockerfiles/train.dockerfile --progress={progress}", echo=True)

@task(pre=[docker_build], name="go")
def run(c):
    command = "docker run shop"
    c.run(command)

@task
def nothing(c):
    pass

def helper(c):
    c.run("pytest")
"""


NOX = """
import nox

@nox.session(python=["3.11", "3.12"])
def tests(session):
    session.install("pytest")
    session.run("pytest", "tests/")
"""
