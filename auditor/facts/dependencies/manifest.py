"""What one file declares, as it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.facts.dependencies.requirement import Declared, read_requirement
from auditor.repository.paths import normalise

ENTRIES = 5_000
"""Requirements of one manifest; those after are left out."""


@dataclass(slots=True)
class Manifest:
    """What the file at `path` declares."""

    path: str
    declared: list[Declared] = field(default_factory=list)
    includes: list[str] = field(default_factory=list)
    """Requirements files that it reads in, relative to the repository's root."""
    project: str = ""
    """The name that it gives to the project itself."""
    broken: list[int] = field(default_factory=list)
    """Lines that pip would refuse."""
    installs_project: int | None = None
    """Line of `-e .` or `.` in a requirements file: the project itself with all that it declares."""

    def require(self, text: str, line: int, group: str = "") -> None:
        """Take a requirement as PEP 508 writes it."""
        named = read_requirement(text)
        if named is None or named.broken:
            self.broken.append(line)
        if named is not None:
            self.add(Declared(named.name, self.path, line, group, text, named.extras))

    def add(self, declared: Declared) -> None:
        """Take what was read."""
        if len(self.declared) < ENTRIES:
            self.declared.append(declared)

    def include(self, file: str) -> None:
        """Take a requirements file that is named as seen from this file's folder."""
        self.includes.append(normalise(f"{self.path.rpartition('/')[0]}/{file}"))
