"""Monitoring of the application in the cloud, and alerts.

Sources: Cloud Monitoring documentation, `Dashboard`, `AlertPolicy`, `ServiceLevelObjective`, "Managed Service for Prometheus"
("Cloud Run sidecar", "Managed rule evaluation"); the Google provider in Terraform's registry; documentation of
google-cloud-logging, google-cloud-monitoring and OpenTelemetry's exporters; Prometheus, Alertmanager and Grafana documentation.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Trace, counts, half, seen, strong_first, weighed
from auditor.facts.containers import Containers
from auditor.facts.python import CODE, PythonProject
from auditor.formats.yaml_lines import YamlMap
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.cloud.manifests import Manifest, Manifests
from auditor.practices.cloud.resources import Resources
from auditor.practices.code.model import ModelCode
from auditor.practices.traces import why_idle
from auditor.practices.uses import Uses
from auditor.records import Record

GOOGLE_PROMETHEUS = "monitoring.googleapis.com"
SCRAPED = tuple(
    """PodMonitoring ClusterPodMonitoring RunMonitoring NodeMonitoring ClusterNodeMonitoring OperatorConfig""".split()
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

NOT_THE_CLOUDS = "the group runs it itself, it is not the cloud's"
ANOTHER = "it is another provider's monitoring"
OF_TRAINING = "a training script uses it, not the application"
RECORDS = "it looks at what the platform records by itself"
CHANNEL = "it alerts nobody by itself, or tells of cost alone"
OWN_DATA = "its panels show data of the group's own Prometheus"


class CloudMonitoring(Record):
    """Traces of monitoring and of alerts.

    Monitoring that the group runs itself (Prometheus or Grafana in containers) counts by half: it is not the cloud's.
    """

    monitoring: tuple[Trace, ...] = ()
    alerts: tuple[Trace, ...] = ()


@fact
def read_cloud_monitoring(
    resources: Resources,
    manifests: Manifests,
    containers: Containers,
    project: PythonProject,
    uses: Uses,
    model: ModelCode,
) -> CloudMonitoring:
    """All traces of monitoring and alerts. An alert of Cloud Monitoring is monitoring, too."""
    alerts = strong_first(
        [
            *alert_files(manifests),
            *resources.traces("cloud.alert_policy"),
            *over_http(project, "alertPolicies"),
            *(half(one.place, CHANNEL) for one in resources.traces("cloud.alert_channel")),
        ]
    )
    monitoring = [
        *monitoring_files(manifests),
        *self_hosted(containers),
        *resources.traces("cloud.dashboard"),
        *over_http(project, "dashboards", "uptimeCheckConfigs", "timeSeries", "metricDescriptors"),
        *monitoring_commands(resources),
        *monitoring_calls(uses, model),
        *alerts,
    ]
    return CloudMonitoring(strong_first(monitoring), alerts)


def monitoring_files(manifests: Manifests) -> Iterator[Trace]:
    """Collectors beside the application, Managed Prometheus, dashboards, objectives, and configuration of Prometheus."""
    for manifest in manifests.all:
        root = manifest.root
        if manifest.api == GOOGLE_PROMETHEUS and manifest.kind in (*SCRAPED, *RULES):
            yield counts(manifest.at(root, "kind"))
        elif manifest.api == "monitoring.coreos.com":
            yield half(manifest.at(root, "kind"), NOT_THE_CLOUDS)
        elif manifest.api:
            for image, line in manifest.images:
                if COLLECTOR.search(image):
                    yield counts(seen(manifest.path, line, f"image: {image}"))
        if layout := next((key for key in LAYOUTS if key in root), None):
            yield counts(manifest.at(root, layout, f"dashboard {root.text_of('displayName')}"))
        if "serviceLevelIndicator" in root or ("httpCheck" in root and "monitoredResource" in root):
            yield counts(manifest.at(root, "displayName"))
        exporters = root.map_at("exporters")
        if google := next((key for key in exporters if key.partition("/")[0] in EXPORTERS), None):
            yield counts(manifest.at(exporters, google))
        if "scrape_configs" in root:
            yield half(manifest.at(root, "scrape_configs"), NOT_THE_CLOUDS)
        if "panels" in root and (manifest.has("templating") or manifest.has("schemaVersion")):
            google_data = any(m.text_of("type") == "stackdriver" for m in manifest.maps())
            place = manifest.at(root, "panels", f"dashboard {root.text_of('title')}")
            yield counts(place) if google_data else half(place, OWN_DATA)
        if source := next((m for m in root.list_at("datasources").maps() if m.text_of("type") == "stackdriver"), None):
            yield counts(manifest.at(source, "type"))


def self_hosted(containers: Containers) -> Iterator[Trace]:
    """Prometheus, Grafana and the like in Compose files."""
    for service in containers.services:
        if SELF_HOSTED.search(service.image) or COLLECTOR.search(service.image):
            yield half(service.evidence, NOT_THE_CLOUDS)


def monitoring_commands(resources: Resources) -> Iterator[Trace]:
    """Commands that switch monitoring on, or look at it."""
    for one in resources.commands.running("gcloud container clusters"):
        if "--enable-managed-prometheus" in one.command.words:
            yield one.trace
    for one, _, _ in resources.commanded("cloud.records_looked_at"):
        yield half(one.evidence, RECORDS)


def monitoring_calls(uses: Uses, model: ModelCode) -> Iterator[Trace]:
    """Clients of logging and monitoring; in a training script they do not watch the application."""
    training = {evidence.path for evidence in model.training}
    for call in uses.calls("cloud.watching"):
        if not any("AlertPolicy" in name or "NotificationChannel" in name for name in call.names):
            why = why_idle(call) or (OF_TRAINING if call.path in training else "")
            yield weighed(call.evidence, why)
    yield from (
        half(call.evidence, ANOTHER)
        for call in uses.calls("cloud.watching_elsewhere", live=True)
        if call.path not in training
    )


def over_http(project: PythonProject, *collections: str) -> Iterator[Trace]:
    """Calls that hand one of Cloud Monitoring's collections to a request, in a file that has the interface's address."""
    addressed = {text.path for text in project.texts(roles=CODE) if "monitoring.googleapis.com/v" in text.value}
    for text in project.texts(*(f"*{name}*" for name in collections), roles=CODE):
        if text.path in addressed:
            why = why_idle(text)
            yield weighed(text.evidence, why)


def alert_files(manifests: Manifests) -> Iterator[Trace]:
    """Alert policies of Cloud Monitoring, alerting rules of Managed Prometheus, and those of a Prometheus of their own."""
    for manifest in manifests.all:
        for policy in policies(manifest):
            yield counts(manifest.at(policy, "conditions", f"alert policy {name_of(policy)}"))
        rules = [rule for mapping in manifest.maps() for rule in mapping.list_at("rules").maps() if "alert" in rule]
        if rules:
            managed = manifest.api == GOOGLE_PROMETHEUS and manifest.kind in RULES
            place = manifest.at(rules[0], "alert")
            yield counts(place) if managed else half(place, NOT_THE_CLOUDS)
        if manifest.has("route", "receivers"):
            yield half(manifest.at(manifest.root, "receivers"), NOT_THE_CLOUDS)


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
