"""What values in a web application are made of, and what a request brings in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Flag
from functools import reduce
from operator import or_

from auditor.facts.python import Function, Parameter
from auditor.patterns import pattern
from auditor.practices.api.dependencies import is_injected


class Content(Flag):
    """What a value is made of."""

    NOTHING = 0
    REQUEST = 1
    """What the client sent."""
    PREDICTION = 2
    """What a model gave out."""
    ABOUT = 4
    """What only describes a request: a file name, a size, an address."""
    ENVELOPE = 8
    """A request object, whose parts are one or the other."""
    BYTES = 16
    """What came in as bytes, whose length says nothing of what is in them."""


BOTH = Content.REQUEST | Content.PREDICTION
NOTHING = Content.NOTHING

BODY = frozenset(
    """json body form get_json get_data data files values args query_params path_params stream receive_text receive_json
    receive_bytes POST FILES GET get_argument get_body_argument iter_text iter_json""".split()
)
"""Parts of a request object that hold what the client sent."""
DESCRIBING = frozenset("filename content_type size headers url client method path cookies host remote_addr".split())
"""Parts of a request, or an upload, that describe it."""
PLACES = ("_path", "file_name", "filename", "_filepath")
"""Ends of fields of a request that say where a file lies: its name, not its content."""
STATUS = frozenset("status_code headers ok elapsed reason".split())
"""Parts of an answer that are not what the model said."""
RAW = frozenset("body data files stream receive_bytes get_data iter_bytes".split())
"""Those of them that are bytes."""
WITHOUT_CONTENT = frozenset(
    "type isinstance issubclass id hash bool range hasattr callable open print super vars dir".split()
)
"""Builtins whose result holds nothing of what they are given."""
AS_BYTES = frozenset("read body getvalue file get_data BytesIO bytes bytearray tobytes read_bytes memoryview".split())
"""What gives bytes back as they are."""
SIZES = pattern(
    r"(byte|raw|content|payload|body|buffer|upload|file|image|img|picture|audio|row|item|instance|sample|batch|record|input|data|feature|list|queue)s?$",
    re.IGNORECASE,
)
"""Variables whose length is a size or a number of things, not a feature of a text."""
CSV_WRITERS = ("csv.writer", "csv.DictWriter")
GROWING = frozenset(
    "append add add_data add_row append_row extend insert update put put_nowait setdefault appendleft push".split()
)
"""Methods after which an object holds what it was given."""
WRITING_ITSELF = ("to_", "save", "tofile", "write_parquet", "write_csv", "write_json", "dump")
"""Beginnings of methods by which an object is stored itself."""
UNSENT = ("BackgroundTasks", "Response", "Session", "Settings", "AsyncClient")
"""Ends of annotations of parameters that the framework fills in."""

Env = dict[str, Content]


def union(contents: Iterable[Content]) -> Content:
    """All of what several values are made of."""
    return reduce(or_, contents, NOTHING)


def incoming(handler: Function, url: str = "") -> Env:
    """What the parameters of a route's function hold.

    Beside an upload, plain values are settings of the request; so are those in the URL, beside a body.
    """
    given: Env = {}
    middleware = any(parameter.name == "call_next" for parameter in handler.parameters)
    uploads = [parameter.name for parameter in handler.parameters if is_upload(parameter)]
    for parameter in handler.parameters:
        kind = parameter.annotation.removesuffix("()")
        if parameter.name in ("self", "cls", "call_next", "context") or is_injected(parameter) or kind.endswith(UNSENT):
            continue
        is_request = kind.endswith(("Request", "WebSocket")) and kind.startswith(
            ("fastapi", "starlette", "flask", "django")
        )
        untyped = parameter.name in ("request", "websocket") and not parameter.annotated
        given[parameter.name] = Content.ENVELOPE if is_request or untyped or middleware else Content.REQUEST
    in_url = [name for name in given if f"{{{name}" in url or f"<{name}>" in url or f":{name}>" in url]
    aside = [name for name in given if name not in uploads] if uploads else in_url if len(in_url) < len(given) else []
    given |= {name: Content.ABOUT for name in aside if given[name] == Content.REQUEST}
    return given | dict.fromkeys(uploads, Content.REQUEST | Content.BYTES)


def is_upload(parameter: Parameter) -> bool:
    """Whether a parameter takes an uploaded file."""
    declared = parameter.default.name if parameter.default is not None else ""
    return "UploadFile" in parameter.annotation or parameter.annotation == "bytes" or declared == "fastapi.File()"
