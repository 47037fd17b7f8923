"""M21: the cloud: bucket, images, training."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.cloud import Buckets, CloudTraining, ImageTriggers


@rule("M21.bucket", net="bucket")
def linked_bucket(buckets: Buckets) -> Iterator[Part]:
    """Data lies in a bucket of Google Cloud that data version control is linked with.

    Accepted: a DVC remote (any, not only the default one) with a `gs://` or `gcs://` URL, or data that DVC imported from there.
    Half of it: a bucket that code, configuration or commands use without DVC; another cloud's bucket; a placeholder for a name.
    Does not count: a dependency; the address of a bucket in prose; a remote in a local folder or on Google Drive.
    To settle it: show `.dvc/config` with a remote in the bucket.
    """
    if buckets.unread and not buckets.traces:
        return
    yield part(
        "bucket behind DVC",
        buckets.traces,
        looked_for="a DVC remote in a bucket of Google Cloud",
    )


@rule("M21.image_trigger", net="image_builds")
def images_built_automatically(images: ImageTriggers) -> Iterator[Part]:
    """Docker images are built automatically.

    Accepted: a Cloud Build configuration (any name and folder) with a step that builds an image, a build trigger made by
    command, Terraform or Pulumi, or a live workflow that builds an image on push, pull request or tag, also through make or scripts.
    Half of it: a workflow that is started by hand or by a clock, is disabled, or cannot be started; a Cloud Build file that says of
    itself that it is submitted by hand; a build that names a Dockerfile which does not exist; an action or called workflow that by
    its name builds an image; or the report alone, with the trigger's branch or file.
    Does not count: instructions to build by hand; jobs that only run in a container.
    To settle it: show the build history.
    """
    yield part(
        "automatic build",
        images.traces,
        looked_for="a Cloud Build configuration with a docker build step, or a live workflow that builds images on a change",
    )


@rule("M21.cloud_training", net="cloud_training")
def training_in_the_cloud(training: CloudTraining) -> Iterator[Part]:
    """The model was trained in Google Cloud, with Compute Engine or Vertex AI.

    Accepted: a Vertex AI job as a file, command or SDK call; a script that trains on a virtual machine; a Cloud Run job that
    trains; training code made for Vertex AI (its AIP_ variables, buckets below /gcs/); an image that trains, asks Google Cloud for
    data or secrets as it starts, and is pushed to its registry.
    Half of it: a job file or command with placeholders; a virtual machine without a word on training; another cloud or a cluster
    of unknown whereabouts; or the report alone, with a figure or the job's details.
    Does not count: a dependency, an import, a command in a comment or string.
    To settle it: show the job's page or its log.
    """
    yield part(
        "training job",
        training.traces,
        looked_for="a Vertex AI job (file, gcloud command, SDK call), or a script that trains on Compute Engine or Cloud Run",
    )
