"""Web applications: routes, what runs a model, what is stored, and metrics."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from support.trees import Trees

from auditor.evidence import Trace, Weight
from auditor.injection import Facts
from auditor.practices.api import Api
from auditor.practices.api.collection import FREE_TEXT, Collection
from auditor.practices.monitoring.metrics import NOT_GIVEN_OUT, Instrumentation

MODEL = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 1)
    def forward(self, x):
        return self.layer(x)

def load_net(path="net.pt"):
    net = Net()
    net.load_state_dict(torch.load(path))
    return net.eval()
"""

HEAD = "from fastapi import FastAPI\nfrom shop.model import Net, load_net\napp = FastAPI()\n"


def facts(tree: Trees, files: dict[str, str]) -> Facts:
    return tree({"src/shop/__init__.py": "", "src/shop/model.py": MODEL, **files}).facts


def api(tree: Trees, source: str, **more: str) -> Api:
    return facts(tree, {"src/shop/api.py": source, **{f"src/shop/{name}.py": text for name, text in more.items()}}).get(
        Api
    )


INFERRING = {
    "global at import": HEAD + "net = load_net()\n@app.post('/p')\ndef p(x: list[float]):\n    return net(x)\n",
    "dict in lifespan": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
from shop.model import load_net
ml = {}
@asynccontextmanager
async def lifespan(app):
    ml["net"] = load_net()
    yield
    ml.clear()
app = FastAPI(lifespan=lifespan)
@app.post("/p")
async def p(x: list[float]):
    return ml["net"](x)
""",
    "state of the application": """
from fastapi import FastAPI, Request
app = FastAPI()
@app.on_event("startup")
def start():
    app.state.model = object()
@app.post("/p")
async def p(x: list[float], request: Request):
    return request.app.state.model.predict(x)
""",
    "state, called": """
from fastapi import FastAPI, Request
app = FastAPI()
@app.post("/p")
async def p(x: list[float], request: Request):
    return request.app.state.model(x)
""",
    "global statement": HEAD
    + """
model = None
@app.on_event("startup")
def start():
    global model
    model = load_net()
@app.post("/p")
def p(x: list[float]):
    return {"y": model(x).item()}
""",
    "annotated dependency": HEAD
    + """
from typing import Annotated
from fastapi import Depends
def get_model():
    return load_net()
@app.post("/p")
def p(x: list[float], model: Annotated[Net, Depends(get_model)]):
    return model(x)
""",
    "dependency": HEAD
    + """
from fastapi import Depends
import joblib
def get_model():
    return joblib.load("m")
@app.post("/p")
def p(x: list[float], model=Depends(get_model)):
    return model.predict(x)
""",
    "inference in a dependency": HEAD
    + """
from fastapi import Depends
net = load_net()
def forecast(x: list[float]):
    return net(x)
@app.post("/p")
def p(y=Depends(forecast)):
    return {"y": y}
""",
    "service class": HEAD
    + """
class Service:
    def __init__(self):
        self.net = None
    def load(self):
        self.net = load_net()
    def predict(self, x):
        return self.net(x)
service = Service()
@app.post("/p")
def p(x: list[float]):
    return service.predict(x)
""",
    "included router": """
from fastapi import APIRouter, FastAPI
from shop.model import load_net
router = APIRouter(prefix="/v1")
@router.post("/p")
def p(x: list[float]):
    return load_net()(x)
app = FastAPI()
app.include_router(router)
""",
    "add_api_route": HEAD
    + "def p(x: list[float]):\n    return load_net()(x)\napp.add_api_route('/p', p, methods=['POST'])\n",
    "websocket": HEAD
    + "@app.websocket('/p')\nasync def p(websocket):\n    await websocket.send_json(load_net()(await websocket.receive_json()))\n",
    "pipeline": """
import fastapi
from transformers import pipeline
app = fastapi.FastAPI()
pipe = pipeline("text-classification", model="models/reviews")
@app.get("/p")
def p(text: str):
    return pipe(text)[0]
""",
    "checkpoint": """
from fastapi import FastAPI
from lightning import LightningModule
app = FastAPI()
class Shop(LightningModule):
    def forward(self, x):
        return x * 2
net = Shop.load_from_checkpoint("last.ckpt").eval()
@app.get("/p")
def p(x: float):
    return net(x)
""",
    "registry": """
from fastapi import FastAPI
import mlflow.pyfunc, keras, onnxruntime as rt
app = FastAPI()
net = mlflow.pyfunc.load_model("models:/shop/1")
@app.get("/p")
def p(x: float):
    return net.predict([x])
""",
    "compiled and moved": HEAD
    + "import torch\nnet = torch.compile(Net().to('cpu'))\n@app.get('/p')\ndef p(x: float):\n    return net(x)\n",
    "executor": HEAD
    + """
import asyncio
net = load_net()
def work(x):
    return net(x)
@app.get("/p")
async def p(x: float):
    return await asyncio.get_running_loop().run_in_executor(None, work, x)
""",
    "queued task": HEAD
    + """
from celery import Celery
queue = Celery("shop")
@queue.task
def work(x):
    return load_net()(x)
@app.get("/p")
async def p(x: float):
    return work.delay(x).get()
""",
    "trained from scratch": HEAD
    + """
class Average:
    def fit(self, xs):
        self.mean = sum(xs) / len(xs)
    def predict(self, x):
        return self.mean + x
average = Average()
@app.get("/p")
def p(x: float):
    return average.predict(x)
""",
    "factory that nothing calls": """
from fastapi import FastAPI
from shop.model import load_net
def create_app() -> FastAPI:
    app = FastAPI()
    @app.get("/p")
    def p(x: float):
        return load_net()(x)
    return app
""",
    "route class": """
from fastapi import FastAPI
from fastapi.routing import APIRoute
from shop.model import load_net
def p(x: float):
    return load_net()(x)
app = FastAPI(routes=[APIRoute("/p", p)])
""",
    "routes set up elsewhere": HEAD
    + """
def set_up(app):
    @app.get("/p")
    def p(x: float):
        return load_net()(x)
set_up(app)
""",
    "numpy arrays and a session": HEAD
    + """
import onnxruntime as rt
def session():
    return rt.InferenceSession("x.onnx")
@app.get("/p")
def p(x: float):
    return session().run(None, {"x": [x]})
""",
}


@pytest.mark.parametrize("source", INFERRING.values(), ids=INFERRING)
def test_inference_is_found(tree: Trees, source: str) -> None:
    found = api(tree, source)
    assert [e.framework for e in found.inferring] == ["FastAPI"]


IDLE = {
    "constant": HEAD + "@app.post('/p')\ndef p(x: list[float]):\n    return {'y': 0.5}\n",
    "model loaded, not called": HEAD
    + "net = load_net()\n@app.post('/p')\ndef p(x: list[float]):\n    return {'ready': net is not None}\n",
    "constant class": HEAD
    + "class Model:\n    def predict(self, x):\n        return 1\nmodel = Model()\n@app.post('/p')\ndef p(x: float):\n    return model.predict(x)\n",
    "validation models": HEAD
    + "from pydantic import BaseModel\nclass Item(BaseModel):\n    x: float\n@app.post('/p')\ndef p(item: Item):\n    return item.model_dump()\n",
    "database session": HEAD
    + "from sqlalchemy.orm import Session\n@app.get('/p')\ndef p(session: Session):\n    return session.query(int).all()\n",
    "router that nothing includes": """
from fastapi import APIRouter, FastAPI
from shop.model import load_net
router = APIRouter()
other = APIRouter()
app = FastAPI()
app.include_router(other)
@router.post("/p")
def p(x: list[float]):
    return load_net()(x)
""",
    "application that is replaced": HEAD
    + "@app.post('/p')\ndef p(x: list[float]):\n    return load_net()(x)\napp = FastAPI()\n",
    "tokenizer and password": HEAD
    + "from transformers import AutoTokenizer\nimport secrets\ntok = AutoTokenizer.from_pretrained('x')\n@app.get('/p')\ndef p(t: str):\n    return tok(t), secrets.token_hex()\n",
    "own class of the name": "class FastAPI:\n    def post(self, url):\n        return lambda f: f\napp = FastAPI()\nfrom shop.model import load_net\n"
    "@app.post('/p')\ndef p(x):\n    return load_net()(x)\n",
}


@pytest.mark.parametrize("source", IDLE.values(), ids=IDLE)
def test_no_inference(tree: Trees, source: str) -> None:
    assert not api(tree, source).inferring


OTHERS = {
    "Flask": "import flask\nfrom shop.model import load_net\napp = flask.Flask(__name__)\n@app.route('/p')\ndef p():\n    return load_net()(1)\n",
    "BentoML": "import bentoml\nfrom shop.model import load_net\n@bentoml.service\nclass S:\n    @bentoml.api\n    def p(self, x):\n        return load_net()(x)\n",
    "LitServe": "import litserve as ls\nfrom shop.model import load_net\nclass S(ls.LitAPI):\n    def setup(self, device):\n        self.net = load_net()\n"
    "    def predict(self, x):\n        return self.net(x)\nls.LitServer(S()).run()\n",
    "Functions Framework": "import functions_framework\nfrom shop.model import load_net\n@functions_framework.http\ndef p(request):\n    return load_net()(1)\n",
    "Starlette": "from starlette.routing import Route\nfrom shop.model import load_net\ndef p(request):\n    return load_net()(1)\nroutes = [Route('/p', p)]\n",
    "Django": "from django.urls import path\nfrom shop.model import load_net\ndef p(request):\n    return load_net()(1)\nurlpatterns = [path('p', p)]\n",
}


@pytest.mark.parametrize("framework", OTHERS)
def test_other_frameworks(tree: Trees, framework: str) -> None:
    assert [e.framework for e in api(tree, OTHERS[framework]).inferring] == [framework]


def halves(traces: Iterable[Trace]) -> list[str]:
    """The reasons of the traces that count by half; none may count."""
    found = list(traces)
    assert not any(trace.strong for trace in found)
    return [trace.why for trace in found if trace.weight is Weight.HALF]


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


def test_metrics_of_a_factory_and_of_a_script(tree: Trees) -> None:
    factory = (
        "from fastapi import FastAPI\nfrom prometheus_fastapi_instrumentator import Instrumentator\n"
        "def create():\n    app = FastAPI()\n    Instrumentator().instrument(app).expose(app)\n    return app\n"
    )
    assert facts(tree, {"src/shop/api.py": factory}).get(Instrumentation).traces[0].strong
    script = "import prometheus_client\nprometheus_client.start_http_server(9000)\n"
    assert not any(trace.strong for trace in facts(tree, {"src/shop/train.py": script}).get(Instrumentation).traces)


def test_rendered_metrics_count_where_a_route_gives_them_out(tree: Trees) -> None:
    route = "@app.get('/metrics')\ndef metrics():\n    return generate_latest()\n"
    source = HEAD + "from prometheus_client import Counter, generate_latest\nasked = Counter('a', 'b')\n"
    assert facts(tree, {"src/shop/api.py": source + route}).get(Instrumentation).traces[0].strong
    found = facts(tree, {"src/shop/api.py": source + "print(generate_latest())\n"}).get(Instrumentation)
    assert NOT_GIVEN_OUT in halves(found.traces)


@pytest.mark.parametrize("source", ["def f(:\n", "x = " + "(" * 400 + ")" * 400, "\x00", "class A(A):\n    pass\n"])
def test_unreadable_code_does_no_harm(tree: Trees, source: str) -> None:
    found = facts(tree, {"src/shop/api.py": source})
    assert not found.get(Api).inferring
    assert not found.get(Collection).traces


def test_broken_application_is_told(tree: Trees) -> None:
    found = api(tree, "import os\nfrom fastapi import FastAPI\n<<<<<<< HEAD\napp = FastAPI()\n")
    assert [e.line for e in found.unread] == [2]
