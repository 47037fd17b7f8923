"""GitHub's branch and path filters: what a pattern matches, and whether a filter can let anything through.

Source: GitHub documentation, "Workflow syntax for GitHub Actions", "Filter pattern cheat sheet".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from auditor.facts.history.branches import Branches
from auditor.facts.own_work.ignores import Ignores, within
from auditor.repository.snapshot import Snapshot

MAX_PATTERN = 300
MAX_TRIES = 100_000
"""Paths held against patterns in one repository; patterns after that are taken to match something."""
PLACEHOLDERS = frozenset({".gitkeep", ".keep", ".gitignore"})
"""Files that only keep a folder in git: a folder of nothing else waits for content that is not committed."""
SPECIAL = frozenset("*?+[]!")


class Item(NamedTuple):
    """One character of a pattern: which characters it takes (None: any), or all but those, and how often."""

    characters: frozenset[str] | None
    excluded: bool = False
    optional: bool = False
    repeated: bool = False
    skip: int = 0
    """How many items may be left out altogether from here on (`**/` matches no folder too)."""


def compile_pattern(pattern: str) -> tuple[Item, ...]:
    """The items of a filter pattern, without its leading `!`."""
    items: list[Item] = []
    i = 0
    while i < len(pattern) and len(items) < MAX_PATTERN:
        c = pattern[i]
        if c == "*":
            if pattern.startswith("**/", i) and (i == 0 or pattern[i - 1] == "/"):
                items.append(Item(None, optional=True, repeated=True, skip=2))
                items.append(Item(frozenset("/")))
                i += 3
                continue
            doubled = pattern.startswith("**", i)
            while pattern.startswith("*", i):
                i += 1
            items.append(Item(None if doubled else frozenset("/"), excluded=not doubled, optional=True, repeated=True))
            continue
        if c == "?" and items:
            items[-1] = items[-1]._replace(optional=True)
        elif c == "+" and items:
            items[-1] = items[-1]._replace(repeated=True)
        elif c == "[" and "]" in pattern[i + 2 :]:
            end = pattern.index("]", i + 2)
            items.append(Item(character_class(pattern[i + 1 : end])))
            i = end
        elif c == "\\" and i + 1 < len(pattern):
            i += 1
            items.append(Item(frozenset(pattern[i])))
        else:
            items.append(Item(frozenset(c)))
        i += 1
    return tuple(items)


def character_class(text: str) -> frozenset[str]:
    """The characters of a `[a-z0-9]`."""
    found: set[str] = set()
    i = 0
    while i < len(text):
        if i + 2 < len(text) and text[i + 1] == "-":
            found.update(chr(code) for code in range(ord(text[i]), min(ord(text[i + 2]), ord(text[i]) + 200) + 1))
            i += 3
        else:
            found.add(text[i])
            i += 1
    return frozenset(found)


def matches(items: Sequence[Item], text: str) -> bool:
    """Whether a compiled pattern matches the whole of `text`: all ways at once, so no pattern takes long."""
    states = closure({0}, items)
    for c in text:
        following: set[int] = set()
        for state in states:
            if state < len(items):
                item = items[state]
                if item.characters is None or (c in item.characters) != item.excluded:
                    following.add(state + 1)
                    if item.repeated:
                        following.add(state)
        # A repeated item that was passed once may be left; one that is not optional was taken above.
        states = closure(following, items)
        if not states:
            return False
    return len(items) in states


def closure(states: set[int], items: Sequence[Item]) -> set[int]:
    """`states` and those that are reached from them without taking a character."""
    todo, found = list(states), set(states)
    while todo:
        state = todo.pop()
        if state < len(items):
            item = items[state]
            reached = {state + 1} if item.optional else set()
            if item.skip:
                reached.add(state + item.skip)
            for new in reached - found:
                found.add(new)
                todo.append(new)
    return found


def needed(items: Sequence[Item]) -> frozenset[str]:
    """Characters that every text has which the pattern matches: most texts lack one, and need not be held against it."""
    found: set[str] = set()
    passed_over = 0
    for item in items:
        if not (passed_over or item.optional or item.excluded) and item.characters and len(item.characters) == 1:
            found |= item.characters
        passed_over = max(passed_over, item.skip) - 1 if passed_over or item.skip else 0
    return frozenset(found)


class Filter:
    """A list of patterns, of which the last one that matches decides; `!` makes one exclude."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self.patterns = tuple(patterns)
        compiled = ((not p.startswith("!"), compile_pattern(p.removeprefix("!"))) for p in self.patterns)
        self._compiled = [(positive, items, needed(items)) for positive, items in compiled]

    def admits(self, text: str) -> bool:
        """Whether the filter lets `text` through."""
        admitted = False
        for positive, items, characters in self._compiled:
            if admitted != positive and characters.issubset(text) and matches(items, text):
                admitted = positive
        return admitted


def is_literal(pattern: str) -> bool:
    """Whether a pattern is a plain name."""
    return not SPECIAL & set(pattern)


def branches_admitted(patterns: Sequence[str], branches: Branches) -> bool:
    """Whether a `branches` filter can let a branch of the repository through."""
    patterns = [pattern for pattern in patterns if not pattern.startswith("refs/")]
    if branches.names is None:
        return any(not pattern.startswith("!") for pattern in patterns)
    if any(Filter(patterns).admits(name) for name in branches.known):
        return True
    return any(
        branches.may_exist(pattern) if is_literal(pattern) else not branches.complete
        for pattern in patterns
        if not pattern.startswith("!")
    )


def branches_left(ignored: Sequence[str], branches: Branches) -> bool:
    """Whether a `branches-ignore` filter leaves any branch."""
    ignores = Filter(ignored)
    if branches.names is None or not branches.complete:
        return not ignores.admits("a-branch/of-any-name") or not ignores.admits("main")
    return any(not ignores.admits(name) for name in branches.names) or not ignores.admits("a-branch/of-any-name")


class Paths:
    """The paths of a repository that a change can touch."""

    def __init__(self, snapshot: Snapshot, ignores: Ignores) -> None:
        self._snapshot = snapshot
        self._ignores = ignores
        self._files: list[str] | None = None
        self._folders: dict[str, bool] = {}
        self._verdicts: dict[tuple[str, ...], str | None] = {}
        self._tries = MAX_TRIES

    @property
    def files(self) -> list[str]:
        """Committed files, those that only keep a folder aside."""
        if self._files is None:
            plain = self._snapshot.git is None
            self._files = [
                path
                for path in self._snapshot.paths
                if path.rpartition("/")[2] not in PLACEHOLDERS and not (plain and self.ignored(path))
            ]
        return self._files

    def ignored(self, path: str) -> bool:
        """Whether git ignores the file `path` (gitignore(5))."""
        return self._in_ignored(path.rpartition("/")[0]) or self._decide(path)

    def _in_ignored(self, folder: str) -> bool:
        """Whether git ignores a folder or one above it. Each is asked about once, however many files are below it."""
        unknown = []
        while folder and folder not in self._folders:
            unknown.append(folder)
            folder = folder.rpartition("/")[0]
        found = self._folders.get(folder, False)
        for one in reversed(unknown):
            found = found or self._decide(one + "/")
            self._folders[one] = found
        return found

    def _decide(self, path: str) -> bool:
        for file in self._ignores.files:
            inside = within(path, file.folder)
            decision = file.decision(inside) if inside else None
            if decision is not None:
                return decision[0]
        return False

    def why_dead(self, pattern: str, negations: tuple[str, ...] = ()) -> str | None:
        """Why no change can match a `paths` pattern, in words; None where one can.

        A pattern lives where it matches a committed file, or where its folder is there and what it would match there is
        not git-ignored. `negations` are the `!` patterns that come after it.
        """
        key = (pattern, *negations)
        if key not in self._verdicts:
            self._verdicts[key] = self._why_dead(pattern, negations)
        return self._verdicts[key]

    def _why_dead(self, pattern: str, negations: tuple[str, ...]) -> str | None:
        if pattern.startswith(("./", "/")):
            return f"no path on GitHub begins with {pattern[: pattern.index('/') + 1]}"
        wanted = Filter((pattern, *negations))
        self._tries -= len(self.files)
        if self._tries < 0 or any(wanted.admits(path) for path in self.files):
            return None
        if negations and any(Filter((pattern,)).admits(path) for path in self.files):
            return "later patterns exclude all that it matches"
        parts = pattern.strip("/").removeprefix("./").split("/")
        literal: list[str] = []
        for part in parts:
            if not is_literal(part):
                break
            literal.append(part)
        if len(literal) == len(parts):  # no wildcard: a file, or a folder by its bare name
            path = "/".join(literal)
            if self.ignored(path) or self.ignored(f"{path}/any"):
                return f"{path} is git-ignored"
            if path in self._snapshot.folders:
                return f"it matches a file named {path} only, not what the folder holds ({path}/**)"
            return f"there is no {path}"
        folder = "/".join(literal)
        if not folder:
            return "no file matches it"
        if folder not in self._snapshot.folders:
            return f"{folder} is git-ignored" if self.ignored(f"{folder}/any") else f"there is no folder {folder}"
        rest = "/".join(part.replace("**", "any").replace("*", "any") for part in parts[len(literal) :])
        return f"{folder} is git-ignored" if self.ignored(f"{folder}/{rest}") else None
