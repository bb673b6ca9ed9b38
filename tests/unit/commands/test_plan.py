"""`convive plan` as a program: one JSON in, one JSON out, one line and status 2 for everything else."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from events_app.commands import plan

SMALL: dict[str, Any] = {
    "problem": "workshop",
    "participants": 4,
    "workshops": 2,
    "slots": 1,
    "ranks": 2,
    "prefs": [[0, 1], [0, 1], [0], [0, 1]],
    "capacity": [[2], [2]],
    "minimum": [[1], [1]],
    "profile_of": [0, 1, 0, 1],
    "diversity": None,
    "locks": [[0, 0, 0]],
}


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(problem: Any, **options: Any) -> tuple[int, Any, str]:
        path = tmp_path / "problem.json"
        path.write_text(problem if isinstance(problem, str) else json.dumps(problem))
        given = {"objective": "guarantee", "seed": 1, "seconds": 5.0, **options}
        status = plan.run(argparse.Namespace(file=path, **given))
        out, err = capsys.readouterr()
        return status, json.loads(out) if out else None, err

    return run


def test_an_answer_has_places_profile_and_proof(run: Any) -> None:
    status, answer, _ = run(SMALL)
    assert status == 0
    assert answer["assign"][0] == [0]
    assert answer["assign"][2] == [0]
    assert answer["profile"] == [2, 2, 0]
    assert answer["proven"] is True
    assert answer["bound"] == answer["value"]
    assert answer["seconds"] < 5


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"prefs": [[0, 1], [0, 1], [0], [7]]}, "prefs[3][0]"),
        ({"prefs": [[0, 1], [0, 0], [0], [1]]}, "prefs[1]"),
        ({"prefs": [[0, 1], [0, 1], [0]]}, "participants"),
        ({"prefs": "none"}, "prefs"),
        ({"capacity": [[2], [-2]]}, "capacity[1][0]"),
        ({"capacity": [[2], [2, 2]]}, "capacity[1]"),
        ({"minimum": [[1]]}, "minimum"),
        ({"slots": 0, "capacity": [[], []], "minimum": None}, "slots"),
        ({"ranks": 1}, "prefs[0]"),
        ({"locks": [[9, 0, 0]]}, "locks[0]"),
        ({"surprise": 1}, "surprise"),
        ({"problem": "dance"}, "problem"),
        ({"problem": []}, "problem"),
        ({"problem": {}}, "problem"),
        ({"problem": None}, "problem"),
        ({"ranks": 10**30}, "ranks"),
        ({"ranks": 2**63}, "ranks"),
        ({"ranks": 10**9}, "ranks"),
        ({"profile_of": [0, 1]}, "profile_of"),
        ({"diversity": {"max_share_of_one_profile": 0}}, "diversity.max_share_of_one_profile"),
    ],
)
def test_what_is_no_problem_is_refused_by_name(run: Any, change: dict[str, Any], field: str) -> None:
    status, answer, err = run({**SMALL, **change})
    assert (status, answer) == (2, None)
    assert err.count("\n") == 1
    assert field in err


def test_text_that_is_no_json_object_is_refused(run: Any) -> None:
    for text in ("", "[1]", "{", '"x"', "[" * 100_000):
        status, _, err = run(text)
        assert status == 2
        assert err.count("\n") == 1


def test_rules_that_conflict_are_named(run: Any) -> None:
    status, _, err = run({**SMALL, "locks": [[0, 0, 0], [1, 0, 0], [2, 0, 0]]})
    assert status == 2
    assert "lock of person 2 in workshop 0" in err
    assert "capacity 2 of workshop 0" in err
    _, _, err = run({**SMALL, "prefs": [[0], [1], [1], [1]], "minimum": [[2], [0]]})
    assert "lock of person 0" in err
    assert "minimum 2 of workshop 0" in err
    _, _, err = run({**SMALL, "locks": [[2, 1, 0]]})
    assert "only placed in a workshop that they ranked" in err


def test_dropouts_leave_seats_and_few_have_to_move(run: Any, tmp_path: Path) -> None:
    base = {**SMALL, "locks": [], "minimum": None}
    (tmp_path / "base.json").write_text(json.dumps(base))
    current = {"0": [0], "1": [0], "2": [], "3": [1]}
    question = {"problem": "workshop_reassign", "base": "base.json", "dropouts": [1], "current": current}
    status, answer, _ = run(question)
    assert status == 0
    assert answer["places"] == {"0": [0], "2": [0], "3": [1]}
    assert answer["new_places"] == 1
    for change in (
        {"base": "../base.json"},
        {"base": "none.json"},
        {"dropouts": [4]},
        {"current": {"x": []}},
    ):
        status, _, err = run({**question, **change})
        assert status == 2
        assert next(iter(change)) in err
