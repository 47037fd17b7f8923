"""The cases by name: what makes each, in which forms it is audited, and what is expected of the audit."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from auditor.records import Record
from hostile.ground import Ground

WORK_TREE = "work tree"
COMMIT = "commit"
BARE = "bare"
FOLDER = "folder"
FORMS = (WORK_TREE, COMMIT, BARE, FOLDER)
"""How a case is read: as it lies there; its last commit, from the objects; its git directory alone; without git."""

FULL = bool(os.environ.get("AUDITOR_HOSTILE_FULL"))
"""Whether the cases that are scaled down in the usual run have their whole size."""

SECONDS = 30.0 if FULL else 15.0
"""Of the processor, for one audit, on a quiet machine (see `pace`). Whole-size cases are hundreds of megabytes, or as many files as are read."""

Make = Callable[[Ground], None]


class Case(Record):
    """One hostile thing.

    `refused`: the audit may end in one clear line instead of a result; `must_refuse`: it has to. `changes` are claims that may
    be judged otherwise than for the honest group, with good reason. `notes` are texts of which each has to stand in a line
    under "not read".
    """

    kind: str
    name: str
    make: Make
    forms: tuple[str, ...]
    refused: bool = False
    must_refuse: bool = False
    changes: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    seconds: float = SECONDS
    in_batch: bool = True
    hidden: tuple[str, ...] = ()
    """Texts that may stand in no output."""
    shown: tuple[str, ...] = ()
    """Texts that have to stand in an output."""
    folder: str = ""
    """What is audited: this folder in the repository, all of it where none is named."""
    dropped: bool = False
    """Whether the ground is removed after its one audit: it is deeper than pytest could remove."""
    makes_commits: bool = False
    """Whether the case is to be left as its function leaves it: else what lies in the work tree is committed."""

    @property
    def full_name(self) -> str:
        return f"{self.kind}-{self.name}"


PLAIN = Case("plain", "note", lambda ground: ground.write({"notes.txt": "Nothing hostile.\n"}), FORMS)
"""The honest group with nothing hostile: what the others are held against."""

CASES: dict[str, Case] = {}

MODULES = (
    "git_cases",
    "git_history_cases",
    "link_cases",
    "file_cases",
    "name_cases",
    "yaml_cases",
    "data_cases",
    "python_cases",
    "docker_cases",
    "markdown_cases",
    "command_cases",
    "output_cases",
)


def case(
    *forms: str,
    refused: bool = False,
    must_refuse: bool = False,
    changes: str = "",
    notes: tuple[str, ...] = (),
    seconds: float = SECONDS,
    in_batch: bool = True,
    hidden: tuple[str, ...] = (),
    shown: tuple[str, ...] = (),
    folder: str = "",
    dropped: bool = False,
    makes_commits: bool = False,
) -> Callable[[Make], Make]:
    """Enter a case under its function's name; its kind is its module's.

    The usual forms are work tree and commit; the commit is left to the class run (`hostile/test_batch.py`) where not all have
    their whole size.
    """
    forms = forms or ((WORK_TREE, COMMIT) if FULL else (WORK_TREE,))

    def enter(make: Make) -> Make:
        kind = make.__module__.rpartition(".")[2].removesuffix("_cases")
        made = Case(
            kind,
            make.__name__,
            make,
            forms,
            refused or must_refuse,
            must_refuse,
            frozenset(changes.split()),
            notes,
            seconds,
            in_batch,
            hidden,
            shown,
            folder,
            dropped,
            makes_commits,
        )
        assert made.full_name not in CASES, made.full_name
        assert not dropped or (len(forms) == 1 and not in_batch), "others may still need it"
        CASES[made.full_name] = made
        return make

    return enter


LONG = 20_000
"""Characters of a text that is expensive to read."""


def places_for(text: str | bytes, places: tuple[str, ...]) -> tuple[str, ...]:
    """Where a text is put: everywhere, but a long one usually into a third of the places, other ones for each text."""
    return places if FULL or len(text) < LONG else places[len(text) % 3 :: 3]


def all_cases() -> list[Case]:
    """Every case, in the order of the modules."""
    for name in MODULES:
        if (Path(__file__).parent / f"{name}.py").is_file():
            import_module(f"hostile.{name}")
    return list(CASES.values())
