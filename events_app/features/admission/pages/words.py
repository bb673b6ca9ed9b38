"""What the door page's scripts say, in the reader's language."""

from typing import Any

from events_app.features.admission.wording import SENTENCES, WORDS
from events_app.infra.i18n import Translator


def page_words(words: Translator) -> dict[str, Any]:
    _ = words.gettext
    return {
        "outcomes": {outcome.value: _(word) for outcome, word in WORDS.items()}
        | {"waiting": _("Not checked"), "reading": _("Read")},
        "outcomes_out": {"refused": _("Exit not noted"), "already_admitted": _("Exit not noted")},
        "sentences": {reason.value: _(sentence) for reason, sentence in SENTENCES.items()},
        "notes": {
            "new_ticket": _("A ticket issued since the last exchange: its signature is right."),
            "shared_room": _("Other doors fill this room too: how full it is shows with the network."),
            "places_then": _(
                "Places as of the last exchange: another door may have given the same one meanwhile."
            ),
        },
        "group": {
            "count": _("Of this group, {inside} of {total} inside"),
            "all": _("Let in the {count} others"),
            "last": _("Let in the other one"),
            "one": _("One more only"),
            "all_out": _("The {count} others leave too"),
            "last_out": _("The other one leaves too"),
            "one_out": _("One more leaves"),
        },
        "nearly_full": _("Nearly full: {inside} inside, {capacity} places."),
        "is_full": _("Full: {inside} inside, {capacity} places. Call a supervisor."),
        "no_limit": _("There is no limit to the places here."),
        "places_left": _("Places left: {count}"),
        "no_place": _("All places are taken: only a supervisor can let them in."),
        "only_server": _(
            "Only the server can check this code, and it does not answer. The scan is kept and sent by"
            " itself; decide by the person's name or call a supervisor."
        ),
        "no_storage": _("This phone could not keep the scan: nobody was admitted by it. Use another one."),
        "to_send": _("{count} to send"),
        "all_sent": _("Everything is sent"),
        "last_exchange": _("last exchange {time}"),
        "caught_up": _("{count} sent,"),
        "to_check": _("{count} to check"),
        "seen": _("Seen"),
        "no_name": _("Unknown ticket"),
        "not_yet": _("{count} scans have not arrived yet. Give this phone back once they are sent."),
        "no_network": _("Searching by name needs the network. Read the code, or type the nine characters."),
        "nobody": _("No one by that name. Try fewer letters."),
        "unnamed": _("Gate without a name"),
        "out": _("Way out"),
        "let_in": _("Let in by a supervisor"),
        "table": _("Table {number}"),
        "no_camera": _("No camera here. Type the code, search for the name, or use a scanner."),
        "camera_refused": _("The camera is not allowed. Allow it in the browser's settings, then start it."),
        "states": {
            "inside": _("Inside"),
            "out": _("Gone out"),
            "expected": _("Expected"),
            "waiting": _("On the waiting list"),
            "pending": _("To be approved"),
            "cancelled": _("Withdrawn"),
            "refused": _("Declined"),
        },
    }


def kiosk_words(words: Translator) -> dict[str, Any]:
    """Said to the people themselves; whatever needs staff sends them there."""
    _ = words.gettext
    return {
        "hello": _("Welcome, {name}"),
        "hello_nobody": _("Welcome"),
        "again": _("You are noted already, {name}"),
        "reading": _("One moment…"),
        "refused": _("Please go to the desk"),
        "refused_more": _("The people there help you."),
        "mistyped": _("One character is wrong. Please type your code again."),
        "doors_closed": _("The doors are not open yet. Please wait a moment."),
        "no_network": _("This kiosk cannot reach the network. Please go to the desk."),
        "group": _("All {count} of us are here"),
        "group_in": _("All {count} are noted"),
        "no_camera": _("Type the code of your ticket, or hold it before the reader."),
        "camera_refused": _("The camera is not allowed. Allow it in the browser's settings, then start it."),
    }
