"""Rendering: one Jinja environment; the language is the request's."""

from collections.abc import Callable
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from events_app.infra.i18n import current_translator
from events_app.infra.templates import make_environment
from events_app.outputs.markdown import linked
from events_app.web.assets import asset_url
from events_app.web.icons import icon


@cache
def environment() -> jinja2.Environment:
    env = make_environment(
        lambda message: current_translator().gettext(message),
        lambda one, many, count: current_translator().ngettext(one, many, count),
        escapes=jinja2.select_autoescape(["html"]),
    )
    env.globals.update(icon=icon, asset_url=asset_url)
    for name in ("when", "times", "time", "date", "short_date", "moment", "number", "ordinal"):
        env.filters[name] = _translated(name)
    env.filters["linked"] = lambda text: Markup(linked(text))  # noqa: S704 - escaped there, links added
    return env


def _translated(name: str) -> Callable[..., str]:
    def apply(*args: Any, **kwargs: Any) -> str:
        return str(getattr(current_translator(), name)(*args, **kwargs))

    return apply


def render(template: str, /, **context: Any) -> str:
    return environment().get_template(template).render(**context)
