"""Routes of web applications: which URL leads to which function, in whatever framework.

Sources: the reference documentation of each framework (FastAPI "APIRouter class", Flask "API", Starlette "Routing",
BentoML "Create online API services", LitServe "LitAPI", Django "URL dispatcher", Functions Framework for Python, ...).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, seen
from auditor.facts.python import CODE, Call, Class, Function, PythonFile, PythonProject
from auditor.knowledge.names import Names
from auditor.patterns import pattern
from auditor.practices.api.dependencies import depended
from auditor.records import Record, replace

FRAMEWORKS = {
    "fastapi": "FastAPI", "fastapi_utils": "FastAPI", "fastapi_restful": "FastAPI", "fastapi_offline": "FastAPI", "classy_fastapi": "FastAPI", "fastapi_class": "FastAPI", "flask": "Flask", "quart": "Flask",
    "apiflask": "Flask", "flask_openapi3": "Flask", "flask_smorest": "Flask", "flask_restx": "Flask", "starlette": "Starlette",
    "bentoml": "BentoML", "litserve": "LitServe", "ninja": "Django", "rest_framework": "Django", "django": "Django", "aiohttp": "aiohttp",
    "functions_framework": "Functions Framework", "azure": "Azure Functions", "modal": "Modal",
}  # fmt: skip
"""What the frameworks of the table are called, by their package."""
FASTAPI = "FastAPI"
OTHER = "another framework"

CLASSES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("LitServe", ("litserve.*LitAPI",), ("predict", "decode_request", "encode_response")),
    ("Flask", ("flask_restful.Resource", "flask_restx.Resource", "flask.views.*"), ("get", "post", "put")),
    ("Starlette", ("starlette.endpoints.*",), ("get", "post", "on_receive")),
    ("Django", ("rest_framework.views.APIView", "rest_framework.viewsets.*", "django.views.*"), ("get", "post", "create")),
    ("Tornado", ("tornado.web.RequestHandler",), ("get", "post")),
    ("Cog", ("cog.BasePredictor",), ("predict",)),
    ("KServe", ("kserve.Model", "kserve.model.Model"), ("predict", "preprocess", "postprocess")),
    ("MLServer", ("mlserver.*MLModel",), ("predict",)),
    ("TorchServe", ("ts.torch_handler.*",), ("handle", "preprocess", "inference", "postprocess")),
)  # fmt: skip
"""Frameworks that call methods of a class by name: bases, methods."""

FOUND_BY_NAME = frozenset({"TorchServe", "Cog"})
"""Frameworks that are told the file of the class by a command."""

_UNKNOWN_APP = pattern(
    r"\?(\w*(app|api|router|application)\w*)\.(get|post|put|patch|delete|head|options|trace|api_route|websocket|websocket_route|route)",
    re.IGNORECASE,
)
_CLOUD_FUNCTION = (["request"], ["event", "context"], ["cloud_event"])


class Route(Record):
    """One URL and the functions that answer it.

    `middleware` answers every URL. `live` is False where it cannot be reached: dead code, a router that no application
    includes, an application that a later one replaces.
    """

    framework: str
    url: str
    path: str
    line: int
    text: str
    live: bool
    handlers: tuple[Function, ...]
    middleware: bool = False
    handed: Call | None = None
    """The call that makes it, where what is to answer is a method of no own class: `add_api_route("/p", model.predict)`."""
    dependencies: tuple[Function, ...] = ()
    """What FastAPI runs before them, beside what their parameters ask for."""

    @property
    def astray(self) -> bool:
        """Whether a function of a decorated route takes `self`, and is no method: requests would have to bring it."""
        return any(
            function.decorators and not function.owner and [p.name for p in function.parameters[:1]] == ["self"]
            for function in self.handlers
        )

    @property
    def evidence(self) -> Place:
        """The line that makes the route."""
        return seen(self.path, self.line, self.text)


class Routing(Record):
    """The project's code and what its names mean for routes."""

    project: PythonProject
    names: Names
    factories: frozenset[tuple[str, str]]
    """(file, qualified name) of functions that give back an application, and that a server may be told to call."""

    def framework(self, call: Call, kind: str) -> str | None:
        """The framework that one of a call's names belongs to, where it is of the kind."""
        found = next((framework_of(name) for name in call.names if kind in self.names.of(name)), None)
        if found == OTHER and call.name.startswith("strawberry."):  # a router of FastAPI takes the schema in
            return FASTAPI if self.project.calls("strawberry.fastapi.GraphQLRouter", live=True) else OTHER
        return found

    def is_router(self, name: str) -> bool:
        """Whether a name begins with a router that an application has to take in."""
        return "web.router" in self.names.of(name.partition("()")[0])

    def runs(self, call: Call) -> bool:
        """Whether a call can run when the application is served."""
        return call.live or (call.path, call.scope) in self.factories


def framework_of(name: str) -> str:
    """The framework that a resolved name belongs to."""
    return FRAMEWORKS.get(name.partition(".")[0].removesuffix("()"), OTHER)


def factory_functions(project: PythonProject, names: Names) -> Iterator[Function]:
    """Own functions that give back an application, and that a server may be told to call (uvicorn's `--factory`)."""
    for function in project.functions(roles=CODE):
        given = {name.removesuffix("()") for value in function.returns for name in value.names if name.endswith("()")}
        if not function.owner and any(makes_application(name, project, names) for name in given):
            yield function


def makes_application(name: str, project: PythonProject, names: Names) -> bool:
    """Whether a call of `name` makes an application, of a library's class or of an own one below it."""
    cls = project.class_(name)
    return names.are((name,) if cls is None else project.ancestors(cls), "web.application")


def routes(
    project: PythonProject, names: Names, factories: frozenset[tuple[str, str]] = frozenset()
) -> Iterator[Route]:
    """Every route in own files and notebooks; `factories` are (file, function) that make an application."""
    routing = Routing(project, names, factories)
    included = included_routers(routing)
    for file in project.of(*CODE):
        functions = {function.qualname: function for function in file.functions}
        for call in file.calls:
            if call.decorates:
                yield from decorated(call, file, functions, included, routing)
            else:
                yield from registered(call, routing)
                yield from before_all(call, routing)
        for cls in file.classes:
            yield from answering_class(cls, project, names)
        yield from cloud_functions(file)


def decorated(
    call: Call,
    file: PythonFile,
    functions: dict[str, Function],
    included: frozenset[tuple[str, str]] | None,
    routing: Routing,
) -> Iterator[Route]:
    """The route that a decorator makes."""
    handler = functions.get(call.decorates)
    if handler is None:
        return
    framework = routing.framework(call, "web.route") or guessed(call, file)
    live = ((call.live and handler.live) or (call.path, call.scope) in routing.factories) and not handler.is_empty
    if framework == "FastAPI" and any(map(routing.is_router, call.names)):
        variable = call.written.rpartition(".")[0]
        live = live and (included is None or (file.path, variable) in included)
    if framework:
        live = live and not shadowed(call, file, routing)
        yield route(framework, call, (handler,), live, asked_before(call, routing.project))
    elif routing.framework(call, "web.middleware"):
        yield replace(route("middleware", call, (handler,), live), middleware=True)


def registered(call: Call, routing: Routing) -> Iterator[Route]:
    """The route that a call makes which is given a URL and a function."""
    framework = routing.framework(call, "web.registers")
    if framework is None:
        return
    values = [*call.args[1:], *(value for _, value in call.keywords)]
    found = [routing.project.function(name.removesuffix("()")) for value in values for name in value.names]
    handlers = tuple(function for function in found if function is not None)
    made = route(framework, call, handlers, routing.runs(call), asked_before(call, routing.project))
    yield made if handlers else replace(made, handed=call)


def before_all(call: Call, routing: Routing) -> Iterator[Route]:
    """What an application, a router or the taking in of one runs before every route: `FastAPI(dependencies=[Depends(f)])`."""
    if call.keyword("dependencies") is None:
        return
    functions = asked_before(call, routing.project)
    if functions:
        yield replace(route("middleware", call, functions, routing.runs(call)), middleware=True, url="")


def asked_before(call: Call, project: PythonProject) -> tuple[Function, ...]:
    """The functions of `dependencies=[Depends(f)]`."""
    given = call.keyword("dependencies")
    return tuple(depended(given.elements, project)) if given is not None else ()


def answering_class(cls: Class, project: PythonProject, names: Names) -> Iterator[Route]:
    """The routes of a class whose methods a framework calls by name, and what a middleware class does."""
    for framework, bases, answering in CLASSES:
        if project.inherits(cls, *bases):
            methods = tuple(m for m in project.methods(cls) if m.own_name in answering and not m.is_empty)
            if methods:
                live = cls.live or framework in FOUND_BY_NAME
                yield Route(framework, "", cls.path, cls.line, cls.text, live, methods)
    if project.inherits(cls, *names.listed("web.middleware", "bases")):
        methods = tuple(m for m in project.methods(cls) if m.own_name in ("dispatch", "get_route_handler"))
        if methods:
            yield Route("middleware", "", cls.path, cls.line, cls.text, cls.live, methods, middleware=True)


def cloud_functions(file: PythonFile) -> Iterator[Route]:
    """Functions in `main.py` of the shape that Cloud Functions calls by name ("Write Cloud Run functions")."""
    if file.path.rpartition("/")[2] != "main.py":
        return
    for function in file.functions:
        shape = [parameter.name for parameter in function.parameters]
        if shape in _CLOUD_FUNCTION and not function.scope and not function.decorators and not function.is_empty:
            yield Route("Cloud Functions", "", function.path, function.line, function.text, function.live, (function,))


def route(
    framework: str, call: Call, handlers: tuple[Function, ...], live: bool, dependencies: tuple[Function, ...] = ()
) -> Route:
    """A route made by `call`."""
    url = call.argument(0, "path") or call.keyword("rule")
    text = (url.string if url else None) or ""
    return Route(framework, text, call.path, call.line, call.text, live, handlers, dependencies=dependencies)


def guessed(call: Call, file: PythonFile) -> str | None:
    """The framework of a decorator on something unknown that is called an app or router: the one that the file imports."""
    if not any(_UNKNOWN_APP.fullmatch(name) for name in call.names):
        return None
    packages = {statement.package for statement in file.imports}
    return next((kind for kind, name in (("FastAPI", "fastapi"), ("Flask", "flask")) if name in packages), None)


def shadowed(call: Call, file: PythonFile, routing: Routing) -> bool:
    """Whether the variable that the decorator belongs to is given another application further down, which then serves."""
    variable = call.written.rpartition(".")[0]
    return any(
        assignment.target == variable
        and assignment.scope == call.scope
        and assignment.line > call.line
        and assignment.value.name.endswith("()")
        and any("web.application" in routing.names.of(name.removesuffix("()")) for name in assignment.value.names)
        and not any(variable == argument.text for argument in assignment.value.elements)
        for assignment in file.assignments
    )


def included_routers(routing: Routing) -> frozenset[tuple[str, str]] | None:
    """(file, variable) of the FastAPI routers that an application includes; None where that cannot be told: all count."""
    found: set[tuple[str, str]] = set()
    for call in routing.project.calls(
        "*.include_router", "fastapi.*.mount", "*.router.routes.extend", "*.routes.extend"
    ):
        if not routing.runs(call):
            continue
        router = call.argument(1 if call.written.endswith("mount") else 0, "router")
        place = (
            variable_place(router.text.removesuffix(".routes"), call.path, routing.project)
            if router is not None
            else None
        )
        if place is None:
            return None
        found.add(place)
    return frozenset(found)


def variable_place(written: str, path: str, project: PythonProject) -> tuple[str, str] | None:
    """The file and name of the module variable that `written` means in file `path`; None where it cannot be told."""
    file = project.file(path)
    if file is None or not re.fullmatch(r"\w+(\.\w+)*", written):
        return None
    if any(assignment.target == written and not assignment.scope for assignment in file.assignments):
        return path, written
    head, _, rest = written.partition(".")
    for statement in file.imports:
        if statement.alias == head and statement.own:
            name = f"{statement.name}.{rest}" if rest else statement.name
            module = project.module(name.rpartition(".")[0])
            variable = name.rpartition(".")[2]
            if module is not None and any(assignment.target == variable for assignment in module.assignments):
                return module.path, variable
    return None


def applications(project: PythonProject, names: Names) -> Iterator[tuple[str, Call]]:
    """Every application object that is made, with its framework."""
    for file in project.of(*CODE):
        for call in file.calls:
            cls = project.class_(call.name) if call.own else None
            for name in call.names if cls is None else project.ancestors(cls):
                if "web.application" in names.of(name):
                    yield framework_of(name), call
                    break
