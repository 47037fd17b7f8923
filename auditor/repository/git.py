"""The only door to git: every command goes through here, hardened against what a repository's own configuration can do.

A repository's configuration can name programs that git runs (fsmonitor, filters, external diff, gpg, ssh, credential
helpers, transports of a lazy fetch). So: the git directory is found without git, every place that git would look for is
passed explicitly, only commands that never touch file content in the work tree are used (no status, no diff against
it), transports are refused, and the user's and system's settings are not read.
"""

from __future__ import annotations

import io
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryDirectory

from auditor.limits import Limits
from auditor.records import Record
from auditor.repository.git_directory import GitPlace, examine, keeps_back, without_settings
from auditor.repository.git_objects import ObjectReader, Stored
from auditor.repository.git_process import GitError, start

SETTINGS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "core.alternateRefsCommand=",
    "core.commitGraph=false",  # files that say what the objects say already, and may say otherwise
    "core.multiPackIndex=false",
    "core.sshCommand=false",
    "core.pager=cat",
    "core.quotePath=false",
    "core.precomposeUnicode=false",
    "credential.helper=",
    "diff.external=",
    "gpg.program=false",
    "gpg.openpgp.program=false",
    "gpg.ssh.program=false",
    "gpg.x509.program=false",
    "log.mailmap=false",  # it would be read from the work tree, whatever lies there under its name
    "log.showSignature=false",
    "mailmap.file=",
    "protocol.allow=never",
    "submodule.recurse=false",
)
ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_COUNT": "0",
    "GIT_CONFIG_PARAMETERS": "",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GIT_PAGER": "cat",
    "GIT_TRACE": "0",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES": "",
    "GIT_NAMESPACE": "",
    "GIT_EXTERNAL_DIFF": "",
    "GIT_LITERAL_PATHSPECS": "0",
    "GIT_ICASE_PATHSPECS": "0",
}
RECORD_BYTES = 400
"""A path and what git says of it, on average at most."""
HURRIED_SECONDS = 2.0
"""Time for a command where one before it took too long: what stopped that one mostly stops the others too."""
CHUNK_BYTES = 65_536


class Origin(Record):
    """The remote `origin`: its address, empty where there is none, and the refspecs that are fetched from it."""

    url: str = ""
    fetched: tuple[str, ...] = ()


class _Deadline(threading.Thread):
    """Calls `stop` at the time `at`, which may only be put off meanwhile, unless `ended` is set before."""

    def __init__(self, at: float, stop: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self.at = at
        self.ended = threading.Event()
        self._stop_it = stop

    def run(self) -> None:
        while not self.ended.wait(max(0.0, self.at - time.monotonic())):
            if time.monotonic() >= self.at:
                self._stop_it()
                return


class GitDoor:
    """Runs read-only git commands in one repository. Making one raises AuditError where git must not be let into it."""

    def __init__(self, place: GitPlace, limits: Limits) -> None:
        examine(place)
        self.place = place
        self.limits = limits
        self._stood_in: TemporaryDirectory[str] | None = None
        seen = place
        if keeps_back(place):
            self._stood_in = TemporaryDirectory(prefix="auditor-git-")
            seen = without_settings(place, Path(self._stood_in.name))
        self._late = False
        self._folder = place.work_tree or place.git_dir
        self._variables = {
            **ENVIRONMENT,
            "GIT_DIR": str(seen.git_dir),
            "GIT_COMMON_DIR": str(seen.common_dir),
            "GIT_INDEX_FILE": str(place.git_dir / "index"),
            "GIT_OBJECT_DIRECTORY": str(place.common_dir / "objects"),
            "GIT_WORK_TREE": str(self._folder),
        }
        self._options = [word for setting in SETTINGS for word in ("-c", setting)]
        self.objects = ObjectReader(self._start_reader, limits.git_seconds)

    def run(self, *words: str, seconds: float | None = None) -> str:
        """Standard output of `git WORDS`, undecodable bytes kept as surrogates.

        Raises AuditError where git is not installed, and GitError where the command fails, takes too long (`seconds`,
        else the limit), or says too much.
        """
        limit = min(seconds or self.limits.git_seconds, self.limits.git_seconds)
        out, whole = self._output(words, limit, self.limits.git_bytes)
        if not whole:
            raise GitError(words, 1, f"more than {self.limits.git_bytes:,} bytes of output")
        return out.decode("utf-8", "surrogateescape")

    def records(self, *words: str, most: int) -> tuple[list[str], bool]:
        """What `git WORDS` says as records that end in NUL: the first `most`, and whether these are all.

        Raises as `run` does.
        """
        out, whole = self._output(words, self.limits.git_seconds, most * RECORD_BYTES)
        found = out.decode("utf-8", "surrogateescape").split("\0")[:-1]
        return found[:most], whole and len(found) <= most

    def said(self, *words: str, patience: float) -> tuple[str, bool]:
        """What `git WORDS` says until it is silent for `patience` seconds, fails, or has said too much; and whether it ended well.

        Raises AuditError where git is not installed.
        """
        data = bytearray()
        try:
            whole = self._listen(words, self.limits.git_seconds, self.limits.git_bytes, data, patience)
        except GitError:
            whole = False
        return data.decode("utf-8", "surrogateescape"), whole

    def _output(self, words: Sequence[str], seconds: float, most: int) -> tuple[bytes, bool]:
        """At most `most` bytes of a command's standard output, and whether that is all. Raises as `run` does."""
        data = bytearray()
        whole = self._listen(words, min(seconds, HURRIED_SECONDS) if self._late else seconds, most, data)
        return bytes(data[:most]), whole

    def _listen(
        self, words: Sequence[str], seconds: float, most: int, data: bytearray, patience: float | None = None
    ) -> bool:
        """Put a command's standard output into `data`, hardly more than `most` bytes; whether that is all.

        Raises as `run` does; then `data` holds what was said before.
        """
        process = self._start(*words)
        out, errors = process.stdout, process.stderr
        if not isinstance(out, io.BufferedReader) or errors is None:
            raise TypeError("git was started without pipes")
        said: list[bytes] = []
        listener = threading.Thread(target=lambda: said.extend(iter(lambda: errors.read(8192), b"")), daemon=True)

        def stop() -> None:
            self._late = self._late or time.monotonic() >= end
            process.kill()

        end = time.monotonic() + seconds
        patience = patience or seconds
        watch = _Deadline(min(end, time.monotonic() + patience), stop)
        listener.start()
        watch.start()
        try:
            while len(data) <= most:
                watch.at = min(end, time.monotonic() + patience)
                chunk = out.read1(CHUNK_BYTES)
                if not chunk:
                    break
                data += chunk
        finally:
            if len(data) > most:
                process.kill()
            status = process.wait()
            watch.ended.set()
            listener.join()
            out.close()
            errors.close()
        if status != 0 and len(data) <= most:
            raise GitError(words, status, b"".join(said))
        return len(data) <= most

    def try_run(self, *words: str) -> str | None:
        """As `run`, None where the command fails."""
        try:
            return self.run(*words)
        except GitError:
            return None

    @property
    def shallow(self) -> bool:
        """Whether history was cut off when cloning (gitrepository-layout: `shallow`)."""
        return (self.place.common_dir / "shallow").is_file()

    @cached_property
    def refs(self) -> tuple[tuple[str, str], ...]:
        """(hash, full name) of every local and remote branch; none where git cannot tell them."""
        return tuple((tip, ref) for _, tip, ref in self._branches)

    @cached_property
    def branch(self) -> str | None:
        """Name of the branch that HEAD is on, which may have no commit yet; None where HEAD is detached."""
        here = next((ref for head, _, ref in self._branches if head == "*"), None)
        if here is not None:
            return here.removeprefix("refs/heads/")
        name = self.try_run("symbolic-ref", "--quiet", "--short", "HEAD")
        return name.strip() if name else None

    @cached_property
    def _branches(self) -> tuple[tuple[str, str, str], ...]:
        """Whether HEAD is on it (`*`), hash and full name of every local and remote branch."""
        asked = ("for-each-ref", "--format=%(HEAD)%00%(objectname)%00%(refname)", "refs/heads", "refs/remotes")
        lines = (self.try_run(*asked) or "").split("\n")  # a name may hold what `splitlines` takes for a line's end
        return tuple((head, tip, ref) for head, tip, ref in (line.split("\0") for line in lines if line))

    @cached_property
    def origin(self) -> Origin:
        """The remote `origin`, as the repository's own settings have it."""
        settings_file = str(self.place.common_dir / "config")
        asked = ("--file", settings_file, "--no-includes", "-z", "--get-regexp", r"^remote\.origin\.(url|fetch)$")
        out = self.try_run("config", *asked) or ""
        settings = [(key, value) for key, _, value in (record.partition("\n") for record in out.split("\0"))]
        urls = [value for key, value in settings if key == "remote.origin.url"]
        return Origin(urls[-1] if urls else "", tuple(value for key, value in settings if key == "remote.origin.fetch"))

    def commit(self, name: str) -> tuple[str, str] | None:
        """Hash and text of the commit that `name` stands for; None where it stands for none that is here."""
        found = self.objects.read(f"{name}^{{commit}}")
        if found is None or found.data is None:
            return None
        return found.name, found.data.decode("utf-8", "surrogateescape")

    def blob_size(self, name: str) -> int | None:
        """Size of a blob in bytes; None where it is not in the object store (partial clone).

        `name` is its hash, or `commit:path`.
        """
        found = self.objects.size(name)
        return found.size if found is not None and found.kind == "blob" else None

    def blob(self, name: str) -> bytes | None:
        """Content of a blob; None where it is not in the object store, or damaged there."""
        found = self.bounded_blob(name, sys.maxsize)
        return found and found.data

    def bounded_blob(self, name: str, at_most: int) -> Stored | None:
        """A blob, without its data where that is larger than `at_most` bytes; None as for `blob`."""
        found = self.objects.read(name, at_most)
        return found if found is not None and found.kind == "blob" else None

    def _start_reader(self, option: str) -> Popen[bytes]:
        return self._start("cat-file", option, stdin=PIPE)

    def _start(self, *words: str, stdin: int = DEVNULL) -> Popen[bytes]:
        return start([*self._options, *words], folder=self._folder, variables=self._variables, stdin=stdin)

    def close(self) -> None:
        """End git's helper processes."""
        self.objects.close()
        if self._stood_in is not None:
            self._stood_in.cleanup()


def parse_raw_time(text: str) -> datetime | None:
    """A time as git stores it, `1767225600 +0100` (git-log, `--date=raw`); None where it is no time that can be told.

    A zone that no clock has is read as UTC: the moment is right all the same.
    """
    seconds, _, zone = text.strip().partition(" ")
    try:
        offset = timedelta(hours=int(zone[-4:-2]), minutes=int(zone[-2:])) * (-1 if zone.startswith("-") else 1)
        place = timezone(offset)
    except ValueError:
        place = UTC
    try:
        return datetime.fromtimestamp(int(seconds), place)
    except (ValueError, OverflowError, OSError):
        return None
