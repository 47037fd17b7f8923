"""Commands that build container images, with the Dockerfile that each one names.

Sources: Docker CLI reference, `docker buildx build` and `docker compose`; `gcloud builds submit`; kaniko's flags.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.evidence import Place
from auditor.facts.containers import Containers, Dockerfile
from auditor.facts.project_commands.model import CommandUse
from auditor.formats.shell.options import value_of
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.paths import normalise

ENGINES = ("docker", "podman", "nerdctl", "buildah")
BUILDS = tuple(
    f"{e} {sub}" for e in ENGINES for sub in ("build", "buildx build", "image build", "builder build", "bud")
)
COMPOSE = tuple(
    f"{program} {sub}"
    for program in ("docker compose", "docker-compose", "podman-compose", "podman compose")
    for sub in ("build", "up", "run", "create")
)
CONTAINER_RUNS = tuple(f"{engine} {sub}" for engine in ENGINES for sub in ("run", "container run")) + COMPOSE
OCI = frozenset({"podman", "buildah", "nerdctl", "podman-compose"})
"""Programs that look for a Containerfile before a Dockerfile (their manual pages)."""
KANIKO = ("/kaniko/executor", "executor")
FLAGS = frozenset(
    """--no-cache --pull --push --load -q --quiet --rm --force-rm --squash --compress -D --debug
    --disable-content-trust --check --no-cache-filter= --sbom --provenance""".split()
)
"""Options of `docker build` that take no value."""
HOLE = pattern(r"\$\{[^}]*\}|\$\([^)]*\)|\$\w+|%\w+%|\{\{[^}]*\}\}|\{[^}]*\}")
MAX_DOCKERFILES = 20
CD_REACH = 15
"""Lines below a `cd` in which it is taken to be in force."""


class ImageBuild(Record):
    """A command that builds an image.

    `dockerfiles` are those that it may mean: one, unless its name is filled in when it runs; none where the named one
    does not exist. `named` is the path as the command gives it. `context` is the folder of the build as a path of the
    repository, None where it is not a folder of it (standard input, a URL, a variable).
    """

    use: CommandUse
    dockerfiles: tuple[Dockerfile, ...]
    named: str
    context: str | None

    @property
    def dockerfile(self) -> Dockerfile | None:
        """The (first) Dockerfile."""
        return self.dockerfiles[0] if self.dockerfiles else None

    @property
    def evidence(self) -> Place:
        """The command."""
        return self.use.evidence


def image_builds(uses: Iterable[CommandUse], containers: Containers) -> list[ImageBuild]:
    """The commands among `uses` that build an image, each with its Dockerfile."""
    found: list[ImageBuild] = []
    entered: dict[str, tuple[int, str]] = {}
    for use in uses:
        if use.command.program == "cd" and use.command.arguments:
            entered[use.path] = (use.line, use.command.arguments[0])
        line, folder = entered.get(use.path, (0, ""))
        folder = folder if folder and 0 <= use.line - line <= CD_REACH else ""
        if use.command.runs(*COMPOSE):
            found += compose_builds(use, containers)
        elif use.command.runs(*BUILDS):
            found.append(docker_build(use, containers, folder))
        elif use.command.program in KANIKO:
            found.append(kaniko_build(use, containers))
        elif use.command.runs("gcloud builds submit") and any(w.startswith(("--tag", "-t")) for w in use.command.argv):
            words = positional(use.command.argv[1:], frozenset({"--async", "--no-source"}))
            context = words[2] if len(words) > 2 else "."
            found.append(resolve(use, containers, "", context))
    return found


def container_runs(uses: Iterable[CommandUse]) -> list[CommandUse]:
    """The commands among `uses` that run a container."""
    return [use for use in uses if use.command.runs(*CONTAINER_RUNS)]


def docker_build(use: CommandUse, containers: Containers, entered: str = "") -> ImageBuild:
    """One `docker build`, perhaps given after `cd entered`."""
    call = next(found for name in BUILDS if (found := use.command.call_of(name)) is not None)
    rest = call[1:]
    while rest and rest[0] in ("buildx", "image", "builder", "build", "bud"):
        rest = rest[1:]
    words = positional(rest, FLAGS)
    if not words and not value_of(rest, "-f", "--file"):
        return ImageBuild(use, (), "", None)  # the bare words `docker build` in a sentence
    return resolve(use, containers, value_of(rest, "-f", "--file"), words[-1] if words else ".", entered)


def kaniko_build(use: CommandUse, containers: Containers) -> ImageBuild:
    """One call of kaniko's executor."""
    arguments = use.command.arguments
    context = value_of(arguments, "-c", "--context").removeprefix("dir://").removeprefix("/workspace")
    return resolve(use, containers, value_of(arguments, "-f", "--dockerfile"), context or ".")


def compose_builds(use: CommandUse, containers: Containers) -> Iterator[ImageBuild]:
    """What `docker compose build` or `up` builds: every service with a build of its own."""
    built = [s for s in containers.services if s.context is not None]
    wanted = value_of(use.command.argv, "-f", "--file")
    if wanted and not HOLE.search(wanted):
        built = [s for s in built if s.path == normalise(wanted) or s.path.endswith("/" + normalise(wanted))]
    for service in built:
        dockerfile = containers.by_path.get(service.dockerfile or "")
        yield ImageBuild(use, (dockerfile,) if dockerfile else (), service.dockerfile or "", service.context)
    if not built:
        yield ImageBuild(use, (), wanted, None)


def resolve(use: CommandUse, containers: Containers, named: str, context: str, entered: str = "") -> ImageBuild:
    """The build of the Dockerfile `named` (the context's own where empty), seen from where the command may be given."""
    local = None if context == "-" or "://" in context or context.startswith("git@") else context
    known = local is not None and not HOLE.search(local)
    if local is None and not named:
        return ImageBuild(use, (), "", None)
    here = f"{local}/" if known else "{}/"
    own = ("Containerfile", "Dockerfile") if use.command.program in OCI else ("Dockerfile",)
    names = [named] if named else [f"{here}{name}" for name in own]
    within = [f"{base}/{entered}" for base in bases(use)] if entered else []
    for base in (*within, *bases(use)):
        folder = normalise(f"{base}/{local}") if known else None
        if folder is not None and folder.startswith(".."):
            continue
        for given in names:
            found = matching(normalise(f"{base}/{given}"), containers)
            if found:
                return ImageBuild(use, found, given, folder)
    return ImageBuild(use, (), normalise(names[-1]), normalise(local or "") if known else None)


def bases(use: CommandUse) -> tuple[str, ...]:
    """Folders that a command may be given in: the root, and the folders from its file's upwards."""
    parts = use.path.split("/")[:-1]
    return tuple(dict.fromkeys(["", *("/".join(parts[:n]) for n in range(len(parts), 0, -1))]))[:10]


def matching(path: str, containers: Containers) -> tuple[Dockerfile, ...]:
    """The Dockerfiles that `path` means, a variable in it standing for anything."""
    if not HOLE.search(path):
        exact = containers.by_path.get(path)
        return (exact,) if exact else ()
    pieces = HOLE.split(path)
    return tuple(d for d in containers.dockerfiles if in_order(pieces, d.path))[:MAX_DOCKERFILES]


def in_order(pieces: list[str], path: str) -> bool:
    """Whether `path` is `pieces` with anything between them."""
    first, *middle, last = pieces
    if len(path) < len(first) + len(last) or not path.startswith(first) or not path.endswith(last.lstrip("/")):
        return False
    at = len(first)
    for piece in middle:
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def positional(words: tuple[str, ...], flags: frozenset[str]) -> list[str]:
    """The words that are no options and no values of options; an option takes a value unless it is one of `flags`."""
    found: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-") and len(word) > 1:
            skip = "=" not in word and word not in flags and not HOLE.fullmatch(word)
        else:
            found.append(word)
    return found
