"""Answering with a page: what every layout needs, notices, redirects."""

import gzip
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.enums import MediaType

from events_app.infra.i18n import DEFAULT_LANGUAGE, LANGUAGES, current_language, translator
from events_app.infra.settings import Settings
from events_app.kernel.actor import ANONYMOUS, Actor, ActorKind
from events_app.kernel.errors import N_
from events_app.web import navigation
from events_app.web.entrance import LANGUAGE_COOKIE
from events_app.web.negotiation import takes_gzip
from events_app.web.templates import render

NOTICE_COOKIE = "convive_notice"
# What a redirect may say on the next page, by code: a cookie that carried sentences could be forged.
NOTICES: dict[str, str] = {
    "saved": N_("Saved."),
    "wishes-late": N_("Saved. The places have been given already: your wishes count for what becomes free."),
    "published": N_("Published."),
    "sent": N_("It is on its way."),
    "queued": N_("It is on its way."),
    "kept": N_("No mail is sent from here: what was written stands in the outbox."),
    "deleted": N_("Deleted."),
    "registered": N_("It is noted. This is your personal page: keep its address."),
    "withdrawn": N_("Your registration is withdrawn."),
    "given-back": N_("This phone is given back: it opens no door any more."),
    "signed-out": N_("You are signed out everywhere."),
}


class _ZippedPage(Response[str]):
    """A page that keeps its text for whoever wraps it and goes over the wire as gzip."""

    def render(self, *args: Any, **kwargs: Any) -> bytes:
        return gzip.compress(super().render(*args, **kwargs), 6, mtime=0)


def page(
    request: Request[Any, Any, Any],
    template: str,
    /,
    *,
    status_code: int = 200,
    headers: dict[str, str] | None = None,
    **context: Any,
) -> Response[str]:
    """A whole page. Adds what the layouts read (see docs/look.md)."""
    settings: Settings = request.app.state.world.settings
    code = request.cookies.get(NOTICE_COOKIE, "")
    notice = NOTICES.get("kept" if code in ("sent", "queued") and not settings.sends_mail else code)
    subject = context.get("registration") or context.get("event")
    if subject is not None and not actor_of(request).is_known:
        speak(request, subject.language)
    language = language_of(request)
    if spoken_in := getattr(context.get("event"), "spoken_in", None):
        context["event"] = spoken_in(language)  # its texts, where they were given in the reader's language
    layout: dict[str, Any] = {
        "site": {"name": settings.site_name, "territory": settings.territory, "base_url": settings.base_url},
        "mail_is_on": settings.sends_mail,
        "lang": language,
        "languages": LANGUAGES,
        "actor": _signed_in(actor_of(request)),
        "request_path": request.url.path,
        "notices": [{"kind": "success", "text": translator(language).gettext(notice)}] if notice else [],
        "csrf_input": "",  # forms carry no token: see docs/decisions/0003-cross-site.md
        "accessibility_status": None,
        "body": None,
        "organiser_nav": navigation.organiser(actor_of(request), language),
    }
    html = render(template, **layout | context)
    cookies = []
    if request.query_params.get("lang") in LANGUAGES:
        cookies.append(secure_cookie(LANGUAGE_COOKIE, language, settings, max_age=365 * 86400))
    if notice:
        cookies.append(secure_cookie(NOTICE_COOKIE, "", settings, max_age=0))
    all_headers = {"cache-control": "private, no-cache", "vary": "Cookie, Accept-Language"} | (headers or {})
    zips = takes_gzip(request.headers.get("accept-encoding", ""))
    all_headers["vary"] += ", Accept-Encoding"
    if zips:
        all_headers["content-encoding"] = "gzip"
    return (_ZippedPage if zips else Response)(
        html, status_code=status_code, media_type=MediaType.HTML, headers=all_headers, cookies=cookies
    )


def go_to(
    request: Request[Any, Any, Any], path: str, notice: str = "", cookies: list[Cookie] | None = None
) -> Response[None]:
    """303 See Other to a path of ours; `notice` is one of `NOTICES` and is shown there once."""
    kept = list(cookies or [])
    if notice:
        kept.append(secure_cookie(NOTICE_COOKIE, notice, request.app.state.world.settings, max_age=60))
    return Response(
        None, status_code=303, headers={"location": quote(path, safe="/?&=%#:+,;@-._~")}, cookies=kept
    )


def is_local_path(path: str) -> bool:
    """Whether a `next=` address stays on this site. Browsers read it without its tabs and line ends."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()


def _signed_in(actor: Actor) -> Actor | None:
    """Who is shown as signed in: a borrowed phone holds a door, and is nobody's account."""
    return actor if actor.is_known and actor.kind is not ActorKind.DOOR_DEVICE else None


def actor_of(request: Request[Any, Any, Any]) -> Actor:
    found = request.scope["state"].get("actor", ANONYMOUS)
    return found if isinstance(found, Actor) else ANONYMOUS


def language_of(request: Request[Any, Any, Any]) -> str:
    return str(request.scope["state"].get("lang", DEFAULT_LANGUAGE))


def language_wished(request: Request[Any, Any, Any]) -> bool:
    """Whether the reader asked for one of our languages."""
    return bool(request.scope["state"].get("lang_wished", False))


def speak(request: Request[Any, Any, Any], language: str) -> None:
    """Where the reader wished no language of ours, answer in that of what the page is about."""
    if not language_wished(request) and language in LANGUAGES:
        request.scope["state"]["lang"] = language
        current_language.set(language)


def secure_cookie(name: str, value: str, settings: Settings, max_age: int) -> Cookie:
    return Cookie(
        key=name, value=value, max_age=max_age, path="/", httponly=True, samesite="lax", secure=settings.https
    )
