"""Resources of Google Cloud, however they are described: Terraform, Pulumi, CDKTF, Deployment Manager, Config Connector, clients.

What names mean stands in `knowledge/tables/cloud.yaml`; a resource of a kind is asked for by that kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cached_property

from auditor.evidence import Place, Trace, counts, half, weighed
from auditor.facts.terraform import Terraform
from auditor.formats.hcl import Block, own_value
from auditor.formats.yaml_lines import YamlMap
from auditor.injection import fact
from auditor.practices.automation.commands import RunCommand, RunCommands
from auditor.practices.cloud.manifests import Manifest, Manifests
from auditor.practices.traces import DEAD_COMMAND, PLACEHOLDER, why_idle
from auditor.practices.uses import Uses
from auditor.records import Record

CLIENTS = ("curl", "wget", "http", "https", "xh", "gcurl")
SENDING = frozenset({"POST", "PUT", "PATCH", "post", "put", "patch", "-d", "-T"})
MAKES_NONE = "its `count` is 0, so that it makes nothing"
OBJECTS = (".cnrm.cloud.google.com", ".upbound.io", ".crossplane.io")
"""API groups in which a Kubernetes object stands for a resource of the cloud (Config Connector, Crossplane)."""


class Described(Record):
    """One resource: its type, the place, what is written about it, and why it counts by half, where it does."""

    type: str
    place: Place
    text: str = ""
    name: str = ""
    image: str = ""
    why: str = ""

    @property
    def trace(self) -> Trace:
        """The resource as a trace."""
        return half(self.place, self.why) if self.why else counts(self.place)


class Resources(Record, dict=True):
    """Everything that describes resources or acts on them."""

    terraform: Terraform
    manifests: Manifests
    commands: RunCommands
    uses: Uses

    def described(self, kind: str) -> tuple[Described, ...]:
        """Resources of a kind in files: Terraform, Pulumi's YAML, Deployment Manager, Kubernetes objects."""
        types = self.uses.names.listed(kind, "resources")
        return tuple(one for one in self._all if any(fnmatchcase(one.type, pattern) for pattern in types))

    def commanded(self, kind: str) -> Iterator[tuple[RunCommand, str, str]]:
        """(command, which it is, why it counts by half) of the commands of a kind."""
        names = self.uses.names.listed(kind, "commands")
        for one in self.commands.running(*names):
            name = next(name for name in names if one.runs(name))
            why = "" if one.live else DEAD_COMMAND
            yield one, name, why or ("" if one.concrete(name) else PLACEHOLDER)

    def called(self, kind: str) -> tuple[Trace, ...]:
        """Calls of clients, and of classes that describe resources in Python."""
        return tuple(
            half(call.evidence, why) if (why := why_idle(call)) else counts(call.evidence)
            for call in self.uses.calls(kind)
        )

    def requested(self, kind: str) -> Iterator[Trace]:
        """Commands that ask the interface of a service, over HTTP, for something of the kind."""
        addresses = self.uses.names.listed(kind, "rest")
        for one in self.commands.running(*CLIENTS) if addresses else ():
            words = [word for call in one.command.calls for word in call[1:]]
            if SENDING.isdisjoint(words) and not any(word.startswith(("--data", "--json", "-XPOST")) for word in words):
                continue  # it only looks
            if any(fnmatchcase(word, address) for word in words for address in addresses):
                yield one.trace

    def traces(self, kind: str) -> list[Trace]:
        """All of a kind."""
        commanded = (weighed(one.evidence, why) for one, _, why in self.commanded(kind))
        return [*(one.trace for one in self.described(kind)), *commanded, *self.called(kind), *self.requested(kind)]

    @cached_property
    def _all(self) -> tuple[Described, ...]:
        found = [by_terraform(block) for block in self.terraform.blocks if block.labels]
        found += [one for manifest in self.manifests.all for one in by_manifest(manifest)]
        return tuple(found)


def by_terraform(block: Block) -> Described:
    """A block of Terraform: a resource by its type, a module by where it comes from."""
    kind = block.labels[0] if block.type == "resource" else f"{block.type}:{own_value(block, 'source').lower()}"
    name = own_value(block, "name") or block.labels[-1]
    why = "" if block.live else MAKES_NONE
    return Described(kind, block.evidence, block.text, name, block.value("image"), why)


def by_manifest(manifest: Manifest) -> Iterator[Described]:
    """What a YAML file of Pulumi or Deployment Manager describes, or an object that stands for a resource."""
    root = manifest.root
    if manifest.api.endswith(OBJECTS):
        yield Described(
            manifest.kind, manifest.at(root, "kind"), said_in(manifest), manifest.name, first_image(manifest)
        )
    resources = root.get("resources")
    if isinstance(resources, YamlMap):
        entries = [(name, one) for name, one in resources.items() if isinstance(one, YamlMap)]
    else:
        entries = [(one.text_of("name"), one) for one in root.list_at("resources").maps()]
    for name, one in entries:
        if kind := one.text_of("type"):
            yield Described(kind, manifest.at(one, "type"), said_in(manifest), name, first_image(manifest))


def said_in(manifest: Manifest) -> str:
    """All that a document says, as words."""
    return " ".join(f"{key} {mapping.text_of(key)}" for mapping in manifest.maps() for key in mapping)[:20_000]


def first_image(manifest: Manifest) -> str:
    """The first container image of a document."""
    return next((image for image, _ in manifest.images), "")


@fact
def read_resources(terraform: Terraform, manifests: Manifests, commands: RunCommands, uses: Uses) -> Resources:
    """Everything that describes or makes resources."""
    return Resources(terraform, manifests, commands, uses)
