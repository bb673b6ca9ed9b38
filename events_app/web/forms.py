"""A posted form: what was typed is kept, and every error is collected before anything is refused.

form = await read_form(request)
title = form.line("title", required=True, most=200)
starts_at = form.instant("starts_at", zone, required=True)
if form.errors: ... show the page again with status 422 and `form`
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final

from litestar import Request
from litestar.datastructures import FormMultiDict, UploadFile

from events_app.infra.i18n import Translator, current_translator
from events_app.kernel import written
from events_app.kernel.civil_time import NonexistentTime, to_instant
from events_app.kernel.errors import N_, FieldError, InvalidInput
from events_app.kernel.text import clean_block, clean_email, clean_line, email_problem
from events_app.web.problems import sentence

NOT_OFFERED: Final = N_("Please choose one of the values offered.")
_YES: Final = ("yes", "1", "on", "true")
_NO: Final = ("", "no", "0", "off", "false")


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
            self.error(name, email_problem(text))
        return cleaned or text

    def integer(
        self, name: str, *, required: bool = False, low: int = 0, high: int = 1_000_000
    ) -> int | None:
        text = self.line(name, required=required, most=40)
        if not text or name in self.errors:
            return None
        try:
            value = written.whole_number(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            words = self.words
            self.error(
                name,
                N_("Please enter a whole number from {low} to {high}."),
                low=words.number(low),
                high=words.number(high),
            )
            return None
        return value

    def flag(self, name: str) -> bool:
        """Of a box. Raises `InvalidInput` for a value that no box of ours sends: that is no yes."""
        value = self._raw(name)
        if value not in _YES and value not in _NO:
            raise InvalidInput.one("/" + name.replace(".", "/"), "unknown", NOT_OFFERED)
        return value in _YES

    def deed(self, name: str, allowed: Collection[str], absent: str = "") -> str:
        """The value of a button or of a field that is not shown; `absent` where the field is not sent at all.
        Raises `InvalidInput` for any other."""
        value = self.line(name) if name in self.values else absent
        if value not in allowed:
            raise InvalidInput.one("/" + name, "unknown", NOT_OFFERED)
        return value

    def choice(self, name: str, allowed: tuple[str, ...], *, required: bool = False) -> str:
        text = self.line(name, required=required)
        if text and text not in allowed:
            self.error(name, NOT_OFFERED)
            return ""
        return text

    def instant(self, name: str, zone_name: str, *, required: bool = False) -> datetime | None:
        """A `datetime-local` value or a moment in words: a wall time in `zone_name`, as a UTC instant."""
        text = self.line(name, required=required, most=80)
        if not text or name in self.errors:
            return None
        try:
            wall = written.moment(text)
            if not 2000 <= wall.year <= 2200:
                raise ValueError(text)
            return to_instant(wall, zone_name)
        except NonexistentTime:
            self.error(name, N_("The clocks skip this hour that night. Please choose another time."))
        except ValueError:
            self.error(name, N_("Please enter a date and a time, for example 2018-04-10 14:00."))
        return None

    def day(self, name: str, *, required: bool = False) -> date | None:
        text = self.line(name, required=required, most=60)
        if not text or name in self.errors:
            return None
        try:
            found = written.day(text)
            if not 1900 <= found.year <= 2200:
                raise ValueError(text)
        except ValueError:
            self.error(name, N_("Please enter a date, for example 2018-04-10."))
            return None
        return found

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
        """Raises `InvalidInput` for a field that was sent with two values where one is meant: whoever takes
        the last one does what nobody asked."""
        if self._data is not None and len(set(self._data.getall(name, []))) > 1:
            raise InvalidInput.one("/" + name.replace(".", "/"), "twice", NOT_OFFERED)
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def _text(self, name: str, text: str, required: bool, most: int) -> str:
        if required and not text:
            self.error(name, N_("This field is needed."))
        elif len(text) > most:
            self.error(name, N_("Please shorten this to {most} characters."), most=most)
        return text
