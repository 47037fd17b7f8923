"""Load tests that are written for a tool other than Python's: k6, JMeter, Artillery, Taurus, Gatling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from auditor.evidence import Trace, counts, half, seen
from auditor.formats.javascript import MOST_CHARACTERS, read_script
from auditor.formats.markup import whole_tags
from auditor.formats.yaml_lines import YamlError, parse_yaml
from auditor.patterns import pattern
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

K6_IMPORT = pattern(r"^k6(/|$)")
K6_ENTRY = pattern(
    r"export\s+(default\s+(async\s+)?(function|\(|\w+\s*=>)|(async\s+)?function\s+\w+|const\s+\w+\s*=\s*(async\s*)?(\(|function))"
)
K6_REQUEST = pattern(
    r"\bhttp\s*\.\s*(get|post|put|del|patch|batch|request|asyncRequest)\s*\(|\bws\s*\.\s*connect\s*\(|\bgrpc\b|\.invoke\s*\("
)
GATLING = pattern(r"\bio\.gatling\b|@gatling\.io/")
SIMULATION = pattern(r"\bsetUp\s*\(")
NO_REQUEST = "no function for its users sends a request"
OFF = "no enabled group of threads with a sampler is in it"
NO_SIMULATION = "it sets up no simulation"


def k6_script(snapshot: Snapshot, path: str) -> Iterator[Trace]:
    """A script for k6: it imports its modules; it counts with a function for its users that sends requests."""
    text = snapshot.text(path) or ""
    script = read_script(text) if "k6" in text else None
    if script is None:
        return
    imported = next((line for line, string in script.strings if K6_IMPORT.match(string)), None)
    if imported is not None and re.search(r"\b(import|require)\b", script.code):
        works = bool(K6_ENTRY.search(script.code) and K6_REQUEST.search(script.code))
        place = seen(path, imported, snapshot.lines(path)[imported - 1])
        yield counts(place) if works else half(place, NO_REQUEST)


def jmeter_plan(snapshot: Snapshot, path: str) -> Iterator[Trace]:
    """A test plan of JMeter; it counts with an enabled thread group and a sampler."""
    plan = _Plan()
    plan.feed(whole_tags((snapshot.text(path) or "")[:MOST_CHARACTERS]))
    plan.close()
    if "jmetertestplan" in plan.elements:
        place = seen(path, 1, "JMeter test plan")
        yield counts(place) if plan.works else half(place, OFF)


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


def scenarios(snapshot: Snapshot, path: str) -> Iterator[Trace]:
    """A test script of Artillery (`config.target` and `scenarios`) or Taurus (`execution` and `scenarios`)."""
    text = snapshot.text(path) or ""
    if "scenarios" not in text or len(text) > 100_000 or not ("target" in text or "execution" in text):
        return
    try:
        root = parse_yaml(text).mapping
    except YamlError:
        return
    if "scenarios" in root and (root.map_at("config").text_of("target") or "execution" in root):
        yield counts(seen(path, root.line_of("scenarios"), "scenarios of a load test"))


def gatling_simulation(snapshot: Snapshot, path: str) -> Iterator[Trace]:
    """A simulation of Gatling in Scala, Java, Kotlin, JavaScript or TypeScript."""
    script = read_script(snapshot.text(path) or "")
    said = script.code + " ".join(text for _, text in script.strings) if script is not None else ""
    if script is not None and (found := GATLING.search(said)):
        place = seen(path, 1, found[0])
        yield counts(place) if SIMULATION.search(script.code) else half(place, NO_SIMULATION)


PLANS = (
    (("*.js", "*.ts", "*.mjs"), k6_script),
    (("*.jmx",), jmeter_plan),
    (("*.yml", "*.yaml"), scenarios),
    (("*.scala", "*.java", "*.kt", "*.gatling.js", "*.gatling.ts"), gatling_simulation),
)
"""Names of files, and what reads one."""


def load_plans(snapshot: Snapshot) -> Iterator[Trace]:
    """Every such load test of the repository."""
    for names, read in PLANS:
        yield from each_file(snapshot, snapshot.named(*names), read)
