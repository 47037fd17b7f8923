"""What a sentence must name to speak about a claim, as a course lists it (`rules/statements.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from auditor.course.catalog import LOADER, Catalog
from auditor.records import Record

KEYS = frozenset({"subject", "in_topic", "products", "platform", "specifics", "denied_by", "described_by", "examines"})


class Statement(Record):
    """Phrases about one claim; `*` stands for any ending.

    `denied_by` denies it by itself ("not all members understand"). `subject` names the thing itself, `in_topic` only in the answer to
    its own question, `described_by` only where it is told as done; `specifics` make a description specific. `products` are groups of
    names of what it can be done with: a denial of one says nothing of the others. Without its `platform` it cannot be.
    """

    subject: tuple[str, ...] = ()
    in_topic: tuple[str, ...] = ()
    specifics: tuple[str, ...] = ()
    denied_by: tuple[str, ...] = ()
    described_by: tuple[str, ...] = ()
    products: tuple[tuple[str, ...], ...] = ()
    platform: tuple[str, ...] = ()
    examines: bool = False
    """Whether the claim is itself about testing or measuring: then "not tested" denies it."""


def load_statements(path: Path, catalog: Catalog) -> Mapping[str, Statement]:
    """The phrases by claim id. Raises ValueError, naming the entry, where the file is broken, OSError where it is not there."""
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise ValueError(f"{path.name}: not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(document, dict):
        raise ValueError(f"{path.name}: a mapping from claim ids is needed")
    found: dict[str, Statement] = {}
    for claim_id, entry in document.items():
        if claim_id not in catalog:
            raise ValueError(f"{path.name}: {claim_id} is no claim of the catalogue")
        if not isinstance(entry, dict) or not set(entry) <= KEYS:
            raise ValueError(f"{path.name}: {claim_id}: only {', '.join(sorted(KEYS))} may stand there")
        examines = entry.pop("examines", False)
        if not isinstance(examines, bool) or not all(isinstance(phrases, list) for phrases in entry.values()):
            raise ValueError(f"{path.name}: {claim_id}: lists of phrases are needed, and examines true or false")
        groups = entry.pop("products", [])
        if not all(isinstance(group, list) for group in groups):
            raise ValueError(f"{path.name}: {claim_id}: products must be a list of lists of phrases")
        phrases = {key: tuple(map(str, phrases)) for key, phrases in entry.items()}
        products = tuple(tuple(map(str, group)) for group in groups)
        found[claim_id] = Statement(**phrases, examines=examines, products=products)
    return found
