"""Options that commands, and sweeps, give to the project's own programs: `python train.py --num-workers=8`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from auditor.evidence import Place, seen
from auditor.facts.configs import WrittenCommands
from auditor.facts.python import CODE, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.tracking.sweeps import Sweeps
from auditor.records import Record
from auditor.repository.paths import normalise

OPTION = pattern(r"--?([\w.-]{1,80})[= ](.{1,200})", re.DOTALL)
"""An option with its value, as one word or as two."""
OVERRIDE = pattern(r"\+{0,2}([\w.@/]{1,80})=(.{1,200})", re.DOTALL)
"""A value given to a Hydra program (Hydra documentation, "Basic Override syntax")."""


class Given(Record):
    """One option: the program's file, and the value as it is written. `override` for Hydra's way to write it."""

    program: str
    name: str
    value: str
    override: bool
    evidence: Place


class GivenOptions(Record):
    """Every option that own programs are given, by its name without dashes, underscores and case."""

    by_name: dict[str, tuple[Given, ...]]

    def of(self, *names: str) -> Iterator[Given]:
        """Those by one of these names, as code writes them (`--num-workers`, `num_workers`)."""
        for name in dict.fromkeys(map(folded, names)):
            yield from self.by_name.get(name, ())


@fact
def given_options(project: PythonProject, written: WrittenCommands, sweeps: Sweeps) -> GivenOptions:
    """Options in written commands, and the values that W&B sweeps hand to their programs."""
    files = {file.path: file.module for file in project.of(*CODE)}
    found: dict[str, list[Given]] = defaultdict(list)
    for command in written.commands:
        at, program = program_of(command.words, files)
        for name, value, override in options(command.words[at:]) if program else ():
            found[folded(name)].append(Given(program, name, value, override, command.evidence))
    for sweep in sweeps.sweeps:
        _, program = program_of(("-m", sweep.program), files) if sweep.program_exists else (0, "")
        for name, value, override in options(sweep.options) if program else ():
            where = seen(sweep.path, sweep.line, f"{name}: {value}")
            found[folded(name)].append(Given(program, name, value, override, where))
    return GivenOptions({name: tuple(given) for name, given in found.items()})


def program_of(words: Iterable[str], files: dict[str, str]) -> tuple[int, str]:
    """Where in a command its own Python program is named, and the program's file; an empty one where there is none."""
    words = tuple(words)
    for at, (before, word) in enumerate(pairwise(("", *words))):
        if word.endswith(".py"):
            tail = normalise(word)
            while tail.startswith("../"):
                tail = tail[3:]
            path = next((p for p in files if f"/{p}".endswith(f"/{tail}") or f"/{tail}".endswith(f"/{p}")), "")
        elif before == "-m" and word:
            path = next((p for p, m in files.items() if m in (word, f"{word}.__main__")), "")
        else:
            continue
        if path:
            return at + 1, path
    return 0, ""


def options(words: Iterable[str]) -> Iterator[tuple[str, str, bool]]:
    """(name, value, whether written as Hydra's override) of the options among a program's arguments."""
    words = tuple(words)
    for word, after in pairwise((*words, "")):
        if word.startswith("-"):
            found = OPTION.fullmatch(word) or (OPTION.fullmatch(f"{word} {after}") if after[:1] != "-" else None)
        else:
            found = OVERRIDE.fullmatch(word)
        if found:
            override = not word.startswith("-")
            yield found[1].rpartition(".")[2] if override else found[1], found[2].strip("'\""), override


def folded(name: str) -> str:
    """A name without case, dashes and underscores, as options and keys are compared."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
