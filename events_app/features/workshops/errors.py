"""What a placement can be refused for."""

from collections.abc import Sequence

from events_app.kernel.errors import N_, Conflict
from events_app.matching.workshops.problem import Rule, RuleKind


class NothingToPlace(Conflict):
    type = "nothing-to-place"
    title = N_("Nothing to place")
    detail = N_("This event has no workshop, or nobody is registered yet.")


class EventNotAnnounced(Conflict):
    type = "event-not-announced"
    title = N_("The event is not announced")
    detail = N_("Only the placement of a published event can be published: people are told of it.")


class AssignmentStale(Conflict):
    """Something is no longer what the run was computed from; `changed` names all of it."""

    type = "assignment-stale"
    title = N_("This placement is out of date")
    detail = N_("Since it was computed, people came or left. Please compute it again; locks are kept.")


class ProgrammeChanged(AssignmentStale):
    detail = N_("Since it was computed, the workshops changed. Please compute it again; locks are kept.")


class WishesChanged(AssignmentStale):
    detail = N_("Since it was computed, wishes changed. Please compute it again; locks are kept.")


class PlacesChanged(AssignmentStale):
    detail = N_("Since it was computed, published places changed. Please compute it again; locks are kept.")


def stale(changed: Sequence[str]) -> AssignmentStale:
    """The error that names the weightiest of what changed: people, programme, wishes, places."""
    if "people" in changed:
        return AssignmentStale(changed=list(changed))
    if "programme" in changed:
        return ProgrammeChanged(changed=list(changed))
    kind = WishesChanged if "wishes" in changed else PlacesChanged
    return kind(changed=list(changed))


class ClosingsUnconfirmed(Conflict):
    """`sessions`: titles; `closed`: codes."""

    type = "closings-unconfirmed"
    title = N_("Workshops that would not take place")
    detail = N_("For want of people {sessions} would not take place. Please confirm it to publish.")


class AssignmentOver(Conflict):
    type = "assignment-over"
    title = N_("This placement was replaced")
    detail = N_("A later placement was published over this one.")


class SessionFull(Conflict):
    """`session`: its title; `capacity`: its places."""

    type = "session-full"
    title = N_("Workshop full")
    detail = N_("All {capacity} places of “{session}” are taken.")


class PlacementImpossible(Conflict):
    """Locks that cannot be kept: `sessions` run because of them, with too few people for their minimum."""

    type = "placement-impossible"
    title = N_("No placement is possible")
    detail = N_("The locks cannot be kept: too few people can come to {sessions} for the minimum there.")


class RulesContradict(PlacementImpossible):
    """`sessions`: those of the locks that contradict other rules, or each other because of them."""

    detail = N_("The locks in {sessions} cannot be kept together with the balance and the groups asked for.")


class LocksOverlap(RulesContradict):
    """`sessions`: two that are at the same time, whatever their slots are called."""

    detail = N_("The same person is locked in {sessions}, which are at the same time.")


class ManyRulesContradict(RulesContradict):
    """As long as it is not known that all of these rules are needed."""

    detail = N_("The locks in {sessions} contradict other rules; perhaps fewer of them suffice to say why.")


def impossible(rules: Sequence[Rule], irreducible: bool) -> type[PlacementImpossible]:
    """The error that says why, by the kinds of rules in conflict; `irreducible`: none can be left out."""
    if not irreducible:
        return ManyRulesContradict
    kinds = {rule.kind for rule in rules}
    if kinds == {RuleKind.LOCK, RuleKind.CLASH}:
        return LocksOverlap
    plain = {RuleKind.LOCK, RuleKind.MINIMUM, RuleKind.CAPACITY}
    return PlacementImpossible if RuleKind.MINIMUM in kinds and kinds <= plain else RulesContradict


class PlacementTooLarge(Conflict):
    """`limit`: which one, for engineers."""

    type = "placement-too-large"
    title = N_("Too large to place at once")
    detail = N_("This is more than can be placed at once ({limit}). Please place one slot after the other.")
