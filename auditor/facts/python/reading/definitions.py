"""Functions and classes of one file."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

import libcst as cst

from auditor.facts.python.model import DEPENDS, Call, Class, Function, Parameter, Value
from auditor.facts.python.parsing import literals
from auditor.facts.python.parsing.syntax import does_nothing, spelled
from auditor.facts.python.reading.annotations import Annotations
from auditor.facts.python.reading.scopes import Names, Scope

BLOCKS = (
    cst.BaseSuite,
    cst.If,
    cst.Else,
    cst.ExceptHandler,
    cst.ExceptStarHandler,
    cst.Finally,
)
"""What a compound statement is made of."""

UNTYPED = frozenset({"typing.Any", "object", "Any"})
"""Annotations that say nothing of what comes in."""


class Definitions(Annotations):
    """Adds functions and classes. Bodies of functions come last, when the names of the module are complete."""

    later: list[Callable[[], None]]

    def block(self, statements: Sequence[cst.CSTNode]) -> bool:
        """Read statements in order; whether control never comes out at their end."""
        raise NotImplementedError

    def function(self, node: cst.FunctionDef) -> bool:
        """Read a function; its body later, unless it is within a function."""
        self.record.statements += 1
        name = node.name.value
        qualname = f"{self.scope.qualname}.{name}".lstrip(".")
        whole = f"{self.record.module}.{qualname}"
        owner = self.scope.owner if self.scope.kind == "class" else ""
        decorators = self._decorators(node, qualname)
        inner = Scope("function", qualname, self.scope, owner=self.scope.owner)
        parameters = self._parameters(node, inner, owner, decorators)
        annotation = self.annotation(node.returns) if node.returns is not None else ""
        self.scope.bind(name, (whole,))
        place = self.at(node)
        dead, scope = self.dead, self.scope

        def body() -> None:
            before = self.scope, self.dead, self.returns, self.record.statements
            self.scope, self.dead, self.returns, self.record.statements = inner, dead, [], 0
            self.block(node.body.body)
            returns, statements = tuple(self.returns), self.record.statements
            self.scope, self.dead, self.returns, self.record.statements = before
            self.record.statements += statements
            self.record.functions.append(
                Function(
                    *place,
                    name=whole,
                    qualname=qualname,
                    parameters=parameters,
                    returns=returns,
                    return_annotation=annotation,
                    annotated_return=node.returns is not None,
                    docstring=literals.docstring(node.body),
                    decorators=decorators,
                    owner=owner,
                    is_async=node.asynchronous is not None,
                    is_empty=does_nothing(node.body),
                    statements=statements,
                )
            )

        if scope.kind == "function":  # what it closes over may still be rebound, but rarely is
            body()
        else:
            self.later.append(body)
        return False

    def _parameters(
        self, node: cst.FunctionDef, inner: Scope, owner: str, decorators: Sequence[Call]
    ) -> tuple[Parameter, ...]:
        params = node.params
        star = [p for p in (params.star_arg, params.star_kwarg) if isinstance(p, cst.Param)]
        plain = [*params.posonly_params, *params.params, *params.kwonly_params]
        found = []
        for param in (*plain, *star):
            annotation = self.annotation(param.annotation) if param.annotation is not None else ""
            default = self.value(param.default) if param.default is not None else None
            name = param.name.value
            said = self.metadata(param.annotation) if param.annotation is not None else ()
            found.append(Parameter(name, annotation, default, param.annotation is not None, said))
            inner.names[name] = self._incoming(name, annotation, default)
            inner.parameters.add(name)
        for param in star:
            inner.names[param.name.value] = ("tuple()" if param is params.star_arg else "dict()",)
        kinds = {name for decorator in decorators for name in decorator.names}
        if owner and plain and "staticmethod" not in kinds:
            whole = f"{self.record.module}.{owner}"
            by_class = "classmethod" in kinds or node.name.value in ("__new__", "__init_subclass__")
            inner.names[plain[0].name.value] = (whole if by_class else f"{whole}()",)
        return tuple(found)

    def _incoming(self, name: str, annotation: str, default: Value | None) -> Names:
        """What a parameter stands for: FastAPI's dependency, its annotation, else unknown."""
        if default is not None and default.name in DEPENDS and default.elements:
            return tuple(f"{n}()" for n in default.elements[0].names) or (f"?{name}",)
        if annotation and annotation not in UNTYPED:
            return (annotation if annotation.endswith("()") else f"{annotation}()",)
        return (f"?{name}",)

    def _decorators(self, node: cst.FunctionDef | cst.ClassDef, qualname: str) -> tuple[Call, ...]:
        found = []
        for decorator in node.decorators:
            expression = decorator.decorator
            if isinstance(expression, cst.Call):
                self.names_of(expression, decorates=qualname)
                found.append(self.last_call)
            else:
                names, written = self.chain(expression), spelled(expression)
                found.append(self.add_call(decorator, names, written, (), (), decorates=qualname))
        return tuple(call for call in found if call is not None)

    def class_(self, node: cst.ClassDef) -> bool:
        """Read a class."""
        self.record.statements += 1
        name = node.name.value
        qualname = f"{self.scope.qualname}.{name}".lstrip(".")
        decorators = self._decorators(node, qualname)
        place = self.at(node)
        outer = self.scope
        inner = Scope("class", qualname, outer, owner=qualname)
        self.scope = inner  # what a class refers to counts only where the class is used
        bases = [base for arg in node.bases if not arg.star for base in self.base_names(arg.value)]
        for arg in node.keywords:
            self.names_of(arg.value)
        self.record.bases[qualname] = tuple(bases)
        self.block(node.body.body)
        self.scope = outer
        outer.bind(name, (f"{self.record.module}.{qualname}",))
        self.record.attributes.setdefault(qualname, {}).update(inner.names)
        methods = tuple(dict.fromkeys(method.name.value for method in functions_in(node.body.body)))
        self.record.classes.append(
            Class(
                *place,
                name=f"{self.record.module}.{qualname}",
                qualname=qualname,
                bases=tuple(bases),
                decorators=decorators,
                methods=methods,
                attributes=(),
                docstring=literals.docstring(node.body),
                is_empty=does_nothing(node.body),
            )
        )
        return False


def functions_in(statements: Iterable[cst.CSTNode]) -> Iterator[cst.FunctionDef]:
    """Functions that stand in a block, also under `if`, `try`, `with` or a loop."""
    todo = deque(statements)
    while todo:
        node = todo.popleft()
        if isinstance(node, cst.FunctionDef):
            yield node
        elif isinstance(node, cst.BaseSuite):
            todo.extendleft(reversed(node.body))
        elif isinstance(
            node, cst.BaseCompoundStatement | cst.Else | cst.ExceptHandler | cst.ExceptStarHandler | cst.Finally
        ) and not isinstance(node, cst.ClassDef):
            todo.extendleft(reversed([child for child in node.children if isinstance(child, BLOCKS)]))
