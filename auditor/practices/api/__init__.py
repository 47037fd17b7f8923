"""Web applications: their routes, what each leads to, whether it runs a model.

routes.py       URL -> function, for every framework
held.py         what an application's state and dictionaries hold
queues.py       what runs elsewhere for a call: tasks, and workers at the other end of a queue
dependencies.py what FastAPI calls for a route before its function
inference.py    which calls run a model
treatment.py    what code treats as a model, whatever library it is from
loading.py      whether the model that a route asks is ever loaded
stores.py       which calls store something outside of memory
content.py      what values are made of: request, prediction, or only words about them
syntax_trees.py what stands within what, in own functions
dataflow.py     whether what is stored comes from the request, the prediction, or both
collection.py   what the application stores of its requests and predictions -> Collection
metrics.py      how the application is instrumented -> Instrumentation
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from auditor.evidence import Place, Trace, counts, half, strong_first
from auditor.facts.own_work.template import Template
from auditor.facts.python import Call, Function, PythonProject, Site, reached
from auditor.injection import fact
from auditor.knowledge.names import Names
from auditor.practices.api.dependencies import dependencies_of
from auditor.practices.api.held import Held
from auditor.practices.api.inference import Inference, implementations
from auditor.practices.api.loading import nothing_loads
from auditor.practices.api.queues import Queues
from auditor.practices.api.routes import FASTAPI, Route, applications, factory_functions, routes
from auditor.practices.traces import TEMPLATE
from auditor.practices.uses import Uses
from auditor.records import Record

__all__ = ["Api", "Application", "Endpoint", "Route", "reached"]


class Application(Record):
    """An application object that code makes."""

    framework: str
    call: Call

    @property
    def evidence(self) -> Place:
        """Where it is made."""
        return self.call.evidence


class Endpoint(Record):
    """A route with the calls that it may lead to.

    `inference` are those that run a model, `unloaded` those that ask a model which nothing loads.
    """

    route: Route
    calls: tuple[Call, ...]
    inference: tuple[Call, ...]
    unloaded: tuple[Call, ...] = ()

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
    imported: tuple[Trace, ...] = ()
    """Set aside: imports of web frameworks of which nothing is called."""
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
    def traces(self) -> tuple[Trace, ...]:
        """Routes of FastAPI that run a model; all other routes and applications by half, or set aside."""
        found = [
            counts(place)
            for endpoint in self.inferring
            if endpoint.framework == FASTAPI
            for place in (endpoint.evidence, endpoint.inference[0].evidence)
        ]
        for endpoint in self.endpoints:
            why = self._why_half(endpoint)
            if why:
                found.append(half(endpoint.evidence, why))
        found += [half(one.evidence, self._why_idle(one)) for one in self.applications]
        found += [half(place, TEMPLATE) for place in self.stubs]
        found += self.imported if not found else ()
        return strong_first(found)

    def _why_half(self, endpoint: Endpoint) -> str:
        """Why a route is no inference of a FastAPI application; empty where it is, or is nothing to speak of."""
        if endpoint.framework != FASTAPI:
            return f"it is {endpoint.framework}, not FastAPI" if endpoint.live else ""
        if not endpoint.live:
            return "no application that is served has this route"
        if endpoint.inference:
            return ""
        if endpoint.route.astray:
            return "its function takes `self` outside of a class, so that it cannot reach what it names by it"
        return "nothing loads the model that it asks" if endpoint.unloaded else "no call of a model was found behind it"

    def _why_idle(self, application: Application) -> str:
        """Why an application object by itself is not the claim."""
        if application.framework != FASTAPI:
            return f"it is {application.framework}, not FastAPI"
        return "no call of a model was found behind its routes" if self.endpoints else "it has no routes"

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
def api(
    project: PythonProject,
    inference: Inference,
    held: Held,
    queues: Queues,
    names: Names,
    uses: Uses,
    template: Template,
) -> Api:
    """The routes of own files and notebooks, and where they lead."""
    endpoints: list[Endpoint] = []
    middleware: list[Endpoint] = []
    factories = frozenset((function.path, function.qualname) for function in factory_functions(project, names))

    def can_run(site: Site) -> bool:
        return site.live or any(site.path == path and within(site.scope, name) for path, name in factories)

    for route in routes(project, names, factories):
        if template.is_stub(route.path):
            continue
        calls = once(
            call
            for handler in (*route.handlers, *route.dependencies)
            for call in behind(handler, project, held, queues)
        )
        if route.handed is not None:
            if not inference.runs(route.handed):
                continue
            calls = (route.handed,)
        asking = [call for call in calls if inference.runs(call) or inference.asks_server(call)]
        empty = {
            id(call)
            for call in asking
            if nothing_loads(call, project, can_run) or (route.astray and of_self(call, route))
        }
        running = tuple(call for call in asking if id(call) not in empty)
        unloaded = tuple(call for call in asking if id(call) in empty)
        (middleware if route.middleware else endpoints).append(Endpoint(route, calls, running, unloaded))
    made = [Application(framework, call) for framework, call in applications(project, names)]
    return Api(
        tuple(endpoints),
        tuple(middleware),
        tuple(one for one in made if not template.is_stub(one.call.path)),
        tuple(one.evidence for one in made if template.is_stub(one.call.path)),
        uses.named_only("web.application", "web.router"),
        factories,
    )


def of_self(call: Call, route: Route) -> bool:
    """Whether a call in the route's own function asks what `self` should hold."""
    return call.written.startswith("self.") and any(
        call.path == handler.path and within(call.scope, handler.qualname) for handler in route.handlers
    )


def behind(function: Function, project: PythonProject, held: Held, queues: Queues) -> tuple[Call, ...]:
    """Live calls that the function of a route may lead to, FastAPI's dependencies and queued tasks included."""
    found: dict[int, Call] = {}
    seen: set[str] = set()
    todo = [function]
    while todo and len(seen) < 50:
        current = todo.pop()
        if current.name in seen:
            continue
        seen.add(current.name)
        calls = reached(current, project)
        found.update((id(call), call) for call in calls)
        todo += dependencies_of(current, project)
        for call in calls:
            todo += queues.workers(call)
            for name in held.names(call):
                found_there = project.function(name if not name.endswith("()") else f"{name}.__call__")
                todo += [found_there] if found_there is not None else []
            for name in call.names:
                abstract = project.function(name)
                todo += implementations(abstract, project) if abstract is not None else ()
    return tuple(found.values())
