"""Over which systems, Pythons and PyTorch versions continuous integration tests, and what it caches for that.

Sources: GitHub documentation, "Running variations of jobs in a workflow", "Reusing workflows"; tox, "Generative environments"; nox,
"Configuration & API" (`python=`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.evidence import Place, Trace, aside, half, strong_first, weighed
from auditor.facts.project_commands import Commands
from auditor.facts.python import PythonProject
from auditor.facts.workflows import Axis, Job, Workflows
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.job_work import JobWork
from auditor.practices.automation.pipelines import Pipelines
from auditor.records import Record
from auditor.repository.paths import normalise

AXES = ("os", "python", "pytorch")
ONE_VALUE = "it has one value only"
NOT_USED = "nothing in the job uses its value"
MADE = "an expression makes its values, which cannot be followed here"
NO_TESTS = "its job runs no tests"
MISPLACED = "it stands outside `strategy`, where GitHub does not read it"
SEVERAL_JOBS = "the test jobs run on several systems, without a matrix"
IN_ONE_JOB = "several Pythons are run in one job, without a matrix"
LAYERS = "it keeps layers of images, not dependencies"
PYTHON = pattern(r"(py|python|pypy|cp)?-?3\.?[0-9]{1,2}")


class TestVariants(Record):
    """Axes of test jobs, and caches in them."""

    axes: tuple[Trace, ...] = ()
    caches: tuple[Trace, ...] = ()

    __test__ = False


@fact
def read_variants(
    pipelines: Pipelines, workflows: Workflows, commands: Commands, project: PythonProject
) -> TestVariants:
    """What the jobs that run tests vary and cache; where no job does, what the others cache."""
    tests = [work for work in pipelines.every if work.tests]
    others = [work for work in pipelines.every if not work.tests]
    axes = [trace for work in tests for trace in of_job(work, workflows)]
    axes += several_systems(tests)
    axes += several_pythons(tests, commands, project)
    axes += [aside(axis.evidence, NO_TESTS) for work in others for axis in varied(work.job)]
    live = [work for work in tests if work not in pipelines.dead]
    caches = [trace for work in (tests if live else [*tests, *pipelines.live]) for trace in caching(work)]
    caches += [
        aside(one.evidence, NO_TESTS) for work in others for one in work.job.caching if one.kind == "dependencies"
    ]
    return TestVariants(strong_first(axes), strong_first(caches))


def automatic(work: JobWork) -> str:
    """Why a job does not count for a claim about its runs: it never runs, or only by hand."""
    return "" if work.job.automatic and not work.job.disabled else work.why


def of_job(work: JobWork, workflows: Workflows) -> Iterator[Trace]:
    """Axes of a test job, or of the jobs that call its workflow."""
    callers = [
        job
        for workflow in workflows.all
        for job in workflow.jobs
        if job.uses.startswith("./") and normalise(job.uses) == work.job.workflow
    ]
    why = automatic(work)
    for job in (work.job, *callers):
        for axis in job.matrix.of_kind(*AXES) if job.matrix is not None else ():
            yield of_axis(axis, why)
        if job.matrix is not None and not job.matrix.axes:
            yield half(job.matrix.evidence, MADE)
        if job.misplaced_matrix is not None:
            yield aside(job.misplaced_matrix.evidence, MISPLACED)


def of_axis(axis: Axis, why: str) -> Trace:
    """An axis as a trace."""
    if not axis.varied:
        return half(axis.evidence, MADE) if not axis.known else aside(axis.evidence, ONE_VALUE)
    return weighed(axis.evidence, why or ("" if axis.used else NOT_USED))


def varied(job: Job) -> tuple[Axis, ...]:
    """The axes of a job that have two or more values."""
    return tuple(axis for axis in job.matrix.of_kind(*AXES) if axis.varied) if job.matrix is not None else ()


def caching(work: JobWork) -> Iterator[Trace]:
    """What a job caches."""
    why = automatic(work)
    for cache in work.job.caching:
        if cache.kind == "dependencies":
            yield weighed(cache.evidence, why)
        elif cache.kind == "docker":
            yield aside(cache.evidence, LAYERS)


def several_systems(tests: Iterable[JobWork]) -> Iterator[Trace]:
    """Test jobs on different systems, each written out."""
    found: dict[str, Place] = {}
    for work in tests:
        if not work.why:
            for system in work.job.runs_on:
                name = system.lower().partition("-")[0]
                if name in ("ubuntu", "windows", "macos"):
                    found.setdefault(name, work.job.evidence)
    if len(found) > 1:
        yield from (half(place, SEVERAL_JOBS) for place in found.values())


def several_pythons(tests: Iterable[JobWork], commands: Commands, project: PythonProject) -> Iterator[Trace]:
    """Several Pythons that tox or nox runs the tests with, one after the other."""
    for work in tests:
        for command in work.commands:
            if command.runs("tox"):
                needs = [need for one in commands.named("tox", "") for need in one.needs]
                if sum(PYTHON.match(need) is not None for need in needs) > 1:
                    yield half(command.evidence, IN_ONE_JOB)
            elif command.runs("nox"):
                for call in project.calls("nox.session", "nox_uv.session"):
                    given = call.keyword("python")
                    if given is not None and len(given.elements) > 1:
                        yield half(call.evidence, IN_ONE_JOB)
