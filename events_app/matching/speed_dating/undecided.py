"""A question to which a search found no answer."""


class Undecided(Exception):
    """The effort ended before the answer."""
