"""What is remembered of Python files changes no result, whatever was edited since, and is for nobody's eyes but the user's."""

from __future__ import annotations

import ast
import os
import pickle
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.repositories import git

from auditor.engine.run import run_audit
from auditor.facts.python.modules import Modules
from auditor.facts.python.project import PythonProject
from auditor.facts.python.provider import python_project
from auditor.facts.python.remembering import reading, remembered
from auditor.facts.python.remembering.packing import packed_files, unpacked, unpacked_files
from auditor.limits import DEFAULT, Limits
from auditor.output import writer
from auditor.repository import memory
from auditor.repository.memory import Memory
from auditor.repository.opening import open_snapshot
from auditor.samples import build_samples

FILES = {
    "src/shop/__init__.py": "",
    "src/shop/data.py": "import torch\nfrom shop.tools import load\n\ndef make():\n    return load(..., 1j, b'x')\n",
    "src/shop/tools.py": "from . import data\nimport wandb\n\ndef load(*given):\n    wandb.log({'a': 1})\n    return given\n",
    "train.py": "import logging\nfrom shop.data import make\nimport shop\n\nif __name__ == '__main__':\n    make()\n",
    "tests/test_data.py": "from shop import data\nfrom src.shop.tools import load\n\ndef test_it():\n    assert data.make()\n",
    "broken.py": "def (:\n",
    "notes.ipynb": '{"cells": [{"cell_type": "code", "source": ["import shop.data\\n", "x = shop.data.make()"]},'
    ' {"cell_type": "code", "source": ["so much for (that"]}]}',
}


def write(folder: Path, files: dict[str, str | None]) -> None:
    for path, text in files.items():
        target = folder / path
        if text is None:
            target.unlink(missing_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")


def project(folder: Path, kept: Path | None, limits: Limits = DEFAULT) -> tuple[PythonProject, object]:
    with open_snapshot(folder, use_git=False, limits=limits) as snapshot:
        found = python_project(snapshot, Memory(kept, snapshot.root, snapshot.focus))
        return found, snapshot.problems


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    write(folder, dict(FILES))
    return folder


@pytest.fixture
def read_now(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths of the files that are read rather than remembered."""
    found: list[str] = []

    def watched(unread: reading.Unread, modules: Modules) -> reading.Reading:
        found.append(unread.empty.path)
        return original(unread, modules)

    original = reading.read_source
    monkeypatch.setattr("auditor.facts.python.provider.read_source", watched)
    return found


def test_an_unchanged_file_is_not_read_again(shop: Path, tmp_path: Path, read_now: list[str]) -> None:
    plain = project(shop, None)
    assert len(read_now) == len(FILES)
    assert project(shop, tmp_path / "kept") == plain
    read_now.clear()
    assert project(shop, tmp_path / "kept") == plain
    assert read_now == []


def test_only_what_changed_is_read_again(shop: Path, tmp_path: Path, read_now: list[str]) -> None:
    project(shop, tmp_path / "kept")
    read_now.clear()
    write(shop, {"src/shop/tools.py": "def load(*given):\n    return given\n", "src/shop/more.py": "x = 1\n"})
    found = project(shop, tmp_path / "kept")
    assert sorted(read_now) == ["src/shop/more.py", "src/shop/tools.py"]
    assert found == project(shop, None)


EDITS: dict[str, dict[str, str | None]] = {
    "a text": {"train.py": "import torch\n\ntorch.save(1)\n"},
    "a module gone": {"src/shop/tools.py": None},
    "a module renamed": {"src/shop/tools.py": None, "src/shop/tool.py": FILES["src/shop/tools.py"]},
    "a file that bears a library's name": {"torch.py": "def save(x):\n    return x\n"},
    "one that does and imports it": {"src/shop/wandb.py": "import wandb\n\nlog = wandb.log\n"},
    "a folder that bears a library's name": {"src/shop/wandb/__init__.py": "def log(x):\n    return x\n"},
    "one that bears the standard library's": {"logging.py": "x = 1\n", "tests/logging.py": "import logging\n"},
    "the package moved out of src": {
        "src/shop/__init__.py": None,
        "src/shop/data.py": None,
        "src/shop/tools.py": None,
        "shop/__init__.py": "",
        "shop/data.py": FILES["src/shop/data.py"],
    },
    "the package twice": {"shop/data.py": "def make():\n    return None\n"},
    "a test that is none any more": {"tests/test_data.py": None, "scripts/data.py": FILES["tests/test_data.py"]},
    "a setup.py beside it": {"src/shop/setup.py": "import setuptools\n"},
    "a cell mended": {"notes.ipynb": '{"cells": [{"cell_type": "code", "source": ["import shop\\n"]}]}'},
    "a file mended": {"broken.py": "x = 1\n"},
    "a lone surrogate": {"train.py": "x = '\\ud800'\n"},
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_seen(name: str, shop: Path, tmp_path: Path) -> None:
    before = project(shop, tmp_path / "kept")
    write(shop, EDITS[name])
    assert project(shop, tmp_path / "kept") == project(shop, None) != before
    write(shop, dict.fromkeys(EDITS[name]) | dict(FILES))
    assert project(shop, tmp_path / "kept") == before


PLACES = ("a.py", "b.py", "torch.py", "pkg/__init__.py", "pkg/a.py", "pkg/torch.py", "src/pkg/b.py", "tests/test_a.py")
LINES = (
    "import a", "import os, b", "import torch", "from pkg import a", "from . import b", "from .a import *", "import pkg.b as c",
    "from src.pkg.b import d", "print(a, 'pkg.a:main')", "torch.save(pkg.a)", "import logging",
)  # fmt: skip
programs = st.lists(st.sampled_from(LINES), max_size=4).map(lambda lines: "\n".join([*lines, ""]))
trees = st.dictionaries(st.sampled_from(PLACES), programs, max_size=len(PLACES))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(trees, min_size=2, max_size=4))
def test_no_history_of_edits_shows(history: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder, kept = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("kept")
    kept.chmod(0o700)
    for tree in history:
        write(folder, dict.fromkeys(PLACES) | dict(tree))
        assert project(folder, kept) == project(folder, None)


@pytest.mark.parametrize("number", [0, 1])
def test_results_are_the_same_with_and_without(number: int, tmp_path: Path) -> None:
    repository = build_samples(tmp_path / "samples")[number]
    json = writer("json")
    kept = tmp_path / "kept"
    plain = json(run_audit(repository))
    assert json(run_audit(repository, memory=kept)) == plain
    assert json(run_audit(repository, memory=kept)) == plain
    (path,) = (file for file in kept.iterdir() if file.name != "patterns.memory")
    assert path.stat().st_size < 1_000_000
    code = next(path for path in sorted(repository.rglob("*.py")) if path.stat().st_size > 500)
    code.write_text(code.read_text(encoding="utf-8") + "\n\nimport wandb\nwandb.init()\n", encoding="utf-8")
    (repository / "torch.py").write_text("import os\n", encoding="utf-8")
    edited = json(run_audit(repository))
    assert json(run_audit(repository, memory=kept)) == edited != plain


@pytest.mark.parametrize("limits", [Limits(nesting=3), Limits(python_bytes=200), Limits(python_tokens=10)])
def test_limits_hold_for_what_is_remembered(limits: Limits, shop: Path, tmp_path: Path) -> None:
    project(shop, tmp_path / "kept")
    assert project(shop, tmp_path / "kept", limits) == project(shop, None, limits)
    assert project(shop, tmp_path / "kept") == project(shop, None)


def test_the_sum_of_all_code_is_bounded_for_what_is_remembered(shop: Path, tmp_path: Path) -> None:
    limits = Limits(python_bytes=1_000)
    few = project(shop, tmp_path / "kept", limits)
    assert few == project(shop, None, limits)
    write(shop, {f"more{number}.py": f"x = {number}\n" * 20 for number in range(8)})
    assert project(shop, tmp_path / "kept", limits) == project(shop, None, limits)
    assert any(file.problem and "enough" in file.problem for file in project(shop, None, limits)[0].files)


def test_a_trial_takes_nothing_from_memory(shop: Path, tmp_path: Path, read_now: list[str]) -> None:
    project(shop, tmp_path / "kept")
    read_now.clear()
    assert project(shop, tmp_path / "kept", Limits(trial=True)) == project(shop, None, Limits(trial=True))
    assert len(read_now) == 2 * len(FILES)


def test_another_program_reads_anew(
    shop: Path, tmp_path: Path, read_now: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project(shop, tmp_path / "kept")
    read_now.clear()
    monkeypatch.setattr(remembered, "program", lambda: "another")
    project(shop, tmp_path / "kept")
    assert len(read_now) == len(FILES)


def test_what_depends_on_the_machine_is_not_remembered(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deep(*_: object) -> None:
        raise RecursionError

    with monkeypatch.context() as patched:
        patched.setattr("auditor.facts.python.reading.reader.read", deep)
        assert any(file.problem for file in project(shop, tmp_path / "kept")[0].files)
    assert project(shop, tmp_path / "kept") == project(shop, None)


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def foreign(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" * 100)


def other_type(path: Path) -> None:
    folder = path.parent
    path.unlink()
    Memory(folder, Path("/nowhere")).save(b"\x92\x01\x02")  # [1, 2]
    next(folder.iterdir()).rename(path)


def other_entries(path: Path) -> None:
    folder = path.parent
    path.unlink()
    Memory(folder, Path("/nowhere")).save(packed_files(dict.fromkeys(FILES, (b"", b"\x07"))))
    next(folder.iterdir()).rename(path)


def writable_by_others(path: Path) -> None:
    path.chmod(0o666)


def a_link(path: Path) -> None:
    target = path.with_name("elsewhere")
    path.rename(target)
    path.symlink_to(target)


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "damage",
    [
        truncated, flipped, empty, foreign, other_type, other_entries, writable_by_others, a_link, a_pipe, a_folder,
    ],
)  # fmt: skip
def test_what_is_damaged_counts_as_none(
    damage: Callable[[Path], None], shop: Path, tmp_path: Path, read_now: list[str]
) -> None:
    kept = tmp_path / "kept"
    project(shop, kept)
    (path,) = (file for file in kept.iterdir() if file.name != "patterns.memory")
    damage(path)
    read_now.clear()
    assert project(shop, kept) == project(shop, None)
    assert len(read_now) == 2 * len(FILES)


class Trap:
    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return os.mkdir, ("sprung",)


def test_what_another_program_writes_is_read_as_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for data in (
        pickle.dumps(Trap()),
        b"cos\nsystem\n(S'touch sprung'\ntR.",
        b"\xc7\x00\x09",
        b"\xc1",
        b"\x91" * 100_000,
    ):
        assert unpacked(data) is None
        assert unpacked_files(data) == {}
    assert list(tmp_path.iterdir()) == []


def test_files_are_the_users_own(shop: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache" / "kept"
    old = os.umask(0)
    try:
        project(shop, kept)
    finally:
        os.umask(old)
    (path,) = (file for file in kept.iterdir() if file.name != "patterns.memory")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_others_can_write_is_not_used(shop: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    kept.chmod(0o777)
    assert project(shop, kept) == project(shop, None)
    assert list(kept.iterdir()) == []


@pytest.mark.parametrize("inner", ["", "cache", "src/cache"])
def test_nothing_is_written_into_the_repository(inner: str, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(shop)
    before = sorted(shop.rglob("*"))
    for kept in (shop / inner, tmp_path / "link" / inner):
        assert project(shop, kept) == project(shop, None)
    assert sorted(shop.rglob("*")) == before


def test_a_folder_that_cannot_be_made_costs_nothing(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert project(shop, tmp_path / "file" / "kept") == project(shop, None)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert project(shop, tmp_path / "loop") == project(shop, None)


def test_old_files_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "kept"
    monkeypatch.setattr(memory, "MOST_TOTAL", 3_000)
    for number in range(5):
        Memory(kept, Path(f"/r{number}")).save(bytes(1_000))
        for age, path in enumerate(sorted(kept.iterdir(), key=lambda path: path.stat().st_mtime_ns)):
            os.utime(path, (age, age))
    assert len(list(kept.iterdir())) == 2
    assert Memory(kept, Path("/r0")).load() is None
    assert Memory(kept, Path("/r4")).load() == bytes(1_000)
    monkeypatch.setattr(memory, "MOST_BYTES", 500)
    Memory(kept, Path("/r5")).save(bytes(1_000))
    assert Memory(kept, Path("/r5")).load() is Memory(kept, Path("/r4")).load() is None


def test_several_runs_at_once_leave_a_whole_file(shop: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from auditor.repository.memory import Memory\n"
        "m = Memory(Path(sys.argv[1]), Path('/r'))\n"
        "for n in range(200): m.save(bytes([n]) * 50_000); b = m.load(); assert b is None or len(set(b)) == 1, n\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "kept")]
    running = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_repositories_have_files_of_their_own(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    Memory(kept, Path("/a")).save(b"a")
    Memory(kept, Path("/a"), "inner").save(b"inner")
    Memory(kept, Path("/b")).save(b"b")
    found = [
        Memory(kept, Path("/a")),
        Memory(kept, Path("/a"), "inner"),
        Memory(kept, Path("/b")),
        Memory(kept, Path("/c")),
    ]
    assert [one.load() for one in found] == [b"a", b"inner", b"b", None]


def test_the_parser_is_not_even_imported_where_all_is_remembered(tmp_path: Path) -> None:
    repository = build_samples(tmp_path / "samples")[0]
    git(repository, "status", "--short")
    program = (
        "import sys; from pathlib import Path; from auditor.engine.run import run_audit\n"
        "run_audit(sys.argv[1], memory=Path(sys.argv[2])); sys.exit('libcst' in sys.modules)\n"
    )
    command = [sys.executable, "-c", program, str(repository), str(tmp_path / "kept")]
    assert [subprocess.run(command, check=False).returncode for _ in range(2)] == [1, 0]


def test_what_reads_python_is_in_the_digest() -> None:
    """The digest of the program covers its package; what decides on a record may stand in no other module."""
    package, folder = "auditor.facts.python.", Path(remembered.__file__).parent.parent
    outside: set[str] = set()
    waiting, seen = ["reading.reader", "parsing.guard", "parsing.source", "modules", "remembering.reading"], set[str]()
    while waiting:
        name = waiting.pop()
        file = folder / f"{name.replace('.', '/')}.py"
        if name in seen or not file.exists():
            continue
        seen.add(name)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            if f"{module}.".startswith(package):
                inner = f"{module}."[len(package) :]
                waiting += [inner[:-1], *(f"{inner}{alias.name}" for alias in node.names)]  # type: ignore[attr-defined]
            elif module.startswith("auditor."):
                outside.add(module)
    assert len(seen) > 10
    # what an import means is asked anew each time, evidence is made of places later, limits are in the key, and how classes are made says nothing of what they hold
    assert outside <= {
        "auditor.evidence",
        "auditor.records",
        "auditor.limits",
        "auditor.patterns",
        "auditor.knowledge.distribution_tables",
    }


def test_a_module_named_like_its_importer_is_answered_alike_in_any_order() -> None:
    paths = ["pkg/x.py", "pkg/y.py", "pkg/sub/__init__.py", "pkg/sub/z.py"]
    asked = [("x", "pkg/x.py"), ("x", "pkg/y.py"), ("sub", "pkg/sub/__init__.py"), ("sub", "pkg/sub/z.py")]
    first, second = Modules(paths), Modules(paths)
    there = [first.locate(*one) for one in asked]
    back = [second.locate(*one) for one in reversed(asked)]
    assert there == back[::-1]
