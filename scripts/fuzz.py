"""Fuzzes our parsers, guided by coverage: `python scripts/fuzz.py [NAME]... [--seconds 60]`.

Needs atheris (`pip install atheris`, which has wheels for Linux and a few versions of Python only; so it belongs to no extra), in
an environment with the program and `.[dev]`. Each target of `tests/fuzzing` whose name holds one of the names (without a name:
every one) runs in a process of its own for so many seconds. It begins with
what lies in `fixtures/fuzz/NAME` and the files of samples and micro-cases whose names suit it. What it learns on its way, and the inputs that fail, go to `--work` (`fuzz-work`, which git ignores).

An input that fails: mend the parser, make the input small and its content invented, and put it into `fixtures/fuzz/NAME`. Every file
there is run again by `tests/fuzzing/test_fuzzing.py`.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

MAX_BYTES = 2_000
MOST_SEEDS = 150
"""Files of samples and micro-cases that a target begins with, the shortest."""
SLOWEST = 10
"""Seconds for one input, from which on it counts as one that does not end."""
MEMORY = 1_000
"""Mebibytes of a target's process."""
EXECUTIONS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
COVERED = re.compile(r"cov: (\d+)")


def fuzz(name: str, arguments: list[str]) -> None:
    """Fuzz one target in this process; does not come back."""
    import atheris

    with atheris.instrument_imports(include=["auditor", "rules"]):
        from fuzzing.targets import all_targets

        target = all_targets()[name]
    atheris.Setup([sys.argv[0], *arguments], target.run)
    atheris.Fuzz()


def dictionary(words: tuple[str, ...]) -> str:
    """The pieces of a format as libFuzzer reads them."""
    return "".join(
        '"' + "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "surrogateescape")) + '"\n' for word in words
    )


def run(name: str, seconds: int, work: Path) -> bool:
    """Fuzz one target in another process, and print what came of it; whether it found nothing."""
    from fuzzing.samples import case_files, kept, project_files, suited
    from fuzzing.targets import all_targets

    corpus, found = work / name, work / "found" / name
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    begin = [path.read_bytes() for path in kept(name)]
    begin += sorted(
        set(suited(name, (*project_files(), *case_files()), MAX_BYTES)), key=lambda data: (len(data), data)
    )[:MOST_SEEDS]
    for data in begin:
        (corpus / hashlib.sha256(data).hexdigest()[:20]).write_bytes(data)
    words = work / f"{name}.dict"
    words.write_text(dictionary(all_targets()[name].words), encoding="ascii")
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={MAX_BYTES}",
        f"-timeout={SLOWEST}",
        f"-rss_limit_mb={MEMORY}",
        f"-artifact_prefix={found}/",
        f"-dict={words}",
        "-print_final_stats=1",
    ]
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, __file__, "--one", name, "--", *options, str(corpus)], capture_output=True, check=False
    )
    said = done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")
    executions = EXECUTIONS.search(said)
    covered = COVERED.findall(said)
    print(
        f"{name:24} {time.monotonic() - started:6.0f} s  {int(executions[1]) if executions else 0:9,} executions  "
        f"{covered[-1] if covered else '?':>6} edges  {'nothing' if done.returncode == 0 else 'FOUND'}",
        flush=True,
    )
    if done.returncode != 0:
        print(said[-3000:], flush=True)
    return done.returncode == 0


def main() -> int:
    """Read the command line and fuzz; 1 where anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--work", type=Path, default=ROOT / "fuzz-work")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    own, given = sys.argv[1:], []
    if "--" in own:
        own, given = own[: own.index("--")], own[own.index("--") + 1 :]
    args = parser.parse_args(own)
    if args.one:
        fuzz(args.one, given)
        return 0
    from fuzzing.targets import all_targets

    names = [name for name in all_targets() if not args.names or any(part in name for part in args.names)]
    failed = [name for name in names if not run(name, args.seconds, args.work)]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
