"""How a repository is laid out: where the project lies in it, its source packages, its standard folders, its generator.

git keeps no empty folders: one that holds only `.gitkeep` is there on purpose, and so is one that DVC tracks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from auditor.evidence import Place, seen
from auditor.facts.own_work.ignores import Ignores
from auditor.formats.toml_lines import parse_toml
from auditor.injection import fact
from auditor.records import Record, field
from auditor.repository.bounds import NEVER_LISTED
from auditor.repository.snapshot import Snapshot

KINDS: Mapping[str, tuple[str, ...]] = {
    "tests": ("tests", "test", "unit_tests", "unittests"),
    "configs": ("configs", "config", "conf", "cfg", "configurations"),
    "data": ("data", "dataset", "datasets"),
    "models": ("models", "model", "checkpoints", "weights"),
    "reports": ("reports", "report"),
    "dockerfiles": ("dockerfiles", "docker", "dockerfile", "docker_files", "containers"),
    "notebooks": ("notebooks", "notebook"),
    "docs": ("docs", "doc", "documentation"),
}
"""Standard folders of the course's template and of Cookiecutter Data Science, each with usual other names."""
KEPT_OUT = frozenset({"data", "models"})
"""Kinds whose content is usually kept out of git: being tracked by DVC says that there is one."""
TASK_FILES = ("tasks.py", "Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", "noxfile.py", "Taskfile.yml")
MARKERS = tuple("pyproject.toml setup.py setup.cfg requirements.txt environment.yml environment.yaml uv.lock".split())
"""Files that stand at the root of a Python project (PyPA, "Packaging Python Projects")."""
GENERATORS = {
    ".cruft.json": "cruft",
    "cookiecutter.json": "cookiecutter",
    ".cookiecutter.json": "cookiecutter",
    ".cookiecutter.yaml": "cookiecutter",
    ".cookiecutterrc": "cookiecutter",
    ".copier-answers*.yml": "copier",
    ".copier-answers*.yaml": "copier",
}
"""Where generators write down what they were asked (documentation of cruft, cookiecutter, copier)."""
PLACEHOLDERS = frozenset({".gitkeep", ".keep", ".gitignore", ".ds_store", "__init__.py"})
NO_MODULES = frozenset({"setup.py", "tasks.py", "conftest.py", "noxfile.py"})
NO_PACKAGES = frozenset(
    {
        *(name for kind in ("tests", "docs", "notebooks", "reports", "configs") for name in KINDS[kind]),
        "scripts",
        "hooks",
    }
)
PARTS = frozenset(
    {
        "data",
        "datasets",
        "features",
        "model",
        "models",
        "modeling",
        "training",
        "train",
        "evaluation",
        "inference",
        "utils",
    }
    | {"visualization", "visualizations", "visualisation", "api", "app", "common", "core", "config", "configs", "tests"}
)
"""Folders below `src` that are parts of one package, as in Cookiecutter Data Science, where `src` is the package."""
NOT_OWN = NEVER_LISTED | {
    "site-packages",
    "dist-packages",
    "env",
    ".env",
    "wandb",
    "htmlcov",
    "lightning_logs",
    "mlruns",
}
"""Folders that tools fill."""


class Package(Record):
    """A folder of Python source: `src/shop`, or `shop` at the root, or `src` itself where modules lie in it.

    `regular` is what can be imported: below `src`, or with an `__init__.py`; others are folders of scripts.
    """

    path: str
    modules: tuple[str, ...]
    """Its Python files, at any depth."""
    regular: bool = True

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.path.rpartition("/")[2]

    @property
    def evidence(self) -> Place:
        """The folder and the number of its Python files."""
        return seen(self.path, None, f"source package {self.path}/ with {len(self.modules)} Python files")


class StandardFolder(Record):
    """One of the standard folders (or a file of project commands, kind `tasks`)."""

    kind: str
    path: str
    files: int
    """Files that are more than place-holders; 0 where the content is kept out of git."""
    kept_out: str = ""
    """Why the content is not in git, where that is so."""

    @property
    def evidence(self) -> Place:
        """The folder, and what is in it."""
        if self.kind == "tasks":
            return seen(self.path, None, "project commands")
        said = f"{self.files} files" if self.files else self.kept_out or "kept empty"
        return seen(self.path, None, f"folder {self.path}/ ({said})")


class Layout(Record):
    """The layout of the repository. Paths are relative to the repository, not to the project's root."""

    root: str = ""
    """The project's root: empty, or the folder that holds everything."""
    packages: tuple[Package, ...] = ()
    """Source packages, those that can be imported first, of these the largest."""
    scripts: tuple[str, ...] = ()
    """Python files directly in the project's root, set-up and task files aside."""
    folders: tuple[StandardFolder, ...] = ()
    generator: tuple[Place, ...] = ()
    """Metadata that cookiecutter, cruft or copier left behind."""
    part: tuple[Place, ...] = ()
    """The most complete layout of a part of the repository (`backend/`, one of several projects): its package and folders."""
    names: frozenset[str] = field(default=frozenset())
    """Names that the project goes by: of its packages, and in `pyproject.toml`."""

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of standard folders that exist: the keys of `KINDS`, and `tasks`."""
        return frozenset(folder.kind for folder in self.folders)

    def folder(self, kind: str) -> StandardFolder | None:
        """The standard folder of one kind."""
        return next((folder for folder in self.folders if folder.kind == kind), None)

    def inside(self, path: str) -> str:
        """`path` relative to the project's root; as it is where it lies outside."""
        return path.removeprefix(self.root + "/") if self.root else path


@fact
def read_layout(snapshot: Snapshot, ignores: Ignores) -> Layout:
    """The layout of the snapshot's files."""
    paths = [path for path in snapshot.paths if NOT_OWN.isdisjoint(path.split("/")[:-1])]
    root = project_root(paths, snapshot.focus)
    prefix = f"{root}/" if root else ""
    packages = tuple(sorted(source_packages(paths, prefix), key=lambda p: (not p.regular, -len(p.modules), p.path)))
    scripts = tuple(
        p for p in paths if p.endswith(".py") and in_folder(p, prefix) and p[len(prefix) :] not in NO_MODULES
    )
    names = {p.name for p in packages if p.regular} - {"src", "backend", "frontend", "lib", "source"} - PARTS
    metadata = pyproject(snapshot, f"{prefix}pyproject.toml")
    project = metadata.get("project")
    declared = project.get("name") if isinstance(project, dict) else None
    if isinstance(declared, str) and declared.strip():
        names.add(declared.strip())
    return Layout(
        root=root,
        packages=packages,
        scripts=scripts,
        folders=tuple(standard_folders(snapshot, ignores, paths, dict.fromkeys((prefix, "")))),
        part=max((tuple(one) for one in parts_of(snapshot, ignores, paths, root)), key=len, default=()),
        generator=tuple(generator_metadata(paths, metadata, f"{prefix}pyproject.toml")),
        names=frozenset(names),
    )


def parts_of(snapshot: Snapshot, ignores: Ignores, paths: list[str], root: str) -> Iterator[list[Place]]:
    """The package and standard folders of each folder below the project's root that looks like a project of its own."""
    prefix = f"{root}/" if root else ""
    for folder in dict.fromkeys(path.rpartition("/")[0] for path in paths if path.rpartition("/")[2] in MARKERS):
        if folder != root and folder.startswith(prefix) and folder.count("/") < 3:
            packages = sorted(
                source_packages(paths, f"{folder}/"), key=lambda p: (not p.regular, -len(p.modules), p.path)
            )
            found = list(standard_folders(snapshot, ignores, paths, {f"{folder}/": None}))
            if packages:
                yield [packages[0].evidence, *(one.evidence for one in found)]


def in_folder(path: str, prefix: str) -> bool:
    """Whether a file lies directly in the folder `prefix` (empty, or ending in a slash)."""
    return path.startswith(prefix) and "/" not in path[len(prefix) :]


def project_root(paths: list[str], focus: str) -> str:
    """The shallowest folder that looks like a project's root: the one with most of what such a root holds."""
    marks: Counter[str] = Counter()
    standard = {name for names in KINDS.values() for name in names} | {"src"}
    seen = set()
    for path in paths:
        parts = path.split("/")
        if parts[-1] in MARKERS:
            marks["/".join(parts[:-1])] += 1
        for depth in range(min(len(parts) - 1, 4)):
            folder = "/".join(parts[: depth + 1])
            if "src" in parts[:depth]:
                break
            if parts[depth] in standard and folder not in seen:
                seen.add(folder)
                marks["/".join(parts[:depth])] += 1
    inside = {f: n for f, n in marks.items() if n >= 2 and (not focus or f == focus or f.startswith(focus + "/"))}
    if not inside:
        return focus
    shallowest = min(folder.count("/") + 1 if folder else 0 for folder in inside)
    best = sorted(
        (folder for folder in inside if (folder.count("/") + 1 if folder else 0) == shallowest),
        key=lambda f: -inside[f],
    )
    tie = len(best) > 1 and inside[best[0]] == inside[best[1]]
    root = focus if tie else best[0]
    return within(root, inside, paths) or root


def within(root: str, inside: Mapping[str, int], paths: list[str]) -> str:
    """The folder below `root` that is the project itself, where `root` holds little more than it: a report, a list of packages.

    It holds all source, and more of what a root holds than `root` does.
    """
    prefix = f"{root}/" if root else ""
    source = [
        path
        for path in paths
        if path.startswith(prefix)
        and path.endswith(".py")
        and path[len(prefix) :] not in NO_MODULES
        and path[len(prefix) :].partition("/")[0].lower() not in NO_PACKAGES
    ]
    for folder in sorted(inside, key=lambda f: -inside[f]):
        below = f"{folder}/"
        rooted = any(f"{below}{name}" in paths for name in MARKERS) and any(
            p.startswith(f"{below}src/") for p in source
        )
        if folder != root and folder.startswith(prefix) and rooted and inside[folder] > inside.get(root, 0):
            return folder if source and all(path.startswith(below) for path in source) else ""
    return ""


def source_packages(paths: list[str], prefix: str) -> Iterator[Package]:
    """Packages below `src/`, and folders of Python files at the project's root."""
    found: dict[str, list[str]] = {}
    for path in paths:
        parts = path.removeprefix(prefix).split("/")
        if not (path.startswith(prefix) and path.endswith(".py")) or len(parts) < 2 or parts[0].startswith("."):
            continue
        if parts[0].lower() in NO_PACKAGES:
            continue
        depth = 2 if parts[0] == "src" and len(parts) > 2 else 1
        found.setdefault(prefix + "/".join(parts[:depth]), []).append(path)
    below = [folder for folder in found if folder.startswith(f"{prefix}src/")]
    direct = [p for p in found.get(f"{prefix}src", ()) if not p.endswith("/__init__.py")]
    parts_only = len(below) > 1 and all(folder.rpartition("/")[2].lower() in PARTS for folder in below)
    if direct or parts_only:  # `src` is the package; what lies below are its parts
        found.setdefault(f"{prefix}src", []).extend(path for folder in below for path in found.pop(folder))
    else:
        found.pop(f"{prefix}src", None)
    for folder, modules in found.items():
        regular = folder.startswith(f"{prefix}src") or f"{folder}/__init__.py" in modules
        yield Package(folder, tuple(sorted(modules)), regular)


def standard_folders(
    snapshot: Snapshot, ignores: Ignores, paths: list[str], prefixes: dict[str, None]
) -> Iterator[StandardFolder]:
    """The standard folder of each kind, in the project's root or else the repository's."""
    files: Counter[str] = Counter()
    for path in paths:
        parts = path.split("/")
        for depth in range(1, min(len(parts), 6)):
            files["/".join(parts[:depth])] += parts[-1].lower() not in PLACEHOLDERS
    top = {prefix: {f[len(prefix) :].lower(): f for f in files if in_folder(f, prefix)} for prefix in prefixes}
    for kind, names in KINDS.items():
        there = next((top[p][name] for p in prefixes for name in names if name in top[p]), None)
        # A rule in .gitignore alone shows no folder: the template's own names several that many projects never have.
        tracked = (prefix + names[0] for prefix in prefixes if ignores.dvc_tracked(prefix + names[0]))
        reasons = ((path, ignores.excuses(path)) for path in tracked if kind in KEPT_OUT)
        reason = next(((path, why) for path, why in reasons if why), None)
        if there is not None:
            why = "" if files[there] else ignores.excuses(there) or ""
            yield StandardFolder(kind, there, files[there], why)
        elif reason is not None:
            yield StandardFolder(kind, reason[0], 0, reason[1])
        elif kind == "configs" and (within := nested_configs(files)):
            yield StandardFolder(kind, within, files[within])
    commands = next((prefix + name for prefix in prefixes for name in TASK_FILES if prefix + name in snapshot), None)
    if commands:
        yield StandardFolder("tasks", commands, 1)


def nested_configs(files: Counter[str]) -> str | None:
    """A folder of configuration within the source, where Hydra looks relative to the script."""
    inside = (f for f in files if "src/" in f"{f}/" and f.rpartition("/")[2].lower() in KINDS["configs"] and files[f])
    return min(inside, key=lambda f: (f.count("/"), f), default=None)


def generator_metadata(paths: list[str], metadata: Mapping[str, object], where: str) -> Iterator[Place]:
    """What cookiecutter, cruft or copier left behind."""
    for path in paths:
        name = path.rpartition("/")[2]
        if path.count("/") <= 1:
            tools = (tool for pattern, tool in GENERATORS.items() if fnmatchcase(name, pattern))
            yield from (seen(path, None, f"written by {tool}") for tool in tools)
    tool = metadata.get("tool")
    if isinstance(tool, dict):
        yield from (seen(where, None, f"[tool.{name}]") for name in ("cruft", "cookiecutter", "copier") if name in tool)


def pyproject(snapshot: Snapshot, path: str) -> dict[str, object]:
    """Content of a `pyproject.toml`, empty where there is none or it cannot be read."""
    if path not in snapshot:
        return {}
    try:
        return parse_toml(snapshot.text(path) or "")
    except ValueError:
        return {}
