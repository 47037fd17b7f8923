"""Which test files and tests pytest's own settings leave out of every run.

Source: pytest documentation, "Configuration Options" (`testpaths`, `norecursedirs`, `addopts`), "Customizing test collection"
(`collect_ignore`, `collect_ignore_glob`), "Working with custom markers".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from auditor.facts.python import PythonProject, Role
from auditor.formats.shell import Command
from auditor.practices.testing.selection import arguments, holds
from auditor.practices.testing.settings import PytestSettings
from auditor.records import Record
from auditor.repository.paths import normalise

VALUED_SELECTION = ("-k", "-m")


class LeftOut(Record):
    """What is left out, by the settings and by `conftest.py`."""

    patterns: tuple[tuple[str, str], ...] = ()
    """Patterns of paths, each with where it comes from."""
    testpaths: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    """Paths that some command names: what they hold is run all the same."""
    deselected: tuple[tuple[str, str], ...] = ()
    """`-k` and `-m` among the options that pytest is always given, where no command gives others."""

    def why(self, path: str, qualname: str, keywords: str, markers: frozenset[str]) -> str:
        """Why pytest never runs a test; empty where it may."""
        for pattern, source in self.patterns:
            file, _, node = pattern.partition("::")
            named = node.partition("[")[0].replace("::", ".")
            if covers(file, path) and (not node or f"{qualname}.".startswith(f"{named}.")):
                return f"{source} leaves it out"
        for option, value in self.deselected:
            kept = (
                holds(value, lambda word: word.lower() in keywords)
                if option == "-k"
                else holds(value, markers.__contains__)
            )
            if not kept:
                return f'pytest\'s own options ({option} "{value}") leave it out'
        if self.testpaths and not any(covers(place, path) for place in (*self.testpaths, *self.places)):
            return f"it lies outside of pytest's testpaths ({', '.join(self.testpaths)}), and no command names it"
        return ""


def left_out(
    project: PythonProject, settings: PytestSettings, given: Iterable[Command], paths: Iterable[str]
) -> LeftOut:
    """What is left out. `given` are the commands of the project; `paths` the files of the repository."""
    patterns = [*ignored_by_options(settings), *ignored_by_conftest(project)]
    patterns += [
        (f"{name}/", "norecursedirs") for name in settings.norecursedirs if "*" not in name and name != "{arch}"
    ]
    places: list[str] = []
    selections = [pair for pair in arguments(settings.addopts)[1] if pair[0] in VALUED_SELECTION]
    for command in given:
        call = command.call_of("pytest") or command.call_of("py.test")
        if call is not None:
            named, options = arguments(call[1:])
            places += [normalise(place.partition("::")[0]) for place in named]
            if any(option in VALUED_SELECTION for option, _ in options):
                selections = []  # the last one given counts: some run selects otherwise
    folder = f"{settings.folder}/" if settings.folder else ""
    testpaths = [normalise(f"{folder}{path}") for path in settings.testpaths]
    known = tuple(paths)
    testpaths = [path for path in testpaths if any(covers(path, one) for one in known)]
    return LeftOut(tuple(patterns), tuple(testpaths), tuple(places), tuple(selections))


def ignored_by_options(settings: PytestSettings) -> Iterator[tuple[str, str]]:
    """`--ignore`, `--ignore-glob` and `--deselect` among the options that pytest is always given."""
    for option, value in arguments(settings.addopts)[1]:
        if option in ("--ignore", "--ignore-glob", "--deselect"):
            folder = f"{settings.folder}/" if settings.folder else ""
            file, mark, node = value.partition("::")
            if "[" not in node:  # one case of several is left out
                yield f"{normalise(f'{folder}{file}')}{mark}{node}", f"pytest's own option {option}={value}"


def ignored_by_conftest(project: PythonProject) -> Iterator[tuple[str, str]]:
    """`collect_ignore` and `collect_ignore_glob` in a conftest.py: paths beside it."""
    for file in project.of(Role.TEST):
        folder, _, name = file.path.rpartition("/")
        if name != "conftest.py":
            continue
        for assignment in file.assignments:
            if (
                assignment.target in ("collect_ignore", "collect_ignore_glob")
                and not assignment.scope
                and assignment.live
            ):
                for value in assignment.value.elements:
                    if value.string:
                        yield normalise(f"{folder}/{value.string}"), f"{assignment.target} of {file.path}"


def covers(place: str, path: str) -> bool:
    """Whether a path, a folder, a folder's name (`old/`) or a pattern covers a file."""
    if place in ("", "."):
        return True
    if place.endswith("/"):
        return f"/{place}" in f"/{path}"
    if any(mark in place for mark in "*?["):
        return fnmatchcase(path, place) or fnmatchcase(path, f"{place}/*")
    return path == place or path.startswith(f"{place}/")
