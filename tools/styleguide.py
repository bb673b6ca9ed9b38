"""The living style guide: every component and four whole pages, with the real frames, sheets and policy.

``python -m tools.styleguide`` serves it on http://127.0.0.1:8090 (``?lang=en`` for English). Samples only;
the figures are those of the coaching afternoon in Lens.
"""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
from babel.messages.pofile import read_po
from litestar import Litestar, Response, get
from litestar.params import FromPath, FromQuery
from markupsafe import Markup

from events_app.infra.templates import make_environment
from events_app.web import assets
from events_app.web.icons import icon

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("components", "event", "register", "desk", "agenda")
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'"


class Catalogue:
    """Translations read straight from the .po files of one language; English is the source."""

    def __init__(self, lang: str) -> None:
        self.messages: dict[str, Any] = {}
        self.missing: set[str] = set()
        for path in sorted((ROOT / "events_app/locale" / lang).glob("*.po")):
            with path.open("rb") as file:
                for message in read_po(file, locale=lang):
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    if message.string and key:
                        self.messages[key] = message.string
        self.source = lang == "en"

    def text(self, message: str) -> str:
        if message not in self.messages:
            self.missing.add(message)
            return message
        return str(self.messages[message])

    def plural(self, one: str, many: str, number: int) -> str:
        if self.source or one not in self.messages:
            self.missing.add(one)
            return one if number == 1 else many
        return str(self.messages[one][0 if number in (0, 1) else 1])


def environment(catalogue: Catalogue) -> jinja2.Environment:
    more = [ROOT / "tools/styleguide_pages"]
    env = make_environment(catalogue.text, catalogue.plural, escapes=True, more=more)
    env.globals.update(icon=icon, asset_url=assets.asset_url)
    return env


def sample_form(**errors: str) -> SimpleNamespace:
    values = {
        "email": "camille.dupont",
        "given_name": "Camille",
        "profile": "seeker",
        "needs": ["wheelchair"],
    }
    return SimpleNamespace(values=values, errors=errors)


def render(page: str, lang: str, catalogue: Catalogue | None = None) -> str:
    """One page of the guide. Raises jinja2.UndefinedError when a template uses what nobody gave."""
    env = environment(catalogue or Catalogue(lang))
    nav = [
        {"href": "/org", "icon": "house", "label": "Aujourd’hui"},
        {"href": "/desk", "icon": "calendar", "label": "Événements", "count": 4},
        {"href": "/org/people", "icon": "users", "label": "Personnes"},
        {"href": "/org/outbox", "icon": "mail", "label": "Messages envoyés"},
        {"href": "/org/body", "icon": "building-2", "label": "Organisme"},
    ]
    return env.get_template(f"{page}.html").render(
        site=SimpleNamespace(name="Convive", territory="Pôle Métropolitain de l’Artois"),
        lang=lang,
        actor=SimpleNamespace(name="Nadia Lefebvre") if page == "desk" else None,
        body=SimpleNamespace(name="Pôle Métropolitain de l’Artois"),
        csrf_input=Markup('<input type="hidden" name="csrf" value="sample">'),
        request_path=f"/{page}",
        notices=[SimpleNamespace(kind="success", text="Le programme est publié.")] if page == "desk" else [],
        organiser_nav=nav,
        pages=PAGES,
        form=sample_form(),
        wrong_form=sample_form(email="Écrivez une adresse complète, par exemple camille@exemple.fr."),
    )


@get("/{page:str}", include_in_schema=False)
async def show(page: FromPath[str], lang: FromQuery[str] = "fr") -> Response[str]:
    if page not in PAGES:
        return Response("", status_code=404)
    html = render(page, lang if lang in ("fr", "en") else "fr")
    return Response(html, media_type="text/html", headers={"Content-Security-Policy": POLICY})


app = Litestar([assets.router, show], openapi_config=None)

if __name__ == "__main__":
    from granian import Granian
    from granian.constants import Interfaces

    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8090
    print(f"http://127.0.0.1:{port}/components")
    Granian("tools.styleguide:app", port=port, interface=Interfaces.ASGI).serve()
