"""Web applications: their routes, what each leads to, whether it runs a model.

routes.py       URL -> function, for every framework
inference.py    which calls run a model
stores.py       which calls store something outside of memory
content.py      what values are made of: request, prediction, or only words about them
syntax_trees.py what stands within what, in own functions
dataflow.py     whether what is stored comes from the request, the prediction, or both
collection.py   what the application stores of its requests and predictions -> Collection
metrics.py      how the application is instrumented -> Instrumentation
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from auditor.evidence import Place, seen
from auditor.facts.own_work.template import Template
from auditor.facts.python import CODE, Call, Function, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.api.inference import infers
from auditor.practices.api.routes import Route, applications, factory_functions, routes
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

__all__ = ["Api", "Application", "Endpoint", "Route", "reached"]

DELAYED = pattern(r"(.+)\.(delay|apply_async|s|si|remote|submit|map|send|kiq|defer)")
"""Ways in which task queues (Celery, Ray, Dramatiq, RQ) call a function elsewhere."""


class Application(Record):
    """An application object that code makes."""

    framework: str
    call: Call

    @property
    def evidence(self) -> Place:
        """Where it is made."""
        return self.call.evidence


class Endpoint(Record):
    """A route with the calls that it may lead to; `inference` are those that run a model."""

    route: Route
    calls: tuple[Call, ...]
    inference: tuple[Call, ...]

    @property
    def live(self) -> bool:
        """Whether requests can reach it."""
        return self.route.live

    @property
    def framework(self) -> str:
        """The framework's name, `FastAPI` among others."""
        return self.route.framework

    @property
    def evidence(self) -> Place:
        """The line that makes the route."""
        return self.route.evidence


class Api(Record, dict=True):
    """The web applications of a project."""

    endpoints: tuple[Endpoint, ...] = ()
    """Every route of own code, those of the course's template left out."""
    middleware: tuple[Endpoint, ...] = ()
    """What runs around every request."""
    applications: tuple[Application, ...] = ()
    stubs: tuple[Place, ...] = ()
    """Applications in files that are the template's."""
    unread: tuple[Place, ...] = ()
    """Own files that import FastAPI and could not be read as Python."""
    factories: frozenset[tuple[str, str]] = frozenset()
    """(file, qualified name) of functions that give back an application: a server may be told to call them."""

    @cached_property
    def live(self) -> tuple[Endpoint, ...]:
        """Routes that requests can reach."""
        return tuple(endpoint for endpoint in self.endpoints if endpoint.live)

    @cached_property
    def inferring(self) -> tuple[Endpoint, ...]:
        """Those of them that run a model."""
        return tuple(endpoint for endpoint in self.live if endpoint.inference)

    def runs(self, call: Call) -> bool:
        """Whether a call can run when the application is served."""
        return call.live or any(call.path == path and within(call.scope, name) for path, name in self.factories)

    @cached_property
    def paths(self) -> frozenset[str]:
        """Files with routes or applications."""
        routed = {endpoint.route.path for endpoint in (*self.endpoints, *self.middleware)}
        return frozenset(routed | {application.call.path for application in self.applications})

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """All that live routes and middleware may lead to."""
        running = [endpoint for endpoint in (*self.live, *self.middleware) if endpoint.live]
        return once(call for endpoint in running for call in endpoint.calls)


def within(scope: str, function: str) -> bool:
    """Whether a scope is a function's, or one inside of it."""
    return scope == function or scope.startswith(f"{function}.")


def once(calls: Iterable[Call]) -> tuple[Call, ...]:
    """`calls` without repetition (a call holds values that cannot be hashed)."""
    return tuple({id(call): call for call in calls}.values())


@fact
def api(project: PythonProject, template: Template, snapshot: Snapshot) -> Api:
    """The routes of own files and notebooks, and where they lead."""
    endpoints: list[Endpoint] = []
    middleware: list[Endpoint] = []
    factories = frozenset((function.path, function.qualname) for function in factory_functions(project))
    for route in routes(project, factories):
        if template.is_stub(route.path):
            continue
        calls = once(call for handler in route.handlers for call in reached(handler, project))
        inference = tuple(call for call in calls if infers(call, project))
        (middleware if route.middleware else endpoints).append(Endpoint(route, calls, inference))
    made = [Application(framework, call) for framework, call in applications(project)]
    return Api(
        tuple(endpoints),
        tuple(middleware),
        tuple(one for one in made if not template.is_stub(one.call.path)),
        tuple(one.evidence for one in made if template.is_stub(one.call.path)),
        tuple(unread_applications(project, snapshot)),
        factories,
    )


def unread_applications(project: PythonProject, snapshot: Snapshot) -> Iterator[Place]:
    """Files with a syntax error that import FastAPI: nothing can be said of what they do."""
    for file in project.of(*CODE):
        for number, line in enumerate(snapshot.lines(file.path) if file.problem else (), start=1):
            if line.strip().startswith(("from fastapi import", "import fastapi")):
                yield seen(file.path, number, f"{line.strip()} ({file.problem})")
                break


def reached(function: Function, project: PythonProject) -> tuple[Call, ...]:
    """Live calls that running `function` may lead to, FastAPI's dependencies and queued tasks included."""
    found: dict[int, Call] = {}
    seen: set[str] = set()
    todo = [function]
    while todo and len(seen) < 50:
        current = todo.pop()
        if current.name in seen:
            continue
        seen.add(current.name)
        calls = project.reached(current)
        found.update((id(call), call) for call in calls)
        todo += dependencies_of(current, project)
        for call in calls:
            for name in call.names:
                delayed = DELAYED.fullmatch(name)
                task = project.function(delayed[1]) if delayed else None
                if task is not None:
                    todo.append(task)
    return tuple(found.values())


def dependencies_of(function: Function, project: PythonProject) -> list[Function]:
    """Functions that FastAPI calls for the parameters of `function` (`Depends`)."""
    defaults = [parameter.default for parameter in function.parameters if parameter.default is not None]
    named = (
        name for value in defaults if value.name == "fastapi.Depends()" for e in value.elements for name in e.names
    )
    return [found for name in named if (found := project.function(name)) is not None]
