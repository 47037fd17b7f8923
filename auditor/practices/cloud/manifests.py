"""YAML and JSON files that a cloud service or a cluster reads, told by what they hold.

Sources: Knative Serving and Cloud Run "YAML reference", Kubernetes "Objects", Vertex AI `CustomJobSpec`, Cloud Monitoring
`Dashboard` and `AlertPolicy`, Prometheus "Configuration", Grafana "Dashboard JSON model".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

from auditor.evidence import Place, seen
from auditor.facts.dependencies.generated import is_generated
from auditor.formats.yaml_lines import YamlError, YamlList, YamlMap, YamlValue, parse_yaml
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

MAX_CHARACTERS = 400_000
MAX_FILES = 500
MAX_VALUES = 20_000
MARK = pattern(
    r"apiVersion|worker_?[pP]ool_?[sS]pecs?|scrape_configs|\balert\b|alertmanagers|receivers|conditions|mosaicLayout|gridLayout|"
    r"columnLayout|rowLayout|\"panels\"|pipelineSpec|resources|exporters|httpCheck|serviceLevelIndicator|machine_?[tT]ype|\bcloud:|\bprovider:|operator:|\btype: (gcp|google-native):"
)
"""What one of these files has and most others have not; the parser is spared those."""


class Manifest(Record):
    """One document of such a file."""

    path: str
    line: int
    root: YamlMap

    @property
    def api(self) -> str:
        """`apiVersion` of a Kubernetes object, without the version: `serving.knative.dev`."""
        return self.root.text_of("apiVersion").partition("/")[0]

    @property
    def kind(self) -> str:
        """`kind` of a Kubernetes object."""
        return self.root.text_of("kind")

    @property
    def name(self) -> str:
        """Name of a Kubernetes object."""
        return self.root.map_at("metadata").text_of("name")

    @property
    def images(self) -> tuple[tuple[str, int], ...]:
        """Every container image with its line."""
        return tuple(
            (mapping.text_of("image"), mapping.line_of("image")) for mapping in self.maps() if mapping.text_of("image")
        )

    def maps(self) -> Iterator[YamlMap]:
        """The document and every mapping within."""
        queue: list[YamlValue] = [self.root]
        for _ in range(MAX_VALUES):
            if not queue:
                return
            value = queue.pop(0)
            if isinstance(value, YamlMap):
                yield value
                queue += [inner for inner in value.values() if isinstance(inner, YamlMap | YamlList)]
            elif isinstance(value, YamlList):
                queue += [inner for inner in value if isinstance(inner, YamlMap | YamlList)]

    def at(self, mapping: YamlMap, key: str, text: str = "") -> Place:
        """A key of a mapping of the document as evidence."""
        return seen(self.path, mapping.line_of(key), text or f"{key}: {mapping.text_of(key)}".rstrip(": "))

    def has(self, *keys: str) -> bool:
        """Whether the top level has all of these keys."""
        return all(key in self.root for key in keys)


class Manifests(Record):
    """Every such document."""

    all: tuple[Manifest, ...] = ()

    def of_kind(self, api: str, *kinds: str) -> tuple[Manifest, ...]:
        """Kubernetes objects of an API group and these kinds."""
        return tuple(m for m in self.all if m.api == api and m.kind in kinds)


@fact
def read_manifests(snapshot: Snapshot) -> Manifests:
    """Every document that may be such a file; for its meaning see its keys."""
    paths = snapshot.named("*.yml", "*.yaml", "*.json")[: MAX_FILES * 4]
    own = (path for path in paths if not is_generated(path) and not path.startswith(".github/workflows/"))
    return Manifests(tuple(islice(each_file(snapshot, own, manifests_of), MAX_FILES)))


def manifests_of(snapshot: Snapshot, path: str) -> Iterator[Manifest]:
    """The documents of one file that may be such."""
    text = snapshot.text(path)
    if text is not None and len(text) <= MAX_CHARACTERS and MARK.search(text):
        for root in documents(snapshot, path, text):
            if isinstance(root, YamlMap):
                yield Manifest(path, root.line, root)


def documents(snapshot: Snapshot, path: str, text: str) -> tuple[YamlValue, ...]:
    """The documents of one file; none, with a problem noted, where it is not what its name says."""
    if path.lower().endswith(".json"):
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return ()
        text = text.replace("\t", " ")
    try:
        return parse_yaml(text).documents
    except YamlError as error:
        snapshot.note_unread(path, error)
        return ()
