"""Conda environment files (conda documentation, "Creating an environment file manually")."""

from __future__ import annotations

import re

from auditor.facts.dependencies.distributions import distribution_of_conda
from auditor.facts.dependencies.manifest import Manifest
from auditor.facts.dependencies.requirement import Declared
from auditor.formats.yaml_lines import YamlMap, parse_yaml
from auditor.patterns import pattern

_SPEC = pattern(r"(?:[\w./:-]+::)?([A-Za-z0-9_][A-Za-z0-9._-]*)\s*(?:[=<>!~\[ ].*)?")
_NOT_PYTHON = frozenset(
    {"python", "pip", "cudatoolkit", "cudnn", "pytorch-cuda", "pytorch-mutex", "cpuonly", "nodejs", "git"}
)


def read_conda_environment(text: str, path: str) -> Manifest:
    """What a conda environment file declares; nothing where the YAML is another. Raises ValueError for other text."""
    manifest = Manifest(path)
    dependencies = parse_yaml(text).mapping.list_at("dependencies")
    for scalar in dependencies.scalars():
        match = _SPEC.fullmatch(scalar.text.strip()[:500])
        if match is None:
            manifest.broken.append(scalar.line)
        elif match.group(1).lower() not in _NOT_PYTHON:
            name = distribution_of_conda(match.group(1))
            manifest.declared.append(Declared(name, path, scalar.line, "", scalar.text))
    for item in dependencies.maps():
        _pip(item, manifest)
    return manifest


def _pip(item: YamlMap, manifest: Manifest) -> None:
    """The list under `pip:`: requirements, or options such as `-r requirements.txt`."""
    for scalar in item.list_at("pip").scalars():
        if scalar.text.startswith("-"):
            included = re.fullmatch(r"(?:-r|--requirement)\s*=?\s*(\S+)", scalar.text)
            if included:
                manifest.include(included.group(1))
        else:
            manifest.require(scalar.text, scalar.line)
