"""The Markdown form: everything is there, and strangers' text is text, by a Markdown parser's own reading."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from support.page_samples import COMMIT, HOSTILE, WEB, A, C, D, N, Q, U, audit, claim, hostile_audit

from auditor.evidence import Place
from auditor.output.markdown.markdown import code, fenced, prose, to_markdown
from auditor.output.words.wording import one_line, visible
from auditor.records import replace
from auditor.result.audit import Decision, Verdict

MARKS = (
    *HOSTILE,
    "@example/team and @someone, see #12 or GH-3",
    "https://example.org/x, http://example.org, www.example.org, ada@example.org",
    "**bold** _it_ ~~gone~~ `code` [text](https://example.org) ![x](y.png)",
    "a | b || c \\| d \\\\| e",
    "# heading",
    "- item",
    "+ item",
    "1. item",
    "12) item",
    "> quote",
    "=====",
    "--- ",
    "``` fence",
    "`` `x` ``",
    "$x^2$ and :smile: and \\*",
    "[x]: https://example.org",
    "<!-- comment --> <br> &copy; &#64;",
    "line\nbreak\r\n# and heading",
    "    four blanks",
)


def parsed(text: str) -> list[Token]:
    """The tokens of GitHub's flavour as far as it is known here, with HTML allowed: what is not escaped would show."""
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)


def flat(tokens: list[Token]) -> list[Token]:
    return [token for outer in tokens for token in (outer, *(outer.children or ()))]


def shown(tokens: list[Token]) -> str:
    """What a reader sees, without the blanks of no width."""
    words = (token.content for token in flat(tokens) if token.type in ("text", "text_special", "code_inline"))
    return "".join(words).replace("\u200b", "")


@pytest.mark.parametrize("text", MARKS)
@pytest.mark.parametrize("frame", ["{}", "- {}", "| a | b |\n|---|---|\n| {} | b |", "**said:** {} `end`", "### {}"])
def test_prose_is_text_wherever_it_stands(text: str, frame: str) -> None:
    tokens = parsed(frame.format(prose(text)))
    expected = parsed(frame.format("word"))
    assert [token.type for token in tokens] == [token.type for token in expected]
    kinds = {token.type for token in flat(tokens)} - {token.type for token in flat(expected)}
    assert kinds <= {"text_special"}
    assert shown(tokens).replace("end", "") == shown(expected).replace("word", one_line(text)).replace("end", "")


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from("\\`*_{}[]()#+-.!|<>~&@:$/ 1a\n"), st.characters()), max_size=30))
def test_any_prose_and_any_code_is_text(text: str) -> None:
    tokens = parsed("x " + prose(text) + " x")
    assert {token.type for token in flat(tokens)} <= {
        "paragraph_open",
        "paragraph_close",
        "inline",
        "text",
        "text_special",
    }
    assert shown(tokens) == f"x {one_line(text)} x".replace("\u200b", "")
    if one_line(text).strip():
        tokens = parsed("x " + code(text) + " x")
        assert [token.content for token in flat(tokens) if token.type == "code_inline"] == [one_line(text)]


@pytest.mark.parametrize("text", ["@someone", "a@example.org", "#12", "GH-3", "https://example.org", "www.example.org"])
def test_what_github_links_by_itself_is_broken(text: str) -> None:
    assert text not in prose(f"see {text} there")
    assert "&#8203;" in prose(text)


def test_a_code_block_cannot_be_left() -> None:
    tokens = parsed(fenced("one\n```\n# two\n````\n<b>"))
    assert [token.type for token in tokens] == ["fence"]
    assert tokens[0].content == "one\n```\n# two\n````\n<b>\n"


@pytest.mark.parametrize("text", MARKS)
def test_a_hostile_audit_has_the_shape_of_any_other(text: str) -> None:
    tokens = parsed(to_markdown(hostile_audit(text)).decode())
    tame = parsed(to_markdown(hostile_audit("x")).decode())
    assert [token.type for token in tokens] == [token.type for token in tame]
    kinds = {token.type for token in flat(tokens)}
    assert not kinds & {"html_inline", "html_block", "image", "s_open", "softbreak", "hardbreak"}
    links = [token.attrs["href"] for token in flat(tokens) if token.type == "link_open"]
    assert links
    assert all(str(link).startswith(f"{WEB}/") for link in links)
    assert [c for c in to_markdown(hostile_audit(text)).decode() if not c.isprintable() and c != "\n"] == []


def test_what_a_reader_needs_is_there_in_order() -> None:
    text = to_markdown(audit()).decode()
    headings = re.findall(r"^(##? .*)$", text, re.M)
    assert headings == [
        "# Audit of Group 7",
        "## Discrepancies (1)",
        "## Queries (1)",
        "## To ask (1)",
        "## Questions to copy",
        "## All claims",
    ]
    assert "| 1 | 1 | 1 | 1 | 1 |" in text
    assert f"[`src/buoy/train.py:7`]({WEB}/blob/{COMMIT}/src/buoy/train.py#L7) `logger.info(loss)`" in text
    assert "remote: not found; looked for: a remote in .dvc/config" in text
    assert "1. M14.logging: You ticked “Logging of events”. Could you show it?" in text
    table = text[text.index("## All claims") :]
    assert [line.split(" | ")[1] for line in table.splitlines() if line.startswith(("| x", "|  "))] == [
        f"`{one.id}`" for one in audit().claims
    ]
    assert text.endswith("_A verdict is a question to ask, not a proof: the group may show what was not found._\n")
    assert to_markdown(audit()) == to_markdown(audit())


@pytest.mark.parametrize("stale", [False, True])
def test_decisions_count_unless_stale(stale: bool) -> None:
    decision = Decision(
        Verdict.SUPPORTED, C, "shown in the meeting", "Dana Reyes", "2026-01-25T10:00", "fedcba9876", stale
    )
    text = to_markdown(replace(audit(), claims=(claim(2, D, decision=decision),))).decode()
    assert ("## Discrepancies (1)" in text) is stale
    assert ("Decided on another commit" in text) is stale
    assert ("## Questions to copy" in text) is stale


def test_no_report_no_git_and_what_was_not_read_are_told() -> None:
    made = audit((N, N, U, C, Q, A))
    made = replace(
        made,
        repository=replace(
            made.repository, commit=None, committed_at=None, web=None, problems=(Place("big.bin", None, "too large"),)
        ),
        report=replace(made.report, path=None, group=None),
    )
    text = to_markdown(made).decode()
    assert "# Audit of buoy" in text
    assert "without git history" in text
    assert "**No report with a checklist was found" in text
    assert "## Not read (1)\n\n- `big.bin` `too large`" in text
    assert "Repository: `buoy`, without git history" in text
    assert "](" not in text


def test_visible_is_what_one_line_shows() -> None:
    assert one_line("a\n\tb\x1b[0m") == visible("a b\x1b[0m")
