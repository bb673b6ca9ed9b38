"""Logs on standard error, one line an entry, without personal data; ours at the level of the settings."""

import logging


def configure(level: str) -> None:
    """`level` as in the settings: debug, info, warning, error. Other libraries speak from warnings on."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("convive").setLevel(level.upper())
