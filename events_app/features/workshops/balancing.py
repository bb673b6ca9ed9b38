"""A mixed public in every workshop: from the organiser's words to the engine's numbers. Pure."""

from fractions import Fraction

import msgspec

from events_app.features.events.model import PROFILES
from events_app.features.workshops.inputs import Inputs
from events_app.features.workshops.model import RequestedBalance
from events_app.kernel.errors import N_, FieldError
from events_app.matching.workshops.problem import Balance

FINEST_SHARE = 100  # shares are taken as fractions with at most this denominator


class Profiles(msgspec.Struct, frozen=True):
    """`numbers` by person; `known` by code. Whoever gave none has a number alone: they are not alike."""

    numbers: tuple[int, ...]
    known: dict[str, int]


def number_profiles(inputs: Inputs) -> Profiles:
    codes = dict.fromkeys(person.profile for person in inputs.people if person.profile)
    known = {code: number for number, code in enumerate(codes)}
    numbers = [
        known[person.profile] if person.profile else len(known) + place
        for place, person in enumerate(inputs.people)
    ]
    return Profiles(tuple(numbers), known)


def balance_of(requested: RequestedBalance | None, profiles: Profiles) -> Balance | None:
    if requested is None:
        return None
    share = requested.max_share_of_one_profile
    wanted = requested.at_least_one_of_profiles
    return Balance(
        most_share=None
        if share is None
        else Fraction(share).limit_denominator(FINEST_SHARE).as_integer_ratio(),
        present=(tuple(profiles.known[code] for code in wanted if code in profiles.known),) if wanted else (),
    )


def check_balance(requested: RequestedBalance | None) -> list[FieldError]:
    if requested is None:
        return []
    errors = []
    share = requested.max_share_of_one_profile
    if share is not None and not 1 / FINEST_SHARE <= share <= 1:
        message = N_("Please give a part between 0.01 and 1, such as 0.6.")
        errors.append(FieldError("/balance/max_share_of_one_profile", "range", message))
    for number, code in enumerate(requested.at_least_one_of_profiles):
        if code not in PROFILES:
            message = N_("Please choose one of the values offered.")
            errors.append(FieldError(f"/balance/at_least_one_of_profiles/{number}", "unknown", message))
    return errors
