"""The rooms of the program: which may know which, what each is, what stands outside of them, and who opens files."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.checkout import ROOT

PROGRAM = ROOT / "auditor"
PACKAGES = sorted(path.parent for path in PROGRAM.rglob("__init__.py"))
MODULES = sorted(path for name in ("auditor", "rules") for path in (ROOT / name).rglob("*.py"))

LOOSE = {
    "practices": {"contributions", "second_net", "traces", "unread", "uses"},
    "facts": {"group", "pre_commit", "terraform", "yaml_files"},
}
"""Modules that stand beside the rooms within a room; every other has a room of its own."""

OPENERS = {
    "auditor/repository/": "the audited tree and its git directory, by doors that follow no link and read within bounds",
    "auditor/batch/": "the list of groups, clones, the store of results, and the pages of a class",
    "auditor/review/": "decisions of teaching assistants, in the output folder",
    "auditor/cli/": "what the user names on the command line, and what is written for the user",
    "auditor/course/": "the course's lists beside its rules, as they are installed",
    "auditor/desk/pages.py": "the styles and scripts beside it",
    "auditor/engine/last_result.py": "the program's own files and git's, by size and time, for what tells this program from another",
    "auditor/engine/settings.py": "settings of who audits, by the path that they give; a group's come from the snapshot",
    "auditor/facts/python/remembering/remembered.py": "the program's own source, for the digest of what reads Python",
    "auditor/knowledge/tables.py": "the tables beside it, and those of a course",
    "auditor/output/pages/html.py": "the templates beside it",
    "auditor/samples.py": "the sample groups that are shipped, and the folder that they are built in",
}
"""Who opens files, and which. A repository's files are opened by `auditor/repository/` alone: others ask its snapshot."""

FUNCTIONS = re.compile(
    r"(io\.|codecs\.|tokenize\.)?open|os\.(fd)?open|os\.(scandir|listdir|f?walk|l?stat|readlink|remove|unlink|replace|rename|makedirs|mkdir)"
    r"|(shutil|tempfile|glob|mmap|zipfile|tarfile|sqlite3|linecache|fileinput|runpy)\.\w+"
)
METHODS = frozenset(
    "open read_text read_bytes write_text write_bytes iterdir glob rglob walk is_file is_dir is_symlink stat lstat touch mkdir rmdir unlink"
    " symlink_to hardlink_to readlink".split()
)
"""Methods of `pathlib.Path` that reach the disk. What a snapshot has under the same name (`exists`) is left out."""


def touches(code: str) -> Iterator[str]:
    """Calls that reach the disk, with their lines."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if FUNCTIONS.fullmatch(name) or (isinstance(node.func, ast.Attribute) and is_method(node.func)):
                yield f"{node.lineno}: {name}"


def is_method(function: ast.Attribute) -> bool:
    """Whether it may be one of a path; `ast.walk` is the only other that is called so."""
    return function.attr in METHODS and ast.unparse(function) != "ast.walk"


def opener(module: Path) -> str | None:
    """The entry of `OPENERS` that a module falls under."""
    name = module.relative_to(ROOT).as_posix()
    return next((place for place in OPENERS if name == place or (place.endswith("/") and name.startswith(place))), None)


def test_rooms_know_only_those_below_them() -> None:
    """The contracts of `[tool.importlinter]` in `pyproject.toml`."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: str(package.relative_to(ROOT)))
def test_a_room_says_in_a_sentence_what_it_is(package: Path) -> None:
    text = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    sentence = text.partition("\n\n")[0]
    assert "\n" not in sentence
    assert sentence.endswith(".") and len(sentence) <= 200
    assert not re.search(r"[.!?]\s+[A-Z`]", sentence), sentence


def test_hardly_anything_stands_outside_the_rooms() -> None:
    assert len(list(PROGRAM.glob("*.py"))) <= 10
    for room, loose in LOOSE.items():
        assert {path.stem for path in (PROGRAM / room).glob("*.py")} == loose | {"__init__"}


def test_only_they_open_files() -> None:
    found = {module: list(touches(module.read_text(encoding="utf-8"))) for module in MODULES}
    assert {
        str(module.relative_to(ROOT)): calls for module, calls in found.items() if calls and not opener(module)
    } == {}
    assert {opener(module) for module, calls in found.items() if calls} == set(OPENERS), "one of them opens nothing"


@pytest.mark.parametrize(
    "code",
    [
        "open('a')",
        "os.open('a', 0)",
        "Path('a').read_text()",
        "(folder / name).read_bytes()",
        "path.open('rb')",
        "shutil.copy('a', 'b')",
        "for _ in os.walk('.'): pass",
    ],
)
def test_a_file_that_is_opened_is_seen(code: str) -> None:
    assert len(list(touches(code))) == 1
