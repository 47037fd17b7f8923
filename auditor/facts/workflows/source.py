"""The files that workflows are read from, and what is read of them: bounded for all workflows together."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.facts.yaml_files import read_yaml
from auditor.formats.shell import Command, parse_commands
from auditor.formats.yaml_lines import YamlFile, YamlList, YamlMap, YamlValue
from auditor.records import Record
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

MAX_SCRIPTS = 1_000_000
"""Characters of scripts, those of shared actions counted at each use. A large repository has some 20,000."""
FOLDER = ".github/workflows/"
MAX_CALLERS = 100
MAX_FILE = 500_000
"""Characters of a workflow file."""


class Files:
    """The YAML files of a snapshot, each read once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._yaml: dict[str, YamlFile | None] = {}
        self._scripts_left = MAX_SCRIPTS
        self._given: dict[str, list[dict[str, str]]] | None = None

    def yaml(self, path: str) -> YamlFile | None:
        """The YAML file at `path`; None where there is none or it cannot be read."""
        if path not in self._yaml:
            self._yaml[path] = read_yaml(self.snapshot, path) if self.small(path) else None
        return self._yaml[path]

    def small(self, path: str) -> bool:
        """Whether there is such a text file and it is not too large to be a workflow's."""
        text = self.snapshot.text(path) if path in self.snapshot else None
        if text is not None and len(text) > MAX_FILE:
            self.snapshot.note(path, f"not read: longer than {MAX_FILE:,} characters")
            return False
        return text is not None

    def given_to(self, path: str) -> list[dict[str, str]]:
        """What jobs of the repository's workflows give to the workflow at `path` that they call (`with`)."""
        if self._given is None:
            self._given = {}
            called = [p for p in self.snapshot.paths if p.startswith(FOLDER) and p.endswith((".yml", ".yaml"))]
            for caller in called[:MAX_CALLERS]:
                file = self.yaml(caller)
                jobs = file.mapping.map_at("jobs") if file is not None else YamlMap(1)
                for name in jobs:
                    uses = jobs.map_at(name).text_of("uses")
                    if uses.startswith("./"):
                        given = {key.lower(): text for key, text in texts(jobs.map_at(name).map_at("with")).items()}
                        self._given.setdefault(normalise(uses), []).append(given)
        return self._given.get(path, [])

    def source(self, path: str) -> Source:
        """The file at `path` as a place of evidence."""
        return Source(path, self.snapshot.lines(path), self)

    def commands(self, script: str, path: str, line: int) -> tuple[Command, ...]:
        """The commands of a script in a file; none when too many scripts were read already."""
        if len(script) > self._scripts_left:
            self.snapshot.note(path, f"more than {MAX_SCRIPTS:,} characters of scripts: the others were not read")
            return ()
        self._scripts_left -= len(script)
        return parse_commands(script, path=path, line=line)


class Source(Record):
    """One file."""

    path: str
    lines: list[str]
    files: Files

    def place(self, line: int) -> tuple[str, int, str]:
        """Path, line and text of a line, as every `Placed` begins."""
        text = self.lines[line - 1].strip() if 0 < line <= len(self.lines) else ""
        return self.path, line, text

    def commands(self, script: str, line: int) -> tuple[Command, ...]:
        """The commands of a script that begins on a line of this file."""
        return self.files.commands(script, self.path, line)


def texts(mapping: YamlMap) -> dict[str, str]:
    """The scalar entries of a mapping as text."""
    return {key: mapping.text_of(key) for key in mapping}


def words(mapping: YamlMap, key: str) -> tuple[str, ...]:
    """The text of the scalar at `key`, or of each in the sequence there."""
    return tuple(scalar.text for scalar in mapping.scalars_at(key))


def is_true(text: str) -> bool:
    """Whether a setting is switched on; an expression counts, for it may be."""
    return text.strip().lower() not in ("", "false", "no", "off", "0", "null")


def walk(value: YamlValue, skip: frozenset[str] = frozenset()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every scalar below `value` with the keys that lead to it; what stands under a key in `skip` is left out."""
    todo: list[tuple[tuple[str, ...], YamlValue, str]] = [((), value, "")]
    while todo:
        keys, node, text = todo.pop()
        if isinstance(node, YamlMap):
            todo += [((*keys[-5:], k), v, node.text_of(k)) for k, v in node.items() if k.lower() not in skip]
        elif isinstance(node, YamlList):
            todo += [(keys, v, node.text_of(i)) for i, v in enumerate(node)]
        elif node is not None:
            yield keys, text
