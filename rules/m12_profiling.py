"""M12: profiling."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.facts.group import ReportPlace
from auditor.facts.project_commands import Commands
from auditor.facts.python import CODE, PythonProject
from auditor.practices.training.profiling import Profiling

PROFILERS = (
    "cProfile.*", "profile.run", "profile.runctx", "profile.Profile", "pstats.Stats", "torch.profiler.*",
    "torch.autograd.profiler.*", "torch.utils.bottleneck*", "torch.cuda.profiler.*", "torch.cuda.memory._record_memory_history",
    "*lightning*.profilers.*", "*lightning*.profiler.*", "line_profiler.*", "memory_profiler.*", "pyinstrument.*", "scalene.*",
    "viztracer.*", "yappi.*", "tracemalloc.*", "tensorflow.profiler.*", "jax.profiler.*", "keras.callbacks.TensorBoard",
    "fil_profile.*", "memray.*", "austin.*", "kernprof.*", "profilehooks.*", "py_spy.*", "torch_tb_profiler.*",
    "deepspeed.profiling.*", "torchinfo.*profile*", "thop.profile", "fvcore.nn.FlopCountAnalysis", "gprof2dot.*", "snakeviz.*",
)  # fmt: skip
"""Calls that profile, by the name under which each library documents them."""

PROGRAMS = (
    "cProfile", "profile", "kernprof", "snakeviz", "scalene", "py-spy", "pyinstrument", "viztracer", "memray", "mprof",
    "line_profiler", "memory_profiler", "torch.utils.bottleneck", "nsys", "ncu", "austin", "tuna", "gprof2dot", "yappi", "fil-profile",
)  # fmt: skip
"""Programs and modules that profile."""

NO_PROFILER = ("keras.callbacks.TensorBoard", "tensorflow.keras.callbacks.TensorBoard")


@rule("M12.profiling", net="profiling")
def profiling(project: PythonProject, commands: Commands, profiling: Profiling, report: ReportPlace) -> Iterator[Part]:
    """The code was profiled.

    Accepted: a profiler in code, script, task or configuration (cProfile, torch.profiler, Lightning's `profiler`,
    line_profiler, pyinstrument, scalene, py-spy, ...), or committed profile output (`.prof`, traces, profiler tables).
    Half of it: the report alone tells of a profiling run, with a tool or a result; a profiler in code that nothing runs.
    Does not count: the word, an unused import, a timer around a call.
    To settle it: show the script or the output of the run.
    """
    calls = [call for call in project.calls(*PROFILERS, roles=CODE) if call.name not in NO_PROFILER]
    trainers = [
        call
        for call in project.calls("*Trainer", roles=CODE, own=False)
        if (value := call.keyword("profiler")) is not None and value.literal is not None and value.literal is not False
    ]
    used = [use.evidence for use in commands.running(*PROGRAMS) if not report.holds(use.path, use.line)]
    yield part(
        "profiling",
        strong=[
            *(call.evidence for call in (*calls, *trainers) if project.may_run(call)),
            *used,
            *profiling.settings,
            *profiling.outputs,
        ],
        weak=[call.evidence for call in (*calls, *trainers)],
        looked_for="a profiler in code, commands or configuration (of Python, PyTorch or Lightning, "
        "line_profiler, py-spy, ...), or committed profile output",
        remark="nothing runs it",
    )
