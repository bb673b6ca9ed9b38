"""One error, answered in the way of who asked: problem details (RFC 9457) under /api, a page elsewhere."""

import logging
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from events_app.infra.database import DatabaseBusy, Unstorable
from events_app.infra.i18n import Translator, translator
from events_app.kernel.errors import (
    N_,
    AppError,
    BadRequest,
    FieldError,
    IntroductionNeeded,
    InvalidInput,
    NotFound,
    NotSignedIn,
    Unavailable,
)
from events_app.kernel.text import fill
from events_app.web.entrance import WELCOME_PATH
from events_app.web.pages import language_of, page

PROBLEM_TYPE = "application/problem+json"
API_PREFIX = "/api/"

_ADVICE = N_("If you write to us about it, please mention {id}.")

RETRY_AFTER_SECONDS = 5

log = logging.getLogger("convive.web")

AnyRequest = Request[Any, Any, Any]

# Statuses that Litestar raises by itself, in words.
_BY_STATUS: dict[int, tuple[str, str, str]] = {
    400: (BadRequest.type, BadRequest.title, BadRequest.detail),
    405: ("method-not-allowed", N_("Method not allowed"), N_("This address does not answer to this method.")),
    413: ("too-large", N_("Too large"), N_("What was sent is larger than this address accepts.")),
    415: ("unsupported-media-type", N_("Unsupported media type"), N_("This address expects another format.")),
}
_INTERNAL = (
    "internal-error",
    N_("Something went wrong"),
    N_("An error on our side prevented this. It has been noted; nothing of what you sent was half kept."),
)


class ProblemError(msgspec.Struct):
    pointer: str
    code: str
    detail: str


class Problem(msgspec.Struct, omit_defaults=True):
    """RFC 9457, with a request id and, for input, one entry per value."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[ProblemError] = []


def sentence(error: FieldError, words: Translator) -> str:
    return fill(words.gettext(error.message), error.params)


def sentences(errors: Iterable[FieldError], language: str) -> list[str]:
    """One for each error, in the reader's language."""
    words = translator(language)
    return [sentence(error, words) for error in errors]


def reasons_of(error: AppError, language: str) -> list[str]:
    """Sentences, each once: many values may be refused for the same reason."""
    errors = error.errors if isinstance(error, InvalidInput) else []
    return sentences_of(error.detail, error.fields, errors, translator(language))


def sentences_of(
    detail: str, fields: dict[str, Any], errors: Sequence[FieldError], words: Translator
) -> list[str]:
    """Of an error that was kept: `detail` is its message template, empty where there was none."""
    if errors:
        return list(dict.fromkeys(sentence(each, words) for each in errors))
    return [fill(words.gettext(detail), fields)] if detail else []


def exception_handlers() -> ExceptionHandlersMap:
    return {
        AppError: handle_app_error,
        HTTPException: handle_http_exception,
        DatabaseBusy: handle_busy_database,
        Unstorable: _handle_unstorable,
        Exception: handle_unexpected,
    }


def handle_busy_database(request: AnyRequest, _: DatabaseBusy) -> Response[Any]:
    """Busy, slow, away, or out of room; the database's own log line says which."""
    return handle_app_error(request, Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS))


def answer_for(request: AnyRequest, error: Exception) -> Response[Any]:
    """For what is raised before Litestar's own handlers."""
    for kind, handler in exception_handlers().items():
        if isinstance(kind, type) and isinstance(error, kind):
            return handler(request, error)
    return handle_unexpected(request, error)


def handle_app_error(request: AnyRequest, error: AppError) -> Response[Any]:
    words = translator(language_of(request))
    if isinstance(error, NotSignedIn) and not _wants_problem(request) and request.method == "GET":
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return Response(
            None, status_code=303, headers={"location": "/sign-in?next=" + quote(target, safe="")}
        )
    if isinstance(error, IntroductionNeeded) and not _wants_problem(request):
        return Response(None, status_code=303, headers={"location": WELCOME_PATH})
    errors = []
    if isinstance(error, InvalidInput):
        errors = [ProblemError(e.pointer, e.code, sentence(e, words)) for e in error.errors]
    problem = Problem(
        type=f"/problems/{error.type}",
        title=words.gettext(error.title),
        status=error.status,
        detail=fill(words.gettext(error.detail), error.fields),
        request_id=_request_id(request),
        errors=errors,
    )
    headers = {}
    if error.status == 401:
        headers["www-authenticate"] = "Bearer"
    if "retry_after_seconds" in error.fields:
        headers["retry-after"] = str(error.fields["retry_after_seconds"])
    return _answer(request, problem, headers, error.fields)


def _handle_unstorable(request: AnyRequest, _: Exception) -> Response[Any]:
    """Nothing that is looked for has such a name; nothing that is sent can be kept."""
    looked_for = request.method in ("GET", "HEAD")
    return handle_app_error(
        request, NotFound() if looked_for else InvalidInput.one("", "invalid", _UNACCEPTABLE)
    )


def handle_http_exception(request: AnyRequest, error: HTTPException) -> Response[Any]:
    if isinstance(error, ValidationException):
        return handle_app_error(request, InvalidInput(_validation_errors(error)))
    if error.status_code == 404:
        return handle_app_error(request, NotFound())
    if error.status_code == 401:
        return handle_app_error(request, NotSignedIn())
    if error.status_code >= 500:
        return handle_unexpected(request, error)
    kind, title, detail = _BY_STATUS.get(error.status_code, _BY_STATUS[400])
    words = translator(language_of(request))
    problem = Problem(
        f"/problems/{kind}",
        words.gettext(title),
        error.status_code,
        words.gettext(detail),
        _request_id(request),
    )
    return _answer(request, problem, dict(error.headers or {}), {})


def handle_unexpected(request: AnyRequest, error: Exception) -> Response[Any]:
    # The route's pattern, not the path: personal links must not reach the log.
    handler = request.scope.get("route_handler")
    log.exception("request %s: %s", _request_id(request), handler or "no route", exc_info=error)
    kind, title, detail = _INTERNAL
    words = translator(language_of(request))
    problem = Problem(
        f"/problems/{kind}", words.gettext(title), 500, words.gettext(detail), _request_id(request)
    )
    return _answer(request, problem, {}, {})


def _answer(
    request: AnyRequest, problem: Problem, headers: dict[str, str], fields: dict[str, Any]
) -> Response[Any]:
    if _wants_problem(request):
        return Response(
            msgspec.json.encode(problem), status_code=problem.status, media_type=PROBLEM_TYPE, headers=headers
        )
    shown = {
        "status": problem.status,
        "title": problem.title,
        "explanation": problem.detail,
        "reasons": list(dict.fromkeys(error.detail for error in problem.errors)),
        "back": _came_from(request),
        "advice": translator(language_of(request)).gettext(_ADVICE).replace("{id}", problem.request_id),
    }
    return page(
        request, "error.html", status_code=problem.status, headers=headers, problem=shown, fields=fields
    )


def _came_from(request: AnyRequest) -> str:
    """The page of ours that led here, if the browser says so and it is another address."""
    try:
        came = urlsplit(request.headers.get("referer", ""))
    except ValueError:  # no address at all
        return ""
    here = request.url
    if came.netloc != request.headers.get("host") or came.path.startswith("//"):
        return ""
    way = came.path + (f"?{came.query}" if came.query else "")
    same = request.method == "GET" and way == here.path + (f"?{here.query}" if here.query else "")
    return "" if same else way


def _wants_problem(request: AnyRequest) -> bool:
    path = request.url.path
    return path.startswith(API_PREFIX) or "application/json" in request.headers.get("accept", "")


def _request_id(request: AnyRequest) -> str:
    return str(request.scope["state"].get("request_id", ""))


def _validation_errors(error: ValidationException) -> list[FieldError]:
    """Litestar's and msgspec's words, as pointers; their English stays out of the page."""
    extra = error.extra if isinstance(error.extra, list) else []
    found = [
        field_error(str(item.get("key", "")), str(item.get("message", "")))
        for item in extra
        if isinstance(item, dict)
    ]
    return found or [FieldError("", "invalid", _UNACCEPTABLE)]


_UNACCEPTABLE = N_("This value cannot be accepted.")
_ABOUT_A_FIELD = {
    "Object contains unknown field `": ("unknown-field", N_("This field is not known here.")),
    "Object missing required field `": ("required", N_("This field is needed.")),
}


def path_and_message(text: str) -> tuple[str, str]:
    """Of msgspec's words for a value: `Expected str - at $.gate`."""
    message, _, path = text.partition(" - at `")
    return path.strip("`").removeprefix("$").removeprefix("."), message


def field_error(key: str, message: str) -> FieldError:
    """`scans[0].gate` is `/scans/0/gate`; msgspec names an unknown or missing field in its message only, and
    the key of a mapping (`[...]`) not at all."""
    path = key.replace("[...]", "").replace("[", "/").replace("]", "").replace(".", "/")
    path = "" if key in ("", "data") else f"/{path}"
    for beginning, (code, words) in _ABOUT_A_FIELD.items():
        if message.startswith(beginning):
            name = message.removeprefix(beginning).partition("`")[0]
            return FieldError(f"{path}/{name}", code, words)
    return FieldError(path, "invalid", _UNACCEPTABLE)
