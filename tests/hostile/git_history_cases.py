"""Histories that are long, wide, forged, cut off or not there."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from hostile.ground import Ground, git, who
from hostile.registry import BARE, COMMIT, FULL, WORK_TREE, case

ALL = (WORK_TREE, COMMIT, BARE) if FULL else (COMMIT,)
HISTORY = "M5.access M5.git X.revisit X.understanding"
"""Claims that history may answer otherwise when it is another one."""

MARKUP = "<script>hostile()</script><img src=x onerror=hostile()>"


def pick(ground: Ground) -> tuple[str, str]:
    """The last commit and its tree."""
    return ground.git("rev-parse", "HEAD"), ground.git("rev-parse", "HEAD^{tree}")


def imported(ground: Ground, stream: bytes) -> None:
    ground.git("fast-import", "--quiet", "--force", data=stream)


@case(*ALL, changes=HISTORY)
def twenty_thousand_commits(ground: Ground) -> None:
    """20,000 commits (4,000 usually), each of one file."""
    last, _ = pick(ground)
    blob = ground.git("hash-object", "-w", "--stdin", data=b"1\n").encode()
    lines = []
    for number in range(20_000 if FULL else 4_000):
        lines.append(
            b"commit refs/heads/main\ncommitter P%d <p%d@example.org> %d +0100\ndata 9\nrevision\n\n"
            % (number % 500, number % 500, 1_769_166_000 + number)
        )
        lines.append(
            (b"from %s\n" % last.encode() if number == 0 else b"") + b"M 100644 %s log/%d.txt\n\n" % (blob, number % 50)
        )
    imported(ground, b"".join(lines))
    ground.git("reset", "--quiet", "--hard")


@case(*ALL)
def octopus_merges(ground: Ground) -> None:
    """A merge of 60 parents, one of the same parent 60 times, and 200 merges across each other."""
    last, tree = pick(ground)
    tips = [ground.raw_commit(tree, last, headers=who("Ada Lind <ada@example.org>", 1769166000 + n)) for n in range(60)]
    one = ground.raw_commit(tree, *tips, message=b"Merge branches\n")
    two = ground.raw_commit(tree, *[one] * 60, message=b"Merge branch 'x' of 'y' into z\n")
    for number in range(200):
        one, two = ground.raw_commit(tree, two, one, message=b"Merge %d\n" % number), two
    ground.git("reset", "--quiet", "--hard")


@case(*ALL, changes=HISTORY)
def impossible_dates(ground: Ground) -> None:
    """1970, 2100, before and after any calendar, in zones that no clock has, and no dates at all."""
    last, tree = pick(ground)
    times: tuple[object, ...] = (
        0,
        1,
        -1,
        -99999999999,
        4102444800,
        253402300799,
        253402300800,
        9999999999999,
        18446744073709551615,
        10**30,
        "x",
        "",
        "1.5",
    )
    for number, seconds in enumerate(times):
        zone = ("+0000", "-9999", "+1400", "+99999999", "x", "", "-0000")[number % 7]
        last = ground.raw_commit(tree, last, headers=who("Ada Lind <ada@example.org>", seconds, zone))
    last = ground.raw_commit(tree, last, headers=b"author Ada\ncommitter Ada")
    ground.raw_commit(tree, last, headers=who("Ada Lind <ada@example.org>", 2**33))
    ground.git("reset", "--quiet", "--hard")


@case(*ALL, changes=HISTORY, refused=True)
def no_author_lines(ground: Ground) -> None:
    last, tree = pick(ground)
    for headers in (
        b"x: y",
        b"author\ncommitter",
        b"author <>\ncommitter <>",
        b"encoding evil\nencoding UTF-16",
        b"gpgsig -----BEGIN\n more\nmergetag object x",
    ):
        last = ground.raw_commit(tree, last, headers=headers, message=b"")
    ground.git("reset", "--quiet", "--hard")


@case(*ALL, changes=HISTORY)
def forged_authors(ground: Ground) -> None:
    """Names and addresses with markup, escapes, formulas, of a megabyte, of nothing, in no encoding."""
    last, tree = pick(ground)
    names = (
        MARKUP, "\x1b[31mRed\x1b]8;;http://example.org\x07", "=HYPERLINK(\"http://example.org\")", "@SUM(1)", "[bold]x[/bold][link=http://example.org]", "\u202eadA", "", " ",
        "A" * 1_000_000, "\udcff\udcfe", "a\tb\rc", "**x** [y](http://example.org) ![z](http://example.org/z.png)", "Ada Lind", "dependabot[bot]", "{{7*7}}${7*7}%n%s", "\\", "|a|b|",
    )  # fmt: skip
    for number, name in enumerate(names):
        email = names[-1 - number].replace(">", "").replace("<", "") if number % 2 else "ada@example.org"
        body = f"{name}\n\nCo-authored-by: {name} <{name}>\nSigned-off-by: {name}\n"
        last = ground.raw_commit(
            tree,
            last,
            headers=who(f"{name.replace('<', '').replace('>', '') if number % 3 else name} <{email}>"),
            message=body.encode("utf-8", "surrogateescape"),
        )
    ground.git("reset", "--quiet", "--hard")


@case(*ALL, changes=HISTORY)
def huge_messages(ground: Ground) -> None:
    """Twenty messages of a megabyte, one of twenty, and 20,000 co-authors."""
    last, tree = pick(ground)
    for number in range(20):
        last = ground.raw_commit(tree, last, message=b"subject %d " % number + b"x" * 1_000_000 + b"\n" * 50_000)
    last = ground.raw_commit(tree, last, message=b"\n" * 20_000_000)
    ground.raw_commit(
        tree,
        last,
        message=b"x\n\n" + b"".join(b"Co-authored-by: P%d <p%d@example.org>\n" % (n, n) for n in range(20_000)),
    )
    ground.git("reset", "--quiet", "--hard")


@case(*ALL, changes=HISTORY)
def shallow(ground: Ground) -> None:
    git(ground.outside, "clone", "--quiet", "--depth", "1", f"file://{ground.repository}", "shallow")
    shutil.rmtree(ground.repository)
    shutil.move(ground.outside / "shallow", ground.repository)
    ground.git("remote", "remove", "origin")


@case(*ALL, changes=HISTORY, refused=True)
def shallow_file_that_lies(ground: Ground) -> None:
    (ground.dot_git / "shallow").write_text("x\n" * 1_000 + "\x1b[31m\n")


@case(BARE, changes="M2.environment", refused=False)
def partial_clone_of_a_program(ground: Ground) -> None:
    """The contents of three files are missing; git would ask a program for them."""
    ground.write({"notes/a.md": "x\n" * 2_000, "notes/b.py": "y = 1\n" * 2_000, "notes/c.yaml": "z: 1\n" * 2_000})
    ground.commit()
    wanted = {ground.git("rev-parse", f"HEAD:notes/{name}") for name in ("a.md", "b.py", "c.yaml")}
    without(ground, lambda name, size: name in wanted)


def without(ground: Ground, gone: Callable[[str, int], bool]) -> None:
    """Remove loose blobs, and say that a promisor has them."""
    for path in (ground.dot_git / "objects").glob("??/*"):
        name = path.parent.name + path.name
        if ground.git("cat-file", "-t", name) == "blob" and gone(name, int(ground.git("cat-file", "-s", name))):
            path.unlink()
    with (ground.dot_git / "config").open("a") as file:
        file.write(
            f'[remote "origin"]\n\turl = ext::sh -c {ground.program}\n\tpromisor = true\n\tpartialclonefilter = blob:none\n[extensions]\n\tpartialClone = origin\n[core]\n\trepositoryformatversion = 1\n'
        )


@case(*ALL, must_refuse=True)
def no_commits(ground: Ground) -> None:
    shutil.rmtree(ground.dot_git)
    ground.git("init", "--quiet", "-b", "main")


@case(*ALL)
def detached_head(ground: Ground) -> None:
    ground.git("checkout", "--quiet", "--detach")


@case(*ALL)
def detached_head_without_branches(ground: Ground) -> None:
    """As a job's checkout leaves it."""
    ground.git("checkout", "--quiet", "--detach")
    ground.git("branch", "-D", "main")


@case(*ALL, must_refuse=True)
def unborn_branch(ground: Ground) -> None:
    ground.git("symbolic-ref", "HEAD", "refs/heads/<b>unborn</b>")


@case(*dict.fromkeys((*ALL, BARE)))
def sha_256(ground: Ground) -> None:
    shutil.move(ground.dot_git, ground.outside / "sha1")
    data = exported(ground.outside / "sha1")
    ground.git("init", "--quiet", "-b", "main", "--object-format=sha256")
    ground.git("fast-import", "--quiet", data=data)
    ground.git("reset", "--quiet", "--hard")
    shutil.rmtree(ground.outside / "sha1")


@case(COMMIT, BARE)
def sha_256_with_settings_kept_back(ground: Ground) -> None:
    """The same, where git does not see the settings that say so: they include others."""
    sha_256(ground)
    with (ground.dot_git / "config").open("a") as file:
        file.write("[include]\n\tpath = nowhere\n[log]\n\tdate = nonsense\n")


def exported(git_dir: Path) -> bytes:
    """All of a repository as a stream."""
    return subprocess.run(
        ["git", "--git-dir", str(git_dir), "fast-export", "--all"], capture_output=True, check=True
    ).stdout


@case(*ALL)
def commit_graph_that_lies(ground: Ground) -> None:
    """A file beside the objects that git trusts for speed."""
    ground.git("commit-graph", "write", "--reachable")
    path = ground.dot_git / "objects/info/commit-graph"
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[-400:-20] = bytes(380)
    path.write_bytes(data)


@case(*ALL)
def pack_index_that_lies(ground: Ground) -> None:
    """The same for packs."""
    (ground.dot_git / "objects/info").mkdir(exist_ok=True)
    (ground.dot_git / "objects/info/packs").write_text("P ../../../etc/passwd\n")
    (ground.dot_git / "objects/pack/multi-pack-index").write_bytes(b"MIDX" + bytes(200))


def checked_out_by_a_job(ground: Ground, ref: str, *words: str) -> None:
    """As `actions/checkout` leaves it: a new repository, one commit deep, and no branch but `ref`, from which it is checked out."""
    source = ground.outside / "source"
    shutil.move(ground.repository, source)
    ground.repository.mkdir()
    ground.git("init", "--quiet", "-b", "main")
    ground.git("remote", "add", "origin", "https://example.org/kiln/kiln")
    ground.git("fetch", "--quiet", "--no-tags", "--depth=1", f"file://{source}", f"+HEAD:{ref}")
    ground.git("checkout", "--quiet", "--force", *words)
    shutil.rmtree(source)


@case(WORK_TREE, COMMIT, changes=HISTORY)
def checkout_of_a_pull_request(ground: Ground) -> None:
    """The merge of a request into its branch, which is on no branch."""
    last, tree = pick(ground)
    other = ground.raw_commit(tree, last, message=b"Work\n")
    ground.raw_commit(tree, last, other, message=b"Merge %s into %s\n" % (other.encode(), last.encode()))
    checked_out_by_a_job(ground, "refs/remotes/pull/7/merge", "refs/remotes/pull/7/merge")


@case(WORK_TREE, COMMIT, changes=HISTORY)
def checkout_of_a_tag(ground: Ground) -> None:
    checked_out_by_a_job(ground, "refs/tags/v1.0", "refs/tags/v1.0")


@case(WORK_TREE, COMMIT, changes=HISTORY)
def checkout_of_a_branch(ground: Ground) -> None:
    checked_out_by_a_job(ground, "refs/remotes/origin/main", "-B", "main", "refs/remotes/origin/main")


@case(WORK_TREE, changes=HISTORY)
def checkout_of_another_branch(ground: Ground) -> None:
    """A run that was started by a push to a branch that is not the main one."""
    checked_out_by_a_job(ground, "refs/remotes/origin/work", "-B", "work", "refs/remotes/origin/work")


def within_another(ground: Ground, ignored: str) -> None:
    """The group's files in a folder of a repository that tracks none of them."""
    inner = ground.repository / "hand-in"
    shutil.rmtree(ground.dot_git)
    files = list(ground.repository.iterdir())
    inner.mkdir()
    for path in files:
        path.rename(inner / path.name)
    ground.write({"README.md": "# Course\n", ".gitignore": ignored})
    ground.git("init", "--quiet", "-b", "main")
    ground.git("add", "README.md", ".gitignore")
    ground.git("commit", "--quiet", "-m", "Course")


@case(WORK_TREE, changes=HISTORY, folder="hand-in", in_batch=False, notes=("tracks nothing in this folder",))
def a_folder_that_is_untracked(ground: Ground) -> None:
    """A hand-in that was unpacked within another repository."""
    within_another(ground, "*.pyc\n")


@case(WORK_TREE, changes=HISTORY, folder="hand-in", in_batch=False, notes=("tracks nothing in this folder",))
def a_folder_that_is_ignored(ground: Ground) -> None:
    within_another(ground, "hand-in/\n")
