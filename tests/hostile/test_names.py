"""Hostile names and text in what a workflow shows: SARIF, annotations, and the Markdown of a job's summary.

By results made by hand, in which everything is hostile, and by a repository whose files really have such names.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote_to_bytes

import jsonschema
import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token
from support.alert_samples import PAYLOADS, STRANGE, strange
from support.page_samples import WEB
from support.repositories import Step, commit
from support.sarif_logs import checked_log, log_of
from support.workflow_commands import read_back

from auditor.engine.run import run_audit
from auditor.output import writer
from auditor.output.alerts.github import to_github
from auditor.output.alerts.sarif import to_sarif
from auditor.result.audit import AuditResult
from auditor.result.json import schema, to_json
from auditor.samples import build_sample, read_samples

Write = Callable[[AuditResult], bytes]

ALLOWED = frozenset(
    {"heading_open", "paragraph_open", "bullet_list_open", "list_item_open", "table_open", "thead_open", "tbody_open"}
    | {"tr_open", "th_open", "td_open", "inline", "text", "text_special", "code_inline", "strong_open", "em_open"}
    | {"link_open", "fence", "softbreak", "ordered_list_open"}
)
"""What a summary in Markdown is made of: no HTML, no pictures."""

NAMES = (
    'it\'s "quoted" $(touch ran)',
    "line\nbreak ::error::x",
    "::warning file=x,line=1::y",
    "##[error]z",
    "%0A%250D",
    "](javascript:x) [x](1) {0}",
    "<img src=x>",
    "`code` **b** |",
    "\u202eright\u202c\u200b",
    "\x1b[31mred\x07\r",
    "a:b?c#d",
    "x" * 200,
)
"""Names that a file can have on Linux."""


def markdown(to_the_group: bool) -> Write:
    return writer("markdown", to_the_group=to_the_group)


def flat(data: bytes) -> list[Token]:
    """The tokens of a document, with HTML and GitHub's tables read as such."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(data.decode("utf-8"))
    return [token for outer in tokens for token in (outer, *(outer.children or ()))]


def opened(tokens: list[Token]) -> set[str]:
    return {token.type for token in tokens if not token.type.endswith("_close")}


def checked_markdown(data: bytes) -> list[Token]:
    """The tokens, after it was checked that nothing acts: no HTML, no picture, no link but to the repository's page."""
    tokens = flat(data)
    assert opened(tokens) <= ALLOWED, opened(tokens) - ALLOWED
    links = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
    assert all(link.startswith(f"{WEB}/") for link in links), links
    assert [character for character in data.decode("utf-8") if not character.isprintable() and character != "\n"] == []
    return tokens


def blocks(tokens: list[Token]) -> list[str]:
    """The document's shape: its blocks, whatever stands in them."""
    return [token.type for token in tokens if token.block]


@pytest.mark.parametrize("to_the_group", [False, True])
@pytest.mark.parametrize("text", [text for text in PAYLOADS if text.strip()], ids=lambda text: ascii(text)[:20])
def test_a_summary_keeps_its_shape(text: str, to_the_group: bool) -> None:
    write = markdown(to_the_group)
    tokens = checked_markdown(write(strange(text)))
    assert blocks(tokens) == blocks(checked_markdown(write(strange("x"))))


@settings(max_examples=30, deadline=None)
@given(STRANGE)
def test_any_text_keeps_every_form_well_formed(text: str) -> None:
    result = strange(text)
    for to_the_group in (False, True):
        checked_markdown(markdown(to_the_group)(result))
    checked_log(to_sarif(result))
    assert to_github(result).count(b"\n") == len(read_back(to_github(result)))
    jsonschema.validate(json.loads(to_json(result)), schema(), cls=jsonschema.Draft202012Validator)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_repository_of_hostile_names(tmp_path: Path) -> None:
    hollow = next(sample for sample in read_samples() if sample.name == "hollow")
    folder = build_sample(hollow, tmp_path / NAMES[0])
    code = "import logging\n\nimport wandb\n\nlogger = logging.getLogger(__name__)\n\n\ndef {}() -> None:\n    wandb.log({{}})\n"
    for number, name in enumerate(NAMES):
        place = folder / "src" / "buoy" / f"{name}.py"
        place.write_text(code.format(f"f{number}") + "    logger.info('x')\n" * 3, encoding="utf-8")
        (folder / "configs" / f"{name}.yaml").write_text("lr: 1\nepochs: 3\n", encoding="utf-8")
        workflow = folder / ".github" / "workflows" / f"{name}.yaml"
        workflow.write_text(
            "on: push\njobs:\n  t:\n    runs-on: x\n    steps:\n    - run: pytest || true\n", encoding="utf-8"
        )
    latin = os.fsencode(folder / "src" / "buoy") + b"/caf\xe9.py"
    Path(os.fsdecode(latin)).write_text(code.format("g"), encoding="utf-8")
    commit(folder, Step(message="hostile"))
    result = run_audit(folder, hand_in=True)
    log = log_of(result)
    named = {
        unquote_to_bytes(place["physicalLocation"]["artifactLocation"]["uri"])
        for one in log["runs"][0]["results"]
        for place in (*one["locations"], *one.get("relatedLocations", ()))
    }
    assert all((folder / os.fsdecode(name)).exists() for name in named)
    assert any(b"::" in name or b"%" in name or b"\n" in name for name in named)
    commands = read_back(to_github(result))
    assert to_github(result).count(b"\n") == len(commands)
    assert {one.name for one in commands} <= {"warning", "notice"}
    for to_the_group in (False, True):
        checked_markdown(markdown(to_the_group)(result))
    assert not (tmp_path / "ran").exists()
