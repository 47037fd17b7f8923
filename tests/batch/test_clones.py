"""Fetching: real git from repositories on this machine; servers that refuse are on the loopback."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from support.repositories import Step, commit, git, make_repository

from auditor.batch.addresses import Address, parse_address
from auditor.batch.clones import UNFINISHED, fetched, forget_variables, sweep
from auditor.errors import AuditError

LIMIT = 10_000


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "origin", {"README.md": "one\n"}, commits=[Step({"a.txt": "two\n"}, "second")])


def address(path: Path) -> Address:
    return parse_address(f"file://{path}", Path())


def heads(clone: Path) -> list[str]:
    return git(clone, "for-each-ref", "--format=%(refname:short)", "refs/heads").split()


def test_a_clone_holds_all_branches_and_no_hooks(tmp_path: Path, origin: Path) -> None:
    git(origin, "branch", "side")
    git(origin, "tag", "v1")
    template = tmp_path / "template" / "hooks"
    template.mkdir(parents=True)
    (template / "post-checkout").write_text("#!/bin/sh\ntouch ran\n")
    clone = fetched(address(origin), tmp_path / "cache", update=False, file_bytes=LIMIT)
    assert heads(clone) == ["main", "side"]
    assert git(clone, "rev-parse", "HEAD") == git(origin, "rev-parse", "HEAD")
    assert not (clone / "hooks").exists()
    assert git(clone, "config", "core.bare") == "true"
    assert [path.name for path in clone.parent.iterdir()] == [clone.name]


def test_without_update_nothing_is_fetched_again(tmp_path: Path, origin: Path) -> None:
    clone = fetched(address(origin), tmp_path / "cache", update=False, file_bytes=LIMIT)
    before = git(clone, "rev-parse", "HEAD")
    commit(origin, Step({"b.txt": "three\n"}))
    assert fetched(address(origin), tmp_path / "cache", update=False, file_bytes=LIMIT) == clone
    assert git(clone, "rev-parse", "HEAD") == before


def test_update_follows_rewritten_history_new_branches_and_the_default_branch(tmp_path: Path, origin: Path) -> None:
    git(origin, "branch", "gone")
    clone = fetched(address(origin), tmp_path / "cache", update=False, file_bytes=LIMIT)
    git(origin, "reset", "--quiet", "--hard", "HEAD~1")
    commit(origin, Step({"c.txt": "other\n"}))
    git(origin, "branch", "-D", "gone")
    git(origin, "switch", "--quiet", "--create", "trunk")
    commit(origin, Step({"d.txt": "trunk\n"}))
    fetched(address(origin), tmp_path / "cache", update=True, file_bytes=LIMIT)
    assert heads(clone) == ["main", "trunk"]
    assert git(clone, "symbolic-ref", "HEAD") == "refs/heads/trunk"
    assert git(clone, "rev-parse", "HEAD") == git(origin, "rev-parse", "HEAD")


def test_large_blobs_stay_where_the_server_can_filter(tmp_path: Path, origin: Path) -> None:
    commit(origin, Step({"model.bin": os.urandom(LIMIT * 3), "small.txt": "x"}))
    git(origin, "config", "uploadpack.allowFilter", "true")
    clone = fetched(address(origin), tmp_path / "cache", update=False, file_bytes=LIMIT)
    missing = git(clone, "rev-list", "--objects", "--all", "--missing=print").count("?")
    assert missing == 1
    commit(origin, Step({"other.bin": os.urandom(LIMIT * 3)}))
    fetched(address(origin), tmp_path / "cache", update=True, file_bytes=LIMIT)
    assert git(clone, "rev-list", "--objects", "--all", "--missing=print").count("?") == 2


def test_nothing_of_the_other_side_runs(tmp_path: Path, origin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = tmp_path / "ran"
    for hook in ("post-checkout", "reference-transaction", "post-update", "pre-auto-gc", "fsmonitor-watchman"):
        path = tmp_path / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {ran}\n")
        path.chmod(0o755)
    settings = tmp_path / "settings"
    settings.write_text(
        f"[core]\nhooksPath = {tmp_path / 'hooks'}\nfsmonitor = touch {ran}\naskPass = touch {ran}\n"
        f"[init]\ntemplateDir = {tmp_path}\n[submodule]\nrecurse = true\n[protocol]\nallow = always\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    commit(origin, Step({".gitmodules": f'[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "touch {ran}"\n'}))
    fetched(address(origin), tmp_path / "cache", update=False, file_bytes=LIMIT)
    fetched(address(origin), tmp_path / "cache", update=True, file_bytes=LIMIT)
    assert not ran.exists()


def test_variables_that_lead_astray_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_TRACE_SETUP"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("GIT_SSH_COMMAND", "ssh -i key")
    forget_variables()
    assert "GIT_DIR" not in os.environ
    assert not [name for name in os.environ if name.startswith(("GIT_CONFIG_", "GIT_TRACE"))]
    assert os.environ["GIT_SSH_COMMAND"] == "ssh -i key"


@pytest.mark.parametrize("kind", ["missing", "no repository", "empty folder"])
def test_what_is_gone_is_told_in_one_line_and_leaves_nothing(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "origin"
    if kind != "missing":
        place.mkdir()
    if kind == "no repository":
        (place / "a.txt").write_text("a")
    with pytest.raises(AuditError) as caught:
        fetched(address(place), tmp_path / "cache", update=False, file_bytes=LIMIT)
    assert "no such repository" in str(caught.value)
    assert list((tmp_path / "cache" / "clones").iterdir()) == []


@pytest.fixture
def refusing(request: pytest.FixtureRequest) -> Iterator[str]:
    """A web server on the loopback that answers everything with one status."""
    status: int = request.param

    class Refuses(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            if status == 401:
                self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refuses)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/ada/kiln"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("refusing", "words"),
    [(401, "private"), (404, "no such repository"), (500, "git could not")],
    indirect=["refusing"],
)
def test_servers_that_refuse(tmp_path: Path, refusing: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = tmp_path / "asked"
    helper = tmp_path / "askpass"
    helper.write_text(f"#!/bin/sh\ntouch {asked}\necho x\n")
    helper.chmod(0o755)
    for name in ("GIT_ASKPASS", "SSH_ASKPASS"):
        monkeypatch.setenv(name, str(helper))
    with pytest.raises(AuditError) as caught:
        fetched(parse_address(refusing, Path()), tmp_path / "cache", update=False, file_bytes=LIMIT)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not asked.exists()


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    old, new = tmp_path / "clones" / f"{UNFINISHED}old", tmp_path / "clones" / f"{UNFINISHED}new"
    for place in (old, new):
        (place / "clone.git").mkdir(parents=True)
    os.utime(old, (0, 0))
    sweep(tmp_path)
    assert (old.exists(), new.exists()) == (False, True)
