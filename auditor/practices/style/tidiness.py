"""Whether code broadly follows a style guide, measured without running a linter.

A linter's full judgement would need its rules and its version; what is counted here is what a reader sees at once: lines far
too long, tabs, several statements on a line, star imports, names in the wrong case (PEP 8, "Code Lay-out",
"Imports", "Naming Conventions").
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Place, seen
from auditor.facts.own_work.template import Template
from auditor.facts.python import PythonFile, PythonProject, Role
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.style.linters import Linters
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

LONGEST = 130
"""Characters of a line from which on it is too long under any usual setting (79 to 120), with some grace."""
GRACE = 10
"""Characters beyond what the group's own settings allow: formatters leave strings and comments as they are."""
MOST = 0.06
"""Share of lines with a slip up to which a file, or all of the code, follows the style: about one line in sixteen."""
FEW = 0.3
"""Share of the code that may lie in files that do not follow it: a few untidy files among the others."""

_CAPWORDS = pattern(r"_*[A-Z][A-Za-z0-9]*")
_SNAKE = pattern(r"_*[a-z0-9_]*|_*[A-Z0-9_]+")
_SEVERAL = pattern(r"^\s*[^#'\"]*;\s*\w")


class FileTidiness(Record):
    """The lines of one file that hold something, and where they break the style."""

    path: str
    lines: int
    slips: tuple[Place, ...] = ()

    @property
    def tidy(self) -> bool:
        """Whether the file follows the style but for a few lines."""
        return len(self.slips) <= MOST * self.lines


class Tidiness(Record):
    """Own code file by file."""

    files: tuple[FileTidiness, ...] = ()

    @property
    def lines(self) -> int:
        """Lines that hold something."""
        return sum(file.lines for file in self.files)

    @property
    def slips(self) -> tuple[Place, ...]:
        """Places that break the style, in order of files."""
        return tuple(slip for file in self.files for slip in file.slips)

    @property
    def tidy(self) -> bool:
        """Whether the code broadly follows the style: nearly all lines, or all but a few files. Also where there is none."""
        untidy = sum(file.lines for file in self.files if not file.tidy)
        return len(self.slips) <= MOST * self.lines or untidy <= FEW * self.lines

    @property
    def worst(self) -> FileTidiness:
        """The file with most slips. Raises ValueError where there is no file."""
        return max(self.files, key=lambda file: len(file.slips))


@fact
def measure_tidiness(snapshot: Snapshot, project: PythonProject, template: Template, linters: Linters) -> Tidiness:
    """The slips in own Python files, tests included; notebooks, copied files and the template's left out."""
    longest = max(LONGEST, linters.line_length + GRACE)
    files = []
    for file in project.files:
        if file.role not in (Role.OWN, Role.TEST) or file.is_notebook or file.problem or file.copied:
            continue
        if template.is_stub(file.path):
            continue
        text = snapshot.lines(file.path)
        count = sum(bool(line.strip()) for line in text)
        if count:
            files.append(FileTidiness(file.path, count, tuple(slips_in(file, text, longest))))
    return Tidiness(tuple(files))


def slips_in(file: PythonFile, text: list[str], longest: int) -> Iterator[Place]:
    """Where a file breaks the style. Blanks at line ends are none: an editor's setting, which nobody sees."""
    yield from (seen(file.path, number, line) for number, line in enumerate(text, 1) if slip_in(line, longest))
    yield from (i.evidence for i in file.imports if i.alias == "*")
    yield from (f.evidence for f in file.functions if not _SNAKE.fullmatch(f.own_name) and not f.owner)
    yield from (c.evidence for c in file.classes if not _CAPWORDS.fullmatch(c.own_name))


def slip_in(line: str, longest: int = LONGEST) -> bool:
    """Whether a reader sees one line break the layout rules; a long address is let through."""
    if len(line) > longest and "://" not in line:
        return True
    return line.startswith("\t") or (";" in line and bool(_SEVERAL.match(line[:300])))
