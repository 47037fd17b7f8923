"""Markdown that is slow to parse, in the report, beside it, and in the documentation."""

from __future__ import annotations

from hostile.ground import Ground
from hostile.registry import FULL, SECONDS, WORK_TREE, case, places_for

PLACES = (
    "docs/README.md",
    "docs/source/x.md",
    "NOTES.md",
    "reports/README2.md",
    "src/kiln/README.md",
    "CHANGELOG.markdown",
)
REPORT = "reports/README.md"
APPENDIX = 300_000
"""Characters put behind the report: of a longer one the end is not read (see `a_report_that_is_too_long`)."""


def place(ground: Ground, text: str) -> None:
    """Put a text in documents, and behind the end of the report."""
    ground.write(dict.fromkeys(places_for(text, PLACES), text))
    append(ground, text[:APPENDIX])


def append(ground: Ground, text: str) -> None:
    """Put a text behind the end of the report."""
    report = (ground.repository / REPORT).read_text(encoding="utf-8")
    ground.write({REPORT: f"{report}\n\n## Appendix\n\n{text}\n"})


@case()
def nested_quotes(ground: Ground) -> None:
    place(ground, ">" * 10_000 + " x\n\n" + "> " * 10_000 + "- [x] y\n")


@case()
def nested_lists(ground: Ground) -> None:
    place(
        ground,
        "- " * 10_000 + "x\n\n" + "1. " * 10_000 + "x\n\n" + "".join("  " * n + "* [x] item\n" for n in range(600)),
    )


@case()
def checklist_of_100_000_items(ground: Ground) -> None:
    text = "* [x] Write unit tests for everything that there is\n" * 100_000
    ground.write({"docs/source/x.md": text, "reports/README2.md": text})
    append(ground, text[:APPENDIX])


@case()
def checklist_like_the_courses(ground: Ground) -> None:
    """A second report with 3,000 copies of an item of the course, among others that only look like one."""
    ground.write(
        {
            "reports/README2.md": "# Report\n\n"
            + "* [ ] Setup version control for your data or part of your data (M8)\n" * 3_000
            + "* [~] Use profiling to optimize your code (M12)\n" * 3_000
        }
    )


@case()
def a_million_brackets(ground: Ground) -> None:
    place(
        ground,
        "[" * 1_000_000
        + "\n\n"
        + "](" * 200_000
        + "\n\n"
        + "![" * 200_000
        + "\n\n"
        + "[a](" * 100_000
        + "\n\n"
        + "[a][b]" * 50_000
        + "\n\n"
        + "(" * 200_000,
    )


@case(WORK_TREE, seconds=SECONDS if FULL else 15.0)
def paragraphs_of_brackets(ground: Ground) -> None:
    """Brackets in paragraphs of a length that is still parsed: a document of the longest length read (a seventh usually)."""
    for unit in ("![", "[![", "[", "[a][", "[a]("):
        piece = unit * (18_000 // len(unit)) + "\n\n"
        ground.write({f"docs/source/x{ord(unit[-1])}{len(unit)}.md": piece * (22 if FULL else 3)})


@case()
def link_references(ground: Ground) -> None:
    definitions = "".join(f"[r{n}]: https://example.org/{n} 'title'\n" for n in range(50_000))
    text = definitions + "[" + "r" * 50_000 + "]: x\n\n" + "[r1] " * 50_000 + "\n\n[x]: <" + "a" * 100_000 + ">\n"
    ground.write({"docs/source/x.md": text, "NOTES.md": text[-400_000:]})
    append(ground, text[:APPENDIX])


@case()
def backticks(ground: Ground) -> None:
    """Runs of backticks, each of another length: each looks for its like in all that follows."""
    place(ground, " ".join("`" * n for n in range(1, 600)) + "\n\n" + "`a" * 100_000 + "\n\n" + "``` \n" * 20_000)


@case()
def emphasis(ground: Ground) -> None:
    place(
        ground,
        "*a_ " * 4_500
        + "\n\n"
        + "**_*_**" * 2_500
        + "\n\n"
        + "~~*" * 5_000
        + "\n\n"
        + "a**b" * 4_500
        + "c** " * 20_000,
    )


@case()
def html_and_comments(ground: Ground) -> None:
    place(
        ground,
        "<" * 200_000
        + "\n\n"
        + "<!--" * 20_000
        + "\n\n"
        + "<a b='" * 20_000
        + "\n\n"
        + "<!-- x -->" * 20_000
        + "\n\n"
        + "<?" * 20_000
        + "<![CDATA[" * 20_000
        + "\n\n"
        + "<div>" * 20_000
        + "\n\n<!--\n",
    )


@case()
def tables(ground: Ground) -> None:
    place(
        ground,
        "|" * 5_000
        + "\n"
        + "|-" * 5_000
        + "|\n"
        + "| [x] " * 5_000
        + "|\n\n"
        + "|a|b|\n|-|-|\n"
        + "| [x] | y |\n" * 5_000,
    )


@case()
def headings_and_questions(ground: Ground) -> None:
    text = "".join(
        f"### Question {n % 40}\n\n> **What?**\n\nAnswer: we did not, but we did not not.\n\n" for n in range(2_000)
    )
    whole = "#" * 50000 + "\n" + text + "a\n=" * 10000 + "\n"
    ground.write(dict.fromkeys(places_for(whole, PLACES), whole))


@case()
def entities_and_escapes(ground: Ground) -> None:
    place(
        ground,
        "&#0;&#x110000;&#xD800;&amp;lt;" * 5_000
        + "\n\n"
        + "\\" * 100_001
        + "\n\n"
        + "\x00\x0b\x0c\x1b\u2028\u2029\ufeff\u202e" * 5_000
        + "\n",
    )


@case()
def one_long_line(ground: Ground) -> None:
    for unit in ("we did not ", "a", " ", "https://", "@a.b", "- ", "[x] ", "?!", "'s ", "12%"):
        name = "".join(c for c in unit if c.isalnum()) or f"u{ord(unit[0])}"
        ground.write(
            {
                f"docs/source/{name}.md": unit * (3_000_000 // len(unit)),
                f"docs/source/{name}2.md": (unit * (9_000 // len(unit)) + "\n") * 30,
            }
        )
    place(ground, ("we did not wait for a " * 400 + "bus.\n") * 30)


@case()
def a_report_that_is_too_long(ground: Ground) -> None:
    """Nine megabytes behind the last answer: all that stands before them counts as before."""
    append(ground, "The weather was fine.\n\n" * 400_000)


@case()
def sentences_without_end(ground: Ground) -> None:
    """Answers of the report that run on: words of denial by the thousand, clauses in clauses."""
    text = "We did not, and if we did not, then because we did not have the time to not use docker, " * 4_000
    place(ground, f"### Question 98\n\n{text}\n\n### Question 99\n\n" + "However, no. " * 20_000)


DENIAL = (
    "### Question 97\n\n> **Did you use Weights & Biases?**\n>\n> Answer:\n\nWe did not use Weights & Biases at all.\n"
)
"""Among the answers to the course's questions: it speaks against a tick."""


def around_a_denial(ground: Ground, flood: str) -> None:
    """The honest report with an answer that denies something, in the middle of what nobody would write."""
    report = (ground.repository / REPORT).read_text(encoding="utf-8")
    head, first, answers = report.partition("### Question 1\n")
    ground.write({REPORT: f"{head}{flood}\n{DENIAL}\n{flood}\n{first}{answers}"})


@case(WORK_TREE, changes="M14.wandb X.diagram", shown=("We did not use Weights &",))
def items_around_a_denial(ground: Ground) -> None:
    """50,000 further items of the checklist before it, and as many behind it."""
    around_a_denial(ground, "".join(f"* [x] Something else that we did, number {n}\n" for n in range(50_000)))


@case(WORK_TREE, changes="M14.wandb X.diagram", shown=("We did not use Weights &",))
def questions_around_a_denial(ground: Ground) -> None:
    """50,000 further headings of questions before it, and as many behind it, with no answer under any."""
    around_a_denial(ground, "".join(f"### Question {n % 90 + 1}\n\n" for n in range(50_000)))
