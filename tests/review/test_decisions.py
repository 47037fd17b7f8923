"""Decisions read, and put beside the verdicts."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from support.decision_samples import AT, COMMIT, OTHER, audit, claim, load_decisions, make, written

from auditor.output.terminal.console import as_text
from auditor.records import replace
from auditor.result.audit import Finding, ReportResult, Verdict
from auditor.review import decisions
from auditor.review.decisions import Decisions, Entry, group_key


def test_no_file_is_no_decisions(path: Path) -> None:
    assert load_decisions(path) == Decisions()


def test_every_value_of_an_entry_is_read(path: Path) -> None:
    make(path, note="two\nlines")

    assert load_decisions(path).entries == (
        Entry(
            "43",
            "M17.matrix_cache",
            Verdict.SUPPORTED,
            "two\nlines",
            "nb",
            "2026-01-25T10:00:00+01:00",
            COMMIT,
        ),
    )


def test_entries_written_by_hand_may_leave_out_what_is_not_known(path: Path) -> None:
    written(path, '[[decision]]\ngroup = 43\nclaim = "M8.dvc"\nverdict = "partial"\nat = 2026-01-25\n')

    assert load_decisions(path).entries == (Entry("43", "M8.dvc", Verdict.PARTIAL, at="2026-01-25"),)


def test_claims_that_are_not_in_the_catalogue_are_kept_and_told(path: Path) -> None:
    make(path)
    make(path, claim="M99.nothing")

    found = decisions.load_decisions(path)

    assert len(found.entries) == 2
    assert found.problems == (
        "auditor.toml: decision 2 (group '43', claim 'M99.nothing'): there is no such claim; `auditor rules` lists them",
    )
    assert len(load_decisions(path, claims={"M99.nothing"}).problems) == 1


@pytest.mark.parametrize(
    ("ticked", "verdict", "finding"),
    [
        (True, Verdict.SUPPORTED, Finding.CONFIRMED),
        (True, Verdict.PARTIAL, Finding.QUERY),
        (True, Verdict.CONTRADICTED, Finding.DISCREPANCY),
        (True, Verdict.UNVERIFIABLE, Finding.ASK),
        (False, Verdict.SUPPORTED, Finding.UNCLAIMED),
        (None, Verdict.SUPPORTED, Finding.NONE),
    ],
)
def test_a_decision_stands_beside_the_programs_own_verdict(
    ticked: bool | None, verdict: Verdict, finding: Finding
) -> None:
    own = claim("M8.dvc", ticked=ticked)
    found = Decisions((Entry("43", "M8.dvc", verdict, "seen", "nb", "2026-01-25", COMMIT),))

    decided = found.apply(audit(own, claim("M5.git")), "Group 43")

    first, second = decided.claims
    assert first.decision is not None
    assert (first.decision.verdict, first.decision.finding, first.decision.stale) == (verdict, finding, False)
    assert (first.decision.note, first.decision.by, first.decision.at) == ("seen", "nb", "2026-01-25")
    assert replace(first, decision=None) == own
    assert second.decision is None
    assert found.apply(audit(own), "44") == audit(own)


@pytest.mark.parametrize(
    ("audited", "looked_at", "stale"),
    [
        (COMMIT, COMMIT, False),
        (COMMIT, COMMIT.upper(), False),
        (COMMIT, COMMIT[:10], False),
        (COMMIT, OTHER, True),
        (COMMIT, None, False),
        (None, COMMIT, False),
    ],
)
def test_a_decision_on_another_commit_is_stale(audited: str | None, looked_at: str | None, stale: bool) -> None:
    found = Decisions((Entry("43", "M8.dvc", Verdict.SUPPORTED, commit=looked_at),))

    decision = found.apply(audit(claim("M8.dvc"), commit=audited), "43").claims[0].decision

    assert decision is not None
    assert decision.stale is stale


@pytest.mark.parametrize(
    "name", ["43", " 043 ", "Group 43", "group-43", "GROUP_0043", "\uff14\uff13", "group43", "#43"]
)
def test_names_of_the_same_group(name: str) -> None:
    assert group_key(name) == "43"


@pytest.mark.parametrize("name", ["430", "43b", "4 3", "team 43", "group", "", "43.0", "groups 43"])
def test_names_of_other_groups(name: str) -> None:
    assert group_key(name) != "43"


def test_names_compare_without_case_and_outer_spaces() -> None:
    assert group_key("  Buoy\tWatchers ") == group_key("buoy watchers") != group_key("buoywatchers")
    assert group_key("000") == group_key("0")


def test_the_digest_changes_with_what_counts_for_the_group_and_nothing_else() -> None:
    entry = Entry("43", "M8.dvc", Verdict.SUPPORTED, "seen", "nb", "2026-01-25", COMMIT)
    digest = Decisions((entry,)).digest("43")
    other_group = replace(entry, group="44")

    assert Decisions((other_group, replace(entry, group="Group 43"))).digest("043") == digest
    assert Decisions((replace(entry, note="old"), entry)).digest("43") == digest
    for changed in (
        replace(entry, note="seen "),
        replace(entry, verdict=Verdict.PARTIAL),
        replace(entry, claim="M5.git"),
        replace(entry, by="x"),
        replace(entry, at=""),
        replace(entry, commit=None),
    ):
        assert Decisions((changed,)).digest("43") != digest
    assert Decisions().digest("43") == Decisions((other_group,)).digest("43") != digest


def test_groups_that_are_not_in_the_class_are_told() -> None:
    found = Decisions(
        tuple(Entry(group, "M8.dvc", Verdict.PARTIAL) for group in ("Group 43", "34", "Bouy", "bouy", "0034"))
    )

    assert found.unmatched(["43", "44"]) == ("34", "Bouy")


@pytest.mark.parametrize(("commit", "count", "said"), [(COMMIT, 1, "decided"), (OTHER, 2, "to be looked at again")])
def test_decisions_are_shown_and_counted_on_the_console(commit: str, count: int, said: str) -> None:
    made = audit(claim("M8.dvc"), claim("M17.matrix_cache"))
    made = replace(made, report=ReportResult("reports/README.md", "2026", "43", 2, ()))
    entry = Entry("43", "M17.matrix_cache", Verdict.SUPPORTED, "shown on [bold]screen", "ada", AT.isoformat(), commit)
    shown = as_text(Decisions((entry,)).apply(made, "43"), Console(file=io.StringIO(), width=200)).decode()
    assert f"Discrepancies ({count})" in shown and f"2 ticked: {count} discrepanc" in shown
    assert said in shown and "shown on [bold]screen (the program says unsupported)" in shown
    assert ("= supported" in shown) is (commit == COMMIT)
