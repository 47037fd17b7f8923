"""Who worked on which areas of the project, by the files that each human's commits touched."""

from __future__ import annotations

import re
from collections import Counter

from auditor.evidence import Place, seen
from auditor.facts.history.changes import FileHistory
from auditor.facts.history.identities import Human, Identities
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.code.data import is_data_module
from auditor.records import Record

AREAS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, pattern(paths, re.IGNORECASE))
    for name, paths in (
        ("tests", r"(^|/)(tests?|unittests?)/|(^|/)(test_[^/]*|[^/]*_test|conftest|locustfile)\.py$"),
        (
            "workflows",
            r"^\.github/|^\.gitlab-ci|^\.circleci/|azure-pipelines|\.pre-commit-config|(^|/)(tox\.ini|noxfile\.py)$",
        ),
        (
            "containers",
            r"(^|/)[^/]*dockerfile[^/]*$|(^|/)dockerfiles?/|docker-compose|(^|/)compose\.ya?ml$|\.dockerignore",
        ),
        (
            "cloud",
            r"cloudbuild|vertex|terraform|\.tf$|(^|/)(k8s|kubernetes|helm|gcp|cloud|deploy(ment)?|monitoring)/|service\.ya?ml$",
        ),
        ("data versions", r"\.dvc$|(^|/)\.dvc/|(^|/)dvc\.(ya?ml|lock)$|^data/"),
        ("notebooks", r"\.ipynb$|(^|/)notebooks?/"),
        ("report", r"(^|/)reports?/"),
        (
            "frontend",
            r"(^|/)(frontend|front_end|ui|webapp|web|streamlit|gradio)[/_.]|(streamlit|gradio|frontend|dashboard)[^/]*\.py$",
        ),
        (
            "API",
            r"(^|/)(api|app|backend|server|serve|service|serving|inference|bentoml)[^/]*(/|\.py$)|\.html$|\.[jt]sx?$",
        ),
        (
            "configuration",
            r"(^|/)(configs?|conf|cfg)/|(^|/)sweep[^/]*\.ya?ml$|(^|/)(config|params|hparams)\.(ya?ml|toml|json)$",
        ),
        (
            "dependencies",
            r"(^|/)(pyproject\.toml|requirements[^/]*\.txt|setup\.(py|cfg)|uv\.lock|poetry\.lock|environment\.ya?ml)$",
        ),
        ("documentation", r"(^|/)docs?/|\.(md|rst)$"),
        ("commands", r"(^|/)(tasks\.py|Makefile|justfile|[^/]*\.sh)$"),
    )
)
"""Areas of an MLOps project by their paths, the first that matches; Python files beyond these are data or model code."""

CONTENT = (
    ".png", ".jpg", ".jpeg", ".JPG", ".gif", ".svg", ".webp", ".pdf", ".csv", ".npy", ".npz", ".pt", ".pth", ".ckpt", ".pkl",
    ".parquet", ".wav", ".mp3", ".mp4", ".zip", ".tfrecord", ".h5", ".onnx", ".bin", ".safetensors", ".xml", ".txt.gz",
)  # fmt: skip
"""Endings of data, figures and models; some repositories hold tens of thousands of these."""
SEVERAL = 3
"""Areas from which on somebody worked in several."""
UPLOAD = 15
"""Files from which on a first commit is a template that was generated, not somebody's work."""


class Contribution(Record):
    """One human and the areas that their commits touched, with the number of files touched in each."""

    human: Human
    areas: tuple[tuple[str, int], ...]

    @property
    def broad(self) -> bool:
        """Whether they worked in several areas."""
        return len(self.areas) >= SEVERAL

    @property
    def evidence(self) -> Place:
        """The newest commit, with the areas."""
        said = ", ".join(f"{area} ({count})" for area, count in self.areas)
        return seen("", None, f"{self.human.name}: {said}", self.human.commits[0].hash)


class Contributions(Record):
    """Every human's work; `available` is False where the history does not tell files."""

    available: bool = False
    people: tuple[Contribution, ...] = ()


@fact
def read_contributions(files: FileHistory, identities: Identities) -> Contributions:
    """Areas of everybody's commits, co-authored ones too; generated templates and merges left out."""
    if not files.available:
        return Contributions()
    added = Counter(change.commit.hash for change in files.changes if change.status == "A")
    touched: dict[int, dict[str, set[str]]] = {}
    bulk = files.bulk
    people = {id(human): human for human in identities.humans}
    areas: dict[str, str | None] = {}
    for change in files.changes:
        if added[change.commit.hash] >= UPLOAD and (not change.commit.parents or change.commit is bulk):
            continue
        if change.path not in areas:
            areas[change.path] = area_of(change.path)
        area = areas[change.path]
        if area is None:
            continue
        for person in change.commit.people:
            human = identities.of(person)
            if human is not None and id(human) in people:
                touched.setdefault(id(human), {}).setdefault(area, set()).add(change.path)
    found = (
        Contribution(
            human, tuple(sorted(((a, len(p)) for a, p in touched.get(key, {}).items()), key=lambda x: (-x[1], x[0])))
        )
        for key, human in people.items()
    )
    return Contributions(True, tuple(found))


def area_of(path: str) -> str | None:
    """The area that a file belongs to; None for what is nobody's work, such as an empty package file or data."""
    if path.endswith(("__init__.py", *CONTENT)) or path.rpartition("/")[2] in (
        ".gitignore",
        ".gitkeep",
        "LICENSE",
        ".python-version",
    ):
        return None
    for area, paths in AREAS:
        if paths.search(path[:500]):
            return area
    if path.endswith(".py"):
        return "data" if is_data_module(path) else "model"
    return None
