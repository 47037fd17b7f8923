"""What is known of files that speak of a cloud."""

from __future__ import annotations

from typing import TypeVar

from auditor.facts.group import ReportPlace
from support.trees import Trees

T = TypeVar("T")


REPORT = "reports/README.md"


def known(tree: Trees, wanted: type[T], **files: str) -> T:
    return tree(files, ReportPlace.whole(REPORT)).get(wanted)
