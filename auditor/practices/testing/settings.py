"""pytest's settings (pytest documentation, "Configuration" and "Configuration Options")."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.evidence import Place, seen
from auditor.formats.ini_lines import parse_ini
from auditor.formats.toml_lines import parse_toml, toml_lines
from auditor.injection import fact
from auditor.records import Record, field
from auditor.repository.snapshot import Snapshot

NAMES = ("pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "pyproject.toml", "tox.ini", "setup.cfg")
"""Files that pytest looks into, the first one that has its section wins."""
INI_SECTIONS = {"setup.cfg": "tool:pytest"}
TOML_TABLES = (("tool", "pytest", "ini_options"), ("tool", "pytest"))
MAX_FILES = 50


class PytestSettings(Record):
    """The options that say which tests pytest collects, and what it is always given on its command line."""

    python_files: tuple[str, ...] = ("test_*.py", "*_test.py")
    python_classes: tuple[str, ...] = ("Test",)
    python_functions: tuple[str, ...] = ("test",)
    testpaths: tuple[str, ...] = ()
    norecursedirs: tuple[str, ...] = ()
    addopts: tuple[str, ...] = ()
    folder: str = ""
    """Where the settings stand: `testpaths` start there."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """Where each option stands that the file has."""


@fact
def pytest_settings(snapshot: Snapshot) -> PytestSettings:
    """The settings of the file that pytest takes: nearest to the root, then in pytest's own order."""
    paths = sorted(snapshot.named(*NAMES), key=lambda path: (path.count("/"), order(path)))
    for path in paths[:MAX_FILES]:
        found = read_settings(snapshot, path)
        if found is None:
            continue
        texts = {name: value for name, (value, _) in found.items()}
        known = PytestSettings()
        return PytestSettings(
            python_files=words(texts.get("python_files")) or known.python_files,
            python_classes=words(texts.get("python_classes")) or known.python_classes,
            python_functions=words(texts.get("python_functions")) or known.python_functions,
            testpaths=words(texts.get("testpaths")),
            norecursedirs=words(texts.get("norecursedirs")),
            addopts=words(texts.get("addopts")),
            folder=path.rpartition("/")[0],
            places={name: seen(path, line, f"{name} = {shown(value)}") for name, (value, line) in found.items()},
        )
    return PytestSettings()


def order(path: str) -> int:
    """Place of a file in pytest's own order."""
    return NAMES.index(path.rpartition("/")[2].lower())


def read_settings(snapshot: Snapshot, path: str) -> dict[str, tuple[Any, int | None]] | None:
    """Value and line of every option of pytest in a file; None where it has no section of pytest's."""
    text = snapshot.text(path)
    if text is None:
        return None
    name = path.rpartition("/")[2].lower()
    if name.endswith(".toml"):
        return read_table(text, (("pytest",),) if name != "pyproject.toml" else TOML_TABLES)
    section = INI_SECTIONS.get(name, "pytest")
    options = [option for option in parse_ini(text) if option.section == section]
    if not options and f"[{section}]" not in text and name not in ("pytest.ini", ".pytest.ini"):
        return None
    return {option.name: (option.value, option.line) for option in options}


def read_table(text: str, tables: tuple[tuple[str, ...], ...]) -> dict[str, tuple[Any, int | None]] | None:
    """The options of the first of the TOML tables that is there; None without any, or where the text is no TOML."""
    try:
        document = parse_toml(text)
    except ValueError:
        return None  # the dependencies fact notes it
    for keys in tables:
        table: Any = document
        for key in keys:
            table = table.get(key) if isinstance(table, dict) else None
        if isinstance(table, dict):
            lines = toml_lines(text)
            return {name: (value, lines.get((*keys, name))) for name, value in table.items()}
    return None


def words(value: Any) -> tuple[str, ...]:
    """An option's value as words: a list of strings, or one string that is split as a shell would."""
    if isinstance(value, list):
        return tuple(word for item in value if isinstance(item, str) for word in split(item))
    return tuple(split(value)) if isinstance(value, str) else ()


def split(text: str) -> Iterator[str]:
    """The words of a string."""
    try:
        yield from shlex.split(text)
    except ValueError:
        yield from text.split()


def shown(value: Any) -> str:
    """An option's value as one line."""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
