"""Commands that Python code starts: given in the call itself, kept in a variable, or handed to an own function that runs them.

Sources: Python documentation, "subprocess", "os", "asyncio subprocesses"; Invoke, "Context.run"; nox, "Session.run"; pexpect.
"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice, product

from auditor.evidence import Place
from auditor.facts.python import Assignment, Call, Function, PythonProject, Value
from auditor.formats.shell import Command, parse_commands
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record

PROCESSES = (
    "subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output", "subprocess.Popen",
    "subprocess.getoutput", "subprocess.getstatusoutput", "os.system", "os.popen", "asyncio.create_subprocess_shell",
    "asyncio.create_subprocess_exec", "asyncio.subprocess.create_subprocess_shell", "asyncio.subprocess.create_subprocess_exec",
    "os.execvp", "os.execv", "os.spawnvp", "invoke.run", "pexpect.run", "pexpect.spawn", "sh.Command",
)  # fmt: skip
"""Functions that run a command."""
WORD_BY_WORD = frozenset({"create_subprocess_exec", "execvp", "execv", "spawnvp"})
"""Those of them whose arguments are the words."""
CONTEXT_METHODS = frozenset({"run", "sudo", "run_always", "run_install", "local"})
CONTEXTS = ("invoke.context.Context()", "invoke.Context()", "fabric.Connection()", "fabric.connection.Connection()", "nox.Session()", "nox.sessions.Session()")  # fmt: skip
INVOKE = frozenset({"invoke.task", "invoke.tasks.task", "fabric.task", "fabric.tasks.task"})
NOX = frozenset({"nox.session", "nox.registry.session", "nox_uv.session"})

IDENTIFIER = pattern(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
HOLE = pattern(r"\{([A-Za-z_]\w*)[^{}]*\}")
UNKNOWN = "{}"
"""What stands for a word that shows only when the code runs."""
DEPTH = 5
"""Variables and own functions through which a command is followed."""
ALTERNATIVES = 20
"""Commands that one call may mean."""
MOST = 2_000
STEPS = 100
"""Variables and callers that are looked into for one call; code by hand needs a handful."""
BUDGET = 10_000
"""The same for the whole repository."""


class StartedCommand(Record):
    """A command, the call that it is written in, and whether it can run.

    `call` is the call of the process itself, or that of the own function which hands its argument on.
    """

    command: Command
    call: Call
    process: Call
    live: bool

    @property
    def evidence(self) -> Place:
        """The command."""
        return self.command.evidence


class StartedCommands(Record, dict=True):
    """Every command that Python code starts, in order of files and lines."""

    all: tuple[StartedCommand, ...] = ()

    @cached_property
    def _by_process(self) -> dict[int, list[Command]]:
        found: dict[int, list[Command]] = {}
        for one in self.all:
            found.setdefault(id(one.process), []).append(one.command)
        return found

    def by(self, call: Call) -> tuple[Command, ...]:
        """What one call of a process may start."""
        return tuple(self._by_process.get(id(call), ()))

    def within(self, function: Function) -> tuple[StartedCommand, ...]:
        """The live commands that are written in a function."""
        return tuple(
            one
            for one in self.all
            if one.live and one.call.path == function.path and f"{one.call.scope}.".startswith(f"{function.qualname}.")
        )


@fact
def started_commands(project: PythonProject) -> StartedCommands:
    """The commands that own code, tests included, starts."""
    return StartedCommands(tuple(islice(_Search(project).run(), MOST)))


class Said(Record):
    """The words of a command, or its text as a shell would be given it, and the call that it is written in."""

    words: tuple[str, ...]
    text: str | None
    call: Call
    line: int


class _Search:
    def __init__(self, project: PythonProject) -> None:
        self.project = project
        self._functions = {(f.path, f.qualname): f for file in project.of() for f in file.functions}
        self._steps = 0
        self._left = BUDGET
        self._assigned: dict[tuple[str, str, str], list[Assignment]] = {}
        for file in project.of():
            for one in file.assignments:
                self._assigned.setdefault((file.path, one.scope, one.target), []).append(one)

    def run(self) -> Iterator[StartedCommand]:
        for file in self.project.of():
            for call in file.calls:
                self._steps = min(STEPS, self._left)
                given = self._given(call)
                for said in islice(given, ALTERNATIVES):
                    text = said.text if said.text is not None else shlex.join(said.words)
                    text = re.sub(r"^\{\}(?= -m )", "python", text)
                    for command in parse_commands(text, path=said.call.path, line=said.line or said.call.line or 1):
                        yield StartedCommand(command, said.call, call, call.live and said.call.live)

    def _given(self, call: Call) -> Iterator[Said]:
        """What one call runs, where it starts a process."""
        name = next((name for name in call.names if name in PROCESSES), "")
        if name:
            last = name.rpartition(".")[2]
            if last in ("execvp", "execv", "spawnvp") and len(call.args) > 1:
                yield from self._said(call.args[-1], call, 0)
            elif last in WORD_BY_WORD:
                yield from self._joined(call.args, call, 0)
            else:
                given = call.argument(0, "args") or call.keyword("command") or call.keyword("cmd")
                yield from self._said(given, call, 0) if given is not None else ()
            return
        receiver, _, method = call.written.rpartition(".")
        if method not in CONTEXT_METHODS or not receiver:
            return
        kind = self._context(receiver, call, 0)
        if kind == "nox":
            yield from self._joined(call.args, call, 0)
        elif kind:
            given = call.argument(0, "command")
            yield from self._said(given, call, 0) if given is not None else ()

    def _context(self, receiver: str, call: Call, depth: int) -> str:
        """`invoke` or `nox`, where `receiver` is a task's context or a session; empty otherwise."""
        for name in call.names:
            if name.rpartition(".")[0] in CONTEXTS:
                return "nox" if name.startswith("nox") else "invoke"
        function = self._function_with(receiver, call)
        if function is None or depth > DEPTH:
            return ""
        decorators = {name for decorator in function.decorators for name in decorator.names}
        index = next(n for n, parameter in enumerate(function.parameters) if parameter.name == receiver)
        if index == 0 and decorators & INVOKE:
            return "invoke"
        if index == 0 and decorators & NOX:
            return "nox"
        for caller in self.project.callers(function.name)[:ALTERNATIVES]:
            value = caller.argument(index, receiver)
            kind = self._context(value.text, caller, depth + 1) if value is not None else ""
            if kind:
                return kind
        return ""

    def _function_with(self, parameter: str, call: Call) -> Function | None:
        """The function around a call that has a parameter of this name."""
        scope = call.scope
        while scope:
            function = self._functions.get((call.path, scope))
            if function is not None and any(one.name == parameter for one in function.parameters):
                return function
            scope = scope.rpartition(".")[0]
        return None

    def _said(self, value: Value, call: Call, depth: int) -> Iterator[Said]:
        """The commands that a value may be: a text, a list of words, or what leads to one."""
        if value.string is not None:
            yield from (Said((), text, where, value.line) for text, where in self._filled(value.string, call, depth))
        elif value.elements and not value.names:
            yield from self._joined(value.elements, call, depth, value.line)
        elif depth <= DEPTH:
            yield from self._through(value, call, depth)

    def _through(self, value: Value, call: Call, depth: int) -> Iterator[Said]:
        """What a name, `shlex.split(x)`, `x.split()`, `" ".join(x)` or `a + b` stands for."""
        if self._steps <= 0:
            return
        self._steps -= 1
        self._left -= 1
        text = value.text
        if IDENTIFIER.fullmatch(text):
            for meant, where in self._meanings(text, value, call):
                for said in self._said(meant, where, depth + 1):
                    yield said
        elif text.startswith(("shlex.split(", "list(", "str(", "tuple(")) and value.elements:
            yield from self._said(value.elements[0], call, depth + 1)
        elif text.endswith(".split(...)"):
            yield from self._through(Value(text.removesuffix(".split(...)"), value.line), call, depth + 1)
        elif text.endswith("join(...)") and value.elements:
            for said in self._said(value.elements[0], call, depth + 1):
                yield Said((), said.text if said.text is not None else " ".join(said.words), said.call, said.line)
        elif " + " in text:
            yield from self._added(text, value, call, depth)

    def _added(self, text: str, value: Value, call: Call, depth: int) -> Iterator[Said]:
        """What lists that are added make."""
        try:
            node = ast.parse(text, mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return
        pieces: list[ast.expr] = []
        while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            pieces.insert(0, node.right)
            node = node.left
        pieces.insert(0, node)
        words: list[str] = []
        for piece in pieces[:ALTERNATIVES]:
            if isinstance(piece, ast.List | ast.Tuple):
                words += [str(e.value) if isinstance(e, ast.Constant) else UNKNOWN for e in piece.elts]
            elif isinstance(piece, ast.Name | ast.Attribute):
                through = self._through(Value(ast.unparse(piece), value.line), call, depth + 1)
                words += next((list(said.words) for said in through if said.words), [UNKNOWN])
            else:
                words.append(UNKNOWN)
        if words:
            yield Said(tuple(words), None, call, value.line)

    def _meanings(self, name: str, value: Value, call: Call) -> Iterator[tuple[Value, Call]]:
        """The values that a name may have at a call: assigned around it, given by callers, or another own module's."""
        scope = call.scope
        while True:
            found = self._assigned.get((call.path, scope, name), [])
            if found:
                yield from ((one.value, call) for one in found[:ALTERNATIVES])
                return
            function = self._functions.get((call.path, scope))
            index = next((n for n, p in enumerate(function.parameters) if p.name == name), -1) if function else -1
            if function is not None and index >= 0:
                yield from self._handed(function, index, name)
                return
            if not scope:
                break
            scope = scope.rpartition(".")[0]
        for full in value.names:
            module = self.project.module(full.rpartition(".")[0])
            if module is not None:
                elsewhere = self._assigned.get((module.path, "", full.rpartition(".")[2]), [])
                yield from ((one.value, call) for one in elsewhere[:ALTERNATIVES])

    def _handed(self, function: Function, index: int, name: str) -> Iterator[tuple[Value, Call]]:
        """What the callers of an own function hand to one of its parameters; its default where nobody says."""
        place = index - 1 if function.owner and function.parameters[0].name in ("self", "cls") else index
        given = False
        for caller in self.project.callers(function.name)[:ALTERNATIVES]:
            value = caller.argument(place, name)
            if value is not None:
                given = True
                yield value, caller
        default = function.parameters[index].default
        if not given and default is not None:
            decorated = function.decorators[0] if function.decorators else None
            calls = [call for call in self.project.calls_in(function) if call.scope == function.qualname]
            where = next(iter(calls), decorated)
            if where is not None:
                yield default, where

    def _joined(self, values: Iterable[Value], call: Call, depth: int, line: int = 0) -> Iterator[Said]:
        """The commands whose words these values are; a list among them is put in."""
        choices = [list(islice(self._words(value, call, depth), 5)) or [((UNKNOWN,), call)] for value in values]
        for chosen in islice(product(*choices), ALTERNATIVES):
            words = tuple(word for several, _ in chosen for word in several)
            where = next((other for _, other in chosen if other is not call), call)
            if words:
                yield Said(words, None, where, line if where is call else where.line)

    def _words(self, value: Value, call: Call, depth: int) -> Iterator[tuple[tuple[str, ...], Call]]:
        """What one value adds to a command's words."""
        if value.string is not None:
            yield (value.string,), call
        elif value.known:
            yield (str(value.literal),), call
        elif value.name == "sys.executable":
            yield ("python",), call
        elif depth <= DEPTH:
            for said in self._said(value, call, depth + 1):
                yield (said.words if said.text is None else (said.text,)), said.call

    def _filled(self, text: str, call: Call, depth: int) -> Iterator[tuple[str, Call]]:
        """A text with the names in its holes put in, as far as they are known where the call stands."""
        names = HOLE.findall(call.text)
        if UNKNOWN not in text or len(names) != text.count(UNKNOWN) or depth > DEPTH:
            yield text, call
            return
        choices = [self._fillings(name, call, depth) for name in names]
        pieces = text.split(UNKNOWN)
        for chosen in islice(product(*choices), ALTERNATIVES):
            filled = "".join(a + b for a, b in zip(pieces, (*(word for word, _ in chosen), ""), strict=True))
            yield filled, next((other for _, other in chosen if other is not call), call)

    def _fillings(self, name: str, call: Call, depth: int) -> list[tuple[str, Call]]:
        """The texts that a name in a hole may stand for."""
        found = [
            (said.text if said.text is not None else shlex.join(said.words), said.call)
            for said in islice(self._through(Value(name, call.line), call, depth + 1), 5)
        ]
        return found or [(UNKNOWN, call)]
