"""Tests: what each one runs of the project's own, whether it can fail, and which workflow runs it.

settings.py      pytest's settings -> PytestSettings
selection.py     how a command line of pytest selects tests
left_out.py      what pytest's settings leave out of every run
subjects.py      what own code is about: data, model, API -> Subjects
nesting.py       functions within functions that nothing attaches
files.py         what stands in files of tests, by scope
reach.py         what of the project's own a test runs
clients.py       to which of the project's apps a test sends requests
products.py      tests of what the project made, without its code
other_forms.py   scenarios with steps, examples in docstrings
checks.py        whether its assertions can fail
collection.py    whether a test runner finds it, whether it is skipped, how many cases it has
flaws.py         why a test proves little, in words
functions.py     all of this for one test function -> TestFunction
code.py          all test functions -> TestCode
runs.py          which workflow runs which tests -> TestRuns
variants.py      systems, Pythons and caches of test jobs -> TestVariants
asking.py        requests with checks by tools of the command line -> ApiRequests
"""

from auditor.practices.testing.code import TestCode
from auditor.practices.testing.runs import TestRun, TestRuns
from auditor.practices.testing.settings import PytestSettings
from auditor.practices.testing.subjects import Subject
from auditor.practices.testing.tested import TestFunction

__all__ = ["PytestSettings", "Subject", "TestCode", "TestFunction", "TestRun", "TestRuns"]
