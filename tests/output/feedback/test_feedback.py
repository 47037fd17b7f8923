"""Feedback in Markdown: what it says, a course's own template, and strangers' text without effect."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt
from support.page_samples import HOSTILE, group, hostile_audit

from auditor.errors import AuditError
from auditor.output.feedback.feedback import feedback_text
from auditor.result.class_run import GroupAudit


def rendered(text: str) -> str:
    return str(MarkdownIt("commonmark").render(text))


def test_it_greets_says_the_words_and_links_the_places() -> None:
    text = feedback_text(group())
    assert text.startswith("# Feedback to Group 7\n\nDear Ada Lind, Bo Holm,\n\nwe read your hand-in as it stood at [")
    assert "Of the 4 items that you ticked, 1 is backed" in text
    html = rendered(text)
    assert "<h2>Ticked, and we did not see it</h2>" in html
    assert (
        '<a href="https://github.com/example/buoy/blob/0123456789abcdef0123456789abcdef01234567/src/buoy/train.py#L7">'
        in html
    )
    assert "Logging of events" in html and "Data under version control" in html
    assert "Git repository with history" not in html  # confirmed: counted, not listed


def test_a_course_brings_its_own_template() -> None:
    own = "Kære {{ group }}\n{% for claim in not_shown + partly_shown %}* {{ claim.id }} {{ claim.note }}\n{% endfor %}"
    assert feedback_text(group(), own) == "Kære Group 7\n* M14.logging \n* M8.dvc \n"


@pytest.mark.parametrize("template", ["{{ nobody }}", "{% for %}", "{{ group.__class__.__mro__ }}", "{{ 1 / 0 }}"])
def test_a_broken_template_is_told_in_a_line(template: str) -> None:
    with pytest.raises(AuditError, match=r"^the template for feedback: [^\n]+$"):
        feedback_text(group(), template)


@pytest.mark.parametrize("text", HOSTILE)
def test_strangers_text_has_no_effect(text: str) -> None:
    told = feedback_text(GroupAudit(text, (text, text), text, hostile_audit(text)))
    html = MarkdownIt("commonmark", {"html": True}).render(told)
    for element in ("<script", "<img", "<svg", "</style"):
        assert element not in html
    assert "\u202e" not in told and "\x1b" not in told


def test_a_group_without_an_audit_has_a_text_too() -> None:
    assert "Dear group" in feedback_text(GroupAudit("Group 30", (), "x", None, "not found"))
