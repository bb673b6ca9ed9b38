"""The pages of networking sessions: the organiser's, and what participants say of each other."""

from events_app.features.networking.pages import afterwards, live, people, plan, publication, room, wishes

ROUTES = [
    *room.ROUTES,
    *people.ROUTES,
    *plan.ROUTES,
    *publication.ROUTES,
    *live.ROUTES,
    *wishes.ROUTES,
    *afterwards.ROUTES,
]
