"""Code that no parser should see."""

from __future__ import annotations

import pytest

from auditor.facts.python.parsing.guard import refusal
from auditor.limits import DEFAULT

HOSTILE = {
    "brackets": "x = " + "(" * 20_000 + ")" * 20_000,
    "open brackets": "(" * 20_000,
    "attributes": "a" + ".b" * 20_000,
    "unary": "x = " + "-" * 20_000 + "1",
    "not": "x = " + "not " * 20_000 + "1",
    "sum": "x = a" + "+a" * 20_000,
    "sum over lines": "x = (a" + "\n + a" * 20_000 + ")",
    "calls": "f" + "()" * 20_000,
    "subscripts": "x" + "[0]" * 20_000,
    "strings": "x = " + "'a' " * 20_000,
    "lambdas": "x = " + "lambda: " * 20_000 + "0",
    "conditions": "x = " + "a if b else " * 20_000 + "0",
    "f-string": "x = f'{" + "(" * 20_000 + ")" * 20_000 + "}'",
    "dicts": "x = " + "{0:" * 20_000 + "0" + "}" * 20_000,
    "many deep": ("x = " + "[" * 140 + "]" * 140 + "\n") * 3_000,
    "continued": "x = a \\\n" + "+ a \\\n" * 20_000 + "\n",
    "operators in an f-string": "x = f'{" + "not " * 20_000 + "1}'",
    "operators in a field after others": "x = rf'{a} {b.c} {{" + "-" * 400 + "}} {" + "-" * 400 + "1}'",
    "sets in an f-string": "x = f'{ " + "{" * 400 + "1" + "}" * 400 + " }'",
    "statements": "x=1\n" * 20_000,
    "statements of a line": "x;" * 40_000,
    "calls over lines": "log.info(1)\n" * 10_000,
    "comments": "#\n" * 20_000,
    "elements": "x = [" + "a," * 40_000 + "]",
    "calls in an f-string": "x = f'" + "{a()}" * 20_000 + "'",
    "calls in many f-strings": "x = f'{a(b())}'\n" * 6_000,
}


@pytest.mark.parametrize("form", HOSTILE)
def test_hostile_code_is_refused(form: str) -> None:
    assert refusal(HOSTILE[form], DEFAULT)


FINE = {
    "data": "x = [" + "a.b(1) + 2, " * 5_000 + "]",
    "statements": "x = a.b(1) + 1\n" * 5_000,
    "text": "x = '''" + "a.b(c) + 1, {d}\n" * 20_000 + "'''\n",
    "page in an f-string": "x = f'''" + "<p class='a-b'>{x.y} - {z:>8.2f}, {{a: b; c: d}}</p>\n" * 1_000 + "'''\n",
    "string that begins like an f-string": "x = 'f {" + "a+" * 1_000 + "}'\n",
    "brackets in strings": "x = '(((('\n" * 1_000 + "# ((((\n" * 1_000 + '"""' + "(" * 500 + '"""\n',
    "escaped quotes": "x = 'a\\'(' + \"b\\\"(\"\n" * 200,
}


@pytest.mark.parametrize("form", FINE)
def test_plain_code_is_not_refused(form: str) -> None:
    assert refusal(FINE[form], DEFAULT) is None
