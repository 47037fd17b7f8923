"""M12: profiling."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.training.profiling import Profiling


@rule("M12.profiling", net="profiling")
def profiling(profiling: Profiling) -> Iterator[Part]:
    """The code was profiled.

    Accepted: a profiler in code, script, task, notebook or configuration (cProfile, torch.profiler, Lightning's `profiler`,
    line_profiler, pyinstrument, scalene, py-spy, `%prun`, ...), a document's command or snippet that profiles the project's own
    program, or committed profile output (`.prof`, traces, profiler tables).
    Half of it: the report alone tells of a profiling run, with a tool or a result; a profiler in code that nothing runs; a bare
    timer around parts of the program, or a monitor of resources.
    Does not count: the word, an unused import, a timer of an API's requests.
    To settle it: show the script or the output of the run.
    """
    yield part(
        "profiling",
        profiling.traces,
        looked_for="a profiler in code, commands or configuration (of Python, PyTorch or Lightning, "
        "line_profiler, py-spy, ...), or committed profile output",
    )
