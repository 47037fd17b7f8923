"""Terraform files as the blocks that they declare.

The syntax is small (Terraform documentation, "Configuration Syntax"; HCL specification, "Structural Elements"): blocks with
labels, attributes, comments, strings with `${ }` in them, heredocs. Expressions are kept as text: what a repository deploys
shows in the blocks' types and labels. The library python-hcl2 was tried: it builds the tables of its grammar on first use,
which takes longer than a whole audit (it stores them in its own folder, where that is allowed), and its result has no lines.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import islice

from auditor.facts.dependencies.generated import is_generated
from auditor.formats.hcl import Block, own_value, parse_terraform
from auditor.injection import fact
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

MAX_FILES = 200
MAX_CHARACTERS = 300_000
MAX_BLOCKS = 2_000


class Terraform(Record):
    """The top-level blocks of every Terraform file."""

    blocks: tuple[Block, ...] = ()

    def resources(self, *types: str) -> tuple[Block, ...]:
        """The resources whose type matches one of the shell-style `types` (`google_cloud_run*`)."""
        return tuple(
            block
            for block in self.blocks
            if block.type == "resource" and block.labels and any(fnmatchcase(block.labels[0], t) for t in types)
        )

    def modules(self, *sources: str) -> tuple[Block, ...]:
        """The modules whose source matches one of the shell-style `sources`."""
        return tuple(
            block
            for block in self.blocks
            if block.type == "module" and any(fnmatchcase(own_value(block, "source").lower(), s) for s in sources)
        )


@fact
def read_terraform(snapshot: Snapshot) -> Terraform:
    """Every `.tf` file; what cannot be read as such is noted, and what stands before it kept."""
    paths = [p for p in snapshot.named("*.tf", "*.tofu") if not is_generated(p) and "/.terraform/" not in "/" + p]
    return Terraform(tuple(islice(each_file(snapshot, paths[:MAX_FILES], blocks_of), MAX_BLOCKS)))


def blocks_of(snapshot: Snapshot, path: str) -> tuple[Block, ...]:
    """The blocks of one file, or of what of it can be read."""
    text = snapshot.text(path)
    if text is None:
        return ()
    if len(text) > MAX_CHARACTERS:
        snapshot.note(path, f"only the first {MAX_CHARACTERS:,} characters were read")
        text = text[:MAX_CHARACTERS]
    blocks, problem = parse_terraform(text, path)
    if problem:
        snapshot.note(path, problem)
    return tuple(blocks)
