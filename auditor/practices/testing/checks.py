"""Whether a test checks something that can fail, and what kind of check it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.facts.python import Assertion, Call, Function
from auditor.knowledge.names import Names
from auditor.patterns import pattern

_PLAIN_FIXTURES = frozenset(
    """self cls tmp_path tmpdir monkeypatch capsys capfd caplog request mocker tmp_path_factory client recwarn""".split()
)
_CHECK_METHOD = pattern(
    r"(check|assert|verify|match|equal|almost|is_|compare|expect|should|approve|not_|greater|less|between|raises)",
    re.IGNORECASE,
)
_STRING = pattern(r"\"[^\"]*\"|'[^']*'")


def real(assertions: Iterable[Assertion], *, dead_too: bool = False) -> Iterator[Assertion]:
    """The assertions that can run and fail; `dead_too` for those of a test that is skipped."""
    for assertion in assertions:
        if not assertion.trivial and (assertion.live or dead_too) and not is_constant(assertion):
            yield assertion


def is_constant(assertion: Assertion) -> bool:
    """Whether an `assert` on one line names nothing at all: `assert 2 + 2 == 4`."""
    text = assertion.text
    if assertion.kind != "assert" or assertion.names or not text.startswith("assert "):
        return False
    condition = _STRING.sub("", text.removeprefix("assert ").partition("#")[0])
    words = re.findall(r"[A-Za-z_]\w*", condition)
    return text.count("(") == text.count(")") and all(w in ("True", "not", "is", "and", "or", "in") for w in words)


def checking(calls: Iterable[Call], names: Names) -> Iterator[Call]:
    """The calls that are checks without being assertions."""
    return (call for call in calls if names.are(call.names, "testing.checks"))


def checks_by_fixture(test: Function, calls: Iterable[Call], own: Iterable[str]) -> bool:
    """Whether a fixture that a plug-in brings checks something: `num_regression.check(...)`, `check.equal(a, b)`.

    `own` are the fixtures that the project defines.
    """
    brought = {parameter.name for parameter in test.parameters}.difference(own) - _PLAIN_FIXTURES
    for call in calls:
        head, _, method = call.written.partition(".")
        if head in brought and call.args and (_CHECK_METHOD.match(method.rpartition(".")[2] or head)):
            return True
    return False


def only_existence(assertions: Iterable[Assertion], names: Names) -> bool:
    """Whether all that is asserted is that files or folders exist."""
    found = [assertion.names for assertion in assertions]
    return bool(found) and all(
        names.are(asserted, "testing.finds_file") and not any(map(is_other_call, asserted)) for asserted in found
    )


def is_other_call(name: str) -> bool:
    """Whether a name in an assertion is something read out of a call other than a file's existence."""
    plain = name.partition("(")[0]
    return "()" in name and not plain.startswith(("pathlib.", "os.", "glob.", "?", "str", "list", "sorted"))
