"""Web applications: routes, what runs a model, what is stored, and metrics."""

from __future__ import annotations

import pytest
from support.trees import Trees
from support.web_applications import HEAD, facts, halves

from auditor.practices.api import Api
from auditor.practices.api.collection import FREE_TEXT, Collection


def stored(tree: Trees, body: str, before: str = "", **more: str) -> Collection:
    source = HEAD + "import json, csv\nfrom pathlib import Path\nnet = load_net()\n" + before + "\n" + body
    return facts(tree, {"src/shop/api.py": source, **{f"src/shop/{name}.py": text for name, text in more.items()}}).get(
        Collection
    )


COMPLETE = {
    "length of a text": """
@app.post("/p")
def p(text: str):
    y = net(text)
    with open("log.csv", "a") as f:
        f.write(f"{len(text)},{len(text.split())},{y}")
    return y
""",
    "statistics of a picture": """
import io
import numpy as np
from PIL import Image
from fastapi import UploadFile
@app.post("/p")
async def p(image: UploadFile):
    pixels = np.asarray(Image.open(io.BytesIO(await image.read())))
    y = net(pixels)
    with open("log.csv", "a") as f:
        csv.writer(f).writerow([pixels.mean(), pixels.std(), y])
    return y
""",
    "two files": """
@app.post("/p")
def p(x: list[float]):
    Path("in.txt").write_text(str(x))
    y = net(x)
    Path("out.txt").write_text(f"{y}")
    return y
""",
    "label chosen by the prediction": """
@app.post("/p")
def p(text: str):
    if net(text) > 0.5:
        label = "good"
    else:
        label = "bad"
    with open("log.csv", "a") as f:
        csv.writer(f).writerow([text, label])
    return label
""",
    "buffer that is written when full": """
BUFFER = []
def flush():
    with open("log.json", "w") as f:
        json.dump(BUFFER, f)
@app.post("/p")
def p(x: float):
    BUFFER.append({"x": x, "y": net(x)})
    if len(BUFFER) > 10:
        flush()
    return 1
""",
    "logger object": """
class Log:
    def __init__(self):
        self.rows = []
    def keep(self, x, y):
        with open("log", "a") as f:
            f.write(json.dumps({"x": x, "y": y}))
log = Log()
@app.post("/p")
def p(x: float):
    y = net(x)
    log.keep(x=x, y=y)
    return y
""",
    "thread": """
import threading
def keep(x, y):
    with open("log", "a") as f:
        print(x, file=f)
        f.write(f"{x};{y}")
@app.post("/p")
def p(x: float):
    y = net(x)
    threading.Thread(target=keep, args=(x, y)).start()
    return y
""",
    "structured output": """
@app.post("/p")
def p(x: float):
    y = net(x)
    print(json.dumps({"severity": "INFO", "x": x, "y": y}))
    return y
""",
    "frame": """
import pandas as pd
@app.post("/p")
def p(x: float):
    row = pd.DataFrame([{"x": x}])
    row["y"] = net(x)
    row.to_csv("log.csv", mode="a")
    return 1
""",
    "middleware": """
from fastapi import Request
@app.post("/p")
def p(x: float):
    return net(x)
@app.middleware("http")
async def keep(request: Request, call_next):
    asked = await request.body()
    answer = await call_next(request)
    text = b"".join([part async for part in answer.body_iterator])
    with open("log", "ab") as f:
        f.write(asked + text)
    return answer
""",
}


@pytest.mark.parametrize("body", COMPLETE.values(), ids=COMPLETE)
def test_both_are_stored(tree: Trees, body: str) -> None:
    assert stored(tree, body).complete


INCOMPLETE = {
    "settings beside an upload": """
from fastapi import UploadFile
@app.post("/p")
async def p(image: UploadFile, variant: str = "small"):
    y = net(await image.read())
    with open("log.csv", "a") as f:
        csv.writer(f).writerow([variant, image.filename, y])
    return y
""",
    "bytes counted and hashed": """
import hashlib
from fastapi import UploadFile
@app.post("/p")
async def p(image: UploadFile):
    sent = await image.read()
    y = net(sent)
    with open("log.csv", "a") as f:
        f.write(f"{len(sent)},{hashlib.sha256(sent).hexdigest()},{y}")
    return y
""",
}


@pytest.mark.parametrize("body", INCOMPLETE.values(), ids=INCOMPLETE)
def test_something_is_stored(tree: Trees, body: str) -> None:
    found = stored(tree, body)
    assert halves(found.traces)
    assert not found.complete


NOTHING = {
    "temporary file": """
import os
from fastapi import UploadFile
@app.post("/p")
async def p(image: UploadFile):
    with open("upload.jpg", "wb") as f:
        f.write(await image.read())
    y = net("upload.jpg")
    os.remove("upload.jpg")
    return y
""",
    "text in memory": """
import io
import pandas as pd
@app.post("/p")
def p(x: float):
    frame = pd.DataFrame([{"x": x, "y": net(x)}])
    out = io.StringIO()
    frame.to_csv(out)
    return frame.to_csv(index=False) + out.getvalue()
""",
    "own words": """
@app.post("/p")
def p(x: float):
    with open("log", "a") as f:
        f.write("asked")
    return net(x)
""",
    "reading": """
import sqlite3
@app.get("/p")
def p(x: float):
    sqlite3.connect("db").execute("select * from calls where x = ?", (net(x),))
    return 1
""",
}


@pytest.mark.parametrize("body", NOTHING.values(), ids=NOTHING)
def test_nothing_is_stored(tree: Trees, body: str) -> None:
    assert not halves(stored(tree, body).traces)


def test_free_text_of_a_logger_is_told_apart(tree: Trees) -> None:
    body = "@app.post('/p')\ndef p(x: float):\n    y = net(x)\n    log.info(f'{x} {y}')\n    return y\n"
    found = stored(tree, body, "import logging\nlog = logging.getLogger()")
    assert not found.complete
    assert halves(found.traces) == [FREE_TEXT]


@pytest.mark.parametrize("source", ["def f(:\n", "x = " + "(" * 400 + ")" * 400, "\x00", "class A(A):\n    pass\n"])
def test_unreadable_code_does_no_harm(tree: Trees, source: str) -> None:
    found = facts(tree, {"src/shop/api.py": source})
    assert not found.get(Api).inferring
    assert not found.get(Collection).traces
