"""The honest group's own evidence under names that a terminal obeys or that turn the writing: it counts, and is shown escaped."""

from __future__ import annotations

from hostile.ground import Ground
from hostile.registry import COMMIT, FULL, WORK_TREE, case

ODD = "a\x1b[31m\n\u202eb"
"""For a part of a name: a terminal turns red, begins a new line, and writes what follows from right to left."""
ESCAPED = "a\u241b[31m"
TURNED = "[U+202E]"
BOTH = (WORK_TREE, COMMIT) if FULL else (COMMIT,)


def renamed(ground: Ground, *paths: str) -> None:
    """Give each of these files an odd name, its ending and what tests are known by aside."""
    for path in paths:
        old = ground.repository / path
        begin = "test_" if old.name.startswith("test_") else ""
        new = old.with_name(f"{begin}{ODD}{old.stem.removeprefix(begin)}{old.suffix}")
        new.parent.mkdir(parents=True, exist_ok=True)
        old.rename(new)


def put_deeper(ground: Ground, folder: str) -> None:
    """Put the files of a folder into one of an odd name within it."""
    inner = ground.repository / folder / ODD
    files = [path for path in (ground.repository / folder).iterdir() if path.is_file()]
    inner.mkdir()
    for path in files:
        path.rename(inner / path.name)


@case(*BOTH, shown=(ESCAPED, TURNED))
def of_workflows(ground: Ground) -> None:
    renamed(ground, *(f".github/workflows/{name}.yaml" for name in ("data", "lint", "tests")))


@case(*BOTH, shown=(ESCAPED, TURNED))
def of_tests(ground: Ground) -> None:
    renamed(ground, *(f"tests/test_{name}.py" for name in ("api", "data", "model")))


@case(*BOTH, shown=(ESCAPED, TURNED))
def of_a_folder_of_tests(ground: Ground) -> None:
    put_deeper(ground, "tests")


@case(*BOTH, shown=(ESCAPED, TURNED), changes="M10.build M21.image_trigger M21.cloud_training M23.deploy")
def of_dockerfiles(ground: Ground) -> None:
    """What builds them names them as they were called before."""
    renamed(ground, *(f"dockerfiles/{name}.dockerfile" for name in ("api", "frontend", "train")))


@case(*BOTH, shown=(ESCAPED, TURNED), changes="M10.build M21.image_trigger M21.cloud_training M23.deploy")
def of_a_folder_of_dockerfiles(ground: Ground) -> None:
    put_deeper(ground, "dockerfiles")


@case(*BOTH, shown=(ESCAPED, TURNED))
def of_the_report(ground: Ground) -> None:
    renamed(ground, "reports/README.md")


@case(*BOTH, shown=(ESCAPED, TURNED))
def of_the_folder_of_the_report(ground: Ground) -> None:
    (ground.repository / "reports").rename(ground.repository / f"reports{ODD}")
