"""Links of the report and the READMEs that lead to nothing."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.model import Flaw, HandIn, check
from auditor.facts.documents.document import Image, Link
from auditor.facts.documents.links import linked_path, local_path
from auditor.facts.documents.markdown import Docs
from auditor.facts.group import ReportPlace
from auditor.facts.history.hosting import Hosting
from auditor.facts.own_work.ignores import Ignores
from auditor.repository.snapshot import Snapshot

MEND = "Mend the path, or commit what it means."
EXPLAIN = "Others do not have it: say where it comes from, or link to that."


@check("H.links", "Links lead somewhere", "Links that lead nowhere")
def broken_links(
    hand_in: HandIn, snapshot: Snapshot, docs: Docs, hosting: Hosting, ignores: Ignores, place: ReportPlace
) -> Iterator[Flaw]:
    """Links of the report and of the README to files of the repository lead to files that are there.

    Addresses of other sites are not opened: nothing leaves your machine.
    """
    for document, line, path, text in dict.fromkeys(links(hand_in, docs, hosting, place)):
        if not path or (snapshot.exists(path) and not snapshot.was_deleted(path)):
            continue
        if snapshot.was_deleted(path):
            said = f"The link to {path[:120]} leads to what is deleted in your working copy, not committed."
            settle = f"`{snapshot.brings_back(path)}` brings it back."
        elif ignores.excuses(path):
            said, settle = f"The link to {path[:120]} leads to what is kept out of git.", EXPLAIN
        else:
            said, settle = f"The link to {path[:120]} leads to nothing.", MEND
        yield Flaw(document, line, said, settle, text)


def links(
    hand_in: HandIn, docs: Docs, hosting: Hosting, place: ReportPlace
) -> Iterator[tuple[str, int, str | None, str]]:
    """Document, line, path in the repository and text of each link: of the report's answers, and of the READMEs at the root."""
    report = hand_in.report
    for answer in report.answers if report else ():
        for link in answer.links:
            path = linked_path(link.target, answer.path, hosting)
            yield answer.path, link.line, path, link.text
    for document in docs.readmes:
        if document.path.count("/"):
            continue
        shown: list[Link | Image] = [*document.links, *document.images]
        for one in (one for one in shown if not place.holds(document.path, one.line)):
            yield document.path, one.line, local_path(document.path, one.target), one.target
