"""Work that is done but not handed in: not committed, not pushed, or on another branch."""

from __future__ import annotations

from collections.abc import Container, Iterator

from auditor.checks.files import LargeFiles
from auditor.checks.key_material import KeyMaterial
from auditor.checks.model import Flaw, HandIn, check
from auditor.checks.publication import Publication
from auditor.facts.history.commits import History
from auditor.patterns import pattern
from auditor.report.locate import expected_path
from auditor.repository.entries import Difference
from auditor.repository.snapshot import Snapshot
from auditor.result.audit import Finding

KEY_FIRST = "It holds a key: take that out of it first."
JUNK = pattern(
    r"(?:^|/)(?:\.DS_Store|Thumbs\.db|desktop\.ini|\.idea/|\.vscode/|\.ipynb_checkpoints/|\.~lock\.|#[^/]*#$|\.#)|\.sw[op]$|~$"
)
"""What systems and editors leave lying around; many people have git ignore it on their whole machine."""
OPEN = (Finding.DISCREPANCY, Finding.QUERY)


@check("H.uncommitted", "Everything is committed", "Work that is not committed")
def uncommitted(snapshot: Snapshot, keys: KeyMaterial, large: LargeFiles) -> Iterator[Flaw]:
    """The work tree holds nothing that the last commit does not.

    This check reads your files as they lie there, also what is not committed yet; the course reads commits. A new file that holds
    a key or is too large is not among them, for it should never be committed, nor is the report, where it is deleted: other checks
    tell of these.
    """
    report, with_key = expected_path(snapshot), {one.path for one in keys.places}
    told = with_key.union(large.sizes)
    found = [
        one
        for one in snapshot.uncommitted
        if not (one.kind == "new" and (JUNK.search(one.path) or one.path in told))
        and not (one.kind == "deleted" and one.path == report)
    ]
    for one in found:
        settle = advised(one, snapshot, with_key)
        yield Flaw(one.path, None, f"{one.kind.capitalize()} and not committed.", settle, uncommitted=True)


def advised(one: Difference, snapshot: Snapshot, with_key: Container[str]) -> str:
    """What to do about a file that is not as it is in the last commit."""
    if one.kind == "new":
        return "Commit it, or have git ignore it."
    if one.kind == "changed":
        return KEY_FIRST if one.path in with_key else "Commit the change, or take it back (git restore)."
    return f"Commit the deletion, or bring it back ({snapshot.restoring(one.path)})."


@check(
    "H.unpushed",
    "Everything is pushed, to the branch that is handed in",
    "Not everything is pushed to the branch that is handed in",
)
def unpushed(publication: Publication) -> Iterator[Flaw]:
    """All commits are on the remote, and on its main branch, as far as this clone knows: nothing is fetched.

    The course reads the main branch of the repository on its hosting site.
    """
    if publication.branch is None:
        return
    if not publication.remote:
        yield Flaw(
            ".", None, "The repository has no remote: nobody but you can see it.", "Push it to the hosting site."
        )
    elif publication.unpushed is None:
        yield Flaw(
            ".", None, "No branch of this repository was pushed yet, as far as this clone knows.", "Push it (git push)."
        )
    elif publication.unpushed:
        several = "s are" if publication.unpushed > 1 else " is"
        yield Flaw(".", None, f"{publication.unpushed} commit{several} not pushed.", "Push (git push).")
    if publication.beside_main:
        several = "s" if publication.beside_main > 1 else ""
        yield Flaw(
            ".",
            None,
            f"The branch {publication.branch} has {publication.beside_main} commit{several} that {publication.main} lacks, and "
            f"the course reads {publication.main}.",
            f"Merge it into {publication.main} before you hand in.",
        )


@check(
    "H.unmerged",
    "Work that a claim needs is on the branch that is handed in",
    "Work that a claim may need is on another branch",
)
def unmerged(hand_in: HandIn, history: History, snapshot: Snapshot) -> Iterator[Flaw]:
    """What a ticked claim rests on is not left on a branch that was never merged.

    Only claims that are looked at count. A file whose content is here under another name was merged in another way. Files are found by their names: whether they are what the claim needs, you know best.
    """
    needed = [(claim.id, place) for claim in hand_in.claims if claim.finding in OPEN for place in claim.elsewhere]
    holders = history.holders(place.commit for _, place in needed if place.commit)
    found: dict[tuple[str, str], list[str]] = {}
    for claim_id, place in needed:
        if place.commit in holders and not snapshot.holds(place.commit, place.path):
            found.setdefault((place.path, holders[place.commit]), []).append(claim_id)
    for (path, branch), claims in found.items():
        yield Flaw(
            path,
            None,
            f"{path[:200]} is on the branch {branch[:100]} only; {', '.join(claims)} may need it.",
            f"If it is finished, merge {branch[:100]}.",
            claims=tuple(claims),
        )
