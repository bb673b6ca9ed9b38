"""The fields of the legal notice, which two pages show."""

from events_app.features.accounts.legal import LegalFacts
from events_app.web.forms import Form


def facts_in(form: Form) -> LegalFacts:
    """As typed: the service says what is too long or missing."""
    return LegalFacts(
        publisher=form.line("publisher"),
        publisher_address=form.block("publisher_address", most=500),
        director=form.line("director"),
        host=form.block("host", most=500),
        data_contact=form.line("data_contact", most=300),
    )
