"""From a template and facts to a subject, a text and an HTML page, in one language.

A template says each sentence once: `frame` and `parts` are the HTML or the plain ones, so the two forms of a
mail cannot disagree.
"""

from functools import cache
from typing import Any, Literal

import jinja2
import msgspec

from events_app.features.events.model import EventRecord
from events_app.infra.i18n import translator
from events_app.infra.templates import make_environment

_FILTERS = ("when", "times", "date", "ordinal")

Form = Literal["html", "txt"]


class Rendered(msgspec.Struct, frozen=True):
    subject: str
    text: str
    html: str


def render(template: str, language: str, facts: dict[str, Any]) -> Rendered:
    """Takes the processor for milliseconds: `delivery` has it done in the helper process."""
    if isinstance(event := facts.get("event"), EventRecord):
        facts = facts | {"event": event.spoken_in(language)}
    plain = _environment(language, "txt").get_template(f"mail/{template}.jinja")
    context = plain.new_context({**facts, **_around(language, "txt")})
    return Rendered(
        subject="".join(plain.blocks["subject"](context)).strip(),
        text=_tidy(plain.render(**facts, **_around(language, "txt"))),
        html=_environment(language, "html")
        .get_template(f"mail/{template}.jinja")
        .render(**facts, **_around(language, "html")),
    )


def _around(language: str, form: Form) -> dict[str, str]:
    return {"lang": language, "frame": f"mail/_frame.{form}", "parts": f"mail/_parts.{form}"}


def _tidy(text: str) -> str:
    """At most one empty line between paragraphs; no blanks at line ends."""
    lines: list[str] = []
    for line in text.splitlines():
        line = line.rstrip()
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip() + "\n"


@cache
def _environment(language: str, form: Form) -> jinja2.Environment:
    words = translator(language)
    env = make_environment(words.gettext, words.ngettext, escapes=form == "html")
    for name in _FILTERS:
        env.filters[name] = getattr(words, name)
    return env
