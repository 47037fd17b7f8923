"""How a web application is instrumented: metrics that are defined, and where they are given out.

Sources: documentation of prometheus_client ("Exporting"), prometheus-fastapi-instrumentator, starlette-exporter,
prometheus-flask-exporter, OpenTelemetry ("Metrics", Python), the Cloud Monitoring client and BentoML ("Observability").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place
from auditor.facts.python import CODE, Call, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.api import Api
from auditor.records import Record

PACKAGES = (
    "prometheus_client", "prometheus_fastapi_instrumentator", "starlette_exporter", "starlette_prometheus", "aioprometheus",
    "prometheus_flask_exporter", "django_prometheus", "opentelemetry", "google.cloud.monitoring_v3", "statsd", "datadog",
    "ddtrace", "logfire", "elasticapm", "newrelic", "prometheus_async", "fastapi_prometheus", "starlette_context_metrics",
)  # fmt: skip

DEFINED = pattern(
    r"prometheus_client(\.\w+)*\.(Counter|Gauge|Histogram|Summary|Info|Enum)|bentoml\.metrics\.(Counter|Gauge|Histogram|Summary)|"
    r"opentelemetry.*\.create_(counter|histogram|up_down_counter|observable_\w+|gauge)|aioprometheus(\.\w+)*\.(Counter|Gauge|Histogram|Summary)|"
    r"(statsd|datadog)(\.\w+)*(\(\))?\.(increment|gauge|histogram|timing|incr)"
)
"""Calls that define or count a metric."""

COMPLETE = pattern(
    r"prometheus_fastapi_instrumentator.*\.expose|prometheus_flask_exporter(\.\w+)*\.\w*PrometheusMetrics(\(\)\.\w+)?|"
    r"starlette_(exporter|prometheus)(\.\w+)*\.(handle_metrics|metrics|handle_openmetrics)|prometheus_async\.aio\.web\.\w+|"
    r"logfire\.(instrument_\w+|metric_\w+)|azure\.monitor\.opentelemetry\.configure_azure_monitor|ddtrace\.patch(_all)?|"
    r"newrelic\.agent\.initialize|elasticapm(\.\w+)*\.(ElasticAPM|make_apm_client)|django_prometheus\.\w+|"
    r"google\.cloud\.monitoring_v3(\.\w+)*\(\)\.create_time_series|bentoml\.metrics\.(Counter|Gauge|Histogram|Summary)|"
    r"prometheus_client(\.\w+)*\.(start_http_server|start_wsgi_server|push_to_gateway|pushadd_to_gateway|write_to_textfile)|"
    r"aioprometheus(\.\w+)*\.(MetricsMiddleware|metrics|render)|(statsd|datadog)(\.\w+)*(\(\))?\.(increment|gauge|histogram|timing|incr)"
)
"""Calls that give metrics out by themselves."""

MOUNTED = pattern(r"prometheus_client(\.\w+)*\.(make_asgi_app|make_wsgi_app)")
RENDERED = pattern(
    r"prometheus_client(\.\w+)*\.(generate_latest|exposition\.\w+|multiprocess\.\w+)|prometheus_client\..*generate_latest"
)
EXPORTER = pattern(
    r"opentelemetry\..*(MetricReader|MetricsExporter|MetricExporter|set_meter_provider)|opentelemetry.*\.MeterProvider"
)
MOUNTS = ("*.mount", "*.Mount", "*.add_route", "*DispatcherMiddleware", "*.add_api_route", "*.add_websocket_route")
HANDLED = pattern(
    r"(starlette_exporter|starlette_prometheus|prometheus_client|prometheus_async)(\.\w+)*\.(handle_metrics|metrics|generate_latest|handle_openmetrics)"
)

METRICS_URL = pattern(r"/?(.*/)?(metrics?|stats|statistics|system(-|_)?(info|metrics|stats)?|telemetry)/?")


class Instrumentation(Record):
    """Metrics of web applications."""

    defined: tuple[Place, ...] = ()
    """Live code that defines or counts metrics with a library."""
    exposed: tuple[Place, ...] = ()
    """Live code of an application that gives metrics out."""
    imported: tuple[Place, ...] = ()
    """Imports of such libraries in own code."""
    own: tuple[Place, ...] = ()
    """Counters, timers and system figures of the application's own making."""


@fact
def instrumentation(api: Api, project: PythonProject) -> Instrumentation:
    """The metrics of own code; exposed ones only where the repository has a web application."""
    calls = [call for file in project.of(*CODE) for call in file.calls]
    imported = [
        statement.evidence
        for statement in project.imports(*PACKAGES)
        if statement.live and any(statement.path == file.path for file in project.of(*CODE))
    ]
    defined = [call.evidence for call in calls if api.runs(call) and named(call, DEFINED)]
    serves = bool(api.live or api.applications)
    exposed = tuple(exposing(api, project, calls)) if serves else ()
    return Instrumentation(tuple(defined), exposed, tuple(imported), tuple(own_figures(api, project)))


def named(call: Call, pattern: re.Pattern[str]) -> bool:
    """Whether one of a call's names matches."""
    return any(pattern.fullmatch(name) for name in call.names)


def exposing(api: Api, project: PythonProject, calls: list[Call]) -> Iterator[Place]:
    """Where metrics are given out: by an endpoint, a server of their own, or an exporter."""
    mounted = [call for call in project.calls(*MOUNTS) if api.runs(call)]
    for call in calls:
        if not api.runs(call):
            continue
        if named(call, COMPLETE) or (named(call, MOUNTED) and mounted) or named(call, EXPORTER):
            yield call.evidence
    for call in api.calls:
        if named(call, RENDERED):
            yield call.evidence
    for call in mounted:  # app.add_route("/metrics", handle_metrics): the function is handed over
        values = (*call.args, *(value for _, value in call.keywords))
        if any(HANDLED.fullmatch(name) for value in values for name in value.names):
            yield call.evidence


def own_figures(api: Api, project: PythonProject) -> Iterator[Place]:
    """Figures without a metrics library: psutil, timers around every request, a route that gives out own numbers."""
    for call in api.calls:
        if any(name.startswith(("psutil.", "GPUtil.", "pynvml.", "resource.getrusage")) for name in call.names):
            yield call.evidence
    for endpoint in api.middleware:
        if endpoint.live and any(
            name.startswith(("time.", "timeit.")) for call in endpoint.calls for name in call.names
        ):
            yield endpoint.evidence
    for endpoint in api.live:
        gives = any(not value.known for handler in endpoint.route.handlers for value in handler.returns)
        if (
            endpoint.route.url
            and METRICS_URL.fullmatch(endpoint.route.url.lower())
            and gives
            and not endpoint.inference
        ):
            yield endpoint.evidence
