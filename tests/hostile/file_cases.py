"""Files that are too large, of another kind than their name says, or cannot be opened."""

from __future__ import annotations

import io
import os
import socket
import zipfile

from hostile.ground import Ground
from hostile.registry import COMMIT, FOLDER, FULL, WORK_TREE, case

DISK = (WORK_TREE, FOLDER)
ALL = (WORK_TREE, COMMIT, FOLDER)
NAMES = ("src/kiln/x.py", "configs/x.yaml", "docs/source/x.md", "notebooks/x.ipynb", "sub/pyproject.toml", "dockerfiles/x.dockerfile",
         "requirements_x.txt", ".github/workflows/x.yaml", "reports/README2.md", "package.json", "scripts/x.sh", "reports/figures/x.png", "infra/x.tf",
         "sub/.dvc/config")  # fmt: skip
GIB = 1 << 30


@case(*DISK, notes=("src/kiln/x.py: not read: 1,073,741,824 bytes",), makes_commits=True)
def sparse_gibibyte(ground: Ground) -> None:
    for name in NAMES:
        ground.write({name: b"x"})
        os.truncate(ground.repository / name, GIB)


@case(COMMIT, notes=("not read",), in_batch=False, makes_commits=True)
def committed_giant(ground: Ground) -> None:
    """A gibibyte of zeros in the object store (scaled down to 64 MiB: git takes ten seconds to pack it)."""
    size = GIB if FULL else GIB >> 4
    for name in NAMES[:2]:
        ground.write({name: b"x"})
        os.truncate(ground.repository / name, size)
    ground.git("config", "core.compression", "1")
    ground.commit()


@case(*ALL)
def zip_bomb(ground: Ground) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"{number}.py", bytes(20_000_000))
        archive.writestr("../../../outside.py", "x = 1\n")
    ground.write(dict.fromkeys((*NAMES, "data.zip", "model.pt", "x.whl"), data.getvalue()))


@case(*ALL)
def nul_bytes(ground: Ground) -> None:
    ground.write(
        {
            name: b"import os\n\x00\x00\nkey: value\n" if n % 2 else b"# x\n" * 4_000 + b"\x00\n"
            for n, name in enumerate(NAMES)
        }
    )


@case(*ALL)
def utf_16(ground: Ground) -> None:
    text = "name: ünïcode 🔥\nimport logging\n# heading\n"
    forms = [b"\xff\xfe" + text.encode("utf-16-le"), b"\xfe\xff" + text.encode("utf-16-be"), b"\xff\xfea", b"\xff\xfe\x00\xd8\x00\xd8" * 50, b"\xff\xfe",
             text.encode("utf-32"), text.encode("utf-16-le"), b"\xef\xbb\xbf" + text.encode(), text.encode("cp1252", "replace"), b"\x80\x81\x8d\xff" * 99, b"+AGE-"]  # fmt: skip
    ground.write({name: forms[n % len(forms)] for n, name in enumerate(NAMES)})
    ground.write(
        {
            f"enc/{n}/{name}": form
            for n, form in enumerate(forms)
            for name in ("x.py", "x.yaml", "x.md", "Dockerfile", "requirements.txt", "pyproject.toml")
        }
    )


@case(*DISK, notes=("docs/source/x.md: not read: 50,",), makes_commits=True)
def line_of_50_megabytes(ground: Ground) -> None:
    data = b"a = 1; " * (50_000_000 // 7)
    ground.write({NAMES[0]: data + b"pad" * 9})
    for name in NAMES[1:]:
        (ground.repository / name).parent.mkdir(parents=True, exist_ok=True)
        os.link(ground.repository / NAMES[0], ground.repository / name)
    ground.write({"docs/source/x.md": b"x" * 50_000_001})


@case(WORK_TREE, COMMIT)
def line_of_nine_megabytes(ground: Ground) -> None:
    """Under the limit: it is read, and every reader has to bound what it does with it."""
    data = b"a = 1; [x](y) - b: 2 " * (9_000_000 // 21)
    ground.write(dict.fromkeys(NAMES if FULL else NAMES[::3], data))


@case(WORK_TREE, in_batch=False)
def nine_megabytes_of_short_lines(ground: Ground) -> None:
    """In every kind of file (usually a third of it, in a third of them)."""
    ground.write(dict.fromkeys(NAMES if FULL else NAMES[::3], b"a: b\n" * (1_800_000 if FULL else 600_000)))


@case(WORK_TREE, FOLDER, makes_commits=True)
def texts_that_fill_memory(ground: Ground) -> None:
    """150 files of nine megabytes (10 usually), each with one character that makes Python hold four bytes for every other."""
    for number in range(30 if FULL else 2):
        for ending in ("md", "yaml", "py", "sh", "toml"):
            path = f"big/{number}.{ending}"
            ground.write({path: "# \U0001f525\n".encode() + b"a" * 9_000})
            os.truncate(ground.repository / path, 9_000_000)


@case(*DISK, makes_commits=True)
def fifos_and_sockets(ground: Ground) -> None:
    for number, name in enumerate((*NAMES, "README.rst", "Makefile", "uv.lock", "docs/index.md", "tests/test_x.py")):
        path = ground.repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if number % 4 == 3:
            here = os.open(path.parent, os.O_RDONLY)
            with socket.socket(socket.AF_UNIX) as server:  # by a short way: the address has a limit of 108 bytes
                server.bind(f"/proc/self/fd/{here}/{path.name}")
            os.close(here)
        else:
            os.mkfifo(path)


@case(WORK_TREE, makes_commits=True)
def tracked_file_made_a_fifo(ground: Ground) -> None:
    """git's index says file, the disk says FIFO."""
    ground.write(dict.fromkeys(NAMES, "x\n"))
    ground.commit()
    for name in NAMES:
        (ground.repository / name).unlink()
        os.mkfifo(ground.repository / name)


@case(WORK_TREE, seconds=3.0, makes_commits=True)
def ignore_file_is_a_fifo(ground: Ground) -> None:
    """git itself opens every .gitignore for the list of files that it does not track."""
    (ground.repository / "notes").mkdir()
    os.mkfifo(ground.repository / "notes/.gitignore")
    ground.write({"notes/x.txt": "x"})


@case(WORK_TREE, FOLDER, makes_commits=True)
def ignore_file_of_a_gibibyte(ground: Ground) -> None:
    ground.write({"notes/.gitignore": "x", "notes/x.txt": "x", "notes/.dockerignore": "x"})
    for name in (".gitignore", ".dockerignore"):
        os.truncate(ground.repository / "notes" / name, GIB)


@case(*DISK, makes_commits=True)
def no_permission(ground: Ground) -> None:
    ground.write(dict.fromkeys(NAMES, "x: 1\n"))
    for name in NAMES:
        (ground.repository / name).chmod(0)
    ground.write({"closed/src/x.py": "x = 1\n", "listed/x.py": "x = 1\n", "entered/x.py": "x = 1\n"})
    for name, mode in (("closed", 0), ("listed", 0o444), ("entered", 0o111)):
        (ground.repository / name).chmod(mode)


@case(*ALL)
def folders_for_files(ground: Ground) -> None:
    """A folder where a file is expected."""
    for name in (*NAMES, "Makefile", "uv.lock", "tasks", "mkdocs.yml", "dvc.yaml"):
        ground.write({f"{name}/{name.rpartition('/')[2]}": "x: 1\n"})


@case(WORK_TREE, in_batch=False, changes="M7.style M7.typing_docs")
def many_small_files(ground: Ground) -> None:
    """2,000 modules, and 600 of each other kind that is parsed (a quarter usually)."""
    for number in range(2_000 if FULL else 500):
        ground.write({f"many/{number}.py": "import os\nx = os.path\n"})
    for number in range(600 if FULL else 150):
        ground.write(
            {
                f"many/{number}.yaml": "a: [b, c]\n",
                f"many/{number}.toml": "a = 1\n",
                f"many/{number}.json": "{}",
                f"many/{number}/Dockerfile": "FROM x\nCOPY . .\n",
                f"many/{number}/.gitignore": "*.x\n",
                f"many/{number}.sh": "pytest\n",
                f"many/{number}.ipynb": '{"cells": []}',
            }
        )


@case()
def many_workflows(ground: Ground) -> None:
    """More workflows than are read: the group's own come last by name."""
    ground.write(
        {f".github/workflows/{number}.yaml": "on: push\njobs: {t: {steps: [{run: x}]}}\n" for number in range(600)}
    )


@case()
def many_documents(ground: Ground) -> None:
    """More documents than are read: the report comes last by name."""
    ground.write({f"many/{number}.md": "# a\n\n[b](c)\n" for number in range(600)})


def folders_in_each_other(ground: Ground, *, with_files: bool) -> None:
    """1,500 folders, each in the one before it: more than Python's own walk bears. A file in each (usually in each tenth)."""
    here = os.open(ground.repository, os.O_RDONLY)
    for number in range(1_500):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
        if with_files and number % (1 if FULL else 10) == 0:
            os.write(file := os.open("x.py", os.O_WRONLY | os.O_CREAT, dir_fd=here), b"x = 1\n")
            os.close(file)
    os.close(here)


@case(WORK_TREE, in_batch=False, dropped=True, makes_commits=True)
def folders_in_folders(ground: Ground) -> None:
    folders_in_each_other(ground, with_files=False)


@case(FOLDER, in_batch=False, dropped=True, makes_commits=True)
def folders_in_a_plain_folder(ground: Ground) -> None:
    folders_in_each_other(ground, with_files=False)


@case(WORK_TREE, in_batch=False, dropped=True, makes_commits=True, changes="M7.style M7.typing_docs")
def files_in_folders_in_folders(ground: Ground) -> None:
    folders_in_each_other(ground, with_files=True)


@case(FOLDER, in_batch=False, dropped=True, makes_commits=True, changes="M7.style M7.typing_docs")
def files_in_folders_in_a_plain_folder(ground: Ground) -> None:
    folders_in_each_other(ground, with_files=True)


@case(COMMIT, in_batch=False, dropped=True, changes="M7.style M7.typing_docs")
def files_in_folders_in_a_commit(ground: Ground) -> None:
    folders_in_each_other(ground, with_files=True)


@case(WORK_TREE, FOLDER, makes_commits=True)
def deeper_than_a_path_is_long(ground: Ground) -> None:
    """Folders whose path is longer than the system takes (4,096 bytes), with a file in each."""
    here = os.open(ground.repository, os.O_RDONLY)
    for _ in range(40):
        os.mkdir("d" * 200, dir_fd=here)
        inner = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
        os.close(os.open("x.txt", os.O_WRONLY | os.O_CREAT, dir_fd=here))
    os.close(here)
