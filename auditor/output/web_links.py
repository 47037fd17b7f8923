"""Addresses of lines and commits on the site that hosts a repository.

The forms are those of GitHub, GitLab, Bitbucket and Gitea/Forgejo ("Getting permanent links to files"; "Repository files"; "Hyperlink
to source code"; "Permalinks"). Of a host that none of them runs on, only the repository's page is known.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from auditor.evidence import Place
from auditor.result.audit import RepositoryResult

FILE_FORMS = {
    "github": ("/blob/{commit}/{path}", "#L{line}"),
    "gitlab": ("/-/blob/{commit}/{path}", "#L{line}"),
    "bitbucket": ("/src/{commit}/{path}", "#lines-{line}"),
    "codeberg": ("/src/commit/{commit}/{path}", "#L{line}"),
    "gitea": ("/src/commit/{commit}/{path}", "#L{line}"),
    "forgejo": ("/src/commit/{commit}/{path}", "#L{line}"),
}
"""By a word of the host's name, which is how self-hosted sites are told too (gitlab.gbar.example)."""

COMMIT_FORMS = {"gitlab": "/-/commit/{commit}", "bitbucket": "/commits/{commit}"}
"""Where they differ from `/commit/{commit}`."""


def site(web: str) -> str | None:
    """The kind of site that an address belongs to; None where it is not known."""
    try:
        host = urlsplit(web).hostname or ""
    except ValueError:  # no address at all
        return None
    return next((kind for kind in FILE_FORMS if kind in host), None)


def place_address(repository: RepositoryResult, place: Place) -> str | None:
    """Address of a place at the audited commit; None where the site or the commit is not known.

    Only `http` and `https` addresses are ever given; every part that comes from the repository is percent-encoded.
    """
    web = repository.web
    if web is None or not web.startswith(("https://", "http://")):
        return None
    kind = site(web)
    if kind is None:
        return None
    if place.commit is not None:
        return web + COMMIT_FORMS.get(kind, "/commit/{commit}").format(commit=quote(name_bytes(place.commit), safe=""))
    if repository.commit is None or repository.dirty or not place.path:
        return None
    file_form, line_form = FILE_FORMS[kind]
    path = quote(name_bytes(place.path), safe="/")
    address = web + file_form.format(commit=repository.commit, path=path)
    return address if place.line is None else address + line_form.format(line=place.line)


def name_bytes(name: str) -> bytes:
    """A name in UTF-8: bytes of it that are no UTF-8 as they were, surrogates that stand for no byte as question marks."""
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return name.encode("utf-8", "replace")
