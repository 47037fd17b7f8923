from __future__ import annotations

from support.trees import Trees
from support.web_applications import HEAD, facts, halves

from auditor.practices.monitoring.metrics import NOT_GIVEN_OUT, Instrumentation


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
