"""Readers of code: Python, notebooks, JavaScript, pages."""

from __future__ import annotations

import json
from contextlib import suppress

from auditor.facts.own_work.template import code_lines, plain_lines, substance
from auditor.facts.python.linking.liveness import words
from auditor.facts.python.modules import dotted, imports_itself
from auditor.facts.python.parsing.guard import assess, refusal
from auditor.facts.python.parsing.source import notebook, script
from auditor.formats.javascript import read_script
from auditor.formats.markup import whole_tags
from auditor.limits import DEFAULT
from auditor.practices.arguments.expressions import parts
from auditor.practices.frontend.pages import read_page
from auditor.practices.frontend.scripts import markup_aside, names_framework, requests_in
from auditor.practices.style.tidiness import slip_in
from auditor.practices.testing.selection import holds
from fuzzing.registry import check_all, takes_bytes, takes_text

PYTHON = (
    'def class return yield lambda : ( ) [ ] { } = == := -> . , * ** @ \' " \'\'\' """ f\' f"{ }" {x!r:>{w}} # \\ import from as if else elif for in while try '
    "except finally with async await match case _ global not and or is None True 0 1 1.5j 0x1f 1_0 ... ; \t \f x self __name__ '__main__' os.environ logging.info( "
    "torch.nn.Module wandb.init( fastapi.FastAPI() @app.get('/') pytest.mark.parametrize %%bash !pip"
)


@takes_text(PYTHON)
def python_guard(text: str) -> None:
    found = assess(text, DEFAULT)
    assert isinstance(found, int) == (refusal(text, DEFAULT) is None)
    source = script(text)
    assert source.code.count("\n") <= text.count("\n") + 1
    imports_itself(text, "x")
    words([text])
    for line in text.split("\n"):
        slip_in(line)


@takes_bytes(PYTHON)
def repository_python(data: bytes) -> None:
    check_all({"src/shop/x.py": data, "src/shop/__init__.py": b"", "tests/test_x.py": data})


@takes_bytes(
    PYTHON
    + ' { } [ ] "cells": "cell_type": "code" "markdown" "source": "outputs" "metadata" "nbformat": 4 "\\n" "\\u0000" "\\ud800" null %matplotlib !ls ?'
)
def repository_notebook(data: bytes) -> None:
    check_all({"notebooks/x.ipynb": data})


@takes_text(
    '{ } [ ] "cells": "cell_type": "code" "source": "x = 1\\n" "%%bash" "!ls" "\\ud800" null 1 , : "y" "if x:" "    !ls"'
)
def notebook_lines(text: str) -> None:
    """Also of a notebook whose one cell is the text."""
    whole = json.dumps(
        {"cells": [{"cell_type": "code", "source": text.splitlines(keepends=True)}], "nbformat": 4}, indent=1
    )
    for given in (text, whole):
        with suppress(ValueError):
            source = notebook(given)
            for number in range(1, source.code.count("\n") + 1):
                line, _ = source.place(number)
                assert 1 <= line <= given.count("\n") + 1


@takes_text(
    "function const => ( ) { } [ ] ' \" ` ${ } // /* */ / \\ fetch( axios.post( await XMLHttpRequest .open( import from require( <script> </script> ; , . = ! new"
)
def javascript(text: str) -> None:
    found = read_script(text)
    if found is not None:
        assert found.code.count("\n") == text.count("\n")
        assert all(1 <= line <= text.count("\n") + 1 for line, _ in found.strings)
        assert all(1 <= line <= text.count("\n") + 1 for line, _ in requests_in(found))
    names_framework(text)
    assert markup_aside(text, "x.vue").count("\n") <= text.count("\n")


@takes_text(
    "< > </ <script> </script> <form action='/x' method=post> hx-post=\"/y\" <!-- --> <![CDATA[ ]]> <!DOCTYPE &amp; &#x41; <?php ?> ' \" = / <a href"
)
def page(text: str) -> None:
    read_page(text)
    assert whole_tags(text).count("\n") == text.count("\n")


@takes_bytes(
    '< > <script> </script> <form action=\'/x\' method=post> fetch(\'/x\') { } "dependencies": "react" import k6 from http.get( <jmeterTestPlan> <ThreadGroup enabled="true"> ( ) => ` ${'
)
def repository_frontend(data: bytes) -> None:
    check_all(
        {
            "templates/index.html": data,
            "frontend/package.json": data,
            "frontend/src/App.jsx": data,
            "load/plan.jmx": data,
            "load/k6.js": data,
            "index.js": data,
        }
    )


@takes_text("and or not ( ) slow test_ [ ] == 'x' . - model and not slow")
def test_expression(text: str) -> None:
    assert holds(text, lambda word: word == "slow") in (True, False)
    list(parts(text))


@takes_text(PYTHON + " {{ cookiecutter.x }} {% if %} name: version: 1.2.3")
def template_lines(text: str) -> None:
    for kind in ("x.py", "x.yaml", "x.md", "Dockerfile", "x.toml"):
        numbers = [line.number for line in substance(text, kind, ("shop",))]
        assert numbers == sorted(numbers) and all(1 <= number <= text.count("\n") + 1 for number in numbers)
    assert all(1 <= number <= text.count("\n") + 1 for number, _, _ in (*code_lines(text), *plain_lines(text)))
    dotted(text[:200])
