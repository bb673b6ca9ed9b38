"""Which connections are closed for room."""

from events_app.infra.connections import IDLE_MS, SILENT_MS, Connection, to_close


def test_silent_ones_go_first_and_the_oldest_before_others() -> None:
    found = [
        Connection(4, silent=False, quiet_ms=IDLE_MS + 9000),
        Connection(5, silent=True, quiet_ms=SILENT_MS),
        Connection(6, silent=True, quiet_ms=SILENT_MS + 1),
        Connection(7, silent=False, quiet_ms=IDLE_MS),
    ]
    assert [each.file for each in to_close(found, 9)] == [6, 5, 4, 7]
    assert [each.file for each in to_close(found, 2)] == [6, 5]


def test_who_has_just_come_or_spoken_stays() -> None:
    young = [
        Connection(4, silent=True, quiet_ms=SILENT_MS - 1),
        Connection(5, silent=False, quiet_ms=IDLE_MS - 1),
    ]
    assert to_close(young, 9) == []


def test_no_more_than_are_wanted() -> None:
    found = [Connection(file, silent=True, quiet_ms=SILENT_MS) for file in range(4, 9)]
    assert to_close(found, 0) == []
    assert to_close(found, -3) == []
