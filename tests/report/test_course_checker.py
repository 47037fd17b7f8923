"""What the course's own checker reads in a report, as we count it."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.report.course_checker import Reading, counted, readings

WHOLE = """# Report

### Question 1

> Answer:

one two three

## Chapter

### Question 2

> Answer:

four ![a](b.png) five
"""


def test_each_marker_is_an_answer_up_to_the_next_heading() -> None:
    assert readings(WHOLE) == (
        Reading(line=5, end=9, words=3, pictures=0, headed=True),
        Reading(line=13, end=16, words=3, pictures=1, headed=False),
    )
    assert counted(readings(WHOLE)) == 2


@pytest.mark.parametrize(
    ("answer", "words", "pictures"),
    [
        ("", 0, 0),
        ("a b\n\n## c\n\nd", 2, 0),  # any heading ends it
        ("a b\n\n#### c\n\nd", 2, 0),
        ("a ## b", 1, 0),  # wherever it stands
        ("# a b", 3, 0),  # a first-level heading does not
        ("--- question 4 fill here ---", 6, 0),  # what the template left is counted
        ("`a` ![x](y)![z](w)", 2, 2),
        ("![x\ny](z)", 2, 0),  # a picture over two lines is none
        ("[x](y.png) <img src='z.png'>", 3, 0),
    ],
)
def test_what_it_counts(answer: str, words: int, pictures: int) -> None:
    found = readings(f"Answer: {answer}\n### Next\n")
    assert [(one.words, one.pictures) for one in found] == [(words, pictures)]


def test_an_answer_without_a_heading_after_it_is_passed_over_save_the_last() -> None:
    found = readings("Answer: a\nAnswer: b\n### x\nAnswer: c\n")
    assert [one.headed for one in found] == [False, True, False]
    assert counted(found) == 2
    assert counted(readings("no marker")) == 0


def test_the_last_answer_counts_twice_where_a_heading_follows_it() -> None:
    assert counted(readings("Answer: a\n### x\n")) == 2


PIECES = st.sampled_from(["Answer:", "###", "##", "#", "\n", " ", "word", "![a](b)", "é", "> "])


@given(st.lists(PIECES, max_size=60).map("".join))
@settings(deadline=None)
def test_readings_agree_with_a_plain_account_of_the_text(text: str) -> None:
    """Counted otherwise: by the offsets of the markers and of the headings, found with patterns."""
    found = readings(text)
    markers = [match.end() for match in re.finditer("Answer:", text)]
    assert len(found) == len(markers)
    ends = [*(begin - len("Answer:") for begin in markers[1:]), len(text)]
    for reading, begin, end in zip(found, markers, ends[: len(markers)], strict=True):
        three = text.find("###", begin, end)
        assert reading.headed is (three >= 0)
        stop = min(at for at in (text.find("##", begin, end), end) if at >= 0) if three >= 0 else end
        assert reading.words == len(re.findall(r"\S+", text[begin:stop]))
        assert reading.line == text.count("\n", 0, begin) + 1
        assert reading.line <= reading.end <= text.count("\n") + 1
    assert counted(found) == sum(reading.headed for reading in found) + bool(found)


@pytest.mark.parametrize("text", ["![x](" * 4_000, "![" * 40_000, "Answer: ![" * 20_000, "![x](y" * 10_000])
def test_no_line_takes_long(text: str) -> None:
    start = time.process_time()
    readings(f"Answer: {text}\n### x\n")
    assert time.process_time() - start < 2
