"""A deed touches whom and what it names: an id or a code that is unknown, another event's, empty or sent
twice is refused whole, and nothing is written."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from tests.integration.rights_table import MEETINGS, ROUTES, Line
from tests.integration.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="module")
MAY_BE_EMPTY = {"chair"}
"""Nobody at all, as the page offers it."""
NOBODY = "018f2f3c-1111-7222-8333-444455556666"
EVENT = "POST /org/events/{slug}"
MESSAGE = {"subject": "Le parking", "text": "Il est plein."}

BESIDE: list[tuple[str, str, dict[str, str], dict[str, str]]] = [
    ("POST /me/{token}/withdraw", "who", {"who": "{registration_id}"}, {}),
    (f"{EVENT}/registrations/many", "action", {}, {}),
    (f"{EVENT}/networking/{{code}}/hosts", "remove", {"remove": NOBODY}, {}),
    (f"{EVENT}/networking/{{code}}/rules", "remove", {"remove": "0"}, {}),
    (f"{EVENT}/networking/{{code}}/attendance", "remove", {"remove": NOBODY}, MEETINGS),
    (f"{EVENT}/networking/{{code}}/plans/{{plan_id}}/locks", "do", {}, {}),
    (f"{EVENT}/networking/{{code}}/live/presence", "state", {}, {}),
    (f"{EVENT}/placement/{{run_id}}/move", "slot", {}, {}),
    (f"{EVENT}/placement/{{run_id}}/move", "session", {}, {}),
    (f"{EVENT}/placement/{{run_id}}/lock", "slot", {}, {}),
    (f"{EVENT}/messages/{{message_id}}/do", "deed", {}, {}),
    ("POST /org/accesses/{account_id}", "do", {}, {}),
    ("POST /me/{token}/consents/{code}", "do", {}, {}),
]
"""Fields that choose and stand in the table with a fixed value, or not at all."""


def chosen() -> Iterator[tuple[str, str, Line]]:
    """Each field of a form that says who or what."""
    for route, line in ROUTES.items():
        for name, value in (line.form or {}).items():
            if value.startswith("{"):
                yield route, name, line
    for route, name, form, names in BESIDE:
        line = ROUTES[route]
        yield (
            route,
            name,
            msgspec.structs.replace(line, form={**(line.form or {}), **form}, names={**line.names, **names}),
        )


def others(site: Site, line: Line, field: str) -> dict[str, Any]:
    right, foreign, draft = (
        site.filled_form(line, site.two.places[name])[field] for name in ("own", "foreign", "own_draft")
    )
    found = {
        "empty": "",
        "a word": "nobody",
        "unknown": NOBODY,
        "twice": [right, NOBODY],
        "twice, the other way": [NOBODY, right],
    }
    if field in MAY_BE_EMPTY:
        del found["empty"]
    return found | {"foreign": foreign, "draft": draft} if len({right, foreign, draft}) == 3 else found


async def test_a_form_does_what_it_says_to_whom_it_names(site: Site) -> None:
    own, administrator = site.two.places["own"], site.two.callers["administrator"]
    wrong = []
    for route, field, line in chosen():
        method, path = route.split(" ")
        for what, value in others(site, line, field).items():
            sent = msgspec.structs.replace(line, form=dict(line.form or {}) | {field: value})
            before = site.writes()
            answer = await site.call(method, path, sent, own, administrator)
            if answer.status_code not in (404, 409, 422) or site.writes() != before:
                wrong.append(
                    f"{route}, {field} {what}: {answer.status_code}, {site.writes() - before} writes"
                )
            site.put_back()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("field", ["status", "session", "profile", "presence", "consent", "kind"])
async def test_a_message_is_for_nobody_but_whom_it_names(site: Site, field: str) -> None:
    line = msgspec.structs.replace(ROUTES[f"{EVENT}/messages/new"], form=MESSAGE | {field: "nobody"})
    before = site.writes()
    answer = await site.call(
        "POST", "/org/events/{slug}/messages/new", line, site.two.places["own"], site.two.callers["organiser"]
    )
    assert (answer.status_code, site.writes()) == (422, before)
    site.put_back()


@pytest.mark.parametrize("field", ["status", "session", "profile", "consent", "tag"])
async def test_all_of_a_list_that_is_no_more_is_not_all_of_the_event(site: Site, field: str) -> None:
    """A tag that somebody took off everybody, a workshop that somebody deleted meanwhile."""
    form = {"action": "cancel", "everyone": "1", "sure": "1", field: "nobody"}
    line = msgspec.structs.replace(ROUTES[f"{EVENT}/registrations/many"], form=form)
    before = site.writes()
    answer = await site.call(
        "POST",
        "/org/events/{slug}/registrations/many",
        line,
        site.two.places["own"],
        site.two.callers["organiser"],
    )
    assert (answer.status_code, site.writes()) == (422, before)
    site.put_back()
