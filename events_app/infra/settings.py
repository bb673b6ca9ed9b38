"""All settings, from the environment, refused at start-up when wrong."""

import os
import re
import secrets
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from events_app.infra import private_files
from events_app.kernel.text import clean_email, clean_line
from events_app.kernel.web_address import greeting_name, with_ascii_host

PREFIX = "CONVIVE_"
LEAST_SECRET = 32  # characters
LEAST_DKIM_BITS = 1024
_SELECTOR = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
LONGEST_BOUNCE_NAME = 31  # before "+" and 32 characters: RFC 5321 allows 64 in all
UNSET_MAIL_FROM = "convive@convive.invalid"  # RFC 2606: mail that is kept comes from nowhere


_HELO = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Za-z:.]{2,60}\]")


_BEYOND_THE_HOST = re.compile(r"(\w+://[^/?#@]*)([/?#@].*)", re.DOTALL)


class SettingsError(Exception):
    """A sentence that names the variable and says what it must be."""


class Secret:
    """A value that does not show itself in a log, a repr or a traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__


class Settings(msgspec.Struct, frozen=True):
    """One field per variable: `data_dir` is `CONVIVE_DATA_DIR`. Each is described in docs/hosting.md."""

    data_dir: Path
    database_url: str
    base_url: str
    host: str
    port: int
    secret_key: Secret
    smtp_url: Secret | None
    mail_from: str
    dkim_key: Secret | None
    dkim_selector: str
    mail_bounces: str
    imap_url: Secret | None
    mail_helo: str
    mail_gather_minutes: int
    territory: str
    site_name: str
    workers: int
    worker_in_process: bool
    trusted_proxies: tuple[Any, ...]  # IPv4Network, IPv6Network: msgspec takes no union of them
    registrations_per_minute: int
    log_level: str

    @property
    def sends_mail(self) -> bool:
        """The one place that knows: nothing that is said after a deed promises a mail where this is false."""
        return self.smtp_url is not None

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Raises `SettingsError`. Creates nothing but, when it is absent, the secret key in the data folder."""
    env = _Environment(os.environ if environ is None else environ)
    data_dir = Path(env.text("DATA_DIR", "data")).expanduser().resolve()
    host, port = env.host("HOST", "127.0.0.1"), env.integer("PORT", 8000, 1, 65535)
    base_url = env.web_address("BASE_URL", f"http://{_in_address(host)}:{port}")
    return Settings(
        data_dir=data_dir,
        database_url=env.database(f"sqlite:///{data_dir / 'convive.db'}"),
        base_url=base_url,
        host=host,
        port=port,
        secret_key=Secret(env.secret("SECRET_KEY") or _kept_secret(data_dir)),
        smtp_url=env.smtp("SMTP_URL"),
        mail_from=env.mail_from(),
        dkim_key=env.dkim_key("DKIM_KEY"),
        dkim_selector=env.selector("DKIM_SELECTOR", "convive"),
        mail_bounces=env.mail_bounces(),
        imap_url=env.imap("IMAP_URL"),
        mail_helo=env.helo_name(base_url),
        # Without a server mails are only kept: nobody is spared one by waiting.
        mail_gather_minutes=env.integer("MAIL_GATHER_MINUTES", 10 if env.smtp("SMTP_URL") else 0, 0, 1440),
        territory=env.line("TERRITORY", "Pôle métropolitain de l’Artois", 200),
        site_name=env.line("SITE_NAME", "Convive", 80),
        workers=env.integer("WORKERS", 1, 1, 64),
        worker_in_process=env.flag("WORKER_IN_PROCESS", True),
        trusted_proxies=env.networks("TRUSTED_PROXIES"),
        registrations_per_minute=env.integer("REGISTRATIONS_PER_MINUTE", 300, 1, 1_000_000),
        log_level=env.choice("LOG_LEVEL", "info", ("debug", "info", "warning", "error")),
    )


NOT_SETTINGS = ("TEST_", "BENCH_")  # of our own tests and benchmarks


def unknown_settings(environ: Mapping[str, str] | None = None) -> list[str]:
    """A sentence for each variable with our prefix that is no setting: most are typing errors."""
    known = [PREFIX + name.upper() for name in Settings.__struct_fields__]
    sentences = []
    for name in sorted(os.environ if environ is None else environ):
        if not name.upper().startswith(PREFIX) or name in known:
            continue
        if name.removeprefix(PREFIX).startswith(NOT_SETTINGS):
            continue
        near = get_close_matches(name.upper(), known, 1, 0.75)
        hint = f"; did you mean {near[0]}?" if near else ""
        sentences.append(f"{name} is no setting and is ignored{hint}")
    return sentences


class _Environment:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str) -> str:
        return self._environ.get(PREFIX + name, "").strip() or default

    def line(self, name: str, default: str, most: int) -> str:
        found = clean_line(self.text(name, default)) or default
        if len(found) > most:
            raise SettingsError(f"{PREFIX}{name} must have at most {most} characters, not {len(found)}")
        return found

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        raw = self.text(name, str(default))
        if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
            raise SettingsError(f"{PREFIX}{name} must be a whole number from {low} to {high}, not {raw!r}")
        return int(raw)

    def flag(self, name: str, default: bool) -> bool:
        return self.choice(name, "1" if default else "0", ("0", "1")) == "1"

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        raw = self.text(name, default).lower()
        if raw not in allowed:
            raise SettingsError(f"{PREFIX}{name} must be one of {', '.join(allowed)}, not {raw!r}")
        return raw

    def url(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        raw = self.text(name, default)
        if raw.partition("://")[0].lower() not in schemes or "://" not in raw:
            # The value is not shown: a database address holds a password.
            raise SettingsError(f"{PREFIX}{name} must start with {' or '.join(s + '://' for s in schemes)}")
        return raw

    def database(self, default: str) -> str:
        raw = self.url("DATABASE_URL", default, ("sqlite", "postgresql"))
        if raw.lower().startswith("sqlite:"):
            if not raw.startswith("sqlite:///") or raw.endswith("/"):
                raise SettingsError(
                    f"{PREFIX}DATABASE_URL must name a file: sqlite:////var/lib/convive/convive.db"
                    " (three slashes and a path, which begins with a fourth)"
                )
            return raw
        if not _has_good_port(raw):
            raise SettingsError(f"{PREFIX}DATABASE_URL must have a port from 1 to 65535 behind its host")
        return raw

    def web_address(self, name: str, default: str) -> str:
        """Without a slash at its end, the host as it travels (`xn--...` for one with accents)."""
        raw = self.url(name, default, ("http", "https")).rstrip("/")
        if found := _BEYOND_THE_HOST.match(raw):
            raise SettingsError(
                f"{PREFIX}{name} must end with the host (and port): {found[2]!r} is too much;"
                " the site needs a host of its own, as in https://events.example.org"
            )
        if not _has_good_port(raw):
            raise SettingsError(
                f"{PREFIX}{name} must have a port from 1 to 65535 behind its host, or none, not {raw!r}"
            )
        try:
            return with_ascii_host(raw)
        except ValueError:
            raise SettingsError(
                f"{PREFIX}{name} must name a host, as in https://events.example.org, not {raw!r}"
            ) from None

    def host(self, name: str, default: str) -> str:
        raw = self.text(name, default)
        try:
            address = with_ascii_host(f"http://{_in_address(raw)}")
            if urlsplit(address)[2:] != ("", "", ""):
                raise ValueError(address)
        except ValueError:
            raise SettingsError(
                f"{PREFIX}{name} must be the address to listen on (127.0.0.1, ::, a name), not {raw!r}"
            ) from None
        return raw

    def networks(self, name: str) -> tuple[IPv4Network | IPv6Network, ...]:
        found = []
        for word in self.text(name, "").replace(",", " ").split():
            try:
                found.append(ip_network(word.strip("[]"), strict=False))
            except ValueError:
                raise SettingsError(
                    f"{PREFIX}{name} must be addresses or networks (127.0.0.1 172.16.0.0/12), not {word!r}"
                ) from None
            if found[-1].prefixlen == 0:
                raise SettingsError(
                    f"{PREFIX}{name} must not hold all addresses ({word}): any caller could pass for another"
                )
        return tuple(found)

    def secret(self, name: str) -> str:
        raw = self.text(name, "")
        if raw and len(raw) < LEAST_SECRET:
            raise SettingsError(f"{PREFIX}{name} must have at least {LEAST_SECRET} characters")
        return raw

    def smtp(self, name: str) -> Secret | None:
        if not self.text(name, ""):
            return None
        raw = self.url(name, "", ("smtp", "smtps", "smtp+starttls"))
        # The value is not shown: it holds a password.
        if not _has_good_port(raw):
            raise SettingsError(f"{PREFIX}{name} must have a port from 1 to 65535 behind its host, or none")
        if not urlsplit(raw).hostname or urlsplit(raw).path.strip("/"):
            raise SettingsError(
                f"{PREFIX}{name} must look like smtp+starttls://user:password@mail.example.fr:587;"
                " characters such as @ : / % in the password are written %40 %3A %2F %25"
            )
        return Secret(raw)

    def imap(self, name: str) -> Secret | None:
        if not self.text(name, ""):
            return None
        raw = self.url(name, "", ("imap", "imaps", "imap+starttls"))
        parts = urlsplit(raw)
        if not (_has_good_port(raw) and parts.hostname and parts.username and parts.path.strip("/")):
            raise SettingsError(
                f"{PREFIX}{name} must look like imaps://user:password@mail.example.fr/INBOX;"
                " characters such as @ : / % in the password are written %40 %3A %2F %25"
            )
        return Secret(raw)

    def helo_name(self, base_url: str) -> str:
        """How this machine greets mail servers. They mistrust a public sender that calls itself localhost."""
        raw = self.text("MAIL_HELO", "") or greeting_name(base_url)
        if not _HELO.fullmatch(raw):
            raise SettingsError(f"{PREFIX}MAIL_HELO must be the name of a host, not {raw!r}")
        return raw

    def dkim_key(self, name: str) -> Secret | None:
        """The file of an RSA key; its text."""
        if not (path := self.text(name, "")):
            return None
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            pem = Path(path).read_text()
            key = load_pem_private_key(pem.encode(), None)
        except (OSError, ValueError, TypeError) as error:
            raise SettingsError(f"{PREFIX}{name}: no key can be read from {path} ({error})") from error
        if not isinstance(key, RSAPrivateKey) or key.key_size < LEAST_DKIM_BITS:
            raise SettingsError(f"{PREFIX}{name} must be an RSA key of at least {LEAST_DKIM_BITS} bits")
        return Secret(pem)

    def selector(self, name: str, default: str) -> str:
        raw = self.text(name, default)
        if not _SELECTOR.fullmatch(raw):
            raise SettingsError(f"{PREFIX}{name} must be letters, digits and hyphens, not {raw!r}")
        return raw

    def mail_bounces(self) -> str:
        """An address whose sub-addresses (`returns+...`) reach `convive inbound`; "" where none does."""
        raw = self.text("MAIL_BOUNCES", "")
        address = clean_email(raw) if raw else ""
        if address is None or len(address.partition("@")[0]) > LONGEST_BOUNCE_NAME:
            raise SettingsError(
                f"{PREFIX}MAIL_BOUNCES must be one address, at most {LONGEST_BOUNCE_NAME} characters before"
                f" its @, not {raw!r}"
            )
        return address

    def mail_from(self) -> str:
        raw = self.text("MAIL_FROM", "" if self.text("SMTP_URL", "") else UNSET_MAIL_FROM)
        address = clean_email(raw)
        if not raw:
            raise SettingsError(f"{PREFIX}MAIL_FROM, the sender's address, is needed with {PREFIX}SMTP_URL")
        if address is None:
            raise SettingsError(
                f"{PREFIX}MAIL_FROM must be the one address that mails come from, not {raw!r}"
            )
        return address


def _has_good_port(url: str) -> bool:
    """A port is there and good, or none is there. What is no address at all is said elsewhere."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    try:
        return parts.port != 0
    except ValueError:
        return False


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _kept_secret(data_dir: Path) -> str:
    """Made at the first start. Never a shorter one in its place: tickets and links would be refused."""
    path = data_dir / "secret-key"
    try:
        if not path.exists():
            private_files.make_folder(data_dir)
            try:
                private_files.write_whole(path, secrets.token_urlsafe(48) + "\n")
            except FileExistsError:
                pass  # of two processes that start at once, one writes and the other reads
        private_files.tighten(path)
        key = path.read_text().strip()
    except OSError as error:
        raise SettingsError(
            f"{PREFIX}DATA_DIR: {path} cannot be read or written ({error.strerror}): make room, or give it to"
            " the account that runs Convive"
        ) from error
    if len(key) < LEAST_SECRET:
        raise SettingsError(
            f"{path} is damaged (it holds {len(key)} characters): restore it from a backup; only if nobody is"
            " registered yet, delete it, and the next start makes a new one"
        )
    return key
