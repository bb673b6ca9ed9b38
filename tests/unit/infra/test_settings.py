"""Every setting with a value that cannot be is refused in one sentence that names it."""

import pytest

from events_app.infra.settings import PREFIX, Settings, SettingsError, load_settings, unknown_settings

GOOD = {"CONVIVE_SECRET_KEY": "x" * 40}
WITH_MAIL = {"CONVIVE_SMTP_URL": "smtp://mail.example.fr", "CONVIVE_MAIL_FROM": "a@example.fr"}

WRONG: list[tuple[str, str, str]] = [
    ("DATABASE_URL", "mysql://x", "must start with sqlite:// or postgresql://"),
    ("DATABASE_URL", "convive.db", "must start with"),
    ("DATABASE_URL", "sqlite://convive.db", "must name a file"),
    ("DATABASE_URL", "sqlite:///", "must name a file"),
    ("DATABASE_URL", "postgresql://u:secret@host:99999/x", "port from 1 to 65535"),
    ("BASE_URL", "ftp://lens.example", "must start with http:// or https://"),
    ("BASE_URL", "lens.example", "must start with"),
    ("BASE_URL", "http://", "must name a host"),
    ("BASE_URL", "http://le ns.example", "must name a host"),
    ("BASE_URL", "https://lens.example:99999", "port from 1 to 65535"),
    ("BASE_URL", "https://lens.example:0", "port from 1 to 65535"),
    ("BASE_URL", "https://lens.example:x", "port from 1 to 65535"),
    ("BASE_URL", "https://lens.example/convive", "'/convive' is too much"),
    ("BASE_URL", "https://lens.example/a/b/", "'/a/b' is too much"),
    ("BASE_URL", "https://lens.example?x=1", "is too much"),
    ("BASE_URL", "https://lens.example#x", "is too much"),
    ("BASE_URL", "https://user@lens.example", "is too much"),
    ("HOST", "no such host", "the address to listen on"),
    ("HOST", "http://127.0.0.1", "the address to listen on"),
    ("HOST", "127.0.0.1/8", "the address to listen on"),
    ("PORT", "99999", "whole number from 1 to 65535"),
    ("PORT", "0", "whole number from 1 to 65535"),
    ("PORT", "-1", "whole number from 1 to 65535"),
    ("PORT", "80a", "whole number from 1 to 65535"),
    ("PORT", "\u0663\u0664", "whole number from 1 to 65535"),
    ("SECRET_KEY", "short", "at least 32 characters"),
    ("SMTP_URL", "mail.example.fr:587", "must start with smtp://"),
    ("SMTP_URL", "http://mail.example.fr", "must start with smtp://"),
    ("SMTP_URL", "smtp://", "must look like"),
    ("SMTP_URL", "smtp://mail.example.fr:99999", "port from 1 to 65535"),
    ("SMTP_URL", "smtp://u:pa:ss/word@mail.example.fr", "port from 1 to 65535"),
    ("SMTP_URL", "smtp://mail.example.fr/inbox", "must look like"),
    ("MAIL_FROM", "", "is needed with CONVIVE_SMTP_URL"),
    ("MAIL_FROM", "convive", "one address"),
    ("MAIL_FROM", "a@example.fr, b@example.fr", "one address"),
    ("MAIL_GATHER_MINUTES", "soon", "whole number"),
    ("MAIL_HELO", "a b", "name of a host"),
    ("MAIL_BOUNCES", "a, b", "one address"),
    ("DKIM_KEY", "/nowhere/dkim.pem", "no key can be read"),
    ("DKIM_KEY", __file__, "no key can be read"),
    ("DKIM_SELECTOR", "a.b", "letters, digits"),
    ("IMAP_URL", "imaps://mail.example.fr/INBOX", "imaps://user"),
    ("IMAP_URL", "imaps://a:b@mail.example.fr", "INBOX"),
    ("IMAP_URL", "pop://a:b@mail.example.fr/INBOX", "imaps://"),
    ("MAIL_BOUNCES", "a" * 32 + "@pma.example", "31 characters"),
    ("TERRITORY", "x" * 201, "at most 200 characters"),
    ("SITE_NAME", "x" * 81, "at most 80 characters"),
    ("WORKERS", "0", "whole number from 1 to 64"),
    ("WORKERS", "1.5", "whole number from 1 to 64"),
    ("WORKER_IN_PROCESS", "yes", "one of 0, 1"),
    ("TRUSTED_PROXIES", "10.0.0.0/33", "addresses or networks"),
    ("TRUSTED_PROXIES", "127.0.0.1,proxy.local", "addresses or networks"),
    ("TRUSTED_PROXIES", "127.0.0.1 0.0.0.0/0", "must not hold all addresses"),
    ("TRUSTED_PROXIES", "::/0", "must not hold all addresses"),
    ("REGISTRATIONS_PER_MINUTE", "0", "whole number"),
    ("LOG_LEVEL", "loud", "one of debug, info, warning, error"),
]


@pytest.mark.parametrize(("name", "value", "words"), WRONG)
def test_a_wrong_value_is_refused_in_a_sentence_that_names_the_setting(
    name: str, value: str, words: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(GOOD | WITH_MAIL | {PREFIX + name: value})
    sentence = str(refused.value)
    assert sentence.startswith(PREFIX + name)
    assert words in sentence
    assert "\n" not in sentence
    assert "secret" not in sentence.replace("SECRET", "")


def test_every_setting_that_has_a_form_is_tried() -> None:
    free = {"data_dir"}  # tried by opening them: tests/integration/test_serve.py
    assert {name.lower() for name, _, _ in WRONG} == set(Settings.__struct_fields__) - free


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "https://lens.example/"),
        ("BASE_URL", "https://lens.example:8443"),
        ("DATABASE_URL", "postgresql://user@host:5432/convive"),
        ("DATABASE_URL", "sqlite:////tmp/x.db"),
        ("SMTP_URL", "smtps://u:p%40ss@mail.example.fr:465"),
        ("TRUSTED_PROXIES", "127.0.0.1, 172.16.0.0/12 [::1] 10.0.0.1/8"),
    ],
)
def test_good_values_are_taken(name: str, value: str) -> None:
    load_settings(GOOD | WITH_MAIL | {PREFIX + name: value})


def test_names_that_are_no_settings_are_named_with_what_was_meant() -> None:
    environ = {"CONVIVE_TRUSTED_PROXY": "x", "CONVIVE_Port": "1", "CONVIVE_TEST_X": "1", "HOME": "/"}
    assert unknown_settings(environ) == [
        "CONVIVE_Port is no setting and is ignored; did you mean CONVIVE_PORT?",
        "CONVIVE_TRUSTED_PROXY is no setting and is ignored; did you mean CONVIVE_TRUSTED_PROXIES?",
    ]
