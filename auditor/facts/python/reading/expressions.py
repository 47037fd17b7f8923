"""What expressions in one file stand for: names through imports, assignments, calls and subscripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst

from auditor.facts.python.model import UNKNOWN, Call, Loop, Reference, Value
from auditor.facts.python.parsing import literals
from auditor.facts.python.parsing.lines import parts_of
from auditor.facts.python.parsing.source import Source
from auditor.facts.python.parsing.syntax import CODE, code, spelled
from auditor.facts.python.reading.meanings import alternatives, items, known_dict, meaning, unknown
from auditor.facts.python.reading.notes import Notes
from auditor.facts.python.reading.record import RawFile
from auditor.facts.python.reading.scopes import Names, Scope, bounded, extended
from auditor.patterns import pattern

GIVING_BACK = frozenset(
    {"contextlib.closing", "contextlib.aclosing", "contextlib.nullcontext", "copy.copy", "copy.deepcopy"}
)
"""Calls that give what they are given, or its like (Python's documentation of contextlib and copy)."""
ELEMENTS = 200
"""Items of a list or dict that are kept."""

KEY = pattern(r"[\w.-]{1,60}")

ANNOTATED = frozenset({"typing.Annotated", "typing_extensions.Annotated"})
"""A type with what a framework is told of it; the names of the type itself stand for it."""

IMPORTING = ("importlib.import_module", "__import__")
"""Calls that give the module which they are given the name of."""


class Expressions(Notes):
    """Evaluates expressions in the current scope; calls, reads and strings it comes by go to the record, each once."""

    def __init__(self, record: RawFile, source: Source, tree: cst.Module, lines: dict[int, int]) -> None:
        super().__init__(record, source, tree, lines)
        self._handlers: dict[type[cst.CSTNode], Callable[[Any], Names]] = {
            cst.Name: self._read,
            cst.Attribute: self._read,
            cst.Subscript: self._read,
            cst.Call: self._call,
            cst.SimpleString: self._text,
            cst.ConcatenatedString: self._text,
            cst.FormattedString: self._text,
            cst.Integer: lambda _: ("int()",),
            cst.Float: lambda _: ("float()",),
            cst.List: lambda node: self._collection(node, "list()"),
            cst.Tuple: lambda node: self._collection(node, "tuple()"),
            cst.Set: lambda node: self._collection(node, "set()"),
            cst.Dict: lambda node: self._collection(node, "dict()"),
            cst.ListComp: self._comprehension,
            cst.SetComp: self._comprehension,
            cst.DictComp: self._comprehension,
            cst.GeneratorExp: self._comprehension,
            cst.Lambda: self._lambda,
            cst.Await: lambda node: self.names_of(node.expression),
            cst.Yield: self._yield,
            cst.IfExp: self._either,
            cst.BooleanOperation: self._both,
            cst.BinaryOperation: self._binary,
            cst.Comparison: self._comparison,
            cst.NamedExpr: self._walrus,
        }

    # ---- expressions

    def names_of(self, node: cst.BaseExpression, *, decorates: str = "") -> Names:
        """What `node` may stand for; empty where nothing is known."""
        if node.__class__ is cst.Call:
            return self._call(node, decorates=decorates)
        handler = self._handlers.get(node.__class__)
        if handler is not None:
            return handler(node)
        self.children(node)
        return ()

    def children(self, node: cst.CSTNode) -> None:
        """Evaluate whatever expressions are within `node`."""
        for child in parts_of(node):
            handler = self._handlers.get(child.__class__)
            if handler is not None:
                handler(child)
            else:
                self.children(child)

    def chain(self, node: cst.BaseExpression) -> Names:
        """What a name, attribute or subscript stands for, without noting that it is read."""
        if node.__class__ is cst.Name:
            scope, names = self.scope.find(node.value)
            if scope is None or scope.kind != "function" or names[0][:1] != "?":
                self.used_names(names)
            return names
        if node.__class__ is cst.Attribute:
            attribute = node.attr.value
            self.used(f".{attribute}")
            names = extended(self.chain(node.value) or ("?",), f".{attribute}")
            self.used_names(names)
            return names
        if node.__class__ is cst.Subscript:
            base = self.chain(node.value) or ("?",)
            if base[0] in ANNOTATED:
                return self.annotated_type(node)[0].names or base
            key = ""
            for element in node.slice:
                inner = element.slice
                if isinstance(inner, cst.Index):
                    text = literals.string(inner.value)
                    if text is not None and len(node.slice) == 1 and KEY.fullmatch(text):
                        key = text
                    self.names_of(inner.value)
                else:
                    self.children(inner)
            if base == ("globals()",):
                self.used(f"{self.prefix}{key or '*'}")
            return extended(base, f"[{key}]")
        return self.names_of(node)

    def is_annotated(self, node: cst.Subscript) -> bool:
        """Whether `node` is `Annotated[...]`."""
        return spelled(node.value).rpartition(".")[2] == "Annotated"

    def annotated_type(self, node: cst.Subscript) -> tuple[Value, ...]:
        """Of `Annotated[X, ...]` the type and what is said beside it."""
        inner = [element.slice.value for element in node.slice if isinstance(element.slice, cst.Index)]
        return tuple(self.value(part) for part in inner) or (Value("", self.line(node)),)

    def _read(self, node: cst.Name | cst.Attribute | cst.Subscript) -> Names:
        if node.__class__ is cst.Name and node.value in literals.CONSTANTS:
            return (node.value,) if node.value == "None" else ("bool()",)
        names = self.chain(node)
        if node.__class__ is not cst.Name or names[0][:1] != "?":
            self.record.references.append(Reference(*self.at(node), names=names, written=spelled(node)))
        return names

    def _call(self, node: cst.Call, *, decorates: str = "") -> Names:
        written = spelled(node.func)
        if written == "super" and self.scope.owner:
            bases = self.record.bases.get(self.scope.owner, ())
            for arg in node.args:
                self.names_of(arg.value)
            return extended(bases, "()")[:1] or ("super()",)
        names = self.chain(node.func) or ("?",)
        args: list[Value] = []
        keywords: list[tuple[str, Value]] = []
        unpacks = False
        for arg in node.args:
            value = self.value(arg.value)
            if arg.star:
                unpacks = True
                keywords += [(str(k.literal), v) for k, v in zip(value.keys, value.elements, strict=False) if k.known]
            elif arg.keyword is not None:
                keywords.append((arg.keyword.value, value))
            else:
                args.append(value)
        call = self.add_call(node, names, written, tuple(args), tuple(keywords), decorates, unpacks)
        self.dynamic_use(call)
        self.expectation(call)
        if names[0] == "typing.cast" and args and args[0].names:
            return extended(args[0].names, "()")
        if args and args[0].names and (names[0] in GIVING_BACK or written.endswith(".enter_context")):
            return args[0].names
        if names[0] in IMPORTING and args and args[0].string and not args[0].string.startswith("."):
            return (args[0].string,)
        return extended(names, "()")

    def _text(self, node: cst.SimpleString | cst.ConcatenatedString | cst.FormattedString) -> Names:
        text = literals.string(node, literals.PAGE)
        if text is None:
            return ("bytes()",)
        if node.__class__ is not cst.SimpleString:
            self._filled_in(node)
        self.note_text(node, text)
        return ("str()",)

    def _filled_in(self, node: cst.CSTNode) -> None:
        """Evaluate what f-strings fill in, the strings around it aside."""
        if isinstance(node, cst.FormattedStringExpression):
            self.names_of(node.expression)
        elif isinstance(node, cst.FormattedString):
            for part in node.parts:
                self._filled_in(part)
        elif isinstance(node, cst.ConcatenatedString):
            self._filled_in(node.left)
            self._filled_in(node.right)

    def _collection(self, node: cst.List | cst.Tuple | cst.Set | cst.Dict, kind: str) -> Names:
        for element in node.elements:
            if isinstance(element, cst.DictElement):
                self.names_of(element.key)
            self.names_of(element.value)
        return (kind,)

    def _comprehension(self, node: cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp) -> Names:
        outer = self.scope
        self.scope = Scope(
            "function" if outer.kind == "function" else outer.kind,
            outer.qualname,
            outer,
            outer.owner,
            loops=outer.loops + 1,
        )
        loop: cst.CompFor | None = node.for_in
        while loop is not None:
            over = self.value(loop.iter)
            target = spelled(loop.target) or code(loop.target)
            self.record.loops.append(Loop(*self.at(node), kind="comprehension", over=over, target=target))
            self.bind(loop.target, items(over))
            for condition in loop.ifs:
                self.names_of(condition.test)
            loop = loop.inner_for_in
        if isinstance(node, cst.DictComp):
            self.names_of(node.key)
            self.names_of(node.value)
        else:
            self.names_of(node.elt)
        self.scope = outer
        return ("list()",) if isinstance(node, cst.ListComp) else ("dict()",) if isinstance(node, cst.DictComp) else ()

    def _lambda(self, node: cst.Lambda) -> Names:
        outer = self.scope
        self.scope = Scope("function", outer.qualname, outer, outer.owner)
        params = node.params
        star = [p for p in (params.star_arg, params.star_kwarg) if isinstance(p, cst.Param)]
        for param in (*params.posonly_params, *params.params, *params.kwonly_params, *star):
            if param.default is not None:
                self.names_of(param.default)
            self.scope.names[param.name.value] = (f"?{param.name.value}",)
        self.names_of(node.body)
        self.scope = outer
        return ()

    def _yield(self, node: cst.Yield) -> Names:
        if isinstance(node.value, cst.From):
            self.names_of(node.value.item)
        elif node.value is not None:
            value = self.value(node.value)
            if not self.dead:
                self.returns.append(value)
        return ()

    def _either(self, node: cst.IfExp) -> Names:
        self.names_of(node.test)
        return alternatives(self.names_of(node.body), self.names_of(node.orelse))

    def _both(self, node: cst.BooleanOperation) -> Names:
        return alternatives(self.names_of(node.left), self.names_of(node.right))

    def _binary(self, node: cst.BinaryOperation) -> Names:
        left, right = self.names_of(node.left), self.names_of(node.right)
        if isinstance(node.operator, cst.Divide):  # a path below a path is a path
            return tuple(n for n in (*left, *right) if n.startswith("pathlib."))[:1]
        if isinstance(node.operator, cst.BitOr):  # LangChain, Beam and Prefect chain objects this way
            return left
        if isinstance(node.operator, cst.Add | cst.Modulo) and left == ("str()",):
            return left
        return ()

    def _comparison(self, node: cst.Comparison) -> Names:
        self.names_of(node.left)
        for part in node.comparisons:
            self.names_of(part.comparator)
        return ("bool()",)

    def _walrus(self, node: cst.NamedExpr) -> Names:
        value = self.value(node.value)
        names = meaning(value)
        self.bind(node.target, names or unknown(node.target))
        return names

    # ---- values

    def value(self, node: cst.BaseExpression) -> Value:
        """`node` as a value; what is in it is evaluated."""
        line = self.line(node)
        constant = literals.constant(node)
        if constant is not UNKNOWN:
            return Value(repr(constant), line, constant, ("None",) if constant is None else ())
        text = literals.string(node)
        if text is not None:
            if isinstance(node, cst.BinaryOperation):
                self.names_of(node)
            else:
                self._text(node)  # type: ignore[arg-type]
            return Value(repr(text[:CODE]), line, text)
        if node.__class__ is cst.List or node.__class__ is cst.Tuple or node.__class__ is cst.Set:
            return self._sequence(node, line)
        if node.__class__ is cst.Dict:
            return self._mapping(node, line)
        if isinstance(node, cst.Subscript) and self.is_annotated(node):
            parts = self.annotated_type(node)
            return Value(code(node), line, UNKNOWN, parts[0].names, parts)
        before = len(self.record.calls)
        names = self.names_of(node)
        if node.__class__ is cst.Call:
            call = self.last_call if len(self.record.calls) > before else None
            written = f"{spelled(node.func) or '?'}(...)"
            if call is not None and call.name == "dict" and not call.args:
                keys = tuple(Value(repr(key), line, key) for key, _ in call.keywords)
                values = tuple(value for _, value in call.keywords)
                return Value(written, line, known_dict(keys, values), ("dict()",), values, keys)
            return Value(written, line, UNKNOWN, names, call.args if call is not None else ())
        written = spelled(node)
        return Value(written or code(node), line, UNKNOWN, names)

    def _sequence(self, node: cst.List | cst.Tuple | cst.Set, line: int) -> Value:
        elements = []
        known = len(node.elements) <= ELEMENTS
        for index, element in enumerate(node.elements):
            if index >= ELEMENTS:
                self.names_of(element.value)
                continue
            value = self.value(element.value)
            elements.append(value)
            known = known and value.known and isinstance(element, cst.Element)
        literal: Any = UNKNOWN
        if known:
            literal = [value.literal for value in elements]
        opening, closing = "[]" if isinstance(node, cst.List) else "()" if isinstance(node, cst.Tuple) else "{}"
        text = f"{opening}{', '.join(value.text for value in elements[:10])}{closing}"[:CODE]
        return Value(text, line, literal, (), tuple(elements))

    def _mapping(self, node: cst.Dict, line: int) -> Value:
        keys: list[Value] = []
        values: list[Value] = []
        whole = len(node.elements) <= ELEMENTS
        for element in node.elements[:ELEMENTS]:
            value = self.value(element.value)
            if isinstance(element, cst.DictElement):
                keys.append(self.value(element.key))
                values.append(value)
            else:
                whole = whole and value.known
                keys += value.keys
                values += value.elements
        for element in node.elements[ELEMENTS:]:
            self.names_of(element.value)
        literal = known_dict(tuple(keys), tuple(values)) if whole else UNKNOWN
        text = ", ".join(f"{k.text}: {v.text}" for k, v in zip(keys[:10], values, strict=False))
        return Value(f"{{{text}}}"[:CODE], line, literal, (), tuple(values), tuple(keys))

    # ---- binding

    def bind(self, target: cst.BaseExpression, names: Names) -> None:
        """Let the target of an assignment stand for `names` from here on."""
        if isinstance(target, cst.Name):
            self.scope.bind(target.value, names or unknown(target))
        elif isinstance(target, cst.Tuple | cst.List):
            inner = extended(names, "[]") if names and names != ("?",) else ()
            for element in target.elements:
                self.bind(element.value, inner or unknown(element.value))
        elif isinstance(target, cst.Attribute):
            self._bind_attribute(target, names)
        elif isinstance(target, cst.Subscript):
            self.chain(target)

    def _bind_attribute(self, target: cst.Attribute, names: Names) -> None:
        owner = self.scope.owner
        base = self.chain(target.value)
        if not owner or not base or base[0].removesuffix("()") != f"{self.prefix}{owner}":
            return
        attributes = self.record.attributes.setdefault(owner, {})
        known = tuple(n for n in attributes.get(target.attr.value, ()) if n[:1] != "?" and n != "None")
        if not known or (names[:1] != ("None",) and names[0][:1] != "?"):
            attributes[target.attr.value] = bounded((*known, *names))

    def collected(self, evaluate: Callable[[], object]) -> Names:
        """Resolved names of what is called or read while `evaluate` runs."""
        calls, reads = len(self.record.calls), len(self.record.references)
        evaluate()
        found: list[Call | Reference] = [*self.record.calls[calls:], *self.record.references[reads:]]
        return tuple(dict.fromkeys(name for place in found for name in place.names))
