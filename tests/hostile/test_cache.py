"""The program's own cache, in which anything may lie: whatever it holds, a run says what it says without it, or one clear line."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from support.checkout import ROOT
from support.ready_program import ready_program
from support.repositories import git, make_repository

if sys.platform == "win32":
    pytest.skip("other systems have no such links and rights", allow_module_level=True)

from auditor.batch.store import NAME
from auditor.engine.last_check import LastCheck
from auditor.patterns import Kept, Program
from auditor.repository.memory import MARK

FILES = {
    "README.md": "# Kiln\n",
    "src/kiln/__init__.py": "",
    "src/kiln/model.py": "import logging\n\nlogging.info('x')\n",
    "reports/README.md": "".join(
        f"* [x] Use logging to log important events in your code (M14) {n}\n" for n in range(9)
    ),
}

WITH_SMALL_FILES = (
    "import resource, runpy, sys\n"
    "sys.path[:0] = [sys.argv.pop(1), sys.argv.pop(1)]\n"
    "from hostile.driver import as_a_user\n"
    "as_a_user()\n"
    "most = int(sys.argv.pop(1))\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))\n"
    "sys.argv[0] = 'auditor'\n"
    "runpy.run_module('auditor', run_name='__main__')\n"
)
"""The program as started for itself: what it prints goes to pipes."""


def auditor(cache: Path, *words: str | Path, most: int = -1) -> subprocess.CompletedProcess[str]:
    """What the program says to a user with this folder as the cache; with files of at most so many bytes, as on a full disk."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "TZ": "UTC"}
    if most < 0:
        return ready_program(warm=False).run([*map(str, words)], None, environment, 120, bound=True)
    command = [sys.executable, "-P", "-B", "-c", WITH_SMALL_FILES, str(ROOT / "tests"), str(ROOT), str(most), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def kiln(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("cache") / "kiln", FILES)


@pytest.fixture(scope="module")
def plain(kiln: Path) -> dict[str, object]:
    """What a check says that has no cache."""
    return checked(kiln.parent / "none", kiln, "--no-memory")


def checked(cache: Path, kiln: Path, *words: str, most: int = -1) -> dict[str, object]:
    """What a check says with this cache, but for what it says of the check before."""
    done = auditor(cache, "check", kiln, "--format", "json", *words, most=most)
    assert done.returncode in (0, 1) and done.stderr == "", done.stderr[-2000:]
    found: dict[str, object] = json.loads(done.stdout)
    found.pop("since", None)
    assert found["claims"]
    return found


@pytest.fixture(scope="module")
def used(kiln: Path, plain: dict[str, object], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one check keeps: the files of a cache by their paths in it."""
    cache = tmp_path_factory.mktemp("used")
    assert checked(cache, kiln) == plain
    found = {path.relative_to(cache).as_posix(): path.read_bytes() for path in cache.rglob("*.memory")}
    assert len(found) > 2, found.keys()
    return found


def body(data: bytes) -> bytes:
    """What a file holds behind its mark and digest."""
    return data[len(MARK) + 32 :]


def sealed(content: bytes) -> bytes:
    """A file as the program writes it, with the digest that belongs to its content."""
    return MARK + hashlib.sha256(content).digest() + content


def planted() -> bytes:
    """Programs for patterns that `re` would never make."""
    programs = {
        f"0 a{n}+": Program(32, words, 10**9, {"x": -(10**9)}) for n, words in enumerate((b"\xff" * 400, b"abc", b""))
    }
    return msgspec.msgpack.encode(Kept(sys.version, programs))


HOSTILE: tuple[Callable[[bytes], bytes], ...] = (
    lambda kept: b"",
    lambda kept: b"\0" * 5_000,
    lambda kept: b"auditor memory 99\n" + kept[len(MARK) :],
    lambda kept: kept[: len(kept) // 2],
    lambda kept: kept[:-1],
    lambda kept: kept + b"\0",
    lambda kept: sealed(b""),
    lambda kept: sealed(body(kept)[: len(body(kept)) // 2]),
    lambda kept: sealed(body(kept) + b"\xc0"),
    lambda kept: sealed(bytes(255 - byte for byte in body(kept))),
    lambda kept: sealed(b"\x91" * 200_000),
    lambda kept: sealed(b"\x81\xa1x" * 200_000),
    lambda kept: sealed(b"\xdd\xff\xff\xff\xff"),
    lambda kept: sealed(b"\xdf\xff\xff\xff\xff\xa1x"),
    lambda kept: sealed(b"\xdb\xff\xff\xff\xffx"),
    lambda kept: sealed(b"\x92" + b"\xc0" + b"\x91" * 200_000),
    lambda kept: sealed(b"\x93\xa3abc\x80" + b"\x91" * 200_000),
    lambda kept: sealed(b"\x81\xa1\xff\xc4\x01x"),
    lambda kept: sealed(b"\xc7\x0c\xff" + b"\xff" * 12),
    lambda kept: sealed(b"\x92\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00\xcf" + b"\xff" * 8),
    lambda kept: sealed(msgspec.msgpack.encode(LastCheck(datetime.min, (), {}, {"\x1b[31m": 2**63}))),
    lambda kept: sealed(msgspec.msgpack.encode(LastCheck(datetime.max, (), {}, {}))),
    lambda kept: sealed(planted()),
    lambda kept: sealed(
        msgspec.msgpack.encode({"at": "9999-12-31T23:59:59-23:59", "roots": [], "claims": {}, "points": {"x": -1}})
    ),
)
"""What a file of the cache may have become: damaged, cut off, of another version, or written by somebody for this purpose."""


@pytest.mark.parametrize("number", range(0, len(HOSTILE), 5))
def test_a_hostile_memory_changes_nothing(
    number: int, used: dict[str, bytes], kiln: Path, plain: dict[str, object], tmp_path: Path
) -> None:
    """Each of five in the place of every file: what Python files say, patterns as compiled, the last check."""
    for damage in HOSTILE[number : number + 5]:
        for path, kept in used.items():
            target = tmp_path / path
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            target.write_bytes(damage(kept))
            target.chmod(0o600)
        assert checked(tmp_path, kiln) == plain
    assert checked(tmp_path, kiln) == plain, "what was kept in its place is good"


def test_what_the_last_check_names_is_shown_escaped(used: dict[str, bytes], kiln: Path, tmp_path: Path) -> None:
    """Points of an earlier check that a hostile file makes up."""
    root = git(kiln, "rev-list", "--max-parents=0", "HEAD")
    last = LastCheck(datetime(2026, 1, 23, tzinfo=UTC), (root,), {}, {"\x1b[31m\u202e\x07": 1, "<script>": 2})
    for path in used:
        if path.startswith("auditor/checks/"):
            (tmp_path / path).parent.mkdir(mode=0o700, parents=True)
            (tmp_path / path).write_bytes(sealed(msgspec.msgpack.encode(last)))
            (tmp_path / path).chmod(0o600)
    files = {name: tmp_path / f"said.{name}" for name in ("html", "markdown")}
    also = [word for name, file in files.items() for word in ("--also", f"{name}={file}")]
    done = auditor(tmp_path, "check", kiln, *also)
    assert "ettled since" in done.stdout, done
    for said in (done.stdout, *(file.read_text(encoding="utf-8") for file in files.values())):
        assert not set(said) & set("\x1b\x07\u202e")
    assert "<script>" not in files["markdown"].read_text(encoding="utf-8").replace("\\<script>", "")


def to_nothing(cache: Path) -> None:
    cache.symlink_to(cache.with_name("nowhere") / "inner")


def to_itself(cache: Path) -> None:
    cache.symlink_to(cache)


def to_a_file(cache: Path) -> None:
    cache.with_name("file").write_text("x")
    cache.symlink_to(cache.with_name("file"))


def to_a_device(cache: Path) -> None:
    cache.symlink_to("/dev/full")


def to_the_system(cache: Path) -> None:
    cache.symlink_to("/proc/self")


def read_only(cache: Path) -> None:
    cache.mkdir(mode=0o500)


def closed(cache: Path) -> None:
    cache.mkdir(mode=0)


def a_file(cache: Path) -> None:
    cache.write_text("x")


def a_pipe(cache: Path) -> None:
    os.mkfifo(cache)


PLACES = (to_nothing, to_itself, to_a_file, to_a_device, to_the_system, read_only, closed, a_file, a_pipe)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Path]:
    """A folder that can be removed again, whatever rights were taken from what is in it."""
    yield tmp_path
    for path in tmp_path.iterdir():
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o700)


@pytest.mark.parametrize("place", PLACES)
def test_a_cache_that_cannot_be_used_costs_nothing(
    place: Callable[[Path], None], kiln: Path, plain: dict[str, object], opened: Path
) -> None:
    place(opened / "cache")
    assert checked(opened / "cache", kiln) == plain


@pytest.mark.parametrize("most", [0, 100])
def test_a_full_disk_costs_nothing(most: int, kiln: Path, plain: dict[str, object], tmp_path: Path) -> None:
    """No file can be written, or only its beginning: nothing is left of it."""
    assert checked(tmp_path, kiln, most=most) == plain
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size > most] == []
    assert [path for path in tmp_path.rglob("*.memory") if path.stat().st_size == most] == []


def class_run(cache: Path, groups: Path, *, most: int = -1) -> subprocess.CompletedProcess[str]:
    out = groups.with_name("out")
    return auditor(cache, "batch", groups, "--out", out, "--cache", cache / "class", "--jobs", "1", most=most)


@pytest.fixture
def groups(kiln: Path, tmp_path: Path) -> Path:
    file = tmp_path / "groups.csv"
    file.write_text(f"group,repository\nkiln,{kiln}\n")
    return file


def rows(connection: sqlite3.Connection, value: object) -> None:
    connection.execute("update audits set result = ?", (value,))


STORED: tuple[object, ...] = (
    None, "text", 7, b"", b"junk", zlib.compress(b"["* 200_000), zlib.compress(b"\xff\xfe"), zlib.compress(b"{}"), zlib.compress(b"7"),
    zlib.compress(b'{"tool": {"version": []}, "claims": [{}]}'), zlib.compress(bytes(200_000_000)),
)  # fmt: skip


def test_a_hostile_store_of_a_class_is_told(groups: Path, tmp_path: Path) -> None:
    """Results that are none: each is a line that says what to do."""
    assert class_run(tmp_path, groups).returncode == 0
    store = tmp_path / "class" / NAME
    good, kept = (tmp_path / "out/results.json").read_bytes(), store.read_bytes()
    for value in STORED:
        with sqlite3.connect(store) as connection:
            connection.execute("pragma ignore_check_constraints = on")
            if value is not None:
                rows(connection, value)
            else:
                connection.execute("update audits set state = x'ff00', repository = x'00'")
        connection.close()
        done = class_run(tmp_path, groups)
        assert "Traceback" not in done.stderr, done.stderr[-2000:]
        assert done.returncode in (0, 1, 2)
        if value is not None:
            assert "cannot be read: run again with another --cache" in (tmp_path / "out/results.json").read_text()
        for beside in store.parent.glob(f"{NAME}-*"):
            beside.unlink()
        store.write_bytes(kept)
    assert class_run(tmp_path, groups).returncode == 0
    assert (tmp_path / "out/results.json").read_bytes() == good
