"""Addresses of services on Cloud Run, Cloud Functions and other serving of Google Cloud, told from placeholders.

Sources: Cloud Run documentation, "Deterministic URL" (`SERVICE-PROJECTNUMBER.REGION.run.app`) and "Container runtime
contract" (`SERVICE-HASH-REGIONCODE.a.run.app`, a traffic tag before `---`); Cloud Functions documentation, "HTTP triggers"
(`REGION-PROJECT.cloudfunctions.net/NAME`); Vertex AI and App Engine documentation for those of other services.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, seen
from auditor.facts.dependencies.generated import is_generated
from auditor.facts.documents.document import Document
from auditor.facts.documents.markdown import Docs
from auditor.facts.group import ReportPlace
from auditor.facts.python import PythonProject
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

LONGEST_LINE = 2_000
MAX_FILES = 1_000
ENDINGS = (
    "*.js", "*.jsx", "*.mjs", "*.ts", "*.tsx", "*.vue", "*.svelte", "*.html", "*.htm", "*.yml", "*.yaml", "*.toml", "*.ini",
    "*.cfg", "*.conf", "*.properties", "*.env", ".env*", "*.sh", "*.ps1", "*.tf", "*.tfvars", "*.rst", "*.http", "dockerfile*",
    "*.dockerfile", "makefile", "readme*.txt", "read_me*.txt", "config*.json", "package.json", "firebase.json", "vercel.json",
)  # fmt: skip
"""Files beside Python and Markdown in which a program or a reader finds an address."""
OUTPUT = pattern(r"(^|/)(data|datasets?|models?|outputs?|logs?|site|_site|dist|build)/")
COMMENT = ("#", "//", "<!--", "*", "--", ";")

RUN = pattern(r"(?<![\w.${}<>\[\]-])([a-z][a-z0-9-]{1,100})\.([a-z][a-z0-9-]{0,30})\.run\.app(?![\w.-]*[\w-])")
FUNCTIONS = pattern(r"(?<![\w.${}<>\[\]-])([a-z]+-[a-z]+\d{1,2})-([a-z][a-z0-9-]{4,30})\.cloudfunctions\.net(?![\w-])")
OTHER = pattern(
    r"(?<![\w.-])[a-z]+-[a-z]+\d{1,2}-aiplatform\.googleapis\.com/v1(beta1)?/projects/[\w{}$-]+/locations/[\w{}$-]+/endpoints/\d[\w-]*"
    r"|(?<![\w.-])([a-z]+-[a-z]+\d{1,2}-)?ml\.googleapis\.com/v1/projects/[\w{}$-]+/models/[\w{}$-]+|(?<![\w.$<>{}-])[a-z][a-z0-9-]{3,60}(\.[a-z]{1,3}\.r)?\.appspot\.com(?![\w-])"
    r"|(?<![\w.-])[\w-]+\.endpoints\.[a-z][a-z0-9-]{4,30}\.cloud\.goog"
)
"""Addresses of Vertex AI's and AI Platform's endpoints, of App Engine and of Cloud Endpoints."""
HOSTS = ("run.app", "cloudfunctions.net", "googleapis.com", "appspot.com", "cloud.goog")
_DETERMINISTIC = pattern(r".*-\d{6,14}")
_HASHED = pattern(r".*-(?=[a-z]*\d|[a-z]{10})[a-z0-9]{6,16}-[a-z]{1,3}")
_PLACEHOLDER = pattern(
    r"(^|-)(your|my|x{2,}|y{2,}|z{2,}|xyz|abc|abcd?e?f?\d*|example|sample|hash|placeholder|dummy|random|name|id|project|url|"
    r"region|something|foo|bar|1234?5?6?7?8?9?0?|identifier|suffix|code)(-|$)"
)


class Address(Record):
    """An address of a deployed service. `live` where code that can run, or a document, has it."""

    kind: str
    host: str
    evidence: Place
    live: bool = True


def hosts(text: str) -> Iterator[tuple[str, str]]:
    """(kind, host) of the services that `text` has an address of, placeholders left out."""
    if "run.app" in text:
        for match in RUN.finditer(text):
            if is_run_host(match[1], match[2]):
                yield "cloud run", match[0]
    if "cloudfunctions.net" in text:
        for match in FUNCTIONS.finditer(text):
            if not re.search(r"(^|-)(your|placeholder|x{3,})(-|$)|^(my-)?project(-?id)?$|^my-?project", match[2]):
                yield "cloud functions", match[0]
    if any(host in text for host in HOSTS[2:]):
        for match in OTHER.finditer(text):
            if not re.search(r"^(your|my|example|project)\b|your-|\.artifacts\.", match[0]):
                yield "another service of Google Cloud", match[0]


def is_run_host(service: str, region: str) -> bool:
    """Whether `service.region.run.app` has the form that Cloud Run gives, or is at least nobody's placeholder."""
    if re.search(r"(^|-)(your|placeholder|x{3,})(-|$)", service):
        return False
    if region == "a":
        return bool(_HASHED.fullmatch(service)) or not _PLACEHOLDER.search(service)
    if not re.fullmatch(r"[a-z]+-[a-z]+\d{1,2}", region):
        return False
    return bool(_DETERMINISTIC.fullmatch(service)) or not _PLACEHOLDER.search(service)


def addresses(snapshot: Snapshot, project: PythonProject, docs: Docs, report: ReportPlace) -> Iterator[Address]:
    """Addresses in code, other text files, and documents, the group's report included."""
    for file in project.of():
        for text in file.texts:
            for kind, host in hosts(text.value):
                yield Address(kind, host, text.evidence, text.live)
    report_stems = tuple(path.rpartition(".")[0] + "." for path in report.files)
    paths = (
        path
        for path in snapshot.named(*ENDINGS)[:MAX_FILES]
        if not is_generated(path)
        and not OUTPUT.search(path)
        and path.rpartition("/")[2] != "report.html"
        and not path.startswith(report_stems)
    )
    yield from each_file(snapshot, paths, lambda s, path: in_text(path, s.text(path) or ""))
    for document in docs.documents:
        yield from in_document(document)


def in_text(path: str, text: str) -> Iterator[Address]:
    """Addresses in a text file, lines that are comments left out."""
    if not any(host in text for host in HOSTS):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if any(host in line for host in HOSTS) and not line.lstrip().startswith(COMMENT):
            for kind, host in hosts(line[:LONGEST_LINE]):
                yield Address(kind, host, seen(path, number, line))


def in_document(document: Document) -> Iterator[Address]:
    """Addresses in a Markdown document: its text, code and links."""
    said = [
        *document.paragraphs,
        *((heading.line, heading.text) for heading in document.headings),
        *((link.line, link.target) for link in document.links),
        *(
            (block.line + offset, row)
            for block in document.code_blocks
            for offset, row in enumerate(block.text.split("\n"))
        ),
    ]
    for line, text in said:
        for offset, row in enumerate(text.split("\n")):
            for kind, host in hosts(row[:LONGEST_LINE]):
                yield Address(kind, host, seen(document.path, line + offset, row))
