"""Readers of prose: the report, documents, links, addresses."""

from __future__ import annotations

from support.report_samples import parse_report

from auditor.checks.key_material import secrets_in
from auditor.facts.documents.markdown import read_document
from auditor.facts.project_commands.documented import block_commands, documented_commands, read_plain_text, read_rst
from auditor.practices.cloud.addresses import hosts, in_text
from auditor.report.course_checker import counted, readings
from auditor.report.language.clauses import hypothetical, negated, parts, unsuccessful
from auditor.report.language.phrases import phrases
from auditor.report.language.reach import Reach, Thing, reach
from auditor.report.language.told import acts, told, works
from auditor.report.language.wishes import tried, unreal, wished
from auditor.report.language.words import read_words
from auditor.report.marks import is_legend, leading_sign, read_mark, trailing_sign
from auditor.report.notes import reserves, without_tags
from auditor.report.numbers import named_systems, named_versions, stated
from auditor.report.own_words import undashed
from auditor.report.source import code_lines, quoted, read_source, unquote
from auditor.report.template import fingerprint, normal
from auditor.report.wording import stems
from fuzzing.registry import check_all, check_places, rulebook, takes_bytes, takes_text

MARKDOWN = "# ## - * + 1. > ``` ~~~ ` [ ] ( ) ![x](y.png) [a](b) <http://example.org> <!-- --> --- === | |---| ~~ ** __ \\ &amp; <b> </b> [x]: :::{ } \t {{ }} ```bash ```mermaid"
REPORT = MARKDOWN + (
    " - [x] - [ ] [X] [/] [-] ✅ ❌ ☑ (M17) Create a git repository (M5) Make sure that all team members have write access ## Group information "
    "### Question 1 ### Question 2 > **Enter the group number you signed up on <learn.inside.dtu.dk>** Answer: --- question 1 fill here --- "
    "We did not use We never managed to deploy . coverage 85% Python 3.11 ubuntu windows s123456, 43 not finished n/a partly"
)
STATEMENTS = "We did not didn't never use deploy test n't able to managed time but only if would could should because monitoring the API not all in the end , . ; and or no without"


@takes_text(REPORT)
def report(text: str) -> None:
    source = read_source(text)
    assert len(source.lines) <= text.count("\n") + 1
    catalog = rulebook().catalog
    found = parse_report(text, catalog, "reports/README.md")
    check_places(found, {"reports/README.md": text})
    check_places(stated(found), {"": text})
    for claim in catalog.claims:
        words = read_words(found, claim, catalog, rulebook().statements, lambda path: False)
        check_places(words, {"reports/README.md": text})


@takes_text(STATEMENTS)
def sentence(text: str) -> None:
    subject = phrases(("API", "monitoring", "the cloud"))
    for thing in (Thing(subject), Thing(subject, examines=True, wide=True, products=(subject,))):
        assert {read(text, thing) for read in (reach, tried, unreal, wished)} <= set(Reach)
    for read in (
        acts,
        hypothetical,
        negated,
        parts,
        told,
        unsuccessful,
        works,
        named_systems,
        named_versions,
        stems,
        reserves,
    ):
        read(text)


@takes_text(REPORT)
def report_lines(text: str) -> None:
    lines = text.split("\n")
    assert all(0 <= index < len(lines) for index in code_lines(lines))
    for line in lines:
        assert not quoted(line) or unquote(line) != line
        for read in (read_mark, leading_sign, trailing_sign, is_legend, without_tags, normal, fingerprint, undashed):
            read(line)


@takes_text(MARKDOWN)
def document(text: str) -> None:
    found = read_document("README.md", text)
    check_places(found, {"README.md": text})
    check_places(list(documented_commands(found)), {"README.md": text})


@takes_text(
    MARKDOWN + " .. code-block:: bash :: `` $ pip install . >>> In [1]: (venv) $ PS C:\\> <name> ... python train.py"
)
def documented(text: str) -> None:
    check_places(list(read_rst("x.rst", text)), {"x.rst": text})
    check_places(list(read_plain_text("README", text)), {"README": text})
    for language in ("", "bash", "console", "powershell", "python"):
        check_places(block_commands("x.md", text, 1, language), {"x.md": text})


@takes_text(
    "https://x-abc123-ew.a.run.app https://europe-west1-shop.cloudfunctions.net/f http:// // # .run.app <project> ${X} : / . - @ ? ="
)
def cloud_addresses(text: str) -> None:
    assert all(kind and host for kind, host in hosts(text))
    check_places(list(in_text("x.sh", text)), {"x.sh": text})


@takes_bytes(REPORT + " " + MARKDOWN)
def repository_documents(data: bytes) -> None:
    check_all(
        {
            "README.md": data,
            "docs/index.md": data,
            "docs/x.rst": data,
            "reports/README.md": data,
            "reports/figures/x.png": data,
        }
    )


@takes_text(REPORT, more=("Answer:", "\n### Question 1\n", "\n## Group information\n", "![a](figures/b.png)"))
def course_checker(text: str) -> None:
    found = readings(text)
    assert all(1 <= one.line <= one.end <= text.count("\n") + 1 for one in found)
    assert counted(found) <= len(found) + 1


@takes_text(
    "api_key= token: password 'x' ghp_ AKIA -----BEGIN RSA PRIVATE KEY----- MIIE https://user:pass@example.org 0123456789abcdef eyJ . = \" example <your-key> $ { }"
)
def keys_in_text(text: str) -> None:
    check_places(list(secrets_in("x.env", text)), {"x.env": text})
