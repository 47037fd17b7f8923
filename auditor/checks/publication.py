"""Whether others can see the work: what of it is on a remote, and on the branch that is handed in."""

from __future__ import annotations

from auditor.facts.history.branches import branch_name
from auditor.injection import fact
from auditor.records import Record
from auditor.repository.git import GitDoor
from auditor.repository.snapshot import Snapshot


class Publication(Record):
    """The branch that HEAD is on and what is known of it elsewhere, as this clone last heard.

    `unpushed` counts commits that no remote branch has, `beside_main` those that the branch `main` lacks; None where that
    cannot be told. `remote` is whether there is a remote at all.
    """

    branch: str | None = None
    remote: bool = False
    unpushed: int | None = None
    main: str | None = None
    beside_main: int | None = None


@fact
def read_publication(snapshot: Snapshot) -> Publication:
    """What of HEAD's branch is on a remote and on the main branch; nothing is fetched.

    Unknown where HEAD is on no branch, and in a bare repository, which is itself what was pushed.
    """
    git, moment = snapshot.git, snapshot.moment
    if git is None or git.place.work_tree is None or moment.commit is None or moment.branch is None or git.shallow:
        return Publication()
    remotes = any(ref.startswith("refs/remotes/") for _, ref in git.refs)
    main = handed_in(git)
    name = branch_name(main) if main else None
    other = name is not None and name != moment.branch
    return Publication(
        branch=moment.branch,
        remote=remotes or bool(git.origin.url),
        unpushed=count(git, moment.commit, "--not", "--remotes") if remotes else None,
        main=name,
        beside_main=lacking(git, main, moment.commit) if main and other else 0,
    )


def handed_in(git: GitDoor) -> str | None:
    """The branch that is handed in, as a full reference: the remote's default, else its main or master, else a local one."""
    default = (git.try_run("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD") or "").strip()
    there = {ref for _, ref in git.refs}
    named = [f"refs/{place}/{name}" for place in ("remotes/origin", "heads") for name in ("main", "master")]
    return next((ref for ref in (default, *named) if ref in there), None)


def lacking(git: GitDoor, main: str, commit: str) -> int | None:
    """Commits that lead to `commit` and whose changes `main` lacks; none where they were merged in another way (squashed, rebased)."""
    ahead = count(git, f"{main}...{commit}", "--cherry-pick", "--right-only", "--no-merges")
    if not ahead:
        return ahead
    base = (git.try_run("merge-base", main, commit) or "").strip()
    if base and changed(git, base, commit).isdisjoint(changed(git, main, commit)):
        return 0
    return ahead


def changed(git: GitDoor, before: str, after: str) -> frozenset[str]:
    """Paths of the files that differ between two commits, by their names in git alone."""
    found = git.try_run("diff-tree", "-r", "-z", "--name-only", "--no-renames", before, after) or ""
    return frozenset(path for path in found.split("\0") if path)


def count(git: GitDoor, *revisions: str) -> int | None:
    """How many commits the revisions mean; None where git cannot tell."""
    found = git.try_run("rev-list", "--count", *revisions)
    return int(found) if found and found.strip().isdigit() else None
