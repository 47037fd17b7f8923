"""The `on` of a GitHub workflow: what triggers it, and whether that can happen in this repository.

Source: GitHub documentation, "Workflow syntax for GitHub Actions" (`on`) and "Events that trigger workflows".
"""

from __future__ import annotations

from auditor.facts.history.branches import Branches
from auditor.facts.workflows.filters import Filter, Paths, branches_admitted, branches_left
from auditor.facts.workflows.model import Cause, PathPattern, Trigger
from auditor.facts.workflows.source import Source, words
from auditor.formats.yaml_lines import YamlList, YamlMap
from auditor.records import replace

EVENTS = frozenset(
    """branch_protection_rule check_run check_suite create delete deployment deployment_status discussion
    discussion_comment fork gollum image_version issue_comment issues label merge_group milestone page_build project
    project_card project_column public pull_request pull_request_comment pull_request_review
    pull_request_review_comment pull_request_target push registry_package release repository_dispatch schedule status
    watch workflow_call workflow_dispatch workflow_run""".split()
)
LINKED = frozenset({"workflow_run", "workflow_call"})
"""Events that depend on other workflows: whether they can fire is settled when all are read."""
LONGEST_MONTHS = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


def read_triggers(source: Source, document: YamlMap) -> tuple[Trigger, ...]:
    """The triggers in all forms of `on`: one event, a list of events, or a mapping of events to filters."""
    on = document.get("on")
    if isinstance(on, YamlMap):
        return tuple(read_trigger(source, event, on) for event in on)
    return tuple(Trigger(*source.place(scalar.line), scalar.text) for scalar in document.scalars_at("on"))


def read_trigger(source: Source, event: str, on: YamlMap) -> Trigger:
    """One event with its filters."""
    filters = on.map_at(event)
    inputs = filters.map_at("inputs")
    schedule = on.get(event) if event == "schedule" else None
    return Trigger(
        *source.place(on.line_of(event)),
        event,
        branches=words(filters, "branches"),
        branches_ignore=words(filters, "branches-ignore"),
        tags=words(filters, "tags"),
        tags_ignore=words(filters, "tags-ignore"),
        paths=tuple(PathPattern(*source.place(line), text) for text, line in filters.scalars_at("paths")),
        paths_ignore=words(filters, "paths-ignore"),
        types=words(filters, "types"),
        cron=tuple(item.text_of("cron") for item in schedule.maps()) if isinstance(schedule, YamlList) else (),
        workflows=words(filters, "workflows"),
        inputs=tuple(inputs),
        defaults={name: inputs.map_at(name).text_of("default") for name in inputs if "default" in inputs.map_at(name)},
    )


def settle(trigger: Trigger, branches: Branches, paths: Paths) -> Trigger:
    """The trigger with its causes and, where it cannot fire, why. `workflow_run` and `workflow_call` are left open."""
    event = trigger.event
    negations = tuple(p.pattern for p in trigger.paths if p.pattern.startswith("!"))
    if trigger.paths:
        checked = []
        for i, path in enumerate(trigger.paths):
            later = tuple(p.pattern for p in trigger.paths[i + 1 :] if p.pattern in negations)
            dead = None if path.pattern in negations else paths.why_dead(path.pattern, later)
            checked.append(replace(path, why_dead=dead))
        trigger = replace(trigger, paths=tuple(checked))
    why = why_dead(trigger, branches)
    if why is not None:
        return replace(trigger, why_dead=why)
    if event in LINKED:
        return trigger
    if event != "push":
        return replace(trigger, causes=frozenset({Cause(event, event)}))
    causes = set()
    if not (trigger.tags or trigger.tags_ignore) or trigger.branches or trigger.branches_ignore:
        causes.add(Cause("push", "push"))
    if (trigger.tags or trigger.tags_ignore) or not (trigger.branches or trigger.branches_ignore or trigger.paths):
        causes.add(Cause("push", "tag"))
    return replace(trigger, causes=frozenset(causes))


def why_dead(trigger: Trigger, branches: Branches) -> str | None:
    """Why a trigger cannot fire, in words; None where it can, or where other workflows settle it."""
    event = trigger.event
    if event not in EVENTS:
        return f"GitHub knows no event {event}"
    if event == "schedule":
        return None if any(cron_fires(cron) for cron in trigger.cron) else "no cron line of its schedule ever comes due"
    if event in ("push", "pull_request", "pull_request_target"):
        if trigger.branches and trigger.branches_ignore:
            return "its `branches` and `branches-ignore` exclude each other"
        only_tags = event == "push" and (trigger.tags or trigger.tags_ignore)
        if trigger.branches and not only_tags and not branches_admitted(trigger.branches, branches):
            named = " or ".join(f"`{name}`" for name in trigger.branches)
            return f"its trigger waits for the branch {named}, which this repository has not"
        if trigger.branches_ignore and not only_tags and not branches_left(trigger.branches_ignore, branches):
            return "its `branches-ignore` leaves no branch"
        if trigger.paths and not trigger.live_paths:
            reasons = dict.fromkeys(f"`{p.pattern}` ({p.why_dead})" for p in trigger.paths if p.why_dead)
            return (
                f"its trigger waits for changes of {' or '.join(reasons)}"
                if reasons
                else "its `paths` exclude every path"
            )
        if trigger.paths_ignore and Filter(trigger.paths_ignore).admits("any/file.of-any-name"):
            return "its `paths-ignore` leaves no path"
    return None


def cron_fires(cron: str) -> bool:
    """Whether a cron line is one and ever comes due (five fields; no 30th of February)."""
    fields = cron.split()
    if len(fields) != 5:
        return False
    _, _, day, month, weekday = fields
    if weekday == "*" and day.isdecimal() and month.isdecimal() and len(day + month) <= 4:
        return 1 <= int(day) <= LONGEST_MONTHS.get(int(month), 31) and 1 <= int(month) <= 12
    return True
