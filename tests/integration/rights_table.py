"""Who may call each route: the whole of it, one line a route.

A line names who may on the own body's published event ("own"); where it differs, who may on its draft, and
who may on another body's published event and draft ("foreign"). Callers are those of `two_bodies`.
Routes whose secret stands in the address (personal links, tickets, sign-in links) are open to whoever has it.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

Callers = frozenset[str]

ADMINISTRATORS = frozenset({"administrator"})
ORGANISERS = frozenset({"administrator", "organiser", "key_organiser", "key_bound"})
SCANNERS = ORGANISERS | {"door", "key_door", "device"}
READERS = ORGANISERS | {"key_reader"}
MEMBERS = SCANNERS | READERS | {"coach"}
ACCOUNTS = frozenset({"administrator", "organiser", "door", "coach", "outsider"})
MEMBER_ACCOUNTS = ACCOUNTS - {"outsider"}
SIGNED_IN = MEMBERS | ACCOUNTS
EVERYBODY = SIGNED_IN | {"anonymous", "participant"}
NOBODY: Callers = frozenset()
BOUND = frozenset({"key_bound", "device", "participant"})
"""Callers who belong to the own published event and to no other."""

EVENT = {
    "title": "Monkey Time",
    "starts_at": "2018-04-10T14:00:00+02:00",
    "ends_at": "2018-04-10T16:00:00+02:00",
}
SESSION = {
    "code": "nouveau",
    "title": "Nouvel atelier",
    "kind": "workshop",
    "starts_at": "2018-04-10T14:30:00+02:00",
    "ends_at": "2018-04-10T15:30:00+02:00",
}
PERSON = {"email": "nouvelle@example.org", "given_name": "Nour", "family_name": "Delattre"}
PROGRAMME = "titre;début;fin\nCafé;14:00;14:30\n"
SCAN = {"scan_id": "un-scan", "ticket_code": "{ticket}", "gate": "Nord"}


MANAGE = {"token": "manage_token"}
ROOM = {"code": "room"}
MEETINGS = {"code": "meetings"}
ASSEMBLY = {"slug": "assembly"}
SERIES = {"slug": "series"}
SPARE = {"slug": "assembly", "seat_id": "spare_seat_id"}
NUMBERED = {"number": "item_number"}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """`json`, `form`, `content` (as CSV), `query`: what is sent, `{names}` filled from the place. `names`:
    path parameters that are called otherwise in the place. `page`: the page whose form a browser would send,
    with what `form` says instead. `stream`: only the beginning of the answer is read."""

    own: Callers
    own_draft: Callers
    foreign: Callers
    foreign_draft: Callers
    json: Any = None
    form: Mapping[str, str] | None = None
    content: str = ""
    query: str = ""
    names: Mapping[str, str] = {}
    page: str = ""
    stream: bool = False


def line(
    own: Callers,
    *,
    draft: Callers | None = None,
    foreign: Callers = NOBODY,
    foreign_draft: Callers | None = None,
    **sent: Any,
) -> Line:
    """Without `draft`, whoever may and is not bound to the other event; without `foreign`, nobody."""
    return Line(
        own=own,
        own_draft=own - BOUND if draft is None else draft,
        foreign=foreign,
        foreign_draft=foreign if foreign_draft is None else foreign_draft,
        **sent,
    )


def public(**sent: Any) -> Line:
    """For everybody, or a secret in the address."""
    return line(EVERYBODY, draft=EVERYBODY, foreign=EVERYBODY, **sent)


def announced(**sent: Any) -> Line:
    """For everybody once it is announced; before, for the members of its body."""
    return line(EVERYBODY, draft=MEMBERS - BOUND, foreign=EVERYBODY, foreign_draft=NOBODY, **sent)


def of_nobody_in_particular(callers: Callers, **sent: Any) -> Line:
    """No object in the address: the same whatever event is thought of."""
    return line(callers, draft=callers, foreign=callers, **sent)


API: dict[str, Line] = {
    "GET /api/v1/openapi.json": public(),
    "GET /api/v1/docs": public(),
    "GET /api/v1/bodies": of_nobody_in_particular(READERS),
    "POST /api/v1/bodies": of_nobody_in_particular(ADMINISTRATORS, json={"name_with_article": "la Ligue"}),
    "GET /api/v1/bodies/{slug}": line(READERS, draft=READERS, foreign=ADMINISTRATORS, names={"slug": "body"}),
    "PATCH /api/v1/bodies/{slug}": line(
        ADMINISTRATORS,
        draft=ADMINISTRATORS,
        foreign=ADMINISTRATORS,
        names={"slug": "body"},
        json={"contact_email": "a@example.org"},
    ),
    "GET /api/v1/statistics": of_nobody_in_particular(READERS),
    "GET /api/v1/events": public(),
    "POST /api/v1/events": of_nobody_in_particular(
        ORGANISERS - {"key_bound"}, json={**EVENT, "slug": "un-autre"}
    ),
    "GET /api/v1/events/{slug}": announced(),
    "PATCH /api/v1/events/{slug}": line(ORGANISERS, json={"summary": "Autre"}),
    "POST /api/v1/events/{slug}/publish": line(ORGANISERS),
    "POST /api/v1/events/{slug}/cancel": line(ORGANISERS, json={"reason": "Neige"}),
    "POST /api/v1/events/{slug}/postpone": line(ORGANISERS, json={"reason": "Neige"}),
    "POST /api/v1/events/{slug}/clone": line(
        ORGANISERS - {"key_bound"}, json={"slug": "copie", "starts_at": "2018-06-10T14:00:00+02:00"}
    ),
    "GET /api/v1/events/{slug}/sessions": announced(),
    "POST /api/v1/events/{slug}/sessions": line(ORGANISERS, json=SESSION),
    "GET /api/v1/events/{slug}/sessions/{code}": announced(),
    "PATCH /api/v1/events/{slug}/sessions/{code}": line(ORGANISERS, json={"room": "Salle 3"}),
    "DELETE /api/v1/events/{slug}/sessions/{code}": line(ORGANISERS),
    "POST /api/v1/events/{slug}/registrations": announced(json=PERSON),
    "GET /api/v1/events/{slug}/registrations": line(READERS),
    "GET /api/v1/events/{slug}/history": line(ORGANISERS),
    "POST /api/v1/events/{slug}/unpublish": line(ORGANISERS),
    "POST /api/v1/events/{slug}/tallies": line(
        SCANNERS, json={"tallies": [{"tally_id": "un", "site": "Parc", "direction": "in"}]}
    ),
    "GET /api/v1/events/{slug}/tallies": line(SCANNERS | READERS),
    "GET /api/v1/events/{slug}/counting": line(SCANNERS | READERS),
    "PUT /api/v1/events/{slug}/counting": line(ORGANISERS, json={"sites": [{"name": "Parc"}]}),
    "POST /api/v1/my-tickets": public(json={"email": "a@example.org"}),
    "GET /api/v1/registrations/{registration_id}": line(READERS | {"participant"}),
    "GET /api/v1/registrations/{registration_id}/attendance": line(READERS | {"participant"}),
    "PATCH /api/v1/registrations/{registration_id}": line(
        ORGANISERS | {"participant"}, json={"organisation": "Ville"}
    ),
    "POST /api/v1/registrations/{registration_id}/cancel": line(ORGANISERS | {"participant"}),
    "POST /api/v1/registrations/{registration_id}/approve": line(ORGANISERS),
    "POST /api/v1/registrations/{registration_id}/refuse": line(
        ORGANISERS, names={"registration_id": "waiting_registration_id"}
    ),
    "GET /api/v1/events/{slug}/registrations.csv": line(READERS),
    "POST /api/v1/events/{slug}/registrations/import": line(
        ORGANISERS, content="email;given_name\nimportee@example.org;Ana\n"
    ),
    "POST /api/v1/events/{slug}/programme/import": line(ORGANISERS, content=PROGRAMME),
    "GET /api/v1/events/{slug}/registrations.xlsx": line(READERS),
    "POST /api/v1/registrations/{registration_id}/restore": line(ORGANISERS),
    "POST /api/v1/events/{slug}/registrations/bulk": line(
        ORGANISERS, json={"action": "cancel", "ids": ["{registration_id}"]}
    ),
    "PUT /api/v1/registrations/{registration_id}/preferences": line(
        ORGANISERS | {"participant"}, json={"preferences": ["confiance"]}
    ),
    "GET /api/v1/registrations/{registration_id}/notes": line(READERS),
    "POST /api/v1/registrations/{registration_id}/notes": line(ORGANISERS, json={"text": "À rappeler"}),
    "DELETE /api/v1/registrations/{registration_id}/notes/{note_id}": line(ORGANISERS),
    "GET /api/v1/search": of_nobody_in_particular(READERS, query="q=quevrechin"),
    "PUT /api/v1/registrations/{registration_id}/sessions": line(
        ORGANISERS | {"participant"}, json={"sessions": ["pleniere"]}
    ),
    # To the group of somebody who waits, since the event is full: the participant's link opens another one.
    "POST /api/v1/registrations/{registration_id}/companions": line(
        ORGANISERS,
        json={"given_name": "Nur"},
        names={"registration_id": "waiting_registration_id"},
    ),
    "PUT /api/v1/registrations/{registration_id}/consents/{code}": line(
        frozenset({"participant"}), names={"code": "consent"}
    ),
    "DELETE /api/v1/registrations/{registration_id}/consents/{code}": line(
        ORGANISERS | {"participant"}, names={"code": "consent"}
    ),
    "POST /api/v1/events/{slug}/assignments": line(ORGANISERS, json={}),
    "GET /api/v1/events/{slug}/assignments": line(ORGANISERS),
    "GET /api/v1/assignments/{run_id}": line(ORGANISERS),
    "GET /api/v1/assignments/{run_id}/why": line(ORGANISERS, query="registration={registration_id}"),
    "GET /api/v1/assignments/{run_id}/what-if": line(ORGANISERS, query="session=confiance&change=more"),
    "PATCH /api/v1/assignments/{run_id}": line(
        ORGANISERS, json={"places": [{"registration": "{registration_id}", "session": "confiance"}]}
    ),
    "POST /api/v1/assignments/{run_id}/publish": line(ORGANISERS),
    "GET /api/v1/events/{slug}/sessions/{code}/room": line(ORGANISERS, names=ROOM),
    "PUT /api/v1/events/{slug}/sessions/{code}/room": line(
        ORGANISERS,
        names=ROOM,
        json={"rounds": 3, "minutes": 15, "pause_minutes": 5, "tables": 1, "mix": "organisation"},
    ),
    "POST /api/v1/events/{slug}/sessions/{code}/room/proposals": line(
        ORGANISERS, names=ROOM, json={"seed": 7}
    ),
    # The plan of `two_bodies` is published in its `ROOM`.
    "GET /api/v1/events/{slug}/sessions/{code}/room/board": line(SCANNERS - {"device"}, names=ROOM),
    "POST /api/v1/events/{slug}/sessions/{code}/room/presence": line(
        SCANNERS - {"device"},
        names=ROOM,
        json={"registration": "{registration_id}", "state": "late"},
    ),
    "POST /api/v1/events/{slug}/sessions/{code}/room/next": line(ORGANISERS, names=ROOM, json={"round": 1}),
    "POST /api/v1/events/{slug}/sessions/{code}/room/release": line(ORGANISERS, names=ROOM),
    "GET /api/v1/events/{slug}/sessions/{code}/room/mutual": line(ORGANISERS, names=ROOM),
    "GET /api/v1/events/{slug}/sessions/{code}/room/report": line(READERS, names=ROOM),
    "PUT /api/v1/registrations/{registration_id}/again": line(
        ORGANISERS | {"participant"}, json={"with": []}
    ),
    "GET /api/v1/plans/{plan_id}": line(ORGANISERS),
    "PATCH /api/v1/plans/{plan_id}": line(
        ORGANISERS, json={"moves": [{"registration": "{registration_id}", "round": 2, "table": 1}]}
    ),
    "POST /api/v1/plans/{plan_id}/publish": line(ORGANISERS),
    "POST /api/v1/plans/{plan_id}/unpublish": line(ORGANISERS),
    "PUT /api/v1/registrations/{registration_id}/meeting-wishes/{code}": line(
        ORGANISERS | {"participant"},
        names=MEETINGS,
        json={"wishes": [{"registration": "{other_registration_id}", "value": "wish"}]},
    ),
    "GET /api/v1/plans/{plan_id}/{paper}": line(ORGANISERS, names={"paper": "paper"}),
    "GET /api/v1/events/{slug}/messages": line(ORGANISERS),
    "POST /api/v1/events/{slug}/messages": line(
        ORGANISERS, json={"subject": "Le parking", "text": "Bonjour {{ given_name }}, il est plein."}
    ),
    "GET /api/v1/messages/{message_id}": line(ORGANISERS),
    "PATCH /api/v1/messages/{message_id}": line(ORGANISERS, json={"subject": "Le parking"}),
    "DELETE /api/v1/messages/{message_id}": line(ORGANISERS),
    "POST /api/v1/messages/{message_id}/test": line(ORGANISERS, json={"to": "moi@example.org"}),
    "POST /api/v1/messages/{message_id}/send": line(ORGANISERS),
    "POST /api/v1/messages/{message_id}/cancel": line(ORGANISERS),
    "POST /api/v1/events/{slug}/scans": line(SCANNERS, json=SCAN),
    "POST /api/v1/events/{slug}/scans/batch": line(SCANNERS, json={"scans": [SCAN]}),
    "POST /api/v1/events/{slug}/walk-ins": line(
        SCANNERS, json={"scan_id": "sans-inscription", "given_name": "Nadia", "consent": True}
    ),
    "POST /api/v1/events/{slug}/scans/{scan_id}/void": line(SCANNERS, json={"scan_id": "une-annulation"}),
    "GET /api/v1/events/{slug}/door/people": line(SCANNERS, query="q=personne"),
    "GET /api/v1/events/{slug}/door/manifest": line(SCANNERS),
    "GET /api/v1/events/{slug}/door/news": line(SCANNERS),
    "GET /api/v1/events/{slug}/door/names": line(SCANNERS),
    "GET /api/v1/events/{slug}/stats": line(READERS),
    "GET /api/v1/events/{slug}/papers": line(READERS),
    "GET /api/v1/series": of_nobody_in_particular(READERS),
    "POST /api/v1/series": of_nobody_in_particular(ORGANISERS - BOUND, json={"title": "Cycle"}),
    "GET /api/v1/series/{slug}": line(READERS - BOUND, names=SERIES),
    "PUT /api/v1/series/{slug}": line(ORGANISERS - BOUND, names=SERIES, json={"title": "Cycle"}),
    "GET /api/v1/series/{slug}/matrix": line(READERS - BOUND, names=SERIES),
    "GET /api/v1/series/{slug}/{paper}": line(READERS - BOUND, names=SERIES | {"paper": "series_paper"}),
    "GET /api/v1/assemblies": of_nobody_in_particular(READERS),
    "POST /api/v1/assemblies": of_nobody_in_particular(
        ORGANISERS - BOUND, json={"name": "Bureau", "family": "free"}
    ),
    "GET /api/v1/assemblies/{slug}": line(READERS - BOUND, names=ASSEMBLY),
    "PUT /api/v1/assemblies/{slug}": line(
        ORGANISERS - BOUND, names=ASSEMBLY, json={"name": "Bureau", "family": "free"}
    ),
    "GET /api/v1/assemblies/{slug}/rules": line(READERS - BOUND, names=ASSEMBLY),
    "GET /api/v1/assemblies/{slug}/seats": line(READERS - BOUND, names=ASSEMBLY),
    "POST /api/v1/assemblies/{slug}/seats": line(
        ORGANISERS - BOUND, names=ASSEMBLY, json={"seats": [{"name": "Ana"}]}
    ),
    "PUT /api/v1/assemblies/{slug}/seats/{seat_id}": line(
        ORGANISERS - BOUND, names=ASSEMBLY, json={"name": "Ana"}
    ),
    "DELETE /api/v1/assemblies/{slug}/seats/{seat_id}": line(ORGANISERS - BOUND, names=SPARE),
    "GET /api/v1/events/{slug}/sitting": line(READERS),
    "PUT /api/v1/events/{slug}/sitting": line(ORGANISERS, json={"assembly": "{assembly}"}),
    "POST /api/v1/events/{slug}/sitting/changes": line(ORGANISERS, json={"chair": "{seat_id}"}),
    "GET /api/v1/events/{slug}/sitting/{paper}": line(READERS, names={"paper": "committee_paper"}),
    "POST /api/v1/events/{slug}/convocation": line(ORGANISERS, json={"sent_on": "2018-02-20"}),
    "PUT /api/v1/events/{slug}/seats/{seat_id}/answer": line(ORGANISERS, json={"kind": "sits"}),
    "POST /api/v1/events/{slug}/items": line(ORGANISERS, json={"title": "Questions diverses"}),
    "PUT /api/v1/events/{slug}/items/{number}": line(ORGANISERS, names=NUMBERED, json={"title": "Budget"}),
    "POST /api/v1/events/{slug}/roll": line(ORGANISERS, json={"seat": "{seat_id}", "state": "left"}),
    "GET /api/v1/events/{slug}/quorum": line(READERS),
    "POST /api/v1/events/{slug}/items/{number}/vote": line(
        ORGANISERS, names=NUMBERED, json={"counts": {"votes_for": 2, "against": 0}}
    ),
    "GET /api/v1/events/{slug}/badges.pdf": line(ORGANISERS),
    "GET /api/v1/events/{slug}/door-list.pdf": line(ORGANISERS),
    "GET /api/v1/events/{slug}/attendance-sheet.pdf": line(ORGANISERS),
}

PAGES: dict[str, Line] = {
    "GET /": public(),
    "GET /communes": public(query="q=le"),
    "GET /health/live": public(),
    "GET /health/ready": public(),
    "GET /accessibility": public(),
    "GET /legal": public(),
    "GET /privacy": public(),
    "GET /events/{slug}": announced(),
    "GET /calendar.ics": public(),
    "HEAD /calendar.ics": public(),
    "GET /follow": public(),
    "GET /embed/agenda": public(),
    "GET /territory.svg": public(),
    "GET /embed/events/{slug}": line(EVERYBODY, draft=NOBODY, foreign=EVERYBODY, foreign_draft=NOBODY),
    "GET /events/{slug}/event.ics": line(EVERYBODY, draft=NOBODY, foreign=EVERYBODY, foreign_draft=NOBODY),
    "HEAD /events/{slug}/event.ics": line(EVERYBODY, draft=NOBODY, foreign=EVERYBODY, foreign_draft=NOBODY),
    "GET /events/{slug}/follow": line(EVERYBODY, draft=NOBODY, foreign=EVERYBODY, foreign_draft=NOBODY),
    "GET /events/{slug}/calendar.ics": line(EVERYBODY, draft=NOBODY, foreign=EVERYBODY, foreign_draft=NOBODY),
    "HEAD /events/{slug}/calendar.ics": line(
        EVERYBODY, draft=NOBODY, foreign=EVERYBODY, foreign_draft=NOBODY
    ),
    "GET /agenda.atom": public(),
    "HEAD /agenda.atom": public(),
    "GET /agenda.json": public(),
    "HEAD /agenda.json": public(),
    "GET /events/{slug}/sessions/{code}/calendar.ics": line(
        EVERYBODY, draft=NOBODY, foreign=EVERYBODY, foreign_draft=NOBODY
    ),
    "HEAD /events/{slug}/sessions/{code}/calendar.ics": line(
        EVERYBODY, draft=NOBODY, foreign=EVERYBODY, foreign_draft=NOBODY
    ),
    "GET /me/{token}/calendar.ics": public(names={"token": "feed_token"}),
    "HEAD /me/{token}/calendar.ics": public(names={"token": "feed_token"}),
    "GET /org/outbox": of_nobody_in_particular(ORGANISERS),
    "GET /org/events/{slug}/mail": line(ORGANISERS),
    "GET /org/outbox/{mail_id}": line(ORGANISERS),
    "GET /org/outbox/{mail_id}/html": line(ORGANISERS),
    "GET /org/outbox/{mail_id}/files/{number}": line(ORGANISERS),
    "POST /org/outbox/{mail_id}/again": line(ORGANISERS),
    "POST /org/outbox/again": of_nobody_in_particular(ORGANISERS),
    "POST /org/events/{slug}/mail/again": line(ORGANISERS),
    "GET /unsubscribe-digest/{account_id}/{proof}": public(names={"proof": "no_digest_proof"}),
    "POST /unsubscribe-digest/{account_id}/{proof}": public(names={"proof": "no_digest_proof"}),
    "GET /unsubscribe/{registration_id}/{what}/{proof}": public(names={"proof": "no_reminders_proof"}),
    "POST /unsubscribe/{registration_id}/{what}/{proof}": public(names={"proof": "no_reminders_proof"}),
    "GET /files/{file_id}": public(),
    "GET /tickets/{name}": public(names={"name": "ticket"}),
    "HEAD /tickets/{name}": public(names={"name": "ticket"}),
    "GET /sign-in": public(),
    "POST /sign-in": public(form={"email": "organiser@example.org"}),
    "GET /sign-in/{token}": public(names={"token": "sign_in_token"}),
    "POST /sign-in/{token}": public(names={"token": "sign_in_token"}),
    "POST /sign-out": public(),
    "GET /org/coach": of_nobody_in_particular(frozenset({"coach"})),
    "GET /org/events/{slug}/placement": line(ORGANISERS),
    "POST /org/events/{slug}/placement": line(ORGANISERS, form={"objective": "guarantee"}),
    "POST /org/events/{slug}/placement/improve": line(ORGANISERS),
    "GET /org/events/{slug}/placement/computing/{computation_id}": line(ORGANISERS),
    "POST /org/events/{slug}/placement/computing/{computation_id}": line(ORGANISERS),
    "GET /org/events/{slug}/placement/lists": line(ORGANISERS),
    "GET /org/events/{slug}/placement/{run_id}": line(ORGANISERS),
    "POST /org/events/{slug}/placement/{run_id}/again": line(ORGANISERS),
    "GET /org/events/{slug}/placement/{run_id}/publish": line(ORGANISERS),
    "POST /org/events/{slug}/placement/{run_id}/publish": line(ORGANISERS),
    "GET /org/events/{slug}/placement/{run_id}/why": line(ORGANISERS, query="registration={registration_id}"),
    "GET /org/events/{slug}/placement/{run_id}/what-if": line(
        ORGANISERS, query="session=confiance&change=close"
    ),
    "GET /org/events/{slug}/placement/{run_id}/move": line(
        ORGANISERS, query="registration={registration_id}&slot=ateliers"
    ),
    "POST /org/events/{slug}/placement/{run_id}/move": line(
        ORGANISERS, form={"registration": "{registration_id}", "slot": "ateliers", "session": "confiance"}
    ),
    "POST /org/events/{slug}/placement/{run_id}/lock": line(
        ORGANISERS, form={"registration": "{registration_id}", "slot": "ateliers", "locked": "1"}
    ),
    "GET /org/events/{slug}/sessions/{code}/people": line(READERS | {"coach"}),
    "GET /org/members": line(MEMBER_ACCOUNTS, query="body={body}"),
    "POST /org/members": line(
        ADMINISTRATORS, form={"body": "{body}", "email": "neuve@example.org", "role": "door"}
    ),
    "GET /org/members/{account_id}/remove": line(ADMINISTRATORS, query="body={body}"),
    "POST /org/members/{account_id}/invite": line(ADMINISTRATORS, form={"body": "{body}"}),
    "POST /org/members/{account_id}/remove": line(ADMINISTRATORS, form={"body": "{body}"}),
    "GET /org/welcome": of_nobody_in_particular(SIGNED_IN - {"device"}),
    "POST /org/welcome": of_nobody_in_particular(SIGNED_IN - {"device"}),
    "GET /org/bodies": of_nobody_in_particular(ADMINISTRATORS),
    "POST /org/bodies": of_nobody_in_particular(ADMINISTRATORS, form={"name": "la Ligue"}),
    # The own body is the first one: whoever administers it looks after the whole site.
    "GET /org/bodies/{slug}": line(ADMINISTRATORS, foreign=ADMINISTRATORS, names={"slug": "body"}),
    "POST /org/bodies/{slug}": line(
        ADMINISTRATORS, foreign=ADMINISTRATORS, names={"slug": "body"}, form={"name": "la Ligue"}
    ),
    "GET /org/accesses": of_nobody_in_particular(ADMINISTRATORS),
    "POST /org/accesses/{account_id}": line(ADMINISTRATORS, foreign=ADMINISTRATORS, form={"do": "enable"}),
    "GET /org/legal": of_nobody_in_particular(ADMINISTRATORS),
    "POST /org/legal": of_nobody_in_particular(ADMINISTRATORS, form={"publisher": "Ville de Lens"}),
    "GET /org/keys": line(ADMINISTRATORS, query="body={body}"),
    "POST /org/keys": line(ADMINISTRATORS, form={"body": "{body}", "name": "portail", "role": "reader"}),
    "POST /org/keys/{key_id}/revoke": line(ADMINISTRATORS),
    "GET /org/account": of_nobody_in_particular(ACCOUNTS),
    "POST /org/account": of_nobody_in_particular(ACCOUNTS, form={"name": "Nom", "language": "fr"}),
}

PARTICIPANTS: dict[str, Line] = {
    "GET /events/{slug}/register": announced(),
    "POST /events/{slug}/register": announced(form=PERSON | {"consent.photo": "on"}),
    "GET /count/{slug}": line(SCANNERS),
    "GET /count/{slug}/worker.js": line(SCANNERS),
    "GET /robots.txt": public(),
    "GET /sitemap.xml": public(),
    "GET /site.webmanifest": public(),
    "GET /favicon.ico": public(),
    "GET /apple-touch-icon.png": public(),
    "GET /apple-touch-icon-precomposed.png": public(),
    "GET /events/{slug}/qr.svg": announced(),
    "GET /events/{slug}/cover.png": announced(),
    "GET /my-tickets": public(),
    "POST /my-tickets": public(form={"email": "a@example.org"}),
    "GET /events/{slug}/invitation": line(NOBODY),
    "POST /events/{slug}/invitation": line(NOBODY, form={"email": "a@example.org"}),
    "GET /events/{slug}/registered": announced(query="as=confirmed"),
    "POST /events/{slug}/registered": announced(form={"email": "juste@example.org"}),
    "GET /me/{token}": public(names=MANAGE),
    "GET /me/{token}/data.json": public(names=MANAGE),
    "GET /me/{token}/certificate.pdf": public(names=MANAGE),
    "GET /me/{token}/details": public(names=MANAGE),
    "POST /me/{token}/details": public(names=MANAGE, page="/me/{token}/details"),
    "GET /me/{token}/wishes": public(names=MANAGE),
    "GET /me/{token}/sessions": public(names=MANAGE),
    "POST /me/{token}/sessions": public(names=MANAGE, form={"sessions.0": "pleniere"}),
    "GET /me/{token}/meetings/{code}": public(names=MANAGE | MEETINGS),
    "POST /me/{token}/again/{code}": public(names=MANAGE | ROOM),
    "POST /me/{token}/meetings/{code}": public(
        names=MANAGE | MEETINGS, form={"wish_{other_registration_id}": "wish"}
    ),
    "POST /me/{token}/wishes": public(names=MANAGE, page="/me/{token}/wishes"),
    "GET /me/{token}/withdraw": public(names=MANAGE),
    "POST /me/{token}/withdraw": public(names=MANAGE),
    "GET /me/{token}/companions/new": public(names=MANAGE),
    "POST /me/{token}/companions/new": public(names=MANAGE, form={"given_name": "Nur"}),
    "GET /me/{token}/companions/{companion_id}": public(names=MANAGE | {"companion_id": "registration_id"}),
    "POST /me/{token}/companions/{companion_id}": public(
        names=MANAGE | {"companion_id": "registration_id"}, form={"given_name": "Nur"}
    ),
    "POST /me/{token}/consents/{code}": public(names=MANAGE | {"code": "consent"}, form={"do": "give"}),
    "GET /address/{registration_id}/{proof}": public(names={"registration_id": "asking_id"}),
    "POST /address/{registration_id}/{proof}": public(names={"registration_id": "asking_id"}),
    "GET /me/{token}/erase": public(names=MANAGE),
    "POST /me/{token}/erase": public(names=MANAGE),
}

_EVENT = "/org/events/{slug}"
_PERSON = _EVENT + "/registrations/{registration_id}"
ORGANISING: dict[str, Line] = {
    "GET /org/statistics": of_nobody_in_particular(READERS),
    "GET /org/search": of_nobody_in_particular(SIGNED_IN - {"device"}, query="q=quevrechin"),
    "GET /org": of_nobody_in_particular(SIGNED_IN - {"device"}),
    "GET /org/events/new": of_nobody_in_particular(ORGANISERS),
    "GET /org/events/new/{format_code}": of_nobody_in_particular(ORGANISERS, names={"format_code": "format"}),
    "POST /org/events/new/{format_code}": of_nobody_in_particular(
        ORGANISERS - {"key_bound"},
        names={"format_code": "format"},
        page="/org/events/new/{format_code}",
        form={"title": "Monkey Time", "starts_at": "2018-09-10T14:00", "ends_at": "2018-09-10T16:00"},
    ),
    f"GET {_EVENT}": line((READERS | SCANNERS) - {"device"}),
    f"GET {_EVENT}/edit": line(ORGANISERS),
    f"POST {_EVENT}/edit": line(ORGANISERS, page=f"{_EVENT}/edit"),
    f"POST {_EVENT}/publish": line(ORGANISERS),
    f"GET {_EVENT}/cancel": line(ORGANISERS),
    f"POST {_EVENT}/cancel": line(ORGANISERS, form={"reason": "Neige"}),
    f"GET {_EVENT}/postpone": line(ORGANISERS),
    f"POST {_EVENT}/postpone": line(ORGANISERS, form={"reason": "Neige"}),
    f"GET {_EVENT}/clone": line(ORGANISERS),
    f"POST {_EVENT}/clone": line(ORGANISERS - {"key_bound"}, form={"starts_at": "2018-09-10T14:00"}),
    f"GET {_EVENT}/delete": line(ORGANISERS),
    f"POST {_EVENT}/delete": line(ORGANISERS),
    f"GET {_EVENT}/form": line(ORGANISERS),
    f"POST {_EVENT}/form": line(ORGANISERS, page=f"{_EVENT}/form"),
    f"GET {_EVENT}/new/programme": line(NOBODY, draft=ORGANISERS - BOUND),
    f"POST {_EVENT}/new/programme": line(NOBODY, draft=ORGANISERS - BOUND, page=f"{_EVENT}/new/programme"),
    f"GET {_EVENT}/new/look": line(NOBODY, draft=ORGANISERS - BOUND),
    f"POST {_EVENT}/new/look": line(NOBODY, draft=ORGANISERS - BOUND, page=f"{_EVENT}/new/look"),
    f"GET {_EVENT}/programme": line(ORGANISERS),
    f"GET {_EVENT}/programme/new": line(ORGANISERS),
    f"POST {_EVENT}/programme/new": line(
        ORGANISERS, page=f"{_EVENT}/programme/new", form={"title": "Autre atelier"}
    ),
    f"GET {_EVENT}/programme/{{code}}": line(ORGANISERS),
    f"POST {_EVENT}/programme/{{code}}": line(ORGANISERS, page=f"{_EVENT}/programme/{{code}}"),
    f"POST {_EVENT}/programme/{{code}}/move": line(ORGANISERS, form={"to": "down"}),
    f"GET {_EVENT}/programme/{{code}}/delete": line(ORGANISERS),
    f"POST {_EVENT}/programme/{{code}}/delete": line(ORGANISERS),
    f"GET {_EVENT}/registrations": line(READERS),
    f"GET {_PERSON}/certificate.pdf": line(READERS),
    f"GET {_EVENT}/history": line(ORGANISERS),
    f"GET {_EVENT}/statistics": line(READERS),
    f"GET {_EVENT}/unpublish": line(ORGANISERS),
    f"POST {_EVENT}/unpublish": line(ORGANISERS),
    f"GET {_EVENT}/registrations.csv": line(READERS),
    f"GET {_EVENT}/registrations.xlsx": line(READERS),
    f"GET {_EVENT}/programme/import": line(ORGANISERS),
    f"POST {_EVENT}/programme/import": line(ORGANISERS, form={"lines": PROGRAMME, "sure": "1"}),
    f"GET {_EVENT}/registrations/import": line(ORGANISERS),
    f"POST {_EVENT}/registrations/import": line(
        ORGANISERS, form={"lines": "email;given_name\nimportee@example.org;Ana", "sure": "1"}
    ),
    f"POST {_EVENT}/registrations/many": line(
        ORGANISERS, form={"action": "cancel", "id": "{registration_id}", "sure": "1"}
    ),
    f"GET {_EVENT}/registrations/new": line(ORGANISERS),
    f"POST {_EVENT}/registrations/new": line(ORGANISERS, form=PERSON),
    f"GET {_PERSON}": line(READERS),
    f"GET {_PERSON}/edit": line(ORGANISERS),
    f"POST {_PERSON}/note": line(ORGANISERS, form={"text": "À rappeler"}),
    f"GET {_PERSON}/sessions": line(ORGANISERS),
    f"POST {_PERSON}/sessions": line(ORGANISERS, form={"sessions.0": "pleniere"}),
    f"POST {_PERSON}/edit": line(ORGANISERS, page=f"{_PERSON}/edit"),
    f"GET {_PERSON}/companions/new": line(ORGANISERS),
    f"POST {_PERSON}/companions/new": line(ORGANISERS, form={"given_name": "Nur"}),
    f"POST {_PERSON}/approve": line(ORGANISERS),
    f"GET {_PERSON}/refuse": line(ORGANISERS),
    f"POST {_PERSON}/refuse": line(ORGANISERS, names={"registration_id": "waiting_registration_id"}),
    f"POST {_PERSON}/tag": line(ORGANISERS, form={"tag": "parle"}),
    f"POST {_PERSON}/untag": line(ORGANISERS, form={"tag": "parle"}),
    f"GET {_PERSON}/{{deed}}": line(ORGANISERS),
    f"POST {_PERSON}/{{deed}}": line(ORGANISERS),
    f"GET {_EVENT}/counting": line(READERS),
    f"POST {_EVENT}/counting": line(ORGANISERS, form={"sites.0.name": "Parc"}),
    f"GET {_EVENT}/invitations": line(ORGANISERS),
    f"POST {_EVENT}/invitations": line(ORGANISERS, form={"addresses": "une@example.org"}),
    f"POST {_EVENT}/invitations/{{invitation_id}}/delete": line(ORGANISERS),
}

_ROOM = _EVENT + "/networking/{code}"
_PLAN = _ROOM + "/plans/{plan_id}"
NETWORKING: dict[str, Line] = {
    f"GET {_ROOM}": line(ORGANISERS, names=ROOM),
    f"POST {_ROOM}": line(
        ORGANISERS,
        names=ROOM,
        form={
            "rounds": "3",
            "minutes": "15",
            "pause_minutes": "5",
            "tables": "1",
            "mix": "profile",
            "deed": "save",
        },
    ),
    f"POST {_ROOM}/rules": line(
        ORGANISERS,
        names=ROOM,
        form={"kind": "wish", "first": "{registration_id}", "second": "{other_registration_id}"},
    ),
    f"POST {_ROOM}/attendance": line(
        ORGANISERS,
        names=MEETINGS,
        form={"who": "{registration_id}", "from_round": "1", "to_round": "2"},
    ),
    f"POST {_ROOM}/hosts": line(
        ORGANISERS, names=ROOM, form={"host": "{registration_id}", "host_table": "1"}
    ),
    f"POST {_ROOM}/propose": line(ORGANISERS, names=ROOM),
    f"GET {_ROOM}/report": line(ORGANISERS, names=ROOM),
    f"POST {_ROOM}/release": line(ORGANISERS, names=ROOM),
    f"GET {_ROOM}/live": line(ORGANISERS, names=ROOM),
    f"POST {_ROOM}/live/presence": line(
        ORGANISERS, names=ROOM, form={"registration": "{registration_id}", "state": "late"}
    ),
    f"POST {_ROOM}/live/next": line(ORGANISERS, names=ROOM, form={"round": "1"}),
    f"GET {_ROOM}/screen": line(SCANNERS - {"device"}, names=ROOM),
    f"POST {_PLAN}/locks": line(ORGANISERS, names=ROOM, form={"round_number": "1", "do": "lock"}),
    f"GET {_PLAN}": line(ORGANISERS, names=ROOM),
    f"GET {_PLAN}/{{paper}}": line(ORGANISERS, names=ROOM),
    f"GET {_PLAN}/move": line(ORGANISERS, names=ROOM, query="registration={registration_id}&round_number=1"),
    f"POST {_PLAN}/move": line(
        ORGANISERS,
        names=ROOM,
        form={"registration": "{registration_id}", "round_number": "2", "table": "1"},
    ),
    f"GET {_PLAN}/publish": line(ORGANISERS, names=ROOM),
    f"POST {_PLAN}/publish": line(ORGANISERS, names=ROOM),
    f"GET {_PLAN}/unpublish": line(ORGANISERS, names=ROOM),
    f"POST {_PLAN}/unpublish": line(ORGANISERS, names=ROOM),
}

ENROL = {"token": "enrol_token"}
DOORS: dict[str, Line] = {
    "GET /door/{slug}": line(SCANNERS),
    "GET /kiosk/{slug}": line(SCANNERS),
    "GET /door/service-worker.js": public(),
    "GET /tickets/service-worker.js": public(),
    "GET /door/{slug}/app.webmanifest": line(SCANNERS),
    "GET /door/{slug}/live": line(SCANNERS, stream=True),
    "POST /door/{slug}/give-back": line(frozenset({"device"})),
    "GET /door/enrol/{token}": public(names=ENROL),
    "POST /door/enrol/{token}": public(names=ENROL),
    f"GET {_EVENT}/door": line(ORGANISERS),
    f"GET {_EVENT}/door/ticks": line(ORGANISERS),
    f"POST {_EVENT}/door/ticks": line(ORGANISERS, form={"at": "2018-04-10T14:00"}),
    f"GET {_EVENT}/door/live": line(ORGANISERS, stream=True),
    f"GET {_EVENT}/door/attendance.csv": line(ORGANISERS),
    f"POST {_EVENT}/door/devices": line(ORGANISERS, form={"gate": "Nord"}),
    f"POST {_EVENT}/door/devices/{{device_id}}/revoke": line(ORGANISERS),
}

_MESSAGE = _EVENT + "/messages/{message_id}"
MESSAGES: dict[str, Line] = {
    f"GET {_EVENT}/messages": line(ORGANISERS),
    f"GET {_EVENT}/messages/new": line(ORGANISERS),
    f"POST {_EVENT}/messages/new": line(
        ORGANISERS, form={"subject": "Le parking", "text": "Il est plein.", "status": "confirmed"}
    ),
    f"GET {_MESSAGE}": line(ORGANISERS),
    f"GET {_MESSAGE}/preview": line(ORGANISERS),
    f"GET {_MESSAGE}/edit": line(ORGANISERS),
    f"POST {_MESSAGE}/edit": line(ORGANISERS, page=f"{_MESSAGE}/edit"),
    f"POST {_MESSAGE}/do": line(ORGANISERS, form={"deed": "send"}),
}

_SITTING = _EVENT + "/sitting"
_ASSEMBLY = "/org/assemblies/{slug}"
COMMITTEES: dict[str, Line] = {
    "GET /org/series": of_nobody_in_particular(READERS),
    "POST /org/series": of_nobody_in_particular(ORGANISERS - BOUND, form={"title": "Cycle"}),
    "GET /org/series/{slug}": line(READERS - BOUND, names=SERIES),
    "POST /org/series/{slug}": line(ORGANISERS - BOUND, names=SERIES, form={"title": "Cycle"}),
    "POST /org/series/{slug}/next": line(
        ORGANISERS - BOUND, names=SERIES, form={"starts_at": "2018-05-10T14:00"}
    ),
    "POST /org/series/{slug}/convene/{event}": line(ORGANISERS - BOUND, names=SERIES),
    "GET /org/series/{slug}/{paper}": line(READERS - BOUND, names=SERIES | {"paper": "series_paper"}),
    "GET /org/assemblies": of_nobody_in_particular(READERS),
    "POST /org/assemblies": of_nobody_in_particular(
        ORGANISERS - BOUND, form={"name": "Bureau", "family": "free"}
    ),
    f"GET {_ASSEMBLY}": line(READERS - BOUND, names=ASSEMBLY),
    f"POST {_ASSEMBLY}": line(ORGANISERS - BOUND, names=ASSEMBLY, form={"name": "Bureau", "family": "free"}),
    f"POST {_ASSEMBLY}/seats": line(ORGANISERS - BOUND, names=ASSEMBLY, form={"lines": "Ana; Lens"}),
    f"GET {_ASSEMBLY}/seats/{{seat_id}}": line(ORGANISERS - BOUND, names=ASSEMBLY),
    f"POST {_ASSEMBLY}/seats/{{seat_id}}": line(ORGANISERS - BOUND, names=ASSEMBLY, form={"name": "Ana"}),
    f"GET {_SITTING}": line(READERS),
    f"POST {_SITTING}": line(ORGANISERS, form={"assembly": "{assembly}"}),
    f"POST {_SITTING}/state": line(ORGANISERS, form={"do": "save", "chair": "{seat_id}"}),
    f"GET {_SITTING}/seats/{{seat_id}}": line(ORGANISERS),
    f"POST {_SITTING}/seats/{{seat_id}}": line(ORGANISERS, form={"kind": "sits"}),
    f"GET {_SITTING}/items/{{item}}": line(ORGANISERS),
    f"POST {_SITTING}/items/{{item}}": line(ORGANISERS, form={"title": "Budget", "kind": "deliberation"}),
    f"POST {_SITTING}/items/{{item}}/move": line(ORGANISERS, form={"do": "remove"}),
    f"GET {_SITTING}/items/{{item}}/vote": line(ORGANISERS),
    f"POST {_SITTING}/items/{{item}}/vote": line(ORGANISERS, form={"against": "1"}),
    f"GET {_SITTING}/roll": line(ORGANISERS),
    f"POST {_SITTING}/roll": line(ORGANISERS, form={"seat": "{seat_id}", "state": "left"}),
    f"GET {_SITTING}/screen": line(READERS),
    f"GET {_SITTING}/papers/{{paper}}": line(READERS, names={"paper": "committee_paper"}),
}

ROUTES: dict[str, Line] = API | PAGES | PARTICIPANTS | ORGANISING | NETWORKING | DOORS | MESSAGES | COMMITTEES
