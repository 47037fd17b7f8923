"""What an address of a picture means: a file of the repository, whether it can be seen, whether it is a picture at all."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from auditor.facts.history.hosting import Hosting
from auditor.repository.snapshot import Snapshot

IMAGES = tuple(".png .jpg .jpeg .svg .gif .webp .bmp .pdf .drawio .excalidraw .avif .tif .tiff".split())


BRANCHES = ("main", "master", "HEAD")


def can_be_seen(snapshot: Snapshot, file: str | None, target: str) -> bool:
    """Whether an image is in the repository and not empty, or is an address."""
    if file is None:
        return target.startswith(("http://", "https://", "//", "data:image/"))
    if file not in snapshot:
        return False
    data = snapshot.read(file)
    return data is None or bool(data.strip())


def is_address(target: str) -> bool:
    """Whether a target lies elsewhere."""
    return target.startswith(("http://", "https://", "//"))


def named(target: str) -> tuple[str, str]:
    """The folder and the name of an image; of an address, whose parts may name a whole repository, the name alone."""
    if target.startswith("data:"):
        return "", ""
    path = unquote(target[:2000].split("?", 1)[0].split("#", 1)[0])
    folder, _, name = path.rpartition("/")
    return "" if is_address(target) else folder.rpartition("/")[2], name[:300]


def path_on_host(target: str, hosting: Hosting) -> str | None:
    """The path that an address on the repository's own host means, on its main branch; None for other addresses.

    Addresses of files are those of GitHub and GitLab: `/owner/name/blob/main/...` (or `raw`), and GitHub's raw host.
    """
    if not hosting.name or not is_address(target):
        return None
    try:
        address = urlsplit(target[:2000])
        host = (address.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    owner, name, *rest = [*unquote(address.path).strip("/").split("/"), "", ""]
    rest = [part for part in rest if part]
    if (owner.lower(), name.lower()) != (hosting.owner.lower(), hosting.name.lower()):
        return None
    if host == hosting.host.lower():
        rest = rest[1:] if rest[:1] == ["-"] else rest
        if rest[:1] not in (["blob"], ["raw"]):
            return None
        rest = rest[1:]
    elif (host, hosting.host.lower()) != ("raw.githubusercontent.com", "github.com"):
        return None
    rest = rest[2:] if rest[:2] == ["refs", "heads"] else rest
    return "/".join(rest[1:]) if len(rest) > 1 and rest[0] in BRANCHES else None


def is_image(target: str, *, link: bool = False) -> bool:
    """Whether a target is an image by its ending; an address that is only linked to is none."""
    plain = target.split("?", 1)[0].split("#", 1)[0].lower()
    return plain.endswith(IMAGES) and not (link and "://" in target)
