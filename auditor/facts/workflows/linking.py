"""What can set each workflow, job and step off, once all workflows are known.

A workflow may wait for another (`workflow_run`), call another (`workflow_call`), and a job may need another: what sets
one off is followed from the events in the world until nothing changes any more.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.facts.history.branches import Branches
from auditor.facts.workflows.caching import caching
from auditor.facts.workflows.conditions import evaluate, overrides_needs
from auditor.facts.workflows.model import CHANGE_EVENTS, Cause, Job, Step, Trigger, Workflow
from auditor.patterns import pattern
from auditor.records import replace
from auditor.repository.paths import normalise

MAX_ROUNDS = 20
MAX_NEEDS = 300
NO_BRANCH = "refs/heads/\0"
_LITERAL = pattern(r"'([^']{1,200})'")

Causes = frozenset[Cause]


def link(workflows: list[Workflow], branches: Branches) -> list[Workflow]:
    """The workflows with causes and reasons filled in. Their triggers are settled, each for itself."""
    for _ in range(MAX_ROUNDS):
        linked = [step_of_linking(workflow, workflows, branches) for workflow in workflows]
        if [w.causes for w in linked] == [w.causes for w in workflows]:
            workflows = linked
            break
        workflows = linked
    return [finished(workflow, branches) for workflow in workflows]


def step_of_linking(workflow: Workflow, others: list[Workflow], branches: Branches) -> Workflow:
    """`workflow` with the causes that follow from what is known of all workflows so far."""
    if workflow.dead_reason is not None:
        return workflow
    callers = calling(workflow, others, branches)
    triggers = tuple(linked_trigger(trigger, others, callers) for trigger in workflow.triggers)
    causes = frozenset(cause for trigger in triggers for cause in trigger.causes)
    return replace(workflow, triggers=triggers, causes=causes)


def linked_trigger(trigger: Trigger, others: list[Workflow], callers: Mapping[str, Causes]) -> Trigger:
    """A `workflow_run` or `workflow_call` with the causes that other workflows give it; any other as it is."""
    if trigger.event == "workflow_call":
        return replace(trigger, causes=frozenset(cause for causes in callers.values() for cause in causes))
    if trigger.event == "workflow_run":
        upstream = [w for w in others if w.name in trigger.workflows and w.dead_reason is None]
        return replace(
            trigger, causes=frozenset(Cause("workflow_run", cause.root) for w in upstream for cause in w.causes)
        )
    return trigger


def calling(workflow: Workflow, others: list[Workflow], branches: Branches) -> dict[str, Causes]:
    """By path, the workflows with a job that calls `workflow`, and what can set that job off."""
    found: dict[str, Causes] = {}
    for other in others:
        if other.dead_reason is not None or not other.causes:
            continue
        for job in other.jobs:
            if job.uses.startswith("./") and normalise(job.uses) == workflow.path:
                causes = causes_of_jobs(other, branches)[job.id]
                if causes:
                    found[other.path] = found.get(other.path, frozenset()) | causes
    return found


def causes_of_jobs(workflow: Workflow, branches: Branches) -> dict[str, Causes]:
    """What can set off each job: its workflow's causes, less those that its condition or the jobs it needs rule out."""
    found: dict[str, Causes] = {}
    jobs = {job.id: job for job in workflow.jobs}
    waiting = list(workflow.jobs)
    while waiting:
        rest = []
        for job in waiting:
            if any(need in jobs and need not in found for need in job.needs[:MAX_NEEDS]):
                rest.append(job)
                continue
            causes = admitted(workflow.causes, job.condition, branches)
            if not overrides_needs(job.condition):
                for need in job.needs:
                    causes &= found.get(need, causes)
            found[job.id] = causes
        if len(rest) == len(waiting):  # a circle, which GitHub refuses
            found.update({job.id: frozenset() for job in rest})
            break
        waiting = rest
    return found


def admitted(causes: Causes, condition: str, branches: Branches) -> Causes:
    """The causes under which a condition can hold."""
    if not condition:
        return causes
    return frozenset(cause for cause in causes if evaluate(condition, context(cause, condition, branches)) is not False)


def context(cause: Cause, condition: str, branches: Branches) -> dict[str, str]:
    """What is known of a run that a cause sets off (GitHub documentation, "Contexts": `github`)."""
    known = {"github.event_name": cause.event}
    if cause == Cause("push", "tag"):
        known |= {"github.ref": "refs/tags/*", "github.ref_type": "tag"}
    elif cause.event == "push":
        names = [literal.removeprefix("refs/heads/") for literal in _LITERAL.findall(condition)]
        possible = any(
            branches.may_exist(name) or any(known_name.startswith(name) for known_name in branches.known)
            for name in names
        )
        known |= {"github.ref": "refs/heads/*" if possible else NO_BRANCH, "github.ref_type": "branch"}
        if not possible:
            known["github.ref_name"] = NO_BRANCH
    elif cause.event == "pull_request":
        known |= {"github.ref": "refs/pull/*", "github.ref_type": "branch"}
    return known


def finished(workflow: Workflow, branches: Branches) -> Workflow:
    """The workflow with its jobs' and triggers' final state."""
    triggers = tuple(finished_trigger(trigger) for trigger in workflow.triggers)
    reason = workflow.dead_reason
    if reason is None and not workflow.causes:
        whys = (t.why_dead if t.event in CHANGE_EVENTS else f"{t.event}: {t.why_dead}" for t in triggers if t.why_dead)
        reason = "; ".join(dict.fromkeys(whys)) or "nothing triggers it"
    causes = causes_of_jobs(workflow, branches)
    jobs = tuple(finished_job(job, workflow, causes, branches) for job in workflow.jobs)
    if reason is None and all(job.disabled for job in jobs):
        reason = f"all its jobs are disabled: {jobs[0].disabled}" if jobs else "it has no jobs"
    return replace(workflow, triggers=triggers, jobs=jobs, dead_reason=reason)


def finished_trigger(trigger: Trigger) -> Trigger:
    """A trigger that nothing sets off says why."""
    if trigger.why_dead is not None or trigger.causes:
        return trigger
    why = {
        "workflow_call": "no live workflow calls it",
        "workflow_run": f"no live workflow is named {' or '.join(trigger.workflows) or '(nothing)'}",
    }.get(trigger.event, "nothing sets it off")
    return replace(trigger, why_dead=why)


def finished_job(job: Job, workflow: Workflow, causes: Mapping[str, Causes], branches: Branches) -> Job:
    """The job with its causes, those of its steps, and what its live steps cache."""
    own = causes[job.id]
    steps = tuple(finished_step(step, own or workflow.causes, branches) for step in job.steps)
    disabled = None if own or not workflow.causes else why_disabled(job, workflow, causes, branches)
    if evaluate(job.condition) is False:
        disabled = f"if: {job.condition}"
    live = [step for step in steps if step.disabled is None]
    return replace(job, causes=own, steps=steps, disabled=disabled, caching=caching(live, job.runs_on))


def why_disabled(job: Job, workflow: Workflow, causes: Mapping[str, Causes], branches: Branches) -> str:
    """Why nothing sets a job off."""
    if not admitted(workflow.causes, job.condition, branches):
        return f"its condition never holds: {job.condition}"
    need = next((need for need in job.needs if not causes.get(need, True)), None)
    return f"it needs {need}, which never runs" if need else "it and the jobs that it needs never run together"


def finished_step(step: Step, causes: Causes, branches: Branches) -> Step:
    """The step with its causes and, where it never runs, why."""
    own = admitted(causes, step.condition, branches)
    never = evaluate(step.condition) is False or (causes and not own)
    return replace(step, causes=own, disabled=f"if: {step.condition}" if never else None)
