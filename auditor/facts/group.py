"""What a rule may know of the group itself."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.records import Record, field


class Group(Record):
    """How many members the group has, where its report says so, and what it ticked in which words."""

    members: int | None = None
    wordings: Mapping[str, str] = field(default_factory=dict)
    """The item of the checklist that makes each claim, as this group's edition prints it."""


class ReportPart(Record):
    """Lines of a file that are the group's report, from `first` to `last`; to the file's end where `last` is None."""

    path: str
    first: int = 1
    last: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the file is nothing but report."""
        return self.first == 1 and self.last is None


class ReportPlace(Record):
    """Where the group's report stands, so that it is not taken for documentation of the project. Empty without one.

    A README that holds the checklist is report in those lines only; the rest of it is a README like any other.
    """

    parts: tuple[ReportPart, ...] = ()

    @classmethod
    def whole(cls, *paths: str) -> ReportPlace:
        """The place of a report that fills these files."""
        return cls(tuple(ReportPart(path) for path in paths if path))

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that hold some of it."""
        return tuple(dict.fromkeys(part.path for part in self.parts))

    @property
    def files(self) -> tuple[str, ...]:
        """The files that are nothing else."""
        return tuple(part.path for part in self.parts if part.is_whole)

    def holds(self, path: str, line: int | None = None) -> bool:
        """Whether a line of a file is report; without a line, whether the file is nothing else."""
        if line is None:
            return path in self.files
        return any(p.path == path and p.first <= line and (p.last is None or line <= p.last) for p in self.parts)
