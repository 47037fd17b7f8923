"""M26: the frontend."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.frontend import Frontend


@rule("M26.frontend", net="frontend")
def frontend_for_the_api(frontend: Frontend) -> Iterator[Part]:
    """There is a frontend for the API.

    Accepted: an application in Streamlit, Gradio, Dash, NiceGUI, marimo and the like, a notebook that Voila serves, an application
    in React or another framework, or a web page with a form or script, that calls the API or the model.
    Half of it: an interface without such a call; a chat bot that asks the API; source in another repository that is linked.
    Does not count: the documentation page that FastAPI makes; pages that a tool generated.
    To settle it: show the line in which the frontend calls the API.
    """
    yield part("frontend", frontend.traces, looked_for="an application or page that calls the API or the model")
