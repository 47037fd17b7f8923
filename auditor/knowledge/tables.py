"""Tables of what names mean: `knowledge/tables/<practice>.yaml`, and a course's own `names.yaml`, read and checked.

A table maps kinds (`tracking.run`) to names, library by library, as `facts/python` resolves them:

    web.sends:
      requests: [get, post]        # requests.get; `*` is part of one word, `**` anything
      requests.Session(): [get]    # a method of what the call gives
      any: [WandbLogger]           # whatever library it comes from
      all: [mlflow]                # everything in these libraries
      python: [open]               # a bare name
      commands: [locust]           # no library: programs; also what else `LISTS` names

`second_net` is no kind: under it stand, topic by topic, stems for the open search (`practices/second_net.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from auditor.errors import AuditError
from auditor.injection import fact
from auditor.knowledge.names import Names, Row
from auditor.patterns import pattern

LISTS = ("bases", "commands", "distributions", "files", "modules", "resources", "rest", "scripts")
"""Words under a kind that are no libraries: names of base classes, programs, distributions (as they are declared), files, modules
(as they are imported), Terraform's types, addresses, JavaScript's names."""
SECOND_NET = "second_net"
KIND = pattern(r"[a-z0-9_]+\.[a-z0-9_]+")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@fact
def built_in() -> Names:
    """The tables that come with the program; what is meant where no course has given others."""
    return _built_in(())


@lru_cache(maxsize=4)
def _built_in(added: tuple[Path, ...]) -> Names:
    folder = files("auditor.knowledge").joinpath("tables")
    sources = [(one.name, one.read_text(encoding="utf-8")) for one in folder.iterdir() if one.name.endswith(".yaml")]
    sources += [(str(path), path.read_text(encoding="utf-8")) for path in added]
    return read_tables(sorted(sources))


def with_added(path: Path) -> Names:
    """The tables of the program with those of a course, which only adds. Raises AuditError where they cannot be read."""
    try:
        return _built_in((path,)) if path.exists() else _built_in(())
    except OSError as error:
        raise AuditError(f"{path}: {error}") from None


def read_tables(sources: Iterable[tuple[str, str]]) -> Names:
    """Tables as text, each with its name. Raises AuditError, with name and kind, for what is no table."""
    rows: dict[Row, str] = {}
    lists: dict[tuple[str, str], list[str]] = {}
    stems: dict[str, list[str]] = {}
    for name, text in sources:
        try:
            table = yaml.load(text, _LOADER) or {}  # noqa: S506 (the safe loader, in C where that is built)
        except yaml.YAMLError as error:
            raise AuditError(f"{name}: {error}") from None
        if not isinstance(table, dict):
            raise AuditError(f"{name}: not a table of kinds")
        for topic, words in (table.pop(SECOND_NET, None) or {}).items():
            stems.setdefault(str(topic), []).extend(strings(name, topic, words))
        for kind, libraries in table.items():
            if not isinstance(kind, str) or not KIND.fullmatch(kind) or not isinstance(libraries, Mapping):
                raise AuditError(f"{name}: {kind}: a kind is `practice.what` with names by library below it")
            for library, names in libraries.items():
                for one in strings(name, kind, names):
                    if library in LISTS:
                        lists.setdefault((kind, library), []).append(one)
                        continue
                    row = Row(kind, str(library), one)
                    if not one.strip("*."):
                        raise AuditError(f"{name}: {kind}: {library}: {one}: stars alone name everything")
                    if row in rows:
                        raise AuditError(f"{name}: {kind}: {library}: {one} stands twice (also in {rows[row]})")
                    rows[row] = name
    frozen = {key: tuple(dict.fromkeys(words)) for key, words in lists.items()}
    return Names(rows, frozen, {topic: tuple(dict.fromkeys(words)) for topic, words in stems.items()})


def strings(name: str, kind: object, given: Any) -> list[str]:
    """A list of words. Raises AuditError where it is none."""
    if not isinstance(given, list) or not all(isinstance(one, str) and one for one in given):
        raise AuditError(f"{name}: {kind}: a list of names is wanted, not {given!r}")
    return given
