"""Load tests: Locust, k6, JMeter, Artillery, Gatling, command line tools, and own scripts that send many requests at once.

Sources: Locust "Writing a locustfile"; k6 "Running k6"; JMeter "Elements of a Test Plan"; Artillery "Test scripts"; Gatling
"Create a simulation"; the manuals of ab, wrk, hey, vegeta, siege, bombardier, oha, autocannon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, Trace, aside, counts, half, seen, strong_first
from auditor.facts.dependencies import Dependencies
from auditor.facts.own_work.template import Template
from auditor.facts.python import Call, Class, Function, PythonFile, PythonProject, Role
from auditor.injection import fact
from auditor.knowledge.names import Names
from auditor.patterns import pattern
from auditor.practices.api import Api
from auditor.practices.automation.commands import RunCommand, RunCommands
from auditor.practices.testing.load_plans import load_plans
from auditor.practices.traces import DEAD_COMMAND, DECLARED
from auditor.practices.uses import Uses
from auditor.records import Record
from auditor.repository.file_by_file import first_line
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

NAMED = pattern(
    r"(?<![a-z])load(?!er|ing|_?(data|model|dataset|raw|image|csv|config|weights|checkpoint|artifact))|stress|(?<![a-z])perf(?!ect|orm_)|"
    r"bench|concurren|traffic|throughput|latenc|flood|hammer|spam|many_(users|requests)|parallel_requests",
    re.IGNORECASE,
)
"""Words that say that something loads an application."""
ADDRESSED = pattern(
    r"localhost|127\.0\.0\.1|0\.0\.0\.0|\.run\.app|cloudfunctions\.net|/(predict|infer|inference|classify|generate|api|health)\b"
)

SCRIPTS = (".js", ".ts", ".mjs", ".jmx", ".yml", ".yaml", ".py", ".scala")
TOLD_BY_ANYTHING = frozenset(
    """k6 jmeter artillery bzt drill molotov gatling gatling.sh yandex-tank tsung perf_analyzer genai-perf aiperf guidellm llmperf
    inference-perf""".split()
)
"""Tools that take a script as any argument, or whose server is this machine's by default."""
MAX_LINES = 5_000
MAX_LINE = 2_000
_LOOP = pattern(r"(^|[;\s])(for|while|until|seq)\s")
_BACKGROUND = pattern(r"(?<!&)&\s*(;|\)|\}|done|$)")
_AT_ONCE_IN_SHELL = pattern(r"xargs\s.*(-P\s*\d|--max-procs)|\bparallel\s|curl\s.*(--parallel|\s-Z\b)")

RESULT_COLUMNS = ("Requests/s", "Request Count", "Failure Count", "50%")
"""Columns of the statistics that Locust writes ("Retrieve test statistics in CSV format")."""


NO_TASK = "no task of this user sends anything"
NOT_RUN = "nothing leads to it"
ONE_BY_ONE = "the requests follow one after the other"
IN_DOCUMENT = "a document tells it, and nothing runs it"
NO_ADDRESS = "it names nothing that it sends load to"
RESULTS = "it is what a run left; the test itself is not in the repository"
LOST_SCRIPT = "the script that it names is not in the repository"
NO_SCRIPT = "it starts Locust, and no user with a task that sends something is in the repository"


class LoadTests(Record):
    """Load tests of the repository: users without tasks, requests one after the other, results or commands without a test are half."""

    traces: tuple[Trace, ...] = ()

    @property
    def tests(self) -> tuple[Trace, ...]:
        """Those that count."""
        return tuple(trace for trace in self.traces if trace.strong)


@fact
def load_tests(
    project: PythonProject,
    api: Api,
    commands: RunCommands,
    template: Template,
    snapshot: Snapshot,
    uses: Uses,
    dependencies: Dependencies,
) -> LoadTests:
    """Scripts, settings and commands; the group's report aside."""
    names = uses.names
    found: list[Trace] = []
    for file in project.of():
        if not template.is_stub(file.path):
            found += locust_users(file, project, names)
            found += molotov_scenarios(file, project)
            found += own_scripts(file, project, api, names)
    found += [*shell_loops(snapshot), *load_plans(snapshot)]
    for one in commands.running(*names.listed("testing.loads", "commands")):
        found.append(by_command(one, snapshot))
    if not any(trace.strong for trace in found):
        found += [half(one.evidence, NO_SCRIPT) for one in commands.running("locust") if not lost_script(one, snapshot)]
    found += [half(place, RESULTS) for place in results(snapshot)]
    declared = dependencies.declaring(names.listed("testing.loads", "distributions"))
    found += [aside(place, DECLARED) for place in declared]
    return LoadTests(strong_first(found))


def by_command(one: RunCommand, snapshot: Snapshot) -> Trace:
    """A tool's command as a trace."""
    if lost_script(one, snapshot):
        return (aside if one.origin == "docs" else half)(one.evidence, LOST_SCRIPT)
    if not sends(one.command.arguments, one.command.program):
        return half(one.evidence, NO_ADDRESS)
    if not one.live:
        return half(one.evidence, DEAD_COMMAND)
    return half(one.evidence, IN_DOCUMENT) if one.origin == "docs" else counts(one.evidence)


def lost_script(one: RunCommand, snapshot: Snapshot) -> bool:
    """Whether a command names a script or plan that the repository does not have, seen from its root or the file's folder."""
    folder = one.path.rpartition("/")[0]
    for word in one.command.arguments:
        if word.endswith(SCRIPTS) and "://" not in word and not re.search(r"[${<*]", word):
            name = word.removeprefix("./")
            there = any(normalise(f"{base}/{name}") in snapshot for base in ("", folder)) or snapshot.named(
                name.rpartition("/")[2]
            )
            return not there
    return False


# ---- Locust


def locust_users(file: PythonFile, project: PythonProject, names: Names) -> Iterator[Trace]:
    """Locust's user classes; they count with a task that sends something.

    Locust itself finds the classes, so that it does not matter whether anything in the code leads to them.
    """
    for cls in file.classes:
        if not project.inherits(cls, *names.listed("testing.load_user", "bases")):
            continue
        tasks = list(tasks_of(cls, file, project, names))
        works = any(not task.is_empty and calls_something(task, project) for task in tasks)
        yield counts(cls.evidence) if works else half(cls.evidence, NO_TASK)


def molotov_scenarios(file: PythonFile, project: PythonProject) -> Iterator[Trace]:
    """Molotov's scenarios, which it runs with a session of its own: they count where they send something by it."""
    for function in file.functions:
        if any(name.startswith("molotov.scenario") for mark in function.decorators for name in mark.names):
            given = {parameter.name for parameter in function.parameters}
            works = any(call.written.partition(".")[0] in given for call in project.calls_in(function))
            yield counts(function.evidence) if works else half(function.evidence, NO_TASK)


def tasks_of(cls: Class, file: PythonFile, project: PythonProject, names: Names) -> Iterator[Function]:
    """Tasks of a user: methods marked with `@task`, what `tasks` lists, those of task sets and base classes."""
    owners = [cls, *(base for name in project.ancestors(cls) if (base := project.class_(name)) is not None)]
    for owner in owners:
        for method in project.methods(owner):
            if any(name.startswith("locust.") and ".task" in name for call in method.decorators for name in call.names):
                yield method
        for assignment in file.assignments:
            if assignment.target == "tasks" and assignment.scope == owner.qualname:
                for value in (*assignment.value.elements, *assignment.value.keys):
                    for name in value.names:
                        task_set = project.class_(name)
                        function = project.function(name)
                        if task_set is not None:
                            yield from tasks_of(task_set, file, project, names)
                        elif function is not None:
                            yield function
    for inner in file.classes:
        nested = inner.qualname.startswith(f"{cls.qualname}.")
        if nested and project.inherits(inner, *names.listed("testing.load_tasks", "bases")):
            yield from tasks_of(inner, file, project, names)


def calls_something(task: Function, project: PythonProject) -> bool:
    """Whether a task makes a call, by itself or through own functions, other than to print or wait."""
    return any(call.name not in ("print", "time.sleep") and not call.decorates for call in project.calls_in(task))


# ---- own scripts


def own_scripts(file: PythonFile, project: PythonProject, api: Api, names: Names) -> Iterator[Trace]:
    """A script that sends requests to the application many at once; by half where one follows the other."""
    if file.path in api.paths or file.role is Role.DOCS:
        return
    sent = [call for call in file.calls if is_sent(call, names)]
    sent += [call for call in file.calls if sends_to_helper(call, project, names)] if not sent else []
    if not sent:
        return
    named = bool(NAMED.search(file.path))
    aimed = any(ADDRESSED.search(text.value) for text in file.texts)
    for call in file.calls:
        if not names.are(call.names, "testing.at_once"):
            continue
        meant = named or (aimed and (file.role is not Role.TEST or bool(NAMED.search(call.scope))))
        if meant and not downloads(file):
            yield counts(call.evidence) if call.live else half(call.evidence, NOT_RUN)
            return
    looped = [call for call in sent if call.in_loop]
    if looped and named and aimed and measures(file):
        yield half(looped[0].evidence, ONE_BY_ONE)


def is_sent(call: Call, names: Names) -> bool:
    """Whether a call sends a request, to a test client in the same process included."""
    return any(
        "web.sends" in names.of(name) or "web.test_client" in names.of(name.rpartition(".")[0].removesuffix("()"))
        for name in call.names
    )


def sends_to_helper(call: Call, project: PythonProject, names: Names) -> bool:
    """Whether a call is of an own function in another file that sends a request, or hands one on."""
    for name in (*call.names, *call.handed):
        function = project.function(name)
        if function is not None and any(is_sent(inner, names) for inner in project.calls_in(function)):
            return True
    return False


def shell_loops(snapshot: Snapshot) -> Iterator[Trace]:
    """Shell scripts that start many calls of curl at once: in the background of a loop, by `xargs -P` or `parallel`."""
    for path in snapshot.named("*.sh", "*.bash", "makefile", "justfile"):
        lines = snapshot.lines(path)
        looping = False
        for number, line in enumerate(lines[:MAX_LINES], start=1):
            text = line[:MAX_LINE].partition(" #")[0].strip()
            if text.startswith("#"):
                continue
            looping = looping or bool(_LOOP.search(text))
            if "curl" in text and (_AT_ONCE_IN_SHELL.search(text) or (looping and _BACKGROUND.search(text))):
                yield counts(seen(path, number, text))
                break


def downloads(file: PythonFile) -> bool:
    """Whether a script writes what it is answered to files: then it fetches data."""
    return any(call.name in ("open().write", "pathlib.Path().write_bytes", "shutil.copyfileobj") for call in file.calls)


def measures(file: PythonFile) -> bool:
    """Whether a script takes times."""
    return any(call.name.startswith("time.") and not call.name.endswith("sleep") for call in file.calls)


# ---- commands and results


def sends(arguments: tuple[str, ...], program: str) -> bool:
    """Whether a command line tool is told whom to load: an address, a script, or a file of targets."""
    if program == "vegeta":
        return "attack" in arguments
    if program in TOLD_BY_ANYTHING:
        return bool(arguments)
    return any("://" in word or "localhost" in word or "$" in word or "{" in word or ":" in word for word in arguments)


def results(snapshot: Snapshot) -> Iterator[Place]:
    """Statistics that Locust wrote."""
    for path in snapshot.named("*stats*.csv", "*locust*.csv", "*load*.csv"):
        first = first_line(snapshot, path)
        if sum(column in first for column in RESULT_COLUMNS) >= 2:
            yield seen(path, 1, first)
    for path in snapshot.named("*locust*.html", "*load*report*.html"):
        if "locust" in (snapshot.text(path) or "")[:20_000].lower():
            yield seen(path, None, "a report of Locust")
