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

    Accepted: a drift detector (Evidently, Alibi Detect, NannyML, ...), a statistical test of two samples, or an own comparison
    of reference and current data; in the application, a script, a test or a notebook.
    Half of it: the report alone tells of results; a committed result without the code; a declared library; code that nothing
    runs; the model on data that was disturbed on purpose.
    To settle it: show the comparison and what came out of it.
    """
    yield part(
        "drift check",
        strong=drift.checks,
        weak=[*drift.dead, *drift.robustness, *drift.results, *drift.showing, *drift.dependencies],
        looked_for="a drift detector, a statistical test of two samples, or an own comparison of reference and current data",
        remark="no live comparison of reference and current data",
    )


@rule("M27.collection", net="collection")
def input_output_collection(collection: Collection, frontend: Frontend) -> Iterator[Part]:
    """The deployed application stores what it is asked and what it answers.

    Accepted: code of the application, a background task or a middleware that writes both to a file, a database, a bucket, a
    queue, or a structured log.
    Half of it: only the request or only the prediction; only the name of an uploaded file; a log line of free text; storing
    in the frontend or another client; code that nothing runs.
    Does not count: counters and metrics; log lines without content; predictions of an offline evaluation; a temporary file.
    To settle it: show the line that stores both, and a stored example.
    """
    yield part(
        "stored requests and predictions",
        strong=[one.evidence for one in collection.stored] if collection.complete else (),
        weak=[
            *(one.evidence for one in collection.stored),
            *(one.evidence for one in collection.logged),
            *frontend.stores,
            *(call.evidence for call in collection.dead),
        ],
        looked_for="code of the application that stores both the request and the prediction",
        remark="only one of request and prediction, only in a log or a client, or nothing runs it",
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
    yield part(
        "endpoint",
        strong=[endpoint.evidence for endpoint in service.endpoints],
        weak=service.showing,
        looked_for="a route or function that leads to a drift check",
        remark="it only shows a report that was made elsewhere",
    )
    yield part(
        "deployment",
        strong=service.deployed,
        weak=service.elsewhere,
        looked_for="a trace of the deployment of the application with that endpoint",
        remark="of another service",
    )
