"""Frontends, and the scanner for JavaScript that they are read with."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.trees import Trees

from auditor.evidence import Weight
from auditor.formats.javascript import read_script
from auditor.practices.frontend import NO_CALL, OTHER_REPOSITORY, Frontend
from auditor.practices.frontend.pages import read_page
from auditor.practices.frontend.scripts import requests_in


def frontend(tree: Trees, files: dict[str, str]) -> Frontend:
    return tree(files).get(Frontend)


CALLING = {
    "helper module": {
        "ui/app.py": "import streamlit as st\nfrom ui.client import ask\nst.write(ask(st.text_input('x')))\n",
        "ui/client.py": "import requests\ndef ask(x):\n    return requests.post('http://api/predict', json=x)\n",
    },
    "handed over": {
        "app.py": "import gradio as gr\nimport httpx\ndef ask(x):\n    with httpx.Client() as c:\n        return c.post('/p', json=x)\n"
        "gr.Interface(fn=ask, inputs='text', outputs='text').launch()\n"
    },
    "model itself": {
        "app.py": "import streamlit as st\nimport joblib\nmodel = joblib.load('m')\nst.write(model.predict([[st.number_input('x')]]))\n"
    },
    "callback": {
        "app.py": "from dash import Dash, Input, html\nimport requests\napp = Dash()\napp.layout = html.Div()\n"
        "@app.callback(Input('x', 'value'))\ndef ask(x):\n    return requests.get('http://api/' + x).text\n"
    },
    "form": {"templates/index.html": '<form action="/predict" method="post"><input type="file" name="image"></form>'},
    "htmx": {"static/index.html": '<div><button hx-post="/predict">ask</button></div>'},
    "vue": {
        "web/package.json": '{"dependencies": {"vue": "3"}}',
        "web/src/App.vue": "<template><p>fetch</p></template>\n<script setup>\nconst ask = () => axios.post('/predict')\n</script>\n",
    },
    "typescript": {
        "package.json": '{"devDependencies": {"react": "18"}}',
        "src/api.ts": "export const ask = async (x: string) => await fetch(`${URL}/predict`, {method: 'POST'});\n",
    },
    "script of a page": {
        "web/index.html": '<body><script src="main.js"></script></body>',
        "web/main.js": "$.post('/predict', data)\n",
    },
    "text in code": {"api.py": "PAGE = '''<form method=\"post\"><textarea></textarea></form>'''\nprint(PAGE)\n"},
}


@pytest.mark.parametrize("files", CALLING.values(), ids=CALLING)
def test_frontends_that_call(tree: Trees, files: dict[str, str]) -> None:
    assert frontend(tree, files).traces[0].strong


SILENT = {
    "dashboard": {"app.py": "import streamlit as st\nst.title('Shop')\n"},
    "page": {
        "frontend/index.html": "<body><h1>Shop</h1><!-- <form action='/p' method='post'><input></form> --></body>"
    },
    "comment": {
        "package.json": '{"dependencies": {"react": "18"}}',
        "src/App.jsx": "// fetch('/predict')\n/* axios.get('/x') */\nconst text = \"fetch('/predict')\"\n",
    },
}


@pytest.mark.parametrize("files", SILENT.values(), ids=SILENT)
def test_frontends_without_a_call(tree: Trees, files: dict[str, str]) -> None:
    found = frontend(tree, files)
    assert {trace.why for trace in found.traces} == {NO_CALL}


NONE = {
    "documentation": {"docs/index.html": "<body><form action='/x' method='post'><input></form></body>"},
    "coverage": {"htmlcov/index.html": "<body><script>fetch('/x')</script></body>"},
    "report": {"drift.html": "<head><title>Evidently</title></head><body><script>fetch('/x')</script></body>"},
    "slides": {"talk/slides.html": "<body><p>Shop</p></body>"},
    "notebook sliders": {"a.py": "import tkinter\ntkinter.Tk()\n"},
    "tool of the build": {"rollup.config.js": "fetch('/x')", "scripts/build.js": "fetch('/x')"},
}


@pytest.mark.parametrize("files", NONE.values(), ids=NONE)
def test_no_frontend(tree: Trees, files: dict[str, str]) -> None:
    found = frontend(tree, files)
    assert not found.stores
    assert all(trace.weight is Weight.NOT for trace in found.traces)


def test_links_to_a_frontend_elsewhere(tree: Trees) -> None:
    readme = (
        "The [frontend](https://github.com/ada/till-view) is elsewhere.\n\nBuilt with [Streamlit](https://github.com/streamlit/streamlit).\n\n"
        "Clone https://github.com/ada/shop and start the frontend.\n"
    )
    assert [(t.place.line, t.why) for t in frontend(tree, {"README.md": readme}).traces] == [(1, OTHER_REPOSITORY)]


def test_script_lines_and_strings() -> None:
    script = read_script("/* a\n b */ x = 'fetch(1)' // c\ny = `a\n${fetch(2)}`\nz = /['\"]/.test(q)\nfetch(3)\n")
    assert script is not None
    assert script.code.count("\n") == 6
    assert [line for line, _ in script.strings] == [2, 3]
    assert [line for line, _ in requests_in(script)] == [3, 6]


@given(st.text(alphabet="'\"`/*\\ \n$a{}()<>=!-", max_size=200))
@settings(deadline=None, max_examples=150)
def test_any_text_is_read_line_for_line(text: str) -> None:
    script = read_script(text)
    assert script is not None
    assert script.code.count("\n") == text.count("\n")
    assert all(1 <= line <= text.count("\n") + 1 for line, _ in script.strings)
    read_page(text)
