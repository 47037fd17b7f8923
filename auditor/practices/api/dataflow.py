"""What flows into calls that store: the request, the prediction, or only names and numbers about them.

The functions that a route leads to are gone through in order, statement by statement. Every variable carries what it is
made of; a call of an own function carries it into the function's parameters and out of what it returns.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from auditor.facts.python import Call, Function, PythonProject
from auditor.knowledge.names import Names
from auditor.practices.api.content import NOTHING, Content, Env, incoming, union
from auditor.practices.api.dependencies import depended, said_of
from auditor.practices.api.flow_state import FlowState
from auditor.practices.api.function_flow import FunctionFlow
from auditor.practices.api.held import Held
from auditor.practices.api.syntax_trees import Sources

RUNS = 400
"""Functions that are gone through for one project."""
DEPTH = 8
"""Functions within functions."""


class Flow(FlowState):
    """Goes through functions."""

    def __init__(
        self, project: PythonProject, names: Names, held: Held, sources: Sources, inference: Iterable[Call]
    ) -> None:
        super().__init__(project, names, held, inference)
        self.sources = sources
        self._known: dict[tuple[str, tuple[tuple[str, int], ...]], Content] = {}
        self._runs = 0

    def answer(self, handler: Function, url: str = "", depth: int = 0) -> Content:
        """Go through what a request leads to, FastAPI's dependencies first."""
        given = incoming(handler, url)
        for parameter in handler.parameters if depth < DEPTH else ():
            for function in depended(said_of(parameter), self.project):
                made = self.answer(function, "", depth + 1)
                if function.own_name == "__init__":  # an object that holds what its parameters were sent
                    made = union(incoming(function).values())
                given[parameter.name] = given.get(parameter.name, NOTHING) | made
        return self.run(handler, given, depth)

    def run(self, function: Function, given: Env, depth: int) -> Content:
        """Go through a function with what its parameters hold; what it returns."""
        key = (function.name, tuple(sorted((name, content.value) for name, content in given.items())))
        if key in self._known:
            return self._known[key]
        self._known[key] = NOTHING
        body = self.sources.body(function)
        if body is None or depth > DEPTH or self._runs >= RUNS:
            return NOTHING
        self._runs += 1
        reading = FunctionFlow(self, self.run, function.path, dict(given), depth)
        with suppress(RecursionError):
            reading.block(body.body)
        self._known[key] = reading.returned
        for decorator in function.decorators:
            if self.names.are(decorator.names, "collection.records"):
                self.stored[decorator.path, decorator.line, decorator.written] = (
                    decorator,
                    union(given.values()) | reading.returned,
                )
            self.around(decorator, given, reading.returned, depth)
        return reading.returned

    def around(self, decorator: Call, given: Env, returned: Content, depth: int) -> None:
        """Go through the functions that an own decorator puts around another, which is given and returns these contents."""
        outer = next((found for name in decorator.names if (found := self.project.function(name))), None)
        file = self.project.file(outer.path) if outer is not None else None
        if outer is None or file is None or depth >= DEPTH:
            return
        all_given = union(given.values())
        inner = [one for one in file.functions if one.qualname.startswith(f"{outer.qualname}.")]
        # Of a decorator with arguments the function within is the one that is given the other.
        wrapped = {p.name: returned for one in (outer, *inner) for p in one.parameters[:1] if one not in inner[-1:]}
        for one in inner[-1:]:
            self.run(one, {**wrapped, **{p.name: all_given for p in one.parameters}}, depth + 1)

    def script(self, path: str) -> None:
        """Go through the top of a file."""
        with suppress(RecursionError):
            FunctionFlow(self, self.run, path, {}, 0).block(self.sources.top(path))

    def forget(self) -> None:
        """Go through every function anew, with what module variables and attributes are known to hold."""
        self._known.clear()
