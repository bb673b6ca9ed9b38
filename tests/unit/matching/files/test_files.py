import json
from pathlib import Path
from typing import Any

import pytest

from events_app.matching.files.networking import solve
from events_app.matching.files.planning import PlanOptions
from events_app.matching.invalid import InvalidProblem

OPTIONS = PlanOptions("guarantee", 0, 0.6, Path())


SPEED: dict[str, Any] = {
    "problem": "speed",
    "side_a": 2,
    "side_b": 3,
    "rounds": 2,
    "eligible": [[1, 1, 1], [0, 1, 1]],
    "score": [[0, 1, 2], [0, 1, 1]],
}
REQUIRED: dict[str, Any] = {
    "problem": "speed_required",
    "side_a": 2,
    "side_b": 2,
    "required": [[0, 1], [1, 1]],
}
TABLES: dict[str, Any] = {
    "problem": "tables",
    "people": 9,
    "tables": 3,
    "size": 3,
    "rounds": 4,
    "organisation": None,
}


def test_the_answer_is_json() -> None:
    for data in (SPEED, REQUIRED, TABLES, {**SPEED, "available_a": [[1, 0], [0, 1]], "available_b": None}):
        assert json.loads(json.dumps(solve(data, OPTIONS)))


def test_speed_has_all_rounds_of_pairs() -> None:
    answer = solve(SPEED, OPTIONS)
    assert [len(met) for met in answer["rounds"]] == [2, 2]
    assert (answer["meetings"], answer["bound"], answer["ratio"], answer["proven"]) == (4, 4, 1.0, True)
    assert answer["score"] == 5


def test_scores_below_zero_are_taken_and_a_million_told_from_one_less() -> None:
    answer = solve({**SPEED, "rounds": 1, "score": [[-(10**6), 999_999, 10**6], [0, 10**6, -1]]}, OPTIONS)
    assert answer["rounds"] == [[(0, 2), (1, 1)]]


def test_fewer_rooms_than_meetings_are_filled_with_the_best() -> None:
    answer = solve({**SPEED, "rooms": 1}, OPTIONS)
    assert (answer["meetings"], answer["bound"], answer["proven"]) == (2, 2, True)
    first, second = sorted(pair for met in answer["rounds"] for pair in met)
    assert first == (0, 2)
    assert second in {(1, 1), (1, 2)}


def test_required_takes_the_fewest_rounds() -> None:
    assert solve(REQUIRED, OPTIONS)["rounds"] == [[(0, 1)], [(1, 1)]]
    assert solve({**REQUIRED, "required": []}, OPTIONS)["rounds"] == []


def test_tables_count_distinct_pairs_and_repeats() -> None:
    answer = solve(TABLES, OPTIONS)
    assert (answer["distinct"], answer["repeats"], answer["bound"]) == (36, 0, 36)
    assert all(sorted(p for table in seats for p in table) == list(range(9)) for seats in answer["rounds"])


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "problem"),
        ({"problem": ["speed"]}, "problem"),
        ({"problem": "speed"}, "side_a"),
        ({**SPEED, "colour": 1}, "colour"),
        ({**SPEED, "rounds": 0}, "rounds"),
        ({**SPEED, "rounds": 10**12}, "rounds"),
        ({**SPEED, "rounds": "2"}, "rounds"),
        ({**SPEED, "rounds": True}, "rounds"),
        ({**SPEED, "side_a": 10**9, "side_b": 10**9}, "side_a"),
        ({**SPEED, "side_b": -1}, "side_b"),
        ({**SPEED, "eligible": [[1, 1, 1]]}, "eligible"),
        ({**SPEED, "eligible": [[1, 1, 1], [1, 1]]}, "eligible[1]"),
        ({**SPEED, "eligible": [[1, 1, 2], [1, 1, 1]]}, "eligible[0]"),
        ({**SPEED, "score": [[1, 1, 1], [1, None, 1]]}, "score[1][1]"),
        ({**SPEED, "score": [[1, 1, 1], [1, 10**7, 1]]}, "score[1]"),
        ({**SPEED, "score": [[1, 1, 1], [1, 0.5, 1]]}, "score[1][1]"),
        ({**SPEED, "available_a": [[1, 1], [1]]}, "available_a[1]"),
        ({**SPEED, "rooms": 0}, "rooms"),
        ({**SPEED, "breaks": [2]}, "breaks[0]"),
        ({**REQUIRED, "required": [[0, 1], [0, 2]]}, "required[1]"),
        ({**REQUIRED, "required": [[0, 1], [0, 1]]}, "required"),
        ({**REQUIRED, "required": [[0, 1, 1]]}, "required[0]"),
        ({**TABLES, "people": 10}, "people"),
        ({**TABLES, "people": 0}, "people"),
        ({**TABLES, "people": 2}, "tables"),
        ({**TABLES, "rounds": 0}, "rounds"),
        ({**TABLES, "people": 10**6, "size": 10**6}, "size"),
        ({**TABLES, "organisation": [0, 1]}, "organisation"),
        ({**TABLES, "hosts": [[0, 3]]}, "hosts[0]"),
        ({**TABLES, "hosts": [[0, 1], [0, 2]]}, "hosts"),
        ({**TABLES, "hosts": [[0, 1], [1, 1], [2, 1], [3, 1]]}, "hosts"),
        ({**TABLES, "apart": [[0, 0]]}, "apart[0]"),
        ({**TABLES, "wishes": [[0, 9]]}, "wishes[0]"),
    ],
)
def test_what_is_wrong_is_named(data: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidProblem) as raised:
        solve(data, OPTIONS)
    assert raised.value.field == field
