"""The figures of the report: how many, which form, where they lie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from auditor.checks.model import Flaw, HandIn, check
from auditor.checks.numbered import called, fits, measured
from auditor.facts.documents.links import local, local_path
from auditor.facts.own_work.template import Template
from auditor.patterns import pattern
from auditor.practices.documentation.figures import BADGE
from auditor.report.model import Figure
from auditor.repository.snapshot import Snapshot

FORMATS = (".png", ".jpg", ".jpeg")
"""Endings that the report's template asks for."""
WITH_BLANK = pattern(
    r"!\[[^\]\n]{0,200}\]\(([^()<>\"'\n]{1,200}[ ][^()<>\"'\n]{0,200}\.(?:png|jpe?g|gif|svg))\)", re.IGNORECASE
)
"""An image whose target holds a blank, which ends a target in Markdown (CommonMark 6.3)."""
COPY = "Put a copy into the report's folder and show that."
COMMIT = "Commit the file (is it ignored by git?), or mend its name."
SEVERAL = {
    COPY: "These figures lie elsewhere on the web; the course collects the report's folder only.",
    COMMIT: "These figures do not exist in the repository.",
}
"""What is said once of several figures, by what to do about them."""
SHOW = "Show what the question asks for. Where there is nothing to show, say so and why."
ABSOLUTE = pattern(r"^(?:/|~|[A-Za-z]:[\\/]|file:|\\\\)")
"""Paths that hold on one machine only."""
SYMBOL = pattern(r"emoji|githubassets\.com/images/icons|/logo", re.IGNORECASE)
"""Addresses of pictures that adorn a text."""


@check("H.figures", "Figures are as many as asked for", "Figures are not as many as asked for")
def figure_counts(hand_in: HandIn) -> Iterator[Flaw]:
    """An answer that is asked for figures has as many as its question says.

    The course's checker knows a figure by Markdown's form, an exclamation mark before the brackets, on one line. Links to image
    files and HTML are shown by GitHub, but it does not count them.
    """
    for answer, reading, bounds in measured(hand_in, lambda question: question.figures):
        own = len(answer.pictures)
        counted = own if reading is None else reading.pictures
        if fits(counted, bounds):
            continue
        asked = f"{bounds[0]} to {bounds[1]} are" if bounds[0] != bounds[1] else f"{bounds[0]} is"
        said = f"{called(answer)} shows {counted or 'no'} figure{'s' if counted != 1 else ''}; {asked} asked for."
        settle = SHOW if counted < bounds[0] else "Keep the ones that show most."
        if fits(own, bounds):
            said += f" You show {own}, but not in the form that the course's checker counts."
            settle = "Write each as an image of Markdown, on a line of its own, within the answer."
        yield Flaw(answer.path, answer.line, said, settle)


@check("H.figure_files", "Figures can be seen", "Figures that cannot be seen, or are not taken")
def figure_files(hand_in: HandIn, snapshot: Snapshot, template: Template) -> Iterator[Flaw]:
    """Every figure of the report is a file of your own, in its folder, in a form that the course takes, named by a relative path.

    The course collects the folder of the report and nothing else. It takes PNG and JPEG. The template's own example images are
    nobody's work.
    """
    report = hand_in.report
    if report is None:
        return
    folder = report.answers_path.rpartition("/")[0]
    by_lower = {path.lower(): path for path in snapshot.paths}
    for line in (line for answer in report.answers for line in answer.own):
        for target in WITH_BLANK.findall(line.text):
            yield Flaw(
                report.answers_path,
                line.line,
                f"The figure {target} is not shown: its path holds a blank.",
                "Rename the file, or write %20 for the blank.",
            )
    for figure in dict.fromkeys(figure for answer in report.answers for figure in answer.figures):
        said = judged(figure, report.answers_path, folder, snapshot, by_lower, template)
        if said is not None:
            several = SEVERAL.get(said[1], "")
            yield Flaw(report.answers_path, figure.line, said[0], said[1], figure.target[:200], several=several)


def judged(
    figure: Figure, report: str, folder: str, snapshot: Snapshot, by_lower: dict[str, str], template: Template
) -> tuple[str, str] | None:
    """What is the matter with one figure, and what to do; None where it is fine. The first thing is told."""
    target = unquote(figure.target)
    name = target if len(target) <= 80 else target[:79] + "…"
    if target.startswith("data:"):
        return "A figure is written into the report as data.", "Put it into a file of its own, and show that."
    path = local_path(report, figure.target)
    if ABSOLUTE.match(target):
        said = (
            "which holds on one machine only"
            if path is None or path not in snapshot
            else "which the course's page does not know"
        )
        return f"The figure {name} is named by an absolute path, {said}.", (
            f"Put it into {folder or '.'}/figures and name it from the report on: figures/NAME.png."
        )
    if path is None:
        if BADGE.search(target) or (not local(figure.target) and SYMBOL.search(target)):
            return None  # a badge or an emoji is no figure of an answer
        return f"The figure {name} lies elsewhere on the web; the course collects the report's folder only.", COPY
    if snapshot.was_deleted(path):
        return f"The figure {name} is deleted in your working copy, not committed.", (
            f"`{snapshot.brings_back(path)}` brings it back."
        )
    if path not in snapshot:
        return missing(name, target, path, snapshot, by_lower)
    if template.example_figure(path):
        return f"The figure {name} is one of the template's examples.", "Show your own."
    if folder and not path.startswith(f"{folder}/"):
        return f"The figure {name} lies outside of {folder}, which is all that the course collects.", (
            f"Move it to {folder}/figures."
        )
    if not path.lower().endswith(FORMATS):
        ending = path.rpartition(".")[2][:10] if "." in path.rpartition("/")[2] else "no ending"
        return f"The figure {name} is of a form ({ending}) that the course does not take.", "Save it as PNG or JPEG."
    return None


def missing(name: str, target: str, path: str, snapshot: Snapshot, by_lower: dict[str, str]) -> tuple[str, str]:
    """What is said of a figure that is not where its path leads."""
    if "\\" in target:
        return f"The figure {name} is named with backslashes, which are no separators.", "Write / between the folders."
    if target in snapshot:
        return (
            f"The figure {name} does not exist: the path is read from the report on, not from the repository's root.",
            ("Name it from the report on: figures/NAME.png."),
        )
    meant = by_lower.get(path.lower())
    if meant is not None:
        return f"The figure {name} does not exist, but {meant} does: names differ in upper and lower case.", (
            "Write the name as the file has it; GitHub and Linux tell the two apart."
        )
    return f"The figure {name} does not exist in the repository.", COMMIT
