"""What higher features tell here, handed over at the start by `app.py` as one object: mailing knows none."""

import msgspec


class Hooks(msgspec.Struct, frozen=True, kw_only=True):
    mail_names: dict[str, str] = {}
    """Kinds of mail that only higher features ask for, in words that are still to be translated."""


_given = Hooks()


def hand_over(hooks: Hooks) -> None:
    global _given  # noqa: PLW0603  # at the start, by `app.py` alone
    _given = hooks


def mail_names() -> dict[str, str]:
    return _given.mail_names
