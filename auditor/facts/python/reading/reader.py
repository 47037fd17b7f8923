"""One Python file read in one pass: names resolved as far as the file itself tells.

What a name means elsewhere in the project, and what code is reached from elsewhere, is `linker`'s matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst

from auditor.facts.python.model import Assertion, Assignment, Loop, Role, Value
from auditor.facts.python.parsing import literals
from auditor.facts.python.parsing.lines import line_numbers
from auditor.facts.python.parsing.source import Source
from auditor.facts.python.parsing.syntax import (
    always_true,
    catches_import_failure,
    code,
    constant_of,
    holds_nothing,
    is_main_check,
    may_swallow,
    spelled,
    truth,
)
from auditor.facts.python.reading.imports import Imports
from auditor.facts.python.reading.meanings import gives_anything, items, meaning, unknown
from auditor.facts.python.reading.questions import Questions
from auditor.facts.python.reading.record import RawFile
from auditor.facts.python.reading.scopes import bounded

LEAVES = frozenset({"sys.exit", "exit", "quit", "os._exit", "pytest.skip", "pytest.xfail", "pytest.exit"})
"""Calls that never return: what follows them in the same block does not run."""


def read(path: str, module: str, role: Role, source: Source, project: Questions) -> RawFile:
    """What file `path` says.

    Raises libcst.ParserSyntaxError, libcst.CSTValidationError (a name that is none), RecursionError (too deep).
    """
    tree = cst.parse_module(source.code)
    reader = Reader(RawFile(path, module, role), source, tree, project)
    reader.run()
    return reader.record


class Reader(Imports):
    """Walks the statements of one file."""

    def __init__(self, record: RawFile, source: Source, tree: cst.Module, project: Questions) -> None:
        super().__init__(record, source, tree, line_numbers(tree))
        self.project = project
        self.settled: dict[str, bool] = {}  # names that the statement right before sets to a constant, with its truth
        self._statements: dict[type[cst.CSTNode], Callable[[Any], bool]] = {
            cst.SimpleStatementLine: self._small_statements,
            cst.SimpleStatementSuite: self._small_statements,
            cst.FunctionDef: self.function,
            cst.ClassDef: self.class_,
            cst.If: self._if,
            cst.For: self._for,
            cst.While: self._while,
            cst.Try: self._try,
            cst.TryStar: self._try,
            cst.With: self._with,
            cst.Match: self._match,
            cst.Expr: self._expression,
            cst.Assign: self._assign,
            cst.AnnAssign: self._annotated,
            cst.TypeAlias: self._type_alias,
            cst.AugAssign: self._augmented,
            cst.Import: self.import_,
            cst.ImportFrom: self.import_from,
            cst.Return: self._return,
            cst.Raise: self._raise,
            cst.Assert: self._assert,
            cst.Global: self._global,
            cst.Nonlocal: self._nonlocal,
            cst.Break: lambda _: True,
            cst.Continue: lambda _: True,
        }
        self.later = []
        self._said = {}
        self.optional = False

    def run(self) -> None:
        """Read the whole file into `self.record`."""
        record = self.record
        record.lines = len(self.source.texts) - (self.source.texts[-1:] == ("",))
        record.docstring = literals.docstring(self.tree)
        self.block(self.tree.body)
        while self.later:
            later, self.later = self.later, []
            for job in later:
                job()
        record.symbols = dict(self.scope.names)

    # ---- blocks

    def block(self, statements: Sequence[cst.CSTNode]) -> bool:
        """Read statements in order; whether control never comes out at their end. What follows that point is dead."""
        dead_before, settled_before = self.dead, self.settled
        self.settled = {}
        left = False
        for number, statement in enumerate(statements):
            before = constant_of(statements[number - 1]) if number else None
            self.settled = dict([before]) if before else {}
            if self._statement(statement) and not left:
                left = True
                self.dead = True
        self.dead, self.settled = dead_before, settled_before
        return left

    def _always(self, test: cst.BaseExpression) -> bool | None:
        """What a condition always is, also by the statement right before (`DEBUG = False`); None where it depends."""
        if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
            inner = self._always(test.expression)
            return None if inner is None else not inner
        known = self.settled.get(test.value) if isinstance(test, cst.Name) else None
        return truth(test) if known is None else known

    def _statement(self, node: cst.CSTNode) -> bool:
        handler = self._statements.get(node.__class__)
        if handler is None:
            self.children(node)
            return False
        return handler(node)

    def _branch(self, body: cst.BaseSuite, *, dead: bool = False) -> bool:
        """Read a body that may not run."""
        self.scope.branches += 1
        before, self.dead = self.dead, self.dead or dead
        left = self.block(body.body)
        self.dead = before
        self.scope.branches -= 1
        return left

    def _small_statements(self, node: cst.SimpleStatementLine | cst.SimpleStatementSuite) -> bool:
        left = False
        for small in node.body:
            self.record.statements += 1
            left = self._statement(small) or left
        return left

    def _if(self, node: cst.If) -> bool:
        current: cst.If | cst.Else | None = node
        all_left = True
        dead = False  # an earlier condition is always true
        while isinstance(current, cst.If):
            self.record.statements += 1
            always = self._always(current.test)
            main = is_main_check(current.test)
            if main:
                self.record.has_main_block = True
            self.names_of(current.test)
            if main or (always is True and not dead):
                before, self.dead = self.dead, self.dead or dead
                left = self.block(current.body.body)
                self.dead = before
                left = left and not main
            else:
                left = self._branch(current.body, dead=dead or always is False)
            all_left = all_left and (left or always is False)
            if always is True and not dead:
                if left:
                    return True
                dead, all_left = True, False
            current = current.orelse
        if isinstance(current, cst.Else):
            return self._branch(current.body, dead=dead) and all_left
        return False

    def _for(self, node: cst.For) -> bool:
        self.record.statements += 1
        over = self.value(node.iter)
        self.record.loops.append(
            Loop(*self.at(node), kind="for", over=over, target=spelled(node.target) or code(node.target))
        )
        self.scope.branches += 1
        self.bind(node.target, items(over))
        self.scope.branches -= 1
        self._looped(node.body, dead=holds_nothing(node.iter))
        if node.orelse:
            self._branch(node.orelse.body)
        return False

    def _while(self, node: cst.While) -> bool:
        self.record.statements += 1
        self.names_of(node.test)
        self.record.loops.append(Loop(*self.at(node), kind="while", over=None))
        self._looped(node.body, dead=truth(node.test) is False)
        if node.orelse:
            self._branch(node.orelse.body)
        return False

    def _looped(self, body: cst.BaseSuite, *, dead: bool = False) -> None:
        self.scope.loops += 1
        self._branch(body, dead=dead)
        self.scope.loops -= 1

    def _try(self, node: cst.Try | cst.TryStar) -> bool:
        self.record.statements += 1
        caught = any(handler.type is None or catches_import_failure(handler.type) for handler in node.handlers)
        before, self.optional = self.optional, self.optional or caught
        left = self.block(node.body.body)
        handled = True
        for handler in node.handlers:
            if handler.type is not None:
                names = self.names_of(handler.type)
                if handler.name is not None:
                    self.bind(handler.name.name, tuple(f"{name}()" for name in names))
            handled = self._branch(handler.body) and handled
        if node.orelse:
            left = self._branch(node.orelse.body) or left
        left = left and handled
        self.optional = before
        if node.finalbody:
            left = self.block(node.finalbody.body.body) or left
        return left

    def _with(self, node: cst.With) -> bool:
        self.record.statements += 1
        for item in node.items:
            names = self.names_of(item.item)
            if item.asname is not None:
                self.bind(item.asname.name, names)
        return self.block(node.body.body) and not may_swallow(node)

    def _match(self, node: cst.Match) -> bool:
        self.record.statements += 1
        self.names_of(node.subject)
        for case in node.cases:
            self.children(case.pattern)
            if case.guard is not None:
                self.names_of(case.guard)
            self._branch(case.body)
        return False

    # ---- simple statements

    def _expression(self, node: cst.Expr) -> bool:
        if isinstance(node.value, cst.SimpleString | cst.ConcatenatedString):
            return False  # a docstring, or a string that does nothing
        names = self.names_of(node.value)
        return isinstance(node.value, cst.Call) and bool(names) and names[0].removesuffix("()") in LEAVES

    def _assign(self, node: cst.Assign) -> bool:
        if any(isinstance(target.target, cst.Name) and target.target.value == "__all__" for target in node.targets):
            return False  # it passes names on, and uses none
        value = self.value(node.value)
        for target in node.targets:
            self._assigned(node, target.target, value, node.value)
        return False

    def _annotated(self, node: cst.AnnAssign) -> bool:
        annotation = self.annotation(node.annotation)
        if node.value is None:
            self.bind(node.target, (f"{annotation}()",) if annotation else unknown(node.target))
            if isinstance(node.target, cst.Name):
                self._assignments_of(node, node.target, Value("", self.line(node)), annotation)
            return False
        value = self.value(node.value)
        self._assigned(node, node.target, value, node.value, annotation)
        return False

    def _type_alias(self, node: cst.TypeAlias) -> bool:
        """`type X = ...` (Python 3.12)."""
        self._assigned(node, node.name, self.value(node.value), node.value)
        return False

    def _assigned(
        self,
        node: cst.CSTNode,
        target: cst.BaseExpression,
        value: Value,
        source: cst.BaseExpression,
        annotation: str = "",
    ) -> None:
        self._assignments_of(node, target, value, annotation)
        if isinstance(target, cst.Name) and isinstance(source, cst.Subscript) and self.is_annotated(source):
            self.record.annotated[target.value] = value.elements[1:]
        if (
            isinstance(target, cst.Tuple | cst.List)
            and isinstance(source, cst.Tuple | cst.List)
            and len(value.elements) == len(target.elements)
        ):
            for element, part in zip(target.elements, value.elements, strict=True):
                self._assignments_of(node, element.value, part, "")
                self.bind(element.value, meaning(part) or unknown(element.value))
            return
        names = meaning(value)
        if annotation and all(name.startswith("?") or ".state." in name for name in names):
            names = (f"{annotation}()",)
        elif "." in annotation and all(gives_anything(name) for name in names):
            names = bounded((*names, f"{annotation}()"))
        self.bind(target, names or unknown(target))

    def _assignments_of(self, node: cst.CSTNode, target: cst.BaseExpression, value: Value, annotation: str) -> None:
        written = spelled(target)
        if written:
            place = self.at(node)
            self.record.assignments.append(Assignment(*place, target=written, value=value, annotation=annotation))

    def _augmented(self, node: cst.AugAssign) -> bool:
        self.names_of(node.value)
        self.names_of(node.target)
        return False

    def _return(self, node: cst.Return) -> bool:
        if node.value is not None:
            value = self.value(node.value)
            if not self.dead:
                self.returns.append(value)
        return True

    def _raise(self, node: cst.Raise) -> bool:
        if node.exc is not None:
            self.names_of(node.exc)
        if node.cause is not None:
            self.names_of(node.cause.item)
        return True

    def _assert(self, node: cst.Assert) -> bool:
        names = self.collected(lambda: self.names_of(node.test))
        if node.msg is not None:
            self.names_of(node.msg)
        trivial = always_true(node.test)
        self.record.assertions.append(Assertion(*self.at(node), kind="assert", trivial=trivial, names=names))
        return False

    def _global(self, node: cst.Global) -> bool:
        for item in node.names:
            self.scope.elsewhere[item.name.value] = self.scope.module
        return False

    def _nonlocal(self, node: cst.Nonlocal) -> bool:
        for item in node.names:
            found, _ = self.scope.parent.find(item.name.value) if self.scope.parent else (None, ())
            if found is not None:
                self.scope.elsewhere[item.name.value] = found
        return False
