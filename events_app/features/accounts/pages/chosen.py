"""Which of several bodies a page is about."""

from typing import Annotated

from litestar.params import QueryParameter

from events_app.features.accounts.bodies import BodyRecord
from events_app.kernel.errors import NotFound
from events_app.web.forms import Form

# `body` alone would be the request's body to Litestar.
BodySlug = Annotated[str, QueryParameter(name="body")]


def chosen_body(bodies: list[BodyRecord], slug: str) -> BodyRecord:
    """The body named in the address, or the first one."""
    for body in bodies:
        if not slug or body.slug == slug:
            return body
    raise NotFound


def sent_body(bodies: list[BodyRecord], form: Form) -> BodyRecord:
    """The body that a form names; who belongs to one alone need not. Nothing is done to one of several that
    was not named."""
    slug = form.line("body")
    if not slug and ("body" in form.values or len(bodies) > 1):
        raise NotFound
    return chosen_body(bodies, slug)
