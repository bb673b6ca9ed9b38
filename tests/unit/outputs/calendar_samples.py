"""Entries that calendar programs are known to stumble on."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from events_app.outputs.calendar import CalendarEntry, EntryStatus

PARIS = ZoneInfo("Europe/Paris")
CHANGED = datetime(2026, 3, 1, 8, 30, 15, tzinfo=UTC)


def entry(uid: str, start: datetime | date, end: datetime | date, summary: str, **more: Any) -> CalendarEntry:
    return CalendarEntry(
        uid=f"{uid}@convive.example",
        sequence=more.pop("sequence", 1),
        changed_at=CHANGED,
        start=start,
        end=end,
        summary=summary,
        **more,
    )


def paris(year: int, month: int, day: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS, fold=fold)


def night_hours(year: int, month: int, day: int) -> list[CalendarEntry]:
    """An entry of twenty minutes each half hour of a clock-change night, by instants."""
    first = datetime(year, month, day, tzinfo=UTC) - timedelta(hours=2)
    starts = [first + timedelta(minutes=30 * step) for step in range(11)]
    return [
        entry(f"night-{start:%m%d%H%M}", start, start + timedelta(minutes=20), f"Nuit {start:%H:%M}")
        for start in starts
    ]


ENTRIES = [
    entry("summer", paris(2018, 7, 10, 14), paris(2018, 7, 10, 16), "Été"),
    entry("winter", paris(2018, 12, 10, 14), paris(2018, 12, 10, 16), "Hiver", sequence=7),
    entry("last-summer-day", paris(2026, 10, 24, 20), paris(2026, 10, 25, 9), "Nuit blanche"),
    entry("far", paris(2041, 7, 1, 9), paris(2041, 7, 1, 10), "Dans quinze ans"),
    *night_hours(2026, 3, 29),
    *night_hours(2026, 10, 25),
    entry("forum", date(2018, 10, 16), date(2018, 10, 19), "World Forum", transparent=True),
    entry(
        "cancelled",
        paris(2018, 4, 10, 14),
        paris(2018, 4, 10, 16),
        "Monkey Time",
        status=EntryStatus.CANCELLED,
        sequence=3,
    ),
    entry(
        "tentative",
        paris(2018, 4, 10, 14),
        paris(2018, 4, 10, 16),
        "À confirmer",
        status=EntryStatus.TENTATIVE,
    ),
    entry(
        "punctuation",
        paris(2026, 5, 4, 14),
        paris(2026, 5, 4, 16),
        "Un, deux; trois : \\n n'est pas \\ une fin",
        description="Ligne 1\nLigne 2, suite; \\, \\; \\n\n\n« fin »",
        location="32, rue Casimir Beugnet; Lens",
    ),
    entry(
        "scripts",
        paris(2026, 5, 5, 14),
        paris(2026, 5, 5, 16),
        "👩🏽‍🔬 שלום עולם مرحبا é",
        description="🇫🇷🏳️‍🌈" * 40 + "מימין לשמאל " * 20 + "\n",
        location="Бетюн 貝圖訥",
    ),
    entry("long", paris(2026, 5, 6, 14), paris(2026, 5, 6, 16), "é" * 400, description="x" * 5000),
]
