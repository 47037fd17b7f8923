"""The engine's promises: one failing rule never stops the audit, and explanations accuse nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.repositories import make_repository

from auditor import audit
from auditor.course.catalog import load_catalog
from auditor.course.rule import Rule
from auditor.course.rulebook import Rulebook, load_rulebook
from auditor.engine.explanations import Judged, explain
from auditor.errors import AuditError
from auditor.evidence import Part, part, seen
from auditor.injection import Facts, annotated, fact
from auditor.records import replace
from auditor.repository.snapshot import Snapshot
from auditor.result.audit import Finding, Verdict
from auditor.samples import build_samples

BOOK: Rulebook = load_rulebook()


def broken(snapshot: Snapshot) -> Iterator[Part]:
    """A rule that fails."""
    if snapshot.paths:
        raise RuntimeError("no luck")
    yield part("never")


def test_every_claim_has_a_rule_and_every_rule_tells_how_to_settle_it() -> None:
    assert BOOK.broken == ()
    assert [claim.id for claim in BOOK.catalog if claim.id not in BOOK.rules] == []
    assert [name for name, rule in BOOK.rules.items() if not rule.settle or "Accepted:" not in rule.text] == []


def test_a_rule_that_raises_costs_its_claim_only(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "r", {"README.md": "# shop\n"})
    book = replace(BOOK, rules={**BOOK.rules, "M9.cli": Rule("M9.cli", broken)})
    result = audit(repository, rulebook=book)
    claim = result.claim("M9.cli")
    assert claim.error == "the rule failed: RuntimeError: no luck"
    assert (claim.verdict, claim.finding) == (Verdict.UNVERIFIABLE, Finding.NONE)
    assert sum(one.error is not None for one in result.claims) == 1 == result.summary.errors


def test_a_claim_without_rule_is_not_judged(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "r", {"README.md": "# shop\n"})
    book = replace(BOOK, rules={})
    assert all(claim.error for claim in audit(repository, rulebook=book, select=["M5"]).claims)


def test_unknown_names_are_refused(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "r", {"README.md": "# shop\n"})
    with pytest.raises(AuditError, match="M99"):
        audit(repository, select=["M99"])
    with pytest.raises(AuditError, match="no rule package"):
        load_rulebook("another-course")


CALLS: list[int] = []


class Count(int):
    """A fact."""


@fact
def count() -> Count:
    """Counts how often it is asked for."""
    CALLS.append(1)
    return Count(3)


def test_a_fact_is_computed_once() -> None:
    facts = Facts()
    assert facts.get(Count) == facts.get(Count) == 3
    assert len(CALLS) == 1
    with pytest.raises(LookupError):
        facts.get(dict)


ACCUSING = re.compile(
    r"\b(cheat|lie|lied|lying|false|fake|dishonest|fraud|pretend|wrongly|suspicious|accus)", re.IGNORECASE
)


def test_annotations_are_found_however_they_are_written() -> None:
    def named(path: Path, other: re.Pattern[str], third) -> Snapshot | None: ...  # type: ignore[no-untyped-def]

    assert annotated(named, "path") is Path
    assert annotated(named, "other") == re.Pattern[str]
    assert annotated(named, "third") is None
    assert annotated(named, "return") == Snapshot | None
    named.__annotations__["path"] = Part
    assert annotated(named, "path") is Part


def test_explanations_accuse_nobody(tmp_path: Path) -> None:
    for repository in build_samples(tmp_path):
        for claim in audit(repository, rulebook=BOOK).claims:
            assert claim.explanation, claim.id
            said = claim.explanation.replace("if: false", "")  # the key of a workflow, word for word
            assert not ACCUSING.search(said), said


def test_an_explanation_of_a_discrepancy() -> None:
    parts = [part("load test", looked_for="a locustfile")]
    judged = Judged(
        "Load test your application",
        tuple(parts),
        Verdict.UNSUPPORTED,
        Finding.DISCREPANCY,
        elsewhere=(seen("tests/locustfile.py", None, "on the branch load, on 2026-01-20", "ab" * 20),),
        settle="show the locust file.",
    )
    said = explain(judged)
    assert said == (
        "No trace of it was found in the repository. Looked for and not found: a locustfile. Not in the audited commit, but by "
        "its name worth a look: tests/locustfile.py (on the branch load, on 2026-01-20). "
        "What would settle it: show the locust file."
    )


def test_work_on_another_branch_is_mentioned(tmp_path: Path) -> None:
    import subprocess

    checklist = "\n".join(f"* [x] {c.wording('2026')}" for c in BOOK.catalog if c.wording("2026"))
    repository = make_repository(
        tmp_path / "r", {"reports/README.md": f"## Overall project checklist\n\n{checklist}\n"}
    )
    git = ["git", "-C", str(repository), "-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run([*git, "checkout", "-q", "-b", "load"], check=True)
    (repository / "locustfile.py").write_text("from locust import HttpUser\n")
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "load test"], check=True)
    subprocess.run([*git, "checkout", "-q", "-"], check=True)
    claim = audit(repository, rulebook=BOOK).claim("M24.load_test")
    assert claim.finding is Finding.DISCREPANCY
    assert [place.path for place in claim.elsewhere] == ["locustfile.py"]
    assert "locustfile.py" in claim.explanation


def test_the_catalogue_is_checked() -> None:
    with pytest.raises(ValueError, match="told"):
        load_catalog(
            "claims:\n- {id: A.b, module: A, section: s, title: t, optional: true, told: false, items: {2026: do it}}\n"
        )
