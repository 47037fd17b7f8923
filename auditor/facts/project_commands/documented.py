"""Commands that documents tell the reader to give: code blocks and code within lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from auditor.facts.documents.document import Document
from auditor.facts.project_commands.model import CommandUse
from auditor.formats.shell import Command, parse_commands
from auditor.patterns import pattern

SHELL_LANGUAGES = frozenset(
    (
        "",
        "bash",
        "sh",
        "shell",
        "zsh",
        "console",
        "shell-session",
        "shellsession",
        "terminal",
        "powershell",
        "ps1",
        "pwsh",
        "ps",
        "bat",
        "batch",
        "cmd",
        "fish",
        "text",
        "txt",
        "plaintext",
        "none",
        "commandline",
        "bash-session",
    )
)
SESSION_LANGUAGES = frozenset({"console", "shell-session", "shellsession", "bash-session"})
PROMPT = pattern(r"\s*(?:\([\w.-]+\)\s*)?(?:\$|>|%|PS(?:\s[\w:\\/.~-]*)?>|C:\\[^>]*>|[\w.-]+@[\w.-]+:[^$#]*[$#])\s+")
PLACEHOLDER = pattern(r"<[A-Za-z][\w-]*(?:[ /][\w-]+)*>")
MAX_RST = 200_000
MAX_NOTES = 20_000
"""Characters of a text file of notes; a longer one is data or output."""
NO_NOTES = pattern(
    r"(^|/)(data|datasets?|models?|reports?|outputs?|results?|logs?|runs|wandb|mlruns|figures|weights|checkpoints|vocab\w*)/"
    r"|requirements|licen[cs]e|robots\.txt|constraints|cmakelists|vocab|merges|labels|classes|top_level|sources|entry_points"
)
TOLD = pattern(
    r"(^|[-_ ./])(instructions?|notes?|commands?|cmds?|how[-_ ]?to\w*|readme|usage|steps|guide|cheat[-_ ]?sheet|deploy\w*|setup|run\w*)([-_ .]|$)"
)
"""Names of text files that tell what to type, in whatever folder they lie."""
TYPED = pattern(
    r"\s*(?:[$>%]\s+)?(?:sudo\s+)?(?:docker|docker-compose|podman|gcloud|gsutil|kubectl|helm|terraform|bq|dvc|python3?|uv|poetry|invoke|make|just|"
    r"bash|sh|wandb|pip3?|conda|uvicorn|gunicorn|fastapi|flask|locust|k6|hey|wrk|ab|vegeta|oha|artillery|tox|nox|pytest|git|bentoml|streamlit|"
    r"gradio|torchserve|torch-model-archiver|mlflow|optimum-cli|onnxsim|yolo|torchrun|accelerate|deepspeed|sky|pre-commit|evidently|functions-framework|"
    r"curl)\s+\S"
)
MAX_INLINE = 500


def documented_commands(document: Document) -> Iterator[CommandUse]:
    """The commands of a Markdown document."""
    for block in document.code_blocks:
        if block.language in SHELL_LANGUAGES:
            yield from uses(document.path, block_commands(document.path, block.text, block.line, block.language))
    for code in document.inline_code:
        if " " in code.text.strip() and len(code.text) <= MAX_INLINE:
            yield from uses(document.path, block_commands(document.path, code.text, code.line))


def uses(path: str, commands: tuple[Command, ...]) -> Iterator[CommandUse]:
    """Commands as those of a document."""
    for command in commands:
        yield CommandUse("docs", path, command)


def block_commands(path: str, text: str, line: int, language: str = "") -> tuple[Command, ...]:
    """The commands of one block: without prompts, output and placeholders.

    Where a session is shown (a console block, or `$ ` at the start of lines), lines without prompt are its output.
    """
    lines = text.split("\n")
    prompted = [PROMPT.match(row[:200]) is not None and not row.startswith("# ") for row in lines]
    session = any(prompted) and (language in SESSION_LANGUAGES or any(row.lstrip().startswith("$ ") for row in lines))
    script: list[str] = []
    continued = False
    for row, has_prompt in zip(lines, prompted, strict=True):
        if session and not has_prompt and not continued:
            script.append("")
            continue
        match = PROMPT.match(row[:200]) if has_prompt else None
        kept = row[match.end() :] if match else row
        if kept.endswith((" `", " ^")):
            kept = kept[:-1] + "\\"
        continued = kept.endswith("\\")
        script.append(PLACEHOLDER.sub("{}", kept))
    return parse_commands("\n".join(script), path=path, line=line)


def read_rst(path: str, text: str) -> Iterator[CommandUse]:
    """The commands of a reStructuredText document: literal and code blocks, and double backticks.

    Source: Docutils, "reStructuredText Markup Specification" ("Literal Blocks", "Inline Literals").
    """
    lines = text[:MAX_RST].split("\n")
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        stripped = line.strip()
        for code in re.findall(r"``([^`]{3,200})``", line[:5_000]):
            if " " in code:
                yield from uses(path, block_commands(path, code, index))
        directive = re.match(r"\.\. (?:code-block|code|sourcecode|prompt)::\s*([\w-]*)", stripped)
        literal = stripped.endswith("::") and not stripped.startswith("..")
        if not (directive and directive[1].lower() in SHELL_LANGUAGES) and not literal:
            continue
        indent = len(line) - len(line.lstrip())
        body: list[str] = []
        start = index
        while index < len(lines) and (
            not lines[index].strip() or indent < len(lines[index]) - len(lines[index].lstrip())
        ):
            row = lines[index].strip()
            body.append("" if directive and re.match(r":[\w-]+:", row) else row)
            index += 1
        language = directive[1].lower() if directive else ""
        yield from uses(path, block_commands(path, "\n".join(body), start + 1, language))


def read_plain_text(path: str, text: str) -> Iterator[CommandUse]:
    """The commands of a plain text README: every line that starts with a lower-case program name or a prompt."""
    rows = [row if re.match(r"\s*(?:[$>] )?[a-z][\w.-]* \S", row[:200]) else "" for row in text[:MAX_RST].split("\n")]
    yield from uses(path, block_commands(path, "\n".join(rows), 1))


def may_be_notes(path: str) -> bool:
    """Whether a text file may be somebody's notes: by its name, or near the root and no list, data or output."""
    *folders, name = path.lower().split("/")
    if len(folders) <= 3 and TOLD.search(name):
        return True
    return len(folders) <= 2 and not NO_NOTES.search(f"{'/'.join(folders)}/{name}")


def read_notes(path: str, text: str) -> Iterator[CommandUse]:
    """The commands of a text file of notes: lines that begin with a program which people type."""
    if len(text) <= MAX_NOTES:
        rows = [row if TYPED.match(row[:200]) else "" for row in text.split("\n")]
        yield from uses(path, block_commands(path, "\n".join(rows), 1))


def lacks_program(command: Command, names: Collection[str]) -> bool:
    """Whether a document's command runs a Python file of a name that no file of the repository has: text on a tool in general.

    `names` are the names of all files, folders aside; a module after `-m` may be an installed one's.
    """
    for call in command.calls:
        script = next((word for word in call[1:3] if word.endswith(".py")), "") if call[0] == "python" else ""
        if call[0].endswith(".py"):
            script = call[0]
        if not script or "{" in script or "*" in script or "$" in script:
            continue
        if script.replace("\\", "/").rpartition("/")[2] not in names:
            return True
    return False
