"""Symbolic links that lead out, around, or to what never ends."""

from __future__ import annotations

import os

from hostile.file_cases import ALL, DISK, NAMES
from hostile.ground import Ground, make_private
from hostile.registry import COMMIT, FOLDER, FULL, SECONDS, WORK_TREE, case


def link(ground: Ground, target: str | bytes, *names: str) -> None:
    """Put links to `target` in all places, or in those named."""
    for name in names or NAMES:
        path = ground.repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        os.symlink(target, os.fsencode(path) if isinstance(target, bytes) else path)  # noqa: PTH211 (a target may be no text)


@case(*ALL, notes=("src/kiln/x.py: symbolic link out of the repository",))
def to_files_outside(ground: Ground) -> None:
    link(ground, "/etc/passwd")
    link(ground, str(ground.secret_file), *(f"a/{name}" for name in NAMES))
    for name in NAMES:
        depth = name.count("/") + 1
        link(ground, f"{'../' * (depth + 2)}outside/{ground.outside.name}/secret.txt", f"b/{name}")


@case(*ALL)
def to_dev_zero(ground: Ground) -> None:
    link(ground, "/dev/zero")
    link(ground, "/dev/stdin", *(f"a/{name}" for name in NAMES))
    link(ground, "/proc/self/mem", *(f"b/{name}" for name in NAMES))


@case(*DISK, makes_commits=True)
def to_fifo(ground: Ground) -> None:
    os.mkfifo(ground.repository / "fifo")
    os.mkfifo(ground.outside / "fifo")
    for name in NAMES:
        link(ground, f"{'../' * name.count('/')}fifo", name)
    link(ground, str(ground.outside / "fifo"), *(f"a/{name}" for name in NAMES))


@case(*ALL)
def loops(ground: Ground) -> None:
    for name in NAMES:
        link(ground, name.rpartition("/")[2], name)
    link(ground, "b.py", "src/kiln/a.py")
    link(ground, "a.py", "src/kiln/b.py")


@case(COMMIT, seconds=SECONDS if FULL else 8.0)
def long_chain(ground: Ground) -> None:
    """Links, each to the next (5,000; 300 usually): time must not grow with the square of their number."""
    count = 5_000 if FULL else 300
    for number in range(count):
        link(ground, f"l{number + 1}.yaml", f"configs/l{number}.yaml")
    ground.write({f"configs/l{count}.yaml": "a: 1\n"})


@case(*ALL)
def folders_upwards(ground: Ground) -> None:
    """A walk that followed them would never end, or read the whole machine."""
    link(ground, "../..", "src/kiln/up", "docs/source/up", "tests/up")
    link(ground, ".", "here", "src/here", "configs/here")
    link(ground, "/", "root", "src/root", "docs/root", ".github/root")
    link(ground, str(ground.outside), "outside", "dockerfiles/outside", "configs/outside")
    link(ground, ".git", "git", "src/kiln/git")


@case(*ALL)
def through_folders(ground: Ground) -> None:
    """Links to files behind links to folders, and files that git tracks behind a folder that has become a link."""
    ground.outside.joinpath("inner").mkdir()
    ground.outside.joinpath("inner/x.py").write_text(ground.secret_file.read_text())
    link(ground, str(ground.outside / "inner"), "way")
    link(ground, "../../way/x.py", "src/kiln/x.py")
    link(ground, "../way/x.py", "docs/x.md")
    link(ground, "way/../../../../../etc/passwd", "requirements_x.txt")


@case(WORK_TREE, makes_commits=True)
def tracked_folder_made_a_link(ground: Ground) -> None:
    ground.write({"tools/x.py": "x = 1\n", "tools/pyproject.toml": "[project]\n"})
    ground.commit()
    for name in ("x.py", "pyproject.toml"):
        (ground.repository / "tools" / name).unlink()
        (ground.outside / name).write_text(ground.secret_file.read_text())
    (ground.repository / "tools").rmdir()
    link(ground, str(ground.outside), "tools")


@case(*ALL)
def odd_targets(ground: Ground) -> None:
    targets: tuple[bytes, ...] = (
        b"a\nb", b"\x1b]8;;http://example.org\x07x", b"\xff\xfe", b"a" * 4_000, b"../" * 1_300, b"/" * 4_000, b" ", b"~root/.ssh/id_rsa", b"$HOME/x", b"C:\\x",
        b"\\\\host\\share", b"file:///etc/passwd", b"./" * 2_000 + b"README.md", b"README.md/", b"README.md/../README.md", b"<b>", b"=1+1", b"-r", b"--help",
    )  # fmt: skip
    for number, target in enumerate(targets):
        link(ground, target, f"configs/t{number}.yaml", f"src/kiln/t{number}.py")


@case(COMMIT, makes_commits=True)
def huge_targets(ground: Ground) -> None:
    """What git stores as a link's target may be as long as a file, and hold anything."""
    names = [
        ground.git("hash-object", "-w", "--stdin", data=data)
        for data in (b"x" * 20_000_000, b"a\x00b", b"", b"../" * 300_000, b"\n" * 500_000)
    ]
    for number, name in enumerate(names):
        for place in ("configs/{}.yaml", "src/kiln/{}.py", "docs/{}.md"):
            ground.git("update-index", "--add", "--cacheinfo", f"120000,{name},{place.format(f'h{number}')}")
    ground.git("commit", "--quiet", "-m", "Links")
    ground.git("checkout", "--quiet", "-f", "HEAD~1", "--", ".")


@case(WORK_TREE, FOLDER, makes_commits=True)
def the_report_is_a_link_outside(ground: Ground) -> None:
    """A second report that is the teaching assistant's own."""
    link(ground, str(ground.secret_file), "reports/report.md", "report.md", "docs/README.md")
    make_private(ground)
    link(ground, str(ground.private), "project")
    link(ground, str(ground.private / "README.md"), "README_x.md")
