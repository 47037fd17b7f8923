"""One file costs itself: the bulkhead of the readers, and virtual environments under any name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from support.repositories import write

from auditor.repository.file_by_file import each_file, first_line
from auditor.repository.opening import open_snapshot
from auditor.repository.snapshot import Snapshot


def test_a_file_that_fails_is_left_out_with_a_line(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "one", "b.txt": "bad", "c.txt": "three"})

    def read(snapshot: Snapshot, path: str) -> Iterator[str]:
        yield path
        if snapshot.text(path) == "bad":
            raise IndexError("list index out of range")

    with open_snapshot(tmp_path, use_git=False) as snapshot:
        assert list(each_file(snapshot, snapshot.paths, read)) == ["a.txt", "c.txt"]
        problems = [(problem.path, problem.message) for problem in snapshot.problems]
    assert problems == [("b.txt", "not read: IndexError: list index out of range")]


def test_first_lines(tmp_path: Path) -> None:
    write(tmp_path, {"a": "#!/bin/sh\nls\n", "b": "", "c": b"\0\1"})
    with open_snapshot(tmp_path, use_git=False) as snapshot:
        assert [first_line(snapshot, path) for path in snapshot.paths] == ["#!/bin/sh", "", ""]


def test_a_virtual_environment_is_not_listed_whatever_its_name(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "kiln_env/pyvenv.cfg": "home = /usr/bin\n",
            "kiln_env/bin/activate": "export PATH\n",
            "kiln_env/lib/python3.12/site-packages/glaze/core.py": "x = 1\n",
            "kiln_env/notes.md": "ours",
            "bin/start": "#!/bin/sh\n",
            "src/kiln/data.py": "x = 1\n",
        },
    )
    with open_snapshot(tmp_path, use_git=False) as snapshot:
        listed = snapshot.paths
        problems = [problem.path for problem in snapshot.problems]
        assert snapshot.exists("kiln_env/lib")
    assert listed == ("bin/start", "kiln_env/notes.md", "kiln_env/pyvenv.cfg", "src/kiln/data.py")
    assert problems == ["kiln_env/"]


def test_a_repository_that_is_itself_an_environment_keeps_its_own_folders(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyvenv.cfg": "home = /usr/bin\n",
            "lib/python3.12/site-packages/glaze.py": "x = 1\n",
            "lib/kiln/data.py": "x = 1\n",
            "bin/train": "#!/bin/sh\n",
        },
    )
    with open_snapshot(tmp_path, use_git=False) as snapshot:
        assert snapshot.paths == ("bin/train", "lib/kiln/data.py", "pyvenv.cfg")
