"""Where code loads its configuration by Hydra, and which files that means.

Sources: Hydra documentation, "Config Store API", "Compose API", "@hydra.main", "The Defaults List",
"Config Search Path".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.evidence import Place, seen
from auditor.facts.configs.files import ConfigFile
from auditor.facts.own_work.ignores import Ignores
from auditor.facts.python import Call, PythonFile, PythonProject, Value
from auditor.formats.shell import Command
from auditor.formats.shell.options import options_of
from auditor.records import Record
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

KINDS = {
    "hydra.main": "decorator",
    "hydra.compose": "compose",
    "hydra.initialize": "initialize",
    "hydra.initialize_config_dir": "initialize",
    "hydra.initialize_config_module": "initialize",
}
"""Hydra's entry points, by full name (`hydra.experimental` and `hydra.core` spellings are folded into these)."""
ZEN = {"hydra_main": "decorator", "launch": "compose"}
"""hydra-zen's: `zen(task).hydra_main(...)` and `launch(config, task)` (hydra-zen documentation, "API Reference")."""
STEPS = 200
"""Configs that one defaults list may lead to."""


class HydraUse(Record):
    """One place where code has Hydra load a config.

    `config_path` and `config_name` are what the code says, None where it says nothing or nothing that can be read.
    `resolved` are the files that exist, the primary config first, then those that its defaults list leads to; empty
    where the config that is named does not exist. `excused` says why a missing one need not be in git. `missing` are
    entries of defaults lists without a file.
    """

    path: str
    line: int
    text: str
    kind: str
    config_path: str | None
    config_name: str | None
    resolved: tuple[str, ...]
    live: bool
    only_tests: bool = False
    excused: str | None = None
    missing: tuple[Place, ...] = ()
    structured: bool = False
    """Whether the config is a class that a ConfigStore holds under this name."""
    choices: tuple[str, ...] = ()
    """Further files of the groups that defaults lists name, each for the command line to choose (Hydra, "Config groups")."""

    @property
    def loads(self) -> bool:
        """Whether what it loads is there."""
        return bool(self.resolved) or self.structured

    @property
    def evidence(self) -> Place:
        """The line in the code."""
        return seen(self.path, self.line, self.text)


class HydraFinder:
    """Finds Hydra's entry points in a project and the files that they mean."""

    def __init__(
        self,
        snapshot: Snapshot,
        project: PythonProject,
        files: Iterable[ConfigFile],
        ignores: Ignores,
        commands: Iterable[Command],
        stored: frozenset[str],
    ) -> None:
        self.snapshot = snapshot
        self.project = project
        self.by_path = {file.path: file for file in files if file.kind == "yaml"}
        self.ignores = ignores
        self.commands = tuple(commands)
        self.stored = stored

    def uses(self) -> Iterator[HydraUse]:
        """Every use, in order of file and line."""
        for file in self.project.files:
            folders = [f for call in file.calls if hydra_kind(call) == "initialize" for f in self._folders(file, call)]
            names = [self._name(file, call) for call in file.calls if hydra_kind(call) == "compose"]
            for call in file.calls:
                kind = hydra_kind(call)
                if kind is None:
                    continue
                if kind == "compose":
                    yield self._use(file, call, kind, folders, self._name(file, call))
                elif kind == "initialize":
                    name = next((n for n in names if n), None)
                    yield self._use(file, call, kind, self._folders(file, call), name)
                else:
                    yield self._use(file, call, kind, self._folders(file, call), self._name(file, call))

    def _use(self, file: PythonFile, call: Call, kind: str, folders: list[str], name: str | None) -> HydraUse:
        said = call.argument(*({"decorator": (0, "config_path"), "initialize": (0, "config_path")}.get(kind, (-1, ""))))
        places = [(folder, name) for folder in folders]
        if kind == "decorator":
            places += [(folder, named or name) for folder, named in self._overriding(file)]
        primary = list(dict.fromkeys(path for folder, n in places if n for path in self._primary(folder, n)))
        if not primary and name and not folders and (said is None or not said.known):
            primary = self._anywhere(name)
        if not primary and name is None and folders and kind == "initialize":
            primary = sorted(p for p in self.by_path if p.rpartition("/")[0] in folders)
        excuse = None
        if not primary and name:
            wanted = [normalise(f"{folder}/{with_suffix(name)}") for folder in folders]
            excuse = next((why for path in wanted if (why := self.ignores.excuses(path))), None)
        resolved, missing = self._closure(primary)
        return HydraUse(
            path=call.path,
            line=call.line,
            text=call.text,
            kind=kind,
            config_path=said.string if said else None,
            config_name=name,
            resolved=resolved,
            live=call.live,
            only_tests=call.only_tests,
            excused=excuse,
            missing=missing,
            structured=not resolved and self._is_stored(call, name),
            choices=self._choices(resolved),
        )

    def _is_stored(self, call: Call, name: str | None) -> bool:
        """Whether the config is one that code stores, or (`launch(config, task)`) hands over."""
        if name is None:
            return call.name == "hydra_zen.launch" and bool(call.args)
        return name.removesuffix(".yaml") in self.stored

    def _folders(self, file: PythonFile, call: Call) -> list[str]:
        """Folders that `config_path` (`config_dir`, `config_module`) can mean; empty where only a run would tell.

        A relative path counts from the file's own folder ("@hydra.main"). Where code puts a path together, its known
        end decides: every folder of the repository that ends so.
        """
        said = next((v for n in ("config_path", "config_dir", "config_module") if (v := call.argument(0, n))), None)
        text = self._string(file, said)
        here = file.path.rpartition("/")[0]
        if text is None:
            return [here] if said is None or said.literal is None else []
        text = text.replace("\\", "/")
        if text.startswith("pkg://") or call.name.endswith("_module"):
            place = text.removeprefix("pkg://").replace(".", "/")
            return [f for f in sorted(self.snapshot.folders) if f"/{f}".endswith("/" + place)]
        if "{}" in text or re.match(r"/|[A-Za-z]:/", text):
            end = normalise(text.rpartition("{}")[2])
            parts = end.split("/")
            for start in range(len(parts)):
                tail = "/" + "/".join(parts[start:])
                found = [f for f in sorted(self.snapshot.folders) if f and f"/{f}".endswith(tail)]
                if found:
                    return found
            return []
        return [normalise(f"{here}/{text}")]

    def _name(self, file: PythonFile, call: Call) -> str | None:
        position = 0 if hydra_kind(call) == "compose" else 1
        return self._string(file, call.argument(position, "config_name"))

    def _string(self, file: PythonFile, value: Value | None) -> str | None:
        """The text of a string, also of a constant that the file assigns once."""
        if value is None or value.string is not None:
            return value.string if value else None
        texts = {a.value.string for a in file.assignments if a.target == value.text and a.value.string is not None}
        return texts.pop() if len(texts) == 1 else None

    def _overriding(self, file: PythonFile) -> Iterator[tuple[str, str | None]]:
        """(folder, name) that commands give to the program by `--config-path`, `--config-dir`, `--config-name`."""
        script = file.path.rpartition("/")[2]
        here = file.path.rpartition("/")[0]
        own = [f for call in file.calls if hydra_kind(call) == "decorator" for f in self._folders(file, call)]
        for command in self.commands:
            if not any(w.rpartition("/")[2] == script or w.endswith(file.module or script) for w in command.words):
                continue
            given = dict(options_of(command.words))
            folder = given.get("--config-path") or given.get("-cp") or given.get("--config-dir") or given.get("-cd")
            name = given.get("--config-name") or given.get("-cn")
            if folder is not None:
                yield normalise(folder), name
                yield normalise(f"{here}/{folder}"), name
            elif name is not None:
                yield from ((place, name) for place in own)

    def _primary(self, folder: str, name: str) -> list[str]:
        """The file of the config `name` in `folder`; in the snapshot, whatever it holds."""
        for candidate in (with_suffix(name), name.removesuffix(".yaml") + ".yml"):
            path = normalise(f"{folder}/{candidate}")
            if path in self.snapshot:
                return [path]
        return []

    def _anywhere(self, name: str) -> list[str]:
        """Files of that name anywhere: for a folder that only a run would tell."""
        tail = "/" + with_suffix(name)
        return [path for path in sorted(self.by_path) if f"/{path}".endswith(tail)]

    def _choices(self, resolved: tuple[str, ...]) -> tuple[str, ...]:
        """Files of the groups that the loaded ones name in their defaults lists, whichever option is chosen there."""
        root = resolved[0].rpartition("/")[0] if resolved else ""
        folders = {
            normalise(f"{base}/{entry.group}")
            for path in resolved
            if path in self.by_path
            for entry in self.by_path[path].defaults
            if entry.group and not entry.group.startswith("hydra")
            for base in (path.rpartition("/")[0], root)
        }
        return tuple(p for p in sorted(self.by_path) if p.rpartition("/")[0] in folders and p not in resolved)

    def _closure(self, primary: list[str]) -> tuple[tuple[str, ...], tuple[Place, ...]]:
        """Every file that the defaults lists of `primary` lead to, and the entries without a file."""
        found = dict.fromkeys(primary)
        missing: list[Place] = []
        queue = [(path, path.rpartition("/")[0]) for path in primary]
        while queue and len(found) < STEPS:
            path, root = queue.pop(0)
            file = self.by_path.get(path)
            for entry in file.defaults if file else ():
                place = f"{entry.group}/{entry.option}".strip("/")
                if entry.option in ("null", "~", "???", "") or "${" in place or "hydra" in place.split("/")[0]:
                    continue
                here = path.rpartition("/")[0]
                target = next((t for base in (here, root) if (t := self._primary(base, place))), None)
                if target:
                    if target[0] not in found:
                        found[target[0]] = None
                        queue.append((target[0], root))
                elif not entry.optional and place.removesuffix(".yaml") not in self.stored:
                    missing.append(seen(path, entry.line, f"no file for {place}"))
        return tuple(found), tuple(missing)


def hydra_kind(call: Call) -> str | None:
    """`decorator`, `compose` or `initialize` where a call is one of Hydra's entry points."""
    for name in call.names:
        parts = name.split(".")
        if parts[0] == "hydra_zen" and not name.endswith("()"):
            kind = ZEN.get(parts[-1])
            if kind is not None:
                return kind
        if parts[0] == "hydra":
            kind = KINDS.get(f"hydra.{parts[-1]}")
            if kind is not None and not name.endswith("()"):
                return kind
    return None


def with_suffix(name: str) -> str:
    """A config's file name: Hydra appends `.yaml` where it is left out."""
    return name if name.endswith((".yaml", ".yml")) else name + ".yaml"
