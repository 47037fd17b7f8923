"""Reads objects of a repository, one after another, from one git process that stays (git-cat-file, "BATCH OUTPUT")."""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from subprocess import Popen
from typing import NamedTuple

from auditor.patterns import pattern

HEADER = pattern(rb"([0-9a-f]{40,64}) ([a-z]+) ([0-9]+)\n")
"""First line of git's answer, `<object> SP <type> SP <size>`; any other answer says that there is no such object."""

TREE_ENTRY = {size: pattern(rb"([0-7]{1,7}) ([^\0]+)\0(.{%d})" % size, re.DOTALL) for size in (20, 32)}
"""One name of a tree: mode, name and hash (git's "Git Objects", SHA-1 and SHA-256)."""
FOLDER = "040000"
MOST_TREES = 20_000
"""Different folders of a commit that are looked at."""

TRIES = 2
"""A helper that has died is started anew once: the object that killed it may be the one that is asked for again."""


class Stored(NamedTuple):
    """An object of the object store: its hash, its kind (blob, commit, ...), its size in bytes, its data if asked for."""

    name: str
    kind: str
    size: int
    data: bytes | None


class Watchdog:
    """Calls `bite` once a piece of work between `with` and its end takes longer than `seconds`, up to a quarter more.

    One thread looks after any number of pieces, one at a time; a timer for each would cost more than most of them take.
    """

    def __init__(self, seconds: float, bite: Callable[[], None]) -> None:
        self._seconds = seconds
        self._bite = bite
        self._deadline: float | None = None
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> None:
        self._deadline = time.monotonic() + self._seconds
        if self._thread is None:
            self._ended.clear()
            self._thread = threading.Thread(target=self._watch, name="git watchdog", daemon=True)
            self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._deadline = None

    def _watch(self) -> None:
        while not self._ended.wait(self._seconds / 4):
            deadline = self._deadline
            if deadline is not None and time.monotonic() > deadline:
                self._deadline = None
                self._bite()

    def close(self) -> None:
        """End the thread."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None


class ObjectReader:
    """Asks git's helpers for objects. `start` runs `git cat-file` with an option and returns the process."""

    def __init__(self, start: Callable[[str], Popen[bytes]], seconds: float) -> None:
        self._start = start
        self._helpers: dict[str, Popen[bytes]] = {}
        self._watchdog = Watchdog(seconds, self._kill)

    def size(self, name: str) -> Stored | None:
        """The object `name` (a hash, or `commit:path`) without its data; None where it is not there."""
        return self._asked(name, "--batch-check", -1)

    def read(self, name: str, at_most: int | None = None) -> Stored | None:
        """The object `name` with its data, or without where that is larger than `at_most` bytes.

        None where it is not there, or damaged.
        """
        return self._asked(name, "--batch", at_most)

    def _asked(self, name: str, option: str, at_most: int | None) -> Stored | None:
        if "\n" in name or "\0" in name:
            return None
        for _ in range(TRIES):
            try:
                with self._watchdog:
                    return self._ask(name, option, at_most)
            except OSError:
                self._end(option)
        return None

    def _ask(self, name: str, option: str, at_most: int | None) -> Stored | None:
        """One question and its answer. Raises OSError where the helper does not answer to the end."""
        if option not in self._helpers:
            self._helpers[option] = self._start(option)
        questions, answers = self._helpers[option].stdin, self._helpers[option].stdout
        if questions is None or answers is None:
            raise TypeError("git's helper was started without pipes")
        questions.write(name.encode("utf-8", "surrogateescape") + b"\n")
        questions.flush()
        header = answers.readline()
        if not header.endswith(b"\n"):
            raise BrokenPipeError("git's helper ended")
        found = HEADER.fullmatch(header)
        if found is None:
            return None
        sha, kind, size = found[1].decode("ascii"), found[2].decode("ascii"), int(found[3])
        if option == "--batch-check":
            return Stored(sha, kind, size, None)
        if at_most is not None and size > at_most:
            self._end(option)  # rather than read the rest away
            return Stored(sha, kind, size, None)
        data = answers.read(size + 1)[:-1]
        if len(data) != size:
            raise BrokenPipeError("git's helper ended")
        return Stored(sha, kind, size, data)

    def _kill(self) -> None:
        """End the helpers from another thread, so that a read from them comes back."""
        for helper in list(self._helpers.values()):
            helper.kill()

    def _end(self, option: str) -> None:
        helper = self._helpers.pop(option, None)
        if helper is None:
            return
        helper.kill()
        for stream in (helper.stdin, helper.stdout, helper.stderr):
            with suppress(OSError):  # what could not be written any more
                if stream is not None:
                    stream.close()
        helper.wait()

    def close(self) -> None:
        """End the helpers."""
        self._watchdog.close()
        for option in list(self._helpers):
            self._end(option)


class Trees:
    """The trees of a repository, each read once however often it stands in others; of more than `at_most` bytes, not at all."""

    def __init__(self, objects: ObjectReader, at_most: int) -> None:
        self._objects = objects
        self._at_most = at_most
        self._known: dict[str, list[tuple[str, str, str]]] = {}

    def root(self, commit: str) -> str:
        """The tree of a commit; empty where there is none."""
        found = self._objects.size(f"{commit}^{{tree}}")
        return found.name if found is not None else ""

    def entries(self, tree: str) -> list[tuple[str, str, str]]:
        """(mode, name, hash) of what a tree holds; nothing where it is not there, or too large."""
        if tree not in self._known:
            stored = self._objects.read(tree, self._at_most)
            self._known[tree] = tree_entries(stored.data or b"", len(tree) // 2) if stored is not None else []
        return self._known[tree]

    @property
    def too_many(self) -> bool:
        """Whether MOST_TREES were read."""
        return len(self._known) >= MOST_TREES


def holds_more(objects: ObjectReader, commit: str, most: int, at_most: int) -> bool:
    """Whether a commit holds more than `most` files in all its folders. More than MOST_TREES folders count as too many."""
    trees = Trees(objects, at_most)
    known: dict[str, int] = {}
    waiting = [trees.root(commit)]
    while waiting[-1:] and waiting[-1]:
        entries = trees.entries(waiting[-1])
        folders = [name for mode, _, name in entries if mode == FOLDER]
        unknown = [folder for folder in folders if folder not in known]
        if unknown:
            waiting += unknown
        else:
            count = len(entries) - len(folders) + sum(known[folder] for folder in folders)
            known[waiting.pop()] = count
            if count > most:
                return True
        if trees.too_many:
            return True
    return False


def files_by_depth(
    objects: ObjectReader, commit: str, most: int, at_most: int
) -> tuple[list[tuple[str, str, str]], bool]:
    """(mode, blob, path) of files of a commit, at most `most`, those near the root first; and whether these are all.

    As many folders are looked into at most, so that folders within folders, thousands of millions in all, hide no other.
    """
    trees = Trees(objects, at_most)
    found: list[tuple[str, str, str]] = []
    waiting = deque([("", trees.root(commit))])
    met = 1
    while waiting:
        prefix, tree = waiting.popleft()
        for mode, name, blob in trees.entries(tree) if tree else ():
            if mode == FOLDER:
                met += 1
                if met <= most:
                    waiting.append((f"{prefix}{name}/", blob))
            elif len(found) >= most:
                return found, False
            else:
                found.append((mode, blob, prefix + name))
    return found, met <= most


def tree_entries(data: bytes, size: int) -> list[tuple[str, str, str]]:
    """(mode, name, hash) of what a tree object holds, as `git ls-tree` writes them; `size` is that of a hash in bytes."""
    return [
        (mode.decode().zfill(6), name.decode("utf-8", "surrogateescape"), blob.hex())
        for mode, name, blob in TREE_ENTRY[size].findall(data)
    ]
