"""Commands that are written down in the repository, in whatever kind of file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from auditor.facts.dependencies.generated import is_generated
from auditor.facts.docs import Docs
from auditor.facts.python import PythonProject
from auditor.facts.shell import Command, parse_commands
from auditor.facts.yaml_lines import YamlError, YamlList, YamlMap, YamlValue, parse_yaml
from auditor.snapshot import Snapshot

SIZE = 100_000
"""Characters of one file that are searched."""
COMMANDS = 5_000

_SHELL_LANGUAGES = frozenset(
    {"", "bash", "sh", "shell", "zsh", "console", "terminal", "powershell", "ps1", "bat", "cmd", "text"}
)
_TASK_FILES = frozenset({"tasks.py", "noxfile.py", "dodo.py", "fabfile.py"})
_SAID = re.compile(r"\b(python3?|uv|torchrun|accelerate|wandb|make)\b.*\s-")


def written_commands(snapshot: Snapshot, docs: Docs, project: PythonProject, report: str) -> tuple[Command, ...]:
    """Commands in scripts, Makefiles, Dockerfiles, YAML files, task files and documents; the group's report aside."""
    found: list[Command] = []
    for path, line, text in _scripts(snapshot, docs, project, report):
        found += parse_commands(text[:SIZE], path=path, line=line)
        if len(found) >= COMMANDS:
            break
    return tuple(found[:COMMANDS])


def _scripts(snapshot: Snapshot, docs: Docs, project: PythonProject, report: str) -> Iterator[tuple[str, int, str]]:
    """(path, first line, script) of everything that holds commands."""
    for document in docs.documents:
        if document.path != report and not is_generated(document.path):
            for block in (*document.code_blocks, *document.inline_code):
                if block.language in _SHELL_LANGUAGES:
                    yield document.path, block.line, block.text
    for file in project.files:
        task_file = file.path.rpartition("/")[2] in _TASK_FILES
        for text in file.texts:
            if text.live and (task_file or _SAID.search(text.value[:500])) and " " in text.value:
                yield file.path, text.line, text.value
    for path in snapshot.paths:
        name = path.rpartition("/")[2].lower()
        if is_generated(path):
            continue
        if name.endswith((".sh", ".bash", ".ps1", ".bat", ".slurm", ".sbatch", ".lsf")):
            yield path, 1, snapshot.text(path) or ""
        elif name in ("makefile", "justfile", "gnumakefile") or name.endswith(".mk"):
            yield path, 1, _recipes(snapshot.text(path) or "")
        elif "dockerfile" in name:
            yield path, 1, _image_commands(snapshot.text(path) or "")
        elif name.endswith((".yml", ".yaml")):
            yield from _yaml_scripts(snapshot, path)


def _recipes(text: str) -> str:
    """The recipes of a Makefile or justfile, each line where it was."""
    return "\n".join(line if line[:1] in "\t " else "" for line in text.split("\n"))


def _image_commands(text: str) -> str:
    """What a Dockerfile runs, each line where it was; a JSON list becomes a command."""
    rows: list[str] = []
    continued = False
    for line in text[:SIZE].split("\n"):
        word, _, rest = line.strip().partition(" ")
        command = rest if word.upper() in ("RUN", "CMD", "ENTRYPOINT") else line if continued else ""
        if command.strip().startswith("["):
            try:
                parts = json.loads(command)
                command = (
                    " ".join(str(part) for part in parts if isinstance(part, str)) if isinstance(parts, list) else ""
                )
            except (ValueError, RecursionError):
                pass
        continued = bool(command) and line.rstrip().endswith("\\")
        rows.append(command)
    return "\n".join(rows)


def _yaml_scripts(snapshot: Snapshot, path: str) -> Iterator[tuple[str, int, str]]:
    """Scripts in YAML (`run`, `script`, `command`), and lists of arguments, as one command each."""
    text = snapshot.text(path)
    if text is None or len(text) > SIZE or not re.search(r"\b(run|script|cmd|command|args|entrypoint)\b", text):
        return
    try:
        root = parse_yaml(text).root
    except YamlError:
        return
    queue: list[YamlValue] = [root]
    while queue:
        value = queue.pop(0)
        if isinstance(value, YamlList):
            queue += [item for item in value if isinstance(item, YamlMap | YamlList)]
        if not isinstance(value, YamlMap):
            continue
        for key, inner in value.items():
            if key in ("run", "script", "cmd", "command", "args", "entrypoint"):
                words = [scalar.text for scalar in value.scalars_at(key)]
                joined = "\n".join(words) if key in ("run", "script") else " ".join(words)
                if joined:
                    yield path, value.content_line_of(key), joined
            if isinstance(inner, YamlMap | YamlList):
                queue.append(inner)
