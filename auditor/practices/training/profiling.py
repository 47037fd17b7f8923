"""Profiling: profilers in code, commands, notebooks and configuration, their committed output, and what comes near."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Place, Trace, aside, counts, half, seen, strong_first
from auditor.facts.configs import Configs
from auditor.facts.documents.markdown import Docs
from auditor.facts.group import ReportPlace
from auditor.facts.python import CODE, Call, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.arguments.options import program_of
from auditor.practices.arguments.values import ArgumentValues
from auditor.practices.automation.commands import RunCommands
from auditor.practices.traces import NOTHING_CALLS, why_idle
from auditor.practices.uses import Uses
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

TIMER = "a bare timer, no profiler"
RESOURCES = "it watches resources, and tells of no part of the program what it costs"
NO_PROGRAM = "a document gives the command, and the program that it names is not there"
MAGICS = ("prun", "lprun", "mprun", "memit", "scalene_run", "memray_flamegraph")
"""Profilers' magics of a notebook (IPython, line_profiler, memory_profiler, Scalene, Memray)."""
OUTPUTS = (
    "*.pt.trace.json", "*.pt.trace.json.gz", "*.speedscope.json", "*profil*.json", "*profil*.json.gz", "*trace*.json", "*prof*.txt",
    "*profil*.html", "*profil*.svg", "*profil*.csv", "*flamegraph*.svg", "mprofile_*.dat", "*memray*.bin", "*prof*.out", "*profil*.stats",
    "*profil*.log", "*.profile", "*cprofile*", "*pyinstrument*.html", "*scalene*.html", "*scalene*.json", "*viztracer*.json", "*prof*.pkl",
    "*prof*.bin", "*prof*.dat",
)  # fmt: skip
"""Names that profilers give their output beside their own endings (documentation of cProfile, torch.profiler, py-spy, memray, ...)."""
TABLE = pattern(
    r"function calls .{0,40}in .{0,20}seconds|ncalls\s+tottime|Self CPU %|CPU total %|Profiler Report|Line #\s+Hits\s+Time"
    r"|Mem usage\s+Increment|\"traceEvents\"|\"ph\":|cumulative\s+percall|Recorded:.{0,60}Samples:|\"cpu_percent_python\"|ncu_report"
)
"""Headings of profilers' tables and traces."""
SURE = pattern(
    r"function calls .{0,40}in .{0,20}seconds|ncalls\s+tottime|Self CPU %|CPU total %|Profiler Report|Line #\s+Hits\s+Time|Mem usage\s+Increment"
)
"""Headings that nothing but a profiler writes, whatever the file's name."""
PLAIN = ("*.txt", "*.log", "*.out")
FILES = 60
"""Plain files that are looked at."""
HEAD = 20_000
"""Characters of an output that are looked at."""
OFF = frozenset({"", "null", "none", "false", "no", "off", "0", "~"})
"""Values that switch a profiler off."""
PYTHON = (".py", ".ipynb", ".md", ".yaml", ".yml")
SNIPPET = pattern(
    r"\b(cProfile|torch\.profiler|pyinstrument|line_profiler|memory_profiler|scalene|viztracer|profiler\s*=)"
)


class Profiling(Record):
    """How the project was profiled."""

    traces: tuple[Trace, ...] = ()


IDLE = pattern(r"\s*(?:pass|\.\.\.|None|True|False|[\d.]+|'[^']*'|\"[^\"]*\")?\s*;?\s*")
"""A statement that does nothing."""


@fact
def read_profiling(
    snapshot: Snapshot,
    project: PythonProject,
    uses: Uses,
    commands: RunCommands,
    configs: Configs,
    docs: Docs,
    report: ReportPlace,
    values: ArgumentValues,
) -> Profiling:
    """Profilers that run or may run, what they wrote, and timers and monitors in their stead."""
    found = [*in_code(project, uses, values), *in_commands(commands, uses, project)]
    found += [
        counts(place) for place in (*settings(configs), *outputs(snapshot, uses), *snippets(docs, project, report))
    ]
    if not any(one.strong for one in found):
        found += near(project, uses, commands)
    return Profiling(strong_first(found))


def in_code(project: PythonProject, uses: Uses, values: ArgumentValues) -> Iterator[Trace]:
    """Calls of profilers, and Trainers that are given one."""
    calls = list(uses.calls("profiling.profiler"))
    for file in project.of(*CODE):
        if not uses.template.is_stub(file.path):
            calls += [call for call in file.calls if not call.own and switches(call, values)]
    for call in calls:
        if profiles_nothing(call):
            yield aside(call.evidence, "what it profiles does nothing")
            continue
        yield counts(call.evidence) if project.may_run(call) else half(call.evidence, why_idle(call) or NOTHING_CALLS)


def profiles_nothing(call: Call) -> bool:
    """Whether a profiler is given a statement that does nothing (`cProfile.run("pass")`)."""
    statement = call.argument(0, "statement")
    given = statement.literal if statement is not None else None
    return call.name.endswith((".run", ".runctx")) and isinstance(given, str) and IDLE.fullmatch(given) is not None


def switches(call: Call, values: ArgumentValues) -> bool:
    """Whether an argument switches a profiler on: a Trainer's `profiler`, TensorBoard's `profile_batch`, Sentry's sampling."""
    if any(name.endswith(("Trainer", "Fabric", "Engine")) for name in call.names):
        value = call.keyword("profiler")
        if value is None:
            return any(str(one.value).lower() not in OFF for one in values.unpacked(call, "profiler") if one.live)
        return value.literal is not None and value.literal is not False
    given = (call.keyword(name) for name in ("profile_batch", "profiles_sample_rate", "profile_session_sample_rate"))
    return any(value is not None and value.literal not in (None, 0, False) for value in given)


def in_commands(commands: RunCommands, uses: Uses, project: PythonProject) -> Iterator[Trace]:
    """Commands of profilers; a document's counts where it profiles a program of the project."""
    files = {file.path: file.module for file in project.of(*CODE)}
    for one in commands.running(*uses.names.listed("profiling.profiler", "commands"), *MAGICS):
        word = next((word for word in one.command.words if word.endswith(".py")), "")
        if one.origin == "docs" and word and not program_of(one.command.words, files)[1]:
            yield aside(one.evidence, NO_PROGRAM)
        else:
            yield one.trace


def snippets(docs: Docs, project: PythonProject, report: ReportPlace) -> Iterator[Place]:
    """Python in a document that profiles the project's own code, and what a profiler printed."""
    own = {file.module.partition(".")[0] for file in project.of(*CODE)} - {""}
    for document in docs.documents:
        for block in document.code_blocks:
            if not report.holds(document.path, block.line):
                python = block.language in ("python", "py", "python3")
                used = python and any(f"from {name}" in block.text or f"import {name}" in block.text for name in own)
                if SURE.search(block.text[:HEAD]) or (used and SNIPPET.search(block.text[:HEAD])):
                    yield seen(document.path, block.line, block.text.split("\n")[0])


def outputs(snapshot: Snapshot, uses: Uses) -> Iterator[Place]:
    """Files that a profiler wrote: by an ending that only profilers use, else by name and content."""
    own_endings = uses.names.listed("profiling.profiler", "files")
    for path in snapshot.named(*own_endings):
        if data := snapshot.read(path):
            yield seen(path, None, f"profile output, {len(data):,} bytes")
    for path in snapshot.named(*OUTPUTS):
        name = path.rpartition("/")[2].lower()
        if name.endswith((*PYTHON, *(ending.lstrip("*") for ending in own_endings))):
            continue
        data = snapshot.read(path) or b""
        text = "" if is_pstats(data) else (snapshot.text(path) or "")[:HEAD]
        if is_pstats(data):
            yield seen(path, None, f"statistics of cProfile, {len(data):,} bytes")
        elif found := TABLE.search(text):
            line = text.count("\n", 0, found.start()) + 1
            yield seen(path, line, snapshot.lines(path)[line - 1])
        elif name.endswith((".svg", ".html")) and "flame" in text.lower():
            yield seen(path, None, "flame graph")
    for path in [path for path in snapshot.named(*PLAIN) if not path.startswith("requirements")][:FILES]:
        if found := SURE.search((snapshot.text(path) or "")[:HEAD]):
            line = (snapshot.text(path) or "").count("\n", 0, found.start()) + 1
            yield seen(path, line, snapshot.lines(path)[line - 1])


def is_pstats(data: bytes) -> bool:
    """Whether bytes are statistics of cProfile: a marshalled dict whose keys are triples (`marshal.c`, types `{` and `)`)."""
    return len(data) > 8 and data[0] & 0x7F == ord("{") and data[1] & 0x7F == ord(")") and data[2] == 3


def settings(configs: Configs) -> Iterator[Place]:
    """Profilers that configuration itself makes: a Trainer's `profiler` beside its `_target_` or in LightningCLI's file.

    Hydra puts a Trainer together from several files: there it may stand in another one than its `_target_`. A key that code
    reads and does something with is the code's matter: there the profiler is called.
    """
    together = any(config.targets("Trainer") for config in configs.files)
    for config in configs.files:
        by_name = any(key.name.rpartition(".")[2] in ("_target_", "class_path") for key in config.keys)
        chosen = config.path in configs.choices
        if not by_name and not (together and chosen):
            continue
        for key in config.keys:
            if not by_name and key.name.lower() != "trainer.profiler":
                continue
            last = key.name.lower().rpartition(".")[2]
            made = last in ("_target_", "class_path") and "profiler" in key.value.lower()
            switched = last == "profiler" and key.value.strip().lower() not in OFF
            if (made or switched) and (chosen or any(reader.live for reader in configs.readers(config))):
                yield seen(config.path, key.line, f"{key.name}: {key.value}")


def near(project: PythonProject, uses: Uses, commands: RunCommands) -> Iterator[Trace]:
    """Timers around parts of the program, and monitors of resources; a timer of an API's requests is none."""
    serving = {
        call.path for call in project.calls("fastapi.FastAPI", "fastapi.APIRouter", "flask.Flask", "litestar.Litestar")
    }
    scopes: dict[tuple[str, str], list[Call]] = {}
    for call in uses.calls("profiling.timer", live=True):
        if call.path not in serving:
            scopes.setdefault((call.path, call.scope), []).append(call)
    for calls in scopes.values():
        if len(calls) > 1 or any(call.name.startswith(("timeit", "torch", "codetiming")) for call in calls):
            yield half(calls[0].evidence, TIMER)
    yield from (
        half(call.evidence, RESOURCES)
        for call in uses.calls("profiling.resources", live=True)
        if call.path not in serving
    )
    yield from (half(one.evidence, TIMER) for one in commands.running("timeit") if one.live)
    for one in commands.running(*uses.names.listed("profiling.resources", "commands")):
        if one.live and one.origin != "docs":
            yield half(one.evidence, RESOURCES)
