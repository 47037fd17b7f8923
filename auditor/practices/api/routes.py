"""Routes of web applications: which URL leads to which function, in whatever framework.

Sources: the reference documentation of each framework (FastAPI "APIRouter class", Flask "API", Starlette "Routing",
BentoML "Create online API services", LitServe "LitAPI", Django "URL dispatcher", Functions Framework for Python, ...).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, seen
from auditor.facts.python import CODE, Call, Class, Function, PythonFile, PythonProject
from auditor.patterns import pattern
from auditor.records import Record, replace

METHODS = r"(get|post|put|patch|delete|head|options|trace|api_route|websocket|websocket_route|route|query)"
"""Decorators of an application or router that make a function answer requests."""

DECORATORS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("FastAPI", pattern(rf"fastapi(\.\w+)*\.(FastAPI|APIRouter)\(\)(\.router)?\.{METHODS}")),
    ("Flask", pattern(rf"(flask|quart|apiflask|flask_openapi3|flask_smorest|flask_restx)(\.\w+)*\(\)\.{METHODS}")),
    ("Starlette", pattern(rf"starlette(\.\w+)*\.(Starlette|Router)\(\)\.{METHODS}")),
    ("BentoML", pattern(r"bentoml(\.\w+)*\.(api|task)|bentoml(\.\w+)*\.Service\(\)\.api")),
    ("Django", pattern(rf"ninja(\.\w+)*\(\)\.{METHODS}|rest_framework\.decorators\.api_view")),
    ("Functions Framework", pattern(r"functions_framework\.(http|cloud_event|typed|background_event)")),
    ("aiohttp", pattern(rf"aiohttp\.web\.RouteTableDef\(\)\.{METHODS}")),
    ("Azure Functions", pattern(r"azure\.functions\.(FunctionApp|Blueprint)\(\)\.(route|function_name)")),
    ("Modal", pattern(r"modal\.(web_endpoint|fastapi_endpoint|asgi_app|wsgi_app)")),
    ("another framework", pattern(
        rf"(sanic|bottle|robyn|blacksheep|chalice|litestar|starlite|falcon|emmett|microdot|cherrypy)(\.\w+)*(\(\))?\.({METHODS[1:-1]}|expose)"
    )),
)  # fmt: skip

REGISTERING: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("FastAPI", pattern(r"fastapi(\.\w+)*\.(FastAPI|APIRouter)\(\)(\.router)?\.add_(api_route|api_websocket_route|route|websocket_route)")),
    ("FastAPI", pattern(r"fastapi\.routing\.API(WebSocket)?Route")),
    ("Flask", pattern(r"(flask|quart)(\.\w+)*\(\)\.add_url_rule")),
    ("Starlette", pattern(r"starlette\.routing\.(WebSocket)?Route|starlette(\.\w+)*\(\)\.add_route")),
    ("Django", pattern(r"django\.(urls|conf\.urls)\.(re_path|path|url)")),
    ("aiohttp", pattern(r"aiohttp\.web\.(get|post|put|patch|delete|route)|aiohttp\.web\.Application\(\)\.router\.add_\w+")),
)  # fmt: skip
"""Calls that are given a URL and a function."""

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

APPLICATIONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("FastAPI", pattern(r"fastapi(\.applications)?\.FastAPI")),
    ("Flask", pattern(r"flask(\.app)?\.Flask|quart\.Quart|apiflask\.APIFlask")),
    ("Starlette", pattern(r"starlette\.applications\.Starlette")),
    ("BentoML", pattern(r"bentoml(\.\w+)*\.(service|Service)")),
    ("LitServe", pattern(r"litserve(\.\w+)*\.LitServer")),
    ("another framework", pattern(r"sanic\.Sanic|aiohttp\.web\.Application|tornado\.web\.Application|litestar\.Litestar")),
)  # fmt: skip

MIDDLEWARE = pattern(
    r"(fastapi|starlette)(\.\w+)*\(\)\.middleware|(flask|quart)(\.\w+)*\(\)\.(before_request|after_request|teardown_request)"
)
MIDDLEWARE_BASES = ("starlette.middleware.base.BaseHTTPMiddleware", "fastapi.middleware.*", "fastapi.routing.APIRoute")

_UNKNOWN_APP = pattern(rf"\?(\w*(app|api|router|application)\w*)\.{METHODS}", re.IGNORECASE)
_CLOUD_FUNCTION = (["request"], ["event", "context"], ["cloud_event"])
_ROUTER = pattern(r"fastapi(\.\w+)*\.APIRouter\(\)")


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

    @property
    def evidence(self) -> Place:
        """The line that makes the route."""
        return seen(self.path, self.line, self.text)


def factory_functions(project: PythonProject) -> Iterator[Function]:
    """Own functions that give back an application, and that a server may be told to call (uvicorn's `--factory`)."""
    for function in project.functions(roles=CODE):
        given = {name.removesuffix("()") for value in function.returns for name in value.names if name.endswith("()")}
        if any(pattern.fullmatch(name) for name in given for _, pattern in APPLICATIONS) and not function.owner:
            yield function


def routes(project: PythonProject, factories: frozenset[tuple[str, str]] = frozenset()) -> Iterator[Route]:
    """Every route in own files and notebooks; `factories` are (file, function) that make an application."""
    included = included_routers(project, factories)
    for file in project.of(*CODE):
        functions = {function.qualname: function for function in file.functions}
        for call in file.calls:
            if call.decorates:
                yield from decorated(call, file, functions, included, factories)
            else:
                yield from registered(call, project, factories)
        for cls in file.classes:
            yield from answering_class(cls, project)
        yield from cloud_functions(file)


def decorated(
    call: Call,
    file: PythonFile,
    functions: dict[str, Function],
    included: frozenset[tuple[str, str]] | None,
    factories: frozenset[tuple[str, str]],
) -> Iterator[Route]:
    """The route that a decorator makes."""
    handler = functions.get(call.decorates)
    if handler is None:
        return
    framework = matching(call, DECORATORS) or guessed(call, file)
    live = ((call.live and handler.live) or (call.path, call.scope) in factories) and not handler.is_empty
    if framework == "FastAPI" and any(_ROUTER.match(name) for name in call.names):
        variable = call.written.rpartition(".")[0]
        live = live and (included is None or (file.path, variable) in included)
    if framework:
        yield route(framework, call, (handler,), live and not shadowed(call, file))
    elif any(MIDDLEWARE.fullmatch(name) for name in call.names):
        yield replace(route("middleware", call, (handler,), live), middleware=True)


def registered(call: Call, project: PythonProject, factories: frozenset[tuple[str, str]]) -> Iterator[Route]:
    """The route that a call makes which is given a URL and a function."""
    framework = matching(call, REGISTERING)
    if framework is None:
        return
    values = [*call.args[1:], *(value for _, value in call.keywords)]
    found = [project.function(name.removesuffix("()")) for value in values for name in value.names]
    handlers = tuple(function for function in found if function is not None)
    if handlers:
        yield route(framework, call, handlers, call.live or (call.path, call.scope) in factories)


def answering_class(cls: Class, project: PythonProject) -> Iterator[Route]:
    """The routes of a class whose methods a framework calls by name, and what a middleware class does."""
    for framework, bases, names in CLASSES:
        if project.inherits(cls, *bases):
            methods = tuple(m for m in project.methods(cls) if m.own_name in names and not m.is_empty)
            if methods:
                live = cls.live or framework in FOUND_BY_NAME
                yield Route(framework, "", cls.path, cls.line, cls.text, live, methods)
    if project.inherits(cls, *MIDDLEWARE_BASES):
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


def route(framework: str, call: Call, handlers: tuple[Function, ...], live: bool) -> Route:
    """A route made by `call`."""
    url = call.argument(0, "path") or call.keyword("rule")
    return Route(framework, (url.string if url else None) or "", call.path, call.line, call.text, live, handlers)


def matching(call: Call, patterns: tuple[tuple[str, re.Pattern[str]], ...]) -> str | None:
    """The framework that one of a call's names belongs to."""
    return next((kind for kind, pattern in patterns for name in call.names if pattern.fullmatch(name)), None)


def guessed(call: Call, file: PythonFile) -> str | None:
    """The framework of a decorator on something unknown that is called an app or router: the one that the file imports."""
    if not any(_UNKNOWN_APP.fullmatch(name) for name in call.names):
        return None
    packages = {statement.package for statement in file.imports}
    return next((kind for kind, name in (("FastAPI", "fastapi"), ("Flask", "flask")) if name in packages), None)


def shadowed(call: Call, file: PythonFile) -> bool:
    """Whether the variable that the decorator belongs to is given another application further down, which then serves."""
    variable = call.written.rpartition(".")[0]
    return any(
        assignment.target == variable
        and assignment.scope == call.scope
        and assignment.line > call.line
        and any(
            pattern.fullmatch(name.removesuffix("()")) for _, pattern in APPLICATIONS for name in assignment.value.names
        )
        and assignment.value.name.endswith("()")
        and not any(variable == argument.text for argument in assignment.value.elements)
        for assignment in file.assignments
    )


def included_routers(
    project: PythonProject, factories: frozenset[tuple[str, str]]
) -> frozenset[tuple[str, str]] | None:
    """(file, variable) of the FastAPI routers that an application includes; None where that cannot be told: all count."""
    found: set[tuple[str, str]] = set()
    for call in project.calls("fastapi.*.include_router", "fastapi.*.mount", "?*.include_router"):
        if not call.live and (call.path, call.scope) not in factories:
            continue
        router = call.argument(0 if call.written.endswith("include_router") else 1, "router")
        place = variable_place(router.text, call.path, project) if router is not None else None
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


def applications(project: PythonProject) -> Iterator[tuple[str, Call]]:
    """Every application object that is made, with its framework."""
    for file in project.of(*CODE):
        for call in file.calls:
            framework = matching(call, APPLICATIONS)
            if framework is not None:
                yield framework, call
