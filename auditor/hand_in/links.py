"""Links of the report and the READMEs that lead to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from auditor.facts.docs import Docs
from auditor.facts.hosting import Hosting
from auditor.hand_in.model import Flaw, HandIn, check
from auditor.link_targets import linked_path, local
from auditor.report.descriptions import beside
from auditor.snapshot import Snapshot

SETTLE = "Mend the path, or commit what it means."


@check("H.links", "Links lead somewhere")
def broken_links(hand_in: HandIn, snapshot: Snapshot, docs: Docs, hosting: Hosting) -> Iterator[Flaw]:
    """Links of the report and of the README to files of the repository lead to files that are there.

    Addresses of other sites are not opened: nothing leaves your machine.
    """
    report = hand_in.report
    for answer in report.answers if report else ():
        for link in answer.links:
            path = linked_path(link.target, report.path if report else "", hosting)
            if path and not snapshot.exists(path):
                yield Flaw(
                    report.path if report else "",
                    link.line,
                    f"The link to {path[:120]} leads to nothing.",
                    SETTLE,
                    link.text,
                )
    for document in docs.readmes:
        if document.path.count("/") or (report and document.path == report.path):
            continue
        places = [(link.line, link.target, "link to") for link in document.links]
        places += [(image.line, image.target, "figure") for image in document.images]
        for line, target, what in places:
            path = unquote(beside(document.path, target)) if local(target) else ""
            if path and not snapshot.exists(path):
                yield Flaw(document.path, line, f"The {what} {path[:120]} leads to nothing.", SETTLE, target)
