"""Requirements files, as pip reads them (pip documentation, "Requirements File Format")."""

from __future__ import annotations

import re

from auditor.facts.dependencies.manifest import Manifest
from auditor.patterns import pattern

_COMMENT = pattern(r"(?:^|\s)#.*$")
_OPTION = pattern(r"(-r|--requirement|-c|--constraint|-e|--editable)(?:\s*=\s*|\s+|(?=[^-\s]))(.+)")
_PER_REQUIREMENT = pattern(r"\s--?(?:hash|global-option|config-settings?|no-binary|only-binary)\b.*$")


def read_requirements_text(text: str, path: str, group: str) -> Manifest:
    """The requirements file `text`; never raises."""
    result = Manifest(path)
    for number, line in logical_lines(text):
        requirement = line
        if option := _OPTION.fullmatch(line):
            flag, value = option.group(1), option.group(2).strip().strip("\"'")
            if flag in ("-r", "--requirement"):
                result.include(value)
                continue
            if flag in ("-c", "--constraint"):
                continue
            requirement = value
        elif line.startswith("-"):
            continue
        requirement = _PER_REQUIREMENT.sub("", requirement).strip()
        if re.fullmatch(r"\.(\[[\w\s,.-]*\])?", requirement):
            result.installs_project = result.installs_project or number
            continue
        if requirement.startswith(("./", "../", "/", "file:", "${", "~")) and "egg=" not in requirement:
            continue
        result.require(requirement, number, group)
    return result


def logical_lines(text: str) -> list[tuple[int, str]]:
    """(first line, content) of every line that holds something; a backslash at the end joins the next one."""
    found: list[tuple[int, str]] = []
    parts: list[str] = []
    start = 0
    for number, raw in enumerate([*text.split("\n"), ""], start=1):
        if not parts:
            start = number
        line = raw.rstrip()
        if line.endswith("\\") and not line.lstrip().startswith("#") and len(parts) < 1000:
            parts.append(line[:-1].strip())
            continue
        parts.append(_COMMENT.sub("", line).strip())
        whole = " ".join(part for part in parts if part)
        parts = []
        if whole:
            found.append((start, whole))
    return found
