"""Why a test proves little, or only touches what it is about: the one vocabulary of these reasons."""

from __future__ import annotations

from auditor.practices.traces import TEMPLATE

NO_CHECK = "it asserts nothing that can fail"
SKIPPED = "it is always skipped"
NOT_COLLECTED = "no test runner collects it"
FLAWS = {
    "template": TEMPLATE,
    "no check": NO_CHECK,
    "skipped": SKIPPED,
    "not collected": NOT_COLLECTED,
    "yields": "it is a generator, which pytest does not run as a test",
}
"""Flaws of a test function by their names."""

ONLY_NAMES = "it only names the code, and calls nothing of it"
ON_THE_WAY = "it gets to that code only by way of other code"
TEMPLATE_CODE = "the code that it calls is the template's, unchanged"
EXISTENCE = "it checks only that something exists"
LOST = "it imports the code under a name that the project does not have"
PRODUCT = "it reads what the project produced, and calls none of its code"
REBUILT = "it builds the library's model anew, and calls none of the project's code"
BY_NAME = "by its name it is about this, but what it runs does not tell"
COMMENTED_OUT = "it is commented out"
EXAMPLE = "it is an example in a docstring that the test run checks, no test function"
