"""M28: metrics of the application, and monitoring of the model's performance."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.api.collection import Collection
from auditor.practices.monitoring.drift import Drift
from auditor.practices.monitoring.metrics import Instrumentation
from auditor.practices.monitoring.performance import ModelPerformance


@rule("M28.metrics", net="metrics")
def system_metrics(instrumentation: Instrumentation) -> Iterator[Part]:
    """The API is instrumented with system metrics and gives them out.

    Accepted: metrics of prometheus_client, an instrumentator or exporter, OpenTelemetry or Cloud Monitoring, with an endpoint, a
    mounted application, a server of their own or an exporter.
    Half of it: metrics that nothing gives out; a library that is imported; own counters, timers or psutil figures.
    Does not count: a declared dependency; scores of the model.
    To settle it: show what the metrics endpoint answers.
    """
    yield part(
        "exposed metrics",
        strong=[*instrumentation.exposed, *(instrumentation.defined if instrumentation.exposed else ())],
        weak=[*instrumentation.defined, *instrumentation.own, *instrumentation.imported],
        looked_for="metrics of Prometheus, an instrumentator, OpenTelemetry or Cloud Monitoring that the API gives out",
        remark="nothing gives metrics of a library out",
    )


@rule("M28.performance")
def performance_monitoring(drift: Drift, performance: ModelPerformance, collection: Collection) -> Iterator[Part]:
    """The performance of the deployed model is monitored.

    Accepted: code that computes drift, scores or estimates of what the deployed application was asked and answered: behind an
    endpoint, beside an application that stores both, or from stored predictions.
    Half of it: the same on other data; metrics of what was predicted; the report documents it with specifics.
    Cannot be told: nothing of it in the repository.
    To settle it: show the code or the page that follows the model's performance.
    """
    on_answers = drift.checks if drift.served or collection.complete else ()
    yield part(
        "performance monitoring",
        strong=[*on_answers, *performance.checks],
        weak=[*drift.checks, *drift.dead, *performance.weak, *(call.evidence for call in collection.measured)],
        looked_for="drift detection, scores or estimates on what the deployed application was asked and answered",
        remark="nothing shows that it is about what the deployed application answered, or it is no measure of its quality",
    )
