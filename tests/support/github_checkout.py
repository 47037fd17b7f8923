"""`actions/checkout` by git itself: the commands that its version 7 gives for a push, a pull request or a tag.

They stand in its `src/git-source-provider.ts`, `src/ref-helper.ts`, `src/git-command-manager.ts` and `src/git-auth-helper.ts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from support.repositories import git

ORIGIN = "https://github.com/example/buoy"
"""The repository's address; what is fetched from it comes from a folder."""

TOKEN = "eC1hY2Nlc3MtdG9rZW46aW52ZW50ZWQ="
"""The job's token as the checkout leaves it beside the work tree until the job ends."""

PULL_REQUEST = "refs/pull/7/merge"
"""What a pull request's workflow is started by: the merge of its branch that GitHub makes to try it out."""


def host(folder: Path, branch: str) -> None:
    """Let a repository be fetched from as GitHub lets it, and give it a pull request from `branch` and an annotated tag `v1`."""
    identity = ("-c", "user.name=Ada Lind", "-c", "user.email=ada@example.org")
    git(folder, "checkout", "--quiet", "--detach", "main")
    git(folder, *identity, "merge", "--quiet", "--no-ff", "-m", f"Merge {branch} into main", branch)
    git(folder, "update-ref", PULL_REQUEST, "HEAD")
    git(folder, *identity, "tag", "--annotate", "-m", "handed in", "v1", branch)
    git(folder, "checkout", "--quiet", "main")
    git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")


def check_out(hosted: Path, workspace: Path, temporary: Path, ref: str, inputs: Mapping[str, str]) -> None:
    """Check out `ref`, by which a workflow was started, into a new folder `workspace`, with the step's inputs."""
    assert inputs.keys() <= {"fetch-depth"}, inputs
    depth = int(inputs.get("fetch-depth", "1"))
    commit = git(hosted, "rev-parse", f"{ref}^{{commit}}")
    kind, _, name = ref.removeprefix("refs/").partition("/")
    git(workspace.parent, "init", "--quiet", str(workspace))
    git(workspace, "remote", "add", "origin", ORIGIN)
    git(workspace, "config", "--local", "gc.auto", "0")
    leave_token(workspace, temporary)
    fetch = (
        "-c",
        f"url.file://{hosted}.insteadOf={ORIGIN}",
        "-c",
        "protocol.version=2",
        "fetch",
        "--no-tags",
        "--prune",
    )
    only = [f"--depth={depth}"] if depth > 0 else []
    git(workspace, *fetch, "--no-recurse-submodules", *only, "origin", *refspecs(kind, name, commit, whole=depth <= 0))
    git(workspace, "sparse-checkout", "disable")
    git(workspace, "config", "--local", "--unset-all", "extensions.worktreeConfig")
    wanted = {
        "heads": ("-B", name, f"refs/remotes/origin/{name}"),
        "pull": (f"refs/remotes/pull/{name}",),
        "tags": (f"refs/tags/{name}",),
    }
    git(workspace, "checkout", "--progress", "--force", *wanted[kind])


def refspecs(kind: str, name: str, commit: str, *, whole: bool) -> list[str]:
    """What is fetched: the one reference, or every branch and tag, to which a pull request's merge does not belong."""
    own = {
        "heads": f"+{commit}:refs/remotes/origin/{name}",
        "pull": f"+{commit}:refs/remotes/pull/{name}",
        "tags": f"+refs/tags/{name}:refs/tags/{name}",
    }
    if not whole:
        return [own[kind]]
    every = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"]
    return [*every, own[kind]] if kind == "pull" else every


def leave_token(workspace: Path, temporary: Path) -> None:
    """Put the token into a file of the runner's that the repository's settings include (since version 6)."""
    credentials = temporary / "git-credentials-0b5a3c9e-1f0d-4c55-9f0e-2f6a7b8c9d0e.config"
    header = f"AUTHORIZATION: basic {TOKEN}"
    git(workspace, "config", "--file", str(credentials), "http.https://github.com/.extraheader", header)
    for folder, file in (
        (workspace / ".git", credentials),
        (Path("/github/workspace/.git"), Path("/github/runner_temp", credentials.name)),
    ):
        for place in (f"{folder}", f"{folder}/worktrees/*"):
            git(workspace, "config", "--local", f"includeIf.gitdir:{place}.path", str(file))
