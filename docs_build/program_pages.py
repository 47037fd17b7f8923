"""Pages that the program writes about itself: the command line, hand-in checks, the bounds, and the JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import typer
from claim_pages import prose

import auditor.cli  # noqa: F401 (its modules add the commands)
from auditor.checks import checks
from auditor.cli.app import app
from auditor.limits import DEFAULT, meanings
from auditor.result.json import schema

SCHEMA_FILE = "audit.schema.json"
"""Name of the schema's file on the site, beside its page."""


def commands_page() -> str:
    """Every command with its arguments and options, from what `--help` says."""
    group: Any = typer.main.get_command(app)
    lines = [
        "# Command line",
        "",
        "What `auditor COMMAND --help` prints. Every error is one line on standard error and exit status 2.",
        "",
    ]
    for name, command in group.commands.items():
        lines += [f"## auditor {name}", ""]
        context = typer.Context(command, info_name=name, parent=typer.Context(group, info_name="auditor"))
        usage = " ".join(command.get_usage(context).split()).removeprefix("Usage: ")
        lines += ["```text", usage, "```", "", *paragraphs(command.help or ""), ""]
        rows = [row(parameter, context) for parameter in command.params if not getattr(parameter, "hidden", False)]
        if rows:
            lines += ["| argument or option | meaning |", "| --- | --- |", *rows, ""]
    return "\n".join(lines)


def paragraphs(text: str) -> Iterator[str]:
    """A help text as Markdown paragraphs."""
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            yield ""
        yield prose(" ".join(paragraph.split()))


def row(parameter: Any, context: typer.Context) -> str:
    """A parameter as a line of a table."""
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts) if name.startswith("-"))
    value = parameter.make_metavar(context) if not getattr(parameter, "is_flag", False) else ""
    shown = " ".join(word for word in (names, f"`{value}`" if value else "") if word)
    said = [prose(getattr(parameter, "help", None) or "")]
    default = parameter.default
    if isinstance(default, str | int | float) and not isinstance(default, bool) and default != "":
        said.append(f"Default: `{default}`.")
    return f"| {shown} | {' '.join(said).strip()} |"


def hand_in_page() -> str:
    """Every hand-in check, from its docstring."""
    lines = [
        "# Hand-in checks",
        "",
        "What `auditor check` looks at besides the claims, and `auditor audit --hand-in` too. None of it changes a verdict. The "
        "names can be given to `--select` and `--ignore`; `H` stands for all.",
        "",
    ]
    for check in checks():
        lines += [f"## {check.title}", "", f"`{check.name}`", "", *paragraphs(check.text), ""]
    return "\n".join(lines)


def limits_page() -> str:
    """The bounds of one audit."""
    lines = [
        "# Limits",
        "",
        "A repository is written by strangers, so everything that one audit reads is bounded. A bound that is reached is a line "
        "in the result, never an error. Another one is set with `--limit NAME=NUMBER` (`auditor audit`, `auditor batch`).",
        "",
        "| limit | default | what it bounds |",
        "| --- | ---: | --- |",
    ]
    for name, meaning in meanings().items():
        lines.append(f"| `{name}` | {getattr(DEFAULT, name):,} | {prose(meaning)} |")
    lines += [
        "",
        "## What is not seen at all",
        "",
        "- Other languages than Python, YAML, TOML, JSON, Markdown, Dockerfiles, Makefiles, shell and, for frontends, HTML and "
        "JavaScript.",
        "- What a value is only shows when the code runs: a name put together from parts, a choice on the command line.",
        "- Submodules, Git LFS content, and what a partial clone lacks. They are listed in the result.",
        "- Reports in another language than English.",
        "- Work on other branches is no evidence. It is mentioned where its name fits an open claim.",
        "",
    ]
    return "\n".join(lines)


def schema_page() -> str:
    """The JSON Schema as tables."""
    document = schema()
    lines = [
        "# JSON Schema",
        "",
        f"{document['description']} As a file: [{SCHEMA_FILE}]({SCHEMA_FILE}), or `auditor schema`. "
        f"It describes version {document['properties']['schema_version']['const']}. Fields in *italics* can be missing.",
        "",
        "## The whole",
        "",
        *table(document),
    ]
    for name, part in document["$defs"].items():
        lines += [f"## {name}", "", prose(part["description"]), "", *table(part)]
    return "\n".join(lines)


def table(part: Mapping[str, Any]) -> list[str]:
    """The fields of an object; those of objects within it are named with dots."""
    return ["| field | type | meaning |", "| --- | --- | --- |", *fields(part, ""), ""]


def fields(part: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """A line for each field of an object, and of the objects in it."""
    needed = part.get("required", ())
    for name, field in part["properties"].items():
        full = f"`{prefix}{name}`" if name in needed else f"*`{prefix}{name}`*"
        yield f"| {full} | {kind(field)} | {prose(field.get('description', ''))} |"
        inner = field.get("items", {}) if field.get("type") == "array" else field
        if "properties" in inner:
            yield from fields(inner, f"{prefix}{name}{'[]' if inner is not field else ''}.")


def kind(field: Mapping[str, Any]) -> str:
    """The type of a field in words."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name})"
    if "anyOf" in field:
        return " or ".join(kind(one) for one in field["anyOf"])
    if "enum" in field:
        return ", ".join(f"`{word}`" for word in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    named = field.get("type", "any")
    words = [named] if isinstance(named, str) else list(named)
    if "array" in words and "items" in field:
        words[words.index("array")] = f"list of {kind(field['items'])}"
    return " or ".join(words)
