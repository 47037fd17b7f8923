"""Names in scope while a file is read, each with what it may stand for."""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field

Names = tuple[str, ...]
"""What an expression may stand for, most likely first."""

ALTERNATIVES = 4
"""How many things one name may stand for; branches of a program multiply."""

LENGTH = 200
"""Longest name in characters; `x = x.f()` in a loop would grow it forever."""

BUILTINS = frozenset(dir(builtins))


@dataclass(slots=True)
class Scope:
    """A module, class, function or comprehension. `qualname` is its name within the module, empty for the module."""

    kind: str
    qualname: str
    parent: Scope | None = None
    owner: str = ""
    """Qualified name of the class, in a class body and its methods."""
    names: dict[str, Names] = field(default_factory=dict)
    elsewhere: dict[str, Scope] = field(default_factory=dict)
    """Names declared `global` or `nonlocal`, and the scope that has them."""
    branches: int = 0
    """Depth of `if`, `try`, `for` ... around the statement that is being read."""
    loops: int = 0
    parameters: set[str] = field(default_factory=set)

    def bind(self, name: str, meaning: Names) -> None:
        """Let `name` mean `meaning` from here on; in a branch it may also mean what it meant before."""
        if name in self.elsewhere:
            self.elsewhere[name].add(name, meaning)
        elif self.branches:
            self.add(name, meaning)
        else:
            self.names[name] = bounded(meaning)

    def add(self, name: str, meaning: Names) -> None:
        """Let `name` also mean `meaning`. A plain None or an empty literal takes nothing from what is known already."""
        known = self.names.get(name, ())
        known = tuple(n for n in known if not n.startswith("?") and n != "None")
        if meaning == ("None",) or (known and all(n.startswith("?") for n in meaning)):
            self.names[name] = known or meaning
        else:
            self.names[name] = bounded((*known, *meaning))

    def find(self, name: str) -> tuple[Scope | None, Names]:
        """The scope that binds `name` and what it means there; (None, ...) for builtins and unknown names."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names and (scope is self or scope.kind != "class"):
                return scope, scope.names[name]
            if name in scope.elsewhere:
                return scope.elsewhere[name], scope.elsewhere[name].names.get(name, (f"?{name}",))
            scope = scope.parent
        return None, (name if name in BUILTINS else f"?{name}",)

    @property
    def module(self) -> Scope:
        """The outermost scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope


def bounded(names: Names) -> Names:
    """`names` without repetition, not too many and none too long."""
    if len(names) == 1 and len(names[0]) <= LENGTH:
        return names
    return tuple(dict.fromkeys(shortened(name) for name in names))[:ALTERNATIVES]


def shortened(name: str) -> str:
    """`name`, where it is too long as an unknown thing's last attribute."""
    return name if len(name) <= LENGTH else "?" + name.rpartition(".")[2][-LENGTH // 2 :]


def extended(names: Names, ending: str) -> Names:
    """Each of `names` with `ending` (`.x`, `()`, `[key]`) appended."""
    if len(names) == 1:
        return (shortened(names[0] + ending),)
    return bounded(tuple(name + ending for name in names))
