"""What the files of a repository say of its images."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.facts.containers import Containers, Dockerfile, containers, read_dockerfile
from auditor.facts.own_work.ignores import ignores
from support.trees import Trees


def read(tree: Trees, files: Mapping[str, str]) -> Containers:
    snapshot = tree(files).snapshot
    return containers(snapshot, ignores(snapshot))


def missing(tree: Trees, text: str, files: Mapping[str, str] | None = None) -> list[str]:
    found = read(tree, {"Dockerfile": text, **(files or {})})
    return [m.path for m in found.missing_paths(found.by_path["Dockerfile"])]


def dockerfile(text: str) -> Dockerfile:
    return read_dockerfile("Dockerfile", text)
