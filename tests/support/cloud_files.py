"""What is known of files that speak of a cloud."""

from __future__ import annotations

from typing import TypeVar

from auditor.facts.group import ReportPlace
from support.trees import Trees

T = TypeVar("T")


REPORT = "reports/README.md"
WORKFLOW = """\
name: {name}
on:
{on}
jobs:
  work:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: {run}
"""
"""A workflow of one command: its name, what starts it, and what it runs are to be filled in."""


def known(tree: Trees, wanted: type[T], **files: str) -> T:
    return tree(files, ReportPlace.whole(REPORT)).get(wanted)
