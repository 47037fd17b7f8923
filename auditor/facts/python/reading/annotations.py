"""Types that annotations and base classes name."""

from __future__ import annotations

import libcst as cst

from auditor.facts.python.model import DEPENDS, Value
from auditor.facts.python.parsing import literals
from auditor.facts.python.parsing.syntax import CODE
from auditor.facts.python.reading.expressions import Expressions
from auditor.facts.python.reading.scopes import Names

WRAPPERS = frozenset({"Optional", "Annotated", "Union", "Final", "ClassVar", "Awaitable", "Required", "Type"})
"""Generic types that stand for their first argument."""


class Annotations(Expressions):
    """Adds the reading of annotations to that of expressions."""

    _said: dict[int, tuple[Value, ...]]
    """What was said beside a type, by the node of `Annotated[...]`."""

    def annotation(self, node: cst.Annotation) -> str:
        """Resolved name of the type that an annotation states; the first where there are several."""
        return self._type(node.annotation, 0)

    def _type(self, node: cst.BaseExpression, depth: int) -> str:
        if isinstance(node, cst.Name | cst.Attribute):
            if isinstance(node, cst.Name) and node.value == "None":
                return "None"
            return self.chain(node)[0]
        if isinstance(node, cst.Subscript):
            base = self.chain(node.value)[0]
            inner = [e.slice.value for e in node.slice if isinstance(e.slice, cst.Index)]
            if base.rpartition(".")[2] == "Literal":
                return base
            if base.rpartition(".")[2] == "Annotated":
                said = tuple(self.value(n) for n in inner[1:])
                self._said[id(node)] = said
                first = self._type(inner[0], depth + 1) if inner else base
                return next((d for d in map(self._dependency, said) if d), first)
            types = [self._type(n, depth + 1) for n in inner]
            if base.rpartition(".")[2] in WRAPPERS:
                return next((t for t in types if t and t != "None"), base)
            return base
        if isinstance(node, cst.BinaryOperation):
            sides = [self._type(node.left, depth + 1), self._type(node.right, depth + 1)]
            return next((t for t in sides if t and t != "None"), "")
        text = literals.string(node)
        if text is not None and depth < 3 and len(text) < CODE:
            try:
                return self._type(cst.parse_expression(text), depth + 3)
            except Exception:  # a forward reference may hold anything
                return ""
        self.names_of(node)
        return ""

    def metadata(self, node: cst.Annotation) -> tuple[Value, ...]:
        """What `Annotated[X, ...]` says beside the type; also by the name that the file gives such a type."""
        stated = node.annotation
        if isinstance(stated, cst.Name):
            return self.record.annotated.get(stated.value, ())
        if isinstance(stated, cst.Subscript) and self.is_annotated(stated):
            return self._said.get(id(stated), ())
        return ()

    def _dependency(self, value: Value) -> str:
        """What FastAPI's `Annotated[X, Depends(f)]` comes from."""
        if value.name in DEPENDS and value.elements and value.elements[0].names:
            return f"{value.elements[0].name}()"
        return ""

    def base_names(self, node: cst.BaseExpression) -> Names:
        """Resolved names of a base class; `Generic[T]` is `Generic`."""
        if isinstance(node, cst.Subscript):
            self.children(node)
            node = node.value
        return self.chain(node)[:1]
