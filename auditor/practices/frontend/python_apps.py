"""User interfaces written in Python, and whether they call the API or the model.

Sources: the reference documentation of Streamlit, Gradio, Dash, NiceGUI, Flet, Reflex, Panel, Shiny, Taipy, Chainlit and the
others named here; a frontend is a file that makes widgets or pages with one of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Place
from auditor.facts.python import CODE, Call, PythonFile, PythonProject
from auditor.patterns import pattern
from auditor.practices.api import Api
from auditor.practices.api.inference import infers
from auditor.practices.api.stores import stores
from auditor.records import Record

TOOLKITS = (
    "streamlit", "gradio", "dash", "nicegui", "flet", "reflex", "panel", "shiny", "taipy", "mesop", "chainlit", "solara", "pywebio",
    "fasthtml", "justpy", "remi", "h2o_wave", "bokeh.server", "tkinter", "customtkinter", "PyQt5", "PyQt6", "PySide2", "PySide6",
    "kivy", "textual",
)  # fmt: skip
WEB = frozenset(TOOLKITS[: TOOLKITS.index("tkinter")])
"""Toolkits whose pages run in a browser."""

CLIENTS = pattern(
    r"(requests|httpx|aiohttp|urllib3|niquests)(\.\w+)*(\(\))?(\.\w+(\(\))?)*\.(get|post|put|request|send|stream|ws_connect)|"
    r"urllib\.request\.(urlopen|Request)|http\.client\.\w+\(\)\.request|gradio_client\.Client\(\)\.(predict|submit)|"
    r"websockets?\.(connect|create_connection)|websocket\.WebSocketApp|bentoml\.\w*HTTPClient\(\)\.\w+|grpc\.\w*channel|"
    r"google\.cloud\.aiplatform\.Endpoint\(\)\.predict|httpx\.(Async)?Client\(\)\.\w+|requests\.Session\(\)\.\w+"
)
"""Calls that send a request."""
LIKELY_CLIENT = pattern(r"(^|[._])(client|session|http|api|api_client)(\(\))?\.(post|get|request|predict)$")


class PythonApp(Record):
    """A frontend in Python; `calls` are where it calls the API or the model."""

    path: str
    evidence: Place
    calls: tuple[Place, ...]
    stores: tuple[Place, ...]


def python_apps(project: PythonProject, api: Api) -> Iterator[PythonApp]:
    """Every own file or notebook that makes a user interface."""
    for file in project.of(*CODE):
        made = [call for call in file.calls if toolkit(call) and call.live]
        if not made:
            continue
        calls = [call for call in led_to(file, project) if call.live]
        asking = [call for call in calls if asks(call, project)]
        web = any(toolkit(call) in WEB for call in made)
        if not web and not asking:
            continue  # a window or a notebook's slider by itself is no frontend of the API
        stored = (
            []
            if file.path in api.paths
            else [call.evidence for call in calls if call.path == file.path and stores(call)]
        )
        yield PythonApp(file.path, made[0].evidence, tuple(c.evidence for c in asking), tuple(stored))


def toolkit(call: Call) -> str:
    """The toolkit that a call belongs to; empty for none."""
    return next((kit for name in call.names for kit in TOOLKITS if name.startswith(kit + ".")), "")


def led_to(file: PythonFile, project: PythonProject) -> list[Call]:
    """The file's calls, and those that its own functions and what it calls elsewhere may lead to."""
    found = {id(call): call for call in file.calls}
    functions = [function for function in file.functions if function.live]
    for call in file.calls:
        values = (*call.args, *(value for _, value in call.keywords))
        for name in (*call.names, *(name for value in values for name in value.names)):
            function = project.function(name)
            if function is not None and function.path != file.path:
                functions.append(function)
    for function in {f.name: f for f in functions}.values():
        found.update((id(call), call) for call in project.reached(function))
    return list(found.values())


def asks(call: Call, project: PythonProject) -> bool:
    """Whether a call sends a request or runs a model."""
    return sends(call) or infers(call, project)


def sends(call: Call) -> bool:
    """Whether a call sends a request."""
    if any(CLIENTS.fullmatch(name) for name in call.names):
        return True
    return (
        bool(LIKELY_CLIENT.search(call.written)) and not call.own and all(name.startswith("?") for name in call.names)
    )
