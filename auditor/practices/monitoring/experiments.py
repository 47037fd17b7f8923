"""Own experiments on drift: the model is run on data that were shifted or disturbed on purpose, and what comes out is compared.

An experiment may stand in one file, or be several scripts that a shell script, a Makefile or a container runs one after the other.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from auditor.evidence import Trace, counts, half, strong_first
from auditor.facts.own_work.template import Template
from auditor.facts.python import CODE, Call, PythonFile, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.api.inference import Inference
from auditor.practices.automation.commands import RunCommand, RunCommands
from auditor.practices.traces import why_idle
from auditor.practices.uses import Uses
from auditor.records import Record

NAMED = pattern(
    r"robust|corrupt|perturb|shift|out_of_distribution|(^|[_/])ood(_|$)|drift|nois[ey]|disturb|degrad|adversarial|blur|darken|stress",
    re.IGNORECASE,
)
"""Names of files and functions that disturb data to see what a model makes of it."""
STRICTLY = pattern(r"robust|corrupt|perturb|distribution_?shift|out_of_distribution|(^|_)ood(_|$)|drift", re.IGNORECASE)
"""Those of them that leave no doubt: noise may as well be augmentation."""
SCORING = pattern(
    r"(^|[._/])\w*(acc|eval|score|metric|auc|f1|rmse|mae|predict|infer|validat|classif)\w*(\.py)?$", re.IGNORECASE
)
"""How code calls what measures a model or runs it, and how its scripts are called."""
LEVELS = pattern(
    r"level|severit|nois|sigma|shift|epsilon|eps\b|strength|angle|factor|intensit|corruption|perturbation|condition|variant|scenario|degree|magnitude",
    re.IGNORECASE,
)
"""What loops run over that measure a model at several strengths of a disturbance."""
UNDISTURBED = pattern(
    r"(^|_|-)(clean|original|orig|before|baseline|base|reference|ref|normal|undisturbed|plain|unshifted|source|in_dist\w*|test)(_|-|$)",
    re.IGNORECASE,
)
DISTURBED = pattern(
    r"(^|_|-)(nois\w*|shift\w*|corrupt\w*|perturb\w*|disturb\w*|after|degrad\w*|dark\w*|blur\w*|ood|drift\w*|adversarial|adv|augment\w*|robust\w*|attack\w*)(_|-|$)",
    re.IGNORECASE,
)
COMPARING = pattern(
    r"compar|before.{0,40}after|clean.{0,40}nois|versus|(^|[_-])vs([_-]|$)|difference|delta|drop|report", re.IGNORECASE
)
"""Words of commands and scripts that hold what came out against each other."""

NO_COMPARISON = "it runs the model on data that are disturbed, and nothing compares what comes out"
NOT_COMPARED = "the data are disturbed, and what a model makes of them is not compared"


class Experiments(Record):
    """Experiments with disturbed data."""

    traces: tuple[Trace, ...] = ()


@fact
def experiments(
    project: PythonProject, uses: Uses, inference: Inference, commands: RunCommands, template: Template
) -> Experiments:
    """Those of own files, and of scripts that run one after the other."""
    found: list[Trace] = []
    for file in project.of(*CODE):
        if not template.is_stub(file.path):
            found += in_one_file(file, uses, inference)
    if not any(trace.strong for trace in found):
        found += in_several(project, uses, inference, commands)
    return Experiments(strong_first(found))


def in_one_file(file: PythonFile, uses: Uses, inference: Inference) -> Iterator[Trace]:
    """A file that disturbs data and runs the model on them."""
    for call in file.calls:
        if call.live and uses.is_a(call, "drift.attacks"):
            yield counts(call.evidence) if compares(file, inference) else half(call.evidence, NO_COMPARISON)
    name = stem(file.path)
    for scope, calls in by_scope(file.calls):
        disturbed = [call for call in calls if uses.is_a(call, "drift.disturbs")]
        if not disturbed or (
            not STRICTLY.search(scope)
            and not STRICTLY.search(name)
            and not (NAMED.search(f"{name} {scope}") and compares(file, inference))
        ):
            continue
        if not any(inference.runs(call) or scores(call) for call in file.calls):
            continue
        live = next((call for call in disturbed if call.live), None)
        if live is None:
            yield half(disturbed[0].evidence, why_idle(disturbed[0]))
        else:
            yield counts(live.evidence) if compares(file, inference) else half(live.evidence, NO_COMPARISON)


def scores(call: Call) -> bool:
    """Whether a call measures a model, by how the code calls it."""
    written = call.written.lower()
    return "acc" in written or "eval" in written or (bool(SCORING.search(call.written)) and "." not in call.written)


def compares(file: PythonFile, inference: Inference) -> bool:
    """Whether a file measures the model more than once: at several strengths, or on clean and on disturbed data."""
    measured = [call for call in file.calls if call.live and (inference.runs(call) or scores(call))]
    for loop in file.loops:
        over = loop.over
        if over is None or not loop.live:
            continue
        several = len(over.elements) > 1 and (over.known or bool(LEVELS.search(over.text)))
        if (several or LEVELS.search(over.text)) and any(
            call.in_loop and call.scope == loop.scope for call in measured
        ):
            return True
    words = {a.target for a in file.assignments} | {key for call in file.calls for key, _ in call.keywords}
    words |= {
        w for call in file.calls for value in call.args for w in re.findall(r"[A-Za-z_]\w{0,40}", value.text[:200])
    }
    two = any(UNDISTURBED.search(word) for word in words) and any(DISTURBED.search(word) for word in words)
    return two and any(times > 1 for times in counted(measured).values())


def counted(calls: Iterable[Call]) -> dict[tuple[str, str], int]:
    """How often each thing is called in a scope."""
    found: dict[tuple[str, str], int] = {}
    for call in calls:
        found[call.scope, call.written] = found.get((call.scope, call.written), 0) + 1
    return found


def in_several(project: PythonProject, uses: Uses, inference: Inference, commands: RunCommands) -> Iterator[Trace]:
    """Scripts that one file of commands runs: one disturbs data, another runs the model, and what comes out is compared."""
    by_file: dict[str, list[tuple[RunCommand, PythonFile]]] = {}
    for one in commands.all:
        if one.live and one.origin != "docs":
            for file in started(one, project):
                by_file.setdefault(one.path, []).append((one, file))
    for steps in by_file.values():
        disturbing = [(one, file) for one, file in steps if disturbs(file, uses)]
        measuring = [one for one, file in steps if runs_model(file, inference)]
        if not disturbing or not measuring:
            continue
        said = " ".join(word for one, _ in steps for call in one.command.calls for word in call)
        both = (
            UNDISTURBED.search(said.replace(" ", "_")) is not None
            and DISTURBED.search(said.replace(" ", "_")) is not None
        )
        times = sum(1 for one in measuring if one is not None)
        compared = COMPARING.search(said) is not None or (both and times > 1)
        place = disturbing[0][0].evidence
        yield counts(place) if compared else half(place, NOT_COMPARED)


def started(one: RunCommand, project: PythonProject) -> Iterator[PythonFile]:
    """Own Python files that a command starts."""
    for call in one.command.calls:
        for word in call:
            if word.endswith(".py"):
                file = project.file(word.removeprefix("./")) or beside(one.path, word, project)
                if file is not None:
                    yield file
        for before, after in itertools.pairwise(call):
            module = project.module(after) if before == "-m" else None
            if module is not None:
                yield module


def beside(path: str, word: str, project: PythonProject) -> PythonFile | None:
    """The file that a word names from the folder of the file at `path`."""
    folder = path.rpartition("/")[0]
    return project.file(f"{folder}/{word.removeprefix('./')}".lstrip("/"))


def disturbs(file: PythonFile, uses: Uses) -> bool:
    """Whether a script makes disturbed data of given data."""
    return bool(NAMED.search(stem(file.path))) and any(
        call.live and uses.is_a(call, "drift.disturbs") for call in file.calls
    )


def runs_model(file: PythonFile, inference: Inference) -> bool:
    """Whether a script runs the model."""
    return any(call.live and (inference.runs(call) or scores(call)) for call in file.calls)


def stem(path: str) -> str:
    """A file's name without its ending."""
    return path.rpartition("/")[2].removesuffix(".py").removesuffix(".ipynb")


def by_scope(calls: Iterable[Call]) -> list[tuple[str, list[Call]]]:
    """Calls by the function that they stand in."""
    found: dict[str, list[Call]] = {}
    for call in calls:
        found.setdefault(call.scope, []).append(call)
    return list(found.items())
