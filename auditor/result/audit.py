"""What an audit says: frozen types that are the JSON, field by field.

Their names and meaning are a contract with grading sheets; `auditor schema` prints what is said of them here as JSON Schema.
New fields may be added.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from auditor.evidence import Place, Trace
from auditor.records import Count, Meta, Ordinal, Record

SCHEMA_VERSION = "1.0"

Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
"""A moment, as ISO 8601 has it."""

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
    status: Annotated[str, Meta(extra_json_schema={"enum": ["found", "weak", "missing"]})]
    evidence: tuple[Place, ...]
    looked_for: str
    """In words what would have counted."""
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
    at: Time
    commit: str | None
    """The one that was looked at; null where it is not known."""
    stale: bool = False
    """The audited commit is not the one that was decided on."""


class Excerpt(Record):
    """Consecutive lines of a file, around places of evidence; `line` is the number of the first."""

    path: str
    line: Ordinal
    """Number of the first line."""
    lines: tuple[str, ...]


class Print(Record):
    """A file as it can be compared with another group's: a figure of the report, or code of the group's own.

    `digest` is equal where the content is: of a figure its bytes, of code its lines without layout at their ends. `lines`
    counts a code file's lines. `template` where it is one of the course template's examples.
    """

    kind: Annotated[str, Meta(extra_json_schema={"enum": ["figure", "code"]})]
    path: str
    digest: str
    """Equal where the content is; of code without layout, comments and the template's lines."""
    lines: Count = 0
    """Own lines of code."""
    template: bool = False
    """One of the course template's examples."""


class PastFindings(Record):
    """How discrepancies on a claim fared before: how many were `checked` by hand, and how many of them `held`."""

    checked: Count
    held: Count

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
    """Null where the report has no such item."""
    line: Ordinal | None
    """The item's line in the report."""
    note: str | None
    """What the group wrote to the item."""
    verdict: Verdict
    finding: Finding
    parts: tuple[PartResult, ...]
    documented: tuple[Place, ...]
    """Where the report describes it with specifics."""
    against: tuple[Place, ...]
    """Where the report says the opposite."""
    explanation: str
    error: str | None = None
    """Why the claim could not be judged."""
    elsewhere: tuple[Place, ...] = ()
    """Files of such names on other branches, in later commits, or deleted before: no evidence, but worth a look."""
    question: str = ""
    """What to ask the group, ready to be sent; empty where nothing is to be asked."""
    decision: Decision | None = None
    """What a teaching assistant decided; the program's own verdict stands beside it."""
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
    uncommitted: tuple[str, ...] = ()
    """Files that alone settle a part of it and are not committed: who reads the last commit will not see it."""


class RepositoryResult(Record):
    """What was audited. `commit` is null without git; `dirty` where the work tree holds uncommitted changes."""

    path: str
    """As it was given."""
    commit: str | None
    """Full hash; null without git."""
    committed_at: Time | None
    dirty: bool
    """The work tree holds changes that are not committed."""
    branch: str | None = None
    problems: tuple[Place, ...] = ()
    """What was not read, and why."""
    folder: str = ""
    """The folder within the repository that alone was audited; empty for the whole repository."""
    web: str | None = None
    """Address of the repository's page on its hosting site, without credentials; null where the remote is not known."""


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


class GivenAnswer(Record):
    """What the group wrote under one question of the report, without the template's words.

    `topic` is the question's in the course's list (null where it was not recognised), `number` as the report has it. `figures` are
    the pictures that it shows: paths in the repository, or addresses. `claims` are those whose own question this is.
    """

    topic: str | None
    number: int | None
    path: str
    line: Ordinal
    """Where the question stands."""
    text: str
    figures: tuple[str, ...] = ()
    """Pictures that it shows: paths in the repository, or addresses."""
    claims: tuple[str, ...] = ()
    """Claims whose own question this is."""


class ReportResult(Record):
    """How the report was read. `path` is null where there is none; then every claim's `ticked` is null."""

    path: str | None
    """Null where there is no report; then every claim's `ticked` is null."""
    edition: str | None
    """Year of the report template."""
    group: str | None
    members: Ordinal | None
    problems: tuple[Place, ...]
    unrecognised: tuple[Place, ...] = ()
    """Checklist lines that match no claim."""
    contradictions: tuple[Contradiction, ...] = ()
    """Where the report speaks against itself."""
    numbers: tuple[StatedNumber, ...] = ()
    """Numbers of the report and what was found; they change no verdict."""
    missing_links: tuple[Place, ...] = ()
    """Figures and links of the answers that lead to nothing."""
    answers_path: str | None = None
    """The file that holds the answers, where it is another one than the checklist's (`path`)."""
    answers: tuple[GivenAnswer, ...] = ()
    """What the group wrote under each question, in full up to some thousand words; empty texts where it wrote nothing."""


class Remark(Record):
    """What a hand-in still lacks besides its claims, or what should not be in it, as one check found it.

    `check` names the check (`H.placeholder`), `title` what is wrong by it, in a few words. `place` is where, its text what stands there; `message`
    says what is the matter, `settle` what to do about it, both as sentences to the group. `claims` are those that it concerns.
    """

    check: Annotated[str, Meta(pattern=r"^H\.[a-z_]+$")]
    """Stable name of the check, such as H.placeholder."""
    title: str
    place: Place
    message: str
    settle: str
    """What to do about it."""
    claims: tuple[str, ...] = ()
    """Claims that it concerns."""
    several: str = ""
    """The message as it is said once of several places; empty where it is the same for each."""
    uncommitted: bool = False
    """What stands at the place is not in the last commit."""


class SetAside(Record):
    """A claim or module that a group's settings leave out, why, and the line that says so."""

    name: str
    """A claim or module."""
    reason: str
    line: Ordinal | None = None


class Settings(Record):
    """Settings that a group committed, or that who audits has given. `applied` where the audit followed them.

    `path` is the file, `line` where they begin; `select` are claims and modules to look at (all, where empty), `ignored` those
    to leave out, `folders` those that hold the project (all, where empty), `report` where the report stands, and `reports` all of
    its files, where checklist and answers stand in two.
    """

    path: str
    line: Ordinal | None
    applied: bool
    """Whether the audit followed them; a teaching assistant's does not."""
    select: tuple[str, ...] = ()
    ignored: tuple[SetAside, ...] = ()
    folders: tuple[str, ...] = ()
    report: str | None = None
    problems: tuple[Place, ...] = ()
    reports: tuple[str, ...] = ()
    """All files of the report, where checklist and answers stand in two."""
    zone: str = ""
    """The time zone of a deadline that names none; empty where it is not set."""

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

    ticked: Count
    supported: Count
    partial: Count
    unsupported: Count
    contradicted: Count
    unverifiable: Count
    discrepancies: Count
    queries: Count
    ask: Count
    unclaimed: Count
    errors: Count


class Since(Record):
    """What changed since the group's last check: `when` that was, as one speaks of it, and what was settled and came up since.

    Both are names of claims, and of hand-in checks with the file that they are about.
    """

    when: str
    settled: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    """What is open now and was not then."""
    eased: tuple[str, ...] = ()
    """Claims that would only be asked about now, and would have been challenged then."""
    worsened: tuple[str, ...] = ()
    """Claims that would be challenged now, and would only have been asked about then."""


class AuditResult(Record):
    """One audit."""

    version: str
    repository: RepositoryResult
    report: ReportResult
    claims: tuple[ClaimResult, ...]
    excerpts: tuple[Excerpt, ...] = ()
    """The lines around the places of evidence, in the order of paths and lines; excerpts of a file do not overlap."""
    prints: tuple[Print, ...] = ()
    """Figures of the report and own code files, to be compared with other groups'."""
    course: str = BUILT_IN_COURSE
    """The rule package by which the claims were judged, by the name that it is registered under."""
    settings: Settings | None = None
    """The group's own settings; null where it has none."""
    course_settings: Settings | None = None
    """Settings of who audits, for all groups alike; null where there are none."""
    hand_in: tuple[Remark, ...] | None = None
    """What the hand-in lacks besides its claims; null where that was not looked at. A class run looks for keys and large files."""
    only: tuple[str, ...] = ()
    """Names of the claims, modules and checks that alone were looked at; empty where all were."""
    without: tuple[str, ...] = ()
    """Names of those that were left out."""
    since: Since | None = None
    """What changed since the last check; null where there was none, or nothing is remembered."""

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
