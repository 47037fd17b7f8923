"""Lock files: every distribution of the resolved environment, transitive ones included.

Read only when somebody asks: a lock file is long.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from auditor.evidence import Place, seen
from auditor.facts.dependencies.generated import is_generated
from auditor.formats.toml_lines import parse_toml
from auditor.injection import fact
from auditor.knowledge.distribution_names import canonical_name
from auditor.repository.snapshot import Snapshot

LOCK_NAMES = ("uv.lock", "poetry.lock", "pdm.lock", "pipfile.lock", "pixi.lock", "conda-lock.yml", "pylock.toml")
"""Names of lock files, in lower case."""
SIZE = 6_000_000
"""A longer lock file (in characters) is not read."""


class Locked:
    """What the repository's lock files pin, by canonical name."""

    def __init__(self, snapshot: Snapshot, files: tuple[str, ...]) -> None:
        self._snapshot = snapshot
        self.files = files

    @cached_property
    def names(self) -> dict[str, Place]:
        """Every locked distribution and the file that locks it. Reads the files when first used."""
        found: dict[str, Place] = {}
        for path in self.files:
            text = self._snapshot.text(path)
            if text is None:
                continue
            if len(text) > SIZE:
                self._snapshot.note(path, f"lock file not read: more than {SIZE:,} characters")
                continue
            try:
                names = locked_names(text, path)
            except ValueError as error:
                self._snapshot.note(path, f"lock file not read: {error}")
                continue
            for name in names:
                found.setdefault(name, seen(path, None, f"locks {name}"))
        return found


@fact
def locked(snapshot: Snapshot) -> Locked:
    """The repository's lock files that list distributions by name."""
    return Locked(snapshot, tuple(p for p in snapshot.named(*LOCK_NAMES) if not is_generated(p)))


def locked_names(text: str, path: str) -> tuple[str, ...]:
    """Canonical names in a lock file, the project itself aside. Raises ValueError where it cannot be read.

    uv.lock, poetry.lock and pdm.lock hold `[[package]]`, pylock.toml (PEP 751) `[[packages]]`; Pipfile.lock is JSON
    with one object per category. Lock files of conda tools are not opened: what they pin has conda's names.
    """
    name = path.rpartition("/")[2].lower()
    if name == "pipfile.lock":
        try:
            document: Any = json.loads(text)
        except (ValueError, RecursionError):
            raise ValueError("not valid JSON") from None
        categories = [v for k, v in document.items() if k != "_meta"] if isinstance(document, dict) else []
        return tuple(canonical_name(n) for category in categories if isinstance(category, dict) for n in category if n)
    if name in ("pixi.lock", "conda-lock.yml"):
        return ()
    packages = parse_toml(text).get("packages" if name == "pylock.toml" else "package")
    found = []
    for package in packages if isinstance(packages, list) else []:
        if not isinstance(package, dict) or not isinstance(package.get("name"), str) or not package["name"]:
            continue
        source = package.get("source")
        if isinstance(source, dict) and ({"editable", "virtual"} & source.keys()):
            continue
        found.append(canonical_name(package["name"]))
    return tuple(found)
