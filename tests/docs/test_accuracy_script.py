"""The figures of the accuracy page: counted right, and without a name of anybody."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.checkout import ROOT

from auditor.course.rulebook import load_rulebook
from auditor.samples import build_samples

SCRIPT = ROOT / "scripts" / "accuracy.py"


def loaded() -> Any:
    specification = importlib.util.spec_from_file_location("accuracy", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["accuracy"] = module
    specification.loader.exec_module(module)
    return module


accuracy = loaded()
Row = accuracy.Row


def test_the_figures_are_counted_as_the_page_says() -> None:
    rows = [
        Row("M5.git", True, "supported", True, "supported", True),
        Row("M5.git", True, "supported", True, "unsupported", True),  # a false accusation
        Row("M5.git", True, "contradicted", True, "unsupported", True),  # found: the two are one
        Row("M5.git", True, "unsupported", True, "partial", True),  # half found
        Row("M8.dvc", False, "partial", True, "partial", True),  # the tick was misread
        Row("M8.dvc", True, "supported", False, "unsupported", True),  # not sure: left out
        Row("M8.dvc", None, "supported", True, "unsupported", None),  # no such item
    ]
    cases = {"M5.git": Counter({("honest", True): 3, ("decoy", False): 1})}
    text = accuracy.figures(load_rulebook().catalog, rows, 2, cases, (3, 4), date(2031, 2, 3))
    for line in (
        "Measured on 2031-02-03",
        "| ticks read as they stand | 83.3 % | 5 of 6 items |",
        "| false accusations | 50.0 % | 1 of 2 honest ticks |",
        "| discrepancies: precision | 50.0 % | 1 of 2 that auditor names |",
        "| discrepancies: recall | 75.0 % | 1 of 2 labelled, and 1 by half |",
        "| same verdict | 60.0 % | 3 of 5 claims |",
        "| reverse test: no longer supported | 75.0 % | 3 of 4 cuts |",
        "| supported | unsupported | 1 |",
        "| [M5.git](../fixtures/cases/M5.git.yaml) | 2 of 4 | 1 | 1 of 2 | 1 | 3 of 3 | 0 of 1 | 0 of 0 |",
        "| [M8.dvc](../fixtures/cases/M8.dvc.yaml) | 1 of 1 | 0 | - | 0 | 0 of 0 | 0 of 0 | 0 of 0 |",
    ):
        assert line in text


def test_kappa_is_cohens() -> None:
    tally = accuracy.Tally()
    for label, verdict, times in (
        ("supported", "supported", 20),
        ("supported", "partial", 5),
        ("partial", "supported", 10),
    ):
        for _ in range(times):
            tally.add(Row("M5.git", True, label, True, verdict, True))
    for _ in range(15):
        tally.add(Row("M5.git", True, "partial", True, "partial", True))
    assert tally.kappa == pytest.approx(0.4)  # the textbook's table of 50


def test_a_share_has_its_interval() -> None:
    assert accuracy.interval(7, 7) == "65 to 100 %"
    assert accuracy.interval(0, 0) == "-"


def test_labels_of_a_repository_are_held_against_its_audit(tmp_path: Path) -> None:
    group = next(path for path in build_samples(tmp_path) if path.name == "hollow")
    labels = tmp_path / "hollow.tsv"
    labels.write_text(
        "M5.git\t1\tsupported\th\tgit log\t\nM14.logging\t1\tunsupported\tl\tnone\t\nX.none\t-\tpartial\th\t\t\nshort\n",
        encoding="utf-8",
    )
    git, logging, none = accuracy.rows_of((group, labels))
    assert (git.verdict, git.read_ticked, git.same) == ("supported", True, True)
    assert (logging.sure, logging.same) == (False, True)
    assert (none.ticked, none.verdict) == (None, "missing")


def test_figures_are_put_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{accuracy.BEGIN}\nold\n{accuracy.END}\nafter\n", encoding="utf-8")
    accuracy.put("new", page)
    accuracy.put("newer", page)
    assert page.read_text(encoding="utf-8") == f"before\n{accuracy.BEGIN}\n\nnewer\n\n{accuracy.END}\nafter\n"
    page.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(ValueError, match="missing"):
        accuracy.put("new", page)


def test_the_page_has_a_row_for_every_claim_and_a_date() -> None:
    page = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
    figures = page.partition(accuracy.BEGIN)[2].partition(accuracy.END)[0]
    assert "Measured on 20" in figures
    assert [
        claim.id
        for claim in load_rulebook().catalog
        if f"| [{claim.id}](../fixtures/cases/{claim.id}.yaml) |" not in figures
    ] == []
