"""What the reader writes down on its way through a file: calls, strings, assertions, and what live code uses."""

from __future__ import annotations

import libcst as cst

from auditor.facts.python.model import Assertion, Call, Text, Value
from auditor.facts.python.parsing.source import Source
from auditor.facts.python.parsing.syntax import CODE
from auditor.facts.python.reading.everyday import EVERYDAY
from auditor.facts.python.reading.questions import Questions
from auditor.facts.python.reading.record import RawFile
from auditor.facts.python.reading.scopes import Names, Scope
from auditor.patterns import pattern

WORDS = pattern(r"[A-Za-z_]\w*+(?:[.:][A-Za-z_]\w*+)*+")

UNFAILING_ASSERTIONS = {"assertTrue": (True,), "assertFalse": (False,), "assertIsNone": (None,)}
EXPECTATIONS = ("pytest.raises", "pytest.warns", "pytest.fail", "pytest.deprecated_call")
COMPARING = ("numpy.testing.assert_", "torch.testing.assert_", "pandas.testing.assert_")


class Notes:
    """Where the reader is (`scope`, `dead` code or not) and what it has found (`record`)."""

    project: Questions

    def __init__(self, record: RawFile, source: Source, tree: cst.Module, lines: dict[int, int]) -> None:
        self.record = record
        self.source = source
        self.tree = tree
        self.lines = lines
        self.scope = Scope("module", "")
        self.dead = False
        self.returns: list[Value] = []
        self.last_call: Call | None = None
        self.prefix = f"{record.module}."

    def line(self, node: cst.CSTNode) -> int:
        """Line of `node` in the file."""
        return self.source.place(self.lines.get(id(node), 1))[0]

    def at(self, node: cst.CSTNode) -> tuple[str, int, str, str, bool, bool, bool]:
        """The fields of a `Site` for `node`."""
        line, text = self.source.place(self.lines.get(id(node), 1))
        return self.record.path, line, self.scope.qualname, text.strip()[:CODE], not self.dead, False, False

    def used(self, name: str) -> None:
        """Note that live code of the current scope uses `name`: `.x`, `'word` or a resolved name."""
        if not self.dead:
            self.record.uses.setdefault(self.scope.qualname, set()).add(name)

    def used_names(self, names: Names) -> None:
        """Note that live code uses those of `names` that may be the project's own."""
        for name in names:
            if name[:1] == "?" or self.project.has_top(name.partition(".")[0]) or name.startswith(self.prefix):
                self.used(name)

    def add_call(
        self,
        node: cst.CSTNode,
        names: Names,
        written: str,
        args: tuple[Value, ...],
        keywords: tuple[tuple[str, Value], ...],
        decorates: str = "",
        unpacks: bool = False,
    ) -> Call:
        """Note a call."""
        call = Call(
            *self.at(node),
            names=names,
            written=written,
            args=args,
            keywords=keywords,
            own=False,
            in_loop=self.scope.loops > 0,
            decorates=decorates,
            unpacks=unpacks,
        )
        self.record.calls.append(call)
        self.last_call = call
        return call

    def dynamic_use(self, call: Call) -> None:
        """Note what a call uses by other means than its name."""
        if call.name == "fire.Fire":
            for name in call.args[0].names if call.args else (self.record.module,):
                self.used(f"{name}.*")
        elif call.name in ("getattr", "hasattr", "setattr") and len(call.args) > 1:
            attribute = call.args[1].string
            for name in call.args[0].names:
                self.used(f"{name}.{attribute if attribute and attribute.isidentifier() else '*'}")
            self.used(f"'{attribute}")
        else:
            for value in call.args:
                for name in value.names:
                    if self.project.has_module(name):
                        self.used(f"{name}.*")

    def expectation(self, call: Call) -> None:
        """Note calls that check something, other than by `assert`."""
        method = call.written.rpartition(".")[2]
        kind = ""
        if call.name in EXPECTATIONS:
            kind = call.name
        elif (
            call.name.startswith(COMPARING)
            or method.startswith(
                ("assert_called", "assert_not_called", "assert_any_call", "assert_has_calls", "assert_await")
            )
            or (method.startswith("assert") and call.written == f"self.{method}")
        ):
            kind = method
        if kind:
            literal = tuple(value.literal for value in call.args[:2])
            trivial = kind in UNFAILING_ASSERTIONS and literal[:1] == UNFAILING_ASSERTIONS[kind]
            if kind == "assertEqual" and len(call.args) > 1 and call.args[0].text == call.args[1].text:
                trivial = True
            names = tuple(dict.fromkeys(name for value in call.args for name in value.names))
            place = (call.path, call.line, call.scope, call.text, call.live, False, False)
            self.record.assertions.append(Assertion(*place, kind=kind, trivial=trivial, names=names))

    def note_text(self, node: cst.CSTNode, text: str) -> None:
        """Note a string, and the names of functions that it may hold."""
        if not text.strip():
            return
        self.record.texts.append(Text(*self.at(node), value=text))
        for word in WORDS.findall(text[:500]):
            if "." in word or ":" in word or (word == text and word not in EVERYDAY):
                self.used(f"'{word}")
