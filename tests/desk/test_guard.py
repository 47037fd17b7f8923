"""Who may talk to the desk: nobody without its token, no page of anybody else, and nothing may be embedded."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from support.desk_server import Served, desk, make_class

from auditor.desk.guard import entered
from auditor.review.decisions import load_decisions


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with desk(make_class(tmp_path_factory.mktemp("class"), hostile=True)) as made:
        yield made


def decided(served: Served) -> int:
    return len(load_decisions(served.out / "auditor.toml").entries)


def test_the_token_becomes_a_cookie_that_scripts_and_others_pages_have_not(served: Served) -> None:
    status, body, headers = served.ask(f"/?token={served.token}&order=claim", headers={"Cookie": ""})
    assert status == 200
    assert 'content="0;url=/?order=claim"' in body and served.token not in body
    cookie = headers["set-cookie"]
    assert cookie.startswith(f"auditor-desk-{served.port}={served.token};")
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": ""},
        {"Cookie": "auditor-desk-1=x"},
        {"Cookie": "auditor-desk-{port}=wrong"},
        {"Cookie": "; =; a=\xff"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/class", "/group/group-1/claim/M5.git", "/static/desk.css", "/feedback.zip"])
def test_nothing_is_shown_without_the_token(served: Served, path: str, headers: Mapping[str, str]) -> None:
    sent = {name: value.format(port=served.port) for name, value in headers.items()}
    status, body, _ = served.ask(path, headers=sent)
    assert status == 403
    assert "Group" not in body and "example" not in body


def test_a_wrong_token_in_the_address_is_refused_even_with_the_cookie(served: Served) -> None:
    assert served.ask("/?token=wrong")[0] == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "", "localhost.evil.example"])
def test_it_answers_to_its_own_name_only(served: Served, host: str) -> None:
    assert served.ask("/", headers={"Host": host})[0] in (400, 421)


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ""}, {"Origin": "http://127.0.0.1:1"}],
)
def test_a_change_from_elsewhere_is_refused(served: Served, headers: Mapping[str, str]) -> None:
    before = decided(served)
    form = served.form("group-1", "M17.lint")
    assert served.ask("/decide", form, headers)[0] == 403
    assert served.ask("/undo", form, headers)[0] == 403
    assert decided(served) == before


@pytest.mark.parametrize("token", ["", "wrong", "ä"])
def test_a_form_without_its_token_is_refused(served: Served, token: str) -> None:
    before = decided(served)
    form = served.form("group-1", "M17.lint")
    assert served.ask("/decide", form | {"csrf": token})[0] == 403
    assert served.ask("/undo", {"csrf": token})[0] == 403
    assert decided(served) == before


def test_forms_of_another_kind_and_size_are_refused(served: Served) -> None:
    form = served.form("group-1", "M17.lint")
    assert served.ask("/decide", form, {"Content-Type": "text/plain"})[0] == 403
    assert served.ask("/decide", form | {"note": "x" * 100_000})[0] == 403


def test_nothing_changes_by_looking(served: Served) -> None:
    before = decided(served)
    assert served.ask("/decide?page=group-1&claim=M17.lint&action=confirm")[0] == 405
    assert decided(served) == before


PAGES = (
    "/", "/?state=all", "/class", "/next", "/group/group-1", "/group/group-1/claim/M17.lint", "/group/group-1/feedback",
    "/group/group-30", "/nothing", "/group/none", "/group/group-1/claim/M99.none", "/group/group-1/figure/0",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_policy(served: Served, path: str) -> None:
    status, _, headers = served.ask(path)
    assert status in (200, 303, 404)
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers


def test_the_sheet_has_the_policy_of_its_own_style(served: Served) -> None:
    status, body, headers = served.ask("/group/group-1/sheet")
    assert status == 200 and "Oral exam" in body
    assert "style-src 'sha256-" in headers["content-security-policy"]
    assert "script" not in headers["content-security-policy"]


def test_only_the_desks_own_files_are_given_out(served: Served) -> None:
    for path in (
        "/static/../pages.py",
        "/static/%2e%2e/pages.py",
        "/static/nothing.css",
        "/auditor.toml",
        "/results.json",
    ):
        assert served.ask(path)[0] == 404


def test_only_this_machine_is_bound(served: Served) -> None:
    lines = Path(f"/proc/{served.process.pid}/net/tcp").read_text().splitlines()
    listening = [line.split() for line in lines[1:] if line.split()[3] == "0A"]
    own = [line[1] for line in listening if int(line[1].rpartition(":")[2], 16) == served.port]
    assert own == [f"0100007F:{served.port:04X}"]


def test_the_way_on_leads_nowhere_else() -> None:
    assert "url=/evil.example&quot;" in entered('//evil.example"')
    assert "url=/class" in entered("/class")


def test_decisions_are_not_opened_to_others(served: Served) -> None:
    served.decide("group-2", "M8.dvc")
    assert (served.out / "auditor.toml").stat().st_mode & stat.S_IWOTH == 0
