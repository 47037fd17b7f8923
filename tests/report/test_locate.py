"""Where the report is found."""

from __future__ import annotations

import pytest
from support.report_samples import catalog, checklist, question
from support.trees import Trees

from auditor.errors import AuditError
from auditor.report import Report, read_report

BLANK = checklist() + "".join(question(n, f"--- question {n} fill here ---") for n in range(1, 32))
FILLED = checklist("2026", True) + "".join(question(n, f"Answer {n}.") for n in range(1, 32))
TODO = "# shop\n\n" + checklist("2026", True)


def find(tree: Trees, files: dict[str, str], path: str | None = None) -> Report | None:
    return read_report(tree(files).snapshot, catalog(), [path] if path else [])


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"reports/README.md": FILLED}, "reports/README.md"),
        ({"reports/README.md": FILLED, "README.md": TODO}, "reports/README.md"),
        ({"reports/README.md": BLANK}, "reports/README.md"),
        ({"reports/README.md": BLANK, "README.md": FILLED}, "README.md"),
        ({"reports/README.md": BLANK, "reports/report.md": FILLED}, "reports/report.md"),
        ({"README.md": TODO}, "README.md"),
        ({"shop/reports/README.md": FILLED, "README.md": "# shop\n"}, "shop/reports/README.md"),
        ({"external/course/reports/README.md": FILLED, "report/README.md": BLANK}, "report/README.md"),
        ({".github/agents/helper.md": TODO, "docs/exam.md": FILLED}, "docs/exam.md"),
        ({"Reports/Readme.MD": FILLED}, "Reports/Readme.MD"),
    ],
)
def test_the_report_is_found(tree: Trees, files: dict[str, str], expected: str) -> None:
    report = find(tree, files)
    assert report is not None
    assert report.path == expected
    elsewhere = any("not where the course expects it" in problem.message for problem in report.problems)
    assert elsewhere is (expected != "reports/README.md")


def test_none_where_there_is_none(tree: Trees) -> None:
    links = "".join(f"- [{name}](https://example.org/{name})\n" for name in "abcdefghijkl")
    todo = "".join(f"- [ ] buy {name}\n" for name in ("milk", "tea", "salt", "oil", "rice", "beans", "corn", "figs"))
    assert find(tree, {"README.md": "# shop\n\n" + links + "\n" + todo}) is None


def test_a_given_path_wins(tree: Trees) -> None:
    files = {"reports/README.md": FILLED, "docs/other.md": BLANK}
    report = find(tree, files, "docs/other.md")
    assert report is not None
    assert report.path == "docs/other.md"
    with pytest.raises(AuditError, match=r"no/such\.md"):
        find(tree, files, "no/such.md")


def test_a_report_that_is_no_text(tree: Trees) -> None:
    assert read_report(tree({"reports/README.md": b"\0\1\2" * 100}).snapshot, catalog()) is None
