"""A problem that describes nothing."""


class InvalidProblem(ValueError):
    """The problem describes nothing that can be planned; `field` is where, such as `eligible[3]`."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
