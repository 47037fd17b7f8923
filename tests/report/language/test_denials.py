"""Sentences of `fixtures/denials.yaml` against every claim of the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from support.report_samples import parse_report

from auditor.course.rulebook import Rulebook, load_rulebook
from auditor.report.language.words import read_words

BOOK: Rulebook = load_rulebook()
TABLE: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).resolve().parents[3] / "fixtures" / "denials.yaml").read_text(encoding="utf-8")
)
NUMBERS = {q.topic: q.numbers.get("2026") or q.numbers["2024"] for q in BOOK.catalog.questions}
BLANK = "--- question {} fill here ---"


def heard(topic: str, said: str) -> dict[str, set[str]]:
    """The claims that a report with this one answer denies, as a whole and in part."""
    items = [f"* [ ] {wording}" for claim in BOOK.catalog if (wording := claim.wording("2026"))]
    answers = [
        f"\n### Question {n}\n\n> Answer:\n\n{said if n == NUMBERS[topic] else BLANK.format(n)}" for n in range(1, 32)
    ]
    report = parse_report("\n".join(["# Report", "", *items, *answers]), BOOK.catalog)
    found: dict[str, set[str]] = {"denies": set(), "partly": set()}
    for claim in BOOK.catalog:
        words = read_words(report, claim, BOOK.catalog, BOOK.statements, lambda path: True)
        if words.denials:
            found["partly" if words.in_part else "denies"].add(claim.id)
    return found


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['topic']}: {row['said'][:60]}")
def test_which_claims_an_answer_denies(row: dict[str, Any]) -> None:
    expected = {key: set(row.get(key, ())) for key in ("denies", "partly")}
    assert heard(row["topic"], row["said"]) == expected


def test_the_table_is_long_and_half_of_it_denies_nothing() -> None:
    denying = [row for row in TABLE if row.get("denies") or row.get("partly")]
    assert len(TABLE) >= 160
    assert 0.4 < len(denying) / len(TABLE) < 0.6
    assert len({row["said"] for row in TABLE}) == len(TABLE)
    assert set(BOOK.catalog.by_id) >= {
        claim for row in TABLE for key in ("denies", "partly") for claim in row.get(key, ())
    }
