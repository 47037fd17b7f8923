"""The files of one repository at one moment: a work tree, any commit read from the object store, or a plain folder.

Later stages see paths relative to the repository's root, with forward slashes, and ask for bytes or text. They never
see the disk. What could not be read is collected in `Snapshot.problems`, one line each.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from shlex import quote

import pathspec

from auditor.limits import Limits
from auditor.repository.contents import SHA_1, Contents, blob_hash
from auditor.repository.differences import committed, uncommitted
from auditor.repository.entries import Difference, Entry, Moment, Problem
from auditor.repository.environments import virtual_environments
from auditor.repository.git import GitDoor
from auditor.repository.paths import normalise, one_of


class Snapshot:
    """The files of one repository at one moment. Made by `open_snapshot`; reads are bounded and remembered."""

    def __init__(
        self,
        root: Path,
        entries: Iterable[Entry],
        moment: Moment,
        *,
        git: GitDoor | None,
        limits: Limits,
        problems: Iterable[Problem] = (),
        focus: str = "",
        lacking: Iterable[str] = (),
    ) -> None:
        self.root = root
        self.moment = moment
        self.git = git
        self.limits = limits
        self.focus = focus
        """The subfolder that was asked for, relative to the root; empty for the whole repository."""
        self.lacking = frozenset(lacking)
        """Tracked files that were only deleted in the working copy: the repository has them, though they cannot be read here."""
        self._entries = {entry.path: entry for entry in entries}
        self._contents = Contents(root, self._entries, git=git, limits=limits, problems=problems)

    @property
    def problems(self) -> dict[Problem, None]:
        """What was not read, or not wholly, and why, in the order in which it was met."""
        return self._contents.problems

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every file, sorted; links included, submodules and the content of virtual environments not."""
        environments = virtual_environments(self._entries)
        for folder, _ in environments:
            self.note(f"{folder}/" if folder else ".", "a virtual environment: the packages in it were not read")
        inside = tuple(start for _, starts in environments for start in starts)
        return tuple(sorted(path for path in self._entries if not path.startswith(inside)))

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a file, at any depth; the root itself as the empty string."""
        found = {""}
        for path in self._entries:
            folder = path.rpartition("/")[0]
            while folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    def __contains__(self, path: str) -> bool:
        return path in self._entries

    def exists(self, path: str) -> bool:
        """Whether `path` is a file or folder of the snapshot, or one of the repository that only the working copy lacks."""
        path = normalise(path)
        return path in self._entries or path in self.folders or path in self._lacking

    @cached_property
    def _lacking(self) -> frozenset[str]:
        """What the working copy lacks, and the folders that held it."""
        return folders_too(self.lacking)

    def find(self, *patterns: str) -> tuple[str, ...]:
        """Files whose path matches one of the gitignore-style `patterns` (`*.dockerfile`, `/Makefile`, `docs/**`)."""
        spec = pathspec.PathSpec.from_lines("gitignore", patterns)
        return tuple(path for path in self.paths if spec.match_file(path))

    def named(self, *patterns: str) -> tuple[str, ...]:
        """Files whose name, in lower case, matches one of the shell-style `patterns`, at any depth."""
        matches = one_of(patterns)
        return tuple(path for name, path in self._names if matches(name))

    @cached_property
    def _names(self) -> tuple[tuple[str, str], ...]:
        return tuple((plain_name(path), path) for path in self.paths)

    def note(self, path: str, message: str) -> None:
        """Remember that `path` was not read, or not wholly."""
        self._contents.note(path, message)

    def note_unread(self, path: str, error: ValueError) -> None:
        """Remember that `path` is not what its name says: `error` is why, and may have the `line` on which that shows."""
        self._contents.note_unread(path, error)

    def read(self, path: str) -> bytes | None:
        """Content of a file; None, with a problem noted, where it cannot be had. Links within are followed."""
        return self._contents.read(path)

    def text(self, path: str) -> str | None:
        """Content of a file as text; None, with a problem noted, where it is none. Line ends are made line feeds."""
        return self._contents.text(path)

    def lines(self, path: str) -> list[str]:
        """Lines of a text file, empty where it cannot be read."""
        return self._contents.lines(path)

    def blob_name(self, path: str) -> str | None:
        """Name that git gives to a file's content, also where this clone lacks the content; None without any."""
        entry = self._entries.get(path)
        if entry is None:
            return None
        if not entry.on_disk and not entry.link:
            return entry.sha
        data = self.read(path)
        return None if data is None else blob_hash(data, len(self.moment.commit or "") or SHA_1)

    @cached_property
    def uncommitted(self) -> tuple[Difference, ...]:
        """How the work tree differs from the last commit, by path; nothing for a commit or a plain folder."""
        if self.git is None or self.moment.commit is None or not self.moment.dirty:
            return ()
        return uncommitted(self.git, self.root, self.moment.commit, self._entries, self.focus, self.limits)

    @cached_property
    def _differences(self) -> dict[str, str]:
        """Kind of each file that is not as it is in the last commit."""
        return {one.path: one.kind for one in self.uncommitted}

    @cached_property
    def deleted(self) -> frozenset[str]:
        """Files of the last commit that the work tree lacks: deleted, and that is not committed."""
        return frozenset(path for path, kind in self._differences.items() if kind == "deleted")

    @cached_property
    def _deleted(self) -> frozenset[str]:
        return folders_too(self.deleted)

    def was_deleted(self, path: str) -> bool:
        """Whether `path` is such a file, or a folder of which only such files are known."""
        path = normalise(path)
        return path in self._deleted and path not in self._entries and path not in self.folders

    def brings_back(self, path: str) -> str:
        """The command that brings a deleted file or folder back from the last commit."""
        return f"{self.restoring(path)} {quote(path)}"

    def restoring(self, path: str) -> str:
        """The same without the path: one that git was told of (`git rm`) is brought back to the index, too."""
        return "git restore" if normalise(path) in self._lacking else "git restore --staged --worktree"

    def in_last_commit(self, path: str, line: int | None = None) -> bool:
        """Whether the last commit holds a file, or such a line in it; so it is where that cannot be told."""
        if path in self._entries and not self.moment.dirty:
            return True
        if self._committed is not None and path not in self._committed:
            return False
        kind = self._differences.get(path)
        if kind != "changed" or line is None or self.moment.commit is None:
            return True
        before, here = self.text_at(self.moment.commit, path), self.lines(path)
        return before is None or not 0 < line <= len(here) or here[line - 1] in before.split("\n")

    @cached_property
    def _committed(self) -> Mapping[str, str] | None:
        """What the last commit holds, or the one that is read; None where that cannot be told."""
        if self.git is None or self.moment.commit is None:
            return None
        return committed(self.git, self.moment.commit, self.limits)

    def staged(self, path: str) -> bool:
        """Whether git tracks a file, be it in the index only."""
        entry = self._entries.get(path)
        return entry is not None and entry.sha is not None

    def holds(self, commit: str, path: str) -> bool:
        """Whether the content that a file has at another commit stands here, under whatever name."""
        found = None if self.git is None else self.git.objects.size(f"{commit}:{path}")
        return found is not None and found.name in self._blobs

    @cached_property
    def _blobs(self) -> frozenset[str]:
        return frozenset(entry.sha for entry in self._entries.values() if entry.sha is not None)

    def kept_size(self, path: str) -> int | None:
        """Bytes that git keeps of a file, of one in Git LFS those of its pointer; None where it keeps none."""
        entry = self._entries.get(path)
        if self.git is None or entry is None or entry.sha is None:
            return None
        return self.git.blob_size(entry.sha)

    def size(self, path: str) -> int | None:
        """Bytes of a file, of a link those of its target's name; None where that cannot be told."""
        entry = self._entries.get(path)
        if entry is None:
            return None
        if entry.on_disk:
            try:
                return os.lstat(f"{self.root}/{path}").st_size
            except (OSError, ValueError):
                return None
        return self.kept_size(path)

    def text_at(self, commit: str, path: str) -> str | None:
        """Content of a text file at another commit of the history; None where it was not there or cannot be had."""
        if self.git is None:
            return None
        found = self.git.bounded_blob(f"{commit}:{path}", self.limits.file_bytes)
        if found is None or found.data is None or b"\0" in found.data:
            return None
        return found.data.decode("utf-8", "replace").replace("\r\n", "\n")

    def within(self, folders: Iterable[str]) -> Snapshot:
        """The same moment without the files outside of `folders`, those right in the root and in its hidden folders aside.

        What such files say of the repository as a whole (workflows, DVC, settings) belongs to every part of it.
        """
        inside = tuple(f"{folder}/" for folder in folders if folder)
        entries = (e for path, e in self._entries.items() if "/" not in path or path.startswith((*inside, ".")))
        kept = Snapshot(
            self.root,
            entries,
            self.moment,
            git=self.git,
            limits=self.limits,
            problems=self.problems,
            focus=self.focus,
            lacking=self.lacking,
        )
        if len(kept.paths) < len(self.paths):
            left_out = len(self.paths) - len(kept.paths)
            kept.note(".", f"{left_out} files outside of {', '.join(folders)} were left out, as the settings say")
        return kept

    def moved(self) -> str | None:
        """What is no longer as it was when this snapshot was taken: a file, or "." for the last commit; None where nothing is.

        A commit's files never change.
        """
        if not any(entry.on_disk for entry in self._entries.values()):
            return None
        head = None if self.git is None else self.git.commit("HEAD")
        if self.git is not None and (head is None or head[0] != self.moment.commit):
            return "."
        return self._contents.moved()

    def close(self) -> None:
        """End git's helper processes."""
        if self.git is not None:
            self.git.close()

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def folders_too(paths: Iterable[str]) -> frozenset[str]:
    """The paths, and the folders that hold them."""
    parts = (path.split("/") for path in paths)
    return frozenset("/".join(part[:n]) for part in parts for n in range(1, len(part) + 1))


def plain_name(path: str) -> str:
    """A file's name in lower case, without control characters: what it holds is no other for them."""
    name = path.rpartition("/")[2].lower()
    return name if name.isprintable() else "".join(char for char in name if char.isprintable())
