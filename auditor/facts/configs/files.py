"""Configuration files of the project itself, told from those of tools by name and by content."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from auditor.evidence import Place, seen
from auditor.facts.configs.jobs import job_options, job_paths
from auditor.facts.configs.parameters import is_hyperparameter, names_parameter_group
from auditor.facts.dependencies.generated import is_generated
from auditor.formats.ini_lines import parse_ini
from auditor.formats.toml_lines import parse_toml, toml_lines
from auditor.formats.yaml_lines import YamlError, YamlList, YamlMap, YamlValue, parse_yaml
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

SIZE = 100_000
"""A longer file (in characters) is data."""
KEYS = 300
"""Keys of one file that are kept."""
FILES = 300
DEPTH = 12

KINDS = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".toml": "toml",
    ".json": "json",
    ".json5": "json",
    ".jsonc": "json",
    ".ini": "ini",
    ".cfg": "ini",
    ".conf": "ini",
    ".env": "env",
    ".gin": "gin",
}

_TOOL_NAMES = tuple(
    """.* _config.y*ml _quarto.y*ml _toc.y*ml alembic.ini app.json app.y*ml appveyor.yml azure-pipelines.y*ml
    bentofile.y*ml biome.json book.toml bower.json build.y*ml bunfig.toml cargo.toml cloudbuild*.y*ml codecov.y*ml
    components.json compose*.y*ml composer.json conda*.y*ml cookiecutter.json copier.y*ml coverage.json
    devcontainer.json docker-compose*.y*ml dvc.y*ml environment*.y*ml env.y*ml firebase.json fly.toml jsconfig.json
    lefthook.y*ml manifest.json mise.toml mkdocs*.y*ml mypy.ini netlify.toml openapi.* package*.json pixi.toml
    prometheus*.y*ml pyproject*.toml pyrightconfig.json pytest.ini render.y*ml renovate.json ruff.toml setup.cfg
    skaffold.y*ml taskfile.y*ml tox.ini tsconfig*.json uv.toml vercel.json""".split()
)
_TOOL_FOLDERS = pattern(
    r"(^|/)(\.github|\.circleci|\.gitlab|\.devcontainer|\.vscode|\.idea|\.dvc|\.streamlit|\.git|\.docker|\.terraform|k8s"
    r"|kubernetes|helm|charts|node_modules|grafana|prometheus)/"
)
_TOOL_KEYS: tuple[frozenset[str], ...] = tuple(
    frozenset(keys.split())
    for keys in (
        "apiVersion kind",
        "workerPoolSpecs",
        "worker_pool_specs",
        "jobSpec",
        "job_spec",
        "trialJobSpec",
        "studySpec",
        "on jobs",
        "scrape_configs",
        "alerting rule_files",
        "openapi paths",
        "swagger paths",
        "site_name",
        "repos",
        "channels dependencies",
        "combiner conditions",
        "mosaicLayout",
        "gridLayout",
        "displayName conditions",
        "panels templating",
        "outs",
        "schema outs",
        "stages schema",
        "services networks",
        "services volumes",
        "cells nbformat",
        "architectures model_type",
        "transformers_version",
        "tokenizer_class",
        "receivers exporters service",
        "formatters handlers",
        "$schema runs",
        "wandb_version",
        "method parameters",
        "runtime entrypoint",
        "spec template",
    )
)
"""Top-level keys that give a tool's file away: Kubernetes and Cloud Run, Vertex AI, GitHub Actions, Prometheus,
OpenAPI, MkDocs, pre-commit, conda, Cloud Monitoring, Grafana, DVC, Compose, Jupyter, Hugging Face, OpenTelemetry,
logging, SARIF, W&B runs and sweeps, App Engine."""
_OUTPUT_FOLDERS = pattern(
    r"(^|/)(reports?|models?|checkpoints?|outputs?|results?|logs?|docs?|data|figures|artifacts|runs)/"
)
_CONFIG_WORD = pattern(r"conf|param|setting|hyper|hparam|args|option|experiment|(^|[-_/])exp|train")


class ConfigKey(Record):
    """One value of a configuration file by its dotted name; `value` is its text, empty for null and for lists.

    `hyperparameter` where the name, or the group that it stands in, is one of training, model or data settings.
    """

    name: str
    line: int
    value: str
    hyperparameter: bool


class DefaultsEntry(Record):
    """An entry of Hydra's defaults list: a `group` (empty for a plain config) and the option that it selects."""

    group: str
    option: str
    line: int
    optional: bool = False
    override: bool = False


class ConfigFile(Record):
    """One configuration file, or (`kind` `structured`) a class that serves as one, or (`held`) an object of settings in code.

    `name` is then the class's, or that of the object or of the function that makes it.

    The keys of a job specification (`kind` `job`) are the options that it hands to a program.
    """

    path: str
    kind: str
    keys: tuple[ConfigKey, ...]
    defaults: tuple[DefaultsEntry, ...] = ()
    line: int = 1
    name: str = ""
    problem: str = ""
    """Why nothing of it can be read: it is no YAML, TOML or JSON at some line."""

    @property
    def parameters(self) -> tuple[ConfigKey, ...]:
        """Those of its keys that set parameters of an experiment."""
        return tuple(key for key in self.keys if key.hyperparameter)

    @property
    def made(self) -> tuple[tuple[str, Place], ...]:
        """What the file has made by name (Hydra's `_target_`, LightningCLI's `class_path`), and where."""
        return tuple(
            (key.value, seen(self.path, key.line, f"{key.name}: {key.value}"))
            for key in self.keys
            if key.name.rpartition(".")[2] in ("_target_", "class_path")
        )

    def targets(self, *names: str) -> tuple[Place, ...]:
        """Where it has a class of one of these last names made."""
        return tuple(place for name, place in self.made if name.rpartition(".")[2] in names)

    @property
    def evidence(self) -> Place:
        """The file with its first parameter, else its first key."""
        shown = (*self.parameters, *self.keys)[:1]
        if not shown:
            return seen(self.path, self.line, self.problem or self.name)
        return seen(self.path, shown[0].line, f"{shown[0].name}: {shown[0].value}".rstrip(": "))


def config_files(snapshot: Snapshot) -> tuple[ConfigFile, ...]:
    """The repository's configuration files, those of tools and what tools wrote about a run left out."""
    found: list[ConfigFile] = []
    for path in snapshot.paths:
        if len(found) >= FILES:
            snapshot.note(path, f"more than {FILES} configuration files: the others were left out")
            break
        kind = config_kind(path)
        if kind is None or is_generated(path):
            continue
        found += each_file(snapshot, [path], read_any)
    known = {config.path for config in found if config.parameters}
    jobs = [path for path in job_paths(snapshot) if path not in known][:FILES]
    return (*found, *each_file(snapshot, jobs, read_job))


def read_job(snapshot: Snapshot, path: str) -> Iterator[ConfigFile]:
    """The job specification at `path`, if it is one that hands hyperparameters to a program."""
    options = job_options(snapshot, path)
    if options:
        yield ConfigFile(path, "job", tuple(ConfigKey(one.name, one.line, one.value, True) for one in options))


def read_any(snapshot: Snapshot, path: str) -> Iterator[ConfigFile]:
    """The configuration file at `path`, if it is one of the project's own."""
    kind = config_kind(path)
    file = read_config(snapshot, path, kind) if kind is not None else None
    if file is not None:
        yield file


def config_kind(path: str) -> str | None:
    """The format of a file that may hold the project's own configuration; None for other files and for tools' files."""
    folder, _, name = path.lower().rpartition("/")
    if name == ".env" or name.startswith(".env."):
        return "env"
    kind = KINDS.get("." + name.rpartition(".")[2]) if "." in name else None
    if kind is None or _TOOL_FOLDERS.search(f"{folder}/"):
        return None
    in_config_folder = bool(re.search(r"(^|/)(conf|config|configs|configuration|hparams|experiments?)(/|$)", folder))
    if any(fnmatchcase(name, pattern) for pattern in _TOOL_NAMES) and not (in_config_folder and name.startswith("env")):
        return None
    written = _OUTPUT_FOLDERS.search(f"{folder}/") or not _CONFIG_WORD.search(name)
    return None if kind == "json" and written and not in_config_folder else kind


def read_config(snapshot: Snapshot, path: str, kind: str) -> ConfigFile | None:
    """The configuration file at `path`; None where it is a tool's, holds no keys, or cannot be read."""
    text = snapshot.text(path)
    if text is None or len(text) > SIZE:
        return None
    try:
        if kind == "yaml":
            return _from_yaml(text, path)
        if kind == "toml":
            return _from_plain(parse_toml(text), toml_lines(text), path, kind)
        if kind == "json":
            return _from_json(text, path)
    except YamlError as error:
        snapshot.note_unread(path, error)
        return ConfigFile(path, kind, (), (), error.line, problem=str(error))
    except ValueError as error:
        problem = str(error).partition("\n")[0]
        snapshot.note_unread(path, error)
        return ConfigFile(path, kind, (), (), 1, problem=problem)
    keys = []
    for option in parse_ini(text)[:KEYS]:
        name = f"{option.section}.{option.name}".strip(".").removeprefix("export ")
        keys.append(_key(name, option.line, option.value, path))
    return ConfigFile(path, kind, tuple(keys)) if keys else None


def _from_yaml(text: str, path: str) -> ConfigFile | None:
    root = parse_yaml(text).mapping
    if not root or _is_tool(root):
        return None
    keys = [_key(name, line, value, path) for name, line, value in _flat_yaml(root)]
    return ConfigFile(path, "yaml", tuple(keys), tuple(read_defaults(root)))


def _flat_yaml(root: YamlMap) -> Iterator[tuple[str, int, str]]:
    """(dotted name, line, text) of the values below `root`, without recursion and bounded."""
    queue: list[tuple[str, YamlMap, int]] = [("", root, 0)]
    given = 0
    while queue and given < KEYS:
        prefix, mapping, depth = queue.pop(0)
        for key, value in mapping.items():
            name = f"{prefix}{key}"
            if isinstance(value, YamlMap) and value and depth < DEPTH:
                queue.append((name + ".", value, depth + 1))
                continue
            if isinstance(value, YamlList) and depth < DEPTH:
                queue += [
                    (f"{name}.{i}.", item, depth + 1) for i, item in enumerate(value[:50]) if isinstance(item, YamlMap)
                ]
            given += 1
            if given > KEYS:
                return
            yield name, mapping.line_of(key), mapping.text_of(key)


def read_defaults(root: YamlMap) -> Iterator[DefaultsEntry]:
    """Entries of a defaults list (Hydra documentation, "The Defaults List"), `_self_` left out."""
    defaults = root.get("defaults")
    if not isinstance(defaults, YamlList):
        return
    for position, item in enumerate(defaults[:200]):
        line = defaults.line_of(position)
        if isinstance(item, YamlMap):
            for key in item:
                *words, group = key.split()
                group = group.partition("@")[0].strip("/")
                chosen = [scalar.text for scalar in item.scalars_at(key)] or ["null"]  # a group that is left open
                for option in chosen:
                    yield DefaultsEntry(group, option, line, "optional" in words, "override" in words)
        else:
            text = defaults.text_of(position)
            if text and text != "_self_":
                yield DefaultsEntry("", text.partition("@")[0].strip("/"), line)


def _from_json(text: str, path: str) -> ConfigFile | None:
    """JSON is YAML's subset in what matters here, lines included; comments and the like are left to nobody."""
    try:
        if not isinstance(json.loads(text), dict):
            return None
    except (ValueError, RecursionError):
        raise ValueError("not valid JSON") from None
    file = _from_yaml(text.replace("\t", " "), path)
    if file is None or all(re.fullmatch(r"\d+(\.\w+)?", key.name) for key in file.keys):
        return None
    return ConfigFile(path, "json", file.keys)


def _from_plain(
    document: dict[str, Any], lines: dict[tuple[str | int, ...], int], path: str, kind: str
) -> ConfigFile | None:
    keys: list[ConfigKey] = []
    if _is_tool(document):
        return None
    queue: list[tuple[tuple[str | int, ...], dict[str, Any]]] = [((), document)]
    while queue and len(keys) < KEYS:
        prefix, table = queue.pop(0)
        for key, value in table.items():
            place = (*prefix, key)
            if isinstance(value, dict) and value and len(place) < DEPTH:
                queue.append((place, value))
                continue
            text = "" if isinstance(value, list | dict) else str(value)
            keys.append(_key(".".join(map(str, place)), lines.get(place, 1), text, path))
    return ConfigFile(path, kind, tuple(keys[:KEYS])) if keys else None


def _is_tool(root: YamlMap | dict[str, Any] | YamlValue) -> bool:
    """Whether the top-level keys are those of a tool's file."""
    if not isinstance(root, dict):
        return False
    keys = {str(key) for key in root}
    if any(marks <= keys for marks in _TOOL_KEYS):
        return True
    steps = root.get("steps")
    return isinstance(steps, list) and any(isinstance(s, dict) and ("name" in s and "args" in s) for s in steps)


def _key(name: str, line: int, value: str, path: str) -> ConfigKey:
    folders: Iterable[str] = path.split("/")[:-1]
    groups = [*folders, path.rpartition("/")[2].partition(".")[0], *name.split(".")[:-1]]
    last = name.rpartition(".")[2]
    numeric = bool(re.fullmatch(r"[-+]?\d[\d_.]*(e[-+]?\d+)?", value.lower())) if len(value) < 50 else False
    known = is_hyperparameter(last) or (numeric and any(names_parameter_group(group) for group in groups))
    return ConfigKey(name, line, value, known and not name.startswith(("hydra.", "defaults.")))
