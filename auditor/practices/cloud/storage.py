"""Buckets: those that data version control keeps its data in, and those that are used without it.

Sources: DVC documentation, "dvc remote add" and "Google Cloud Storage"; gsutil and "gcloud storage" references; Cloud Storage,
"Interoperability with other storage providers".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Trace, aside, counts, half, seen, strong_first, weighed
from auditor.facts.configs import Configs
from auditor.facts.data_versioning import DataVersioning, storage_scheme
from auditor.facts.python import CODE, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.commands import RunCommands, is_placeholder
from auditor.practices.cloud.resources import Resources
from auditor.practices.traces import DEAD_COMMAND
from auditor.records import Record

NOT_LINKED = "the bucket is used, and not linked with data version control"
ANOTHER_CLOUD = "it is a bucket of another cloud"
NO_NAME = "it shows where the bucket's name goes, and names none"
OTHER_VERSIONS = "the bucket stands behind another data version control than DVC"
REMOTE = pattern(r"(?i)\w*(gcs|gs|gcp|google\w*)\w*:(?!//)")
"""A remote of rclone that by its name is a bucket of Google Cloud."""
ANNEXED = pattern(r"(?i)\bgcs\b|\bgs\b|google|storage\.googleapis\.com")
ONLY_TOLD = "a document gives the command, and no DVC project holds such a remote"
BUCKET = pattern(
    r"\b(gs|gcs)://(?P<name>[^/\s\"']*)|/gcs/(?P<mounted>[\w.-]+)|storage\.googleapis\.com/(?P<public>[\w.-]+)"
)
NO_BUCKET = {
    "gdrive": "its remote is Google Drive, not a bucket",
    "local": "its remote is a folder of one machine, not a bucket",
    "dagshub": "its remote is DagsHub, not a bucket of Google Cloud",
    "ssh": "its remote is a machine that is reached by SSH, not a bucket",
    "http": "its remote is a web server, not a bucket",
}
"""What remotes of other kinds are, by the scheme."""
OTHER_BUCKETS = frozenset({"s3", "azure", "oss"})
"""Kinds of DVC remotes that are buckets of another provider."""


class Buckets(Record):
    """Buckets of the project. A trace counts where data version control keeps data in a bucket of Google Cloud."""

    traces: tuple[Trace, ...] = ()
    unread: bool = False
    """Whether a DVC configuration is there that could not be read, so that its remotes are not known."""


@fact
def read_buckets(
    data: DataVersioning, commands: RunCommands, configs: Configs, project: PythonProject, resources: Resources
) -> Buckets:
    """All traces of buckets."""
    found = [
        *remotes(data),
        *remote_commands(data, commands),
        *in_commands(commands),
        *(half(one.place, NOT_LINKED) for one in resources.called("cloud.bucket")),
        *(half(one.place, NOT_LINKED) for one in resources.described("cloud.bucket")),
        *in_texts(project, configs),
    ]
    return Buckets(strong_first(found), any(one.unread for one in data.projects))


def remotes(data: DataVersioning) -> Iterator[Trace]:
    """DVC's remotes, and data that DVC imported from a bucket."""
    for remote in data.remotes:
        if remote.scheme == "gs" or "storage.googleapis.com" in remote.url:
            url = remote.url.replace("s3://", "gs://")  # Google's buckets answer to this, too
            yield counts(remote.evidence) if names_bucket(url) else half(remote.evidence, NO_NAME)
        elif remote.scheme in OTHER_BUCKETS:
            yield half(remote.evidence, ANOTHER_CLOUD)
        elif remote.scheme:
            yield aside(remote.evidence, NO_BUCKET.get(remote.scheme, "its remote is no bucket of Google Cloud"))
    for output in data.outputs:
        if storage_scheme(output.imported_from) == "gs":
            yield counts(seen(output.path, output.line, f"{output.target} from {output.imported_from}"))


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
            told = one.origin == "docs" or not data.projects
            why = ONLY_TOLD if told else DEAD_COMMAND if not one.live else "" if names_bucket(url) else NO_NAME
            yield weighed(one.evidence, why)


def in_commands(commands: RunCommands) -> Iterator[Trace]:
    """Commands that copy from or to a bucket."""
    for one in commands.all:
        used = one.runs("gsutil", "gcloud storage") or any(
            word.startswith(("gs://", "gcs://")) for word in one.command.words
        )
        used = used or one.runs("gcsfuse") or (one.runs("rclone") and any(map(REMOTE.match, one.command.words)))
        if one.runs("git annex initremote", "git-annex initremote") and any(map(ANNEXED.search, one.command.words)):
            yield half(one.evidence, OTHER_VERSIONS)
        elif used and (one.origin != "docs" or names_bucket(one.command.text)):
            yield half(one.evidence, NOT_LINKED)


def in_texts(project: PythonProject, configs: Configs) -> Iterator[Trace]:
    """Addresses of buckets in code and in configuration."""
    for text in project.texts("*gs://*", "*gcs://*", "/gcs/*", roles=CODE, live=True):
        yield half(text.evidence, NOT_LINKED)
    for config in configs.files:
        for key in config.keys:
            if BUCKET.search(key.value[:500]):
                yield half(seen(config.path, key.line, f"{key.name}: {key.value}"), NOT_LINKED)
