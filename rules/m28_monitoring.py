"""M28: monitoring in the cloud, alerts, and the older editions' telemetry."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.cloud import CloudMonitoring
from auditor.practices.monitoring.metrics import Instrumentation


@rule("M28.monitoring")
def cloud_monitoring(cloud: CloudMonitoring) -> Iterator[Part]:
    """The application is monitored in the cloud.

    Accepted: a collector beside the service, Managed Prometheus, dashboards, uptime checks or alert policies of Cloud Monitoring
    as files, commands or Terraform, a client of cloud logging or cloud monitoring in the application's code.
    Half of it: Prometheus or Grafana that the group runs itself; a client that only training uses; or the report alone, with
    specifics.
    Does not count: a dependency; logging of the standard library; monitors of a training run.
    Cannot be told: nothing of it, since it can be set up in the console.
    To settle it: show the dashboard.
    """
    yield part(
        "cloud monitoring",
        cloud.monitoring,
        looked_for="a collector beside the service, Managed Prometheus, dashboards, Terraform, or a client of cloud logging or "
        "monitoring in the application",
    )


@rule("M28.alerts")
def cloud_alerts(cloud: CloudMonitoring) -> Iterator[Part]:
    """Google Cloud alerts the group when the application misbehaves.

    Accepted: an alert policy as a file, command or Terraform, one made by the client library, or alerting rules of Managed
    Prometheus.
    Half of it: a notification channel alone; alerting rules of a Prometheus that the group runs itself; or the report alone,
    with specifics.
    Does not count: alerts of an experiment tracker; a dependency; the word in the code.
    Cannot be told: nothing of it, since it can be set up in the console.
    To settle it: show the policy.
    """
    yield part(
        "alert",
        cloud.alerts,
        looked_for="an alert policy (file, gcloud command, Terraform, client library) or alerting rules of Managed Prometheus",
    )


@rule("M28.telemetry")
def system_telemetry(instrumentation: Instrumentation, cloud: CloudMonitoring) -> Iterator[Part]:
    """The system telemetry of the deployed model is monitored.

    Accepted: what is accepted for metrics of the API (M28.metrics) or for cloud monitoring (M28.monitoring).
    Half of it: metrics that nothing gives out; monitoring that the group runs itself; or the report alone, with specifics.
    Cannot be told: nothing of it, since it can be set up in the console.
    To settle it: show the dashboard, or what the metrics endpoint answers.
    """
    yield part(
        "telemetry",
        [*instrumentation.measured, *cloud.monitoring],
        looked_for="metrics that the API gives out, a collector, dashboards, or a client of cloud logging or monitoring",
    )
