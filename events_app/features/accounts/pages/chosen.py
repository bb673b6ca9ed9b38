"""Which of several bodies a page is about."""

from typing import Annotated

from litestar.params import QueryParameter

from events_app.features.accounts.bodies import BodyRecord
from events_app.kernel.errors import NotFound

# `body` alone would be the request's body to Litestar.
BodySlug = Annotated[str, QueryParameter(name="body")]


def chosen_body(bodies: list[BodyRecord], slug: str) -> BodyRecord:
    """The body named in the address, or the first one."""
    for body in bodies:
        if not slug or body.slug == slug:
            return body
    raise NotFound
