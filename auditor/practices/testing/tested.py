"""A test function: what of the project it tests, and what is amiss with it."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.evidence import Place
from auditor.facts.python import Function
from auditor.practices.testing.subjects import Subject
from auditor.records import Record, field


class TestFunction(Record, eq=False):
    """One test function.

    `exercises` is what it runs itself; `touches` what it only names, checks the existence of, or runs by way of other
    code; `apps` the files of the applications that it sends requests to. `flaw` names why it proves little: empty for a
    real test. `cases` counts its parametrisation.
    """

    function: Function
    exercises: frozenset[Subject] = frozenset()
    touches: frozenset[Subject] = frozenset()
    apps: frozenset[str] = frozenset()
    flaw: str = ""
    why: str = ""
    """The flaw in words: why it does not count in full."""
    reasons: Mapping[Subject, str] = field(default_factory=dict)
    """Why it only touches what it touches."""
    needs: str = ""
    """A file that the repository does not have, and without which the test is skipped."""
    cases: int = 1
    markers: frozenset[str] = frozenset()
    is_unittest: bool = False

    __test__ = False

    @property
    def path(self) -> str:
        """Its file."""
        return self.function.path

    @property
    def evidence(self) -> Place:
        """Its first line."""
        return self.function.evidence
