"""The sample groups, audited: what `expected.yaml` beside each says of every claim."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from auditor import audit
from auditor.samples import build_samples, samples_folder

NAMES = sorted(path.parent.name for path in samples_folder().glob("*/expected.yaml"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {path.name: path for path in build_samples(tmp_path_factory.mktemp("samples"))}


@pytest.mark.parametrize("name", NAMES)
def test_sample(name: str, built: dict[str, Path]) -> None:
    expected = yaml.safe_load((samples_folder() / name / "expected.yaml").read_text(encoding="utf-8"))
    result = audit(built[name])
    found = {
        claim.id: {"ticked": claim.ticked, "verdict": str(claim.verdict), "finding": str(claim.finding)}
        for claim in result.claims
        if claim.id in expected
    }
    wanted = {claim: {key: row[key] for key in ("ticked", "verdict", "finding")} for claim, row in expected.items()}
    assert {c: (found[c], expected[c]["why"]) for c in wanted if found.get(c) != wanted[c]} == {}


def test_there_are_an_honest_and_a_hollow_group() -> None:
    assert NAMES == ["hollow", "honest"]
