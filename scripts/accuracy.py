"""Measure the verdicts against labels made by hand and against the micro-cases, and write the figures as Markdown.

    python scripts/accuracy.py --corpus DIR --labels DIR [--reverse 150] [--into docs/accuracy.md] [--record rules/record.json]

DIR of --corpus holds a checkout per repository, DIR of --labels a file for each, `NAME.tsv` for the checkout `NAME`, with the
columns claim id, ticked (1, 0, - where the report has no such item), verdict, confidence (h, m, l), evidence, note. What is
written holds numbers and claims only: no name of a repository or a group. In the file of --into it replaces what stands
between the two marker lines; without --into it is printed. The file of --record says for each claim how many of the
discrepancies that were named were checked by hand, and how many of them held: outputs show it. Exit status 1 where a label has no checkout.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import math
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from auditor import __version__, audit
from auditor.course.catalog import Catalog
from auditor.course.rulebook import load_rulebook
from auditor.records import Record

HOME = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- figures: written by scripts/accuracy.py -->", "<!-- figures: end -->"
ABSENT = frozenset({"unsupported", "contradicted"})
"""Verdicts that make a ticked claim a discrepancy; for agreement they are one."""
KINDS = ("honest", "decoy", "edge")


class Row(Record):
    """One labelled claim of one repository, and what the audit says of it. `ticked` None where the report has no such item."""

    claim: str
    ticked: bool | None
    label: str
    sure: bool
    verdict: str = "missing"
    read_ticked: bool | None = None

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return kind(self.label) == kind(self.verdict)


@dataclass
class Tally:
    """Counts over rows: of all claims or of one."""

    judged: int = 0
    same: int = 0
    ticked: int = 0
    honest: int = 0
    accused: int = 0
    labelled: int = 0
    flagged: int = 0
    hits: int = 0
    half: int = 0
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, row: Row) -> None:
        """Count one row."""
        self.judged += 1
        self.same += row.same
        self.pairs[kind(row.label), kind(row.verdict)] += 1
        if row.ticked:
            truly, flagged = row.label in ABSENT, row.verdict in ABSENT
            self.ticked += 1
            self.labelled += truly
            self.flagged += flagged
            self.hits += truly and flagged
            self.half += truly and row.verdict == "partial"
            self.honest += row.label == "supported"
            self.accused += row.label == "supported" and flagged

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: agreement beyond what chance gives. None where chance gives all of it."""
        total = sum(self.pairs.values())
        said: list[Counter[str]] = [Counter(), Counter()]
        for pair, times in self.pairs.items():
            for side, word in zip(said, pair, strict=True):
                side[word] += times
        chance = sum(said[0][word] * said[1][word] for word in said[0]) / total**2 if total else 1.0
        return None if chance >= 1 else (self.same / total - chance) / (1 - chance)


def kind(verdict: str) -> str:
    """The verdict with unsupported and contradicted as one."""
    return "absent" if verdict in ABSENT else verdict


def labels(file: Path) -> Iterator[Row]:
    """The rows of one label file."""
    with file.open(newline="", encoding="utf-8") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if len(row) >= 5:
                yield Row(row[0], {"1": True, "0": False}.get(row[1]), row[2], row[3] != "l")


def rows_of(task: tuple[Path, Path]) -> list[Row]:
    """The labels of one repository beside what the audit says."""
    repository, file = task
    said = {claim.id: claim for claim in audit(repository).claims}
    return [
        Row(
            row.claim,
            row.ticked,
            row.label,
            row.sure,
            str(said[row.claim].verdict) if row.claim in said else "missing",
            said[row.claim].ticked if row.claim in said else None,
        )
        for row in labels(file)
    ]


def module(path: Path) -> ModuleType:
    """A module of this repository that is part of no package."""
    if path.stem not in sys.modules:
        specification = importlib.util.spec_from_file_location(path.stem, path)
        if specification is None or specification.loader is None:
            raise FileNotFoundError(path)
        loaded = importlib.util.module_from_spec(specification)
        sys.modules[path.stem] = loaded
        specification.loader.exec_module(loaded)
    return sys.modules[path.stem]


def case_result(number: int) -> tuple[str, str, bool]:
    """(claim, kind, whether the verdict is one of the expected) of one micro-case, by its number."""
    cases = module(HOME / "tests" / "support" / "micro_cases.py")
    if not CASES:
        CASES.extend(cases.load_cases())
    case = CASES[number]
    book = load_rulebook()
    with tempfile.TemporaryDirectory() as folder:
        cases.build(case, Path(folder) / "repository", book.catalog)
        found = audit(Path(folder) / "repository", select=[case.claim], rulebook=book).claim(case.claim)
    return case.claim, case.kind, found.verdict in case.expect


CASES: list[Any] = []
"""The micro-cases, read once in each process."""


def micro_cases(pool: ProcessPoolExecutor) -> dict[str, Counter[tuple[str, bool]]]:
    """By claim, how many cases of each kind came out as expected and how many did not."""
    number = sum(1 for _ in module(HOME / "tests" / "support" / "micro_cases.py").load_cases())
    counts: dict[str, Counter[tuple[str, bool]]] = {}
    for claim, sort, right in pool.map(case_result, range(number), chunksize=20):
        counts.setdefault(claim, Counter())[sort, right] += 1
    return counts


def verdict_after(task: tuple[Path, str, tuple[str, ...]]) -> str:
    """The verdict on a claim once the files of its evidence are deleted."""
    test = module(HOME / "benchmarks" / "reverse_test.py")
    return str(test.without(test.Cut(*task))[1])


def reverse(corpus: Path, folder: Path, most: int, pool: ProcessPoolExecutor) -> tuple[int, int]:
    """(cuts after which the claim is no longer supported, cuts) of the reverse test (benchmarks/reverse_test.py)."""
    cuts = list(module(HOME / "benchmarks" / "reverse_test.py").cuts(corpus, folder))
    random.Random(1).shuffle(cuts)
    verdicts = list(pool.map(verdict_after, [(cut.repository, cut.claim, cut.files) for cut in cuts[:most]]))
    return sum(verdict != "supported" for verdict in verdicts), len(verdicts)


def share(part: float, whole: float) -> str:
    """A share in per cent; a dash where there is nothing to share."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def interval(part: int, whole: int) -> str:
    """The 95 % interval of a share that was counted, after Wilson; a dash where nothing was counted."""
    if not whole:
        return "-"
    z = 1.96
    middle = (part + z * z / 2) / (whole + z * z)
    half = z / (whole + z * z) * math.sqrt(part * (whole - part) / whole + z * z / 4)
    return f"{100 * max(0.0, middle - half):.0f} to {100 * min(1.0, middle + half):.0f} %"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A Markdown table, all columns but the first to the right."""
    lines = [f"| {' | '.join(head)} |", "| --- |" + " ---: |" * (len(head) - 1)]
    return [*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)]


def overall(rows: Sequence[Row], repositories: int, reversed_: tuple[int, int]) -> list[str]:
    """The figures over all claims."""
    total = Tally()
    asked = [row for row in rows if row.ticked is not None]
    for row in asked:
        if row.sure:
            total.add(row)
    kappa = "-" if total.kappa is None else f"{total.kappa:.2f}"
    right = sum(row.ticked is row.read_ticked for row in asked)
    counted = [
        ("ticks read as they stand", right, len(asked), "items"),
        ("false accusations", total.accused, total.honest, "honest ticks"),
        ("discrepancies: precision", total.hits, total.flagged, "that auditor names"),
        ("discrepancies: recall", total.hits, total.labelled, f"labelled, and {total.half} by half"),
        ("same verdict", total.same, total.judged, "claims"),
        ("reverse test: no longer supported", *reversed_, "cuts"),
    ]
    lines: list[Sequence[object]] = [
        (
            name,
            share(part + (total.half / 2 if "recall" in name else 0), whole),
            f"{part} of {whole} {what}",
            interval(part, whole),
        )
        for name, part, whole, what in counted
        if whole
    ]
    lines.insert(5, ("Cohen's kappa", kappa, f"{total.judged} claims of {repositories} repositories", ""))
    return table(("figure", "value", "counted", "95 % interval"), lines)


def differences(rows: Sequence[Row]) -> list[str]:
    """Where label and verdict differ, ticked or not: how often which for which."""
    counts = Counter((row.label, row.verdict) for row in rows if row.ticked is not None and row.sure and not row.same)
    lines = [(label, verdict, times) for (label, verdict), times in sorted(counts.items())]
    return table(("label", "auditor says", "claims"), lines) if lines else ["Nowhere."]


def by_claim(catalog: Catalog, rows: Sequence[Row], cases: Mapping[str, Counter[tuple[str, bool]]]) -> list[str]:
    """A line for each claim."""
    tallies = {claim.id: Tally() for claim in catalog.claims}
    for row in rows:
        if row.ticked is not None and row.sure and row.claim in tallies:
            tallies[row.claim].add(row)
    lines = []
    for claim in catalog.claims:
        one, count = tallies[claim.id], cases.get(claim.id, Counter[tuple[str, bool]]())
        made = [f"{count[sort, True]} of {count[sort, True] + count[sort, False]}" for sort in KINDS]
        found = f"{one.hits} of {one.labelled}" if one.labelled else "-"
        measured = (f"{one.same} of {one.judged}", one.accused, found, one.flagged - one.hits)
        lines.append(
            (f"[{claim.id}](../fixtures/cases/{claim.id}.yaml)", *(measured if one.judged else ("-",) * 4), *made)
        )
    head = ("claim", "same verdict", "false accusations", "discrepancies named", "named wrongly", *KINDS)
    return table(head, lines)


def figures(
    catalog: Catalog,
    rows: Sequence[Row],
    repositories: int,
    cases: Mapping[str, Counter[tuple[str, bool]]],
    reversed_: tuple[int, int] = (0, 0),
    day: date | None = None,
) -> str:
    """All figures as Markdown."""
    sums: Counter[tuple[str, bool]] = Counter()
    for count in cases.values():
        sums.update(count)
    made = [(sort, sums[sort, True], sums[sort, True] + sums[sort, False]) for sort in KINDS]
    when = (day or date.today()).isoformat()
    return "\n".join(
        [
            f"Measured on {when} with auditor {__version__}.",
            "",
            "### Real repositories",
            "",
            *overall(rows, repositories, reversed_),
            "",
            "### Where label and verdict differ",
            "",
            *differences(rows),
            "",
            "### Micro-cases",
            "",
            *table(("kind", "as expected", "cases"), made),
            "",
            "### By claim",
            "",
            "The first four columns are counted over the labelled repositories: claims with the same verdict; honest ticks that were "
            "called a discrepancy; true discrepancies that were named; ticks that were named and are none. The last three are "
            "counted over the micro-cases. A dash: nothing to count.",
            "",
            *by_claim(catalog, rows, cases),
        ]
    )


def record(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    """By claim, the discrepancies that were named and labelled, and how many of them held."""
    named = [row for row in rows if row.ticked and row.sure and row.verdict in ABSENT]
    return {
        claim: {"checked": len(found), "held": sum(row.label in ABSENT for row in found)}
        for claim in sorted({row.claim for row in named})
        for found in [[row for row in named if row.claim == claim]]
    }


def put(text: str, into: Path) -> None:
    """Write the figures between the marker lines of a page. Raises ValueError where it has none."""
    page = into.read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{into}: the lines {BEGIN} and {END} are missing")
    into.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--reverse", type=int, default=0, metavar="N", help="cuts of the reverse test, at most")
    parser.add_argument("--jobs", type=int, default=2, metavar="N")
    parser.add_argument("--into", type=Path, metavar="FILE")
    parser.add_argument("--record", type=Path, metavar="FILE")
    options = parser.parse_args()
    files = sorted(options.labels.glob("*.tsv"))
    tasks = [(options.corpus / file.stem, file) for file in files if (options.corpus / file.stem).is_dir()]
    with ProcessPoolExecutor(options.jobs) as pool:
        rows = [row for found in pool.map(rows_of, tasks) for row in found]
        reversed_ = reverse(options.corpus, options.labels, options.reverse, pool) if options.reverse else (0, 0)
        text = figures(load_rulebook().catalog, rows, len(tasks), micro_cases(pool), reversed_)
    if options.into:
        put(text, options.into)
    else:
        print(text)
    if options.record:
        options.record.write_text(json.dumps(record(rows), indent=1) + "\n", encoding="utf-8")
    lacking = len(files) - len(tasks)
    if lacking:
        print(f"{lacking} labels without a checkout", file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
