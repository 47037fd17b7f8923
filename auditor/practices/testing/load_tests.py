"""Load tests: Locust, k6, JMeter, Artillery, Gatling, command line tools, and own scripts that send many requests at once.

Sources: Locust "Writing a locustfile"; k6 "Running k6"; JMeter "Elements of a Test Plan"; Artillery "Test scripts"; Gatling
"Create a simulation"; the manuals of ab, wrk, hey, vegeta, siege, bombardier, oha, autocannon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from auditor.evidence import Place, seen
from auditor.facts.own_work.template import Template
from auditor.facts.python import Class, Function, PythonFile, PythonProject, Role
from auditor.formats.javascript import MOST_CHARACTERS, read_script
from auditor.formats.markup import whole_tags
from auditor.formats.yaml_lines import YamlError, parse_yaml
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.api import Api
from auditor.practices.cloud import RunCommands
from auditor.records import Record
from auditor.repository.file_by_file import each_file, first_line
from auditor.repository.snapshot import Snapshot

USERS = ("locust.*User", "locust.HttpLocust", "locust.Locust", "locust.contrib.*", "locust_plugins.*User")
TASK_SETS = ("locust.*TaskSet",)
TOOLS = ("ab", "wrk", "wrk2", "hey", "vegeta", "siege", "bombardier", "oha", "autocannon", "artillery", "k6 run", "jmeter", "loadtest",
         "drill", "bzt", "fortio load", "h2load", "plow", "cassowary")  # fmt: skip
"""Programs that send load."""

SENDING = pattern(
    r"(requests|httpx|aiohttp|urllib3|grequests|niquests|requests_futures)(\.\w+)*(\(\))?(\.\w+(\(\))?)*\.(get|post|put|request|map|send)|"
    r"urllib\.request\.urlopen|(fastapi|starlette)\.testclient\.TestClient\(\)\.(get|post|put|request)|httpx\.AsyncClient\(\)\.\w+|"
    r"aiohttp\.ClientSession\(\)\.\w+|websockets\.connect|http\.client\.\w+\(\)\.request"
)
AT_ONCE = pattern(
    r"asyncio\.(gather|as_completed|wait|TaskGroup\(\)\.create_task|create_task)|concurrent\.futures(\.\w+)*(\(\)\.(submit|map))|"
    r"multiprocessing(\.\w+)*\(\)\.(map\w*|starmap\w*|apply_async|imap\w*|start)|threading\.Thread(\(\)\.start)?|grequests\.\w+|anyio\..*start_soon|"
    r"trio\..*start_soon|joblib\.Parallel(\(\))?|gevent\.(spawn|joinall|pool.*)|asyncio\.TaskGroup|requests_futures.*"
)
NAMED = pattern(
    r"(?<![a-z])load(?!er|ing|_?(data|model|dataset|raw|image|csv|config|weights|checkpoint|artifact))|stress|(?<![a-z])perf(?!ect|orm_)|"
    r"bench|concurren|traffic|throughput|latenc|flood|hammer|spam|many_(users|requests)|parallel_requests",
    re.IGNORECASE,
)
"""Words that say that something loads an application."""
ADDRESSED = pattern(
    r"localhost|127\.0\.0\.1|0\.0\.0\.0|\.run\.app|cloudfunctions\.net|/(predict|infer|inference|classify|generate|api|health)\b"
)

K6_IMPORT = pattern(r"^k6(/|$)")
K6_ENTRY = pattern(
    r"export\s+(default\s+(async\s+)?(function|\(|\w+\s*=>)|(async\s+)?function\s+\w+|const\s+\w+\s*=\s*(async\s*)?(\(|function))"
)
K6_REQUEST = pattern(
    r"\bhttp\s*\.\s*(get|post|put|del|patch|batch|request|asyncRequest)\s*\(|\bws\s*\.\s*connect\s*\(|\bgrpc\b|\.invoke\s*\("
)
GATLING = pattern(r"\bio\.gatling\b|@gatling\.io/")
SIMULATION = pattern(r"\bsetUp\s*\(")
RESULT_COLUMNS = ("Requests/s", "Request Count", "Failure Count", "50%")
"""Columns of the statistics that Locust writes ("Retrieve test statistics in CSV format")."""


class LoadTests(Record):
    """Load tests of the repository."""

    tests: tuple[Place, ...] = ()
    weak: tuple[Place, ...] = ()
    """Users without tasks, requests one after the other, results or commands without a test, scripts that nothing runs."""


@fact
def load_tests(
    project: PythonProject,
    api: Api,
    commands: RunCommands,
    template: Template,
    snapshot: Snapshot,
) -> LoadTests:
    """Scripts, settings and commands; the group's report aside."""
    found: list[tuple[Place, bool]] = []
    for file in project.of():
        if not template.is_stub(file.path):
            found += locust_users(file, project)
            found += own_scripts(file, project, api)
    found += k6_scripts(snapshot)
    found += jmeter_plans(snapshot)
    found += settings(snapshot)
    found += gatling_simulations(snapshot)
    for one in commands.running(*TOOLS):
        if sends(one.command.arguments, one.command.program):
            found.append((one.evidence, one.live and one.origin != "docs"))
    weak = [one.evidence for one in commands.running("locust")]
    weak += list(results(snapshot))
    return LoadTests(
        tuple(evidence for evidence, strong in found if strong),
        (*(evidence for evidence, strong in found if not strong), *weak),
    )


# ---- Locust


def locust_users(file: PythonFile, project: PythonProject) -> Iterator[tuple[Place, bool]]:
    """Locust's user classes; strong with a task that sends something.

    Locust itself finds the classes, so that it does not matter whether anything in the code leads to them.
    """
    for cls in file.classes:
        if not project.inherits(cls, *USERS):
            continue
        tasks = list(tasks_of(cls, file, project))
        yield cls.evidence, any(not task.is_empty and calls_something(task, project) for task in tasks)


def tasks_of(cls: Class, file: PythonFile, project: PythonProject) -> Iterator[Function]:
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
                            yield from tasks_of(task_set, file, project)
                        elif function is not None:
                            yield function
    for inner in file.classes:
        nested = inner.qualname.startswith(f"{cls.qualname}.")
        if nested and project.inherits(inner, *TASK_SETS):
            yield from tasks_of(inner, file, project)


def calls_something(task: Function, project: PythonProject) -> bool:
    """Whether a task makes a call, by itself or through own functions, other than to print or wait."""
    return any(call.name not in ("print", "time.sleep") and not call.decorates for call in project.calls_in(task))


# ---- own scripts


def own_scripts(file: PythonFile, project: PythonProject, api: Api) -> Iterator[tuple[Place, bool]]:
    """A script that sends requests to the application many at once; weak where one follows the other."""
    if file.path in api.paths or file.role is Role.DOCS:
        return
    sent = [call for call in file.calls if any(SENDING.fullmatch(name) for name in call.names)]
    if not sent:
        return
    named = bool(NAMED.search(file.path))
    aimed = any(ADDRESSED.search(text.value) for text in file.texts)
    for call in file.calls:
        if not any(AT_ONCE.fullmatch(n) for n in call.names):
            continue
        meant = named or (aimed and (file.role is not Role.TEST or bool(NAMED.search(call.scope))))
        if meant and not downloads(file):
            yield call.evidence, call.live
            return
    looped = [call for call in sent if call.in_loop]
    if looped and named and aimed and measures(file):
        yield looped[0].evidence, False


def downloads(file: PythonFile) -> bool:
    """Whether a script writes what it is answered to files: then it fetches data."""
    return any(call.name in ("open().write", "pathlib.Path().write_bytes", "shutil.copyfileobj") for call in file.calls)


def measures(file: PythonFile) -> bool:
    """Whether a script takes times."""
    return any(call.name.startswith("time.") and not call.name.endswith("sleep") for call in file.calls)


# ---- other tools


def k6_scripts(snapshot: Snapshot) -> Iterator[tuple[Place, bool]]:
    """Scripts for k6: they import its modules; strong with a function for its users that sends requests."""
    yield from each_file(snapshot, snapshot.named("*.js", "*.ts", "*.mjs"), k6_script)


def k6_script(snapshot: Snapshot, path: str) -> Iterator[tuple[Place, bool]]:
    """One script for k6."""
    text = snapshot.text(path) or ""
    script = read_script(text) if "k6" in text else None
    if script is None:
        return
    imported = next((line for line, string in script.strings if K6_IMPORT.match(string)), None)
    if imported is not None and re.search(r"\b(import|require)\b", script.code):
        works = bool(K6_ENTRY.search(script.code) and K6_REQUEST.search(script.code))
        yield seen(path, imported, snapshot.lines(path)[imported - 1]), works


def jmeter_plans(snapshot: Snapshot) -> Iterator[tuple[Place, bool]]:
    """JMeter's test plans; strong with an enabled thread group and a sampler."""
    yield from each_file(snapshot, snapshot.named("*.jmx"), jmeter_plan)


def jmeter_plan(snapshot: Snapshot, path: str) -> Iterator[tuple[Place, bool]]:
    """One test plan of JMeter."""
    plan = _Plan()
    plan.feed(whole_tags((snapshot.text(path) or "")[:MOST_CHARACTERS]))
    plan.close()
    if "jmetertestplan" in plan.elements:
        yield seen(path, 1, "JMeter test plan"), plan.works


class _Plan(HTMLParser):
    """Names of the enabled elements of a JMeter plan. Read as HTML, which knows no entities that grow."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if dict(attrs).get("enabled") != "false":
            self.elements.add(tag)

    @property
    def works(self) -> bool:
        """Whether users are started who send something."""
        return any(e.endswith("threadgroup") for e in self.elements) and any("sampler" in e for e in self.elements)


def settings(snapshot: Snapshot) -> Iterator[tuple[Place, bool]]:
    """Test scripts of Artillery (`config.target` and `scenarios`) and Taurus (`execution` and `scenarios`)."""
    yield from each_file(snapshot, snapshot.named("*.yml", "*.yaml"), scenarios)


def scenarios(snapshot: Snapshot, path: str) -> Iterator[tuple[Place, bool]]:
    """One such test script."""
    text = snapshot.text(path) or ""
    if "scenarios" not in text or len(text) > 100_000 or not ("target" in text or "execution" in text):
        return
    try:
        root = parse_yaml(text).mapping
    except YamlError:
        return
    if "scenarios" in root and (root.map_at("config").text_of("target") or "execution" in root):
        yield seen(path, root.line_of("scenarios"), "scenarios of a load test"), True


def gatling_simulations(snapshot: Snapshot) -> Iterator[tuple[Place, bool]]:
    """Gatling's simulations in Scala, Java, Kotlin, JavaScript or TypeScript."""
    named = snapshot.named("*.scala", "*.java", "*.kt", "*.gatling.js", "*.gatling.ts")
    yield from each_file(snapshot, named, gatling_simulation)


def gatling_simulation(snapshot: Snapshot, path: str) -> Iterator[tuple[Place, bool]]:
    """One simulation of Gatling."""
    script = read_script(snapshot.text(path) or "")
    said = script.code + " ".join(text for _, text in script.strings) if script is not None else ""
    if script is not None and (found := GATLING.search(said)):
        yield seen(path, 1, found[0]), bool(SIMULATION.search(script.code))


def sends(arguments: tuple[str, ...], program: str) -> bool:
    """Whether a command line tool is told whom to load: an address, a script, or a file of targets."""
    if program == "vegeta":
        return "attack" in arguments
    if program in ("k6", "jmeter", "artillery", "bzt", "drill"):
        return any(word.endswith((".js", ".ts", ".jmx", ".yml", ".yaml")) for word in arguments)
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
