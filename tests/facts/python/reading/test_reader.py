"""Lines, notebooks, and files that no parser should see."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Mapping

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libcst.metadata import MetadataWrapper, PositionProvider
from support.trees import Trees

from auditor.facts.python import PythonProject, python_project
from auditor.facts.python.model import Role
from auditor.facts.python.modules import Modules
from auditor.facts.python.parsing.guard import refusal
from auditor.facts.python.parsing.lines import line_numbers
from auditor.facts.python.parsing.source import notebook, script
from auditor.facts.python.reading.questions import Questions
from auditor.facts.python.reading.reader import read
from auditor.limits import DEFAULT, Limits
from auditor.repository.opening import open_snapshot
from auditor.repository.snapshot import Snapshot

SNIPPETS = [
    "import a.b as c, d",
    "from .x import (\n    y,\n    z as w,\n)",
    "x = (\n    1 +\n    f(2,\n      3)\n)",
    "@a\n# why\n@b(\n  1)\n\n# so\ndef f(x: int = (\n  1), *y, **z) -> 'T':\n    '''d\n    d'''\n    return x\n",
    "class A(B, metaclass=C):\n\n    # c\n    x: int = 1\n\n    async def g(self):\n        await self.h()\n",
    "if a:\n    b()\n# c\nelif d:\n    e()\nelse:\n    f()",
    "try:\n    import q\nexcept (A, B) as e:\n    raise C from e\nelse:\n    pass\nfinally:\n    x.y = 1",
    "with a(), \\\n    b() as c:\n    c.d[\n      'e'\n    ](1)",
    "for i, (j, k) in enumerate(\n    x):\n    continue\nelse:\n    pass",
    "while (n := f()) and False:\n    break",
    "s = f'''a\n{b(\n1)!r:>{w}}\n''' 'c'\n",
    "t = '''x\ny''' + (z\n.q)",
    "lambda p, *q: p(\n  q)",
    "[a(b) for b in c if d for e in f\n]",
    "{**a, 'b': c(1),\n 'd': {e for e in f}}",
    "match x:\n    case A(b=1) | [*_]:\n        y()\n    case _ if z():\n        pass",
    "global g1; g1 = 1; del g1",
    "x = a if b else c or d",
    "assert isinstance(x, object), (\n 'm')",
    "print(x.y.z[0]['k'](*a, **b), end='')",
    "# only a comment\n\n",
    "def g():\n    yield 1\n    yield from h()\n    return\n    dead()",
    "self.x = self.x.f()",
    "x = x.f(x)",
    "if __name__ == '__main__':\n    g()",
    "type T = int",
]

programs = st.lists(st.sampled_from(SNIPPETS), max_size=12).map(lambda parts: "\n".join(parts) + "\n")


def read_text(text: str) -> None:
    paths = ["src/shop/a.py", "src/shop/x.py"]
    read(paths[0], "shop.a", Role.OWN, script(text), Questions(paths[0], Modules(paths)))


@settings(deadline=None, max_examples=60)
@given(programs)
def test_lines_equal_those_of_libcst(code: str) -> None:
    module = cst.parse_module(code)
    expected = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    lines = line_numbers(module)
    kinds = (cst.BaseExpression, cst.BaseSmallStatement, cst.BaseCompoundStatement, cst.Decorator, cst.Arg)
    for node, position in expected.items():
        if isinstance(node, kinds):
            assert lines[id(node)] == position.start.line, node
    read_text(code)


@settings(deadline=None, max_examples=100)
@given(st.one_of(st.text(max_size=200), st.text("()[]{}'\"#\\\n :,.=fdexrmi%!?", max_size=200)))
def test_any_text_is_taken(text: str) -> None:
    refusal(text, DEFAULT)
    with contextlib.suppress(cst.ParserSyntaxError, cst.CSTValidationError):
        read_text(text)


@settings(deadline=None, max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=9),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["cells", "cell_type", "source", "code"]), x),
    )
)
def test_any_json_is_taken(thing: object) -> None:
    try:
        source = notebook(json.dumps({"cells": thing}))
    except ValueError:
        return
    assert source.code.count("\n") == len(source.texts) or not source.texts


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(["a", "b", "c", "self", "x"])), max_size=12)
)
def test_names_that_lead_in_circles_end(tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]) -> None:
    folder = tmp_path_factory.mktemp("circles")
    for name in "abc":
        lines = [f"from {m} import *" for m in "abc" if m != name]
        for left, right in pairs:
            lines += [
                f"{left} = {right}.x({left}())",
                f"def {left}(x={right}):",
                f"    return {right}(x).y or x.{left}()",
            ]
            lines += [
                f"class {left.upper()}({right.upper()}):",
                f"    {left} = {right}.{left}",
                "    def f(self): return self.f().g",
            ]
        (folder / f"{name}.py").write_text("\n".join(lines) + "\n")
    python_project(open_snapshot(folder, use_git=False))


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


def made(tree: Trees, files: Mapping[str, str | bytes]) -> tuple[PythonProject, Snapshot]:
    snapshot = tree(files).snapshot
    return python_project(snapshot), snapshot


def test_unreadable_files_are_noted_and_others_read(tree: Trees) -> None:
    found, snapshot = made(
        tree,
        {
            "two.py": "x = 1\nprint 'old'\n",
            "binary.py": b"\0\1\2",
            "deep.py": HOSTILE["brackets"],
            "elif.py": "if a:\n    pass\n" + "elif a:\n    pass\n" * 2_000,
            "empty.py": "",
            "latin.py": "x = 'æ'\nprint(x)\n".encode("latin-1"),
            "bom.py": b"\xef\xbb\xbfprint(1)\r\nprint(2)\r\n",
            "bad.ipynb": "[",
            "name.py": "\U00013460 = 1\n",
            "good.py": "print(1)\n",
        },
    )
    problems = {problem.path: problem.message for problem in snapshot.problems}
    assert problems["two.py"] == "syntax error at line 2: not read"
    assert (
        "brackets" in problems["deep.py"]
        and "name.py" in problems
        and "binary.py" in problems
        and "bad.ipynb" in problems
    )
    assert {call.evidence.where for call in found.calls("print")} == {"latin.py:2", "bom.py:1", "bom.py:2", "good.py:1"}
    file = found.file("two.py")
    assert file and file.problem == "syntax error at line 2: not read"
    assert [f.path for f in found.files if f.problem and f.path == "elif.py"] in ([], ["elif.py"])


def test_all_python_together_is_bounded(tree: Trees) -> None:
    text = "x = 1  # comment\n" * 500
    files = {f"a{n}.py": text for n in range(5)} | {"small.py": "print(1)\n"}
    snapshot = tree(files, limits=Limits(python_bytes=len(text) + 1)).snapshot
    found = python_project(snapshot)
    assert any("enough Python" in problem.message for problem in snapshot.problems)
    assert [f.path for f in found.files if f.problem is None] == ["a0.py", "a1.py", "small.py"]


def test_tokens_of_all_python_are_bounded(tree: Trees) -> None:
    text = "a();\n" * 1_000  # much of it for its size
    files = {f"a{n}.py": text for n in range(5)} | {"long.py": text * 2}
    snapshot = tree(files, limits=Limits(python_tokens=6_000)).snapshot
    found = python_project(snapshot)
    assert {problem.path: problem.message for problem in snapshot.problems} == {
        "a4.py": "not read: enough Python was read before it",
        "long.py": "not read: more than 6,000 tokens of Python",
    }
    assert [f.path for f in found.files if f.problem is None] == ["a0.py", "a1.py", "a2.py", "a3.py"]


CELLS = {
    "cells": [
        {"cell_type": "markdown", "source": ["import nothing\n"]},
        {
            "cell_type": "code",
            "source": ["%matplotlib inline\n", "!pip install wandb\n", "import wandb\n", "wandb.init()"],
        },
        {"cell_type": "code", "source": "files = !ls\nif True:\n    !echo x\nwandb.log(\n    x % y)\nwandb?\n"},
        {"cell_type": "code", "source": ["%%bash\n", "rm -rf x (\n"]},
        {"cell_type": "code", "source": ["this is no python\n", "wandb.finish()"]},
        {"cell_type": "code", "source": ["%%time\n", "wandb.save('x')"]},
    ]
}


def test_notebook_cells_are_read_at_their_lines(tree: Trees) -> None:
    text = json.dumps(CELLS, indent=1)
    found, snapshot = made(tree, {"notebooks/a.ipynb": text})
    assert [call.name for call in found.calls("wandb.*")] == ["wandb.init", "wandb.log", "wandb.save"]
    lines = text.split("\n")
    init, log, save = found.calls("wandb.*")
    assert "wandb.init()" in lines[init.line - 1] and init.text == "wandb.init()"
    assert "wandb.save('x')" in lines[save.line - 1]
    assert 0 < log.line <= save.line and log.live
    (problem,) = (p for p in snapshot.problems if p.path == "notebooks/a.ipynb")
    assert problem.message.endswith("cell not read")


def test_reading_is_quick(tree: Trees) -> None:
    code = "\n".join(SNIPPETS[:-1] * 40) + "\n"
    started = time.process_time()
    made(tree, {f"src/shop/a{n}.py": code for n in range(5)})
    assert time.process_time() - started < 10  # about one second; ten times that on a slow machine
