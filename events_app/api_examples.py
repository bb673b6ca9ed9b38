"""One good body for each call that takes one: shown in the reference, and sent by the tests."""

from typing import Any

_SCAN = {
    "scan_id": "telephone-3-000017",
    "ticket_code": "K7QF-2M9X",
    "gate": "Nord",
    "direction": "in",
    "scanned_at": "2018-04-10T13:52:08+02:00",
}

EXAMPLES: dict[str, Any] = {
    "addBody": {"name_with_article": "la Ville de Lens", "contact_email": "bonjour@example.org"},
    "changeBody": {"contact_email": "accueil@example.org"},
    "createSeries": {"title": "Cycle solaire", "members": [{"name": "Beuvry", "insee": "62126"}]},
    "changeSeries": {"title": "Cycle solaire", "members": [{"name": "Beuvry"}, {"name": "CAUE 62"}]},
    "createAssembly": {"name": "Comité syndical", "family": "closed_syndicate", "siret": "20001234500017"},
    "changeAssembly": {"name": "Comité syndical", "family": "open_syndicate", "statutes": {"clear_days": 8}},
    "addSeats": {
        "seats": [
            {"name": "Sylvie Marchal", "represents": "Lens", "substitutes": ["Karim Belaïd"]},
            {"name": "Thomas Wiart", "represents": "Liévin"},
        ]
    },
    "changeSeat": {"name": "Sylvie Marchal", "represents": "Lens", "until": "2026-03-31"},
    "changeSitting": {"is_open": True},
    "convene": {"sent_on": "2018-02-20"},
    "addItem": {"title": "Budget primitif", "matter": "7.1", "rapporteur": "Sylvie Marchal"},
    "changeItem": {"title": "Budget primitif", "matter": "7.1", "discussion": "Deux questions."},
    "holdVote": {"counts": {"votes_for": 2, "against": 0}},
    "publishAssignment": {"closings": []},
    "createEvent": {
        "slug": "monkey-time-lens-avril",
        "title": "Monkey Time",
        "summary": "Cinq ateliers pour oser.",
        "format": "free",
        "starts_at": "2018-04-10T14:00:00+02:00",
        "ends_at": "2018-04-10T16:00:00+02:00",
        "timezone": "Europe/Paris",
        "venue": {
            "name": "Maison syndicale des mineurs",
            "address": "32 rue Casimir-Beugnet",
            "insee": "62498",
        },
        "capacity": 40,
    },
    "changeEvent": {"capacity": 45, "venue": {"name": "Salle Jean-Nohain"}},
    "cancelEvent": {"reason": "Les routes sont coupées par la neige."},
    "postponeEvent": {"reason": "La salle est en travaux."},
    "cloneEvent": {"slug": "monkey-time-lens-octobre", "starts_at": "2018-10-09T14:00:00+02:00"},
    "addSession": {
        "code": "reseauter",
        "title": "Je veux mieux réseauter",
        "kind": "workshop",
        "slot": "ateliers",
        "starts_at": "2018-04-10T14:45:00+02:00",
        "ends_at": "2018-04-10T15:45:00+02:00",
        "room": "Salle 2",
        "coach": "Karim",
        "capacity_min": 4,
        "capacity_max": 10,
    },
    "changeSession": {"room": "Salle 3"},
    "register": {
        "email": "nour.delattre@example.org",
        "given_name": "Nour",
        "family_name": "Delattre",
        "organisation": "Mission locale",
        "insee": "62498",
        "language": "fr",
        "consent": True,
        "preferences": ["mental", "confiance"],
    },
    "changeRegistration": {"organisation": "Ville de Lens"},
    "addTallies": {
        "tallies": [
            {
                "tally_id": "8f14e45f",
                "site": "Parc des Cytises",
                "gate": "Nord",
                "direction": "in",
                "count": 5,
            }
        ]
    },
    "setCounting": {"sites": [{"name": "Parc des Cytises", "gates": ["Nord", "Sud"], "most": 800}]},
    "refuseRegistration": {"reason": "Réservé aux communes du territoire."},
    "findTickets": {"email": "camille@example.org"},
    "addCompanion": {"given_name": "Nur"},
    "writeMessage": {
        "subject": "Le parking du 10 avril",
        "text": "Bonjour {{ given_name }},\n\nle parking est **plein**. Votre billet : {{ link }}",
        "audience": {"status": "confirmed", "commune": "62498"},
    },
    "changeMessage": {"audience": {"status": ["confirmed", "waiting"], "session": "mental"}},
    "tryMessage": {"to": "organisatrice@example.org"},
    "changeMany": {"action": "approve", "filter": {"status": "pending"}},
    "addNote": {"text": "Rappeler avant mardi."},
    "chooseSessions": {"sessions": ["pleniere"]},
    "setPreferences": {"preferences": ["confiance", "mental"]},
    "proposeAssignment": {"objective": "guarantee", "seed": 7},
    "setRoom": {"rounds": 3, "minutes": 15, "pause_minutes": 5, "tables": 1, "mix": "organisation"},
    "proposeSeats": {"seed": 7},
    "setMeetingWishes": {"wishes": []},
    "nextRound": {"round": 1},
    "sayAgain": {"with": []},
    "scanTicket": _SCAN,
    "scanTickets": {"scans": [_SCAN]},
    "enterWalkIn": {
        "scan_id": "telephone-3-000019",
        "given_name": "Nadia",
        "family_name": "Cherif",
        "people": 2,
        "consent": True,
        "gate": "Nord",
    },
    "voidScan": {"scan_id": "telephone-3-000018"},
}
