"""Checks of how the site is reached and how its mails leave."""

import asyncio
import http.client
import ssl
import urllib.request
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.error import URLError
from urllib.parse import urlsplit

from events_app.features.operations.findings import Finding
from events_app.features.operations.mail_check import try_mail_server
from events_app.infra.hops import seen_hops
from events_app.infra.settings import Settings, unknown_settings
from events_app.kernel.clock import SystemClock
from events_app.outputs.signing import SigningKey, public_record

SECONDS = 4.0
_APART_SECONDS = 60
_NOWHERE = (".invalid", ".local", ".localhost", ".test", ".example", ".internal", ".lan")


async def settings_names(_: Settings) -> Finding:
    if unknown := unknown_settings():
        return Finding("settings", False, "; ".join(unknown), "correct the name, or take the setting away")
    return Finding("settings", True, "every name is known")


async def address(settings: Settings) -> Finding:
    host = urlsplit(settings.base_url).hostname or ""
    if settings.https:
        return Finding("address", True, settings.base_url)
    if host in ("127.0.0.1", "localhost", "::1"):
        return Finding("address", None, settings.base_url, "set CONVIVE_BASE_URL before people are invited")
    return Finding(
        "address",
        False,
        f"{settings.base_url} is not https: phones refuse the camera",
        "put a TLS proxy in front and set CONVIVE_BASE_URL=https://...",
    )


async def reached(settings: Settings) -> Finding:
    """Asked at the public address, as people come; a site without https is not public."""
    if not settings.https:
        return Finding("reached", None, "not tried: the address is not https")
    try:
        date = await asyncio.to_thread(_asked, f"{settings.base_url}/health/live")
    except ssl.SSLError as error:
        return Finding(
            "reached", False, f"the certificate is not good ({error.reason})", "renew it in the proxy"
        )
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        return Finding(
            "reached",
            False,
            f"{settings.base_url} does not lead here ({reason})",
            "start the server, and check the name, the proxy and the firewall",
        )
    theirs = parsedate_to_datetime(date) if date else None
    if theirs is not None and abs((SystemClock().now() - theirs).total_seconds()) > _APART_SECONDS:
        return Finding(
            "reached",
            False,
            f"the proxy's clock says {date}",
            "set the clocks of both machines (timedatectl)",
        )
    return Finding("reached", True, f"{settings.base_url} leads here")


def _asked(url: str) -> str:
    """The date of the answer; "" without. Raises what the way there raises, `ValueError` for another site."""
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 - of the settings: https
            if b'"live"' not in answer.read(200):
                raise ValueError("another site answers")
            return str(answer.headers.get("date", ""))
    except URLError as error:
        raise error.reason if isinstance(error.reason, Exception) else error from error


async def proxy(settings: Settings) -> Finding:
    """As the server has seen it since its start."""
    hops = seen_hops(settings.data_dir)
    if not hops:
        return Finding("proxy", True, "no request came through one since the start")
    strangers = {
        hop.peer
        for hop in hops
        if not any(ip_address(hop.peer) in network for network in settings.trusted_proxies)
    }
    if strangers:
        shown = ", ".join(sorted(strangers))
        return Finding(
            "proxy",
            False,
            f"requests come through {shown}, which is not trusted: all callers count as one",
            f"if that is your proxy, set CONVIVE_TRUSTED_PROXIES to {shown} (or its network); start again",
        )
    expected = urlsplit(settings.base_url).netloc
    if all(hop.host != expected for hop in hops):
        return Finding(
            "proxy",
            False,
            f"the proxy says that people ask for {hops[0].host}, not for {expected}: their forms are refused",
            "let it pass the Host as it came (docs/hosting.md), or correct CONVIVE_BASE_URL; start again",
        )
    return Finding("proxy", True, f"requests come through {hops[0].peer}")


async def mail_name(settings: Settings) -> Finding:
    """How this machine calls itself, and whom its mails come from."""
    if settings.smtp_url is None:
        return Finding("mail name", True, "not needed: no mail is sent")
    if settings.https and settings.mail_helo in ("localhost", "[127.0.0.1]", "[IPv6:::1]"):
        return Finding(
            "mail name",
            False,
            "mail servers mistrust a sender called localhost",
            "set CONVIVE_MAIL_HELO to this machine's public name",
        )
    domain = settings.mail_from.rpartition("@")[2]
    if domain.endswith(_NOWHERE):
        return Finding(
            "mail name",
            False,
            f"no mail server takes mails from {settings.mail_from}: {domain} is nobody's",
            "set CONVIVE_MAIL_FROM to an address of your own domain",
        )
    return Finding("mail name", True, f"{settings.mail_helo}, mails come from {settings.mail_from}")


async def mail_records(settings: Settings) -> Finding:
    """What to publish so that mails are believed; nobody is asked what is published."""
    if settings.smtp_url is None:
        return Finding("mail records", True, "not needed: no mail is sent")
    domain = settings.mail_from.rpartition("@")[2]
    server = urlsplit(settings.smtp_url.reveal()).hostname or "localhost"
    records = [f'{domain} TXT "v=spf1 a:{server} ~all" (or what your mail provider says)']
    if settings.dkim_key is not None:
        key = SigningKey(settings.dkim_selector, domain, settings.dkim_key.reveal())
        records.append(f'{key.selector}._domainkey.{domain} TXT "{public_record(key)}"')
        said = f"mails are signed for {domain}"
    else:
        said = "mails are not signed here: your mail server has to, or set CONVIVE_DKIM_KEY"
    records.append(f'_dmarc.{domain} TXT "v=DMARC1; p=none; rua=mailto:{settings.mail_from}"')
    return Finding("mail records", None, said, "publish " + "; ".join(records))


async def mail(settings: Settings) -> Finding:
    if settings.smtp_url is None:
        return Finding("mail", None, "kept in the outbox, not sent", "set CONVIVE_SMTP_URL to send it")
    wrong_there, remedy = await try_mail_server(settings)
    if wrong_there:
        return Finding("mail", False, wrong_there, remedy)
    return Finding("mail", True, f"the mail server takes us, greeted as {settings.mail_helo}")
