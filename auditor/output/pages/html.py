"""Pages of an audit: one for a group, one for the class. Each is a file of its own that loads nothing.

All text in a result comes from strangers. It reaches a page only through the templates in `pages/`, which escape every
value and make invisible characters visible. Styles and script stand in the page and are allowed by their hash alone.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from auditor.evidence import Place
from auditor.output.pages.claim_views import ClaimView, Sources, by_path, claim_view, snippets, spot
from auditor.output.pages.class_views import LACKED, modules, rate_view, relative, row_view, totals, web_address
from auditor.output.words.wording import (
    FINDINGS,
    LARGE_FILES_CHECK,
    NOT_A_PROOF,
    SECRETS_CHECK,
    STATUS_NAMES,
    STATUS_SIGNS,
    by_finding,
    called,
    counted,
    day,
    failures,
    group_of,
    open_questions,
    questions_text,
    report_problems,
    set_aside_words,
    settings_lists,
    unread_told,
    visible,
)
from auditor.records import Record, replace
from auditor.result.audit import AuditResult, Remark
from auditor.result.class_run import BaseRate, ClassResult, GroupAudit, SharedFile

TEMPLATES = Path(__file__).parent / "templates"


class Neighbour(Record):
    """The page before or after in the class: the group's name, and the page's file name in the site."""

    name: str
    page: str


def to_html(result: AuditResult) -> bytes:
    """The page of one repository that belongs to no class."""
    return group_page(group_of(result))


def group_page(
    group: GroupAudit,
    *,
    home: str | None = None,
    of_class: str = "",
    shared: Sequence[SharedFile] = (),
    rates: Sequence[BaseRate] = (),
    neighbours: tuple[Neighbour | None, Neighbour | None] = (None, None),
) -> bytes:
    """The page of one group, as UTF-8.

    `home` is the class page's file name, None for a single audit, `of_class` the class's title; `neighbours` are the pages before and after. `shared`
    and `rates` are those of the class; only what concerns this group is shown.
    """
    audit = group.audit
    context: dict[str, object] = {
        "group": group,
        "heading": called(group.name),
        "title": f"{called(group.name)}: audit of the hand-in" + (f" ({of_class})" if of_class else ""),
        "home": relative(home) if home else None,
        "before": linked(neighbours[0]),
        "after": linked(neighbours[1]),
        "shared": [one for one in shared if any(name == group.name for name, _ in one.holders)],
        "audit": audit,
    }
    if audit is None:
        return render("group.html", context)
    sources = Sources(audit.repository, audit.report.path, by_path(audit.excerpts))
    rate_of = {rate.claim.id: rate for rate in rates}
    views = {
        finding: [claim_view(claim, sources, rate_of.get(claim.id)) for claim in claims]
        for finding, claims in by_finding(audit).items()
    }
    report, repository = audit.report, audit.repository
    context |= {
        "repository": repository,
        "report": report,
        "web": web_address(repository.web),
        "commit": spot(Place("", None, "", repository.commit), repository) if repository.commit else None,
        "report_file": spot(Place(report.path, None, ""), repository) if report.path else None,
        "views": views,
        "ids": {claim.id for claim in audit.claims},
        "weeks": at_a_glance([view for finding in FINDINGS for view in views[finding]], audit),
        "questions": questions_text(group),
        "asked": len(open_questions(audit)),
        "decided": sum(claim.decision is not None and not claim.decision.stale for claim in audit.claims),
        "stale": [claim for claim in audit.claims if claim.decision is not None and claim.decision.stale],
        "errors": failures(audit),
        "unread": unread_told(audit),
        "urgent": [
            (title, [spot(hand_in_place(one), repository) for one in several])
            for title, several in (
                ("Keys and passwords that are committed", remarks_of(audit, SECRETS_CHECK, uncommitted=False)),
                ("Keys and passwords, not committed yet", remarks_of(audit, SECRETS_CHECK, uncommitted=True)),
                ("Large files that are committed", remarks_of(audit, LARGE_FILES_CHECK, uncommitted=False)),
                ("Large files, not committed yet", remarks_of(audit, LARGE_FILES_CHECK, uncommitted=True)),
            )
            if several
        ],
        "contradictions": [(one, snippets((one.says,), sources)) for one in report.contradictions],
        "numbers": [(one, spot(one.place, repository)) for one in report.numbers],
        "lists": [
            (title, [spot(place, repository) for place in places])
            for title, places in (
                ("Checklist lines that were not recognised", report.unrecognised),
                ("Figures and links that lead to nothing", report.missing_links),
                ("The report", report_problems(audit)),
                ("Not read", repository.problems),
                *settings_lists(audit),
                ("What the hand-in lacks", [hand_in_place(one) for one in audit.hand_in or () if not urgent(one)]),
            )
            if places
        ],
    }
    return render("group.html", context)


def urgent(remark: Remark) -> bool:
    """Whether staff must act on a remark."""
    return remark.check in (SECRETS_CHECK, LARGE_FILES_CHECK)


def remarks_of(audit: AuditResult, check: str, *, uncommitted: bool) -> list[Remark]:
    """What a hand-in check found in the last commit, or what is not in it."""
    return [one for one in audit.hand_in or () if one.check == check and one.uncommitted is uncommitted]


def hand_in_place(remark: Remark) -> Place:
    """A remark on the hand-in as a place with its message."""
    return replace(remark.place, text=f"{remark.message} ({remark.check})")


def class_page(result: ClassResult) -> bytes:
    """The page of a class, as UTF-8: groups by claims, how each claim went, and equal files."""
    rows = [row_view(row, result.claims) for row in result.rows]
    pages = {row.name: relative(row.page) for row in result.rows if row.page}
    sections = [(name, len(list(claims))) for name, claims in groupby(result.claims, key=lambda claim: claim.section)]
    return render(
        "class.html",
        {
            "result": result,
            "title": f"{result.title}: audit of a class",
            "heading": result.title,
            "rows": rows,
            "leaks": [view for view in rows if view.row.keys or view.row.large_files],
            "sections": sections,
            "modules": modules(result.claims),
            "rates": [rate_view(rate) for rate in result.rates],
            "pages": pages,
            "failed": sum(row.summary is None for row in result.rows),
            "totals": totals(result.rows),
            "stale": any(cell.stale for row in result.rows for cell in row.cells),
            "decided": any(cell.decided is not None for row in result.rows for cell in row.cells),
            "lacked": LACKED,
        },
    )


def at_a_glance(views: Sequence[ClaimView], audit: AuditResult) -> list[tuple[str, list[ClaimView]]]:
    """Every claim in the catalogue's order, by section."""
    of = {view.claim.id: view for view in views}
    sections = groupby(audit.claims, key=lambda claim: claim.section)
    return [(section, [of[claim.id] for claim in claims]) for section, claims in sections]


def linked(neighbour: Neighbour | None) -> Neighbour | None:
    """A neighbour with its page as an address."""
    return None if neighbour is None else Neighbour(neighbour.name, relative(neighbour.page))


def render(name: str, context: Mapping[str, object]) -> bytes:
    """A page from its template. A text that UTF-8 cannot hold has been made visible before."""
    return template(name).render(context).encode("utf-8", "replace")


@cache
def template(name: str) -> Template:
    """A compiled template."""
    return environment().get_template(name)


def escaping(*folders: Path) -> Environment:
    """Jinja2 over the templates in `folders`: everything is escaped, nothing undefined, and what is invisible is made visible."""
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalized,
    )


@cache
def environment() -> Environment:
    """Templates with what every page needs."""
    made = escaping(TEMPLATES)
    style, script = page_part("pages.css"), page_part("pages.js")
    made.globals |= {
        "style": style,
        "script": script,
        "policy": policy(style, script),
        "not_a_proof": NOT_A_PROOF,
        "findings": FINDINGS,
        "counted": counted,
        "set_aside": set_aside_words,
        "status_names": STATUS_NAMES,
        "status_signs": STATUS_SIGNS,
        "day": day,
    }
    return made


def finalized(value: object) -> object:
    """What a template prints: texts with nothing invisible in them. Jinja escapes it afterwards."""
    return visible(value) if type(value) is str else value


def page_part(name: str) -> str:
    """A style sheet or script as it stands in the page; line ends are those that a browser hashes."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def policy(style: str, script: str) -> str:
    """The Content Security Policy (CSP Level 3): nothing but this style and this script, by their hashes."""
    return (
        f"default-src 'none'; style-src '{hash_source(style)}'; script-src '{hash_source(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def hash_source(text: str) -> str:
    """A source expression that allows exactly this text."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
