from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from support.repositories import make_repository, notes, write

from auditor.limits import Limits
from auditor.repository.bounds import fair_share
from auditor.repository.opening import open_snapshot


def test_size_limits(tmp_path: Path) -> None:
    shop = make_repository(tmp_path, {"a.txt": "a" * 90, "b.txt": "b" * 90, "huge.txt": "h" * 200})
    for at in (None, "HEAD"):
        with open_snapshot(shop, at=at, limits=Limits(file_bytes=100, total_bytes=150)) as snapshot:
            assert snapshot.text("huge.txt") is None
            assert "more than 100" in notes(snapshot)["huge.txt"]
            assert snapshot.text("a.txt") is not None
            assert snapshot.text("b.txt") is None
            assert "150 bytes were read" in notes(snapshot)["b.txt"]


def test_too_many_files_leaves_out_untracked_ones(tmp_path: Path) -> None:
    shop = make_repository(tmp_path, {"y.txt": "y", "z.txt": "z"})
    write(shop, {"a.txt": "a", "b.txt": "b"})
    with open_snapshot(shop, limits=Limits(files=3)) as snapshot:
        assert snapshot.paths == ("a.txt", "y.txt", "z.txt")
        assert "4 files" in notes(snapshot)["."]
    with open_snapshot(shop, use_git=False, limits=Limits(files=3)) as snapshot:
        assert len(snapshot.paths) == 3


def test_of_too_many_files_every_folder_gives_some(tmp_path: Path) -> None:
    data = {f"data/{n % 7}/{n}.csv": "1" for n in range(70)}
    shop = make_repository(tmp_path, {**data, "README.md": "x", "src/shop/a.py": "a", "src/shop/b.py": "b"})
    limits = Limits(files=20)
    for snapshot in (
        open_snapshot(shop, limits=limits),
        open_snapshot(shop, at="HEAD", limits=limits),
        open_snapshot(shop, use_git=False, limits=limits),
    ):
        with snapshot:
            assert {"README.md", "src/shop/a.py", "src/shop/b.py"} <= set(snapshot.paths)
            assert len(snapshot.paths) == 20
            assert "73 files" in notes(snapshot)["."]
            assert not snapshot.moment.dirty


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=5), max_size=60), st.integers(0, 40))
def test_a_fair_share(names: list[list[str]], most: int) -> None:
    paths = {"/".join((*parts, "f")) for parts in names}
    found = fair_share(paths, most)
    assert found == sorted(set(found) & paths)
    assert len(found) == min(most, len(paths))


def test_a_fair_share_of_deep_folders() -> None:
    deep = ["/".join(["a"] * 200) + f"/{n}" for n in range(2_000)]
    assert len(fair_share([*deep, "b/c"], 100)) == 100
    assert "b/c" in fair_share([*deep, "b/c"], 100)


def test_files_near_the_root_come_first(tmp_path: Path) -> None:
    """Where a commit holds more than can be listed."""
    shop = make_repository(tmp_path, {f"a/b/c/d/{n}": "x" for n in range(200)} | {"src/shop/z.py": "z", "k.md": "k"})
    with open_snapshot(shop, at="HEAD", limits=Limits(files=10)) as snapshot:
        assert {"src/shop/z.py", "k.md"} <= set(snapshot.paths)
        assert "deepest" in " ".join(problem.message for problem in snapshot.problems)
