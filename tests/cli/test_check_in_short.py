"""What a student reads first and last: headings, rows, what changed since, and why a hook fails."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.command_line import one_line, run
from support.hand_in_samples import checked, files, pushed, whole_report, words
from support.repositories import Step, commit, make_repository, write

from auditor.checks import checks
from auditor.engine.last_check import LastCheck, changed, open_points
from auditor.engine.run import run_audit
from auditor.output.alerts.github import to_github
from auditor.output.markdown.advice_markdown import to_markdown
from auditor.output.words.advice_words import headline
from auditor.output.words.remark_rows import looks, rows, to_mend
from auditor.result.audit import AuditResult, Finding, Since
from auditor.samples import build_samples

KEY = "T = 'ghp_" + "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1b2C'\n"
WEB = "![chart](https://charts.example.org/{}.png)"


def text_of(folder: Path, *options: str) -> str:
    return " ".join(run("check", folder, "--no-memory", *options).stdout.split())


def left(*numbers: int) -> dict[int, str]:
    """Answers beside which the template's placeholder was left."""
    return {number: f"--- question {number} fill here ---\n\n{words(120)}" for number in numbers}


# ---- what fails


def test_an_untouched_placeholder_fails_and_the_last_lines_say_so(tmp_path: Path) -> None:
    text = whole_report({27: "--- question 27 fill here ---"}, ticked=("M5.git", "M31.inference"))
    folder = pushed(tmp_path / "shop", files(text, {"bot.py": KEY}))
    done = run("check", folder, "--no-memory", "--fail-on", "hand-in")
    assert done.returncode == 1
    last = " ".join(done.stdout.partition("This check fails (--fail-on hand-in):")[2].split())
    line = next(number for number, row in enumerate(text.split("\n"), 1) if "question 27 fill" in row)
    assert last == f"H.unanswered: reports/README.md:{line} H.secrets: bot.py:1"
    done = run("check", folder, "--no-memory", "--fail-on", "discrepancy")
    assert done.stdout.rstrip().endswith("M31.inference: would be challenged")
    assert "This check fails" not in run("check", folder, "--no-memory", "--fail-on", "never").stdout


def test_a_question_without_any_placeholder_does_not_fail(tmp_path: Path) -> None:
    folder = pushed(tmp_path / "shop", files(whole_report({27: ""})))
    assert any(one.check == "H.unanswered" for one in checked(folder).hand_in or ())
    assert run("check", folder, "--no-memory", "--fail-on", "hand-in").returncode == 0


# ---- headings and rows


def test_no_heading_says_the_opposite_of_what_was_found(tmp_path: Path) -> None:
    text = whole_report(left(16) | {19: "", 20: "![x](figures/none.png)", 10: f"{words(120)} [x](none.md)", 7: "short"})
    folder = make_repository(tmp_path / "shop", files(text, {"bot.py": KEY, "models/model.pt": b"\1" * 2_000_000}))
    write(folder, {"new.py": "x = 1\n"})
    result = checked(folder)
    found = {one.check for one in result.hand_in or ()}
    assert len(found) >= 8
    shown = [
        text_of(folder),
        to_markdown(result).decode(),
        to_github(result).decode(),
        text_of(folder, "--format", "sarif"),
    ]
    for check in checks():
        assert check.fault != check.title
        for output in shown:
            assert check.title not in output, (check.name, output)
        if check.name in found:
            assert check.fault.replace("'", "&#39;") in shown[0].replace("'", "&#39;"), check.name


def test_what_is_the_same_for_several_places_is_one_row(tmp_path: Path) -> None:
    figures = {19: WEB.format(1), 20: WEB.format(2), 21: WEB.format(3), 29: f"{words(250)} {WEB.format(4)}"}
    folder = pushed(tmp_path / "shop", files(whole_report(left(8, 9, 10, 11, 13) | figures)))
    result = checked(folder)
    places = {row.check: len(row.places) for row in rows(to_mend(result))}
    assert places == {"H.placeholder": 5, "H.figure_files": 4}
    for options in ((), ("--format", "markdown")):
        text = text_of(folder, *options).replace("`", "")
        assert text.count("placeholder still stands there") == 1 and text.count("elsewhere on the web") == 1
        assert re.search(
            r"reports/README.md:\d+, (?:reports/README.md)?:\d+, (?:reports/README.md)?:\d+ and 2 more:? ", text
        )
        assert "2 things to mend before you hand in" in text and "Before you hand in (2)" in text


def test_recommendations_are_no_things_to_mend(tmp_path: Path) -> None:
    folder = pushed(tmp_path / "shop", files(whole_report({7: "short", 27: ""})))
    text = text_of(folder)
    assert "1 thing to mend before you hand in; 2 worth a look" in text  # the other: more members than authors
    mend, look = text.index("Before you hand in (1)"), text.index("Worth a look (2)")
    assert mend < text.index("H.unanswered") < look < text.index("H.length")


def test_a_reason_and_a_note_are_said_once(tmp_path: Path) -> None:
    text = re.sub(r"(\* \[x\].*\(M14\))", r"\1 - only in training", whole_report(ticked=("M14.logging",)), count=1)
    code = {"src/shop/train.py": "import logging\n\n\ndef train():\n    logging.info('x')\n"}
    folder = pushed(tmp_path / "shop", files(text, code))
    claim = run_audit(folder).claim("M14.logging")
    assert claim.note == "only in training"
    (why,) = {trace.why for part in claim.parts for trace in part.traces}
    for options in ((), ("--format", "markdown")):
        shown = text_of(folder, "--select", "M14.logging", *options)
        assert shown.count("only in training") == 1, shown
        assert shown.count(why.replace("`", "")) == 1, shown
        assert "settle it: - To settle it:" not in shown


# ---- the report against itself


def test_the_group_is_told_what_a_teaching_assistant_is(tmp_path: Path) -> None:
    answers = {
        16: f"{words(100)} We did not do any profiling.",
        7: f"{words(60)} In total we have implemented 15 tests.",
    }
    tests = "".join(f"def test_{n}():\n    assert {n} == {n}\n\n\n" for n in range(5))
    more = {"prof.py": "import cProfile\n\ncProfile.run('1')\n", "tests/test_a.py": tests}
    folder = pushed(tmp_path / "shop", files(whole_report(answers, ticked=("M12.profiling",)), more))
    result = run_audit(folder, hand_in=True)
    assert [one.about for one in result.report.numbers if not one.agrees] == ["members", "tests"]
    for name in ("console", "markdown", "github", "sarif"):
        text = text_of(folder, "--format", name).replace("\\", "")
        assert "the report says 15; found:" in text.replace("`", ""), name
    # the denial stands at the tick already, and is not told twice
    assert [one.name for one in looks(result)] == ["report.number"] * 2


def test_a_denial_that_no_open_tick_tells(tmp_path: Path) -> None:
    result = run_audit(build_samples(tmp_path)[0], hand_in=True)
    told = {name for one in looks(result) for name in one.claims}
    open_ones = {
        claim.id for claim in result.claims if claim.against and claim.finding in (Finding.QUERY, Finding.DISCREPANCY)
    }
    assert told.isdisjoint(open_ones)


# ---- since the last check


def since(last: dict[str, int], now: dict[str, int]) -> Since:
    from datetime import UTC, datetime

    moment = datetime(2026, 1, 5, tzinfo=UTC)
    return changed(LastCheck(moment, ("a",), {}, last), LastCheck(moment, ("a",), {}, now), "10:15")


def test_some_of_several_places_are_credited() -> None:
    assert since({"H.placeholder r": 18}, {"H.placeholder r": 1}).settled == ("H.placeholder r (17 of 18)",)
    assert since({"H.placeholder r": 18}, {}).settled == ("H.placeholder r",)
    assert since({"H.placeholder r": 1}, {"H.placeholder r": 3}).opened == ("H.placeholder r (2 more)",)
    assert since({}, {"H.placeholder r": 3}).opened == ("H.placeholder r",)


def test_what_is_uncommitted_is_no_progress_and_what_is_about_no_file_has_no_dot(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop", files(whole_report()))
    write(folder, {"new.py": "x = 1\n"})
    assert open_points(checked(folder)) == {"H.unpushed": 1}


def test_a_challenge_that_became_a_question_is_told(tmp_path: Path) -> None:
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    folder = pushed(tmp_path / "shop", files(whole_report(ticked=("M14.logging",))))
    run("check", folder, env=cache)
    write(folder, {"src/shop/train.py": "import logging\n\n\ndef train():\n    logging.info('x')\n"})
    text = " ".join(run("check", folder, env=cache).stdout.split())
    assert re.search(r"Asked about and no longer challenged since \S+: 1 \(M14\.logging\)\.", text), text
    write(folder, {"src/shop/train.py": None})
    assert "hallenged and no longer only asked about since" in " ".join(run("check", folder, env=cache).stdout.split())


def test_another_repository_in_the_same_place_is_not_compared(tmp_path: Path) -> None:
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    folder = pushed(tmp_path / "shop", files(whole_report(ticked=("M14.logging",))))
    run("check", folder, env=cache)
    folder.rename(tmp_path / "first")
    other = make_repository(tmp_path / "shop", commits=[Step(files(whole_report()), "another start")])
    assert not re.search(r"(?:ettled|ew) since", run("check", other, env=cache).stdout)
    commit(other, Step({"reports/README.md": whole_report(ticked=("M14.logging",))}))
    assert "ew since" in " ".join(run("check", other, env=cache).stdout.split())


def test_a_long_list_says_how_many_more(tmp_path: Path) -> None:
    result = checked(pushed(tmp_path / "shop", files(whole_report())))
    points = tuple(f"M{number}.x" for number in range(9))
    lines = [line for line, _ in headline(replaced(result, Since("10:15", settled=points)))]
    assert lines[-1] == "Settled since 10:15: 9 (M0.x, M1.x, M2.x, M3.x, M4.x and 4 more)."


def replaced(result: AuditResult, since: Since) -> AuditResult:
    from auditor.records import replace

    return replace(result, since=since)


# ---- names and options


def test_a_commit_is_asked_for_where_commits_are_read(tmp_path: Path) -> None:
    one_line(run("check", tmp_path, "--at", "HEAD"), "auditor audit --at HEAD")


@pytest.mark.parametrize("name", ["hand-in", "Hand-In", "H"])
def test_all_hand_in_checks_by_the_name_that_fail_on_has(name: str) -> None:
    listed = re.findall(r"^(\S+)", run("rules", name).stdout, re.MULTILINE)
    assert len(listed) == len(checks()) + 1
    assert re.match(r"claim +kind +what it says", run("rules", name).stdout)
