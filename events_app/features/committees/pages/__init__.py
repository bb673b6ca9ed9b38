"""The pages of committees: assemblies and their members, sittings, the roll call, votes, papers."""

from events_app.features.committees.pages import assemblies, items, papers, roll, sitting

ROUTES = [*assemblies.ROUTES, *sitting.ROUTES, *items.ROUTES, *roll.ROUTES, *papers.ROUTES]
