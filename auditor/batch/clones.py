"""Bare clones of the groups' repositories in the cache: nothing is checked out, nothing of a repository is run.

The user's own git settings are read here, unlike everywhere else: proxies, certificates and credential helpers stand in them.
What could run a command on behalf of the other side is switched off: hooks, templates, submodules, transports that name a
program, bundles from third places; and nobody is ever asked for a password.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from pathlib import Path

from git.cmd import Git
from git.exc import GitCommandError, GitCommandNotFound

from auditor.batch.addresses import SCHEMES, Address
from auditor.errors import AuditError
from auditor.patterns import pattern

SETTINGS = (
    "core.askPass=",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "credential.interactive=false",
    "fetch.recurseSubmodules=false",
    "fetch.writeCommitGraph=false",
    "gc.auto=0",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=60",
    "init.templateDir=",
    "maintenance.auto=false",
    "protocol.ext.allow=never",
    "submodule.recurse=false",
    "transfer.bundleURI=false",
    "transfer.credentialsInUrl=die",
)
ENVIRONMENT = {
    "GCM_INTERACTIVE": "never",
    "GIT_ALLOW_PROTOCOL": ":".join(sorted(SCHEMES)),
    "GIT_ASKPASS": "",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_TEMPLATE_DIR": "",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "SSH_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
}
DROPPED = pattern(
    r"^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|CONFIG_PARAMETERS|"
    r"CONFIG_COUNT|CONFIG_KEY_\d+|CONFIG_VALUE_\d+|TRACE\w*|PROXY_COMMAND|EXTERNAL_DIFF|PAGER|EDITOR)$"
)
"""Variables that would lead git to another repository, or make it run something."""
SECONDS = 600.0
"""Longest time for one fetch; a run's own limit for a group ends it sooner."""
LEFT_OVER_SECONDS = 86_400.0
"""Age from which on an unfinished clone is what a killed run left behind."""
UNFINISHED = "unfinished-"
REASONS = (
    (
        r"terminal prompts disabled|could not read (username|password)|authentication failed|http basic: access denied|"
        r"invalid username or|error: 40[13]\b|access denied|permission denied \(publickey|host key verification failed",
        "private, gone or renamed: the server asks for credentials, and git has none for it",
    ),
    (
        r"repository not found|not found|error: 404|does not exist|does not appear to be a git repo",
        "there is no such repository (any more)",
    ),
    (r"could not resolve host", "the host is not known (or there is no network)"),
    (
        r"could not connect|connection (refused|timed out|reset)|network is unreachable|timed out|timeout:",
        "the server did not answer",
    ),
    (r"certificate", "the server's certificate is not accepted"),
    (r"no space left", "no space left on the disk of the cache"),
    (r"transport '.*' not allowed|unable to find remote helper", "git does not fetch from such an address"),
)
"""What git says (English, in any case) and what it means."""


def fetched(address: Address, cache: Path, *, update: bool, file_bytes: int) -> Path:
    """The bare clone of `address` in `cache`, made where there is none, and brought up to date where `update` says so.

    Blobs over `file_bytes` are not fetched where the server can leave them out. Raises AuditError where it cannot be had.
    """
    url = address.url
    if url is None:
        raise AuditError(f"{address.shown}: is read where it lies, not fetched")
    target = cache / "clones" / f"{address.slug}.git"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not (target / "HEAD").is_file():
            clone(url, target, file_bytes)
        elif update:
            refresh(url, target)
    except OSError as error:
        raise AuditError(f"the cache {cache} cannot be written: {error.strerror or error}") from None
    return target


def clone(url: str, target: Path, file_bytes: int) -> None:
    """Clone into a folder beside `target`, and move it there in one step: a stopped run leaves no half clone."""
    place = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=target.parent))
    try:
        new = place / "clone.git"
        run(
            *("clone", "--bare", "--quiet", "--no-tags", "--template=", f"--filter=blob:limit={file_bytes}"),
            *("--", url, str(new)),
            folder=place,
        )
        try:
            new.rename(target)
        except OSError:
            if not (target / "HEAD").is_file():  # else another run was quicker
                raise
    finally:
        shutil.rmtree(place, ignore_errors=True)


def refresh(url: str, target: Path) -> None:
    """Fetch what is new, also where history was rewritten, and follow the remote's default branch."""
    run("fetch", "--quiet", "--prune", "--force", "--no-tags", "origin", "+refs/heads/*:refs/heads/*", folder=target)
    listed = run("ls-remote", "--symref", "--", url, "HEAD", folder=target)
    head = re.match(r"ref: (refs/heads/[^\s]+)\tHEAD", listed)
    if head:
        run("symbolic-ref", "HEAD", head[1], folder=target)


def run(*words: str, folder: Path) -> str:
    """Standard output of `git WORDS` in `folder`. Raises AuditError with one line that says what is wrong."""
    options = [word for setting in SETTINGS for word in ("-c", setting)]
    git = Git(str(folder))
    environment = dict(ENVIRONMENT)
    if "GIT_SSH_COMMAND" not in os.environ:
        environment["GIT_SSH_COMMAND"] = ssh_command(git)
    if words[0] != "clone":
        environment["GIT_DIR"] = str(folder)
    limit = None if os.name == "nt" else SECONDS  # GitPython has none there
    try:
        return str(git.execute(["git", *options, *words], env=environment, kill_after_timeout=limit))
    except GitCommandNotFound:
        raise AuditError("git is not installed, or not on PATH") from None
    except GitCommandError as error:
        raise AuditError(reason(error)) from None


def forget_variables() -> None:
    """Take variables that would lead git astray out of this process's environment, which git inherits."""
    for name in list(os.environ):
        if DROPPED.match(name):
            del os.environ[name]


def ssh_command(git: Git) -> str:
    """The user's ssh command with prompts switched off (ssh_config, "BatchMode")."""
    try:
        own = str(git.execute(["git", "config", "--global", "--get", "core.sshCommand"]))
    except (GitCommandError, GitCommandNotFound):
        own = ""
    return f"{own.strip() or 'ssh'} -o BatchMode=yes"


def reason(error: GitCommandError) -> str:
    """Why a fetch failed, in one line without the address, which may hold a name."""
    said = error.stderr if isinstance(error.stderr, str) else ""
    for words, meaning in REASONS:
        if re.search(words, said, re.IGNORECASE):
            return meaning
    lines = [line.strip(" '") for line in said.splitlines() if line.strip(" '")]
    last = next((line for line in reversed(lines) if line.startswith(("fatal:", "error:"))), lines[-1] if lines else "")
    return f"git could not fetch it: {last or f'exit status {error.status}'}"


def sweep(cache: Path) -> None:
    """Remove unfinished clones that a killed run left in the cache."""
    old = time.time() - LEFT_OVER_SECONDS
    for place in (cache / "clones").glob(f"{UNFINISHED}*"):
        try:
            if place.stat().st_mtime < old:
                shutil.rmtree(place, ignore_errors=True)
        except OSError:
            continue
