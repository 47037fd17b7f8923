"""Whether code broadly follows a style guide, measured without running a linter.

A linter's full judgement would need its rules and its version; what is counted here is what a reader sees at once: lines far
too long, tabs, trailing blanks, several statements on a line, star imports, names in the wrong case (PEP 8, "Code Lay-out",
"Imports", "Naming Conventions").
"""

from __future__ import annotations

from auditor.evidence import Place, seen
from auditor.facts.own_work.template import Template
from auditor.facts.python import PythonProject, Role
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

LONGEST = 130
"""Characters of a line from which on it is too long under any usual setting (79 to 120), with some grace."""
MOST = 0.06
"""Share of lines with a slip up to which code broadly follows the style: about one line in sixteen."""

_CAPWORDS = pattern(r"_*[A-Z][A-Za-z0-9]*")
_SNAKE = pattern(r"_*[a-z0-9_]*|_*[A-Z0-9_]+")
_SEVERAL = pattern(r"^\s*[^#'\"]*;\s*\w")


class Tidiness(Record):
    """How many lines of own code were read, and the places that break the style."""

    lines: int = 0
    slips: tuple[Place, ...] = ()
    example: Place | None = None
    """A file that was read."""

    @property
    def tidy(self) -> bool:
        """Whether the code broadly follows the style; also where there is none."""
        return len(self.slips) <= MOST * self.lines


@fact
def measure_tidiness(snapshot: Snapshot, project: PythonProject, template: Template) -> Tidiness:
    """The slips in own Python files, tests included; notebooks and the template's files left out."""
    lines = 0
    slips: list[Place] = []
    example: Place | None = None
    for file in project.files:
        if file.role not in (Role.OWN, Role.TEST) or file.is_notebook or file.problem or template.is_stub(file.path):
            continue
        text = snapshot.lines(file.path)
        count = sum(bool(line.strip()) for line in text)
        if not count:
            continue
        lines += count
        example = example or seen(file.path, None, f"{count} lines of code")
        for number, line in enumerate(text, start=1):
            if slip_in(line):
                slips.append(seen(file.path, number, line))
        slips += [i.evidence for i in file.imports if i.alias == "*"]
        slips += [f.evidence for f in file.functions if not _SNAKE.fullmatch(f.own_name) and not f.owner]
        slips += [c.evidence for c in file.classes if not _CAPWORDS.fullmatch(c.own_name)]
    return Tidiness(lines, tuple(slips), example)


def slip_in(line: str) -> bool:
    """Whether one line breaks the layout rules; a long address is let through."""
    if len(line) > LONGEST and "://" not in line:
        return True
    return line.startswith("\t") or line != line.rstrip() or (";" in line and bool(_SEVERAL.match(line[:300])))
