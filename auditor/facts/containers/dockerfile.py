"""Dockerfiles as stages and instructions with lines.

Source of what is read here: Docker's "Dockerfile reference" (instructions, heredocs, exec and shell form, parser
directives) and dockerfile-parse, which reads the instructions themselves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from io import BytesIO

from dockerfile_parse import DockerfileParser
from dockerfile_parse.util import WordSplitter

from auditor.evidence import Place, seen
from auditor.facts.containers.dockerfile_text import expand, shell_text, split_flags, without_heredocs
from auditor.patterns import pattern
from auditor.records import Record

MAX_BYTES = 200_000
"""A longer file is no Dockerfile that somebody wrote; the parser's time grows with the square of a continued line."""

MAX_INSTRUCTIONS = 2_000
"""Instructions that are read of one file."""

MAX_STAGES = 100
"""Stages that are read of one file."""

INSTRUCTIONS = frozenset(
    """ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER
    VOLUME WORKDIR""".split()
)
"""Dockerfile reference, "Overview"."""

OWN_STEPS = frozenset({"ADD", "COPY", "RUN", "ENTRYPOINT", "CMD"})
REMOTE_SOURCE = pattern(r"(?:https?|git|ssh|ftp)://|git@", re.IGNORECASE)


class Instruction(Record):
    """One instruction. `value` is all after its name on one line, `heredoc` the text of its heredocs."""

    path: str
    line: int
    name: str
    value: str
    heredoc: str = ""

    @property
    def evidence(self) -> Place:
        """The instruction as one line."""
        return seen(self.path, self.line, f"{self.name} {self.value}")

    @property
    def flags(self) -> dict[str, str]:
        """`--from=builder` as `{"from": "builder"}`."""
        return split_flags(self.value)[0]

    @property
    def rest(self) -> str:
        """The value without its flags."""
        return split_flags(self.value)[1]

    @property
    def exec_form(self) -> tuple[str, ...] | None:
        """The words of the JSON (exec) form; None for the shell form."""
        rest = self.rest
        if not rest.startswith("["):
            return None
        try:
            words = json.loads(rest)
        except (ValueError, RecursionError):
            return None
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            return None
        return tuple(words)

    @property
    def words(self) -> tuple[str, ...]:
        """The value's words, in either form, quotes taken off."""
        words = self.exec_form
        return words if words is not None else tuple(WordSplitter(self.rest).split())

    @property
    def shell(self) -> str:
        """What a shell is given to run, for RUN, CMD and ENTRYPOINT in either form."""
        words = self.exec_form
        text = self.rest if words is None else shell_text(words)
        return f"{text}\n{self.heredoc}" if self.heredoc else text


class Copy(Record):
    """One COPY or ADD. `sources` are paths of the build context, or of `from_stage` (a stage's name or an image).

    Sources on the network and heredocs are left out.
    """

    instruction: Instruction
    sources: tuple[str, ...]
    destination: str
    from_stage: str | None

    @property
    def line(self) -> int:
        """Line of the instruction."""
        return self.instruction.line


class EntryPoint(Record):
    """What a container of the image runs, as a shell would be given it."""

    path: str
    line: int
    shell: str

    @property
    def evidence(self) -> Place:
        """The command."""
        return seen(self.path, self.line, self.shell)


class Stage(Record):
    """One FROM and the instructions below it."""

    index: int
    image: str
    name: str | None
    line: int
    instructions: tuple[Instruction, ...]


class Dockerfile(Record, dict=True):
    """One Dockerfile. `stages` is empty where no FROM is in force: an empty file, or one commented out."""

    path: str
    instructions: tuple[Instruction, ...]
    stages: tuple[Stage, ...]
    arguments: Mapping[str, str]
    """Default of every ARG before the first FROM."""

    @property
    def valid(self) -> bool:
        """Whether Docker could build it: FROM comes first (ARG aside) and every instruction exists."""
        first = next((i.name for i in self.instructions if i.name != "ARG"), None)
        return first == "FROM" and bool(self.stages) and all(i.name in INSTRUCTIONS for i in self.instructions)

    @property
    def evidence(self) -> Place:
        """Its (last) FROM."""
        if not self.stages:
            return seen(self.path, None, "no FROM instruction")
        return seen(self.path, self.stages[-1].line, f"FROM {self.stages[-1].image}")

    @property
    def own_steps(self) -> tuple[Instruction, ...]:
        """What is done beyond FROM: COPY, ADD, RUN, ENTRYPOINT and CMD."""
        return tuple(i for stage in self.stages for i in stage.instructions if i.name in OWN_STEPS)

    @cached_property
    def copies(self) -> tuple[Copy, ...]:
        """Every COPY and ADD of every stage."""
        return tuple(copy for stage in self.stages for copy in self.stage_copies(stage))

    @property
    def entrypoint(self) -> EntryPoint | None:
        """What the image runs by default: ENTRYPOINT and CMD of the last stage, or of the stages that it builds on."""
        if not self.stages:
            return None
        lineage = self.lineage(self.stages[-1])
        instructions = [i for stage in lineage for i in stage.instructions]
        entry = next((i for i in reversed(instructions) if i.name == "ENTRYPOINT"), None)
        command = next((i for i in reversed(instructions) if i.name == "CMD"), None)
        first = entry or command
        if first is None:
            return None
        words = first.exec_form
        if entry is not None and words is not None and command is not None and command.exec_form is not None:
            words = (*words, *command.exec_form)
        return EntryPoint(self.path, first.line, first.shell if words is None else shell_text(words))

    @property
    def start(self) -> str:
        """All that its start says: ENTRYPOINT, and CMD, which an entry script may be handed or run in turn (`exec "$@"`)."""
        if not self.stages:
            return ""
        instructions = [i for stage in self.lineage(self.stages[-1]) for i in stage.instructions]
        last = {i.name: i.shell for i in instructions if i.name in ("ENTRYPOINT", "CMD")}
        return "\n".join(text for name in ("ENTRYPOINT", "CMD") if (text := last.get(name)))

    def stage(self, name: str) -> Stage | None:
        """The stage that `--from=name` or `FROM name` means: a name, or a number."""
        for stage in self.stages:
            if (stage.name is not None and stage.name == name.lower()) or str(stage.index) == name:
                return stage
        return None

    def lineage(self, stage: Stage) -> tuple[Stage, ...]:
        """`stage` and the stages that it builds on, the outermost first."""
        found = [stage]
        while True:
            base = found[0]
            names = {s.name: s for s in self.stages[: base.index] if s.name is not None}
            parent = names.get(base.image.lower())
            if parent is None:
                return tuple(found)
            found.insert(0, parent)

    def stage_copies(self, stage: Stage) -> tuple[Copy, ...]:
        """Every COPY and ADD of one stage."""
        variables = self.variables(stage)
        made = (read_copy(i, variables) for i in stage.instructions if i.name in ("COPY", "ADD"))
        return tuple(copy for copy in made if copy is not None)

    def variables(self, stage: Stage) -> Mapping[str, str]:
        """Values of ARG and ENV that hold in `stage` as far as the file gives them."""
        return self._variables[stage.index]

    @cached_property
    def _variables(self) -> tuple[Mapping[str, str], ...]:
        known: list[dict[str, str]] = []
        for stage in self.stages:
            parents = self.lineage(stage)[:-1]
            known.append(self._own_variables(stage, known[parents[-1].index] if parents else {}))
        return tuple(known)

    def _own_variables(self, stage: Stage, inherited: Mapping[str, str]) -> dict[str, str]:
        known = dict(inherited)
        for i in (i for i in stage.instructions if i.name in ("ARG", "ENV")):
            words = [word for word in WordSplitter(i.value).split() if word]
            if i.name == "ENV" and words and "=" not in words[0]:
                known[words[0]] = expand(" ".join(words[1:]), known)
                continue
            for word in words:
                name, equals, value = word.partition("=")
                if equals:
                    known[name] = expand(value, known)
                elif name in self.arguments:
                    known[name] = self.arguments[name]
        return known


def read_dockerfile(path: str, text: str) -> Dockerfile:
    """The Dockerfile in `text`; anything at all can be read, what makes no sense has no stages."""
    instructions = read_instructions(path, text)
    arguments: dict[str, str] = {}
    groups: list[tuple[Instruction, list[Instruction]]] = []
    for instruction in instructions:
        if instruction.name == "FROM":
            groups.append((instruction, []))
        elif groups:
            groups[-1][1].append(instruction)
        elif instruction.name == "ARG":
            for word in WordSplitter(instruction.value).split():
                name, equals, value = (word or "").partition("=")
                if equals:
                    arguments[name] = expand(value, arguments)
    stages: list[Stage] = []
    for head, body in groups:
        words = head.rest.split()
        if not words or len(stages) == MAX_STAGES:
            continue
        name = words[2].lower() if len(words) > 2 and words[1].lower() == "as" else None
        stages.append(Stage(len(stages), expand(words[0], arguments), name, head.line, tuple(body)))
    return Dockerfile(path, tuple(instructions), tuple(stages), arguments)


def read_instructions(path: str, text: str) -> list[Instruction]:
    """Every instruction of a Dockerfile, in order, comments left out."""
    text = text[:MAX_BYTES].encode("utf-8", "replace").decode("utf-8")
    plain, heredocs = without_heredocs(text)
    parser = DockerfileParser(fileobj=BytesIO(plain.encode("utf-8")), env_replace=False)
    found = [i for i in parser.structure if i["instruction"] != "COMMENT"]
    return [
        Instruction(
            path, i["startline"] + 1, i["instruction"], (i["value"] or "").strip(), heredocs.get(i["endline"], "")
        )
        for i in found[:MAX_INSTRUCTIONS]
    ]


def read_copy(instruction: Instruction, variables: Mapping[str, str]) -> Copy | None:
    """What a COPY or ADD copies; None where it names no destination."""
    words = [expand(word, variables) for word in instruction.words if word]
    if len(words) < 2:
        return None
    *sources, destination = words
    local = tuple(s for s in sources if not s.startswith("<<") and not REMOTE_SOURCE.match(s))
    return Copy(instruction, local, destination, instruction.flags.get("from"))
