"""The registration form of an event: profiles, questions, consents; added and moved by buttons that post."""

from collections.abc import Sequence
from typing import Any, get_args

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events import service
from events_app.features.events.consequences import Consequence, Unconfirmed, sentence, token_of
from events_app.features.events.content import EventChanges
from events_app.features.events.model import (
    ConsentPurpose,
    EventRecord,
    Question,
    QuestionKind,
    ShownWhen,
)
from events_app.features.events.pages.fields import PROFILE_NAMES, saving
from events_app.features.events.questions import CHOICE_KINDS, MOST_QUESTIONS
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput, RevisionMismatch
from events_app.kernel.text import slugify
from events_app.web.forms import NOT_OFFERED, Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]
GUARDS = [requires(*ORGANISING)]

KINDS: tuple[QuestionKind, ...] = get_args(QuestionKind)
KIND_NAMES: dict[str, str] = {
    "short_text": N_("Short text"),
    "long_text": N_("Long text"),
    "one_choice": N_("One choice of several"),
    "several_choices": N_("Several choices"),
    "yes_no": N_("Yes or no"),
    "number": N_("Number"),
    "date": N_("Date"),
}
assert tuple(KIND_NAMES) == KINDS  # noqa: S101 - two lists that must stay together

# What one row of the form holds, as it is typed.
_QUESTION = (
    "code",
    "label",
    "kind",
    "help",
    "required",
    "choices",
    "shown_when.question",
    "shown_when.any_of",
    "for_coach",
    "absence",
)
_CONSENT = ("code", "purpose", "required")
_DEEDS = ("save", "add_question", "remove_question", "up_question", "add_consent", "remove_consent")
Row = dict[str, str]


@get("/org/events/{slug:str}/form", guards=GUARDS)
async def builder(request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]) -> Response[str]:
    event = await service.editable_event(actor, slug)
    questions = [_question_row(question) for question in event.questions]
    consents = [
        {"code": consent.code, "purpose": consent.purpose, "required": "yes" if consent.required else ""}
        for consent in event.consents
    ]
    values = {"profiles": event.profiles, "revision": event.revision}
    return _page(request, event, Form(initial=values), questions, consents)


@post("/org/events/{slug:str}/form", guards=GUARDS, status_code=200)
async def builder_post(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    """Every button sends the whole form; only "save" keeps it."""
    event = await service.editable_event(actor, slug)
    form = await read_form(request)
    form.values["profiles"] = form.all("profiles")
    questions = _rows(form, "questions", _QUESTION)
    consents = _rows(form, "consents", _CONSENT)
    _give_codes(questions, "label", "question")
    _give_codes(consents, "purpose", "accord")
    action, _, place = form.line("do").partition(".")
    if action and action not in _DEEDS:
        raise InvalidInput.one("/do", "unknown", NOT_OFFERED)
    if action != "save":
        _rearrange({"question": questions, "consent": consents}, action, place)
        return _page(request, event, form, questions, consents, unsaved=True)
    read = form.integer("revision")
    changes = EventChanges(
        profiles=form.values["profiles"],
        questions=_questions(form, questions),
        consents=_consents(consents),
    )
    if not form.errors:
        try:
            await service.edit_event(world, actor, slug, changes, read, saving(form))
            return go_to(request, f"/org/events/{slug}/form", "saved")
        except InvalidInput as refused:
            form.absorb(refused)
        except Unconfirmed as refused:
            return _page(request, event, form, questions, consents, asked=refused.consequences)
        except RevisionMismatch:
            form.values["revision"] = str(event.revision)
            form.error(
                "profiles",
                N_("Somebody changed this event meanwhile. Save again to replace its form by this one."),
            )
    return _page(request, event, form, questions, consents)


def _rows(form: Form, name: str, fields: tuple[str, ...]) -> list[Row]:
    """As many as were sent one after the other."""
    found: list[Row] = []
    while len(found) <= MOST_QUESTIONS and f"{name}.{len(found)}.code" in form.values:
        prefix = f"{name}.{len(found)}."
        found.append({field: str(form.values.get(prefix + field, "")) for field in fields})
    return found


def _rearrange(lists: dict[str, list[Row]], action: str, place: str) -> None:
    verb, _, what = action.partition("_")
    rows = lists.get(what)
    if rows is None:
        return
    if verb == "add":
        fields = _QUESTION if what == "question" else _CONSENT
        rows.append(dict.fromkeys(fields, "") | ({"kind": "short_text"} if what == "question" else {}))
        return
    index = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else -1
    if not 0 <= index < len(rows):
        return
    if verb == "remove":
        del rows[index]
    elif verb == "up" and index:
        rows[index - 1], rows[index] = rows[index], rows[index - 1]


def _questions(form: Form, rows: list[Row]) -> list[Question]:
    questions: list[Question] = []
    for index, row in enumerate(rows):
        kind = next((kind for kind in KINDS if kind == row["kind"]), None)
        if kind is None:
            form.error(f"questions.{index}.kind", NOT_OFFERED)
            continue
        depends = row["shown_when.question"]
        questions.append(
            Question(
                code=row["code"],
                label=row["label"],
                kind=kind,
                help=row["help"],
                required=bool(row["required"]),
                for_coach=bool(row["for_coach"]),
                absence=_answers(row["absence"]) if kind in (*CHOICE_KINDS, "yes_no") else [],
                choices=_lines(row["choices"]) if kind in CHOICE_KINDS else [],
                shown_when=ShownWhen(depends, _answers(row["shown_when.any_of"])) if depends else None,
            )
        )
    return questions


def _answers(text: str) -> list[str]:
    """Also "oui" and "no" as people write them."""
    spoken = {"oui": "yes", "non": "no"}
    return [spoken.get(line.casefold(), line) for line in _lines(text)]


def _consents(rows: list[Row]) -> list[ConsentPurpose]:
    return [ConsentPurpose(row["code"], row["purpose"], bool(row["required"])) for row in rows]


def _give_codes(rows: list[Row], source: str, fallback: str) -> None:
    """A code once given stays, whatever becomes of the words: answers are kept under it."""
    taken = {row["code"] for row in rows}
    for row in rows:
        if row["code"]:
            continue
        wanted = slugify(row[source], fallback)[:30].strip("-")
        code, number = wanted, 1
        while code in taken:
            number += 1
            code = f"{wanted}-{number}"
        row["code"] = code
        taken.add(code)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _question_row(question: Question) -> Row:
    condition = question.shown_when
    return {
        "code": question.code,
        "label": question.label,
        "kind": question.kind,
        "help": question.help,
        "required": "yes" if question.required else "",
        "for_coach": "yes" if question.for_coach else "",
        "absence": "\n".join(question.absence),
        "choices": "\n".join(question.choices),
        "shown_when.question": condition.question if condition else "",
        "shown_when.any_of": "\n".join(condition.any_of) if condition else "",
    }


def _page(
    request: AnyRequest,
    event: EventRecord,
    form: Form,
    questions: list[Row],
    consents: list[Row],
    unsaved: bool = False,
    asked: Sequence[Consequence] = (),
) -> Response[str]:
    """`asked`: what has to be confirmed before it is saved."""
    for name, rows in (("questions", questions), ("consents", consents)):
        for index, row in enumerate(rows):
            form.values |= {f"{name}.{index}.{field}": value for field, value in row.items()}
    words = form.words
    return page(
        request,
        "events/form.html",
        event=event,
        form=form,
        questions=questions,
        consents=consents,
        # What each question may depend on: those that come before it and have codes already.
        earlier=[
            [(other["code"], other["label"]) for other in questions[:index]]
            for index in range(len(questions))
        ],
        unsaved=unsaved,
        kinds=[(kind, words.gettext(name)) for kind, name in KIND_NAMES.items()],
        profiles=[(code, words.gettext(name)) for code, name in PROFILE_NAMES.items()],
        tabs_of_event=event_tabs(event, language_of(request)),
        asked=[sentence(each, words) for each in asked],
        token=token_of(asked),
        picture_lost=False,
        status_code=422 if form.errors else 409 if asked else 200,
    )


ROUTES = [builder, builder_post]
