"""A posted form: what was typed is kept, and every error is collected before anything is refused.

form = await read_form(request)
title = form.line("title", required=True, most=200)
starts_at = form.instant("starts_at", zone, required=True)
if form.errors: ... show the page again with status 422 and `form`
"""

from datetime import datetime
from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict, UploadFile

from events_app.infra.i18n import Translator, current_translator
from events_app.kernel.civil_time import NonexistentTime, to_instant
from events_app.kernel.errors import N_, FieldError, InvalidInput
from events_app.kernel.text import clean_block, clean_email, clean_line
from events_app.web.problems import sentence


async def read_form(request: Request[Any, Any, Any]) -> "Form":
    data: FormMultiDict = await request.form()
    return Form(data)


class Form:
    """`values`: as typed, by field name (the last one); `errors`: one sentence by field name, in order."""

    def __init__(self, data: FormMultiDict | None = None, initial: dict[str, Any] | None = None) -> None:
        self._data = data
        self.values: dict[str, Any] = dict(initial or {})
        self.errors: dict[str, str] = {}
        self.words: Translator = current_translator()
        if data is not None:
            for name, value in data.multi_items():
                if isinstance(value, str):
                    self.values[name] = value

    def all(self, name: str) -> list[str]:
        """Every text sent under this name (check boxes)."""
        if self._data is None:
            return list(self.values.get(name, []))
        return [clean_line(value) for value in self._data.getall(name, []) if isinstance(value, str)]

    def file(self, name: str) -> UploadFile | None:
        found = self._data.get(name) if self._data is not None else None
        return found if isinstance(found, UploadFile) and found.filename else None

    def line(self, name: str, *, required: bool = False, most: int = 200) -> str:
        return self._text(name, clean_line(self._raw(name)), required, most)

    def block(self, name: str, *, required: bool = False, most: int = 10_000) -> str:
        return self._text(name, clean_block(self._raw(name)), required, most)

    def email(self, name: str, *, required: bool = False) -> str:
        text = self.line(name, required=required, most=254)
        if not text or name in self.errors:
            return text
        cleaned = clean_email(text)
        if cleaned is None:
            self.error(name, N_("This is not one e-mail address. It should look like name@example.org."))
        return cleaned or text

    def integer(
        self, name: str, *, required: bool = False, low: int = 0, high: int = 1_000_000
    ) -> int | None:
        text = self.line(name, required=required, most=12)
        if not text or name in self.errors:
            return None
        digits = text.replace("\u202f", "").replace(" ", "").removeprefix("-")
        if not digits.isascii() or not digits.isdigit() or not low <= int(text.replace(" ", "")) <= high:
            self.error(name, N_("Please enter a whole number from {low} to {high}."), low=low, high=high)
            return None
        return int(text.replace(" ", ""))

    def flag(self, name: str) -> bool:
        return self._raw(name) not in ("", "0", "off", "false", "no")

    def choice(self, name: str, allowed: tuple[str, ...], *, required: bool = False) -> str:
        text = self.line(name, required=required)
        if text and text not in allowed:
            self.error(name, N_("Please choose one of the values offered."))
            return ""
        return text

    def instant(self, name: str, zone_name: str, *, required: bool = False) -> datetime | None:
        """A `datetime-local` value, a wall time in `zone_name`, as an aware UTC instant."""
        text = self.line(name, required=required, most=40)
        if not text or name in self.errors:
            return None
        try:
            wall = datetime.fromisoformat(text)
            if wall.tzinfo is not None or not 2000 <= wall.year <= 2200:
                raise ValueError(text)
            return to_instant(wall, zone_name)
        except NonexistentTime:
            self.error(name, N_("The clocks skip this hour that night. Please choose another time."))
        except ValueError:
            self.error(name, N_("Please enter a date and a time, for example 2018-04-10 14:00."))
        return None

    def error(self, name: str, message: str, **params: str | int) -> None:
        """`message` is an English template; the first error of a field stays."""
        self.errors.setdefault(name, sentence(FieldError("/" + name, "invalid", message, params), self.words))

    def absorb(self, refused: InvalidInput, within: str = "") -> None:
        """Take over the errors that a service found; `/venue/name` belongs to the field `venue.name`.

        Of one of several, `within` is what goes before the name of the field.
        """
        for error in refused.errors:
            self.errors.setdefault(error.field.removeprefix(within), sentence(error, self.words))

    def _raw(self, name: str) -> str:
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def _text(self, name: str, text: str, required: bool, most: int) -> str:
        if required and not text:
            self.error(name, N_("This field is needed."))
        elif len(text) > most:
            self.error(name, N_("Please shorten this to {most} characters."), most=most)
        return text
