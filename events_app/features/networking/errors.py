"""What a networking session can be refused for."""

from events_app.kernel.errors import N_, Conflict


class NobodyToSeat(Conflict):
    type = "nobody-to-seat"
    title = N_("Nobody to seat")
    detail = N_("Two confirmed people at least are needed for a seat plan.")


class RulesCannotBeKept(Conflict):
    """`pairs`: names of those who cannot all be kept apart."""

    type = "rules-contradict"
    title = N_("These rules cannot be kept")
    detail = N_("With {tables} tables, these people cannot all be kept apart: {pairs}.")


class PlanStale(Conflict):
    type = "plan-stale"
    title = N_("This seat plan is out of date")
    detail = N_("Since it was made, people came or left, or the settings changed. Please make it again.")


class PlanOver(Conflict):
    type = "plan-over"
    title = N_("This seat plan was replaced")
    detail = N_("A later seat plan was published over this one.")


class RoundsAnnounced(Conflict):
    """A round that was announced never changes."""

    type = "rounds-announced"
    title = N_("Rounds are announced already")
    detail = N_("The rounds that were announced stay as they are; only those to come can be changed.")


class NothingPublished(Conflict):
    type = "nothing-published"
    title = N_("No plan is published")
    detail = N_("Rounds can be announced once a plan is published.")


class ContactsPassed(Conflict):
    type = "contacts-passed"
    title = N_("The contacts have passed")
    detail = N_("The contacts of this session have passed: nothing more can be said.")


class NoRoundLeft(Conflict):
    type = "no-round-left"
    title = N_("All rounds are announced")
    detail = N_("The last round is announced.")


class NotAnnounced(Conflict):
    type = "event-not-announced"
    title = N_("The event is not announced")
    detail = N_("Only the seat plan of a published event can be published: people are told of it.")


class OneSideEmpty(Conflict):
    type = "one-side-empty"
    title = N_("Nobody on one side")
    detail = N_("Speed-dating needs somebody confirmed on each side. Please say who receives and who comes.")


class OnBothSides(Conflict):
    """`names` of people whose answers put them on both sides."""

    type = "on-both-sides"
    title = N_("Somebody is on both sides")
    detail = N_("These people are on both sides: {names}. Please choose one for each of them.")


class WishesClosed(Conflict):
    type = "wishes-closed"
    title = N_("The rounds are published")
    detail = N_("Who meets whom is published: wishes can no longer be changed.")
