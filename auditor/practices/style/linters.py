"""Linters and formatters: which tools are set up for style, and by what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.evidence import Place, seen
from auditor.facts.dependencies import Dependencies
from auditor.facts.pre_commit import PreCommit
from auditor.formats.ini_lines import parse_ini
from auditor.formats.shell import Command
from auditor.formats.toml_lines import parse_toml, toml_lines
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

STYLE_TOOLS = frozenset(
    ["ruff", "flake8", "black", "pylint", "pycodestyle", "autopep8", "yapf", "isort", "pyflakes", "pylama", "prospector", "blue",
     "pydocstyle", "wemake-python-styleguide"]
)  # fmt: skip
"""Programs that check or format Python code's style."""

RUNNING: Mapping[str, frozenset[str]] = {
    "hatch": frozenset({"fmt"}),
    "uv": frozenset({"format"}),
    "trunk": frozenset({"check", "fmt"}),
    "treefmt": frozenset({""}),
}
"""Programs that run such a tool themselves, and the subcommands that do (documentation of Hatch, uv, Trunk, treefmt)."""

ASKING = frozenset({"--version", "-V", "--help", "-h"})

CHECK_OPTIONS: Mapping[str, frozenset[str]] = {
    "ruff format": frozenset({"--check", "--diff"}),
    "black": frozenset({"--check", "--diff"}),
    "isort": frozenset({"--check", "--check-only", "-c", "--diff"}),
    "yapf": frozenset({"--diff", "-d", "--quiet", "-q"}),
    "autopep8": frozenset({"--diff", "-d", "--exit-code"}),
    "blue": frozenset({"--check", "--diff"}),
    "hatch fmt": frozenset({"--check", "-l", "--linter"}),
    "uv format": frozenset({"--check", "--diff"}),
    "trunk fmt": frozenset({"--no-fix"}),
    "treefmt": frozenset({"--ci", "--fail-on-change"}),
}
"""Formatters, and the options with which each leaves the files alone; from their own command references."""

SETTINGS_FILES: Mapping[str, str] = {
    "ruff.toml": "ruff",
    ".ruff.toml": "ruff",
    ".flake8": "flake8",
    ".pylintrc": "pylint",
    "pylintrc": "pylint",
    "pylintrc.toml": "pylint",
    ".style.yapf": "yapf",
    ".isort.cfg": "isort",
    ".pycodestyle": "pycodestyle",
    ".pydocstyle": "pydocstyle",
}
"""Settings files and the tool that reads each, from the tools' own documentation on configuration."""

INI_FILES = ("setup.cfg", "tox.ini")

CHECKERS = {"trunk.yaml": "lint", "treefmt.toml": "formatter", ".treefmt.toml": "formatter"}
"""Settings of programs that run several tools, and the key under which these are named (Trunk, treefmt)."""


WORD = pattern(r"[A-Za-z][\w-]*")
LENGTH = pattern(r"\s*[\"']?(?:line[-_]length|max[-_]line[-_]length|column_limit)[\"']?\s*[=:]\s*(\d{1,6})\b")


class Linters(Record):
    """What is set up for style.

    `configured` by a section or settings file, `hooks` run by pre-commit, `declared` only as dependencies.
    """

    configured: tuple[Place, ...] = ()
    hooks: tuple[Place, ...] = ()
    declared: tuple[Place, ...] = ()
    line_length: int = 0
    """The longest line that its settings allow; 0 where they say nothing."""


@fact
def read_linters(snapshot: Snapshot, pre_commit: PreCommit, dependencies: Dependencies) -> Linters:
    """The style tools of a repository; what workflows run is the workflows' matter."""
    kinds = (
        (tuple(SETTINGS_FILES), settings_file),
        (("pyproject.toml",), pyproject_sections),
        (INI_FILES, ini_sections),
        (tuple(CHECKERS), checkers),
    )
    configured = [place for names, read in kinds for place in each_file(snapshot, snapshot.named(*names), read)]
    lengths = each_file(
        snapshot, snapshot.named("pyproject.toml", "ruff.toml", ".ruff.toml", ".flake8", *INI_FILES), line_lengths
    )
    hooks = [hook.evidence for hook in pre_commit.hooks if hook.in_effect and is_style_hook(hook.id, hook.commands)]
    declared = dependencies.declaring(sorted(STYLE_TOOLS))
    return Linters(tuple(configured), tuple(hooks), tuple(declared), max(lengths, default=0))


def is_style_hook(name: str, commands: tuple[Command, ...]) -> bool:
    """Whether a pre-commit hook checks or formats Python code: by its id (`ruff-format`, `black-jupyter`) or command."""
    first = name.lower().partition("-")[0]
    return first in STYLE_TOOLS or any(command.program in STYLE_TOOLS for command in commands)


def is_style_command(command: Command) -> bool:
    """Whether a command runs a linter or formatter on code, rather than asking it for its version or a rule."""
    for call in command.calls:
        first = next((word for word in call[1:] if not word.startswith("-")), "")
        if call[0] in STYLE_TOOLS:
            return not (ASKING.intersection(call[1:]) or (call[0] == "ruff" and first not in ("check", "format", "")))
        if first in RUNNING.get(call[0], ()):
            return not ASKING.intersection(call[1:])
    return False


def rewrites(command: Command) -> bool:
    """Whether a command has a formatter rewrite the code; with an option that only checks or shows, it does not."""
    for call in command.calls:
        longer = (f"{call[0]} {word}" for word in call[1:])
        name = next((known for known in longer if known in CHECK_OPTIONS), call[0])
        if name in CHECK_OPTIONS:
            return is_style_command(command) and CHECK_OPTIONS[name].isdisjoint(call[1:])
    return False


def settings_file(snapshot: Snapshot, path: str) -> Iterator[Place]:
    """A settings file with content."""
    lines = enumerate(snapshot.lines(path), start=1)
    line = next((n for n, text in lines if text.strip() and text.strip()[0] not in "#;"), None)
    if line is not None:
        yield seen(path, line, f"settings of {SETTINGS_FILES[path.rpartition('/')[2].lower()]}")


def checkers(snapshot: Snapshot, path: str) -> Iterator[Place]:
    """Style tools that Trunk or treefmt is told to run."""
    key = CHECKERS[path.rpartition("/")[2].lower()]
    within = False
    for number, line in enumerate(snapshot.lines(path)[:500], start=1):
        plain = line.partition("#")[0]
        within = within or plain.lstrip(" [").startswith(key)
        if within and STYLE_TOOLS.intersection(WORD.findall(plain)):
            yield seen(path, number, line)
            return


def line_lengths(snapshot: Snapshot, path: str) -> Iterator[int]:
    """What a file of settings says of the length of lines."""
    for line in snapshot.lines(path)[:2_000]:
        found = LENGTH.match(line)
        if found:
            yield min(int(found[1]), 1_000)


def pyproject_sections(snapshot: Snapshot, path: str) -> Iterator[Place]:
    """`[tool.ruff]` and the like."""
    text = snapshot.text(path) or ""
    try:
        tools = parse_toml(text).get("tool")
    except ValueError:
        return  # the dependencies fact notes it
    found = sorted(STYLE_TOOLS.intersection(tools)) if isinstance(tools, dict) else []
    lines = toml_lines(text) if found else {}
    for name in found:
        yield seen(path, lines.get(("tool", name)), f"[tool.{name}]")


def ini_sections(snapshot: Snapshot, path: str) -> Iterator[Place]:
    """`[flake8]` and the like in setup.cfg and tox.ini."""
    met: set[str] = set()
    for option in parse_ini(snapshot.text(path) or ""):
        name = option.section.removeprefix("tool:").partition(":")[0].lower()
        if name in STYLE_TOOLS and name not in met:
            met.add(name)
            yield seen(path, option.line, f"[{option.section}] {option.name} = {option.value}")
