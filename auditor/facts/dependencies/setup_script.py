"""`setup.py` and `setup.cfg` (setuptools documentation, "Dependencies Management in Setuptools")."""

from __future__ import annotations

from auditor.facts.dependencies.manifest import Manifest
from auditor.facts.python import PythonProject, Value
from auditor.formats.ini_lines import parse_ini


def read_setup_cfg(text: str, path: str) -> Manifest:
    """What a `setup.cfg` declares: `install_requires` and extras, also `file:` references to requirements files."""
    manifest = Manifest(path)
    for option in parse_ini(text):
        if (option.section, option.name) == ("metadata", "name"):
            manifest.project = option.value.partition("\n")[0]
        if option.section == "options.extras_require":
            group = option.name
        elif option.section == "options" and option.name in ("install_requires", "tests_require"):
            group = "" if option.name == "install_requires" else "tests"
        else:
            continue
        for line, row in option.rows:
            if row.startswith("file:"):
                for name in row[5:].split(","):
                    manifest.include(name.strip())
            else:
                manifest.require(row, line, group)
    return manifest


def read_setup_script(project: PythonProject) -> dict[str, list[tuple[int, str, str]]]:
    """(line, group, requirement) that each `setup.py` passes to `setup()` as literals, by path.

    A list given by name is looked up among the file's assignments.
    """
    found: dict[str, list[tuple[int, str, str]]] = {}
    for file in project.files:
        if file.path.rpartition("/")[2] != "setup.py":
            continue
        assigned = {assignment.target: assignment.value for assignment in file.assignments}
        rows = found.setdefault(file.path, [])
        for call in file.calls:
            if call.name.rpartition(".")[2] != "setup" or call.name.partition(".")[0] not in (
                "setuptools",
                "distutils",
            ):
                continue
            for keyword, value in call.keywords:
                value = assigned.get(value.text, value)
                if keyword in ("install_requires", "tests_require"):
                    rows += _texts(value, "" if keyword == "install_requires" else "tests")
                elif keyword == "extras_require":
                    for key, items in zip(value.keys, value.elements, strict=False):
                        rows += _texts(assigned.get(items.text, items), key.string or "")
    return found


def _texts(value: Value, group: str) -> list[tuple[int, str, str]]:
    """The strings in a list, or the lines of one string."""
    if value.string is not None:
        return [(value.line, group, row.strip()) for row in value.string.split("\n") if row.strip()]
    return [(item.line, group, item.string) for item in value.elements if item.string is not None]
