"""Settings of a training that are gone through by hand: loops, arrays of jobs, commands one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from auditor.evidence import Place, Trace, half
from auditor.facts.python import CODE, PythonProject
from auditor.patterns import pattern
from auditor.practices.automation.commands import RunCommands
from auditor.repository.snapshot import Snapshot

SIZE = 50_000
"""Characters of a script that are looked at."""
BY_HAND_ALONE = "settings are gone through by hand, no search"
SETTING = pattern(
    r"(^|[^a-z])(lr|learning[_-]?rate|batch[_-]?size|dropout|weight[_-]?decay|hidden([_-]?(dim|size|units))?|depth|width|layers|units|momentum|gamma|alpha|"
    r"n_estimators|max_depth|num_layers|optimi[sz]er|hyper_?param\w*|hparams?|epochs|seq_len|kernel_size)s?([^a-z]|$)"
)
"""What a loop by hand goes through where it compares settings."""
ARRAY = pattern(r"\b(SLURM_ARRAY_TASK_ID|LSB_JOBINDEX|PBS_ARRAY_?(ID|INDEX)|SGE_TASK_ID)\b")
"""The number of a job in an array of jobs."""
SHELL_LOOP = pattern(r"\bfor\s+(\w{1,40})\s+in\s+\S+\s+\S")


def by_hand(project: PythonProject, commands: RunCommands, snapshot: Snapshot) -> Iterator[Trace]:
    """All of it; by half each."""
    for place in (*loops(project, commands, snapshot), *arrays(commands, snapshot), *repeated_runs(commands)):
        yield half(place, BY_HAND_ALONE)


def loops(project: PythonProject, commands: RunCommands, snapshot: Snapshot) -> Iterator[Place]:
    """Loops over several settings, in code and in scripts, that start a training each: a comparison, no search."""
    for file in project.of(*CODE):
        for loop in file.loops:
            over = loop.over
            listed = over is not None and (
                len(over.elements) > 1
                or any(n.startswith(("itertools.product", "numpy.l", "numpy.geom")) for n in over.names)
            )
            if listed and loop.live and SETTING.search(loop.target.lower()):
                yield loop.evidence
    for path in dict.fromkeys(one.path for one in commands.all if one.live and one.origin in ("shell", "make")):
        for found in SHELL_LOOP.finditer((snapshot.text(path) or "")[:SIZE]):
            variable = re.compile(rf"\$[({{]*{re.escape(found[1])}\b")
            line = next(
                (
                    c
                    for c in commands.all
                    if c.path == path and c.command.runs("python") and variable.search(c.command.text)
                ),
                None,
            )
            if line is not None and SETTING.search(f"{found[1]} {line.command.text}".lower()):
                yield line.evidence


def arrays(commands: RunCommands, snapshot: Snapshot) -> Iterator[Place]:
    """Scripts of a cluster's array of jobs, each of which trains with settings of its own (Slurm, LSF, PBS, Grid Engine)."""
    for path in dict.fromkeys(one.path for one in commands.all if one.origin == "shell"):
        text = (snapshot.text(path) or "")[:SIZE]
        if ARRAY.search(text) and SETTING.search(text.lower()):
            line = next(
                (one for one in commands.all if one.path == path and one.command.runs("python", "uv run")), None
            )
            if line is not None:
                yield line.evidence


def repeated_runs(commands: RunCommands) -> Iterator[Place]:
    """Commands of one file that run the same program with other values of a setting."""
    before: dict[tuple[str, str], dict[str, str]] = {}
    for one in commands.all:
        words = one.command.words
        named = (word for before, word in pairwise(("", *words)) if word.endswith(".py") or before == "-m")
        program = next(named, "")
        if not (one.live and program):
            continue
        given = {
            name.lstrip("-"): value
            for word, after in pairwise((*words, ""))
            for name, _, value in [word.partition("=") if "=" in word else (word, "", after)]
            if value and SETTING.search(name.lower().lstrip("-")) and (name.startswith("-") or "=" in word)
        }
        known = before.setdefault((one.path, program), {})
        if any(known.get(name, value) != value for name, value in given.items()):
            yield one.evidence
        known |= given
