"""Texts to begin with: files that are kept for a target, and files of our samples and micro-cases whose names suit it."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import yaml

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"
KEPT = FIXTURES / "fuzz"
"""A folder for each target: seeds, and inputs that once failed."""

PYTHON = ("*.py",)
YAML = ("*.yaml", "*.yml", "*.dvc")
SHELL = ("*.sh", "*Makefile", "*.dockerfile", "*Dockerfile*")
TOML = ("*.toml",)
DOCUMENTS = ("*.md", "*.rst")
SUITED: dict[str, tuple[str, ...]] = {
    "yaml": YAML,
    "toml": TOML,
    "ini": ("*.ini", "*.cfg", "*.dvc/config"),
    "shell": SHELL,
    "dockerfile": ("*ockerfile*",),
    "terraform": ("*.tf",),
    "makefile": ("*Makefile*", "*.mk", "*justfile"),
    "runners": ("*.json", "*Taskfile*"),
    "python_tools": (*TOML, "*.cfg", "*.ini"),
    "requirements": ("*requirements*",),
    "manifests": (*TOML, "*.cfg", "*Pipfile"),
    "conda": ("*environment*",),
    "lock_files": ("*.lock",),
    "dvc_config": ("*.dvc/config",),
    "gitignore": ("*ignore",),
    "repository_workflow": ("*.github/workflows/*",),
    "repository_pipeline": ("*gitlab-ci*", "*.circleci/*", "*azure*"),
    "repository_containers": ("*ockerfile*", "*compose*", "*cloudbuild*"),
    "repository_data": ("*dvc*",),
    "repository_settings": (*TOML, "*.cfg", "*configs/*", "*environment*", "*pre-commit*", "*Makefile"),
    "repository_cloud": ("*.tf", "*.sh", "*service*.yaml", "*cloud*"),
    "python_guard": PYTHON,
    "repository_python": PYTHON,
    "repository_notebook": ("*.ipynb",),
    "notebook_lines": ("*.ipynb",),
    "javascript": ("*.js", "*.jsx", "*.ts", "*.tsx", "*.vue"),
    "page": ("*.html",),
    "repository_frontend": ("*.html", "*.js", "*.jsx", "*.jmx", "*package.json"),
    "template_lines": (*PYTHON, *YAML),
    "report": ("*reports/README.md",),
    "report_lines": ("*reports/README.md",),
    "document": DOCUMENTS,
    "documented": DOCUMENTS,
    "cloud_addresses": (*DOCUMENTS, *SHELL),
    "repository_documents": DOCUMENTS,
    "markdown_text": DOCUMENTS,
    "masking": ("*.sh", "*.env*"),
}
"""File names whose content a target reads."""


def kept(name: str) -> list[Path]:
    """What is kept for a target."""
    return sorted((KEPT / name).glob("*")) if (KEPT / name).is_dir() else []


@cache
def project_files() -> tuple[tuple[str, bytes], ...]:
    """Path and content of the files of the sample groups."""
    found = []
    for tree in sorted((FIXTURES / "projects").glob("*/tree")):
        for path in sorted(tree.rglob("*")):
            if path.is_file():
                name = path.relative_to(tree).as_posix().replace("dot_", ".")
                found.append((name, path.read_bytes()))
    return tuple(found)


@cache
def case_files() -> tuple[tuple[str, bytes], ...]:
    """Path and content of the files of the micro-cases."""
    found = []
    for path in sorted((FIXTURES / "cases").glob("*.yaml")):
        for case in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["cases"]:
            for name, content in (case.get("files") or {}).items():
                if isinstance(content, str):
                    found.append((name, content.encode("utf-8")))
    return tuple(found)


def suited(name: str, files: Iterable[tuple[str, bytes]], most: int) -> list[bytes]:
    """Contents of at most `most` bytes whose file names suit a target."""
    patterns = SUITED.get(name, ())
    return [data for path, data in files if len(data) <= most and any(fnmatch(path, pattern) for pattern in patterns)]
