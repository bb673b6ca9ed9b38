"""What HiGHS says of inequalities is taken at its word only where its word agrees with itself."""

from events_app.matching.highs import Inequalities, Solver, solve


def rooms_and_rounds() -> Inequalities:
    """Three meetings are possible, of which the start has two; presolve alone closes the model."""
    model = Inequalities(1)
    for _ in range(11):
        model.levels[0][model.column()] = -1
    for together in (
        (0, 1),
        (0, 2),
        (0, 7),
        (0, 2, 4, 7, 9),
        (1, 3),
        (1, 8),
        (1, 3, 6, 8, 10),
        (2, 3),
        (2, 9),
        (3, 10),
        (4, 5, 6),
        (4, 7, 9),
        (6, 8, 10),
        (7, 8),
        (9, 10),
    ):
        model.at_most(dict.fromkeys(together, 1), 1)
    return model


def test_a_start_that_is_not_the_best_does_not_come_back_as_the_best() -> None:
    model = rooms_and_rounds()
    start = [int(column in (0, 3)) for column in range(model.columns)]

    found = solve(
        model,
        start,
        (-99,),
        seed=82,
        time_left=lambda: 5.0,
        improved=lambda _point, _bound: None,
        stopped=lambda: False,
    )

    assert found.point is not None
    assert model.value(found.point) == found.bound == (-3,)


def test_nothing_keeps_rules_that_contradict_each_other() -> None:
    model = Inequalities(1)
    column = model.column()
    model.at_most({column: 1}, 0)
    model.at_least({column: 1}, 1)

    assert Solver(model, seed=0, stopped=lambda: False).minimise({column: 1}, 5.0)[::2] == (None, True)

    model.at_least({}, 1)
    assert not model.possible
