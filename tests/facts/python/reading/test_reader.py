"""Any code is read, at its lines, and quickly."""

from __future__ import annotations

import contextlib
import time

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libcst.metadata import MetadataWrapper, PositionProvider
from support.trees import Trees

from auditor.facts.python import python_project
from auditor.facts.python.model import Role
from auditor.facts.python.modules import Modules
from auditor.facts.python.parsing.guard import refusal
from auditor.facts.python.parsing.lines import line_numbers
from auditor.facts.python.parsing.source import script
from auditor.facts.python.reading.questions import Questions
from auditor.facts.python.reading.reader import read
from auditor.limits import DEFAULT
from auditor.repository.opening import open_snapshot

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


def test_reading_is_quick(tree: Trees) -> None:
    code = "\n".join(SNIPPETS[:-1] * 40) + "\n"
    started = time.process_time()
    python_project(tree({f"src/shop/a{n}.py": code for n in range(5)}).snapshot)
    assert time.process_time() - started < 10  # about one second; ten times that on a slow machine
