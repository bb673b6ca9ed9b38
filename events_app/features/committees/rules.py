"""What governs an assembly on a given day: rule sets as dated data, and days between a letter and a sitting.

The general code of local authorities (CGCT) is cited by article. A law that changes a rule is a further entry
of `rule_sets.json` with the day from which it holds; a sitting goes by the set of its own day.
"""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec

FAMILIES = ("closed_syndicate", "open_syndicate", "association", "free")


class Statutes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an assembly's own statutes say, where the law leaves it to them; None: as the rule set has it."""

    proxies_count: bool | None = None
    proxies_each: int | None = None
    clear_days: int | None = None


class RuleSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`proxies_count`: towards the quorum; `proxies_each`: how many one person may hold. `clear_days` between
    the letter and the sitting, neither counted. `second_after_days`: how many days after a sitting without
    quorum the second may be, which needs none; None: there is no such. `recused_in_office`: whoever steps
    aside for an item still counts among those whose majority is needed. `casting_vote`: an open vote that is
    equal goes as the chair voted. `oldest_wins`: of two elected with as many votes."""

    code: str
    since: date
    proxies_count: bool
    proxies_each: int
    clear_days: int
    second_after_days: int | None
    recused_in_office: bool
    casting_vote: bool
    oldest_wins: bool
    open_to_statutes: bool
    sources: list[str]


@cache
def rule_sets() -> tuple[RuleSet, ...]:
    """By family and day."""
    found = msgspec.json.decode((Path(__file__).parent / "rule_sets.json").read_bytes(), type=list[RuleSet])
    return tuple(sorted(found, key=lambda each: (each.code, each.since)))


def rules_on(family: str, day: date, statutes: Statutes | None = None) -> RuleSet:
    """The set in force on that day, with what the statutes may decide. Raises `KeyError` for a family that
    there is not; a day before the first set goes by the first."""
    sets = [each for each in rule_sets() if each.code == family]
    if not sets:
        raise KeyError(family)
    in_force = [each for each in sets if each.since <= day] or sets[:1]
    rules = in_force[-1]
    if statutes is None or not rules.open_to_statutes:
        return rules
    said = {name: value for name, value in msgspec.structs.asdict(statutes).items() if value is not None}
    return msgspec.structs.replace(rules, **said)


def clear_days(sent: date, sitting: date) -> int:
    """Neither the day of the letter nor that of the sitting counts (`jours francs`)."""
    return (sitting - sent).days - 1


def last_day_to_send(sitting: date, days: int) -> date:
    return sitting - timedelta(days=days + 1)


def first_day_of_second(sitting: date, rules: RuleSet) -> date | None:
    """Of a second sitting after one without quorum (CGCT L2121-17: at least three days between them)."""
    if rules.second_after_days is None:
        return None
    return sitting + timedelta(days=rules.second_after_days)
