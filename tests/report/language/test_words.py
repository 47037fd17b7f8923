"""What a report says about a claim: denials with their lines, and descriptions."""

from __future__ import annotations

import pytest
from support.report_samples import parse_report

from auditor.course.rulebook import Rulebook, load_rulebook
from auditor.report.language.words import Words, read_words

BOOK: Rulebook = load_rulebook()


def read(claim: str, answers: dict[int, str]) -> Words:
    """What a report with these answers says about the claim; every file exists."""
    lines = ["# Report", ""]
    for item in BOOK.catalog.claims:
        wording = item.wording("2026")
        if wording:
            lines.append(f"* [ ] {wording}")
    for number, answer in answers.items():
        lines += ["", f"### Question {number}", "", "> Answer:", "", answer]
    report = parse_report("\n".join(lines), BOOK.catalog, "reports/README.md")
    return read_words(report, BOOK.catalog[claim], BOOK.catalog, BOOK.statements, lambda path: True)


def test_a_denial_is_quoted_with_its_line() -> None:
    words = read("M12.profiling", {16: "We used the debugger.\nWe did not do any profiling."})
    assert [denial.text for denial in words.denials] == ["We did not do any profiling."]
    assert words.outright and words.denials[0].line is not None


def test_the_general_word_denies_in_its_own_answer_only() -> None:
    said = "We did not implement monitoring of it."
    assert read("M28.alerts", {26: said}).denials
    assert not read("M28.alerts", {23: said}).denials


def test_a_description_needs_specifics() -> None:
    assert read(
        "M28.monitoring", {26: "We set up monitoring: Cloud Run's latency and request count on a dashboard."}
    ).documented
    assert not read("M28.monitoring", {26: "Monitoring is important for applications."}).documented
    assert not read("M28.monitoring", {26: "We would set up monitoring with a Cloud Run dashboard."}).documented
    assert not read("M23.deploy", {24: "We tried to deploy it to the cloud with Cloud Run but it failed."}).documented


def test_a_command_in_an_answer_is_a_description() -> None:
    assert read("M10.build", {15: "```bash\ndocker build -f train.dockerfile . -t train\n```"}).documented


def test_every_statement_names_a_claim_and_says_what_it_is_about() -> None:
    assert set(BOOK.statements) <= set(load_catalog_ids())
    assert all(statement.subject for statement in BOOK.statements.values())


def load_catalog_ids() -> list[str]:
    return [claim.id for claim in BOOK.catalog.claims]


def test_optional_claims_can_be_described() -> None:
    silent = [c.id for c in BOOK.catalog.claims if c.optional and not BOOK.statements.get(c.id)]
    assert silent == []


@pytest.mark.parametrize(
    ("claim", "number", "answer"),
    [
        (
            "M12.profiling",
            16,
            "We ran cProfile on one epoch to see where time could be saved, and loading took 80 percent.",
        ),
        (
            "M21.cloud_training",
            22,
            "We trained on a Compute Engine VM of type n1-standard-4, as it might be faster than a laptop.",
        ),
        ("M28.alerts", 26, "We set up an alert that will send an e-mail if the latency exceeds two seconds."),
        (
            "M28.alerts",
            26,
            "We created alerting policies in Cloud Monitoring so we would get notifications on latency.",
        ),
        (
            "M28.monitoring",
            26,
            "We are tracking request count, latencies, CPU and memory utilization provided by Cloud Run.",
        ),
        (
            "M28.monitoring",
            26,
            "We did not implement full monitoring, but we follow the latency and CPU dashboards of Cloud Run.",
        ),
    ],
)
def test_a_modal_or_a_purpose_does_not_spoil_a_description(claim: str, number: int, answer: str) -> None:
    words = read(claim, {number: answer})
    assert words.documented
    assert not words.denials


@pytest.mark.parametrize(
    ("claim", "number", "answer"),
    [
        (
            "M28.monitoring",
            26,
            "We implemented local monitoring of the API: a counter for errors and a histogram for latency.",
        ),
        (
            "M28.alerts",
            26,
            "With more time we would have done cloud monitoring, which would have allowed alerts on latency.",
        ),
        (
            "M28.alerts",
            26,
            "Cloud Logging API: this service enables storage and alerting on log data when error rates rise.",
        ),
        (
            "M28.monitoring",
            26,
            "The problem was that we could not filter those logs in the Cloud Monitoring dashboard.",
        ),
        ("M23.deploy", 24, "We deployed the API locally with uvicorn and asked it with curl at localhost."),
        ("M14.sweep", 14, "We didn't run experiments like hyperparameter sweeps, but we used Hydra and config files."),
    ],
)
def test_no_descriptions(claim: str, number: int, answer: str) -> None:
    assert not read(claim, {number: answer}).documented


def test_what_is_not_done_in_full_is_denied_for_what_it_names_only() -> None:
    said = {26: "We did not fully implement monitoring due to time."}
    assert read("M28.monitoring", said).denials
    assert not read("M28.alerts", said).denials
    assert not read("M28.metrics", said).denials


def test_not_tested_denies_tests_only() -> None:
    said = {8: "The coverage is 60%. The frontend was not tested."}
    assert not read("M26.frontend", said).denials
    assert read("M24.api_tests", {25: "We did not test our API."}).denials


@pytest.mark.parametrize("answer", ["We have never used any GCP service.", "We have not used GCP at all."])
def test_a_general_denial_of_the_cloud(answer: str) -> None:
    assert read("M23.deploy", {17: answer}).denials
    assert read("M21.bucket", {17: answer}).denials


EVERY_PUSH = (
    "Every push to main starts a Cloud Build trigger, which builds the image from backend.dockerfile and pushes it."
)


@pytest.mark.parametrize(
    "said",
    [
        EVERY_PUSH,
        "On every push to main, Cloud Build builds the backend image and pushes it to the registry.",
        "Our trigger in Cloud Build listens to the main branch and builds the image.",
        "All pushes to main start the Cloud Build trigger of the backend image.",
    ],
)
def test_what_the_system_does_now_is_a_description(said: str) -> None:
    assert read("M21.image_trigger", {21: said}).documented
    assert read("M21.image_trigger", {15: said}).documented


@pytest.mark.parametrize(
    "said",
    [
        EVERY_PUSH.replace("starts", "would start"),
        EVERY_PUSH.replace("starts", "could start"),
        EVERY_PUSH.replace("starts", "will start"),
        f"In the future, {EVERY_PUSH[0].lower()}{EVERY_PUSH[1:]}",
        f"If we had more time: {EVERY_PUSH[0].lower()}{EVERY_PUSH[1:]}",
        "Cloud Build is a service that builds images: a trigger starts the build on every push to a branch.",
        "A trigger of Cloud Build listens to a repository and builds an image on every push.",
        "The service listens to a repository, and a Cloud Build trigger usually builds the image on every push to main.",
        "With a Cloud Build trigger you let every push to main build the image.",
        "No push to main starts a Cloud Build trigger.",
    ],
)
def test_a_plan_or_an_explanation_is_none(said: str) -> None:
    assert not read("M21.image_trigger", {21: said}).documented


LOCALLY = "For the deployment we wrapped the model into an endpoint with FastAPI. It listens on localhost at port 8000."


def test_what_an_answer_tells_of_the_own_machine_alone_describes_nothing_in_the_cloud() -> None:
    assert not read("M23.deploy", {24: LOCALLY}).documented
    assert not read("M23.deploy", {24: f"{LOCALLY} We never tried Cloud Run."}).documented
    assert read("M23.deploy", {24: f"{LOCALLY} Then we deployed it to Cloud Run."}).documented
    assert read(
        "M28.alerts", {26: "We set up alerts for the machine learning service: a mail at more than 90 calls."}
    ).documented


def test_a_yes_by_the_name_of_a_product_is_a_description() -> None:
    assert read("M21.cloud_training", {22: "We managed with the engine."}).documented
    assert read("M21.cloud_training", {22: "Yes, we succeeded with Vertex AI."}).documented
    assert not read("M21.cloud_training", {22: "We managed with our own cluster."}).documented
    assert not read("M21.cloud_training", {22: "We did not manage with the engine."}).documented
    assert not read("M21.cloud_training", {24: "We managed with the engine."}).documented


def test_an_exception_that_is_the_thing_takes_a_part_back_only() -> None:
    words = read("M11.config", {12: "We did not use config files, apart from when we ran the sweep."})
    assert words.denials and words.in_part and words.excepts
    words = read("M11.config", {12: "We did not use config files, apart from the template's."})
    assert words.denials and not words.in_part
