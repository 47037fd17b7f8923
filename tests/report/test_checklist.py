"""Checklist items and everything that groups do to them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.report_samples import catalog, checklist, items, question, read


@pytest.mark.parametrize("edition", ["2023", "2024", "2025", "2026"])
def test_every_item_of_every_edition_is_itself(edition: str) -> None:
    ticked = {claim.id for number, claim in enumerate(catalog()) if number % 2}
    report = read(checklist(edition, ticked))
    for claim in catalog():
        if claim.wording(edition) is None:
            assert report.ticked(claim.id) is None
        elif claim.id not in ("M14.wandb", "M14.sweep"):
            assert report.ticked(claim.id) is (claim.id in ticked), claim.id
    assert not report.unrecognised


def test_a_combined_item_ticks_both_claims() -> None:
    report = read(checklist("2024", {"M14.wandb"}))
    assert report.ticked("M14.wandb") is report.ticked("M14.sweep") is True
    assert report.item("M14.wandb") is report.item("M14.sweep")


@pytest.mark.parametrize(
    ("box", "ticked"),
    [
        ("[x]", True), ("[X]", True), ("[ x]", True), ("[x ]", True), ("[✅]", True), ("[✓]", True), ("[✔️]", True),
        ("[v]", True), ("[done]", True), ("✅", True), (":white_check_mark:", True), ("[100%]", True), ("[(X)]", True),
        ("[ ]", False), ("[]", False), ("[-]", False), ("❌", False), ("[❌]", False), (":x:", False),
        ("[/]", False), ("[~]", False), ("[50%]", False), ("[%]", False), ("[x/2]", False), ("[Ada]", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("bullet", ["*", "-", "+", "  -", "3."])
def test_marks_and_bullets(box: str, ticked: bool, bullet: str) -> None:
    report = read(f"### Week 2\n\n{bullet} {box} Load test your application (M24)\n")
    assert report.ticked("M24.load_test") is ticked


@pytest.mark.parametrize("mark", ["/", "~", "50%", "(X)"])
def test_a_half_mark_is_a_reservation(mark: str) -> None:
    item = read(f"* [{mark}] Load test your application (M24)\n").item("M24.load_test")
    assert item is not None
    assert item.reservation
    assert item.note == f"marked [{mark}]"


@pytest.mark.parametrize(
    ("line", "note", "reservation"),
    [
        ("* [x] Load test your application (M24)", None, False),
        ("* [x] Load test your application", None, False),
        ("* [x] **Load test your application (M23)**", None, False),
        ("* [x] Load test you application (M24)", None, False),
        ("* [x] Load test your application (M24) (Ada)", "Ada", False),
        ("* [x] Load test your application (M24) - not applicable", "not applicable", True),
        ("* [ ] [started but not finished] Load test your application (M24)", "started but not finished", True),
        ("* [x] Load test your application (M24) (note: only with two users)", "note: only with two users", True),
        ("* [x] Load test (locally) your application (M24)", "locally", False),
        ("* [x] Load test your application (M24)\n    * we did not get to run it in the cloud", None, True),
        ("* [x] Load test your application (M24)\n    it was partially done", None, True),
        ("* [x] ~~Load test your application (M24)~~", "struck out", True),
        ("* ~~[x] Load test your application (M24)~~", "struck out", True),
    ],
)
def test_notes(line: str, note: str | None, reservation: bool) -> None:
    item = read(line + "\n").item("M24.load_test")
    assert item is not None
    assert item.reservation is reservation
    if note or not reservation:
        assert item.note == note


def test_an_item_over_two_lines_keeps_no_note() -> None:
    wording = catalog()["M2M6.requirements"].wording("2026") or ""
    first, second = wording[:70].rpartition(" ")[0], wording[len(wording[:70].rpartition(" ")[0]) + 1 :]
    item = read(f"* [x] {first}\n    {second} (M2+M6)\n").item("M2M6.requirements")
    assert item is not None
    assert (item.ticked, item.note, item.line) == (True, None, 1)


def test_reworded_items() -> None:
    lines = {
        "M16.data_tests": "Unit tests for data code",
        "M16.model_tests": "Unit tests for the model",
        "M17.ci": "CI on GitHub",
        "M17.lint": "Linting step in CI",
        "M17.matrix_cache": "Caching and multi-os testing in CI",
        "M19.data_trigger": "Workflow triggers on data changes",
        "M19.registry_trigger": "Workflow triggers on model registry changes",
        "M27.drift": "Data drift robustness",
        "M27.drift_api": "Drift detection API deployed",
        "M28.metrics": "System metrics in the API",
        "M28.monitoring": "Cloud monitoring",
        "M28.alerts": "Alerts in GCP",
        "M32.docs": "Documentation for the application",
        "M32.pages": "Publish docs on GitHub Pages",
    }
    text = "### Checklist\n\n" + "".join(f"- [{'x' if n % 3 else ' '}] {t}\n" for n, t in enumerate(lines.values()))
    report = read(text)
    assert {claim: report.ticked(claim) for claim in lines} == {c: bool(n % 3) for n, c in enumerate(lines)}
    assert not report.unrecognised


def test_a_deleted_item_is_not_taken_by_its_neighbour() -> None:
    for claim, neighbour in pairwise(c for c in catalog() if c.wording("2026")):
        text = checklist("2026", True, {claim.id: ""})
        report = read(text)
        assert report.ticked(claim.id) is None, claim.id
        assert report.ticked(neighbour.id) is True


def test_doubled_items_count_as_ticked_where_one_is() -> None:
    report = read(checklist() + "* [x] Load test your application (M24)\n")
    assert report.ticked("M24.load_test") is True
    assert any("stands twice" in problem.message for problem in report.problems)


def test_unknown_items_are_kept() -> None:
    report = read(checklist() + "* [x] Bake a cake for the teaching assistants\n")
    assert [(item.text, item.ticked) for item in report.unrecognised] == [
        ("Bake a cake for the teaching assistants", True)
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- * [x] Load test your application (M24) -->",
        "<!--\n* [x] Load test your application (M24)\n-->",
        "```\n* [x] Load test your application (M24)\n```",
        "`* [x] Load test your application (M24)`",
    ],
)
def test_hidden_and_quoted_items_are_none(hidden: str) -> None:
    assert read(f"# List\n\n{hidden}\n\n* [x] Calculate the code coverage\n").ticked("M24.load_test") is None


def test_a_legend_is_no_item() -> None:
    legend = "[x] = done, [ ] = not done\n\n* [x] done\n* [ ] not done\n* [~]: partially finished\n\n"
    report = read(checklist().replace("### Week 1\n", "### Week 1\n\n" + legend))
    assert len(report.items) == len(items("2026"))
    assert not report.unrecognised


def test_a_to_do_list_in_an_answer_is_no_checklist() -> None:
    answer = "We kept a list:\n\n- [x] Deploy the model\n- [ ] Fix the tests of the model\n- [x] Load test\n"
    report = read(checklist() + question(30, answer))
    assert not any(item.ticked for item in report.items)
    assert not report.unrecognised


def test_an_item_moved_into_an_answer_counts() -> None:
    text = checklist(changes={"M24.load_test": ""}) + question(30, "* [x] Load test your application (M24)")
    assert read(text).ticked("M24.load_test") is True


def test_tables() -> None:
    report = read(
        "| done | item |\n|---|---|\n| [x] | Create a git repository |\n| ✅ | Calculate the code coverage |\n"
        "| [ ] | Load test your application |\n|  | Create a frontend for your API |\n"
    )
    claims = ("M5.git", "M16.coverage", "M24.load_test", "M26.frontend")
    assert [report.ticked(claim) for claim in claims] == [True, True, False, False]


def test_windows_line_ends_mojibake_and_front_matter() -> None:
    text = "---\nlayout: default\n---\n\n" + checklist("2024", True)
    text = text.replace("Revisit", "Revisitâ€™").replace("\n", "\r\n")
    report = read(text)
    assert len(report.items) == len(items("2024"))
    assert report.items[0].line == 9


@pytest.mark.parametrize("edition", ["2025", "2026"])
def test_edition_by_items(edition: str) -> None:
    assert read(checklist(edition)).edition == edition


def test_edition_unclear() -> None:
    assert read(checklist("2023")).edition is None  # 2023 and 2024 have the same items
    assert read("* [x] Create a git repository\n").edition is None


@settings(deadline=None, max_examples=60)
@given(st.permutations(range(len(items("2026")))), st.sets(st.integers(0, len(items("2026")) - 1)))
def test_order_never_matters(order: list[int], ticked: set[int]) -> None:
    wordings = items("2026")
    lines = "".join(f"- [{'x' if n in ticked else ' '}] {wordings[n]}\n" for n in order)
    report = read(lines)
    by_text = {claim.wording("2026"): claim.id for claim in catalog()}
    assert {text: report.ticked(claim) for text, claim in by_text.items() if text} == {
        text: n in ticked for n, text in enumerate(wordings)
    }


NBSP, ZERO_WIDTH, BOM = "\u00a0", "\u200b", "\ufeff"


@pytest.mark.parametrize(
    ("line", "ticked"),
    [
        ("- ☒ Load test your application (M24)", True),
        ("- ☐ Load test your application (M24)", False),
        ("- [Y] Load test your application (M24)", True),
        ("- [N] Load test your application (M24)", False),
        ("- ✅ Load test your application (M24)", True),
        ("❌ Load test your application (M24)", False),
        (f"-{NBSP}[x]{NBSP}Load{NBSP}test your application (M24)", True),
        (f"- [{NBSP}] Load test your application (M24)", False),
        (f"- [{ZERO_WIDTH}x{ZERO_WIDTH}] Lo{ZERO_WIDTH}ad test your application (M24)", True),
        (f"{BOM}- [x] Load test your application (M24)", True),
        (f"{ZERO_WIDTH}- [x] Load test your application (M24)", True),
        ('- <input type="checkbox" checked> Load test your application (M24)', True),
        ("- <input disabled type=checkbox checked=''/> Load test your application (M24)", True),
        ('- <input type="checkbox" disabled> Load test your application (M24)', False),
        ('<input type="checkbox" checked="checked"> Load test your application (M24)<br>', True),
        ('<ul class="t">\n<li><input type="checkbox" checked><label>Load test your application (M24)</label></li>\n</ul>', True),
        ("> - [x] Load test your application (M24)", True),
    ],
)  # fmt: skip
def test_boxes_of_other_forms(line: str, ticked: bool) -> None:
    report = read(f"### Week 2\n\n{line}\n")
    item = report.item("M24.load_test")
    assert item is not None
    assert item.ticked is ticked
    assert item.note is None


@pytest.mark.parametrize("fence", ["```", "~~~markdown", "    "])
def test_a_checklist_in_a_code_block(fence: str) -> None:
    lines = checklist("2026", True).split("\n")
    within = [*("    " + line for line in lines)] if fence == "    " else [fence, *lines, fence[:3]]
    report = read("# Ours\n\n" + "\n".join(within) + "\n")
    assert len(report.items) == 53
    item = report.items[7]
    assert item.text.partition(" (M")[0] in within[item.line - 3]


def test_a_crossed_box_beside_another_tick_is_no_tick() -> None:
    both = "- ☑ Load test your application (M24)\n- ☒ Create a frontend for your API (M26)\n"
    report = read(both)
    assert (report.ticked("M24.load_test"), report.ticked("M26.frontend")) == (True, False)
    assert [problem.line for problem in report.problems if "read as not ticked" in problem.message] == [2]
    empty = both.replace("☑", "☐")
    assert (read(empty).ticked("M24.load_test"), read(empty).ticked("M26.frontend")) == (False, True)
