"""Python code, read as code: what is called, defined and imported, under resolved names (see `model`)."""

from auditor.facts.python.model import (
    DEPENDS,
    UNKNOWN,
    Assertion,
    Assignment,
    Call,
    Class,
    Function,
    Import,
    Loop,
    Parameter,
    PythonFile,
    Reference,
    Role,
    Site,
    Text,
    Value,
)
from auditor.facts.python.project import CODE, PythonProject, matches
from auditor.facts.python.provider import python_project
from auditor.facts.python.reached import reached

__all__ = [
    "CODE",
    "DEPENDS",
    "UNKNOWN",
    "Assertion",
    "Assignment",
    "Call",
    "Class",
    "Function",
    "Import",
    "Loop",
    "Parameter",
    "PythonFile",
    "PythonProject",
    "Reference",
    "Role",
    "Site",
    "Text",
    "Value",
    "matches",
    "python_project",
    "reached",
]
