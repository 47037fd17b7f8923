"""Tests: what each one runs of the project's own, whether it can fail, and which workflow runs it.

settings.py      pytest's settings -> PytestSettings
subjects.py      what own code is about: data, model, API -> Subjects
files.py         what stands in files of tests, by scope
reach.py         what of the project's own a test runs
clients.py       to which of the project's apps a test sends requests
checks.py        whether its assertions can fail
collection.py    whether a test runner finds it, whether it is skipped, how many cases it has
code.py          all of this for every test function -> TestCode
runs.py          which workflow runs which tests -> TestRuns
"""

from auditor.practices.testing.code import TestCode, TestFunction
from auditor.practices.testing.runs import TestRun, TestRuns
from auditor.practices.testing.settings import PytestSettings
from auditor.practices.testing.subjects import Subject

__all__ = ["PytestSettings", "Subject", "TestCode", "TestFunction", "TestRun", "TestRuns"]
