"""Files of a group in a form that can be compared with other groups': figures of its report, and code of its own.

Code is compared by its lines of substance that do not stand in the course's template, so that layout, comments and the
project's name do not hide that it is equal, and the template does not make it so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from urllib.parse import unquote

from auditor.facts.own_work.template import Template
from auditor.facts.python import PythonProject, Role
from auditor.injection import Facts
from auditor.report.language.descriptions import beside
from auditor.report.model import Report
from auditor.repository.snapshot import Snapshot
from auditor.result.audit import Print

ENOUGH_LINES = 15
"""Own lines from which on equal code is worth a look; shorter files are alike by chance."""
DIGITS = 16
FIGURES = "figures/"
"""Folder beside the report in which its template keeps the figures."""
IMAGES = ("*.png", "*.jpg", "*.jpeg", "*.gif", "*.svg", "*.webp", "*.pdf")


def prints(snapshot: Snapshot, facts: Facts, report: Report | None) -> tuple[Print, ...]:
    """The group's figures and code files, by kind and path. A fact that fails leaves its files out."""
    found: list[Print] = []
    try:
        template = facts.get(Template)
        found += figures(snapshot, template, report)
        found += code(template, facts.get(PythonProject))
    except Exception:  # the bulkhead: what cannot be compared costs no audit; the claims that need the fact say so
        return tuple(found)
    return tuple(found)


def figures(snapshot: Snapshot, template: Template, report: Report | None) -> Iterator[Print]:
    """Pictures that the report shows, and those that lie in its folder of figures."""
    if report is None:
        return
    shown = {unquote(beside(answer.path, picture.target)) for answer in report.answers for picture in answer.pictures}
    folder = report.answers_path.rpartition("/")[0]
    kept = f"{folder}/{FIGURES}" if folder else FIGURES
    shown |= {path for path in snapshot.named(*IMAGES) if path.startswith(kept)}
    for path in sorted(shown):
        name = snapshot.blob_name(path) if path in snapshot else None
        if name is not None:
            yield Print("figure", path, name[:DIGITS], template=template.example_figure(path))


def code(template: Template, project: PythonProject) -> Iterator[Print]:
    """Python files of the group's own with enough lines that are not the template's."""
    for file in sorted(project.files, key=lambda file: file.path):
        if file.role not in (Role.OWN, Role.TEST):
            continue
        own = template.own_hashes(file.path)
        if len(own) >= ENOUGH_LINES:
            digest = hashlib.sha256(" ".join(own).encode()).hexdigest()
            yield Print("code", file.path, digest[:DIGITS], len(own))
