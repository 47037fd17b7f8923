"""Imports of one file, and what they bind."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from auditor.facts.python.model import Import
from auditor.facts.python.parsing.syntax import spelled
from auditor.facts.python.reading.definitions import Definitions


class Imports(Definitions):
    """Adds the reading of imports."""

    optional: bool
    """Whether what is read stands in a `try` that goes on without the module."""

    def import_(self, node: cst.Import) -> bool:
        """Read `import x`."""
        for alias in node.names:
            written = spelled(alias.name)
            found = self.project.locate(written)
            if alias.asname is not None:
                bound = spelled(alias.asname.name)
                self._bind_import(bound, found or written)
            else:
                bound = written.partition(".")[0]
                top = bound if found is None else (self.project.locate(bound) or bound)
                self._bind_import(bound, top)
            self._imported(node, found or written, bound, found is not None, written)
        return False

    def import_from(self, node: cst.ImportFrom) -> bool:
        """Read `from x import y`."""
        module = spelled(node.module) if node.module is not None else ""
        written = "." * len(node.relative) + module
        for name, bound in self._imported_names(node):
            own = True
            if node.relative:
                whole = self.project.relative(len(node.relative), f"{module}.{name}".strip("."))
            else:
                found = self.project.locate(f"{module}.{name}".rstrip("."))
                own, whole = found is not None, found or f"{module}.{name}".rstrip(".")
            if bound == "*":
                self.record.star_imports.append(whole)
            else:
                self._bind_import(bound, whole)
            self._imported(node, whole, bound, own, written)
        return False

    def _imported_names(self, node: cst.ImportFrom) -> Iterable[tuple[str, str]]:
        """(name, what it is bound to); a star import as ("", "*")."""
        if isinstance(node.names, cst.ImportStar):
            yield "", "*"
            return
        for alias in node.names:
            name = spelled(alias.name)
            yield name, spelled(alias.asname.name) if alias.asname is not None else name

    def _bind_import(self, bound: str, meaning: str) -> None:
        if self.optional and self.scope.branches:
            self.scope.add(bound, (meaning,))
        else:
            self.scope.bind(bound, (meaning,))

    def _imported(self, node: cst.CSTNode, name: str, alias: str, own: bool, written: str) -> None:
        place = self.at(node)
        self.record.imports.append(
            Import(*place, name=name, alias=alias, own=own, optional=self.optional, written=written)
        )
