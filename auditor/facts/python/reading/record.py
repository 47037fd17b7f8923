"""What one pass over one file found, before the project's other files are known."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.facts.python.model import (
    Assertion,
    Assignment,
    Call,
    Class,
    Function,
    Import,
    Loop,
    Reference,
    Role,
    Text,
    Value,
)
from auditor.facts.python.reading.scopes import Names


@dataclass(slots=True)
class RawFile:
    """A file as the reader leaves it to the linker."""

    path: str
    module: str
    role: Role
    lines: int = 0
    docstring: str | None = None
    has_main_block: bool = False
    problem: str | None = None
    problem_line: int | None = None
    statements: int = 0
    imports: list[Import] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    assertions: list[Assertion] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)
    symbols: dict[str, Names] = field(default_factory=dict)
    """What each name at module level means."""
    bases: dict[str, Names] = field(default_factory=dict)
    """By qualified name of a class."""
    attributes: dict[str, dict[str, Names]] = field(default_factory=dict)
    """What the class body or `self.x = ...` assigns, by qualified name of the class."""
    annotated: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    """What `Annotated[X, ...]` says beside the type, by the name that the module gives such a type."""
    star_imports: list[str] = field(default_factory=list)
    uses: dict[str, set[str]] = field(default_factory=dict)
    """By scope, what its live code uses: own names, `.x` attributes, `?x` unknown names, `'x` words in strings."""
