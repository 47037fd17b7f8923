"""The text of feedback to one group, in Markdown, from a template that a course may replace.

A template is Jinja2's. It is given `group`, `members`, `commit` (a link), `day`, `ticked`, `confirmed` (how many), and lists of
claims: `not_shown`, `partly_shown`, `to_tell`, `not_ticked`, `shown`. A claim has `id`, `module`, `words` (the checklist's), `reason`,
`place` (a link), `question`, `note` (of whoever decided; the template that comes with the program leaves it out) and `decided`.
Whatever a template prints is escaped for Markdown: it comes from strangers.
"""

from __future__ import annotations

from functools import cache

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from auditor.errors import AuditError
from auditor.evidence import Place
from auditor.output.markdown.markdown import linked, prose
from auditor.output.words.reasons import asked, reason_of
from auditor.output.words.wording import by_finding, called, day, wording
from auditor.records import Record
from auditor.result.audit import AuditResult, ClaimResult, Finding, RepositoryResult
from auditor.result.class_run import GroupAudit

TEMPLATE = """\
# Feedback to {{ group }}

{% if members %}Dear {{ members | join(", ") }},{% else %}Dear group,{% endif %}


we read your hand-in{% if commit %} as it stood at {{ commit }}{% if day %} of {{ day }}{% endif %}{% endif %}.
{%- if ticked %} Of the {{ ticked }} items that you ticked, {{ confirmed }} {{ "is" if confirmed == 1 else "are" }} backed by what we saw.{% endif %}

{% for title, claims in (
  ("Ticked, and we did not see it", not_shown),
  ("Ticked, and we saw part of it", partly_shown),
  ("To be told by you", to_tell),
  ("Done, and you did not tick it", not_ticked),
) if claims %}

## {{ title }}

{% for claim in claims %}
- **{{ claim.words }}**{% if claim.reason %}: {{ claim.reason }}{% endif %}{% if claim.place %} ({{ claim.place }}){% endif %}

{% endfor %}
{% endfor %}

If you see it otherwise, show us: what a program and its reader did not find may still be there.
"""
"""What groups are told where the course has no template of its own."""

LONGEST = 100_000
"""Characters of a course's template."""


class Markdown(str):
    """Text that is Markdown already and is printed as it stands."""

    __slots__ = ()


class ToldClaim(Record):
    """One claim as a template sees it."""

    id: str
    module: str
    words: str
    reason: str
    place: Markdown | None
    question: str
    note: str
    decided: bool


def feedback_text(group: GroupAudit, template: str = TEMPLATE) -> str:
    """The feedback to one group as Markdown that ends with a line end. `group.audit` has its decisions applied already.

    `template` is the text of a Jinja2 template (see this module). A group without an audit is told why there is none. Raises
    AuditError where the template is broken or names something that there is not.
    """
    try:
        text = compiled(template).render(context_of(group))
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError) as error:
        raise AuditError(f"the template for feedback: {' '.join(str(error).split()) or type(error).__name__}") from None
    return text.strip("\n") + "\n"


def context_of(group: GroupAudit) -> dict[str, object]:
    """What a template is given."""
    audit = group.audit
    context: dict[str, object] = {
        "group": called(group.name),
        "members": group.members,
        "problem": group.problem,
        "commit": None,
        "day": "",
        "ticked": 0,
        "confirmed": 0,
        **dict.fromkeys(("not_shown", "partly_shown", "to_tell", "not_ticked", "shown"), ()),
    }
    if audit is None:
        return context
    repository = audit.repository
    found = by_finding(audit)
    lists = {
        "not_shown": Finding.DISCREPANCY,
        "partly_shown": Finding.QUERY,
        "to_tell": Finding.ASK,
        "not_ticked": Finding.UNCLAIMED,
        "shown": Finding.CONFIRMED,
    }
    return context | {
        "commit": Markdown(linked(Place("", None, "", repository.commit), repository)) if repository.commit else None,
        "day": day(repository.committed_at),
        "ticked": sum(bool(claim.ticked) for claim in audit.claims),
        "confirmed": len(found[Finding.CONFIRMED]),
        **{name: [told(claim, audit) for claim in found[finding]] for name, finding in lists.items()},
    }


def told(claim: ClaimResult, audit: AuditResult) -> ToldClaim:
    """A claim with its words, reason and place."""
    reason = reason_of(claim)
    decision = claim.decision if claim.decision and not claim.decision.stale else None
    return ToldClaim(
        id=claim.id,
        module=claim.module,
        words=wording(claim),
        reason=reason.words,
        place=link(reason.place, audit.repository),
        question=asked(claim),
        note=decision.note if decision else "",
        decided=decision is not None,
    )


def link(place: Place | None, repository: RepositoryResult) -> Markdown | None:
    """A place as a link to the hosting site, or as its name."""
    return None if place is None else Markdown(linked(place, repository))


@cache
def environment() -> SandboxedEnvironment:
    """Jinja2 that runs nothing of Python's, misses nothing silently, and escapes what it prints."""
    return SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=escaped)


@cache
def compiled(template: str) -> Template:
    """A template, compiled."""
    if len(template) > LONGEST:
        raise AuditError(f"the template for feedback: over {LONGEST:,} characters")
    return environment().from_string(template)


def escaped(value: object) -> object:
    """What a template prints: text of strangers with no mark of Markdown in force."""
    return value if isinstance(value, Markdown) else prose(value) if isinstance(value, str) else value
