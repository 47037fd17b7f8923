"""Readers of git's answers and files, of lists of groups, decisions and earlier results."""

from __future__ import annotations

import json
import re
import tempfile
import tomllib
from contextlib import suppress
from functools import cache
from pathlib import Path

from auditor.batch.addresses import HELPER, SCHEMES, parse_address
from auditor.batch.groups import distinct, from_list, from_table, is_table
from auditor.batch.progress import plain
from auditor.batch.rows import page_names
from auditor.engine.settings import settings_in
from auditor.errors import AuditError
from auditor.facts.documents.links import linked_path
from auditor.facts.history.changes import parse_changes
from auditor.facts.history.commits import co_authors, parse_commits, person, pull_request
from auditor.facts.history.hosting import Hosting
from auditor.facts.history.mailmap import parse_mailmap
from auditor.output.web_links import site
from auditor.repository.commits import parse_moment
from auditor.repository.git import parse_raw_time
from auditor.repository.git_directory import KEPT_BACK, GitPlace, keeps_back, pointed_git_dir, without_settings
from auditor.repository.git_objects import tree_entries
from auditor.result.json import read_result
from auditor.review.decision_file import blocks_of, encodable
from auditor.review.decisions import entries_in, group_key, parsed
from fuzzing.registry import check_places, rulebook, takes_bytes, takes_text


@takes_bytes(
    "100644 40000 120000 160000", more=("\0", "a.py\0", "\0" * 20, "100644 x\0" + "\1" * 20, "40000 d\0" + "\0" * 32)
)
def git_tree(data: bytes) -> None:
    for size in (20, 32):
        for mode, name, blob in tree_entries(data, size):
            assert len(mode) >= 6 and name and len(blob) == 2 * size


@takes_bytes(
    "tree parent Ada <ada@example.org> 1769166000 +0100 -9999 Merge pull request #1 from a/b Co-authored-by: See merge request x!7 A M D",
    more=("\0", "\0\0", "\0commit ", "commit 0123\0\nA\0x.py\0"),
)  # fmt: skip
def git_log(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    for commit in parse_commits(text):
        assert "\n" not in commit.subject and "\n" not in commit.author.name
    for _, status, path in parse_changes(text):
        assert len(status) <= 1 or not path
    parse_raw_time(text)
    parse_moment(text)
    pull_request(text, text)
    list(co_authors(text))
    person(text, text)


@takes_text("Ada Lind <ada@example.org> < > # Bo")
def mailmap(text: str) -> None:
    for proper, name, address in parse_mailmap(text):
        assert "\n" not in proper.name + proper.email + name + address


@cache
def scratch() -> Path:
    """A folder for git directories, which goes when the process ends."""
    holder = tempfile.TemporaryDirectory(prefix="fuzz-git-")
    HOLDERS.append(holder)
    return Path(holder.name)


HOLDERS: list[tempfile.TemporaryDirectory[str]] = []


@takes_bytes(
    '[core] [include] path = /etc/passwd [includeIf "gitdir:x"] [log] showSignature [extensions] objectFormat = sha256 partialClone = origin repositoryformatversion = 1 bare = false # ; \\ " [remote "origin"]',
    more=("\0", "\t"),
)
def git_settings(data: bytes) -> None:
    """What is put in the place of settings names no other file, whatever they say."""
    git_dir = scratch() / "git"
    (git_dir / "refs").mkdir(parents=True, exist_ok=True)
    (git_dir / "config").write_bytes(data)
    place = GitPlace(None, git_dir, git_dir)
    lines = data.decode("latin-1").lower().split("\n")
    if any(line.strip().startswith("[include") for line in lines if "\0" not in line):
        assert keeps_back(place) == bool(KEPT_BACK.search(data)) is True
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        without_settings(place, Path(folder))
        written = (Path(folder) / "config").read_text()
        assert "include" not in written.split("=")[0] and "path" not in written.replace("extensions", "").split("=")[0]
        assert set(written) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-=[] \n")


@takes_bytes("gitdir: ../ .git worktrees modules / . ..", more=("\0",))
def git_file(data: bytes) -> None:
    file = scratch() / ".git"
    file.write_bytes(data)
    assert pointed_git_dir(file) is None


@takes_text(
    "https:// http:// ssh:// git:// file:// ext:: git@ github.com : / owner name .git /tree/main/x ? # % @ user:pass@ -- -oProxyCommand= C:\\ \\ ~ .. . [::1] :22 \u202e %00 %0a www. ftp://"
)
def address(text: str) -> None:
    """What git is given is of a known transport, no option, and holds no control characters and no password."""
    try:
        found = parse_address(text, Path("/base"))
    except AuditError as error:
        assert "\n" not in str(error)
        return
    assert found.shown.isprintable() and found.slug and "/" not in found.slug
    if found.url is not None:
        assert not found.url.startswith("-") and found.url.isprintable() and not HELPER.match(found.url)
        scheme, mark, rest = found.url.partition("://")
        assert not mark or scheme in SCHEMES
        assert not mark or scheme == "ssh" or "@" not in rest.partition("/")[0]


@takes_text("group,repository repo url members student 1 ; \t , \" ' # https://github.com/a/b 43 \ufeff")
def groups(text: str) -> None:
    is_table(text)
    found = [*from_list(text)]
    with suppress(AuditError):
        found += from_table(Path("x.csv"), text)
    names = [group.name for group in distinct(found)]
    assert len(names) == len(set(names))
    assert all("\n" not in name for name in names)


@takes_text(
    '[[decision]] group = claim = verdict = note = by = at = commit = "43" \'M5.git\' "supported" 2026-01-25T10:00:00+01:00 """ \'\'\' # [x] { } , . "abcdef0"'
)
def decisions(text: str) -> None:
    """The blocks of a file together are the file, and each is valid by itself."""
    try:
        data = parsed(text, Path("x"))
    except AuditError as error:
        assert "\n" not in str(error)
        return
    blocks = list(blocks_of(text))
    assert "".join(block.values + block.rest for block in blocks) == text
    for block in blocks:
        tomllib.loads(block.values)
    try:
        found = entries_in(data, Path("x"))
    except AuditError as error:
        assert "\n" not in str(error)
        return
    assert sum(block.decision for block in blocks) in (len(found), 0) or "decision" in text
    for entry in found:
        assert group_key(group_key(entry.group)) == group_key(entry.group)
    encodable(text).encode("utf-8")


RESULT = ('{"tool": {"version": "1"}, "repository": {"path": "x", "commit": null, "committed_at": null, "dirty": false, "branch": null, "folder": "", '
          '"web": null, "problems": []}, "report": {"path": null, "edition": null, "group": null, "members": null, "problems": []}, "claims": []}')  # fmt: skip


@takes_text(
    '{ } [ ] " : , null 1 true "tool" "version" "repository" "claims" "report" "parts" "verdict" "supported" "evidence"',
    more=(RESULT,),
)
def result(text: str) -> None:
    """What is read is a result that writes itself."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return
    if isinstance(data, dict):
        with suppress(ValueError):
            read_result(data)


@takes_text(
    'select ignore folders report [ignore] [tool.auditor] = "M17" ["M17", "H.links"] "M30.distributed" "../x" "/etc" "we train on one machine" { } \'\'\' # [[decision]] true 1'
)
def settings(text: str) -> None:
    """Settings of a group: what is wrong in them is told, and no path of them leads out of the repository."""
    for path, table in (("auditor.toml", ()), ("pyproject.toml", ("tool", "auditor"))):
        found = settings_in(text, path, table, rulebook().catalog, applied=True)
        if found is not None:
            check_places(found, {path: text})
            for name in (*found.folders, *([found.report] if found.report else [])):
                assert ".." not in name.split("/") and not name.startswith("/"), name


@takes_text(
    "https:// http://[ github.com /someone/shop/blob/main/ src/x.py raw tree ../ # ? %2e%2e %00 data: mailto: // : @ . a b"
)
def links(text: str) -> None:
    for hosting in (Hosting(), Hosting("github.com", "someone", "shop")):
        linked_path(text, "reports/README.md", hosting)
    site(text)


@takes_text("group 43 Group-43 / .. \\ : con \u202e = - --2 .html")
def class_names(text: str) -> None:
    """A page for each group, whatever it is called, that no other has, of a name that is safe everywhere."""
    names = text.split("\n")
    pages = page_names(names)
    assert len(set(pages)) == len(names)
    assert all(re.fullmatch(r"group-[a-z0-9-]{1,80}(?:\.html)?", page) for page in pages)
    assert all(plain(name).isprintable() for name in names)
