"""One group's hand-in, from its address to its result: fetched, read as it was at the deadline, audited.

This runs in a process of its own (see `supervision`); what goes in and comes out is plain data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.batch.addresses import Address, parse_address
from auditor.batch.rules_version import rules_digest
from auditor.errors import AuditError
from auditor.records import Record, as_dict, replace
from auditor.result.audit import BUILT_IN_COURSE

if TYPE_CHECKING:
    from auditor.limits import Limits
    from auditor.repository.git import GitDoor

WORK_TREE = "work tree"
"""State of a folder without git: there is no commit by which to know it again."""


class Task(Record):
    """What is to be done for one group: `rules` is the digest of those it is to be judged by.

    `limits` are bounds as `--limit` takes them. `known` are the states for which a result is stored already. `settings` are the
    course's own, a `Settings` as plain data.
    """

    repository: str
    base: str
    cache: str
    rules: str = ""
    deadline: str | None = None
    update: bool = False
    limits: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    course: str = BUILT_IN_COURSE
    settings: dict[str, Any] | None = None


class Outcome(Record):
    """What came of it: a result (JSON of the contract, None where a stored one stands for `state`), or why there is none.

    `key` names the repository in the store, `state` the commit and folder that were read.
    """

    address: str = ""
    key: str = ""
    state: str = ""
    result: dict[str, Any] | None = None
    problem: str = ""
    notes: tuple[str, ...] = ()
    later_commits: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return as_dict(self)

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Outcome:
        """From plain data."""
        return Outcome(**{**data, "notes": tuple(data["notes"])})


def perform(task: Task, begin: Callable[[], None] = lambda: None) -> Outcome:
    """Do what `task` says. Whatever fails is told in the outcome; nothing is raised but by a fault of the program.

    `begin` is called when the repository is there and its files are going to be read.
    """
    address: Address | None = None
    try:
        if task.rules != rules_digest(task.course):
            raise AuditError("this worker has other rules than the run: install the same version of auditor on both")
        address = parse_address(task.repository, Path(task.base))
        return audited(task, address, begin)
    except AuditError as error:
        shown = address.shown if address else task.repository
        return Outcome(address=shown, key=address.key if address else "", problem=one_line(str(error), address))


def audited(task: Task, address: Address, begin: Callable[[], None]) -> Outcome:
    """The outcome for a repository whose address is known. Raises AuditError."""
    from auditor.batch.clones import fetched
    from auditor.limits import DEFAULT, with_limits
    from auditor.repository.git import GitDoor
    from auditor.repository.git_directory import find_repository

    limits = with_limits(DEFAULT, task.limits)
    path = address.path
    if path is None:
        path = fetched(address, Path(task.cache), update=task.update, file_bytes=limits.file_bytes)
    begin()
    place = find_repository(path)
    if place is None:
        return unpacked(task, address, path, limits)
    door = GitDoor(place, limits)
    try:
        ref, folder, notes = named_state(door, address)
        commit, later = commit_at(door, ref, task.deadline)
        late = came_later(door, task.deadline)
    finally:
        door.close()
    if place.work_tree is not None and path != place.work_tree:
        folder = path.relative_to(place.work_tree).as_posix()
    if later:
        notes.append(f"{later} commit{'s' if later > 1 else ''} after the deadline (not audited)")
    # What came after the deadline is told as such; where nothing did, the result is the same for every deadline.
    state = f"{commit}:{folder}:{task.deadline}" if late else f"{commit}:{folder}"
    outcome = Outcome(address.shown, address.key, state, None, "", tuple(notes), later)
    if outcome.state in task.known:
        return outcome
    return replace(outcome, result=result_of(path, address, commit, limits, task))


def unpacked(task: Task, address: Address, path: Path, limits: Limits) -> Outcome:
    """The outcome for a folder without git. Raises AuditError."""
    note = "not a git repository: read as it lies there, without history"
    if task.deadline is not None:
        note += "; what it was at the deadline cannot be told"
    return Outcome(address.shown, address.key, WORK_TREE, result_of(path, address, None, limits, task), "", (note,))


def result_of(path: Path, address: Address, commit: str | None, limits: Limits, task: Task) -> dict[str, Any]:
    """The audit's JSON, with the repository's address in the place of where its clone lies. Raises AuditError."""
    from auditor.checks import FOR_STAFF
    from auditor.course.rulebook import load_rulebook
    from auditor.engine.run import run_audit
    from auditor.result.audit import Settings
    from auditor.result.json import read, to_document

    result = run_audit(
        path,
        at=commit,
        use_git=commit is not None,
        limits=limits,
        rulebook=load_rulebook(task.course),
        settings=read(Settings, task.settings) if task.settings else None,
        deadline=datetime.fromisoformat(task.deadline) if task.deadline and commit is not None else None,
        checks_besides=FOR_STAFF,
    )
    web = address.web if address.url is not None else result.repository.web
    return to_document(replace(result, repository=replace(result.repository, path=address.shown, web=web)))


def named_state(git: GitDoor, address: Address) -> tuple[str, str, list[str]]:
    """The branch to read, the folder in it, and what is to be said of them: the address's branch, else the default one.

    Raises AuditError where there is no commit at all.
    """
    from auditor.repository.commits import main_branch

    default = main_branch(git)
    if not git.try_run("rev-parse", "--verify", "--quiet", f"{default}^{{commit}}"):
        raise AuditError("the repository is empty: it has no commits on its default branch")
    if not address.ref:
        return default, "", []
    parts = address.ref.split("/")
    for length in range(len(parts), 0, -1):
        branch = "refs/heads/" + "/".join(parts[:length])
        if git.try_run("rev-parse", "--verify", "--quiet", f"{branch}^{{commit}}"):
            is_default = (git.try_run("symbolic-ref", "--quiet", default) or default).strip() == branch
            shown = branch.removeprefix("refs/heads/")
            return (
                branch,
                "",
                [] if is_default else [f"the address names the branch {shown}: it was audited, not the default one"],
            )
    return default, "", [f"the address names {address.ref}, which is no branch: the default branch was audited"]


def commit_at(git: GitDoor, ref: str, deadline: str | None) -> tuple[str, int]:
    """The last commit of `ref` at or before `deadline` (ISO 8601; None: the last of all), and how many came after it.

    Raises AuditError where there is none.
    """
    last = git.run("rev-parse", "--verify", f"{ref}^{{commit}}").strip()
    if deadline is None:
        return last, 0
    seconds = max(0, int(datetime.fromisoformat(deadline).timestamp()))
    found = git.run("rev-list", "-1", "--first-parent", f"--before=@{seconds} +0000", last).strip()
    if not found:
        raise AuditError("no commit on the branch at or before the deadline")
    later = git.run("rev-list", "--count", "--first-parent", f"{found}..{last}").strip()
    return found, int(later)


def came_later(git: GitDoor, deadline: str | None) -> bool:
    """Whether any branch has a commit of after `deadline`."""
    if deadline is None:
        return False
    seconds = max(0, int(datetime.fromisoformat(deadline).timestamp()))
    return bool((git.try_run("rev-list", "-1", "--all", f"--since=@{seconds + 1} +0000") or "").strip())


def one_line(message: str, address: Address | None) -> str:
    """An error without the address at its beginning, which stands beside it anyway."""
    text = " ".join(message.split())
    for prefix in (f"{address.shown}: ", f"{address.path}: ") if address else ():
        text = text.removeprefix(prefix)
    return text
