"""Training in Google Cloud beside its services for jobs: in a notebook on Vertex AI Workbench, in Cloud Build, in BigQuery.

Sources: Vertex AI Workbench documentation (the `environment` in a notebook's metadata); Cloud Build, "Build configuration file schema";
BigQuery ML, "The CREATE MODEL statement".
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from auditor.evidence import Trace, counts, half, seen
from auditor.facts.containers import Containers
from auditor.facts.python import CODE, PythonProject
from auditor.patterns import pattern
from auditor.practices.cloud.training_words import TRAINS
from auditor.practices.code.model import ModelCode
from auditor.practices.traces import why_idle
from auditor.repository.snapshot import Snapshot

IN_CLOUD_BUILD = "it trains in Cloud Build, by neither Compute Engine nor Vertex AI"
IN_BIGQUERY = "BigQuery trains it, and neither Compute Engine nor Vertex AI does"
MAKES_MODEL = pattern(r"(?i)\bcreate\s+(or\s+replace\s+)?model\b")
NO_TRAINING = frozenset({"docker", "gcloud", "gsutil", "bash", "sh", "echo", "kaniko", "git", "pip"})
MAX_SQL = 100


def beside(snapshot: Snapshot, containers: Containers, project: PythonProject, model: ModelCode) -> Iterator[Trace]:
    """Traces of training beside the services for jobs."""
    for path in dict.fromkeys(place.path for place in model.training):
        if path.endswith(".ipynb") and is_workbench(snapshot.text(path) or ""):
            yield counts(seen(path, None, "a notebook that ran on Vertex AI Workbench, by its metadata"))
    for build in containers.cloud_builds:
        for step in build.steps:
            for command in step.commands:
                if command.program not in NO_TRAINING and TRAINS.search(command.text):
                    yield half(command.evidence, IN_CLOUD_BUILD)
    for path in snapshot.named("*.sql")[:MAX_SQL]:
        text = snapshot.text(path) or ""
        if found := MAKES_MODEL.search(text):
            yield half(seen(path, text.count("\n", 0, found.start()) + 1, found[0]), IN_BIGQUERY)
    if project.imports("google.cloud.bigquery", "bigframes"):
        for string in project.texts(roles=CODE):
            if "odel" in string.value.lower() and MAKES_MODEL.search(string.value[:2_000]):
                yield half(string.evidence, why_idle(string) or IN_BIGQUERY)


def is_workbench(text: str) -> bool:
    """Whether a notebook's metadata say that a machine of Google Cloud ran it."""
    if '"gcloud"' not in text:
        return False
    try:
        metadata = json.loads(text).get("metadata", {})
        return bool(metadata.get("environment", {}).get("type") == "gcloud")
    except (ValueError, AttributeError, RecursionError):
        return False
