"""Packages that serving tools install into the images which they build.

Sources: BentoML, "Bento build options" (`python.packages`, `python.requirements_txt`); Cog, "cog.yaml reference".
"""

from __future__ import annotations

from auditor.facts.dependencies.pyproject import Manifest
from auditor.facts.dependencies.requirement import Declared, read_requirement
from auditor.formats.yaml_lines import parse_yaml
from auditor.repository.paths import normalise


def read_serving_file(text: str, path: str) -> Manifest:
    """What a `bentofile.yaml` or `cog.yaml` declares. Raises ValueError where it is not YAML."""
    manifest = Manifest()
    root = parse_yaml(text).mapping
    folder = path.rpartition("/")[0]
    for table, lists, file in (
        (root.map_at("python"), ("packages",), "requirements_txt"),
        (root.map_at("build"), ("python_packages",), "python_requirements"),
    ):
        for scalar in (scalar for key in lists for scalar in table.scalars_at(key)):
            named = read_requirement(scalar.text)
            if named is None or named.broken:
                manifest.broken.append(scalar.line)
            if named is not None:
                manifest.declared.append(Declared(named.name, path, scalar.line, "", scalar.text, named.extras))
        if table.text_of(file):
            manifest.includes.append(normalise(f"{folder}/{table.text_of(file)}"))
    return manifest
