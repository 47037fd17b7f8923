from __future__ import annotations

import pytest
from support.python_code import Build


@pytest.mark.parametrize(
    "alias", ["Store = Annotated[Shelf, Depends(open_shelf)]", "type Store = Annotated[Shelf, Depends(open_shelf)]"]
)
def test_a_name_for_an_annotated_type_stands_for_the_type_and_keeps_what_is_said_beside_it(
    project: Build, alias: str
) -> None:
    found = project(
        {
            "shelf.py": "class Shelf:\n    def put(self, x):\n        keep(x)\ndef open_shelf():\n    return Shelf()\n",
            "deps.py": f"from typing import Annotated\nfrom fastapi import Depends\nfrom shelf import Shelf, open_shelf\n{alias}\n",
            "pub/__init__.py": "from deps import Store\n",
            "web.py": "from pub import Store\ndef page(store: Store):\n    store.put(1)\n",
        }
    )
    (call,) = [call for call in found.calls() if call.written == "store.put"]
    assert call.names == ("shelf.Shelf().put",) and call.own
    (parameter,) = next(f for f in found.functions() if f.own_name == "page").parameters
    (said,) = parameter.metadata
    assert said.name == "fastapi.Depends()" and said.elements[0].names == ("shelf.open_shelf",)
