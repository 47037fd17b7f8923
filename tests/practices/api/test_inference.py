from __future__ import annotations

import pytest
from support.trees import Trees
from support.web_applications import HEAD, api

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
