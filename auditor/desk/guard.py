"""Who may talk to the desk: the browser of the person who started it, and no page of anybody else.

A web page that is open in the same browser can send requests to this machine; so can other users of it. The desk answers to
its own name only (against DNS rebinding), to requests with the token that it printed (a cookie after the first visit, which
SameSite=Strict keeps from pages of others), and takes changes only from its own pages: by their Origin, and by a second token
that stands in their forms (OWASP, "Cross-Site Request Forgery Prevention").
"""

from __future__ import annotations

import secrets
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from auditor.records import Record, field

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing but the desk's own files, and no inline style or script (Content Security Policy, level 3)."""
HEADERS = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-store"),
)
"""Set on every answer that does not bring its own. Without a referrer a form would send no Origin."""
SAFE = ("GET", "HEAD")


class Keys(Record):
    """The secrets of one start, and the port that it answers on."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """In the printed address, then in a cookie."""
    form: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """In every form that changes something."""

    @property
    def address(self) -> str:
        """Where the desk is."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names that it answers to."""
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    @property
    def cookie(self) -> str:
        """The cookie's name; cookies of one host are shared by all its ports."""
        return f"auditor-desk-{self.port}"


class Guard:
    """Lets through what may come in, and puts the policy on every answer."""

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self.app, self.keys = app, keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI 3.0, "Applications"."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                own = [(n.encode(), v.encode()) for n, v in HEADERS if n.encode() not in given]
                message["headers"] = [*message["headers"], *own]
            await send(message)

        status, body, headers = self.judged(scope)
        if status is None:
            await self.app(scope, receive, guarded)
            return
        headers = [(b"content-type", b"text/html; charset=utf-8"), *headers]
        await guarded({"type": "http.response.start", "status": status, "headers": headers})
        await guarded({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body.encode()})

    def judged(self, scope: Scope) -> tuple[int | None, str, list[tuple[bytes, bytes]]]:
        """The answer to a request that goes no further, as status, page and headers; no status where it may come in."""
        given = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        keys = self.keys
        if given.get("host", "") not in keys.hosts:
            return 421, page("This is not the address of the desk."), []
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        if scope["method"] in SAFE and "token" in query:
            if not same(query.pop("token"), keys.token):
                return 403, page(WRONG), []
            rest = urlencode(query)
            cookie = f"{keys.cookie}={keys.token}; HttpOnly; SameSite=Strict; Path=/"
            return 200, entered(scope["path"] + (f"?{rest}" if rest else "")), [(b"set-cookie", cookie.encode())]
        if not same(cookies(given.get("cookie", "")).get(keys.cookie, ""), keys.token):
            return 403, page(WRONG), []
        if scope["method"] not in SAFE:
            if given.get("origin") not in [f"http://{host}" for host in keys.hosts]:
                return 403, page("This request came from elsewhere."), []
            if scope["method"] != "POST":
                return 405, page("There is no such request."), []
        return None, "", []


WRONG = "Open the address that the program printed: it ends with a token, which changes with every start."


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return secrets.compare_digest(one.encode("utf-8", "replace"), other.encode())


def cookies(header: str) -> dict[str, str]:
    """The cookies of a request."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, _, value in pairs if name}


def page(text: str, head: str = "") -> str:
    """A page of one sentence."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"{head}<title>auditor</title><main><p>{escape(text)}</p></main></html>"
    )


def entered(path: str) -> str:
    """A page that goes on to the same address without the token.

    It is no redirection: the cookie would not be sent along where another page's link led here.
    """
    path = f"/{path.lstrip('/')}"
    return page(
        "One moment.",
        f'<link rel="icon" href="/static/icon.svg"><meta http-equiv="refresh" content="0;url={escape(path)}">',
    )
