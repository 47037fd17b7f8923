"""What is known while functions are gone through: what variables hold, and what has reached calls that store."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.facts.python import Call, PythonProject
from auditor.knowledge.names import Names
from auditor.practices.api.content import CSV_WRITERS, NOTHING, Content, Env
from auditor.practices.api.held import Held
from auditor.practices.api.stores import in_memory, is_structured, logs, stores

Arrived = dict[tuple[str, int, str], tuple[Call, Content]]
"""Calls by file, line and words, and what has reached each."""


class FlowState:
    """What reached a call that stores is in `stored`, and what reached a plain log in `logged`."""

    def __init__(self, project: PythonProject, names: Names, held: Held, inference: Iterable[Call]) -> None:
        self.project = project
        self.held = held
        self.names = names
        self.stored: Arrived = {}
        self.logged: Arrived = {}
        self.measured: Arrived = {}
        """What reaches a metric of a monitoring library."""
        self.shared: Env = {}
        """Module variables and attributes of objects, by file."""
        self.inference = {(call.path, call.line, call.written) for call in inference}
        self._calls: dict[str, dict[tuple[int, str], Call]] = {}
        self._variables: dict[str, frozenset[str]] = {}

    def module_variables(self, path: str) -> frozenset[str]:
        """Names that are assigned at the top of a file."""
        if path not in self._variables:
            found = (a.target for a in self.project.at(path).assignments if not a.scope)
            self._variables[path] = frozenset(found)
        return self._variables[path]

    def call_at(self, path: str, line: int, written: str) -> Call | None:
        """The call that stands in a line, by how it is written."""
        if path not in self._calls:
            self._calls[path] = {(c.line, c.written): c for c in self.project.at(path).calls}
        return self._calls[path].get((line, written))

    def arrived(self, call: Call, content: Content) -> None:
        """Take note of what reaches a call that stores or logs."""
        if call.name.startswith("csv.") and self.writes_to_memory(call):
            return
        kept = stores(call, self.names, self.held.names(call)) or (
            logs(call, self.names) and is_structured(call, self.project)
        )
        target = self.stored if kept else self.logged
        key = (call.path, call.line, call.written)
        target[key] = call, target.get(key, (call, NOTHING))[1] | content

    def writes_to_memory(self, call: Call) -> bool:
        """Whether the CSV writer of the same function writes to a buffer."""
        made = [c for c in self.project.at(call.path).calls if c.scope == call.scope and c.name in CSV_WRITERS]
        return any(in_memory(writer) for writer in made)
