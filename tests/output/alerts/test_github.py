"""Annotations: the commands that the runner reads from the output are those that were meant, whatever strangers write."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.alert_samples import PAYLOADS, STRANGE, handed_in, remark, strange
from support.page_samples import COMMIT, A, C, D, N, Q, U, audit, claim, hostile_audit
from support.workflow_commands import Command, read_back

from auditor.engine.run import run_audit
from auditor.evidence import Place
from auditor.output import writer
from auditor.output.alerts.github import MESSAGE_LENGTH, SHOWN, TITLE_LENGTH, command, cut, to_github
from auditor.output.words.wording import one_line, visible
from auditor.records import replace
from auditor.result.audit import AuditResult, Decision, SetAside, Settings, Verdict
from auditor.samples import build_samples


def commands_of(result: AuditResult) -> list[Command]:
    """The commands of a result, after it was checked what holds for every output."""
    output = to_github(result)
    commands = read_back(output)
    assert output.count(b"\n") == len(commands)
    assert b"##[" not in output
    assert all(one.name in ("warning", "notice") for one in commands)
    assert all(set(one.properties) <= {"file", "line", "title"} for one in commands)
    for one in commands:
        assert one.properties["title"]
        assert len(one.properties["title"]) <= TITLE_LENGTH
        assert len(one.data.encode("utf-16-le")) // 2 <= 4096
        assert int(one.properties.get("line", 1)) >= 1
        for text in (*one.properties.values(), one.data):
            assert visible(text) == text
    for name in ("warning", "notice"):
        assert sum(one.name == name for one in commands) <= SHOWN
    return commands


def shape(commands: list[Command]) -> list[tuple[str, tuple[str, ...]]]:
    """Names, and which properties each has."""
    return [(one.name, tuple(sorted(one.properties))) for one in commands]


@settings(max_examples=300, deadline=None)
@given(STRANGE, STRANGE, STRANGE, st.integers(1, 10_000))
def test_a_command_is_read_back_as_it_was_meant(path: str, title: str, message: str, line: int) -> None:
    output = command("warning", Place(f"a{path}", line, ""), f"M1.x {title}", message) + "\n"
    (found,) = read_back(output.encode("utf-8"))
    assert found.name == "warning"
    assert found.properties == {
        "file": visible(f"a{path}").replace("##[", "## ["),
        "line": str(line),
        "title": cut(one_line(f"M1.x {title}"), TITLE_LENGTH).replace("##[", "## ["),
    }
    assert found.data == cut(visible(message), MESSAGE_LENGTH).replace("##[", "## [")


@pytest.mark.parametrize("path", ["=x", "==x", "=", " x", "x ", "a=b,c", "a::b", "100%", "%2C"])
def test_names_that_look_like_a_commands_own_marks(path: str) -> None:
    (found,) = read_back((command("notice", Place(path, None, ""), "t", "m") + "\n").encode())
    assert found.properties["file"].removeprefix("./") == path
    assert "line" not in found.properties


def test_each_finding_has_its_level_place_and_sentences() -> None:
    made = replace(
        audit((C, Q, D, U, A, N)), claims=(*audit().claims[:2], claim(2, D, settle=("Do it.", "Or untick it.")))
    )
    found = commands_of(made)
    assert [(one.name, one.properties) for one in found] == [
        ("warning", {"file": "reports/README.md", "line": "22", "title": "M14.logging Logging of events"}),
        ("notice", {"file": "reports/README.md", "line": "21", "title": "M8.dvc Data under version control"}),
    ]
    assert found[0].data.split("\n") == [
        "“Logging of events” is ticked, and the repository does not show it. What was found of logging of events.",
        "- Do it.",
        "- Or untick it.",
    ]
    assert writer("github") is to_github
    assert to_github(made) == to_github(made)


def test_nothing_open_is_no_annotation() -> None:
    assert to_github(audit((C, C, U, A, N))) == b""
    decision = Decision(Verdict.SUPPORTED, C, "shown", "Dana Reyes", "2026-01-25T10:00", COMMIT)
    assert to_github(replace(audit(), claims=(claim(2, D, decision=decision),))) == b""


def test_what_does_not_fit_is_counted_in_the_last_notice() -> None:
    claims = tuple(claim(number % 6, D if number < 12 else Q, line=number + 1) for number in range(24))
    found = commands_of(replace(audit(), claims=claims))
    assert [one.name for one in found] == ["warning"] * 10 + ["notice"] * 10
    assert found[-1].data.startswith("2 more warnings and 3 more notices: ")
    exactly = commands_of(replace(audit(), claims=claims[2:22]))
    assert [one.name for one in exactly] == ["warning"] * 10 + ["notice"] * 10
    assert "more" not in exactly[-1].data
    eleven = commands_of(replace(audit(), claims=claims[12:23]))
    assert len(eleven) == 10
    assert eleven[-1].data.startswith("2 more notices: ")


def test_secrets_come_first_other_remarks_after_claims_and_one_check_does_not_fill_the_room() -> None:
    remarks = [remark(number, "H.length") for number in range(20)]
    secret = remark(1, "H.secrets", place=Place(".env", 1, "TOKEN=ghp_****"))
    found = commands_of(handed_in(*remarks, remark(1, "H.figures"), secret))
    rules = [one.properties["title"].split()[0] for one in found]
    assert rules[:5] == ["H.secrets", "M14.logging", "M8.dvc", "H.length", "H.figures"]
    assert [one.name for one in found][:3] == ["warning", "warning", "notice"]
    assert rules[-1] == "auditor"
    assert found[-1].data.startswith("13 more notices: ")


def test_what_a_reader_must_know_besides() -> None:
    made = audit((C, D))
    made = replace(
        made,
        repository=replace(made.repository, problems=(Place("big.bin", None, "too large"),)),
        claims=(*made.claims, claim(3, N, error="ValueError")),
        settings=Settings("pyproject.toml", 3, True, ignored=(SetAside("M30", "one machine", 5),)),
    )
    found = commands_of(made)
    assert found[1].properties == {
        "file": "pyproject.toml",
        "line": "5",
        "title": "The group's own settings, followed here",
    }
    assert found[1].data == "M30 is left out: one machine"
    assert found[2].data.startswith("1 claim could not be judged and 1 thing was not read")
    nothing = commands_of(replace(made, report=replace(made.report, path=None)))
    assert any(one.data.startswith("No report with a checklist") for one in nothing)
    assert nothing[0].properties["file"] == "reports/README.md"


@pytest.mark.parametrize("text", PAYLOADS, ids=range(len(PAYLOADS)))
def test_hostile_text_is_no_command_of_its_own(text: str) -> None:
    found = commands_of(strange(text))
    if text:
        assert shape(found) == shape(commands_of(strange("x")))
    commands_of(hostile_audit(text))


@settings(max_examples=100, deadline=None)
@given(STRANGE)
def test_any_text_is_no_command_of_its_own(text: str) -> None:
    commands_of(strange(text))


def test_the_sample_groups(tmp_path: Path) -> None:
    for path in build_samples(tmp_path):
        result = run_audit(path)
        found = commands_of(result)
        shown = [one for one in found if one.properties["title"] != "auditor"]
        assert sum(one.name == "warning" for one in shown) == min(SHOWN, result.summary.discrepancies)
        assert all(one.properties["file"] == "reports/README.md" for one in shown)
