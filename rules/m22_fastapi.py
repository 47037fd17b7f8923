"""M22: the inference application."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, half, part
from auditor.practices.api import Api
from auditor.practices.frontend import Frontend


@rule("M22.fastapi", net="inference_api")
def inference_application(api: Api, frontend: Frontend) -> Iterator[Part]:
    """A FastAPI application answers requests with what the model says.

    Accepted: a route of a FastAPI application or router that leads to a call of the model, by itself, by a dependency, in a
    thread, or through own functions and classes: an own model class, `predict`, an onnxruntime session, a pipeline, a hosted
    model; the model may be loaded at start, in a lifespan, by a dependency, or held in a dict or the application's state.
    Half of it: a FastAPI application whose routes run no model; a route that nothing serves; a model that nothing loads;
    another framework (Flask, BentoML, Cloud Functions); a Streamlit or Gradio application that runs the model itself.
    To settle it: show the route, and the line in which the model is called.
    """
    yield part(
        "inference route",
        [
            *api.traces,
            *(half(place, "an interface runs the model, and no FastAPI route does") for place in frontend.running),
        ],
        looked_for="a route of a FastAPI application that leads to a call of the model",
    )
