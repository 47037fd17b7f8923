"""Whether a test checks something that can fail, and what kind of check it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.facts.python import Assertion, Call, Function
from auditor.knowledge.names import any_matches, name_set
from auditor.patterns import pattern

CHECKING = (
    "tensorflow.debugging.assert_*", "chex.assert_*", "polars.testing.assert_*", "geopandas.testing.assert_*",
    "xarray.testing.assert_*", "hamcrest.assert_that", "assertpy.assert_that", "unittest.TestCase().fail",
    "torch.autograd.gradcheck", "sklearn.utils.estimator_checks.check_estimator", "pandas.util.testing.assert_*",
    "numpy.testing.assert_*", "jax.test_util.check_grads", "deepdiff.*", "syrupy.*", "pandas._testing.assert_*",
    "*.raise_for_status", "AssertionError", "*.add_failure", "pytest_check.*", "expects.expect", "sure.*", "approvaltests.*verify*",
    "*.call_and_validate", "*.validate_response", "pandera.*validate", "jsonschema.validate", "delayed_assert.*", "softest.*",
    "pytest_regressions.*", "inline_snapshot.*", "cerberus.*validate", "ward.raises", "testtools.assertions.*", "*.assert_match",
)  # fmt: skip
"""Calls that fail where something is wrong, beside those that the Python facts know as assertions."""
EXISTENCE = (
    "os.path.exists", "os.path.isfile", "os.path.isdir", "os.listdir", "os.scandir", "*.exists", "*.is_dir", "*.is_file",
    "os.path.getsize", "os.access", "*.iterdir", "*.glob", "glob.glob",
)  # fmt: skip

_CHECKING, _EXISTENCE = name_set(CHECKING), name_set(EXISTENCE)
_PLAIN_FIXTURES = frozenset(
    {
        "self",
        "cls",
        "tmp_path",
        "tmpdir",
        "monkeypatch",
        "capsys",
        "capfd",
        "caplog",
        "request",
        "mocker",
        "tmp_path_factory",
        "client",
        "recwarn",
    }
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


def checking(calls: Iterable[Call]) -> Iterator[Call]:
    """The calls that are checks without being assertions."""
    return (call for call in calls if any_matches(call.names, _CHECKING))


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


def only_existence(assertions: Iterable[Assertion]) -> bool:
    """Whether all that is asserted is that files or folders exist."""
    found = [assertion.names for assertion in assertions]
    return bool(found) and all(
        any_matches(names, _EXISTENCE) and not any(n for n in names if is_other_call(n)) for names in found
    )


def is_other_call(name: str) -> bool:
    """Whether a name in an assertion is something read out of a call other than a file's existence."""
    plain = name.partition("(")[0]
    return "()" in name and not plain.startswith(("pathlib.", "os.", "glob.", "?", "str", "list", "sorted"))
