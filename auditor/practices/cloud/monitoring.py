"""Monitoring of the application in the cloud, and alerts.

Sources: Cloud Monitoring documentation, `Dashboard`, `AlertPolicy`, `ServiceLevelObjective`, "Managed Service for Prometheus"
("Cloud Run sidecar", "Managed rule evaluation"); the Google provider in Terraform's registry; documentation of
google-cloud-logging, google-cloud-monitoring and OpenTelemetry's exporters; Prometheus, Alertmanager and Grafana documentation.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import seen
from auditor.facts.containers import Containers
from auditor.facts.python import CODE, PythonProject
from auditor.facts.terraform import Terraform
from auditor.formats.yaml_lines import YamlMap
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.commands import RunCommands
from auditor.practices.cloud.manifests import Manifest, Manifests
from auditor.practices.code.model import ModelCode
from auditor.practices.kind_traces import Trace, strong_first
from auditor.records import Record

GOOGLE_PROMETHEUS = "monitoring.googleapis.com"
SCRAPED = (
    "PodMonitoring",
    "ClusterPodMonitoring",
    "RunMonitoring",
    "NodeMonitoring",
    "ClusterNodeMonitoring",
    "OperatorConfig",
)
RULES = ("Rules", "ClusterRules", "GlobalRules")
COLLECTOR = pattern(
    r"run-gmp|gmp-sidecar|prometheus-engine|cloud-ops-agents|ops-agent|opentelemetry-operations|opentelemetry-collector|otelcol|stackdriver"
)
"""Images of collectors that stand beside the application's container."""
SELF_HOSTED = pattern(r"(^|/)(prom/|prometheus|grafana|alertmanager|opentelemetry-collector)|otel/|victoria-?metrics")
LAYOUTS = ("mosaicLayout", "gridLayout", "rowLayout", "columnLayout")
CONDITIONS = (
    "conditionThreshold", "conditionAbsent", "conditionMatchedLog", "conditionMonitoringQueryLanguage",
    "conditionPrometheusQueryLanguage", "conditionSql",
)  # fmt: skip
"""Conditions of an alert policy; snake case in files for client libraries."""
EXPORTERS = ("googlemanagedprometheus", "googlecloud", "stackdriver", "googlecloudpubsub")
"""Exporters of the OpenTelemetry collector that send to Google Cloud."""

COMMANDS = (
    "gcloud monitoring dashboards create", "gcloud monitoring dashboards update", "gcloud monitoring uptime create",
    "gcloud monitoring uptime update", "gcloud logging metrics create", "gcloud monitoring services create",
)  # fmt: skip
LOOKS = (
    "gcloud logging read",
    "gcloud logging tail",
    "gcloud run services logs",
    "gcloud monitoring dashboards list",
    "gcloud functions logs",
)
"""Commands that look at what the platform records by itself."""
ALERT_COMMANDS = (
    "gcloud monitoring policies create",
    "gcloud monitoring policies update",
    "gcloud monitoring policies migrate",
)
HALF_ALERTS = ("gcloud monitoring channels create", "gcloud monitoring policies list")

CLIENTS = (
    "google.cloud.logging*.Client().*", "google.cloud.logging*.handlers*.*Handler", "google.cloud.logging*.handlers.setup_logging",
    "google.cloud.logging_v2*.*Client().*", "google.cloud.monitoring_v3*.*Client", "google.cloud.monitoring_v3*.*Client().*",
    "google.cloud.monitoring_dashboard*.*Client().*", "google.cloud.error_reporting.Client", "google.cloud.error_reporting.Client().*",
    "google.cloud.trace*.*Client().*", "opentelemetry.exporter.cloud_monitoring*.*", "opentelemetry.exporter.cloud_trace*.*",
    "opentelemetry.exporter.gcp*.*", "opencensus.ext.stackdriver*.*", "google.cloud.monitoring*.MetricServiceClient*",
    "google.cloud.monitoring.*Client", "google.cloud.monitoring.*Client().*",
)  # fmt: skip
ALERT_CLIENTS = (
    "google.cloud.monitoring*.AlertPolicyServiceClient().create_alert_policy",
    "google.cloud.monitoring*.AlertPolicyServiceClient().update_alert_policy",
)
HALF_ALERT_CLIENTS = (
    "google.cloud.monitoring*.AlertPolicyServiceClient*",
    "google.cloud.monitoring*.NotificationChannelServiceClient*",
    "google.cloud.monitoring*.AlertPolicy",
)


class CloudMonitoring(Record):
    """Traces of monitoring and of alerts, strong ones first.

    Monitoring that the group runs itself (Prometheus or Grafana in containers) is weak: it is not the cloud's.
    """

    monitoring: tuple[Trace, ...] = ()
    alerts: tuple[Trace, ...] = ()


@fact
def read_cloud_monitoring(
    commands: RunCommands,
    manifests: Manifests,
    containers: Containers,
    terraform: Terraform,
    project: PythonProject,
    model: ModelCode,
) -> CloudMonitoring:
    """All traces of monitoring and alerts. An alert of Cloud Monitoring is monitoring, too."""
    alerts = strong_first(
        [*alert_files(manifests), *alert_commands(commands), *alert_terraform(terraform), *alert_calls(project)]
    )
    monitoring = [
        *monitoring_files(manifests),
        *self_hosted(containers),
        *monitoring_commands(commands),
        *monitoring_terraform(terraform),
        *monitoring_calls(project, model),
        *alerts,
    ]
    return CloudMonitoring(strong_first(monitoring), alerts)


def monitoring_files(manifests: Manifests) -> Iterator[Trace]:
    """Collectors beside the application, Managed Prometheus, dashboards, objectives, and configuration of Prometheus."""
    for manifest in manifests.all:
        root = manifest.root
        if manifest.api == GOOGLE_PROMETHEUS and manifest.kind in (*SCRAPED, *RULES):
            yield Trace("Managed Prometheus", manifest.at(root, "kind"))
        elif manifest.api == "monitoring.coreos.com":
            yield Trace("Prometheus operator", manifest.at(root, "kind"), False)
        elif manifest.api:
            for image, line in manifest.images:
                if COLLECTOR.search(image):
                    yield Trace("sidecar", seen(manifest.path, line, f"image: {image}"))
        if layout := next((key for key in LAYOUTS if key in root), None):
            yield Trace("dashboard", manifest.at(root, layout, f"dashboard {root.text_of('displayName')}"))
        if "serviceLevelIndicator" in root or ("httpCheck" in root and "monitoredResource" in root):
            yield Trace("service level objective or uptime check", manifest.at(root, "displayName"))
        exporters = root.map_at("exporters")
        if google := next((key for key in exporters if key.partition("/")[0] in EXPORTERS), None):
            yield Trace("collector", manifest.at(exporters, google))
        if "scrape_configs" in root:
            yield Trace("Prometheus", manifest.at(root, "scrape_configs"), False)
        if "panels" in root and (manifest.has("templating") or manifest.has("schemaVersion")):
            google_data = any(m.text_of("type") == "stackdriver" for m in manifest.maps())
            yield Trace(
                "Grafana dashboard", manifest.at(root, "panels", f"dashboard {root.text_of('title')}"), google_data
            )


def self_hosted(containers: Containers) -> Iterator[Trace]:
    """Prometheus, Grafana and the like in Compose files."""
    for service in containers.services:
        if SELF_HOSTED.search(service.image):
            yield Trace("self-hosted", service.evidence, False)
        elif COLLECTOR.search(service.image):
            yield Trace("collector", service.evidence, False)


def monitoring_commands(commands: RunCommands) -> Iterator[Trace]:
    """Commands that set monitoring up, or look at it."""
    for one in commands.running(*COMMANDS):
        name = next(name for name in COMMANDS if one.runs(name))
        yield Trace("command", one.evidence, one.live and one.concrete(name))
    for one in commands.running("gcloud container clusters"):
        if "--enable-managed-prometheus" in one.command.words:
            yield Trace("command", one.evidence, one.live)
    for one in commands.running(*LOOKS):
        yield Trace("a look at the platform's records", one.evidence, False)


def monitoring_terraform(terraform: Terraform) -> Iterator[Trace]:
    """Terraform's monitoring and logging resources, alerts aside."""
    for block in terraform.resources("google_monitoring_*", "google_logging_metric"):
        if block.labels[0] not in ("google_monitoring_alert_policy", "google_monitoring_notification_channel"):
            yield Trace("Terraform", block.evidence, block.live)


def monitoring_calls(project: PythonProject, model: ModelCode) -> Iterator[Trace]:
    """Clients of logging and monitoring; in a training script they do not watch the application."""
    training = {evidence.path for evidence in model.training}
    for call in project.calls(*CLIENTS, roles=CODE):
        alerting = any("AlertPolicy" in name or "NotificationChannel" in name for name in call.names)
        if not alerting:
            strong = call.live and not call.only_tests and call.path not in training
            yield Trace("client library", call.evidence, strong)


def alert_files(manifests: Manifests) -> Iterator[Trace]:
    """Alert policies of Cloud Monitoring, alerting rules of Managed Prometheus, and those of a Prometheus of their own."""
    for manifest in manifests.all:
        for policy in policies(manifest):
            yield Trace("alert policy", manifest.at(policy, "conditions", f"alert policy {name_of(policy)}"))
        rules = [rule for mapping in manifest.maps() for rule in mapping.list_at("rules").maps() if "alert" in rule]
        if rules:
            managed = manifest.api == GOOGLE_PROMETHEUS and manifest.kind in RULES
            yield Trace("alerting rule", manifest.at(rules[0], "alert"), managed)
        if manifest.has("route", "receivers"):
            yield Trace("Alertmanager", manifest.at(manifest.root, "receivers"), False)


def policies(manifest: Manifest) -> Iterator[YamlMap]:
    """The mappings of a document that are alert policies."""
    for mapping in manifest.maps():
        if any(is_condition(condition) for condition in mapping.list_at("conditions").maps()):
            yield mapping


def is_condition(condition: YamlMap) -> bool:
    """Whether a mapping is a condition of an alert policy, in camel or snake case."""
    return any(key.replace("_", "").lower() in {name.lower() for name in CONDITIONS} for key in condition)


def name_of(policy: YamlMap) -> str:
    """The name that a policy is shown under."""
    return policy.text_of("displayName") or policy.text_of("display_name")


def alert_commands(commands: RunCommands) -> Iterator[Trace]:
    """Commands that create alert policies; a channel alone alerts nobody."""
    for one in commands.running(*ALERT_COMMANDS):
        name = next(name for name in ALERT_COMMANDS if one.runs(name))
        yield Trace("command", one.evidence, one.live and one.concrete(name))
    for one in commands.running(*HALF_ALERTS):
        yield Trace("command", one.evidence, False)


def alert_terraform(terraform: Terraform) -> Iterator[Trace]:
    """Terraform's alert policies; a channel alone alerts nobody."""
    for block in terraform.resources("google_monitoring_alert_policy", "google_monitoring_notification_channel"):
        yield Trace("Terraform", block.evidence, block.live and block.labels[0].endswith("alert_policy"))


def alert_calls(project: PythonProject) -> Iterator[Trace]:
    """Client libraries that create alert policies."""
    for call in project.calls(*ALERT_CLIENTS, roles=CODE):
        yield Trace("client library", call.evidence, call.live and not call.only_tests)
    for call in project.calls(*HALF_ALERT_CLIENTS, roles=CODE, live=True):
        yield Trace("client library", call.evidence, False)
