"""DVC wherever it was initialised: remotes, tracked data and pipelines.

Sources: DVC documentation, "DVC Configuration", ".dvc Files", "dvc.yaml Files" and "dvc remote".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, seen
from auditor.facts.yaml_files import read_yaml
from auditor.formats.ini_lines import parse_ini
from auditor.formats.yaml_lines import YamlError, YamlMap, parse_yaml
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

FILES = 500
"""`.dvc` files that are read."""
HEAD = 4_000
"""Characters of a `.dvc` file that are read: one that lists every file of a versioned bucket has megabytes."""
HASHES = ("md5", "etag", "checksum", "sha256", "hash_value")
"""Keys under which DVC keeps what it knows an output by (DVC source, `dvc_data.hashfile.meta`)."""

_SCHEMES = {
    "gs": "gs",
    "gcs": "gs",
    "s3": "s3",
    "s3a": "s3",
    "azure": "azure",
    "wasb": "azure",
    "abfs": "azure",
    "abfss": "azure",
    "gdrive": "gdrive",
    "oss": "oss",
    "ssh": "ssh",
    "sftp": "ssh",
    "hdfs": "hdfs",
    "webhdfs": "hdfs",
    "http": "http",
    "https": "http",
    "webdav": "webdav",
    "webdavs": "webdav",
    "remote": "remote",
}


class Remote(Record):
    """A DVC remote. `default` where `core.remote` names it; `line` is that of its URL, `endpoint` who answers to an `s3://` one."""

    path: str
    line: int
    name: str
    url: str
    default: bool = False
    endpoint: str = ""

    @property
    def scheme(self) -> str:
        """Kind of storage: `gs`, `s3`, `azure`, `gdrive`, `ssh`, `http`, `dagshub`, `local`, ..."""
        own = storage_scheme(self.url)
        return "gs" if own == "s3" and storage_scheme(self.endpoint) == "gs" else own

    @property
    def evidence(self) -> Place:
        """The line with its URL."""
        return seen(self.path, self.line, f"remote {self.name}: {self.url}")


class DvcOutput(Record):
    """A file or folder that DVC tracks: from a `.dvc` file, or (`stage`) a stage of `dvc.yaml`.

    `imported_from` is the repository or URL that `dvc import` or `dvc import-url` took it from.
    """

    path: str
    line: int
    target: str
    stage: str = ""
    imported_from: str = ""

    @property
    def evidence(self) -> Place:
        """Where it is tracked."""
        how = f"stage {self.stage} makes" if self.stage else "tracks"
        return seen(self.path, self.line, f"{how} {self.target}")


class Stage(Record):
    """A stage of a DVC pipeline (`dvc.yaml`)."""

    path: str
    line: int
    name: str
    command: str
    outs: tuple[str, ...] = ()

    @property
    def evidence(self) -> Place:
        """The stage with its command."""
        return seen(self.path, self.line, f"stage {self.name}: {self.command}")


class DvcProject(Record):
    """One place where DVC was initialised: `folder` holds `.dvc/` (empty for the repository's root)."""

    folder: str
    config: str | None
    """Path of `.dvc/config`, where it is committed."""
    unread: bool = False
    """Whether the config is there but could not be read (a partial clone): remotes are then unknown, not absent."""
    remotes: tuple[Remote, ...] = ()
    outputs: tuple[DvcOutput, ...] = ()
    stages: tuple[Stage, ...] = ()

    @property
    def evidence(self) -> Place:
        """That DVC was initialised here."""
        return seen(self.config or f"{self.folder}/.dvc".lstrip("/"), None, "DVC is initialised")


def dvc_projects(snapshot: Snapshot) -> Iterator[DvcProject]:
    """Every folder with `.dvc/`, and one for the root where `.dvc` files or a pipeline stand in none."""
    inside = [p for p in snapshot.paths if "/.dvc/" in "/" + p]
    folders = {p.rpartition(".dvc/")[0].rstrip("/") for p in inside}
    files = [p for p in snapshot.paths if p.endswith(".dvc") or p.rpartition("/")[2] == "dvc.yaml"]
    places: dict[str, list[str]] = {folder: [] for folder in sorted(folders)}
    for path in files[:FILES]:
        if "/.dvc/" in "/" + path:
            continue
        above = [f for f in folders if not f or path.startswith(f + "/")]
        places.setdefault(max(above, key=len, default=""), []).append(path)
    for folder, members in places.items():
        config = f"{folder}/.dvc/config".lstrip("/")
        present = config in snapshot
        text = snapshot.text(config) if present else None
        remotes = read_dvc_config(text, config) if text else ()
        outputs = list(each_file(snapshot, (path for path in members if path.endswith(".dvc")), _tracked))
        stages = list(each_file(snapshot, (path for path in members if not path.endswith(".dvc")), _stages))
        outputs += [DvcOutput(s.path, s.line, out, s.name) for s in stages for out in s.outs]
        if folder in folders or outputs or stages:
            yield DvcProject(
                folder,
                config if present else None,
                present and text is None,
                remotes,
                tuple(outputs),
                tuple(stages),
            )


def read_dvc_config(text: str, path: str) -> tuple[Remote, ...]:
    """Remotes of a `.dvc/config` that have a URL; never raises."""
    default = ""
    urls: dict[str, tuple[int, str]] = {}
    endpoints: dict[str, str] = {}
    for option in parse_ini(text, indented=True):
        if (option.section.lower(), option.name) == ("core", "remote"):
            default = option.value
        named = re.fullmatch(r'remote\s+"([^"]+)"', option.section)
        if named and option.name == "url" and option.value:
            urls[named.group(1)] = (option.line, option.value)
        elif named and option.name == "endpointurl":
            endpoints[named.group(1)] = option.value
    return tuple(
        Remote(path, line, name, url, name == default, endpoints.get(name, "")) for name, (line, url) in urls.items()
    )


def storage_scheme(url: str) -> str:
    """Kind of storage at a remote's URL; `local` for a path, empty for nothing.

    DagsHub serves DVC over HTTP at `dagshub.com/<owner>/<repository>.dvc`, its buckets at `s3://dvc`; Azure Blob
    Storage and Google Cloud Storage also answer to HTTPS addresses of their own.
    """
    url = url.strip()
    scheme, mark, rest = url.partition("://")
    if not mark:
        return "local" if url else ""
    host = rest.partition("/")[0].rpartition("@")[2].lower()
    if host == "dagshub.com":
        return "dagshub"
    if host in ("storage.googleapis.com", "storage.cloud.google.com") or host.endswith(".storage.googleapis.com"):
        return "gs"
    if host.endswith(".blob.core.windows.net"):
        return "azure"
    return _SCHEMES.get(scheme.lower(), "other")


def _tracked(snapshot: Snapshot, path: str) -> Iterator[DvcOutput]:
    """What a `.dvc` file tracks: its outputs that carry a hash (all of them do once `dvc add` has run)."""
    text = snapshot.text(path)
    if text is None:
        return
    try:
        document = parse_yaml(head(text)).mapping
    except YamlError as error:
        snapshot.note_unread(path, error)
        return
    folder = normalise(f"{path.rpartition('/')[0]}/{document.text_of('wdir')}")
    origin = next((imported for dep in document.list_at("deps").maps() if (imported := _origin(dep))), "")
    for output in document.list_at("outs").maps():
        target = output.text_of("path")
        if target and _has_hash(output):
            yield DvcOutput(path, output.line, normalise(f"{folder}/{target}"), imported_from=origin)


def head(text: str) -> str:
    """The first lines of a long text."""
    return text if len(text) <= HEAD else text[: text.rfind("\n", 0, HEAD) + 1]


def _origin(dependency: YamlMap) -> str:
    """Where `dvc import` or `dvc import-url` took the data from; empty for a dependency within the repository."""
    url = dependency.map_at("repo").text_of("url")
    path = dependency.text_of("path")
    return url or (path if "://" in path else "")


def _has_hash(output: YamlMap) -> bool:
    """Whether an output carries a hash, itself or, in a versioned remote, by its files."""
    if any(output.text_of(key) for key in HASHES):
        return True
    return any(file.text_of(key) for file in output.list_at("files").maps() for key in HASHES)


def _stages(snapshot: Snapshot, path: str) -> list[Stage]:
    """The stages of a `dvc.yaml`; those of a `foreach` or `matrix` once."""
    file = read_yaml(snapshot, path)
    if file is None:
        return []
    folder = path.rpartition("/")[0]
    stages = file.mapping.map_at("stages")
    found = []
    for name in stages:
        stage = stages.map_at(name)
        line = stages.line_of(name)
        stage = stage.map_at("do") if "do" in stage else stage
        command = " && ".join(scalar.text for scalar in stage.scalars_at("cmd"))
        if not command:
            continue
        base = normalise(f"{folder}/{stage.text_of('wdir')}")
        outs = [*_names(stage, "outs"), *_names(stage, "metrics"), *_names(stage, "plots")]
        found.append(
            Stage(
                path,
                line,
                name,
                command,
                tuple(normalise(f"{base}/{out}") for out in outs),
            )
        )
    return found


def _names(stage: YamlMap, key: str) -> Iterator[str]:
    """Paths in a list whose items are a path or `path: options`."""
    yield from (scalar.text for scalar in stage.scalars_at(key))
    for item in stage.list_at(key).maps():
        yield from item
