"""Assertions, and calls that check something as they do."""

from __future__ import annotations

import pytest
from support.python_code import Build


@pytest.mark.parametrize(
    "code, trivial",
    [
        ("assert True", True),
        ("assert 1 == 1", True),
        ("assert x == x", True),
        ("assert f(x) == f(x)", False),
        ("assert isinstance(x, object)", True),
        ("assert isinstance(x, int)", False),
        ("assert (x == 1, 'message')", True),
        ("assert len(x) >= 0", True),
        ("assert x == 1", False),
        ("assert False", False),
        ("assert x or True", True),
        ("assert 'text'", True),
        ("self.assertTrue(True)", True),
        ("self.assertEqual(x, 3)", False),
    ],
)
def test_assertions(project: Build, code: str, trivial: bool) -> None:
    found = project({"tests/test_a.py": f"def test_x(self, x):\n    {code}\n"})
    (assertion,) = found.assertions_in(found.tests[0])
    assert (assertion.trivial, assertion.line) == (trivial, 2)


def test_expectations_count_as_assertions(project: Build) -> None:
    found = project(
        {
            "tests/test_a.py": """
                import pytest, torch, numpy as np
                def test_x(mocker):
                    with pytest.raises(ValueError, match="no"):
                        run()
                    torch.testing.assert_close(a, b)
                    np.testing.assert_allclose(a, b)
                    mock.assert_called_once()
            """
        }
    )
    assert [a.line for a in found.assertions_in(found.tests[0])] == [3, 5, 6, 7]
