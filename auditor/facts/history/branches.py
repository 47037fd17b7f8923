"""The branches that a repository has or had, as far as this clone tells."""

from __future__ import annotations

from auditor.facts.history.commits import History
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.entries import Moment
from auditor.repository.git import GitDoor
from auditor.repository.snapshot import Snapshot

PULL_REQUESTS = ("refs/remotes/pull/", "refs/pull/")
"""Where actions/checkout puts the commit of a pull request: no branch of the repository."""
_MERGED = (
    pattern(r"Merge (?:remote-tracking )?branch(?:es)? '(?:origin/)?([^']{1,250})'"),
    pattern(r"Merge pull request #[0-9]{1,9} from [^/\s]{1,100}/(\S{1,250})"),
)
_INTO = pattern(r"Merge .{1,500} into '?([^\s']{1,250})'?$")


class Branches(Record):
    """Branch names. None means unknown (no git, or no branch in this clone).

    `merged` are names that merge commits tell of and that may be gone since. `complete` is False for a clone of a
    single branch, which says nothing of others, and where the audited commit lies on no branch: its own is then missing.
    """

    names: frozenset[str] | None
    merged: frozenset[str] = frozenset()
    complete: bool = True

    @property
    def known(self) -> frozenset[str]:
        """Every name that there is or was."""
        return (self.names or frozenset()) | self.merged

    def may_exist(self, name: str) -> bool:
        """Whether a branch of this name is there, was there, or cannot be ruled out.

        Of `main` and `master` a repository has one: with the other one there, even a single-branch clone rules it out.
        """
        if self.names is None or name in self.known:
            return True
        other = {"main": "master", "master": "main"}.get(name)
        return not self.complete and other not in self.names


@fact
def branches(snapshot: Snapshot, history: History) -> Branches:
    """Local and remote branches, and those named in the messages of merge commits."""
    git = snapshot.git
    if git is None:
        return Branches(None)
    names = {name for _, ref in git.refs if (name := branch_name(ref))}
    if snapshot.moment.branch:
        names.add(snapshot.moment.branch)
    if not names:
        return Branches(None)
    merges = (one for one in (*history.commits, *history.later, *history.elsewhere) if len(one.parents) > 1)
    merged = {name for merge in merges for name in merged_names(merge.subject)}
    fetched = git.origin.fetched
    # `git fetch --depth=1 origin <commit>`, as actions/checkout has it, brings one branch, whatever the settings say.
    narrow = git.shallow and bool(git.origin.url) and len(names) == 1
    complete = (not fetched or any("*" in refspec for refspec in fetched)) and not narrow
    complete = complete and on_a_branch(snapshot.moment, git)
    return Branches(frozenset(names), frozenset(merged), complete)


def on_a_branch(moment: Moment, git: GitDoor) -> bool:
    """Whether the audited commit lies on a branch of this clone; False where git cannot tell."""
    if moment.branch or moment.commit is None:
        return True
    if any(tip == moment.commit and branch_name(ref) for tip, ref in git.refs):
        return True
    found = git.try_run(
        "for-each-ref", "--format=%(refname)", f"--contains={moment.commit}", "refs/heads", "refs/remotes"
    )
    return any(map(branch_name, (found or "").splitlines()))


def branch_name(ref: str) -> str | None:
    """A branch's own name from its full reference; None for a remote's HEAD, and for a pull request (`refs/remotes/pull/7/merge`)."""
    if ref.startswith("refs/heads/"):
        return ref.removeprefix("refs/heads/")
    if ref.startswith(PULL_REQUESTS):
        return None
    name = ref.removeprefix("refs/remotes/").partition("/")[2]
    return name if name and name != "HEAD" else None


def merged_names(subject: str) -> list[str]:
    """The branches that a merge commit's subject names (git-fmt-merge-msg, and GitHub's pull requests)."""
    found = [match[1] for pattern in _MERGED if (match := pattern.match(subject))]
    into = _INTO.match(subject)
    return found + ([into[1]] if into else [])
