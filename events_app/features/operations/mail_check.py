"""Whether mails would leave: the doctor calls the mail server as a mail does, up to the sign-in."""

import asyncio
import smtplib
import socket
import ssl
from functools import partial

from events_app.infra.settings import Settings
from events_app.infra.smtp_line import Line, SmtpServer

SECONDS = 5.0


async def try_mail_server(settings: Settings) -> tuple[str, str]:
    """What is wrong, in a sentence, and how to mend it; two empty texts when nothing is."""
    if settings.smtp_url is None:
        raise ValueError("no mail server is set")
    server = SmtpServer.parse(settings.smtp_url.reveal())
    try:
        line = await asyncio.to_thread(partial(Line, server, settings.mail_helo, SECONDS))
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return _in_words(server, error)
    line.close()
    return "", ""


def _in_words(server: SmtpServer, error: Exception) -> tuple[str, str]:
    where = f"{server.host}:{server.port}"
    words = _words_of(error)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{where} refuses the user or the password ({words})", (
            "check both in CONVIVE_SMTP_URL; characters such as @ : / % are written %40 %3A %2F %25"
        )
    if isinstance(error, smtplib.SMTPNotSupportedError) and "STARTTLS" in words.upper():
        return f"{where} offers no STARTTLS", "use smtps:// if it speaks TLS from the start"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"{where}: {words}", "take user and password out of CONVIVE_SMTP_URL, or use smtp+starttls://"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {where} is not trusted ({error.verify_message})", (
            "use the name that stands in the certificate, or have the server send its whole chain"
        )
    if isinstance(error, ssl.SSLError):
        return f"{where} does not speak TLS from the start ({words})", "use smtp+starttls:// or smtp://"
    if isinstance(error, smtplib.SMTPHeloError):
        return f"{where} refuses our greeting ({words})", "set CONVIVE_MAIL_HELO to this machine's name"
    if isinstance(error, socket.gaierror):
        return f"nobody knows the host {server.host}", "check CONVIVE_SMTP_URL"
    return f"{where} does not answer as a mail server ({words})", "check CONVIVE_SMTP_URL"


def _words_of(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
    return str(error) or type(error).__name__
