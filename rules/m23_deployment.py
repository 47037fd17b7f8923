"""M23: deployment."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.facts.group import Group
from auditor.practices.cloud import Deployments


@rule("M23.deploy")
def deployed_serverless(deployments: Deployments, group: Group) -> Iterator[Part]:
    """The model is deployed in Google Cloud with Cloud Run or Cloud Functions.

    Accepted: a deploying command (`gcloud run deploy`, `gcloud functions deploy`) in scripts, tasks, README, workflows or Cloud
    Build; a deploying action; a service file; Terraform, Pulumi or the like; an address at run.app or cloudfunctions.net in code, README or report; any serving of Google Cloud where the group's edition names no service.
    Half of it: a deployment that is disabled; the form of a command, with placeholders; an entry point of a function without a
    deployment; a command that only looks a service up; a sample container; another service of Google Cloud; or words in the report
    alone.
    Does not count: a placeholder for an address; a dependency; a command in a comment; a server on one's own machine.
    To settle it: show the running service, or the command that deploys it.
    """
    item = group.wordings.get("M23.deploy", "").lower()
    names_service = not item or "run" in item or "function" in item
    yield part(
        "deployment",
        deployments.traces_of(serverless=names_service),
        looked_for="a command, action, service file or Terraform that deploys to Cloud Run or Functions, or the address of the "
        "running service",
    )
