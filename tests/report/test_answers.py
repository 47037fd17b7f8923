"""Answers: the group's own words and nothing else."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.report_samples import catalog, checklist, only, parse_report, question, read

from auditor.course.catalog import Catalog
from auditor.report.template import fingerprints

TEMPLATE = """
## Group information

### Question 1
> **Which number has your group?**
>
> Answer:

--- question 1 fill here ---

### Question 2
> **Which study numbers have the members?**
>
> Example:
>
> *sXXXXXX, sXXXXXX*
>
> Answer:

--- question 2 fill here ---

## The cloud

> This chapter is about the cloud and what you
> did there.

### Question 22
> **Was the model trained by you in the cloud, with the
> engine or with Vertex?**
>
> Recommended answer length: 100-200 words.
>
> Example:
> *We trained in the cloud with ... and it*
> *was because ...*
> Answer:

--- question 22 fill here ---

## Deployment

### Question 24
> **Tell whether you deployed and how one calls the service.** See [this](figures/overview.png).
>
> Answer:

wodnfa wenfo
 wa
"""


def course() -> Catalog:
    """The catalogue with an invented template in the place of the course's."""
    return Catalog(catalog().claims, catalog().questions, dict.fromkeys(fingerprints(TEMPLATE.split("\n")), ("2026",)))


def own(text: str) -> dict[int | None, list[str]]:
    report = parse_report(checklist() + text, course())
    return {answer.number: [line.text for line in answer.own + answer.code] for answer in report.answers}


@pytest.mark.parametrize(
    "edited",
    [
        TEMPLATE,
        TEMPLATE.replace("\n", "\r\n"),
        TEMPLATE.replace("\n> ", "\n").replace("\n>\n", "\n\n"),
        TEMPLATE.replace("> ", ">"),
        TEMPLATE.replace("**", "").replace("*", "_"),
        TEMPLATE.replace("### ", "#### "),
        TEMPLATE.replace("---", "----"),
        TEMPLATE.replace("100-200", "50-100"),
        TEMPLATE.replace("> engine or", "engine or"),
        TEMPLATE.upper(),
    ],
)
def test_the_template_has_no_own_words(edited: str) -> None:
    assert not any(own(edited).values())
    report = parse_report(edited, course())
    assert not any(answer.figures or answer.links or answer.sentences for answer in report.answers)
    assert (report.group, report.members) == (None, None)


def test_the_template_around_answers() -> None:
    text = TEMPLATE
    for number in (1, 2, 22):
        text = text.replace(f"--- question {number} fill here ---", f"Ours {number}.")
    answers = own(text.replace("wodnfa wenfo\n wa\n", "Ours 24.\n"))
    assert answers == {n: [f"Ours {n}."] for n in (1, 2, 22, 24)}


def test_an_edited_question_is_still_the_templates() -> None:
    text = TEMPLATE.replace("Was the model trained", "Did the model get trained").replace("Vertex?", "Vertex or so?")
    assert own(text)[22] == []


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("> Answer: 43", ["43"]),
        ("> Answer:\n> We used Run.", [" We used Run."]),
        ("> Answer:\nWe used Run.", ["We used Run."]),
        (">Answer:35", ["35"]),
        ("> **Answer:** We did.", ["We did."]),
        ("> Answer:\n\n--- We did. ---", ["We did."]),
        ("> Answer:\n\nWe did.\n\n--- question 24 fill here ---", ["We did."]),
        ("> Answer:\n\n```--- question 24 fill here ---```", []),
        ("> Answer:\n\n~~We did not.~~ We did.", [" We did."]),
        ("> Answer:\n\n~~We did\nnot.~~\nWe did.", ["We did."]),
        ("> Answer:\n\n<!-- We did not. -->\nWe did.", ["We did."]),
        ("> Answer:\n\n<!--\nWe did not.\n-->\nWe did.", ["We did."]),
        ("> Answer:\n\n---\n\nWe did.\n\n***", ["We did."]),
        ("> Answer:\n\nTwo\n---\nWe did.", ["Two", "We did."]),
        ("We did.", ["We did."]),
    ],
)
def test_where_own_words_stand(written: str, read_as: list[str]) -> None:
    text = f"\n### Question 24\n> **Tell whether you deployed and how one calls the service.**\n>\n{written}\n"
    assert own(text)[24] == read_as


def test_an_own_denial_in_the_words_of_the_example_counts() -> None:
    # the course's example for monitoring is a denial; groups that did not monitor write it as their answer
    assert [s.text for s in only("We did not manage to implement monitoring.", 26).answers[0].sentences] == [
        "We did not manage to implement monitoring."
    ]


def test_lines_sentences_figures_and_links() -> None:
    text = (
        "We train in Vertex, e.g. with one GPU, see\nthe [job](https://example.org/job). It took 3.5 h.\n\n"
        "- First `make train`\n- then wait\n\n![curve](figures/loss.png)\n<img src='figures/b.png' width=200>\n"
        "[bucket](figures/bucket.png) https://shop-api.run.app/docs.\n\n```bash\ngcloud run deploy\n```\nDone!"
    )
    report = only(text, 22)
    answer = report.answer("cloud_training")
    assert answer is not None
    start = answer.own[0].line
    assert [(s.line - start, s.text) for s in answer.sentences] == [
        (0, "We train in Vertex, e.g. with one GPU, see the job."),
        (1, "It took 3.5 h."),
        (3, "First make train"),
        (4, "then wait"),
        (8, "bucket https://shop-api.run.app/docs."),
        (13, "Done!"),
    ]
    assert [(f.target, f.line - start) for f in answer.figures] == [("figures/loss.png", 6), ("figures/b.png", 7)]
    assert [link.target for link in answer.links] == [
        "https://example.org/job",
        "figures/bucket.png",
        "https://shop-api.run.app/docs",
    ]
    assert [picture.target for picture in answer.pictures][-1] == "figures/bucket.png"
    assert [line.text for line in answer.code] == ["gcloud run deploy"]


def test_a_fence_left_open_ends_with_its_answer() -> None:
    report = read(checklist() + question(12, "```bash\npython train.py", "How?") + question(24, "We did.", "How?"))
    deployment = report.answer("deployment")
    assert deployment is not None
    assert deployment.text == "We did."


def test_a_comment_left_open_hides_no_more_than_its_paragraph() -> None:
    report = read("<!-- note\n\n" + checklist("2026", True) + question(24, "We did."))
    assert report.ticked("M5.git") is True
    assert any("comment" in problem.message for problem in report.problems)


def test_topics_by_text_go_before_numbers() -> None:
    asked = "Did you manage to deploy, locally or in the cloud? How do we invoke the deployed service?"
    report = read(checklist("2026") + question(7, "We did.", asked))
    assert [(answer.number, answer.topic) for answer in report.answers] == [(7, "deployment")]


@pytest.mark.parametrize(("edition", "number"), [("2023", 22), ("2024", 22), ("2025", 24), ("2026", 24)])
def test_topics_by_number_and_edition(edition: str, number: int) -> None:
    assert read(checklist(edition) + question(number, "We did.")).answers[0].topic == "deployment"


def test_a_question_without_its_heading() -> None:
    text = question(
        24, "One.", "Did you manage to deploy, locally or in the cloud? How to invoke the deployed service?"
    )
    text += question(
        26, "Two.", "Did you implement monitoring of the deployed model? How does it help longevity?"
    ).replace("### Question 26\n", "")
    report = read(checklist() + text)
    assert [(a.topic, a.text) for a in report.answers] == [("deployment", "One."), ("monitoring", "Two.")]


@pytest.mark.parametrize(
    ("written", "group"),
    [
        ("43", "43"),
        ("- 18", "18"),
        ("Group 35", "35"),
        ("G35", "35"),
        ("--- 69 ---", "69"),
        ("**Group: 07**", "7"),
        ("We are group: MLOps 4.", "4"),
        ("--- question 1 fill here ---", None),
        ("the best", None),
    ],
)
def test_group_numbers(written: str, group: str | None) -> None:
    assert only(written, 1).group == group


@pytest.mark.parametrize(
    ("written", "members"),
    [
        ("s990001, s990002", 2),
        ("- s990001\n- s990002\n- s990003", 3),
        ("990003, s990001, S990002, s990001", 3),
        ("Ada (s990001) and Bo (s990002)", 2),
        ("Ada Example, Bo Sample and Cy", 3),
        ("s990001@student.example.org", 1),
        ("sXXXXXX, sXXXXXX", None),
        ("--- question 2 fill here ---", None),
    ],
)
def test_members(written: str, members: int | None) -> None:
    assert only(written, 2).members == members


def test_placeholders_beside_answers_are_told() -> None:
    report = only("We did.\n\n--- question 24 fill here ---")
    answer = report.answers[0]
    assert answer.placeholder
    assert answer.filled
    assert any(p.line == answer.placeholder_line and "placeholder" in p.message for p in report.problems)


# Five small reports with the traits of real ones.


def test_a_draft_first_item_ticked_and_the_rest_blank() -> None:
    text = checklist("2026", {"M5.git"}) + question(1, "4") + question(2, "s990001, s990002, s990003, s990004")
    text += question(20, "![alt text](image-1.png)\n[alt text](image.png)")
    text += question(21, "--- question 21 fill here ---")
    report = read(text)
    assert [item.claim_ids for item in report.items if item.ticked] == [("M5.git",)]
    assert (report.edition, report.group, report.members) == ("2026", "4", 4)
    registry, builds = report.answer("registry"), report.answer("cloud_build")
    assert registry is not None
    assert builds is not None
    assert len(registry.pictures) == 2
    assert not builds.filled


def test_answers_in_quotes_with_placeholders_left() -> None:
    text = checklist("2025", {"M23.deploy"})
    text += "\n### Question 1\n\n> **Enter the group number**\n>\n> Answer: 43\n\n--- question 1 fill here ---\n"
    text += "\n### Question 2\n\n> **Enter the study number of each member**\n>\n> Answer: 990003, s990001\n\n"
    text += "--- question 2 fill here ---\n"
    text += question(24, "We only deployed it **locally**.\n\n--- question 24 fill here ---")
    report = read(text)
    assert (report.group, report.members) == ("43", 2)
    answer = report.answer("deployment")
    assert answer is not None
    assert [s.text for s in answer.sentences] == ["We only deployed it locally."]
    assert report.ticked("M23.deploy") is True
    assert len([p for p in report.problems if "placeholder" in p.message]) == 3


def test_notes_in_before_and_after_items() -> None:
    wording = {c.id: c.wording("2026") for c in catalog()}
    changes = {
        "M9.cli": f"* [x] {wording['M9.cli']} (M9) (remark: commands exist, but are not consistently set up)",
        "M27.drift_api": f"* [ ] [started but not finished] {wording['M27.drift_api']} (M27)",
        "X.diagram": f"* [ ] [only as text] {wording['X.diagram']}",
    }
    report = read(checklist("2026", {"M28.alerts"}, changes) + question(26, "Monitoring was not implemented."))
    notes = {claim: item.note for claim in changes if (item := report.item(claim)) and item.reservation}
    assert notes == {
        "M9.cli": "remark: commands exist, but are not consistently set up",
        "M27.drift_api": "started but not finished",
        "X.diagram": "only as text",
    }
    assert report.ticked("M28.alerts") is True
    monitoring = report.answer("monitoring")
    assert monitoring is not None
    assert monitoring.text == "Monitoring was not implemented."


def test_an_old_edition_without_tags() -> None:
    text = checklist("2023", {"M5.git", "M14.wandb"})
    for module in catalog().modules:
        text = text.replace(f" ({module})", "")
    text += question(23, "We did not monitor.", "Did you implement monitoring of your deployed model? Longevity?")
    text += "\n## Overall discussion\n\n> A chapter's introduction, reworded.\n"
    text += question(25, "![ours](figures/ours.png)", "Include a figure that describes the overall architecture of it")
    report = read(text)
    assert report.ticked("M14.sweep") is True
    assert report.ticked("M9.cli") is None
    assert [answer.topic for answer in report.answers] == ["monitoring", "architecture"]


def test_a_blank_report_with_answers_in_changed_places() -> None:
    text = checklist("2025", {"M5.git"})
    text += "\n### Question 1\n> **Enter the group number that you signed up with**\n>\nAnswer:35\n"
    text += "\n### Question 2\n> **Enter the study number of each member**\n>\n> *s990001, sXXXXXX*\n>\n> Answer:\n\n"
    text += "--- question 2 fill here ---\n"
    text += "\n### Question 15\n> **How was docker used?**\n> Answer:\nOne image for training.\n\nOne for the API.\n"
    report = read(text)
    assert (report.group, report.members) == ("35", None)
    docker = report.answer("docker")
    assert docker is not None
    assert [line.text for line in docker.own] == ["One image for training.", "One for the API."]


@settings(deadline=None, max_examples=150)
@given(
    st.text(
        alphabet=st.sampled_from(list("ab [x]()>*-_~`#|<!\n\n\n&;:.\\1M\t")) | st.characters(exclude_categories=()),
        max_size=400,
    )
)
def test_arbitrary_markdown_never_raises(noise: str) -> None:
    text = f"* [x] Load test your application\n{noise}\n### Question 3\n> Answer:\n{noise}\n"
    report = read(text)
    count = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    for answer in report.answers:
        assert all(1 <= line <= count for line, _ in (*answer.own, *answer.code, *answer.sentences))


@settings(deadline=None, max_examples=40)
@given(st.randoms(use_true_random=False))
def test_own_words_survive_any_mix_with_the_template(chance: random.Random) -> None:
    lines = TEMPLATE.split("\n")
    ours = [f"Ours is sentence {number}." for number in range(4)]
    answers = [i for i, line in enumerate(lines) if line.startswith("---")]
    for sentence in ours:
        at = chance.choice(answers)
        lines[at] = f"{sentence}\n{lines[at]}" if chance.random() < 0.5 else f"{lines[at]}\n{sentence}"
    found = [text.strip() for texts in own("\n".join(lines)).values() for text in texts]
    assert sorted(found) == sorted(ours)


@pytest.mark.parametrize(
    "hostile",
    [
        ">" * 10_000 + "a",
        "[" * 1_000_000,
        "* [x] unit tests data\n" * 40_000,
        "<!-- a\n\n" * 30_000,
        (" " * 9_999 + "answer\n") * 40,
        "\n".join("  " * depth + "- [x] a" for depth in range(1_000)),
        ("[" * 99 + "\n\n") * 4_000,
        "### Question 1\n> a\n> Answer:\nb\n" * 5_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_reports_are_read_in_time(hostile: str) -> None:
    begin = time.perf_counter()
    only(hostile)
    assert time.perf_counter() - begin < 10  # a second at most; a slow machine is not the matter


EXAMPLE = "> Example:\n> *We trained in the cloud with ... and it*\n> *was because ...*\n"
ASKED = "\n### Question 22\n> **Was the model trained by you in the cloud, with the\n> engine or with Vertex?**\n>\n"


@pytest.mark.parametrize(
    ("below", "read_as"),
    [
        ("> Answer:\n\n> We trained on one machine.\n> It took an hour.", [" We trained on one machine.", " It took an hour."]),
        ("> Answer:\n> > We trained on one machine.", [" We trained on one machine."]),
        ("> Answer:\n\n> ```bash\n> make train\n> ```", [" make train"]),
        ("> Answer:\n\nDid\u200b not\u00a0train\ufeff.", ["Did not\u00a0train."]),
        ("> Answer:\n\n--- question 22 fill here ---", []),
    ],
)  # fmt: skip
def test_quoted_answers_and_invisible_characters(below: str, read_as: list[str]) -> None:
    assert own(ASKED + EXAMPLE + below + "\n")[22] == read_as


@pytest.mark.parametrize(
    ("example", "below", "read_as"),
    [
        ("> Example:\n> *We trained on Vertex AI with one T4.*\n>\n", "> Answer:\n", [" *We trained on Vertex AI with one T4.*"]),
        ("> Example: We trained on Vertex AI.\n>\n", "> Answer:\n\n--- question 22 fill here ---\n", ["We trained on Vertex AI."]),
        ("> Example:\n> We trained on Vertex AI.\n>\n", "> Answer:\n\nNo, locally.\n", ["No, locally."]),
        (EXAMPLE, "> Answer:\n", []),
        ("> Example:\n> *We trained in the cloud with Vertex and it\n> was because ...*\n", "> Answer:\n", [" *We trained in the cloud with Vertex and it"]),
    ],
)  # fmt: skip
def test_answers_in_the_place_of_the_example(example: str, below: str, read_as: list[str]) -> None:
    assert own(ASKED + example + below)[22] == read_as


def test_what_was_wrapped_anew_is_not_taken_for_an_answer() -> None:
    wrapped = ASKED.replace("with the\n> engine", "with\n> the engine") + EXAMPLE.replace(
        " and it*\n> *was", "*\n> *and it was"
    )
    assert own(wrapped + "> Answer:\n")[22] == []


REPEATED = "We did not manage to implement monitoring of the model."


@pytest.mark.parametrize(
    ("below", "read_as"),
    [
        (REPEATED, [REPEATED]),
        (f"*{REPEATED}*", [f"*{REPEATED}*"]),
        (f"> {REPEATED}", [f" {REPEATED}"]),
        ("We would like to have ... and ...", []),
        (f"--- question 26 fill here ---\n\n> {REPEATED}\n>\n> Answer:\n\n--- question 27 fill here ---", []),
        (f"## The cloud\n\n{REPEATED}", []),
    ],
)
def test_words_below_answer_are_the_groups_even_where_they_repeat_the_example(below: str, read_as: list[str]) -> None:
    example = f"> Example:\n> *{REPEATED}*\n> *We would like to have ... and ...*\n"
    template = f"{TEMPLATE}\n### Question 26\n> **Did you implement monitoring of it?**\n>\n{example}> Answer:\n"
    lines = fingerprints([*template.split("\n"), "## The cloud"])
    course = Catalog(catalog().claims, catalog().questions, dict.fromkeys(lines, ("2026",)))
    report = parse_report(checklist() + template + f"\n{below}\n", course)
    said = next(answer for answer in report.answers if answer.number == 26)
    assert [line.text for line in said.own] == read_as
