"""Decisions written into a file that people edit as well."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.decision_samples import COMMIT, audit, claim, load_decisions, make, written

from auditor.errors import AuditError
from auditor.result.audit import Verdict
from auditor.review import decision_file, decisions
from auditor.review.decision_file import MeanwhileError, remove
from auditor.review.decisions import Decisions, group_key

WRITTEN = '''\
# Decisions of the course, winter 2026
title = "class"   # not ours

[[decision]]   # the first
group = "43"  # they asked for it
claim   =   'M17.matrix_cache'
verdict = "partial" # for now
note = """
# not a comment
[[decision]]
group = "no"
"""
# asked again on Monday

# two
[[decision]]
  group = "Group 7"
  verdict = "supported"
  claim = "M8.dvc"
  commit = "89ABCDEF"

# what the class is
[class]
deadline = 2026-01-23T23:59:00+01:00
folders = [
  ["a"], # one
  ["b"],
]

[[decision]]
group = 8
claim = "M8.dvc"
verdict = "contradicted"
# the end
'''


def entries(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["decision"]
    return found


def test_a_first_decision_makes_the_file_as_people_would_write_it(path: Path) -> None:
    make(path, commit=None)
    make(path, group="44")

    assert path.read_text(encoding="utf-8") == (
        '[[decision]]\ngroup = "43"\nclaim = "M17.matrix_cache"\nverdict = "supported"\nnote = "shown to me"\n'
        'by = "nb"\nat = 2026-01-25T10:00:00+01:00\n'
        '\n[[decision]]\ngroup = "44"\nclaim = "M17.matrix_cache"\nverdict = "supported"\nnote = "shown to me"\n'
        f'by = "nb"\nat = 2026-01-25T10:00:00+01:00\ncommit = "{COMMIT}"\n'
    )
    assert sorted(file.name for file in path.parent.iterdir()) == [".auditor.toml.lock", "auditor.toml"]


def test_a_new_decision_leaves_every_byte_before_it(path: Path) -> None:
    written(path, WRITTEN)

    make(path, group="9")

    text = path.read_text(encoding="utf-8")
    assert text.startswith(WRITTEN + '\n[[decision]]\ngroup = "9"\n')
    assert len(entries(path)) == 4


def test_a_changed_decision_keeps_its_place_comments_and_everything_around_it(path: Path) -> None:
    written(path, WRITTEN)

    make(path, group="043", note="seen")

    assert path.read_text(encoding="utf-8") == WRITTEN.replace(
        'verdict = "partial" # for now\nnote = """\n# not a comment\n[[decision]]\ngroup = "no"\n"""\n',
        'verdict = "supported" # for now\nnote = "seen"\n'
        f'by = "nb"\nat = 2026-01-25T10:00:00+01:00\ncommit = "{COMMIT}"\n',
    )


def test_a_last_value_that_ends_like_a_comment_is_read_to_its_end(path: Path) -> None:
    entry = '[[decision]]\ngroup = "43"\nclaim = "M8.dvc"\nverdict = "partial"\nby = """\n\n# nb"""\n'
    written(path, entry + "# after\n")

    make(path, claim="M8.dvc", by="\n# nb", commit=None)

    assert load_decisions(path).entries[0].by == "# nb"
    assert path.read_text(encoding="utf-8").endswith("+01:00\n# after\n")


def test_a_change_that_would_say_something_else_is_not_written(path: Path) -> None:
    written(path, WRITTEN)
    file = decision_file.DecisionFile.read(path)
    file.blocks[0].values = file.blocks[0].values.replace("class", "glass")

    with pytest.raises(AuditError, match="edit it by hand"):
        file.write()

    assert path.read_text(encoding="utf-8") == WRITTEN


def test_a_change_without_a_commit_takes_the_old_one_away(path: Path) -> None:
    written(path, WRITTEN)

    make(path, group="7", claim="M8.dvc", commit=None)

    assert "89ABCDEF" not in path.read_text(encoding="utf-8")
    assert load_decisions(path).entries[1].commit is None


def test_the_same_decision_again_changes_nothing(path: Path) -> None:
    make(path)
    before = path.read_bytes()

    make(path)

    assert path.read_bytes() == before


def test_of_several_on_the_same_the_last_counts_and_is_changed(path: Path) -> None:
    entry = '[[decision]]\ngroup = "{}"\nclaim = "M8.dvc"\nverdict = "{}"\n'
    written(path, entry.format("43", "partial") + entry.format("Group 43", "contradicted"))

    found = load_decisions(path)
    assert found.apply(audit(claim("M8.dvc")), "43").claims[0].decision is not None
    assert found.by_group["43"]["M8.dvc"].verdict is Verdict.CONTRADICTED
    assert len(found.problems) == 1
    assert "replaces decision 1" in found.problems[0]

    make(path, claim="M8.dvc")
    assert [entry["verdict"] for entry in entries(path)] == ["partial", "supported"]


def test_remove_takes_the_entry_and_leaves_the_comments_around_it(path: Path) -> None:
    written(path, WRITTEN)

    assert remove(path, "07", "M8.dvc")

    assert path.read_text(encoding="utf-8") == WRITTEN.replace(
        '[[decision]]\n  group = "Group 7"\n  verdict = "supported"\n  claim = "M8.dvc"\n  commit = "89ABCDEF"\n\n', ""
    )
    assert not remove(path, "07", "M8.dvc")


def test_remove_takes_all_of_several_and_needs_no_file(path: Path) -> None:
    assert not remove(path, "43", "M8.dvc")
    entry = '[[decision]]\ngroup = "43"\nclaim = "M8.dvc"\nverdict = "partial"\n'
    written(path, f"# mine\n{entry}\n{entry}")

    assert remove(path, "43", "M8.dvc")

    assert path.read_text(encoding="utf-8") == "# mine\n"
    assert load_decisions(path) == Decisions()


@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_of_windows_are_kept(path: Path, bom: str) -> None:
    written(path, bom + WRITTEN.replace("\n", "\r\n"))

    make(path, group="9", note="a\nb")
    make(path, note="c")

    raw = path.read_bytes()
    assert raw.decode("utf-8").startswith(bom + "# Decisions")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert [entry["note"] for entry in entries_of_bytes(raw) if "note" in entry] == ["c", "a\nb"]


def entries_of_bytes(raw: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(raw.decode("utf-8-sig"))["decision"]
    return found


def test_a_file_without_a_last_line_end_is_continued_on_a_line_of_its_own(path: Path) -> None:
    written(path, "[class]\na = 1 # one")

    make(path)

    assert path.read_text(encoding="utf-8").startswith("[class]\na = 1 # one\n\n[[decision]]\n")


@pytest.mark.parametrize(
    "note",
    [
        'say """ and \'\'\' and "',
        "back\\slash \\u0041 \\",
        "line\nline\r\nline\rline",
        "\x00\x01\x1b[31m\x7f\x85\u2028",
        '"\n[[decision]]\ngroup = "1"',
        "\ufeff\u202e\U0001f600",
        " " * 40,
        "",
    ],
)
def test_hostile_notes_come_back_as_they_were(path: Path, note: str) -> None:
    make(path, note="first")
    make(path, note=note)
    make(path, note=note, group="44")

    assert [entry.note for entry in load_decisions(path).entries] == [note, note]


def test_half_a_surrogate_pair_is_replaced(path: Path) -> None:
    make(path, note="a\ud800b", by="\udfff")

    assert load_decisions(path).entries[0].note == "a\ufffdb"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["43", "7", "8", "x y"]),
            st.sampled_from(["M8.dvc", "M17.matrix_cache"]),
            st.text(max_size=12),
            st.booleans(),
        ),
        max_size=6,
    )
)
def test_any_order_of_changes_says_what_a_table_would(
    tmp_path: Path, steps: Sequence[tuple[str, str, str, bool]]
) -> None:
    path = written(tmp_path / "auditor.toml", WRITTEN)
    expected = {entry.key: entry.note for entry in load_decisions(path).entries}
    for group, claim_id, note, taken in steps:
        if taken:
            remove(path, group, claim_id)
            expected.pop((group_key(group), claim_id), None)
        else:
            make(path, group=group, claim=claim_id, note=note)
            expected[group_key(group), claim_id] = note

    assert {entry.key: entry.note for entry in load_decisions(path).entries} == expected
    text = path.read_text(encoding="utf-8")
    for line in ("# Decisions of the course", "# asked again on Monday", "# two", "# what the class is", "# the end"):
        assert line in text
    assert '[class]\ndeadline = 2026-01-23T23:59:00+01:00\nfolders = [\n  ["a"], # one\n' in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[decision]\n", "not valid TOML"),
        ("a = 1\na = 2\n", "not valid TOML"),
        ("a = " + "[" * 5000, "not valid TOML"),
        ('decision = "43"\n', "[[decision]]"),
        ("[decision]\ngroup = '43'\n", "[[decision]]"),
        ('[[decision]]\nclaim = "M8.dvc"\nverdict = "partial"\n', "decision 1 ('M8.dvc'): group is missing"),
        ('[[decision]]\ngroup = "43"\nverdict = "partial"\n', "decision 1 ('43'): claim is missing"),
        ('[[decision]]\ngroup = "43"\nclaim = "M8.dvc"\n', "verdict is missing"),
        ('[[decision]]\ngroup = "4"\nclaim = "a"\nverdict = "ok"\n', "'ok' is none of supported, partial, unsupported"),
        ('[[decision]]\ngroup = "4"\nclaim = "a"\nverdict = "partial"\nwhy = 1\n', "unknown key 'why'"),
        ('[[decision]]\ngroup = "4"\nclaim = "a"\nverdict = "partial"\n[decision.more]\n', "unknown key 'more'"),
        ('[[decision]]\ngroup = "4"\nclaim = "a"\nverdict = "partial"\nat = "now"\n', "at must be a time"),
        ('[[decision]]\ngroup = "4"\nclaim = "a"\nverdict = "partial"\nat = 10:00:00\n', "at must be a time"),
        ('[[decision]]\ngroup = true\nclaim = "a"\nverdict = "partial"\n', "group must be text in quotes, not True"),
        ('[[decision]]\ngroup = "4"\nclaim = "a"\nverdict = "partial"\nnote = 3\n', "note must be text in quotes"),
        ('[[decision]]\ngroup = "4"\nclaim = "a"\nverdict = "partial"\ncommit = "main"\n', "commit 'main'"),
        ('[[decision]]\ngroup = "\\u001b[31m' + "g" * 900 + '"\n', "claim is missing"),
    ],
)
def test_a_broken_file_is_one_clear_line_and_is_not_written(path: Path, text: str, said: str) -> None:
    written(path, text)

    for act in (lambda: load_decisions(path), lambda: make(path), lambda: remove(path, "43", "M8.dvc")):
        with pytest.raises(AuditError) as error:
            act()
        line = str(error.value)
        assert line.startswith(f"{path}: ")
        assert said in line
        assert line.isprintable()
        assert len(line) < len(str(path)) + 300

    assert path.read_text(encoding="utf-8") == text
    assert sorted(file.name for file in path.parent.iterdir()) == [".auditor.toml.lock", "auditor.toml"]


def test_a_file_that_is_no_text_or_too_long_or_a_folder_is_told(path: Path) -> None:
    path.write_bytes(b'# one\ntitle = "\xff"\n')
    with pytest.raises(AuditError, match="line 2 is not UTF-8"):
        load_decisions(path)
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(AuditError, match="over 1,000,000 bytes"):
        load_decisions(path)
    with pytest.raises(AuditError, match="cannot be read"):
        load_decisions(path.parent)


def test_a_decision_that_would_make_the_file_too_long_is_refused(path: Path) -> None:
    make(path)
    before = path.read_bytes()

    with pytest.raises(AuditError, match="would grow over"):
        make(path, group="44", note="n" * 1_000_000)

    assert path.read_bytes() == before
    make(path, group="45")  # the lock is free


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"verdict": "fine"}, "'fine' is none of"),
        ({"group": " "}, "group is missing"),
        ({"claim": ""}, "claim is missing"),
        ({"commit": "HEAD"}, "'HEAD' is no commit's hash"),
    ],
)
def test_a_decision_that_cannot_be_read_back_is_refused(path: Path, given: dict[str, Any], said: str) -> None:
    with pytest.raises(AuditError, match=said):
        make(path, **given)
    assert not path.exists()


def test_decisions_in_one_line_are_read_but_not_rewritten(path: Path) -> None:
    text = 'decision = [{group = "43", claim = "M8.dvc", verdict = "partial"}]\n'
    written(path, text)

    assert len(load_decisions(path).entries) == 1
    with pytest.raises(AuditError, match=r"under a line \[\[decision\]\]"):
        make(path)
    assert path.read_text(encoding="utf-8") == text


def test_a_folder_that_is_not_there_is_told(path: Path) -> None:
    with pytest.raises(AuditError, match="cannot be written"):
        make(path.parent / "none" / "auditor.toml")


def test_a_time_without_offset_is_this_machines_and_parts_of_seconds_go(path: Path) -> None:
    make(path, at=datetime(2026, 1, 25, 10, 0, 0, 123456))

    at = datetime.fromisoformat(load_decisions(path).entries[0].at)
    assert at.tzinfo is not None
    assert at.replace(tzinfo=None) == datetime(2026, 1, 25, 10, 0)


def test_the_files_mode_and_a_link_to_it_are_kept(path: Path) -> None:
    real = path.with_name("kept.toml")
    real.write_text("# kept\n", encoding="utf-8")
    real.chmod(0o640)
    path.symlink_to(real)

    make(path)

    assert path.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert real.read_text(encoding="utf-8").startswith("# kept\n\n[[decision]]")


HOLDER = """
import sys, time
from pathlib import Path
from auditor.review.decision_file import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_who_waits_too_long_is_told_and_a_killed_writer_leaves_no_lock(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decision_file, "LOCK_SECONDS", 0.05)
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None and holder.stdout.readline().strip() == b"held"
        with pytest.raises(AuditError, match="somebody else is writing it"):
            make(path)
        assert not path.exists()
    finally:
        holder.kill()
        holder.communicate()
    make(path)
    assert len(load_decisions(path).entries) == 1


def test_a_decision_in_sight_of_another_one_is_refused(path: Path) -> None:
    first = make(path, seen=None)
    assert first == load_decisions(path).entries[0]
    with pytest.raises(MeanwhileError, match="meanwhile nb decided supported") as error:
        make(path, verdict="partial", seen=None)
    assert error.value.entry == first
    second = make(path, verdict="partial", by="cd", seen=first)
    with pytest.raises(MeanwhileError, match="cd decided partial"):
        remove(path, "43", "M17.matrix_cache", seen=first)
    assert remove(path, "43", "M17.matrix_cache", seen=second)
    with pytest.raises(MeanwhileError, match="was taken back"):
        make(path, seen=second)
    assert load_decisions(path).entries == ()


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from auditor.review.decision_file import decide
path, group = Path(sys.argv[1]), sys.argv[2]
while not path.with_name("go").exists():
    pass
for number in range(20):
    decide(path, group=group, claim=f"M{number}.x", verdict="partial", note=group * number, by="ta",
           at=datetime(2026, 1, 25, tzinfo=UTC), commit=None)
"""


def test_processes_that_write_at_once_lose_nothing(path: Path) -> None:
    groups = ("one", "two", "three")
    environment = os.environ | {"PYTHONPATH": str(Path(decisions.__file__).parent.parent)}
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), group], env=environment) for group in groups]
    path.with_name("go").touch()
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]

    found = load_decisions(path)
    assert {entry.key for entry in found.entries} == {(group, f"M{n}.x") for group in groups for n in range(20)}
    assert len(found.entries) == 60
    assert all(entry.note == entry.group * int(entry.claim[1:-2]) for entry in found.entries)
