from __future__ import annotations

import pytest
from support.python_code import Build

from auditor.facts.python import UNKNOWN


@pytest.mark.parametrize(
    "code, literal",
    [
        ("'a' 'b'", "ab"),
        ("'a' + 'b'", "ab"),
        ("'a' + x", "a{}"),
        ("f'{x}/b'", "{}/b"),
        ("r'a\\b'", "a\\b"),
        ("'''a\nb'''", "a\nb"),
        ("'a\\tb'", "a\tb"),
        ("''", ""),
        ("-1", -1),
        ("1e-3", 0.001),
        ("0x10", 16),
        ("True", True),
        ("(1, 2)", [1, 2]),
        ("{'a': [1]}", {"a": [1]}),
        ("[x]", UNKNOWN),
        ("f()", UNKNOWN),
        ("9" * 5000, UNKNOWN),
        ("{[]: 1}", UNKNOWN),
        ("b'x'", UNKNOWN),
        ("dict(a=1)", {"a": 1}),
    ],
)
def test_literals(project: Build, code: str, literal: object) -> None:
    (assignment,) = project({"a.py": f"v = {code}\n"}).assignments("v")
    assert assignment.value.literal == literal or assignment.value.literal is literal
