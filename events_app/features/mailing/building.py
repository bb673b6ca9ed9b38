"""A letter as the bytes that SMTP sends. Takes the processor alone: 20 ms with a ticket."""

import zlib
from datetime import datetime

from msgspec.structs import replace

from events_app.features.mailing.model import BuiltMail, Letter
from events_app.features.mailing.rendering import render
from events_app.infra.i18n import translator
from events_app.outputs.calendar import Mailbox, invitation
from events_app.outputs.messages import Attachment, InlineImage, Invite, Mail, mail_bytes
from events_app.outputs.papers import ticket_pdf
from events_app.outputs.qrcodes import qr_png
from events_app.outputs.signing import SigningKey, signed

_QR_MODULE_PIXELS = 6  # 270 pixels a ticket: sharp at the 270 that the mail shows


def build(
    letter: Letter, mail_from: str, message_id: str, date: datetime, key: SigningKey | None = None
) -> BuiltMail:
    """Raises NotOneAddress, ValueError."""
    rendered = render(letter.template, letter.language, _facts(letter))
    answers_to = letter.reply_to or Mailbox(mail_from, letter.sender_name)
    invite = None
    if letter.method and letter.entry:
        file = invitation(letter.entry, answers_to, letter.to, letter.method)
        invite = Invite(file, letter.method)
    tickets = [
        Attachment(ticket.filename, "application/pdf", ticket_pdf(ticket.paper)) for ticket in letter.tickets
    ]
    mail = Mail(
        sender=Mailbox(mail_from, letter.sender_name),
        to=letter.to,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        reply_to=letter.reply_to,
        message_id=message_id,
        date=date,
        invite=invite,
        images=tuple(
            InlineImage(ticket.image, qr_png(ticket.paper.code, _QR_MODULE_PIXELS))
            for ticket in letter.tickets
        ),
        unsubscribe_url=letter.unsubscribe_url,
        attachments=tuple(tickets),
    )
    without_tickets = replace(mail, images=(), attachments=())
    kept = zlib.compress(mail_bytes(without_tickets), 9)
    content = mail_bytes(mail)
    return BuiltMail(rendered.subject, signed(content, key) if key else content, message_id, kept)


def _facts(letter: Letter) -> dict[str, object]:
    gettext = translator(letter.language).gettext
    if letter.footer:
        why = letter.footer
    elif letter.registration_id is not None:
        why = gettext("You receive this message because your address was given to register.")
    elif letter.event_id is None:
        why = gettext("You receive this message because your address has an access here.")
    else:
        why = gettext("You receive this message because the organiser has invited this address.")
    if letter.reply_to is not None:
        why += " " + gettext("You can reply to it.")
    return {
        **letter.facts,
        "sender": letter.sender_name,
        "footer": why,
        "tickets": letter.tickets,
        "unsubscribe_url": letter.unsubscribe_url,
    }
