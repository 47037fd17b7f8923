"""What a hand-in asks for beyond the course's modules."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.code.presence import SourceCode
from auditor.practices.contributions import Contributions
from auditor.practices.documentation.description import Description
from auditor.practices.documentation.figures import Figures
from auditor.practices.traces import settled


@rule("X.revisit")
def description_revisited(description: Description) -> Iterator[Part]:
    """The project's description was taken up again after it was first written.

    Accepted: a description of the group's own in the README, changed in substance a day or more after its first version.
    Dropping or replacing parts of a sentence is substance.
    Half of it: a description that was written once.
    Does not count: blank space, badges, links and pointers, a typo, text that was only moved away, sections on how to install and run.
    Cannot be told: no description in the README.
    To settle it: write into the README's description how the project turned out.
    """
    yield part(
        "revised description",
        description.traces,
        looked_for="a project description in the README that was changed in substance a day or more after its first version",
    )


@rule("X.diagram")
def architecture_diagram(figures: Figures) -> Iterator[Part]:
    """A diagram shows the architecture of the project.

    Accepted: an own image, drawing, Mermaid block or image address, shown in the report's answer on architecture, the README
    or the documentation.
    Half of it: an architecture that is described in words or plain characters; an own drawing that no document shows; a picture
    at the head of the README whose name and words do not tell what it shows.
    Does not count: the report template's example figure, an image that is missing, screenshots, curves, the model's layers.
    To settle it: put the diagram where it can be seen, into the answer on architecture or the README.
    """
    yield part(
        "diagram",
        figures.traces,
        looked_for="an own diagram in the report's answer on architecture, the README or the documentation",
    )


@rule("X.understanding")
def everybody_knows(contributions: Contributions) -> Iterator[Part]:
    """All members of the group understand all parts of the project: they worked on several of them.

    Accepted: several authors, each with work in several areas (source, tests, workflows, containers, configuration, ...).
    Never held against a group: nothing in a repository shows what somebody understands. This is asked orally.
    To settle it: tell who worked on what.
    """
    if not contributions.available:
        return
    broad = [person for person in contributions.people if person.broad]
    enough = len(broad) > 1 and 2 * len(broad) >= len(contributions.people)
    yield part(
        "breadth",
        settled(person.evidence for person in broad) if enough else (),
        looked_for="several authors who each worked in several areas of the project",
    )


@rule("X.uploaded")
def code_uploaded(code: SourceCode) -> Iterator[Part]:
    """The project's code is in the repository.

    Accepted: own source files, in a package or as scripts.
    Half of it: only notebooks, tests or the template's files; an archive; files that hold nothing but comments.
    Does not count: other people's code, code that was deleted.
    To settle it: push the code.
    """
    yield part(
        "source code",
        code.traces,
        looked_for="source files of the group's own",
    )
