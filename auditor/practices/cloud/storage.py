"""Buckets: those that data version control keeps its data in, and those that are used without it.

Sources: DVC documentation, "dvc remote add" and "Google Cloud Storage"; gsutil and "gcloud storage" references; the
documentation of google-cloud-storage and gcsfs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import seen
from auditor.facts.configs import Configs
from auditor.facts.data_versioning import DataVersioning, storage_scheme
from auditor.facts.python import CODE, PythonProject
from auditor.facts.terraform import Terraform
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.commands import RunCommands, is_placeholder
from auditor.practices.kind_traces import Trace, strong_first
from auditor.records import Record

BUCKET = pattern(
    r"\b(gs|gcs)://(?P<name>[^/\s\"']*)|/gcs/(?P<mounted>[\w.-]+)|storage\.googleapis\.com/(?P<public>[\w.-]+)"
)
OTHER_BUCKETS = frozenset({"s3", "azure", "oss"})
"""Kinds of DVC remotes that are buckets of another provider."""
CLIENTS = ("google.cloud.storage.Client", "google.cloud.storage.Client.*", "gcsfs.GCSFileSystem", "gcsfs.core.GCSFileSystem", "cloudpathlib.GSPath",
           "cloudpathlib.GSClient", "google.cloud.storage.transfer_manager.*")  # fmt: skip


class Buckets(Record):
    """Buckets of the project. A trace is strong where data version control keeps data in a bucket of Google Cloud."""

    traces: tuple[Trace, ...] = ()
    unread: bool = False
    """Whether a DVC configuration is there that could not be read, so that its remotes are not known."""


@fact
def read_buckets(
    data: DataVersioning, commands: RunCommands, configs: Configs, project: PythonProject, terraform: Terraform
) -> Buckets:
    """All traces of buckets."""
    found = [
        *remotes(data),
        *remote_commands(data, commands),
        *in_commands(commands),
        *in_code(project),
        *in_configs(configs),
        *(Trace("Terraform", block.evidence, False) for block in terraform.resources("google_storage_bucket*")),
    ]
    return Buckets(strong_first(found), any(one.unread for one in data.projects))


def remotes(data: DataVersioning) -> Iterator[Trace]:
    """DVC's remotes, and data that DVC imported from a bucket."""
    for remote in data.remotes:
        if remote.scheme == "gs":
            yield Trace("DVC remote", remote.evidence, names_bucket(remote.url))
        elif remote.scheme in OTHER_BUCKETS:
            yield Trace("bucket of another cloud", remote.evidence, False)
    for output in data.outputs:
        if storage_scheme(output.imported_from) == "gs":
            yield Trace("DVC import", seen(output.path, output.line, f"{output.target} from {output.imported_from}"))


def names_bucket(url: str) -> bool:
    """Whether a URL names a bucket, and is no form to fill in."""
    match = BUCKET.search(url)
    name = "" if match is None else match["name"] or match["mounted"] or match["public"] or ""
    return bool(name) and not re.search(r"[<>\[\]]|^my-?bucket$|^bucket(-?name)?$", name) and not is_placeholder(name)


def remote_commands(data: DataVersioning, commands: RunCommands) -> Iterator[Trace]:
    """`dvc remote add` and `modify` with a bucket: in a document they may be an instruction that nobody followed."""
    for one in commands.running("dvc remote add", "dvc remote modify"):
        url = next((word for word in one.command.words if storage_scheme(word) == "gs"), "")
        if url:
            strong = one.live and one.origin != "docs" and bool(data.projects) and names_bucket(url)
            yield Trace("DVC remote", one.evidence, strong)


def in_commands(commands: RunCommands) -> Iterator[Trace]:
    """Commands that copy from or to a bucket."""
    for one in commands.all:
        used = one.runs("gsutil", "gcloud storage") or any(
            word.startswith(("gs://", "gcs://")) for word in one.command.words
        )
        if used and (one.origin != "docs" or names_bucket(one.command.text)):
            yield Trace("bucket in a command", one.evidence, False)


def in_code(project: PythonProject) -> Iterator[Trace]:
    """Clients of the storage, and addresses of buckets in code."""
    for call in project.calls(*CLIENTS, roles=CODE):
        yield Trace("client library", call.evidence, False)
    for text in project.texts("*gs://*", "*gcs://*", "/gcs/*", roles=CODE, live=True):
        yield Trace("bucket in code", text.evidence, False)


def in_configs(configs: Configs) -> Iterator[Trace]:
    """Addresses of buckets in configuration."""
    for config in configs.files:
        for key in config.keys:
            if BUCKET.search(key.value[:500]):
                yield Trace("bucket in configuration", seen(config.path, key.line, f"{key.name}: {key.value}"), False)
