"""A runner for `action.yml`: its scripts are run as GitHub's runner runs them, with the files by which a step speaks.

"Metadata syntax for GitHub Actions" (composite actions) and "Workflow commands for GitHub Actions" say what a runner does. What
another action would do is given by the test.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
BASH = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail")
"""How `shell: bash` is started ("Workflow syntax", "jobs.<job_id>.steps[*].shell")."""

FILES = ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE")

Uses = Callable[[str, Mapping[str, str]], Mapping[str, str]]
"""Stands for other actions: from `uses` and its inputs to its outputs."""


@dataclass
class StepRun:
    """One step that was run: its exit status, what it printed, and what it wrote into its files."""

    name: str
    status: int
    stdout: bytes
    stderr: str
    files: dict[str, str]


@dataclass
class ActionRun:
    """A run of the action: its steps, its outputs, and whether it failed."""

    steps: list[StepRun] = field(default_factory=list)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    used: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    failed: bool = False
    result: dict[str, str] = field(default_factory=dict)

    def step(self, name: str) -> StepRun:
        """The step of this name."""
        return next(step for step in self.steps if step.name == name)

    @property
    def stdout(self) -> bytes:
        """Everything that was printed."""
        return b"".join(step.stdout for step in self.steps)

    @property
    def summary(self) -> str:
        """The job's summary."""
        return "".join(step.files["GITHUB_STEP_SUMMARY"] for step in self.steps)


def load(action: Path) -> dict[str, Any]:
    """The action's metadata."""
    found: dict[str, Any] = yaml.safe_load((action / "action.yml").read_text(encoding="utf-8"))
    return found


def run_action(
    action: Path,
    folder: Path,
    workspace: Path,
    inputs: Mapping[str, str],
    uses: Uses,
    environment: Mapping[str, str] | None = None,
    known: Mapping[str, Mapping[str, str]] | None = None,
) -> ActionRun:
    """Run the action in `workspace`, with its temporary files in `folder`.

    `known` has the outputs of steps that are taken as having run before, by the steps' ids; those are not run again.
    """
    metadata = load(action)
    unknown = inputs.keys() - metadata["inputs"].keys()
    assert not unknown, unknown
    given = {name: str(one.get("default", "")) for name, one in metadata["inputs"].items()} | dict(inputs)
    run = ActionRun(outputs={name: dict(values) for name, values in (known or {}).items()})
    temporary = folder / "temp"
    temporary.mkdir(exist_ok=True)
    for number, step in enumerate(metadata["runs"]["steps"]):
        if run.failed or step.get("id", "") in (known or {}):
            continue
        if "if" in step and not condition(step["if"], given, run.outputs):
            continue
        if "uses" in step:
            asked = {name: evaluated(str(value), given, run.outputs) for name, value in step.get("with", {}).items()}
            run.used.append((step["uses"], asked))
            run.outputs[step.get("id", str(number))] = dict(uses(step["uses"], asked))
            continue
        assert step["shell"] == "bash"
        done = run_script(
            step["name"],
            evaluated(step["run"], given, run.outputs),
            {name: evaluated(str(value), given, run.outputs) for name, value in step.get("env", {}).items()},
            {"RUNNER_TEMP": str(temporary), "GITHUB_ACTION_PATH": str(action), "GITHUB_WORKSPACE": str(workspace)},
            folder / f"step-{number}",
            workspace,
            environment or {},
        )
        run.steps.append(done)
        run.outputs[step.get("id", str(number))] = read_pairs(done.files["GITHUB_OUTPUT"])
        run.failed = done.status != 0
    run.result = {
        name: evaluated(str(one["value"]), given, run.outputs) for name, one in metadata.get("outputs", {}).items()
    }
    return run


def run_script(
    name: str,
    script: str,
    own: Mapping[str, str],
    runner: Mapping[str, str],
    folder: Path,
    workspace: Path,
    environment: Mapping[str, str],
) -> StepRun:
    """Run one script in the workspace, with files of its own."""
    folder.mkdir()
    file = folder / "script.sh"
    file.write_text(script, encoding="utf-8")
    places = {one: folder / one for one in FILES}
    for place in places.values():
        place.touch()
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PYTHON", "PYTEST"))}
    done = subprocess.run(
        [*BASH, str(file)],
        cwd=workspace,
        env={**clean, **environment, **runner, **{one: str(place) for one, place in places.items()}, **own},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
        check=False,
    )
    said = done.stderr.decode("utf-8", "replace")
    return StepRun(
        name,
        done.returncode,
        done.stdout,
        said,
        {one: place.read_text(encoding="utf-8") for one, place in places.items()},
    )


def condition(text: str, inputs: Mapping[str, str], outputs: Mapping[str, Mapping[str, str]]) -> bool:
    """A step's `if`, of the one form that the action has: a value compared with a text."""
    found = re.fullmatch(r"([\w.-]+) == '([^']*)'", text)
    assert found is not None, text
    return lookup(found[1], inputs, outputs) == found[2]


def evaluated(text: str, inputs: Mapping[str, str], outputs: Mapping[str, Mapping[str, str]]) -> str:
    """The text with its expressions replaced by their values, as it stands: that is how a script is injected."""
    return EXPRESSION.sub(lambda found: lookup(found[1], inputs, outputs), text)


def lookup(name: str, inputs: Mapping[str, str], outputs: Mapping[str, Mapping[str, str]]) -> str:
    """An input, or a step's output; one that is not set is empty, as for the runner."""
    kind, _, rest = name.partition(".")
    if kind == "inputs":
        return inputs[rest]
    step, _, output = rest.partition(".outputs.")
    assert kind == "steps" and output, name
    return outputs.get(step, {}).get(output, "")


def read_pairs(text: str) -> dict[str, str]:
    """Name and value from an environment file: `name=value`, or `name<<delimiter`, lines, `delimiter`."""
    found: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        equals, marks = line.find("="), line.find("<<")
        if equals >= 0 and (marks < 0 or equals < marks):
            name, _, value = line.partition("=")
            found[name] = value
            continue
        assert marks > 0, line
        name, _, delimiter = line.partition("<<")
        value_lines = []
        for one in lines:
            if one == delimiter:
                break
            value_lines.append(one)
        else:
            raise AssertionError(f"{delimiter} does not end {name}")
        found[name] = "\n".join(value_lines)
    return found
