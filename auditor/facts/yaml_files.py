"""YAML files of a repository."""

from __future__ import annotations

from auditor.formats.yaml_lines import YamlError, YamlFile, parse_yaml
from auditor.repository.snapshot import Snapshot


def read_yaml(snapshot: Snapshot, path: str) -> YamlFile | None:
    """The YAML file at `path`; None, with a problem noted, where it cannot be read or is not YAML."""
    text = snapshot.text(path)
    if text is None:
        return None
    try:
        file = parse_yaml(text)
    except YamlError as error:
        snapshot.note_unread(path, error)
        return None
    for problem in file.problems:
        snapshot.note(path, problem)
    return file
