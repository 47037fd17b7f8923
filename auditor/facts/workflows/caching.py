"""What a job keeps from one run to the next.

Sources: the README files of actions/cache, actions/setup-python, astral-sh/setup-uv and the other actions named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.facts.workflows.model import Action, Cache, Step
from auditor.facts.workflows.source import is_true
from auditor.patterns import pattern

NEWEST = 10_000
"""Stands for the version of an action that is taken from a branch or a commit."""
UV_CACHES_SINCE = 5
"""astral-sh/setup-uv v5.0.0: `enable-cache` became `auto`, which is on for GitHub's own runners."""

BY_INPUT = {
    "actions/setup-python": ("cache",),
    "actions/setup-node": ("cache",),
    "pdm-project/setup-pdm": ("cache",),
    "mamba-org/setup-micromamba": ("cache-environment", "cache-downloads"),
    "mamba-org/provision-with-micromamba": ("cache-env", "cache-downloads"),
    "yezz123/setup-uv": ("uv-cache",),
    "eifinger/setup-rye": ("enable-cache",),
}
"""Actions that cache dependencies where one of these inputs is switched on; others are known by such an input."""
CACHE_INPUT = pattern(
    r"(enable[-_]|use[-_])?cach(e|ing)([-_]?(env\w*|dependenc\w*|packages?|pip|pypi|poetry|venv|uv|downloads?|enabled|python))?"
)
SETS_UP = pattern(
    r"setup|install|python|\buv\b|poetry|conda|mamba|pixi|pdm|hatch|rye|venv|mise|devbox|environment|dependenc"
)
"""Words in the names of actions that set up an environment."""
CACHES = pattern(r"(^|/|[-_])caches?([-_/]|$)")
"""An action whose own name says that it caches: actions/cache and its like of other hosts."""
BY_THEMSELVES = {
    "hynek/setup-cached-uv": "dependencies",
    "actions/setup-uv": "dependencies",
    "determinatesystems/magic-nix-cache-action": "dependencies",
    "determinatesystems/flakehub-cache-action": "dependencies",
    "pre-commit/action": "pre-commit",
    "j178/prek-action": "pre-commit",
}
"""Actions that cache without being told to."""
OTHER_THAN_DEPENDENCIES = pattern(
    r"huggingface|hub/|/torch|\.dvc|\bdvc\b|dataset|\bdata\b|\bmodels?\b|checkpoints|mypy|ruff|pytest_cache|kaggle|ccache"
)


def caching(steps: Iterable[Step], runs_on: tuple[str, ...]) -> tuple[Cache, ...]:
    """What the live steps cache."""
    self_hosted = any("self-hosted" in runner for runner in runs_on)
    return tuple(
        Cache(action.path, line, text, kind, action.name)
        for step in steps
        if (action := step.uses) is not None
        for line, text, kind in cached_by(action, self_hosted)
    )


def cached_by(action: Action, self_hosted: bool) -> Iterator[tuple[int, str, str]]:
    """Line, text and kind of what one action caches."""
    name, inputs = action.name.lower(), action.inputs
    here = (action.line, action.text)
    if CACHES.search(name) and not name.endswith("/save"):
        kept = inputs.get("path") or inputs.get("paths") or inputs.get("cached-paths")
        if kept:
            yield (*here, kind_of_path(f"{kept} {inputs.get('key', '')}"))
        elif name in BY_THEMSELVES:
            yield (*here, BY_THEMSELVES[name])
    elif name == "astral-sh/setup-uv":
        setting = inputs.get("enable-cache", "").lower()
        automatic = setting in ("", "auto") and major_version(action) >= UV_CACHES_SINCE and not self_hosted
        if automatic or (setting not in ("", "auto") and is_true(setting)):
            yield (*here, "dependencies")
    elif name in ("prefix-dev/setup-pixi", "jdx/mise-action"):
        if is_true(inputs.get("cache", "true")) and is_true(inputs.get("run-install", "true")):
            yield (*here, "dependencies")
    elif name in BY_INPUT:
        if any(is_true(inputs.get(key, "")) for key in BY_INPUT[name]):
            yield (*here, "dependencies")
    elif name in BY_THEMSELVES:
        yield (*here, BY_THEMSELVES[name])
    elif name.startswith("docker/") and is_true(inputs.get("cache-from", "")):
        yield (*here, "docker")
    elif not action.local and SETS_UP.search(name) and any(is_cache_input(*one) for one in inputs.items()):
        yield (*here, "dependencies")


def is_cache_input(key: str, value: str) -> bool:
    """Whether an input switches the caching of dependencies on, whatever action it is given to."""
    return CACHE_INPUT.fullmatch(key) is not None and is_true(value)


def kind_of_path(text: str) -> str:
    """What kind of thing actions/cache is told to keep, by its paths and key."""
    text = text.lower()
    if "pre-commit" in text or "prek" in text:
        return "pre-commit"
    if "buildx" in text or "docker" in text:
        return "docker"
    if any(
        word in text
        for word in tuple(
            """pip uv venv poetry conda mamba pixi rye hatch .tox .nox mise nix site-packages pdm pythonlocation""".split()
        )
    ):
        return "dependencies"
    return "other" if OTHER_THAN_DEPENDENCIES.search(text) else "dependencies"


def major_version(action: Action) -> int:
    """The major version that an action is pinned to, a pinned commit's by the comment after it; else the newest."""
    match = re.match(r"v?(\d{1,4})(?:\.|$)", action.version)
    if not match:
        match = re.search(r"#.{0,40}?\bv?(\d{1,4})(?:\.\d|\s*$)", action.text)
    return int(match[1]) if match else NEWEST
