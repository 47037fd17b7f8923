"""Where a case is made: a copy of the honest sample's repository, and a folder beside it that no audit may touch."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.records import Record
from auditor.samples import build_sample, read_samples

if TYPE_CHECKING:
    from hostile.registry import Case

SECRET = "s3cret-0f-th3-teaching-assistant"
"""Stands in every file outside the repository: no output may hold it."""

STAMP = "2026-01-23T12:00:00+01:00"
ADA = "Ada Lind <ada@example.org>"


class Ground(Record):
    """A case's places. `outside` holds a program that leaves a mark when it is run, files, and another repository."""

    repository: Path
    outside: Path

    @property
    def program(self) -> Path:
        return self.outside / "run-me.sh"

    @property
    def mark(self) -> Path:
        return self.outside / "it-was-run"

    @property
    def secret_file(self) -> Path:
        return self.outside / "secret.txt"

    @property
    def private(self) -> Path:
        """Another repository on the same machine."""
        return self.outside / "private"

    @property
    def dot_git(self) -> Path:
        return self.repository / ".git"

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Put files into the work tree."""
        for path, content in files.items():
            target = self.repository / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content)

    def git(self, *words: str, data: bytes | None = None, **environment: str) -> str:
        """Standard output of a git command in the repository."""
        return git(self.repository, *words, data=data, **environment)

    def commit(self, message: str = "Notes") -> None:
        """Commit everything that lies in the work tree."""
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--no-verify", "-m", message)

    def raw_object(self, kind: str, data: bytes) -> str:
        """Name of an object that is stored as it is, however broken."""
        whole = f"{kind} {len(data)}\0".encode() + data
        name = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        path = self.dot_git / "objects" / name[:2] / name[2:]
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(zlib.compress(whole, 1))
        return name

    def raw_commit(self, tree: str, *parents: str, headers: bytes | None = None, message: bytes = b"x\n") -> str:
        """A commit object made by hand on branch main; `headers` stand in the place of author and committer."""
        lines = [b"tree " + tree.encode(), *(b"parent " + p.encode() for p in parents)]
        lines.append(headers if headers is not None else who(ADA))
        name = self.raw_object("commit", b"\n".join(lines) + b"\n\n" + message)
        (self.dot_git / "refs/heads/main").write_text(name + "\n")
        return name


def who(person: str, seconds: object = 1769166000, zone: str = "+0100", role: str = "both") -> bytes:
    """The author and committer lines of a commit."""
    stamp = f"{person} {seconds} {zone}".encode("utf-8", "surrogateescape")
    return b"author " + stamp + b"\ncommitter " + stamp


def git(folder: Path, *words: str, data: bytes | None = None, **environment: str) -> str:
    """Standard output of a git command, run without this machine's settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    clean |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
    for role in ("AUTHOR", "COMMITTER"):
        name, _, email = ADA.rstrip(">").partition(" <")
        clean |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": email, f"GIT_{role}_DATE": STAMP}
    options = (
        "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.quotePath=false", "protocol.file.allow=always",
        "maintenance.auto=false", "gc.auto=0", "core.fsync=none",
    )  # fmt: skip
    command = ["git", *(word for option in options for word in ("-c", option)), *words]
    done = subprocess.run(command, cwd=folder, env=clean | environment, input=data, capture_output=True, check=False)
    assert done.returncode == 0, (words, done.stderr.decode("utf-8", "replace"))
    return done.stdout.decode("utf-8", "replace").strip()


class Grounds:
    """The cases' repositories under one folder, each made once; several test processes share the folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.repositories = root / "repositories"
        self._template = root / "template"
        for folder in (self.repositories, root / "outside", root / "states"):
            folder.mkdir(parents=True, exist_ok=True)

    def ground(self, case: Case) -> Ground:
        """The ground of a case, made where it is not there yet."""
        ground = Ground(self.repositories / case.full_name, self.root / "outside" / case.full_name)
        state = self.root / "states" / case.full_name
        with self.locked(case.full_name):
            if not state.exists():
                self.prepare(ground)
                case.make(ground)
                if has_commit_form(case):
                    ground.commit()
                state.write_text(self.state(ground))
        return ground

    def unchanged(self, case: Case) -> bool:
        """Whether nothing on the case's ground was written, changed or made since it was prepared."""
        ground = Ground(self.repositories / case.full_name, self.root / "outside" / case.full_name)
        return (self.root / "states" / case.full_name).read_text() == self.state(ground)

    def drop(self, case: Case) -> None:
        """Remove a large or deep ground; of folders in each other Python's own way removes no more than it may call itself."""
        for folder in (self.repositories / case.full_name, self.root / "outside" / case.full_name):
            subprocess.run(["rm", "-rf", str(folder)], check=False)
        (self.root / "states" / case.full_name).unlink(missing_ok=True)

    def state(self, ground: Ground) -> str:
        return f"{state_of(ground.repository)} {state_of(ground.outside)} {ground.mark.exists()}"

    def prepare(self, ground: Ground) -> None:
        """The honest sample, and what must not be touched."""
        with self.locked("template"):
            if not self._template.exists():
                sample = next(sample for sample in read_samples() if sample.name == "honest")
                build_sample(sample, self._template)
        shutil.copytree(self._template, ground.repository, symlinks=True)
        ground.outside.mkdir(parents=True)
        ground.program.write_text(f"#!/bin/sh\ntouch '{ground.mark}'\ncat\n")
        ground.program.chmod(0o755)
        ground.secret_file.write_text(f"{SECRET}\nimport logging\nlogging.info('{SECRET}')\n")

    @contextlib.contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """One process at a time."""
        import fcntl

        with (self.root / f"lock-{name}").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def shared_grounds(base: Path) -> Grounds:
    """The grounds of this run of the tests, which its processes share; `base` is pytest's own folder for the process."""
    return Grounds((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "hostile")


def has_commit_form(case: Case) -> bool:
    """Whether what the case's function left in the work tree is to be committed."""
    return case.kind not in ("git", "git_history") and not case.makes_commits


def make_private(ground: Ground) -> str:
    """Make another repository with a secret beside the case's; its last commit."""
    ground.private.mkdir()
    git(ground.private, "init", "--quiet", "-b", "main")
    (ground.private / "README.md").write_text(f"# {SECRET}\n\n{SECRET}\n")
    (ground.private / "train.py").write_text(f"import logging\nlogging.getLogger('x').info('{SECRET}')\n")
    git(ground.private, "add", "--all")
    git(ground.private, "commit", "--quiet", "-m", SECRET)
    return git(ground.private, "rev-parse", "HEAD")


def state_of(folder: Path) -> str:
    """A digest of all that is in a folder: names, kinds, sizes, and times of change, which nobody can set back."""
    digest = hashlib.sha256()
    stack = [os.fsencode(folder)]
    while stack:
        here = stack.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError:  # no permission, or a name longer than the system takes
            continue
        for entry in entries:
            try:
                info = entry.stat(follow_symlinks=False)
            except OSError:  # as above
                digest.update(entry.path)
                continue
            digest.update(repr((entry.path, info.st_mode, info.st_size, info.st_mtime_ns, info.st_ctime_ns)).encode())
            if entry.is_dir(follow_symlinks=False):
                stack.append(entry.path)
    return digest.hexdigest()
