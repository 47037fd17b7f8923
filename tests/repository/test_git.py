"""What a repository's own configuration and this machine's environment can do to the audit: nothing."""

from __future__ import annotations

import os
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.repositories import Step, commit, git, make_repository

from auditor.errors import AuditError
from auditor.facts.history.changes import FileHistory
from auditor.facts.history.commits import History
from auditor.injection import Facts
from auditor.limits import DEFAULT, Limits
from auditor.repository.git import GitDoor, Origin, parse_raw_time
from auditor.repository.git_directory import find_repository
from auditor.repository.git_objects import Stored, Watchdog
from auditor.repository.git_process import GitError, said
from auditor.repository.opening import open_snapshot


def door(folder: Path, limits: Limits = DEFAULT) -> GitDoor:
    place = find_repository(folder)
    assert place is not None
    return GitDoor(place, limits)


@pytest.fixture
def marker(tmp_path: Path) -> tuple[Path, str]:
    """A file, and a program that would write it."""
    written = tmp_path / "the program ran"
    program = tmp_path / "program.sh"
    program.write_text(f"#!/bin/sh\necho ran >> '{written}'\ncat\n")
    program.chmod(0o755)
    return written, str(program)


def everything(folder: Path, at: str | None = None) -> None:
    """Do all that an audit does with git."""
    with open_snapshot(folder, at=at) as snapshot:
        facts = Facts(snapshot)
        assert facts.get(History).available
        assert facts.get(FileHistory).available
        for path in snapshot.paths:
            snapshot.read(path)
            snapshot.text_at("HEAD", path)


def test_no_configured_program_runs(tmp_path: Path, marker: tuple[Path, str]) -> None:
    written, program = marker
    repository = make_repository(
        tmp_path / "shop",
        {"a.txt": "one\n", "b.bin": "two\n", ".gitattributes": "* filter=evil diff=evil merge=evil\n", ".mailmap": "x"},
    )
    for key in (
        *("filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.command", "diff.evil.textconv"),
        *(
            "core.fsmonitor",
            "core.pager",
            "pager.log",
            "diff.external",
            "core.editor",
            "core.sshCommand",
            "core.askPass",
        ),
        *("credential.helper", "gpg.program", "gpg.ssh.program", "gpg.openpgp.program", "core.alternateRefsCommand"),
        *("alias.log", "alias.ls-files", "uploadpack.packObjectsHook", "sequence.editor", "merge.evil.driver"),
    ):
        git(repository, "config", key, f"!{program}" if key.startswith("alias") else program)
    git(repository, "config", "filter.evil.required", "true")
    git(repository, "config", "log.showSignature", "true")
    git(repository, "config", "core.hooksPath", str(tmp_path / "hooks"))
    (tmp_path / "hooks").mkdir()
    for hook in ("post-index-change", "post-checkout", "pre-commit", "reference-transaction", "fsmonitor-watchman"):
        shutil.copy(program, tmp_path / "hooks" / hook)
        shutil.copy(program, repository / ".git" / "hooks" / hook)
    (repository / "a.txt").write_text("changed\n")
    (repository / "new.txt").write_text("new\n")
    everything(repository)
    everything(repository, at="HEAD")
    assert not written.exists()


def test_the_proof_can_fail(tmp_path: Path, marker: tuple[Path, str]) -> None:
    written, program = marker
    repository = make_repository(tmp_path / "shop", {"a.txt": "one\n", ".gitattributes": "* filter=evil\n"})
    git(repository, "config", "filter.evil.clean", program)
    (repository / "a.txt").write_text("two\n")
    git(repository, "status")
    assert written.exists()


def test_signature_check_is_not_run(tmp_path: Path, marker: tuple[Path, str]) -> None:
    written, program = marker
    repository = make_repository(tmp_path / "shop", {"a.txt": "one\n"})
    raw = git(repository, "cat-file", "commit", "HEAD")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----\n\n"
    (tmp_path / "signed").write_text(raw.replace("\n\n", "\n" + signature, 1) + "\n")
    signed = git(repository, "hash-object", "-t", "commit", "-w", str(tmp_path / "signed"))
    git(repository, "update-ref", "refs/heads/main", signed)
    git(repository, "config", "gpg.program", program)
    git(repository, "config", "log.showSignature", "true")
    everything(repository)
    assert not written.exists()
    git(repository, "log", "-1")
    assert written.exists()


def test_a_lazy_fetch_reaches_nothing(tmp_path: Path, marker: tuple[Path, str]) -> None:
    written, program = marker
    repository = make_repository(tmp_path / "shop", {"a.txt": "one\n", "b.txt": "two\n"})
    blob = git(repository, "rev-parse", "HEAD:a.txt")
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    git(repository, "config", "remote.origin.url", f"ext::{program}")
    git(repository, "config", "remote.origin.promisor", "true")
    git(repository, "config", "extensions.partialClone", "origin")
    git(repository, "config", "protocol.ext.allow", "always")
    with open_snapshot(repository, at="HEAD") as snapshot:
        assert snapshot.read("a.txt") is None
        assert snapshot.read("b.txt") == b"two\n"
    assert not written.exists()


def test_inherited_environment_does_not_mislead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_repository(tmp_path / "other", {"other.txt": "o"})
    mine = make_repository(tmp_path / "mine", {"mine.txt": "m"})
    for name, value in {
        "GIT_DIR": str(other / ".git"),
        "GIT_WORK_TREE": str(other),
        "GIT_INDEX_FILE": str(other / ".git" / "index"),
        "GIT_OBJECT_DIRECTORY": str(other / ".git" / "objects"),
        "GIT_COMMON_DIR": str(other / ".git"),
        "GIT_PREFIX": "sub/",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.worktree",
        "GIT_CONFIG_VALUE_0": str(other),
        "GIT_CONFIG_PARAMETERS": f"'core.worktree={other}'",
        "GIT_TRACE": "1",
    }.items():
        monkeypatch.setenv(name, value)
    with open_snapshot(mine) as snapshot:
        assert snapshot.paths == ("mine.txt",)
        assert not snapshot.moment.dirty
        assert len(Facts(snapshot).get(History).commits) == 1


def test_settings_of_the_repository_do_not_change_what_is_read(tmp_path: Path) -> None:
    repository = make_repository(tmp_path, {"a/é.txt": "1", "b.txt": "2"}, commits=[Step({"b.txt": None}, "gone")])
    for key, value in {
        "color.ui": "always",
        "log.showRoot": "false",
        "diff.renames": "copies",
        "diff.relative": "true",
        "diff.orderFile": "missing",
        "log.date": "relative",
        "i18n.logOutputEncoding": "UTF-16",
        "log.follow": "true",
        "core.quotePath": "true",
        "format.pretty": "oneline",
        "core.worktree": "/nowhere",
        "log.decorate": "full",
    }.items():
        git(repository, "config", key, value, GIT_DIR=str(repository / ".git"), GIT_WORK_TREE=str(repository))
    with open_snapshot(repository) as snapshot:
        facts = Facts(snapshot)
        assert snapshot.paths == ("a/é.txt",)
        assert [c.subject for c in facts.get(History).commits] == ["gone", "first"]
        changes = {(c.status, c.path) for c in facts.get(FileHistory).changes}
        assert changes == {("D", "b.txt"), ("A", "b.txt"), ("A", "a/é.txt")}


def test_a_slow_git_is_ended(tmp_path: Path) -> None:
    repository = make_repository(tmp_path, {"a.txt": "1"})
    os.mkfifo(tmp_path / "fifo")
    slow = door(repository, Limits(git_seconds=0.3))
    start = time.monotonic()
    with pytest.raises(GitError):
        slow.run("hash-object", "fifo")
    assert time.monotonic() - start < 5


def test_a_helper_that_hangs_is_ended(tmp_path: Path) -> None:
    repository = make_repository(tmp_path, {"a.txt": "1", "b.txt": "2"})
    blob = git(repository, "rev-parse", "HEAD:a.txt")
    good = git(repository, "rev-parse", "HEAD:b.txt")
    loose = repository / ".git" / "objects" / blob[:2] / blob[2:]
    slow = door(repository, Limits(git_seconds=0.5))
    loose.unlink()
    os.mkfifo(loose)
    start = time.monotonic()
    assert slow.blob(blob) is None
    assert time.monotonic() - start < 10
    assert slow.blob(good) == b"2"
    slow.close()


def test_blob_after_a_broken_one(tmp_path: Path) -> None:
    repository = make_repository(tmp_path, {"a.txt": "1", "b.txt": "2"})
    blob = git(repository, "rev-parse", "HEAD:a.txt")
    good = git(repository, "rev-parse", "HEAD:b.txt")
    loose = repository / ".git" / "objects" / blob[:2] / blob[2:]
    loose.chmod(0o644)
    loose.write_bytes(b"rubbish")
    mine = door(repository)
    assert mine.blob(blob) is None
    assert mine.blob(good) == b"2"
    assert mine.blob("0" * 40) is None
    assert mine.blob_size(good) == 1
    assert mine.blob("HEAD:b.txt") == b"2"
    whole = Stored(good, "blob", 1, b"2")
    assert mine.bounded_blob("HEAD:b.txt", 1) == whole
    assert mine.bounded_blob("HEAD:b.txt", 0) == whole._replace(data=None)
    assert mine.blob(good) == b"2"
    assert mine.blob("HEAD:b.txt\nHEAD:a.txt") is None
    assert mine.blob(git(repository, "rev-parse", "HEAD^{tree}")) is None
    mine.close()


def test_git_that_is_not_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = make_repository(tmp_path, {"a.txt": "1"})
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AuditError, match="git is not installed"):
        open_snapshot(repository)


def test_no_git_of_the_current_folder_is_run(
    tmp_path: Path, marker: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written, program = marker
    repository = make_repository(tmp_path / "shop", {"a.txt": "1"})
    for folder in (repository, repository / "bin"):
        folder.mkdir(exist_ok=True)
        shutil.copy(program, folder / "git")
    monkeypatch.chdir(repository)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "bin", "", os.environ["PATH"]]))
    everything(repository)
    assert not written.exists()


def test_a_command_that_takes_too_long_ends_with_what_it_started(tmp_path: Path) -> None:
    repository = make_repository(tmp_path, {"a.txt": "1"})
    os.mkfifo(tmp_path / "fifo")
    start = time.monotonic()
    with pytest.raises(GitError, match="stopped after"):
        said(["hash-object", "fifo"], folder=repository, variables={}, seconds=0.3)
    assert time.monotonic() - start < 5
    with pytest.raises(GitError, match="fatal: ") as failed:
        said(["hash-object", "nothing"], folder=repository, variables={}, seconds=10)
    assert failed.value.status == 128


@pytest.mark.parametrize("content", ["", "gitdir: nowhere", "gitdir:", "\0", "gitdir: a\0b", "gitdir: " + "x" * 5000])
def test_git_file_that_points_nowhere(tmp_path: Path, content: str) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / ".git").write_text(content)
    assert find_repository(tmp_path / "shop") is None


def test_shallow(tmp_path: Path) -> None:
    origin = make_repository(tmp_path / "origin", {"a": "1"}, commits=[Step({"a": "2"}), Step({"a": "3"})])
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{origin}", "clone")
    assert door(tmp_path / "clone").shallow
    assert not door(origin).shallow
    commit(origin, Step({"a": "4"}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 +0000", datetime(1970, 1, 1, tzinfo=UTC)),
        ("4102444800 +0000", datetime(2100, 1, 1, tzinfo=UTC)),
        ("1767225600 +0100", datetime(2026, 1, 1, tzinfo=UTC)),
        ("1767225600 -9999", datetime(2026, 1, 1, tzinfo=UTC)),
        ("1767225600 nonsense", datetime(2026, 1, 1, tzinfo=UTC)),
        ("99999999999999999999 +0000", None),
        ("", None),
    ],
)
def test_times(text: str, expected: datetime | None) -> None:
    assert parse_raw_time(text) == expected


def test_zone_is_kept() -> None:
    found = parse_raw_time("1767225600 -0330")
    assert found is not None
    assert found.utcoffset() == timedelta(hours=-3, minutes=-30)


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=40) | st.from_regex(r"-?\d{1,25} [+-]\d{1,6}", fullmatch=True))
def test_times_never_raise(text: str) -> None:
    found = parse_raw_time(text)
    assert found is None or found.tzinfo is not None


def test_the_remote_as_the_settings_have_it(tmp_path: Path) -> None:
    repository = make_repository(tmp_path, {"a.txt": "1"})
    assert door(repository).origin == Origin()
    for key, value in {
        "url": "https://example.org/shop.git",
        "fetch": "+refs/heads/main:refs/remotes/origin/main",
    }.items():
        git(repository, "config", f"remote.origin.{key}", value)
    git(repository, "config", "--add", "remote.origin.fetch", "+refs/tags/*:refs/tags/*")
    found = door(repository).origin
    assert found.url == "https://example.org/shop.git"
    assert found.fetched == ("+refs/heads/main:refs/remotes/origin/main", "+refs/tags/*:refs/tags/*")


def test_a_watchdog_bites_what_takes_too_long_and_nothing_else() -> None:
    bitten: list[float] = []
    dog = Watchdog(0.2, lambda: bitten.append(time.monotonic()))
    for _ in range(3):
        with dog:
            time.sleep(0.05)
    time.sleep(0.4)  # between two pieces of work there is nothing to bite
    assert not bitten
    with dog:
        time.sleep(0.5)
    assert len(bitten) == 1
    dog.close()


def test_output_without_end_is_cut(tmp_path: Path) -> None:
    repository = make_repository(tmp_path, {f"{number:03}.txt": "1" for number in range(300)})
    some, whole = door(repository).records("ls-files", "-z", most=10)
    assert (some, whole) == ([f"{number:03}.txt" for number in range(10)], False)
    some, whole = door(repository).records("ls-files", "-z", most=300)
    assert (len(some), whole) == (300, True)
    with pytest.raises(GitError, match="more than 100 bytes"):
        door(repository, Limits(git_bytes=100)).run("ls-files")


def refused(repository: Path) -> str:
    place = find_repository(repository)
    assert place is not None
    with pytest.raises(AuditError) as caught:
        GitDoor(place, Limits())
    return str(caught.value)


def test_git_directories_that_lead_elsewhere_are_refused(tmp_path: Path) -> None:
    other = make_repository(tmp_path / "other", {"a.txt": "secret"})
    mine = make_repository(tmp_path / "mine", {"a.txt": "1"})
    (mine / ".git" / "objects" / "info").mkdir(exist_ok=True)
    alternates = mine / ".git" / "objects" / "info" / "alternates"
    alternates.write_text(f"{other}/.git/objects\n")
    assert "alternates" in refused(mine)
    alternates.unlink()
    config = mine / ".git" / "config"
    before = config.read_text()
    config.write_text(before + '\n[core]\n x = "' + "x" * 1_000_000 + '"\n')
    assert "larger than any settings" in refused(mine)
    config.write_text(before + "# [include]\n")
    GitDoor(find_repository(mine) or pytest.fail(), Limits()).close()
    (mine / ".git" / "commondir").write_text(f"{other}/.git\n")
    assert "another repository" in refused(mine)
    (mine / ".git" / "commondir").unlink()
    (mine / ".git" / "refs" / "heads" / "x").symlink_to(other / ".git" / "refs" / "heads" / "main")
    assert "refs/heads/x in its git directory is a link" in refused(mine)
    (mine / ".git" / "refs" / "heads" / "x").unlink()
    os.mkfifo(mine / ".git" / "packed-refs")
    assert "packed-refs in its git directory is no regular file" in refused(mine)


def test_a_git_file_needs_a_way_back(tmp_path: Path) -> None:
    main = make_repository(tmp_path / "main", {"a.txt": "1"})
    git(main, "worktree", "add", "--quiet", str(tmp_path / "linked"), "-b", "side")
    place = find_repository(tmp_path / "linked")
    assert place is not None
    assert place.common_dir == main / ".git"
    GitDoor(place, Limits()).close()
    apart = tmp_path / "apart"
    apart.mkdir()
    (apart / ".git").write_text(f"gitdir: {main}/.git\n")
    assert find_repository(apart) is None
    outer = make_repository(tmp_path / "outer", {"b.txt": "1"})
    git(outer, "submodule", "--quiet", "add", str(main), "inner")
    inner = find_repository(outer / "inner")
    assert inner is not None
    assert inner.git_dir == outer / ".git" / "modules" / "inner"


def test_settings_that_include_others_are_kept_from_git(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text('[remote "origin"]\n\turl = https://example.org/secret/kiln\n')
    mine = make_repository(tmp_path / "mine", {"a.txt": "1"}, commits=[Step({"b.txt": "2"})])
    with (mine / ".git" / "config").open("a") as file:
        file.write(f'[include]\n\tpath = {elsewhere}\n[log]\n\tdate = nonsense\n[remote "origin"]\n\tfetch = x\n')
    mine_door = door(mine)
    assert mine_door.origin == Origin("", ("x",))
    assert mine_door.run("log", "--format=%s").split() == ["work", "first"]
    assert mine_door.run("ls-files").split() == ["a.txt", "b.txt"]
    assert [ref for _, ref in mine_door.refs] == ["refs/heads/main"]
    assert mine_door.blob(git(mine, "rev-parse", "HEAD:b.txt")) == b"2"
    stood_in = Path(mine_door._variables["GIT_DIR"])
    assert stood_in.exists()
    mine_door.close()
    assert not stood_in.exists()
