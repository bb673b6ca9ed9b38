"""What the worker does about networking sessions."""

from events_app.features.networking.contacts import release_when_due
from events_app.features.networking.job_kinds import RELEASE

HANDLERS = (RELEASE.done_by(release_when_due),)
