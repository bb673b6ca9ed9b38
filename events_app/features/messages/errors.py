"""What can go wrong with messages, beyond wrong input."""

from events_app.kernel.errors import N_, Conflict


class MessageLeft(Conflict):
    type = "message-left"
    title = N_("This message has left")
    detail = N_("A message that has left can be neither changed nor sent again. Copy it into a new one.")


class MessageStopped(Conflict):
    type = "message-over"
    title = N_("There is nothing to stop")
    detail = N_("All of this message has left already, or it was stopped before.")


class NobodyMeant(Conflict):
    type = "nobody-meant"
    title = N_("Nobody to write to")
    detail = N_("Nobody answers to this choice of people.")


class OtherNumber(Conflict):
    """`recipients`: how many there are now."""

    type = "other-number"
    title = N_("There are other people now")
    detail = N_("The message would now go to {recipients} people. Please look at it again.")
