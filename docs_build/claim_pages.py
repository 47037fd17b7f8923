"""A page for each claim, made of the catalogue, the rule's docstring and the claim's micro-cases; and the list of claims.

The checklist's own wording is not printed: it is the course's text. A claim goes by its title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from case_examples import Example, as_html, of_kind

from auditor.course.catalog import Claim
from auditor.course.rulebook import Rulebook

LABELS = {
    "Accepted": "What counts",
    "Half of it": "What counts for half",
    "Not enough": "What does not count",
    "Does not count": "What does not count",
    "Cannot be told": "What cannot be told",
    "Never held against a group": "What is never held against a group",
    "To settle it": "How to settle it",
}
"""The words that begin a paragraph of a rule's docstring, and the heading that the page gives it."""
LABEL = re.compile(rf"^({'|'.join(LABELS)}):[ \n]", re.MULTILINE)
PARTIAL = "The verdict is then *partial*: a teaching assistant asks one question about it."
GENERAL = (
    "What is only mentioned: in a comment, in a string, in prose, as an import or a dependency that nothing uses. "
    "What the course's template brings and nobody changed."
)
"""What counts for no claim; shown where a rule says nothing of its own."""
EXAMPLES = {
    "honest": ("Ways that count", "Small projects in which the work is done."),
    "decoy": ("What looks like it and is not", "Words, stubs and dead code that do not show the work."),
    "edge": (
        "On the edge",
        "Cases between: half of the work, unusual ways, and where the program takes the group's side.",
    ),
}


def sections(docstring: str) -> tuple[str, dict[str, str]]:
    """The first paragraph of a rule's docstring, and what follows by heading."""
    pieces = LABEL.split(docstring)
    found: dict[str, str] = {}
    for label, body in zip(pieces[1::2], pieces[2::2], strict=True):
        heading = LABELS[label]
        body = " ".join(body.split())
        found[heading] = f"{found[heading]} {body}" if heading in found else body
    return " ".join(pieces[0].split()), found


def page_name(claim: Claim) -> str:
    """Where the claim's page stands, below the folder of the site's sources."""
    return f"claims/{claim.id}.md"


def claim_page(claim: Claim, book: Rulebook, examples: tuple[Example, ...]) -> str:
    """The page of one claim as Markdown."""
    rule = book.rules.get(claim.id)
    first, parts = sections(rule.text if rule else "There is no rule for this claim: it is reported as not judged.")
    parts.setdefault("What does not count", GENERAL)
    lines = [f"# {claim.title}", "", f"`{claim.id}` · module {claim.module} · {claim.section}", ""]
    editions = sorted({edition for item in claim.items for edition in item.editions})
    if editions and editions[-1] != book.catalog.editions[-1]:
        lines += [f"Only in the checklists of {', '.join(editions)}.", ""]
    lines += [prose(first), ""]
    if claim.optional:
        lines += [optional(claim), ""]
    for heading in dict.fromkeys(LABELS.values()):
        if heading in parts:
            lines += [f"## {heading}", "", prose(capital(parts[heading])), ""]
        if heading == "What counts for half" and heading in parts:
            lines += [PARTIAL, ""]
    lines += ["## Examples", ""]
    lines += [
        "Small invented projects, with the verdict that each gets. They are tests of the program as well. "
        "Only the files that matter are shown.",
        "",
    ]
    for kind, (heading, about) in EXAMPLES.items():
        blocks = [as_html(one) for one in of_kind(examples, kind)]
        if blocks:
            lines += [f"### {heading}", "", about, ""]
            lines += [line for block in blocks for line in (block, "")]
    lines += [
        f"On the command line: `auditor explain {claim.id}`. What the verdicts mean: [verdicts](../verdicts.md).",
        "",
    ]
    return "\n".join(lines)


def optional(claim: Claim) -> str:
    """What it means that a claim need not leave a trace."""
    silent = (
        "Where nothing speaks for it or against it, it cannot be told, and you are asked orally."
        if claim.silent == "unverifiable"
        else "Where the report says nothing about it either, the tick has nothing to rest on."
    )
    return (
        '!!! note "A repository need not show it"\n\n'
        "    This work can be done without a trace in the repository. An answer in the report with specifics (a named "
        f"service with a setting, an address, a figure that exists) makes it partial. {silent}"
    )


def claims_index(book: Rulebook, examples: Mapping[str, tuple[Example, ...]]) -> str:
    """The list of all claims by part of the course and module."""
    lines = [
        "# Claims",
        "",
        f"The {len(book.catalog)} claims of the checklist, as the course DTU 02476 made them from 2023 on. Each page says what "
        "counts, what does not, and how to settle it, with examples. *Optional* is work that a repository need not show.",
        "",
    ]
    for section, claims in by_section(book):
        lines += [f"## {section}", "", "| module | claim | what it says | examples |", "| --- | --- | --- | ---: |"]
        for claim in claims:
            mark = " *(optional)*" if claim.optional else ""
            number = len(examples.get(claim.id, ()))
            lines.append(f"| {claim.module} | [{claim.id}]({claim.id}.md) | {prose(claim.title)}{mark} | {number} |")
        lines.append("")
    return "\n".join(lines)


def by_section(book: Rulebook) -> Iterator[tuple[str, list[Claim]]]:
    """The claims by part of the checklist, both in the catalogue's order."""
    found: dict[str, list[Claim]] = {}
    for claim in book.catalog:
        found.setdefault(claim.section, []).append(claim)
    yield from found.items()


def prose(plain: str) -> str:
    """A docstring's text as Markdown: code in backquotes stays code, nothing else is markup."""
    pieces = re.split(r"(`[^`]*`)", plain)
    return "".join(
        piece if number % 2 else re.sub(r"([\\*_\[\]<>|#])", r"\\\1", piece) for number, piece in enumerate(pieces)
    )


def capital(sentence: str) -> str:
    """The sentence with a capital letter; names in backquotes stay as they are."""
    return sentence[:1].upper() + sentence[1:]
