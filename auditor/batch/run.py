"""A whole class in one run: every group fetched and audited, then the sheets and pages written.

The results stand in the store as soon as they are there, and are read from it one at a time when the outputs are written: a
run that is stopped goes on where it was, and memory does not grow with the class.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, as_completed
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path

from auditor.batch.addresses import parse_address
from auditor.batch.clones import sweep
from auditor.batch.deadline import remember
from auditor.batch.executors import cluster_executor, local_executor
from auditor.batch.groups import ListedGroup
from auditor.batch.one_group import Outcome, Task
from auditor.batch.progress import Progress, shown
from auditor.batch.results_file import RESULTS, read_earlier
from auditor.batch.rules_version import rules_digest
from auditor.batch.site import WRITING_SECONDS, Written, write_outputs
from auditor.batch.store import Store
from auditor.batch.supervision import supervised
from auditor.errors import AuditError
from auditor.output.changes.lines import in_one_line
from auditor.records import Record, as_data, replace
from auditor.result.audit import BUILT_IN_COURSE, Settings
from auditor.result.changes import RunState, changes
from auditor.result.class_run import GroupAudit
from auditor.result.json import read_result
from auditor.review.decision_file import locked
from auditor.review.states import read_state
from auditor.version import __version__

SECONDS = 120.0
"""Time for one group, fetching included, where nothing else is said."""


class Options(Record):
    """How a run goes. `base` is the folder that relative paths of repositories start from."""

    out: Path
    cache: Path
    base: Path
    title: str = "Class"
    deadline: datetime | None = None
    jobs: int = 1
    seconds: float = SECONDS
    update: bool = False
    scheduler: str | None = None
    progress: str = "auto"
    limits: tuple[str, ...] = ()
    course: str = BUILT_IN_COURSE
    settings: Settings | None = None


class Finished(Record):
    """One group after its audit: what came of it, and the store's name for its result (empty where it failed)."""

    listed: ListedGroup
    outcome: Outcome


def run_class(everybody: Sequence[ListedGroup], wanted: Sequence[ListedGroup], options: Options) -> Written:
    """Audit the groups `wanted` and write everything into the output folder. Raises AuditError where nothing can start.

    A group that cannot be audited is a row that says why. Those of `everybody` that are not wanted are shown as an earlier
    run into the same folder had them, if there was one with the same deadline; else they are left out.
    """
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AuditError(f"--out {options.out}: cannot be made: {error.strerror or error}") from None
    store = Store(options.cache)
    try:
        sweep(options.cache)
        remember(options.out, options.deadline)
        deadline = options.deadline.isoformat() if options.deadline else None
        left_out = [group.name for group in everybody if group not in wanted]
        kept = earlier_audits(options.out, deadline, left_out)
        finished = {one.listed.name: one for one in audit_groups(wanted, options, store)}

        def audits() -> Iterator[GroupAudit]:
            for group in everybody:
                if group.name in finished:
                    yield group_audit(finished[group.name], store, judged_by(options))
                elif group.name in kept:
                    yield kept[group.name]

        with locked(options.out / RESULTS, WRITING_SECONDS):
            before = state_of(options.out)
            written = write_outputs(options.out, options.title, deadline, audits, options.course, options.settings)
            now = state_of(options.out)
        changed = in_one_line(changes(before, now)) if before and now else ""
        odd = dict.fromkeys(note for group in everybody for note in group.notes)
        return replace(written, problems=(*odd, *written.problems), changed=changed)
    finally:
        store.close()


def state_of(out: Path) -> RunState | None:
    """How the claims of the run in `out` stand as it wrote them; None where there is none that can be read."""
    try:
        return read_state(out, decided=False)
    except AuditError:
        return None


def earlier_audits(out: Path, deadline: str | None, names: Sequence[str]) -> dict[str, GroupAudit]:
    """What an earlier run with the same deadline and program version has on the groups of these names."""
    if not names:
        return {}
    try:
        earlier = read_earlier(out)
        same = earlier.deadline == deadline and earlier.version == __version__
        return earlier.audits_of(names) if same else {}
    except AuditError:
        return {}


def judged_by(options: Options) -> str:
    """What a result depends on besides the repository: the rules, bounds that the user set, and the course's settings."""
    settings = [] if options.settings is None else [json.dumps(as_data(options.settings), sort_keys=True)]
    return "+".join((rules_digest(options.course), *options.limits, *settings))


def audit_groups(groups: Sequence[ListedGroup], options: Options, store: Store) -> list[Finished]:
    """What came of each group, in their order; each result is in the store when it is known here."""
    outcomes: dict[int, Outcome] = {}
    with ExitStack() as stack:
        jobs = min(options.jobs, len(groups)) or 1
        executor: Executor = stack.enter_context(
            cluster_executor(options.scheduler) if options.scheduler else local_executor(jobs)
        )
        progress = stack.enter_context(shown(options.progress, len(groups), jobs))
        waiting: dict[Future[Outcome], int] = {}
        for number, group in enumerate(groups):
            task = task_for(group, options, store)
            waiting[executor.submit(supervised, task, options.seconds)] = number
        for future in as_completed(waiting):
            number = waiting.pop(future)
            outcomes[number] = taken_in(future, groups[number], store, judged_by(options), progress)
    return [Finished(group, outcomes[number]) for number, group in enumerate(groups)]


def task_for(group: ListedGroup, options: Options, store: Store) -> Task:
    """What is to be done for a group; which of its states are known already."""
    known: tuple[str, ...] = ()
    with suppress(AuditError):  # an address that cannot be read is told where the group is audited
        known = tuple(store.states(parse_address(group.repository, options.base).key, judged_by(options)))
    return Task(
        repository=group.repository,
        base=str(options.base.absolute()),
        cache=str(options.cache.absolute()),
        rules=rules_digest(options.course),
        deadline=options.deadline.isoformat() if options.deadline else None,
        update=options.update,
        limits=options.limits,
        known=known,
        course=options.course,
        settings=as_data(options.settings),
    )


def taken_in(future: Future[Outcome], group: ListedGroup, store: Store, rules: str, progress: Progress) -> Outcome:
    """The outcome of a finished task, its result moved to the store."""
    try:
        outcome = future.result()
    except Exception as error:  # a cluster's worker that died, or could not load the program
        outcome = Outcome(address=group.repository, problem=f"could not be run: {type(error).__name__}: {error}"[:300])
    stored = outcome.result is None
    if outcome.result is not None:
        text = json.dumps(outcome.result, ensure_ascii=False, separators=(",", ":"))
        store.save(outcome.key, outcome.state, rules, text.encode("utf-8", "replace"))
        outcome = replace(outcome, result=None)
    progress.done(group.name, outcome, stored=stored)
    return outcome


def another_number(name: str, number: str | None) -> bool:
    """Whether a report names another group than the list does; unknown where either holds no single number."""
    listed = re.findall(r"\d+", name)
    return number is not None and len(listed) == 1 and listed[0].lstrip("0") != number.lstrip("0")


def group_audit(one: Finished, store: Store, rules: str) -> GroupAudit:
    """A group with its result, read from the store."""
    outcome, problem = one.outcome, one.outcome.problem
    audit = None
    if not problem:
        text = store.load(outcome.key, outcome.state, rules)
        try:
            audit = read_result(json.loads(text)) if text else None
        except (ValueError, RecursionError):
            audit = None
        if audit is None:
            problem = "its stored result cannot be read: run again with another --cache"
    notes = (*one.listed.notes, *outcome.notes)
    if audit is not None and audit.report.path is None:
        notes = ("no report with a checklist was found", *notes)
    elif audit is not None and not any(claim.ticked for claim in audit.claims):
        notes = ("its report has a checklist and no tick in it: nothing is claimed", *notes)
    if audit is not None and another_number(one.listed.name, audit.report.group):
        notes = (f"the report says that this is group {audit.report.group}", *notes)
    return GroupAudit(
        one.listed.name, one.listed.members, outcome.address, audit, problem, notes, outcome.later_commits
    )
