"""Job specifications that hand hyperparameters to a training program as options: `args: ["--lr=0.01", "--epochs", "5"]`.

Sources: Vertex AI, "CustomJobSpec" and "HyperparameterTuningJob"; Kubernetes, "Define a Command and Arguments for a Container"; Compose
Specification, "command"; SkyPilot, "YAML Specification"; Azure ML and SageMaker job files use the same keys.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from auditor.facts.configs.parameters import is_hyperparameter
from auditor.facts.dependencies.generated import is_generated
from auditor.formats.yaml_lines import YamlError, YamlList, YamlMap, YamlValue, parse_yaml
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

SIZE = 100_000
HOLDERS = frozenset({"args", "arguments", "command", "commands", "cmd", "entrypoint", "run", "script", "containerargs"})
"""Keys under which the words of a command stand."""
SERVERS = pattern(
    r"\b(uvicorn|gunicorn|hypercorn|streamlit|gradio|bentoml|fastapi|mlflow|tensorboard|prometheus|locust|nginx)\b"
)
"""Programs that serve: their workers and threads are no hyperparameters."""
NOT_HERE = frozenset({"workers", "device", "devices", "model", "data", "dataset"})
"""Words that options of any program have."""
DEPTH = 14
_OVERRIDE = pattern(r"[+~]{0,2}([A-Za-z_][\w.]*)=(\S+)")
_SKIPPED = pattern(r"(^|/)(\.github|\.circleci|\.vscode|node_modules|\.dvc|\.git)/")


class JobOption(Record):
    """One option that a job hands to its program."""

    name: str
    value: str
    line: int


def job_paths(snapshot: Snapshot) -> list[str]:
    """Files that may be job specifications."""
    named = snapshot.named("*.yaml", "*.yml", "*.json")
    return [path for path in named if not is_generated(path) and not _SKIPPED.search(path)]


def job_options(snapshot: Snapshot, path: str) -> list[JobOption]:
    """The hyperparameters among the options that one file hands to programs; none where it is another kind of file."""
    text = snapshot.text(path) or ""
    if len(text) > SIZE or not any(
        f"{key}" in text.lower() for key in ("args", "command", "entrypoint", "run", "script", "cmd")
    ):
        return []
    if "--" not in text and "=" not in text:
        return []
    try:
        roots = parse_yaml(text.replace("\t", " ")).documents
    except YamlError:
        return []  # who reads it as configuration notes it
    found: list[JobOption] = []
    for root in roots:
        for words in commands_in(root):
            if not SERVERS.search(" ".join(word for word, _ in words)):
                found += options_of(words)
    return [one for one in found if is_parameter(one.name)]


def commands_in(root: YamlValue) -> Iterator[list[tuple[str, int]]]:
    """The words below each key of a command, those of one map together, with their lines."""
    queue: list[tuple[YamlValue, int]] = [(root, 0)]
    while queue:
        value, depth = queue.pop()
        if depth > DEPTH:
            continue
        if isinstance(value, YamlMap):
            words = [
                (word, scalar.line)
                for key in value
                if key.lower().replace("_", "") in HOLDERS
                for scalar in value.scalars_at(key)
                for word in split(scalar.text)
            ]
            if words:
                yield words
            queue += [(inner, depth + 1) for inner in value.values()]
        elif isinstance(value, YamlList):
            queue += [(inner, depth + 1) for inner in value[:200]]


def split(text: str) -> list[str]:
    """The words of a text as a shell would have them; as blanks part them where its quotes do not close."""
    try:
        return shlex.split(text[:5_000], comments=False)
    except ValueError:
        return text[:5_000].split()


def options_of(words: Iterable[tuple[str, int]]) -> Iterator[JobOption]:
    """The options among words: `--name=value`, `--name value`, and overrides (`optim.lr=0.1`)."""
    waiting: tuple[str, int] | None = None
    for word, line in words:
        if waiting is not None and not word.startswith("--"):
            yield JobOption(waiting[0], word, waiting[1])
        waiting = None
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            if equals:
                yield JobOption(name, value, line)
            else:
                waiting = name, line
        elif override := _OVERRIDE.fullmatch(word):
            yield JobOption(override[1], override[2], line)


def is_parameter(name: str) -> bool:
    """Whether an option is one of an experiment."""
    last = name.rpartition(".")[2].lower().replace("-", "_")
    return is_hyperparameter(last) and last not in NOT_HERE
