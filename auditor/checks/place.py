"""Where the report stands, and what is missing in its head."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.model import Flaw, HandIn, check
from auditor.report.locate import EXPECTED, expected_path
from auditor.repository.snapshot import Snapshot


@check("H.report", "The report is where the course reads it", "The report is not where the course reads it")
def report_place(hand_in: HandIn, snapshot: Snapshot) -> Iterator[Flaw]:
    """The report is `reports/README.md`: the course collects that folder and nothing else.

    A report in another place, under another name, or on another branch is not read by the course's scripts, however good it is.
    """
    expected = expected_path(snapshot)
    if snapshot.was_deleted(expected):
        read = f"; {hand_in.report.path} was read in its place" if hand_in.report else ""
        yield Flaw(
            expected,
            None,
            f"The report is deleted in your working copy{read}.",
            f"It is in your last commit: `{snapshot.brings_back(expected)}` brings it back.",
            uncommitted=True,
        )
        return
    if hand_in.report is None:
        yield Flaw(
            expected,
            None,
            f"No report was found: neither {expected}, nor another file with the course's checklist.",
            f"Fill in the course's report template and commit it as {EXPECTED}.",
        )
        return
    report = hand_in.report
    if len(report.files) > 1:
        for path, half in zip(report.files, ("checklist", "answers"), strict=True):
            if path != expected:
                yield Flaw(
                    path,
                    None,
                    f"The {half} of the report stands in {path}; the course reads {expected}.",
                    f"Put it into {expected}.",
                )
    elif report.path != expected:
        yield Flaw(
            report.path,
            None,
            f"The report is {report.path}; the course reads {expected}.",
            f"Move it to {expected}, and its figures with it.",
        )


@check("H.group", "Group number and members are given", "Group number or members are missing")
def group_and_members(hand_in: HandIn) -> Iterator[Flaw]:
    """The first two answers name the group by its number, and the members by their study numbers."""
    report = hand_in.report
    if report is None:
        return
    for topic, known, what, how in (
        ("group", report.group, "group number", "Write the number that your group is registered under."),
        ("members", report.members, "members", "Write the study number of every member."),
    ):
        answer = report.answer(topic)
        if known is None and answer is not None and answer.filled:
            text = answer.own[0].text if answer.own else ""
            yield Flaw(answer.path, answer.line, f"The {what} could not be read from the answer.", how, text)
        elif known is None and answer is None and report.answers:
            yield Flaw(report.answers_path, None, f"The question on the {what} was not found.", how)


@check("H.checklist", "The checklist is whole", "The checklist is not whole")
def checklist(hand_in: HandIn) -> Iterator[Flaw]:
    """The items of the checklist are all there, in words that are recognised, and some of them are ticked.

    Items that were deleted count as not ticked; lines that were reworded may not be recognised.
    """
    report = hand_in.report
    if report is None:
        return
    if not report.items:
        if report.answers:
            yield Flaw(
                report.path,
                None,
                "The report has no checklist.",
                "Put the template's checklist back, and tick what you did.",
            )
        return
    if not any(item.ticked for item in report.items):
        first = report.items[0]
        yield Flaw(report.path, first.line, "Nothing is ticked in the checklist.", "Tick what you did.", first.text)
    gone = [
        c for c in hand_in.catalog.claims if report.edition and c.wording(report.edition) and report.item(c.id) is None
    ]
    if gone:
        named = ", ".join(f"{claim.id} ({claim.title})" for claim in gone[:5])
        more = f" and {len(gone) - 5} more" if len(gone) > 5 else ""
        yield Flaw(
            report.path,
            None,
            f"Items of the template's checklist are missing or not readable: {named}{more}.",
            "Put them back as the template has them; leave the box blank where you did not do it.",
            claims=tuple(claim.id for claim in gone),
        )
