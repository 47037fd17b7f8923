"""M24: load tests."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.testing.load_tests import LoadTests


@rule("M24.load_test", net="load_test")
def load_test(tests: LoadTests) -> Iterator[Part]:
    """The application was load tested.

    Accepted: a Locust file with a user and tasks; a script or plan for k6, JMeter, Artillery, Gatling, Molotov; a command of vegeta,
    ab, wrk, hey, ghz and the like in a script or task; an own script, in Python or shell, that sends many requests at once.
    Half of it: the report alone tells of a run; users without tasks; requests one after the other; committed results without the
    test; a command in the README only, or one whose script is missing.
    Does not count: a declared dependency; a script that downloads data; a document's command for a script that is not there.
    To settle it: show the script and how it is started.
    """
    yield part(
        "load test",
        tests.traces,
        looked_for="a Locust user with tasks, a k6, JMeter, Artillery or Gatling script, a command of vegeta, ab, wrk or hey, or a "
        "script that sends many requests at once",
    )
