"""Addresses of repositories: every way in which people write them, and what git must never be given."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.batch.addresses import SCHEMES, parse_address
from auditor.errors import AuditError

HERE = Path("/nowhere")


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/Ada-Lind/kiln",
        "https://github.com/Ada-Lind/kiln.git",
        "https://github.com/Ada-Lind/kiln/",
        " <https://www.github.com/Ada-Lind/kiln> ",
        "http://github.com/Ada-Lind/kiln",
        "github.com/Ada-Lind/kiln",
        "www.github.com/Ada-Lind/kiln/",
        "git@github.com:Ada-Lind/kiln.git",
        "github.com:Ada-Lind/kiln.git",
        "ssh://git@github.com/Ada-Lind/kiln.git",
        "https://github.com/ada-lind/Kiln?tab=readme-ov-file#start",
        "https://ada:token@github.com/Ada-Lind/kiln.git",
        "https://github.com/Ada-Lind/kiln/actions/runs/1",
        "https://github.com//Ada-Lind//kiln",
        "https://github.com/Ada-Lind/kiln/tree/main",
    ],
)
def test_one_repository_however_it_is_written(text: str) -> None:
    address = parse_address(text, HERE)
    assert address.key == "github.com/ada-lind/kiln"
    assert address.web is not None
    assert address.web.lower() == "https://github.com/ada-lind/kiln"
    assert address.url is not None
    assert address.url.endswith(".git")
    assert "token" not in repr(address)


def test_ssh_keeps_its_user_and_https_its_port() -> None:
    assert (
        parse_address("git@gitlab.example.org:team/sub/kiln.git", HERE).url
        == "ssh://git@gitlab.example.org/team/sub/kiln.git"
    )
    odd = parse_address("https://git.example.org:8443/team/kiln", HERE)
    assert odd.url == "https://git.example.org:8443/team/kiln"
    assert odd.web == "https://git.example.org:8443/team/kiln"


@pytest.mark.parametrize(
    ("text", "key", "ref"),
    [
        ("https://github.com/a/b/tree/dev", "github.com/a/b", "dev"),
        ("https://github.com/a/b/tree/feature/x%20y/", "github.com/a/b", "feature/x y"),
        ("https://github.com/a/b/blob/main/reports/README.md", "github.com/a/b", "main/reports/README.md"),
        ("https://gitlab.example.org/g/sub/b/-/tree/dev", "gitlab.example.org/g/sub/b", "dev"),
        ("https://codeberg.org/a/b/src/branch/dev", "codeberg.org/a/b", "dev"),
        ("https://git.example.org/a/b/tree/dev", "git.example.org/a/b", "dev"),
        ("https://gitlab.example.org/g/sub/sub2/b.git", "gitlab.example.org/g/sub/sub2/b", ""),
        ("https://github.com/a/tree", "github.com/a/tree", ""),
    ],
)
def test_pages_of_branches(text: str, key: str, ref: str) -> None:
    address = parse_address(text, HERE)
    assert (address.key, address.ref) == (key, ref)


@pytest.mark.parametrize(
    "text",
    [
        "ext::sh -c whoami",
        "EXT::sh",
        "fd::17",
        "transport+x::https://github.com/a/b",
        "--upload-pack=touch /tmp/x",
        "-oProxyCommand=x",
        "ssh://-oProxyCommand=x/a/b",
        "ssh://git[]@example.org:2222/a/b",
        "ssh://%2DoProxyCommand=x@example.org/a/b",
        "ssh://git@-oProxyCommand=x/a/b",
        "ssh://-o@host.example.org/a/b",
        "git@-host.example.org:a/b",
        "git@github.com:-x",
        "javascript:alert(1)",
        "ftp://example.org/a/b",
        "file://host.example.org/a/b",
        "file:///",
        "https://",
        "https://github.com/only",
        "https://[::1/a/b",
        "https://github.com:port/a/b",
        "https://github.com/a/b\nhttps://github.com/c/d",
        "https://github.com/a/\x1b[31mb",
        "a" * 3000,
        "",
        "  ",
        "no such folder",
    ],
)
def test_what_git_is_never_given(text: str) -> None:
    with pytest.raises(AuditError) as caught:
        parse_address(text, HERE)
    assert "\n" not in str(caught.value) or "\n" in text


def test_folders(tmp_path: Path) -> None:
    (tmp_path / "kiln").mkdir()
    address = parse_address("kiln", tmp_path)
    assert (address.path, address.url, address.shown) == (tmp_path / "kiln", None, str(tmp_path / "kiln"))
    assert parse_address(str(tmp_path / "kiln") + "/", HERE).key == address.key
    assert parse_address(f"file://{tmp_path}/kiln", HERE).url == f"file://{tmp_path}/kiln"


def test_slugs_differ_where_repositories_do() -> None:
    texts = ["https://github.com/a/b", "https://gitlab.com/a/b", "https://github.com/a-b/c", "https://github.com/a/b-c"]
    slugs = {parse_address(text, HERE).slug for text in texts}
    assert len(slugs) == 4
    assert all(slug.replace("-", "").isalnum() for slug in slugs)


@given(
    st.one_of(st.text(max_size=60), st.from_regex(r"(https|ssh|ext|file)?:?:?/{0,2}[\w@.:/-]{0,40}", fullmatch=True))
)
def test_whatever_is_given_is_refused_or_safe(text: str) -> None:
    try:
        address = parse_address(text, HERE)
    except AuditError:
        return
    if address.url is not None:
        scheme, _, rest = address.url.partition("://")
        assert scheme in SCHEMES
        assert not rest.startswith("-")
        assert "::" not in address.url.partition("[")[0]
        assert address.url.isprintable()
        again = parse_address(address.url, HERE)
        assert again.key == address.key
