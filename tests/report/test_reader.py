"""Reports in one file and in two: what is joined, where every line stands, and which lines are report."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.report_samples import catalog, checklist, question

from auditor.engine.run import run_audit
from auditor.errors import AuditError
from auditor.report import Report, read_report
from auditor.repository.opening import open_snapshot
from auditor.result.audit import AuditResult

HERE = "reports/README.md"
TICKS = checklist("2026", True)
NOT_MONITORED = "We did not set up any monitoring of the model."


def asked(answers: dict[int, str]) -> str:
    """The questions of 2026 with these answers."""
    return "# Questions\n" + "".join(
        question(n, answers.get(n, f"--- question {n} fill here ---")) for n in range(1, 32)
    )


ANSWERS = asked({1: "27", 2: "s111111, s222222", 26: NOT_MONITORED})


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def find(folder: Path, files: dict[str, str], *paths: str) -> Report:
    write(folder, files)
    report = read_report(open_snapshot(folder, use_git=False), catalog(), paths)
    assert report is not None
    return report


def audited(folder: Path, files: dict[str, str], *claims: str) -> AuditResult:
    write(folder, files)
    return run_audit(folder, use_git=False, select=claims)


@pytest.mark.parametrize("listing", ["TICKS.md", "README.md", "docs/checklist.md"])
def test_a_checklist_here_and_answers_there_are_one_report(tmp_path: Path, listing: str) -> None:
    report = find(tmp_path, {listing: "# shop\n\n" + TICKS, HERE: ANSWERS})
    assert (report.path, report.answers_path) == (listing, HERE)
    assert len(report.items) == 53
    assert report.ticked("M28.alerts")
    assert (report.group, report.members, report.edition) == ("27", 2, "2026")
    assert {answer.path for answer in report.answers} == {HERE}
    halves = {problem.path: problem.message for problem in report.problems if "only the" in problem.message}
    assert "checklist" in halves[listing]
    assert HERE in halves[listing]
    assert "answers" in halves[HERE]


def test_each_answer_keeps_its_file_and_line(tmp_path: Path) -> None:
    result = audited(tmp_path, {"TICKS.md": TICKS, HERE: ANSWERS}, "M28.alerts", "M28.metrics")
    assert (result.report.path, result.report.answers_path) == ("TICKS.md", HERE)
    for claim in result.claims:
        assert claim.verdict == "contradicted"
        assert [place.path for place in claim.against] == [HERE]
        line = claim.against[0].line
        assert line is not None
        assert ANSWERS.split("\n")[line - 1] == NOT_MONITORED
        assert claim.line is not None
        assert "[x]" in TICKS.split("\n")[claim.line - 1]


def test_figures_are_looked_for_beside_the_answers(tmp_path: Path) -> None:
    said = asked({16: "We ran snakeviz on the loader: 70 % of the time went into decoding.\n\n![flame](figures/a.png)"})
    result = audited(tmp_path, {"TICKS.md": TICKS, HERE: said, "reports/figures/a.png": "x"}, "M12.profiling")
    assert result.report.missing_links == ()
    assert result.claim("M12.profiling").verdict == "partial"
    (tmp_path / "reports/figures/a.png").unlink()
    assert run_audit(tmp_path, use_git=False, select=["M12.profiling"]).report.missing_links[0].path == HERE


def test_a_list_of_other_tasks_is_never_merged(tmp_path: Path) -> None:
    tasks = "# To do\n\n" + "".join(f"- [x] task {n}: write the part on {n}\n" for n in range(12))
    report = find(tmp_path, {HERE: ANSWERS, "notes.md": tasks})
    assert report.items == ()
    assert report.path == HERE
    whole = find(tmp_path, {HERE: TICKS + ANSWERS, "notes.md": tasks})
    assert whole.files == (HERE,)


def test_a_whole_report_is_not_joined_with_another_checklist(tmp_path: Path) -> None:
    blank = checklist("2026")
    report = find(tmp_path, {HERE: blank + ANSWERS, "README.md": TICKS})
    assert report.files == (HERE,)
    assert not report.ticked("M28.alerts")
    assert any("with ticks was found at README.md" in problem.message for problem in report.problems)


def test_untouched_questions_are_no_answers(tmp_path: Path) -> None:
    assert find(tmp_path, {"TICKS.md": TICKS, HERE: asked({})}).files == ("TICKS.md",)


def test_two_files_can_be_named(tmp_path: Path) -> None:
    files = {"a.md": TICKS, "b.md": ANSWERS, "c.md": "# nothing\n", HERE: TICKS + ANSWERS}
    for given in (("a.md", "b.md"), ("b.md", "a.md")):
        report = find(tmp_path, files, *given)
        assert (report.path, report.answers_path) == ("a.md", "b.md")
    assert find(tmp_path, files, "a.md").files == ("a.md",)
    assert any(p.path == "c.md" for p in find(tmp_path, files, "a.md", "b.md", "c.md").problems)
    write(tmp_path, {"auditor.toml": 'report = ["a.md", "b.md"]\n'})
    result = run_audit(tmp_path, use_git=False, select=["M28.alerts"], group_settings=True)
    assert (result.report.path, result.report.answers_path) == ("a.md", "b.md")
    assert result.settings is not None
    assert (result.settings.report, result.settings.reports) == ("a.md", ("a.md", "b.md"))
    assert run_audit(tmp_path, use_git=False, select=["M28.alerts"], report=["a.md", "b.md"]).report == result.report
    with pytest.raises(AuditError, match="no checklist"):
        run_audit(tmp_path, use_git=False, report=["b.md"])


COMMAND = "## Usage\n\n```bash\ndocker build -f serve.dockerfile -t shop .\n```\n"
DOCKERFILE = "FROM python:3.12-slim\nCOPY serve.py serve.py\nRUN pip install flask\nCMD python serve.py\n"


@pytest.mark.parametrize(
    ("readme", "verdict"),
    [
        ("# shop\n\n" + COMMAND + "\n" + TICKS, "supported"),
        ("# shop\n\n" + TICKS + "\n" + COMMAND, "supported"),
        ("# shop\n\n" + TICKS, "unverifiable"),
        ("# shop\n\n" + TICKS.replace("### Week 2", "Run `docker build -f serve.dockerfile .`\n"), "partial"),
    ],
)
def test_only_the_checklist_of_the_readme_is_report(tmp_path: Path, readme: str, verdict: str) -> None:
    files = {"README.md": readme, HERE: ANSWERS, "serve.dockerfile": DOCKERFILE, "serve.py": "print(1)\n"}
    if verdict == "partial":  # told in an answer alone, which stands in the README here
        files = {**files, "README.md": TICKS + asked({15: COMMAND.partition("\n\n")[2]}), HERE: ""}
    assert audited(tmp_path, files, "M10.build").claim("M10.build").verdict == verdict


def test_chapters_after_the_last_question_of_a_readme_are_its_own(tmp_path: Path) -> None:
    readme = "# shop\n\n" + TICKS + asked({31: "Ada did the model."}) + "\n" + COMMAND
    report = find(tmp_path, {"README.md": readme})
    assert "docker" not in "\n".join(line.text for line in report.answers[-1].code)
    lines = readme.split("\n")
    usage = lines.index("## Usage") + 1
    assert not any(s.first <= usage <= (s.last or usage) for s in report.stretches)
    for text in ("## Overall project checklist", "### Question 31", "Ada did the model."):
        number = lines.index(text) + 1
        assert any(s.first <= number <= (s.last or number) for s in report.stretches)


def test_of_two_claims_on_one_line_the_tick_speaks_for_the_first(tmp_path: Path) -> None:
    said = question(14, "We did not run a sweep. We did not use W&B either.")
    result = audited(tmp_path, {HERE: checklist("2024", True) + said}, "M14.wandb", "M14.sweep")
    first, second = result.claims
    assert (first.verdict, first.finding) == ("contradicted", "discrepancy")
    assert (second.verdict, second.finding, second.ticked) == ("contradicted", "query", True)
    assert [one.claims for one in result.report.contradictions] == [("M14.wandb",)]
