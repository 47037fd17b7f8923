"""The catalogue: the course's own, and broken ones that a user could write."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.checkout import ROOT

from auditor.course.catalog import load_catalog

RULES = ROOT / "rules"
SMALL = """
questions:
  - {topic: deployment, numbers: {2030-2031: 3}, words: [deploy]}
claims:
  - {id: A.x, module: A, section: One, title: A thing, items: {2030: Do a thing}, topics: [deployment]}
"""


def test_the_courses_catalogue() -> None:
    catalog = load_catalog(RULES / "catalog.yaml")
    assert len(catalog) >= 56
    assert catalog.editions[:4] == ("2023", "2024", "2025", "2026")
    assert [len([c for c in catalog if c.wording(edition)]) for edition in catalog.editions][:4] == [37, 37, 52, 53]
    assert catalog["M14.wandb"].wording("2024") == catalog["M14.sweep"].wording("2024")
    assert catalog["M27.collection"].wording("2025") is None
    assert "M5.git" in catalog
    assert "M99.x" not in catalog
    assert [claim.id for claim in catalog.modules["M17"]] == ["M17.ci", "M17.matrix_cache", "M17.lint"]


def test_optional_claims_are_those_of_the_standard() -> None:
    silent = {claim.id: claim.silent for claim in load_catalog(RULES / "catalog.yaml") if claim.optional}
    assert {name for name, verdict in silent.items() if verdict == "unsupported"} == {
        "M12.profiling",
        "M14.sweep",
        "M21.image_trigger",
        "M21.cloud_training",
        "M27.drift_api",
    }
    assert {name for name, verdict in silent.items() if verdict == "unverifiable"} == {
        "M5.access",
        "M10.build",
        "M23.deploy",
        "M28.monitoring",
        "M28.alerts",
        "X.revisit",
        "X.understanding",
        "M28.telemetry",
        "M28.performance",
    }


def test_every_edition_numbers_its_questions_without_gaps() -> None:
    catalog = load_catalog(RULES / "catalog.yaml")
    for edition, count in {"2023": 27, "2024": 27, "2025": 31, "2026": 31}.items():
        numbers = [question.numbers[edition] for question in catalog.questions if edition in question.numbers]
        assert sorted(numbers) == list(range(1, count + 1))


def test_a_catalogue_of_another_course() -> None:
    catalog = load_catalog(SMALL)
    assert catalog["A.x"].wording("2030") == "Do a thing"
    assert catalog.by_topic["deployment"].numbers == {"2030": 3, "2031": 3}
    assert catalog.template_lines == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: A thing", "titel: A thing", "claim A.x: unknown key 'titel'"),
        ("title: A thing, ", "", "claim A.x: title is missing"),
        ("id: A.x", "id: 7", "claim number 1: id must be text"),
        ("section: One", "section: [One]", "claim A.x: section must be text"),
        ("[deployment]", "[deploying]", "claim A.x: topic 'deploying' is not among the questions"),
        ("{2030: Do a thing}", "{2030: 5}", "claim A.x: items: 2030: a wording must be text"),
        ("{2030: Do a thing}", "{2032-2030: x}", "claim A.x: items: 2032-2030: the range"),
        ("title: A thing", "title: A thing, optional: maybe", "claim A.x: optional must be true or false"),
        ("title: A thing", "title: A thing, silent: supported", "claim A.x: silent must be one of"),
        ("title: A thing", "title: A thing, silent: unverifiable", "claim A.x: silent: unverifiable is for optional"),
        ("{2030-2031: 3}", "{2030: three}", "question deployment: numbers: 2030: must be a whole number"),
        (
            "{2030-2031: 3}",
            "{2030-2031: 3}, length: {2030-2031: 100}",
            "question deployment: length: 2030-2031: must be fewest",
        ),
        (
            "{2030-2031: 3}",
            "{2030-2031: 3}, length: {2030: 9-3}",
            "question deployment: length: 2030: must be fewest and most",
        ),
        (
            "{2030-2031: 3}",
            "{2030-2031: 3}, length: {2030: 3-9}",
            "question deployment: length: says nothing of edition 2031",
        ),
        ("claims:", "claims: [", "catalogue: not valid YAML"),
        ("claims:", "clams:", "catalogue: unknown key 'clams'"),
        ("questions:", "questions: nowhere.yaml\nother:", "catalogue: unknown key 'other'"),
    ],
)
def test_a_broken_catalogue_names_the_entry(old: str, new: str, said: str) -> None:
    assert old in SMALL
    with pytest.raises(ValueError, match=r".+") as caught:
        load_catalog(SMALL.replace(old, new))
    assert said in str(caught.value)


def test_a_claim_twice() -> None:
    entry = SMALL.split("claims:\n")[1]
    with pytest.raises(ValueError, match=r"claim A\.x: stands twice"):
        load_catalog(SMALL + entry)


def test_files_beside_the_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "catalog.yaml"
    path.write_text("questions: q.yaml\nclaims:\n  - {id: A.x, module: A, section: One, title: A thing}\n")
    with pytest.raises(ValueError, match=r"questions: q\.yaml"):
        load_catalog(path)
    (tmp_path / "q.yaml").write_text("questions:\n  - {topic: ci, numbers: {2030: 1}}\n")
    assert load_catalog(path).by_topic["ci"].numbers == {"2030": 1}
