"""What happens to every request before a handler and to every answer after it.

Order: request id, language, host, cross-site check, who is asking; then the security headers on the answer.
"""

import re
from collections.abc import Callable
from ipaddress import IPv6Address
from math import inf
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from litestar import Request, Response
from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from events_app.infra import connections, traffic
from events_app.infra.database import Budget, begin_request
from events_app.infra.hops import Hops
from events_app.infra.i18n import DEFAULT_LANGUAGE, LANGUAGES, best_language, current_language
from events_app.kernel.actor import ANONYMOUS, Actor, Authenticate, Credentials
from events_app.kernel.errors import BadRequest, IntroductionNeeded, NotAllowed
from events_app.web.cookies import read_cookies
from events_app.web.unread import has_body, heard_to_the_end, seconds_for

SESSION_COOKIE = "convive_session"
DEVICE_COOKIE = "convive_door"
LANGUAGE_COOKIE = "convive_lang"

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # personal links never reach another site
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
}

WELCOME_PATH = "/org/welcome"
_BEFORE_THE_INTRODUCTION = frozenset((WELCOME_PATH, "/sign-out", "/legal", "/privacy", "/accessibility"))

_HOST = re.compile(r"(?:[A-Za-z0-9._~-]+|\[(?P<six>[0-9A-Fa-f:.]+)\])(?::(?P<port>[0-9]{0,5}))?")
MOST_PORT = 65_535

Cookies = dict[str, tuple[str, ...]]
AnswerError = Callable[[Request[Any, Any, Any], Exception], Response[Any]]


class Entrance:
    """Stands before Litestar's router, because unknown paths and wrong methods never reach a middleware."""

    def __init__(
        self,
        next_app: ASGIApp,
        authenticate: Authenticate,
        answer_error: AnswerError,
        hops: Hops,
        *,
        https: bool,
    ) -> None:
        self.next_app = next_app
        self._authenticate = authenticate
        self._answer_error = answer_error
        self._hops = hops
        headers = dict(SECURITY_HEADERS)
        if https:
            headers["strict-transport-security"] = "max-age=31536000"
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:  # we have no websocket; Litestar refuses it
            await self.next_app(scope, receive, send)
            return
        traffic.note_request()
        peer = scope["client"] or ("", 0)
        connections.owed.add(peer)
        try:
            await self._answer(scope, receive, send, peer)
        finally:
            connections.owed.discard(peer)

    async def _answer(self, scope: HTTPScope, receive: Receive, send: Send, peer: connections.Peer) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if b"x-forwarded-for" in headers and (client := scope["client"]):
            self._hops.note(client[0], headers)
        state = scope["state"]
        state["cookies"] = cookies = (
            read_cookies(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
            if b"cookie" in headers
            else {}
        )
        state["request_id"] = uuid4().hex[:16]
        wished = _language(scope, headers, cookies)
        state["lang_wished"] = wished is not None
        state["lang"] = language = wished or DEFAULT_LANGUAGE
        state["actor"] = ANONYMOUS
        current_language.set(language)
        if has_body(headers):
            receive, send = heard_to_the_end(receive, send, seconds_for(headers), peer)
        is_head = scope["method"] == HttpMethod.HEAD
        send = self._completed(send, state["request_id"], begin_request(), is_head=is_head)
        if is_head:
            scope["method"] = HttpMethod.GET
        try:
            if not _is_host(headers.get(b"host") or "localhost"):
                # Whoever reads the request's address next would fail on it.
                others = (pair for pair in scope["headers"] if pair[0] != b"host")
                scope["headers"] = [*others, (b"host", b"localhost")]
                raise BadRequest
            state["actor"] = actor = await self._who_is_asking(scope, headers, cookies)
            if actor.must_introduce and not _open_before_the_introduction(scope["path"]):
                raise IntroductionNeeded
        except Exception as error:  # also a database that is away: nobody else answers before the router
            request = Request[Any, Any, Any](scope, receive, send)
            answer = self._answer_error(request, error).to_asgi_response(app=None, request=request)
            await answer(scope, receive, send)
            return
        await self.next_app(scope, receive, send)

    async def _who_is_asking(self, scope: HTTPScope, headers: dict[bytes, str], cookies: Cookies) -> Actor:
        """Raises `NotAllowed` for another site's request, `NotSignedIn` for a wrong key."""
        credentials = Credentials(
            bearer=_bearer(headers.get(b"authorization", "")),
            sessions=cookies.get(SESSION_COOKIE, ()),
            devices=cookies.get(DEVICE_COOKIE, ()),
        )
        if scope["method"] not in SAFE_METHODS and credentials.bearer is None and is_cross_site(headers):
            raise NotAllowed(reason="cross-site")
        return ANONYMOUS if credentials.none else await self._authenticate(credentials)

    def _completed(self, send: Send, request_id: str, budget: Budget, *, is_head: bool) -> Send:
        """Adds the security headers and the request's id to the answer. Once it has begun, whatever is still
        read for it (a long list, live counters) may take its time.

        HEAD is GET without the body (RFC 9110 section 9.3.2), for every address alike.
        """

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                budget.left = inf
                given = message.setdefault("headers", [])
                present = {name for name, _ in given}
                # Raw pairs: Litestar's header objects cost an eighth of a cached page.
                message["headers"] = [
                    *given,
                    *(pair for pair in self._headers if pair[0] not in present),
                    (b"x-request-id", request_id.encode()),
                ]
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        return send_with_headers


def _is_host(value: str) -> bool:
    """RFC 9110 section 7.2. Empty: a load balancer asks by HTTP 1.0, without the field."""
    found = _HOST.fullmatch(value)
    if found is None or int(found["port"] or 0) > MOST_PORT:
        return False
    try:
        return not found["six"] or bool(IPv6Address(found["six"]))
    except ValueError:
        return False


def is_cross_site(headers: dict[bytes, str]) -> bool:
    """Whether a browser says that another site made this request.

    Browsers since 2020 send Origin on every unsafe request, and most also Sec-Fetch-Site; a page cannot forge
    either. A request with neither comes from a program, which carries nobody's cookies (see
    docs/decisions/0003-cross-site.md).
    """
    fetch_site = headers.get(b"sec-fetch-site")
    if fetch_site is not None:
        return fetch_site not in ("same-origin", "none")
    origin = headers.get(b"origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc != headers.get(b"host", "")
    except ValueError:  # no address at all, so not ours
        return True


def _open_before_the_introduction(path: str) -> bool:
    """The page that asks, the ways in and out, and what every page shows."""
    open_folders = ("/static/", "/vendor/", "/health/", "/sign-in/")
    return path in _BEFORE_THE_INTRODUCTION or path.startswith(open_folders)


def _bearer(authorization: str) -> str | None:
    scheme, _, value = authorization.partition(" ")
    return value.strip() if scheme.lower() == "bearer" else None


def _language(scope: Scope, headers: dict[bytes, str], cookies: Cookies) -> str | None:
    """`?lang=` (which the page then keeps in a cookie), the cookie, then the browser's wish; None where
    nobody wishes a language of ours: a page about an event then speaks the event's (`pages.speak`)."""
    query = scope["query_string"]
    if b"lang=" in query:
        for pair in query.split(b"&"):
            if pair.startswith(b"lang=") and (asked := pair[5:].decode("latin-1")) in LANGUAGES:
                return asked
    for kept in cookies.get(LANGUAGE_COOKIE, ()):
        if kept in LANGUAGES:
            return kept
    accept = headers.get(b"accept-language")
    return best_language(accept) if accept else None
