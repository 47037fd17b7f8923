"""Whether others can see the work: what of it is on a remote, and on the branch that is handed in."""

from __future__ import annotations

from auditor.facts.branches import branch_name
from auditor.frozen import dataclass
from auditor.git import GitDoor
from auditor.injection import fact
from auditor.snapshot import Snapshot, main_branch


@dataclass(frozen=True, slots=True)
class Publication:
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
    main = main_branch(git)
    main = (git.try_run("symbolic-ref", "--quiet", main) or main).strip()
    name = branch_name(main)
    return Publication(
        branch=moment.branch,
        remote=remotes or bool(git.origin.url),
        unpushed=count(git, moment.commit, "--not", "--remotes") if remotes else None,
        main=name,
        beside_main=count(git, moment.commit, "--not", main) if name and name != moment.branch else 0,
    )


def count(git: GitDoor, commit: str, *without: str) -> int | None:
    """Commits that lead to `commit` and are not in `without`; None where git cannot tell."""
    found = git.try_run("rev-list", "--count", commit, *without)
    return int(found) if found and found.strip().isdigit() else None
