"""`auditor check` as a student meets it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.command_line import one_line, run
from support.hand_in_samples import files, pushed, whole_report
from support.repositories import Step, commit, make_repository, write

from auditor.engine.run import run_audit
from auditor.samples import build_samples

SETTLED = "If not, untick it"


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {path.name: path for path in build_samples(tmp_path_factory.mktemp("samples"))}


def sections(text: str) -> list[str]:
    return re.findall(r"^(\w[\w ]+) \(\d+\) ─", text, re.MULTILINE)


def test_it_says_what_is_worth_doing_in_that_order(samples: dict[str, Path]) -> None:
    done = run("check", samples["hollow"], "--no-memory")
    assert done.returncode == 1 and done.stderr == ""
    order = [
        "Would be challenged",
        "Would be asked about",
        "Before you hand in",
        "Worth a look",
        "May be asked in person",
    ]
    assert sections(done.stdout) == order
    assert "Done and not ticked" in sections(run("check", samples["honest"]).stdout)


def test_every_open_tick_has_honest_ways_out(samples: dict[str, Path]) -> None:
    result = run_audit(samples["hollow"])
    for claim in result.claims:
        if claim.finding in ("discrepancy", "query"):
            assert 2 <= len(claim.settle) <= 4, claim.id
            assert claim.settle[-1].startswith(SETTLED), claim.id
        elif claim.finding == "ask":
            assert len(claim.settle) == 1 and "Nothing has to be added" in claim.settle[0]
        else:
            assert claim.settle == ()
    denied = result.claim("M23.deploy")
    assert denied.verdict == "contradicted" and "says the opposite" in denied.settle[0]


PATTERN = re.compile(
    r"://|\.(?:app|net|io|com|org)\b|@\w|--\w|\w\(|\b[a-z]+_[a-z_]+\b|\b[a-z]{2,}\.[a-z]{2,}", re.IGNORECASE
)
"""What could be pasted: addresses, options, decorators, calls, names of functions."""
FILES = re.compile(
    r"\.?[\w-]+\.(?:ya?ml|toml|json|md|py|mar|lock|dvc)\b|(?<!\w)\.[a-z-]+(?:/[a-z.]+)?|pre-commit-config|py-spy|line_profiler"
)


def test_it_never_prints_what_would_satisfy_a_rule(tmp_path: Path) -> None:
    """What was looked for is said in words: no identifier, option or address that could be pasted."""
    folder = make_repository(
        tmp_path / "bare", {"README.md": "# x\n", "a.py": "x = 1\n", "reports/README.md": whole_report(ticked=True)}
    )
    result = run_audit(folder)
    looked = {(claim.id, part.looked_for) for claim in result.claims for part in claim.parts if part.looked_for}
    assert len(looked) > 50
    for name, text in looked:
        assert not PATTERN.search(FILES.sub("", text)), (name, text)
    for claim in result.claims:
        for way in claim.settle:
            said = FILES.sub("", re.sub(r"reports/README\.md:\d+|`[^`]*`", "", way))
            assert not PATTERN.search(said), (claim.id, way)


def test_what_may_not_be_handed_in_fails(tmp_path: Path) -> None:
    fine = pushed(tmp_path / "fine", files(whole_report()))
    assert run("check", fine, "--fail-on", "hand-in").returncode == 0
    assert run("audit", fine, "--fail-on", "hand-in").returncode == 0
    keys = {"bot.py": "T = 'ghp_" + "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1b2C'\n"}
    with_key = pushed(tmp_path / "key", files(whole_report(), keys))
    done = run("check", with_key)
    assert done.returncode == 1
    first = sections(done.stdout)[0]
    assert first == "Keys and passwords"
    for command in ("check", "audit"):
        assert run(command, with_key, "--fail-on", "hand-in").returncode == 1
        assert run(command, with_key, "--fail-on", "discrepancy").returncode == 0
    left = "--- question 5 fill here ---\n\nWe did it."
    placeholder = pushed(tmp_path / "left", files(whole_report(answers={5: left})))
    assert run("check", placeholder, "--fail-on", "discrepancy,hand-in").returncode == 1
    assert run("check", placeholder, "--fail-on", "never").returncode == 0


def test_without_report_it_says_where_to_put_one_and_goes_on(tmp_path: Path) -> None:
    shop = {"src/shop/__init__.py": "", "src/shop/model.py": "def model():\n    return 1\n", "README.md": "# shop\n"}
    done = run("check", make_repository(tmp_path / "shop", shop), "--fail-on", "hand-in")
    assert done.returncode == 1
    text = " ".join(done.stdout.split())
    assert "nothing counts as ticked. Fill in the course's report template and commit it as reports/README.md." in text
    assert "What the repository shows" in sections(done.stdout) and "M5.git" in done.stdout


def test_each_advice_stands_once_with_its_claims(samples: dict[str, Path]) -> None:
    result = run_audit(samples["hollow"])
    several = {way for claim in result.claims for way in claim.settle if way.startswith("If not, untick it, or")}
    assert len(several) == 1
    for options in ((), ("--format", "markdown")):
        text = " ".join(run("check", samples["hollow"], "--no-memory", *options).stdout.split())
        assert text.count("If not, untick it, or write on its line how far it got.") == 1
        told = text.partition("If not, untick it, or write on its line how far it got.")[2].partition(")")[0]
        assert "M12.profiling" in told and "M23.deploy" in told
    settle = " ".join(result.claim("M11.config").settle)
    assert "What is there does not settle it yet." in settle
    assert "nothing reads it" not in settle  # that stands at the place itself


def test_what_was_settled_since_the_last_check_is_told(tmp_path: Path) -> None:
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    shop = pushed(tmp_path / "shop", files(whole_report(ticked=("M12.profiling", "M15.lightning", "M5.git"))))
    assert "ettled since" not in run("check", shop, env=cache).stdout
    assert "ettled since" not in run("check", shop, env=cache).stdout
    write(shop, {"reports/README.md": whole_report(ticked=("M5.git", "M31.inference"))})
    text = " ".join(run("check", shop, env=cache).stdout.split())
    assert re.search(r"Settled since (\d\d:\d\d|yesterday): 2 \(M12\.profiling, M15\.lightning\)", text), text
    assert "M31.inference" in text.partition("new since")[2].partition(")")[0]
    write(shop, {"reports/README.md": whole_report(ticked=("M5.git",))})
    assert "ettled since" not in run("check", shop, "--no-memory", env=cache).stdout
    assert "ettled since" not in run("check", shop, "--select", "M31", env=cache).stdout
    assert run("check", shop, "--format", "json", env=cache).stdout.count('"M31.inference"') >= 2


@pytest.mark.parametrize(("fail_on", "hollow", "honest"), [("discrepancy", 1, 0), ("query", 1, 1), ("never", 0, 0)])
def test_exit_status(samples: dict[str, Path], fail_on: str, hollow: int, honest: int) -> None:
    for command in ("check", "audit"):
        assert run(command, samples["hollow"], "--fail-on", fail_on).returncode == hollow
        assert run(command, samples["honest"], "--fail-on", fail_on).returncode == honest


def test_what_cannot_be_asked_for(samples: dict[str, Path], tmp_path: Path) -> None:
    one_line(run("check", samples["honest"], "--fail-on", "always"), "--fail-on always", "never")
    one_line(run("check", samples["honest"], "--also", "json"), "--also json", "file")
    one_line(run("check", samples["honest"], "--also", "pdf=x.pdf"), "pdf")
    one_line(run("check", samples["honest"], "--also", f"json={tmp_path}/none/x.json"), "cannot be written")
    one_line(run("check", tmp_path), "not a git repository", "--no-git")
    one_line(run("audit", samples["honest"], "--select", "H"), "auditor check")
    one_line(run("check", samples["honest"], "--course", "nothing"), "no rule package nothing")


def test_several_formats_of_one_run(samples: dict[str, Path], tmp_path: Path) -> None:
    also = [f"{name}={tmp_path / name}" for name in ("json", "markdown", "html", "console")]
    done = run("check", samples["hollow"], *(word for one in also for word in ("--also", one)))
    assert done.returncode == 1
    assert json.loads((tmp_path / "json").read_text())["summary"]["discrepancies"] == 12
    assert "# Before you hand in" in (tmp_path / "markdown").read_text()
    assert "Would be challenged (12)" in (tmp_path / "console").read_text()


def test_what_was_not_looked_at_is_not_called_fine(samples: dict[str, Path], tmp_path: Path) -> None:
    keys = {"bot.py": "T = 'ghp_" + "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1b2C'\n"}
    folder = pushed(tmp_path / "shop", files(whole_report(ticked=("X.diagram",)), keys))
    part = run("check", folder, "--select", "X.diagram").stdout
    assert "Looked at: X.diagram." in part and "Nothing is open in what was looked at." in part
    assert "things to mend" not in part and "nothing was found that the hand-in lacks" not in part
    assert "1 key or password is committed" in run("check", folder).stdout
    rest = run("check", folder, "--ignore", "H.secrets").stdout
    assert "Looked at: everything without H.secrets." in rest and "Nothing is open in what was looked at." in rest


def test_in_the_current_folder(samples: dict[str, Path]) -> None:
    done = run("check", cwd=samples["hollow"])
    assert done.returncode == 1 and "Check of ." in done.stdout


def test_work_that_is_not_committed_counts_and_is_told(tmp_path: Path) -> None:
    folder = pushed(tmp_path / "shop", files(whole_report(ticked=("M10.dockerfiles",))))
    assert run("check", folder).returncode == 1
    write(folder, {"Dockerfile": "FROM python:3.12\nCOPY src src\nCMD python -m shop\n"})
    done = run("check", folder)
    assert done.returncode == 0
    assert "Dockerfile  New and not committed." in done.stdout
    commit(folder, Step())
    assert "not pushed" in run("check", folder).stdout


def test_nothing_open(tmp_path: Path) -> None:
    folder = pushed(tmp_path / "shop", files(whole_report(ticked=("X.diagram",))))
    done = run("check", folder)
    assert done.returncode == 0, done.stdout
    assert "Nothing is open" in done.stdout


def test_memory_is_kept_out_of_the_repository_and_changes_nothing(tmp_path: Path, samples: dict[str, Path]) -> None:
    cache = tmp_path / "cache"
    env = {"XDG_CACHE_HOME": str(cache)}
    before = sorted(path for path in samples["honest"].rglob("*"))
    first = run("check", samples["honest"], "--format", "json", env=env)
    kept = [path for path in cache.rglob("*") if path.is_file()]
    second = run("check", samples["honest"], "--format", "json", env=env)
    without = run("check", samples["honest"], "--format", "json", "--no-memory", env=env)
    assert first.stdout == second.stdout == without.stdout
    assert sorted(path for path in samples["honest"].rglob("*")) == before
    if os.name == "posix":
        assert kept and all(path.stat().st_mode & 0o077 == 0 for path in kept)


def test_explain_and_rules_know_the_checks() -> None:
    assert "H.length" in run("rules").stdout
    listed = re.findall(r"^(\S+)", run("rules", "H").stdout, re.MULTILINE)
    assert listed[0] == "claim" and len(listed) > 10 and all(name.startswith("H.") for name in listed[1:])
    assert "course's checker counts" in run("explain", "H.length").stdout
    assert run("explain", "h").stdout.count("H.") >= 10


def test_markdown_for_the_group_is_well_formed(samples: dict[str, Path]) -> None:
    text = run("check", samples["hollow"], "--format", "markdown").stdout
    assert text.startswith("# Before you hand in\n") and "## Would be challenged (12)" in text
    assert text.count("To settle it:") == 23


NO_NETWORK = """
import sys

def refuse(event, arguments):
    if event.startswith("socket.") and event != "socket.gethostname":
        sys.stderr.write(f"network: {event} {arguments}\\n")
        raise OSError("no network here")

sys.addaudithook(refuse)
from auditor.cli import main
main()
"""


def test_no_network_is_used_and_no_key_is_tried_out(tmp_path: Path) -> None:
    key = "ghp_" + "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1b2C"
    more = {
        "bot.py": f'T = "{key}"\nS = "SK0a1b2c3d4e5f60718293a4b5c6d7e8f9"\n',
        "key.pem": "-----BEGIN EC PRIVATE KEY-----\n",
    }
    folder = make_repository(tmp_path / "shop", files(whole_report(), more))
    done = subprocess.run(
        [sys.executable, "-c", NO_NETWORK, "check", str(folder), "--no-memory"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == "" and done.returncode == 1, done.stderr
    assert re.search(r"bot\.py:1, :2 +This looks like a secret", done.stdout) and "key.pem:1  This looks" in done.stdout
