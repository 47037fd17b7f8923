"""M27: data drift."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.api.collection import Collection
from auditor.practices.frontend import Frontend
from auditor.practices.monitoring.drift import Drift
from auditor.practices.monitoring.drift_service import DriftService


@rule("M27.drift", net="drift")
def drift_checked(drift: Drift) -> Iterator[Part]:
    """It was checked how the data, or the model on it, changes.

    Accepted: a drift detector (Evidently, Alibi Detect, NannyML, Vertex AI's model monitoring, ...), a statistical test of two
    samples, an own comparison of reference and current data, or a model that tells them apart; an own experiment that runs the
    model on data that were shifted or disturbed on purpose and compares scores; in the application, a script, a test or a notebook.
    Half of it: the report alone tells of results; a committed result without the code; a declared library; code that nothing
    runs; data that were disturbed on purpose, without a comparison.
    To settle it: show the comparison and what came out of it.
    """
    yield part(
        "drift check",
        drift.traces,
        looked_for="a drift detector, a statistical test of two samples, or an own comparison of reference and current data",
    )


@rule("M27.collection", net="collection")
def input_output_collection(collection: Collection, frontend: Frontend) -> Iterator[Part]:
    """The deployed application stores what it is asked and what it answers.

    Accepted: code of the application, a background task, a dependency or a middleware that writes both to a file, a database, a
    bucket, a queue, or a structured log; a tracer that records what a function of the application is given and gives back
    (W&B Weave, MLflow); the platform's own recording of what is asked and answered (Vertex AI, SageMaker). Features that are
    computed from the request's content (statistics of an image, an embedding, the length of a text) count as the request.
    Half of it: only the request or only the prediction; of the request only its name, type, size, hash or address; a log line
    of free text; storing in the frontend or another client; code that nothing runs.
    Does not count: counters and metrics; log lines without content; predictions of an offline evaluation; a temporary file.
    To settle it: show the line that stores both, and a stored example.
    """
    yield part(
        "stored requests and predictions",
        [*collection.traces, *frontend.stores],
        looked_for="code of the application that stores both the request and the prediction",
    )


@rule("M27.drift_api")
def drift_service(service: DriftService) -> Iterator[Part]:
    """A service in the cloud detects drift.

    Accepted: an endpoint (FastAPI, Flask, a cloud function) that leads to a drift check, and a trace of its deployment: a
    deploy command or workflow step, a service file, Terraform, or its address.
    Half of it: the endpoint without a trace, or with traces of other services only; the report documents it with specifics.
    Does not count: a script; a deployed application without drift detection.
    To settle it: show the address of the endpoint, or the command that deployed it.
    """
    yield part("endpoint", service.endpoints, looked_for="a route or function that leads to a drift check")
    yield part(
        "deployment", service.deployed, looked_for="a trace of the deployment of the application with that endpoint"
    )
