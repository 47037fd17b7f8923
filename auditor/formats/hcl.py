"""HCL as trees with lines."""

from __future__ import annotations

from auditor.evidence import Place, seen
from auditor.records import Record

MAX_DEPTH = 40


_NEVER = frozenset({"0", "{}", "[]", "toset([])", "false ? 1 : 0", "tomap({})"})
"""Values of `count` and `for_each` that make no instance (Terraform documentation, "The count Meta-Argument")."""


class Attribute(Record):
    """`name = expression`; the expression as it is written."""

    name: str
    line: int
    text: str

    @property
    def string(self) -> str:
        """The content of a quoted string, `${ }` in it included; empty for any other expression."""
        text = self.text
        return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else ""


class Block(Record):
    """A block: its type, labels and body. `text` is its whole source, `head` the first line."""

    path: str
    line: int
    type: str
    labels: tuple[str, ...]
    text: str
    attributes: tuple[Attribute, ...] = ()
    blocks: tuple[Block, ...] = ()

    @property
    def head(self) -> str:
        """Its first line."""
        return self.text.partition("\n")[0]

    @property
    def evidence(self) -> Place:
        """Its first line as evidence."""
        return seen(self.path, self.line, self.head)

    @property
    def live(self) -> bool:
        """Whether it makes anything: not where `count` is 0 or `for_each` empty."""
        return not any(
            a.name in ("count", "for_each") and "".join(a.text.split()) in {"".join(n.split()) for n in _NEVER}
            for a in self.attributes
        )

    def value(self, name: str) -> str:
        """The text of the first attribute of this name here or in a block within; the content of a plain string."""
        queue = [self]
        while queue:
            block = queue.pop(0)
            for attribute in block.attributes:
                if attribute.name == name:
                    return attribute.string or attribute.text
            queue += block.blocks
        return ""


def own_value(block: Block, name: str) -> str:
    """A string attribute of the block itself."""
    return next((attribute.string for attribute in block.attributes if attribute.name == name), "")


def parse_terraform(text: str, path: str = "") -> tuple[tuple[Block, ...], str | None]:
    """The top-level blocks of a Terraform file, and what is wrong with it, if anything. Never raises."""
    return _Scanner(text, path).read()


class _Open:
    """A block whose end was not reached yet."""

    def __init__(self, type_: str, labels: tuple[str, ...], start: int, line: int) -> None:
        self.type, self.labels, self.start, self.line = type_, labels, start, line
        self.attributes: list[Attribute] = []
        self.blocks: list[Block] = []


class _Scanner:
    """One pass over one file."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.at = 0
        self.line = 1

    def read(self) -> tuple[tuple[Block, ...], str | None]:
        root = _Open("", (), 0, 1)
        stack = [root]
        problem: str | None = None
        while True:
            self._skip(newlines=True)
            if self.at >= len(self.text):
                break
            if self.text[self.at] == "}":
                self.at += 1
                if len(stack) == 1:
                    problem = f"not Terraform: a brace too many at line {self.line}"
                    break
                self._close(stack)
                continue
            start, line = self.at, self.line
            name = self._word()
            if not name:
                problem = f"not Terraform: {self.text[self.at]!r} at line {self.line}"
                break
            labels: list[str] = []
            self._skip(newlines=False)
            while (label := self._label()) is not None:
                labels.append(label)
                self._skip(newlines=False)
            sign = self.text[self.at : self.at + 1]
            if sign == "{" and len(stack) <= MAX_DEPTH:
                self.at += 1
                stack.append(_Open(name, tuple(labels), start, line))
            elif sign == "=" and not labels:
                self.at += 1
                stack[-1].attributes.append(Attribute(name, line, self._expression()))
            else:
                problem = f"not Terraform: neither a block nor an attribute at line {line}"
                break
        if problem is None and len(stack) > 1:
            problem = f"not Terraform: the block of line {stack[-1].line} has no end"
        while len(stack) > 1:
            self._close(stack)
        return tuple(root.blocks), problem

    def _close(self, stack: list[_Open]) -> None:
        done = stack.pop()
        source = self.text[done.start : self.at]
        stack[-1].blocks.append(
            Block(self.path, done.line, done.type, done.labels, source, tuple(done.attributes), tuple(done.blocks))
        )

    def _skip(self, *, newlines: bool) -> None:
        """Pass blanks, comments and, where told, line ends."""
        text = self.text
        while self.at < len(text):
            c = text[self.at]
            if c == "\n":
                if not newlines:
                    return
                self.line += 1
                self.at += 1
            elif c.isspace() or c == "\ufeff":
                self.at += 1
            elif c == "#" or text.startswith("//", self.at):
                end = text.find("\n", self.at)
                self.at = len(text) if end < 0 else end
            elif text.startswith("/*", self.at):
                end = text.find("*/", self.at)
                self._to(len(text) if end < 0 else end + 2)
            else:
                return

    def _to(self, end: int) -> None:
        """Go to a place further on, counting lines."""
        self.line += self.text.count("\n", self.at, end)
        self.at = end

    def _word(self) -> str:
        start = self.at
        while self.at < len(self.text) and (self.text[self.at].isalnum() or self.text[self.at] in "_-"):
            self.at += 1
        return self.text[start : self.at]

    def _label(self) -> str | None:
        """A block's label: a quoted string or a bare word."""
        if self.text.startswith('"', self.at):
            start = self.at
            self._string()
            return self.text[start + 1 : self.at - 1]
        return self._word() or None

    def _string(self) -> None:
        """Pass a quoted string; within `${ }` strings may be nested."""
        text = self.text
        nesting: list[str] = ['"']
        at = self.at + 1
        while at < len(text) and nesting:
            c = text[at]
            if nesting[-1] == '"':
                if c == "\\":
                    at += 1
                elif c == '"':
                    nesting.pop()
                elif c == "\n":
                    break
                elif c in "$%" and text.startswith("{", at + 1) and text[at - 1] != c:
                    nesting.append("{")
                    at += 1
            elif c == '"':
                nesting.append('"')
            elif c == "{":
                nesting.append("{")
            elif c == "}":
                nesting.pop()
            at += 1
        self._to(min(at, len(text)))

    def _expression(self) -> str:
        """An expression up to the end of its line, over lines within brackets."""
        self._skip(newlines=False)
        start, depth, text = self.at, 0, self.text
        end = start
        while self.at < len(text):
            c = text[self.at]
            if c == "\n":
                if depth <= 0:
                    break
                self.line += 1
                self.at += 1
            elif c == '"':
                self._string()
            elif text.startswith("<<", self.at) and self._heredoc():
                pass
            elif c == "#" or text.startswith(("//", "/*"), self.at):
                self._skip(newlines=False)
                continue
            elif c in "([{":
                depth += 1
                self.at += 1
            elif c in ")]}":
                if depth <= 0:
                    break
                depth -= 1
                self.at += 1
            else:
                self.at += 1
            end = self.at
        return text[start:end].strip()

    def _heredoc(self) -> bool:
        """Pass `<<EOF ... EOF`; False where none begins here."""
        begin = self.at + (3 if self.text.startswith("<<-", self.at) else 2)
        end = begin
        while end < len(self.text) and (self.text[end].isalnum() or self.text[end] in "_-"):
            end += 1
        marker = self.text[begin:end]
        if not marker or not self.text.startswith("\n", end):
            return False
        at = end + 1
        while at < len(self.text):
            stop = self.text.find("\n", at)
            stop = len(self.text) if stop < 0 else stop
            if self.text[at:stop].strip() == marker:
                self._to(stop)
                return True
            at = stop + 1
        self._to(len(self.text))
        return True
