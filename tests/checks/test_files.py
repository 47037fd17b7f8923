from __future__ import annotations

import hashlib
from pathlib import Path

from support.hand_in_samples import files, one, pushed, remarks, whole_report
from support.repositories import make_repository, write


def test_large_files(tmp_path: Path) -> None:
    folder = make_repository(
        tmp_path / "shop",
        files(
            whole_report(),
            {"models/model.pt": b"\1" * 2_000_000, "data/small.csv": b"1,2\n" * 100, "slides.pdf": b"x" * 3_000_000},
        ),
    )
    write(folder, {"data/raw.csv": b"1,2\n" * 600_000})
    found = one(remarks(folder, "H.large_files"))  # what is not committed is no matter of git's
    assert found.place.path == "models/model.pt" and "2.0 MB" in found.message


def test_a_pointer_of_git_lfs_is_small(tmp_path: Path) -> None:
    content = b"\1" * 2_000_000
    pointer = (
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{hashlib.sha256(content).hexdigest()}\nsize 2000000\n"
    )
    folder = pushed(tmp_path / "shop", files(whole_report(), {"models/model.pt": pointer}))
    write(folder, {"models/model.pt": content})
    assert remarks(folder, "H.large_files") == []
