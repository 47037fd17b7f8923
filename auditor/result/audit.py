"""What an audit says: frozen types that are the JSON, field by field.

Their names and meaning are a contract with grading sheets; `schema.json` describes the same. New fields may be added.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from auditor.evidence import Place, Trace
from auditor.records import Record, field_names

SCHEMA_VERSION = "1.0"

BUILT_IN_COURSE = "dtu-02476"
"""The course whose rules come with the program; results that name no course are its."""


class Verdict(StrEnum):
    """What the repository says about a claim (evidence standard, "Verdicts")."""

    SUPPORTED = "supported"
    PARTIAL = "partial"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    UNVERIFIABLE = "unverifiable"


class Finding(StrEnum):
    """What follows from verdict and tick (evidence standard, "Verdicts")."""

    CONFIRMED = "confirmed"
    QUERY = "query"
    DISCREPANCY = "discrepancy"
    ASK = "ask"
    UNCLAIMED = "unclaimed"
    NONE = "none"


class PartResult(Record):
    """One part of a claim: `found`, `weak` (stub, dead code, dependency only) or `missing`, and what was looked for."""

    name: str
    status: str
    evidence: tuple[Place, ...]
    looked_for: str
    remark: str = ""
    premise: bool = False
    """What the claim cannot do without, but which is no evidence for it by itself."""
    traces: tuple[Trace, ...] = ()
    """Where the part was not found: places that count by half, and the nearest that were set aside, each with its one reason."""


class Decision(Record):
    """What a teaching assistant decided on a claim, and the finding that follows; the program's verdict stays beside it.

    `at` is a time (ISO 8601), `commit` the one that was looked at (None where it is not known). `stale` where the
    audited commit is another: then the decision is to be looked at again.
    """

    verdict: Verdict
    finding: Finding
    note: str
    by: str
    at: str
    commit: str | None
    stale: bool = False


class Excerpt(Record):
    """Consecutive lines of a file, around places of evidence; `line` is the number of the first."""

    path: str
    line: int
    lines: tuple[str, ...]


class Print(Record):
    """A file as it can be compared with another group's: a figure of the report, or code of the group's own.

    `digest` is equal where the content is: of a figure its bytes, of code its lines without layout at their ends. `lines`
    counts a code file's lines. `template` where it is one of the course template's examples.
    """

    kind: str
    path: str
    digest: str
    lines: int = 0
    template: bool = False


class PastFindings(Record):
    """How discrepancies on a claim fared before: how many were `checked` by hand, and how many of them `held`."""

    checked: int
    held: int

    @property
    def words(self) -> str:
        """In a few words."""
        return (
            f"of {self.checked} such {'finding' if self.checked == 1 else 'findings'} checked by hand, {self.held} held"
        )


class ClaimResult(Record):
    """One claim of the catalogue, ticked or not. `line` is its place in the report, `note` what the group wrote to it."""

    id: str
    module: str
    section: str
    title: str
    ticked: bool | None
    line: int | None
    note: str | None
    verdict: Verdict
    finding: Finding
    parts: tuple[PartResult, ...]
    documented: tuple[Place, ...]
    against: tuple[Place, ...]
    explanation: str
    error: str | None = None
    elsewhere: tuple[Place, ...] = ()
    """Files of such names on other branches, in later commits, or deleted before: no evidence, but worth a look."""
    question: str = ""
    """What to ask the group, ready to be sent; empty where nothing is to be asked."""
    decision: Decision | None = None
    settle: tuple[str, ...] = ()
    """Honest ways to settle an open claim, each a sentence to the group; empty where nothing is open."""
    set_aside: str | None = None
    """Why the group leaves this claim out of its own checks, as its settings say; it changes no verdict."""
    wording: str = ""
    """The checklist's own words of the item as the group ticked it; empty where its report has no such item."""
    past: PastFindings | None = None
    """Of a discrepancy, how such findings on this claim fared before, where that is known."""
    said: tuple[Place, ...] = ()
    """Sentences of the group's answers that speak of an open claim, without denying or describing it."""


class RepositoryResult(Record):
    """What was audited. `commit` is null without git; `dirty` where the work tree holds uncommitted changes."""

    path: str
    commit: str | None
    committed_at: str | None
    dirty: bool
    branch: str | None = None
    problems: tuple[Place, ...] = ()
    folder: str = ""
    """The folder within the repository that alone was audited; empty for the whole repository."""
    web: str | None = None
    """Address of the repository's page on its hosting site, without credentials; None where the remote is not known."""


class Contradiction(Record):
    """Where the report speaks against itself: claims, lines of their items (or of the other answer), and the sentence."""

    kind: str
    claims: tuple[str, ...]
    lines: tuple[int, ...]
    says: Place


class StatedNumber(Record):
    """A number of the report and what was found. A note beside the claims: it changes no verdict."""

    about: str
    said: str
    found: str
    agrees: bool
    place: Place


class ReportResult(Record):
    """How the report was read. `path` is null where there is none; then every claim's `ticked` is null."""

    path: str | None
    edition: str | None
    group: str | None
    members: int | None
    problems: tuple[Place, ...]
    unrecognised: tuple[Place, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    numbers: tuple[StatedNumber, ...] = ()
    missing_links: tuple[Place, ...] = ()
    answers_path: str | None = None
    """The file that holds the answers, where it is another one than the checklist's."""


class Remark(Record):
    """What a hand-in still lacks besides its claims, or what should not be in it, as one check found it.

    `check` names the check (`H.placeholder`), `title` what it is about. `place` is where, its text what stands there; `message`
    says what is the matter, `settle` what to do about it, both as sentences to the group. `claims` are those that it concerns.
    """

    check: str
    title: str
    place: Place
    message: str
    settle: str
    claims: tuple[str, ...] = ()


class SetAside(Record):
    """A claim or module that a group's settings leave out, why, and the line that says so."""

    name: str
    reason: str
    line: int | None = None


class Settings(Record):
    """Settings that a group committed, or that who audits has given. `applied` where the audit followed them.

    `path` is the file, `line` where they begin; `select` are claims and modules to look at (all, where empty), `ignored` those
    to leave out, `folders` those that hold the project (all, where empty), `report` where the report stands, and `reports` all of
    its files, where checklist and answers stand in two.
    """

    path: str
    line: int | None
    applied: bool
    select: tuple[str, ...] = ()
    ignored: tuple[SetAside, ...] = ()
    folders: tuple[str, ...] = ()
    report: str | None = None
    problems: tuple[Place, ...] = ()
    reports: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """What they leave out or set, with its line and reason, and what is wrong in them."""
        lists = (
            ("only", ", ".join(self.select)),
            ("only the folders", ", ".join(self.folders)),
            ("the report is", " and ".join(self.reports)),
        )
        return (
            *(Place(self.path, one.line, f"{one.name} is left out: {one.reason}") for one in self.ignored),
            *(Place(self.path, self.line, f"{what} {text}") for what, text in lists if text),
            *self.problems,
        )


class Summary(Record):
    """Counts. Verdicts are counted over the ticked claims, `unclaimed` over the others."""

    ticked: int
    supported: int
    partial: int
    unsupported: int
    contradicted: int
    unverifiable: int
    discrepancies: int
    queries: int
    ask: int
    unclaimed: int
    errors: int


class AuditResult(Record):
    """One audit."""

    version: str
    repository: RepositoryResult
    report: ReportResult
    claims: tuple[ClaimResult, ...]
    excerpts: tuple[Excerpt, ...] = ()
    """The lines around the places of evidence, in the order of paths and lines; excerpts of a file do not overlap."""
    prints: tuple[Print, ...] = ()
    course: str = BUILT_IN_COURSE
    """The rule package by which the claims were judged, by the name that it is registered under."""
    settings: Settings | None = None
    """The group's own settings; None where it has none."""
    course_settings: Settings | None = None
    """Settings of who audits, for all groups alike; None where there are none."""
    hand_in: tuple[Remark, ...] | None = None
    """What the hand-in lacks besides its claims; None where that was not looked at."""
    only: tuple[str, ...] = ()
    """Names of the claims, modules and checks that alone were looked at; empty where all were."""
    without: tuple[str, ...] = ()
    """Names of those that were left out."""

    @property
    def summary(self) -> Summary:
        """The counts over `claims`."""
        ticked = [claim for claim in self.claims if claim.ticked]
        verdicts = {verdict: sum(claim.verdict is verdict for claim in ticked) for verdict in Verdict}
        findings = {finding: sum(claim.finding is finding for claim in self.claims) for finding in Finding}
        return Summary(
            ticked=len(ticked),
            supported=verdicts[Verdict.SUPPORTED],
            partial=verdicts[Verdict.PARTIAL],
            unsupported=verdicts[Verdict.UNSUPPORTED],
            contradicted=verdicts[Verdict.CONTRADICTED],
            unverifiable=verdicts[Verdict.UNVERIFIABLE],
            discrepancies=findings[Finding.DISCREPANCY],
            queries=findings[Finding.QUERY],
            ask=findings[Finding.ASK],
            unclaimed=findings[Finding.UNCLAIMED],
            errors=sum(claim.error is not None for claim in self.claims),
        )

    def found(self, finding: Finding) -> tuple[ClaimResult, ...]:
        """The claims with this finding, in the catalogue's order."""
        return tuple(claim for claim in self.claims if claim.finding is finding)

    def claim(self, claim_id: str) -> ClaimResult:
        """The claim of this id. Raises KeyError."""
        for claim in self.claims:
            if claim.id == claim_id:
                return claim
        raise KeyError(claim_id)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the contract, as plain data."""
        return {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "auditor", "version": self.version, "course": self.course},
            "repository": plain(self.repository),
            "report": plain(self.report),
            "summary": plain(self.summary),
            "claims": [plain(claim) for claim in self.claims],
            "excerpts": plain(self.excerpts),
            "prints": plain(self.prints),
            "settings": plain(self.settings),
            "course_settings": plain(self.course_settings),
            "hand_in": plain(self.hand_in),
            "only": plain(self.only),
            "without": plain(self.without),
        }


def plain(thing: Any) -> Any:
    """Records, enums and tuples as plain data; a null `commit` of evidence is left out."""
    if isinstance(thing, StrEnum):
        return thing.value
    if isinstance(thing, str):
        return thing.encode("utf-8", "replace").decode("utf-8")
    if isinstance(thing, tuple | list):
        return [plain(one) for one in thing]
    if isinstance(thing, Mapping):
        return {key: plain(value) for key, value in thing.items()}
    if isinstance(thing, Record):
        values = {name: getattr(thing, name) for name in field_names(type(thing))}
        if isinstance(thing, Place) and thing.commit is None:
            del values["commit"]
        return {key: plain(value) for key, value in values.items()}
    return thing
