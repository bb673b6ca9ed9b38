"""What bad input gets from the pages: a sentence beside the field, what was typed kept, 422, no write."""

import html
import re
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlencode

import httpx
import pytest

from tests.integration.rights_table import PERSON, ROUTES
from tests.integration.site import BASE, Site, answer_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

REGISTER = "POST /events/{slug}/register"
EDIT = "POST /org/events/{slug}/edit"
NEW_SESSION = "POST /org/events/{slug}/programme/new"
FORM_TYPE = {"content-type": "application/x-www-form-urlencoded"}
LONG = "a" * 10_000
SCRIPT = "<script>alert(1)</script>"
# Every form of the site.
POSTS = [route for route, line in ROUTES.items() if route.startswith("POST /") and " /api/" not in route]


async def form_of(site: Site, route: str) -> tuple[str, dict[str, Any], str]:
    """Where it is sent, what a browser would send, and on which place."""
    method_path, line = route.split(" ")[1], ROUTES[route]
    name = "own" if line.own else "own_draft"
    place = site.two.places[name]
    fields = await site.form_on(line.page, line, place) if line.page else {}
    return site.path_of(method_path, line, place), fields | site.filled_form(line, place), name


async def post(
    site: Site, path: str, content: bytes, headers: dict[str, str] | None = None
) -> httpx.Response:
    sent = site.two.callers["administrator"].headers | FORM_TYPE | (headers or {})
    return await answer_of(
        site.app, httpx.Request("POST", BASE + path, content=content, headers=sent), beginning_only=False
    )


async def sent_with(site: Site, route: str, **changes: str) -> tuple[httpx.Response, bool]:
    """The answer to the untouched form with `changes` (`__` for a dot), and whether anything was written."""
    path, fields, _ = await form_of(site, route)
    fields |= {name.replace("__", "."): value for name, value in changes.items()}
    before = site.writes()
    answer = await post(site, path, urlencode(fields, doseq=True).encode())
    wrote = site.writes() != before
    site.put_back()
    return answer, wrote


def value_of(page: str, name: str) -> str:
    """What stands in a field of the page."""
    found = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', page)
    assert found is not None, name
    value = re.search(r'value="([^"]*)"', found[0])
    return html.unescape(value[1]) if value else ""


def sentences_at(page: str, name: str) -> list[str]:
    """What `aria-describedby` of the field names: hint and error."""
    field = re.search(rf'<(?:input|select|textarea)[^>]*name="{re.escape(name)}"[^>]*>', page)
    assert field is not None, name
    assert 'aria-invalid="true"' in field[0]
    described = re.search(r'aria-describedby="([^"]*)"', field[0])
    assert described is not None
    texts = [
        re.search(rf'<(\w+)[^>]*id="{re.escape(name)}"[^>]*>(.*?)</\1>', page, re.S)
        for name in described[1].split()
    ]
    return [re.sub(r"<[^>]*>", "", text[2]).strip() for text in texts if text]


@pytest.mark.parametrize(
    ("route", "field", "typed"),
    [
        (REGISTER, "given_name", LONG),
        (REGISTER, "given_name", "\U0001f600"),
        (REGISTER, "family_name", "..."),
        (REGISTER, "email", "a@b, evil@x"),
        (REGISTER, "email", "a@example.org\r\nBcc: evil@example.org"),
        (REGISTER, "email", SCRIPT),
        (EDIT, "title", ""),
        (EDIT, "title", LONG),
        (EDIT, "slug", "lens-brouillon"),
        (EDIT, "slug", "../etc"),
        (EDIT, "starts_at", "2018-03-25T02:30"),
        (EDIT, "starts_at", "2201-01-01T00:00"),
        (EDIT, "starts_at", "demain"),
        (EDIT, "ends_at", "2018-04-10T10:00"),
        (EDIT, "capacity", "0"),
        (EDIT, "capacity", "-1"),
        (EDIT, "capacity", "9223372036854775808"),
        (EDIT, "capacity", "1e400"),
        (EDIT, "capacity", "²"),
        (NEW_SESSION, "title", ""),
        (NEW_SESSION, "starts_at", "2018-04-09T10:00"),
        (NEW_SESSION, "capacity_max", "0"),
    ],
)
async def test_a_sentence_stands_beside_the_field(site: Site, route: str, field: str, typed: str) -> None:
    answer, wrote = await sent_with(site, route, **{field: typed})
    assert (answer.status_code, wrote) == (422, False)
    assert any(sentences_at(answer.text, field))
    assert " ".join(value_of(answer.text, field).split()) == " ".join(typed.split())
    assert SCRIPT not in answer.text


async def test_everything_typed_is_kept_and_every_error_is_said_at_once(site: Site) -> None:
    answer, wrote = await sent_with(
        site, REGISTER, given_name=LONG, email="pas une adresse", family_name="Delattre-Önder"
    )
    assert (answer.status_code, wrote) == (422, False)
    assert sentences_at(answer.text, "given_name")
    assert sentences_at(answer.text, "email")
    assert value_of(answer.text, "family_name") == "Delattre-Önder"
    assert value_of(answer.text, "email") == "pas une adresse"


async def test_minimum_above_maximum(site: Site) -> None:
    answer, wrote = await sent_with(site, NEW_SESSION, title="Neuf", capacity_min="9", capacity_max="8")
    assert (answer.status_code, wrote) == (422, False)
    assert sentences_at(answer.text, "capacity_min")


async def test_the_same_wish_twice_and_a_foreign_one(site: Site) -> None:
    for second in ("mental", "d-un-autre"):
        answer, wrote = await sent_with(site, REGISTER, preferences__0="mental", preferences__1=second)
        assert (answer.status_code, wrote) == (422, False)
        assert any(sentences_at(answer.text, "preferences.1"))


async def test_a_picture_that_is_none_saves_nothing_of_the_event(site: Site) -> None:
    path, fields, _ = await form_of(site, EDIT)
    before = site.writes()
    request = httpx.Request(
        "POST",
        BASE + path,
        data=fields | {"title": "Autre titre"},
        files={"image": ("photo.png", b"\x89PNG\r\n\x1a\nrien", "image/png")},
        headers=site.two.callers["administrator"].headers,
    )
    answer = await answer_of(site.app, request, beginning_only=False)
    assert (answer.status_code, site.writes() != before) == (422, False)
    assert value_of(answer.text, "title") == "Autre titre"


@pytest.mark.parametrize("name", [SCRIPT, '"><img src=x onerror=alert(1)>', "=cmd()", "مريم", "{{ 7*7 }}"])
async def test_odd_names_are_shown_as_text_and_exported_as_text(site: Site, name: str) -> None:
    path, fields, _ = await form_of(site, REGISTER)
    answer = await post(site, path, urlencode(fields | {"given_name": name}).encode())
    assert answer.status_code == 303
    who = site.two.callers["administrator"].headers
    for page in ("/org/events/lens/registrations", "/org/events/lens/registrations.csv"):
        found = await answer_of(site.app, httpx.Request("GET", BASE + page, headers=who), False)
        assert found.status_code == 200
        if page.endswith(".csv"):
            assert not re.search(r'(?:^|[;"\n])=cmd', found.text)
        else:
            assert name in html.unescape(found.text)
            assert SCRIPT not in found.text
            assert "<img src=x" not in found.text
    site.put_back()


async def test_the_same_title_everywhere_it_is_shown_is_text(site: Site) -> None:
    path, fields, _ = await form_of(site, EDIT)
    changed = fields | {"title": SCRIPT, "summary": SCRIPT, "description": SCRIPT, "venue.name": SCRIPT}
    assert (await post(site, path, urlencode(changed, doseq=True).encode())).status_code == 303
    for route, line in ROUTES.items():
        method, address = route.split(" ")
        if method != "GET" or not line.own or line.stream or "/api/" in address:
            continue
        place, caller = site.two.places["own"], site.two.callers["administrator"]
        page = await site.call(method, address, line, place, caller)
        if page.headers.get("content-type", "").startswith("text/html"):
            assert SCRIPT not in page.text, route
    site.put_back()


PARTS = "multipart/form-data; boundary=x"
TITLE_PART = b'Content-Disposition: form-data; name="title"'
RAW: list[tuple[bytes, str]] = [
    (b"", FORM_TYPE["content-type"]),
    (b"", "text/plain"),
    (b"\xff\xfe=\xff&title=\xed\xa0\x80", FORM_TYPE["content-type"]),
    (b"title=%ff%fe&email=%ED%A0%80&x=%00&%=%zz", FORM_TYPE["content-type"]),
    (b"&&&===", FORM_TYPE["content-type"]),
    (b"title=a&title=b&email=a&email=b", FORM_TYPE["content-type"]),
    (b'{"title": 1}', "application/json"),
    (b"title=a", "multipart/form-data"),
    (b"--x\r\n\r\n", PARTS),
    (b"--x\r\n" + TITLE_PART + b"\r\n\r\n\xff\r\n--x--", PARTS),
    (b"--x\r\n" + TITLE_PART + b'; filename="a"\r\n\r\nb\r\n--x--', PARTS),
    (b"a=b", ";;;="),
]


@pytest.mark.parametrize("route", POSTS)
async def test_no_form_breaks_on_a_body_that_no_browser_sends(site: Site, route: str) -> None:
    path, _, _ = await form_of(site, route)
    for raw, kind in RAW:
        answer = await post(site, path, raw, {"content-type": kind})
        assert answer.status_code < 500, (raw, kind)
        site.put_back()


NASTY = [
    "%ED%A0%80", "%FF", "%00", "a%00b", "a%0D%0ABcc:%20x@y", quote_plus("\U0001f600"),
    quote_plus("\u202eabc"),
    quote_plus(SCRIPT), quote_plus("a@b, evil@x"), "-1", "9223372036854775808", "1e400", "NaN",
    quote_plus("١٢"), quote_plus("²"), "2018-03-25T02:30", "9999-12-31T23:59", "0001-01-01T00:00",
    "//evil.example", LONG,
]  # fmt: skip


@pytest.mark.parametrize("route", POSTS)
async def test_no_field_of_any_form_breaks(site: Site, route: str) -> None:
    """Each field in turn, the others as they were: never a 500, never off the site, never markup."""
    path, fields, _ = await form_of(site, route)
    flat = parse_qsl(urlencode(fields, doseq=True), keep_blank_values=True)
    for index, (name, _) in enumerate(flat):
        # Two of the texts for each field, in turn: all of them over a form's fields.
        for nasty in (NASTY[index % len(NASTY)], NASTY[(index * 7 + 3) % len(NASTY)]):
            others = [quote_plus(n) + "=" + quote_plus(v) for i, (n, v) in enumerate(flat) if i != index]
            content = "&".join([*others, f"{quote_plus(name)}={nasty}"]).encode()
            answer = await post(site, path, content)
            site.put_back()
            assert answer.status_code < 500, (name, nasty)
            assert answer.headers.get("location", "/").startswith("/")
            assert not answer.headers.get("location", "/").startswith("//")
            assert SCRIPT not in answer.text


@pytest.mark.parametrize("route", [r for r in ROUTES if r.startswith("GET /") and "{token}" in r])
async def test_a_wrong_link_shows_nothing(site: Site, route: str) -> None:
    address = route.split(" ")[1]
    for token in ("x", "%00", "%ff", "..%2f..", "a" * 9000, "\U0001f600"):
        request = httpx.Request("GET", BASE + address.replace("{token}", token))
        answer = await answer_of(site.app, request, beginning_only=False)
        assert answer.status_code in (400, 404, 410), (token, answer.status_code)
        assert "Personne" not in answer.text


async def test_a_sign_in_link_works_once(site: Site) -> None:
    path = f"/sign-in/{site.two.places['own']['sign_in_token']}"
    assert (await post(site, path, b"")).status_code == 303
    assert (await post(site, path, b"")).status_code == 410
    site.put_back()


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example", "/\r\nX: y"])
async def test_no_page_sends_people_away(site: Site, target: str) -> None:
    request = httpx.Request(
        "GET",
        BASE + "/sign-in?" + urlencode({"next": target}),
        headers=site.two.callers["administrator"].headers,
    )
    answer = await answer_of(site.app, request, beginning_only=False)
    assert answer.headers["location"] == "/org"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("accept-language", b"\xff"),
        ("accept-language", b"fr;q=abc,*;q=1e400,en;q=NaN," * 300),
        ("cookie", b'\xff=\xff;;;=;a="'),
        ("cookie", b"convive_session=\xed\xa0\x80; convive_lang=\xff; convive_notice=<script>"),
        ("cookie", b"convive_door=%00"),
        ("cookie", b"a=1; " * 5000),
        ("if-none-match", b"\xff"),
        ("if-modified-since", b"Fri, 31 Dec 9999 23:59:59 -2359"),
        ("if-modified-since", b"Thu, 99 Foo 99999 99:99:99 GMT"),
        ("range", b"bytes=abc"),
        ("accept-encoding", b"\xff gzip"),
        ("x-forwarded-for", b"\xff,,,"),
        ("host", b"\xff[["),
        ("content-type", b"\xff/;;="),
    ],
)
async def test_no_public_page_breaks_on_a_header(site: Site, name: str, value: bytes) -> None:
    for path in ("/", "/events/lens", "/calendar.ics", "/events/lens/register", "/sign-in", "/api/v1/events"):
        request = httpx.Request("GET", BASE + path, headers={name: value})
        answer = await answer_of(site.app, request, beginning_only=False)
        assert answer.status_code < 500, path
        assert "evil" not in str(answer.headers)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../etc/passwd", "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/static/..%2f..%2fpyproject.toml",
        "/static/%00", "/static/css/%ff", "/static//etc/passwd", "/vendor/..%2f..%2fpackage.json",
        "/static/" + "a" * 5000, "/%00", "/%ff", "/" + "a/" * 3000, "/events/%2e%2e", "/api/v2/events",
        "/api",
        "/files/x", "/files/00000000-0000-0000-0000-000000000000", "/tickets/x.exe", "/tickets/%00.svg",
    ],
)  # fmt: skip
async def test_odd_addresses_are_not_found(site: Site, path: str) -> None:
    for method in ("GET", "HEAD"):
        request = httpx.Request(method, httpx.URL(BASE).copy_with(raw_path=path.encode()))
        answer = await answer_of(site.app, request, beginning_only=False)
        assert answer.status_code in (400, 404, 405), (method, answer.status_code)
        assert "root:" not in answer.text
        assert "[project]" not in answer.text


async def test_the_person_of_the_tests_is_welcome(site: Site) -> None:
    """Otherwise the refusals above could have another reason."""
    answer, wrote = await sent_with(site, REGISTER, email=PERSON["email"])
    assert (answer.status_code, wrote) == (303, True)
