"""Code coverage: where it is calculated, its settings, and committed reports.

Sources: coverage.py documentation ("Command line usage", "Configuration reference"), pytest-cov ("Configuration"),
Codecov ("Codecov YAML"), Coveralls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, Trace, aside, counts, half, seen, strong_first
from auditor.facts.containers import Containers
from auditor.facts.dependencies import Dependencies
from auditor.facts.documents.markdown import Docs
from auditor.facts.group import ReportPlace
from auditor.facts.own_work.vendored import is_vendored
from auditor.facts.project_commands import Commands
from auditor.facts.python import PythonProject, Role
from auditor.formats.ini_lines import parse_ini
from auditor.formats.shell import Command
from auditor.formats.toml_lines import parse_toml, toml_lines
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.testing import PytestSettings, TestCode
from auditor.practices.traces import DECLARED, halved, settled
from auditor.practices.uses import Uses
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

SUBCOMMANDS = frozenset({"run", "report", "html", "xml", "json", "lcov", "combine"})
ACTIONS = (
    "py-cov-action/python-coverage-comment-action", "mishakav/pytest-coverage-comment", "orgoro/coverage",
    "irongut/codecoveragesummary", "5monkeys/cobertura-action", "insightsengineering/coverage-action",
    "tj-actions/coverage-badge-py", "codecov/codecov-action", "coverallsapp/github-action",
)  # fmt: skip
"""Actions that show or upload what another step has calculated."""
SETTINGS_FILES = (".coveragerc", ".coveragerc.toml", "codecov.yml", "codecov.yaml", ".codecov.yml", ".codecov.yaml")
BADGES = ("codecov.io", "coveralls.io", "badge/coverage", "badge/code-coverage", "badge/code_coverage", "badge/test-coverage",
          "/codecov/", "badge/cov", "coverage-badge", "coverage_badge", "coverage.svg")  # fmt: skip
"""Parts of the addresses of coverage badges."""
REPORTS = (
    "coverage.xml", "cobertura.xml", "coverage.json", "lcov.info", "coverage.lcov", ".coverage", "coverage.svg",
    "coverage-badge.svg", "coverage_badge.svg", "coverage.txt", "coverage_report.txt", "coverage-report.txt",
)  # fmt: skip


NO_TESTS = "there is no test whose coverage it could measure"
IN_DOCUMENT = "a document tells it, and nothing runs it"
SHOWS = "it shows or uploads coverage, and calculates none"
PICTURE = "it is a picture of figures"
SWITCHED_OFF = "it switches coverage off"


class Coverage(Record):
    """Where coverage is calculated, how it is set up, what came of it: commands, settings, reports and badges.

    Disabled jobs, instructions, uploads, pictures, declared libraries, and commands where there is no test to measure are half.
    """

    traces: tuple[Trace, ...] = ()


@fact
def read_coverage(
    snapshot: Snapshot,
    commands: Commands,
    containers: Containers,
    pipelines: Pipelines,
    settings: PytestSettings,
    tests: TestCode,
    dependencies: Dependencies,
    docs: Docs,
    project: PythonProject,
    report: ReportPlace,
    uses: Uses,
) -> Coverage:
    """Every trace of coverage."""
    offered = [c for command in commands.project for c in command.commands]
    run = [c for work in pipelines.live for c in work.commands]
    built = [use.command for use in commands.containers]
    runs = [command.evidence for command in (*run, *offered, *built) if is_coverage(command)]
    runs += [c.evidence for c in project.calls("coverage.Coverage", "slipcover.*", live=True, roles=(Role.OWN,))]
    options = settings.places.get("addopts")
    if options is not None and measures(settings.addopts):
        runs.append(options)
    runs += by_environment(pipelines)
    nothing = not any(test.flaw in ("", "no check") for test in tests.tests) and not tests.examples
    found = [half(place, NO_TESTS) if nothing else counts(place) for place in runs]
    found += settled([*set_up(snapshot), *committed(snapshot), *badges(docs, report)])
    found += [half(c.evidence, work.why) for work in pipelines.dead for c in work.commands if is_coverage(c)]
    found += [
        half(use.evidence, IN_DOCUMENT)
        for use in commands.documented
        if is_coverage(use.command) and use.path not in report.files
    ]
    found += [half(e, SHOWS) for work in pipelines.every for e in work.uses(*ACTIONS)]
    showing = uses.names.listed("testing.shows_coverage", "commands")
    found += [half(c.evidence, SHOWS) for c in (*run, *offered) if c.runs(*showing)]
    found += pipelines.called("coverage", "codecov", "cov")
    measuring = uses.names.listed("testing.measures_coverage", "distributions")
    found += halved(dependencies.declaring(measuring), DECLARED)
    found += halved(pictures(snapshot), PICTURE)
    found += [aside(c.evidence, SWITCHED_OFF) for c in (*run, *offered) if "--no-cov" in c.words]
    return Coverage(strong_first(found))


def by_environment(pipelines: Pipelines) -> Iterator[Place]:
    """Jobs and steps that give pytest its options by a variable."""
    for work in pipelines.live:
        for place, environment in (
            (work.job.evidence, work.job.env),
            *((step.evidence, step.env) for step in work.job.live_steps),
        ):
            if work.tests and measures(tuple(environment.get("PYTEST_ADDOPTS", "").split())):
                yield place


def pictures(snapshot: Snapshot) -> Iterator[Place]:
    """Pictures that by their name show coverage."""
    for path in snapshot.named("*coverage*.png", "*coverage*.jpg", "*coverage*.jpeg", "*coverage*.webp"):
        if not is_vendored(path):
            yield seen(path, None, "a picture of coverage")


def is_coverage(command: Command) -> bool:
    """Whether a command calculates coverage, or makes a report of it."""
    call = command.call_of("coverage")
    if call is not None and any(word in SUBCOMMANDS for word in call[1:]) and "--help" not in call:
        return True
    call = command.call_of("pytest") or command.call_of("py.test")
    if call is not None and measures(call[1:]):
        return True
    return command.runs("slipcover") or (command.runs("nose2", "nosetests") and "--with-coverage" in command.words)


def measures(words: tuple[str, ...]) -> bool:
    """Whether pytest's options switch coverage on."""
    return "--no-cov" not in words and any(word == "--cov" or word.startswith("--cov=") for word in words)


def set_up(snapshot: Snapshot) -> Iterator[Place]:
    """Settings of coverage.py and Codecov that say something."""
    for names, read in (
        (SETTINGS_FILES, settings_file),
        (("setup.cfg", "tox.ini"), ini_section),
        (("pyproject.toml",), toml_table),
    ):
        paths = (path for path in snapshot.named(*names) if not is_vendored(path))
        yield from each_file(snapshot, paths, read)


def settings_file(snapshot: Snapshot, path: str) -> Iterator[Place]:
    """The first line of a settings file that says something."""
    rows = enumerate(snapshot.lines(path), 1)
    line = next((n for n, text in rows if text.strip() and text.strip()[0] not in "#;"), 0)
    if line:
        yield seen(path, line, "settings of coverage")


def ini_section(snapshot: Snapshot, path: str) -> Iterator[Place]:
    """`[coverage:run]` and the like."""
    for option in parse_ini(snapshot.text(path) or ""):
        if option.section.startswith("coverage:"):
            yield seen(path, option.line, f"[{option.section}] {option.name} = {option.value}")
            break


def toml_table(snapshot: Snapshot, path: str) -> Iterator[Place]:
    """`[tool.coverage]`."""
    text = snapshot.text(path) or ""
    try:
        tools = parse_toml(text).get("tool")
    except ValueError:
        return  # the dependencies fact notes it
    if isinstance(tools, dict) and tools.get("coverage"):
        places = [line for keys, line in toml_lines(text).items() if keys[:2] == ("tool", "coverage")]
        yield seen(path, min(places, default=None), "[tool.coverage]")


def committed(snapshot: Snapshot) -> Iterator[Place]:
    """Reports of coverage that are in the repository."""
    for path in snapshot.named(*REPORTS):
        if not is_vendored(path) and is_report(snapshot, path):
            yield seen(path, None, "coverage report")
    for path in snapshot.named("index.html"):
        if "htmlcov" in path.split("/")[:-1] and not is_vendored(path):
            yield seen(path, None, "coverage report")


MEASURED = pattern(rb"^\S.*?\s[1-9]\d*\s+\d+\s+(?:\d+\s+\d+\s+)?\d", re.MULTILINE)
"""A row of coverage's table with a file that has statements."""
STATEMENTS = pattern(rb'"num_statements":\s*[1-9]')
"""A total, or a file's, in coverage's JSON: something was measured."""


def is_report(snapshot: Snapshot, path: str) -> bool:
    """Whether a file of such a name holds what coverage tools write."""
    data = (snapshot.read(path) or b"")[:20_000]
    name = path.rpartition("/")[2].lower()
    if name == ".coverage":
        return data.startswith((b"SQLite format 3", b"!coverage.py"))
    if name.endswith(".xml"):
        return b"<coverage" in data and b"line-rate" in data and b"<class" in data
    if name.endswith(".json"):
        return b"executed_lines" in data or STATEMENTS.search(data) is not None
    if name.endswith((".info", ".lcov")):
        return b"SF:" in data
    if name.endswith(".txt"):
        return b"Stmts" in data and b"Miss" in data and MEASURED.search(data) is not None
    return b"<svg" in data


def badges(docs: Docs, report: ReportPlace) -> Iterator[Place]:
    """Badges of coverage in documents other than the report."""
    for document in docs.documents:
        for image in document.images:
            if any(part in image.target.lower() for part in BADGES) and not report.holds(image.path, image.line):
                yield image.evidence
