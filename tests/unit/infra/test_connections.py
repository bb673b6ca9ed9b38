"""Which connections are closed for room."""

from events_app.infra.connections import IDLE_MS, SILENT_MS, UNFINISHED_MS, Connection, Kind, to_close


def test_silent_ones_go_first_and_the_oldest_before_others() -> None:
    found = [
        Connection(4, Kind.IDLE, IDLE_MS + 9000),
        Connection(5, Kind.SILENT, SILENT_MS),
        Connection(6, Kind.SILENT, SILENT_MS + 1),
        Connection(7, Kind.IDLE, IDLE_MS),
        Connection(8, Kind.UNFINISHED, UNFINISHED_MS),
    ]
    assert [each.file for each in to_close(found, 9)] == [6, 5, 8, 4, 7]
    assert [each.file for each in to_close(found, 2)] == [6, 5]


def test_who_has_just_come_or_spoken_stays() -> None:
    young = [
        Connection(4, Kind.SILENT, SILENT_MS - 1),
        Connection(5, Kind.IDLE, IDLE_MS - 1),
        Connection(6, Kind.UNFINISHED, UNFINISHED_MS - 1),
    ]
    assert to_close(young, 9) == []


def test_no_more_than_are_wanted() -> None:
    found = [Connection(file, Kind.SILENT, SILENT_MS) for file in range(4, 9)]
    assert to_close(found, 0) == []
    assert to_close(found, -3) == []
