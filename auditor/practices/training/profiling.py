"""What profiling leaves behind: output that was committed, and profilers that configuration files switch on."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Place, seen
from auditor.facts.configs import Configs
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

OUTPUTS = (
    "*.prof", "*.pstat", "*.pstats", "*.cprof", "*.lprof", "*.pt.trace.json", "*.pt.trace.json.gz", "*.speedscope.json",
    "*profil*.json", "*profil*.json.gz", "*trace*.json", "*profil*.txt", "*profil*.html", "*profil*.svg", "*profil*.csv", "*flamegraph*.svg",
    "mprofile_*.dat", "*memray*.bin", "*.nsys-rep", "*profil*.out", "*profil*.stats", "*profil*.log", "*.profile", "*cprofile*",
)  # fmt: skip
"""Names that profilers give their output (documentation of cProfile, torch.profiler, line_profiler, py-spy, memray)."""

TABLE = pattern(
    r"function calls .{0,40}in .{0,20}seconds|ncalls\s+tottime|Self CPU %|CPU total %|Profiler Report|Line #\s+Hits\s+Time"
    r"|Mem usage\s+Increment|\"traceEvents\"|\"ph\":|cumulative\s+percall"
)
"""Headings of profilers' tables and traces."""

HEAD = 20_000
"""Characters of an output that are looked at."""

OFF = frozenset({"", "null", "none", "false", "no", "off", "0", "~"})
"""Values that switch a profiler off."""

PYTHON = (".py", ".ipynb", ".md", ".yaml", ".yml")


class Profiling(Record):
    """Traces of profiling outside of code."""

    outputs: tuple[Place, ...] = ()
    settings: tuple[Place, ...] = ()
    """Profilers that a configuration file switches on, where something reads the file."""


@fact
def read_profiling(snapshot: Snapshot, configs: Configs) -> Profiling:
    """Committed output and settings."""
    return Profiling(tuple(outputs(snapshot)), tuple(settings(configs)))


def outputs(snapshot: Snapshot) -> Iterator[Place]:
    """Files that a profiler wrote: by an ending that only profilers use, else by name and content."""
    paths = (path for path in snapshot.named(*OUTPUTS) if not path.lower().endswith(PYTHON))
    yield from each_file(snapshot, paths, output)


def output(snapshot: Snapshot, path: str) -> Iterator[Place]:
    """One file, if a profiler wrote it."""
    name = path.rpartition("/")[2].lower()
    if name.endswith((".prof", ".pstat", ".pstats", ".lprof", ".cprof", ".nsys-rep")):
        data = snapshot.read(path)
        if data:
            yield seen(path, None, f"profile output, {len(data):,} bytes")
    elif name.endswith((".txt", ".json", ".csv", ".log", ".out", ".html", ".svg", ".stats", ".profile")):
        found = TABLE.search((snapshot.text(path) or "")[:HEAD])
        if found:
            line = (snapshot.text(path) or "").count("\n", 0, found.start()) + 1
            yield seen(path, line, snapshot.lines(path)[line - 1])
        elif name.endswith((".svg", ".html")) and "flame" in (snapshot.text(path) or "")[:HEAD].lower():
            yield seen(path, None, "flame graph")


def settings(configs: Configs) -> Iterator[Place]:
    """Profilers that configuration itself makes: a Trainer's `profiler` beside its `_target_` or in LightningCLI's file.

    A key that code reads and does something with is the code's matter: there the profiler is called.
    """
    for config in configs.files:
        by_name = any(key.name.rpartition(".")[2] in ("_target_", "class_path") for key in config.keys)
        if not by_name:
            continue
        for key in config.keys:
            last = key.name.lower().rpartition(".")[2]
            made = last in ("_target_", "class_path") and "profiler" in key.value.lower()
            switched = last == "profiler" and key.value.strip().lower() not in OFF
            if (made or switched) and any(reader.live for reader in configs.readers(config)):
                yield seen(config.path, key.line, f"{key.name}: {key.value}")
