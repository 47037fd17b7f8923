"""M32: documentation, and where it is published."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.documentation.publishing import Pages
from auditor.practices.documentation.sites import Documentation


@rule("M32.docs", net="documentation")
def documentation(docs: Documentation) -> Iterator[Part]:
    """The application is documented, beyond a README.

    Accepted: pages with the group's own content for MkDocs, Sphinx, Quarto, Jupyter Book, Docusaurus or another generator;
    pages that take in the docstrings of own modules count. So do own pages without a generator, READMEs of sub-folders among
    them, of together 100 words or more on setting up, using or running the application.
    Half of it: the template's page; only a README; a lone note; a greeting and empty pages.
    Does not count: the report, a copied library's documentation, a page that is commented out, pages on tools in general.
    To settle it: show the pages.
    """
    yield part(
        "pages",
        docs.traces,
        looked_for="pages of MkDocs, Sphinx or another generator with own content, or own pages on setting up, using or running the "
        "application beside the README",
    )


@rule("M32.pages", net="publishing")
def published_documentation(pages: Pages) -> Iterator[Part]:
    """The documentation is published on GitHub Pages.

    Accepted: a step or command that deploys it (`mkdocs gh-deploy`, `mike deploy`, actions/deploy-pages, an action that
    pushes to gh-pages), a gh-pages branch, or a link to a `github.io` site of this repository.
    Half of it: an own workflow or command that only builds the site; a deploy step that nothing runs; a link in the report.
    Does not count: the template's build task, links to other projects' pages.
    To settle it: write the site's address into the README.
    """
    yield part(
        "publication",
        pages.traces,
        looked_for="a deploy step for GitHub Pages, the branch that it is served from, or a link to the site of this repository",
    )
