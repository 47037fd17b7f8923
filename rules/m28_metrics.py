"""M28: metrics of the application, and monitoring of the model's performance."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, half, part
from auditor.practices.api.collection import Collection
from auditor.practices.monitoring.drift import Drift
from auditor.practices.monitoring.metrics import Instrumentation
from auditor.practices.monitoring.performance import OFFLINE, ModelPerformance


@rule("M28.metrics", net="metrics")
def system_metrics(instrumentation: Instrumentation) -> Iterator[Part]:
    """The API is instrumented with system metrics and gives them out.

    Accepted: metrics of prometheus_client, an instrumentator or exporter, OpenTelemetry or Cloud Monitoring, with an endpoint, a
    mounted application, a server of their own or an exporter; an agent that starts the application and is told where its metrics go.
    Half of it: metrics that nothing gives out; a library that is imported; own counters, timers or psutil figures, also in a
    Streamlit or Gradio application.
    Does not count: a declared dependency; scores of the model.
    To settle it: show what the metrics endpoint answers.
    """
    yield part(
        "exposed metrics",
        instrumentation.traces,
        looked_for="metrics of Prometheus, an instrumentator, OpenTelemetry or Cloud Monitoring that the API gives out",
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
    of_answers = bool(drift.served) or collection.complete
    checks = [one if not one.strong or of_answers else half(one.place, OFFLINE) for one in drift.comparisons]
    metrics = [
        half(call.evidence, "it counts predictions, which tells nothing of their quality")
        for call in collection.measured
    ]
    yield part(
        "performance monitoring",
        [*checks, *performance.traces, *metrics],
        looked_for="drift detection, scores or estimates on what the deployed application was asked and answered",
    )
