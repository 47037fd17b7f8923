"""SARIF says what a result says, and stays valid whatever strangers write.

What valid means is in `sarif_logs.py`: the schema that OASIS publishes with SARIF 2.1.0, the standard's prose, and GitHub's limits.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlsplit

import pytest
from hypothesis import given, settings
from support.alert_samples import PAYLOADS, STRANGE, handed_in, moved, remark, strange
from support.page_samples import COMMIT, WEB, A, C, D, N, Q, U, audit, claim
from support.sarif_logs import Json, log_of, results, validator

from auditor.course.rulebook import load_rulebook
from auditor.engine.explanations import explain
from auditor.engine.run import run_audit
from auditor.evidence import Place
from auditor.output import writer
from auditor.output.alerts.alerts import SETTLE, alerts
from auditor.output.alerts.sarif import FINGERPRINT, MOST_RELATED, ROOT, path_uri, to_sarif
from auditor.output.words.remark_rows import looks
from auditor.records import replace
from auditor.result.audit import Decision, PartResult, SetAside, Settings, Verdict
from auditor.samples import build_samples


def prints_of(log: Json) -> list[str]:
    return [one["partialFingerprints"][FINGERPRINT] for one in log["runs"][0]["results"]]


def notes(log: Json, name: str = "toolExecutionNotifications") -> list[str]:
    return [note["message"]["text"] for note in log["runs"][0]["invocations"][0][name]]


def test_the_validator_refuses_what_is_wrong() -> None:
    log = json.loads(to_sarif(audit()))
    changes: tuple[Callable[[Json], object], ...] = (
        lambda run: run["results"][0].pop("message"),
        lambda run: run["results"][0].update(level="fatal"),
        lambda run: run["results"][0].update(unknown=1),
        lambda run: run["results"][0]["locations"][0]["physicalLocation"]["region"].update(startLine=0),
        lambda run: run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"].update(uri="a b"),
    )
    for change in changes:
        broken = json.loads(json.dumps(log))
        change(broken["runs"][0])
        assert list(validator().iter_errors(broken))


def test_what_is_open_is_a_result_and_nothing_else() -> None:
    log = log_of(audit((C, Q, D, U, A, N)))
    assert results(log) == [
        ("M14.logging", "warning", "reports/README.md", 22),
        ("M8.dvc", "note", "reports/README.md", 21),
    ]
    query = log["runs"][0]["results"][1]
    assert [
        (one["physicalLocation"]["artifactLocation"]["uri"], one["physicalLocation"]["region"]["startLine"])
        for one in query["relatedLocations"]
    ] == [("src/buoy/train.py", 7)]
    assert "[src/buoy/train.py:7](1)" in query["message"]["text"]
    assert (
        query["message"]["text"].split(".")[0]
        == "“Data under version control” is ticked, and only part of it was found"
    )
    assert "logger.info(loss)" in query["relatedLocations"][0]["message"]["text"]
    assert to_sarif(audit()) == to_sarif(audit())
    assert writer("sarif") is to_sarif


def test_a_run_tells_where_it_comes_from() -> None:
    (run,) = log_of(audit())["runs"]
    assert run["tool"]["driver"]["name"] == "auditor"
    assert run["automationDetails"] == {"id": "auditor/dtu-02476/"}
    assert run["versionControlProvenance"] == [
        {"repositoryUri": WEB, "revisionId": COMMIT, "branch": "main", "mappedTo": {"uriBaseId": ROOT}}
    ]
    made = audit()
    for change in ({"dirty": True}, {"web": None}, {"commit": None}, {"web": "javascript:alert(1)"}):
        (run,) = log_of(replace(made, repository=replace(made.repository, **change)))["runs"]
        assert "versionControlProvenance" not in run
    (run,) = log_of(replace(made, repository=replace(made.repository, folder="team a/ü")))["runs"]
    assert run["automationDetails"] == {"id": "auditor/dtu-02476/team%20a/%C3%BC/"}


def test_rules_carry_what_explain_prints() -> None:
    rules = {rule["id"]: rule for rule in log_of(audit())["runs"][0]["tool"]["driver"]["rules"]}
    assert set(rules) == {"M8.dvc", "M14.logging"}
    dvc = rules["M8.dvc"]
    text = load_rulebook().rules["M8.dvc"].text
    assert dvc["name"] == "DataUnderVersionControl"
    assert dvc["shortDescription"]["text"] == "Data under version control"
    assert dvc["fullDescription"]["text"] == text.split("\n\n")[0]
    assert dvc["help"]["text"].startswith(text)
    assert "\n\n**Half of it:** DVC initialised" in dvc["help"]["markdown"]
    assert "not a proof" in dvc["help"]["markdown"]
    assert dvc["defaultConfiguration"]["level"] == "warning"


def test_every_rules_text_is_well_formed() -> None:
    book = load_rulebook()
    claims = tuple(
        replace(claim(0, D), id=one.id, title=one.title, module=one.module, line=number)
        for number, one in enumerate(book.catalog, 1)
    )
    log = log_of(replace(audit(), claims=claims))
    assert len(log["runs"][0]["tool"]["driver"]["rules"]) == len(claims)


def test_rules_that_are_not_installed_cost_their_text_only() -> None:
    log = log_of(replace(audit(), course="another-course"))
    assert len(results(log)) == 2
    assert {rule["fullDescription"]["text"] for rule in log["runs"][0]["tool"]["driver"]["rules"]} == {
        "Data under version control",
        "Logging of events",
    }


def test_hand_in_remarks_are_results() -> None:
    made = handed_in(
        remark(0),
        remark(1),
        remark(2, "H.secrets", place=Place(".env", 1, "TOKEN=ghp_****"), settle="Revoke it."),
        remark(3, "H.state", place=Place("", None, "two commits"), message="Two commits are not pushed."),
        remark(4, "H.state", place=Place("", None, "x", COMMIT)),
    )
    log = log_of(made)
    assert sorted(results(log)) == sorted(
        [
            ("M14.logging", "warning", "reports/README.md", 22),
            ("H.secrets", "warning", ".env", 1),
            ("M8.dvc", "note", "reports/README.md", 21),
            ("H.placeholder", "note", "reports/README.md", 80),
            ("H.placeholder", "note", "reports/README.md", 81),
            ("H.state", "note", "reports/README.md", 1),
            ("H.state", "note", "reports/README.md", 1),
        ]
    )
    messages = [one["message"]["text"] for one in log["runs"][0]["results"]]
    assert any("Revoke it." in text for text in messages)
    assert any(COMMIT[:10] in text for text in messages)
    tags = {rule["id"]: rule["properties"]["tags"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert tags["H.secrets"] == ["hand-in"] and tags["M8.dvc"] == ["M8"]


def test_fingerprints_stay_when_lines_move_and_are_each_their_own() -> None:
    made = handed_in(remark(1), remark(2), remark(2), remark(1, "H.other"), remark(3, place=Place("a.md", 3, "x")))
    before = log_of(made)
    after = log_of(moved(made, 17))
    assert prints_of(before) == prints_of(after)
    assert results(before) != results(after)
    counted = handed_in(remark(message="It has 301 words."))
    assert prints_of(log_of(counted)) == prints_of(log_of(handed_in(remark(message="It has 9 words."))))
    other = handed_in(remark(place=Place("reports/README.md", 80, "> Answer 7: other")))
    assert prints_of(log_of(handed_in(remark())))[-1] != prints_of(log_of(other))[-1]
    half = replace(audit(), claims=(claim(2, Q),))
    assert prints_of(log_of(replace(audit(), claims=(claim(2, D),)))) == prints_of(log_of(half))


def test_decisions_count_unless_stale() -> None:
    decision = Decision(Verdict.SUPPORTED, C, "shown", "Dana Reyes", "2026-01-25T10:00", COMMIT)
    assert results(log_of(replace(audit(), claims=(claim(2, D, decision=decision),)))) == []
    stale = replace(decision, stale=True)
    assert len(results(log_of(replace(audit(), claims=(claim(2, D, decision=stale),))))) == 1


def test_what_was_not_read_or_judged_is_a_notification() -> None:
    made = audit((C, D))
    made = replace(
        made,
        repository=replace(made.repository, problems=(Place("big.bin", None, "too large"), Place("", None, "shallow"))),
        report=replace(made.report, problems=(Place("reports/README.md", 9, "two ticks on a line"),)),
        claims=(*made.claims, claim(3, N, error="ValueError: {x}", verdict=Verdict.UNVERIFIABLE)),
        settings=Settings("pyproject.toml", 3, True, ignored=(SetAside("M30", "one machine", 5),)),
    )
    log = log_of(made)
    (invocation,) = log["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is True
    about = [note["associatedRule"] for note in invocation["toolExecutionNotifications"] if "associatedRule" in note]
    assert about == [{"id": "M17.ci"}]
    assert notes(log) == [
        "M17.ci could not be judged: ValueError: {{x}}",
        "big.bin: too large",
        "shallow",
        "reports/README.md:9: two ticks on a line",
    ]
    assert notes(log, "toolConfigurationNotifications") == [
        "The group's own settings, followed here: M30 is left out: one machine"
    ]
    nothing = log_of(replace(made, report=replace(made.report, path=None, problems=())))
    assert "No report with a checklist was found: nothing is taken as ticked." in notes(nothing)
    assert results(nothing)[0][2] == "reports/README.md"


def test_what_a_group_sets_aside_is_told_to_a_teaching_assistant() -> None:
    made = replace(
        audit((C, D)),
        claims=(claim(1, D, set_aside="we use our own server"),),
        settings=Settings("auditor.toml", 1, False, ignored=(SetAside("M8.dvc", "we use our own server", 2),)),
    )
    log = log_of(made)
    assert len(results(log)) == 1
    assert "we use our own server" in log["runs"][0]["results"][0]["message"]["text"]
    assert "not followed here" in notes(log, "toolConfigurationNotifications")[0]


def test_many_results_stay_within_githubs_limits() -> None:
    places = tuple(Place(f"src/{number}.py", number, "x") for number in range(1, 400))
    part = PartResult("calls", "weak", places, "calls")
    made = replace(
        audit(),
        claims=(claim(1, Q, parts=(part,)), claim(2, D)),
        hand_in=tuple(remark(number) for number in range(6_000)),
    )
    log = log_of(made)
    (run,) = log["runs"]
    assert [one["ruleId"] for one in run["results"]][:2] == ["M14.logging", "M8.dvc"]
    assert len(run["results"][1]["relatedLocations"]) == MOST_RELATED
    assert "1002 results were left out" in notes(log)[0]
    problems = tuple(Place(f"{number}.bin", None, "too large") for number in range(1, 5000))
    listed = notes(log_of(replace(audit(), repository=replace(audit().repository, problems=problems))))
    assert len(listed) == 201
    assert listed[-1] == "4799 more of this kind."


@pytest.mark.parametrize("text", PAYLOADS, ids=range(len(PAYLOADS)))
def test_hostile_text_stays_text(text: str) -> None:
    log = log_of(strange(text))
    tame = log_of(strange("x"))
    assert Counter(one[:2] for one in results(log)) == Counter(one[:2] for one in results(tame))
    if text:
        assert len(notes(log)) == len(notes(tame))


@settings(max_examples=60, deadline=None)
@given(STRANGE)
def test_any_text_stays_text(text: str) -> None:
    log_of(strange(text))


@settings(max_examples=300, deadline=None)
@given(STRANGE)
def test_paths_come_back_from_their_uris(text: str) -> None:
    path = f"a{text}"
    uri = path_uri(path)
    assert urlsplit(uri).path == uri
    try:
        name = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # no file has such a name
        return
    assert unquote_to_bytes(uri) == name
    assert unquote(uri, errors="surrogateescape") == path


def test_masked_secrets_stay_masked(tmp_path: Path) -> None:
    secret = "ghp_" + "a1B2c3D4" * 5
    hollow = {path.name: path for path in build_samples(tmp_path)}["hollow"]
    report = hollow / "reports" / "README.md"
    lines = report.read_text(encoding="utf-8").split("\n")
    lines = [f"{line} - token={secret}" if line.startswith("* [x]") else line for line in lines]
    report.write_text("\n".join(lines), encoding="utf-8")
    (hollow / ".env").write_text(f"GITHUB_TOKEN={secret}\n", encoding="utf-8")
    result = run_audit(hollow, hand_in=True)
    log = log_of(result)
    assert results(log)
    assert secret not in to_sarif(result).decode()


@pytest.mark.parametrize("name", ["honest", "hollow"])
def test_the_sample_groups(name: str, tmp_path: Path) -> None:
    path = {path.name: path for path in build_samples(tmp_path)}[name]
    result = run_audit(path, hand_in=True)
    log = log_of(result)
    levels = Counter(one["level"] for one in log["runs"][0]["results"] if not one["ruleId"].startswith("H."))
    notes = result.summary.queries + len(looks(result))
    assert levels == Counter(warning=result.summary.discrepancies, note=notes) - Counter()
    assert sum(one["ruleId"].startswith("H.") for one in log["runs"][0]["results"]) == len(result.hand_in or ())
    lines = {one.id: one.line for one in result.claims}
    assert all(
        line == lines[rule] and uri == "reports/README.md" for rule, _, uri, line in results(log) if rule in lines
    )
    for one in log["runs"][0]["results"]:
        for location in (*one["locations"], *one.get("relatedLocations", ())):
            place = location["physicalLocation"]
            file = path / unquote(place["artifactLocation"]["uri"])
            assert file.exists()
            if "region" in place and file.is_file():
                count = len(file.read_text(encoding="utf-8", errors="replace").splitlines())
                assert place["region"]["startLine"] <= max(1, count)


def test_alerts_say_once_what_would_settle_a_claim(tmp_path: Path) -> None:
    hollow = {path.name: path for path in build_samples(tmp_path)}["hollow"]
    result = run_audit(hollow)
    told = [one for one in result.claims if SETTLE in one.explanation]
    assert told, f"{explain.__module__} words it otherwise now"
    by_rule = {alert.rule: alert for alert in alerts(result)}
    for one in told:
        alert = by_rule[one.id]
        assert alert.ways == one.settle != ()
        assert not any(SETTLE.strip() in sentence for sentence in alert.sentences)
