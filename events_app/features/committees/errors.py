"""What is refused of assemblies and sittings."""

from events_app.kernel.errors import N_, Conflict


class NoQuorum(Conflict):
    """`counted`, `in_office`, `needed`: as the sentence on the page has them."""

    type = "no-quorum"
    title = N_("The quorum is not reached")
    detail = N_("{counted} of {in_office} count for this item; {needed} are needed. Nothing can be decided.")


class SittingOver(Conflict):
    type = "sitting-over"
    title = N_("The sitting is closed")
    detail = N_("The sitting is closed: what was decided stays as it is. It can be opened again first.")


class NotOpen(Conflict):
    type = "sitting-not-open"
    title = N_("The sitting is not open")
    detail = N_("Please open the sitting first: presence and votes belong to it.")


class VoteHeld(Conflict):
    type = "vote-held"
    title = N_("This item was voted on")
    detail = N_("This item was voted on. Please take the vote back first.")


class SeatUsed(Conflict):
    type = "seat-used"
    title = N_("This seat took part in a sitting")
    detail = N_("This member took part in a sitting. Please say until when they were in office instead.")


class AnotherAssembly(Conflict):
    type = "sitting-begun"
    title = N_("This sitting has begun")
    detail = N_(
        "Members have answered or were called: which committee meets here, for the first or the second time,"
        " can no longer change."
    )


class DeliberationsIncomplete(Conflict):
    """`missing`, in words."""

    type = "deliberations-incomplete"
    title = N_("Something is missing for the list of deliberations")
    detail = N_("The national format of deliberations needs: {missing}.")
