"""The store under parallel writers, after a kill, and damaged."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from auditor.batch.store import KEPT, NAME, Store
from auditor.errors import AuditError

WRITER = """
import sys
from pathlib import Path
from auditor.batch.store import Store
store = Store(Path(sys.argv[1]))
number = 0
while number < int(sys.argv[3]):
    store.save(f"{sys.argv[2]}-{number}", "s", "r", (f"{sys.argv[2]}-{number}" * 1000).encode())
    print(number, flush=True)
    number += 1
"""


def test_results_come_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    assert store.states("a", "rules") == []
    store.save("a", "one:", "rules", b"1")
    store.save("a", "two:", "rules", b"2")
    store.save("a", "two:", "rules", b"3")
    assert store.states("a", "rules") == ["two:", "one:"]
    assert store.states("a", "other rules") == []
    assert store.load("a", "two:", "rules") == b"3"
    assert store.load("b", "two:", "rules") is None
    store.close()
    assert Store(tmp_path / "cache").load("a", "one:", "rules") == b"1"


def test_old_states_make_room(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in range(KEPT + 3):
        store.save("a", str(number), "rules", b"x")
    store.save("b", "0", "rules", b"x")
    assert store.states("a", "rules") == [str(n) for n in range(KEPT + 2, 2, -1)]
    assert store.states("b", "rules") == ["0"]


def test_parallel_writers_lose_nothing(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(n), "40"], stdout=subprocess.DEVNULL)
        for n in range(4)
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0, 0]
    store = Store(tmp_path)
    for writer in range(4):
        for number in range(40):
            assert store.load(f"{writer}-{number}", "s", "r") == (f"{writer}-{number}" * 1000).encode()


def test_a_killed_writer_leaves_what_it_said_was_safe(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), "w", "1000000"], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    for _ in range(30):
        said = int(writer.stdout.readline())
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    store = Store(tmp_path)
    for number in range(said + 1):
        assert store.load(f"w-{number}", "s", "r") == (f"w-{number}" * 1000).encode()
    store.save("after", "s", "r", b"x")
    assert store.load("after", "s", "r") == b"x"


def test_a_writer_waits_for_another(tmp_path: Path) -> None:
    store = Store(tmp_path)
    other = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    other.execute("begin immediate")
    script = "import sys; from pathlib import Path; from auditor.batch.store import Store; Store(Path(sys.argv[1])).save('a', 's', 'r', b'1')"
    waiting = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)])
    time.sleep(1.0)
    assert waiting.poll() is None
    other.execute("commit")
    assert waiting.wait(30) == 0
    assert store.load("a", "s", "r") == b"1"


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"not a database, but some text that is long enough" * 100)
    with pytest.raises(AuditError, match="delete it"):
        Store(tmp_path)


def test_a_damaged_result_is_none(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save("a", "s", "r", b"x" * 100)
    other = sqlite3.connect(tmp_path / NAME)
    other.execute("update audits set result = ?", (b"junk",))
    other.commit()
    assert store.load("a", "s", "r") is None
