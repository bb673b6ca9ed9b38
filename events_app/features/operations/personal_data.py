"""Where data of people are kept, why, and until when: the one list, which the page on data follows.

A test compares it with the tables: a new column of text or bytes stands here or among `IMPERSONAL`.
"""

import msgspec

from events_app.kernel.errors import N_

TAKING_PART = N_("Your name, address, ticket and links: to keep your place and tell you of changes.")
ASKED = N_("Your answers, organisation and commune: what the organiser asks on the form.")
PROOF = N_("Your agreements: in which words, and when.")
WORK = N_("Mails to you, and why one could not be sent.")
ANSWERED = N_("What a program was answered about you, so that the same request does nothing twice.")
ENTRY = N_("That you came in, so that nobody comes in twice.")
ACCESS = N_("Of those who work here: their access.")
DEEDS = N_("Of those who work here: who did what.")

MANDATE = N_("Of members of committees: who sits for whom, to convene them and to write the minutes.")

THIRTEEN_MONTHS = N_("Erased thirteen months after the event, or when you ask.")
NINETY_DAYS = N_(
    "What was written is erased after ninety days, that it was written after a year; or when you ask."
)
ONE_DAY = N_("Erased after a day, or when you ask.")
WITH_THE_ACCESS = N_("As long as the access.")
WITH_THE_DEED = N_("As long as the history of the event, also after the access has ended.")
WITH_THE_COMMITTEE = N_("As long as the committee is kept: minutes are public archives.")


class Held(msgspec.Struct, frozen=True):
    """One place. `owner`: the feature whose code writes and erases it."""

    table: str
    columns: tuple[str, ...]
    purpose: str
    end: str
    owner: str


PERSONAL: tuple[Held, ...] = (
    Held(
        "registration",
        ("email", "email_folded", "new_email", "given_name", "family_name", "search_words", "language"),
        TAKING_PART,
        THIRTEEN_MONTHS,
        "registration",
    ),
    Held(
        "registration",
        ("organisation", "insee", "commune", "profile", "answers", "status_reason"),
        ASKED,
        THIRTEEN_MONTHS,
        "registration",
    ),
    Held(
        "registration",
        ("token_hash", "former_token_hash", "feed_hash", "short_code"),
        TAKING_PART,
        THIRTEEN_MONTHS,
        "registration",
    ),
    Held("registration_tag", ("tag",), ASKED, THIRTEEN_MONTHS, "registration"),
    Held("registration_note", ("text", "author"), ASKED, THIRTEEN_MONTHS, "registration"),
    Held("registration_word", ("word",), TAKING_PART, THIRTEEN_MONTHS, "registration"),
    Held("meeting_wish", ("value",), ASKED, THIRTEEN_MONTHS, "networking"),
    Held("registered_group", ("name",), ASKED, THIRTEEN_MONTHS, "registration"),
    Held("presence_count", ("name",), ASKED, THIRTEEN_MONTHS, "admission"),
    Held("consent", ("code", "purpose"), PROOF, THIRTEEN_MONTHS, "registration"),
    Held("invitation", ("email", "email_folded", "token_hash"), TAKING_PART, THIRTEEN_MONTHS, "registration"),
    Held("mail", ("recipient", "subject", "content", "told", "error"), WORK, NINETY_DAYS, "mailing"),
    Held("job", ("payload", "error"), WORK, NINETY_DAYS, "infra"),
    Held("calendar_answer", ("answer",), TAKING_PART, THIRTEEN_MONTHS, "inbound"),
    Held("idempotent_answer", ("answer",), ANSWERED, ONE_DAY, "infra"),
    Held("scan", ("answer", "actor_name"), ENTRY, THIRTEEN_MONTHS, "admission"),
    Held(
        "account",
        ("email", "email_folded", "name", "password_hash", "language"),
        ACCESS,
        WITH_THE_ACCESS,
        "accounts",
    ),
    Held(
        "assembly_seat",
        ("name", "represents", "function", "email", "substitutes"),
        MANDATE,
        WITH_THE_COMMITTEE,
        "committees",
    ),
    Held("sitting_answer", ("substitute",), MANDATE, WITH_THE_COMMITTEE, "committees"),
    Held("roll_entry", ("sitter",), MANDATE, WITH_THE_COMMITTEE, "committees"),
    Held("agenda_item", ("rapporteur", "discussion", "vote"), MANDATE, WITH_THE_COMMITTEE, "committees"),
    Held("login_session", ("token_hash",), ACCESS, WITH_THE_ACCESS, "accounts"),
    Held("login_link", ("token_hash",), ACCESS, WITH_THE_ACCESS, "accounts"),
    Held("audit_entry", ("actor_name",), DEEDS, WITH_THE_DEED, "infra"),
    Held("message", ("created_by",), DEEDS, WITH_THE_DEED, "messages"),
    Held("assignment_run", ("created_by",), DEEDS, WITH_THE_DEED, "workshops"),
    Held("computation", ("created_by",), DEEDS, WITH_THE_DEED, "workshops"),
)

FILES: tuple[tuple[str, str], ...] = (
    ("convive.db-wal", "what was written last; emptied after each erasure"),
    ("the server's log", "no names and no addresses; links of accounts only where no mail server is set"),
    (
        "the browser of whoever registers",
        "what was typed, until the tab is closed; a quarter of an hour after",
    ),
    ("backups", "everything, as it was: kept and deleted by whoever makes them"),
)
"""Outside of the tables."""

# Words of organisers about events, codes, settings, hashes of no person. By table.
IMPERSONAL: dict[str, frozenset[str]] = {
    "deployment": frozenset({"calendar_host"}),
    "series": frozenset({"slug", "title", "members"}),
    "assembly": frozenset({"slug", "name", "family", "statutes", "siret"}),
    "assembly_seat": frozenset({"since", "until"}),
    "sitting": frozenset({"convened_on"}),
    "sitting_answer": frozenset({"kind"}),
    "roll_entry": frozenset({"state"}),
    "agenda_item": frozenset({"title", "kind", "ballot", "note", "matter", "recused"}),
    "job": frozenset({"kind", "lease_holder"}),
    "mail": frozenset({"kind", "language", "message_id", "status"}),
    "audit_entry": frozenset({"actor_kind", "action", "details"}),
    "idempotent_answer": frozenset({"key_hash", "request_digest"}),
    "stored_file": frozenset({"media_type", "sha256", "content"}),  # pictures and logos of organisers
    "counter": frozenset({"name"}),
    "body": frozenset({"slug", "name", "article", "contact_email", "brand_colour"}),
    # Published by law: the site says it of itself, until an administrator says something else.
    "legal_notice": frozenset({"publisher", "publisher_address", "director", "host", "data_contact"}),
    "membership": frozenset({"role"}),
    "account": frozenset({"digest"}),
    "api_key": frozenset({"name", "role", "key_hash", "hint", "last_used_on"}),
    "registration": frozenset({"status", "source", "status_before"}),
    "run_place": frozenset({"slot", "reason"}),
    "place": frozenset({"slot", "source"}),
    "scan": frozenset(
        {
            "scan_id",
            "device",
            "code_hash",
            "gate",
            "direction",
            "outcome",
            "reason",
            "decided",
            "voids",
            "voids_device",
        }
    ),
    "presence": frozenset({"point", "first_scan_id", "first_gate"}),
    "door_device": frozenset({"gate", "label", "enrol_hash", "token_hash"}),
    "room_presence": frozenset({"state"}),
    "event_count": frozenset(),
    "message_copy": frozenset(),
    "reminder": frozenset(),
    "no_reminders": frozenset(),
    "presence_count": frozenset({"kind"}),
    "registered_group": frozenset({"kind"}),
    "computation": frozenset({"status", "request", "problem", "progress"}),
    "door_list": frozenset(),
    "tally": frozenset({"device", "tally_id", "site", "gate", "direction"}),  # of nobody in particular
}
OF_ORGANISERS = frozenset(
    {"event", "session", "networking_room", "seating_plan", "assignment_run", "message", "counting_setup"}
)
"""Tables of which every other column holds what an organiser said of an event."""


def reasons() -> list[tuple[str, str]]:
    """Purpose and end, each pair once, as the page on data says them."""
    return list(dict.fromkeys((held.purpose, held.end) for held in PERSONAL))
