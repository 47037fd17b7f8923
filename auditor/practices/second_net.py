"""The second net: before a claim ends with nothing at all, a search by meaning instead of by name.

Tables of known names are never complete. What this search finds is half of a proof at most: the group is asked a question where
otherwise it would be told that there is nothing. It reads what is live and the group's own: calls into third-party libraries,
classes that derive from them, own functions that something calls and that do more than a few lines, commands that something
runs, and configuration that is read. It never reads prose, comments, strings or the names of stubs: a word alone is nothing here
either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from auditor.evidence import Trace, half, seen
from auditor.facts.configs import Configs
from auditor.facts.dependencies.generated import is_generated
from auditor.facts.own_work.template import Template
from auditor.facts.python import CODE, Call, PythonProject
from auditor.injection import fact
from auditor.knowledge.names import Names
from auditor.patterns import compiled_pattern
from auditor.practices.automation.commands import RunCommand, RunCommands
from auditor.practices.code.by_use import of_library
from auditor.practices.traces import UNKNOWN_LIBRARY
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

STATEMENTS = 5
"""A function of fewer is mostly a stub; what it is called by tells nothing then."""
OWN_NAME = "by its own function's name it may be this, and what it does is not known to be"
MOST = 3
"""Places that are shown: one would do to ask a question."""
OTHER_LANGUAGES = tuple(
    """*.rs *.go *.cpp *.cc *.cxx *.c *.java *.kt *.scala *.cs *.swift *.r *.jl *.dart *.rb *.ex *.php""".split()
)
"""Programs in languages of which no model is made here."""
UNREAD_LANGUAGE = "by its name it may be this, but auditor does not read the language"
IMPORTS_OR_CALLS = compiled_pattern(
    r"(?:^(?:use|import|using|library|require)\b[\s(]*|(?<![\w.:])(?=[\w.:]+[(!<])|^(?:import\s+)?(?:[\w.]+\s+)?\")([\w.:/-]+)"
)
IMPORTED_PATH = compiled_pattern(r"(?:import\s+)?(?:[\w.]+\s+)?\"[\w./-]+\"")
"""How Go names a package that it imports."""
NOT_OWN = compiled_pattern(
    r"(^|/)(node_modules|vendor|third_party|target|build|dist|site-packages|\.venv|venv|include)/"
)
QUOTED = compiled_pattern(r"\"[^\"]*\"")
COMMENTS = ("//", "#", "*", "/*", "--")
MOST_PROGRAMS = 100
MOST_LINES = 2_000
LONGEST = 300
NOT_PROGRAMS = frozenset(
    "echo printf cat ls cd mkdir cp mv rm touch export set source true false test sleep git grep sed awk find head tail tree "
    "chmod chown pip pip3 conda mamba poetry apt apt-get brew npm yarn curl wget which type alias exit unset read".split()
)
"""Programs of which no word tells what a project does: they print, move, fetch or install."""
ASKING = frozenset({"--version", "-V", "--help", "-h"})
"""Options with which a program only tells about itself."""


class OpenSearch(Record, dict=True):
    """Looks for a topic by the stems that its table lists."""

    project: PythonProject
    commands: RunCommands
    configs: Configs
    template: Template
    names: Names
    snapshot: Snapshot

    def find(self, topic: str) -> tuple[Trace, ...]:
        """The first places that a topic's stems lead to, each counting by half."""
        stems = self.names.stems(topic)
        if not stems:
            return ()
        telling = pattern(tuple(stem for stem in stems if not stem.startswith("!")))
        other = frozenset(stem[1:] for stem in stems if stem.startswith("!"))
        found: dict[Trace, None] = {}
        for one in (
            *self._calls(telling, other),
            *self._classes(telling),
            *self._functions(telling),
            *self._commands(telling, other),
            *self._keys(telling),
            *self._other_languages(telling),
        ):
            found[one] = None
            if len(found) >= MOST:
                break
        return tuple(found)

    def _calls(self, telling: re.Pattern[str], other: frozenset[str]) -> Iterator[Trace]:
        """Live calls into libraries by a telling name or keyword, and of methods that no own class has.

        `other` are libraries (and programs) in which the same words mean something else.
        """
        for file in self.project.of(*CODE):
            if self.template.is_stub(file.path):
                continue
            for call in file.calls:
                if (
                    call.live
                    and not call.only_tests
                    and not call.own
                    and self._foreign(call)
                    and other.isdisjoint(name.partition(".")[0].removesuffix("()") for name in call.names)
                    and self._tells(call, telling)
                ):
                    yield half(call.evidence, UNKNOWN_LIBRARY)

    def _foreign(self, call: Call) -> bool:
        """Whether a library is called, or a method of an object of which nothing is known, by a name that no own code has."""
        if any(of_library(name, self.project) for name in call.names):
            return True
        last = call.written.rpartition(".")[2]
        return "." in call.written and all(n.startswith("?") for n in call.names) and last not in self._own_names

    @cached_property
    def _own_names(self) -> frozenset[str]:
        """Names of the project's own functions and methods."""
        return frozenset(function.own_name for file in self.project.files for function in file.functions)

    def _tells(self, call: Call, telling: re.Pattern[str]) -> bool:
        words = {
            segment for name in call.names for segment in name.split(".")[0 if of_library(name, self.project) else -1 :]
        }
        words |= {key for key, value in call.keywords if value.literal not in (0, None, False)}
        return any(telling.search(word) for word in words)

    def _classes(self, telling: re.Pattern[str]) -> Iterator[Trace]:
        """Live own classes that derive from a library's telling class."""
        for cls in self.project.classes(live=True, roles=CODE):
            if not self.template.is_stub(cls.path) and any(
                of_library(base, self.project) and telling.search(base) for base in cls.bases
            ):
                yield half(cls.evidence, UNKNOWN_LIBRARY)

    def _functions(self, telling: re.Pattern[str]) -> Iterator[Trace]:
        """Own functions with a telling name that something runs and that do more than a few lines."""
        for function in self.project.functions(live=True, roles=CODE):
            if (
                telling.search(function.own_name)
                and function.statements >= STATEMENTS
                and not function.only_tests
                and not self.template.is_stub(function.path)
                and self.project.callers(function.name)
            ):
                yield half(function.evidence, OWN_NAME)

    def _commands(self, telling: re.Pattern[str], other: frozenset[str]) -> Iterator[Trace]:
        """Commands that something runs, whose program, subcommand or option is telling; own scripts' names are not."""
        for one in self.commands.all:
            if one.live and one.origin != "docs" and any(telling.search(word) for word in telling_words(one, other)):
                yield half(one.evidence, UNKNOWN_LIBRARY)

    def _keys(self, telling: re.Pattern[str]) -> Iterator[Trace]:
        """Keys of configuration files that something reads."""
        for config in self.configs.files:
            named = [
                key for key in config.keys if telling.search(key.name) and key.value not in (0, None, False, "", "0")
            ]
            if named and self.configs.readers(config):
                key = named[0]
                yield half(seen(config.path, key.line, f"{key.name}: {key.value}"), UNKNOWN_LIBRARY)

    def _other_languages(self, telling: re.Pattern[str]) -> Iterator[Trace]:
        """Lines of programs in other languages that import or call something telling."""
        for path in self.snapshot.named(*OTHER_LANGUAGES)[:MOST_PROGRAMS]:
            if is_generated(path) or NOT_OWN.search(path):
                continue
            for number, line in enumerate(self.snapshot.lines(path)[:MOST_LINES], start=1):
                said = line[:LONGEST].strip()
                if said.startswith(COMMENTS) or not telling.search(said):
                    continue
                plain = said if IMPORTED_PATH.fullmatch(said) else QUOTED.sub('""', said)
                if any(telling.search(found[1]) for found in IMPORTS_OR_CALLS.finditer(plain)):
                    yield half(seen(path, number, said), UNREAD_LANGUAGE)
                    break


@lru_cache(maxsize=64)
def pattern(stems: Sequence[str]) -> re.Pattern[str]:
    """Stems as one pattern: each at the beginning of a word, where words are parted by `_`, `-`, `.` or a change of case."""
    alternatives = "|".join(re.escape(stem) for stem in stems)
    return compiled_pattern(rf"(?:(?<![a-zA-Z])|(?<=[a-z])(?=[A-Z]))(?i:{alternatives})")


def telling_words(one: RunCommand, other: frozenset[str] = frozenset()) -> Iterator[str]:
    """Of each call in a command the program and subcommand, and the options' names; not the names of scripts and files.

    `other` are programs whose words mean something else.
    """
    for call in one.command.calls:
        program = call[0].rpartition("/")[2] if call else ""
        if not program or program in NOT_PROGRAMS or program in other or ASKING.intersection(call[1:]):
            continue
        words = [word for word in call[:3] if not word.startswith("-")][:2]
        options = [word.partition("=")[0] for word in call[1:] if word.startswith("--")]
        module = [call[n + 1] for n, word in enumerate(call[:-1]) if word == "-m"]
        for word in (*words, *options, *module[:1]):
            if "/" not in word and not word.endswith((".py", ".sh", ".yaml", ".yml", ".ipynb")):
                yield word


@fact
def open_search(
    project: PythonProject,
    commands: RunCommands,
    configs: Configs,
    template: Template,
    names: Names,
    snapshot: Snapshot,
) -> OpenSearch:
    """What the second net searches in."""
    return OpenSearch(project, commands, configs, template, names, snapshot)
