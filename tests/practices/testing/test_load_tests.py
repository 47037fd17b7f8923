"""Load tests of every kind."""

from __future__ import annotations

import pytest
from support.trees import Trees

from auditor.practices.testing.load_tests import LoadTests


def load_tests(tree: Trees, files: dict[str, str]) -> LoadTests:
    return tree(files).get(LoadTests)


STRONG = {
    "task list": {
        "locustfile.py": "import locust\ndef ask(user):\n    user.client.get('/')\nclass Shopper(locust.FastHttpUser):\n    tasks = [ask]\n"
    },
    "task set": {
        "tests/users.py": "from locust import HttpUser, TaskSet, task\nclass Buying(TaskSet):\n    @task(2)\n    def ask(self):\n"
        "        self.client.post('/predict')\nclass Shopper(HttpUser):\n    tasks = {Buying: 3}\n"
    },
    "base class": {
        "locustfile.py": "from locust import HttpUser, task\nclass Base(HttpUser):\n    abstract = True\n    @task\n    def ask(self):\n"
        "        self.client.get('/')\nclass Shopper(Base):\n    host = 'http://localhost'\n"
    },
    "k6": {
        "load/script.js": "import http from 'k6/http';\nexport const options = { vus: 10 };\nexport default () => { http.get('http://x'); };\n"
    },
    "k6 scenarios": {
        "s.ts": 'import http, { Response } from "k6/http"\nexport function spike() {\n  http.post("http://x/predict", "{}")\n}\n'
    },
    "JMeter": {
        "plan.jmx": '<?xml version="1.0"?><jmeterTestPlan><hashTree><ThreadGroup enabled="true"/><hashTree><HTTPSamplerProxy enabled="true"/>'
        "</hashTree></hashTree></jmeterTestPlan>"
    },
    "Artillery": {"load.yml": "config:\n  target: http://localhost\nscenarios:\n  - flow: []\n"},
    "command": {"Makefile": "load:\n\tvegeta attack -targets=targets.txt -rate=50 | vegeta report\n"},
    "script": {"load.sh": "#!/bin/sh\nab -n 1000 -c 20 http://localhost:8000/predict\n"},
    "asynchronous": {
        "scripts/stress.py": "import asyncio, httpx\nasync def main():\n    async with httpx.AsyncClient() as c:\n"
        "        await asyncio.gather(*[c.post('http://localhost/predict') for _ in range(500)])\nasyncio.run(main())\n"
    },
}


@pytest.mark.parametrize("files", STRONG.values(), ids=STRONG)
def test_load_tests(tree: Trees, files: dict[str, str]) -> None:
    assert load_tests(tree, files).tests


NONE = {
    "user without tasks": {"locustfile.py": "from locust import HttpUser\nclass Shopper(HttpUser):\n    pass\n"},
    "empty task": {
        "locustfile.py": "from locust import HttpUser, task\nclass Shopper(HttpUser):\n    @task\n    def ask(self):\n        pass\n"
    },
    "k6 in a comment": {"s.js": "// import http from 'k6/http'\nexport default function () { fetch('x') }\n"},
    "disabled plan": {
        "plan.jmx": '<jmeterTestPlan><ThreadGroup enabled="false"/><HTTPSamplerProxy enabled="true"/></jmeterTestPlan>'
    },
    "data loader": {
        "load_data.py": "from concurrent.futures import ThreadPoolExecutor\nimport requests\n"
        "with ThreadPoolExecutor() as pool:\n    print(list(pool.map(requests.get, ['https://example.org/a'])))\n"
    },
    "settings of another kind": {"a.yml": "target: x\nscenarios: [a]\n"},
    "command in the README": {"README.md": "```bash\nhey -n 100 http://localhost:8000\n```\n"},
}


@pytest.mark.parametrize("files", NONE.values(), ids=NONE)
def test_no_load_test(tree: Trees, files: dict[str, str]) -> None:
    assert not load_tests(tree, files).tests


def test_hostile_files(tree: Trees) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "x"><!ENTITY y "&x;&x;">]><jmeterTestPlan>&y;' + "<a>" * 5000
    assert not load_tests(
        tree, {"a.jmx": bomb, "b.js": "k6 `" + "${`" * 3000, "c.yml": "scenarios: &a [*a, target]"}
    ).tests
