"""The simple commands of a script, with what keeps them from running or their failure from counting."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.evidence import Place, seen
from auditor.formats.shell.tokens import REDIRECTIONS, Lexer, Token
from auditor.formats.shell.wrappers import ASSIGNMENT, SHELLS, Call, calls, matches, script_of_shell
from auditor.patterns import pattern
from auditor.records import Record

MAX_DEPTH = 6
"""Scripts within scripts (`$( )`, `bash -c`) that are read."""
MAX_COMMANDS = 5_000

OPENING = {"if": "if", "case": "case", "{": "{", **dict.fromkeys(("while", "until", "for", "select"), "loop")}
CLOSING = {"fi": "if", "done": "loop", "esac": "case", "}": "{"}
LEADING = frozenset({"then", "do", "elif", "else", "!", "coproc"})
HARMLESS = frozenset({"true", ":", "echo", "printf", "exit 0"})
"""What makes a command's failure go unnoticed when it follows `||`."""
PROMPTS = frozenset({"$", "%", "!", "@", "-", "+"})

_SPACE = pattern(r"(?:\\\n|\s)+")
_RECIPE_PREFIX = pattern(r"([@+!-]+)(?=[\w.$/{])")


class Command(Record):
    """One command of a script.

    `words` are without quotes, redirections and leading assignments (those are `environment`); `text` is the source, on
    one line. `ignored_failure`: nothing notices when it fails (`|| true`, Make's `-`). `heredoc` is what it is given on
    standard input by `<<`. `calls` is the chain of programs it runs, looked at through wrappers such as `uv run`.
    """

    words: tuple[str, ...]
    line: int
    text: str
    path: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    ignored_failure: bool = False
    heredoc: str | None = None
    calls: tuple[Call, ...] = ()

    @property
    def programs(self) -> tuple[str, ...]:
        """Every program in the chain, the outermost first: `("uv", "coverage", "pytest")`."""
        return tuple(call[0] for call in self.calls)

    @property
    def program(self) -> str:
        """The innermost program."""
        return self.calls[-1][0] if self.calls else ""

    @property
    def argv(self) -> Call:
        """The innermost call: the program and its arguments."""
        return self.calls[-1] if self.calls else ()

    @property
    def arguments(self) -> Call:
        """The innermost program's arguments."""
        return self.argv[1:]

    @property
    def evidence(self) -> Place:
        """The place of the command."""
        return seen(self.path, self.line, self.text)

    def runs(self, *names: str) -> bool:
        """Whether it runs one of `names`: programs (`pytest`), or programs with a subcommand (`docker build`)."""
        for call in self.calls:
            for name in names:
                if name.startswith(call[0]) and matches(call, name):
                    return True
        return False

    def call_of(self, name: str) -> Call | None:
        """The call in the chain that is one of `name`, as `runs`; None where there is none."""
        return next((call for call in self.calls if matches(call, name)), None)


def parse_commands(text: str, *, path: str = "", line: int = 1) -> tuple[Command, ...]:
    """The commands that a script runs, in its order; those of `$( )` and `bash -c "..."` included.

    `line` is where the script begins in the file `path`. Left out: comments, heredoc bodies (unless a shell reads
    them), and what cannot be reached (`if false`, after a plain `exit`). Never raises because of the text.
    """
    return tuple(_Parser(path, 0).parse(text, line))


@dataclass(slots=True)
class _Draft:
    """A command under construction."""

    words: list[str]
    line: int
    text: str
    environment: list[tuple[str, str]]
    ignored: bool
    heredoc: str | None


@dataclass(slots=True)
class _Block:
    """A compound command that is still open, and where the list around it began."""

    kind: str
    outer_start: int
    first: int
    dead: bool = False
    pattern: bool = False


class _Parser:
    """Turns tokens into commands: one instance for one script."""

    def __init__(self, path: str, depth: int) -> None:
        self.path = path
        self.depth = depth
        self.found: list[Command | _Draft] = []
        self.blocks: list[_Block] = []
        self.words: list[Token] = []
        self.heredoc: str | None = None
        self.list_start = 0
        self.before = ""
        self.dead_chain = False
        self.last: tuple[str, ...] = ()
        self.exited = False
        self.source = ""

    def parse(self, text: str, line: int) -> list[Command]:
        """The commands of one script."""
        lexer = Lexer(text, line)
        self.source = lexer.text
        tokens = lexer.tokens()
        i = 0
        while i < len(tokens) and not self.exited and len(self.found) < MAX_COMMANDS:
            i = self._take(tokens, i)
        self._finish("\n")
        return [command for draft in self.found for command in self._built(draft)][:MAX_COMMANDS]

    def _take(self, tokens: list[Token], i: int) -> int:
        """Take the token at `i`; the place of the next."""
        token = tokens[i]
        block = self.blocks[-1] if self.blocks else None
        if block is not None and block.pattern:
            return self._case_pattern(token, block, i)
        if not token.operator:
            if not self._keyword(token):
                self.words.append(token)
            return i + 1
        if self.words and self.words[0].text == "[[" and token.text != "\n" and self.words[-1].text != "]]":
            return i + 1
        if token.text == "<<":
            self.heredoc = token.heredoc
            return i + 1
        if token.text in REDIRECTIONS:
            last = self.words[-1] if self.words else None
            if last is not None and last.end == token.start and last.text.isdigit():
                self.words.pop()
            following = tokens[i + 1] if i + 1 < len(tokens) else None
            if following is not None and not following.operator:
                self._inner(following)
                return i + 2
            return i + 1
        if token.text == "(":
            if len(self.words) == 1 and i + 1 < len(tokens) and tokens[i + 1].text == ")":
                self.words.clear()  # the name of a function that is defined here
                return i + 2
            self._finish("\n" if self.words else "(")
            self._open("(")
        elif token.text == ")":
            self._finish(";")
            self._close("(")
        else:
            self._finish(token.text)
            if token.text in (";;", ";&", ";;&") and self.blocks and self.blocks[-1].kind == "case":
                self.blocks[-1].pattern = True
        return i + 1

    def _case_pattern(self, token: Token, block: _Block, i: int) -> int:
        if token.text == ")" and token.operator:
            block.pattern = False
        elif token.text == "esac" and not token.quoted:
            block.pattern = False
            self._close("case")
        return i + 1

    def _keyword(self, token: Token) -> bool:
        """Whether the token is a reserved word here; if so, it is taken."""
        word = token.text
        if token.quoted:
            return False
        if self.words:
            first = self.words[0].text
            if first == "case" and word == "in" and len(self.words) == 2 and self.blocks:
                self.words.clear()
                self.blocks[-1].pattern = True
                return True
            if first == "function" and word == "{":
                self.words.clear()
                self._open("{")
                return True
            return False
        if word in OPENING:
            self._open(OPENING[word])
            if word in ("for", "select", "case"):
                self.words.append(token)
            return True
        if word in CLOSING:
            self._close(CLOSING[word])
            return True
        if word == "function":
            self.words.append(token)
            return True
        if word in ("then", "else", "elif"):
            self._branch(word)
        return word in LEADING or word in PROMPTS

    def _open(self, kind: str) -> None:
        self.blocks.append(_Block(kind, self.list_start, len(self.found), dead=self.dead_chain))
        self.list_start = len(self.found)
        self.dead_chain = False
        self.before = ""

    def _close(self, kind: str) -> None:
        """Close the block of this kind, and those left open in it."""
        if not any(block.kind == kind for block in self.blocks):
            return
        while self.blocks:
            block = self.blocks.pop()
            if block.kind == kind:
                break
        self.list_start = block.outer_start
        self.dead_chain = False
        self.last = ()

    def _branch(self, word: str) -> None:
        block = self.blocks[-1] if self.blocks else None
        if block is None or block.kind != "if":
            return
        if word == "then":
            block.dead = block.dead or self.last == ("false",)
        elif not any(outer.dead for outer in self.blocks[:-1]):
            block.dead = False

    def _finish(self, connector: str) -> None:
        """End the command under construction, which `connector` follows."""
        tokens, self.words = self.words, []
        heredoc, self.heredoc = self.heredoc, None
        if not tokens:
            if connector == "\n" and self.before in ("&&", "||", "|", "|&"):
                return  # the list goes on in the next line
            self._connect(connector)
            return
        self._emit(tokens, heredoc)
        self._connect(connector)

    def _connect(self, connector: str) -> None:
        self.before = connector
        if connector == "&&":
            self.dead_chain = self.dead_chain or self.last == ("false",)
        elif connector == "||":
            self.dead_chain = self.last in (("true",), (":",))
        elif connector not in ("|", "|&", "("):
            self.dead_chain = False
            self.list_start = len(self.found)

    def _emit(self, tokens: list[Token], heredoc: str | None) -> None:
        dead = self.dead_chain or any(block.dead for block in self.blocks)
        if not dead:
            for token in tokens:
                self._inner(token)
        if tokens[0].text in ("for", "select", "case", "function") and not tokens[0].quoted:
            return
        environment: list[tuple[str, str]] = []
        first = 0
        while first < len(tokens) and ASSIGNMENT.match(tokens[first].text):
            name, _, value = tokens[first].text.partition("=")
            environment.append((name.removesuffix("+"), value))
            first += 1
        words = [token.text for token in tokens[first:]]
        self.last = tuple(words)
        if not words or words[0] == "((":
            return
        text = _SPACE.sub(" ", self.source[tokens[0].start : tokens[-1].end])
        prefix = _RECIPE_PREFIX.match(words[0])
        ignored = False
        if prefix and not tokens[first].quoted:
            words[0] = words[0][prefix.end() :]
            ignored = "-" in prefix[1]
        if self.before == "||" and (words[0] in HARMLESS or " ".join(words) in HARMLESS):
            for draft in self.found[self.list_start :]:
                if isinstance(draft, _Draft):
                    draft.ignored = True
        if dead:
            return
        self.found.append(_Draft(words, tokens[0].line, text[:1000], environment, ignored, heredoc))
        if words[0] == "exit" and not self.blocks and self.before not in ("&&", "||", "|", "|&"):
            self.exited = True

    def _inner(self, token: Token) -> None:
        """Take the scripts within a word."""
        if self.depth >= MAX_DEPTH:
            return
        for inner in token.inner:
            self.found += _Parser(self.path, self.depth + 1).parse(inner.text, inner.line)

    def _built(self, draft: Command | _Draft) -> list[Command]:
        """The command of a draft, followed by those of the script that it gives to a shell."""
        if isinstance(draft, Command):
            return [draft]
        chain = calls(draft.words)
        command = Command(
            tuple(draft.words),
            draft.line,
            draft.text,
            self.path,
            tuple(draft.environment),
            draft.ignored,
            draft.heredoc,
            chain,
        )
        innermost = chain[-1]
        script = script_of_shell(innermost)
        if script is None and innermost[0] in SHELLS and all(word.startswith("-") for word in innermost[1:]):
            script = draft.heredoc
        if script is None or self.depth >= MAX_DEPTH:
            return [command]
        return [command, *_Parser(self.path, self.depth + 1).parse(script, draft.line)]
