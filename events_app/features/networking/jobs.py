"""What the worker does about networking sessions."""

from events_app.features.networking.contacts import release_when_due
from events_app.features.networking.mutual import RELEASE_JOB
from events_app.infra.jobs import JobHandler

HANDLERS: dict[str, JobHandler] = {RELEASE_JOB: release_when_due}
