"""How a web application is instrumented: metrics that are defined, and where they are given out.

The names of libraries stand in `knowledge/tables/monitoring.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, Trace, counts, half, strong_first
from auditor.facts.containers import Containers
from auditor.facts.python import CODE, PythonProject
from auditor.formats.shell import parse_commands
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.api import Api, Endpoint
from auditor.practices.automation.commands import RunCommands
from auditor.practices.traces import why_idle
from auditor.practices.uses import Uses
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

MOUNTS = ("*.mount", "*.Mount", "*.add_route", "*DispatcherMiddleware", "*.add_api_route", "*.add_websocket_route")
METRICS_URL = pattern(r"/?(.*/)?(metrics?|stats|statistics|system(-|_)?(info|metrics|stats)?|telemetry)/?")
SCORES = pattern(r"accuracy|\b(roc|auc|f1|r?mse|mae|mape|r2)\b|precision|recall|loss|brier", re.IGNORECASE)
OF_THE_SYSTEM = pattern(r"latenc|request|uptime|count|cpu|memory|error|duration|seconds|time", re.IGNORECASE)
"""What a route called `metrics` may give out: a model's scores, or figures of the running application."""
INTERFACES = ("frontend.web", "frontend.window", "frontend.chat")
EXPORTING = pattern(
    r"OTEL_METRICS_EXPORTER\s*[=:]\s*[\"']?(?!none)\w|--metrics_exporter[ =](?!none)\w|OTEL_EXPORTER_OTLP\w*ENDPOINT\s*[=:]"
)
"""How OpenTelemetry is told where metrics go ("Environment Variable Specification")."""

AGENT = "opentelemetry-instrument"
SERVERS = ("gunicorn", "hypercorn")
"""Servers that send metrics themselves where they are told a host (`--statsd-host`)."""
NOT_GIVEN_OUT = "nothing gives the metrics out"
OWN_FIGURE = "it is a figure of the application's own making, not of a metrics library"
IMPORTED = "it is imported, and nothing gives metrics out"
BY_COMMAND = "the command instruments the application, and nothing says where its metrics go"


class Instrumentation(Record):
    """Metrics of web applications."""

    traces: tuple[Trace, ...] = ()
    """Where metrics are defined and given out; what is half of it."""
    measured: tuple[Trace, ...] = ()
    """Those of them that measure something, imports aside."""


@fact
def instrumentation(
    api: Api, project: PythonProject, uses: Uses, commands: RunCommands, containers: Containers, snapshot: Snapshot
) -> Instrumentation:
    """The metrics of own code; exposed ones only where the repository has a web application."""
    defined = [call.evidence for call in uses.calls("metrics.defines") if api.runs(call)]
    serves = bool(
        api.live or api.applications or uses.calls(*INTERFACES, "metrics.carried", "metrics.servers", live=True)
    )
    exposed = [counts(place) for place in exposing(api, project, uses)] if serves else []
    exposed += by_command(commands, containers, uses, snapshot) if serves else []
    given_out = any(trace.strong for trace in exposed)
    measured = [*exposed, *(counts(place) if given_out else half(place, NOT_GIVEN_OUT) for place in defined)]
    measured += [
        half(call.evidence, why_idle(call))
        for call in uses.calls("metrics.defines", "metrics.exposes", live=False)
        if not api.runs(call)
    ]
    measured += [half(place, OWN_FIGURE) for place in own_figures(api, uses)]
    imported = [
        half(statement.evidence, IMPORTED)
        for statement in project.imports(*uses.names.listed("metrics.defines", "modules"))
        if statement.live and any(statement.path == file.path for file in project.of(*CODE))
    ]
    return Instrumentation(strong_first([*measured, *imported]), strong_first(measured))


def exposing(api: Api, project: PythonProject, uses: Uses) -> Iterator[Place]:
    """Where metrics are given out: by an endpoint, a server of their own, or an exporter."""
    mounted = [call for call in project.calls(*MOUNTS) if api.runs(call)]
    for call in uses.calls("metrics.exposes", "metrics.exports"):
        if api.runs(call):
            yield call.evidence
    for call in uses.calls("metrics.mounted") if mounted else ():
        if api.runs(call):
            yield call.evidence
    for call in uses.calls("metrics.carried", live=True):  # the server has an endpoint for them by itself
        told = call.keyword("metrics")
        enabled = told.get("enabled") if told is not None else None
        if uses.calls("metrics.defines", live=True) and (enabled is None or enabled.literal is not False):
            yield call.evidence
    for call in api.calls:
        if uses.is_a(call, "metrics.renders"):
            yield call.evidence
    for call in mounted:  # app.add_route("/metrics", handle_metrics): the function is handed over
        if uses.names.are(call.handed, "metrics.handles"):
            yield call.evidence


def by_command(commands: RunCommands, containers: Containers, uses: Uses, snapshot: Snapshot) -> Iterator[Trace]:
    """Commands, those of Compose's services included, that start the application under an agent which measures it."""
    agents = uses.names.listed("metrics.starts", "commands")
    found = [(one.evidence, one.runs(AGENT)) for one in commands.running(*agents) if one.live and one.origin != "docs"]
    for one in commands.running(*SERVERS):
        if (
            one.live
            and one.origin != "docs"
            and any(w.startswith("--statsd-host") for c in one.command.calls for w in c)
        ):
            found.append((one.evidence, False))
    for service in containers.services:
        for command in parse_commands(service.command, path=service.path, line=service.line):
            if command.runs(*agents):
                found.append((command.evidence, command.runs(AGENT)))
    for place, silent in found:
        told = not silent or EXPORTING.search(snapshot.text(place.path) or "") is not None
        yield counts(place) if told else half(place, BY_COMMAND)


def own_figures(api: Api, uses: Uses) -> Iterator[Place]:
    """Figures without a metrics library: psutil, timers around every request, a route that gives out own numbers."""
    interfaces = {call.path for call in uses.calls(*INTERFACES, live=True)}
    shown = [call for call in uses.calls("metrics.machine", live=True) if call.path in interfaces]
    for call in (*api.calls, *shown):
        if uses.is_a(call, "metrics.machine"):
            yield call.evidence
    for endpoint in api.middleware:
        if endpoint.live and any(
            name.startswith(("time.", "timeit.")) for call in endpoint.calls for name in call.names
        ):
            yield endpoint.evidence
    for endpoint in api.live:
        given = [value for handler in endpoint.route.handlers for value in handler.returns]
        gives = any(not value.known or "{}" in (value.string or "") for value in given)
        if (
            endpoint.route.url
            and METRICS_URL.fullmatch(endpoint.route.url.lower())
            and gives
            and not gives_scores(endpoint)
            and not endpoint.inference
        ):
            yield endpoint.evidence


def gives_scores(endpoint: Endpoint) -> bool:
    """Whether a route gives out scores of the model and no figure of the application, by the names of what it gives."""
    handlers = {handler.qualname for handler in endpoint.route.handlers}
    named = [str(key.literal) for h in endpoint.route.handlers for value in h.returns for key in value.keys]
    named += [name for call in endpoint.calls if call.scope in handlers for name, _ in call.keywords]
    said = " ".join(named).replace("_", " ")
    return SCORES.search(said) is not None and not OF_THE_SYSTEM.search(said)
