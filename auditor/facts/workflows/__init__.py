"""Workflows of GitHub Actions (and pipelines of GitLab, Azure, CircleCI) as typed models, read once.

Start with `model` (what there is), then `reading` (which files), `github` (one file), `triggers`, `filters`,
`conditions`, `matrix`, `caching` (parts of one file), and `linking` (what runs at all).
"""

from auditor.facts.workflows.model import (
    CHANGE_EVENTS,
    MANUAL,
    Action,
    Axis,
    Cache,
    Cause,
    Job,
    Matrix,
    PathPattern,
    Step,
    Trigger,
    Workflow,
    Workflows,
)
from auditor.facts.workflows.reading import workflows

__all__ = [
    "CHANGE_EVENTS",
    "MANUAL",
    "Action",
    "Axis",
    "Cache",
    "Cause",
    "Job",
    "Matrix",
    "PathPattern",
    "Step",
    "Trigger",
    "Workflow",
    "Workflows",
    "workflows",
]
