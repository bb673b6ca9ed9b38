"""How templates are read, whatever they make: pages, mails, the style guide."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jinja2
from jinja2.runtime import Context

_PACKAGE = Path(__file__).parent.parent
# In a checkout the templates stand beside the package; in a wheel, inside it.
FOLDERS = [path for path in (_PACKAGE.parent / "templates", _PACKAGE / "templates") if path.is_dir()]


def make_environment(
    gettext: Callable[[str], str],
    ngettext: Callable[[str, str, int], str],
    *,
    escapes: bool | Callable[[str | None], bool],
    more: Sequence[Path] = (),
) -> jinja2.Environment:
    """A name that nobody gave is an error, not an empty place."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader([*FOLDERS, *more]),
        autoescape=escapes,  # noqa: S701 - said by the caller
        extensions=["jinja2.ext.i18n"],
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.filters["organiser"] = _organiser
    return env


@jinja2.pass_context
def _organiser(context: Context, event: Any, first: bool = False) -> str:
    """The body of an event, named as a sentence needs it: with its article in French; `first`: at its
    beginning."""
    article = event.body_article if context.get("lang") == "fr" else ""
    if first:
        article = article[:1].upper() + article[1:]
    return str(article + event.body_name)
