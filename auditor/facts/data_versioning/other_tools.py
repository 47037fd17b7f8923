"""Git LFS, and the settings of other tools that version data.

Sources: git-lfs(1) and gitattributes(5); the configuration references of lakeFS (`lakectl local`), Pachyderm, Quilt,
Oxen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pathspec import GitIgnoreSpec

from auditor.evidence import Place, seen
from auditor.facts.own_work.ignores import bounded_rule
from auditor.records import Record
from auditor.repository.contents import LFS_HEADER
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

RULES = 100
"""Git LFS rules of one `.gitattributes`."""
_OTHER = {
    ".lakefs_ref.yaml": "lakefs",
    "lakectl.yaml": "lakefs",
    ".lakectl.yaml": "lakefs",
    "pachyderm.yaml": "pachyderm",
    "pachyderm.yml": "pachyderm",
    "pachyderm.json": "pachyderm",
    "quilt.yml": "quilt",
    "quilt.yaml": "quilt",
    "quilt_summarize.json": "quilt",
}
_OTHER_FOLDERS = {".oxen/": "oxen", ".quilt/": "quilt", ".xet/": "xethub", ".datalad/": "datalad"}


class LfsRule(Record):
    """A line of `.gitattributes` with `filter=lfs`, and the files of the repository that it applies to."""

    path: str
    line: int
    pattern: str
    files: tuple[str, ...] = ()

    @property
    def evidence(self) -> Place:
        """The rule, with one file that it applies to."""
        shown = f" ({self.files[0]})" if self.files else ""
        return seen(self.path, self.line, f"{self.pattern} filter=lfs{shown}")


class OtherTool(Record):
    """Settings of another tool that versions data: `lakefs`, `pachyderm`, `quilt`, `oxen`, `git-annex`, `xethub`."""

    tool: str
    path: str
    line: int | None
    text: str

    @property
    def evidence(self) -> Place:
        """The settings."""
        return seen(self.path, self.line, f"{self.tool}: {self.text}")


def lfs_rules(snapshot: Snapshot) -> Iterator[LfsRule]:
    """Lines of `.gitattributes` that hand files to Git LFS, with the files that they apply to."""
    yield from each_file(snapshot, snapshot.named(".gitattributes"), rules_of)


def rules_of(snapshot: Snapshot, path: str) -> Iterator[LfsRule]:
    """The rules for Git LFS in one `.gitattributes`."""
    folder = path.rpartition("/")[0]
    below = [p[len(folder) + 1 if folder else 0 :] for p in snapshot.paths if not folder or p.startswith(folder + "/")]
    given = 0
    for number, line in enumerate(snapshot.lines(path), start=1):
        parts = line.split()
        if len(parts) < 2 or parts[0].startswith("#") or "filter=lfs" not in parts[1:] or not bounded_rule(parts[0]):
            continue
        given += 1
        if given > RULES:
            snapshot.note(path, f"more than {RULES} rules for Git LFS: the others were left out")
            break
        try:
            spec = GitIgnoreSpec.from_lines([parts[0].strip('"')])
        except (ValueError, re.error):
            continue
        files = tuple(f"{folder}/{p}".lstrip("/") for p in below if spec.match_file(p))
        yield LfsRule(path, number, parts[0], files)


def is_lfs_pointer(snapshot: Snapshot, path: str) -> bool:
    """Whether what git holds of a file is a Git LFS pointer."""
    return (snapshot.read(path) or b"").startswith(LFS_HEADER)


def other_tools(snapshot: Snapshot) -> Iterator[OtherTool]:
    """Settings of other tools, by the names that these tools give to them; empty files aside."""
    yield from each_file(snapshot, (path for path in snapshot.paths if tool_of(path)), read_tool)
    yield from each_file(snapshot, snapshot.named(".gitattributes"), annex_settings)


def annex_settings(snapshot: Snapshot, path: str) -> Iterator[OtherTool]:
    """The first rule of a `.gitattributes` that hands files to git-annex (git-annex(1), "CONFIGURATION VIA .gitattributes")."""
    for number, line in enumerate(snapshot.lines(path), start=1):
        if any(word.startswith("annex.") for word in line.split()[1:]) and not line.lstrip().startswith("#"):
            yield OtherTool("git-annex", path, number, line.strip())
            return


def tool_of(path: str) -> str | None:
    """The tool whose settings a file holds, by the name of the file or its folder."""
    folder, _, name = path.rpartition("/")
    return _OTHER.get(name.lower()) or next(
        (t for mark, t in _OTHER_FOLDERS.items() if f"/{mark}" in f"/{folder}/"), None
    )


def read_tool(snapshot: Snapshot, path: str) -> Iterator[OtherTool]:
    """The first line of another tool's settings that says something."""
    rows = ((number, text.strip()) for number, text in enumerate(snapshot.lines(path), start=1))
    first = next(((n, t) for n, t in rows if t.strip("{}-") and t[0] != "#"), None)
    if first is not None:
        yield OtherTool(tool_of(path) or "", path, first[0], first[1])
