"""Packages that images, workflows and notebooks install where their code runs: `RUN pip install fastapi`.

Sources: the command references of pip, uv, Poetry, conda and their like; IPython, "Built-in magic commands" (`%pip`, `%conda`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.facts.containers import Containers
from auditor.facts.dependencies.requirement import Declared, read_requirement
from auditor.facts.workflows import Workflows
from auditor.formats.shell import Command, parse_commands
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

INSTALLERS = ("pip install", "uv pip install", "uv add", "poetry add", "pdm add", "pipenv install", "conda install", "mamba install", "micromamba install")  # fmt: skip
WITH_VALUE = frozenset(
    """-r --requirement -c --constraint -e --editable -i --index-url --extra-index-url -f --find-links -t --target --prefix --python -p
    --root -n --name --channel --group -G --extra --platform --only-binary --no-binary --cache-dir --trusted-host --index --proxy
    --timeout --retries""".split()
)
"""Options that take a value (the same references)."""
CELL = pattern(r'^\s*"\s*[!%]\s*(pip3?|conda|uv pip) install ([^"\\]+)', re.MULTILINE)
MOST = 500


class Installs(Record):
    """What is installed by name besides what files declare."""

    images: tuple[Declared, ...] = ()
    """By Dockerfiles and workflows."""
    notebooks: tuple[Declared, ...] = ()


@fact
def read_installs(snapshot: Snapshot, containers: Containers, workflows: Workflows) -> Installs:
    """The packages named in commands that install."""
    commands = [
        command
        for dockerfile in containers.dockerfiles
        for step in dockerfile.own_steps
        if step.name == "RUN"
        for command in parse_commands(step.shell, path=dockerfile.path, line=step.line)
    ]
    commands += [command for job in workflows.live_jobs for command in job.commands]
    cells = each_file(snapshot, snapshot.named("*.ipynb"), in_notebook)
    return Installs(tuple(installed(commands))[:MOST], tuple(cells)[:MOST])


def in_notebook(snapshot: Snapshot, path: str) -> Iterator[Declared]:
    """What the cells of one notebook install."""
    text = snapshot.text(path) or ""
    for found in CELL.finditer(text):
        line = text.count("\n", 0, found.start(1)) + 1
        yield from installed(parse_commands(f"{found[1]} install {found[2]}", path=path, line=line))


def installed(commands: Iterable[Command]) -> Iterator[Declared]:
    """The packages that commands install by name; files, folders and addresses aside."""
    for command in commands:
        name = next((name for name in INSTALLERS if command.runs(name)), None)
        call = command.call_of(name) if name is not None else None
        if name is None or call is None:
            continue
        skip = False
        for word in call[1:]:
            if skip or word in name.split():
                skip = False
            elif word.startswith("-"):
                skip = word in WITH_VALUE
            elif (
                "/" not in word
                and not word.startswith((".", "$", "{"))
                and not word.endswith((".txt", ".whl", ".toml"))
            ):
                named = read_requirement(word)
                if named is not None:
                    yield Declared(named.name, command.path, command.line, "", f"{name} {word}", named.extras)
