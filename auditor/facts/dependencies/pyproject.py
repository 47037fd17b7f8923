"""What `pyproject.toml` and other TOML manifests declare, in the tables of each tool that reads them.

Sources: PEP 621 (`[project]`), PEP 735 (`[dependency-groups]`), and the documentation of Poetry, PDM, uv, Hatch, Flit,
setuptools (`tool.setuptools.dynamic`), Pixi and Pipenv.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.facts.dependencies.manifest import Manifest
from auditor.facts.dependencies.requirement import Declared, read_requirement
from auditor.formats.toml_lines import TomlPath, parse_toml, toml_lines


def read_pyproject(text: str, path: str) -> Manifest:
    """What a `pyproject.toml` declares. Raises ValueError where it is not TOML."""
    document = parse_toml(text)
    reader = _Reader(path, toml_lines(text))
    project = table(document, "project")
    tool = table(document, "tool")
    reader.result.project = str(project.get("name") or table(tool, "poetry").get("name") or "")
    reader.texts(project.get("dependencies"), ("project", "dependencies"), "")
    reader.groups(project.get("optional-dependencies"), ("project", "optional-dependencies"))
    reader.groups(document.get("dependency-groups"), ("dependency-groups",))
    _poetry(reader, table(tool, "poetry"))
    reader.groups(table(tool, "pdm").get("dev-dependencies"), ("tool", "pdm", "dev-dependencies"))
    reader.texts(table(tool, "uv").get("dev-dependencies"), ("tool", "uv", "dev-dependencies"), "dev")
    _hatch(reader, table(tool, "hatch"), ("tool", "hatch"))
    hook = table(tool, "hatch", "metadata", "hooks", "requirements_txt")
    reader.include(hook.get("files"))
    flit = table(tool, "flit", "metadata")
    reader.texts(flit.get("requires"), ("tool", "flit", "metadata", "requires"), "")
    reader.groups(flit.get("requires-extra"), ("tool", "flit", "metadata", "requires-extra"))
    dynamic = table(tool, "setuptools", "dynamic")
    reader.include(table(dynamic, "dependencies").get("file"))
    for extra in table(dynamic, "optional-dependencies").values():
        if isinstance(extra, dict):
            reader.include(extra.get("file"))
    _pixi(reader, table(tool, "pixi"), ("tool", "pixi"))
    bento = table(tool, "bentoml", "build", "python")
    reader.texts(bento.get("packages"), ("tool", "bentoml", "build", "python", "packages"), "")
    return reader.result


def read_pixi(text: str, path: str) -> Manifest:
    """What a `pixi.toml` declares. Raises ValueError where it is not TOML."""
    document = parse_toml(text)
    reader = _Reader(path, toml_lines(text))
    _pixi(reader, document, ())
    return reader.result


def read_hatch(text: str, path: str) -> Manifest:
    """What a `hatch.toml` declares for its environments. Raises ValueError where it is not TOML."""
    document = parse_toml(text)
    reader = _Reader(path, toml_lines(text))
    _hatch(reader, document, ())
    return reader.result


def _hatch(reader: _Reader, hatch: dict[str, Any], at: TomlPath) -> None:
    for name, environment in table(hatch, "envs").items():
        for key in ("dependencies", "extra-dependencies"):
            if isinstance(environment, dict):
                reader.texts(environment.get(key), (*at, "envs", name, key), "" if name == "default" else name)


def read_pipfile(text: str, path: str) -> Manifest:
    """What a `Pipfile` declares; tables beside its settings are categories. Raises ValueError where it is not TOML."""
    document = parse_toml(text)
    reader = _Reader(path, toml_lines(text))
    for category, packages in document.items():
        if category not in ("requires", "scripts", "pipenv", "source"):
            reader.names(packages, (category,), {"packages": "", "dev-packages": "dev"}.get(category, category))
    return reader.result


def read_script_metadata(text: str, path: str) -> Manifest:
    """What a Python file declares in its inline script metadata (PEP 723). Raises ValueError where that is not TOML."""
    lines = text.split("\n")
    reader = _Reader(path, {})
    start = next((n for n, line in enumerate(lines) if line.rstrip() == "# /// script"), None)
    if start is None:
        return reader.result
    body: list[str] = []
    for line in lines[start + 1 :]:
        if line.rstrip() == "# ///" or not (line == "#" or line.startswith("# ")):
            break
        body.append(line[2:])
    block = "\n".join(body)
    document = parse_toml(block)
    reader.lines = {place: number + start + 1 for place, number in toml_lines(block).items()}
    reader.texts(document.get("dependencies"), ("dependencies",), "script")
    return reader.result


def table(document: dict[str, Any], *keys: str) -> dict[str, Any]:
    """The table at `keys`; empty where there is none, or something else."""
    value: Any = document
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


class _Reader:
    """Collects requirements from the shapes in which TOML tables hold them."""

    def __init__(self, path: str, lines: dict[TomlPath, int]) -> None:
        self.lines = lines
        self.result = Manifest(path)

    def texts(self, items: object, at: TomlPath, group: str) -> None:
        """A list of PEP 508 requirements."""
        for position, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item, str):
                self.result.require(item, self._line((*at, position)), group)

    def groups(self, groups: object, at: TomlPath) -> None:
        """A table of lists of PEP 508 requirements. What `include-group` names stands in the same table."""
        for name, items in (groups if isinstance(groups, dict) else {}).items():
            self.texts(items, (*at, name), name)

    def names(self, packages: object, at: TomlPath, group: str) -> None:
        """A table from names to versions, as Poetry, Pipenv and Pixi write them."""
        for name, constraint in (packages if isinstance(packages, dict) else {}).items():
            named = read_requirement(name)
            if named is None or named.name == "python":
                continue
            extras = constraint.get("extras") if isinstance(constraint, dict) else None
            extras = tuple(e for e in extras if isinstance(e, str)) if isinstance(extras, list) else ()
            version = constraint if isinstance(constraint, str) else ""
            text = f'{name} = "{version}"' if version else name
            self.result.add(Declared(named.name, self.result.path, self._line((*at, name)), group, text, extras))

    def include(self, files: object) -> None:
        """Requirements files that the manifest reads in."""
        for file in [files] if isinstance(files, str) else files if isinstance(files, list) else []:
            if isinstance(file, str):
                self.result.include(file)

    def _line(self, at: TomlPath) -> int:
        return next((self.lines[at[:end]] for end in range(len(at), 0, -1) if at[:end] in self.lines), 1)


def _poetry(reader: _Reader, poetry: dict[str, Any]) -> None:
    reader.names(poetry.get("dependencies"), ("tool", "poetry", "dependencies"), "")
    reader.names(poetry.get("dev-dependencies"), ("tool", "poetry", "dev-dependencies"), "dev")
    for name, group in table(poetry, "group").items():
        if isinstance(group, dict):
            reader.names(group.get("dependencies"), ("tool", "poetry", "group", name, "dependencies"), name)


def _pixi(reader: _Reader, pixi: dict[str, Any], at: TomlPath) -> None:
    for place, section, group in _pixi_sections(pixi):
        for key in ("dependencies", "pypi-dependencies"):
            reader.names(section.get(key), (*at, *place, key), group)


def _pixi_sections(pixi: dict[str, Any]) -> Iterator[tuple[TomlPath, dict[str, Any], str]]:
    yield (), pixi, ""
    for name, feature in table(pixi, "feature").items():
        if isinstance(feature, dict):
            yield ("feature", name), feature, name
    for name, target in table(pixi, "target").items():
        if isinstance(target, dict):
            yield ("target", name), target, ""
