"""Code with what it means behind each line (`# is: kind`), resolved as an audit resolves it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor.facts.python import PythonProject
from auditor.injection import Facts
from auditor.knowledge.tables import built_in
from auditor.repository.memory import Memory
from auditor.repository.opening import open_snapshot

NAMES = Path(__file__).resolve().parents[2] / "fixtures" / "names"
SAYS = re.compile(r"#\s*is:\s*(.*)$")


@pytest.mark.parametrize("path", sorted(NAMES.glob("*.py")), ids=lambda path: path.stem)
def test_names_in_code(path: Path, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    with open_snapshot(tmp_path, use_git=False) as snapshot:
        project = Facts(snapshot, Memory(None, tmp_path, "")).get(PythonProject)
    names = built_in()
    found: dict[int, set[str]] = {}
    for file in project.files:
        for call in file.calls:
            found.setdefault(call.line, set()).update(kind for name in call.names for kind in names.of(name))
    lines = path.read_text(encoding="utf-8").splitlines()
    said = {
        n: set(re.split(r"[,\s]+", m[1].strip())) - {""} for n, line in enumerate(lines, 1) if (m := SAYS.search(line))
    }
    assert said
    spoken_of = {kind.partition(".")[0] for kinds in said.values() for kind in kinds}
    found = {line: {kind for kind in kinds if kind.partition(".")[0] in spoken_of} for line, kinds in found.items()}
    assert {n: found.get(n, set()) for n in said} == said
