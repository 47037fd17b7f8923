"""Dev containers that are built here (Development Containers Specification, "devcontainer.json reference")."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from auditor.facts.containers.compose import ComposeService
from auditor.patterns import pattern
from auditor.repository.file_by_file import each_file
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

NAMES = ("devcontainer.json", ".devcontainer.json")
LONGEST = 100_000
_COMMENT = pattern(r'("(?:\\.|[^"\\\n])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_LAST_COMMA = pattern(r",(\s*[}\]])")


def dev_containers(snapshot: Snapshot) -> Iterator[ComposeService]:
    """The dev containers with a Dockerfile of their own, each as a service that is built."""
    yield from each_file(snapshot, snapshot.named(*NAMES), read_dev_container)


def read_dev_container(snapshot: Snapshot, path: str) -> Iterator[ComposeService]:
    """The dev container of one file; nothing where it starts from a ready image, or the file is no JSON with comments."""
    text = (snapshot.text(path) or "")[:LONGEST]
    plain = _LAST_COMMA.sub(r"\1", _COMMENT.sub(lambda match: match[1] or "", text))
    try:
        settings = json.loads(plain)
    except (ValueError, RecursionError):
        snapshot.note_unread(path, ValueError("not JSON, also without its comments"))
        return
    if not isinstance(settings, dict):
        return
    build = settings.get("build")
    table = build if isinstance(build, dict) else settings
    named = table.get("dockerfile") or table.get("dockerFile")
    if not isinstance(named, str) or not named:
        return
    folder = path.rpartition("/")[0]
    context = table.get("context")
    at = max(text.lower().find('"dockerfile"'), 0)
    yield ComposeService(
        path=path,
        line=text.count("\n", 0, at) + 1,
        name="dev container",
        image="",
        context=normalise(f"{folder}/{context if isinstance(context, str) else '.'}"),
        dockerfile=normalise(f"{folder}/{named}"),
        command="",
    )
