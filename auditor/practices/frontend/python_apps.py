"""User interfaces written in Python, and whether they call the API or the model.

Their toolkits stand in `knowledge/tables/frontend.yaml`; a frontend is a file that makes widgets, pages or a chat with one of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Place, Trace, half
from auditor.facts.python import Call, PythonFile, PythonProject, reached
from auditor.patterns import pattern
from auditor.practices.api import Api
from auditor.practices.api.inference import Inference
from auditor.practices.api.stores import stores
from auditor.practices.automation.commands import RunCommands
from auditor.practices.uses import Uses
from auditor.records import Record

CLIENT_SIDE = "it is stored on the client's side"
KINDS = ("frontend.web", "frontend.widgets", "frontend.window", "frontend.chat")

LIKELY_CLIENT = pattern(r"(^|[._])(client|session|http|api|api_client)(\(\))?\.(post|get|request|predict)$")
"""How code sends a request by an object of which nothing is known."""


class PythonApp(Record):
    """A frontend in Python.

    `calls` are where it calls the API or the model, `models` those of them that run a model, `shown` whether pages or widgets
    of it reach a browser, `chat` whether it talks in a chat.
    """

    path: str
    evidence: Place
    calls: tuple[Place, ...]
    models: tuple[Place, ...]
    stores: tuple[Trace, ...]
    chat: bool = False
    only_tests: bool = False


def python_apps(
    project: PythonProject, api: Api, uses: Uses, inference: Inference, commands: RunCommands
) -> Iterator[PythonApp]:
    """Every own file or notebook that makes a user interface."""
    by_path: dict[str, list[Call]] = {}
    for call in uses.calls(*KINDS, live=True):
        by_path.setdefault(call.path, []).append(call)
    for path, made in by_path.items():
        file = project.file(path)
        if file is None:
            continue
        calls = [call for call in led_to(file, project) if call.live]
        running = [call for call in calls if inference.runs(call) or uses.is_a(call, "frontend.from_model")]
        asking = [call for call in calls if sends(call, uses) or sends_by_cell(call, file, uses)]
        web = any(uses.is_a(call, "frontend.web") for call in made)
        served = any(uses.is_a(call, "frontend.widgets") for call in made) and is_served(path, commands, uses)
        chat = not web and all(uses.is_a(call, "frontend.chat") for call in made)
        if not (web or served) and not asking and not running:
            continue  # a window, a bot or a notebook's slider by itself is no frontend of the API
        if not (web or served or chat) and file.is_notebook and not asking:
            continue  # widgets around a model in a notebook are an experiment
        stored = []
        if path not in api.paths:
            stored = [half(c.evidence, CLIENT_SIDE) for c in calls if c.path == path and stores(c, uses.names)]
        yield PythonApp(
            path,
            made[0].evidence,
            tuple(call.evidence for call in (*asking, *running)),
            tuple(call.evidence for call in running),
            tuple(stored),
            chat,
            all(call.only_tests for call in made),
        )


def is_served(path: str, commands: RunCommands, uses: Uses) -> bool:
    """Whether a command serves a notebook or a script as a page."""
    name = path.rpartition("/")[2]
    served = commands.running(*uses.names.listed("frontend.serves", "commands"))
    return any(one.live and any(word.endswith(name) for call in one.command.calls for word in call) for one in served)


def led_to(file: PythonFile, project: PythonProject) -> list[Call]:
    """The file's calls, and those that its own functions and what it calls elsewhere may lead to."""
    found = {id(call): call for call in file.calls}
    functions = [function for function in file.functions if function.live]
    for call in file.calls:
        for name in (*call.names, *call.handed):
            function = project.function(name)
            if function is not None and function.path != file.path:
                functions.append(function)
    for function in {f.name: f for f in functions}.values():
        found.update((id(call), call) for call in reached(function, project))
    return list(found.values())


def sends_by_cell(call: Call, file: PythonFile, uses: Uses) -> bool:
    """Whether a call sends a request by a library that another cell imports: marimo hands it over as a parameter of that name."""
    variable, _, rest = call.name.removeprefix("?").partition(".")
    if call.path != file.path or call.name[:1] != "?" or not any(s.name == "marimo" for s in file.imports):
        return False
    return any(s.alias == variable and "web.sends" in uses.names.of(f"{s.name}.{rest}") for s in file.imports)


def sends(call: Call, uses: Uses) -> bool:
    """Whether a call sends a request."""
    if uses.is_a(call, "web.sends"):
        return True
    return (
        bool(LIKELY_CLIENT.search(call.written)) and not call.own and all(name.startswith("?") for name in call.names)
    )
