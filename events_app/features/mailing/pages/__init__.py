"""Pages about mails: the outbox for organisers, wanting no more for readers."""

from events_app.features.mailing.pages import outbox, unsubscribing

ROUTES = [*outbox.ROUTES, *unsubscribing.ROUTES]
