"""M19: continuous machine learning."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.automation.change_triggers import ChangeTriggers


@rule("M19.data_trigger")
def workflow_on_data_change(triggers: ChangeTriggers) -> Iterator[Part]:
    """A workflow runs by itself when data changes, and does something with it.

    Accepted: a path filter on data (`.dvc` files, `dvc.lock`, a committed data folder), for the workflow, a job or a step, or an
    event of a bucket (repository_dispatch, a Cloud Function on uploads), with jobs that pull, load, test, describe or train.
    Half of it: a filter that lets other changes through, too (code or configuration beside the data; the workflow itself, DVC's
    settings and dependency files aside); a workflow of its own for data that fetches it on every push; a start by hand or by a
    clock; a filter that nothing can match (the folder is git-ignored or missing); a job that is disabled, or that does nothing
    with the data (it lists names, or runs tests on made-up data).
    Does not count: a filter on the code for data; an ordinary workflow that runs on every push; a start by hand where nothing
    but words would be printed.
    To settle it: show a run that a change of data started.
    """
    yield part(
        "workflow on data",
        triggers.data,
        looked_for="a live workflow with a path filter on data or an event of a bucket, which does something with the data",
    )


@rule("M19.registry_trigger")
def workflow_on_registry_change(triggers: ChangeTriggers) -> Iterator[Part]:
    """A workflow runs by itself when a model is registered or promoted, and does something with the model.

    Accepted: repository_dispatch from the registry's webhook (Weights & Biases, MLflow, a bucket of models) or a path filter
    on stored models, with jobs that fetch, test, promote or deploy the model.
    Half of it: a start by hand or by a clock only; a trigger that cannot fire; a job that does nothing with the model (it echoes
    or lists names); a test of the registered model that no trigger starts.
    Does not count: models that training registers; a filter on the code of models; a registry of images.
    To settle it: show a run that the registry started, and the webhook's settings.
    """
    yield part(
        "workflow on the model registry",
        triggers.registry,
        looked_for="a live workflow with an event of the registry or a path filter on stored models, which does "
        "something with the model",
    )
