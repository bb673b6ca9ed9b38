"""Rendering: one Jinja environment; the language is the request's."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from events_app.infra.i18n import current_translator
from events_app.outputs.markdown import linked
from events_app.web.assets import asset_url
from events_app.web.icons import icon

_PACKAGE = Path(__file__).parent.parent
# In a checkout the templates stand beside the package; in a wheel, inside it.
TEMPLATE_DIRS = [path for path in (_PACKAGE.parent / "templates", _PACKAGE / "templates") if path.is_dir()]


@cache
def environment() -> jinja2.Environment:
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATE_DIRS),
        autoescape=jinja2.select_autoescape(["html"]),
        extensions=["jinja2.ext.i18n"],
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda message: current_translator().gettext(message),
        ngettext=lambda one, many, count: current_translator().ngettext(one, many, count),
        newstyle=True,
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
