"""Hours elsewhere name the place whose clocks they are."""

from datetime import UTC, datetime, timedelta

import pytest

from events_app.infra.i18n import translator

STARTS = datetime(2018, 4, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "language", "ending"),
    [
        ("America/Martinique", "fr", "8\u202fh\u00a0– 10\u202fh\u00a0(heure de Martinique)"),
        ("Indian/Reunion", "fr", "16\u202fh\u00a0– 18\u202fh\u00a0(heure de La Réunion)"),
        ("Indian/Reunion", "en", "4\u00a0pm\u00a0– 6\u00a0pm\u00a0(Réunion time)"),
        ("Europe/Paris", "fr", "14\u202fh\u00a0– 16\u202fh"),
    ],
)
def test_the_zone_is_named(zone: str, language: str, ending: str) -> None:
    shown = translator(language).when(STARTS, STARTS + timedelta(hours=2), zone)
    assert shown.endswith(", " + ending)
