"""Who reads a configuration file: Hydra, code that loads it by path, or a command that hands it to a program."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch

from auditor.evidence import Place
from auditor.facts.configs.files import ConfigFile
from auditor.facts.configs.hydra import HydraUse, with_suffix
from auditor.facts.data_versioning.dvc import Stage
from auditor.facts.python import PythonFile, PythonProject, Role, Text
from auditor.formats.shell import Command
from auditor.knowledge import Names
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.paths import normalise

_OWN_LOADER = pattern(
    r".*(load|read|get|parse|init|open|from)\w*(conf|cfg|config|params|yaml|settings|hparams)\w*", re.IGNORECASE
)
FORMATS = {"configs.yaml": "yaml", "configs.toml": "toml", "configs.json": "json", "configs.ini": "ini"}
"""Kinds of calls that read a path which they are given, and the format that it must have."""
_STRING = pattern(r"[\"']([^\"']+)[\"']")
_FILE_NAME = pattern(r"[^{}*]*[^{}*/]\.[A-Za-z0-9]{2,5}")
_PATH = pattern(r"(?:[\"'][^\"'{}]+[\"']\)?\s*/\s*)+[rb]?[\"'][^\"'{}/]+\.[A-Za-z0-9]{2,5}[\"']")
"""Strings that `/` joins to the path of one file."""
_SAYS_CONFIG = pattern(r"conf|cfg|param|setting", re.IGNORECASE)
_CONFIG_FOLDER = pattern(r"conf|cfg|param|setting|experiment", re.IGNORECASE)
GENERIC = 3
"""A folder's name alone must have at least so many letters to count as named."""


class Reader(Record):
    """What reads one configuration file.

    `how`: `hydra` (primary config or its defaults list), `hydra option` (in a group of such a config: selectable on the
    command line), `load` (code that loads configuration names the file or its folder), `command` (an option
    of a command that runs a program of the project), `argument` (code loads a file of this format from a path that
    it is given, such as an option `--config`), `use` (of a class), or `name` (code only names the file: weak).
    """

    how: str
    evidence: Place
    live: bool = True
    only_tests: bool = False


class ReaderFinder:
    """Finds the readers of configuration files."""

    def __init__(
        self,
        project: PythonProject,
        files: Iterable[ConfigFile],
        hydra: Iterable[HydraUse],
        commands: Iterable[Command],
        stages: Iterable[Stage],
        names: Names,
    ) -> None:
        self.project = project
        self.files = tuple(files)
        self.hydra = tuple(hydra)
        self.by_path = {file.path: file for file in self.files}
        self._loading = {
            f.path: found for f in project.files if f.role is not Role.DOCS and (found := list(_loaders(f, names)))
        }
        self._given = [
            given for file in project.files if file.role is not Role.DOCS for given in _given_paths(file, names)
        ]
        hydras = {(use.path, said) for use in self.hydra for said in (use.config_path, use.config_name)}
        self._named: dict[str, list[tuple[PythonFile, Text, str]]] = defaultdict(list)
        self._patterns: list[tuple[PythonFile, Text, str]] = []
        for file in project.files:
            seen: set[tuple[str, bool]] = set()
            for text in file.texts:
                fresh = (text.value, text.live) not in seen
                seen.add((text.value, text.live))
                if fresh and _is_name(text.value) and (file.path, text.value) not in hydras:
                    value = normalise(text.value)
                    where = self._patterns if "{}" in value else self._named[value.rpartition("/")[2]]
                    where.append((file, text, value))
        self._given_to: dict[str, list[Command]] = defaultdict(list)
        self._submitted: dict[str, list[Command]] = defaultdict(list)
        self._composed: list[Command] = []
        for command in commands:
            if command.runs(*_RUNNERS):
                for word in command.arguments:
                    self._given_to[word.rpartition("=")[2].rpartition("/")[2]].append(command)
            elif command.runs(*SUBMITTERS):
                for word in command.arguments:
                    self._submitted[word.rpartition("=")[2].rpartition("/")[2]].append(command)
                if command.runs(*COMPOSERS):
                    self._composed.append(command)
        self._stages = [stage for stage in stages if "${" in stage.command]
        self._whole = {file.path: set(_parts_of_paths(file)) for file in project.files}
        self._options = [(use, frozenset(self._groups(use))) for use in self.hydra if use.resolved]
        self._roots = {use.resolved[0].rpartition("/")[0] for use in self.hydra if use.resolved}

    def readers(self, config: ConfigFile) -> tuple[Reader, ...]:
        """Everything that reads `config`, what is live first."""
        if config.kind == "structured":
            found = list(self._users(config))
        elif config.kind == "held":
            found = list(self._importers(config))
        else:
            found = [
                *self._by_hydra(config),
                *self._by_name(config),
                *self._by_command(config),
                *self._by_stage(config),
                *self._by_dvc(config),
            ]
            if not found and config.parameters:
                found = [reader for kind, reader in self._given if kind == config.kind]
        return tuple(sorted(dict.fromkeys(found), key=lambda r: (not r.live, r.only_tests, r.how == "name")))

    def _by_hydra(self, config: ConfigFile) -> Iterator[Reader]:
        folder = config.path.rpartition("/")[0]
        for use, groups in self._options:
            if config.path in use.resolved:
                yield Reader("hydra", use.evidence, use.live, use.only_tests)
            elif folder in groups:
                yield Reader("hydra option", use.evidence, use.live, use.only_tests)

    def _groups(self, use: HydraUse) -> Iterator[str]:
        """Folders of the groups from which the defaults lists of a use select."""
        root = use.resolved[0].rpartition("/")[0]
        for path in use.resolved:
            file = self.by_path.get(path)
            for entry in file.defaults if file else ():
                group = entry.group or entry.option.rpartition("/")[0]
                if group:
                    yield normalise(f"{path.rpartition('/')[0]}/{group}")
                    yield normalise(f"{root}/{group}")

    def _by_name(self, config: ConfigFile) -> Iterator[Reader]:
        """Strings in code that name the file, or a folder of configs from which one is chosen as the code runs."""
        folder, _, name = config.path.rpartition("/")
        for file, text, value in (*self._named[name], *self._named[folder.rpartition("/")[2]], *self._patterns):
            exact = _names(value, config.path, name)
            if not exact and not (folder and _is_folder(value, folder)):
                continue
            if not exact and (text.line, text.value) in self._whole.get(file.path, ()):
                continue  # the folder in the path of one file, which is named
            loads = bool(self._loading.get(file.path))
            if exact or loads:
                how = "load" if loads or self._passed_on(file) else "name"
                yield Reader(how, text.evidence, text.live, text.only_tests)

    def _passed_on(self, file: PythonFile) -> bool:
        """Whether a file that itself loads nothing calls the project's own code, some of which does."""
        return bool(self._loading) and any(call.own and call.live for call in file.calls)

    def _by_command(self, config: ConfigFile) -> Iterator[Reader]:
        """Commands that hand the file to a Python program, or have Hydra select it."""
        if config.kind == "job":
            yield from self._by_submission(config)
        name = config.path.rpartition("/")[2]
        for command in dict.fromkeys((*self._given_to[name], *self._given_to[name.rpartition(".")[0]])):
            words = command.arguments
            for before, word in zip(("", *words), words, strict=False):
                option, mark, value = word.partition("=")
                given = normalise(value if mark else word)
                flag = option if mark else before
                if flag in ("--config-name", "-cn"):
                    meant = any(normalise(f"{root}/{with_suffix(given)}") == config.path for root in self._roots)
                elif mark and not option.startswith("-"):
                    meant = self._selects(config, option.lstrip("+~"), value)
                else:
                    meant = _names(given, config.path, name)
                if meant:
                    yield Reader("command", command.evidence)
                    break

    def _by_stage(self, config: ConfigFile) -> Iterator[Reader]:
        """DVC's stages whose commands are filled in from parameters, `params.yaml` beside them (DVC, "Templating")."""
        for stage in self._stages:
            folder = stage.path.rpartition("/")[0]
            if config.path == f"{folder}/params.yaml".lstrip("/"):
                yield Reader("command", stage.evidence)

    def _by_dvc(self, config: ConfigFile) -> Iterator[Reader]:
        """Calls of DVC's interface that read `params.yaml` without its name (DVC, "dvc.api.params_show")."""
        if config.path == "params.yaml":
            for call in self.project.calls("dvc.api.params_show", "dvc.api.get_params"):
                if not any((value.string or "").endswith((".yaml", ".json", ".toml")) for value in call.args):
                    yield Reader("load", call.evidence, call.live, call.only_tests)

    def _by_submission(self, config: ConfigFile) -> Iterator[Reader]:
        """Commands that submit a job specification: by its name; of Compose's own files also without."""
        name = config.path.rpartition("/")[2]
        given = self._submitted[name]
        if fnmatch(name, "*compose*.y*ml"):
            given = [*given, *self._composed]
        yield from (Reader("command", command.evidence) for command in dict.fromkeys(given))

    def _selects(self, config: ConfigFile, group: str, option: str) -> bool:
        """Whether the override `group=option` of a Hydra program means this file."""
        tail = with_suffix(f"{group}/{option}")
        return any(normalise(f"{root}/{tail}") == config.path for root in self._roots)

    def _importers(self, config: ConfigFile) -> Iterator[Reader]:
        """Where other modules import an object of settings, or the module that makes it."""
        module = self.project.at(config.path).module
        for file in self.project.files:
            for statement in file.imports:
                if statement.own and f"{statement.name}.".startswith(f"{module}."):
                    yield Reader("use", statement.evidence, statement.live, statement.only_tests or file.is_test)

    def _users(self, config: ConfigFile) -> Iterator[Reader]:
        """Where a configuration class is made, or given to Hydra or OmegaConf."""
        short = config.name.rpartition(".")[2]
        for file in self.project.files:
            for call in file.calls:
                if config.name in call.names or any(v.text.partition("(")[0] == short for v in call.values):
                    yield Reader("use", call.evidence, call.live, call.only_tests)


_RUNNERS = ("python", "torchrun", "accelerate launch", "kernprof", "deepspeed", "uv run", "coverage run", "train")
"""Programs that run the project's own; `train` stands for what people call their own entry point."""


SUBMITTERS = (
    "gcloud ai", "gcloud ai-platform", "gcloud beta ai", "gcloud alpha ai", "gcloud run jobs", "gcloud beta run jobs", "gcloud dataproc",
    "gcloud batch", "kubectl", "oc", "docker compose", "docker-compose", "podman-compose", "docker stack", "az ml", "aws batch", "sky launch",
    "sky exec", "sky jobs", "wandb sweep", "wandb launch", "ray job", "ray submit", "sbatch", "argo submit", "helm", "skaffold",
)  # fmt: skip
"""Commands that submit a job which a file specifies (the command references of these tools)."""
COMPOSERS = ("docker compose", "docker-compose", "podman-compose")
"""Those of them that find their file by its name."""


def _parts_of_paths(file: PythonFile) -> Iterator[tuple[int, str]]:
    """(line, string) of folders in a path that goes on to one file by name: `os.path.join("conf", "run.yaml")`, `Path("conf") / "run.yaml"`."""
    for call in file.calls:
        if call.written.rpartition(".")[2] in ("join", "joinpath", "Path", "PurePath") and len(call.args) > 1:
            strings = [value.string for value in call.args]
            if strings[-1] and _FILE_NAME.fullmatch(strings[-1]):
                yield from ((value.line, value.string) for value in call.args[:-1] if value.string)
    for text in file.texts:
        quoted = _PATH.search(text.text)
        if quoted and any(text.value == part for part in _STRING.findall(quoted[0])[:-1]):
            yield text.line, text.value


def _loaders(file: PythonFile, names: Names) -> Iterator[Place]:
    """Calls in a file that load configuration; own functions count by their names."""
    for call in file.calls:
        if "configs.loads" in names.of(call.name) or _OWN_LOADER.fullmatch(call.name.rpartition(".")[2]):
            yield call.evidence


def _given_paths(file: PythonFile, names: Names) -> Iterator[tuple[str, Reader]]:
    """(format, reader) of every call that loads configuration from a path which is no literal.

    That it is a path to configuration shows in the names around it: `OmegaConf.load(config_path)`, or
    `yaml.safe_load(f)` in a function that opens `args.config`.
    """
    opened = {
        call.scope
        for call in file.calls
        if call.name in ("open", "pathlib.Path().open", "io.open") or call.written.endswith((".open", ".read_text"))
        if _SAYS_CONFIG.search(call.text) and not any(map(_FILE_NAME.fullmatch, _STRING.findall(call.text)))
    }
    for call in file.calls:
        kinds = names.of(call.name)
        kind = next((FORMATS[one] for one in FORMATS if one in kinds), None)
        given = call.args[0] if call.args else None
        if kind is None or given is None or given.string is not None:
            continue
        if _SAYS_CONFIG.search(given.text) or call.scope in opened:
            yield kind, Reader("argument", call.evidence, call.live, call.only_tests)


def _is_name(text: str) -> bool:
    """Whether a string can be a path: short, on one line, without blanks around words."""
    return 0 < len(text) <= 200 and "\n" not in text and "://" not in text and len(text.split()) <= 2


def _names(value: str, path: str, name: str) -> bool:
    """Whether the path `value`, from whatever folder it counts, means the file; `{}` in it stands for anything."""
    if not value or value in (".", ".."):
        return False
    while value.startswith("../"):
        value = value[3:]
    if "{}" in value:
        end = value.rpartition("{}")[2].lstrip("/")
        if value.endswith("{}") or end.startswith("."):
            before = value.rpartition("{}")[0].rstrip("/").rpartition("{}")[2].strip("/")
            folder = path.rpartition("/")[0]
            return bool(before) and len(before) >= GENERIC and folder.endswith(before) and path.endswith(end)
        value = end
    return (
        value in (name, path)
        or (f"/{path}".endswith("/" + value) and value.endswith(name))
        or (value.endswith("/" + path))
    )


def _is_folder(value: str, folder: str) -> bool:
    """Whether a string names the folder of a configuration file (`configs`, `../configs`).

    Of a folder within another, its own name is enough only where that speaks of configuration: `data` is too common.
    """
    while value.startswith("../"):
        value = value[3:]
    value = value.rpartition("{}")[2].strip("/")
    if len(value) < GENERIC or value == "src":
        return False
    ends_so = f"/{folder}".endswith("/" + value) and ("/" in value or bool(_CONFIG_FOLDER.search(value)))
    return value == folder or ends_so
