"""Hosts as they travel, and as mails and calendars can carry them."""

import re

import pytest

from events_app.infra.settings import SettingsError, load_settings
from events_app.kernel.web_address import NoHost, greeting_name, mail_host, with_ascii_host

LEGAL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")


@pytest.mark.parametrize(
    ("address", "travels", "mail", "greeting"),
    [
        (
            "https://événements.example.fr",
            "https://xn--vnements-90ab.example.fr",
            "xn--vnements-90ab.example.fr",
            "",
        ),
        ("https://straße.example:8443", "https://xn--strae-oqa.example:8443", "xn--strae-oqa.example", ""),
        ("https://日本.example", "https://xn--wgv71a.example", "xn--wgv71a.example", ""),
        ("http://convive_app", "http://convive_app", "convive-app", ""),
        ("http://convive_app_1:8000", "http://convive_app_1:8000", "convive-app-1", ""),
        ("http://_x_", "http://_x_", "x", ""),
        ("http://[::1]", "http://[::1]", "ipv6-1", "[IPv6:::1]"),
        ("http://[2001:DB8::5]:8000", "http://[2001:db8::5]:8000", "ipv6-2001-db8-5", "[IPv6:2001:db8::5]"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", "127.0.0.1", "[127.0.0.1]"),
        ("https://Events.Example.ORG", "https://events.example.org", "events.example.org", ""),
    ],
)
def test_hosts(address: str, travels: str, mail: str, greeting: str) -> None:
    assert with_ascii_host(address) == travels
    assert mail_host(address) == mail_host(travels) == mail
    assert LEGAL.fullmatch(mail)
    assert greeting_name(travels) == (greeting or mail)
    assert load_settings({"CONVIVE_BASE_URL": address, "CONVIVE_SECRET_KEY": "x" * 40}).base_url == travels


@pytest.mark.parametrize(
    "address", ["https://", "https://a b", "http://[::g]", "http://a..b", "https://-a", "http://a:x"]
)
def test_no_host(address: str) -> None:
    with pytest.raises((NoHost, ValueError)):
        with_ascii_host(address)
    with pytest.raises(SettingsError, match=r"CONVIVE_BASE_URL must (name a host|have a port)"):
        load_settings({"CONVIVE_BASE_URL": address, "CONVIVE_SECRET_KEY": "x" * 40})


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"CONVIVE_BASE_URL": "https://evenements.example.fr"}, "evenements.example.fr"),
        ({"CONVIVE_BASE_URL": "https://x.example", "CONVIVE_MAIL_HELO": "mx.example.fr"}, "mx.example.fr"),
        ({}, "[127.0.0.1]"),
    ],
)
def test_the_name_that_mail_servers_are_greeted_with(settings: dict[str, str], name: str) -> None:
    assert load_settings({"CONVIVE_SECRET_KEY": "x" * 40} | settings).mail_helo == name


def test_a_greeting_that_is_no_host_is_refused() -> None:
    with pytest.raises(SettingsError, match="MAIL_HELO"):
        load_settings({"CONVIVE_SECRET_KEY": "x" * 40, "CONVIVE_MAIL_HELO": "a b\r\nMAIL FROM"})
