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
    pages that take in the docstrings of own modules count.
    Half of it: the template's page; only a README, or documents that no generator takes; a greeting and empty pages.
    Does not count: the report, a copied library's documentation, a page that is commented out.
    To settle it: show the pages.
    """
    yield part(
        "pages",
        strong=docs.pages,
        weak=docs.other,
        looked_for="pages of MkDocs, Sphinx or another generator with own content, or a README",
        remark="the template's page, a README, or hardly any content",
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
        strong=pages.deployed,
        weak=[*pages.dead, *pages.built],
        looked_for="a deploy step for GitHub Pages, the branch that it is served from, or a link to the site of this repository",
        remark="built but not deployed, or nothing runs the deployment",
    )
