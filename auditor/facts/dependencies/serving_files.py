"""Packages that serving tools install into the images which they build.

Sources: BentoML, "Bento build options" (`python.packages`, `python.requirements_txt`); Cog, "cog.yaml reference".
"""

from __future__ import annotations

from auditor.facts.dependencies.manifest import Manifest
from auditor.formats.yaml_lines import parse_yaml


def read_serving_file(text: str, path: str) -> Manifest:
    """What a `bentofile.yaml` or `cog.yaml` declares. Raises ValueError where it is not YAML."""
    manifest = Manifest(path)
    root = parse_yaml(text).mapping
    for table, lists, file in (
        (root.map_at("python"), ("packages",), "requirements_txt"),
        (root.map_at("build"), ("python_packages",), "python_requirements"),
    ):
        for scalar in (scalar for key in lists for scalar in table.scalars_at(key)):
            manifest.require(scalar.text, scalar.line)
        if table.text_of(file):
            manifest.include(table.text_of(file))
    return manifest
