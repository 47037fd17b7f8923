"""M19: continuous machine learning."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.automation.change_triggers import ChangeTriggers
from auditor.practices.cloud import evidence


@rule("M19.data_trigger")
def workflow_on_data_change(triggers: ChangeTriggers) -> Iterator[Part]:
    """A workflow runs by itself when data changes, and does something with it.

    Accepted: a path filter on data (`.dvc` files, `dvc.lock`, a committed data folder) or an event of a bucket
    (repository_dispatch, a Cloud Function on uploads), with jobs that pull, test, describe or train.
    Half of it: a filter that lets other changes through, too; a workflow on data that every push starts; a start by hand or by
    a clock; a filter that nothing can match
    (the folder is git-ignored or missing); a job that is disabled or does nothing with the data.
    Does not count: a filter on the code for data; an ordinary workflow that runs on every push.
    To settle it: show a run that a change of data started.
    """
    yield part(
        "workflow on data",
        strong=evidence(triggers.data, strong=True),
        weak=evidence(triggers.data, strong=False),
        looked_for="a live workflow with a path filter on data or an event of a bucket, which does something with the data",
        remark="started by hand or too often, never started, or nothing is done",
    )


@rule("M19.registry_trigger")
def workflow_on_registry_change(triggers: ChangeTriggers) -> Iterator[Part]:
    """A workflow runs by itself when a model is registered or promoted, and does something with the model.

    Accepted: repository_dispatch from the registry's webhook (Weights & Biases, MLflow, a bucket of models) or a path filter
    on stored models, with jobs that fetch, test, promote or deploy the model.
    Half of it: a start by hand or by a clock only; a trigger that cannot fire; a job that does nothing with the model; a test
    of the registered model that no trigger starts.
    Does not count: models that training registers; a filter on the code of models; a registry of images.
    To settle it: show a run that the registry started, and the webhook's settings.
    """
    yield part(
        "workflow on the model registry",
        strong=evidence(triggers.registry, strong=True),
        weak=evidence(triggers.registry, strong=False),
        looked_for="a live workflow with an event of the registry or a path filter on stored models, which does "
        "something with the model",
        remark="started by hand, never started, or nothing is done",
    )
