"""What a rule may know of the group itself."""

from __future__ import annotations

from auditor.records import Record


class Group(Record):
    """How many members the group has, where its report says so."""

    members: int | None = None


class ReportPlace(Record):
    """Where the group's report stands, so that it is not taken for documentation of the project. Empty without one."""

    path: str = ""
