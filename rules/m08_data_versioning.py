"""M8: version control of data."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, Place, Trace, aside, counts, half, part, seen
from auditor.facts.data_versioning import DataVersioning, DvcProject
from auditor.facts.dependencies import Dependencies
from auditor.facts.history.changes import FileHistory
from auditor.facts.python import CODE, Call
from auditor.facts.terraform import Terraform
from auditor.practices.automation.commands import RunCommands
from auditor.practices.traces import DECLARED
from auditor.practices.uses import Uses

TOOLS = ("dvc", "dvc-gs", "dvc-s3", "dvc-gdrive", "lakefs", "oxenai", "quilt3")
MOST_REMOVED = 3
BUCKETS = "the bucket keeps versions by itself, and no data versioning tool is set up"
ARTIFACTS = "code keeps versions of data in a tracker or hub, and no data versioning tool is set up"


@rule("M8.dvc", net="data_versioning")
def data_version_control(
    data: DataVersioning,
    files: FileHistory,
    dependencies: Dependencies,
    uses: Uses,
    commands: RunCommands,
    terraform: Terraform,
) -> Iterator[Part]:
    """Data is under version control: somewhere to keep it, and something that is tracked.

    Accepted: `.dvc/config` with a remote (in any folder) and `.dvc` files or a `dvc.yaml` with outputs; Git LFS rules with
    files they apply to; git-annex, lakeFS, Pachyderm, Quilt or Oxen with their settings.
    Half of it: DVC initialised, but no remote, or nothing tracked; a set-up that was removed before the hand-in; data that code puts into
    a tracker's or a hub's versioned store; a bucket that is told to keep versions.
    Does not count: DVC as a dependency, or a mention in the README.
    To settle it: show the committed `.dvc` file and the remote in `.dvc/config` (not `config.local`).
    """
    others = [*(rule.evidence for rule in data.lfs if rule.files), *(tool.evidence for tool in data.others)]
    unused = [aside(rule.evidence, "no file of the repository matches it") for rule in data.lfs if not rule.files]
    declared = [aside(found.evidence, DECLARED) for name in TOOLS if (found := dependencies.declares(name))]
    kept = [one.place for one in uses.traces("versioning.data") if one.strong]
    kept += [
        call.evidence for call in uses.project.calls("wandb.Artifact", roles=CODE, live=True) if "data" in kind_of(call)
    ]
    artifacts = [half(place, ARTIFACTS) for place in kept]
    artifacts += [half(place, BUCKETS) for place in versioned_buckets(commands, terraform)]
    yield part(
        "remote",
        [
            *artifacts,
            *(counts(place) for place in (*(remote.evidence for remote in data.remotes), *others)),
            *(half(project.evidence, as_initialised(project)) for project in data.projects if not project.remotes),
            *removed(files, "/.dvc/config", "*/.dvc/config"),
            *unused,
            *declared,
        ],
        looked_for="a remote in .dvc/config, or another data versioning tool's settings",
    )
    yield part(
        "tracked data",
        [
            *artifacts,
            *(counts(output.evidence) for output in data.outputs),
            *map(counts, others),
            *removed(files, "*.dvc", "dvc.yaml"),
        ],
        looked_for="a .dvc file with an output, or a dvc.yaml stage with one",
    )


def kind_of(call: Call) -> str:
    """The type that an artifact of W&B is given, in lower case."""
    given = call.argument(1, "type")
    return (given.string or given.text).lower() if given is not None else ""


def as_initialised(project: DvcProject) -> str:
    """Why a place where DVC was initialised is not enough."""
    return "its settings could not be read" if project.unread else "DVC is initialised without a remote"


def versioned_buckets(commands: RunCommands, terraform: Terraform) -> Iterator[Place]:
    """Where a bucket is told to keep versions (gsutil, "versioning"; gcloud, "storage buckets"; Terraform, "google_storage_bucket")."""
    for one in commands.running("gsutil versioning set", "gcloud storage buckets", "gcloud alpha storage buckets"):
        if {"on", "--versioning"} & set(one.command.words):
            yield one.evidence
    for block in terraform.resources("google_storage_bucket", "aws_s3_bucket*"):
        if "versioning" in block.labels[0] or any(inner.type == "versioning" for inner in block.blocks):
            yield block.evidence


def removed(files: FileHistory, *patterns: str) -> Iterator[Trace]:
    """A set-up that was there and was taken out before the hand-in."""
    for change in files.deleted(*patterns)[:MOST_REMOVED]:
        yield half(seen(change.path, None, "deleted", change.commit.hash), "it was removed before the hand-in")
