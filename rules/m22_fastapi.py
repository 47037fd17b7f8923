"""M22: the inference application."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.api import Api


@rule("M22.fastapi", net="inference_api")
def inference_application(api: Api) -> Iterator[Part]:
    """A FastAPI application answers requests with what the model says.

    Accepted: a route of a FastAPI application or router that leads to a call of the model, by itself or through own
    functions and classes: an own model class, `predict`, an onnxruntime session, a pipeline, a hosted model; the model may
    be loaded at start, in a lifespan, by a dependency, or held in a dict or the application's state.
    Half of it: a FastAPI application whose routes run no model; a route that nothing serves; another framework (Flask,
    BentoML, Cloud Functions).
    To settle it: show the route, and the line in which the model is called.
    """
    strong = [e for e in api.inferring if e.framework == "FastAPI"]
    others = [e.evidence for e in api.endpoints if e.framework != "FastAPI" and e.live]
    idle = [e.evidence for e in api.endpoints if e.framework == "FastAPI"]
    made = [app.evidence for app in api.applications]
    yield part(
        "inference route",
        strong=[place for e in strong for place in (e.evidence, e.inference[0].evidence)],
        weak=[*idle, *others, *made, *api.stubs, *api.unread],
        looked_for="a route of a FastAPI application that leads to a call of the model",
        remark="no call of a model was found behind its routes" if idle else "another framework, or no routes",
    )
