"""What flows through one function: every variable carries what it is made of."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence

from auditor.facts.python import Call, Function
from auditor.practices.api.content import (
    AS_BYTES,
    BODY,
    DESCRIBING,
    GROWING,
    NOTHING,
    PLACES,
    RAW,
    SIZES,
    STATUS,
    WITHOUT_CONTENT,
    WRITING_ITSELF,
    Content,
    Env,
    union,
)
from auditor.practices.api.flow_state import FlowState
from auditor.practices.api.inference import implementations
from auditor.practices.api.stores import logs, stores
from auditor.practices.api.syntax_trees import spelled

Run = Callable[[Function, Env, int], Content]
"""Goes through another function with what its parameters hold, at a depth of calls; what it returns."""


class FunctionFlow:
    """One pass through one function, or the top of a file, of the file `path`."""

    def __init__(self, state: FlowState, run: Run, path: str, env: Env, depth: int) -> None:
        self.state = state
        self.run = run
        self.path = path
        self.env = env
        self.depth = depth
        self.returned = NOTHING
        self.branches = 0
        self.implied = NOTHING

    # ---- statements

    def block(self, body: Iterable[ast.stmt]) -> None:
        """Go through statements in order."""
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        """Go through one statement."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return
        if isinstance(node, ast.Assign):
            content = self.of(node.value) | self.implied
            for target in node.targets:
                self.assign(target, content)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self.assign(node.target, self.of(node.value) | self.implied)
        elif isinstance(node, ast.AugAssign):
            self.grow(node.target, self.of(node.value))
        elif isinstance(node, ast.Return):
            self.returned |= self.of(node.value) | self.implied
        elif isinstance(node, ast.Expr):
            self.of(node.value)
        elif isinstance(node, ast.If):
            before, self.implied = self.implied, self.implied | (self.of(node.test) & Content.PREDICTION)
            self.branch(node.body, node.orelse)
            self.implied = before
        elif isinstance(node, ast.For | ast.AsyncFor):
            self.assign(node.target, self.of(node.iter))
            self.branch(node.body, node.body, node.orelse)
        elif isinstance(node, ast.While):
            self.of(node.test)
            self.branch(node.body, node.body, node.orelse)
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                content = self.of(item.context_expr)
                if item.optional_vars is not None:
                    self.assign(item.optional_vars, content)
            self.block(node.body)
        elif isinstance(node, ast.Try | ast.TryStar):
            self.block(node.body)
            self.branch(*(handler.body for handler in node.handlers), node.orelse)
            self.block(node.finalbody)
        elif isinstance(node, ast.Match):
            self.of(node.subject)
            self.branch(*(case.body for case in node.cases))
        else:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.of(child)

    def branch(self, *bodies: Sequence[ast.stmt]) -> None:
        """Bodies that may or may not run: what a variable held before stays."""
        self.branches += 1
        for body in bodies:
            self.block(body)
        self.branches -= 1

    def assign(self, target: ast.expr, content: Content) -> None:
        """Let a target hold what this is made of."""
        if isinstance(target, ast.Name):
            kept = self.env.get(target.id, NOTHING) if self.branches else NOTHING
            self.env[target.id] = kept | content
            self.share(target.id, content)
        elif isinstance(target, ast.Tuple | ast.List):
            for element in target.elts:
                self.assign(element, content)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, content)
        else:
            self.grow(target, content)

    def grow(self, target: ast.expr, content: Content) -> None:
        """Add to what a variable, or what the variable holds, is made of."""
        while isinstance(target, ast.Subscript):
            target = target.value
        written = spelled(target)
        if isinstance(target, ast.Name):
            self.env[written] = self.looked_up(written) | content
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id != "self":
            owner = target.value.id
            self.env[owner] = self.looked_up(owner) | content
        self.share(written, content)

    def share(self, written: str, content: Content) -> None:
        """Let other functions of the file know: a module variable, or an attribute of an object."""
        if content and (written.startswith("self.") or written in self.state.module_variables(self.path)):
            key = f"{self.path}:{written}"
            self.state.shared[key] = self.state.shared.get(key, NOTHING) | content

    def looked_up(self, name: str) -> Content:
        """What a variable of the function holds; of the module, where the function has none of the name."""
        if name in self.env:
            return self.env[name]
        return self.state.shared.get(f"{self.path}:{name}", NOTHING)

    # ---- expressions

    def of(self, node: ast.AST | None) -> Content:
        """What an expression is made of."""
        if node is None or isinstance(node, ast.Constant | ast.Lambda):
            return NOTHING
        if isinstance(node, ast.Name):
            known = self.looked_up(node.id)
            return known or (Content.ENVELOPE if node.id == "request" and self.is_flask_request() else NOTHING)
        if isinstance(node, ast.Attribute):
            return self.attribute(node)
        if isinstance(node, ast.Call):
            return self.call(node)
        if isinstance(node, ast.Yield | ast.YieldFrom):
            self.returned |= self.of(node.value)
            return NOTHING
        if isinstance(node, ast.NamedExpr):
            content = self.of(node.value)
            self.assign(node.target, content)
            return content
        if isinstance(node, ast.IfExp):
            return (self.of(node.test) & Content.PREDICTION) | self.of(node.body) | self.of(node.orelse)
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            for generator in node.generators:
                self.assign(generator.target, self.of(generator.iter))
            parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
            return self.all(parts)
        return self.all(ast.iter_child_nodes(node))

    def all(self, nodes: Iterable[ast.AST | None]) -> Content:
        """What several expressions are made of together."""
        return union(self.of(node) for node in nodes)

    def is_flask_request(self) -> bool:
        """Whether `request` is Flask's or Quart's in this file."""
        imports = self.state.project.at(self.path).imports
        return any(s.alias == "request" and s.name.startswith(("flask", "quart")) for s in imports)

    def attribute(self, node: ast.Attribute) -> Content:
        """What a part of something is made of."""
        base = self.of(node.value)
        if Content.ENVELOPE in base:
            if node.attr in BODY:
                return Content.REQUEST | (Content.BYTES if node.attr in RAW else NOTHING)
            return Content.ABOUT if node.attr in DESCRIBING else NOTHING
        if Content.REQUEST in base and (node.attr in DESCRIBING or node.attr.endswith(PLACES)):
            return Content.ABOUT
        if Content.PREDICTION in base and node.attr in STATUS:
            return NOTHING
        if isinstance(node.value, ast.Name) and node.value.id == "self":
            return self.state.shared.get(f"{self.path}:self.{node.attr}", NOTHING)
        return base

    def call(self, node: ast.Call) -> Content:
        """What a call gives; what it is given is carried on."""
        written = spelled(node.func)
        call = self.state.call_at(self.path, node.lineno, written)
        receiver = self.of(node.func.value) if isinstance(node.func, ast.Attribute) else NOTHING
        if isinstance(node.func, ast.Name):  # a function that a decorator was given: what it returns
            receiver = self.env.get(node.func.id, NOTHING)
        positional = [self.of(argument) for argument in node.args]
        named = {keyword.arg or "**": self.of(keyword.value) for keyword in node.keywords}
        given = union((*positional, *named.values()))
        method = written.rpartition(".")[2]
        if method == "call_next":
            return Content.PREDICTION
        if call is not None and self.state.names.are(call.names, "collection.measures"):
            self.state.measured[call.path, call.line, call.written] = call, given
            return NOTHING
        if call is not None and (
            stores(call, self.state.names, self.state.held.names(call)) or logs(call, self.state.names)
        ):
            itself = method.startswith(WRITING_ITSELF) or not (node.args or node.keywords)
            self.state.arrived(call, given | (receiver if itself else NOTHING))
            return NOTHING
        if (self.path, node.lineno, written) in self.state.inference:
            self.enter(call, node, positional, named)
            return Content.PREDICTION
        entered = self.enter(call, node, positional, named)
        if entered is not None:
            return entered
        if Content.ENVELOPE in receiver:
            asked = self.attribute_of(node)
            return asked if asked & Content.REQUEST else Content.ABOUT
        if call is not None and self.state.names.are(call.names, "collection.digests"):
            return Content.ABOUT if (given | receiver) & Content.REQUEST else NOTHING
        if isinstance(node.func, ast.Attribute) and method in GROWING and given:
            self.grow(node.func.value, given)
        if written in WITHOUT_CONTENT and (call is None or not call.own):
            return NOTHING
        if written == "len":
            return self.length(node, given)
        result = given | (self.attribute_of(node) if method in DESCRIBING else receiver)
        return result if method in AS_BYTES else result & ~Content.BYTES

    @staticmethod
    def length(node: ast.Call, content: Content) -> Content:
        """What a length is made of: that of a text is a feature of it, that of bytes or of a list only describes them."""
        if Content.REQUEST not in content:
            return NOTHING
        said = spelled(node.args[0]) if node.args else ""
        return Content.ABOUT if Content.BYTES in content or SIZES.search(said) else Content.REQUEST

    def attribute_of(self, node: ast.Call) -> Content:
        """What the called attribute itself is made of."""
        return self.attribute(node.func) if isinstance(node.func, ast.Attribute) else NOTHING

    # ---- own functions

    def enter(self, call: Call | None, node: ast.Call, positional: list[Content], named: Env) -> Content | None:
        """Go through the own functions that a call runs, by itself or because they are handed over.

        Gives what they return; None where there are none.
        """
        if call is None:
            return None
        results: list[Content] = []
        for name in (*call.names, *self.state.held.names(call)):
            function = self.state.project.function(name.removesuffix(".delay").removesuffix(".apply_async"))
            cls = self.state.project.class_(name)
            if function is not None:
                results.append(self.into(function, positional, named))
                results += [self.into(one, positional, named) for one in implementations(function, self.state.project)]
            elif cls is not None:
                initial = self.state.project.function(f"{cls.name}.__init__")
                if initial is not None:
                    self.into(initial, positional, named)
        for index, value in enumerate(call.values):
            for name in value.names:
                function = self.state.project.function(name) if not name.endswith("()") else None
                if function is not None:
                    following = positional[index + 1 :] if index < len(call.args) else []
                    packed = next((k.value for k in node.keywords if k.arg == "args"), None)
                    if isinstance(packed, ast.Tuple | ast.List):
                        following = [self.of(element) for element in packed.elts]
                    results.append(self.into(function, following, named))
        return union(results) if results else None

    def into(self, function: Function, positional: list[Content], named: Env) -> Content:
        """Go through an own function with these arguments."""
        names = [parameter.name for parameter in function.parameters]
        if function.owner and names[:1] in (["self"], ["cls"]):
            names = names[1:]
        given = dict(zip(names, positional, strict=False))
        rest = union(positional[len(names) :])
        for name, content in named.items():
            if name in names:
                given[name] = given.get(name, NOTHING) | content
            else:
                rest |= content
        if rest and names:
            given[names[-1]] = given.get(names[-1], NOTHING) | rest
        return self.run(function, given, self.depth + 1)
