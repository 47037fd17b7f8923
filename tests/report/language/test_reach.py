"""How far one sentence denies one thing: English as students write it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.report.language.phrases import phrases
from auditor.report.language.reach import Reach, Thing, known_stems, reach


@pytest.mark.parametrize(
    ("sentence", "thing"),
    [
        ("We did not do any profiling.", "profil*"),
        ("we did not feel the need to perform extensive profiling", "profil*"),
        ("Profiling was not done due to time.", "profil*"),
        ("No profiling was performed", "profil*"),
        ("We ran out of time for profiling.", "profil*"),
        ("We never got around to profiling.", "profil*"),
        ("We didnt implement monitoring", "monitoring"),
        ("We did not fully implement monitoring for the model.", "monitoring"),
        ("We would have liked to have implemented monitoring of the API", "monitoring"),
        ("Therefore monitoring has not been implemented.", "monitoring"),
        ("no custom metrics or alerts were set up", "alert*"),
        ("Neither a dashboard nor alerts were set up.", "alert*"),
        ("We exposed counters, but had no time for cloud monitoring or alerts.", "cloud monitoring"),
        ("Unfortunately, we did not succeed in training in the cloud", "train*"),
        ("We used grid search instead of a sweep", "sweep*"),
        ("Due to limited compute we could not run a hyperparameter sweep", "sweep*"),
        ("We did not deploy the model to the cloud", "deploy* .. cloud"),
        ("Hydra was never integrated", "hydra"),
        ("We do not use Hydra, but plain YAML.", "hydra"),
    ],
)
def test_denials(sentence: str, thing: str) -> None:
    assert reach(sentence, Thing(phrases((thing,)))) >= Reach.PARTLY


@pytest.mark.parametrize(
    ("sentence", "thing"),
    [
        ("The profiler did not reveal any bottlenecks.", "profil*"),
        ("We did not only use logging but also profiling", "profil*"),
        ("If we had more time we would profile the code", "profil*"),
        ("We could have used a profiler.", "profil*"),
        ("We did not have any issues with profiling", "profil*"),
        ("We would like to have monitoring implemented", "monitoring"),
        ("In the future we will not skip monitoring", "monitoring"),
        ("A build workflow that does not use caching", "docker"),
        ("We do not have any tests for the code that was refactored for Lightning", "lightning"),
        ("We did not use typing a lot", "typing"),
        ("DVC was not used extensively for iterative updates", "dvc"),
        ("We did not use W&B sweeps or its registry.", "w&b"),
        ("we were unable to remove the script from coverage", "coverage"),
        ("The sweep was not able to improve accuracy", "sweep*"),
        ("We were unable to deploy this part to the cloud", "deploy* .. cloud"),
        ("We did not use Vertex AI but trained on Compute Engine", "compute engine"),
    ],
)
def test_no_denials(sentence: str, thing: str) -> None:
    assert reach(sentence, Thing(phrases((thing,)))) <= Reach.NARROW


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(text: str) -> None:
    for thing in (Thing(re.compile("x")), Thing(re.compile("x"), True, frozenset("x"), (re.compile("y"),), True)):
        assert reach(text, thing) in set(Reach)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("We did not run a sweep.", Reach.WHOLE),
        ("We did not run a single sweep.", Reach.WHOLE),
        ("We did not run a complete sweep.", Reach.PARTLY),
        ("The sweep was not entirely finished.", Reach.PARTLY),
        ("We did not run a sweep with Optuna.", Reach.NARROW),
        ("We did not run a sweep with Optuna or W&B.", Reach.WHOLE),
        ("We did not run a second sweep.", Reach.NARROW),
        ("We did not run a sweep for the baseline.", Reach.NARROW),
        ("We did not run a sweep for the model.", Reach.WHOLE),
        ("We did not publish the sweep.", Reach.NARROW),
        ("We did not run sweeps locally.", Reach.NARROW),
        ("We did not run a sweep, as the others did.", Reach.WHOLE),
        ("A sweep was prepared, but never run.", Reach.WHOLE),
        ("We ran two sweeps instead of one sweep.", Reach.NARROW),
        ("We ran the sweep.", Reach.NOTHING),
    ],
)
def test_how_far_a_denial_reaches(sentence: str, expected: Reach) -> None:
    products = (phrases(("optuna",)), phrases(("w&b", "wandb")))
    assert reach(sentence, Thing(phrases(("sweep*",)), products=products)) is expected


def test_words_of_the_claim_itself_narrow_nothing() -> None:
    said, pattern = "We did not use config files for our experiments.", phrases(("config file*",))
    assert reach("We did not use config files for the frontend.", Thing(pattern)) is Reach.NARROW
    assert reach(said, Thing(pattern, own=known_stems(("files for experiments",)))) is Reach.WHOLE


def test_beside_a_wider_word_any_other_makes_another_matter() -> None:
    pattern = phrases(("monitoring",))
    assert reach("We did not set up cloud monitoring.", Thing(pattern)) is Reach.WHOLE
    assert reach("We did not set up cloud monitoring.", Thing(pattern, wide=True)) is Reach.NARROW
    assert reach("We did not set up any monitoring.", Thing(pattern, wide=True)) is Reach.WHOLE
