"""Outputs: each a function from result to bytes, and none of them knows how verdicts arise."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from auditor.result.audit import AuditResult

FORMATS = {
    "json": "auditor.result.json:to_json",
    "html": "auditor.output.pages.html:to_html",
    "markdown": "auditor.output.markdown.markdown:to_markdown",
    "sarif": "auditor.output.alerts.sarif:to_sarif",
    "github": "auditor.output.alerts.github:to_github",
}
"""Formats that do not depend on a terminal, by the name that `--format` takes (`console` is the other one), and the function
that writes each. It is imported when it is asked for: templates and their library take a while to load."""


TO_THE_GROUP = {"markdown": "auditor.output.markdown.advice_markdown:to_markdown"}
"""Formats that are written otherwise where the group itself reads them."""


def writer(name: str, *, to_the_group: bool = False) -> Callable[[AuditResult], bytes]:
    """The function that writes the format `name`. Raises KeyError."""
    place = TO_THE_GROUP.get(name, FORMATS[name]) if to_the_group else FORMATS[name]
    module, _, function = place.partition(":")
    found: Callable[[AuditResult], bytes] = getattr(import_module(module), function)
    return found
