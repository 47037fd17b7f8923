"""Frontends: programs with a user interface, web pages, JavaScript applications, and what they call.

python_apps.py      Streamlit, Gradio, Dash, NiceGUI, ... and desktop windows
pages.py            HTML files and HTML within Python code
scripts.py          JavaScript, TypeScript, Vue, Svelte, Dart
clients.py          what clients of the API store of its answers
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, Trace, counts, half, seen, strong_first, weighed
from auditor.facts.documents.markdown import Docs
from auditor.facts.own_work.template import Template
from auditor.facts.python import PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.api import Api
from auditor.practices.api.held import Held
from auditor.practices.api.inference import Inference
from auditor.practices.automation.commands import RunCommands
from auditor.practices.frontend.clients import client_stores
from auditor.practices.frontend.pages import pages, pages_in_code
from auditor.practices.frontend.python_apps import CLIENT_SIDE, KINDS, python_apps
from auditor.practices.frontend.scripts import applications
from auditor.practices.traces import ONLY_TESTS
from auditor.practices.uses import Uses
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

WORDS = pattern(r"front-?\s?end|\bui\b|web-?\s?(app|page|interface|client)|dashboard|streamlit|gradio", re.IGNORECASE)
ELSEWHERE = pattern(
    r"(https?:)?//(www\.)?(github\.com|gitlab\.com|bitbucket\.org)/[\w.-]+/[\w.-]+|https?://huggingface\.co/spaces/[\w.-]+/[\w.-]+|"
    r"https?://[\w.-]+\.(streamlit\.app|hf\.space|vercel\.app|netlify\.app|workers\.dev|pages\.dev|onrender\.com|fly\.dev|web\.app|firebaseapp\.com|railway\.app|surge\.sh)"
)
SOURCE = pattern(r"//(www\.)?(github|gitlab|bitbucket)\.")
"""Places of source code: words near an address may as well be about a part of this very repository."""
APART = pattern(
    r"\b(another|separate|separately|different|other|second|own)\b.{0,40}\brepo(sitory|s)?\b", re.IGNORECASE
)
"""Words that say that source code is not here."""
NEAR = 60
SENTENCE = 200
LONGEST = 5_000
TOOLS = pattern(
    r"(github\.com|gitlab\.com)/(streamlit|gradio-app|plotly|zauberzeug|facebook|vuejs|sveltejs|skaftenicki)/",
    re.IGNORECASE,
)


NO_CALL = "no call of the API or the model was found in it"
OTHER_REPOSITORY = "it leads to where the frontend is, not to its source here"
CHAT = "it is a chat bot rather than a page"


class Frontend(Record):
    """The frontends of a repository."""

    traces: tuple[Trace, ...] = ()
    """Interfaces that call the API or the model, each after its own first line; others, and links to a frontend elsewhere, by half."""
    stores: tuple[Trace, ...] = ()
    """Where a frontend that calls the API stores something, or another client what the API answered."""
    running: tuple[Place, ...] = ()
    """Where an interface runs the model itself."""


@fact
def frontend(
    project: PythonProject,
    api: Api,
    uses: Uses,
    inference: Inference,
    held: Held,
    commands: RunCommands,
    template: Template,
    docs: Docs,
    snapshot: Snapshot,
) -> Frontend:
    """Everything with a user interface; the course's template left out."""
    traces: list[Trace] = []
    stores: list[Trace] = []
    running: list[Place] = []
    for app in python_apps(project, api, uses, inference, commands):
        if not app.calls:
            traces.append(half(app.evidence, NO_CALL))
            continue
        why = ONLY_TESTS if app.only_tests else CHAT if app.chat else ""
        places = (app.evidence, app.calls[0])
        traces += [weighed(place, why) for place in places]
        stores += app.stores
        running += app.models if not app.chat else ()
    stores += [half(place, CLIENT_SIDE) for place in client_stores(project, api, uses, held, template, snapshot)]
    for page in (*pages(snapshot), *pages_in_code(project), *applications(snapshot)):
        traces += [counts(page.evidence), counts(page.calls[0])] if page.calls else [half(page.evidence, NO_CALL)]
    traces += [half(place, OTHER_REPOSITORY) for place in links(docs)]
    if not traces:
        traces += uses.named_only(*KINDS)
    return Frontend(strong_first(traces), tuple(dict.fromkeys(stores)), tuple(running))


def links(docs: Docs) -> Iterator[Place]:
    """Links and addresses in any document that lead to another place where the frontend or its source is."""
    for document in docs.documents:
        around = dict(document.paragraphs)
        about = bool(WORDS.search(document.path.rpartition("/")[2]))  # a document of its own on the frontend
        for link in document.links:
            text = around.get(link.line, "")
            before = text[: max(text.find(link.text), 0)] if link.text else ""
            if ELSEWHERE.match(link.target) and (
                (about and not TOOLS.search(link.target)) or leads_to_frontend(link.target, link.text, before)
            ):
                yield link.evidence
        for line, text in document.paragraphs:
            if "//" not in text:
                continue
            for found in ELSEWHERE.finditer(text[:LONGEST]):
                before = text[: found.start()]
                if (
                    leads_to_frontend(found[0], "", before)
                    or (about and not TOOLS.search(found[0]))
                    or is_apart(before)
                ):
                    yield seen(document.path, line, text)


def is_apart(before: str) -> bool:
    """Whether the words before an address say that the frontend's source is in a repository of its own."""
    said = before[-SENTENCE:]
    return APART.search(said) is not None and WORDS.search(said) is not None


def leads_to_frontend(target: str, words: str, before: str) -> bool:
    """Whether an address, the words of its link, or those just before it are about a frontend."""
    if TOOLS.search(target):
        return False
    source = bool(SOURCE.search(target))
    near = before[-NEAR:] if not source else ""
    return any(WORDS.search(text) for text in (words, target.rstrip("/").rpartition("/")[2], near))
