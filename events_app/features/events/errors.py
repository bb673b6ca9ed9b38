"""What can go wrong with events, beyond wrong input."""

from events_app.kernel.errors import N_, Conflict


class WrongStatus(Conflict):
    """`status`: what the event is now."""

    type = "wrong-status"
    title = N_("Not in this state")
    detail = N_("The event is {status}, so this cannot be done.")


class SessionInUse(Conflict):
    """`wishes`, `places`: how many people would lose something."""

    type = "session-in-use"
    title = N_("People chose this session")
    detail = N_(
        "{people} people are placed in this session. Move them, or take its publication back, before you"
        " delete it."
    )


class PeopleRegistered(Conflict):
    """`people`: who would lose the page of the event."""

    type = "people-registered"
    title = N_("People are registered")
    detail = N_("{people} people are registered: the event can be postponed or cancelled, not withdrawn.")
