"""The sheet for an oral exam: who, five figures, what is open; escaped, and bound by a policy."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from support.page_samples import HOSTILE, N, audit, group, hostile_audit

from auditor.output.oral_exam.sheet import exam_sheet
from auditor.result.class_run import GroupAudit


class Elements(HTMLParser):
    """The names of all elements, and all text."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.names: list[str] = []
        self.text = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        assert not any(name.startswith("on") or name == "href" for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_it_holds_members_figures_and_open_questions() -> None:
    page = Elements(exam_sheet(group()))
    for text in ("Group 7", "Ada Lind", "Bo Holm", "0123456789", "12 commits after the deadline", "M14.logging"):
        assert text in page.text
    assert page.names.count("ol") == 1 and page.text.count("not shown") == 3  # a discrepancy, a query, one to ask
    assert "M5.git" not in page.text


def test_nothing_open_and_no_audit_are_said() -> None:
    assert "Nothing is open." in exam_sheet(group(result=audit((N, N, N, N, N, N)))).decode()
    assert "could not be audited" in exam_sheet(GroupAudit("Group 30", (), "x", None, "not found")).decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_strangers_text_stays_text(text: str) -> None:
    page = Elements(exam_sheet(GroupAudit(text, (text,), text, hostile_audit(text), notes=(text,))))
    assert not {"script", "img", "svg", "a"} & set(page.names)
    assert page.names.count("style") == page.names.count("title") == 1
